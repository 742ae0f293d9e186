# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="A map of blocks makes ports LBA dependent: each does what the map says of a block, and REPORT REFERRALS tells it."
. /rig/src/tests/vm/alua/lib.sh

REFERRALS="9e 13 00 00 00 00 00 00 00 00 00 00 01 00 00 00"
MAP="64 2
0 8191 10:O 20:S
64 8191 10:U 20:O"

# All at once: a shell would write line by line.
write_map() { # text
	python3 -c 'import os, sys; os.write(os.open(sys.argv[1], os.O_WRONLY), sys.argv[2].encode())' \
		"$DISK/lba_map" "$1"$'\n' 2>/dev/null
}

read_at() { # sg want lba blocks
	scsi_is "$2" "READ of $4 from $3" "@$1" r $((4 * 512)) 28 00 00 00 00 "$3" 00 00 "$4" 00
}

texts() {
	ok "a map" write_map "$MAP"
	is "$(cat "$DISK/lba_map")" "$MAP" "is as it was written"
	not_ok "a state that is none" write_map "64 1"$'\n'"0 63 10:X"
	not_ok "a line without a group" write_map "64 1"$'\n'"0 63"
	not_ok "a group twice" write_map "64 1"$'\n'"0 63 10:O 10:A"
	not_ok "lines with other groups" write_map "64 1"$'\n'"0 63 10:O"$'\n'"64 127 10:O 20:O"
	not_ok "one size" write_map "64"$'\n'"0 63 10:O"
	is "$(cat "$DISK/lba_map")" "$MAP" "it has not changed"
	ok "no line" write_map ""
	is "$(cat "$DISK/lba_map")" "" "no map"
	ok "and again" write_map "$MAP"
}

states() {
	local gp
	for gp in "$GP1" "$GP2"; do
		ok "the group may be so" sh -c "echo 1 >$gp/alua_support_lba_dependent"
		not_ok "not while initiators set its state" set_state "$gp" 4
		ok "only the target sets it" sh -c "echo 1 >$gp/alua_access_type"
		ok "LBA dependent" set_state "$gp" 4
		state_is "$gp" "4 Altered by Implicit ALUA" "its file says so"
	done
	settle
	scsi "@$SG1" r 256 a3 0a 00 00 00 00 00 00 01 00 00 00
	is "$(cut -d' ' -f5-8 <<<"$DATA")" "04 df 00 0a" "and REPORT TARGET PORT GROUPS"
}

test() {
	make_paths 1024 || return
	texts
	states
	scsi "@$SG1" r 256 $REFERRALS
	is "$ANSWER: $DATA" "good: 00 00 00 38 00 00 00 02 00 00 00 00 00 00 00 00 00 00 00 00 00 00 1f ff 00 00 00 0a 02 00 00 14 00 00 00 02 00 00 00 00 00 00 00 40 00 00 00 00 00 00 1f ff 03 00 00 0a 00 00 00 14" \
		"REPORT REFERRALS"
	scsi "@$SG1" r 64 12 01 b3 00 40 00
	is "$DATA" "00 b3 00 0c 00 00 00 00 00 00 00 40 00 00 00 02" "VPD page B3"
	scsi "@$SG1" r 16 12 01 86 00 10 00
	is "$(cut -d' ' -f9 <<<"$DATA")" 10 "R_SUP"
	read_at "$SG1" good 00 04
	read_at "$SG1" 2/04/0c 40 04
	read_at "$SG2" 2/04/0b 00 04
	read_at "$SG2" good 40 04
	tur "$SG1" good "what is about no block goes on"
	[ "$PEER" = lio ] || ours
	scsi_close
	lio_clear
}

# LIO takes what is no map, does not look at segments that a range repeats, and has no
# referrals in sense data.
ours() {
	not_ok "blocks twice" write_map "0 0"$'\n'"0 63 10:O"$'\n'"63 127 10:S"
	not_ok "backwards" write_map "0 0"$'\n'"63 0 10:O"
	scsi "@$SG1" r 256 9e 13 00 00 00 00 00 00 00 50 00 00 01 00 01 00
	is "${DATA:0:47}" "00 00 00 1c 00 00 00 02 00 00 00 00 00 00 00 40" "one segment"
	scsi_like "^5/21/00" "no block there" "@$SG1" r 256 9e 13 00 00 00 00 00 00 20 00 00 00 01 00 00 00
	read_at "$SG1" good 80 04
	read_at "$SG1" 2/04/0c c0 04
	read_at "$SG1" 2/04/0c 3e 04
	read_at "$SG2" 2/04/0b 3e 04
	set_page good "$SG2" 0a 12 2 06
	settle
	read_at "$SG2" b/3f/15 00 04
	ok "no map" write_map ""
	settle
	scsi_like "^5/24/00" "no REPORT REFERRALS" "@$SG1" r 256 $REFERRALS
}
