# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="pscsi takes LIO's options and modes, refuses what LIO refuses, and shows LIO's text."
TIMEOUT=180
. /rig/src/tests/vm/pscsi/lib.sh
requires() { _have_module scsi_debug; }

refusals() {
	local dev=$PSCSI/a disk
	disk=$(raw_block)
	lio_load && mkdir -p "$dev"
	is "$(tail -n +2 "$dev/info")" \
		"        SCSI Device Bus Location: Channel ID: 0 Target ID: 0 LUN: 0 Host ID: 0" "info before anything is set"
	is "$(ls "$dev/attrib" | paste -sd' ')" \
		"alua_support complete_type emulate_pr hw_block_size hw_max_sectors hw_pi_prot_type hw_queue_depth pgr_support submit_type" \
		"its attributes"
	is "$(cat "$dev/attrib/alua_support") $(cat "$dev/attrib/pgr_support")" "0 0" "ports and reservations are the device's"
	is "$(outcome 1 "$dev/attrib/pgr_support") $(outcome 1 "$dev/attrib/alua_support")" "ENOSYS ENOSYS" "and stay so"
	is "$(outcome 1 "$dev/enable")" EINVAL "no address"
	is "$(outcome scsi_lun_id=-1 "$dev/control")" EINVAL "no number"
	address_of 99:0:0:0 >"$dev/control"
	is "$(outcome 1 "$dev/enable")" EINVAL "a host that is not there"
	address_of "${HCTL%:*}:9" >"$dev/control"
	is "$(outcome 1 "$dev/enable")" EINVAL "a unit that is not there"
	address_of "$HCTL" >"$dev/control"
	is "$(outcome 1 "$dev/enable")" EINVAL "a disk that nobody has claimed"
	echo /dev/vda >"$dev/udev_path"
	like "$(outcome 1 "$dev/enable")" 'EINVAL|EBUSY' "another disk's block device"
	echo "$disk" >"$dev/udev_path"
	is "$(outcome 1 "$PSCSI/hba_mode")" EINVAL "an HBA with devices keeps its mode"
	is "$(outcome 1 "$dev/enable")" ok "then it is enabled"
	is "$(tail -n +2 "$dev/info")" "        SCSI Device Bus Location: Channel ID: 0 Target ID: 0 LUN: 0 Host ID: ${HCTL%%:*}
        Vendor: Linux    Model: scsi_debug       Rev: $(cat "$RAW/rev")" "info"
	is "$(cat "$dev/attrib/hw_block_size") $(cat "$dev/attrib/hw_queue_depth")" "4096 $(cat "$RAW/queue_depth")" "its facts"
	is "$(cat "$dev/wwn/vendor_id")|$(cat "$dev/wwn/product_id")|$(cat "$dev/wwn/revision")" \
		"Linux   |scsi_debug      |$(cat "$RAW/rev")" "its names"
	is "$(cat "$dev/wwn/vpd_unit_serial")" "T10 VPD Unit Serial Number: $(tail -c +5 "$RAW/vpd_pg80")" "its serial number"
	is "$(cat "$dev/pr/res_type") $(cat "$dev/pr/res_holder")" "SPC_PASSTHROUGH Passthrough" "reservations"
	mkdir $PSCSI/b
	address_of "$HCTL" >$PSCSI/b/control
	echo "$disk" >$PSCSI/b/udev_path
	is "$(outcome 1 $PSCSI/b/enable)" EBUSY "it is claimed"
	rmdir $PSCSI/a $PSCSI/b
}

# The directory is the host.
physical() {
	local hba=$CORE/pscsi_${HCTL%%:*} h c t l
	IFS=: read -r h c t l <<<"$HCTL"
	mkdir -p "$hba"
	is "$(outcome 1 "$hba/hba_mode")" ok "the HBA becomes a host"
	is "$(cat "$hba/hba_mode")" 1 "and shows it"
	mkdir "$hba/d"
	is "$(outcome "scsi_host_id=$h" "$hba/d/control")" EINVAL "its devices are on no other"
	is "$(outcome "scsi_channel_id=$c,scsi_target_id=$t,scsi_lun_id=$l" "$hba/d/control")" ok "the rest of the address"
	raw_block >"$hba/d/udev_path"
	is "$(outcome 1 "$hba/d/enable")" ok "is enough"
	like "$(cat "$hba/d/info")" 'LUN: 0 Host ID: PHBA Mode' "info"
	is "$(outcome 0 "$hba/hba_mode")" EINVAL "with a device it stays so"
	rmdir "$hba/d"
	is "$(outcome 0 "$hba/hba_mode")$(cat "$hba/hba_mode")" ok0 "without, it can be undone"
	rmdir "$hba"
	mkdir $CORE/pscsi_77
	is "$(outcome 1 $CORE/pscsi_77/hba_mode)" ENODEV "there is no such host"
	rmdir $CORE/pscsi_77
	lio_mk_rd rd 16
	is "$(outcome 1 $CORE/rd_mcp_0/hba_mode)" EINVAL "a ramdisk is no host"
}

test() {
	ok "a SCSI disk with blocks of 4096 bytes" scsi_debug dev_size_mb=16 sector_size=4096 || return
	refusals
	physical
	scsi_debug_end
}
