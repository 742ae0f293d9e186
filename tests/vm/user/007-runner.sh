# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="tcmu-runner and targetcli, as Debian has them: create, I/O, a killed daemon that returns, delete."
TIMEOUT=300
. /rig/src/tests/vm/user/lib.sh
requires() { _have_program tcmu-runner && _have_program targetcli && _have_program fio; }

# The bus starts one whenever targetcli asks for it, also in the tests before. It would keep
# ours from starting, and hears nothing since the module came anew.
runner_is_alone() {
	pkill -x tcmu-runner
	wait_until $((20 * SLOW)) sh -c "! pgrep -x tcmu-runner >/dev/null"
}

# The bus knows it, and no other, by its name.
runner_is_known() {
	dbus-send --system --print-reply --dest=org.freedesktop.DBus / org.freedesktop.DBus.GetConnectionUnixProcessID \
		string:org.kernel.TCMUService1 2>/dev/null | grep -q "uint32 $PID$"
}

runner_start() {
	tcmu-runner >"$WORK/runner.log" 2>&1 &
	PID=$!
	wait_until $((60 * SLOW)) runner_is_known
}

# It has opened the unit.
runner_serves() { ls -l "/proc/$PID/fd" >fds && grep -q uio fds; }

targetcli_quiet() { targetcli "$@" >"$WORK/targetcli" 2>&1 || { cat "$WORK/targetcli"; return 1; }; }

test() {
	cd "$WORK" || return
	mount_tmpfs || return
	# What is not an image of its own format, its handler takes as it is.
	truncate -s 16M $TMPFS/raw
	ok "the bus" start_dbus || return
	ok "the module" lio_load target_core_user || return
	ok "no other tcmu-runner" runner_is_alone || return
	ok "tcmu-runner" runner_start || { cat "$WORK/runner.log"; return; }
	ok "targetcli creates a unit" targetcli_quiet /backstores/user:qcow create name=q size=16777216 cfgstring=$TMPFS/raw || return
	DISK=$(echo $CORE/user_*/q)
	like "$(cat "$DISK/attrib/dev_config")" "qcow/$TMPFS/raw" "with its config"
	is "$(cat "$DISK/enable")" 1 "which is enabled"
	ok "and served" wait_until $((30 * SLOW)) runner_serves || { cat "$WORK/runner.log"; return; }
	ok "a port" lio_mk_port $WWN || return
	ok "a disk" lio_link $WWN 1 0 "${DISK#"$CORE"/}" || return
	DEV=$(lio_dev $WWN 1 0) || return
	SG=$(lio_sg $WWN 1 0)
	ok "its data is right" fio_verify small "$DEV" --bs=4k --size=4m --ioengine=libaio --iodepth=16
	ok "in larger pieces, too" fio_verify big "$DEV" --bs=64k --size=8m --ioengine=libaio --iodepth=8
	daemon_kill
	ok "tcmu-runner returns" runner_start
	ok "and serves again" wait_until $((30 * SLOW)) runner_serves
	ok "its data is right" fio_verify again "$DEV" --bs=4k --size=2m --ioengine=libaio --iodepth=16
	ok "the LUN goes" lio_unlink $WWN 1 0
	ok "targetcli deletes the unit" targetcli_quiet /backstores/user:qcow delete q
	ok "which has left tcmu-runner" wait_until 10 sh -c "! ls -l /proc/$PID/fd | grep -q uio"
	lio_clear
	kill "$PID"
	wait "$PID" 2>/dev/null
	umount_tmpfs
}
