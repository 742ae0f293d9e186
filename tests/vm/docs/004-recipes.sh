# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="Each recipe of the documentation does what it says."
TIMEOUT=400
# Each targetcli takes seconds to start, and the documents do not know the kernel.
KERNELS="6.12"
. /rig/src/tests/vm/docs/commands.sh

requires() {
	_have_peer ours
	_have_program targetcli dbus-daemon dmsetup sg_persist mkfs.ext4
}

recipe() { # section
	ok "$1" run_sections Documentation/recipes.rst Recipes "$1"
	lio_clear
}

test() {
	start_dbus
	lio_load
	recipe "Two disks for a filesystem's tests"
	recipe "A multipath lab"
	recipe "A reservations lab"
	recipe "Thin provisioning"
	recipe "Protection information"
}
