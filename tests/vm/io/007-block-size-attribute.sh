# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="Each block_size from 512 to 4096 gives a disk of such blocks whose data verifies, and no other value is taken."
TIMEOUT=300
. /rig/src/tests/vm/common.sh
requires() { _have_program fio; }

unlink_disk() { lio_unlink $WWN 1 0; wait_until 10 test ! -b "$DEV"; }

test() {
	local size
	make_disk 8192 || return
	not_ok "the block size cannot change while the disk is there" \
		sh -c "echo 4096 2>/dev/null >$DISK/attrib/block_size"
	ok "unlinked" unlink_disk
	for size in 1024 2048 4096 512; do
		ok "block_size $size is taken" sh -c "echo $size >$DISK/attrib/block_size"
		ok "linked" lio_link $WWN 1 0 rd_mcp_0/disk
		DEV=$(lio_dev $WWN 1 0)
		is "$(blockdev --getss "$DEV")" $size "the disk has blocks of $size bytes"
		is "$(blockdev --getsize64 "$DEV")" $((8192 * 4096)) "and the same size in bytes"
		ok "data verifies" fio_verify "bs$size" "$DEV" --ioengine=libaio --iodepth=16 \
			--bssplit=$size/30:4k/40:64k/30 --size=$(scaled 2048 512)k
		ok "unlinked" unlink_disk
	done
	for size in 0 256 513 1536 8192 -1 x; do
		not_ok "block_size $size is refused" sh -c "echo $size 2>/dev/null >$DISK/attrib/block_size"
	done
	is "$(cat "$DISK/attrib/block_size")" 512 "and changes nothing"
	lio_clear
}
