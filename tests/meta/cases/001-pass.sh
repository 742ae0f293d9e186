# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2034
DESCRIPTION="A test whose checks hold passes."
EXPECT='^ok .*\(1 checks'
test() { ok "true is true" true; }
