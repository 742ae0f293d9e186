# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="64 units at once, each with its data; what they take, and that it is given back."
TIMEOUT=300
. /rig/src/tests/vm/user/lib.sh
requires() { _have_program gcc && _have_program fio; }

UNITS=64

available() { awk '/^MemAvailable:/ { print $2 }' /proc/meminfo; }

# Each by its own number, and all read back after the last was written.
write_all() {
	local i dev
	for ((i = 0; i < UNITS; i++)); do
		dev=$(lio_dev $WWN 1 $i) || return
		yes "$i" | dd of="$dev" bs=64k count=16 iflag=fullblock oflag=direct status=none || return
	done
}

read_all() {
	local i dev
	for ((i = 0; i < UNITS; i++)); do
		dev=$(lio_dev $WWN 1 $i) || return
		cmp -n $((1 << 20)) "$dev" <(yes "$i") || return
	done
}

test() {
	local i before empty full
	mount_tmpfs || return
	ok "the handlers compile" make_tools || return
	ok "a handler starts" daemon_start file || return
	ok "a port" lio_mk_port $WWN || return
	modprobe target_core_user
	before=$(available)
	for ((i = 0; i < UNITS; i++)); do
		mk_user u$i file/$TMPFS/u$i $((2 << 20)) cmd_ring_size_mb=1 max_data_area_mb=16 || break
	done
	ok "$UNITS units" [ $i = $UNITS ] || return
	empty=$(available)
	note "a unit with a ring of 1 MiB takes $(((before - empty) / UNITS)) KiB before its first command"
	for ((i = 0; i < UNITS; i++)); do lio_link $WWN 1 $i user_0/u$i || break; done
	ok "$UNITS disks" [ $i = $UNITS ] || return
	ok "all are written" write_all
	echo 3 >/proc/sys/vm/drop_caches
	ok "all are right" read_all
	full=$(available)
	note "and $(((before - full) / UNITS)) KiB with its disk and data in use"
	lio_clear
	daemon_stop
	umount_tmpfs
	ok "most of it is there again" wait_until 20 sh -c "[ \$(awk '/^MemAvailable:/ { print \$2 }' /proc/meminfo) -gt $((before - 32768)) ]"
}
