# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="While everything is made and unmade with each allocation failing in turn, each step works or gives an errno, and the tree can be taken down."
TIMEOUT=180
KERNELS="test"
. /rig/src/tests/vm/common.sh
requires() { _have_file /sys/kernel/debug/failslab && _have_file /proc/self/fail-nth; }

FAILSLAB=/sys/kernel/debug/failslab

test() {
	local failed
	lio_load || return
	echo 0 >$FAILSLAB/verbose
	echo N >$FAILSLAB/ignore-gfp-wait
	ok "each step with each allocation failing" timeout 400 \
		sh -c "python3 $VM/teardown/fail_nth.py $TARGET 200 >steps"
	echo Y >$FAILSLAB/ignore-gfp-wait
	cat steps
	failed=$(tail -n 1 steps)
	ok "at least 100 allocations failed" [ "$failed" -ge 100 ]
	ok "what is left can be taken down" lio_clear
	make_disk 1024 || return
	ok "and made as if nothing had been" dd if="$DEV" of=/dev/null bs=4k count=4 iflag=direct status=none
	lio_clear
}
