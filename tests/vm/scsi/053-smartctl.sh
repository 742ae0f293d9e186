# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="smartctl reads the health, counters and self-tests of a ramdisk, and turns on what it can."
TIMEOUT=120
. /rig/src/tests/vm/common.sh
requires() { _have_peer ours && _have_program smartctl; }

make_unit() {
	lio_mk_rd disk 1024 || return
	echo 0123456789abcdef >$CORE/rd_mcp_0/disk/wwn/vpd_unit_serial
	lio_mk_port $WWN && lio_link $WWN 1 0 rd_mcp_0/disk && SG=$(lio_sg $WWN 1 0)
}

says() { # smartctl-options text...
	local text got status=0
	# shellcheck disable=SC2086 # several options
	got=$(smartctl $1 "$SG" 2>&1) || status=$?
	got=$(tr -s ' \t\n' '   ' <<<"$got")
	is "$status" 0 "smartctl $1"
	for text in "${@:2}"; do
		if [[ $got == *"$text"* ]]; then pass "$text"; else fail "smartctl $1 does not say '$text': $got"; fi
	done
}

tested() { smartctl -l selftest "$SG" | grep -q "Background short *Completed"; }

test() {
	ok "a ramdisk becomes a disk" make_unit || return
	says -a "Vendor: LIO-ORG" "Logical block size: 512 bytes" "Rotation Rate: Solid State Device" \
		"Logical Unit id: 0x60014050123456789abcdef000000000" "Serial number: 0123456789abcdef" \
		"SMART support is: Available" "SMART Health Status: OK" "Accumulated start-stop cycles: 0" \
		"Accumulated power on time, hours:minutes 0:0" "Non-medium error count: 0" \
		"read: 0" "write: 0" "No Self-tests have been logged"
	says "-s on" "Informational Exceptions (SMART) enabled"
	says -i "SMART support is: Enabled"
	says "-t short" "Short Background Self Test has begun"
	ok "it ends" wait_until $((10 * SLOW)) tested
	says "-s wcache,on" "Write cache enabled"
	says "-g wcache" "Writeback Cache is: Enabled"
	lio_clear
}
