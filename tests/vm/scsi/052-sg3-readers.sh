# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="sg3_utils read every page and command they know of a thin, removable ramdisk on two ports, and what they make of it is right."
# The older sg3_utils of Debian 12 print other words.
KERNELS="6.12 7.2 test"
TIMEOUT=300
. /rig/src/tests/vm/common.sh
requires() { _have_peer ours && _have_program sg_vpd; }

SERIAL=01234567-89ab-4def-8123-456789abcdef

make_unit() {
	local attribute
	lio_mk_rd disk 4096 || return
	for attribute in removable emulate_tpu emulate_tpws volatile_cache vpd_eui64 vpd_uuid $(! has_cipher || echo encrypted); do
		echo 1 >$CORE/rd_mcp_0/disk/attrib/$attribute || return
	done
	echo $SERIAL >$CORE/rd_mcp_0/disk/wwn/vpd_unit_serial
	lio_mk_port $WWN && lio_mk_port $WWN 2 && lio_link $WWN 1 0 rd_mcp_0/disk &&
		lio_link $WWN 2 0 rd_mcp_0/disk && SG=$(lio_sg $WWN 1 0)
}

# Runs a program on the disk; OUT is its text on one line, blanks squeezed.
run() { # program argument...
	local status=0
	timeout $((20 * SLOW)) "$@" "$SG" >text 2>&1 || status=$?
	OUT=$(tr -s ' \t\n' '   ' <text)
	[ $status = "${WANT:-0}" ] || { fail "'$*' returned $status: ${OUT:0:200}"; return 1; }
	pass "$*"
}

# A program's text has all of this in it, in any order.
says() { # program+arguments text...
	local text
	# shellcheck disable=SC2086 # the words of a command
	run $1 || return 0
	for text in "${@:2}"; do
		if [[ $OUT == *"$text"* ]]; then pass "$1: $text"; else fail "$1 does not say '$text': ${OUT:0:2000}"; fi
	done
}

# A program fails with an exit status of sg3_utils: 2 not ready, 5 illegal request,
# 14 miscompare.
fails() { # status program+arguments [text]
	WANT=$1 says "${@:2}"
}

# No page of a list may be one that the program cannot decode.
decodes() { # program+arguments
	# shellcheck disable=SC2086
	run $1
	like "$(grep -iE -m3 'unable to decode|short|unexpected|malformed|invalid|bad ' text)" '^$' "$1: nothing it cannot decode"
}

inquiry() {
	says "sg_inq" "version=0x0" "Resp_data_format=2" "RMB=1" "CmdQue=1" \
		"Peripheral device type: disk" "Vendor identification: LIO-ORG" "Product identification: RAMDISK-MCP"
	says "sg_inq -d" "SAM-5 (no version claimed)" "SAS-2 (no version claimed)" \
		"SPC-4 (no version claimed)" "SBC-3 (no version claimed)"
	says "sg_inq -e" "0x83" "0xb2"
	decodes "sg_vpd -a"
	says "sg_vpd -p sn" "serial number: $SERIAL"
	says "sg_vpd -p di" "designator type: NAA, code set: Binary 0x60014050123456789ab4def812345678" \
		"designator type: EUI-64 based, code set: Binary" "0x0123456789ab4def0014058123456789" \
		"UUID: 01234567-89ab-4def-8123-456789abcdef" \
		"vendor id: LIO-ORG vendor specific: RAMDISK-MCP:$SERIAL" "Relative target port: 0x1" \
		"Target port group:" "SCSI name string: naa.5001405000000001"
	says "sg_vpd -p ei" "HEADSUP=1 ORDSUP=1 SIMPSUP=1" "Extended self-test completion minutes="
	says "sg_vpd -p mpp" "Policy: shared"
	says "sg_vpd -p sp" "Relative port=1" "Relative port=2"
	says "sg_vpd -p bl" "(WSNZ): 1" "Maximum compare and write length: 0xff" \
		"Maximum unmap block descriptor count: 0xfff" "Optimal unmap granularity: 0x8" \
		"Unmap granularity alignment: 0x0" "Maximum write same length: 0xffffffff" "Maximum atomic transfer length: 0x"
	says "sg_vpd -p bdc" "Non-rotating medium" "WABEREQ=1" "WACEREQ=$(has_cipher && echo 1 || echo 0)"
	says "sg_vpd -p lbpv" "LBPU=1 LBPWS=1 LBPWS10=1 LBPRZ=" "ANC_SUP=0" "Provisioning type: thin provisioned"
}

modes() {
	local page
	decodes "sg_modes -aa"
	says "sg_modes -a" "WP=0" "DpoFua=1" "Read-Write error recovery, page_control: current" "Caching" \
		"Control" "Informational exceptions control"
	says "sg_modes -6 -a" "MODE SENSE(6)" "Caching"
	says "sg_modes -c 1 -p 8" "page_control: changeable" "08 12 00"
	says "sg_modes -c 2 -p 0xa" "page_control: default" "0a 0a 02 10 00 40"
	says "sg_modes -p 0xa,1" "Control extension"
	says "sg_modes -p 0x1c,2" "Logical block provisioning"
	fails 5 "sg_modes -p 5" ""
}

logs() {
	decodes "sg_logs -a"
	decodes "sg_logs -A"
	says "sg_logs -l" "0x00" "0x02" "0x03" "0x05" "0x06" "0x0c" "0x0e" "0x10" "0x15" "0x19" "0x1a" "0x2f"
	says "sg_logs -p 0xc" "Available LBA mapping resource count:" "Scope: dedicated to lu"
	says "sg_logs -p 0x3" "Total bytes processed =" "Total uncorrected errors = 0"
	says "sg_logs -p 0x6" "Non-medium error count = 0"
	says "sg_logs -p 0x15" "Accumulated power on minutes:" "Number of background scans performed: 0"
	says "sg_logs -p 0x19" "number of read commands" "number of write commands" "read command processing intervals"
	says "sg_logs -p 0x1a" "transitions to active" "transitions to standby_y"
	says "sg_logs -p 0x2f" "IE asc = 0x0, ascq = 0x0"
	says "sg_logs --reset -p 0x3" ""
	says "sg_logs -p 0x3" "Total bytes processed = 0"
}

capacity() {
	says "sg_readcap" "Last LBA=32767 (0x7fff), Number of logical blocks=32768" "Logical block length=512 bytes"
	says "sg_readcap -l" "prot_en=0" "lbpme=1" "Logical blocks per physical block exponent=0" "Lowest aligned LBA=0"
	says "sg_luns -d" "1 lun entry" "Peripheral device addressing: lun=0"
	says "sg_luns -s 1" "0 lun entries"
	says "sg_opcodes -a" "Compare and write" "Get LBA status(32)" "Orwrite(32)" "Report timestamp" $(! has_cipher || echo ryptographic)
	is "$(grep -c 'eserved\|endor\|nknown' text)" 0 "it knows all of them"
	says "sg_opcodes -o 0x2a" "Command is supported [conforming to SCSI standard]" "Usage data: 2a 18 ff ff ff ff 3f ff ff 04"
	says "sg_opcodes -t" "Abort task" "Logical unit reset"
}

mapped() { says "sg_get_lba_status --lba=$1" "LBA: 0x$(printf %x "$1")" "$2"; }

blocks() {
	head -c 8192 /dev/urandom >data && head -c 512 data >one && head -c 512 /dev/zero >zero
	mapped 0 "deallocated"
	says "sg_write_verify --in=data --lba=0 --num=16" ""
	mapped 0 "mapped"
	says "sg_verify --lba=0 --count=16" ""
	says "sg_verify --lba=0 --count=16 --ndo=8192 --in=data" ""
	fails 14 "sg_verify --lba=1 --count=16 --ndo=8192 --in=data" "started at LBA 0x1"
	says "sg_verify --16 --lba=0 --count=1 --ndo=512 --in=one" ""
	says "sg_unmap --force --lba=0 --num=16" ""
	mapped 0 "deallocated"
	says "sg_verify --16 --lba=0 --count=1 --ndo=512 --0" ""
	says "sg_write_same --in=one --xferlen=512 --lba=64 --num=8" ""
	says "sg_verify --ebytchk=3 --ndo=512 --in=one --lba=64 --count=8" ""
	says "sg_write_same --16 --unmap --in=zero --xferlen=512 --lba=64 --num=8" ""
	mapped 64 "deallocated"
	says "sg_write_same --16 --ndob --lba=72 --num=8" ""
	says "sg_write_same --32 --in=one --xferlen=512 --lba=80 --num=8" ""
	says "sg_verify --ebytchk=3 --ndo=512 --in=one --lba=80 --count=8" ""
	cat zero one >caw
	says "sg_compare_and_write --in=caw --lba=0 --num=1" ""
	fails 14 "sg_compare_and_write --in=caw --lba=0 --num=1" "Miscompare at byte offset: 0"
	says "sg_write_x --atomic=0 --in=data --lba=128 --num=16" ""
	says "sg_verify --lba=128 --count=16 --ndo=8192 --in=data" ""
	says "sg_write_x --or --in=zero --bs=512 --lba=128 --num=1" ""
	says "sg_write_x --32 --or --in=zero --bs=512 --lba=128 --num=1" ""
	says "sg_verify --lba=128 --count=16 --ndo=8192 --in=data" ""
	says "sg_sync" ""
	says "sg_sync --16 --lba=5 --count=5" ""
	says "sg_sync --immed" ""
	says "sg_seek -p -l 0 -c 8" ""
	! has_cipher || says "sg_sanitize --crypto --quick --wait" ""
	says "sg_reassign --grown" "Elements in grown defect list: 0"
}

clock_and_names() {
	local now
	says "sg_timestamp" ""
	now=$(date +%s)
	ok "its clock says $OUT ms" [ $((${OUT% } / 1000 - now)) -le 2 ]
	says "sg_timestamp --milliseconds=1000000000" ""
	says "sg_timestamp --origin" "initialized by SET TIMESTAMP" "100000"
	says "sg_timestamp --milliseconds=$(date +%s)000" ""
	printf hello | run sg_ident --set
	says "sg_ident -A" "hello"
	says "sg_ident --itype=127" "Information type: 0, Maximum information length: 64 bytes"
	says "sg_ident --clear" ""
	says "sg_ident" ""
	is "$OUT" "" "there is none"
}

diagnostics() {
	says "sg_senddiag -l" "Supported diagnostic pages"
	says "sg_senddiag -t" "Default self-test returned GOOD status"
	says "sg_senddiag -s 5" ""
	says "sg_senddiag -s 1" ""
	# shellcheck disable=SC2016 # for the inner shell
	ok "the background test ends" wait_until $((10 * SLOW)) sh -c 'sg_logs -p 0x10 "$0" | grep -q "background short" && ! sg_logs -p 0x10 "$0" | grep -q "in progress"' "$SG"
	says "sg_logs -p 0x10" "Self-test code: background short" "Self-test code: foreground short" "completed without error"
	says "sg_senddiag -e" "Expected extended self-test duration="
	fails 5 "sg_senddiag -s 4" ""
	says "sg_read_buffer -m desc" "BUFFER CAPACITY: 65536"
	says "sg_write_buffer -m data -l 512 -I one" ""
	run sg_read_buffer -m data -l 512 -r
	ok "the buffer holds what was put in" cmp text one
	says "sg_read_buffer -m echo_desc" "EBOS:1" "Echo buffer capacity: 4096"
	says "sg_write_buffer -m echo -l 512 -I one" ""
	says "sg_test_rwbuf -s 4096" "Success"
}

power() {
	says "sg_prevent" ""
	fails 5 "sg_start --eject" ""
	says "sg_prevent --allow" ""
	says "sg_start --eject" ""
	says "sg_requests" "Not Ready" "Medium not present"
	says "sg_start --load" ""
	says "sg_start --stop" ""
	fails 2 "sg_verify --lba=0 --count=1" ""
	says "sg_start --start" ""
	says "sg_start --pc=2" ""
	says "sg_requests" "Idle condition activated by command"
	says "sg_start --start" ""
	says "sg_logs -p 0xe" "Accumulated start-stop cycles = "
}

test() {
	ok "a unit with all there is" make_unit || return
	for group in inquiry modes logs capacity blocks clock_and_names diagnostics power; do $group; done
	lio_clear
}
