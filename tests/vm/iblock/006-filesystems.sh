# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="ext4 and xfs on iblock are filled, clean for fsck, and hold what was put in; so does what is below them."
TIMEOUT=300
. /rig/src/tests/vm/iblock/lib.sh
. /rig/src/tests/vm/fs/rc.sh
requires() { _have_program mkfs.ext4 mkfs.xfs; _have_module null_blk; _have_xfs; }
_have_xfs() { grep -q xfs /proc/filesystems || modprobe -q xfs || skip "no xfs in this kernel"; }

filesystem() { # mkfs check device-below
	ok "$1" quietly $1 "$DEV" || return
	round_trip "$DEV" || return
	ok "$2 finds nothing" quietly $2 "$DEV"
	compare "$DEV"
	lio_clear
	ok "and nothing on the device below" quietly $2 "$3"
}

test() {
	local loop
	mkdir "$MNT"
	ok "null_blk" eval 'mk_null n0 256 blocksize=512 discard=1 && mk_iblock disk "$(null_dev n0)" &&
		set_iblock disk emulate_tpu=1 && link_iblock disk' || return
	filesystem "mkfs.ext4 -q" "e2fsck -fn" "$(null_dev n0)"
	null_end
	loop=$(mk_loop file 384)
	ok "loop" eval 'mk_iblock disk $loop && set_iblock disk emulate_tpu=1 unmap_zeroes_data=1 && link_iblock disk' || return
	filesystem "mkfs.xfs -q" "xfs_repair -n" "$loop"
	losetup -d "$loop"
}
