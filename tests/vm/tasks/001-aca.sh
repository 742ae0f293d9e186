# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="NACA makes an ACA condition: only the faulted nexus gets through, with the ACA attribute, until it is cleared."
. /rig/src/tests/vm/tasks/lib.sh
requires() { _have_peer ours; }

TUR="00 00 00 00 00 00"

fault() {
	scsi_like "^5/21/00" "a command with NACA fails" "@$SG1" r 512 28 00 7f ff ff ff 00 00 01 04
}

# PERSISTENT RESERVE OUT, also while there is a condition.
pr_out() { # sg service-action type key new-key
	printf '%b' "\\0\\0\\0\\0\\0\\0\\0\\x0$4\\0\\0\\0\\0\\0\\0\\0\\x0$5\\0\\0\\0\\0\\0\\0\\0\\0" >"$WORK/list"
	scsi_is good "PERSISTENT RESERVE OUT, $2" "@$1" w "$WORK/list" 5f "$2" "$3" 00 00 00 00 00 18 00
}

test() {
	make_paths || return
	scsi "@$SG1" r 36 12 00 00 00 24 00
	is "$((0x${DATA:9:2} & 0x20))" 32 "NORMACA is set"
	scsi_is good "NACA alone does nothing" "@$SG1" 00 00 00 00 00 04
	ok "the port sends the ACA attribute" attribute_of 1 4
	scsi_is "5/49/00" "which nothing may have without a condition" "@$SG1" $TUR
	ok "the port sends SIMPLE" attribute_of 1 0

	fault
	scsi_is "status 30" "ACA ACTIVE for the faulted nexus" "@$SG1" $TUR
	scsi_is "status 30" "even for INQUIRY" "@$SG1" r 36 12 00 00 00 24 00
	scsi_is "status 30" "and for another that has NACA" "@$SG2" 00 00 00 00 00 04
	ok "debugfs says which nexus" grep -q ' faulted ' /sys/kernel/debug/target_core/nexuses
	ok "the port sends the ACA attribute" attribute_of 1 4
	scsi_is good "and gets through" "@$SG1" $TUR
	not_ok "another nexus cannot clear it" manage 2 clear_aca
	# What says BUSY is sent again by the midlayer.
	echo "$TUR" | python3 $VM/sgio.py "$SG2" >"$WORK/turs" 2>&1 &
	pid=$!
	not_ok "another nexus waits" within 3 wait_gone $pid
	ok "CLEAR ACA" manage 1 clear_aca
	ok "it waits no longer" wait_until 60 not_running $pid
	is "$(head -n 1 "$WORK/turs")" good "and is done"
	ok "the port sends SIMPLE" attribute_of 1 0
	scsi_is good "the nexus is as before" "@$SG1" $TUR
	ok "CLEAR ACA without a condition is no error" manage 2 clear_aca

	fault
	ok "LOGICAL UNIT RESET clears it" manage 2 logical_unit_reset
	scsi_is "6/29/03" "which is told" "@$SG1" $TUR
	scsi_is good "all goes on" "@$SG1" $TUR
	fault
	ok "I_T NEXUS RESET clears it" manage 1 i_t_nexus_reset
	scsi_is "6/29/07" "which is told" "@$SG1" $TUR
	scsi_is good "all goes on" "@$SG1" $TUR
	settle
	pr_out "$SG1" 00 00 0 1
	pr_out "$SG2" 00 00 0 2
	fault
	pr_out "$SG2" 05 01 2 1
	scsi_is good "PREEMPT AND ABORT has cleared it" "@$SG2" $TUR
	settle
	pr_out "$SG2" 03 00 2 0
	settle
	fault
	scsi_close
	ok "the LUN goes with its condition" lio_unlink $WWN 1 0
	SG1=$SG2 SG=$SG2
	settle
	scsi_is good "and the other path goes on" "@$SG2" $TUR
	scsi_close
	lio_clear
}

wait_gone() { while ! not_running "$1"; do sleep 0.2; done; }
