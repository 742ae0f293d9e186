# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="libiscsi's conformance tests find nothing wrong with a ramdisk on two paths, in either order."
TIMEOUT=200
. /rig/src/tests/vm/common.sh
. /rig/src/tests/vm/conformance/lib.sh
requires() { _have_program iscsi-test-cu; }

ALLOWED=()
# The tool asks for an iSCSI session with these.
ISCSI_ONLY="MultipathIO.CompareAndWriteAsync MultipathIO.Reset"

# One device as LUN 0 of two target ports.
make_paths() {
	make_named_disk || return
	ok "a second port" lio_mk_port $WWN 2 || return
	ok "has the same device" lio_link $WWN 2 0 rd_mcp_0/disk || return
	SECOND=$(lio_sg $WWN 2 0)
}

# The tool initializes 256 blocks and compares 257.
both() { # suite
	dd if=/dev/zero of="$(lio_dev $WWN 1 0)" bs=1M count=1 oflag=direct status=none
	run_suite "$1" "$SECOND"
	grep -E '^ *(Test|\[SKIPPED\])' "out.$1"
	cat "verdicts.$1" >>verdicts
}

swap() { local first=$SG; SG=$SECOND SECOND=$first; }

test() {
	make_paths || return
	both MultipathIO
	swap
	both MultipathIO
	note "on two paths: $(wc -l <verdicts) tests, $(grep -c ' passed$' verdicts) passed," \
		"$(grep -c ' failed$' verdicts) failed, $(grep -c ' skipped$' verdicts) skipped" |
		tee "$RESULTS/conformance-multipath.txt"
	is "$(grep -c ' passed$' verdicts)" 4 "tests passed"
	is "$(sed -n 's/ skipped$//p' verdicts | sort -u | paste -sd' ')" "$ISCSI_ONLY" "no other is skipped"
	lio_clear
}
