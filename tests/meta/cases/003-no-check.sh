# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="A test that checks nothing does not pass."
EXPECT='^not ok .*checked nothing'
test() { :; }
