# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="A process that is killed, or stopped: commands wait for it, fail at once or in time, and none is stuck."
TIMEOUT=300
. /rig/src/tests/vm/user/lib.sh
requires() { _have_peer ours && _have_program gcc && _have_program fio; }

# Rounds of each policy; by hand: --append user_rounds=1000
ROUNDS=$(sed -n 's/.*user_rounds=\([0-9]*\).*/\1/p' /proc/cmdline)
ROUNDS=${ROUNDS:-$(rounds 3)}
# Seconds that it is stopped with each policy; by hand: --append user_stop=120
STOP=$(sed -n 's/.*user_stop=\([0-9]*\).*/\1/p' /proc/cmdline)

set_recovery() { # policy seconds
	echo "$1" >"$DISK/attrib/recovery" && echo "$2" >"$DISK/attrib/recovery_time_out"
}

lose_and_return() {
	daemon_kill
	[ "$(state)" = "$1" ] || { fail "state $(state), not $1"; return 1; }
	sleep 0.$((RANDOM % 3))
	daemon_start file || return
}

# From the start of the process to the first answer.
latency() {
	local before reader
	daemon_kill
	dd if="$DEV" of=/dev/null bs=4k count=1 iflag=direct status=none &
	reader=$!
	sleep 0.2
	before=$(ms)
	ok "the process returns" daemon_start file
	ok "a command that waited is answered" wait_until 20 not_running $reader
	note "$(($(ms) - before)) ms after the start of the process"
}

# No error at all: what was not answered is asked again.
survives() { # text policy state
	local i
	ok "$1" set_recovery "$2" 0
	fio_start io "$DEV" --size=2m
	for ((i = 0; i < ROUNDS; i++)); do
		lose_and_return "$3" || break
	done
	ok "killed $i times under verified I/O" [ $i = "$ROUNDS" ]
	ok "and nobody noticed" fio_stop io
}

held() {
	survives "hold" 2 held
	latency
}

# As the kernel's own: what comes back in time gets it again.
waited() { survives "no policy" 0 waiting; }

# An error at once, for what is there and what comes.
failed() {
	local i before took slowest=0
	ok "fail" set_recovery 1 0
	for ((i = 0; i < ROUNDS; i++)); do
		# Only an error ends it.
		(while dd if=/dev/zero of="$DEV" bs=64k count=16 oflag=direct status=none 2>/dev/null; do :; done) &
		local pid=$!
		fio_moves "$DEV"
		kill -0 $pid || { fail "round $i: an error before"; break; }
		daemon_kill
		before=$(ms)
		wait_until $((30 * SLOW)) not_running $pid || { fail "round $i: a writer is stuck"; break; }
		took=$(($(ms) - before))
		[ $took -le $slowest ] || slowest=$took
		scsi 00 00 00 00 00 00
		[ "$ANSWER" = 2/08/00 ] || fail "round $i: $ANSWER"
		daemon_start file || break
		scsi 00 00 00 00 00 00
		[ "$ANSWER" = good ] || fail "round $i: $ANSWER from one that is there"
	done
	ok "killed $i times, each with errors" [ $i = "$ROUNDS" ]
	note "the slowest error came after $slowest ms"
}

# For a while.
held_for_a_while() {
	local before
	ok "hold for 2 s" set_recovery 2 2
	daemon_kill
	is "$(state)" held "it is waited for"
	before=$(ms)
	scsi 00 00 00 00 00 00
	is "$ANSWER" 2/08/00 "not for ever"
	note "failed after $(($(ms) - before)) ms"
	is "$(state)" failing "and from then on not at all"
	ok "it returns all the same" daemon_start file
	scsi 00 00 00 00 00 00
	is "$ANSWER" good "and serves"
	daemon_kill
	is "$(state)" held "which begins anew"
	ok "hold for ever instead" set_recovery 2 0
	(sleep 4; "$TOOLS/tcmu-file" >later 2>&1) &
	scsi 00 00 00 00 00 00
	is "$ANSWER" good "a command that waited"
	pkill -f /tcmu-file
	wait_until 10 state_is held
}

# Who is stopped is not gone: with each policy commands end by their time, all the while.
stopped_for() { # seconds
	local policy before took slowest
	for policy in 0 1 2; do
		set_recovery $policy 0
		daemon_start file || return
		kill -STOP "$PID"
		before=$(ms) slowest=0
		(while dd if="$DEV" of=/dev/null bs=4k count=1 iflag=direct status=none 2>/dev/null; [ $(($(ms) - before)) -lt $(($1 * 1000)) ]; do :; done) &
		local reader=$!
		while [ $(($(ms) - before)) -lt $(($1 * 1000)) ]; do
			took=$(ms)
			scsi 00 00 00 00 00 00
			[ "$ANSWER" = b/2e/02 ] || fail "policy $policy: $ANSWER"
			took=$(($(ms) - took))
			[ $took -le $slowest ] || slowest=$took
		done
		kill -CONT "$PID"
		ok "the reader has ended, too" wait_until $((100 * SLOW)) not_running $reader
		ok "policy $policy: it goes on after $1 s" wait_until 20 sh -c "dd if=$DEV of=/dev/null bs=4k count=1 iflag=direct status=none"
		note "the slowest of the commands ended after $slowest ms"
		daemon_stop
	done
}

# It is there and does nothing: commands end by their own time, and aborted ones before.
stopped() {
	local before
	ok "no policy" set_recovery 0 0
	ok "a process" daemon_start file
	kill -STOP "$PID"
	before=$(ms)
	scsi 00 00 00 00 00 00
	is "$ANSWER" b/2e/02 "a command takes its time"
	note "and ended after $(($(ms) - before)) ms"
	kill -CONT "$PID"
	ok "it goes on" wait_until 20 sh -c "dd if=$DEV of=/dev/null bs=4k count=1 iflag=direct status=none"
	kill -STOP "$PID"
	(dd if="$DEV" of=/dev/null bs=4k count=1 iflag=direct status=none 2>/dev/null) &
	local reader=$!
	wait_until 10 sh -c "[ \$(cat /sys/block/${DEV#/dev/}/inflight | tr -s ' ' | cut -d' ' -f2) = 1 ]"
	ok "a reset of the unit ends" within $((60 * SLOW)) sg_reset -N -d "$SG"
	ok "the reader ends" wait_until $((60 * SLOW)) not_running $reader
	ok "the LUN goes" within $((100 * SLOW)) lio_unlink $WWN 1 0
	ok "and so does the unit" within $((60 * SLOW)) lio_clear
	kill -CONT "$PID"
	daemon_stop
}

test() {
	cd "$WORK" || return
	mount_tmpfs || return
	ok "the handlers compile" make_tools || return
	ok "a handler starts" daemon_start file || return
	make_user file/$TMPFS/disk $((4 << 20)) attrib/cmd_time_out=$((8 * SLOW)) attrib/abort_time_out=2 attrib/nl_time_out=2 || return
	echo 300 >"/sys/block/${DEV#/dev/}/device/timeout"
	waited
	held
	failed
	held_for_a_while
	[ -z "$STOP" ] || stopped_for "$STOP"
	stopped
	scsi_close
	umount_tmpfs
}
