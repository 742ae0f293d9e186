# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="A test whose checks hold passes."
EXPECT='^ok .*\(1 checks'
test() { ok "true is true" true; }
