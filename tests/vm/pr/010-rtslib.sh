# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="rtslib saves and restores a unit with registrations, and reads their file as the kernel does."
. /rig/src/tests/vm/pr/lib.sh

requires() { _have_peer ours; }

# It takes no more of a loopback target.
PORTS=1
READER=rtslib_fb

rtslib() { # statement
	timeout 100 python3 -c "from $READER import RTSRoot; root = RTSRoot(); $1"
}

test() {
	local dir
	start_dbus
	# It chooses where files lie, and can do so only before there is a unit.
	lio_load && rtslib "pass"
	dir=$(cat $TARGET/dbroot)/pr
	mkdir -p "$dir"
	ok "there is a ramdisk" lio_mk_rd disk 1024
	echo $SERIAL >"$DISK/wwn/vpd_unit_serial"
	link_ports
	pr_table <<-END
		A register 0 a ids=sas:1 aptpl = good
		A reserve a 5 = good
	END
	ok "saved" rtslib "root.save_to_file('$WORK/saved')"
	ok "cleared" rtslib "root.clear_existing(confirm=True)"
	ok "restored" rtslib "root.restore_from_file('$WORK/saved')"
	find_ports
	pr_table <<-END
		A keys = good: 00 00 00 00 00 00 00 10 00 00 00 00 00 00 00 0a 00 00 00 00 00 00 00 0a
		A holder = good: 00 00 00 00 00 00 00 10 00 00 00 00 00 00 00 0a 00 00 00 00 00 05 00 00
		A raw 200 28 00 00 00 00 00 00 00 01 00 = good
	END
	lio_clear
	rm -f "$dir/aptpl_$SERIAL"
}
