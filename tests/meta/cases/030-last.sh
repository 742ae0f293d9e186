# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="After all of this a good test still passes, in a fresh machine."
EXPECT='^ok .*\(1 checks'
test() { ok "true is true" true; }
