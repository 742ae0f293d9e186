# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="While a target is made and unmade with one allocation after another failing, each step works or gives ENOMEM and leaves nothing; then all works."
TIMEOUT=90
# That is how the kernel's own say it.
DMESG_ALLOW="kobject_add_internal failed for .*error: -12"
. /rig/src/tests/vm/common.sh
requires() { _have_test_kernel && _have_file $FAILSLAB && _have_file /proc/self/fail-nth; }

FAILSLAB=/sys/kernel/debug/failslab

test() {
	lio_load || return
	echo 0 >$FAILSLAB/verbose
	echo N >$FAILSLAB/ignore-gfp-wait
	ok "each step with one allocation after another failing" sh -c \
		"timeout 200 python3 $VM/teardown/fail_nth.py $TARGET 60 >steps"
	echo Y >$FAILSLAB/ignore-gfp-wait
	cat steps
	ok "at least 100 allocations failed" [ "$(tail -n 1 steps)" -ge 100 ]
	make_disk 1024 || return
	ok "a disk works as if nothing had been" \
		dd if="$DEV" of=/dev/null bs=4k count=4 iflag=direct status=none
	lio_clear
}
