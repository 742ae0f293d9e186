# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="A ramdisk with rd_nullio takes writes and reads at full depth, and costs no memory."
TIMEOUT=300
. /rig/src/tests/vm/common.sh
requires() { _have_program fio; }

available() { awk '/^MemAvailable/ { print $2 }' /proc/meminfo; }

test() {
	local before
	make_disk 65536 rd_nullio=1 || return
	like "$(cat "$DISK/info")" 'nullio: 1' "info says so"
	before=$(available)
	ok "random reads and writes" fio_run nullio --filename="$DEV" --direct=1 --ioengine=io_uring \
		--rw=randrw --bs=64k --iodepth=32 --size=$(scaled 256 32)m
	ok "no memory is taken" [ $((before - $(available))) -lt 32768 ]
	head -c 64k /dev/urandom >data
	ok "what is written" dd if=data of="$DEV" bs=64k oflag=direct status=none
	# What LIO returns is whatever the page held before.
	[ "$PEER" = lio ] || ok "reads as zeros" sh -c \
		"dd if=$DEV bs=64k count=1 iflag=direct status=none | cmp -n 65536 - /dev/zero"
	lio_clear
}
