# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="UNMAP makes what its descriptors cover read as zeros, or, when one of them is bad, changes nothing; Linux discards with it."
TIMEOUT=300
. /rig/src/tests/vm/common.sh
# LIO's ramdisk cannot unmap.
requires() { _have_peer ours; }

# Writes a parameter list to a file.
unmap_list() { # file lba blocks...
	local file=$1 hex
	shift
	hex=$(printf '%04x%04x00000000' $(($# * 8 + 6)) $(($# * 8)))
	while [ $# -gt 0 ]; do
		hex+=$(printf '%016x%08x00000000' "$1" "$2")
		shift 2
	done
	# shellcheck disable=SC2001 # & is not in bash 5.1
	printf %b "$(sed 's/../\\x&/g' <<<"$hex")" >"$file"
}

# UNMAP of ranges; sets ANSWER.
unmap() { # lba blocks...
	unmap_list list "$@"
	scsi w list 42 00 00 00 00 00 00 00 "$(printf %02x "$(wc -c <list)")" 00
}

# The first megabyte of the disk is that of the file want.
holds_want() { # text
	is "$(dd if="$DEV" bs=1M count=1 iflag=direct status=none | md5sum)" "$(md5sum <want)" "$1"
}

# Zeros where blocks are to be unmapped.
want_zeros() { # lba blocks
	dd if=/dev/zero of=want bs=512 seek="$1" count="$2" conv=notrunc status=none
}

turned_off() {
	unmap 0 8
	is "$ANSWER" "5/20/00" "as LIO's default is, there is no UNMAP"
	scsi r 20 a3 0c 01 42 00 00 00 00 00 14 00 00
	is "$DATA" "00 01 00 00" "nor is it reported"
	ok "emulate_tpu is turned on" sh -c "echo 1 >$DISK/attrib/emulate_tpu"
	scsi r 14 a3 0c 01 42 00 00 00 00 00 0e 00 00
	is "$DATA" "00 03 00 0a 42 00 00 00 00 00 3f ff ff 04" "it is reported"
	like "$(sg_readcap --16 "$SG")" 'lbpme=1, lbprz=1' "READ CAPACITY(16) says so, and that it reads zeros"
	like "$(sg_vpd -p lbpv "$SG")" 'LBPU(=|\): )1' "page B2h, too"
	like "$(sg_vpd -p bl "$SG")" 'Optimal unmap granularity: (0x)?8' "page B0h has the granularity"
	scsi r 64 12 01 b0 00 40 00
	is "${DATA:60:47}" "ff ff ff ff 00 00 0f ff 00 00 00 08 80 00 00 00" "and no limit of blocks"
}

ranges() {
	unmap 0 8
	is "$ANSWER" good "a page"
	want_zeros 0 8
	holds_want "is gone"
	unmap 16 16 100 3 2000 8 511 2 20 4
	is "$ANSWER" good "five ranges, one of them within another"
	want_zeros 16 16
	want_zeros 100 3
	want_zeros 2000 8
	want_zeros 511 2
	holds_want "are gone, to the block"
	unmap 40 8 131072 0 1024 0
	is "$ANSWER" good "ranges of no block, one at the very end"
	want_zeros 40 8
	holds_want "change nothing"
	scsi w list 42 00 00 00 00 00 00 00 00 00
	is "$ANSWER" good "no list at all"
}

refused() {
	unmap 48 8 56 8 131071 2
	is "$ANSWER" "5/21/00 info=00020000" "the third range is beyond the end"
	unmap 64 8 131073 0
	is "$ANSWER" "5/21/00 info=00020001" "no block behind the end"
	scsi w list 42 00 00 00 00 00 00 00 07 00
	is "$ANSWER" "5/1a/00" "less than a header"
	unmap_list list 48 8
	scsi w list 42 01 00 00 00 00 00 00 18 00
	is "$ANSWER" "5/24/00 sks=c80001" "ANCHOR"
	ok "two descriptors are the limit" sh -c "echo 2 >$DISK/attrib/max_unmap_block_desc_count"
	unmap 48 8 56 8 64 8
	is "$ANSWER" "5/26/00 sks=8f0002" "and three too many"
	ok "so are 10 blocks" sh -c "echo 10 >$DISK/attrib/max_unmap_lba_count"
	unmap 48 8 56 3
	is "$ANSWER" "5/26/00 sks=8f0020" "and 11 too many"
	holds_want "none of these has changed anything"
	unmap 48 8 56 2
	is "$ANSWER" good "10 are not"
	want_zeros 48 10
	holds_want "and they are gone"
	echo 4294967295 >"$DISK/attrib/max_unmap_lba_count"
	echo 4095 >"$DISK/attrib/max_unmap_block_desc_count"
}

# What the readers and the users of these things say.
others() {
	local sys=/sys/block/${DEV##*/}
	ok "sg_unmap" quietly sg_unmap --lba=800,900 --num=16,7 --force "$SG"
	want_zeros 800 16
	want_zeros 900 7
	holds_want "unmaps"
	ok "the disk is looked at again" sh -c "echo 1 >$sys/device/rescan"
	like "$(cat "$sys"/device/scsi_disk/*/provisioning_mode)" '^unmap$' "Linux will discard by UNMAP"
	ok "blkdiscard" quietly blkdiscard -f -o $((512 * 1024)) -l $((256 * 1024)) "$DEV"
	want_zeros 1024 512
	holds_want "discards"
	ok "all of it" quietly blkdiscard -f "$DEV"
	is "$(cmp -n 67108864 "$DEV" /dev/zero 2>&1)" "" "reads as zeros"
}

test() {
	make_disk 16384 || return
	head -c 1M /dev/urandom >want
	ok "written" dd if=want of="$DEV" bs=1M oflag=direct status=none
	turned_off
	ranges
	refused
	others
	scsi_close
	lio_clear
}
