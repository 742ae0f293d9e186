# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="A message the test says it provokes does not fail it; the machine before it was replaced."
EXPECT='^ok .*\(1 checks'
DMESG_ALLOW="planted allocation"
test() {
	echo "page allocation failure: planted allocation" >/dev/kmsg
	ok "true is true" true
}
