# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="WRITE ATOMIC keeps to the limits that VPD page B0h tells, and writes all or nothing when memory is short."
TIMEOUT=300
. /rig/src/tests/vm/common.sh
requires() { _have_peer ours; }

atomic() { # lba boundary blocks [w file]
	local lba boundary blocks
	lba=$(printf '%02x %02x %02x' $(($1 >> 16)) $(($1 >> 8 & 255)) $(($1 & 255)))
	boundary=$(printf '%02x %02x' $(($2 >> 8)) $(($2 & 255)))
	blocks=$(printf '%02x %02x' $(($3 >> 8)) $(($3 & 255)))
	# shellcheck disable=SC2086 # one word per byte
	scsi "${@:4}" 9c 00 00 00 00 00 00 $lba $boundary $blocks 00 00
}

limits() {
	local page
	page=$(sg_vpd -p bl "$SG")
	like "$page" "[Mm]aximum atomic transfer length: (2048|0x800)" "page B0h: 2048 blocks"
	like "$page" "[Mm]aximum atomic transfer length with atomic boundary: (2048|0x800)" "with a boundary, too"
	like "$page" "[Mm]aximum atomic boundary size: (2048|0x800)" "of as many"
	atomic 0 0 2049
	is "$ANSWER" "5/24/00 sks=cf000c" "2049 are refused at TRANSFER LENGTH"
	atomic 0 2049 8
	is "$ANSWER" "5/24/00 sks=cf000a" "a boundary of 2049 is refused at ATOMIC BOUNDARY"
	atomic 131071 0 2
	is "$ANSWER" "5/21/00 info=00020000" "behind the end"
	atomic 0 0 0
	is "$ANSWER" good "no block"
}

test() {
	local file
	make_disk 16384 || return
	limits
	head -c 1M /dev/urandom >data
	atomic 3 0 2048 w data
	is "$ANSWER" good "1 MiB, anywhere"
	ok "is written" sh -c "dd if=$DEV bs=512 skip=3 count=2048 iflag=direct status=none | cmp - data"
	atomic 3 16 2048 w data
	is "$ANSWER" good "1 MiB with a boundary"
	head -c 4k /dev/urandom >data
	scsi_is good "WRITE ATOMIC(32)" w data 7f 00 00 00 00 08 00 18 00 0f 00 00 00 00 00 00 00 00 00 08 00 00 00 00 00 00 00 00 00 00 00 08
	ok "is written" sh -c "dd if=$DEV bs=4k skip=1 count=1 iflag=direct status=none | cmp - data"
	file=/sys/block/${DEV##*/}/queue/atomic_write_max_bytes
	ok "a kernel that knows atomic writes has read the limit" \
		sh -c "[ ! -e $file ] || [ \$(cat $file) -gt 0 ]"
	scsi_close
	lio_clear
}
