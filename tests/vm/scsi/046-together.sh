# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="Many at once: COMPARE AND WRITE loses no count, ORWRITE no bit, WRITE ATOMIC is never seen half done, and other I/O goes on."
TIMEOUT=600
. /rig/src/tests/vm/common.sh
requires() { _have_peer ours && _have_program python3; }

together() { timeout $((200 * SLOW)) python3 "$VM/scsi/together.py" "$SG" "$@"; }

no_commands() { ! grep -qE 'COMPARE|ORWRITE|ATOMIC' /sys/kernel/debug/target_core/commands; }

each_type() { # submit_type
	ok "submit_type $1" sh -c "echo $1 >$DISK/attrib/submit_type"
	is "$(together count 4 "$(scaled 50 10)")" "$((4 * $(scaled 50 10)))" "COMPARE AND WRITE counts right"
	is "$(together or 4 "$(scaled 50 10)")" 0 "ORWRITE loses no bit"
	is "$(together atomic 4 "$(scaled 100 20)")" 0 "WRITE ATOMIC is never seen half done"
}

test() {
	make_disk 16384 || return
	ok "verified I/O" fio_start io "$DEV" --offset=16m
	each_type 1
	ok "I/O goes on" fio_moves "$DEV"
	each_type 2
	ok "no I/O failed and all data is right" fio_stop io
	ok "the commands are gone" wait_until 10 no_commands
	lio_clear
}
