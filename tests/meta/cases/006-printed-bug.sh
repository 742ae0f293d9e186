# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="A BUG in the kernel log fails a test whose checks all held."
EXPECT='^not ok .*the kernel complained: .*BUG: planted'
test() {
	echo "BUG: planted" >/dev/kmsg
	ok "true is true" true
}
