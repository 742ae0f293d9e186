# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="UNMAP, WRITE SAME, blkdiscard and fstrim reach the device below, whose holes show it."
TIMEOUT=300
. /rig/src/tests/vm/iblock/lib.sh
requires() { _have_program fstrim blkdiscard mkfs.ext4; }

kib() { du -k "$WORK/file" | cut -f1; }

# Of the file under the loop device: what is not a hole.
full() { dd if=/dev/urandom of="$DEV" bs=1M count=32 oflag=direct status=none; }

discard() { # name
	ok "$1: all is written" full
	ok "$1: so the file is full" [ "$(kib)" -ge $((31 * 1024)) ]
	ok "$1: blkdiscard of a part" blkdiscard -o 4M -l 8M "$DEV"
	ok "$1: is a hole in the file" [ "$(kib)" -le $((24 * 1024 + 256)) ]
	is "$(dd if="$DEV" bs=1M skip=4 count=8 iflag=direct status=none | tr -d '\0' | wc -c)" 0 "$1: which reads as zeros"
	ok "$1: blkdiscard of all" blkdiscard "$DEV"
	ok "$1: is a file of holes" [ "$(kib)" -le 256 ]
}

write_same() {
	ok "all is written" full
	scsi_is good "WRITE SAME with UNMAP and without data" 93 9 0 0 0 0 0 0 20 0 0 0 20 0 0 0
	ok "is a hole in the file" [ "$(kib)" -le $((29 * 1024)) ]
	head -c 512 /dev/urandom >block
	scsi_is good "WRITE SAME of a block" w block 93 0 0 0 0 0 0 0 0 10 0 0 0 64 0 0
	is "$(dd if="$DEV" bs=512 skip=16 count=100 iflag=direct status=none | sha256sum)" \
		"$(for _ in {1..100}; do cat block; done | sha256sum)" "is there, as often as was asked"
	# Some files cannot, and the loop device finds that out: then zeros are written.
	head -c 512 /dev/zero >block
	scsi_is good "WRITE SAME of zeros" w block 93 0 0 0 0 0 0 0 0 10 0 0 0 64 0 0
	is "$(dd if="$DEV" bs=512 skip=16 count=100 iflag=direct status=none | tr -d '\0' | wc -c)" 0 "is zeros"
	is "$(dd if="$DEV" bs=512 skip=116 count=8 iflag=direct status=none | tr -d '\0' | wc -c | sed 's/^40[0-9][0-9]$/most/')" \
		most "and no more than that"
}

files() {
	mkfs.ext4 -q -E nodiscard "$DEV" && mkdir -p "$WORK/mnt" && mount "$DEV" "$WORK/mnt" || return
	head -c 16M /dev/urandom >"$WORK/mnt/big"
	sync -f "$WORK/mnt"
	local before
	before=$(kib)
	rm "$WORK/mnt/big"
	sync -f "$WORK/mnt"
	ok "fstrim" fstrim "$WORK/mnt"
	ok "gives back what was deleted" [ "$(kib)" -le $((before - 15 * 1024)) ]
	umount "$WORK/mnt"
	ok "the filesystem is in order" quietly fsck.ext4 -fn "$DEV"
}

# Each time another loop device: one that was asked for what its file cannot forgets more.
with_disk() { # attribute=value...
	LOOP=$(mk_loop file 32) && mk_iblock disk "$LOOP" && set_iblock disk "$@" && link_iblock disk
}

without_disk() {
	lio_clear
	losetup -d "$LOOP"
	rm "$WORK/file"
}

test() {
	ok "a disk that discards" with_disk emulate_tpu=1 emulate_tpws=1 unmap_zeroes_data=0 || return
	discard discard
	files
	without_disk
	ok "a disk whose unmapped blocks are zeros" with_disk emulate_tpu=1 emulate_tpws=1 unmap_zeroes_data=1 || return
	discard zeros
	write_same
	without_disk
}
