# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="A target has ports tpgt_0 to tpgt_65535, each a SCSI id of its host that a scan of all ids reaches."
WWN=naa.5001405000000001

make_port() { mkdir "$LOOPBACK/$WWN/$1" 2>/dev/null; }

test() {
	local host port name
	local ports="0 1 31"
	[ "$PEER" = lio ] || ports+=" 32 300 65535"
	lio_mk_rd disk 256 || return
	mkdir "$LOOPBACK/$WWN" || return
	for port in $ports; do
		ok "tpgt_$port is a port" make_port "tpgt_$port"
		like "$(cat "$(lio_tpg $WWN "$port")/address")" "^[0-9]+:0:$port$" "its address"
		is "$(cat "$(lio_tpg $WWN "$port")/transport_status")" online "it is online"
		ok "it takes a nexus" sh -c "echo naa.6001405000000001 >$(lio_tpg $WWN "$port")/nexus"
		ok "and a LUN" lio_link $WWN "$port" 3 rd_mcp_0/disk
		ok "which is a disk" test -b "$(lio_dev $WWN "$port" 3)"
	done
	for name in tpgt_65536 tpgt_-1 tpgt_ tpgt_x tpgt 1 xtpgt_1 tpgt_1x; do
		not_ok "'$name' is no port" make_port "$name"
	done
	[ "$PEER" = lio ] || for name in tpgt_+2 tpgt_02; do
		not_ok "'$name' is no second spelling of tpgt_2" make_port "$name"
	done
	# LIO's hosts have no more than two ids and no LUN but 0 for a scan.
	[ "$PEER" = lio ] || {
		host=$(cut -d: -f1 "$(lio_tpg $WWN 1)/address")
		for port in $ports; do
			ok "the disk of port $port is deleted" sh -c "echo 1 >$(lio_sysfs $WWN "$port" 3)/delete"
		done
		ok "the whole host is scanned" sh -c "echo '- - -' >/sys/class/scsi_host/host$host/scan"
		for port in $ports; do
			ok "the disk of port $port is back" test -d "$(lio_sysfs $WWN "$port" 3)"
		done
	}
	lio_clear
}
