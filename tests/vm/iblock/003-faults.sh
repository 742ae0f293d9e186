# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="Errors of the device below reach the initiator as what they are, with the block that failed, and soon."
TIMEOUT=300
. /rig/src/tests/vm/iblock/lib.sh
. /rig/src/tests/vm/faults.sh
requires() {
	_have_module null_blk && _have_module scsi_debug && _have_program dmsetup
}

# null_blk has bad blocks where it is told.
bad_blocks() {
	ok "a disk with bad blocks" eval 'mk_null n0 16 blocksize=512 && mk_iblock disk "$(null_dev n0)" && link_iblock disk' || return
	write_blocks 1000 100
	echo +1037-1038 >$NULLB/n0/badblocks
	fault "null_blk: a read of one bad block" "3/11/00 info=0000040d" ENODATA read_blocks 1037 1
	fault "null_blk: of many, of which some are bad" "3/11/00 info=0000040d" ENODATA read_blocks 1000 100
	fault "null_blk: the last of them is bad" "3/11/00 info=0000040d" - read_blocks 1030 8
	fault "null_blk: a write over them" "3/0c/00 info=0000040d" EIO write_blocks 1000 100
	read_blocks 1000 37
	answers good "what is before them is read"
	read_blocks 1039 61
	answers good "and what is behind them"
	echo -1037-1038 >$NULLB/n0/badblocks
	read_blocks 1000 100
	answers good "when they are good again, all is"
	lio_clear
}

# It is gone: not ready, and not a word about the medium.
unplug() {
	ok "a disk" eval 'mk_iblock disk "$(null_dev n0)" && link_iblock disk' || return
	fio_start load "$DEV" --ignore_error=ENODEV:EIO:EREMOTEIO
	echo 0 >$NULLB/n0/power
	fault "null_blk: unplugged under I/O, a read" "2/08/00" "EIO|ENODEV" read_blocks 0 8
	fault "null_blk: unplugged, a write" "2/08/00" "EIO|ENODEV" write_blocks 0 8
	fault "null_blk: unplugged, SYNCHRONIZE CACHE" good - flush
	fio_ends
	lio_clear
	rm_null n0
}

# scsi_debug's ten blocks from 1234h on are bad if opts says so.
medium_errors() {
	modprobe scsi_debug dev_size_mb=16 || return
	wait_until 20 ls -d /sys/bus/pseudo/drivers/scsi_debug/adapter0/host*/target*/*/block/sd* >/dev/null
	UNDER=$(basename /sys/bus/pseudo/drivers/scsi_debug/adapter0/host*/target*/*/block/sd*)
	ok "a disk of a SCSI disk" eval 'mk_iblock disk /dev/$UNDER && link_iblock disk' || return
	write_blocks 4600 200
	answers good "it is written"
	echo 2 >/sys/bus/pseudo/drivers/scsi_debug/opts
	fault "scsi_debug: a medium error, of 100 blocks" "3/11/00 info=00001234" ENODATA read_blocks 4600 100
	fault "scsi_debug: of one block" "3/11/00 info=00001236" ENODATA read_blocks 4662 1
	echo 0 >/sys/bus/pseudo/drivers/scsi_debug/opts
	read_blocks 4600 200
	answers good "without it all is read"
	fio_start load "$DEV" --ignore_error=ENODEV:EIO:EREMOTEIO
	echo 1 >"/sys/block/$UNDER/device/delete"
	fault "scsi_debug: deleted under I/O, a read" "2/08/00" "EIO|ENODEV" read_blocks 0 8
	fault "scsi_debug: deleted, a write" "2/08/00" "EIO|ENODEV" write_blocks 0 8
	fio_ends
	lio_clear
	modprobe -r scsi_debug
}

# A part of the disk that is nothing but errors.
dm_error() {
	ok "a device" mk_null n1 16 blocksize=512 || return
	dm_create under <<-END || return
		0 2000 linear $(null_dev n1) 0
		2000 48 error
		2048 30720 linear $(null_dev n1) 2048
	END
	ok "with a part that fails becomes a disk" eval 'mk_iblock disk "$(dm_dev under)" && link_iblock disk' || return
	fault "dm-error: a read across it" "3/11/00 info=000007d0" ENODATA read_blocks 1950 200
	fault "dm-error: a write across it" "3/0c/00 info=000007d0" EIO write_blocks 1950 200
	fault "dm-error: a read inside it" "3/11/00 info=000007da" ENODATA read_blocks 2010 8
	write_blocks 1950 50
	answers good "what is before it is written"
	read_blocks 2048 50
	answers good "what is behind it is read"
}

# A disk that comes and goes under verified I/O, which fails then, and only then.
dm_flakey() {
	local null
	null=$(null_dev n1)
	dm_change under <<<"0 32768 linear $null 0"
	write_blocks 0 64
	answers good "mended it is written all over"
	dm_change under <<<"0 32768 flakey $null 0 0 3600"
	fault "dm-flakey: down, a read" "3/11/00 info=00000000" ENODATA read_blocks 0 64
	fault "dm-flakey: down, a write" "3/0c/00 info=00000000" EIO write_blocks 0 64
	dm_change under <<<"0 32768 flakey $null 0 0 3600 1 error_writes"
	fault "dm-flakey: error_writes, a write" "3/0c/00 info=00000000" - write_blocks 0 64
	fault "dm-flakey: error_writes, a read" good ok read_blocks 0 64
	dm_change under <<<"0 32768 flakey $null 0 1 1"
	comes_and_goes
	dm_change under <<<"0 32768 linear $null 0"
	ok "all is right when it stays" fio_verify after "$DEV" --ioengine=libaio --iodepth=8 --bs=4k --size=1m
	lio_clear
	dm_remove under && rm_null n1
}

# One second on, one off: of the I/O of some seconds a part ends well, and none stays away.
comes_and_goes() {
	local status=0
	timeout $((60 * SLOW)) fio --name=flakey --filename="$DEV" --direct=1 --ioengine=libaio --iodepth=8 \
		--rw=randrw --bs=4k --size=8m --time_based --runtime=3 --thinktime=5000 --thinktime_blocks=8 \
		--continue_on_error=all --output=flakey --output-format=terse >/dev/null 2>errors || status=$?
	not_ok "fio ends, with errors" [ $status = 124 ]
	ok "some I/O failed" [ "$(wc -l <errors)" -gt 0 ]
	ok "some did not" [ "$(cut -d';' -f8 flakey)" -gt 0 ]
}

refused_write() { # [lba blocks]
	wait_until 30 eval 'write_blocks 0 8; [ "$ANSWER" = 7/27/00 ]'
}

# What can no longer be written says so.
read_only() {
	local loop
	loop=$(mk_loop file 16)
	ok "a disk of a device that can be written" eval 'mk_iblock disk $loop && link_iblock disk' || return
	write_blocks 0 8
	answers good "is written"
	blockdev --setro "$loop"
	fault "loop: set read-only" 7/27/00 - refused_write
	scsi r 4 1a 0 3f 0 4 0
	is $((0x$(cut -d' ' -f3 <<<"$DATA") & 0x80)) 128 "MODE SENSE says so"
	read_blocks 0 8
	answers good "but it is read"
	lio_clear
	ok "a device that cannot be written becomes a disk" eval 'mk_iblock disk $loop && link_iblock disk' || return
	write_blocks 0 8
	answers 7/27/00 "that cannot be written"
	is "$(blockdev --getro "$DEV")" 1 "and sd knows"
	lio_clear
	blockdev --setrw "$loop"
	losetup -d "$loop"
}

# Detached while in use, it stays until nobody uses it; what its file has lost is an error.
detached() {
	local loop
	loop=$(mk_loop gone 16)
	ok "a disk of a loop device" eval 'mk_iblock disk $loop && link_iblock disk' || return
	losetup -d "$loop"
	fault "loop: detached in use, a write" good ok write_blocks 0 8
	fault "loop: detached in use, a read" good ok read_blocks 0 8
	lio_clear
	ok "it goes with its last user" wait_until 20 not_attached "$loop"
}

not_attached() { [ -z "$(losetup -n "$1" 2>/dev/null)" ]; }

test() {
	bad_blocks
	unplug
	medium_errors
	# The test kernel was built without it.
	! modprobe -qn dm_flakey || { dm_error && dm_flakey; }
	read_only
	detached
	lio_clear
	null_end
	fault_table iblock
}
