# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="Transfers of 512 bytes to 4 MiB read back right, alone and mixed, at any offset of a block."
TIMEOUT=300
. /rig/src/tests/vm/common.sh
requires() { _have_program fio; }

# One fio, one job after the other, 4 to 512 transfers each.
sizes() { # engine
	local pair jobs=()
	for pair in 512:256 1k:512 4k:1024 16k:4096 64k:4096 256k:4096 1m:8192 4m:32768; do
		jobs+=(--stonewall --name="bs${pair%:*}" --bs="${pair%:*}")
		case $pair in
		*m:*) jobs+=(--size="${pair#*:}k") ;;
		*) jobs+=(--size="$(scaled "${pair#*:}" 256)k") ;;
		esac
	done
	quietly timeout $((120 * SLOW)) fio --filename="$DEV" --direct=1 --ioengine="$1" --iodepth=16 \
		--rw=randwrite --verify=crc32c --verify_fatal=1 --verify_dump=0 "${jobs[@]}"
}

test() {
	make_disk 32768 || return
	ok "blocks of 512 bytes to 4 MiB with io_uring" sizes io_uring
	ok "and with libaio" sizes libaio
	ok "sizes that are no power of two, one block off" fio_verify odd "$DEV" \
		--ioengine=libaio --iodepth=8 --bsrange=512-70k --blockalign=512 \
		--offset=512 --size=$(scaled 4096)k --serialize_overlap=1
	ok "split sizes" fio_verify split "$DEV" --ioengine=io_uring --iodepth=32 \
		--bssplit=512/10:1536/10:4k/40:12k/15:64k/20:1m/5 --size=$(scaled 8192)k
	ok "reads and writes mixed" fio_verify mixed "$DEV" --ioengine=libaio --iodepth=32 \
		--rw=randrw --rwmixread=50 --bs=8k --size=$(scaled 4096)k
	lio_clear
}
