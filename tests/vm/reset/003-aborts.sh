# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="Commands aborted for their timeout end as timed out, alone; the I/O beside them sees nothing, and the disk works."
TIMEOUT=300
. /rig/src/tests/vm/common.sh
# LIO's VERIFY does nothing, so it is never late.
requires() { _have_peer ours && _have_program python3; }

slow_verify() { python3 $VM/reset/slow_verify.py "$SG" "$@"; }

aborts() { cat "$DISK/statistics/scsi_tgt_dev/aborts_complete"; }

no_commands() { ! grep -q VERIFY /sys/kernel/debug/target_core/commands; }

test() {
	local before
	make_disk $((1 << 29)) || return
	before=$(aborts)
	ok "verified I/O" fio_start io "$DEV"
	is "$(slow_verify 1 3)" 3 "three endless VERIFY with a second to go are timed out"
	ok "I/O goes on" fio_moves "$DEV"
	is $(($(aborts) - before)) 3 "the statistics count three aborts"
	ok "the commands are gone" wait_until 10 no_commands
	slow_verify 60 1 >verify &
	ok "another one is in flight" wait_until 20 sh -c \
		"grep -q 'VERIFY(16)' /sys/kernel/debug/target_core/commands"
	ok "a LUN reset" timeout $((60 * SLOW)) sg_reset -N -d "$SG"
	ok "ends it" wait_until $((20 * SLOW)) test -s verify
	like "$(cat verify)" "^0 " "before its time, and it is not sent again"
	ok "the commands are gone" wait_until 10 no_commands
	is "$(cat "$(lio_sysfs $WWN 1 0)/state")" running "the disk is not offline"
	ok "no I/O failed and all data is right" fio_stop io
	wait
	lio_clear
}
