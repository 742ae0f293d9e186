# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="Files and block devices, direct and buffered, give back what was written to them."
TIMEOUT=200
. /rig/src/tests/vm/common.sh
. /rig/src/tests/vm/fileio/lib.sh

requires() { _have_program fio mkfs.ext4; }

# Depths and sizes; the last with memory and blocks that are no multiple of a page.
verify() { # text
	local size
	size=$(scaled 8)m
	ok "$1: 4 KiB at depth 32" fio_verify qd "$DEV" --ioengine=libaio --bs=4k --iodepth=32 --size="$size"
	ok "$1: 512 to 64 KiB at depth 8" fio_verify mix "$DEV" --ioengine=libaio --bsrange=512-64k \
		--blockalign=512 --iodepth=8 --size="$size"
	ok "$1: 1 MiB" fio_verify big "$DEV" --ioengine=psync --bs=1m --size="$size" --iomem_align=4096
	ok "$1: memory off by 4 bytes" fio_verify odd "$DEV" --ioengine=libaio --bs=8k --iodepth=4 --size=1m --iomem_align=4
}

try_file() { # text path bytes [parameter=value...]
	make_file "${@:2}" || return
	like "$(cat "$DISK/info")" "TCM FILEIO ID: [0-9]+        File: $2  Size: $3  Mode: (O_DSYNC|Buffered-WCE) Async: 0" "$1: info"
	verify "$1"
	blockdev --flushbufs "$DEV"
	is "$(cmp "$DEV" "$2" 2>&1)" "" "$1: the file holds what the disk does"
	lio_clear
}

test() {
	local size=$((32 << 20))
	mount_tmpfs && mount_loop ext4 64 || return
	try_file "tmpfs" $MNT/tmpfs/file $size
	try_file "ext4" $MNT/ext4/file $size
	try_file "ext4, buffered" $MNT/ext4/file $size fd_buffered_io=1
	umount_all
	modprobe null_blk nr_devices=0 && mkdir /sys/kernel/config/nullb/nullb0 || return
	(cd /sys/kernel/config/nullb/nullb0 && echo 32 >size && echo 1 >memory_backed && echo 1 >power)
	try_file "null_blk" /dev/nullb0 0
	try_file "null_blk, buffered" /dev/nullb0 0 fd_buffered_io=1
	rmdir /sys/kernel/config/nullb/nullb0 && rmmod null_blk
}
