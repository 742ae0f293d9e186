# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="TEST UNIT READY, REQUEST SENSE, SYNCHRONIZE CACHE, START STOP UNIT and REPORT LUNS do what sg3_utils expects of them."
TIMEOUT=300
. /rig/src/tests/vm/common.sh

select_is() { # select-report luns text
	scsi r 4096 a0 00 "$1" 00 00 00 00 00 10 00 00 00
	is "$(echo "$DATA" | cut -d' ' -f9-)" "$2" "REPORT LUNS $1h: $3"
}

luns_by_select() {
	local all="00 00 00 00 00 00 00 00 00 01 00 00 00 00 00 00 00 07 00 00 00 00 00 00"
	select_is 00 "$all" "LUNs 0, 1 and 7"
	select_is 01 "" "there is no well known LUN"
	select_is 02 "$all" "all of them"
	select_is 10 "" "there is no administrative LUN"
	select_is 11 "$all" "all of them"
	select_is 12 "" "nothing is subsidiary"
	scsi_is "5/24/00 sks=cf0002" "03h is refused" r 64 a0 00 03 00 00 00 00 00 00 40 00 00
	scsi_is "5/24/00 sks=cf0006" \
		"an allocation length below 16 is refused" r 64 a0 00 00 00 00 00 00 00 00 0f 00 00
	data_is \
		"00 00 00 18 00 00 00 00 00 00 00 00 00 00 00 00" "16 bytes hold the length of the whole list" 16 a0 00 00 00 00 00 00 00 00 10 00 00
}

test() {
	make_disk 4096 || return
	ok "LUN 1" add_lun 1 1024
	ok "LUN 7" add_lun 7 1024
	scsi_is good "TEST UNIT READY" 00 00 00 00 00 00
	ok "sg_turs" quietly sg_turs -n 10 "$SG"
	ok "sg_requests" quietly sg_requests "$SG"
	data_is \
		"70 00 00 00 00 00 00 0a 00 00 00 00 00 00 00 00 00 00" "REQUEST SENSE: nothing to tell" 252 03 00 00 00 fc 00
	ok "sg_sync" quietly sg_sync "$SG"
	ok "sg_sync with 16 bytes" quietly sg_sync -S --lba=8 --count=8 "$SG"
	ok "sg_luns" quietly sg_luns "$SG"
	# What follows LIO answers its own way.
	if [ "$PEER" = ours ]; then
		luns_by_select
		ok "sg_requests for descriptor sense" quietly sg_requests -d "$SG"
		scsi r 252 03 01 00 00 fc 00
		like "$DATA" "^72 00 00 00" "which comes in that format"
		ok "sg_start" quietly sg_start "$SG"
		ok "sg_start --stop" quietly sg_start --stop "$SG"
		ok "sg_start again" quietly sg_start "$SG"
		scsi_is good "the unit is ready" 00 00 00 00 00 00
		ok "sg_opcodes shows task management" quietly sg_opcodes -t "$SG"
	fi
	scsi_close
	lio_clear
}
