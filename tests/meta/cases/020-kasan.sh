# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="The test kernel finds a planted fault (kasan), and the rig reports it."
EXPECT='^not ok .*the kernel complained'
KERNELS="test"
test() {
	ok "plant" insmod /rig/extra/rig_plant.ko fault=kasan
	ok "the kernel says so" sh -c 'dmesg | grep -q "BUG: KASAN"'
}
