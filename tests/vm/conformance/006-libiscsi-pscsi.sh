# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="libiscsi's conformance tests say of a SCSI device behind pscsi what they say of the device itself, to the word."
TIMEOUT=400
KERNELS="6.12"
. /rig/src/tests/vm/pscsi/lib.sh
. /rig/src/tests/vm/conformance/lib.sh
requires() { _have_program iscsi-test-cu; _have_module scsi_debug; }

SUITES="CompareAndWrite Inquiry Mandatory ModeSense6 OrWrite Prefetch10 Read6 Read10 Read12 Read16 ReadCapacity10
	ReadCapacity16 ReadDefectData10 ReportSupportedOpcodes StartStopUnit TestUnitReady Unmap Verify10 Verify16
	Write10 Write12 Write16 WriteSame10 WriteSame16 WriteVerify10 WriteVerify16"

# All of what the tool says of the tests of a suite: verdicts, complaints, reasons to skip.
judge() { # directory device
	local suite status
	mkdir "$1"
	for suite in $SUITES; do
		status=0
		timeout $((40 * SLOW)) iscsi-test-cu --dataloss --allow-sanitize -t "SCSI.$suite" "$2" \
			>"out.$suite" 2>&1 || status=$?
		verdicts "$suite" "out.$suite" $status >"$1/$suite"
		sed -n 's/.*\[\(FAILED\|SKIPPED\)\]/\1/p' "out.$suite" >>"$1/$suite"
	done
}

count() { cat through/* | grep -c " $1\$"; }

test() {
	local suite
	ok "a SCSI disk" scsi_debug dev_size_mb=64 delay=0 lbpu=1 lbpws=1 lbpws10=1 || return
	ok "judged by itself" judge itself "$RAW_SG"
	ok "through the target" eval 'mk_pscsi disk && link_pscsi disk' || return
	ok "judged through it" judge through "$SG"
	for suite in $SUITES; do
		is "$(diff "itself/$suite" "through/$suite")" "" "$suite: the same ($(grep -c ' ' "through/$suite") lines)"
	done
	note "through pscsi: $(cat through/* | grep -cE ' (passed|failed|skipped)$') tests, $(count passed) passed," \
		"$(count failed) failed, $(count skipped) skipped" | tee "$RESULTS/conformance-pscsi.txt"
	cat through/* | grep ' failed$'
	cat through/* | grep '^SKIPPED' | sort | uniq -c
	ok "the tool ran at least 100 tests" [ "$(cat through/* | grep -cE ' (passed|failed|skipped)$')" -ge 100 ]
	scsi_debug_end
}
