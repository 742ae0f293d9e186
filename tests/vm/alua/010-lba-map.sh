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

# Four blocks, read and written through either port.
moves() { # lba want-through-1 want-through-2
	local sg want=$2
	for sg in "$SG1" "$SG2"; do
		read_at "$sg" "$want" "$1" 04
		scsi_is "$want" "WRITE of 04 from $1" "@$sg" w "$WORK/zeros" 2a 00 00 00 00 "$1" 00 00 04 00
		want=$3
	done
}

# What ours is to answer where LIO answers something else.
differs() { # ours LIO text cdb...
	if [ "$PEER" = lio ]; then
		scsi_like "^$2" "$3 (LIO)" "${@:4}"
	else
		scsi_like "^$1" "$3" "${@:4}"
	fi
}

# Whoever asks through an unavailable port is told so in INQUIRY data (SPC-6 5.18.2.4.5);
# LIO's are the same in every state.
unavailable() {
	ok "unavailable" set_state "$GP2" 3
	settle
	tur "$SG2" 2/04/0c "the port is"
	scsi "@$SG2" r 36 12 00 00 00 24 00
	is "$ANSWER ${DATA:0:2}" "good $([ "$PEER" = lio ] && echo 00 || echo 20)" "the qualifier says that the port is unavailable, and LIO's nothing"
	scsi "@$SG2" r 64 12 01 00 00 40 00
	is "$ANSWER ${DATA:0:2}" "good $([ "$PEER" = lio ] && echo 00 || echo 20)" "so does a VPD page"
	ok "active" set_state "$GP2" 0
	settle
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

# Segments of two ranges in turn: the same answers from both.
segments() {
	moves 00 good 2/04/0b
	moves 3c good 2/04/0b
	moves 40 2/04/0c good
	moves 7c 2/04/0c good
	moves 80 good 2/04/0b
	moves bc good 2/04/0b
	moves c0 2/04/0c good
	tur "$SG1" good "what is about no block goes on"
	scsi_is good "a READ of none, too" "@$SG1" 28 00 00 00 00 40 00 00 00 00
	scsi_is good "SYNCHRONIZE CACHE of all" "@$SG1" 35 00 00 00 00 00 00 00 00 00
	scsi_is good "SYNCHRONIZE CACHE of what another port reaches" "@$SG1" 35 00 00 00 00 40 00 00 04 00
	scsi_like ^5/21/00 "beyond the end there is no state" "@$SG1" r 512 28 00 00 00 20 00 00 00 01 00
}

# LIO looks at the first block of a command only, where segments repeat; ours at all of
# them, as data that cannot be reached must not be (SBC-5 4.28.3). LIO does VERIFY where
# it refuses READ. It has all referrals in REPORT REFERRALS, whatever block is asked for
# and whether it is there, with zeros up to the allocation length.
differences() {
	differs 2/04/0c good "READ across a border" "@$SG1" r 2048 28 00 00 00 00 3e 00 00 04 00
	scsi_is 2/04/0b "through the other port" "@$SG2" r 2048 28 00 00 00 00 3e 00 00 04 00
	differs 2/04/0b good "across the next one" "@$SG2" r 2048 28 00 00 00 00 7e 00 00 04 00
	differs 2/04/0c good "VERIFY" "@$SG1" 2f 00 00 00 00 40 00 00 04 00
	differs 5/21/00 good "REPORT REFERRALS from beyond the end" "@$SG1" r 256 9e 13 00 00 00 00 00 00 20 00 00 00 01 00 00 00
	scsi "@$SG1" r 256 9e 13 00 00 00 00 00 00 00 50 00 00 01 00 01 00
	if [ "$PEER" = lio ]; then
		is "${DATA:0:11} $(wc -w <<<"$DATA")" "00 00 00 38 256" "of one segment there are two, and zeros (LIO)"
	else
		is "${DATA:0:47} $(wc -w <<<"$DATA")" "00 00 00 1c 00 00 00 02 00 00 00 00 00 00 00 40 32" "one segment"
	fi
}

# One range, and nothing is said of what is behind it.
gap() {
	local gp
	for gp in "$GP1" "$GP2"; do set_state "$gp" 0; done
	ok "a map with a gap" write_map "0 0"$'\n'"0 63 10:O 20:S"
	for gp in "$GP1" "$GP2"; do set_state "$gp" 4; done
	settle
	moves 00 good 2/04/0b
	moves 3c good 2/04/0b
	moves 40 2/04/0c 2/04/0c
	# LIO: the state of the first range that is in the way, ours: the most restrictive.
	read_at "$SG1" 2/04/0c 3e 04
	differs 2/04/0c 2/04/0b "READ of 04 from 3e" "@$SG2" r 2048 28 00 00 00 00 3e 00 00 04 00
}

test() {
	local report="00 00 00 38 00 00 00 02 00 00 00 00 00 00 00 00 00 00 00 00 00 00 1f ff 00 00 00 0a 02 00 00 14 00 00 00 02 00 00 00 00 00 00 00 40 00 00 00 00 00 00 1f ff 03 00 00 0a 00 00 00 14"
	head -c 2048 /dev/zero >"$WORK/zeros"
	make_paths 1024 || return
	unavailable
	texts
	states
	scsi "@$SG1" r 256 $REFERRALS
	is "$ANSWER: ${DATA:0:${#report}}" "good: $report" "REPORT REFERRALS"
	scsi "@$SG1" r 64 12 01 b3 00 40 00
	is "$DATA" "00 b3 00 0c 00 00 00 00 00 00 00 40 00 00 00 02" "VPD page B3"
	scsi "@$SG1" r 16 12 01 86 00 10 00
	is "$(cut -d' ' -f9 <<<"$DATA")" 10 "R_SUP"
	segments
	differences
	[ "$PEER" = lio ] || ours
	gap
	[ "$PEER" = lio ] || no_map
	scsi_close
	lio_clear
}

# LIO takes what is no map, and has no referrals in sense data.
ours() {
	not_ok "blocks twice" write_map "0 0"$'\n'"0 63 10:O"$'\n'"63 127 10:S"
	not_ok "backwards" write_map "0 0"$'\n'"63 0 10:O"
	set_page good "$SG2" 0a 12 2 06
	settle
	read_at "$SG2" b/3f/15 00 04
	set_page good "$SG2" 0a 12 2 02
	settle
}

no_map() {
	ok "no map" write_map ""
	settle
	scsi_like "^5/24/00" "no REPORT REFERRALS" "@$SG1" r 256 $REFERRALS
}
