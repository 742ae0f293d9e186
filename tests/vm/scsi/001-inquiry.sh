# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="INQUIRY and its vital product data, read by sg3_utils, describe the ramdisk LUN truthfully."
TIMEOUT=300
. /rig/src/tests/vm/common.sh

SERIAL=0123456789abcdef0123456789abcdef

vpd() { # page pattern text
	ok "sg_vpd shows page $1" quietly sg_vpd -p "0x$1" "$SG"
	like "$(cat quietly)" "$2" "$3"
}

test() {
	local pages page
	# Set before the disk is there: what names it does not change under it.
	lio_mk_rd disk 16384
	ok "a serial number is set" sh -c "echo $SERIAL >$CORE/rd_mcp_0/disk/wwn/vpd_unit_serial"
	lio_mk_port $WWN && lio_link $WWN 1 0 rd_mcp_0/disk
	SG=$(lio_sg $WWN 1 0)
	like "$(sg_inq "$SG")" 'PQual=0  (PDT|Device_type|Peripheral device type)=0 .*CmdQue=1' "a disk that queues commands"
	like "$(sg_inq "$SG")" 'LIO-ORG' "by LIO-ORG"
	like "$(sg_inq "$SG")" 'RAMDISK-MCP' "a RAMDISK-MCP"
	scsi r 255 12 01 00 00 ff 00
	pages=$(echo "$DATA" | cut -d' ' -f5-)
	for page in 00 80 83 86 $( [ "$PEER" = lio ] || echo 87 88 ) b0 b1 b2; do
		like " $pages " " $page " "page 00 lists page $page"
	done
	is "$(echo "$pages" | tr ' ' '\n' | sort | paste -sd' ')" "$pages" "in ascending order"
	for page in $pages; do
		scsi r 255 12 01 "$page" 00 ff 00
		like "$DATA" "^00 $page " "page $page is what it says"
	done
	scsi_is "$(field 2 7)" "a page that is not listed is refused" r 255 12 01 c7 00 ff 00
	vpd 80 "$SERIAL" "80 has the serial number"
	vpd 83 "LIO-ORG" "83 names the vendor"
	vpd 83 "0x6001405" "and the unit by NAA"
	vpd 83 "$WWN" "and the target port"
	vpd 86 'SIMPSUP=1' "86 has simple tasks"
	[ "$PEER" = lio ] || {
		vpd 86 'Extended self-test completion minutes(:|=) *1|Extended self-test completion time' "and how long a self-test takes"
		vpd 87 'shared' "87 says that mode pages are shared"
		vpd 88 "$WWN" "88 names the port"
	}
	vpd b0 '[Mm]aximum transfer length' "b0 has limits"
	vpd b1 '[Nn]on-rotati' "b1 says that nothing rotates"
	vpd b2 'LBPU' "b2 has the bits of provisioning"
	scsi r 255 12 00 00 00 05 00
	is "$(wc -w <<<"$DATA")" 5 "5 bytes of INQUIRY are 5 bytes"
	scsi r 255 12 00 00 00 24 00
	is "$(wc -w <<<"$DATA")" 36 "no more comes than the allocation length"
	scsi_is good "an allocation length of zero is no error" 12 00 00 00 00 00
	scsi_is "$(field 2 7)" "a page code without EVPD is refused" r 36 12 00 01 00 24 00
	scsi_close
	lio_clear
}

# 24/00 with a field pointer; LIO gives none.
field() { # byte bit
	if [ "$PEER" = lio ]; then echo 5/24/00; else printf '5/24/00 sks=%02x%04x\n' $((0xc8 | $2)) "$1"; fi
}
