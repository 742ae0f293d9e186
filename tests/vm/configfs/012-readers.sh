# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="The tree can be read, and written, while it is being made and taken down."
TIMEOUT=240
ROUNDS=8

# Reads every file there is, over and over.
read_all() {
	while [ ! -e stop ]; do
		find $TARGET -type f -readable -exec cat {} + >/dev/null 2>&1
	done
}

# Moves whatever LUN and device there is between groups.
write_all() {
	local file
	while [ ! -e stop ]; do
		for file in $LOOPBACK/*/*/lun/*/alua_tg_pt_gp; do
			echo tg1 >"$file"
			echo NULL >"$file"
		done
		for file in $CORE/rd_mcp_0/*/attrib/*; do echo 1 >"$file"; done
		for file in $CORE/rd_mcp_0/*/alias; do echo text >"$file"; done
	done 2>/dev/null
}

round() {
	local wwn=naa.5001405000000001 tpg=$LOOPBACK/naa.5001405000000001/tpgt_1
	lio_mk_rd a_device_with_a_long_name 256 &&
		mkdir $CORE/rd_mcp_0/a_device_with_a_long_name/alua/tg1 &&
		echo 0 >$CORE/rd_mcp_0/a_device_with_a_long_name/alua/tg1/tg_pt_gp_id &&
		mkdir $CORE/alua/lu_gps/a_group_with_a_long_name &&
		echo 0 >$CORE/alua/lu_gps/a_group_with_a_long_name/lu_gp_id &&
		echo a_group_with_a_long_name >$CORE/rd_mcp_0/a_device_with_a_long_name/alua_lu_gp &&
		lio_mk_port $wwn &&
		lio_link $wwn 1 0 rd_mcp_0/a_device_with_a_long_name &&
		mkdir $tpg/acls/naa.5001405000000009 $tpg/acls/naa.5001405000000009/lun_3 &&
		ln -s $tpg/lun/lun_0 $tpg/acls/naa.5001405000000009/lun_3/x &&
		lio_clear
}

test() {
	local n failed=0
	ok "the modules load" lio_load || return
	read_all &
	write_all &
	for ((n = 0; n < ROUNDS; n++)); do
		round || { failed=1; break; }
	done
	touch stop
	wait
	is $failed 0 "$ROUNDS times made and taken down"
	lio_clear
}
