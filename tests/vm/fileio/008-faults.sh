# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="What goes wrong below a file reaches the initiator as what it is, with the block that failed, and soon."
TIMEOUT=200
. /rig/src/tests/vm/iblock/lib.sh
. /rig/src/tests/vm/fileio/lib.sh
. /rig/src/tests/vm/faults.sh
DMESG_ALLOW='EXT4-fs (error|warning)'
requires() { _have_module null_blk && _have_program dmsetup mkfs.ext4; }

# The test kernel was built without it.
has_flakey() { modprobe -qn dm_flakey; }

SECTORS=65536

table() { # flakey-options...
	dm_change under <<<"0 $SECTORS flakey $(null_dev n1) 0 $*"
}

good_disk() { dm_change under <<<"0 $SECTORS linear $(null_dev n1) 0"; }

# A file of 8 MiB whose blocks are all there, on an ext4 on the disk.
mount_flakey() { # mount-options
	good_disk && quietly mkfs.ext4 -q -F "$(dm_dev under)" && mkdir -p $MNT/flakey &&
		mount -o "$1" "$(dm_dev under)" $MNT/flakey &&
		dd if=/dev/zero of=$MNT/flakey/file bs=1M count=8 conv=fsync status=none
}

umount_flakey() {
	lio_clear
	good_disk
	umount $MNT/flakey
}

# Past the page cache each command meets the disk.
direct() {
	mount_flakey defaults && make_file $MNT/flakey/file $((8 << 20)) || return
	table 0 3600
	fault "ext4 on dm-flakey: down, a read" "3/11/00 info=00000040" ENODATA read_blocks 64 64
	fault "ext4 on dm-flakey: down, a write" "3/0c/00 info=00000040" EIO write_blocks 64 64
	good_disk
	fault "ext4 on dm-flakey: up again, a read" good ok read_blocks 64 64
	umount_flakey
}

# Through it a write ends well, and who asks whether it is safe is told.
buffered() {
	mount_flakey defaults && make_file $MNT/flakey/file $((8 << 20)) fd_buffered_io=1 || return
	table 0 3600 1 error_writes
	fault "buffered, error_writes: a write" good - write_blocks 64 64
	fault "buffered, error_writes: SYNCHRONIZE CACHE" "3/0c/00 info=00000000" - flush
	fault "buffered, error_writes: a write with FUA" "3/0c/00 info=00000080" - write_fua 128 8
	good_disk
	write_blocks 64 64
	fault "buffered, up again: SYNCHRONIZE CACHE" good ok flush
	umount_flakey
}

write_fua() { # lba blocks
	head -c $(($2 * 512)) /dev/zero >out
	# shellcheck disable=SC2046 # as many bytes
	scsi w out $(cdb_rw 2a "$1" "$2" | sed 's/^2a 0/2a 8/')
}

# A filesystem that can no longer write its journal makes itself read-only. That of 7.2 says
# so and can be read; that of 6.12 fails all that there is; and that of 6.1 still writes
# blocks that the file has.
read_only() {
	local write="3/0c/00 info=00000040" read="3/11/00 info=00000040" written=EIO was_read=ENODATA
	case $KERNEL in
	7.2) write=7/27/00 written=EREMOTEIO read=good was_read=ok ;;
	6.1) write=good written=ok read=good was_read=ok ;;
	esac
	mount_flakey errors=remount-ro && make_file $MNT/flakey/file $((8 << 20)) || return
	table 0 3600 1 error_writes
	touch $MNT/flakey/new 2>/dev/null
	sync -f $MNT/flakey 2>/dev/null
	good_disk
	not_ok "the filesystem is read-only" touch $MNT/flakey/newer 2>/dev/null
	fault "ext4 gone read-only: a write" "$write" "$written" write_blocks 64 64
	fault "ext4 gone read-only: a read" "$read" "$was_read" read_blocks 64 64
	umount_flakey
}

# No room for what was a hole.
full() {
	mount_tmpfs 4m && make_file $MNT/tmpfs/file $((8 << 20)) || return
	head -c $((3 << 20)) /dev/zero >$MNT/tmpfs/other
	write_blocks 0 8
	answers good "there is room for a block"
	fault "tmpfs full: a write" "7/27/07 info=.*|7/27/07" ENOSPC write_blocks 0 4096
	fault "tmpfs full: a write of what is there" good ok write_blocks 0 8
	fault "tmpfs full: a read" good ok read_blocks 0 64
	rm $MNT/tmpfs/other
	fault "tmpfs with room again: a write" good ok write_blocks 0 4096
	lio_clear
	umount_all
}

# A block device as the file: which block it is, also of many; and then it is gone.
device() {
	mk_null n2 16 blocksize=512 && make_file "$(null_dev n2)" 0 || return
	write_blocks 1000 100
	echo +1037-1038 >$NULLB/n2/badblocks
	fault "null_blk: a read of one bad block" "3/11/00 info=0000040d" ENODATA read_blocks 1037 1
	fault "null_blk: of many, of which some are bad" "3/11/00 info=0000040d" ENODATA read_blocks 1000 100
	fault "null_blk: a write over them" "3/0c/00 info=0000040d" EIO write_blocks 1000 100
	echo -1037-1038 >$NULLB/n2/badblocks
	fio_start load "$DEV" --ignore_error=ENODEV:EIO:EREMOTEIO
	echo 0 >$NULLB/n2/power
	fault "null_blk: unplugged under I/O, a read" "2/08/00" "EIO|ENODEV" read_blocks 0 8
	fault "null_blk: unplugged, a write" "2/08/00" "EIO|ENODEV" write_blocks 0 8
	fio_ends
	scsi_close
	lio_clear
	rm_null n2
}

detached() {
	local loop
	loop=$(mk_loop gone 16)
	make_file "$loop" 0 || return
	losetup -d "$loop"
	fault "loop: detached in use, a write" good ok write_blocks 0 8
	fault "loop: detached in use, a read" good ok read_blocks 0 8
	lio_clear
}

on_flakey() {
	mk_null n1 32 && dm_create under <<<"0 $SECTORS linear $(null_dev n1) 0" || return
	direct
	buffered
	read_only
	dm_remove under && rm_null n1
}

in_flight() { # writes
	awk -v n="$1" '{ exit $2 != n }' "/sys/block/${DEV##*/}/inflight"
}

# A frozen filesystem makes its own unit wait, and no other, on whatever CPU they meet.
frozen() {
	local cpu pids=()
	mount_tmpfs && mount_loop ext4 32 && make_file $MNT/ext4/file $((8 << 20)) || return
	ok "another unit" eval 'lio_mk_rd other 2048 && lio_link $WWN 1 1 rd_mcp_0/other && OTHER=$(lio_dev $WWN 1 1)' || return
	dd if=/dev/zero of="$DEV" bs=64k count=128 oflag=direct status=none
	ok "the filesystem below is frozen" timeout $((30 * SLOW)) fsfreeze -f $MNT/ext4 || return
	for cpu in 0 1; do
		taskset -c $cpu dd if=/dev/zero of="$DEV" bs=4k count=1 seek=$((cpu + 100)) oflag=direct status=none &
		pids+=($!)
	done
	wait_until 20 in_flight 2
	for cpu in 0 1; do
		ok "the other unit is written meanwhile, on CPU $cpu" timeout $((20 * SLOW)) \
			taskset -c $cpu dd if=/dev/zero of="$OTHER" bs=4k count=64 oflag=direct status=none
	done
	ok "what is frozen is read" timeout $((20 * SLOW)) dd if="$DEV" of=/dev/null bs=4k count=64 iflag=direct status=none
	ok "the writes wait" eval '! not_running ${pids[0]} && ! not_running ${pids[1]}'
	ok "thawed" fsfreeze -u $MNT/ext4
	ok "they end well" wait "${pids[@]}"
	ok "it can be frozen again" timeout $((30 * SLOW)) fsfreeze -f $MNT/ext4 && fsfreeze -u $MNT/ext4
	lio_clear
	umount_all
}

test() {
	! has_flakey || on_flakey
	full
	device
	detached
	frozen
	null_end
	fault_table fileio
}
