# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="libiscsi's conformance tests of SCSI commands find nothing wrong with a ramdisk LUN."
TIMEOUT=300
. /rig/src/tests/vm/common.sh
. /rig/src/tests/vm/conformance/lib.sh

# Tests that may fail, each with its reason; and with the only complaint that it may
# make, if it makes one.
ALLOWED=(
	# The tool itself crashes, before it sends a command: the test reads the
	# iSCSI connection, which a local disk has not.
	"ReportLUNs.crash"
	# The same in the older tool's OverwriteReserved; what comes after it needs iSCSI.
	"Sanitize.crash"
	# It has room for the usage data of CDBs of 16 bytes, and of longer ones sees zeros.
	"ReportSupportedOpcodes.OneCommand CDB.0. Usage Data was 0x00, expected 0x7f for opcode 0x7f"
	# The newer tool looks for zeros in what it has not read. (scsi/011 reads it.)
	"WriteSame10.UnmapUntilEnd Blocks did not read back as zero"
)

# Families that need a medium that can be removed. Those of StartStopUnit that do ask
# a ready unit whether it is being sanitized, and fail when it says no: the tool's
# mistake, so that tests/vm/scsi/031-power.sh stands for them.
REMOVABLE="NoMedia PreventAllow"

# Families about provisioning: they ask for thin units, and for all that a
# unit may be, a physical block that holds several logical ones, and WRITE SAME "to
# the end", but of no more than the tool can read again in one command. The tool's
# idea of the first LBA status descriptor is right only where a block is a physical one.
THIN="GetLBAStatus Unmap"
SAME="WriteSame10 WriteSame16"

# Families about copies, in this order: the first asks for the results of a copy with a
# list identifier that must not be known yet. The second wants a disk of twice the longest
# segment.
COPY="ReceiveCopyResults ExtendedCopy"
COPY_PAGES=131072
[ "$PEER" != lio ] || COPY_PAGES=16384	# its ramdisk is not sparse

# It erases blocks, and then wants them unmapped.
ERASE="Sanitize"

# Families whose commands the core has: none of their tests may be skipped for
# want of the command. (PERSISTENT RESERVE IN the tool asks for when it starts.)
PRESENT="Inquiry Mandatory ModeSense6 NoMedia PreventAllow StartStopUnit Read6 Read10 Read12 Read16 ReadCapacity10 ReadCapacity16
	ReportSupportedOpcodes TestUnitReady Verify10 Verify12 Verify16 Write10 Write12 Write16
	CompareAndWrite OrWrite Prefetch10 Prefetch16 ReadDefectData10 ReadDefectData12
	WriteAtomic16 WriteVerify10 WriteVerify12 WriteVerify16 $COPY $THIN $SAME
	PrinReadKeys PrinReportCapabilities PrinServiceactionRange ProutRegister ProutReserve
	ProutClear ProutPreempt Reserve6"

requires() { _have_program iscsi-test-cu; }

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
	for suite in $(grep -vxE "$(tr ' ' '|' <<<"$REMOVABLE $COPY $THIN $SAME $ERASE")" suites); do
		run_suite "$suite"
	done
	lio_clear
	run_suites_on "$REMOVABLE" removable=1 emulate_tpu=1 || return
	PAGES=$COPY_PAGES run_suites_on "$COPY" || return
	run_suites_on "$THIN $ERASE" emulate_tpu=1 emulate_tpws=1 || return
	run_suites_on "$SAME" emulate_tpu=1 emulate_tpws=1 emulate_wsnz=0 phys_block_size=4096 \
		max_write_same_len=32768 || return
	note "conformance: $(cat verdicts.* | wc -l) tests, $(summary passed) passed," \
		"$(summary failed) failed, $(summary skipped) skipped" | tee "$RESULTS/conformance.txt"
	cat verdicts.* | grep -v ' passed$'
	ok "the tool ran at least 200 tests" [ "$(cat verdicts.* | wc -l)" -ge 200 ]
	for suite in $PRESENT; do
		is "$(grep 'not implemented' "out.$suite" | grep -m1 -v 'PERSISTENT RESERVE IN')" "" "$suite: no command is missing"
	done
}
