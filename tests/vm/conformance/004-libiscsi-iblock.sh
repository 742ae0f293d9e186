# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="libiscsi's conformance tests of SCSI commands find nothing wrong with a LUN of a block device."
TIMEOUT=300
KERNELS="6.12"
. /rig/src/tests/vm/iblock/lib.sh
. /rig/src/tests/vm/conformance/lib.sh

# As in 001-libiscsi.sh: the tool's own mistakes.
ALLOWED=(
	"ReportLUNs.crash"
	"ReportSupportedOpcodes.OneCommand CDB.0. Usage Data was 0x00, expected 0x7f for opcode 0x7f"
	"WriteSame10.UnmapUntilEnd Blocks did not read back as zero"
)

# What reads, writes, unmaps and flushes, and what says how much of it there may be.
SUITES="CompareAndWrite Inquiry Mandatory ModeSense6 OrWrite Prefetch10 Read6 Read10 Read12 Read16 ReadCapacity10
	ReadCapacity16 ReadDefectData10 ReportSupportedOpcodes TestUnitReady Unmap Verify10 Verify16 Write10 Write12
	Write16 WriteSame10 WriteSame16 WriteVerify10 WriteVerify16"

requires() { _have_program iscsi-test-cu; }

test() {
	local loop suite
	loop=$(mk_loop file 64)
	# The tool holds more than a mebiblock in one UNMAP for a mistake.
	ok "a loop device becomes a disk" eval 'mk_iblock disk $loop && set_iblock disk emulate_tpu=1 emulate_tpws=1 \
		unmap_zeroes_data=1 max_unmap_lba_count=1048576 max_unmap_block_desc_count=64 max_write_same_len=32768' || return
	echo 0123456789abcdef >$IBLOCK/disk/wwn/vpd_unit_serial
	ok "with a serial number" link_iblock disk || return
	for suite in $SUITES; do run_suite "$suite"; done
	note "conformance: $(cat verdicts.* | wc -l) tests, $(summary passed) passed," \
		"$(summary failed) failed, $(summary skipped) skipped" | tee "$RESULTS/conformance-iblock.txt"
	cat verdicts.* | grep -v ' passed$'
	ok "the tool ran at least 100 tests" [ "$(cat verdicts.* | wc -l)" -ge 100 ]
	lio_clear
	losetup -d "$loop"
}
