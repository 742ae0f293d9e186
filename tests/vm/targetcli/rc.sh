# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# What both versions of targetcli are taken through. A test sets PROGRAM to the
# command and calls targetcli_life.

PORT=naa.5001405000000009

# Runs commands, one per line, in one program: it takes seconds to start. What it
# says is left in the file quietly; an error ends it.
cli() { # command...
	printf '%s\n' "$@" >commands
	quietly timeout $((120 * SLOW)) "${PROGRAM[@]}" <commands || return
	! grep -iE '^(error|command not found|.*traceback|.*exception)' quietly
}

# Prints every readable file of the tree and what it holds, but for what counts
# or ages, and where sysfs puts the disk.
dump_tree() {
	(cd $TARGET && find core loopback -mindepth 1 \( -type f -perm /444 -o -type d -o -type l \) \
		! -path '*/statistics/*' ! -path '*/alua_access_status' ! -name address | sort |
		while read -r path; do
			if [ -f "$path" ]; then
				echo "$path = $(tr '\n' '|' <"$path" 2>/dev/null)"
			else
				echo "$path"
			fi
		done)
}

create() {
	ok "two ramdisks, a target and two LUNs are created" cli \
		"/backstores/ramdisk create name=rd0 size=64M" \
		"/backstores/ramdisk create name=rd1 size=16M" \
		"/loopback create $PORT" \
		"/loopback/$PORT/luns create /backstores/ramdisk/rd0" \
		"/loopback/$PORT/luns create /backstores/ramdisk/rd1" || return
	ok "the first is a disk" wait_until $((20 * SLOW)) is_disk rd0
	ok "so is the second" wait_until $((20 * SLOW)) is_disk rd1
}

is_disk() { lsscsi | grep -q "LIO-ORG  *$1 "; }

look() {
	local name
	ok "ls and info of everything, and get attribute" cli \
		"ls" \
		"/backstores/ramdisk/rd0 info" \
		"/loopback/$PORT info" \
		"/loopback/$PORT/luns/lun0 info" \
		"/backstores/ramdisk/rd0 get attribute"
	like "$(cat quietly)" 'lun0.*rd0' "shows the LUN with its ramdisk"
	for name in "$CORE"/rd_mcp_*/rd0/attrib/*; do
		like "$(cat quietly)" "${name##*/}=" "shows ${name##*/}"
	done
}

# Sets each writable attribute to what it is; one command line holds them all.
set_attributes() {
	local file name args=()
	for file in "$CORE"/rd_mcp_*/rd1/attrib/*; do
		name=${file##*/}
		[ "$(stat -c %A "$file" | cut -c3)" = w ] || continue
		# The same value is no change, but these are triggers, not states.
		case $name in pi_prot_format | pi_prot_verify) continue ;; esac
		args+=("$name=$(cat "$file")")
	done
	ok "set attribute of ${#args[@]} attributes, and of one to another value" cli \
		"/backstores/ramdisk/rd1 set attribute ${args[*]}" \
		"/backstores/ramdisk/rd1 set attribute emulate_caw=0"
	is "$(cat "$CORE"/rd_mcp_*/rd1/attrib/emulate_caw)" 0 "and has changed"
}

targetcli_life() {
	start_dbus
	mkdir -p /etc/target/pr /etc/target/alua
	lio_load
	rmdir $LOOPBACK
	create || return
	look
	set_attributes
	dump_tree >before
	ok "the tree has something in it" [ "$(wc -l <before)" -gt 100 ]
	ok "saveconfig and clearconfig" cli "saveconfig $WORK/saved.json" "clearconfig confirm=True"
	is "$(lio_leftover | grep -v "^$LOOPBACK\$")" "" "leaves nothing"
	ok "restoreconfig" cli "restoreconfig $WORK/saved.json"
	like "$(cat quietly)" '[Cc]onfiguration restored' "says so"
	is "$(grep -ciE 'error|fail|could not' quietly)" 0 "with no complaint"
	ok "the disk is back" wait_until $((20 * SLOW)) is_disk rd0
	dump_tree >after
	is "$(diff before after)" "" "the tree is the same"
	ok "saved again, and deleted piece by piece" cli "saveconfig $WORK/again.json" \
		"/loopback/$PORT/luns delete lun1" \
		"/loopback delete $PORT" \
		"/backstores/ramdisk delete rd0" \
		"/backstores/ramdisk delete rd1"
	ok "it was the same configuration" cmp saved.json again.json
	is "$(lio_leftover | grep -v "^$LOOPBACK\$")" "" "nothing is left"
	lio_clear
}
