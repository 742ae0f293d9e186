# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="A volume that is put on other disks while it is in use: the unit follows in cache, limits and alignment, and one whose blocks no longer fit refuses what needs them."
TIMEOUT=180
. /rig/src/tests/vm/iblock/lib.sh
requires() { _have_module null_blk && _have_program dmsetup; }

FILE=$CORE/fileio_0/file

on() { # disk
	echo "0 $((32 << 11)) linear $(null_dev "$1") 0" | dm_change volume
}
soon() { wait_until $((60 * SLOW)) "$@"; }
holds_data() { dd if="$DEV" bs=64k count=1 iflag=direct status=none | cmp - "$WORK/data"; }
attrib_is() { [ "$(cat "$1/attrib/$2")" = "$3" ]; }
cache_type_is() { [ "$(cat "/sys/class/block/${DEV#/dev/}/device/scsi_disk"/*/cache_type)" = "$1" ]; }
answer_is() { # answer cdb...
	scsi r 4096 "${@:2}"
	[ "$ANSWER" = "$1" ]
}

READ="28 0 0 0 0 8 0 0 8 0"
UNFIT="3/31/00"

cache() {
	ok "it has no cache" attrib_is $IBLOCK/disk emulate_write_cache 0
	on cached
	ok "now it has" soon attrib_is $IBLOCK/disk emulate_write_cache 1
	ok "and the disk is flushed" soon cache_type_is "write back"
	on plain
	ok "and no more" soon attrib_is $IBLOCK/disk emulate_write_cache 0
	ok "as the disk knows" soon cache_type_is "write through"
}

# Of a transfer, a discard.
limits() {
	local max
	max=$(cat $IBLOCK/disk/attrib/hw_max_sectors)
	is "$(cat $FILE/attrib/max_unmap_block_desc_count)" 0 "without write zeroes the file has no UNMAP for this device"
	on small
	ok "a disk that takes less at a time" soon attrib_is $IBLOCK/disk hw_max_sectors 64
	ok "as the file sees, too, whatever it takes itself" [ "$(cat $FILE/attrib/hw_max_sectors)" -gt 64 ]
	dd if=data of="$DEV" bs=64k oflag=direct status=none
	ok "what is longer is cut" holds_data
	on plain
	ok "and the first one again" soon attrib_is $IBLOCK/disk hw_max_sectors "$max"
}

# READ CAPACITY stays what it is: by that the initiator addresses.
refuses() { # hba/unit
	ok "${1%/*}: the unit's blocks are parts of the disk's" soon answer_is "$UNFIT" $READ
	data_is "00 00 ff ff 00 00 02 00" "${1%/*}: its own are what they were" 8 25 0 0 0 0 0 0 0 0 0
	is "$(cat $CORE/$1/attrib/hw_block_size) $(cat $CORE/$1/attrib/block_size)" "4096 512" "${1%/*}: both are told"
}

blocks() {
	local file_sg iblock_sg=$SG
	file_sg=$(lio_sg $WWN 1 1)
	on large
	refuses iblock_0/disk
	is "$(cat $IBLOCK/disk/attrib/block_size)" 512 "as long as somebody sees it"
	SG=$file_sg refuses fileio_0/file
	on plain
	SG=$file_sg ok "fileio: they are whole again" soon answer_is good $READ
	SG=$iblock_sg ok "iblock: they are whole again" soon answer_is good $READ
	ok "and hold what they held" holds_data
}

# With nobody to see it, it begins anew; larger blocks than the disk's are no matter.
anew() {
	lio_unlink $WWN 1 0
	lio_unlink $WWN 1 1
	on large
	ok "iblock takes the other blocks" soon attrib_is $IBLOCK/disk block_size 4096
	ok "and so does fileio" soon attrib_is $FILE block_size 4096
	is "$(cat $IBLOCK/disk/attrib/phys_block_size)" 4096 "physical ones are no smaller"
	ok "a disk again" link_iblock disk
	is "$(blockdev --getss --getpbsz --getsize64 "$DEV" | paste -sd' ')" "4096 4096 $((32 << 20))" "of such blocks"
	on plain
	ok "on a disk with smaller ones" soon attrib_is $IBLOCK/disk hw_block_size 512
	ok "it is as large as it was" [ "$(blockdev --getss --getsize64 "$DEV" | paste -sd' ')" = "4096 $((32 << 20))" ]
	ok "and of as many blocks" holds_data
}

test() {
	ok "four disks" eval 'mk_null plain 32 && mk_null cached 32 cache_size=4 &&
		mk_null small 32 max_sectors=64 && mk_null large 32 blocksize=4096' || return
	ok "a volume" eval 'echo "0 $((32 << 11)) linear $(null_dev plain) 0" | dm_create volume' || return
	ok "a unit on it, and another" eval 'mk_iblock disk "$(dm_dev volume)" &&
		lio_mk_file file "$(dm_dev volume)" 0' || return
	ok "as disks" eval 'link_iblock disk && lio_link $WWN 1 1 fileio_0/file && luns_known' || return
	head -c 65536 /dev/urandom >data
	dd if=data of="$DEV" bs=64k oflag=direct status=none
	cache
	limits
	blocks
	anew
	lio_clear
	dm_remove volume
	null_end
}
