# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="TST 001b gives each nexus a task set of its own, and restricted reordering keeps writes in their order."
. /rig/src/tests/vm/tasks/lib.sh
requires() { _have_peer ours; }

# A command that takes ten seconds, through SG1, in a program of its own.
slow() { # name [r length | w file] cdb...
	echo "${*:2}" | python3 $VM/sgio.py "$SG1" >"$WORK/$1" 2>&1 &
	printf -v "PID_$1" %s $!
}

slow_read() {
	slow read r 512 28 00 00 00 00 00 00 00 01 00
	ok "a slow READ" wait_until 20 grep -q 'READ(10) .*EXECUTING' $COMMANDS
}

slow_write() { # state
	slow write w "$WORK/zero" 2a 00 00 00 00 10 00 00 01 00
	ok "a WRITE behind it is $1" wait_until 20 grep -q "WRITE(10) .*$1" $COMMANDS
}

all_end() {
	ok "ABORT TASK SET" manage 1 abort_task_set
	ok "the READ ends" wait_until 8 not_running $PID_read
	[ -z "${PID_write:-}" ] || ok "the WRITE ends" wait_until 8 not_running $PID_write
	PID_write=''
	settle
}

# An ORDERED command through SG2, while a command through SG1 runs.
ordered() { # goes | waits
	attribute_of 2 2
	echo "00 00 00 00 00 00" | python3 $VM/sgio.py "$SG2" >"$WORK/ordered" 2>&1 &
	local pid=$!
	if [ "$1" = waits ]; then
		ok "an ORDERED command of the other nexus waits" \
			wait_until 20 grep -q 'TEST UNIT READY .*BLOCKED' $COMMANDS
		all_end
	fi
	ok "it is done" wait_until 8 not_running $pid
	is "$(head -n 1 "$WORK/ordered")" good "well"
	attribute_of 2 0
}

test() {
	local pid
	dd if=/dev/zero of="$WORK/zero" bs=512 count=1 status=none
	make_paths || return
	ok "what moves blocks is slow" sh -c "echo 10000 >$GP1/nonop_delay_msecs; echo 1 >$GP1/alua_access_state"
	settle
	slow_read
	ordered waits
	# TST is bits 7-5 of byte 2, beside GLTSD.
	set_page good "$SG1" 0a 12 2 22
	tur "$SG2" 6/2a/01 "TST 001b: the other nexus hears of it"
	slow_read
	ordered goes
	ok "CLEAR TASK SET through the other nexus" manage 2 clear_task_set
	ok "leaves it alone" kill -0 $PID_read
	ok "QUERY TASK SET finds it" manage 1 query_task_set
	ok "CLEAR TASK SET through its own" manage 1 clear_task_set
	ok "takes it" wait_until 8 not_running $PID_read
	tur "$SG1" good "nobody is told"
	slow_read
	slow_write EXECUTING
	all_end
	# QUEUE ALGORITHM MODIFIER is bits 7-4 of byte 3.
	set_page good "$SG1" 0a 12 3 00
	settle
	slow_read
	slow_write BLOCKED
	all_end
	ok "LOGICAL UNIT RESET" manage 1 logical_unit_reset
	settle
	scsi "@$SG1" r 16 1a 08 0a 00 10 00
	is "$(cut -d' ' -f7-8 <<<"$DATA")" "02 10" "both are as they were"
	scsi_close
	lio_clear
}
