# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="A ramdisk larger than memory, filled, ends in SPACE ALLOCATION FAILED and ENOSPC, not in the OOM killer."
TIMEOUT=300
. /rig/src/tests/vm/common.sh
# LIO allocates all of a ramdisk at once: it would ask for more than there is.
requires() { _have_peer ours; }

# Leaves 256 MiB above what the ramdisk may not take, so that filling is quick.
take_memory() {
	local available total
	available=$(awk '/^MemAvailable/ { print $2 }' /proc/meminfo)
	total=$(awk '/^MemTotal/ { print $2 }' /proc/meminfo)
	mkdir ballast && mount -t tmpfs -o size=100% ballast ballast &&
		fallocate -l $((available - total / 16 - 262144))k ballast/file
}

give_memory() { umount ballast; }

# From the middle of the disk on, in the hole behind what was written: a MiB a time,
# since the kernel may have found some more memory meanwhile.
fill_hole() { # MiB
	local lba
	head -c 1048576 /dev/zero >mebibyte
	for ((lba = $1 * 2048; lba < ($1 + 384) * 2048; lba += 2048)); do
		# shellcheck disable=SC2046 # one word per byte
		scsi w mebibyte 2a 00 $(printf '%08x' $lba | sed 's/../& /g') 00 08 00 00
		[ "$ANSWER" = good ] || return 0
	done
}

test() {
	local total middle
	total=$(awk '/^MemTotal/ { print $2 }' /proc/meminfo)
	middle=$((total / 1024))
	make_disk $((total / 2)) || return
	ok "the ramdisk is larger than memory" [ $(($(blockdev --getsize64 "$DEV") / 1024)) -gt "$total" ]
	ok "most of memory is taken" take_memory
	dd if=/dev/zero of="$DEV" bs=1M oflag=direct 2>dd.err
	is $? 1 "filling it fails"
	like "$(cat dd.err)" 'No space left on device' "for want of space"
	ok "after some was written" [ "$(sed -n 's/+.*records out//p' dd.err)" -gt 16 ]
	head -c 4096 /dev/zero >block
	fill_hole $middle
	is "$ANSWER" 7/27/07 "a write to a hole is refused with SPACE ALLOCATION FAILED"
	scsi_is good "a write to a page that exists is not" w block 2a 00 00 00 00 00 00 00 08 00
	ok "reads go on" dd if="$DEV" of=/dev/null bs=1M count=16 iflag=direct status=none
	ok "a hole reads zeros" sh -c "dd if=$DEV bs=1M skip=$((middle + 400)) count=1 iflag=direct status=none | \
		cmp -n 1048576 - /dev/zero"
	give_memory
	ok "with memory there is space again" dd if=block of="$DEV" bs=4096 seek=$(((middle + 400) * 256)) oflag=direct status=none
	scsi_close
	lio_clear
}
