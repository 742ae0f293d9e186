# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="WRITE ATOMIC goes to a device that can, within its limits, and to no other."
TIMEOUT=120
KERNELS="6.12 7.2"
. /rig/src/tests/vm/iblock/lib.sh
requires() { _have_module scsi_debug; _have_atomic; }
_have_atomic() { modinfo -p scsi_debug | grep -q ^atomic_wr: || skip "no atomic writes in this scsi_debug"; }

# WRITE ATOMIC(16) of @2 blocks at @1.
cdb_atomic() { printf '9c 0 0 0 0 0 0 0 %x %x 0 0 0 %x 0 0' $(($1 >> 8)) $(($1 & 255)) "$2"; }

test() {
	local under queue attrib=$IBLOCK/disk/attrib unit
	modprobe scsi_debug dev_size_mb=16 atomic_wr=1 atomic_wr_gran=8 atomic_wr_align=8 || return
	wait_until 20 ls -d /sys/bus/pseudo/drivers/scsi_debug/adapter0/host*/target*/*/block/sd* >/dev/null
	under=$(basename /sys/bus/pseudo/drivers/scsi_debug/adapter0/host*/target*/*/block/sd*)
	queue=/sys/block/$under/queue
	ok "a disk of a SCSI disk that can" eval 'mk_iblock disk /dev/$under && link_iblock disk' || return
	unit=$(($(cat "$queue/atomic_write_unit_min_bytes") / 512))
	ok "the device has a smallest unit" [ "$unit" -gt 0 ]
	is "$(cat $attrib/atomic_granularity)" "$unit" "which is the granularity"
	ok "it has a largest" [ "$(cat $attrib/atomic_max_len)" -ge "$unit" ]
	head -c $((unit * 512)) /dev/urandom >out
	scsi_is good "a write of a unit" w out $(cdb_atomic 256 $unit)
	ok "is on the device" cmp out <(dd if="/dev/$under" bs=512 skip=256 count=$unit iflag=direct status=none)
	head -c $((unit * 512 + 512)) /dev/urandom >out
	scsi_like '^5/24/00' "one that is no multiple is refused" w out $(cdb_atomic 256 $((unit + 1)))
	lio_clear
	modprobe -r scsi_debug
	ok "a disk of a device that cannot" eval 'mk_null n0 16 blocksize=512 && mk_iblock disk "$(null_dev n0)" && link_iblock disk' || return
	is "$(cat $attrib/atomic_max_len)" 0 "says so"
	head -c 4096 /dev/zero >out
	scsi_like '^5/20/00' "and refuses" w out $(cdb_atomic 256 8)
	lio_clear
	null_end
}
