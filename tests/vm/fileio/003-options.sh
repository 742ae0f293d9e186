# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="Options of a file are taken and refused as they should be; what cannot be written is write protected."
TIMEOUT=120
. /rig/src/tests/vm/common.sh
. /rig/src/tests/vm/fileio/lib.sh
requires() { _have_peer ours; }

fresh() {
	[ ! -d "$DISK" ] || rmdir "$DISK"
	mkdir -p "$DISK"
}

control() { echo "$1" >"$DISK/control"; } 2>/dev/null
enable() { { echo 1 >"$DISK/enable"; } 2>&1 | sed 's/.*: //'; }

# Options that make no unit, and why.
refused() { # reason options
	fresh
	[ -z "$2" ] || control "$2"
	is "$(enable)" "$1" "enable after '$2'"
	is "$(cat "$DISK/enable")" 0 "is not enabled"
}

read_only_filesystem() {
	truncate -s 1M $MNT/tmpfs/ro
	mount -o remount,ro $MNT/tmpfs
	make_file $MNT/tmpfs/ro 1048576 || return
	is "$(cat "/sys/block/${DEV##*/}/ro")" 1 "the disk is read-only"
	ok "it can be read" dd if="$DEV" of=/dev/null bs=64k iflag=direct status=none
	dd if=/dev/zero of=zero bs=512 count=1 status=none
	scsi_is "7/27/00" "and not written" w zero 2a 00 00 00 00 00 00 00 01 00
	scsi_is "7/27/00" "nor by WRITE SAME" w zero 41 00 00 00 00 00 00 00 01 00
	is "$({ echo 1 >"$DISK/attrib/pi_prot_type"; } 2>&1 | grep -c 'write error')" 1 "nor has it room for protection information"
	scsi_close
	lio_clear
	lio_load target_core_file
	refused "Read-only file system" "fd_dev_name=$MNT/tmpfs/none,fd_dev_size=1048576"
	mount -o remount,rw $MNT/tmpfs
}

test() {
	DISK=$CORE/fileio_0/disk
	lio_load target_core_file
	mount_tmpfs && mount_loop ext4 16 || return
	fresh
	is "$(tail -n 1 "$DISK/info")" "        TCM FILEIO ID: 0        File:   Size: 0  Mode: O_DSYNC Async: 0" "info before"
	not_ok "an unknown option" control "fd_dev_nmae=x"
	not_ok "a size that is no number" control "fd_dev_size=1x"
	not_ok "a flag that is none" control "fd_buffered_io=2"
	is "$(tail -n 1 "$DISK/info")" "        TCM FILEIO ID: 0        File:   Size: 0  Mode: O_DSYNC Async: 0" "change nothing"
	refused "Invalid argument" ""
	refused "Invalid argument" "fd_dev_size=1048576"
	refused "Invalid argument" "fd_dev_name=$MNT/tmpfs/file"
	refused "Invalid argument" "fd_dev_name=$MNT/tmpfs/file,fd_dev_size=511"
	refused "Is a directory" "fd_dev_name=$MNT/tmpfs,fd_dev_size=1048576"
	refused "No such file or directory" "fd_dev_name=$MNT/tmpfs/no/file,fd_dev_size=1048576"
	refused "Invalid argument" "fd_dev_name=/dev/null,fd_dev_size=1048576"
	refused "File too large" "fd_dev_name=$MNT/ext4/file,fd_dev_size=0x7fffffffffffffff"
	fresh
	control "fd_dev_name=$MNT/tmpfs/file,fd_dev_size=1048577,fd_buffered_io=1,fd_async_io=1"
	is "$(enable)" "" "one that is"
	is "$(tail -n 1 "$DISK/info")" "        TCM FILEIO ID: 0        File: $MNT/tmpfs/file  Size: 1048577  Mode: Buffered-WCE Async: 1" "info"
	is "$(cat "$DISK/attrib/emulate_write_cache")$(cat "$DISK/attrib/hw_max_sectors")" 116384 "a write cache, and 8 MiB at once"
	not_ok "options come too late" control "fd_dev_size=4096"
	is "$(stat -c '%a %s' $MNT/tmpfs/file)" "600 1048577" "the file is as long, and its owner's"
	lio_clear
	umount $MNT/ext4
	read_only_filesystem
	lio_clear
	umount_all
}
