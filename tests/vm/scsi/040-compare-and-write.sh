# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="COMPARE AND WRITE writes when the medium is as it says, up to 255 blocks, and else tells the byte that is not."
TIMEOUT=300
. /rig/src/tests/vm/common.sh
# LIO's takes one block.
requires() { _have_peer ours; }

caw() { # blocks flags [w file]
	scsi "${@:3}" 89 "$2" 00 00 00 00 00 00 00 08 00 00 00 "$(printf %02x "$1")" 00 00
}

# The blocks that commands are about, and those beside them.
medium_is() { # file text
	dd if="$DEV" of=got bs=512 skip=8 count=255 iflag=direct status=none
	ok "$2" cmp -n "$(stat -c %s "$1")" "$1" got
	is "$(dd if="$DEV" bs=512 count=8 iflag=direct status=none | tr -d '\0' | wc -c)" 0 "nothing before it changes"
}

blocks_of() { # blocks: each time others
	head -c $(($1 * 512)) /dev/urandom
}

each() { # blocks
	blocks_of "$1" >old
	blocks_of "$1" >new
	dd if=old of="$DEV" bs=512 seek=8 oflag=direct status=none
	cat old new >both
	caw "$1" 00 w both
	is "$ANSWER" good "$1 blocks that are equal"
	medium_is new "they are written"
	caw "$1" 00 w both
	like "$ANSWER" "^e/1d/00 info=" "and now they are not equal"
	medium_is new "and not written"
}

# The first byte that is not equal.
offset() { # byte
	cp new wrong
	# shellcheck disable=SC2059 # the format is the byte
	printf "\\x$(printf %02x $((0x$(od -An -tx1 -j"$1" -N1 new | tr -d ' ') ^ 255)))" |
		dd of=wrong bs=1 seek="$1" conv=notrunc status=none
	cat wrong old >both
	caw 255 00 w both
	is "$ANSWER" "e/1d/00 info=$(printf %08x "$1")" "byte $1 is not equal"
}

limits() {
	local page
	page=$(sg_vpd -p bl "$SG")
	like "$page" "[Mm]aximum compare and write length: (255|0xff)" "VPD page B0h says 255"
	ok "emulate_caw is turned off" sh -c "echo 0 >$DISK/attrib/emulate_caw"
	caw 0 00
	is "$ANSWER" "5/20/00" "and the command is not there"
	like "$(sg_vpd -p bl "$SG")" "[Mm]aximum compare and write length: 0" "as the page says"
	ok "emulate_caw is turned on" sh -c "echo 1 >$DISK/attrib/emulate_caw"
	caw 0 00
	is "$ANSWER" good "it is there, and no block is no error"
	caw 0 18
	is "$ANSWER" good "DPO and FUA"
	scsi_is "5/21/00 info=00020000" "behind the end" 89 00 00 00 00 00 00 02 00 00 00 00 00 01 00 00
	scsi_is "5/0e/03" "half of the data" w new 89 00 00 00 00 00 00 00 00 08 00 00 00 ff 00 00
}

test() {
	local i
	make_disk 16384 || return
	for i in 1 2 8 254 255; do each $i; done
	for i in 0 511 512 70000 130559; do offset $i; done
	limits
	head -c 512 new >one
	cat one old | head -c 1024 >both
	ok "sg_compare_and_write" quietly sg_compare_and_write --in=both --lba=8 --num=1 --xferlen=1024 "$SG"
	sg_compare_and_write -q --in=both --lba=8 --num=1 --xferlen=1024 "$SG" >/dev/null 2>&1
	is $? 14 "sg_compare_and_write sees the miscompare"
	scsi_close
	lio_clear
}
