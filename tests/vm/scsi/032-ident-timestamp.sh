# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="What SET IDENTIFYING INFORMATION and SET TIMESTAMP set is reported again, and sg_ident and sg_timestamp agree."
TIMEOUT=300
. /rig/src/tests/vm/common.sh
requires() { _have_peer ours; }

REPORT_BYTES="a3 05 00 00 00 00 00 00 00 ff 00 00"
REPORT_TEXT="a3 05 00 00 00 00 00 00 00 ff 04 00"
REPORT_TIME="a3 0f 00 00 00 00 00 00 00 0c 00 00"

# Sets CLOCK to the milliseconds that the unit's clock shows.
read_clock() {
	# shellcheck disable=SC2086 # a CDB is words
	scsi r 12 $REPORT_TIME
	CLOCK=$((0x$(echo "$DATA" | cut -d' ' -f5-10 | tr -d ' ')))
}

# shellcheck disable=SC2086
identification() {
	data_is "00 00 00 08 00 00 00 40 04 00 01 00" "two kinds of information" 255 a3 05 00 00 00 00 00 00 00 ff fe 00
	data_is "00 00 00 00" "there is none yet" 255 $REPORT_BYTES
	printf 'ab\x00\xff' >info
	scsi_is good "four bytes are set" w info a4 06 00 00 00 00 00 00 00 04 00 00
	data_is "00 00 00 04 61 62 00 ff" "and reported" 255 $REPORT_BYTES
	ok "sg_ident sets others" sh -c "printf 'a name' | sg_ident --set $SG"
	like "$(sg_ident --ascii "$SG")" 'a name' "and reads them"
	printf 'text\x00' >info
	scsi_is good "text is set" w info a4 06 00 00 00 00 00 00 00 05 04 00
	data_is "00 00 00 05 74 65 78 74 00" "and reported" 255 $REPORT_TEXT
	is "$(cat "$DISK/wwn/pd_text_id_info")" text "the administrator sees it"
	scsi_is "5/26/00 sks=800003" "text without an end is refused" w block a4 06 00 00 00 00 00 00 00 04 04 00
	scsi_is "5/24/00 sks=cf0006" "65 bytes are too many" w info a4 06 00 00 00 00 00 00 00 41 00 00
	scsi_is "5/24/00 sks=cf000a" "another kind is refused" r 255 a3 05 00 00 00 00 00 00 00 ff 06 00
}

# shellcheck disable=SC2086
timestamp() {
	local before now
	before=$(date +%s)
	read_clock
	now=$((CLOCK / 1000))
	ok "the clock shows the system's time" [ $now -ge $before ] && ok "not a later one" [ $now -le $((before + 60)) ]
	like "$DATA" "^00 0a 03 " "which is where it has it from"
	printf '\0\0\0\0\x01\x02\x03\x04\x05\x06\0\0' >list
	scsi_is good "it is set" w list a4 0f 00 00 00 00 00 00 00 0c 00 00
	read_clock
	like "$DATA" "^00 0a 02 " "it says so"
	ok "and goes on from there" [ $((CLOCK - 0x010203040506)) -lt 60000 ]
	ok "sg_timestamp sets it" quietly sg_timestamp --seconds=1000 "$SG"
	read_clock
	ok "to 1000 seconds" [ $((CLOCK / 1000 - 1000)) -lt 60 ]
	ok "sg_timestamp reads it" quietly sg_timestamp "$SG"
	scsi_is 5/1a/00 "half a parameter list is refused" w info a4 0f 00 00 00 00 00 00 00 05 00 00
}

test() {
	make_disk 1024 || return
	head -c 4 /dev/zero | tr '\0' x >block
	identification
	timestamp
	scsi_close
	lio_clear
}
