# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="After its disk was deleted through sysfs under I/O, a LUN unlinks, links again, and leaves no count behind."
TIMEOUT=300
. /rig/src/tests/vm/common.sh
requires() { _have_program fio; }

test() {
	local round tpg
	make_disk 4096 || return
	tpg=$(lio_tpg $WWN 1)
	for ((round = $(rounds 3); round > 0; round--)); do
		ok "verified I/O" fio_start io "$DEV"
		ok "the disk is deleted under it" sh -c "echo 1 >$(lio_sysfs $WWN 1 0)/delete"
		not_ok "the I/O ends with an error" fio_wait io
		ok "the LUN is unlinked" lio_unlink $WWN 1 0
		ok "the nexus can be dropped: nothing counts the LUN" sh -c "echo NULL >$tpg/nexus"
		ok "and made again" sh -c "echo ${WWN%????????}deadbeef >$tpg/nexus"
		ok "the LUN is linked again" lio_link $WWN 1 0 rd_mcp_0/disk
		DEV=$(lio_dev $WWN 1 0)
		ok "and is a disk" test -b "$DEV"
	done
	lio_clear
}
