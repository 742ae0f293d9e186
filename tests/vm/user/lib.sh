# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Units that a process serves.
. /rig/src/tests/vm/common.sh

HBA=$CORE/user_0
TMPFS=/mnt/user

# The handlers, compiled here; a run by hand may bring its own in /rig/extra.
make_tools() {
	TOOLS=/tmp/tcmu
	[ ! -x $TOOLS/tcmu-file ] || return 0
	mkdir -p $TOOLS
	quietly make -s -f /rig/src/tools/tcmu/tcmu.mk OUT=$TOOLS CFLAGS=-O1
}

# A file under it survives the process that serves it.
mount_tmpfs() { # [size]
	mkdir -p $TMPFS && mount -t tmpfs -o "size=${1:-256m}" none $TMPFS
}

umount_tmpfs() { ! mountpoint -q $TMPFS || umount $TMPFS; }

# Starts a handler; PID is its. It is ready when it says so.
daemon_start() { # ram|file
	lio_load target_core_user || return
	: >"$WORK/daemon.out"
	"$TOOLS/tcmu-$1" >"$WORK/daemon.out" 2>"$WORK/daemon.err" &
	PID=$!
	wait_until $((20 * SLOW)) grep -q units "$WORK/daemon.out"
}

daemon_stop() {
	kill "$PID" 2>/dev/null
	wait "$PID" 2>/dev/null
	PID=''
}

# It is gone, and the kernel knows: its file is closed before it is a zombie.
daemon_kill() {
	kill -9 "$PID"
	wait "$PID" 2>/dev/null
	return 0
}

# Further parameters go to control, those with a slash to attrib/.
mk_user() { # name config bytes [parameter=value | attrib/name=value]...
	local dev=$HBA/$1 param
	lio_load || return
	[ -d "$HBA" ] || mkdir "$HBA" || return
	mkdir "$dev" || return
	for param in "dev_config=$2" "dev_size=$3" "${@:4}"; do
		case $param in
		attrib/*) echo "${param#*=}" >"$dev/${param%%=*}" || return ;;
		*) echo "$param" >"$dev/control" || return ;;
		esac
	done
	echo 1 >"$dev/enable"
}

# A unit on the test's port. DEV, SG and DISK name it.
make_user() { # config bytes [parameter]...
	ok "a unit of $1 becomes a disk" link_user "$@" || return
	DEV=$(lio_dev $WWN 1 0) || return
	SG=$(lio_sg $WWN 1 0)
}

link_user() {
	DISK=$HBA/disk
	mk_user disk "$@" && lio_mk_port $WWN && lio_link $WWN 1 0 user_0/disk
}

state() { cat "$DISK/attrib/ring_state"; }
state_is() { [ "$(state)" = "$1" ]; }

ms() { date +%s%3N; }
