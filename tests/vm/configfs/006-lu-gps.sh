# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="Logical unit groups have a number, once, and members, which outlive them."
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

GPS=core/alua/lu_gps
DEV=core/rd_mcp_0/rd0
IN_DEFAULT="LU Group Alias: default_lu_gp\nLU Group ID: 0"
IN_LG1="LU Group Alias: lg1\nLU Group ID: 1"

test() {
	ok "the modules load" lio_load
	check_table <<-END
		mkdir core/rd_mcp_0 ok
		mkdir $DEV ok
		read $DEV/alua_lu_gp ok ""
		# LIO takes it and does nothing.
		write $DEV/alua_lu_gp default_lu_gp ENODEV|ok ""
		rmdir $DEV ok
	END
	ok "a ramdisk is configured" lio_mk_rd rd0 1024 || return
	check_table <<-END
		read $DEV/alua_lu_gp ok "$IN_DEFAULT"
		read $GPS/default_lu_gp/members ok rd_mcp_0/rd0
		rmdir $GPS/default_lu_gp EPERM
		write $GPS/default_lu_gp/lu_gp_id 5 EINVAL 0
		mkdir $GPS/lg1 ok
		mkdir $GPS/lg2 ok
		read $GPS/lg1/lu_gp_id ok ""
		# Without a number it takes no members.
		write $DEV/alua_lu_gp lg1 ENODEV "$IN_DEFAULT"
		write $GPS/lg1/lu_gp_id x EINVAL ""
		write $GPS/lg1/lu_gp_id -1 EINVAL ""
		write $GPS/lg1/lu_gp_id 65536 EINVAL ""
		# 0 is taken: the next that is free.
		write $GPS/lg1/lu_gp_id 0 ok 1
		write $GPS/lg1/lu_gp_id 7 EINVAL 1
		write $GPS/lg2/lu_gp_id 1 EINVAL ""
		write $GPS/lg2/lu_gp_id 65535 ok 65535
		write $DEV/alua_lu_gp lg1\n ok "$IN_LG1"
		read $GPS/lg1/members ok rd_mcp_0/rd0
		read $GPS/default_lu_gp/members ok ""
		write $DEV/alua_lu_gp nope ENODEV "$IN_LG1"
		write $DEV/alua_lu_gp n*300 EINVAL "$IN_LG1"
		rmdir $GPS/lg1 ok
		read $DEV/alua_lu_gp ok "$IN_DEFAULT"
		rmdir $GPS/lg2 ok
	END
	# LIO cannot find its default group by name, and breaks on a unit without one.
	[ "$PEER" = lio ] || check_table <<-END
		write $DEV/alua_lu_gp NULL ok ""
		read $GPS/default_lu_gp/members ok ""
		write $DEV/alua_lu_gp default_lu_gp ok "$IN_DEFAULT"
	END
	lio_clear
}
