# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="iblock takes LIO's options, refuses what is no block device with LIO's errors, and shows LIO's text."
TIMEOUT=120
. /rig/src/tests/vm/iblock/lib.sh
requires() { _have_module null_blk; }

refusals() {
	local dev=$IBLOCK/a
	lio_load && mkdir -p "$dev"
	is "$(tail -n +2 "$dev/info")" "          readonly: 0
  exclusive: 1
        Major: 0 Minor: 0" "info before anything is set"
	is "$(outcome 1 "$dev/enable")" EINVAL "no path"
	echo udev_path=/nonexistent >"$dev/control"
	is "$(outcome 1 "$dev/enable")" ENOENT "a path that is not there"
	echo udev_path=/etc/passwd >"$dev/control"
	is "$(outcome 1 "$dev/enable")" ENOTBLK "a file"
	echo udev_path=/dev/null >"$dev/control"
	is "$(outcome 1 "$dev/enable")" ENOTBLK "a character device"
	mkfifo "$WORK/fifo"
	echo "udev_path=$WORK/fifo" >"$dev/control"
	is "$(outcome 1 "$dev/enable")" ENOTBLK "a FIFO, which nobody waits for"
	is "$(outcome foo=1 "$dev/control")" EINVAL "an unknown option"
	is "$(outcome readonly=x "$dev/control")" EINVAL "no number"
	is "$(outcome udev_path=/dev/null,readonly=1,force=1,exclusive=0 "$dev/control")" ok "all options at once"
	rmdir "$dev"
}

exclusive() {
	local dev
	dev=$(null_dev n0)
	ok "a block device becomes a backstore" mk_iblock one "$dev"
	is "$(outcome "udev_path=$dev" $IBLOCK/one/control)" EBUSY "its options are settled"
	is "$(tail -n +2 $IBLOCK/one/info)" "        iBlock device: ${dev#/dev/}  UDEV PATH: $dev  readonly: 0
  exclusive: 1
        Major: $((0x$(stat -c %t "$dev"))) Minor: $((0x$(stat -c %T "$dev")))  CLAIMED: IBLOCK" "info"
	not_ok "nobody else claims the device" mk_iblock two "$dev"
	is "$(outcome 1 $IBLOCK/two/enable)" EBUSY "EBUSY it is"
	rmdir $IBLOCK/two
	ok "but who does not claim it shares it" mk_iblock three "$dev" exclusive=0
	rmdir $IBLOCK/one $IBLOCK/three
	ok "afterwards it is free" mk_iblock one "$dev"
	rmdir $IBLOCK/one
}

# Of a device with blocks of 1024 bytes, discard, and a cache.
geometry() {
	local dev queue attrib=$IBLOCK/geo/attrib
	dev=$(null_dev n1) queue=/sys/block/${dev#/dev/}/queue
	ok "one with blocks of 1024 bytes" mk_iblock geo "$dev"
	is "$(cat $attrib/block_size) $(cat $attrib/hw_block_size)" "1024 1024" "its block size"
	is "$(cat $attrib/hw_max_sectors)" "$(($(cat "$queue/max_hw_sectors_kb") / 4 * 4))" "its largest transfer"
	is "$(cat $attrib/hw_queue_depth)" "$(cat "$queue/nr_requests")" "its depth"
	is "$(cat $attrib/is_nonrot)" $((1 - $(cat "$queue/rotational"))) "whether it rotates"
	is "$(cat $attrib/max_unmap_lba_count)" $(($(cat "$queue/discard_max_bytes") / 1024)) "its longest discard"
	is "$(cat $attrib/max_unmap_block_desc_count)" 1 "in one piece"
	is "$(cat $attrib/unmap_granularity)" $(($(cat "$queue/discard_granularity") / 1024)) "its granularity"
	is "$(cat $attrib/emulate_write_cache)" 1 "its cache"
	is "$(outcome 0 $attrib/emulate_write_cache)" EINVAL "which cannot be denied"
	is "$(outcome 512 $attrib/block_size)" EINVAL "blocks smaller than its own are refused"
	is "$(outcome 4096 $attrib/block_size)" ok "larger ones are not"
	ok "it becomes a disk" link_iblock geo
	is "$(blockdev --getss --getsize64 "$DEV" | paste -sd' ')" "4096 $((32 << 20))" "of such blocks"
	data_is "00 00 1f ff 00 00 10 00" "READ CAPACITY" 8 25 0 0 0 0 0 0 0 0 0
	lio_clear
}

test() {
	ok "null_blk" mk_null n0 16 || return
	ok "and another" mk_null n1 32 blocksize=1024 discard=1 cache_size=4 || return
	refusals
	exclusive
	geometry
	lio_clear
	null_end
}
