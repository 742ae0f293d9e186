# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="A kernel panic is reported as the failure of the test that was running."
EXPECT='^not ok .*kernel panic: .*'
test() {
	echo c >/proc/sysrq-trigger
	sleep 100
}
