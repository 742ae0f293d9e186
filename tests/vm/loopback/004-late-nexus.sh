# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="LUNs that were linked before there was a nexus become disks when the nexus is made."
requires() { _have_peer ours; }
WWN=naa.5001405000000001

test() {
	local lun
	mkdir -p "$LOOPBACK" 2>/dev/null
	lio_load && mkdir -p "$(lio_tpg $WWN 7)" || return
	for lun in 0 5 300; do
		ok "a ramdisk" lio_mk_rd "disk$lun" 256
		ok "LUN $lun is linked" lio_link $WWN 7 $lun "rd_mcp_0/disk$lun"
	done
	is "$(lsscsi | grep -c RAMDISK)" 0 "without a nexus there is no disk"
	ok "the nexus is made" sh -c "echo naa.6001405000000001 >$(lio_tpg $WWN 7)/nexus"
	is "$(lsscsi | grep -c RAMDISK)" 3 "and there are three"
	lio_clear
	is "$(lsscsi | grep -c RAMDISK)" 0 "none is left"
}
