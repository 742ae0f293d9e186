# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="sid's targetcli 3.0, from its unpacked package, does what Debian's own does."
TIMEOUT=300
. /rig/src/tests/vm/common.sh
. /rig/src/tests/vm/targetcli/rc.sh
requires() { _have_file /opt/targetcli-3/usr/bin/targetcli; }

PROGRAM=(env PYTHONPATH=/opt/targetcli-3/usr/lib/python3/dist-packages
	python3 /opt/targetcli-3/usr/bin/targetcli)

test() {
	like "$("${PROGRAM[@]}" --version 2>&1)" '3\.0' "it is version 3.0"
	targetcli_life
}
