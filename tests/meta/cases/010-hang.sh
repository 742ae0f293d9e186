# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="A test that does not end is killed, with its guest, and reported, with what it waited for."
EXPECT='^not ok .*the test hung: killed after.*process S.*the 24th 1000'
TIMEOUT=5
test() {
	local n
	ok "true is true" true
	for n in {1..24}; do (exec -a "the ${n}th" sleep 1000) & done
	sleep 10000
}
