# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="Power conditions, an ejected medium and its prevention are what START STOP UNIT and PREVENT ALLOW MEDIUM REMOVAL make them."
TIMEOUT=300
. /rig/src/tests/vm/common.sh
requires() { _have_peer ours; }

TUR="00 00 00 00 00 00"
READ="28 00 00 00 00 00 00 00 01 00"

# START STOP UNIT, what REQUEST SENSE says then, and whether a READ is served.
# shellcheck disable=SC2086 # a CDB is words
condition() { # modifier bits sense-code read-answer text
	scsi_is good "$5" 1b 00 00 "$1" "$2" 00
	scsi r 18 03 00 00 00 12 00
	is "$(echo "$DATA" | cut -d' ' -f13-14)" "$3" "REQUEST SENSE says so"
	scsi_is "$4" "a READ then" r 512 $READ
}

# A ramdisk whose medium can be removed.
removable_disk() {
	lio_mk_rd disk 16384 && echo 1 >"$CORE/rd_mcp_0/disk/attrib/removable" &&
		lio_mk_port $WWN && lio_link $WWN 1 0 rd_mcp_0/disk || return
	DEV=$(lio_dev $WWN 1 0)
	SG=$(lio_sg $WWN 1 0)
}

# Four bytes of a parameter: of page, from the offset in the page on.
counter() { # page offset
	scsi r 1024 4d 00 "$(printf %02x $((0x40 | 0x$1)))" 00 00 00 00 04 00 00
	echo $((0x$(echo "$DATA" | cut -d' ' -f$(($2 + 1))-$(($2 + 4)) | tr -d ' ')))
}

# shellcheck disable=SC2086
fixed() {
	local cycles idle
	make_disk 16384 || return
	cycles=$(counter 0e 18) idle=$(counter 1a 16)
	condition 00 10 "00 00" good "ACTIVE"
	condition 00 20 "5e 03" good "IDLE_A"
	condition 02 20 "5e 08" good "IDLE_C"
	condition 01 30 "5e 0a" good "STANDBY_Y"
	condition 00 00 "04 02" 2/04/02 "stopped"
	scsi_is 2/04/02 "TEST UNIT READY" $TUR
	condition 00 01 "00 00" good "started"
	is $(($(counter 0e 18) - cycles)) 1 "one start-stop cycle is logged"
	is $(($(counter 1a 16) - idle)) 1 "and one transition to idle_a"
	scsi_is "5/24/00 sks=cf0004" "a reserved power condition is refused" 1b 00 00 00 40 00
	scsi_is "5/24/00 sks=cb0003" "and a modifier that is not there" 1b 00 00 03 20 00
	scsi_is "5/24/00 sks=c90004" "nothing can be ejected" 1b 00 00 00 02 00
	scsi_is 5/20/00 "nor its removal be prevented" 1e 00 00 00 01 00
	like "$(sg_inq "$SG")" 'RMB=0' "nor is RMB set"
	ok "sg_start --pc=2 --mod=1" quietly sg_start --pc=2 --mod=1 "$SG"
	scsi_close
	lio_clear
}

# shellcheck disable=SC2086
removable() {
	local sum
	ok "a removable disk" removable_disk || return
	like "$(sg_inq "$SG")" 'RMB=1' "RMB is set"
	ok "it is written" quietly dd if=/dev/urandom of="$DEV" bs=64k count=1 oflag=direct
	sum=$(dd if="$DEV" bs=64k count=1 iflag=direct status=none | md5sum)
	ok "sg_prevent" quietly sg_prevent "$SG"
	scsi_is 5/53/02 "an eject is refused" 1b 00 00 00 02 00
	ok "sg_prevent --allow" quietly sg_prevent --allow "$SG"
	ok "sg_start --eject" quietly sg_start --eject "$SG"
	scsi_is 2/3a/00 "TEST UNIT READY" $TUR
	scsi_is 2/3a/00 "READ" r 512 $READ
	scsi_is 2/3a/00 "READ CAPACITY(10)" r 8 25 00 00 00 00 00 00 00 00 00
	scsi_is 2/3a/00 "START" 1b 00 00 00 01 00
	scsi_is good "INQUIRY is answered" r 36 12 00 00 00 24 00
	ok "sg_start --load" quietly sg_start --load "$SG"
	scsi_is good "the unit is ready" $TUR
	is "$(dd if="$DEV" bs=64k count=1 iflag=direct status=none | md5sum)" "$sum" "with what was written"
	scsi_close
	lio_clear
}

test() {
	fixed
	removable
}
