# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="VERIFY compares: equal data passes, a differing byte is a MISCOMPARE with its offset, and BYTCHK 3 checks one block against many."
TIMEOUT=300
. /rig/src/tests/vm/common.sh
# LIO's VERIFY compares nothing.
requires() { _have_peer ours; }

# The CDB of VERIFY with 10, 12 or 16 bytes.
verify() { # length bytchk lba blocks [w file]
	local flags lba blocks
	flags=$(printf %02x $(($2 << 1)))
	lba=$(printf '%02x %02x %02x %02x' $(($3 >> 24)) $(($3 >> 16 & 255)) $(($3 >> 8 & 255)) $(($3 & 255)))
	blocks=$(printf '%02x %02x' $(($4 >> 8)) $(($4 & 255)))
	# shellcheck disable=SC2086 # one word per byte
	case $1 in
	10) scsi "${@:5}" 2f "$flags" $lba 00 $blocks 00 ;;
	12) scsi "${@:5}" af "$flags" $lba 00 00 $blocks 00 00 ;;
	16) scsi "${@:5}" 8f "$flags" 00 00 00 00 $lba 00 00 $blocks 00 00 ;;
	esac
}

each() { # length
	verify "$1" 0 0 64
	is "$ANSWER" good "VERIFY($1) of the medium alone"
	verify "$1" 1 0 64 w data
	is "$ANSWER" good "VERIFY($1) with the right data"
	verify "$1" 1 0 64 w wrong
	is "$ANSWER" "e/1d/00 info=0000303a" "VERIFY($1) with byte 12346 wrong"
	verify "$1" 1 0 0
	is "$ANSWER" good "VERIFY($1) of no block"
	verify "$1" 3 64 64 w block
	is "$ANSWER" good "VERIFY($1) of equal blocks against one"
	verify "$1" 3 60 8 w block
	like "$ANSWER" "^e/1d/00" "VERIFY($1) of unequal ones"
	verify "$1" 2 0 1 w block
	like "$ANSWER" "^5/24/00" "VERIFY($1) with reserved BYTCHK"
	verify "$1" 0 131072 1
	is "$ANSWER" "5/21/00 info=00020000" "VERIFY($1) behind the end"
}

test() {
	local i
	make_disk 16384 || return
	head -c 32768 /dev/urandom >data
	head -c 512 /dev/urandom >block
	for ((i = 0; i < 64; i++)); do cat block; done >blocks
	cp data wrong
	printf "\\x$(printf %02x $((0x$(od -An -tx1 -j12346 -N1 data | tr -d ' ') ^ 1)))" |
		dd of=wrong bs=1 seek=12346 conv=notrunc status=none
	ok "the test's data differs where it says" [ "$(cmp -l data wrong | awk '{ print $1 }')" = 12347 ]
	ok "written" sh -c "cat data blocks | dd of=$DEV bs=64k oflag=direct iflag=fullblock status=none"
	for i in 10 12 16; do each $i; done
	ok "sg_verify of the medium" quietly sg_verify -l 0 -c 4096 "$SG"
	ok "sg_verify with data" sh -c "sg_verify --ndo=32768 -l 0 -c 64 -i data $SG"
	sg_verify -q --ndo=32768 -l 0 -c 64 -i wrong "$SG"
	is $? 14 "sg_verify sees the miscompare"
	is "$(dd if="$DEV" bs=32k count=1 iflag=direct status=none | md5sum)" "$(md5sum <data)" \
		"nothing was written by it"
	# Across the chunks in which the core reads.
	head -c 1M /dev/urandom >large
	dd if=large of="$DEV" bs=1M oflag=direct status=none
	verify 16 1 0 2048 w large
	is "$ANSWER" good "1 MiB is right"
	ok "1 MiB is compared" sh -c "sg_verify --16 --ndo=1048576 --bpc=2048 -l 0 -c 2048 -i large $SG"
	scsi_close
	lio_clear
}
