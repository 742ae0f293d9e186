# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="READ(32), WRITE(32) and VERIFY(32) do what their shorter forms do, and their length must be exact."
TIMEOUT=300
. /rig/src/tests/vm/common.sh
requires() { _have_peer ours; }

# One of them at block 8: service action, options, blocks, and bytes 20 to 27.
long_one() { # action options blocks tags [r length | w file]
	# shellcheck disable=SC2086 # one word per byte
	scsi "${@:5}" 7f 00 00 00 00 00 00 18 00 "$1" "$2" 00 00 00 00 00 00 00 00 08 $4 \
		00 00 00 "$(printf %02x "$3")"
}

test() {
	local none="00 00 00 00 00 00 00 00"
	make_disk 16384 || return
	head -c 4096 /dev/urandom >data
	head -c 512 data >block
	long_one 0b 00 8 "$none" w data
	is "$ANSWER" good "WRITE(32)"
	ok "writes" sh -c "dd if=$DEV bs=4k skip=1 count=1 iflag=direct status=none | cmp - data"
	long_one 09 18 8 "$none" r 4096
	is "$ANSWER: $DATA" "good: $(od -An -v -tx1 data | xargs)" "READ(32) with DPO and FUA reads"
	long_one 0a 02 8 "$none" w data
	is "$ANSWER" good "VERIFY(32) compares"
	long_one 0a 06 8 "$none" w block
	like "$ANSWER" "^e/1d/00 info=000002" "and with one block"
	long_one 0a 00 8 "$none"
	is "$ANSWER" good "and only reads"
	long_one 0b 20 8 "$none" w data
	is "$ANSWER" "5/24/00 sks=cf000a" "WRPROTECT is refused"
	long_one 09 00 8 "00 00 00 01 00 00 00 00" r 4096
	is "$ANSWER" "5/24/00 sks=c80017" "and what is expected of protection information"
	scsi_is "5/24/00 sks=cf0007" "a length that is not 18h" 7f 00 00 00 00 00 00 10 00 09 00 00 00 00 00 00 00 00 00 00 00 00 00 00
	scsi_is "5/24/00 sks=cf0008" "an unknown service action" 7f 00 00 00 00 00 00 18 01 09 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00
	scsi_is good "NACA is in byte 1" 7f 04 00 00 00 00 00 18 00 09 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00
	scsi_is "5/21/00 info=00020000" "behind the end" 7f 00 00 00 00 00 00 18 00 09 00 00 00 00 00 00 00 02 00 00 00 00 00 00 00 00 00 00 00 00 00 01
	scsi_close
	lio_clear
}
