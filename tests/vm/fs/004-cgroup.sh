# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="In a cgroup that is short of memory, ext4 on each backstore is written and read: nothing hangs, nothing is wrong, nobody is killed."
TIMEOUT=600
KERNELS="6.12 7.2"
. /rig/src/tests/vm/iblock/lib.sh
. /rig/src/tests/vm/fileio/lib.sh
requires() {
	_have_program fio mkfs.ext4 && _have_module null_blk && _have_memory_controller
}
_have_memory_controller() {
	grep -qw memory /sys/fs/cgroup/cgroup.controllers || skip "no cgroup controller memory in this kernel"
}

# Mebibytes of the cgroup, or what the kernel's command line says: cgroup_mib=200. Files
# are larger than that.
LIMIT=24
! grep -q cgroup_mib= /proc/cmdline || LIMIT=$(sed 's/.*cgroup_mib=\([0-9]*\).*/\1/' /proc/cmdline)
CGROUP=/sys/fs/cgroup/short
UP=/mnt/up

make_cgroup() {
	echo "+memory +io" >/sys/fs/cgroup/cgroup.subtree_control && mkdir $CGROUP &&
		echo $((LIMIT * 7 / 8))M >$CGROUP/memory.high && echo ${LIMIT}M >$CGROUP/memory.max
}

# shellcheck disable=SC2016 # for the inner shell
in_cgroup() { # command...
	timeout $((240 * SLOW)) bash -c 'echo $$ >"$0/cgroup.procs" && exec "$@"' $CGROUP "$@"
}

killed() { echo $(($(sed -n 's/^oom_kill //p' /proc/vmstat) - OOM_KILLS)); }

# A file through the page cache, another with a checksum in each block.
load() {
	in_cgroup dd if=/dev/zero of=$UP/zeros bs=256k count=$((LIMIT * 5)) conv=fsync status=none &
	local pid=$!
	in_cgroup fio --name=verify --directory=$UP --size=$((LIMIT * 5 / 4))m --rw=randwrite --bs=16k \
		--ioengine=psync --fallocate=none --verify=crc32c --verify_fatal=1 --verify_dump=0 --output=fio.log ||
		{ tail fio.log; return 1; }
	wait $pid
}

under_pressure() { # name
	local before
	before=$(sed -n 's/^high //p' $CGROUP/memory.events)
	quietly mkfs.ext4 -q "$DEV" && mkdir -p $UP && mount "$DEV" $UP || return
	ok "$1: files larger than the cgroup are written and read" load
	ok "$1: the limit was reached" [ "$(sed -n 's/^high //p' $CGROUP/memory.events)" -gt "$before" ]
	is "$(in_cgroup tr -d '\0' <$UP/zeros | wc -c)" 0 "$1: zeros are zeros"
	ok "$1: unmounted" umount $UP
	ok "$1: fsck finds nothing" quietly e2fsck -fn "$DEV"
	is "$(killed)" 0 "$1: nobody was killed"
	lio_clear
}

test() {
	local mib=$((LIMIT * 3 + 16))
	OOM_KILLS=$(sed -n 's/^oom_kill //p' /proc/vmstat)
	ok "a cgroup of $LIMIT MiB" make_cgroup || return
	make_disk $((mib * 256)) && under_pressure rd_mcp
	mk_null n0 $((mib + 32)) && mk_iblock disk "$(null_dev n0)" && link_iblock disk && under_pressure iblock
	quietly mkfs.ext4 -q "$(null_dev n0)" && mkdir -p $MNT/ext4 && mount "$(null_dev n0)" $MNT/ext4 || return
	make_file $MNT/ext4/file $((mib << 20)) && under_pressure fileio-direct
	make_file $MNT/ext4/file $((mib << 20)) fd_buffered_io=1 && under_pressure fileio-buffered
	umount_all
	null_end
	is "$(dmesg | sed '1,/rig: begin fs-004/d' | grep -c 'I/O error')" 0 "no I/O error"
	rmdir $CGROUP
}
