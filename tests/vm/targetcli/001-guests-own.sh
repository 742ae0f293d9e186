# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="The guest's own targetcli creates, shows, sets, saves, clears and restores; the tree is the same before and after."
TIMEOUT=300
. /rig/src/tests/vm/common.sh
. /rig/src/tests/vm/targetcli/rc.sh
requires() { _have_program targetcli && _have_program dbus-daemon; }

PROGRAM=(targetcli)

test() {
	note "targetcli $(targetcli --version 2>&1 | tail -n 1)"
	targetcli_life
}
