# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="A LUN links one configured device and nothing else, and says so only while it does."
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

TPG=loopback/naa.5001405000000001/tpgt_1
LUN=$TPG/lun/lun_0
DEV=core/rd_mcp_0/rd0

# Every file of the LUN is an error while it is not linked.
table_unlinked() {
	local file
	find $TARGET/$LUN -type f | while read -r file; do
		echo "read ${file#"$TARGET"/} ENODEV"
	done
	cat <<-END
		write $LUN/alua_tg_pt_gp default_tg_pt_gp ENODEV
		write $LUN/alua_tg_pt_offline 0 ENODEV
		write $LUN/alua_tg_pt_status 0 ENODEV
		write $LUN/alua_tg_pt_write_md 0 ENODEV
	END
}

# rtpi is there and unique, which the kernel's own loses after 6.1.
test_rtpi() {
	check_table <<-END
		read $TPG/rtpi ok 0x1
		write $TPG/rtpi x EINVAL 0x1
		write $TPG/rtpi 0 EINVAL 0x1
		write $TPG/rtpi 65536 ERANGE 0x1
		write $TPG/rtpi 0x10 ok 0x10
		read $LUN/statistics/scsi_port/indx ok 16
		read $LUN/statistics/scsi_tgt_port/name ok loopbackPort#16
		mkdir ${TPG%_1}_2 ok
		read ${TPG%_1}_2/rtpi ok 0x1
		write ${TPG%_1}_2/rtpi 16 EBUSY 0x1
		rmdir ${TPG%_1}_2 ok
		write $TPG/rtpi 1 ok 0x1
	END
}

test() {
	local sg before after
	ok "a ramdisk is configured" lio_mk_rd rd0 1024 || return
	ok "a port is made" lio_mk_port naa.5001405000000001 || return
	mkdir $TARGET/$LUN $TARGET/$TPG/lun/lun_1 $CORE/rd_mcp_0/unconfigured
	table_unlinked | check_table
	check_table <<-END
		link $LUN/x core/rd_mcp_0/unconfigured ENODEV
		# LIO: EFAULT.
		link $LUN/x core/rd_mcp_0 EINVAL|EFAULT
		link $LUN/x $TPG EINVAL|EFAULT
		link $LUN/x core/alua/lu_gps/default_lu_gp EINVAL|EFAULT
		link $LUN/x $TPG/lun/lun_1 EINVAL|EFAULT
		link $TPG/lun/x $DEV EPERM
		link $DEV/x $DEV EPERM
		read $DEV/statistics/scsi_dev/ports ok 0
		read $DEV/statistics/scsi_tgt_dev/non_access_lus ok 1
		read $DEV/statistics/scsi_lu/status ok notavailable
		link $LUN/x $DEV ok
		link $LUN/y $DEV EEXIST
		link $TPG/lun/lun_1/z $DEV ok
		rmdir $LUN ENOTEMPTY
		rmdir $TPG/lun/lun_1 ENOTEMPTY
		rmdir $DEV EBUSY
		read $DEV/statistics/scsi_dev/ports ok 2
		read $DEV/statistics/scsi_tgt_dev/non_access_lus ok 0
		read $DEV/statistics/scsi_lu/status ok available
		read $LUN/statistics/scsi_port/busy_count ok 0
		read $LUN/statistics/scsi_transport/device ok scsiTransportloopback
	END
	like "$(cat $TARGET/$DEV/info)" "^Status: ACTIVATED " "the device is activated"
	[ "$PEER" = lio ] || test_rtpi
	sg=$(lio_sg naa.5001405000000001 1 0)
	udevadm settle 2>/dev/null
	before=$(cat $TARGET/$LUN/statistics/scsi_tgt_port/in_cmds)
	for _ in 1 2 3 4 5; do sg_raw -r 36 "$sg" 12 00 00 00 24 00; done
	after=$(cat $TARGET/$LUN/statistics/scsi_tgt_port/in_cmds)
	is $((after - before)) 5 "five commands count as five"
	dd if=/dev/zero "of=$(lio_dev naa.5001405000000001 1 0)" bs=1M count=3 oflag=direct status=none
	is "$(cat $TARGET/$LUN/statistics/scsi_tgt_port/write_mbytes)" 3 "3 MiB written count as 3"
	is "$(cat $TARGET/$DEV/statistics/scsi_lu/write_mbytes)" 3 "for the device as well"
	check_table <<-END
		unlink $LUN/x ok
		unlink $TPG/lun/lun_1/z ok
		read $DEV/statistics/scsi_dev/ports ok 0
	END
	[ "$PEER" = lio ] ||
		is "$(cat $TARGET/$DEV/statistics/scsi_lu/write_mbytes)" 3 "which remembers what is past"
	like "$(cat $TARGET/$DEV/info)" "^Status: DEACTIVATED " "the device is no longer activated"
	table_unlinked | check_table
	lio_clear
}
