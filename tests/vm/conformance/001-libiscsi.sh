# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="libiscsi's conformance tests of SCSI commands find nothing wrong with a ramdisk LUN."
TIMEOUT=300
. /rig/src/tests/vm/common.sh

# Tests that may fail, each with its reason.
ALLOWED=(
	# The tool itself crashes, before it sends a command: the test reads the
	# iSCSI connection, which a local disk has not.
	ReportLUNs.crash
)

# Families that need a medium that can be removed. Those of StartStopUnit that do ask
# a ready unit whether it is being sanitized, and fail when it says no: the tool's
# mistake, so that tests/vm/scsi/031-power.sh stands for them.
REMOVABLE="NoMedia PreventAllow"

# Families about provisioning: they ask for thin units, and for all that a
# unit may be, a physical block that holds several logical ones, and WRITE SAME "to
# the end". The tool's idea of the first LBA status descriptor is right only where a
# block is a physical one.
THIN="GetLBAStatus Unmap"
SAME="WriteSame10 WriteSame16"

# It erases blocks, and then wants them unmapped.
ERASE="Sanitize"

# Families whose commands the core has: none of their tests may be skipped for
# want of the command. (PERSISTENT RESERVE IN the tool asks for when it starts.)
PRESENT="Inquiry Mandatory ModeSense6 NoMedia PreventAllow StartStopUnit Read6 Read10 Read12 Read16 ReadCapacity10 ReadCapacity16
	ReportSupportedOpcodes TestUnitReady Verify10 Verify12 Verify16 Write10 Write12 Write16
	CompareAndWrite OrWrite Prefetch10 Prefetch16 ReadDefectData10 ReadDefectData12
	WriteAtomic16 WriteVerify10 WriteVerify12 WriteVerify16 $THIN $SAME"

requires() { _have_program iscsi-test-cu; }

# One line per test: suite.test and passed, failed or skipped.
verdicts() { # suite output exit-status
	awk -v suite="$1" '
		function done() { if (name) print suite "." name, verdict }
		/^  Test: / { done(); name = $2; verdict = "passed" }
		/\[SKIPPED\]/ && verdict == "passed" { verdict = "skipped" }
		/^FAILED|\.\.\.FAILED|\[FAILED\]/ { verdict = "failed" }
		END { done() }' "$2"
	[ "$3" -lt 128 ] || echo "$1.crash failed"
}

allowed() { # test
	local name
	for name in "${ALLOWED[@]}"; do [ "$name" != "$1" ] || return 0; done
	return 1
}

run_suite() { # suite
	local status=0 test verdict bad=()
	timeout $((40 * SLOW)) iscsi-test-cu --dataloss --allow-sanitize -t "SCSI.$1" "$SG" >"out.$1" 2>&1 || status=$?
	verdicts "$1" "out.$1" $status >"verdicts.$1"
	while read -r test verdict; do
		[ "$verdict" != failed ] || allowed "$test" || bad+=("$test")
	done <"verdicts.$1"
	is "${bad[*]}" "" "$1: nothing fails ($(wc -l <"verdicts.$1") tests)" || grep -m5 '\[FAILED\]' "out.$1"
}

summary() { # verdict
	cat verdicts.* | grep -c " $1\$"
}

# With a serial number, as targetcli gives one: tests of designators need it.
make_named_disk() { # [attribute=value...]
	local pair
	ok "a ramdisk with a serial number becomes a disk" lio_mk_rd disk 16384 || return
	for pair in "$@"; do echo "${pair#*=}" >"$CORE/rd_mcp_0/disk/attrib/${pair%=*}"; done
	echo 0123456789abcdef >"$CORE/rd_mcp_0/disk/wwn/vpd_unit_serial"
	ok "it has a port" lio_mk_port $WWN || return
	ok "and a LUN" lio_link $WWN 1 0 rd_mcp_0/disk || return
	lio_dev $WWN 1 0 >/dev/null || return
	SG=$(lio_sg $WWN 1 0)
}

# On a disk of their own; LIO's has none of these attributes.
run_suites_on() { # suites attribute=value...
	local suite
	if [ "$PEER" = lio ]; then
		make_named_disk || return
	else
		make_named_disk "${@:2}" || return
	fi
	for suite in $1; do run_suite "$suite"; done
	lio_clear
}

test() {
	local suite
	make_named_disk || return
	iscsi-test-cu -l | sed -n 's/^SCSI\.\([^.]*\)$/\1/p' >suites
	for suite in $(grep -vxE "$(tr ' ' '|' <<<"$REMOVABLE $THIN $SAME $ERASE")" suites); do
		run_suite "$suite"
	done
	lio_clear
	run_suites_on "$REMOVABLE" removable=1 || return
	run_suites_on "$THIN $ERASE" emulate_tpu=1 emulate_tpws=1 || return
	run_suites_on "$SAME" emulate_tpu=1 emulate_tpws=1 emulate_wsnz=0 phys_block_size=4096 || return
	note "conformance: $(cat verdicts.* | wc -l) tests, $(summary passed) passed," \
		"$(summary failed) failed, $(summary skipped) skipped" | tee "$RESULTS/conformance.txt"
	cat verdicts.* | grep -v ' passed$'
	ok "the tool ran at least 200 tests" [ "$(cat verdicts.* | wc -l)" -ge 200 ]
	for suite in $PRESENT; do
		is "$(grep 'not implemented' "out.$suite" | grep -m1 -v 'PERSISTENT RESERVE IN')" "" "$suite: no command is missing"
	done
}
