# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="Each unit attention condition that a unit can have is told once to each nexus that it concerns, by the usual tools and in order."
. /rig/src/tests/vm/alua/lib.sh
requires() { _have_peer ours && _have_program sg_timestamp sg_ident sg_logs sg_persist sg_start; }

NEXUSES=/sys/kernel/debug/target_core/nexuses
INQ="r 36 12 00 00 00 24 00"

# What each of the two nexuses hears, once.
heard() { # first second text
	tur "$SG1" "$1" "$3"
	tur "$SG2" "$2" "$3, the other nexus"
	tur "$SG1" good "it is told once"
	tur "$SG2" good "to either"
}

# A byte of a mode page is replaced through one of the nexuses, as sg_wr_mode would.
set_mode() { # sg page byte value
	local data
	scsi "@$1" r 64 1a 08 "$2" 00 40 00
	read -r -a data <<<"00 00 00 00 ${DATA:12}"
	data[4]=$(printf %02x $((0x${data[4]} & 0x3f)))
	data[4 + $3]=$4
	printf '%b' "$(printf '\\x%s' "${data[@]}")" >"$WORK/page"
	scsi "@$1" w "$WORK/page" 15 10 00 00 "$(printf %02x ${#data[@]})" 00
	is "$ANSWER" good "mode page $2 is set"
}

# Without the disk driver, whose questions would hear it.
power_on() {
	local sg
	echo 0 >/sys/bus/scsi/drivers_autoprobe
	lio_mk_port $WWN 3 && lio_link $WWN 3 0 rd_mcp_0/disk && sg=$(lio_sg $WWN 3 0)
	tur "$sg" 6/29/00 "a new nexus has been powered on"
	tur "$sg" good "which is told once"
	tur "$SG1" good "and to no other"
	ok "it goes" lio_unlink $WWN 3 0
	echo 1 >/sys/bus/scsi/drivers_autoprobe
}

told_by_tools() {
	ok "LOGICAL UNIT RESET" sh -c "echo logical_unit_reset 0 >$(lio_tpg $WWN 1)/attrib/task_management"
	heard 6/29/03 6/29/03 "a reset"
	ok "a port loses its link" sh -c "echo offline >$(lio_tpg $WWN 2)/transport_status; echo online >$(lio_tpg $WWN 2)/transport_status"
	heard good 6/29/07 "a lost nexus"
	set_mode "$SG1" 0a 2 06
	heard good 6/2a/01 "mode parameters"
	set_mode "$SG2" 0a 2 02
	heard 6/2a/01 good "mode parameters, from the other"
	ok "sg_logs --reset" sh -c "sg_logs --reset --select $SG1 >/dev/null"
	heard good 6/2a/02 "log parameters"
	ok "sg_timestamp" sg_timestamp --milliseconds=1000000 "$SG1"
	heard good 6/2a/10 "the timestamp"
	ok "sg_ident" sh -c "printf name | sg_ident --set $SG1"
	heard good 6/3f/05 "identifying information"
	set_mode "$SG1" 1c 2 04
	tur "$SG1" good "no method of reporting, nothing said"
	settle
	set_mode "$SG1" 1c 3 02
	tur "$SG1" 6/5d/ff "a false failure prediction"
	settle
	set_mode "$SG1" 1c 2 08
	settle
}

reservations() {
	local p="sg_persist --out --no-inquiry"
	ok "two registrations" sh -c "$p --register --param-sark=1 $SG1 && $p --register --param-sark=2 $SG2"
	ok "a reservation for registrants" $p --reserve --param-rk=1 --prout-type=5 "$SG1"
	ok "is released" $p --release --param-rk=1 --prout-type=5 "$SG1"
	heard good 6/2a/04 "a release"
	ok "another" $p --reserve --param-rk=1 --prout-type=5 "$SG1"
	ok "is preempted with its registration" $p --preempt --param-rk=2 --param-sark=1 --prout-type=5 "$SG2"
	heard 6/2a/05 good "a registration that is gone"
	ok "registered again" $p --register --param-sark=1 "$SG1"
	ok "all are cleared" $p --clear --param-rk=2 "$SG2"
	heard 6/2a/03 good "a reservation that is gone"
}

changes() {
	local pid
	ok "sg_stpg" sg_stpg --tp=20 --state=1 "$SG1"
	heard good 6/2a/06 "a state by request"
	ok "a state without" set_state "$GP2" 0
	heard 6/2a/06 6/2a/06 "a state"
	# What was supported is not any more when its time has come.
	echo 3000 >"$GP2/trans_delay_msecs"
	(set_state "$GP2" 2) &
	pid=$!
	ok "a transition" wait_until 20 grep -q 15 "$GP2/alua_access_state"
	echo 0 >"$GP2/alua_support_standby"
	wait $pid
	tur "$SG1" 6/2a/06 "its beginning is told"
	tur "$SG2" 6/2a/06 "to both"
	heard 6/2a/07 6/2a/07 "that it failed"
	echo 0 >"$GP2/trans_delay_msecs"
	ok "half the capacity" sh -c "echo \$((\$(cat $DISK/attrib/capacity) / 2)) >$DISK/attrib/capacity"
	heard 6/2a/09 6/2a/09 "the capacity"
	ok "another type of access" sh -c "echo 1 >$GP2/alua_access_type"
	heard good 6/3f/03 "INQUIRY data"
	ok "one more LUN" eval "lio_mk_rd disk1 256 && lio_link $WWN 1 1 rd_mcp_0/disk1"
	heard 6/3f/0e good "LUNs"
}

# Of a unit of its own, as it must be removable before it is linked.
medium() {
	local one two
	lio_mk_rd card 256 && echo 1 >"$CORE/rd_mcp_0/card/attrib/removable" &&
		lio_link $WWN 1 2 rd_mcp_0/card && lio_link $WWN 2 2 rd_mcp_0/card || return
	one=$SG1 two=$SG2
	settle
	SG1=$(lio_sg $WWN 1 2) SG2=$(lio_sg $WWN 2 2)
	settle
	ok "a medium is ejected" sg_start --eject "$SG1"
	ok "and loaded" sg_start --load "$SG1"
	heard good 6/28/00 "a medium"
	SG1=$one SG2=$two
	ok "it goes" eval "lio_unlink $WWN 1 2 && lio_unlink $WWN 2 2"
	settle
}

# Commands that hear of nothing, and those that take one, some or all.
order() {
	set_mode "$SG2" 0a 2 06
	ok "one of lower precedence" lio_unlink $WWN 1 1
	ok "one in between" set_state "$GP2" 1
	ok "and one of the highest" sh -c "echo logical_unit_reset 0 >$(lio_tpg $WWN 2)/attrib/task_management"
	like "$(grep -c '29/03.* 2a/01.* 2a/06.* 3f/0e' $NEXUSES)" 1 "debugfs shows all of them in order"
	scsi_is good "INQUIRY leaves them" "@$SG1" $INQ
	tur "$SG1" 6/29/03 "the first"
	scsi "@$SG1" r 18 03 00 00 00 12 00
	is "$ANSWER ${DATA:6:2} ${DATA:36:5}" "good 06 2a 01" "REQUEST SENSE takes the second"
	scsi_is good "REPORT LUNS takes its own" "@$SG1" r 16 a0 00 00 00 00 00 00 00 00 10 00 00
	tur "$SG1" 6/2a/06 "the third"
	tur "$SG1" good "and no more"
	settle
}

# UA_INTLCK_CTRL: conditions stay, and refusals become some.
interlocked() {
	local pid
	set_mode "$SG1" 0a 4 30
	settle
	scsi "@$SG2" r 18 03 00 00 00 12 00
	is "${DATA:36:5}" "2a 01" "the other is told of the change"
	ok "a condition" set_state "$GP2" 0
	tur "$SG2" 6/2a/06 "is told"
	tur "$SG2" 6/2a/06 "and stays"
	scsi "@$SG2" r 18 03 00 00 00 12 00
	is "${DATA:36:5}" "2a 06" "until REQUEST SENSE"
	tur "$SG2" good "takes it"
	scsi "@$SG1" r 18 03 00 00 00 12 00
	ok "a registration" sg_persist --out --no-inquiry --register --param-sark=1 "$SG1"
	ok "and its reservation" sg_persist --out --no-inquiry --reserve --param-rk=1 --prout-type=3 "$SG1"
	scsi_is "status 18" "a conflict" "@$SG2" r 512 28 00 00 00 00 00 00 00 01 00
	tur "$SG2" 6/2c/09 "is told of afterwards"
	scsi "@$SG2" r 18 03 00 00 00 12 00
	ok "no more of it" sg_persist --out --no-inquiry --clear --param-rk=1 "$SG1"
	scsi_like "^5/21/00" "an ACA condition" "@$SG1" r 512 28 00 7f ff ff ff 00 00 01 04
	echo 00 00 00 00 00 00 | python3 $VM/sgio.py "$SG2" >"$WORK/turs" 2>&1 &
	pid=$!
	ok "keeps the other busy" wait_until 20 grep -q 2c/07 $NEXUSES
	ok "until it is cleared" sh -c "echo clear_aca 0 >$(lio_tpg $WWN 1)/attrib/task_management"
	ok "then it goes on" wait_until 60 not_running $pid
	is "$(head -n 1 "$WORK/turs")" 6/2c/07 "and is told that it was busy"
}

test() {
	make_paths 4096 || return
	power_on
	told_by_tools
	reservations
	medium
	changes
	order
	interlocked
	scsi_close
	lio_clear
}
