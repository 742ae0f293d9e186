# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="An access state refuses what it must with its own sense, everyone hears of a change, and REPORT TARGET PORT GROUPS tells it."
. /rig/src/tests/vm/alua/lib.sh
requires() { _have_peer ours; }

READ="r 512 28 00 00 00 00 00 00 00 01 00"
INQ="r 36 12 00 00 00 24 00"
RTPG="a3 0a 00 00 00 00 00 00 01 00 00 00"
CHANGED=6/2a/06

# What is refused where; first comes the condition, on both ways.
refusals() { # state tur inquiry rtpg capacity mode-sense write-buffer
	ok "state $1" set_state "$GP2" "$1"
	tur "$SG1" $CHANGED "the other way hears of it"
	tur "$SG1" good "and goes on as before"
	tur "$SG2" $CHANGED "this way as well"
	tur "$SG2" "$2" "TEST UNIT READY in state $1"
	scsi_is "$2" "READ(10)" "@$SG2" $READ
	scsi_is "$3" "INQUIRY" "@$SG2" $INQ
	is "${DATA:0:2}" "$([ "$1" = 3 ] && echo 20 || echo 00)" "with its qualifier"
	scsi_is "$4" "REPORT TARGET PORT GROUPS" "@$SG2" r 256 $RTPG
	scsi_is "$5" "READ CAPACITY(10)" "@$SG2" r 8 25 00 00 00 00 00 00 00 00 00
	scsi_is "$6" "MODE SENSE(6)" "@$SG2" r 24 1a 08 0a 00 18 00
	scsi_is "$7" "READ BUFFER, echo descriptor" "@$SG2" r 4 3c 0b 00 00 00 00 00 00 04 00
}

# By that qualifier Linux makes no block device of what it finds so; what it has stays.
found_unavailable() {
	local sdev hctl
	sdev=$(readlink -f "/sys/class/scsi_generic/${SG2##*/}/device")
	hctl=${sdev##*/}
	ok "unavailable" set_state "$GP2" 3
	ok "its block device is still there" test -e "$sdev/block"
	scsi_close
	echo 1 >"$sdev/delete"
	ok "the SCSI device goes" wait_until 30 sh -c "[ ! -e /sys/class/scsi_device/$hctl ]"
	tr : ' ' <<<"${hctl#*:}" >"/sys/class/scsi_host/host${hctl%%:*}/scan"
	ok "and is found again" wait_until 30 test -e "/sys/class/scsi_device/$hctl"
	not_ok "without a block device" test -e "/sys/class/scsi_device/$hctl/device/block"
}

report() { scsi "@$SG1" r 256 $RTPG; }

test() {
	make_paths || return
	report
	is "$DATA" "00 00 00 18 00 cf 00 0a 00 00 00 01 00 00 00 01 00 cf 00 14 00 00 00 01 00 00 00 02" \
		"two groups of one port each, active and all else supported"
	scsi "@$SG1" r 256 a3 2a 00 00 00 00 00 00 01 00 00 00
	is "${DATA:0:23}" "00 00 00 1c 10 00 00 00" "the extended header"
	scsi_is "5/24/00 sks=cf0001" "no third format" "@$SG1" r 256 a3 4a 00 00 00 00 00 00 01 00 00 00
	scsi "@$SG1" $INQ
	is "$((0x${DATA:15:2} >> 4 & 3))" 3 "TPGS is implicit and explicit"

	refusals 2 2/04/0b good good good good good
	refusals 3 2/04/0c good good 2/04/0c 2/04/0c good
	refusals 14 2/04/12 good good 2/04/12 2/04/12 good
	refusals 15 2/04/0a good good 2/04/0a 2/04/0a 2/04/0a
	state_is "$GP2" "15 Altered by Implicit ALUA" "the state can be read"
	refusals 0 good good good good good good

	ok "it prefers the second way" sh -c "echo 1 >$GP2/preferred"
	report
	is "$(cut -d' ' -f17-20 <<<"$DATA")" "80 cf 00 14" "and says so"
	ok "standby is no longer supported" sh -c "echo 0 >$GP2/alua_support_standby"
	not_ok "so there is no way into it" set_state "$GP2" 2
	report
	is "$(cut -d' ' -f17-20 <<<"$DATA")" "80 cb 00 14" "and it says so"

	ok "port 2 alone is offline" sh -c "echo 1 >$(lio_tpg $WWN 2)/lun/lun_0/alua_tg_pt_offline"
	settle
	tur "$SG2" 2/04/12 "TEST UNIT READY there"
	tur "$SG1" good "and on the other way"
	like "$(paste -sd, "$(lio_tpg $WWN 2)/lun/lun_0/alua_tg_pt_gp")" "Secondary Access State: Offline,.*Implicit" "its file says so"
	ok "and online again" sh -c "echo 0 >$(lio_tpg $WWN 2)/lun/lun_0/alua_tg_pt_offline"
	settle
	tur "$SG2" good "TEST UNIT READY"

	ok "explicit only" sh -c "echo 2 >$GP2/alua_access_type"
	tur "$SG2" 6/3f/03 "INQUIRY data has changed"
	not_ok "the administrator can set no state then" set_state "$GP2" 1
	ok "implicit again" sh -c "echo 3 >$GP2/alua_access_type"
	found_unavailable
	scsi_close
	lio_clear
}
