# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="A ramdisk's pages come from all memory nodes alike."
. /rig/src/tests/vm/common.sh
requires() {
	_have_peer ours || return
	[ "$(nodes)" -ge 2 ] || skip "has one memory node; --append numa=fake=2 makes two"
}

nodes() { find /sys/devices/system/node -maxdepth 1 -name 'node[0-9]*' | wc -l; }

# Mebibytes that each node has free.
free() { awk '/MemFree/ { print int($4 / 1024) }' /sys/devices/system/node/node[0-9]*/meminfo; }

test() {
	local before after i
	make_disk 131072 || return
	sync
	mapfile -t before < <(free)
	ok "256 MiB are written" quietly dd if=/dev/zero of="$DEV" bs=1M count=256 oflag=direct
	mapfile -t after < <(free)
	note "MiB free before: ${before[*]}; after: ${after[*]}"
	for ((i = 0; i < ${#before[@]}; i++)); do
		ok "node $i gave its share" [ $((before[i] - after[i])) -ge $((256 / ${#before[@]} * 3 / 4)) ]
	done
	lio_clear
}
