# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="SANITIZE overwrites and erases, nothing but its own end stops it, and after a failure the medium is closed."
TIMEOUT=300
. /rig/src/tests/vm/common.sh
requires() { _have_peer ours; }

TUR="00 00 00 00 00 00"
READ="28 00 00 00 00 00 00 00 01 00"
ERASE="48 02 00 00 00 00 00 00 00 00"
EXIT="48 1f 00 00 00 00 00 00 00 00"

fails() { ! "$@" >/dev/null 2>&1; }

bytes() { # file bytes...
	local escapes
	printf -v escapes '\\x%s' "${@:2}"
	# shellcheck disable=SC2059 # the bytes are escapes
	printf "$escapes" >"$1"
}

put() { # lba blocks
	dd if=/dev/urandom of="$DEV" bs=512 seek="$1" count="$2" oflag=direct status=none
}

peek() { # lba
	dd if="$DEV" bs=512 skip="$1" count=1 iflag=direct status=none | od -An -tx1 -N4 | tr -d ' \n'
}

is_zero() { # text
	is "$(cmp -n $((32 << 20)) "$DEV" /dev/zero 2>&1)" "" "$1"
}

# Descriptors of GET LBA STATUS: how many, and the status of the first.
provisioned() {
	scsi r 1024 9e 12 00 00 00 00 00 00 00 00 00 00 04 00 00 00
	echo $(((0x$(echo "$DATA" | cut -d' ' -f1-4 | tr -d ' ') - 4) / 16)) "$(echo "$DATA" | cut -d' ' -f21)"
}

# shellcheck disable=SC2086 # a CDB is words
methods() {
	make_disk 8192 || return
	scsi_is "5/24/00 sks=cc0001" "a unit that is not thin has no BLOCK ERASE" $ERASE
	like "$(sg_vpd -p bdc "$SG")" 'WABEREQ=0' "nor WABEREQ"
	echo 1 >"$DISK/attrib/emulate_tpu"
	like "$(sg_vpd -p bdc "$SG")" 'WABEREQ=1' "with BLOCK ERASE blocks can be read after it"
	ok "the first blocks are written" put 0 2048
	ok "and the last ones" put 63488 2048
	ok "sg_sanitize --overwrite --zero" quietly sg_sanitize --overwrite --zero --quick --wait "$SG"
	is_zero "all is zero"
	is "$(provisioned)" "1 00" "and has space of its own"
	ok "blocks are written" put 1000 8
	ok "sg_sanitize --block" quietly sg_sanitize --block --quick --wait "$SG"
	is_zero "all is zero"
	is "$(provisioned)" "1 01" "and without space"
	bytes list 83 00 00 04 de ad be ef
	scsi_is good "three times, inverted" w list 48 01 00 00 00 00 00 00 08 00
	is "$(peek 0) $(peek 77) $(peek 65535)" "deadbeef deadbeef deadbeef" "the last time the pattern as it is"
	scsi_is "5/24/00 sks=cc0001" "without encryption there is no CRYPTOGRAPHIC ERASE" 48 03 00 00 00 00 00 00 00 00
	ok "sg_sanitize --crypto says so" fails sg_sanitize --crypto --quick --wait "$SG"
	scsi_is "5/24/00 sks=ce0001" "ZNR is of zoned devices" 48 42 00 00 00 00 00 00 00 00
	bytes list 00 00 00 04 de ad be ef
	scsi_is "5/26/00 sks=8c0000" "a count of 0" w list 48 01 00 00 00 00 00 00 08 00
	scsi_is "5/24/00 sks=cf0007" "a list without pattern" 48 01 00 00 00 00 00 00 04 00
	ok "sg_sanitize --fail, with nothing to leave" quietly sg_sanitize --fail --quick --wait "$SG"
	scsi_is good "the unit is ready" $TUR
	is "$(peek 65535)" deadbeef "what was refused has changed nothing"
}

# Less space than all blocks need.
# shellcheck disable=SC2086
failure() {
	scsi_is good "all is erased" $ERASE
	echo 256 >"$DISK/attrib/quota_pages"
	bytes list 01 00 00 01 aa
	scsi_is 3/31/03 "OVERWRITE without the space for it, AUSE" w list 48 21 00 00 00 00 00 00 05 00
	scsi_is 3/31/03 "a READ then" r 512 $READ
	scsi_is 3/31/03 "TEST UNIT READY" $TUR
	scsi_is 3/31/03 "FORMAT UNIT" 04 00 00 00 00 00
	scsi_is good "INQUIRY" r 36 12 00 00 00 24 00
	ok "sg_sanitize --fail leaves it" quietly sg_sanitize --fail --quick --wait "$SG"
	scsi_is good "a READ then" r 512 $READ
	scsi_is 3/31/03 "the same without AUSE" w list 48 01 00 00 00 00 00 00 05 00
	scsi_is "5/24/00 sks=cc0001" "it cannot be left" $EXIT
	scsi_is "5/24/00 sks=cd0001" "nor made so that it can" 48 22 00 00 00 00 00 00 00 00
	scsi_is good "one that succeeds opens it" $ERASE
	scsi_is good "the unit is ready" $TUR
	is_zero "and zero"
	scsi_close
	lio_clear
}

progress() {
	scsi r 18 03 00 00 00 12 00
	echo "$DATA" | cut -d' ' -f17-18 | tr -d ' '
}

is_behind() { # hex
	[ $((0x$(progress))) -gt $((0x$1)) ]
}

# 31 times 1 TiB, which forgets all it is told.
# shellcheck disable=SC2086
long_one() {
	local now
	make_disk $((1 << 28)) rd_nullio=1 || return
	ok "sg_sanitize --early" quietly sg_sanitize --overwrite --zero --count=31 --early --quick "$SG"
	scsi r 18 03 00 00 00 12 00
	like "$DATA" '^70 00 02 .* 04 1b 00 80 ' "REQUEST SENSE tells its progress"
	like "$(sg_requests --progress "$SG" 2>&1)" 'rogress' "sg_requests tells it, too"
	refused
	now=$(progress)
	ok "a LUN reset" timeout $((60 * SLOW)) sg_reset -N -d "$SG"
	scsi $TUR
	scsi_like '^2/04/1b sks=80' "does not end it" $TUR
	ok "it goes on ($now)" wait_until $((60 * SLOW)) is_behind "$now"
	scsi_close
	ok "the unit goes while it runs" within $((30 * SLOW)) lio_unlink $WWN 1 0
	ok "and comes back" lio_link $WWN 1 0 rd_mcp_0/disk
	SG=$(lio_sg $WWN 1 0)
	scsi $TUR
	scsi_is 3/31/03 "closed, as it was not finished" $TUR
	# The disk driver of 7.2 has made limits of a capacity that it could not read, and the
	# queue takes no data any more.
	[ "$KERNEL" = 7.2 ] || aborted
	scsi_close
	ok "all goes while it runs" lio_clear
}

# shellcheck disable=SC2086
refused() {
	scsi_like '^2/04/1b sks=80' "TEST UNIT READY" $TUR
	scsi_like '^2/04/1b sks=80' "READ" r 512 $READ
	scsi_like '^2/04/1b sks=80' "START STOP UNIT" 1b 00 00 00 00 00
	scsi_like '^2/04/1b sks=80' "FORMAT UNIT" 04 00 00 00 00 00
	scsi_like '^2/04/1b sks=80' "EXIT FAILURE MODE" $EXIT
	scsi_is good "INQUIRY" r 36 12 00 00 00 24 00
	scsi_is good "REPORT LUNS" r 64 a0 00 00 00 00 00 00 00 00 40 00 00
	scsi_is good "REPORT SUPPORTED OPERATION CODES" r 64 a3 0c 01 12 00 00 00 00 00 40 00 00
}

# The initiator goes, the operation stays.
aborted() {
	bytes patience 1f 00 00 01 aa
	sg_raw --timeout=3 --send=5 --infile=patience "$SG" 48 01 00 00 00 00 00 00 05 00 >/dev/null 2>&1
	ok "an abort does not end it" wait_until $((30 * SLOW)) goes_on
}

goes_on() {
	# shellcheck disable=SC2086
	scsi $TUR
	[[ $ANSWER == "2/04/1b sks=80"* ]]
}

# The key goes: what was written reads as noise, and what was not as before.
# shellcheck disable=SC2086
crypto() {
	lio_mk_rd disk 8192 && DISK=$CORE/rd_mcp_0/disk && echo 1 >"$DISK/attrib/encrypted" &&
		lio_mk_port $WWN && lio_link $WWN 1 0 rd_mcp_0/disk || return
	DEV=$(lio_dev $WWN 1 0) SG=$(lio_sg $WWN 1 0)
	like "$(sg_vpd -p bdc "$SG")" 'WACEREQ=1' "with encryption there is CRYPTOGRAPHIC ERASE"
	tr '\0' x </dev/zero | head -c 65536 >text
	ok "blocks are written" dd if=text of="$DEV" bs=64k oflag=direct status=none
	is "$(dd if="$DEV" bs=64k count=1 iflag=direct status=none | cmp - text 2>&1)" "" "and read as they are"
	scsi_is "5/24/00 sks=ce0001" "ZNR is of zoned devices" 48 43 00 00 00 00 00 00 00 00
	ok "sg_sanitize --crypto" quietly sg_sanitize --crypto --quick --wait "$SG"
	dd if="$DEV" bs=64k count=2 iflag=direct status=none >after
	ok "then they are noise" [ "$(head -c 65536 after | tr -d x | wc -c)" -gt 64000 ]
	is "$(tail -c 65536 after | tr -d '\0' | wc -c)" 0 "and others zeros, as before"
	ok "blocks are written" dd if=text of="$DEV" bs=64k oflag=direct status=none
	is "$(dd if="$DEV" bs=64k count=1 iflag=direct status=none | cmp - text 2>&1)" "" "and read as they are"
	scsi_close
	lio_clear
}

test() {
	methods || return
	failure
	! has_cipher || crypto
	long_one
}
