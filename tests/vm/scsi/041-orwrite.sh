# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="ORWRITE sets bits of the medium; with 32 bytes it clears them, too, and keeps generations apart."
TIMEOUT=300
. /rig/src/tests/vm/common.sh
requires() { _have_peer ours; }

# Fills a file with one byte.
fill() { # byte blocks
	head -c $(($2 * 512)) /dev/zero | tr '\0' "\\$(printf %o "0x$1")"
}

medium() { # blocks
	dd if="$DEV" bs=512 count="$1" iflag=direct status=none | od -An -tx1 -v | tr -s ' \n' '\n' | sort -u | xargs
}

# ORWRITE(32) of one block: set or change, the policy, and two generations.
orw() { # bmop policy expected new [w file]
	scsi "${@:5}" 7f 00 "$1" "$2" 00 00 00 18 00 0e 00 00 00 00 00 00 00 00 00 00 00 00 00 "$3" \
		00 00 00 "$4" 00 00 00 01
}

sixteen() {
	fill 0c 2048 | dd of="$DEV" bs=64k oflag=direct iflag=fullblock status=none
	fill 61 2048 >data
	scsi_is good "1 MiB" w data 8b 00 00 00 00 00 00 00 00 00 00 00 08 00 00 00
	is "$(medium 2048)" 6d "0Ch or 61h is 6Dh"
	is "$(dd if="$DEV" bs=512 skip=2048 count=8 iflag=direct status=none | tr -d '\0' | wc -c)" 0 "nothing behind it changes"
	scsi_is good "no block" 8b 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00
	scsi_is "5/21/00 info=00020000" "behind the end" 8b 00 00 00 00 00 00 02 00 00 00 00 00 01 00 00
	scsi_is "5/24/00 sks=cf0001" "ORPROTECT is refused" 8b 20 00 00 00 00 00 00 00 00 00 00 00 00 00 00
}

generations() {
	fill 3c 1 | dd of="$DEV" bs=512 oflag=direct status=none
	fill 0f 1 >data
	orw 01 00 00 05 w data
	is "$ANSWER" good "generation 0 becomes 5, policy 0"
	is "$(medium 1)" 0c "3Ch and 0Fh is 0Ch"
	orw 00 00 05 00 w data
	is "$ANSWER" good "a set of generation 5"
	is "$(medium 1)" 0f "sets"
	orw 01 05 07 09 w data
	is "$ANSWER" "5/2c/0c" "generation 7 does not become 9"
	orw 00 00 00 00 w data
	is "$ANSWER" good "policy 0: the generation before may set"
	orw 00 00 03 00 w data
	is "$ANSWER" "5/2c/0c" "any other may not"
	orw 01 05 05 09 w data
	is "$ANSWER" good "generation 5 becomes 9, policy 5"
	fill f0 1 >data
	orw 00 00 05 00 w data
	is "$ANSWER" good "policy 5: the generation before is discarded"
	is "$(medium 1)" 0f "and sets nothing"
	scsi_is good "ORWRITE(16) has generation 0, and is discarded" w data 8b 00 00 00 00 00 00 00 00 00 00 00 00 01 00 00
	is "$(medium 1)" 0f "as well"
	orw 02 00 09 00 w data
	is "$ANSWER" "5/24/00 sks=ca0002" "another BMOP is refused"
	orw 01 01 09 00 w data
	is "$ANSWER" "5/24/00 sks=cb0003" "another policy is refused"
	ok "a LUN reset" timeout $((60 * SLOW)) sg_reset -N -d "$SG"
	scsi 00 00 00 00 00 00
	orw 00 00 09 00 w data
	is "$ANSWER" good "keeps the generation"
	is "$(medium 1)" ff "which sets"
}

test() {
	make_disk 16384 || return
	sixteen
	generations
	scsi_close
	lio_clear
}
