# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="A loop device that grows or shrinks under iblock makes the disk do so: unit attention, capacity, and the disk of the loopback; so do its other limits."
TIMEOUT=180
. /rig/src/tests/vm/iblock/lib.sh
requires() { _have_program fio sg_vpd; }

size_is() { [ "$(blockdev --getsize64 "$DEV")" = $1 ]; }

resize() { # megabytes
	truncate -s "$1M" "$WORK/file" && losetup -c "$LOOP"
}

attrib_is() { [ "$(cat $IBLOCK/disk/attrib/$1)" = $2 ]; }
device_discards() { echo $1 >"/sys/block/${LOOP#/dev/}/queue/discard_max_bytes"; }
disk_discards() { [ "$(cat "/sys/block/${DEV#/dev/}/queue/discard_max_hw_bytes")" = $1 ]; }

# MAXIMUM UNMAP LBA COUNT of VPD page B0h
unmap_count() { echo $(($(sg_vpd -p bl "$SG" | sed -n 's/.*Maximum unmap LBA count: \([0-9a-fx]*\).*/\1/p'))); }

limits() {
	not_ok "the device takes more than 64 KiB of discard" attrib_is max_unmap_lba_count 16
	device_discards 65536
	ok "now it takes no more, and the attribute says so" wait_until $((60 * SLOW)) attrib_is max_unmap_lba_count 16
	ok "so does the disk of the loopback" wait_until $((60 * SLOW)) disk_discards 65536
	is "$(unmap_count)" 16 "and the block limits page"
	set_iblock disk max_unmap_lba_count=8
	device_discards 131072
	resize 24
	ok "at the next look at the device" wait_until $((60 * SLOW)) size_is $((24 << 20))
	ok "what was set stays" attrib_is max_unmap_lba_count 8
}

test() {
	LOOP=$(mk_loop file 16)
	ok "a disk" eval 'mk_iblock disk $LOOP && set_iblock disk block_size=4096 emulate_tpu=1 && link_iblock disk' || return
	data_is "00 00 0f ff 00 00 10 00" "of 16 MiB" 8 25 0 0 0 0 0 0 0 0 0
	fio_start load "$DEV"
	resize 32
	ok "the disk becomes larger" wait_until $((60 * SLOW)) size_is $((32 << 20))
	resize 8
	ok "and smaller" wait_until $((60 * SLOW)) size_is $((8 << 20))
	data_is "00 00 07 ff 00 00 10 00" "READ CAPACITY says so" 8 25 0 0 0 0 0 0 0 0 0
	ok "what goes on does not mind" fio_stop load
	scsi_like '^5/21/00' "beyond the end there is nothing" r 4096 28 0 0 0 8 0 0 0 1 0
	limits
	lio_clear
	losetup -d "$LOOP"
}
