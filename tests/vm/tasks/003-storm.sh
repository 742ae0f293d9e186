# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="A storm of task management functions from two nexuses under verified I/O loses no command and no data."
TIMEOUT=600
. /rig/src/tests/vm/alua/lib.sh
requires() { _have_peer ours && _have_program fio; }

FUNCTIONS=(abort_task_set clear_task_set logical_unit_reset i_t_nexus_reset query_task_set
	target_warm_reset clear_aca query_asynchronous_event)
# So many rounds of all of them, or what the kernel's command line says: task_rounds=1250
# are ten thousand.
ROUNDS=$(scaled 6 2)
! grep -q task_rounds= /proc/cmdline || ROUNDS=$(sed 's/.*task_rounds=\([0-9]*\).*/\1/' /proc/cmdline)
STATISTICS=$CORE/rd_mcp_0/disk/statistics/scsi_tgt_dev

DEPTH=16

# Reads and writes that have been done.
count_io() {
	local reads writes
	read -r reads _ _ _ writes _ <"$STAT"
	DONE=$((reads + writes))
}

# As fio_moves, without a program, and until each command that was under way has got
# through: the midlayer sends one that was aborted again, but five times only.
moved() {
	local end i
	count_io
	end=$((DONE + 2 * DEPTH))
	for ((i = 0; i < 1000 * SLOW; i++)); do
		count_io
		[ $DONE -lt $end ] || return 0
		sleep 0.02
	done
	return 1
}

# Each round goes through both of the ports.
test() {
	local i name total=0 ports start
	make_paths 4096 || return
	STAT=/sys/block/${DEV##*/}/stat
	ports=("$(lio_tpg $WWN 1)/attrib/task_management" "$(lio_tpg $WWN 2)/attrib/task_management")
	# So that functions find commands that are under way.
	ok "what moves blocks takes some milliseconds" sh -c "echo 5 >$GP1/nonop_delay_msecs; echo 1 >$GP1/alua_access_state"
	settle
	ok "verified I/O" fio_start storm "$DEV" --iodepth=$DEPTH
	start=$SECONDS
	for ((i = 0; i < ROUNDS; i++)); do
		for name in "${FUNCTIONS[@]}"; do
			echo "$name 0" 2>/dev/null >"${ports[(i + total) % 2]}"
			total=$((total + 1))
		done
		moved || break
	done
	is $i "$ROUNDS" "I/O goes on after each round"
	ok "and after the last" fio_moves "$DEV"
	ok "no I/O failed and its data is right" fio_stop storm
	ok "nothing is left in flight" wait_until 30 sh -c '[ ! -s /sys/kernel/debug/target_core/commands ]'
	note "$total functions in $((SECONDS - start)) s: $(grep -sH '' $STATISTICS/{aborts_complete,resets,num_cmds} | sed 's/.*\///' | paste -sd' ')"
	dmesg | sed -n 's/^\(.*no end of.*\)/# \1/p' | tail -n 5
	lio_clear
}
