# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="The modules load, serve a disk and unload twenty times (on 6.12)."
TIMEOUT=600
. /rig/src/tests/vm/common.sh

# By autoload, as a user's tools do it every other time: the fabric's directory
# asks for its module.
load() { # round
	if [ $(($1 % 2)) = 0 ]; then
		modprobe target_core_mod && mkdir $LOOPBACK
	else
		lio_load
	fi
}

round() { # number
	load "$1" &&
		lio_quick_disk 256 >dev &&
		dd if=/dev/zero of="$(grep ^/dev/ dev)" bs=4k count=4 oflag=direct status=none &&
		lio_clear &&
		lio_unload &&
		! grep -qE '^(target_core_mod|tcm_loop) ' /proc/modules
}

test() {
	local i done=0 count
	count=$(repeats 20)
	for ((i = 0; i < count; i++)); do
		round $i || break
		done=$((done + 1))
	done
	is $done "$count" "loaded, used and unloaded $count times"
}
