# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="dm-multipath with the kernel's ALUA handler moves verified I/O from path to path as states change, without an error."
TIMEOUT=300
. /rig/src/tests/vm/alua/lib.sh
HANDLER=1
requires() {
	_have_peer ours
	_have_program fio && _have_program dmsetup
	modprobe -q dm-multipath && modprobe -q dm-round-robin && modprobe -q scsi_dh_alua ||
		skip "no dm-multipath in this kernel"
}

number() { cat "/sys/block/${1##*/}/dev"; }

test() {
	local one two mp round
	make_paths 4096 || return
	scsi_close
	one=$(lio_dev $WWN 1 0) two=$(lio_dev $WWN 2 0)
	# The groups are newer than the disks.
	for round in "$one" "$two"; do echo 1 >"/sys/block/${round##*/}/device/rescan"; done
	is "$(cat "/sys/block/${one##*/}/device/dh_state")" alua "the handler has found the groups"
	echo 100 >"$GP1/trans_delay_msecs"
	echo 0 >"$GP1/nonop_delay_msecs"
	ok "second path standby" set_state "$GP2" 2
	ok "a device of both paths" dm_create mp <<<"0 $(blockdev --getsz "$one") multipath 1 queue_if_no_path 1 alua 2 1 round-robin 0 1 1 $(number "$one") 1 round-robin 0 1 1 $(number "$two") 1"
	mp=$(dm_dev mp)
	ok "verified I/O" fio_start mp "$mp"
	ok "verified I/O goes over the first path" fio_moves "$one"
	for ((round = 1; round <= $(rounds 3); round++)); do
		ok "the first path becomes unavailable" set_state "$GP1" 3
		ok "and I/O goes over the second" fio_moves "$two"
		state_is "$GP2" "0 Altered by Explicit STPG" "which the handler has activated"
		ok "the first path is standby and known again" sh -c "echo 2 >$GP1/alua_access_state; dmsetup message mp 0 reinstate_path $(number "$one")"
		ok "the second becomes unavailable" set_state "$GP2" 3
		ok "and I/O goes over the first" fio_moves "$one"
		ok "the second is standby and known again" sh -c "echo 2 >$GP2/alua_access_state; dmsetup message mp 0 reinstate_path $(number "$two")"
	done
	ok "no I/O failed and its data is right" fio_stop mp
	ok "the device goes" wait_until 30 dm_remove mp
	lio_clear
}
