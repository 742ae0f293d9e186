# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="The tree of a ramdisk on a loopback port is that of the kernel's own target, file by file."
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# What the kernel's own target of that version has not got yet.
NOT_IN_LIO_6_12='/attrib/(atomic_.*|complete_type)( |$)|/wwn/pd_text_id_info|/param/(default|direct)_complete_'
NOT_IN_LIO_6_1="$NOT_IN_LIO_6_12|/attrib/(emulate_rsoc|submit_type)|/param/(default|direct)_|/tpgt_1/rtpi"

# tree.reference is the kernel's own target of 7.2. Here is each line of ours that
# differs, and why.
differences() {
	cat <<-'END'
	-rw-r--r-- ./core/rd_mcp_0/rd0/attrib/capacity = 16777216|
	  New: a unit in use gets larger or smaller by it; rtslib saves it with the size.
	-rw-r--r-- ./core/rd_mcp_0/rd0/attrib/emulate_wsnz = 1|
	  New: LIO never takes a count of zero.
	-rw-r--r-- ./core/rd_mcp_0/rd0/attrib/phys_block_size = 512|
	  New: so that alignment can be tried.
	-rw-r--r-- ./core/rd_mcp_0/rd0/attrib/quota_pages = 0|
	  New: what happens when there is no room can be tried.
	-rw-r--r-- ./core/rd_mcp_0/rd0/attrib/encrypted = 0|
	  New: a key that CRYPTOGRAPHIC ERASE can throw away.
	-rw-r--r-- ./core/rd_mcp_0/rd0/attrib/volatile_cache = 0|
	  New: what a filesystem makes of a loss of power can be tried.
	--w------- ./core/rd_mcp_0/rd0/action/lose_cache
	  As above.
	-rw-r--r-- ./core/rd_mcp_0/rd0/attrib/removable = 0|
	  New: LOEJ of START STOP UNIT, and PREVENT ALLOW MEDIUM REMOVAL.
	-rw-r--r-- ./core/rd_mcp_0/rd0/attrib/strict_cdb = 1|
	  New: an attribute, so that rtslib saves and restores it (design 1.2).
	-rw-r--r-- ./core/rd_mcp_0/rd0/attrib/emulate_pr_lost = 0|
	  New: whether a damaged file of registrations is told to initiators.
	-rw-r--r-- ./core/rd_mcp_0/rd0/attrib/vpd_eui64 = 0|
	  New: one more designator of page 83h.
	-rw-r--r-- ./core/rd_mcp_0/rd0/attrib/vpd_uuid = 0|
	  As above.
	-rw-r--r-- ./core/rd_mcp_0/rd0/attrib/max_unmap_block_desc_count = 4095|
	  Ours can unmap.
	-rw-r--r-- ./core/rd_mcp_0/rd0/attrib/max_unmap_lba_count = 4294967295|
	  As above.
	-rw-r--r-- ./core/rd_mcp_0/rd0/attrib/max_write_same_len = 4294967295|
	  Ours can write the same.
	-rw-r--r-- ./core/rd_mcp_0/rd0/attrib/unmap_granularity = 8|
	  Ours can unmap, in pages.
	-rw-r--r-- ./core/rd_mcp_0/rd0/attrib/unmap_zeroes_data = 1|
	  As above.
	-r--r--r-- ./core/rd_mcp_0/rd0/attrib/atomic_max_boundary = 2048|
	  Ours can write atomically.
	-r--r--r-- ./core/rd_mcp_0/rd0/attrib/atomic_max_len = 2048|
	  As above.
	-r--r--r-- ./core/rd_mcp_0/rd0/attrib/atomic_max_with_boundary = 2048|
	  As above.
	-r--r--r-- ./core/rd_mcp_0/rd0/info = Status: ACTIVATED  Max Queue Depth: 128  SectorSize: 512  HwMaxSectors: 4294967288|        TCM RamDisk ID: 0  RamDisk Makeup: rd_mcp|        PAGES/PAGE_SIZE: 4096*4096  SG_table_count: 3  nullio: 0 dummy: 0|
	  LIO says 0 until queue_depth has been written, and then what was written.
	-r--r--r-- ./loopback/naa.5001405000000001/param/default_complete_type = 1|
	  The response goes up from where the backstore completes (design 7).
	-r--r--r-- ./loopback/naa.5001405000000001/param/direct_complete_supported = 1|
	  As above.
	-r--r--r-- ./loopback/naa.5001405000000001/param/direct_submit_supported = 1|
	  Ours can (design 7); the default is a queue, as LIO's.
	-rw-r--r-- ./loopback/naa.5001405000000001/tpgt_1/rtpi = 0x1|
	  LIO lost the numbers of loopback's ports after 6.1; 0 is reserved (SPC-6 7.7.6.7).
	-r--r--r-- ./loopback/naa.5001405000000001/tpgt_1/lun/lun_0/statistics/scsi_port/indx = 1|
	  As above.
	-r--r--r-- ./loopback/naa.5001405000000001/tpgt_1/lun/lun_0/statistics/scsi_tgt_port/indx = 1|
	  As above.
	-r--r--r-- ./loopback/naa.5001405000000001/tpgt_1/lun/lun_0/statistics/scsi_tgt_port/name = loopbackPort#1|
	  As above.
	-rw-r--r-- ./loopback/naa.5001405000000001/tpgt_1/attrib/task_attr = 0|
	  New: the task attribute of ordinary commands; LIO's are always SIMPLE.
	--w------- ./loopback/naa.5001405000000001/tpgt_1/attrib/task_management
	  New: the functions that the midlayer has no use for; write only, so rtslib leaves it alone.
	END
}

# The same as the reference trees were read from, less the other backstores.
make_reference_config() {
	local lun=$LOOPBACK/naa.5001405000000001/tpgt_1/lun/lun_0
	lio_mk_rd rd0 4096 &&
		echo 11111111-2222-3333-4444-555555555555 >$CORE/rd_mcp_0/rd0/wwn/vpd_unit_serial &&
		mkdir $CORE/alua/lu_gps/lg1 $CORE/rd_mcp_0/rd0/alua/tg1 &&
		mkdir -p $LOOPBACK/naa.5001405000000001/tpgt_1 &&
		echo naa.6001405000000011 >$LOOPBACK/naa.5001405000000001/tpgt_1/nexus &&
		mkdir "$lun" &&
		ln -s $CORE/rd_mcp_0/rd0 "$lun/x"
}

# Older versions of the kernel's own target, made from the newest.
want_lio() {
	case $KERNEL in
	6.1) grep -vE "$NOT_IN_LIO_6_1" |
		sed -e 's/Port#0|/Port#1|/' -e '/scsi_\(tgt_\)\?port\/indx/s/= 0|/= 1|/' \
			-e 's/= activated|/= activated/' ;;
	7.2) cat ;;
	*) grep -vE "$NOT_IN_LIO_6_12" | sed 's/= activated|/= activated/' ;;
	esac
}

test() {
	ok "the configuration of the reference is made" make_reference_config || return
	udevadm settle 2>/dev/null
	python3 "$CONFIGFS_TESTS/tree.py" $TARGET | LC_ALL=C sort -k2 >got
	compare_tree "$CONFIGFS_TESTS/tree.reference" 150
	lio_clear
}
