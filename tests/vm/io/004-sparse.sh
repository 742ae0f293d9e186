# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="A ramdisk of 1 TiB is there at once, costs the memory of what is written to it, and reads zeros elsewhere."
TIMEOUT=300
. /rig/src/tests/vm/common.sh
# LIO allocates all of a ramdisk at once.
requires() { _have_peer ours; }

available() { awk '/^MemAvailable/ { print $2 }' /proc/meminfo; }

zeros_at() { # offset-in-MiB
	dd if="$DEV" bs=1M skip="$1" count=4 iflag=direct status=none | cmp -n 4194304 - /dev/zero
}

test() {
	local before mib
	before=$(available)
	make_disk $((1 << 28)) || return
	is "$(blockdev --getsize64 "$DEV")" $((1 << 40)) "its size is 1 TiB"
	ok "it took less than 32 MiB" [ $((before - $(available))) -lt 32768 ]
	head -c 1M /dev/urandom >data
	for mib in 0 1 4095 524288 1048575; do
		ok "1 MiB is written at $mib MiB" dd if=data of="$DEV" bs=1M seek=$mib oflag=direct status=none
	done
	for mib in 0 1 4095 524288 1048575; do
		ok "and read back at $mib MiB" sh -c "dd if=$DEV bs=1M skip=$mib count=1 iflag=direct \
			status=none | cmp - data"
	done
	for mib in 2 2048 4091 4096 524289 1048570; do
		ok "zeros at $mib MiB" zeros_at $mib
	done
	ok "one block in a hole is written" dd if=data of="$DEV" bs=512 seek=$(((100 << 20) / 512 + 3)) \
		count=1 oflag=direct conv=notrunc status=none
	ok "what is around it still reads zeros" sh -c "{ head -c 1536 /dev/zero; head -c 512 data;
		head -c 2048 /dev/zero; } >want; dd if=$DEV bs=4096 skip=$(((100 << 20) / 4096)) count=1 \
		iflag=direct status=none | cmp - want"
	ok "all of it took less than 48 MiB" [ $((before - $(available))) -lt 49152 ]
	lio_clear
	ok "which are free again" wait_until 10 sh -c \
		"[ $((before - 32768)) -lt \$(awk '/^MemAvailable/ { print \$2 }' /proc/meminfo) ]"
}
