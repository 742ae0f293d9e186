# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="The first disk of README is made, and going back leaves the kernel's own modules."
TIMEOUT=240
# Each targetcli takes seconds to start, and the documents do not know the kernel.
KERNELS="6.12"

. /rig/src/tests/vm/docs/commands.sh

requires() { _have_peer ours; }

test() {
	start_dbus
	cp -a "/lib/modules/$(uname -r)/updates" "$WORK/updates"
	ok "every command succeeds" run_sections README.md "A first disk" "Going back"
	like "$(cat "$WORK/output")" "/dev/sd" "lsscsi shows the disk"
	like "$(modinfo -n target_core_mod)" "/kernel/" "the kernel's own core is next"
	cp -a "$WORK/updates" "/lib/modules/$(uname -r)/"
	depmod
	like "$(modinfo -n target_core_mod)" "/updates/" "and ours again when it is put back"
}
