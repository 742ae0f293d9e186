# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="A file system on a ramdisk LUN is written and read where memory is short, first a cgroup's, then the machine's: no deadlock, no error, nobody killed."
TIMEOUT=180
# It takes a minute, and has nothing of a kernel in it.
KERNELS="6.12"
. /rig/src/tests/vm/common.sh
. /rig/src/tests/vm/fs/rc.sh
requires() { _have_program mkfs.ext4; _have_controllers; }
_have_controllers() {
	grep -qw memory /sys/fs/cgroup/cgroup.controllers && grep -qw io /sys/fs/cgroup/cgroup.controllers ||
		skip "no cgroup controllers memory and io in this kernel"
}

CGROUP=/sys/fs/cgroup/small
BALLOON=$WORK/balloon
MIB=64
LIMIT=32
REST=96

# Several at once, each in the cgroup.
in_cgroup() { # command... (with %, a number)
	local i pids=()
	for i in 1 2; do
		# shellcheck disable=SC2016 # for the inner shell
		timeout 40 bash -c 'echo $$ >"$0/cgroup.procs" && exec "$@"' \
			$CGROUP "${@//%/$i}" &
		pids+=($!)
	done
	for i in "${pids[@]}"; do wait "$i" || return; done
}

# With both controllers, whose dirty pages these are is known, and writers wait for
# them to be written, as they do for the whole machine's. Above memory.high they wait,
# too; memory.max would have one killed while the pages are still on their way.
make_cgroup() {
	echo "+memory +io" >/sys/fs/cgroup/cgroup.subtree_control &&
		mkdir $CGROUP && echo ${LIMIT}M >$CGROUP/memory.high
}

free_kib() { sed -n 's/^MemFree: *\([0-9]*\) kB/\1/p' /proc/meminfo; }

# Takes the machine's memory but for the given rest; a tmpfs without swap gives
# nothing back.
inflate() { # mebibytes
	mkdir "$BALLOON" && mount -t tmpfs -o size=100% balloon "$BALLOON" || return
	echo 3 >/proc/sys/vm/drop_caches
	fallocate -l $(($(free_kib) - $1 * 1024))k "$BALLOON/air"
}

deflate() { umount "$BALLOON"; }

killed() { echo $(($(sed -n 's/^oom_kill //p' /proc/vmstat) - OOM_KILLS)); }

short_cgroup() {
	ok "two files of $MIB MiB are written in $LIMIT MiB" \
		in_cgroup dd if=data "of=$MNT/file%" bs=64k status=none conv=fsync
	ok "the limit was reached" grep -qE '^high [1-9]' $CGROUP/memory.events
	echo 3 >/proc/sys/vm/drop_caches
	ok "and hold what was put in, read there" in_cgroup cmp data "$MNT/file%"
}

# In place: that the ramdisk takes no new memory from a machine that has none left
# is another test.
short_machine() {
	local before
	before=$(reclaimed)
	tac data >other
	ok "the machine has $REST MiB left" inflate $REST
	ok "a file is written again" rewrite 1
	ok "and the other" rewrite 2
	ok "memory was reclaimed for it" [ "$(reclaimed)" -gt "$before" ]
	ok "the first holds what was put in" cmp other "$MNT/file1"
	ok "so does the other" cmp other "$MNT/file2"
	ok "memory is given back" deflate
}

rewrite() { timeout 40 dd if=other of="$MNT/file$1" bs=64k status=none conv=notrunc,fsync; }

reclaimed() { awk '/^pgsteal_(kswapd|direct) / { n += $2 } END { print n }' /proc/vmstat; }

test() {
	mkdir "$MNT"
	OOM_KILLS=$(sed -n 's/^oom_kill //p' /proc/vmstat)
	make_disk $((MIB * 3 * 256)) || return
	ok "each page of the ramdisk is there" dd if=/dev/zero of="$DEV" bs=1M count=$((MIB * 3)) oflag=direct status=none
	ok "made" quietly mkfs.ext4 -q "$DEV"
	ok "mounted" mount "$DEV" "$MNT"
	dd if=/dev/urandom of=data bs=1M count="$MIB" status=none
	ok "a cgroup of $LIMIT MiB" make_cgroup
	short_cgroup
	short_machine
	is "$(killed)" 0 "nobody was killed for it"
	ok "unmounted" umount "$MNT"
	ok "fsck finds nothing" quietly e2fsck -fn "$DEV"
	is "$(dmesg | sed '1,/rig: begin fs-003/d' | grep -c 'I/O error')" 0 "no I/O error"
	rmdir $CGROUP
	lio_clear
}
