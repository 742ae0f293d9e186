# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="A token stands for blocks until one of them is written, and what it stands for can be written to any disk of the session."
TIMEOUT=300
. /rig/src/tests/vm/common.sh
. /rig/src/tests/vm/scsi/copy.sh

requires() { _have_peer ours; }

populate() { # range...
	copy_out 10 9 populate "$@"
}

use_token() { # token-file offset flags range...
	copy_out 11 10 use "$@"
}

# Fetches the token of the last POPULATE TOKEN.
fetch() { # file
	copy_in 07 9 1000
	# shellcheck disable=SC2001 # & is not in bash 5.1
	printf %b "$(sed 's/ *\(..\)/\\x\1/g' <<<"${DATA:114}")" >"$1"
	is "$(wc -c <"$1")" 512 "a token is fetched"
}

blocks_of() { # device lba blocks
	dd if="$1" bs=512 skip="$2" count="$3" iflag=direct status=none | md5sum
}

copies() {
	SG=$SG_A
	populate 100:2000 8000:100
	is "$ANSWER" good "2100 blocks in two ranges"
	fetch token
	like "$(od -An -v -tx1 -N 96 token | tr -d ' \n')" "^00800001000001f8.{16}e4000000010300106" "it says what it is"
	SG=$SG_B
	use_token token 0 0 0:2100
	is "$ANSWER" good "the other disk takes them"
	is "$(blocks_of "$DEV_B" 0 2000)" "$(blocks_of "$DEV_A" 100 2000)" "the first range"
	is "$(blocks_of "$DEV_B" 2000 100)" "$(blocks_of "$DEV_A" 8000 100)" "and the second"
	use_token token 1990 0 5000:20 6000:10
	is "$ANSWER" good "some of them, in two ranges"
	is "$(blocks_of "$DEV_B" 5000 10)" "$(blocks_of "$DEV_A" 2090 10)" "from the end of the first"
	is "$(blocks_of "$DEV_B" 5010 10)" "$(blocks_of "$DEV_A" 8000 10)" "over its end"
	is "$(blocks_of "$DEV_B" 6000 10)" "$(blocks_of "$DEV_A" 8010 10)" "to the middle of the second"
	copy_in 07 10 100
	is "${DATA:12:5} ${DATA:45:26}" "11 01 f1 00 00 00 00 00 00 00 1e" "all of them were written"
}

ends() {
	SG=$SG_A
	data_is "00 00 00 64 00 00 00 00" "one token is known" 8 84 08 00 00 00 00 00 00 00 00 00 00 00 08 00 00
	dd if=/dev/zero of="$DEV_A" bs=512 seek=99 count=1 oflag=direct status=none
	SG=$SG_B
	use_token token 0 0 0:10
	is "$ANSWER" good "a write before its first block changes nothing"
	dd if=/dev/zero of="$DEV_A" bs=512 seek=100 count=1 oflag=direct status=none
	use_token token 0 0 0:10
	is "$ANSWER" "5/23/08" "a write of its first block cancels it"
	SG=$SG_A
	data_is "00 00 00 04 00 00 00 00" "no token is known" 8 84 08 00 00 00 00 00 00 00 00 00 00 00 08 00 00
	populate 0:8
	fetch token
	use_token token 0 2 16:8
	is "$ANSWER" good "one that is deleted when it has been used"
	use_token token 0 0 16:8
	is "$ANSWER" "5/23/09" "is"
	{ head -c 64 token && printf x && tail -c +66 token; } >bad
	use_token bad 0 0 16:8
	is "$ANSWER" "5/23/05" "one that was changed is corrupt"
}

zeros() {
	printf '\xff\xff\x00\x01\x00\x00\x01\xf8' >zero
	head -c 504 /dev/zero >>zero
	SG=$SG_B
	use_token zero 0 1 0:2048
	is "$ANSWER" good "the token of zeros, in the background"
	wait_until 20 has_ended
	is "$(cmp -n $((2048 * 512)) "$DEV_B" /dev/zero 2>&1)" "" "writes zeros"
}

has_ended() {
	copy_in 07 10 100
	[ "${DATA:15:2}" = 01 ]
}

test() {
	copy_disks 16384 || return
	ok "disk a is written" dd if=/dev/urandom of="$DEV_A" bs=1M count=5 oflag=direct status=none
	like "$(sg_vpd -p tpc "$SG_A" 2>&1)" 'Point in time copy - change vulnerable|0x800001' "page 8Fh has the type of token"
	copies
	ends
	zeros
	SG=$SG_A
	populate 0:8
	fetch token
	scsi_close
	lio_clear
}
