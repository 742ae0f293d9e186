# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Files that units are made of.

# Filesystems to put files on: $MNT/tmpfs and $MNT/ext4, the latter on a loop device.
MNT=/mnt/fileio

mount_tmpfs() { # [size]
	mkdir -p $MNT/tmpfs && mount -t tmpfs -o "size=${1:-256m}" none $MNT/tmpfs
}

# A filesystem in a file of the tmpfs; the mkfs options come from the caller.
mount_loop() { # type megabytes [mkfs-option...]
	modprobe -q loop
	truncate -s "$2M" "$MNT/tmpfs/$1.img" && mkdir -p "$MNT/$1" &&
		quietly "mkfs.$1" -q "${@:3}" "$MNT/tmpfs/$1.img" &&
		mount -o loop "$MNT/tmpfs/$1.img" "$MNT/$1"
}

umount_all() {
	local dir
	for dir in $MNT/ext4 $MNT/xfs $MNT/tmpfs; do
		! mountpoint -q $dir || umount $dir || return
	done
}

# A file on the test's port. DEV, SG and DISK name it.
make_file() { # path bytes [parameter=value...]
	ok "$1 becomes a disk" link_file "$@" || return
	DEV=$(lio_dev $WWN 1 0) || return
	SG=$(lio_sg $WWN 1 0)
}

link_file() {
	DISK=$CORE/fileio_0/disk
	lio_mk_file disk "$@" && lio_mk_port $WWN && lio_link $WWN 1 0 fileio_0/disk
}
