# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="A ramdisk with a quota runs full with DATA PROTECT, recovers when blocks are unmapped, and warns by thresholds, once per crossing."
TIMEOUT=300
. /rig/src/tests/vm/common.sh
requires() { _have_peer ours; }

# WRITE(10) of a megabyte.
put() { # megabyte
	scsi w data 2a 00 00 00 "$(printf %02x $(($1 * 8)))" 00 00 08 00 00
}

drop() { # megabyte megabytes
	quietly sg_unmap --lba=$(($1 * 2048)) --num=$(($2 * 2048)) --force "$SG"
}

hard_limit() {
	ok "1024 pages, 4 MiB, are the quota" sh -c "echo 1024 >$DISK/attrib/quota_pages"
	for i in 0 1 2 3; do put "$i"; done
	is "$ANSWER" good "4 MiB are written"
	put 4
	is "$ANSWER" "7/27/07" "the fifth is not"
	put 2
	is "$ANSWER" good "what is there can be written"
	scsi 93 01 00 00 00 00 00 00 20 00 00 00 00 08 00 00
	is "$ANSWER" "7/27/07" "WRITE SAME needs space, too"
	scsi 93 09 00 00 00 00 00 00 20 00 00 00 00 08 00 00
	is "$ANSWER" good "with UNMAP it does not"
	ok "1 MiB is unmapped" drop 1 1
	put 4
	is "$ANSWER" good "then the fifth is written"
	put 5
	is "$ANSWER" "7/27/07" "and no more"
	ok "a higher quota" sh -c "echo 2048 >$DISK/attrib/quota_pages"
	put 5
	is "$ANSWER" good "lets it"
	ok "all is unmapped" drop 0 64
}

# Page 01h with LBPERE, and 1Ch/02h: 2 sets available, 3 used.
select_thresholds() {
	local hex=0000000000000000
	hex+=010a00000000008000000000
	hex+=5c02001c000000000000000000000000
	hex+=800100000000000281020000$1
	# shellcheck disable=SC2001 # & is not in bash 5.1
	printf %b "$(sed 's/../\\x&/g' <<<"$hex")" >thresholds
	scsi w thresholds 55 10 00 00 00 00 00 00 34 00
}

soft_limit() {
	data_is "00 26 00 10 00 00 00 00 5c 02 00 1c 00 00 00 00 00 00 00 00 00 00 00 00 00 01 00 00 00 00 00 00 01 02 00 00 00 00 00 00" \
		"mode page 1Ch/02h" 64 5a 08 1c 02 00 00 00 00 40 00
	data_is "00 b2 00 04 0b e4 02 00" "a threshold set is 2048 blocks" 8 12 01 b2 00 08 00
	ok "5 MiB are the quota" sh -c "echo 1280 >$DISK/attrib/quota_pages"
	select_thresholds 00000004
	is "$ANSWER" good "thresholds are set: 2 MiB left, 4 MiB used"
	for i in 0 1; do put "$i"; done
	is "$ANSWER" good "2 MiB"
	put 2
	is "$ANSWER" good "and the third, which crosses the first"
	put 3
	is "$ANSWER" "6/38/07 info=00000010" "is told with the next command"
	put 3
	is "$ANSWER" good "which may then come again"
	scsi 00 00 00 00 00 00
	is "$ANSWER" "6/38/07 info=00000018" "that crossed the second"
	scsi 00 00 00 00 00 00
	is "$ANSWER" good "each is told once"
	put 4
	is "$ANSWER" good "and not again"
	put 5
	is "$ANSWER" "7/27/07" "until there is no space"
	ok "all is unmapped" drop 0 64
	for i in 0 1 2; do put "$i"; done
	scsi 00 00 00 00 00 00
	is "$ANSWER" "6/38/07 info=00000010" "the next time it is told again"
}

test() {
	local i
	make_disk 16384 || return
	head -c 1M /dev/urandom >data
	for i in tpu tpws; do echo 1 >"$DISK/attrib/emulate_$i"; done
	hard_limit
	soft_limit
	scsi_close
	lio_clear
}
