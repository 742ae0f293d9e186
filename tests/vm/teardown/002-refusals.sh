# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="Whatever is in use under I/O cannot be taken away: each illegal step gives an errno and disturbs nothing."
TIMEOUT=300
. /rig/src/tests/vm/common.sh
requires() { _have_program fio; }

test() {
	local tpg
	make_disk 4096 || return
	tpg=$(lio_tpg $WWN 1)
	ok "verified I/O" fio_start io "$DEV"
	not_ok "the nexus cannot be dropped while a LUN is linked" sh -c "echo NULL 2>/dev/null >$tpg/nexus"
	like "$(cat "$tpg/nexus")" '^naa\.' "and is still there"
	not_ok "a linked LUN cannot be removed" rmdir "$tpg/lun/lun_0" 2>/dev/null
	not_ok "nor its TPG" rmdir "$tpg" 2>/dev/null
	not_ok "nor its target" rmdir "$LOOPBACK/$WWN" 2>/dev/null
	not_ok "nor the fabric" rmdir "$LOOPBACK" 2>/dev/null
	not_ok "nor the ramdisk" rmdir "$DISK" 2>/dev/null
	not_ok "nor its HBA" rmdir "$CORE/rd_mcp_0" 2>/dev/null
	not_ok "the ramdisk cannot be configured anew" sh -c "echo rd_pages=1 2>/dev/null >$DISK/control &&
		echo 1 2>/dev/null >$DISK/enable"
	not_ok "a second link into the LUN is refused" ln -s "$DISK" "$tpg/lun/lun_0/again" 2>/dev/null
	not_ok "tcm_loop cannot be unloaded" rmmod tcm_loop 2>/dev/null
	not_ok "nor target_core_mod" rmmod target_core_mod 2>/dev/null
	ok "the I/O saw nothing of it" fio_runs io
	ok "and its data is right" fio_stop io
	lio_clear
}
