# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="Logical unit resets under verified I/O are seen by nobody: the commands they end are sent again."
TIMEOUT=300
. /rig/src/tests/vm/common.sh
requires() { _have_program fio && _have_program sg_reset && _have_program python3; }

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
	many_resets
	lio_clear
}

# One after the other they do end I/O: a command is sent again only so many times.
many_resets() {
	local count noise
	count=$(repeats 200 20)
	fio --name=noise --filename="$DEV" --direct=1 --ioengine=libaio --iodepth=32 --rw=randread \
		--bs=4k --size=4m --continue_on_error=io --time_based --runtime=1000 >/dev/null 2>&1 &
	noise=$!
	ok "I/O whatever becomes of it" fio_moves "$DEV"
	is "$(timeout $((120 * SLOW)) python3 $VM/reset/many.py "$SG" "$count")" 0 "none of $count resets fails"
	kill -INT $noise
	ok "the I/O ends" wait_until $((30 * SLOW)) not_running $noise
}
