# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="A user's scan finds every linked LUN again, at the address that linking gave it, and none that is not linked."
requires() { _have_peer ours; }
TIMEOUT=180
WWN=naa.5001405000000001
LUNS="0 1 255 256 16383 16384 16777216"

host() { cut -d: -f1 "$(lio_tpg $WWN 1)/address"; }
scan() { echo "$1" >"/sys/class/scsi_host/host$(host)/scan"; }
disks() { find /sys/class/scsi_device -name "$(host):*" -printf '%f\n' | sort; }
delete_all() {
	local sdev
	for sdev in $(disks); do echo 1 >"/sys/class/scsi_device/$sdev/device/delete"; done
}
# Vital product data carries the serial number, which names the ramdisk.
serials() {
	local sdev
	for sdev in $(disks); do
		tr -d '\0' <"/sys/class/scsi_device/$sdev/device/vpd_pg80" | cut -c 4-
	done | sort
}

test() {
	local lun before serials
	lio_mk_port $WWN || return
	for lun in $LUNS; do
		lio_mk_rd "disk$lun" 64
		echo "serial$lun" >"$CORE/rd_mcp_0/disk$lun/wwn/vpd_unit_serial"
		ok "LUN $lun is linked" lio_link $WWN 1 "$lun" "rd_mcp_0/disk$lun"
	done
	before=$(disks)
	serials=$(serials)
	is "$(echo "$before" | wc -l)" "$(echo "$LUNS" | wc -w)" "each LUN is a disk"
	ok "a scan changes nothing" scan "- - -"
	is "$(disks)" "$before" "the same disks"
	delete_all
	is "$(disks)" "" "all disks are deleted"
	ok "a scan of all" scan "- - -"
	is "$(disks)" "$before" "finds them where they were"
	is "$(serials)" "$serials" "and each is what it was"
	is "$(serials | sort -u | wc -l)" "$(echo "$LUNS" | wc -w)" "no two are the same"
	delete_all
	ok "a scan of one LUN" scan "0 1 1"
	is "$(disks)" "$(host):0:1:1" "finds that one"
	ok "a scan of a LUN that is not there" scan "0 1 2"
	ok "or of a port" scan "0 0 -"
	is "$(disks)" "$(host):0:1:1" "finds nothing"
	ok "LUN 0 is unlinked without a disk" lio_unlink $WWN 1 0
	ok "a scan of all" scan "- - -"
	is "$(disks)" "$(echo "$before" | grep -v ':0$')" "finds the others, by way of LUN 0 that is not there"
	ok "all of it is cleared" lio_clear
}
