# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="The walk through configfs in Documentation makes a disk and takes it down again."

. /rig/src/tests/vm/docs/commands.sh

test() {
	ok "every command succeeds" run_sections Documentation/configuration.rst "With plain configfs"
	# Its block device comes a moment later: the disk driver looks at disks in the background.
	like "$(cat "$WORK/output")" "disk +LIO-ORG +RAMDISK-MCP " "lsscsi shows the disk"
	not_ok "the modules are gone" grep -qE '^(tcm_loop|target_core_mod) ' /proc/modules
}
