# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="A file system on a ramdisk LUN, written from a cgroup far smaller than its dirty data, finishes without a deadlock or an I/O error."
TIMEOUT=300
. /rig/src/tests/vm/common.sh
. /rig/src/tests/vm/fs/rc.sh
requires() { _have_program mkfs.ext4; _have_cgroup; }
_have_cgroup() {
	grep -qw memory /sys/fs/cgroup/cgroup.controllers 2>/dev/null || skip "no memory cgroup in this kernel"
}

CGROUP=/sys/fs/cgroup/small

# Several writers at once, each in the cgroup; the last one also reclaims the
# whole machine's page cache.
write_in_cgroup() {
	local i pids=()
	for i in 1 2 3 4; do
		bash -c 'echo $$ >"$0/cgroup.procs" && exec dd if="$1" of="$2" bs=64k status=none conv=fsync' \
			$CGROUP data "$MNT/file$i" &
		pids+=($!)
	done
	for i in 1 2 3 4 5; do sleep 0.5; echo 1 >/proc/sys/vm/drop_caches; done
	for i in "${pids[@]}"; do wait "$i" || return; done
}

same() {
	local i
	echo 3 >/proc/sys/vm/drop_caches
	for i in 1 2 3 4; do cmp data "$MNT/file$i" || return; done
}

test() {
	local mib
	mib=$(scaled 96 16)
	mkdir "$MNT" $CGROUP
	echo +memory >/sys/fs/cgroup/cgroup.subtree_control
	echo $((mib / 8))M >$CGROUP/memory.max
	make_disk $((mib * 5 * 256)) || return
	ok "made" quietly mkfs.ext4 -q "$DEV"
	ok "mounted" mount "$DEV" "$MNT"
	dd if=/dev/urandom of=data bs=1M count="$mib" status=none
	ok "four files of $mib MiB are written in $((mib / 8)) MiB" timeout $((120 * SLOW)) \
		bash -c "$(declare -f write_in_cgroup); CGROUP=$CGROUP MNT=$MNT; write_in_cgroup"
	ok "the limit was reached" grep -qE '^max [1-9]' $CGROUP/memory.events
	is "$(sed -n 's/^oom_kill //p' $CGROUP/memory.events)" 0 "nobody was killed for it"
	ok "they hold what was put in" same
	ok "unmounted" umount "$MNT"
	ok "fsck finds nothing" quietly e2fsck -fn "$DEV"
	is "$(dmesg | sed '1,/rig: begin fs-003/d' | grep -c 'I/O error')" 0 "no I/O error"
	rmdir $CGROUP
	lio_clear
}
