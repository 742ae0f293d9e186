# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="Every backstore gives back what was written, at queue depths 1 and 32, in blocks of 512 bytes to 1 MiB, past the initiator's page cache and through it."
TIMEOUT=200
. /rig/src/tests/vm/iblock/lib.sh
. /rig/src/tests/vm/fileio/lib.sh
. /rig/src/tests/vm/pscsi/lib.sh
requires() { _have_program fio mkfs.ext4 && _have_module null_blk && _have_module scsi_debug; }

MIB=16

# What is written of each block size: enough for the depth, and no more than time allows.
declare -A SIZE=([512]=32k [4k]=256k [64k]=2m [1m]=4m)

# One fio for a unit, one job after the other; fio itself syncs and drops its cache before
# it reads back.
verify_all() { # name
	local depth block direct jobs=()
	for direct in 1 0; do
		for depth in 1 32; do
			for block in 512 4k 64k 1m; do
				jobs+=(--stonewall --name="direct=$direct-qd=$depth-bs=$block" --direct=$direct
					--iodepth=$depth --bs=$block --size=${SIZE[$block]})
			done
		done
	done
	quietly timeout $((120 * SLOW)) fio --filename="$DEV" --thread --ioengine=libaio --rw=randwrite \
		--randrepeat=1 --allrandrepeat=1 --verify=crc32c --verify_fatal=1 --verify_dump=0 \
		--output="terse.$1" --output-format=terse "${jobs[@]}"
}

unit() { # name
	ok "$1: written and read back" verify_all "$1"
	is "$(awk -F';' '$1 == 3 && $5 == 0 && $6 == $47 && $6 > 0' "terse.$1" | wc -l)" 16 "$1: all of 16 ways"
	note "matrix: $1: $(awk -F';' '$1 == 3 && $5 == 0 { n++; kib += $6 } END { print n, "of 16,", kib, "KiB" }' "terse.$1")"
	lio_clear
}

on_rd() {
	make_disk $((MIB * 256)) && unit rd_mcp
}

on_files() {
	mount_tmpfs && mount_loop ext4 $((MIB * 2)) || return
	make_file $MNT/ext4/file $((MIB << 20)) && unit fileio-direct
	make_file $MNT/ext4/file $((MIB << 20)) fd_buffered_io=1 && unit fileio-buffered
	umount_all
}

on_iblock() {
	ok "a block device becomes a disk" eval 'mk_null n0 $MIB blocksize=512 && mk_iblock disk "$(null_dev n0)" && link_iblock disk' &&
		unit iblock
	null_end
}

on_pscsi() {
	ok "a SCSI device becomes a disk" eval 'scsi_debug dev_size_mb=$MIB delay=0 && mk_pscsi disk && link_pscsi disk' && unit pscsi
	scsi_debug_end
}

test() {
	on_rd
	on_files
	on_iblock
	on_pscsi
	note "matrix: $(cat terse.* | awk -F';' '$1 == 3 { all++; if ($5 == 0) good++ } END { print good + 0, "of", all }')" |
		tee "$RESULTS/matrix.txt"
}
