# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="An xfs on a ramdisk LUN is made, filled, unmounted, clean for xfs_repair, and holds what was put in."
TIMEOUT=300
. /rig/src/tests/vm/common.sh
. /rig/src/tests/vm/fs/rc.sh
requires() { _have_program mkfs.xfs; _have_xfs; }
_have_xfs() { grep -q xfs /proc/filesystems || modprobe -q xfs || skip "no xfs in this kernel"; }

test() {
	mkdir "$MNT"
	make_disk 98304 || return
	ok "made" quietly mkfs.xfs -q "$DEV"
	round_trip "$DEV" || return
	ok "xfs_repair finds nothing" quietly xfs_repair -n "$DEV"
	compare "$DEV"
	ok "and still nothing" quietly xfs_repair -n "$DEV"
	lio_clear
}
