# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="Configuration left behind fails the test."
EXPECT='^not ok .*left in the target tree: .*rd_mcp_0/left'
test() { ok "a ramdisk is made" lio_mk_rd left 16; }
