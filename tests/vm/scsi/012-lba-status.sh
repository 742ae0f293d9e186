# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="GET LBA STATUS tells which blocks of a ramdisk have memory, and follows writes and UNMAP."
TIMEOUT=300
. /rig/src/tests/vm/common.sh
requires() { _have_peer ours; }

# Sets ANSWER and STATUS, "lba+blocks=status" for each descriptor, and END, byte 7.
status() { # lba room [report [scan]]
	local lba room scan d
	lba=$(printf '%02x %02x %02x %02x' $(($1 >> 24)) $(($1 >> 16 & 255)) $(($1 >> 8 & 255)) $(($1 & 255)))
	scan=$(printf '%02x %02x' $((${4:-0} >> 8)) $((${4:-0} & 255)))
	room=$(printf '%02x %02x' $(($2 >> 8)) $(($2 & 255)))
	# shellcheck disable=SC2086 # one word per byte
	if [ -z "${4:-}" ]; then
		scsi r "$2" 9e 12 00 00 00 00 $lba 00 00 $room "${3:-00}" 00
	else
		scsi r "$2" 7f 00 00 00 00 00 00 18 00 12 "${3:-00}" 00 00 00 00 00 $lba \
			00 00 $scan 00 00 00 00 00 00 $room
	fi
	read -ra d <<<"$DATA"
	END=${d[7]:-} STATUS=''
	d=("${d[@]:8}")
	while [ ${#d[@]} -ge 16 ]; do
		STATUS+=" $((0x${d[4]}${d[5]}${d[6]}${d[7]}))+$((0x${d[8]}${d[9]}${d[10]}${d[11]}))=$((0x${d[12]}))"
		d=("${d[@]:16}")
	done
	STATUS=${STATUS# }
}

put() { # lba blocks
	dd if=/dev/urandom of="$DEV" bs=512 seek="$1" count="$2" oflag=direct status=none
}

test() {
	make_disk 16384 || return
	status 0 1000
	is "$ANSWER" "5/24/00 sks=cc0001" "a unit that is not thin has no such service action"
	ok "emulate_tpu is turned on" sh -c "echo 1 >$DISK/attrib/emulate_tpu"
	status 0 1000
	is "$STATUS end $END" "0+131072=1 end 07" "nothing has memory"
	put 64 8
	put 1001 1
	status 0 1000
	is "$STATUS end $END" "0+64=1 64+8=0 72+928=1 1000+8=0 1008+130064=1 end 07" \
		"pages that were written have"
	status 66 24
	is "$STATUS end $END" "66+6=0 end 03" "the room for one descriptor"
	status 66 1000 02
	is "$STATUS end $END" "66+6=3 1000+8=3 end 07" "only those that are mapped"
	status 66 1000 03
	is "$STATUS end $END" "72+928=1 1008+130064=1 end 07" "only those that are deallocated"
	status 66 1000 10
	is "$STATUS end $END" " end 07" "none is bad"
	status 60 1000 00 10
	is "$STATUS end $END" "60+4=1 64+6=0 end 05" "10 blocks are looked at"
	status 131071 1000 00 10
	is "$STATUS end $END" "131071+1=1 end 07" "the last block"
	status 131072 1000
	is "$ANSWER" "5/21/00 info=00020000" "behind the end"
	status 0 1000 05
	is "$ANSWER" "5/24/00 sks=cf000e" "a reserved report type"
	ok "sg_unmap of half a page" quietly sg_unmap --lba=64 --num=4 --force "$SG"
	status 64 24
	is "$STATUS" "64+8=0" "it stays"
	ok "sg_unmap of a page" quietly sg_unmap --lba=64 --num=8 --force "$SG"
	status 0 24
	is "$STATUS" "0+1000=1" "it goes"
	like "$(sg_get_lba_status --brief --maxlen=1000 "$SG")" '0x0*3e8 +0x8 +0' "sg_get_lba_status reads it"
	ok "and the long form" quietly sg_get_lba_status --32 --maxlen=1000 "$SG"
	scsi_close
	lio_clear
}
