# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="A LUN linked and unlinked a hundred times (on 6.12) is a working disk each time, and does not disturb I/O on its neighbour."
TIMEOUT=600
. /rig/src/tests/vm/common.sh
requires() { _have_program fio; }

# A read through the new disk, then it goes again.
round() {
	lio_link $WWN 1 1 rd_mcp_0/disk1 &&
		DEV1=$(lio_dev $WWN 1 1) &&
		dd if="$DEV1" of=/dev/null bs=4k count=4 iflag=direct status=none &&
		lio_unlink $WWN 1 1
}

test() {
	local i done=0 count start=$SECONDS
	count=$(repeats 100)
	make_disk 4096 || return
	ok "verified I/O on LUN 0" fio_start neighbour "$DEV"
	ok "a second ramdisk" lio_mk_rd disk1 1024
	for ((i = 0; i < count; i++)); do
		round || break
		done=$((done + 1))
	done
	is $done "$count" "LUN 1 is linked, read and unlinked $count times"
	note "$done rounds took $((SECONDS - start)) s"
	ok "the neighbour's data is right" fio_stop neighbour
	lio_clear
}
