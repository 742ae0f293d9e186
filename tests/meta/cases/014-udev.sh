# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="Udev left behind fails the test: device mapper's tools would wait for its answer in the next."
EXPECT='^not ok .*the test left udev'
test() {
	start_udev
	ok "it runs" udevadm control --ping
	udevadm control --exit
	wait_until 30 udev_gone
}
