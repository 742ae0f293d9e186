# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="Every legal order of taking a target down, begun under I/O, ends with an empty tree."
TIMEOUT=300
. /rig/src/tests/vm/common.sh
requires() { _have_program fio; }

TPG=$LOOPBACK/$WWN/tpgt_1

# One order a line. The test kernel, in which each takes half a minute, gets those
# that are marked: the LUN goes first, the device goes first, the disk goes first.
orders() {
	cat <<-'END'
		+ unlink lun nexus tpg target fabric device hba
		+ unlink device hba nexus lun tpg target fabric
		- unlink nexus device lun tpg hba target fabric
		- unlink lun tpg target device hba fabric
		- unlink lun tpg target device hba
		- unlink device lun hba tpg target
		- disk unlink lun nexus tpg target device hba
		+ disk unlink lun tpg target device hba
	END
}

# The steps. Each must work at its turn.
step() {
	case $1 in
	unlink) find "$TPG/lun/lun_0" -maxdepth 1 -type l -delete ;;
	lun) rmdir "$TPG/lun/lun_0" ;;
	nexus) echo NULL >"$TPG/nexus" ;;
	tpg) rmdir "$TPG" ;;
	target) rmdir "$LOOPBACK/$WWN" ;;
	fabric) rmdir "$LOOPBACK" ;;
	device) rmdir "$DISK" ;;
	hba) rmdir "$CORE/rd_mcp_0" ;;
	disk) echo 1 >"$(lio_sysfs $WWN 1 0)/delete" ;;
	esac
}

order() { # step...
	local name
	ok "I/O before: $*" fio_start io "$DEV" || return
	for name; do
		ok "$name" within $((30 * SLOW)) step "$name" || return
	done
	not_ok "the I/O ended with an error" fio_wait io
	is "$(lio_leftover | grep -v "^$LOOPBACK\$")" "" "nothing is left"
}

test() {
	local mark steps
	while read -r mark steps; do
		[ "$KERNEL$mark" != test- ] || continue
		make_disk 2048 || return
		# shellcheck disable=SC2086 # one word per step
		order $steps || return
	done < <(orders)
	lio_clear
}
