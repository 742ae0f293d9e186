# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="libiscsi's conformance tests of what moves blocks find nothing wrong with a file."
TIMEOUT=300
KERNELS="6.12"
. /rig/src/tests/vm/common.sh
. /rig/src/tests/vm/conformance/lib.sh
requires() { _have_program iscsi-test-cu; }

FILE_DIR=$WORK/files
# Only what the backstore has a part in; 001 has the others.
SUITES="Read6 Read10 Read12 Read16 Write10 Write12 Write16 WriteVerify10 WriteVerify16
	Verify10 Verify16 CompareAndWrite OrWrite Prefetch10 ReadCapacity10 ReadCapacity16"
THIN="GetLBAStatus Unmap"
SAME="WriteSame10 WriteSame16"
ALLOWED=(
	# The newer tool looks for zeros in what it has not read.
	"WriteSame10.UnmapUntilEnd Blocks did not read back as zero"
)

run_on() { # suites attribute=value...
	local suite
	make_named_disk "${@:2}" || return
	for suite in $1; do run_suite "$suite"; done
	lio_clear
}

test() {
	mkdir "$FILE_DIR"
	run_on "$SUITES" || return
	# See 001: the tool's idea of the first LBA status descriptor.
	run_on "$THIN" emulate_tpu=1 emulate_tpws=1 max_unmap_block_desc_count=256 \
		phys_block_size=512 || return
	run_on "$SAME" emulate_tpu=1 emulate_tpws=1 emulate_wsnz=0 max_write_same_len=32768 || return
	note "on a file: $(cat verdicts.* | wc -l) tests, $(summary passed) passed," \
		"$(summary failed) failed, $(summary skipped) skipped" | tee "$RESULTS/conformance-fileio.txt"
	cat verdicts.* | grep -v ' passed$'
	ok "the tool ran at least 80 tests" [ "$(cat verdicts.* | wc -l)" -ge 80 ]
}
