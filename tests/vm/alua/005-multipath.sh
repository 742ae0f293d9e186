# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="multipathd sees two paths of one unit, by the priorities of their states, and verified I/O survives what happens to either."
TIMEOUT=300
. /rig/src/tests/vm/alua/lib.sh
HANDLER=1
requires() {
	_have_peer ours
	_have_program fio multipathd multipath dmsetup sg_stpg
	modprobe -q dm-multipath && modprobe -q dm-service-time && modprobe -q scsi_dh_alua ||
		skip "no dm-multipath in this kernel"
}

CONF=/etc/multipath.conf

# Its own settings for LIO-ORG, but that it looks each second, and then those of an array
# with standby paths, where a path is asked whether it is ready and not read from.
configure() { # [setting]
	cat >$CONF <<-END
		defaults {
			polling_interval 1
			max_polling_interval 1
			find_multipaths off
		}
		devices {
			device {
				vendor "LIO-ORG"
				product ".*"
				${1:-}
			}
		}
	END
}

start_multipathd() {
	multipathd -d -s -v2 >"$WORK/multipathd" 2>&1 &
	PID=$!
	wait_until 30 multipathd show status >/dev/null 2>&1
}

stop_multipathd() {
	multipathd shutdown >/dev/null
	wait_until 30 not_running $PID && wait_until 30 multipath -F
}

# Each path's disk, priority, state in its checker's words and for device mapper.
paths() {
	multipathd show paths raw format "%d %p %T %t" | awk 'NF { print $1, $2, $3, $4 }' | sort | paste -sd,
}

paths_are() { [[ $(paths) =~ ^$1$ ]]; }

# Both paths, in the order of the ports, as patterns; what multipath -ll has to say goes to
# the log.
mp_is() { # "priority checker dm" "priority checker dm" text
	local want
	want=$(printf '%s %s\n' "${ONE##*/}" "$1" "${TWO##*/}" "$2" | sort | paste -sd,)
	wait_until $((20 * SLOW)) paths_are "$want" || true
	like "$(paths)" "^$want$" "$3"
	multipath -ll | sed 's/^/# /'
}

# Priorities of the map's path groups from the best to the last, and how many paths each has.
groups() {
	multipath -ll | awk '/policy=/ { match($0, /prio=[0-9]+/); line = line sep substr($0, RSTART + 5, RLENGTH - 5) ":"; sep = " " }
		/ [0-9]+:[0-9]+:[0-9]+:[0-9]+ / { line = line "p" }
		END { print line }'
}

# The kernel's handler has asked for the state.
sys_says() { # device state
	wait_until 20 grep -qx "$2" "/sys/block/${1##*/}/device/access_state"
}

# Verified I/O goes on, through that disk.
moves() { # disk text
	ok "$2" fio_moves "$1"
}

# The handler may still be activating a path, by SET TARGET PORT GROUPS, which sets its state
# once more: a change is repeated until it stays.
_stays() { # directory state command...
	"${@:3}"
	sleep 1
	[ "$(cat "$1/alua_access_state")" = "$2" ]
}

change_to() { # directory state
	wait_until 10 _stays "$1" "$2" set_state "$1" "$2"
}

# An implicit change of both, and what comes of the paths.
implicit() {
	mp_is "50 ready active" "50 ready active" "two paths of one state"
	is "$(groups)" "50:pp" "in one group"
	ok "/sys knows the state" sys_says "$ONE" active/optimized
	ok "the second is non-optimized" change_to "$GP2" 1
	mp_is "50 ready active" "10 ready active" "its priority follows"
	is "$(groups)" "50:p 10:p" "two groups now"
	ok "/sys knows the state" sys_says "$TWO" active/non-optimized
	ok "verified I/O" fio_start mp "$MP"
	moves "$ONE" "it goes over the first"
	ok "the second is optimized" change_to "$GP2" 0
	ok "and the first non-optimized" change_to "$GP1" 1
	mp_is "10 ready active" "50 ready active" "the priorities have changed places"
	moves "$TWO" "and I/O goes over the second"
}

# The second path goes away and comes back, in one way.
lost() { # text lose-command back-command
	ok "$1" eval "$2"
	mp_is "50 ready active" "[0-9]+ faulty failed" "the path is known to be lost"
	moves "$ONE" "and I/O goes over the other"
	state_is "$GP1" "0 Altered by Explicit STPG" "which has been activated"
	ok "it is back" eval "$3"
	mp_is "50 ready active" "50 ready active" "and known to be"
	moves "$TWO" "and in use"
}

# Paths that wait are made active when they are needed.
explicit() {
	ok "an initiator asks for the first path" wait_until 10 _stays "$GP2" 1 sg_stpg --tp=10,20 --state=0,1 "$SG1"
	mp_is "50 ready active" "10 ready active" "the priorities follow"
	moves "$ONE" "as does I/O"
	configure 'path_checker "tur"'
	multipathd reconfigure >/dev/null
	ok "the second goes to standby" change_to "$GP2" 2
	mp_is "50 ready active" "1 ghost active" "which is no fault"
	is "$(groups)" "50:p 1:p" "but the last choice"
	moves "$ONE" "I/O stays"
	ok "the first becomes unavailable" change_to "$GP1" 3
	moves "$TWO" "I/O goes over the second"
	state_is "$GP2" "0 Altered by Explicit STPG" "which has been activated"
	ok "the first is back" set_state "$GP1" 0
	mp_is "50 ready active" "50 ready active" "as in the beginning"
}

test() {
	# It knows of the disks that udev has seen.
	start_udev
	make_paths 4096 || return
	scsi_close
	ONE=$(lio_dev $WWN 1 0) TWO=$(lio_dev $WWN 2 0)
	configure
	udevadm settle
	ok "multipathd starts" start_multipathd || return
	ok "it makes a map" wait_until 30 sh -c 'dmsetup ls --target multipath | grep -q "^3600"' || return
	MP=$(dm_dev "$(dmsetup ls --target multipath | cut -f1)")
	echo 0 >"$GP1/nonop_delay_msecs"
	echo 0 >"$GP2/nonop_delay_msecs"
	implicit
	lost "the second becomes unavailable" "change_to $GP2 3" "set_state $GP2 0"
	lost "the second goes offline" "change_to $GP2 14" "set_state $GP2 0"
	lost "its port is offline for this unit" "echo 1 >$(lio_tpg $WWN 2)/lun/lun_0/alua_tg_pt_offline" \
		"echo 0 >$(lio_tpg $WWN 2)/lun/lun_0/alua_tg_pt_offline"
	lost "the link of its port is lost" "echo offline >$(lio_tpg $WWN 2)/transport_status" \
		"echo online >$(lio_tpg $WWN 2)/transport_status"
	explicit
	ok "no I/O failed and its data is right" fio_stop mp
	ok "multipathd ends, and its map" stop_multipathd
	stop_udev
	rm -f $CONF
	lio_clear
}
