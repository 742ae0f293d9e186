# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="Each command that REPORT SUPPORTED OPERATION CODES lists is accepted, each that it does not list is refused, and no reserved bit passes."
TIMEOUT=300
. /rig/src/tests/vm/common.sh
# LIO of 6.1 cannot report its commands.
requires() { [ "$KERNEL:$PEER" != 6.1:lio ] || skip "LIO of 6.1 reports nothing"; }

# Writes "opcode service-action length" of each reported command to the file
# rows; no service action is "-".
report() {
	local op sa1 sa2 flags len1 len2
	scsi r 65532 a3 0c 00 00 00 00 00 00 ff fc 00 00
	echo "$DATA" | tr ' ' '\n' | sed 1,4d | paste -d' ' - - - - - - - - |
		while read -r op _ sa1 sa2 _ flags len1 len2; do
			[ $((0x$flags & 1)) = 1 ] || sa1='' sa2=-
			echo "$op $sa2 $((0x$len1$len2))"
		done >rows
}

# Sets MASK to the usage data of one command.
usage() { # opcode service-action
	if [ "$2" = - ]; then
		scsi r 64 a3 0c 01 "$1" 00 00 00 00 00 40 00 00
	else
		scsi r 64 a3 0c 02 "$1" 00 "$2" 00 00 00 40 00 00
	fi
	read -ra MASK <<<"$(echo "$DATA" | cut -d' ' -f5-)"
}

# Sets CDB to one with nothing in it but what names the command.
plain() { # opcode service-action length
	local i
	CDB=()
	for ((i = 0; i < $3; i++)); do CDB[i]=00; done
	CDB[0]=$1
	if [ "$1" = 7f ]; then
		CDB[7]=$(printf %02x $(($3 - 8)))
		CDB[9]=$2
	elif [ "$2" != - ]; then
		CDB[1]=$2
	fi
}

# Is the bit part of what names the command?
names_it() { # opcode service-action byte bit
	if [ "$1" = 7f ]; then
		[ "$3" -ge 7 ] && [ "$3" -le 9 ]
	else
		[ "$2" != - ] && [ "$3" = 1 ] && [ "$4" -lt 5 ]
	fi
}

# True when ANSWER's field pointer means this bit: itself, or the first bit of a
# field of several that it is in.
points_at() { # byte bit
	local bit want
	for ((bit = $2; bit < 8; bit++)); do
		printf -v want '5/24/00 sks=%02x%04x' $((0xc8 | bit)) "$1"
		[ "$ANSWER" != "$want" ] || return 0
	done
	return 1
}

# Each bit that the usage data has off, alone, must be refused and pointed at.
reserved_bits() { # opcode service-action length
	local byte bit
	for ((byte = 1; byte < $3; byte++)); do
		for ((bit = 0; bit < 8; bit++)); do
			[ $((0x${MASK[byte]} >> bit & 1)) = 0 ] || continue
			! names_it "$1" "$2" $byte $bit || continue
			plain "$@"
			printf -v CDB[byte] %02x $((0x${CDB[byte]} | 1 << bit))
			scsi "${CDB[@]}"
			BITS=$((BITS + 1))
			points_at $byte $bit || echo "${CDB[*]}: $ANSWER"
		done
	done >bad
}

each_row() {
	local op sa len
	BITS=0
	while read -r op sa len; do
		usage "$op" "$sa"
		is "${MASK[0]:-}" "$op" "$op $sa: its usage data begins with it"
		is "${#MASK[@]}" "$len" "$op $sa: and is as long as its CDB"
		plain "$op" "$sa" "$len"
		scsi "${CDB[@]}"
		ok "$op $sa is accepted ($ANSWER)" accepted "$ANSWER"
		# LIO checks few reserved bits.
		[ "$PEER" = lio ] || {
			reserved_bits "$op" "$sa" "$len"
			is "$(head -n 3 bad)" "" "$op $sa: reserved bits are refused"
		}
	done <rows
	[ "$PEER" = lio ] || ok "$BITS reserved bits" [ $BITS -gt 500 ]
}

accepted() { # answer
	case $1 in 5/20/00* | host* | ioctl* | sgio*) return 1 ;; esac
}

# All opcodes without a row.
unlisted() {
	local i op bad=''
	for ((i = 0; i < 256; i++)); do
		printf -v op %02x $i
		grep -q "^$op " rows && continue
		scsi "$op" 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00
		[[ $ANSWER == 5/20/00* ]] || bad+=" $op($ANSWER)"
	done
	is "$bad" "" "no other opcode is known"
	scsi_like '^5/2[04]/00' "nor another service action" r 32 9e 1f 00 00 00 00 00 00 00 00 00 00 00 20 00 00
}

# strict_cdb off: reserved bits pass, as other targets let them.
lenient() {
	scsi_is "5/24/00 sks=c80004" "a reserved bit is refused" 00 00 00 00 01 00
	ok "strict_cdb is turned off" sh -c "echo 0 >$DISK/attrib/strict_cdb"
	scsi_is good "the same bit passes" 00 00 00 00 01 00
	ok "and on" sh -c "echo 1 >$DISK/attrib/strict_cdb"
	scsi_is "5/24/00 sks=c80004" "it is refused again" 00 00 00 00 01 00
}

test() {
	make_disk 16384 || return
	report
	note "reported: $(paste -sd, rows)"
	ok "at least 24 commands are reported" [ "$(wc -l <rows)" -ge 24 ]
	ok "sg_opcodes reads them" quietly sg_opcodes "$SG"
	is "$(grep -cE '^ [0-9a-f]{2} ' quietly)" "$(wc -l <rows)" "all of them"
	each_row
	unlisted
	# One of them was START STOP UNIT without START.
	scsi 1b 00 00 00 01 00
	[ "$PEER" = lio ] || lenient
	scsi_close
	lio_clear
}
