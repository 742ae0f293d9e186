# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="targetcli creates, saves, clears and restores disks of a block device and of a SCSI device."
TIMEOUT=240
KERNELS="6.1 6.12"
. /rig/src/tests/vm/iblock/lib.sh
. /rig/src/tests/vm/pscsi/lib.sh
requires() { _have_program targetcli dbus-daemon; _have_module null_blk; _have_module scsi_debug; }

export TARGETCLI_HOME=$WORK/home
PROGRAM=(targetcli)
[ ! -d /opt/targetcli-3 ] ||
	PROGRAM=(env PYTHONPATH=/opt/targetcli-3/usr/lib/python3/dist-packages
		python3 /opt/targetcli-3/usr/bin/targetcli)
CLI_ERRORS='error|exception|traceback|cannot|could not|not found|read-only|invalid|fail'
PORT=naa.5001405000000009

cli() { # command...
	printf '%s\n' "$@" "set global auto_save_on_exit=false" exit >commands
	quietly timeout 100 "${PROGRAM[@]}" <commands || return
	# The older one says that it has no preferences yet.
	! grep -v 'preferences file' quietly | grep -iE "$CLI_ERRORS"
}

is_disk() { lsscsi | grep -q "$1"; }

# What there is, and what it says of itself; the numbers of HBAs are given anew.
state() {
	(cd $CORE && grep -sH '' iblock_*/blk/{info,enable,udev_path} pscsi_*/raw/{info,enable,udev_path} \
		iblock_*/blk/attrib/* pscsi_*/raw/attrib/* */*/wwn/vpd_unit_serial) | sed 's/_[0-9]*\//_N\//' | sort
}

test() {
	local block raw
	start_dbus
	ok "a block device" mk_null n0 32 blocksize=512 discard=1 || return
	block=$(null_dev n0)
	ok "a SCSI device" scsi_debug dev_size_mb=16 || return
	raw=$(raw_block)
	lio_load
	rmdir $LOOPBACK
	ok "created" cli "/backstores/block create name=blk dev=$block" "/backstores/pscsi create name=raw dev=$raw" \
		"/backstores/block/blk set attribute emulate_tpu=1" "/loopback create $PORT" \
		"/loopback/$PORT/luns create /backstores/block/blk" "/loopback/$PORT/luns create /backstores/pscsi/raw" \
		"ls" "/backstores/block/blk info" "/backstores/pscsi/raw info" "saveconfig $WORK/saved.json" || return
	like "$(cat quietly)" "lun0 .*block/blk" "ls shows them"
	ok "the disk of the block device is there" wait_until 20 is_disk 'LIO-ORG  *blk'
	state >before
	ok "there is something to be seen" [ "$(wc -l <before)" -gt 40 ]
	ok "clearconfig" cli "clearconfig confirm=True"
	is "$(ls -d $CORE/iblock_* $CORE/pscsi_* 2>/dev/null)" "" "leaves nothing"
	ok "restoreconfig" cli "restoreconfig $WORK/saved.json"
	ok "the disk is back" wait_until 20 is_disk 'LIO-ORG  *blk'
	state >after
	is "$(diff before after)" "" "as it was"
	ok "deleted piece by piece" cli "/loopback delete $PORT" "/backstores/block delete blk" "/backstores/pscsi delete raw"
	is "$(ls -d $CORE/iblock_* $CORE/pscsi_* 2>/dev/null)" "" "nothing is left"
	scsi_debug_end
	null_end
}
