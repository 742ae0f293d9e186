# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="A device below that does not answer keeps what it was asked for, and nothing else: the host is not recovered, other disks go on, and what is late is as good as what is in time."
TIMEOUT=180
. /rig/src/tests/vm/iblock/lib.sh
requires() {
	_have_peer ours
	_have_program dmsetup sg_raw fio
	_have_module null_blk
}

# An abort that waits for the device gives up after 20 s, and the host's recovery follows.
TOO_LONG=24

# A device that can be stopped, and a disk that stands on its disk.
disks() {
	local dev
	mk_null n0 32 blocksize=512 && mk_null n1 32 blocksize=512 || return
	dm_create below <<<"0 $(blockdev --getsz "$(null_dev n0)") linear $(null_dev n0) 0" || return
	mk_iblock late "$(dm_dev below)" exclusive=0 && link_iblock late 0 || return
	LATE=$DEV LATE_SG=$SG
	mk_iblock upon "$LATE" exclusive=0 && link_iblock upon 1 || return
	UPON=$DEV
	mk_iblock other "$(null_dev n1)" && link_iblock other 2 || return
	OTHER=$DEV
	for dev in "$LATE" "$UPON" "$OTHER"; do
		echo 1 >"/sys/block/${dev#/dev/}/device/timeout" || return
	done
}

test() {
	local late upon own
	ok "three disks, whose commands have a second each" disks || return
	ok "the device below stops" dmsetup suspend --noflush --nolockfs below
	dd if=/dev/zero of="$LATE" bs=4k count=1 oflag=direct 2>"$WORK/late.log" &
	late=$!
	dd if=/dev/zero of="$UPON" bs=4k count=1 seek=1 oflag=direct 2>"$WORK/upon.log" &
	upon=$!
	sg_raw -t 1 -r 512 "$LATE_SG" 28 00 00 00 00 10 00 00 01 00 >"$WORK/own.log" 2>&1 &
	own=$!
	ok "what waits is said" wait_until $((20 * SLOW)) eval "dmesg | grep -q 'no end of WRITE'"
	sleep $TOO_LONG
	ok "the host goes on" grep -qx running /sys/class/scsi_host/host*/state
	ok "so does another disk" timeout $((20 * SLOW)) fio --name=other --filename="$OTHER" --direct=1 --rw=randrw \
		--bs=4k --size=1m --output="$WORK/fio"
	ok "all wait" kill -0 $late $upon $own
	ok "the device goes on" dmsetup resume below
	ok "its disk's write has not failed" wait $late
	ok "nor that of the disk upon it" wait $upon
	wait $own
	like "$(cat "$WORK/own.log")" "DID_TIME_OUT" "who had asked for a second is told that it has passed"
	ok "no disk is offline" [ "$(cat /sys/class/scsi_disk/*/device/state | sort -u)" = running ]
	lio_clear
	ok "the device below goes" wait_until 30 dm_remove below
	null_end
}
