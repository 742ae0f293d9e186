# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="INQUIRY's identification is what was written to wwn/, which refuses what has no place there."
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

WWN=core/rd_mcp_0/rd0/wwn
SERIAL="T10 VPD Unit Serial Number: "

table_exported() {
	cat <<-END
		write $WWN/vendor_id X EINVAL VENDOR
		write $WWN/product_id X EINVAL PRODUCT
		write $WWN/revision X EINVAL REV1
		write $WWN/company_id 0 EINVAL 0xabcdef
		write $WWN/vpd_unit_serial X EINVAL "${SERIAL}serial"
		write core/rd_mcp_0/rd0/attrib/emulate_model_alias 1 EINVAL 0
	END
	[ ! -e $TARGET/$WWN/pd_text_id_info ] || echo "write $WWN/pd_text_id_info X EINVAL ="
}

test() {
	local sg
	ok "a ramdisk is configured" lio_mk_rd rd0 1024 || return
	check_table <<-END
		write $WWN/vendor_id ABC\n ok ABC
		write $WWN/vendor_id 12345678 ok 12345678
		write $WWN/vendor_id 123456789 EOVERFLOW 12345678
		write $WWN/vendor_id "  a b  " ok "a b"
		write $WWN/vendor_id a\x01b EINVAL "a b"
		write $WWN/vendor_id \xe9 EINVAL "a b"
		write $WWN/vendor_id VENDOR ok VENDOR
		write $WWN/product_id p*16 ok
		write $WWN/product_id p*17 EOVERFLOW =
		write $WWN/product_id PRODUCT ok PRODUCT
		write $WWN/revision 12345 EOVERFLOW 4.0
		write $WWN/revision REV1 ok REV1
		write $WWN/company_id 0x1000000 EOVERFLOW 0x001405
		write $WWN/company_id -1 EINVAL 0x001405
		write $WWN/company_id ffffff EINVAL 0x001405
		write $WWN/company_id 1234 ok 0x0004d2
		write $WWN/company_id 0xabcdef ok 0xabcdef
		write $WWN/vpd_unit_serial s*253 ok "${SERIAL}s*253"
		write $WWN/vpd_unit_serial s*254 EOVERFLOW =
		# Not ASCII graphic: a VPD page must not hold it. LIO takes it.
		write $WWN/vpd_unit_serial a\x7fb EINVAL|ok
		write $WWN/vpd_unit_serial " serial\n" ok "${SERIAL}serial"
		read $WWN/vpd_protocol_identifier ok ""
		read $WWN/vpd_assoc_logical_unit ok ""
		read $WWN/vpd_assoc_target_port ok ""
		read $WWN/vpd_assoc_scsi_target_device ok ""
	END
	[ ! -e $TARGET/$WWN/pd_text_id_info ] || check_table <<-END
		write $WWN/pd_text_id_info t*255\n ok
		write $WWN/pd_text_id_info t*256 EOVERFLOW =
		write $WWN/pd_text_id_info "two words" ok "two words"
		# Text may be UTF-8, but no control character. LIO takes it.
		write $WWN/pd_text_id_info caf\xc3\xa9 ok caf\xc3\xa9
		write $WWN/pd_text_id_info a\x01b EINVAL|ok
	END
	ok "it is exported" lio_mk_port naa.5001405000000001 &&
		ok "to a LUN" lio_link naa.5001405000000001 1 0 rd_mcp_0/rd0
	table_exported | check_table
	sg=$(lio_sg naa.5001405000000001 1 0)
	like "$(sg_inq "$sg")" "VENDOR.*PRODUCT.*REV1" "INQUIRY says so"
	like "$(sg_vpd -p sn "$sg")" serial "VPD page 80h says so"
	like "$(sg_vpd -p di "$sg")" "0x6abcdef" "VPD page 83h says so"
	lio_clear
}
