# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="After a loss of power, ext4 and xfs on a ramdisk with a volatile cache have all that was fsynced, and without barriers they do not."
TIMEOUT=400
. /rig/src/tests/vm/common.sh
. /rig/src/tests/vm/fs/rc.sh
requires() { _have_peer ours && _have_program mkfs.xfs && _have_program mkfs.ext4; }

FILES=12

make_volatile_disk() {
	lio_mk_rd disk 98304 && DISK=$CORE/rd_mcp_0/disk && echo 1 >"$DISK/attrib/volatile_cache" &&
		lio_mk_port $WWN && lio_link $WWN 1 0 rd_mcp_0/disk || return
	DEV=$(lio_dev $WWN 1 0)
	QUEUE=/sys/block/${DEV##*/}
}

# Files that are safe once this returns, and some more that need not be.
write_files() {
	local i
	for ((i = 0; i < FILES; i++)); do
		dd if=/dev/urandom of="$MNT/safe-$i" bs=4k count=$((1 + i)) conv=fsync status=none || return
	done
	(cd "$MNT" && md5sum safe-*) >sums
	for ((i = 0; i < FILES; i++)); do
		dd if=/dev/urandom of="$MNT/unsafe-$i" bs=4k count=$((1 + i)) status=none || return
	done
	# What is written to the disk and not flushed is lost, too.
	dd if=/dev/urandom of="$MNT/direct" bs=64k count=16 oflag=direct status=none
}

# The machine stops: nothing gets out any more, and what the disk had in its cache goes.
power_cut() { # percent
	echo offline >"$QUEUE/device/state"
	echo "$1" >"$DISK/action/lose_cache"
	umount "$MNT"
	echo running >"$QUEUE/device/state"
	blockdev --flushbufs "$DEV"
}

safe_files() { (cd "$MNT" && md5sum --quiet -c "$WORK/sums"); }

make_ext4() { mkfs.ext4 -q -F "$DEV"; }
make_xfs() { mkfs.xfs -q -f "$DEV"; }
check_ext4() { e2fsck -fn "$DEV"; }
check_xfs() { xfs_repair -n "$DEV"; }

survives() { # ext4|xfs percent
	ok "$1 is made" quietly "make_$1" || return
	ok "mounted" mount "$DEV" "$MNT" || return
	ok "files are written" write_files
	power_cut "$2"
	ok "after a loss of $2 percent it mounts" mount "$DEV" "$MNT" || return
	ok "what was fsynced is there" quietly safe_files
	note "and $(find "$MNT" -name 'unsafe-*' -size +0 | wc -l) of $FILES files that were not"
	ok "unmounted" umount "$MNT"
	ok "it is clean" quietly "check_$1"
}

flushes() { awk '{ print $16 }' "$QUEUE/stat"; }

# The model bites: without flushes there is nothing left of it. Someone else may send one.
without_barriers() {
	local try before after
	for try in 1 2 3; do
		ok "ext4 is made" quietly make_ext4
		sync "$DEV"
		ok "mounted without barriers" mount -o barrier=0 "$DEV" "$MNT" || return
		before=$(flushes)
		ok "files are written" write_files
		power_cut 100
		after=$(flushes)
		[ "$before" != "$after" ] || break
		note "try $try: $((after - before)) flushes"
	done
	is "$after" "$before" "there was a time without a flush"
	if mount "$DEV" "$MNT"; then
		ok "what was fsynced is not all there" not_all_safe
		umount "$MNT"
	else
		pass "it does not even mount"
	fi
}

not_all_safe() { ! safe_files >/dev/null 2>&1; }

raw_blocks() {
	is "$(cat "$QUEUE/queue/write_cache")" "write back" "the disk says that it has a cache"
	dd if=/dev/zero of="$DEV" bs=64k count=2 oflag=direct conv=fsync status=none
	printf kept | dd of="$DEV" conv=fsync,notrunc status=none
	tr '\0' x </dev/zero | dd of="$DEV" bs=64k seek=1 count=1 iflag=fullblock oflag=direct status=none
	echo 100 >"$DISK/action/lose_cache"
	blockdev --flushbufs "$DEV"
	is "$(dd if="$DEV" bs=4 count=1 status=none)" kept "what was flushed is there"
	is "$(dd if="$DEV" bs=64k skip=1 count=1 iflag=direct status=none | tr -d '\0' | wc -c)" 0 "what was not is as before"
}

test() {
	local round
	mkdir "$MNT"
	ok "a ramdisk with a volatile cache becomes a disk" make_volatile_disk || return
	raw_blocks
	for round in 100 50; do
		survives ext4 $round
		survives xfs $round
	done
	without_barriers
	lio_clear
}
