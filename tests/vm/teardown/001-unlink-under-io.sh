# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="A LUN unlinked under verified I/O ends that I/O with errors, leaves its neighbour's alone, and can be linked again."
TIMEOUT=300
. /rig/src/tests/vm/common.sh
requires() { _have_program fio; }

test() {
	local dev1 round
	make_disk 4096 || return
	ok "a neighbour is added" add_lun 1 4096
	dev1=$(lio_dev $WWN 1 1)
	ok "verified I/O on the neighbour" fio_start neighbour "$dev1"
	for ((round = $(rounds 3); round > 0; round--)); do
		DEV=$(lio_dev $WWN 1 0)
		ok "verified I/O on the LUN" fio_start victim "$DEV"
		ok "the LUN is unlinked under it" within $((30 * SLOW)) lio_unlink $WWN 1 0
		not_ok "its I/O ends, with an error" fio_wait victim
		ok "the disk is gone" wait_until 10 test ! -b "$DEV"
		ok "it is linked again" lio_link $WWN 1 0 rd_mcp_0/disk
		ok "and is a disk" test -b "$(lio_dev $WWN 1 0)"
	done
	ok "the neighbour's data is right" fio_stop neighbour
	lio_clear
}
