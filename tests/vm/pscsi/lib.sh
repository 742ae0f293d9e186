# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# What the tests of the pscsi backstore share.
. /rig/src/tests/vm/common.sh

PSCSI=$CORE/pscsi_0
ADAPTER=/sys/bus/pseudo/drivers/scsi_debug/adapter0

# A device of the kernel's SCSI emulation: RAW is its directory in sysfs, RAW_SG its
# node, HCTL its address.
scsi_debug() { # parameter=value...
	modprobe scsi_debug "$@" || return
	wait_until 20 ls -d $ADAPTER/host*/target*/*/scsi_generic/sg* >/dev/null || return
	RAW=$(echo $ADAPTER/host*/target*/*:0:0:0)
	HCTL=${RAW##*/}
	RAW_SG=/dev/$(basename "$RAW"/scsi_generic/sg*)
}

raw_block() {
	wait_until 20 ls -d "$RAW"/block/sd* >/dev/null && echo "/dev/$(basename "$RAW"/block/sd*)"
}

# What of its address goes to control.
address_of() { # hctl
	local h c t l
	IFS=: read -r h c t l <<<"$1"
	echo "scsi_host_id=$h,scsi_channel_id=$c,scsi_target_id=$t,scsi_lun_id=$l"
}

# $RAW as $PSCSI/NAME.
mk_pscsi() { # name
	lio_load || return
	[ -d "$PSCSI" ] || mkdir "$PSCSI" || return
	mkdir "$PSCSI/$1" || return
	address_of "$HCTL" >"$PSCSI/$1/control" || return
	[ ! -d "$RAW/block" ] || raw_block >"$PSCSI/$1/udev_path" || return
	echo 1 >"$PSCSI/$1/enable"
}

# As LUN 0 of the test's port. SG names it; and DEV, if it is a disk.
link_pscsi() { # name
	lio_mk_port $WWN && lio_link $WWN 1 0 "pscsi_0/$1" || return
	SG=$(lio_sg $WWN 1 0) || return
	[ ! -d "$RAW/block" ] || DEV=$(lio_dev $WWN 1 0) || return
	settle
}

# What the device has to tell whoever comes first is told.
settle() {
	local n
	for n in {1..5}; do
		scsi 0 0 0 0 0 0
		[ "$ANSWER" != good ] || break
	done
}

scsi_debug_end() {
	scsi_close
	lio_clear
	lio_unload
	modprobe -r scsi_debug
}

# A command to the device and through the target: the same comes back.
same() { # text [r length | w file] cdb...
	local answer data sg=$SG
	SG=$RAW_SG
	scsi "${@:2}"
	answer=$ANSWER data=$DATA
	SG=$sg
	scsi "${@:2}"
	is "$ANSWER: $DATA" "$answer: $data" "$1: ${answer}"
}
