# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="Whatever a process writes where it may write: commands end, the kernel is unharmed, and reset_ring begins anew."
TIMEOUT=300
. /rig/src/tests/vm/user/lib.sh
requires() { _have_peer ours && _have_program gcc && _have_program fio; }

# Random writes; by hand: --append user_writes=100000
WRITES=$(sed -n 's/.*user_writes=\([0-9]*\).*/\1/p' /proc/cmdline)
SEED=$(sed -n 's/.*user_seed=\([0-9]*\).*/\1/p' /proc/cmdline)

compile() {
	quietly gcc -std=gnu11 -D_GNU_SOURCE -O1 -Wno-address-of-packed-member -I/rig/src/tools/tcmu \
		-o "$WORK/hostile" /rig/src/tests/vm/user/hostile.c \
		/rig/src/tools/tcmu/tcmu.c /rig/src/tools/tcmu/disk.c
}

hostile_start() {
	local name
	name=$(grep -l "^tcm-user/0/disk/" /sys/class/uio/uio*/name)
	name=${name#/sys/class/uio/uio}
	mkfifo "$WORK/orders" "$WORK/answers"
	"$WORK/hostile" "${name%/name}" "$DISK/action" <"$WORK/orders" >"$WORK/answers" 2>"$WORK/hostile.err" &
	PID=$!
	exec 7>"$WORK/orders" 8<"$WORK/answers"
}

# Sends a line and waits for its answer; what came before that is in SAID.
order() { # words...
	local line
	SAID=''
	echo "$*" >&7
	while read -r -t 600 line <&8; do
		case $line in done*) return ;; esac
		SAID+="$line"$'\n'
	done
	return 1
}

begin_anew() {
	echo 2 >"$DISK/action/reset_ring" && order reset
}

attack() { # name answer state
	order attack "$1" || { fail "$1: the process has ended: $(cat "$WORK/hostile.err")"; return; }
	scsi r 512 28 00 00 00 00 10 00 00 01 00
	is "$ANSWER, $(state)" "$2, $3" "$1"
	[ "$1" != keep ] || kept
	begin_anew
	scsi r 512 28 00 00 00 00 10 00 00 01 00
	[ "$ANSWER, $(state)" = "good, open" ] || fail "after $1: $ANSWER, $(state)"
}

kept() {
	local line id
	read -r -t 10 line <&8
	id=${line#kept }
	is "$(outcome $((id + 1)) "$DISK/action/free_kept_buf")" ENOENT "what was not kept"
	is "$(outcome "$id" "$DISK/action/free_kept_buf")" ok "what was"
	is "$(outcome "$id" "$DISK/action/free_kept_buf")" ENOENT "but once"
}

attacks() {
	local name answer state
	order names
	while read -r name answer state; do
		[ -z "$name" ] || attack "$name" "$answer" "$state"
	done <<<"$SAID"
}

storm() {
	local writes=${WRITES:-$(scaled 4000 1000)}
	# Its errors are expected; that it ends is the test.
	timeout $((300 + writes / 100 * SLOW)) fio --name=storm --filename="$DEV" --direct=1 --rw=randrw --bs=4k \
		--ioengine=libaio --iodepth=8 --size=4m --time_based --runtime=86400 \
		--continue_on_error=all --output=/dev/null 2>/dev/null &
	local pid=$!
	# What has not begun meets no attack, and half started it may miss that it is to end.
	ok "there is I/O" fio_moves "$DEV"
	ok "$writes random writes" order storm "$writes" "${SEED:-42}"
	kill -INT $pid
	ok "whoever did I/O ends" wait_until $((60 * SLOW)) not_running $pid || pkill -KILL -x fio
	wait $pid
	begin_anew
	scsi r 512 28 00 00 00 00 10 00 00 01 00
	scsi r 512 28 00 00 00 00 10 00 00 01 00
	is "$ANSWER" good "and the unit is there again"
}

test() {
	ok "it compiles" compile || return
	ok "a unit" mk_user disk hostile/x $((4 << 20)) attrib/cmd_time_out=$((2 * SLOW)) || return
	DISK=$HBA/disk
	is "$(state)" waiting "nobody serves it yet"
	hostile_start
	ok "now it is served" wait_until 10 state_is open || return
	ok "a port" lio_mk_port $WWN || return
	ok "a disk" lio_link $WWN 1 0 user_0/disk || return
	SG=$(lio_sg $WWN 1 0)
	DEV=$(lio_dev $WWN 1 0)
	attacks
	storm
	scsi_close
	lio_clear
	# Whoever touches what was shared when the unit has gone ends with SIGBUS.
	exec 7>&- 8<&-
	wait "$PID" 2>/dev/null || true
}
