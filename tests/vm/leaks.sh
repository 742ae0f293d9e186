# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="No test of this guest has leaked memory."
test() { check_leaks; }
