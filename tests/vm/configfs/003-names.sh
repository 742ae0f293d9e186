# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="Directories can be made where and as the tree says, and nothing else can."
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

PORT=loopback/naa.5001405000000001
TPG=$PORT/tpgt_1

table_of_core() {
	cat <<-END
		# Fabrics: loaded by alias.
		mkdir nosuchfabric EINVAL
		mkdir n*40 EINVAL
		mkdir core EEXIST
		mkdir loopback ok
		mkdir loopback EEXIST
		# HBAs.
		mkdir core/x EINVAL
		mkdir core/rd_mcp EINVAL
		mkdir core/rd_mcp_ EINVAL
		mkdir core/rd_mcp_x EINVAL
		mkdir core/rd_mcp_1x EINVAL
		mkdir core/rd_mcp_-1 EINVAL
		mkdir core/_1 EINVAL
		mkdir core/nosuch_1 EINVAL
		mkdir core/x*70_1 ENAMETOOLONG
		# LIO cuts the number off.
		mkdir core/rd_mcp_4294967296 EINVAL|ok
		rmdir core/rd_mcp_4294967296 ENOENT|ok
		mkdir core/rd_mcp_4294967295 ok
		rmdir core/rd_mcp_4294967295 ok
		mkdir core/rd_mcp_3 ok
		mkdir core/rd_mcp_3 EEXIST
		write core/rd_mcp_3/hba_mode 0 EINVAL 0
		write core/rd_mcp_3/hba_mode 1 EINVAL 0
		write core/rd_mcp_3/hba_info x EACCES =
		# Devices: any name.
		mkdir core/rd_mcp_3/d*255 ok
		mkdir core/rd_mcp_3/d*256 ENAMETOOLONG
		mkdir "core/rd_mcp_3/a device" ok
		rmdir core/rd_mcp_3 ENOTEMPTY
		mkdir core/rd_mcp_3/d*255/x EPERM
		mkdir core/rd_mcp_3/d*255/attrib/x EPERM
		rmdir core/rd_mcp_3/d*255/attrib EPERM
		rmdir core/rd_mcp_3/d*255/alua/default_tg_pt_gp EPERM
		rmdir core/rd_mcp_3/d*255 ok
		rmdir "core/rd_mcp_3/a device" ok
		rmdir core/rd_mcp_3 ok
		rmdir core EPERM
		rmdir core/alua EPERM
		mkdir core/alua/x EPERM
	END
}

table_of_ports() {
	cat <<-END
		# Targets.
		mkdir loopback/x EINVAL
		# LIO finds the prefix anywhere.
		mkdir loopback/xnaa.5001405000000001 EINVAL|ok
		rmdir loopback/xnaa.5001405000000001 ENOENT|ok
		mkdir loopback/naa.n*300 ENAMETOOLONG
		mkdir $PORT ok
		mkdir $PORT EEXIST
		mkdir loopback/fc.5001405000000003 ok
		mkdir loopback/iqn.2003-01.org.example:x ok
		rmdir loopback/fc.5001405000000003 ok
		rmdir loopback/iqn.2003-01.org.example:x ok
		rmdir loopback ENOTEMPTY
		# Ports.
		mkdir $PORT/x EINVAL
		mkdir $PORT/tpgt_ EINVAL
		mkdir $PORT/tpgt_x EINVAL
		mkdir $PORT/tpgt_-1 EINVAL
		mkdir $PORT/tpgt_65536 EINVAL
		mkdir $TPG ok
		mkdir $TPG EEXIST
		mkdir $TPG/x EPERM
		mkdir $TPG/attrib/x EPERM
		mkdir $TPG/np/x ENOSYS
		rmdir $TPG/lun EPERM
		# LUNs. LIO takes more than one name for a number.
		mkdir $TPG/lun/x EINVAL
		mkdir $TPG/lun/lun_ EINVAL
		mkdir $TPG/lun/lun_x EINVAL
		mkdir $TPG/lun/lun_-1 EINVAL
		mkdir $TPG/lun/lun_1x EINVAL
		mkdir $TPG/lun/lun_+1 EINVAL|ok
		rmdir $TPG/lun/lun_+1 ENOENT|ok
		mkdir $TPG/lun/lun_007 EINVAL|ok
		rmdir $TPG/lun/lun_007 ENOENT|ok
		mkdir $TPG/lun/lun_0x5 EINVAL|ok
		rmdir $TPG/lun/lun_0x5 ENOENT|ok
		mkdir $TPG/lun/lun_18446744073709551616 ERANGE
		mkdir $TPG/lun/lun_18446744073709551615 ok
		rmdir $TPG/lun/lun_18446744073709551615 ok
		mkdir $TPG/lun/lun_0 ok
		mkdir $TPG/lun/lun_0 EEXIST
		mkdir $TPG/lun/lun_0/x EPERM
		rmdir $TPG/lun/lun_0/statistics EPERM
		rmdir $TPG ENOTEMPTY
		rmdir $TPG/lun/lun_0 ok
	END
}

table_of_initiators() {
	cat <<-END
		# Initiators. LIO takes a name that it then cuts off.
		mkdir $TPG/acls/i*223 ok
		rmdir $TPG/acls/i*223 ok
		mkdir $TPG/acls/i*224 EINVAL|ok
		rmdir $TPG/acls/i*224 ENOENT|ok
		mkdir $TPG/acls/naa.5001405000000009 ok
		mkdir $TPG/acls/naa.5001405000000009 EEXIST
		mkdir $TPG/acls/naa.5001405000000009/x EINVAL
		mkdir $TPG/acls/naa.5001405000000009/lun_x EINVAL
		mkdir $TPG/acls/naa.5001405000000009/lun_-1 EINVAL
		mkdir $TPG/acls/naa.5001405000000009/lun_5 ok
		mkdir $TPG/acls/naa.5001405000000009/lun_5 EEXIST
		rmdir $TPG/acls/naa.5001405000000009 ENOTEMPTY
		rmdir $TPG/acls/naa.5001405000000009/lun_5 ok
		rmdir $TPG/acls/naa.5001405000000009 ok
		rmdir $TPG ok
		rmdir $PORT ok
		rmdir loopback ok
	END
}

test() {
	ok "the modules load" lio_load || return
	rmdir $LOOPBACK
	table_of_core | check_table
	table_of_ports | check_table
	table_of_initiators | check_table
}
