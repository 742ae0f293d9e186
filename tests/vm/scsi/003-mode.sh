# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="MODE SENSE shows pages 01, 08, 0A, 0A/01 and 1C; MODE SELECT changes every bit that is said to be changeable and no other."
TIMEOUT=300
. /rig/src/tests/vm/common.sh
# LIO accepts only what is already there.
requires() { _have_peer ours; }

# Sets PAGE to the bytes of a page, "0a" or, with a subpage, "0a/01".
sense6() { # page-control page
	local pc_page subpage=00
	[[ $2 != */* ]] || subpage=${2#*/}
	printf -v pc_page %02x $(($1 << 6 | 0x${2%/*}))
	scsi r 252 1a 08 "$pc_page" "$subpage" fc 00
	read -ra PAGE <<<"$DATA"
	PAGE=("${PAGE[@]:4}")
}

# Sends one page with MODE SELECT(6).
select6() { # bytes...
	local bytes len
	printf -v bytes '\\x%s' 00 00 00 00 "$@"
	# shellcheck disable=SC2059 # the bytes are escapes
	printf "$bytes" >list
	printf -v len %02x $((4 + $#))
	scsi w list 15 10 00 00 "$len" 00
}

# Turns over one bit of a page.
flip() { # page byte bit
	local -a new
	sense6 0 "$1"
	new=("${PAGE[@]}")
	printf -v "new[$2]" %02x $((0x${new[$2]} ^ (1 << $3)))
	select6 "${new[@]}"
}

bit_is() { # page byte bit want text
	sense6 0 "$1"
	is $((0x${PAGE[$2]} >> $3 & 1)) "$4" "$5"
}

# Turns over each changeable bit and turns it back; and of each byte one that is
# not, which must be refused.
each_bit() { # page
	local -a now mask
	local byte bit was want refused header=2
	[[ $1 != */* ]] || header=4
	sense6 0 "$1"; now=("${PAGE[@]}")
	sense6 1 "$1"; mask=("${PAGE[@]}")
	for ((byte = header; byte < ${#now[@]}; byte++)); do
		refused=''
		for ((bit = 0; bit < 8; bit++)); do
			was=$((0x${now[byte]} >> bit & 1))
			if [ $((0x${mask[byte]} >> bit & 1)) = 1 ]; then
				flip "$1" $byte $bit
				CHANGEABLE=$((CHANGEABLE + 1))
				# Of a field of several bits, not all values are known.
				[[ $ANSWER != 5/26/00* ]] || { field_of_several "$1" $byte; continue; }
				is "$ANSWER" good "page $1 byte $byte bit $bit is changeable"
				bit_is "$1" $byte $bit $((1 - was)) "it has changed"
				flip "$1" $byte $bit
				is "$ANSWER" good "it can be changed back"
				bit_is "$1" $byte $bit $was "it is as before"
			elif [ -z "$refused" ]; then
				flip "$1" $byte $bit
				printf -v want '5/26/00 sks=%02x%04x' $((0x88 | bit)) $((4 + byte))
				[ "$ANSWER" = "$want" ] || fail "page $1 byte $byte bit $bit: $ANSWER, want $want"
				refused=1
			fi
		done
	done
}

# QERR, UA_INTLCK_CTRL, TEST and MRIE: ANSWER points at them.
field_of_several() { # page byte
	[[ " 0a/3 0a/4 1c/2 1c/3 " == *" $1/$2 "* ]] || fail "page $1 byte $2: $ANSWER"
	like "$ANSWER" "^5/26/00 sks=8[a-f]00$(printf %02x $((4 + $2)))" "a value of page $1 byte $2 is not known"
}

# The values that such fields have, one after the other; each must be taken, or not.
values() { # page byte mask answer value...
	local -a new
	local value
	for value in "${@:5}"; do
		sense6 0 "$1"
		new=("${PAGE[@]}")
		printf -v "new[$2]" %02x $((0x${new[$2]} & ~$3 | value))
		select6 "${new[@]}"
		like "$ANSWER" "$4" "page $1 byte $2: $value"
		[ "$ANSWER" != good ] || { sense6 0 "$1"; is $((0x${PAGE[$2]} & $3)) $((value)) "is set"; }
	done
}

fields() {
	values 0a 3 0x06 good 0x02 0x06 0x00
	values 0a 3 0x06 '^5/26/00 sks=8a0007' 0x04
	values 0a 4 0x30 good 0x20 0x30 0x00
	values 0a 4 0x30 '^5/26/00 sks=8d0008' 0x10
	values 1c 3 0x0f good 0x02 0x06 0x00
	values 1c 3 0x0f '^5/26/00 sks=8b0007' 0x01 0x05 0x0f
}

# TEST, which is told on request.
exception() {
	values 1c 3 0x0f good 0x06
	values 1c 2 0x0c good 0x04
	scsi r 18 03 00 00 00 12 00
	is "$(echo "$DATA" | cut -d' ' -f3,13-14)" "00 5d ff" "REQUEST SENSE tells of the test exception"
	scsi r 16 4d 00 6f 00 00 00 00 00 10 00
	is "$(echo "$DATA" | cut -d' ' -f9-10)" "5d ff" "log page 2F, too"
	values 1c 2 0x0c good 0x08
	values 1c 3 0x0f good 0x00
}

test() {
	local page current
	CHANGEABLE=0
	make_disk 16384 || return
	ok "sg_modes shows all pages" quietly sg_modes -a "$SG"
	sense6 0 3f
	is "${#PAGE[@]}" 56 "they are 12, 20, 12 and 12 bytes"
	for page in 01 08 0a 0a/01 1c; do
		sense6 0 $page
		current=${PAGE[*]}
		like "$current" "^${page/0a?01/4a 01} " "page $page"
		sense6 2 $page
		is "${PAGE[*]}" "$current" "its default values are the current ones"
		each_bit $page
	done
	fields
	exception
	ok "something was changeable ($CHANGEABLE bits)" [ $CHANGEABLE -gt 2 ]
	scsi_is 5/39/00 "saved values are not supported" r 252 1a 08 ff 00 fc 00
	scsi_is "5/24/00 sks=cd0002" "an unknown page is refused" r 252 1a 08 05 00 fc 00
	sense6 1 0a
	[ $((0x${PAGE[4]} & 8)) = 0 ] || write_protection
	scsi_close
	lio_clear
}

# SWP, bit 3 of byte 4 of the control page.
write_protection() {
	head -c 512 /dev/zero >block
	flip 0a 4 3
	is "$ANSWER" good "SWP is set"
	scsi_like '^7/27/00' "a write is refused" w block 2a 00 00 00 00 00 00 00 01 00
	flip 0a 4 3
	is "$ANSWER" good "SWP is cleared"
	scsi_is good "a write works again" w block 2a 00 00 00 00 00 00 00 01 00
}
