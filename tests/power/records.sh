# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# The guest's part of tests/power/records: finds again what the last guest had acknowledged, and
# writes until the power fails. In the last round it only looks.
# usage: records.sh ROUND LAST-ROUND
WORK=$(mktemp -d)
export WORK
# shellcheck source=tests/rig/lib.sh
. /rig/src/tests/rig/lib.sh
# shellcheck source=tests/vm/iblock/lib.sh
. /rig/src/tests/vm/iblock/lib.sh

ROUND=$1 LAST=$2
ACKS=/rig/results
BEFORE=/rig/extra
# What stands on a disk of its own, so that no flush is another's.
UNITS=(buffered-fs buffered-raw direct-fs direct-raw iblock-fs iblock-raw control-iblock)
WRITERS=()

disk_of() { # serial
	local dir
	for dir in /sys/block/vd*; do
		[ "$(cat "$dir/serial")" != "$1" ] || echo "/dev/${dir##*/}"
	done
}

# A file on a file system of the disk.
make_fileio() { # name disk parameter...
	local dir=/mnt/$1
	mkdir -p "$dir"
	[ "$ROUND" != 1 ] || quietly mkfs.ext4 -q "$2" || return
	mount "$2" "$dir" && lio_mk_file "$1" "$dir/file" $((64 << 20)) "${@:3}"
}

make_unit() { # name disk
	case $1 in
	buffered-*) make_fileio "$1" "$2" fd_buffered_io=1 && UNIT=fileio_0/$1 ;;
	direct-*) make_fileio "$1" "$2" && UNIT=fileio_0/$1 ;;
	iblock-* | *-iblock) mk_iblock "$1" "$2" && UNIT=iblock_0/$1 ;;
	esac
}

# A writer gets the raw disk, or a file system on it.
add_writer() { # name disk
	case $1 in
	*-fs)
		mkdir -p "/mnt/on-$1"
		[ "$ROUND" != 1 ] || quietly mkfs.ext4 -q "$2" || return
		mount "$2" "/mnt/on-$1" && WRITERS+=("$1=/mnt/on-$1")
		;;
	*) WRITERS+=("$1=$2") ;;
	esac
}

link_unit() { # number name
	lio_link "$WWN" 1 "$1" "$UNIT" && DEV=$(lio_dev "$WWN" 1 "$1") && add_writer "$2" "$DEV"
}

# Like control-iblock, one that nothing is flushed of: it has to lose what was "acknowledged".
# Its file is in the page cache, which nobody writes out in the seconds that a round takes.
make_control() {
	lio_mk_file control-file /mnt/buffered-raw/control $((64 << 20)) fd_buffered_io=1 &&
		UNIT=fileio_0/control-file && link_unit ${#UNITS[@]} control-file
}

make_units() {
	local i
	lio_mk_port "$WWN" || return
	for i in "${!UNITS[@]}"; do
		make_unit "${UNITS[$i]}" "$(disk_of "power-$i")" && link_unit "$i" "${UNITS[$i]}" || return
	done
	make_control
}

judge() { # name acknowledged found
	note "round $((ROUND - 1)): $*"
	case $1 in
	control-*) ok "$1: not all of $2 are there, as nothing was flushed" [ "$3" -lt "$2" ] ;;
	*) is "$3" "$2" "$1: all of $2 acknowledged records are there" ;;
	esac
}

# The one that was written when the power failed may be there or not, and so may the file.
check_filesystem() { # directory
	local dev
	dev=$(findmnt -no SOURCE "$1")
	umount "$1" && ok "${1##*/}: it is clean" quietly e2fsck -fn "$dev" && mount "$dev" "$1"
}

look() {
	local name count found unit
	python3 /rig/src/tests/power/records.py check $((ROUND - 1)) $BEFORE "${WRITERS[@]}" >looked
	is "$(wc -l <looked)" ${#WRITERS[@]} "each writer's records were looked for"
	while read -r name count found; do judge "$name" "$count" "$found"; done <looked
	for unit in "${WRITERS[@]}"; do
		case $unit in *=/mnt/*) check_filesystem "${unit#*=}" && rm -f "${unit#*=}"/records-* ;; esac
	done
}

end() {
	local dir
	umount /mnt/on-*
	lio_clear
	for dir in /mnt/*-*; do ! mountpoint -q "$dir" || umount "$dir"; done
	ok "the modules unload" lio_unload
}

cd "$WORK" || exit
ok "round $ROUND: the units are there" make_units || exit
[ "$ROUND" = 1 ] || look
dmesg >log
is "$(splats_in log)" "" "the kernel has not complained"
if [ "$ROUND" = "$LAST" ]; then
	end
	exit
fi
echo "# writing"
python3 /rig/src/tests/power/records.py write "$ROUND" $ACKS "${WRITERS[@]}"
# No room left, or an error: the host waits no longer than for the power to fail.
sleep 600
