# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="A test for other kernels is skipped."
EXPECT='^ok .* # SKIP applies to kernel 2.6 only'
KERNELS="2.6"
test() { fail "must not run"; }
