# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="The kernel's block integrity works with disks of each protection type, with the adapter's help and without."
TIMEOUT=900
. /rig/src/tests/vm/common.sh
requires() { _have_peer ours && _have_program fio; }

PARAMETERS=/sys/module/tcm_loop/parameters

# A disk behind a host that is made with these parameters.
protected_disk() { # type block-size prot_mask prot_guard [fabric-type]
	lio_load || return
	echo "$3" >$PARAMETERS/prot_mask && echo "$4" >$PARAMETERS/prot_guard || return
	lio_mk_rd disk 4096 || return
	DISK=$CORE/rd_mcp_0/disk
	echo "$2" >"$DISK/attrib/block_size" && echo "$1" >"$DISK/attrib/pi_prot_type" || return
	mkdir -p "$(lio_tpg $WWN 1)" && echo "${5:-0}" >"$(lio_tpg $WWN 1)/attrib/fabric_prot_type"
	lio_mk_port $WWN && lio_link $WWN 1 0 rd_mcp_0/disk || return
	DEV=$(lio_dev $WWN 1 0) && SG=$(lio_sg $WWN 1 0)
	# The integrity profile comes with the end of the probe.
	wait_until 20 test -e "/sys/block/${DEV##*/}/integrity/format"
	INTEGRITY=/sys/block/${DEV##*/}/integrity
}

of_disk() { cat "$(lio_sysfs $WWN 1 0)"/scsi_disk/*/"$1"; }

use() { # text block-size
	ok "$1: fio writes and verifies" fio_verify verify "$DEV" --bsrange="$2-64k" \
		--size=512k --ioengine=libaio --iodepth=8
	ok "$1: buffered, too" sh -c "dd if=/dev/urandom of=data bs=64k count=4 status=none &&
		dd if=data of=$DEV bs=64k seek=80 conv=fsync status=none && echo 1 >/proc/sys/vm/drop_caches &&
		dd if=$DEV bs=64k skip=80 count=4 status=none | cmp - data"
}

check() { # type block-size mask guard mode format [fabric-type]
	local text="type $1, $2, $5, $6"
	ok "$text: there is a disk" protected_disk "$1" "$2" "$3" "$4" "${7:-}" || return
	is "$(of_disk protection_mode)" "$5" "$text: protection_mode"
	is "$(cat "$INTEGRITY/format")" "$6" "$text: integrity/format"
	use "$text" "$2"
	if [ "$6" != none ]; then
		is "$(cat "$INTEGRITY/read_verify")$(cat "$INTEGRITY/write_generate")" 11 \
			"$text: the block layer makes and checks it"
		echo 0 >"$INTEGRITY/write_generate"
		echo 0 >"$INTEGRITY/read_verify"
		use "$text, not by the block layer" "$2"
	fi
	scsi_close
	lio_clear
}

# A wrong guard gets past WRPROTECT 011b, and no further.
check_corruption() {
	protected_disk 1 512 119 1 || return
	python3 $VM/scsi/pi.py 512 1 10 4 guard >wire
	scsi_is good "a wrong guard is written" w wire 2a 60 00 00 00 0a 00 00 04 00
	not_ok "the disk reports it" dd if="$DEV" of=/dev/null bs=512 skip=10 count=4 iflag=direct status=none
	ok "the blocks before it can be read" dd if="$DEV" of=/dev/null bs=512 skip=10 count=2 iflag=direct status=none
	scsi_close
	lio_clear
}

# What kernels differ in is the block layer's side of it, not the size of a block nor the
# type's name: on the others, and in the slow test kernel, one of each kind.
test() {
	check 1 512 119 1 dix1 T10-DIF-TYPE1-CRC
	check 3 512 119 2 dix3 T10-DIF-TYPE3-IP
	check 0 512 127 1 dix0 T10-DIF-TYPE1-CRC
	check 1 512 7 1 dif1 none
	check_corruption
	case $KERNEL in 6.12) the_others ;; esac
	echo 119 >$PARAMETERS/prot_mask
	echo 1 >$PARAMETERS/prot_guard
}

the_others() {
	check 2 512 119 1 dix2 T10-DIF-TYPE1-CRC
	check 1 4096 119 2 dix1 T10-DIF-TYPE1-IP
	check 3 512 7 1 dif3 none
	check 0 512 119 1 dix1 T10-DIF-TYPE1-CRC 1
	check 0 512 119 1 dix3 T10-DIF-TYPE3-CRC 3
}
