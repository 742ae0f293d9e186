# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="Data written at queue depths 1 to 128 with io_uring and libaio reads back right, directly and through the page cache."
TIMEOUT=300
. /rig/src/tests/vm/common.sh
requires() { _have_program fio; }

# One fio, one job after the other, each on its own part of the disk.
depths() { # engine
	local depth i=0 size jobs=()
	size=$(scaled 2048 512)
	for depth in 1 8 32 128; do
		jobs+=(--stonewall --name="qd$depth" --iodepth=$depth --offset=$((i * size))k)
		i=$((i + 1))
	done
	quietly timeout $((120 * SLOW)) fio --filename="$DEV" --direct=1 --ioengine="$1" \
		--rw=randwrite --bs=4k --size="${size}k" --verify=crc32c --verify_fatal=1 \
		--verify_dump=0 "${jobs[@]}"
}

test() {
	make_disk 16384 || return
	ok "io_uring at queue depths 1, 8, 32 and 128" depths io_uring
	ok "libaio at the same" depths libaio
	ok "buffered, then read back from the disk" fio_verify buffered "$DEV" --direct=0 \
		--invalidate=1 --ioengine=io_uring --iodepth=32 --bs=4k --size=$(scaled 4096)k --end_fsync=1
	lio_clear
}
