# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="A command that was to be refused, but was killed, is a failure."
EXPECT='^not ok .*must be refused'
test() {
	# shellcheck disable=SC2016
	not_ok "must be refused" sh -c 'kill -SEGV $$'
}
