# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2034
DESCRIPTION="A module that cannot be unloaded afterwards fails the test."
EXPECT='^not ok .*modules do not unload'
test() {
	ok "modules load" lio_load
	rmdir "$LOOPBACK"
	sleep 60 <"$TARGET/version" &
}
