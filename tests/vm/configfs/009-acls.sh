# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="An initiator's directory maps LUNs of its own port, and says what goes through them."
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

TPG=loopback/naa.5001405000000001/tpgt_1
LUN=$TPG/lun/lun_0
ME=$TPG/acls/naa.500140500000beef
YOU=$TPG/acls/naa.5001405000000009

unmap() {
	local acl
	for acl in $ME $YOU; do
		check_table <<-END
			unlink $acl/lun_5/x ok
			read $acl/lun_5/write_protect ok ""
			read $acl/lun_5/statistics/scsi_auth_intr/indx ENODEV
			rmdir $acl/lun_5 ok
			rmdir $acl ok
		END
	done
}

test_sessions() {
	check_table <<-END
		read $ME/lun_5/statistics/scsi_att_intr_port/port_ident ok naa.500140500000beef+i+
		read $ME/lun_5/statistics/scsi_att_intr_port/indx ok
		read $YOU/lun_5/statistics/scsi_att_intr_port/port_ident ENODEV
		read $YOU/lun_5/statistics/scsi_att_intr_port/indx ENODEV
		# A nexus stays while a LUN is linked.
		write $TPG/nexus NULL EPERM naa.500140500000beef
		unlink $LUN/rd0 ok
		# A mapped LUN keeps its directory.
		rmdir $LUN EBUSY
		write $TPG/nexus NULL ok
		read $TPG/nexus ENODEV
		read $ME/lun_5/statistics/scsi_att_intr_port/indx ENODEV
	END
}

test() {
	local acl
	ok "a ramdisk is there" lio_mk_rd rd0 1024 || return
	mkdir -p $TARGET/$TPG
	# The initiator that is there becomes one with a name.
	echo naa.500140500000beef >$TARGET/$TPG/nexus
	ok "it is exported" lio_link naa.5001405000000001 1 0 rd_mcp_0/rd0 || return
	# LIO counts a LUN for ever that goes before its disk has come.
	ok "its disk is there" lio_dev naa.5001405000000001 1 0
	ok "another port is made" lio_mk_port naa.5001405000000001 2 || return
	for acl in $ME $YOU; do
		check_table <<-END
			mkdir $acl ok
			mkdir $acl/lun_5 ok
			read $acl/lun_5/write_protect ok ""
			read $acl/lun_5/statistics/scsi_auth_intr/indx ENODEV
			read $acl/lun_5/statistics/scsi_auth_intr/num_cmds ENODEV
			read $acl/lun_5/statistics/scsi_att_intr_port/dev ENODEV
			# LIO takes it and forgets it.
			write $acl/lun_5/write_protect 1 ENODEV|ok ""
			# LIO: EFAULT.
			link $acl/lun_5/x core/rd_mcp_0/rd0 EINVAL|EFAULT
			link $acl/lun_5/x $TPG EINVAL|EFAULT
			link $acl/lun_5/x $LUN ok
			# LIO: EINVAL.
			link $acl/lun_5/y $LUN EEXIST|EINVAL
			rmdir $acl/lun_5 ENOTEMPTY
			read $acl/lun_5/write_protect ok 0
			write $acl/lun_5/write_protect 2 EINVAL 0
			write $acl/lun_5/write_protect x EINVAL 0
			write $acl/lun_5/write_protect 1 ok 1
			write $acl/lun_5/write_protect 0 ok 0
			read $acl/lun_5/statistics/scsi_auth_intr/inst ok 1
			read $acl/lun_5/statistics/scsi_auth_intr/port ok 1
			read $acl/lun_5/statistics/scsi_auth_intr/dev_or_port ok 1
			read $acl/lun_5/statistics/scsi_auth_intr/intr_name ok ${acl##*/}
			read $acl/lun_5/statistics/scsi_auth_intr/map_indx ok 0
			read $acl/lun_5/statistics/scsi_auth_intr/att_count ok 1
			read $acl/lun_5/statistics/scsi_auth_intr/num_cmds ok 0
			read $acl/lun_5/statistics/scsi_auth_intr/read_mbytes ok 0
			read $acl/lun_5/statistics/scsi_auth_intr/write_mbytes ok 0
			read $acl/lun_5/statistics/scsi_auth_intr/hs_num_cmds ok 0
			read $acl/lun_5/statistics/scsi_auth_intr/row_status ok Ready
			read $acl/lun_5/statistics/scsi_att_intr_port/inst ok 1
			read $acl/lun_5/statistics/scsi_att_intr_port/port ok 1
		END
	done
	check_table <<-END
		# A LUN of another port.
		mkdir ${TPG%_1}_2/lun/lun_3 ok
		link ${TPG%_1}_2/lun/lun_3/x core/rd_mcp_0/rd0 ok
		mkdir $ME/lun_6 ok
		link $ME/lun_6/x ${TPG%_1}_2/lun/lun_3 EINVAL
		rmdir $ME/lun_6 ok
	END
	test_sessions
	unmap
	lio_clear
}
