# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="PRE-FETCH, SYNCHRONIZE CACHE and READ DEFECT DATA have ranges, IMMED and formats as the standard says."
TIMEOUT=300
. /rig/src/tests/vm/common.sh
requires() { _have_peer ours; }

cache() {
	scsi_is good "PRE-FETCH(10) of all" 34 00 00 00 00 00 00 00 00 00
	scsi_is good "PRE-FETCH(10) of some, IMMED" 34 02 00 00 00 08 00 00 10 00
	scsi_is "5/21/00 info=00020000" "PRE-FETCH(10) behind the end" 34 00 00 01 ff ff 00 00 02 00
	scsi_is good "PRE-FETCH(16) to the end" 90 00 00 00 00 00 00 01 ff ff 00 00 00 00 00 00
	scsi_is good "PRE-FETCH(16) of some, IMMED" 90 02 00 00 00 00 00 01 00 00 00 00 10 00 00 00
	scsi_is "5/21/00 info=00020001" "PRE-FETCH(16) behind the end" 90 00 00 00 00 00 00 02 00 01 00 00 00 00 00 00
	scsi_is good "SYNCHRONIZE CACHE(10), IMMED" 35 02 00 00 00 00 00 00 00 00
	scsi_is good "SYNCHRONIZE CACHE(16) of a range, IMMED" 91 02 00 00 00 00 00 00 00 08 00 00 00 08 00 00
	scsi_is "5/21/00 info=00020000" "and of one behind the end" 91 02 00 00 00 00 00 02 00 00 00 00 00 01 00 00
	scsi_is good "SYNC_NV asks for less" 35 04 00 00 00 00 00 00 00 00
	scsi_is good "nothing is left to be told" 00 00 00 00 00 00
}

# What comes beside an error is data all the same.
defects() {
	data_is "00 00 00 00" "READ DEFECT DATA(10): header alone" 4 37 00 00 00 00 00 00 00 04 00
	data_is "00 18 00 00" "both lists, short blocks" 8 37 00 18 00 00 00 00 00 08 00
	data_is "00 0b 00 00" "grown list, long blocks" 8 37 00 0b 00 00 00 00 00 08 00
	scsi r 8 37 00 0c 00 00 00 00 00 08 00
	is "$ANSWER: $DATA" "1/1c/00: 00 0b 00 00" "bytes from index come as long blocks"
	data_is "00 13 00 00 00 00 00 00" "READ DEFECT DATA(12): primary list, long blocks" 32 b7 13 00 00 00 00 00 00 00 20 00 00
	data_is "00 08 00 00 00 00 00 00" "an index behind the end" 32 b7 08 00 00 00 01 00 00 00 20 00 00
	scsi r 8 b7 1d 00 00 00 00 00 00 00 08 00 00
	is "$ANSWER: $DATA" "1/1c/00: 00 1b 00 00 00 00 00 00" "physical sectors come as long blocks"
	scsi_is "5/24/00 sks=ca0001" "a reserved format is refused" r 8 b7 07 00 00 00 00 00 00 00 08 00 00
	ok "sg_reassign reads the grown list" quietly sg_reassign --grown "$SG"
	ok "and the primary one" quietly sg_reassign --primary "$SG"
}

test() {
	make_disk 16384 || return
	cache
	defects
	scsi_close
	lio_clear
}
