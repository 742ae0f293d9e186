# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="One command carries megabytes of scattered pages; a CDB that claims more bytes than can come is refused by sense."
WWN=naa.5001405000000001
. /rig/src/tests/vm/common.sh
EVENT=/sys/kernel/tracing/events/target/target_sequencer_start
requires() {
	_have_peer ours
	_have_program sg_raw
}

# Lengths of the commands of one direct write, and of its reading back.
lengths() { # command megabytes
	echo >/sys/kernel/tracing/trace
	ok "a write and a read of $2 MiB" sh -c "dd if=data of=$DEV bs=$2M count=1 oflag=direct \
		status=none && dd if=$DEV bs=$2M count=1 iflag=direct status=none | cmp -n $(($2 << 20)) - data"
	LENGTHS=$(sed -n "s/.*$1.* data_length *\([0-9]*\) .*/\1/p" /sys/kernel/tracing/trace | sort -u |
		paste -sd' ')
}

test() {
	local queue
	[ -d /sys/kernel/tracing/events ] || mount -t tracefs tracefs /sys/kernel/tracing
	make_disk 8192 || return
	head -c 8M /dev/urandom >data
	queue=/sys/block/${DEV##*/}/queue
	is "$(cat "$queue/max_segments")" 2048 "2048 segments"
	is "$(cat "$queue/scheduler")" "$(sed 's/none/[none]/; s/\[\(mq[^]]*\)\]/\1/' "$queue/scheduler" |
		sed 's/\[\[/[/; s/\]\]/]/')" "no I/O scheduler by default"
	ok "transfers as long as the host takes" sh -c "cat $queue/max_hw_sectors_kb >$queue/max_sectors_kb"
	echo 1 >$EVENT/enable
	lengths WRITE 4
	is "$LENGTHS" $((4 << 20)) "4 MiB go in one command"
	lengths READ 8
	is "$LENGTHS" $((8 << 20)) "and 8 MiB"
	echo 0 >$EVENT/enable
	# sg_raw takes this operation code for NVMe's, but shows the sense.
	# shellcheck disable=SC2046 # one word per byte
	like "$(sg_raw -v "$SG" 7f 00 00 00 00 00 00 ff $(printf '00 %.0s' {1..24}) 2>&1)" \
		"70 00 05 00 00 00 00 12  00 00 00 00 24 00 00 cf" "a CDB of 263 bytes of which 32 come is refused"
	scsi_is good "the disk is well" 00 00 00 00 00 00
	lio_clear
}
