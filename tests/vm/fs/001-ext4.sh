# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="An ext4 on a ramdisk LUN is made, filled, unmounted, clean for fsck, and holds what was put in."
TIMEOUT=300
. /rig/src/tests/vm/common.sh
. /rig/src/tests/vm/fs/rc.sh
requires() { _have_program mkfs.ext4; }

test() {
	mkdir "$MNT"
	make_disk 65536 || return
	ok "made" quietly mkfs.ext4 -q "$DEV"
	round_trip "$DEV" || return
	ok "fsck finds nothing" quietly e2fsck -fn "$DEV"
	compare "$DEV"
	ok "and still nothing" quietly e2fsck -fn "$DEV"
	lio_clear
}
