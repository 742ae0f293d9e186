# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="targetcli makes a file of either kind a unit, gives it another capacity, and its saved configuration brings it back."
TIMEOUT=240
KERNELS="6.12"
. /rig/src/tests/vm/common.sh
requires() { _have_peer ours && _have_program targetcli dbus-daemon; }

CLI_ERRORS='error|exception|traceback|cannot|could not|not found|invalid|fail'

# Runs commands in one program: it takes seconds to start.
cli() { # command...
	printf '%s\n' "$@" "set global auto_save_on_exit=false" exit >commands
	quietly timeout 100 targetcli <commands || return
	! grep -iE "$CLI_ERRORS" quietly
}

told() { # what it says of itself and is
	local dir
	for dir in "$CORE"/fileio_*/"$1"; do
		tail -n 1 "$dir/info" | sed 's/ID: [0-9]*/ID: N/'
		cat "$dir/attrib/capacity" "$dir/attrib/emulate_write_cache"
	done
}

test() {
	export TARGETCLI_HOME=$WORK/home
	start_dbus
	lio_load target_core_file
	rmdir $LOOPBACK
	ok "created" cli \
		"/backstores/fileio create name=f0 file_or_dev=$WORK/f0 size=16M write_back=false" \
		"/backstores/fileio create name=f1 file_or_dev=$WORK/f1 size=16M write_back=true" \
		"/loopback create $WWN" \
		"/loopback/$WWN/luns create /backstores/fileio/f0" \
		"/loopback/$WWN/luns create /backstores/fileio/f1" \
		"/backstores/fileio/f0 set attribute capacity=33554432" \
		"/backstores/fileio/f0 info" "ls" \
		"saveconfig $WORK/saved.json" || return
	like "$(cat quietly)" "size: 33554432" "info shows the new size"
	like "$(cat quietly)" "f1 .*write-back" "ls shows the page cache"
	is "$(told f0)" "        TCM FILEIO ID: N        File: $WORK/f0  Size: 33554432  Mode: O_DSYNC Async: 0
33554432
0" "the one"
	is "$(told f1)" "        TCM FILEIO ID: N        File: $WORK/f1  Size: 16777216  Mode: Buffered-WCE Async: 0
16777216
1" "the other"
	told f0 >before
	told f1 >>before
	head -c 1M /dev/urandom >data
	dd if=data of="$(lio_dev $WWN 1 0)" bs=64k oflag=direct status=none
	ok "cleared" cli "clearconfig confirm=True"
	ok "restored" cli "restoreconfig $WORK/saved.json"
	told f0 >after
	told f1 >>after
	is "$(diff before after)" "" "they are what they were"
	ok "and hold what was written" cmp -n 1048576 data "$(lio_dev $WWN 1 0)"
	lio_clear
}
