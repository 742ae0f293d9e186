# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="WRITE AND VERIFY writes, and verifies with and without comparing; what its BYTCHK must not say is refused."
TIMEOUT=300
. /rig/src/tests/vm/common.sh
# LIO only writes.
requires() { _have_peer ours; }

# The CDB with 10, 12, 16 or 32 bytes, at block 8.
write_verify() { # length options blocks [w file]
	local blocks
	blocks=$(printf '%02x %02x' $(($3 >> 8)) $(($3 & 255)))
	# shellcheck disable=SC2086 # one word per byte
	case $1 in
	10) scsi "${@:4}" 2e "$2" 00 00 00 08 00 $blocks 00 ;;
	12) scsi "${@:4}" ae "$2" 00 00 00 08 00 00 $blocks 00 00 ;;
	16) scsi "${@:4}" 8e "$2" 00 00 00 00 00 00 00 08 00 00 $blocks 00 00 ;;
	32) scsi "${@:4}" 7f 00 00 00 00 00 00 18 00 0c "$2" 00 00 00 00 00 00 00 00 08 \
		00 00 00 00 00 00 00 00 00 00 $blocks ;;
	esac
}

each() { # length
	local byte=1 bytchk
	[ "$1" != 32 ] || byte=10
	for bytchk in 0 1; do
		head -c 1M /dev/urandom >data
		write_verify "$1" 0$((bytchk << 1)) 2048 w data
		is "$ANSWER" good "WRITE AND VERIFY($1), BYTCHK $bytchk"
		ok "wrote it" sh -c "dd if=$DEV bs=4k skip=1 count=256 iflag=direct status=none | cmp - data"
	done
	write_verify "$1" 02 0
	is "$ANSWER" good "WRITE AND VERIFY($1) of no block"
	write_verify "$1" 10 0
	is "$ANSWER" good "WRITE AND VERIFY($1) with DPO"
	head -c 512 data >block
	write_verify "$1" 04 1 w block
	is "$ANSWER" "5/24/00 sks=$(printf ca%04x $byte)" "BYTCHK 10b is refused"
	write_verify "$1" 06 1 w block
	is "$ANSWER" "5/24/00 sks=$(printf ca%04x $byte)" "BYTCHK 11b is refused"
	write_verify "$1" 20 1 w block
	is "$ANSWER" "5/24/00 sks=$(printf cf%04x $byte)" "WRPROTECT is refused"
}

test() {
	local i
	make_disk 16384 || return
	for i in 10 12 16 32; do each $i; done
	ok "sg_write_verify" sh -c "sg_write_verify --lba=8 --num=1 --in=block --bytchk=1 --ilen=512 $SG"
	scsi_close
	lio_clear
}
