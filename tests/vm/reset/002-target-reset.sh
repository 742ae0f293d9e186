# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="Target resets under verified I/O on two LUNs are seen by nobody."
TIMEOUT=300
. /rig/src/tests/vm/common.sh
requires() {
	_have_program fio && _have_program sg_reset
	case $KERNEL:$PEER in
	6.12:lio | 7.2:lio) skip "LIO of $KERNEL has no target reset" ;;
	esac
}

test() {
	local i dev1
	make_disk 4096 || return
	ok "a second LUN" add_lun 1 4096
	dev1=$(lio_dev $WWN 1 1)
	ok "verified I/O on LUN 0" fio_start first "$DEV"
	ok "verified I/O on LUN 1" fio_start second "$dev1"
	for ((i = 1; i <= $(scaled 4 2); i++)); do
		ok "reset $i" timeout $((60 * SLOW)) sg_reset -N -t "$SG"
		ok "I/O goes on on LUN 0" fio_moves "$DEV"
		ok "and on LUN 1" fio_moves "$dev1"
	done
	ok "no I/O failed on LUN 0 and its data is right" fio_stop first
	ok "nor on LUN 1" fio_stop second
	lio_clear
}
