# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="A module that cannot be unloaded afterwards fails the test."
EXPECT='^not ok .*modules do not unload'
test() {
	ok "modules load" lio_load
	rmdir "$LOOPBACK"
	# shellcheck disable=SC2217
	sleep 60 <"$TARGET/version" &
}
