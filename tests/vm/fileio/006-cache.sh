# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="What is written to a file is on its disk when the command ends, unless the unit has a write cache; then FUA and SYNCHRONIZE CACHE see to it."
TIMEOUT=120
# The ext4 of 6.1 flushes no disk for a file without new blocks, if it has no journal.
KERNELS="6.12 7.2 test"
. /rig/src/tests/vm/common.sh
. /rig/src/tests/vm/fileio/lib.sh
requires() { _have_peer ours && _have_program mkfs.ext4; }

# Flushes that the disk below has done.
flushes() { awk '{ print $16 }' "/sys/block/$LOOP/stat"; }

# How many more there are after a command.
after() { # [w file] cdb...
	local before
	before=$(flushes)
	scsi "$@"
	[ "$ANSWER" = good ] || echo "$ANSWER"
	echo $(($(flushes) - before))
}

check() { # text
	echo 0 >"$DISK/attrib/emulate_write_cache"
	after w data 2a 00 00 00 00 10 00 00 08 00 >count
	like "$(cat count)" '^[1-9]' "$1: no cache: a write is flushed"
	after w block 41 00 00 00 00 10 00 00 08 00 >count
	like "$(cat count)" '^[1-9]' "$1: so is WRITE SAME"
	echo 1 >"$DISK/attrib/emulate_write_cache"
	after w data 2a 00 00 00 00 10 00 00 08 00 >count
	is "$(cat count)" 0 "$1: a cache: it is not"
	after w data 2a 08 00 00 00 10 00 00 08 00 >count
	like "$(cat count)" '^[1-9]' "$1: with FUA it is"
	after w data 2a 00 00 00 00 10 00 00 08 00 >/dev/null
	after 35 00 00 00 00 00 00 00 00 00 >count
	like "$(cat count)" '^[1-9]' "$1: SYNCHRONIZE CACHE"
	after w data 2a 00 00 00 00 10 00 00 08 00 >/dev/null
	after 35 00 00 00 00 10 00 00 08 00 >count
	like "$(cat count)" '^[1-9]' "$1: and of a range"
}

test() {
	dd if=/dev/urandom of=data bs=4k count=1 status=none
	dd if=/dev/zero of=block bs=512 count=1 status=none
	# Without a journal, which is written whenever it likes.
	mount_tmpfs && mount_loop ext4 32 -O ^has_journal || return
	LOOP=$(losetup -nO NAME -j $MNT/tmpfs/ext4.img)
	LOOP=${LOOP##*/}
	dd if=/dev/zero of=$MNT/ext4/file bs=1M count=8 conv=fsync status=none
	make_file $MNT/ext4/file $((8 << 20)) || return
	is "$(cat "$DISK/attrib/emulate_write_cache")" 0 "a file has no cache"
	check "direct"
	scsi_close
	lio_clear
	make_file $MNT/ext4/file $((8 << 20)) fd_buffered_io=1 || return
	is "$(cat "$DISK/attrib/emulate_write_cache")" 1 "a buffered one has"
	is "$(cat "/sys/block/${DEV##*/}/queue/write_cache")" "write back" "so the disk knows"
	check "buffered"
	scsi_close
	lio_clear
	umount_all
}
