# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="Errors of the device below reach the initiator as what they are, with the block that failed, and soon."
TIMEOUT=300
. /rig/src/tests/vm/iblock/lib.sh
requires() { _have_module null_blk; _have_module scsi_debug; }

# READ(10) and WRITE(10) of blocks by number.
cdb_rw() { # opcode lba blocks
	printf '%s 0 %x %x %x %x 0 %x %x 0' "$1" $(($2 >> 24 & 255)) $(($2 >> 16 & 255)) \
		$(($2 >> 8 & 255)) $(($2 & 255)) $(($3 >> 8 & 255)) $(($3 & 255))
}

read_blocks() { scsi r $(($2 * 512)) $(cdb_rw 28 $1 $2); }

write_blocks() {
	head -c $(($2 * 512)) /dev/zero >out
	scsi w out $(cdb_rw 2a $1 $2)
}

answers() { # want text
	is "$ANSWER" "$1" "$2"
}

# What the table of faults says, and how long it took.
fault() { # text want command...
	local start=${EPOCHREALTIME/./}
	"${@:3}"
	answers "$2" "$1"
	# Milliseconds, on a machine that has nothing else to do.
	ok "$1: in time" [ $(((${EPOCHREALTIME/./} - start) / 1000)) -lt $((30000 * SLOW)) ]
	note "fault: $1: $ANSWER after $(((${EPOCHREALTIME/./} - start) / 1000)) ms"
}

# null_blk has bad blocks where it is told.
bad_blocks() {
	ok "a disk with bad blocks" eval 'mk_null n0 16 blocksize=512 && mk_iblock disk "$(null_dev n0)" && link_iblock disk' || return
	write_blocks 1000 100
	echo +1037-1038 >$NULLB/n0/badblocks
	fault "a read of one bad block" "3/11/00 info=0000040d" read_blocks 1037 1
	fault "a read of many, of which some are bad" "3/11/00 info=0000040d" read_blocks 1000 100
	fault "the last of them is bad" "3/11/00 info=0000040d" read_blocks 1030 8
	fault "a write over them" "3/0c/00 info=0000040d" write_blocks 1000 100
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
	fault "the device has been unplugged" "2/08/00" read_blocks 0 8
	fault "and cannot be written" "2/08/00" write_blocks 0 8
	ok "fio has ended in time" wait_until $((120 * SLOW)) not_running "$FIO_load"
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
	fault "a medium error below" "3/11/00 info=00001234" read_blocks 4600 100
	fault "of one block" "3/11/00 info=00001236" read_blocks 4662 1
	echo 0 >/sys/bus/pseudo/drivers/scsi_debug/opts
	read_blocks 4600 200
	answers good "without it all is read"
	echo 1 >"/sys/block/$UNDER/device/delete"
	fault "the SCSI disk has been deleted" "2/08/00" read_blocks 0 8
	lio_clear
	modprobe -r scsi_debug
}

# What can no longer be written says so.
read_only() {
	local loop
	loop=$(mk_loop file 16)
	ok "a disk of a device that can be written" eval 'mk_iblock disk $loop && link_iblock disk' || return
	write_blocks 0 8
	answers good "is written"
	blockdev --setro "$loop"
	wait_until 30 eval 'write_blocks 0 8; [ "$ANSWER" = 7/27/00 ]'
	answers 7/27/00 "it is write protected when the device cannot be written any more"
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

test() {
	bad_blocks
	unplug
	medium_errors
	read_only
	lio_clear
	null_end
}
