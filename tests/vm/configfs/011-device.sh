# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="A device's own files: free text, options before enable, enable once."
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

DEV=core/rd_mcp_0/rd0

test() {
	ok "the modules load" lio_load || return
	check_table <<-END
		mkdir core/rd_mcp_0 ok
		mkdir $DEV ok
		read $DEV/alias ok ""
		read $DEV/udev_path ok ""
		read $DEV/lba_map ok ""
		read $DEV/enable ok 0
		read $DEV/statistics/scsi_dev/indx ok 0
		read $DEV/statistics/scsi_tgt_dev/status ok deactivated
		write $DEV/alias "an alias\n" ok "an alias"
		write $DEV/alias " blanks stay " ok " blanks stay "
		write $DEV/alias a*511 ok a*511
		write $DEV/alias b*512 EINVAL a*511
		write $DEV/udev_path /dev/disk ok /dev/disk
		write $DEV/udev_path b*512 EINVAL /dev/disk
		write $DEV/enable 0 EINVAL 0
		write $DEV/enable x EINVAL 0
		# Without a size there is nothing to enable.
		write $DEV/enable 1 EINVAL 0
		write $DEV/control rd_pages=1024 ok
		write $DEV/control rd_nullio=0,rd_dummy=0 ok
		read $DEV/control EACCES
		write $DEV/enable 1\n ok 1
		write $DEV/enable 1 EEXIST 1
		write $DEV/enable 0 EINVAL 1
		write $DEV/lba_map x EINVAL ""
		write $DEV/lba_map "1 1\n0 1 0:O\n" ok "1 1\n0 1 0:O"
		write $DEV/lba_map \n ok ""
	END
	# LIO takes unknown options, and takes them after enable, too.
	[ "$PEER" = lio ] || check_table <<-END
		write $DEV/control rd_pages=2048 EBUSY
		mkdir core/rd_mcp_0/rd1 ok
		write core/rd_mcp_0/rd1/control bogus=1 EINVAL
		write core/rd_mcp_0/rd1/control rd_pages=x EINVAL
		write core/rd_mcp_0/rd1/control rd_pages EINVAL
		rmdir core/rd_mcp_0/rd1 ok
	END
	like "$(cat $TARGET/$DEV/info)" \
		"^Status: DEACTIVATED  Max Queue Depth: [0-9]+  SectorSize: 512  HwMaxSectors: 4294967288" \
		"info is what rtslib expects"
	lio_clear
}
