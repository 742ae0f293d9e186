# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="Eight LUNs of one port (four in the test kernel) verify their own data under parallel I/O: nothing crosses from one to another."
TIMEOUT=300
. /rig/src/tests/vm/common.sh
requires() { _have_program fio; }

test() {
	local lun luns jobs=()
	luns=$(scaled 8 4)
	make_disk 4096 || return
	for ((lun = 1; lun < luns; lun++)); do
		ok "LUN $lun is added" add_lun $lun 4096
	done
	for ((lun = 0; lun < luns; lun++)); do
		jobs+=(--thread --name="lun$lun" --filename="$(lio_dev $WWN 1 $lun)" --randseed=$((lun + 1)))
	done
	ok "all are written and verified at once" quietly timeout $((120 * SLOW)) fio \
		--direct=1 --ioengine=libaio --iodepth=8 --rw=randwrite --bs=4k \
		--size=$(scaled 1024 256)k --verify=crc32c --verify_fatal=1 --verify_dump=0 "${jobs[@]}"
	ok "again, reading only" quietly timeout $((120 * SLOW)) fio --direct=1 --ioengine=libaio \
		--iodepth=8 --rw=randread --bs=4k --size=$(scaled 1024 256)k --verify=crc32c \
		--verify_fatal=1 --verify_dump=0 "${jobs[@]}"
	is "$(for ((lun = 0; lun < luns; lun++)); do
		dd if="$(lio_dev $WWN 1 $lun)" bs=256k count=1 iflag=direct status=none | md5sum
	done | sort -u | wc -l)" "$luns" "no two hold the same"
	lio_clear
}
