# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="Reading, writing, WRITE SAME and UNMAP of the same blocks at once break nothing, and leave the blocks beside them alone."
TIMEOUT=300
. /rig/src/tests/vm/common.sh
requires() { _have_peer ours; }

# The same blocks over and over, in pieces that begin and end within pages.
discard_all() {
	local at
	while [ ! -e stop ]; do
		for ((at = 512; at < 8 << 20; at += 1 << 20)); do
			blkdiscard -f -o $at -l $(((1 << 20) - 1536)) "$DEV" || return
		done
	done
}

zero_all() {
	while [ ! -e stop ]; do
		blkdiscard -f -z -o 0 -l $((8 << 20)) "$DEV" || return
	done
}

test() {
	local pids=() pid seconds=15
	make_disk 8192 || return
	for pid in tpu tpws; do echo 1 >"$DISK/attrib/emulate_$pid"; done
	echo 1 >"/sys/block/${DEV##*/}/device/rescan"
	ok "the disk discards" [ "$(cat "/sys/block/${DEV##*/}/queue/discard_max_bytes")" -gt 0 ]
	# The other half is verified all the time.
	ok "fio starts" fio_start beside "$DEV" --offset=16m || return
	discard_all &
	pids+=($!)
	zero_all &
	pids+=($!)
	ok "reads and writes in between" fio_run between --filename="$DEV" --direct=1 --size=8m \
		--rw=randrw --bsrange=512-64k --blockalign=512 --ioengine=libaio --iodepth=16 \
		--time_based --runtime=$seconds
	touch stop
	for pid in "${pids[@]}"; do ok "nothing was refused" wait "$pid"; done
	ok "what lies beside was not touched" fio_stop beside
	ok "all is discarded" quietly blkdiscard -f "$DEV"
	is "$(cmp -n $((32 << 20)) "$DEV" /dev/zero 2>&1)" "" "and reads as zeros"
	lio_clear
}
