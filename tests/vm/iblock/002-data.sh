# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="What is written through iblock is on the block device below, at every depth and block size, for null_blk, loop and a larger block size."
TIMEOUT=400
. /rig/src/tests/vm/iblock/lib.sh
requires() { _have_program fio; _have_module null_blk; }

# The disk, and then the same blocks read from below.
matrix() { # name below
	local depth bs
	for depth in 1 32; do
		for bs in 4k 64k 1m; do
			ok "$1: QD$depth, $bs" fio_verify "d$depth$bs" "$DEV" --ioengine=libaio \
				--iodepth=$depth --bs=$bs --size=16m --io_size="$(scaled 16 4)m"
		done
	done
	ok "$1: blocks of all sizes" fio_verify mixed "$DEV" --ioengine=libaio --iodepth=8 \
		--bsrange=4k-256k --size=16m
	sync "$DEV"
	blockdev --flushbufs "$2"
	ok "$1: the device has what the disk has" cmp "$DEV" "$2"
}

# Buffers of 16 bytes' alignment: what a user of SG_IO has, and many devices cannot reach.
crooked() {
	head -c $((3 * 4096)) /dev/urandom >out
	scsi_is good "a write from wherever it lies" w out 2a 0 0 0 0 $1 0 0 $2 0
	scsi r $((3 * 4096)) 28 0 0 0 0 $1 0 0 $2 0
	is "$DATA" "$(od -An -tx1 -v out | tr -d '\n' | sed 's/^ //')" "and back"
}

test() {
	local loop
	ok "null_blk" mk_null n0 64 blocksize=512 || return
	ok "a disk of it" eval 'mk_iblock disk "$(null_dev n0)" && link_iblock disk' || return
	matrix null_blk "$(null_dev n0)"
	crooked 08 18
	lio_clear
	loop=$(mk_loop file 64)
	ok "a disk of a loop device" eval 'mk_iblock disk $loop && set_iblock disk block_size=4096 && link_iblock disk' || return
	matrix loop "$loop"
	crooked 08 03
	lio_clear
	losetup -d "$loop"
	null_end
}
