# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="WRITE SAME of 10, 16 and 32 bytes writes one block to many, unmaps where it may, and knows its limits."
TIMEOUT=300
. /rig/src/tests/vm/common.sh
# LIO's ramdisk has no WRITE SAME.
requires() { _have_peer ours; }

# WRITE SAME, with a file of data or without; sets ANSWER.
same() { # length options lba blocks [file]
	local lba blocks data=()
	[ -z "${5:-}" ] || data=(w "$5")
	lba=$(printf '%02x %02x %02x %02x' $(($3 >> 24)) $(($3 >> 16 & 255)) $(($3 >> 8 & 255)) $(($3 & 255)))
	blocks=$(printf '%02x %02x' $(($4 >> 8)) $(($4 & 255)))
	# shellcheck disable=SC2086 # one word per byte
	case $1 in
	10) scsi "${data[@]}" 41 "$2" $lba 00 $blocks 00 ;;
	16) scsi "${data[@]}" 93 "$2" 00 00 00 00 $lba 00 00 $blocks 00 00 ;;
	32) scsi "${data[@]}" 7f 00 00 00 00 00 00 18 00 0d "$2" 00 00 00 00 00 $lba \
		00 00 00 00 00 00 00 00 00 00 $blocks ;;
	esac
}

# The same in the file want.
want_same() { # lba blocks file
	local i
	for ((i = 0; i < $2; i++)); do cat "$3"; done | dd of=want bs=512 seek="$1" conv=notrunc status=none
}

holds_want() { # text
	is "$(dd if="$DEV" bs=1M count=1 iflag=direct status=none | md5sum)" "$(md5sum <want)" "$1"
}

each() { # length
	local at
	at=$([ "$1" = 32 ] && echo 0a || echo 01)
	same "$1" 00 10 100 block
	is "$ANSWER" good "WRITE SAME($1) of 100 blocks"
	want_same 10 100 block
	holds_want "WRITE SAME($1) writes them and no other"
	same "$1" 10 0 8 block
	is "$ANSWER" "5/24/00 sks=cc00$at" "WRITE SAME($1) with ANCHOR"
	same "$1" 08 0 8 zero
	is "$ANSWER" "5/24/00 sks=cb00$at" "WRITE SAME($1) with UNMAP, which is off"
	same "$1" 00 0 0 block
	like "$ANSWER" '^5/24/00 sks=cf' "WRITE SAME($1) of no block"
	same "$1" 00 131071 2 block
	is "$ANSWER" "5/21/00 info=00020000" "WRITE SAME($1) beyond the end"
	same "$1" 00 0 8 two
	is "$ANSWER" "5/0e/03" "WRITE SAME($1) with two blocks of data"
	[ "$1" != 10 ] || return 0
	same "$1" 01 300 50
	is "$ANSWER" good "WRITE SAME($1) without data"
	want_same 300 50 zero
	holds_want "WRITE SAME($1) without data writes zeros"
}

limits() {
	ok "16 blocks are the limit" sh -c "echo 16 >$DISK/attrib/max_write_same_len"
	same 16 00 0 17 block
	is "$ANSWER" "5/24/00 sks=cf000a" "17 are too many"
	like "$(sg_vpd -p bl "$SG")" 'Maximum write same length: (16|0x10)[[:space:]]' "page B0h has the limit"
	ok "with none there is no WRITE SAME" sh -c "echo 0 >$DISK/attrib/max_write_same_len"
	same 16 00 0 1 block
	is "$ANSWER" "5/20/00" "WRITE SAME(16) is unknown"
	echo 4294967295 >"$DISK/attrib/max_write_same_len"
	like "$(sg_vpd -p bl "$SG")" 'WSNZ\): 1' "page B0h: zero is no count"
	ok "WSNZ is turned off" sh -c "echo 0 >$DISK/attrib/emulate_wsnz"
	like "$(sg_vpd -p bl "$SG")" 'WSNZ\): 0' "page B0h: zero is one"
	same 16 00 131000 0 block
	is "$ANSWER" good "to the end"
	is "$(dd if="$DEV" bs=512 skip=130999 iflag=direct status=none | md5sum)" \
		"$({ head -c 512 zero; for ((i = 0; i < 72; i++)); do cat block; done; } | md5sum)" \
		"it is written, from there on"
	echo 1 >"$DISK/attrib/emulate_wsnz"
}

# Zeros are unmapped, anything else is written.
unmapping() { # length
	same "$1" 08 400 64 zero
	is "$ANSWER" good "WRITE SAME($1) with UNMAP and zeros"
	want_same 400 64 zero
	same "$1" 08 800 64 block
	is "$ANSWER" good "WRITE SAME($1) with UNMAP and data"
	want_same 800 64 block
	holds_want "WRITE SAME($1) with UNMAP"
	data_is "00 00 00 14 00 00 00 03 00 00 00 00 00 00 01 90 00 00 00 40 01 00 00 00" \
		"the zeros are unmapped" 24 9e 12 00 00 00 00 00 00 01 90 00 00 00 18 00 00
	data_is "00 00 00 14 00 00 00 03 00 00 00 00 00 00 03 28 00 00 04 d8 00 00 00 00" \
		"the data is there" 24 9e 12 00 00 00 00 00 00 03 28 00 00 00 18 00 00
	dd if=want of="$DEV" bs=1M oflag=direct status=none
}

others() {
	ok "sg_write_same --10" quietly sg_write_same --10 --in=block --lba=5 --num=3 "$SG"
	want_same 5 3 block
	holds_want "writes"
	ok "sg_write_same --16 --ndob" quietly sg_write_same --16 --ndob --lba=600 --num=9 "$SG"
	want_same 600 9 zero
	holds_want "writes zeros"
	ok "sg_write_same --32 --unmap" quietly sg_write_same --32 --unmap --in=zero --lba=1000 --num=16 "$SG"
	want_same 1000 16 zero
	holds_want "unmaps"
	like "$(sg_vpd -p lbpv "$SG")" 'LBPWS(=|\): )1' "page B2h: LBPWS"
	like "$(sg_vpd -p lbpv "$SG")" 'LBPWS10(=|\): )1' "page B2h: LBPWS10"
}

test() {
	local i
	make_disk 16384 || return
	head -c 1M /dev/urandom >want
	head -c 512 /dev/urandom >block
	head -c 512 /dev/zero >zero
	cat block block >two
	ok "written" dd if=want of="$DEV" bs=1M oflag=direct status=none
	for i in 10 16 32; do each $i; done
	limits
	ok "emulate_tpws is turned on" sh -c "echo 1 >$DISK/attrib/emulate_tpws"
	for i in 10 16 32; do unmapping $i; done
	others
	scsi_close
	lio_clear
}
