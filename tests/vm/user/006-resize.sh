# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="A unit gets larger and smaller under I/O; a small data area makes commands wait; teardown ends what is pending."
TIMEOUT=200
. /rig/src/tests/vm/user/lib.sh
requires() { _have_peer ours && _have_program gcc && _have_program fio; }

is_size() { [ "$(blockdev --getsize64 "$DEV")" = "$1" ]; }

resize() {
	local i
	fio_start io "$DEV" --size=2m
	for ((i = 0; i < $(scaled 5 3); i++)); do
		echo $((((i % 3) + 4) << 20)) >"$DISK/attrib/dev_size" || break
	done
	ok "$i sizes under I/O" [ $i = "$(scaled 5 3)" ]
	ok "and the I/O was right" fio_stop io
	echo $((6 << 20)) >"$DISK/attrib/dev_size"
	ok "the disk follows" wait_until 20 is_size $((6 << 20))
	is "$(tail -n +2 "$DISK/info" | sed 's/.*Size: //; s/ .*//')" $((6 << 20)) "info has it"
	ok "the new end is written" dd if=/dev/urandom of="$DEV" bs=4k seek=$((6 * 256 - 1)) count=1 oflag=direct status=none
	scsi 00 00 00 00 00 00
	echo $((4 << 20)) >"$DISK/attrib/dev_size"
	ok "the disk follows again" wait_until 20 is_size $((4 << 20))
}

# An area of 256 blocks for commands of 16 each: more than 16 at once wait for room.
crowded() {
	ok "more commands than there is room for" fio_verify crowd "$DEV" --bs=64k --size=4m --ioengine=libaio --iodepth=64
	echo 0 >"$DISK/attrib/qfull_time_out"
	ok "who does not wait comes again" fio_verify full "$DEV" --bs=64k --size=4m --ioengine=libaio --iodepth=64
	echo -1 >"$DISK/attrib/qfull_time_out"
	is "$(outcome -2 "$DISK/attrib/qfull_time_out")" ERANGE "a time that is none"
	is "$(outcome 5 "$DISK/attrib/cmd_time_out")" EINVAL "initiators go by the other"
}

blocked() {
	ok "blocked" sh -c "echo 1 >$DISK/action/block_dev"
	is "$(cat "$DISK/action/block_dev") $(state)" "blocked blocked" "says so"
	# To BUSY the midlayer says: once more.
	dd if="$DEV" of=/dev/null bs=4k count=1 iflag=direct status=none &
	local reader=$!
	sleep 1
	not_ok "nothing comes through" not_running $reader
	ok "unblocked" sh -c "echo 0 >$DISK/action/block_dev"
	ok "now it does" wait_until 20 not_running $reader
	ok "and well" wait $reader
	is "$(outcome 0 "$DISK/action/reset_ring") $(outcome 3 "$DISK/action/reset_ring")" "EINVAL EINVAL" "resets that are none"
}

# Commands are pending and will not be answered; everything goes all the same.
teardown() {
	kill -STOP "$PID"
	dd if="$DEV" of=/dev/null bs=64k count=32 iflag=direct status=none 2>/dev/null &
	local pid=$!
	wait_until 10 sh -c "[ \$(cat /sys/block/${DEV#/dev/}/inflight | awk '{ print \$1 + \$2 }') -gt 0 ]"
	ok "the LUN goes" within $((60 * SLOW)) lio_unlink $WWN 1 0
	ok "and the reader ends" wait_until $((30 * SLOW)) not_running $pid
	ok "and the unit" within $((60 * SLOW)) rmdir "$DISK"
	kill -9 "$PID"
	wait "$PID" 2>/dev/null
	ok "and all else" lio_clear
}

options() {
	local dev=$HBA/o
	mkdir -p "$dev"
	is "$(outcome max_data_area_mb=0 "$dev/control")" ERANGE "no data area"
	is "$(outcome hw_block_size=1000 "$dev/control")" EINVAL "an odd block"
	is "$(outcome cmd_ring_size_mb=9 "$dev/control")" ERANGE "too large a ring"
	is "$(outcome data_pages_per_blk=0 "$dev/control")" ERANGE "blocks of nothing"
	is "$(outcome nl_reply_supported=1000 "$dev/control")" ERANGE "no number of that size"
	is "$(outcome nl_reply_supported=-1,hw_block_size=4096 "$dev/control")" ok "less than nothing"
	is "$(cat "$dev/attrib/nl_reply_supported")" -1 "is shown"
	is "$(outcome 1 "$dev/action/reset_ring")" ENODEV "no ring yet"
	is "$(outcome 3 "$dev/attrib/recovery")" ERANGE "a policy that is none"
	rmdir "$dev"
}

test() {
	mount_tmpfs || return
	ok "the handlers compile" make_tools || return
	ok "a handler starts" daemon_start file || return
	make_user file/$TMPFS/disk $((4 << 20)) max_data_area_mb=1 attrib/cmd_time_out=$((10 * SLOW)) attrib/abort_time_out=2 attrib/nl_time_out=$((4 * SLOW)) || return
	options
	resize
	crowded
	blocked
	scsi_close
	teardown
	umount_tmpfs
}
