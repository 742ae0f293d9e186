# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="A LUN that is not there answers INQUIRY with qualifier 3, and is not found by a scan."
TIMEOUT=300
. /rig/src/tests/vm/common.sh

test() {
	local address host
	make_disk 1024 || return
	address=$(cat "$(lio_tpg $WWN 1)/address")
	host=${address%%:*}
	ok "LUN 2 is added" add_lun 2 1024
	ok "a user's scan of all" sh -c "echo '- - -' >/sys/class/scsi_host/host$host/scan"
	is "$(lsscsi | grep -c RAMDISK-MCP)" 2 "finds nothing that is not there"
	ok "a scan of one LUN that is not there" sh -c "echo '${address#*:} 5' | tr : ' ' >/sys/class/scsi_host/host$host/scan || true"
	is "$(lsscsi | grep -c RAMDISK-MCP)" 2 "finds nothing either"
	ok "LUN 0 goes" lio_unlink $WWN 1 0
	ok "its disk too" wait_until 10 test ! -b "$DEV"
	ok "the disk of LUN 2 is still there" test -b "$(lio_dev $WWN 1 2)"
	SG=$(lio_sg $WWN 1 2)
	scsi r 16 a0 00 00 00 00 00 00 00 00 10 00 00
	like "$DATA" "^00 00 00 08 00 00 00 00 " "REPORT LUNS has one LUN"
	ok "user's scan" sh -c "echo '- - -' >/sys/class/scsi_host/host$host/scan"
	ok "the disk of LUN 2 survives it" test -b "$(lio_dev $WWN 1 2)"
	[ "$PEER" = lio ] || traced_qualifier "$host" "$address"
	scsi_close
	lio_clear
}

# The midlayer keeps a unit with qualifier 3 to itself, so the answer is read off
# the trace: INQUIRY to the missing LUN 0 ends GOOD.
traced_qualifier() { # host address
	local trace=/sys/kernel/tracing
	echo 1 >$trace/events/target/enable
	echo "${2#*:} 0" | tr : ' ' >"/sys/class/scsi_host/host$1/scan"
	echo 0 >$trace/events/target/enable
	like "$(grep target_cmd_complete $trace/trace | grep 'LUN 000' | grep INQUIRY)" 'status GOOD' \
		"INQUIRY to a missing LUN ends GOOD"
	echo >$trace/trace
}
