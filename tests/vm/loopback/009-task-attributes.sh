# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="A command's task attribute is what the port says, or HEAD OF QUEUE in the real-time I/O class."
WWN=naa.5001405000000001
. /rig/src/tests/vm/common.sh
EVENT=/sys/kernel/tracing/events/target/target_sequencer_start
requires() {
	_have_peer ours
	_have_program ionice
}

attribute() { echo "$(lio_tpg $WWN 1)/attrib/task_attr"; }

# The attributes of a direct read that a command makes.
seen() { # command...
	echo >/sys/kernel/tracing/trace
	"$@" dd if="$DEV" of=/dev/null bs=4k count=4 iflag=direct status=none
	sed -n 's/.*READ.*(TA:\([A-Z]*\)).*/\1/p' /sys/kernel/tracing/trace | sort -u | paste -sd' '
}

test() {
	local value
	[ -d /sys/kernel/tracing/events ] || mount -t tracefs tracefs /sys/kernel/tracing
	make_disk 1024 || return
	echo 1 >$EVENT/enable
	is "$(cat "$(attribute)")" 0 "a port starts SIMPLE"
	is "$(seen env)" SIMPLE "and so are its commands"
	is "$(seen ionice -c 3)" SIMPLE "idle ones too"
	is "$(seen ionice -c 1)" HEAD "real-time ones go to the head"
	ok "the port is set to ORDERED" sh -c "echo 2 >$(attribute)"
	is "$(seen env)" ORDERED "and so are its commands"
	is "$(seen ionice -c 1)" HEAD "but for real-time ones"
	ok "verified I/O, all of it ordered" fio_verify ordered "$DEV" --ioengine=libaio \
		--iodepth=16 --bs=4k --size=1m
	ok "the port is set to HEAD OF QUEUE" sh -c "echo 1 >$(attribute)"
	is "$(seen env)" HEAD "and so are its commands"
	for value in 3 5 -1 x ''; do
		not_ok "'$value' is refused" sh -c "echo '$value' 2>/dev/null >$(attribute)"
	done
	is "$(cat "$(attribute)")" 1 "it is as it was"
	echo 0 >$EVENT/enable
	lio_clear
}
