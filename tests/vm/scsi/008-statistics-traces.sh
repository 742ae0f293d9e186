# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="Statistics count, tracepoints name what happened, and debugfs lists the commands in flight."
TIMEOUT=300
. /rig/src/tests/vm/common.sh

TRACE=/sys/kernel/tracing

stat() { cat "$DISK/statistics/scsi_lu/$1"; }
port_stat() { cat "$(lio_tpg $WWN 1)/lun/lun_0/statistics/scsi_tgt_port/$1"; }

traced() { # command...
	echo >$TRACE/trace
	echo 1 >$TRACE/events/target/enable
	"$@" >/dev/null 2>&1
	echo 0 >$TRACE/events/target/enable
	grep -E 'target_(sequencer_start|cmd_complete)' $TRACE/trace >trace
}

test() {
	local cmds read write port pages=$((1 << 28))
	# LIO allocates all of a ramdisk at once.
	[ "$PEER" != lio ] || pages=16384
	make_disk $pages || return
	cmds=$(stat num_cmds) read=$(stat read_mbytes) write=$(stat write_mbytes) port=$(port_stat in_cmds)
	dd if=/dev/zero of="$DEV" bs=1M count=8 oflag=direct status=none
	dd if="$DEV" of=/dev/null bs=1M count=4 iflag=direct status=none
	ok "num_cmds counts" [ $(($(stat num_cmds) - cmds)) -ge 12 ]
	is $(($(stat write_mbytes) - write)) 8 "8 MiB were written"
	ok "4 MiB or a little more were read" [ $(($(stat read_mbytes) - read)) -ge 4 ]
	ok "the port counts too" [ $(($(port_stat in_cmds) - port)) -ge 12 ]
	traced sg_raw -r 512 "$SG" 28 00 00 00 00 08 00 00 01 00
	like "$(grep sequencer_start trace)" 'LUN 000 .*READ[_(]10.*data_length +512.*28 00 00 00 00 08 00 00 01' \
		"a READ(10) starts in the trace"
	like "$(grep cmd_complete trace)" 'status GOOD .*READ[_(]10' "and completes GOOD"
	traced sg_raw -r 512 "$SG" 28 00 ff ff ff ff 00 00 01 00
	like "$(grep cmd_complete trace)" 'status CHECK CONDITION .*sense len 18.*[7f]0 00 05' "a refused one with its sense"
	traced sg_raw "$SG" ff 00 00 00 00 00
	like "$(cat trace)" 'CHECK CONDITION' "an unknown opcode too"
	echo >$TRACE/trace
	[ "$PEER" = lio ] || commands
	lio_clear
}

# One that takes hours, of a disk that is all holes, until a reset ends it.
commands() {
	local file=/sys/kernel/debug/target_core/commands
	is "$(cat $file)" "" "no command is in flight"
	python3 $VM/reset/slow_verify.py "$SG" 120 1 >verify &
	ok "debugfs lists a command in flight" wait_until $((20 * SLOW)) grep -q . $file
	cat $file >seen
	note "$(cat seen)"
	like "$(cat seen)" 'VERIFY\(16\)' "by name"
	ok "a LUN reset" timeout $((60 * SLOW)) sg_reset -N -d "$SG"
	ok "and then none" wait_until $((20 * SLOW)) sh -c "! grep -q . $file"
	wait
}
