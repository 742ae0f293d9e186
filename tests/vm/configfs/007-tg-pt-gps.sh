# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="Target port groups take what is right, change their states, and hand their members back."
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

DEV=core/rd_mcp_0/rd0
DEF=$DEV/alua/default_tg_pt_gp
TG1=$DEV/alua/tg1
LUN=loopback/naa.5001405000000001/tpgt_1/lun/lun_0
LINE=loopback/naa.5001405000000001/tpgt_1/lun_0

# Of a group with a number.
table_of_files() {
	local name
	for name in transitioning offline unavailable standby active_optimized active_nonoptimized \
		lba_dependent; do
		cat <<-END
			write $TG1/alua_support_$name 0 ok 0
			write $TG1/alua_support_$name 2 EINVAL 0
			write $TG1/alua_support_$name yes EINVAL 0
			write $TG1/alua_support_$name 1 ok 1
		END
	done
	cat <<-END
		write $TG1/alua_access_type 0 ok None
		write $TG1/alua_access_type 1 ok Implicit
		write $TG1/alua_access_type 2 ok Explicit
		write $TG1/alua_access_type 4 EINVAL Explicit
		write $TG1/alua_access_type -1 EINVAL Explicit
		write $TG1/alua_access_state 0 EINVAL 0
		write $TG1/alua_access_type 3 ok "Implicit and Explicit"
		write $TG1/alua_access_state 0 ok 0
		write $TG1/alua_access_state 16 EINVAL 0
		write $TG1/alua_access_state x EINVAL 0
		write $TG1/alua_access_status 1 ok "Altered by Explicit STPG"
		write $TG1/alua_access_status 2 ok "Altered by Implicit ALUA"
		write $TG1/alua_access_status 3 EINVAL "Altered by Implicit ALUA"
		write $TG1/alua_access_status 0 ok None
		write $TG1/alua_write_metadata 0 ok 0
		write $TG1/alua_write_metadata 2 EINVAL 0
		write $TG1/nonop_delay_msecs 10000 ok 10000
		write $TG1/nonop_delay_msecs 10001 EINVAL 10000
		write $TG1/nonop_delay_msecs -1 EINVAL 10000
		write $TG1/trans_delay_msecs 30000 ok 30000
		write $TG1/trans_delay_msecs 30001 EINVAL 30000
		write $TG1/trans_delay_msecs 0 ok 0
		write $TG1/implicit_trans_secs 255 ok 255
		write $TG1/implicit_trans_secs 256 EINVAL 255
		write $TG1/preferred 1 ok 1
		write $TG1/preferred 2 EINVAL 1
		write $TG1/preferred 0 ok 0
		write $TG1/members x EACCES ""
	END
}

# States, and the files that go with them.
table_of_states() {
	cat <<-END
		write $TG1/alua_access_state 1 ok 1
		read $TG1/alua_access_status ok "Altered by Implicit ALUA"
		write $TG1/alua_access_state 2 ok 2
		write $TG1/alua_support_unavailable 0 ok 0
		write $TG1/alua_access_state 3 EINVAL 2
		write $TG1/alua_support_unavailable 1 ok 1
		write $TG1/alua_access_state 3 ok 3
		write $TG1/alua_access_state 4 EINVAL 3
		write $TG1/alua_access_state 5 EINVAL 3
		write $TG1/alua_access_state 14 ok 14
		write $TG1/alua_access_state 15 ok 15
		write $TG1/alua_access_state 0 ok 0
		write $TG1/alua_write_metadata 1 ok 1
		write $TG1/alua_write_metadata 0 ok 0
		write $LUN/alua_tg_pt_offline 1 ok 1
		read $LUN/alua_tg_pt_status ok 2
		write $LUN/alua_tg_pt_offline 0 ok 0
		write $LUN/alua_tg_pt_write_md 1 ok 1
		write $LUN/alua_tg_pt_write_md 0 ok 0
	END
}

alias_of() { head -n 1 $TARGET/$LUN/alua_tg_pt_gp; }

test() {
	ok "the modules load" lio_load
	check_table <<-END
		mkdir core/rd_mcp_0 ok
		mkdir $DEV ok
		write $DEF/alua_access_state 0 ENODEV 0
		rmdir $DEV ok
	END
	ok "a ramdisk is configured" lio_mk_rd rd0 1024 || return
	check_table <<-END
		write $DEF/tg_pt_gp_id 3 EINVAL 0
		write $DEF/alua_access_state 0 ok 0
		mkdir $TG1 ok
		mkdir $DEV/alua/tg2 ok
		mkdir $DEV/alua/t*255 ok
		rmdir $DEV/alua/t*255 ok
		read $TG1/tg_pt_gp_id ok ""
		# A group without a number is not one yet.
		write $TG1/alua_access_state 0 EINVAL 0
		write $TG1/alua_access_status 0 EINVAL None
		write $TG1/alua_support_standby 1 EINVAL 1
		write $TG1/tg_pt_gp_id x EINVAL ""
		write $TG1/tg_pt_gp_id -1 EINVAL ""
		write $TG1/tg_pt_gp_id 65536 EINVAL ""
		write $TG1/tg_pt_gp_id 0 ok 1
		write $TG1/tg_pt_gp_id 5 EINVAL 1
		write $DEV/alua/tg2/tg_pt_gp_id 1 EINVAL ""
		write $DEV/alua/tg2/tg_pt_gp_id 65535 ok 65535
	END
	table_of_files | check_table
	ok "it is exported" lio_mk_port naa.5001405000000001 &&
		ok "to a LUN" lio_link naa.5001405000000001 1 0 rd_mcp_0/rd0
	check_table <<-END
		read $DEF/members ok "$LINE\n\x00"
		write $LUN/alua_tg_pt_gp nope ENODEV =
		write $LUN/alua_tg_pt_gp \n EINVAL|ENODEV =
		write $LUN/alua_tg_pt_gp n*300 EINVAL =
		write $LUN/alua_tg_pt_gp tg1\n ok
		read $TG1/members ok "$LINE\n\x00"
		read $DEF/members ok ""
		write $LUN/alua_tg_pt_offline 0 ok 0
		write $LUN/alua_tg_pt_offline 2 EINVAL 0
		write $LUN/alua_tg_pt_offline x EINVAL 0
		write $LUN/alua_tg_pt_status 1 ok 1
		write $LUN/alua_tg_pt_status 3 EINVAL 1
		write $LUN/alua_tg_pt_status 0 ok 0
		write $LUN/alua_tg_pt_write_md 0 ok 0
		write $LUN/alua_tg_pt_write_md 2 EINVAL 0
	END
	is "$(alias_of)" "TG Port Alias: tg1" "the LUN is in the group"
	table_of_states | check_table
	check_table <<-END
		write $LUN/alua_tg_pt_gp NULL ok
		read $TG1/members ok ""
		write $LUN/alua_tg_pt_gp tg1 ok
		rmdir $TG1 ok
		read $DEF/members ok "$LINE\n\x00"
		rmdir $DEV/alua/tg2 ok
	END
	is "$(alias_of)" "TG Port Alias: default_tg_pt_gp" "its group went, it is in the default one"
	lio_clear
}
