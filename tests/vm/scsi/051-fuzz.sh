# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="Random and mutated CDBs with any data: each ends as it should, the disk survives, and its neighbour notices nothing."
TIMEOUT=900
. /rig/src/tests/vm/common.sh
requires() { _have_peer ours && _have_program python3 fio; }

# Some in make check; tests/rig/vm --append 'fuzz=50000 fuzz_seed=7' says how many, and which.
option() { # name default
	local value
	value=$(sed -n "s/.*\<$1=\([0-9]*\).*/\1/p" /proc/cmdline)
	echo "${value:-$2}"
}

make_units() {
	local attribute
	lio_mk_rd disk 2048 && lio_mk_rd disk1 4096 || return
	for attribute in removable emulate_tpu emulate_tpws; do
		echo 1 >$CORE/rd_mcp_0/disk/attrib/$attribute || return
	done
	lio_mk_port $WWN && lio_link $WWN 1 0 rd_mcp_0/disk && lio_link $WWN 1 1 rd_mcp_0/disk1 &&
		lio_dev $WWN 1 0 >dev && lio_dev $WWN 1 1 >neighbour &&
		SG=$(lio_sg $WWN 1 0)
}

fuzz() { timeout $((80 * SLOW + COUNT / 50)) python3 "$VM/scsi/fuzz.py" "$SG" "$COUNT" "$SEED"; }

no_commands() { ! grep -q . /sys/kernel/debug/target_core/commands; }

test() {
	COUNT=$(option fuzz "$(repeats 10000)") SEED=$(option fuzz_seed 1)
	note "$COUNT commands, seed $SEED"
	ok "two ramdisks become disks" make_units || return
	ok "verified I/O on the neighbour" fio_start io "$(cat neighbour)" --rwmixread=50
	ok "each command ends as it should" fuzz
	ok "I/O goes on" fio_moves "$(cat neighbour)"
	ok "no I/O failed and all data is right" fio_stop io
	ok "the disk can be written and read" fio_verify after "$(cat dev)" --size=4m --bs=4k
	ok "no command is left" wait_until 10 no_commands
	lio_clear
}
