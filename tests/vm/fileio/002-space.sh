# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="What is unmapped is a hole in the file, GET LBA STATUS tells of it, and a full filesystem is DATA PROTECT, announced by a threshold."
TIMEOUT=200
. /rig/src/tests/vm/common.sh
. /rig/src/tests/vm/fileio/lib.sh
requires() { _have_peer ours && _have_program mkfs.ext4; }

allocated() { stat -c %b "$1"; }	# blocks of 512 bytes

put() { # megabyte
	scsi w data 2a 00 00 00 "$(printf %02x $(($1 * 8)))" 00 00 08 00 00
}

# All of the disk, then holes, by the block layer.
holes() { # file
	ok "thin" sh -c "echo 1 >$DISK/attrib/emulate_tpu && echo 1 >$DISK/attrib/emulate_tpws"
	# The disk looks again when it is opened for writing.
	echo 1 >"$(lio_sysfs $WWN 1 0)/rescan"
	ok "the disk has discard" grep -qv '^0$' "/sys/block/${DEV##*/}/queue/discard_max_bytes"
	dd if=/dev/urandom of="$DEV" bs=1M count=4 oflag=direct status=none
	ok "4 MiB take space" [ "$(allocated "$1")" -ge 8192 ]
	ok "1 MiB is discarded" blkdiscard -o 1M -l 1M "$DEV"
	ok "that is a hole" [ "$(allocated "$1")" -le 6160 ]
	is "$(dd if="$1" bs=1M skip=1 count=1 status=none | tr -d '\0' | wc -c)" 0 "of zeros"
	scsi r 40 9e 12 00 00 00 00 00 00 00 00 00 00 00 28 00 00
	is "${DATA:24:71}" "00 00 00 00 00 00 00 00 00 00 08 00 00 00 00 00 00 00 00 00 00 00 08 00" "GET LBA STATUS: the first MiB"
	is "${DATA:96:23}" "00 00 08 00 01 00 00 00" "and the hole"
	ok "512 bytes are unmapped" quietly sg_unmap --lba=3 --num=1 --force "$SG"
	is "$(dd if="$1" bs=512 skip=3 count=1 status=none | tr -d '\0' | wc -c)" 0 "and read as zeros"
	ok "1 MiB of zeros" blkdiscard -z -o 2M -l 1M "$DEV"
	is "$(dd if="$1" bs=1M skip=2 count=1 status=none | tr -d '\0' | wc -c)" 0 "is zeros"
	printf 'A%.0s' {1..512} >letters
	scsi_is good "WRITE SAME of a block" w letters 93 00 00 00 00 00 00 00 18 00 00 00 0f ff 00 00
	is "$(dd if="$1" bs=512 skip=6144 count=4095 status=none | tr -d A | wc -c)" 0 "is that block, as often"
}

filesystem() { # file
	quietly mkfs.ext4 -q -E nodiscard "$DEV" && mkdir -p $MNT/up && mount "$DEV" $MNT/up || return
	dd if=/dev/urandom of=$MNT/up/big bs=1M count=4 conv=fsync status=none
	local before
	before=$(allocated "$1")
	rm $MNT/up/big && sync -f $MNT/up
	ok "fstrim" quietly fstrim $MNT/up
	ok "gives the space back" [ "$(allocated "$1")" -lt $((before - 7000)) ]
	umount $MNT/up
	ok "fsck finds nothing" quietly e2fsck -fn "$DEV"
}

# Page 01h with LBPERE, and 1Ch/02h: 2 sets available.
select_threshold() {
	local hex=0000000000000000
	hex+=010a00000000008000000000
	hex+=5c02001c000000000000000000000000
	hex+=80010000000000020102000000000000
	# shellcheck disable=SC2001 # & is not in bash 5.1
	printf %b "$(sed 's/../\\x&/g' <<<"$hex")" >thresholds
	scsi w thresholds 55 10 00 00 00 00 00 00 34 00
}

# The filesystem is asked in a moment: on a slow machine that is before the next write.
put_told() { # megabyte
	put "$1"
	[ "$ANSWER" = good ] || { TOLD=$ANSWER; put "$1"; }
}

full() {
	local TOLD=''
	make_file $MNT/tmpfs/thin $((64 << 20)) || return
	echo 1 >"$DISK/attrib/emulate_tpu"
	select_threshold
	is "$ANSWER" good "a threshold: 2 MiB left"
	put 0
	# The filesystem is asked in a moment.
	sleep 0.5
	scsi 00 00 00 00 00 00
	is "$ANSWER" good "1 MiB of 4 is written"
	put_told 1
	put_told 2
	sleep 0.5
	scsi 00 00 00 00 00 00
	[ "$ANSWER" = good ] || TOLD=$ANSWER
	is "$TOLD" "6/38/07 info=00000010" "the third is told"
	put_told 3
	put 4
	is "$ANSWER" "7/27/07" "the fifth does not fit"
	put 0
	is "$ANSWER" good "what is there can be written"
	scsi 42 00 00 00 00 00 00 00 18 00
	quietly sg_unmap --lba=0 --num=4096 --force "$SG"
	put 4
	is "$ANSWER" good "and what was unmapped is space again"
	scsi_close
	lio_clear
}

test() {
	dd if=/dev/urandom of=data bs=1M count=1 status=none
	mount_tmpfs && mount_loop ext4 64 || return
	make_file $MNT/ext4/file $((32 << 20)) || return
	holes $MNT/ext4/file
	filesystem $MNT/ext4/file
	scsi_close
	lio_clear
	umount_all
	mount_tmpfs 4m && full
	umount_all
}
