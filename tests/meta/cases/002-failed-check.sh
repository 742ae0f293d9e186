# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="A check that fails fails the test, and is named, though later ones hold."
EXPECT='^not ok .*two is three'
test() {
	is 2 3 "two is three"
	ok "true is true" true
}
