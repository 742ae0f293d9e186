# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="Self-tests run in fore- and background and are logged; READ BUFFER returns what WRITE BUFFER wrote."
TIMEOUT=300
. /rig/src/tests/vm/common.sh
requires() { _have_peer ours; }

# The first byte of the newest result: code and result.
newest() {
	scsi r 404 4d 00 50 00 00 00 01 01 94 00
	echo "$DATA" | cut -d' ' -f9
}

selftests() {
	ok "sg_senddiag --test" quietly sg_senddiag --test "$SG"
	is "$(newest)" 00 "the default self-test is not logged"
	ok "a foreground short one" quietly sg_senddiag --selftest=5 "$SG"
	is "$(newest)" a0 "is logged"
	ok "a foreground extended one" quietly sg_senddiag --selftest=6 "$SG"
	is "$(newest)" c0 "too"
	ok "a background short one" quietly sg_senddiag --selftest=1 "$SG"
	ok "ends by itself" wait_until 30 ends 20
	ok "a background extended one" quietly sg_senddiag --selftest=2 "$SG"
	ok "ends by itself" wait_until 120 ends 40
	scsi_is "5/24/00 sks=cf0001" "there is none to abort" 1d 80 00 00 00 00
	like "$(sg_logs -p 0x10 "$SG")" '[Bb]ackground extended' "sg_logs shows the results"
	! command -v smartctl >/dev/null || ok "smartctl reads them" quietly smartctl -l selftest "$SG"
	scsi_is good "a test while I/O goes on" 1d 40 00 00 00 00
	ok "is no hindrance" quietly dd if=/dev/zero of="$DEV" bs=1M count=8 oflag=direct
	ok "and ends" wait_until 120 ends 40
	scsi_is good "page 00 is sent" w page 1d 10 00 00 04 00
	data_is "00 00 00 01 00" "and received" 255 1c 01 00 00 ff 00
	ok "sg_senddiag --list" quietly sg_senddiag --list "$SG"
}

ends() { # newest-result
	[ "$(newest)" = "$1" ]
}

# A test of 1 TiB of holes takes a while: long enough to be told of and aborted.
long_one() {
	make_disk $((1 << 28)) || return
	scsi_is good "an extended self-test of 1 TiB" 1d 40 00 00 00 00
	scsi r 18 03 00 00 00 12 00
	like "$DATA" '^70 00 02 .* 04 09 00 80 ' "REQUEST SENSE tells its progress"
	is "$(newest)" 4f "the log says it runs"
	scsi_is 2/04/09 "another one is refused" 1d 20 00 00 00 00
	scsi_is good "the unit is ready" 00 00 00 00 00 00
	scsi_is good "it is aborted" 1d 80 00 00 00 00
	ok "and ends" wait_until 10 ends 41
	scsi_is good "once more" 1d 40 00 00 00 00
	scsi_close
	ok "the unit goes while it runs" lio_clear
}

buffers() {
	data_is "00 01 00 00" "the buffer has 64 KiB" 4 3c 03 00 00 00 00 00 00 04 00
	head -c 4096 /dev/urandom >data
	scsi_is good "4 KiB are written" w data 3b 02 00 00 10 00 00 10 00 00
	data_is "$(od -An -v -tx1 data | tr -s ' \n' ' ' | sed 's/^ //; s/ $//')" "and read" \
		4096 3c 02 00 00 10 00 00 10 00 00
	ok "sg_test_rwbuf with all of it" quietly sg_test_rwbuf --size=65536 --times=2 "$SG"
	data_is "01 00 10 00" "the echo buffer has 4 KiB" 4 3c 0b 00 00 00 00 00 00 04 00
	scsi_is 5/2c/00 "it has nothing to say yet" r 16 3c 0a 00 00 00 00 00 00 10 00
	printf 'hello, yourself!' >words
	scsi_is good "words" w words 3b 0a 00 00 00 00 00 00 10 00
	data_is "$(od -An -v -tx1 words | tr -s ' \n' ' ' | sed 's/^ //; s/ $//')" "are echoed" \
		16 3c 0a 00 00 00 00 00 00 20 00
	scsi_is "5/24/00 sks=cf0006" "too many are refused" w data 3b 0a 00 00 00 00 00 20 00 00
}

test() {
	make_disk 16384 || return
	printf '\0\0\0\0' >page
	selftests
	buffers
	scsi_close
	lio_clear
	long_one
}
