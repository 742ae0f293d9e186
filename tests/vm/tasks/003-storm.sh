# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="A storm of task management functions from two nexuses under verified I/O loses no command and no data."
TIMEOUT=600
. /rig/src/tests/vm/alua/lib.sh
requires() { _have_peer ours && _have_program fio; }

FUNCTIONS=(abort_task_set clear_task_set logical_unit_reset i_t_nexus_reset query_task_set
	target_warm_reset clear_aca query_asynchronous_event)

# ROUNDS of all of them, each through one of the ports.
test() {
	local i port name total=0
	make_paths 4096 || return
	ok "verified I/O" fio_start storm "$DEV"
	for ((i = 0; i < ${ROUNDS:-$(scaled 6 2)}; i++)); do
		for name in "${FUNCTIONS[@]}"; do
			port=$((1 + (i + total) % 2))
			echo "$name 0" 2>/dev/null >"$(lio_tpg $WWN $port)/attrib/task_management"
			total=$((total + 1))
		done
		fio_moves "$DEV" || break
	done
	ok "I/O goes on after $total functions" fio_moves "$DEV"
	ok "no I/O failed and its data is right" fio_stop storm
	ok "nothing is left in flight" wait_until 30 sh -c '[ ! -s /sys/kernel/debug/target_core/commands ]'
	note "$total functions"
	lio_clear
}
