# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="Access states are written below dbroot, whole, and come back with the group and the LUN; units of one LU group change together."
. /rig/src/tests/vm/alua/lib.sh
requires() { _have_peer ours; }

SERIAL=0123-serial

file() { cat "$WORK/root/alua/$1" 2>/dev/null | paste -sd' '; }

# A unit, with its group and a port; the metadata is turned on last, as rtslib does.
build() {
	lio_mk_rd disk 256 && echo $SERIAL >"$CORE/rd_mcp_0/disk/wwn/vpd_unit_serial" &&
		lio_mk_port $WWN && lio_link $WWN 1 0 rd_mcp_0/disk || return
	GP=$CORE/rd_mcp_0/disk/alua/one LUN=$(lio_tpg $WWN 1)/lun/lun_0
	mkdir "$GP" && echo 10 >"$GP/tg_pt_gp_id" && echo one >"$LUN/alua_tg_pt_gp" &&
		echo 1 >"$GP/alua_write_metadata" && echo 1 >"$LUN/alua_tg_pt_write_md"
}

peers() {
	local i
	lio_mk_rd peer 256 && mkdir "$CORE/alua/lu_gps/both" && echo 5 >"$CORE/alua/lu_gps/both/lu_gp_id" || return
	for i in disk peer; do echo both >"$CORE/rd_mcp_0/$i/alua_lu_gp" || return; done
	mkdir "$CORE/rd_mcp_0/peer/alua/same" && echo 10 >"$CORE/rd_mcp_0/peer/alua/same/tg_pt_gp_id"
}

test() {
	mkdir -p "$WORK/root/alua/tpgs_$SERIAL" "$WORK/root/alua/loopback/$WWN+1"
	ok "the modules load" lio_load
	ok "dbroot is the test's" sh -c "echo $WORK/root >$TARGET/dbroot"
	ok "a unit with a group" build || return
	is "$(file "tpgs_$SERIAL/one")" "" "nothing is written before anything changes"
	ok "standby" set_state "$GP" 2
	is "$(file "tpgs_$SERIAL/one")" "tg_pt_gp_id=10 alua_access_state=0x02 alua_access_status=0x02" "its file"
	ok "the port goes offline" sh -c "echo 1 >$LUN/alua_tg_pt_offline"
	is "$(file "loopback/$WWN+1/lun_0")" "alua_tg_pt_offline=1 alua_tg_pt_status=0x02" "its file"
	is "$(ls -A "$WORK/root/alua/tpgs_$SERIAL")" one "no half a file stays"
	ok "all of it goes" lio_clear
	ok "and comes again" build
	state_is "$GP" "2 Altered by Implicit ALUA" "the group is as it was"
	is "$(cat "$LUN/alua_tg_pt_offline") $(cat "$LUN/alua_tg_pt_status")" "1 2" "the port as well"
	ok "once more" lio_clear
	echo tg_pt_gp_id=11 >"$WORK/root/alua/tpgs_$SERIAL/one"
	ok "with a file that is not whole" build
	state_is "$GP" "0 None" "which counts for nothing"

	ok "a unit of the same LU group" peers
	ok "unavailable" set_state "$GP" 3
	state_is "$CORE/rd_mcp_0/peer/alua/same" "3 Altered by Implicit ALUA" "the other unit's group of that number, too"
	echo NULL >"$CORE/rd_mcp_0/peer/alua_lu_gp"
	ok "active" set_state "$GP" 0
	state_is "$CORE/rd_mcp_0/peer/alua/same" "3 Altered by Implicit ALUA" "which is no longer of the group"
	rm -r "$WORK/root/alua/tpgs_$SERIAL"
	ok "without a directory the state changes as well" set_state "$GP" 2
	state_is "$GP" "2 Altered by Implicit ALUA" "it has"
	lio_clear
}
