# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="nr_hw_queues, can_queue and cmd_per_lun shape the hosts that are made after them, and take only what can be."
WWN=naa.5001405000000001
PARAMETERS=/sys/module/tcm_loop/parameters

set_parameter() { echo "$2" 2>/dev/null >"$PARAMETERS/$1"; }
queues() { find "/sys/block/${1##*/}/mq" -mindepth 1 -maxdepth 1 | wc -l; }

disk() {
	lio_mk_port $WWN && lio_link $WWN 1 0 rd_mcp_0/disk && lio_dev $WWN 1 0
}

# What a new host, its disk and the block layer make of the parameters.
check() { # queues can_queue depth
	local dev host
	dev=$(disk)
	host=$(cut -d: -f1 "$(lio_tpg $WWN 1)/address")
	ok "a host with these parameters has a disk" test -b "$dev"
	is "$(queues "$dev")" "$1" "hardware queues: $1"
	is "$(cat "/sys/class/scsi_host/host$host/can_queue")" "$2" "commands per queue: $2"
	is "$(cat "$(lio_sysfs $WWN 1 0)/queue_depth")" "$3" "queue depth: $3"
	ok "the disk can be read" dd if="$dev" of=/dev/null bs=64k count=4 iflag=direct status=none
	lio_unlink $WWN 1 0
	rmdir "$(lio_tpg $WWN 1)" "$LOOPBACK/$WWN"
}

test() {
	local cpus name value
	cpus=$(nproc)
	lio_mk_rd disk 256 || return
	for name in nr_hw_queues can_queue cmd_per_lun; do
		is "$(stat -c %a $PARAMETERS/$name)" 644 "$name can be read by all, written by root"
	done
	is "$(cat $PARAMETERS/can_queue)" 1024 "can_queue is 1024"
	is "$(cat $PARAMETERS/cmd_per_lun)" 1024 "cmd_per_lun is 1024"
	if [ "$PEER" = ours ]; then
		is "$(cat $PARAMETERS/nr_hw_queues)" 0 "nr_hw_queues follows the CPUs"
		check "$cpus" 1024 1024
		for value in -1 65536 x ''; do
			not_ok "nr_hw_queues '$value' is refused" set_parameter nr_hw_queues "$value"
		done
		for value in -1 0 10241 x; do
			not_ok "can_queue '$value' is refused" set_parameter can_queue "$value"
		done
		for value in -1 0 32768 x; do
			not_ok "cmd_per_lun '$value' is refused" set_parameter cmd_per_lun "$value"
		done
	fi
	ok "one queue" set_parameter nr_hw_queues 1
	ok "of 64 commands" set_parameter can_queue 64
	ok "32 to a disk" set_parameter cmd_per_lun 32
	check 1 64 32
	ok "more to a disk than the host takes" set_parameter cmd_per_lun 100
	check 1 64 64
	[ "$PEER" = lio ] || {
		ok "more queues than CPUs" set_parameter nr_hw_queues 1000
		check "$cpus" 64 64
	}
	ok "the smallest host" sh -c "echo 1 >$PARAMETERS/can_queue; echo 1 >$PARAMETERS/cmd_per_lun"
	ok "has one queue" set_parameter nr_hw_queues 1
	check 1 1 1
	lio_clear
	ok "the module is unloaded" rmmod tcm_loop
	ok "and takes parameters at load" modprobe tcm_loop nr_hw_queues=1 can_queue=16
	is "$(cat $PARAMETERS/can_queue)" 16 "which it shows"
	rmmod tcm_loop
	[ "$PEER" = lio ] || not_ok "but no wrong ones" modprobe -q tcm_loop can_queue=0
}
