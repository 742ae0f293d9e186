# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# One unit behind two ports, each in a group of its own.
. /rig/src/tests/vm/common.sh

# SG1 and SG2 are the ways to it, GP1 and GP2 their groups' directories. Without a serial
# number the kernel's handler does not know the two for one. It takes any disk that has
# access states when it is found, and hears of their changes instead of the test: so there
# are none until then, but where a test wants it.
HANDLER=
make_paths() { # [pages]
	ok "a ramdisk" lio_mk_rd disk "${1:-1024}" || return
	DISK=$CORE/rd_mcp_0/disk
	echo 2-paths >"$DISK/wwn/vpd_unit_serial"
	[ -n "$HANDLER" ] || echo 0 >"$DISK/alua/default_tg_pt_gp/alua_access_type"
	ok "is a disk" lio_mk_port $WWN && lio_link $WWN 1 0 rd_mcp_0/disk || return
	DEV=$(lio_dev $WWN 1 0) SG=$(lio_sg $WWN 1 0)
	ok "a second port" lio_mk_port $WWN 2 || return
	ok "has the same device" lio_link $WWN 2 0 rd_mcp_0/disk || return
	SG1=$SG SG2=$(lio_sg $WWN 2 0) GP1=$DISK/alua/one GP2=$DISK/alua/two
	group "$GP1" 1 10 && group "$GP2" 2 20 || return
	echo 3 >"$DISK/alua/default_tg_pt_gp/alua_access_type"
	settle
}

# A group with a port.
group() { # directory port number
	ok "group $3 is there" mkdir "$1" || return
	ok "with its number" sh -c "echo $3 >$1/tg_pt_gp_id" || return
	ok "port $2 joins it" sh -c "echo ${1##*/} >$(lio_tpg $WWN "$2")/lun/lun_0/alua_tg_pt_gp"
}

# All that has happened so far is heard.
settle() {
	local sg i
	for sg in "$SG1" "$SG2"; do
		for ((i = 0; i < 20; i++)); do
			scsi "@$sg" 00 00 00 00 00 00
			[[ $ANSWER == 6/* ]] || break
		done
	done
}

set_state() { echo "$2" >"$1/alua_access_state"; }

state_is() { # directory "number status" text
	is "$(cat "$1/alua_access_state") $(cat "$1/alua_access_status")" "$2" "$3"
}

tur() { # sg want text
	scsi_is "$2" "$3" "@$1" 00 00 00 00 00 00
}

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
