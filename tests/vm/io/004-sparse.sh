# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="A ramdisk of 1 TiB is there at once, costs the memory of what is written to it, and reads zeros elsewhere."
TIMEOUT=300
. /rig/src/tests/vm/common.sh
# LIO allocates all of a ramdisk at once.
requires() { _have_peer ours; }

# What other programs of the guest take and give back meanwhile is tens of MiB, so
# what is measured here is more, in KiB.
NOISE=$((128 << 10))
FILL=$((2 * NOISE))

available() { awk '/^MemAvailable/ { print $2 }' /proc/meminfo; }

zeros_at() { # offset-in-MiB
	dd if="$DEV" bs=1M skip="$1" count=4 iflag=direct status=none | cmp -n 4194304 - /dev/zero
}

test() {
	local before full mib
	before=$(available)
	make_disk $((1 << 28)) || return
	is "$(blockdev --getsize64 "$DEV")" $((1 << 40)) "its size is 1 TiB"
	ok "it took next to nothing" [ $((before - $(available))) -lt $NOISE ]
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
	ok "all of it took next to nothing" [ $((before - $(available))) -lt $NOISE ]
	ok "$((FILL >> 10)) MiB are written" dd if=/dev/zero of="$DEV" bs=1M seek=8192 \
		count=$((FILL >> 10)) oflag=direct status=none
	full=$(available)
	ok "and take their memory" [ $((before - full)) -gt $NOISE ]
	lio_clear
	ok "which is free again" wait_until 10 sh -c \
		"[ $((full + NOISE)) -lt \$(awk '/^MemAvailable/ { print \$2 }' /proc/meminfo) ]"
}
