# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="A test that does not end is killed, with its guest, and reported, with what it waited for."
EXPECT='^not ok .*the test hung: killed after.*process S +do_select +bash'
TIMEOUT=5
test() {
	ok "true is true" true
	sleep 10000
}
