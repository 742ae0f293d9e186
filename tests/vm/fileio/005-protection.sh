# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="Protection information of a file is kept beside it, checked by the kernel's block integrity, and goes with what it protects."
TIMEOUT=200
. /rig/src/tests/vm/common.sh
. /rig/src/tests/vm/fileio/lib.sh
requires() { _have_peer ours && _have_program fio; }

PARAMETERS=/sys/module/tcm_loop/parameters

protected_file() { # type block-size path bytes [parameter=value...]
	lio_load target_core_file || return
	echo 119 >$PARAMETERS/prot_mask && echo 1 >$PARAMETERS/prot_guard
	DISK=$CORE/fileio_0/disk
	lio_mk_file disk "${@:3}" || return
	echo "$2" >"$DISK/attrib/block_size" && echo "$1" >"$DISK/attrib/pi_prot_type" &&
		echo 1 >"$DISK/attrib/emulate_tpu" || return
	lio_mk_port $WWN && lio_link $WWN 1 0 fileio_0/disk || return
	DEV=$(lio_dev $WWN 1 0) && SG=$(lio_sg $WWN 1 0)
	# The integrity profile comes with the end of the probe.
	wait_until 20 test -e "/sys/block/${DEV##*/}/integrity/format"
}

read_at() { dd if="$DEV" of=/dev/null bs="$1" skip="$2" count="$3" iflag=direct status=none; }

use() { # type block-size path bytes [parameter=value...]
	local text="type $1, $2 bytes${5:+, buffered}"
	ok "$text: there is a disk" protected_file "$@" || return
	ok "$text: what was never written can be read" read_at "$2" 100 8
	ok "$text: fio writes and verifies" fio_verify verify "$DEV" --bsrange="$2-64k" \
		--size="$(scaled 4)m" --ioengine=libaio --iodepth=8
	ok "$text: the side file is there" [ "$(stat -c %b "$3.protection")" -gt 0 ]
	# Blocks that get other data behind the unit's back.
	dd if=/dev/urandom of="$DEV" bs="$2" seek=64 count=16 oflag=direct status=none
	sync "$3"
	printf xyzzy | dd of="$3" bs=1 seek=$(($2 * 66)) conv=notrunc,fsync status=none
	not_ok "$text: a block that has changed is noticed" read_at "$2" 66 1 2>/dev/null
	ok "$text: the one before can be read" read_at "$2" 65 1
	ok "$text: unmapped" quietly sg_unmap --lba=66 --num=1 --force "$SG"
	ok "$text: it can be read" read_at "$2" 66 1
	scsi_close
	lio_clear
	is "$(stat -c %s "$3.protection")" 0 "$text: what is left of it is empty"
}

resized() { # path bytes
	protected_file 1 512 "$1" "$2" || return
	echo $(($2 * 2)) >"$DISK/attrib/capacity"
	ok "a larger unit: the disk follows" wait_until 20 \
		sh -c "[ \$(blockdev --getsize64 $DEV) = $(($2 * 2)) ]"
	ok "its new blocks can be read" read_at 4k $(($2 / 4096 + 1)) 4
	ok "and are written and verified" fio_verify end "$DEV" --bs=4k --offset="$2" --size=64k --ioengine=psync
	lio_clear
}

test() {
	local size=$((16 << 20))
	mount_tmpfs && mount_loop ext4 64 || return
	use 1 512 $MNT/ext4/file $size
	use 3 4096 $MNT/ext4/file $size fd_buffered_io=1
	use 2 512 $MNT/tmpfs/file $size
	resized $MNT/ext4/file $size
	umount_all
}
