# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="Scans and deletions by a user beside links and unlinks leave no stale disk, no leaked count and no hang."
requires() { _have_peer ours; }
TIMEOUT=180
WWN=naa.5001405000000001
. /rig/src/tests/vm/common.sh

scan_for_ever() {
	while [ ! -e "$WORK/stop" ]; do
		echo "- - -" >"/sys/class/scsi_host/host$1/scan"
	done
}

delete_for_ever() {
	local sdev
	while [ ! -e "$WORK/stop" ]; do
		for sdev in /sys/class/scsi_device/"$1":*; do
			{ echo 1 >"$sdev/device/delete"; } 2>/dev/null
		done
		sleep 0.05
	done
}

# Says on which step it failed.
step() { "$@" || { note "failed: $*"; return 1; }; }
no_disk() { # host
	local left
	left=$(find /sys/class/scsi_device -name "$1:*:0" -o -name "$1:*:1")
	[ -z "$left" ] || { note "left: $left"; return 1; }
}

rounds() { # times host
	local round
	for ((round = 0; round < $1; round++)); do
		step lio_link $WWN 1 0 rd_mcp_0/disk0 && step lio_link $WWN 1 1 rd_mcp_0/disk1 &&
			step lio_unlink $WWN 1 0 && step lio_unlink $WWN 1 1 && step no_disk "$2" || return
	done
}

test() {
	local host
	lio_mk_rd disk0 64 && lio_mk_rd disk1 64 && lio_mk_port $WWN || return
	host=$(cut -d: -f1 "$(lio_tpg $WWN 1)/address")
	scan_for_ever "$host" &
	ok "link and unlink while a user scans" rounds "$(repeats 20 4)" "$host"
	delete_for_ever "$host" &
	ok "and while another one deletes" rounds "$(repeats 20 4)" "$host"
	touch "$WORK/stop"
	wait
	ok "the nexus can be dropped" sh -c "echo NULL >$(lio_tpg $WWN 1)/nexus"
	lio_clear
	is "$(find /sys/class/scsi_device -name "$host:*")" "" "no disk is left"
}
