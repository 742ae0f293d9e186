# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="Memory nobody points to is reported in the test kernel."
EXPECT='^not ok .*kmemleak: [0-9]+ leaked objects'
KERNELS="test"
test() {
	ok "plant" insmod /rig/extra/rig_plant.ko fault=leak
	ok "the module goes" rmmod rig_plant
	check_leaks
}
