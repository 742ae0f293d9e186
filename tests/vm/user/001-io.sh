# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="A process serves a disk: data is right, answers are its own, and what it does not know is no operation code."
TIMEOUT=200
. /rig/src/tests/vm/user/lib.sh
requires() { _have_program fio && _have_program gcc; }

names() {
	local uio
	uio=$(grep -l "^tcm-user/0/disk/ram/x$" /sys/class/uio/uio*/name)
	ok "the UIO device has the unit's name" test -n "$uio"
	uio=${uio%/name}
	is "$(cat "$uio/version")" 2.0 "and the protocol's version"
	is "$(($(cat "$uio/maps/map0/size")))" $(((8 + 1024) << 20)) "mailbox, ring and data"
	is "$(tail -n +2 "$DISK/info")" \
		"        Config: ram/x Size: $((16 << 20)) MaxDataAreaMB: 1024 DataPagesPerBlk: 1 CmdRingSizeMB: 8" "info"
	[ "$PEER" = lio ] || is "$(state)" open "a daemon has it open"
}

answers() {
	like "$(sg_inq "$SG")" "Product identification: RAM" "INQUIRY is the process's"
	scsi_is "5/24/00" "an unknown page" r 96 12 01 c7 00 60 00
	scsi_is "5/21/00" "a block that is not there" r 512 28 00 00 ff 00 00 00 00 01 00
	if [ "$PEER" = ours ]; then
		scsi_is "5/20/00" "an operation code that it does not know" r 96 37 00 0d 00 00 00 00 00 60 00
		scsi_is "5/20/00" "one of a vendor" d0 00 00 00 00 00 00 00 00 00
	else
		scsi_is "2/08/00" "an operation code that it does not know" r 96 37 00 0d 00 00 00 00 00 60 00
	fi
	scsi r 252 a0 00 00 00 00 00 00 00 00 fc 00 00
	is "${DATA:0:11}" "00 00 00 08" "REPORT LUNS is the core's"
	scsi r 36 12 00 00 00 24 00
	is "$ANSWER" good "INQUIRY again"
	# Fewer bytes than asked for.
	scsi r 252 12 00 00 00 fc 00
	like "$ANSWER" "good" "more than there is"
	is "$(echo "$DATA" | wc -w)" 66 "the rest is residual"
}

data() {
	ok "4 KiB" fio_verify small "$DEV" --bs=4k --size=4m --ioengine=libaio --iodepth=32
	ok "odd sizes" fio_verify odd "$DEV" --bsrange=512-256k --size=8m --ioengine=libaio --iodepth=16
	ok "all at once" fio_verify big "$DEV" --bs=64k --size=16m --ioengine=libaio --iodepth=64
}

# What comes alone does not pass through a queue, where queuecommand may sleep.
one_by_one() {
	local before switches
	before=$(queue_switches)
	ok "one after the other" dd if="$DEV" of=/dev/null bs=4k count=320 iflag=direct status=none
	switches=$(($(queue_switches) - before))
	note "320 reads cost the queues' threads $switches switches"
	[ "$PEER" = lio ] || [ "$KERNEL" = 6.1 ] || ok "most have gone another way" [ $switches -lt 160 ]
}

test() {
	ok "the handlers compile" make_tools || return
	ok "a handler starts" daemon_start ram || return
	make_user ram/x $((16 << 20)) || return
	names
	answers
	data
	one_by_one
	scsi_close
	lio_clear
	ok "the unit has left its process" wait_until 10 sh -c "! ls -l /proc/$PID/fd | grep -q uio"
	daemon_stop
	ok "no process, no unit" mk_user alone ram/y $((1 << 20))
	lio_clear
}
