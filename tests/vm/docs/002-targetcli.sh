# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="The walk through targetcli in Documentation works as shown."
TIMEOUT=240
# Each targetcli takes seconds to start, and the documents do not know the kernel.
KERNELS="6.12"

. /rig/src/tests/vm/docs/commands.sh

test() {
	start_dbus
	ok "every command succeeds" run_sections Documentation/configuration.rst "With targetcli"
	like "$(cat "$WORK/output")" "/dev/sd" "lsscsi shows the disk"
	lio_clear
}
