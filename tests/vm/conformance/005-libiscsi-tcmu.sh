# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="libiscsi's conformance tests find nothing wrong with a LUN that a process serves from its memory."
TIMEOUT=300
KERNELS="6.12"
. /rig/src/tests/vm/user/lib.sh
. /rig/src/tests/vm/conformance/lib.sh

# As in 001-libiscsi.sh: the tool's own mistakes.
ALLOWED=(
	"ReportLUNs.crash"
)

# What the process answers, and reservations, which the core does.
SUITES="Inquiry Mandatory ModeSense6 Read6 Read10 Read12 Read16 ReadCapacity10 ReadCapacity16 ReportLUNs
	TestUnitReady Write10 Write12 Write16
	PrinReadKeys PrinReportCapabilities PrinServiceactionRange ProutRegister ProutReserve ProutClear ProutPreempt Reserve6"

requires() { _have_program iscsi-test-cu && _have_program gcc; }

test() {
	local suite
	ok "the handlers compile" make_tools || return
	ok "a handler starts" daemon_start ram || return
	make_user ram/conformance $((64 << 20)) || return
	for suite in $SUITES; do run_suite "$suite"; done
	merge
	note "through tcmu-ram: $(wc -l <merged) tests, $(summary passed) passed," \
		"$(summary failed) failed, $(summary skipped) skipped" | tee "$RESULTS/conformance-tcmu.txt"
	grep -v ' passed$' merged
	ok "the tool ran at least 80 tests" [ "$(wc -l <merged)" -ge 80 ]
	lio_clear
	daemon_stop
}
