# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="A loop device that grows or shrinks under iblock makes the disk do so: unit attention, capacity, and the disk of the loopback."
TIMEOUT=120
. /rig/src/tests/vm/iblock/lib.sh
requires() { _have_program fio; }

size_is() { [ "$(blockdev --getsize64 "$DEV")" = $1 ]; }

resize() { # megabytes
	truncate -s "$1M" "$WORK/file" && losetup -c "$LOOP"
}

test() {
	LOOP=$(mk_loop file 16)
	ok "a disk" eval 'mk_iblock disk $LOOP && set_iblock disk block_size=4096 && link_iblock disk' || return
	data_is "00 00 0f ff 00 00 10 00" "of 16 MiB" 8 25 0 0 0 0 0 0 0 0 0
	fio_start load "$DEV"
	resize 32
	ok "the disk becomes larger" wait_until $((60 * SLOW)) size_is $((32 << 20))
	resize 8
	ok "and smaller" wait_until $((60 * SLOW)) size_is $((8 << 20))
	data_is "00 00 07 ff 00 00 10 00" "READ CAPACITY says so" 8 25 0 0 0 0 0 0 0 0 0
	ok "what goes on does not mind" fio_stop load
	scsi_like '^5/21/00' "beyond the end there is nothing" r 4096 28 0 0 0 8 0 0 0 1 0
	lio_clear
	losetup -d "$LOOP"
}
