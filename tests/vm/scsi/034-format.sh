# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="FORMAT UNIT makes a medium of zeros, or of a pattern; it refuses nearly all else meanwhile, tells its progress, and can be ended."
TIMEOUT=300
. /rig/src/tests/vm/common.sh
requires() { _have_peer ours; }

TUR="00 00 00 00 00 00"
FORMAT="04 00 00 00 00 00"
FORMAT_LIST="04 10 00 00 00 00"

bytes() { # file bytes...
	local escapes
	printf -v escapes '\\x%s' "${@:2}"
	# shellcheck disable=SC2059 # the bytes are escapes
	printf "$escapes" >"$1"
}

put() { # lba blocks
	dd if=/dev/urandom of="$DEV" bs=512 seek="$1" count="$2" oflag=direct status=none
}

# The first or last four bytes.
peek() { # lba
	dd if="$DEV" bs=512 skip="$1" count=1 iflag=direct status=none | od -An -tx1 -N4 | tr -d ' \n'
}

is_zero() { # text
	is "$(cmp -n $((64 << 20)) "$DEV" /dev/zero 2>&1)" "" "$1"
}

# shellcheck disable=SC2086 # a CDB is words
short() {
	make_disk 16384 || return
	ok "the first blocks are written" put 0 2048
	ok "and the last ones" put 129024 2048
	ok "sg_format" quietly sg_format --format --quick --wait "$SG"
	is_zero "all is zero"
	ok "with protection information" quietly sg_format --format --quick --wait --fmtpinfo=2 "$SG"
	like "$(sg_readcap --16 "$SG")" 'prot_en=1, p_type=0' "of type 1"
	bytes list 01 00 00 00
	scsi_is good "of the other usage" w list 04 d0 00 00 00 00
	like "$(sg_readcap --16 "$SG")" 'prot_en=1, p_type=2' "that is type 3"
	ok "and without" quietly sg_format --format --quick --wait "$SG"
	like "$(sg_readcap --16 "$SG")" 'prot_en=0' "there is none"
	ok "blocks are written" put 1000 8
	scsi_is good "FORMAT UNIT without a list" $FORMAT
	is_zero "all is zero again"
	like "$(sg_opcodes --opcode=4 --mask "$SG" 2>&1)" '04 fb 00 00 00 04' "FMTPINFO is looked at"
	bytes list 00 88 00 00 00 01 00 04 de ad be ef
	scsi_is good "a pattern" w list $FORMAT_LIST
	is "$(peek 0) $(peek 77) $(peek 131071)" "deadbeef deadbeef deadbeef" "is everywhere"
	bytes list 00 08 00 00 00 01 00 04 de ad be ef
	scsi_is "5/26/00 sks=8b0001" "a pattern without FOV" w list $FORMAT_LIST
	bytes list 00 00 00 08 00 00 00 00 00 00 00 01
	scsi_is "5/26/00 sks=8f0002" "blocks for the list of defects" w list $FORMAT_LIST
	bytes list 00 00 00 00
	scsi_is "5/24/00 sks=cf0001" "a reserved FMTPINFO" w list 04 50 00 00 00 00
	scsi_is "5/24/00 sks=ca0001" "defects as physical sectors" w list 04 15 00 00 00 00
	is "$(peek 131071)" deadbeef "what was refused has changed nothing"
	protected
	scsi_is good "a list without anything" w list $FORMAT_LIST
	is_zero "all is zero"
	scsi_close
	lio_clear
}

# SWP of the control mode page.
write_protect() { # 08 | 00
	bytes page 00 00 00 00 0a 0a 02 10 "$1" 40 00 00 00 00 00 01
	scsi w page 15 10 00 00 10 00
}

# shellcheck disable=SC2086
protected() {
	write_protect 08
	is "$ANSWER" good "the unit is write protected"
	scsi_is 7/27/00 "FORMAT UNIT" $FORMAT
	write_protect 00
	is "$ANSWER" good "the unit is not protected any more"
}

# REQUEST SENSE says how much is done.
progress() {
	scsi r 18 03 00 00 00 12 00
	echo "$DATA" | cut -d' ' -f17-18 | tr -d ' '
}

is_behind() { # hex
	[ $((0x$(progress))) -gt $((0x$1)) ]
}

# Nearly 16 TiB, that forget all they are told, take a while.
# shellcheck disable=SC2086
long_one() {
	local now
	make_disk 4294967295 rd_nullio=1 || return
	bytes slow 00 88 00 00 00 01 00 01 aa
	bytes list 00 8a 00 00 00 01 00 01 aa
	scsi_is good "IMMED" w list $FORMAT_LIST
	scsi r 18 03 00 00 00 12 00
	like "$DATA" '^70 00 02 .* 04 04 00 80 ' "REQUEST SENSE tells its progress"
	now=$(progress)
	ok "it goes on ($now)" wait_until $((60 * SLOW)) is_behind "$now"
	like "$(sg_requests --progress "$SG" 2>&1)" 'rogress' "sg_requests tells it, too"
	scsi_like '^2/04/04 sks=80' "TEST UNIT READY" $TUR
	scsi_like '^2/04/04 sks=80' "READ" r 512 28 00 00 00 00 00 00 00 01 00
	scsi_like '^2/04/04 sks=80' "FORMAT UNIT" $FORMAT
	scsi_like '^2/04/04 sks=80' "MODE SENSE" r 252 1a 08 3f 00 fc 00
	scsi_is good "INQUIRY" r 36 12 00 00 00 24 00
	scsi_is good "REPORT LUNS" r 64 a0 00 00 00 00 00 00 00 00 40 00 00
	ok "a LUN reset" timeout $((60 * SLOW)) sg_reset -N -d "$SG"
	ok "ends it" wait_until $((20 * SLOW)) corrupt
	scsi_is 3/31/00 "a READ then" r 512 28 00 00 00 00 00 00 00 01 00
	scsi r 18 03 00 00 00 12 00
	like "$DATA" '^70 00 03 .* 31 00 ' "REQUEST SENSE"
	sg_raw --timeout=2 --send=4 --infile=slow "$SG" $FORMAT_LIST >/dev/null 2>&1
	ok "an abort ends one in the foreground" wait_until $((20 * SLOW)) corrupt
	ok "another one makes it good" within $((60 * SLOW)) quietly sg_format --format --quick --wait "$SG"
	scsi_is good "TEST UNIT READY" $TUR
	scsi_is good "one more" w list $FORMAT_LIST
	scsi_close
	ok "the unit goes while it runs" within $((30 * SLOW)) lio_unlink $WWN 1 0
	ok "and comes back" lio_link $WWN 1 0 rd_mcp_0/disk
	SG=$(lio_sg $WWN 1 0)
	scsi $TUR
	scsi_is 3/31/00 "as it was left" $TUR
	scsi_close
	lio_clear
}

corrupt() {
	# shellcheck disable=SC2086
	scsi $TUR
	[ "$ANSWER" = 3/31/00 ]
}

test() {
	short
	long_one
}
