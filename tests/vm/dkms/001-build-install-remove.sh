# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="dkms adds, builds and installs the modules for the running kernel, where they shadow its own, and removes them again."
TIMEOUT=900
KERNELS="6.1 6.12 7.2"
. /rig/src/tests/vm/common.sh
requires() { _have_program dkms && _have_peer ours; }

MODULES="target_core_mod tcm_loop"
NAME=$(sed -n 's/^PACKAGE_NAME="\(.*\)"/\1/p' /rig/src/dkms.conf)
VERSION=$(sed -n 's/^PACKAGE_VERSION="\(.*\)"/\1/p' /rig/src/dkms.conf)
UPDATES=/lib/modules/$(uname -r)/updates

# What the rig installed for the other tests would stand in the way.
set_aside() { mv "$UPDATES" /tmp/updates && depmod; }
put_back() { rm -rf "$UPDATES" && mv /tmp/updates "$UPDATES" && depmod; }

paths_are() { # pattern text
	local module
	for module in $MODULES; do
		like "$(modinfo -n "$module")" "$1" "$module $2"
	done
}

test() {
	local module
	ok "the modules under test are set aside" set_aside
	paths_are '/kernel/drivers/target/' "is the kernel's own"
	cp -r /rig/src "/usr/src/$NAME-$VERSION"
	ok "dkms add" quietly dkms add "$NAME/$VERSION"
	ok "dkms build" quietly dkms build "$NAME/$VERSION" -j 2
	ok "dkms install" quietly dkms install "$NAME/$VERSION"
	like "$(dkms status "$NAME/$VERSION")" ': installed' "dkms status says so"
	paths_are '/updates/' "is dkms' now"
	for module in $MODULES; do
		is "$(modinfo -F import_ns "$module" | sort -u | paste -sd' ')" \
			"$(modinfo -F import_ns "/tmp/updates/$module.ko"* | sort -u | paste -sd' ')" "$module is ours"
	done
	ok "they serve a disk" lio_quick_disk 256 >dev
	lio_clear
	ok "and unload" lio_unload
	ok "dkms remove" quietly dkms remove "$NAME/$VERSION" --all
	paths_are '/kernel/drivers/target/' "is the kernel's own again"
	rm -rf "/usr/src/$NAME-$VERSION"
	ok "the modules under test are put back" put_back
	paths_are '/updates/' "is the one under test again"
}
