# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="A single read or write goes down from where it was asked for; what would have to wait there, or shall not, is the thread's; nothing of it stalls."
TIMEOUT=240
# Where queuecommand may not sleep, all is the thread's.
KERNELS="6.12 7.2 test"
. /rig/src/tests/vm/iblock/lib.sh
requires() {
	[ "$PEER" = ours ] || skip "threads of ours"
	_have_program fio dmsetup mkfs.ext4
	_have_module null_blk
}

# How often the queues' threads gave up their CPU while one after the other was read or written.
switches_of() { # read|write
	local before
	before=$(queue_switches)
	if [ "$1" = read ]; then
		dd if="$DEV" of=/dev/null bs=4k count=200 iflag=direct status=none
	else
		dd if=/dev/zero of="$DEV" bs=4k count=200 oflag=direct status=none
	fi
	echo $(($(queue_switches) - before))
}

ways() {
	local way
	for way in read write; do
		ok "200 times $way: not the thread's" [ "$(switches_of $way)" -lt 50 ]
	done
	set_iblock disk submit_type=2
	ok "with submit_type 2 it has them all" [ "$(switches_of read)" -ge 150 ]
	set_iblock disk submit_type=1
	ok "with submit_type 1 none" [ "$(switches_of read)" -lt 50 ]
	ok "which carries data" fio_verify direct "$DEV" --ioengine=libaio --iodepth=16 --bsrange=4k-256k --size=8m
	set_iblock disk submit_type=0
}

# The device has room for one: who comes second is not kept, and is served all the same.
no_room() {
	ok "a device that takes one at a time" eval 'mk_null n1 16 blocksize=512 submit_queues=1 hw_queue_depth=1 irqmode=2 completion_nsec=100000 &&
		mk_iblock one "$(null_dev n1)" && link_iblock one 1' || return
	ok "carries 16 at a time" fio_verify one "$DEV" --ioengine=libaio --iodepth=16 --bs=4k --size=4m --io_size=4m
	ok "and of several processes" fio_verify many "$DEV" --ioengine=psync --numjobs=4 --bs=4k --size=1m \
		--offset_increment=1m
}

# Disks on disks: each descent takes stack, and a file system on top has some, too.
tower() { # levels
	local n
	for ((n = 2; n < 2 + $1; n++)); do
		mk_iblock "t$n" "$DEV" exclusive=0 && link_iblock "t$n" $n || return
	done
}

# Its bios are split between the tower and the device that it stands on.
striped() {
	local size
	size=$(($(blockdev --getsz "$DEV") / 2))
	dm_create both <<-END
		0 $size linear $DEV 0
		$size $size linear $1 $size
	END
	BOTH=$(dm_dev both)
}

above_and_below() {
	local below
	below=$(null_dev n0)
	DEV=$(lio_dev $WWN 1 0)
	# What comes from above in one piece goes on in many.
	echo 16 >"/sys/block/${DEV#/dev/}/queue/max_sectors_kb"
	ok "four disks, one on the other" tower 4 || return
	ok "carry data, when the lowest has no tags left" timeout $((60 * SLOW)) fio --name=deep --filename="$DEV" \
		--direct=1 --rw=randwrite --ioengine=libaio --iodepth=512 --bsrange=4k-1m --size=32m --output="$WORK/fio"
	ok "carry it right" fio_verify tower "$DEV" --ioengine=io_uring --iodepth=8 --bsrange=4k-1m --size=8m
	ok "a device of the topmost disk and the lowest device" striped "$below" || return
	ok "a file system on it" eval 'mkfs.ext4 -q "$BOTH" && mkdir -p "$WORK/mnt" && mount "$BOTH" "$WORK/mnt"' || return
	ok "is filled" quietly fio --name=fill --directory="$WORK/mnt" --rw=randwrite --bsrange=4k-256k --size=12m \
		--numjobs=2 --end_fsync=1 --verify=crc32c --verify_fatal=1
	umount "$WORK/mnt"
	ok "and in order" quietly e2fsck -fn "$BOTH"
	ok "the device goes" wait_until 30 dm_remove both
}

test() {
	ok "a disk" eval 'mk_null n0 64 blocksize=512 && mk_iblock disk "$(null_dev n0)" exclusive=0 && link_iblock disk' || return
	ways
	no_room
	above_and_below
	lio_clear
	null_end
}
