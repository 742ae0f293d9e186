# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="The newest targetcli of the guest creates, shows, sets, saves, clears, restores and deletes; the tree is the same before and after."
TIMEOUT=240
# 2.1.53 on the one, 3.0.2 on the other.
KERNELS="6.1 6.12"
. /rig/src/tests/vm/common.sh
requires() { _have_program targetcli dbus-daemon; }

# Debian 12's own is 2.1.53, as is Debian 13's, which has 3.0.2 beside it.
PROGRAM=(targetcli)
[ ! -d /opt/targetcli-3 ] ||
	PROGRAM=(env PYTHONPATH=/opt/targetcli-3/usr/lib/python3/dist-packages
		python3 /opt/targetcli-3/usr/bin/targetcli)
export TARGETCLI_HOME=$WORK/home

PORT=naa.5001405000000009
CLI_ERRORS='error|exception|traceback|cannot|could not|not found|read-only|invalid|fail'

# What each settable attribute is set to: another value than the default where
# the ramdisk has one to offer.
VALUES="alua_support=1 block_size=4096 capacity=33554432 complete_type=2 emulate_3pc=0 emulate_caw=0 emulate_dpo=1
	emulate_fua_read=1 emulate_fua_write=0 emulate_model_alias=0 emulate_pr=0
	emulate_pr_lost=1
	emulate_rest_reord=0 emulate_rsoc=0 emulate_tas=0 emulate_tpu=0 emulate_tpws=0
	emulate_ua_intlck_ctrl=2 emulate_write_cache=1 emulate_wsnz=0 encrypted=1 enforce_pr_isids=0 force_pr_aptpl=1
	is_nonrot=0 max_unmap_block_desc_count=3 max_unmap_lba_count=77 max_write_same_len=64
	optimal_sectors=128 pgr_support=1 phys_block_size=8192 pi_prot_format=0 pi_prot_type=0 pi_prot_verify=0
	queue_depth=32 quota_pages=30000 removable=1 strict_cdb=0 submit_type=1 unmap_granularity=16
	unmap_granularity_alignment=8 unmap_zeroes_data=0 volatile_cache=1 vpd_eui64=1 vpd_uuid=1"

# Runs commands, one per line, in one program: it takes seconds to start. What it
# says is left in the file quietly; a complaint is an error.
cli() { # command...
	printf '%s\n' "$@" "set global auto_save_on_exit=false" exit >commands
	quietly timeout 100 "${PROGRAM[@]}" <commands || return
	! grep -iE "$CLI_ERRORS" quietly
}

# Prints every readable file of the tree and what it holds, but for what counts, and
# where the disk is. Not saved: the number of a ramdisk's HBA (each has its own, and
# they are restored in the order of the directory) and the initiator's name.
dump_tree() {
	(cd $TARGET && find core loopback -mindepth 1 ! -path '*/statistics/*' \
		! -name alua_access_status ! -name address ! -type d -perm /444 -print0 |
		xargs -0 grep -saH '' && find core loopback -mindepth 1 -type d) |
		sed 's/rd_mcp_[0-9]*/rd_mcp_N/g
			s/HBA Index: [0-9]*/HBA Index: N/
			s/\(nexus:naa\.5001405\).*/\1N/' | sort
}

# What is left of backstores, and of targets of any fabric: targetcli makes the
# directories of all fabrics there are.
leftover() {
	lio_leftover | grep "^$CORE"
	find $TARGET/*/* -maxdepth 0 -type d ! -path "$CORE/*" ! -name discovery_auth
}

is_disk() { lsscsi | grep -q "LIO-ORG  *$1 "; }

# The attributes of the second ramdisk that VALUES has a value for.
set_arguments() {
	local pair
	for pair in $VALUES; do
		[ ! -e "$1/attrib/${pair%=*}" ] || echo "$pair"
	done | paste -sd' '
}

settable() { find "$1/attrib" -type f -perm /200 -printf '%f\n' | sort; }

# Every attribute is what it was set to, and shown as what it is.
check_attributes() { # ramdisk-directory arguments
	local name pair
	for pair in $2; do
		is "${pair%=*}=$(cat "$1/attrib/${pair%=*}")" "$pair" "$pair is set"
	done
	for name in "$1"/attrib/*; do
		ok "${name##*/} is shown" grep -qE "^${name##*/}=$(cat "$name")( \[ro\])?\$" quietly
	done
}

create_and_set() {
	local rd arguments
	ok "two ramdisks" cli \
		"/backstores/ramdisk create name=rd0 size=64M" \
		"/backstores/ramdisk create name=rd1 size=16M" || return
	rd=$(echo "$CORE"/rd_mcp_*/rd1)
	arguments=$(set_arguments "$rd")
	is "$(tr ' ' '\n' <<<"$arguments" | sed 's/=.*//')" "$(settable "$rd")" \
		"each settable attribute has its value here"
	ok "set attribute, a target, two LUNs, ls, info, get attribute, saveconfig" cli \
		"/backstores/ramdisk/rd1 set attribute $arguments" \
		"/loopback create $PORT" \
		"/loopback/$PORT/luns create /backstores/ramdisk/rd0" \
		"/loopback/$PORT/luns create /backstores/ramdisk/rd1" \
		"ls" \
		"/backstores/ramdisk/rd0 info" \
		"/loopback/$PORT info" \
		"/loopback/$PORT/luns/lun1 info" \
		"/backstores/ramdisk/rd1 get attribute" \
		"saveconfig $WORK/saved.json" || return
	like "$(cat quietly)" 'lun1 .*ramdisk/rd1' "ls shows a LUN with its ramdisk"
	like "$(cat quietly)" "size: $((64 << 20))" "info shows a size"
	check_attributes "$rd" "$arguments"
	ok "the disk is there" wait_until 20 is_disk rd0
}

clear_and_restore() {
	dump_tree >before
	ok "the tree has something in it" [ "$(wc -l <before)" -gt 150 ]
	ok "clearconfig" cli "clearconfig confirm=True"
	is "$(leftover)" "" "leaves nothing"
	ok "restoreconfig" cli "restoreconfig $WORK/saved.json"
	like "$(cat quietly)" 'Configuration restored' "says so"
	ok "the disk is back" wait_until 20 is_disk rd0
	dump_tree >after
	is "$(diff -a before after)" "" "the tree is the same"
}

test() {
	note "$("${PROGRAM[@]}" --version 2>&1 | tail -n 1)"
	start_dbus
	lio_load
	rmdir $LOOPBACK
	create_and_set && clear_and_restore
	ok "deleted piece by piece" cli \
		"/loopback/$PORT/luns delete lun1" \
		"/loopback delete $PORT" \
		"/backstores/ramdisk delete rd0" \
		"/backstores/ramdisk delete rd1"
	is "$(leftover)" "" "nothing is left"
	lio_clear
}
