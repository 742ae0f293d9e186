# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="Who hears of units may be absent, slow, refuse or die: what waits for its word ends in time, and with its result."
TIMEOUT=200
. /rig/src/tests/vm/user/lib.sh
requires() { _have_peer ours && _have_program gcc; }

# Milliseconds that a command takes, in TOOK; its outcome in CAME.
timed_outcome() { # value file
	local before
	before=$(ms)
	CAME=$(outcome "$1" "$2")
	TOOK=$(($(ms) - before))
}

between() { # least most text
	if [ "$TOOK" -ge "$1" ] && [ "$TOOK" -le "$2" ]; then pass "$3"; else fail "$3: took $TOOK ms"; fi
}

# Somebody waits for a word by netlink.
asked() {
	wait_until 20 sh -c "cat /proc/[0-9]*/stack 2>/dev/null | grep -q wait_for_completion_killable_timeout"
}

absent() {
	ok "a unit that nobody hears of" mk_user a ram/a $((1 << 20)) attrib/nl_time_out=60
	echo 1 >$HBA/a/attrib/nl_reply_supported
	timed_outcome $((2 << 20)) $HBA/a/attrib/dev_size
	is "$CAME" ok "nobody answers, and nobody is waited for"
	between 0 $((5000 * SLOW)) "and not for long"
	rmdir $HBA/a
}

answered() {
	ok "a process" daemon_start ram
	ok "a unit" mk_user a ram/a $((1 << 20)) attrib/nl_time_out=20
	ok "that it has when enable returns" sh -c "ls -l /proc/$PID/fd | grep -q uio"
	timed_outcome $((2 << 20)) $HBA/a/attrib/dev_size
	is "$CAME $(cat $HBA/a/attrib/dev_size)" "ok $((2 << 20))" "it agrees to a size"
	is "$(outcome ram/other $HBA/a/attrib/dev_config)" ok "and to a config"
	ok "which is in the name" grep -q "^tcm-user/0/a/ram/other$" /sys/class/uio/uio*/name
	is "$(outcome 1 $HBA/a/attrib/emulate_write_cache)" ok "and to a cache"
	ok "the unit goes" rmdir $HBA/a
	ok "and the process has closed it" wait_until 5 sh -c "! ls -l /proc/$PID/fd | grep -q uio"
}

slow() {
	ok "a unit" mk_user a ram/a $((1 << 20)) attrib/nl_time_out=2
	kill -STOP "$PID"
	timed_outcome $((3 << 20)) $HBA/a/attrib/dev_size
	is "$CAME $(cat $HBA/a/attrib/dev_size)" "ETIMEDOUT $((1 << 20))" "no word on a size: it stays"
	between 1500 $((6000 * SLOW)) "after two seconds"
	mkdir $HBA/b
	echo "dev_config=ram/b,dev_size=1048576" >$HBA/b/control
	echo 8 >$HBA/b/attrib/nl_time_out
	outcome 1 $HBA/b/enable >enabled &
	wait_until 5 grep -q "^tcm-user/0/b/" /sys/class/uio/uio*/name
	ok "who is asked can read the unit's files" timeout 5 sh -c "cat $HBA/b/info $HBA/b/attrib/hw_block_size >read"
	is "$(tail -n 1 read)" 512 "and finds them complete"
	ok "the question ends" wait_until $((20 * SLOW)) test -s enabled
	is "$(cat enabled) $(cat $HBA/b/enable)" "ETIMEDOUT 0" "no word on a new unit: it is not enabled"
	not_ok "and is no UIO device" grep -q "^tcm-user/0/b/" /sys/class/uio/uio*/name
	rmdir $HBA/b
	kill -CONT "$PID"
}

refused() {
	mkdir $HBA/c
	echo "dev_config=ram/c,dev_size=0" >$HBA/c/control
	timed_outcome 1 $HBA/c/enable
	is "$CAME" EINVAL "what the process says is the result"
	rmdir $HBA/c
}

dies() {
	kill -STOP "$PID"
	(asked; kill -9 "$PID") &
	timed_outcome $((5 << 20)) $HBA/a/attrib/dev_size
	is "$CAME" ETIMEDOUT "it died over the question"
	wait "$PID" 2>/dev/null
	ok "the unit goes" within $((20 * SLOW)) rmdir $HBA/a
}

blocked() {
	local params=/sys/module/target_core_user/parameters
	is "$(cat $params/block_netlink)" unblocked "netlink is not blocked"
	ok "a process" daemon_start ram
	ok "a unit" mk_user a ram/a $((1 << 20)) attrib/nl_time_out=100
	is "$(outcome 1 $params/reset_netlink)" EINVAL "no reset before"
	kill -STOP "$PID"
	(outcome $((5 << 20)) $HBA/a/attrib/dev_size >waiter) &
	asked
	ok "netlink is blocked" sh -c "echo 1 >$params/block_netlink"
	ok "and who waits sent away" sh -c "echo 1 >$params/reset_netlink"
	ok "it goes" wait_until 20 test -s waiter
	# It is EINTR, after which Python writes once more.
	is "$(cat waiter)" EAGAIN "with a result"
	is "$(outcome $((6 << 20)) $HBA/a/attrib/dev_size)" EAGAIN "others do not even begin"
	ok "the unit goes" within 20 rmdir $HBA/a
	echo 0 >$params/block_netlink
	kill -CONT "$PID"
	daemon_stop
}

test() {
	cd "$WORK" || return
	ok "the handlers compile" make_tools || return
	absent
	answered
	slow
	refused
	dies
	blocked
	lio_clear
}
