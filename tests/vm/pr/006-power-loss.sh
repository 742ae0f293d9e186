# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="The file of registrations is the old one or the new one, and none that was acknowledged is lost, whenever the power fails."
TIMEOUT=600
. /rig/src/tests/vm/pr/lib.sh

# So many rounds, or what the kernel's command line says: pr_rounds=100.
ROUNDS=$(rounds 6)
! grep -q pr_rounds= /proc/cmdline || ROUNDS=$(sed 's/.*pr_rounds=\([0-9]*\).*/\1/' /proc/cmdline)

requires() {
	_have_peer ours
	_have_program mkfs.ext4
	_have_module brd
}

DIR=/etc/target/pr
RAM=/dev/ram0

mount_pr() {
	mount -o commit=1 $RAM $DIR
}

one_port() {
	lio_mk_rd disk 64 && echo $SERIAL >"$DISK/wwn/vpd_unit_serial" && lio_mk_port $WWN &&
		lio_link $WWN 1 0 rd_mcp_0/disk && A=$(lio_sg $WWN 1 0) && B=$A && C=$A &&
		hush
}

# The unit after the power is back: its one key, in decimal.
key_now() {
	local data
	data=$(sg_persist -i -k -H "$A" 2>/dev/null | sed -n 's/^ 00 *//p' | tr -d ' ')
	echo $((16#${data:0:16}))
}

# Each round takes some milliseconds more or less, so the cut falls anywhere in a save.
round() { # number
	local taken asked now
	read -r taken asked < <(python3 $VM/pr/powerloss.py "$A" $DIR "$KEY" $((40 + RANDOM % 160)))
	lio_clear
	umount $DIR && mount_pr || { fail "round $1: the filesystem does not come back"; return; }
	one_port || { fail "round $1: no unit"; return; }
	now=$(key_now)
	if [ "$now" = "$taken" ] || [ "$now" = "$asked" ]; then
		MOVED=$((MOVED + now - KEY))
		KEY=$now
		return
	fi
	fail "round $1: the key is $now, and should be $taken or $asked"
	cat $DIR/*
}

test() {
	local i
	KEY=1 MOVED=0
	modprobe brd rd_nr=1 rd_size=16384 && mkfs.ext4 -q $RAM
	mkdir -p $DIR
	ok "the file has a filesystem of its own" mount_pr || return
	one_port || return
	pr_table <<<"A register 0 1 aptpl = good"
	for ((i = 1; i <= ROUNDS; i++)); do round $i || break; done
	is $((i - 1)) "$ROUNDS" "the file was whole in each of $ROUNDS rounds, with $MOVED keys"
	ok "and there were some" [ "$MOVED" -ge "$ROUNDS" ]
	lio_clear
	umount $DIR && rmmod brd
}
