# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# One disk behind three ports, and commands through each of them.
. /rig/src/tests/vm/common.sh

DISK=$CORE/rd_mcp_0/disk
PR=$DISK/pr
SERIAL=5c0ffee-pr
PORTS="1 2 3"

# A, B and C are its SCSI generic devices at the ports 1, 2 and 3. The unit attentions of
# their coming have been told.
three_ports() { # [pages]
	ok "there is a ramdisk" lio_mk_rd disk "${1:-1024}" || return
	echo $SERIAL >"$DISK/wwn/vpd_unit_serial"
	link_ports
}

link_ports() {
	local port
	for port in $PORTS; do
		lio_mk_port $WWN "$port" || return
		lio_link $WWN "$port" 0 rd_mcp_0/disk || return
	done
	find_ports
}

find_ports() {
	A=$(lio_sg $WWN 1 0) && B=$A && C=$A || return
	[ "$PORTS" = 1 ] || { B=$(lio_sg $WWN 2 0) && C=$(lio_sg $WWN 3 0); } || return
	hush
}

# Each has told what it had to tell.
hush() {
	printf '%s hush = good\n' A B C | python3 $VM/pr/pr.py A="$A" B="$B" C="$C" >"$WORK/hush"
	! grep -v ^ok "$WORK/hush"
}

# Each line of standard input is a command and what must become of it: see pr.py.
pr_table() {
	local line
	while read -r line; do
		case $line in
		"ok - "*) pass "${line#ok - }" ;;
		"not ok - "*) fail "${line#not ok - }" ;;
		*) fail "pr.py: $line" ;;
		esac
	done < <(python3 $VM/pr/pr.py A="$A" B="$B" C="$C" 2>&1)
}

pr_file() { cat "/etc/target/pr/aptpl_$SERIAL"; }

# A file of pr/ and what it must say.
pr_is() { # file want
	is "$(cat "$PR/$1")" "$2" "$1"
}
