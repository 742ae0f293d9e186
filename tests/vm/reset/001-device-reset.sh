# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="Logical unit resets under verified I/O are seen by nobody: the commands they end are sent again."
TIMEOUT=300
. /rig/src/tests/vm/common.sh
requires() { _have_program fio && _have_program sg_reset; }

resets() { cat "$DISK/statistics/scsi_lu/resets"; }

test() {
	local i before count
	make_disk 4096 || return
	before=$(resets)
	count=$(scaled 6 2)
	ok "verified I/O" fio_start io "$DEV" --iodepth=32
	for ((i = 1; i <= count; i++)); do
		ok "reset $i" timeout $((60 * SLOW)) sg_reset -N -d "$SG"
		ok "I/O goes on" fio_moves "$DEV"
	done
	ok "no I/O failed and all data is right" fio_stop io
	is $(($(resets) - before)) "$count" "the statistics count them"
	lio_clear
}
