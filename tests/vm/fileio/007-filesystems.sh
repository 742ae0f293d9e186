# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="Filesystems on files of a filesystem hold what was put in, with little memory for those who write, and fsck finds nothing."
TIMEOUT=200
KERNELS="6.12 test"
. /rig/src/tests/vm/common.sh
. /rig/src/tests/vm/fileio/lib.sh
requires() { _have_peer ours && _have_program mkfs.ext4 mkfs.xfs && _have_controller; }
_have_controller() {
	grep -qw memory /sys/fs/cgroup/cgroup.controllers || skip "no cgroup controller memory in this kernel"
}

CGROUP=/sys/fs/cgroup/small

in_cgroup() { # command...
	# shellcheck disable=SC2016 # for the inner shell
	timeout 60 bash -c 'echo $$ >"$0/cgroup.procs" && exec "$@"' $CGROUP "$@"
}

try_filesystem() { # type check-command... -- path bytes [parameter=value...]
	local type=$1 check=()
	shift
	while [ "$1" != -- ]; do check+=("$1"); shift; done
	shift
	make_file "$@" || return
	quietly "mkfs.$type" -q "$DEV" && mount "$DEV" $MNT/up || return
	ok "$type: 48 MiB are written with 24 MiB of memory" \
		in_cgroup dd if=data of=$MNT/up/file bs=64k conv=fsync status=none
	ok "$type: small files, too" in_cgroup sh -c "for i in \$(seq 100); do echo \$i >$MNT/up/\$i; done; sync -f $MNT/up"
	umount $MNT/up
	ok "$type: fsck finds nothing" quietly "${check[@]}" "$DEV"
	mount "$DEV" $MNT/up
	ok "$type: it holds what was put in" in_cgroup cmp data $MNT/up/file
	is "$(cat $MNT/up/100)" 100 "$type: all of it"
	umount $MNT/up
	lio_clear
}

test() {
	mount_tmpfs 512m && mount_loop ext4 380 || return
	mkdir -p $MNT/up
	dd if=/dev/urandom of=data bs=1M count=48 status=none
	echo "+memory" >/sys/fs/cgroup/cgroup.subtree_control
	mkdir $CGROUP && echo 24M >$CGROUP/memory.high
	try_filesystem ext4 e2fsck -fn -- $MNT/ext4/file $((160 << 20))
	rm -f $MNT/ext4/file
	try_filesystem xfs xfs_repair -n -- $MNT/ext4/file $((320 << 20)) fd_buffered_io=1
	is "$(dmesg | sed '1,/rig: begin fileio-007/d' | grep -c 'I/O error')" 0 "no I/O error"
	rmdir $CGROUP
	umount_all
}
