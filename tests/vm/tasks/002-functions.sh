# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="Each task management function finds, takes and tells what it should, through two nexuses."
. /rig/src/tests/vm/tasks/lib.sh
requires() { _have_peer ours; }

# A command that takes ten seconds, through SG1, in a program of its own. Sets TAG.
slow() {
	echo "r 512 28 00 00 00 00 00 00 00 01 00" | python3 $VM/sgio.py "$SG1" >"$WORK/slow" 2>&1 &
	SLOW_PID=$!
	ok "a slow command" wait_until 20 grep -q 'READ(10) .*EXECUTING' $COMMANDS
	TAG=$(sed -n 's/.* tag \(0x[0-9a-f]*\) READ(10) .*/\1/p' $COMMANDS)
}

# It ended, long before its time.
slow_is() { # want text
	ok "it ends" wait_until 8 not_running $SLOW_PID
	is "$(head -n 1 "$WORK/slow")" "$1" "$2"
}

test() {
	local bad
	make_paths || return
	scsi "@$SG1" r 16 a3 0d 80 00 00 00 00 00 00 10 00 00
	is "$DATA" "fc 07 00 0c 00 00 00 00 00 00 00 00 00 00 00 00" "the functions that are reported"
	ok "what moves blocks is slow" sh -c "echo 10000 >$GP1/nonop_delay_msecs; echo 1 >$GP1/alua_access_state"
	settle

	slow
	ok "QUERY TASK finds it" manage 1 query_task "$TAG"
	not_ok "no other" manage 1 query_task 0x7ffffff
	not_ok "nor through another nexus" manage 2 query_task "$TAG"
	ok "QUERY TASK SET finds one" manage 1 query_task_set
	not_ok "none of another nexus" manage 2 query_task_set
	not_ok "ABORT TASK finds none of another" manage 2 abort_task "$TAG"
	ok "ABORT TASK" manage 1 abort_task "$TAG"
	slow_is "host 8" "without an answer"
	slow
	ok "ABORT TASK SET through another nexus" manage 2 abort_task_set
	ok "leaves it" kill -0 $SLOW_PID
	ok "ABORT TASK SET" manage 1 abort_task_set
	slow_is "host 8" "without an answer"
	tur "$SG1" good "nobody is told"

	slow
	ok "CLEAR TASK SET through another nexus" manage 2 clear_task_set
	# The midlayer sends what has TASK ABORTED again, up to its limit: take that one, too.
	ok "it is there again, or has ended" wait_until 8 again_or_ended
	not_running $SLOW_PID || manage 1 abort_task_set
	ok "it ends" wait_until 8 not_running $SLOW_PID
	tur "$SG1" good "TASK ABORTED was told instead of a condition"
	lio_unexported_tas
	slow
	ok "CLEAR TASK SET with TAS 0" manage 2 clear_task_set
	slow_is "host 8" "without an answer"
	tur "$SG1" 6/2f/00 "but with a condition"
	tur "$SG2" good "not where it came from"

	not_ok "QUERY ASYNCHRONOUS EVENT finds none" manage 1 query_asynchronous_event
	slow
	ok "I_T NEXUS RESET" manage 1 i_t_nexus_reset
	slow_is "host 8" "its command is gone"
	ok "QUERY ASYNCHRONOUS EVENT finds that" manage 1 query_asynchronous_event
	tur "$SG1" 6/29/07 "which is told"
	tur "$SG2" good "to nobody else"
	ok "TARGET COLD RESET" manage 2 target_cold_reset
	tur "$SG1" 6/29/03 "is told to all"
	tur "$SG2" 6/29/03 "who see the unit"
	for bad in "" abort_task "abort_task 0" "query_task_set 0 1" "clear_aca x" "lun_reset 0" "clear_aca 0 "{1..40}; do
		not_ok "'${bad:0:20}' is refused" sh -c "echo '$bad' 2>/dev/null >$(lio_tpg $WWN 1)/attrib/task_management"
	done
	not_ok "a LUN that is not there" sh -c "echo 'logical_unit_reset 9' 2>/dev/null >$(lio_tpg $WWN 1)/attrib/task_management"
	scsi_close
	lio_clear
}

again_or_ended() { not_running $SLOW_PID || grep -q 'READ(10) .*EXECUTING' $COMMANDS; }

# TAS is set with a mode page where it cannot be written while exported.
lio_unexported_tas() {
	scsi r 24 1a 08 0a 00 18 00
	printf '\x00\x00\x00\x00\x0a\x0a\x02\x10\x00\x00\x00\x00\x00\x00\x00\x00' >"$WORK/mode"
	scsi r 16 1a 08 0a 00 10 00
	printf '%b' "\\x00\\x00\\x00\\x00$(cut -d' ' -f5-16 <<<"$DATA" | sed 's/ /\\x/g; s/^/\\x/')" >"$WORK/mode"
	# Byte 5 of the page, after the header of 4.
	printf '\x00' | dd of="$WORK/mode" bs=1 seek=9 conv=notrunc status=none
	scsi_is good "TAS is cleared" "@$SG2" w "$WORK/mode" 15 10 00 00 10 00
	settle
}
