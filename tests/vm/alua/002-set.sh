# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="SET TARGET PORT GROUPS changes states at once or after a delay, tells everyone but who asked, and refuses what it must."
. /rig/src/tests/vm/alua/lib.sh
requires() { _have_peer ours; }

# Descriptors: bytes in hex, after the header of four.
stpg() { # sg byte...
	printf '%b' "\\x00\\x00\\x00\\x00$(printf '\\x%s' "${@:2}")" >"$WORK/list"
	scsi "@$1" w "$WORK/list" a4 0a 00 00 00 00 00 00 00 "$(printf %02x "$(stat -c %s "$WORK/list")")" 00 00
}

stpg_is() { # want text sg byte...
	stpg "${@:3}"
	is "$ANSWER" "$1" "$2"
}

test() {
	local start lun2 pid
	make_paths || return
	lun2=$(lio_tpg $WWN 2)/lun/lun_0
	stpg_is good "group 20 to standby, asked on the first way" "$SG1" 02 00 00 14
	state_is "$GP2" "2 Altered by Explicit STPG" "so it is"
	tur "$SG1" good "who asked is not told"
	tur "$SG2" 6/2a/06 "the other is"
	tur "$SG2" 2/04/0b "standby"
	stpg_is good "both at once, asked where it is standby" "$SG2" 02 00 00 0a 00 00 00 14
	state_is "$GP1" "2 Altered by Explicit STPG" "one group"
	state_is "$GP2" "0 Altered by Explicit STPG" "and the other"
	settle

	stpg_is "5/26/00 sks=8f0006" "there is no group 21" "$SG2" 00 00 00 15
	stpg_is "5/26/00 sks=8b0004" "transitioning is no state to ask for" "$SG2" 0f 00 00 14
	stpg_is "5/26/00 sks=8f0008" "reserved bits of a second descriptor" "$SG2" 00 00 00 0a 40 00 00 14
	state_is "$GP1" "2 Altered by Explicit STPG" "nothing was done by halves"
	stpg_is "5/1a/00" "half a descriptor" "$SG2" 00 00
	scsi_is good "no list at all" "@$SG2" a4 0a 00 00 00 00 00 00 00 00 00 00
	ok "unavailable is no longer supported" sh -c "echo 0 >$GP1/alua_support_unavailable"
	stpg_is "5/26/00 sks=8b0004" "nor can be asked for" "$SG2" 03 00 00 0a
	stpg_is good "port 2 goes offline alone" "$SG2" 0e 00 00 02
	is "$(cat "$lun2/alua_tg_pt_offline") $(cat "$lun2/alua_tg_pt_status")" "1 1" "its files say so"
	ok "it comes back" sh -c "echo 0 >$lun2/alua_tg_pt_offline"

	ok "a delay of 800 ms" sh -c "echo 800 >$GP1/trans_delay_msecs"
	settle
	start=$(date +%s%N)
	stpg_is good "group 10 to active" "$SG2" 00 00 00 0a
	ok "it took its time" test $((($(date +%s%N) - start) / 1000000)) -ge 800
	tur "$SG1" 6/2a/06 "the other way is told"
	tur "$SG1" good "and works"
	# While it goes on.
	(set_state "$GP1" 1) &
	pid=$!
	ok "it is transitioning" wait_until 5 grep -q 15 "$GP1/alua_access_state"
	tur "$SG1" 6/2a/06 "which is told"
	tur "$SG1" 2/04/0a "commands are refused"
	wait $pid
	state_is "$GP1" "1 Altered by Implicit ALUA" "then it is there"
	settle

	ok "non-optimized takes 300 ms" sh -c "echo 300 >$GP1/nonop_delay_msecs"
	start=$(date +%s%N)
	scsi_is good "READ(10)" "@$SG1" r 512 28 00 00 00 00 00 00 00 01 00
	ok "it took its time" test $((($(date +%s%N) - start) / 1000000)) -ge 300
	ok "implicit only" sh -c "echo 1 >$GP1/alua_access_type"
	settle
	stpg_is "5/26/00 sks=8f0006" "then there is nothing to ask" "$SG2" 00 00 00 0a
	ok "all of them" sh -c "echo 1 >$GP2/alua_access_type; echo 1 >$DISK/alua/default_tg_pt_gp/alua_access_type"
	settle
	stpg_is "5/24/00 sks=cc0001" "then the service action is not known" "$SG2" 00 00 00 0a
	scsi_close
	lio_clear
}
