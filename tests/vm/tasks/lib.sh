# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Two nexuses of one unit, slow commands and the control mode page.
. /rig/src/tests/vm/alua/lib.sh

COMMANDS=/sys/kernel/debug/target_core/commands

manage() { # port function [tag]
	echo "$2 0${3:+ $3}" >"$(lio_tpg $WWN "$1")/attrib/task_management"
}

# The task attribute of what a port sends: 0 SIMPLE, 1 HEAD OF QUEUE, 2 ORDERED, 4 ACA.
attribute_of() { echo "$2" >"$(lio_tpg $WWN "$1")/attrib/task_attr"; }

# Sets bytes of a mode page through one of the nexuses.
set_page() { # want sg page length [byte value]...
	local want=$1 sg=$2 page=$3 length=$4 len
	local -a bytes
	shift 4
	printf -v len %02x $((length + 4))
	scsi "@$sg" r $((length + 4)) 1a 08 "$page" 00 "$len" 00
	read -ra bytes <<<"$DATA"
	bytes[0]=00 bytes[1]=00 bytes[2]=00 bytes[4]=$page
	while [ $# -gt 0 ]; do
		bytes[$((4 + $1))]=$2
		shift 2
	done
	printf '%b' "$(printf '\\x%s' "${bytes[@]}")" >"$WORK/page"
	scsi_is "$want" "MODE SELECT, page $page" "@$sg" w "$WORK/page" 15 10 00 00 "$len" 00
}
