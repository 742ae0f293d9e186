# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="A test that cannot run is skipped, and says why."
EXPECT='^ok .* # SKIP no program no-such-program in the guest'
requires() { _have_program no-such-program; }
test() { fail "must not run"; }
