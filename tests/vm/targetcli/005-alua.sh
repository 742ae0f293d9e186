# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="Each targetcli of the guest makes target port groups, sets all of their settings, saves, restores and deletes them."
TIMEOUT=240
KERNELS="6.1 6.12"
. /rig/src/tests/vm/common.sh
requires() { _have_program targetcli dbus-daemon; }

export TARGETCLI_HOME=$WORK/home
CLI_ERRORS='error|exception|traceback|cannot|could not|not found|read-only|invalid|fail'
PORT=naa.5001405000000009
ALUA=/backstores/ramdisk/rd0/alua

# Each setting, in the order in which it is saved, with another value than the default's.
SETTINGS="alua_support_standby=0 alua_support_offline=0 alua_access_status=1 preferred=1 nonop_delay_msecs=50"
SETTINGS+=" trans_delay_msecs=20 implicit_trans_secs=5 alua_write_metadata=1 alua_access_type=1"

cli() { # command...
	printf '%s\n' "$@" "set global auto_save_on_exit=false" exit >commands
	quietly timeout 100 "${PROGRAM[@]}" <commands || return
	# The older one says that it has no preferences yet.
	! grep -v 'preferences file' quietly | grep -iE "$CLI_ERRORS"
}

group() { echo "$CORE"/rd_mcp_*/rd0/alua/one; }

# What the group and its LUN are; the text of a choice is in the attribute itself.
state() {
	(cd "$(group)" && grep -sa '' ./* | tr -d '\0' | sort)
	cat "$(lio_tpg $PORT 1)/lun/lun_0/alua_tg_pt_gp"
}

setting_is() { # name=value
	is "${1%=*}=$(cat "$(group)/${1%=*}")" "$1" "$1"
}

made() {
	ok "a ramdisk, a group, a port and a LUN" cli \
		"/backstores/ramdisk create name=rd0 size=16M" \
		"$ALUA create one 10" \
		"/loopback create $PORT" \
		"/loopback/$PORT/luns create /backstores/ramdisk/rd0" || return
	setting_is tg_pt_gp_id=10
	ok "the LUN joins it, its state changes, and all settings" cli \
		"/loopback/$PORT/luns/lun0 set alua alua_tg_pt_gp_name=one" \
		"$ALUA/one set alua alua_access_state=1" \
		"$ALUA/one set alua $SETTINGS" \
		"$ALUA ls" "$ALUA/one get alua" "/loopback/$PORT/luns ls" \
		"saveconfig $WORK/saved.json" || return
	like "$(cat quietly)" "one .*ALUA state: Active/non-optimized" "ls shows the state"
	like "$(cat quietly)" "lun0 .*\(one\)" "and the LUN's group"
}

settings() {
	local pair
	for pair in alua_access_state=1 "alua_access_status=Altered by Explicit STPG" alua_access_type=Implicit \
		alua_support_standby=0 alua_support_offline=0 alua_support_unavailable=1 preferred=1 \
		nonop_delay_msecs=50 trans_delay_msecs=20 implicit_trans_secs=5 alua_write_metadata=1; do
		setting_is "$pair"
	done
	is "$(tr -d '\0' <"$(group)/members")" "loopback/$PORT/tpgt_1/lun_0" "its member"
	ok "the initiator sees it" wait_until 10 sh -c "sg_rtpg -d $(lio_sg $PORT 1 0) | grep -q 'active/non optimized'"
}

with() { # program...
	PROGRAM=("$@")
	note "$("${PROGRAM[@]}" --version 2>&1 | tail -n 1)"
	made && settings || return
	state >before
	ok "cleared and restored" cli "clearconfig confirm=True" "restoreconfig $WORK/saved.json"
	state >after
	is "$(diff -a before after)" "" "all of it is as before"
	ok "the group is deleted" cli "$ALUA delete one" "$ALUA ls" "/backstores/ramdisk/rd0/alua/default_tg_pt_gp get alua"
	like "$(cat "$(lio_tpg $PORT 1)/lun/lun_0/alua_tg_pt_gp")" "TG Port Alias: default_tg_pt_gp" "its LUN is in the default group"
	ok "all of it" cli "clearconfig confirm=True"
}

test() {
	start_dbus
	lio_load
	rmdir $LOOPBACK
	with targetcli
	[ ! -d /opt/targetcli-3 ] ||
		with env PYTHONPATH=/opt/targetcli-3/usr/lib/python3/dist-packages \
			python3 /opt/targetcli-3/usr/bin/targetcli
	lio_clear
}
