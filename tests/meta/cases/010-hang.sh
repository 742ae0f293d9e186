# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="A test that does not end is killed, with its guest, and reported."
EXPECT='^not ok .*the test hung: killed after'
TIMEOUT=5
test() {
	ok "true is true" true
	sleep 10000
}
