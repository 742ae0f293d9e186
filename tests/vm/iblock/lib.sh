# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# What the tests of the iblock backstore share.
. /rig/src/tests/vm/common.sh

NULLB=/sys/kernel/config/nullb
IBLOCK=$CORE/iblock_0

# A null_blk of its own memory, as /dev/NAME: older kernels call it what they like.
mk_null() { # name megabytes [attribute=value...]
	local pair
	[ -d $NULLB ] || modprobe null_blk nr_devices=0 || return
	mkdir "$NULLB/$1" || return
	for pair in "size=$2" memory_backed=1 "${@:3}"; do
		echo "${pair#*=}" >"$NULLB/$1/${pair%%=*}" || return
	done
	echo 1 >"$NULLB/$1/power"
}

null_dev() { # name
	if [ -b "/dev/$1" ]; then echo "/dev/$1"; else echo "/dev/nullb$(cat "$NULLB/$1/index")"; fi
}

rm_null() { rmdir "$NULLB/$1"; }

null_end() {
	! grep -q '^null_blk ' /proc/modules || {
		find $NULLB -mindepth 1 -maxdepth 1 -type d -exec rmdir {} +
		modprobe -r null_blk
	}
}

# A loop device over a file of $WORK: prints it.
mk_loop() { # file megabytes [losetup-option...]
	modprobe -q loop
	truncate -s "$2M" "$WORK/$1" && losetup --show -f "${@:3}" "$WORK/$1"
}

# A block device as $CORE/iblock_0/NAME.
mk_iblock() { # name device [parameter=value...]
	local param
	lio_load || return
	[ -d "$IBLOCK" ] || mkdir "$IBLOCK" || return
	mkdir "$IBLOCK/$1" || return
	for param in "udev_path=$2" "${@:3}"; do
		echo "$param" >"$IBLOCK/$1/control" || return
	done
	echo 1 >"$IBLOCK/$1/enable"
}

# Attributes of it, before it becomes a disk.
set_iblock() { # name attribute=value...
	local pair
	for pair in "${@:2}"; do
		echo "${pair#*=}" >"$IBLOCK/$1/attrib/${pair%%=*}" || return
	done
}

# As LUN 0 of the test's port. DEV and SG name the disk.
link_iblock() { # name [lun]
	[ -d "$LOOPBACK/$WWN" ] || lio_mk_port $WWN || return
	lio_link $WWN 1 "${2:-0}" "iblock_0/$1" || return
	DEV=$(lio_dev $WWN 1 "${2:-0}") || return
	SG=$(lio_sg $WWN 1 "${2:-0}")
}

# Condition codes of a CHECK CONDITION, with or without INFORMATION.
sense_is() { # want text command...
	scsi "${@:3}"
	is "$ANSWER" "$1" "$2"
}
