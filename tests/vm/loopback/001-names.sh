# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="The prefix of a target's name chooses its protocol, and a name without one is refused and leaves nothing."

hosts() { cat /sys/class/scsi_host/host*/proc_name 2>/dev/null | grep -c '^tcm_loopback$'; }
adapters() { find /sys/devices/tcm_loop_0 -maxdepth 1 -name 'tcm_loop_adapter_*' | wc -l; }

make_target() { # name
	mkdir "$LOOPBACK/$1" 2>/dev/null && mkdir "$LOOPBACK/$1/tpgt_1"
}

# A port's protocol shows in its SCSI MIB once a LUN is linked.
good() { # name initiator protocol
	local tpg=$LOOPBACK/$1/tpgt_1 host
	ok "$1 is a target" make_target "$1"
	host=$(cut -d: -f1 "$tpg/address")
	is "$(hosts)" 1 "and one more host"
	is "$(cat "/sys/class/scsi_host/host$host/proc_name")" tcm_loopback "which its address names"
	is "$(adapters)" 1 "below an adapter"
	ok "its nexus is made by $2" sh -c "echo $2 >$tpg/nexus"
	ok "a LUN is linked" lio_link "$1" 1 0 rd_mcp_0/disk
	is "$(cat "$tpg/lun/lun_0/statistics/scsi_transport/proto_id")" "$3" "its protocol is $3"
	ok "and a disk" test -b "$(lio_dev "$1" 1 0)"
	lio_unlink "$1" 1 0
	ok "the target goes" rmdir "$tpg" "$LOOPBACK/$1"
	is "$(hosts):$(adapters)" 0:0 "and its host with it"
}

bad() { # name
	not_ok "'$1' is no target" make_target "$1"
	is "$(hosts):$(adapters)" 0:0 "and leaves no host"
}

test() {
	local name
	ok "a ramdisk" lio_mk_rd disk 256
	is "$(cat "$LOOPBACK/version")" "TCM Loopback Fabric module v2.1-rc2" "the version is LIO's"
	ok "its bus is there" test -d /sys/bus/tcm_loop_bus/drivers/tcm_loop
	good naa.5001405000000001 naa.6001405000000001 6
	good fc.2000002155260001 fc.2100002155260001 0
	good iqn.2003-01.org.linux-iscsi.x:sn.1 iqn.1993-08.org.debian:01:abc 5
	for name in eui.0123456789abcdef naa5001405000000001 5001405000000001 NAA.5001405000000001; do
		bad "$name"
	done
	# LIO looks for the prefix anywhere, and asks for nothing behind it.
	[ "$PEER" = lio ] || for name in xnaa.5001405000000001 "naa.5001 405" naa. fc. iqn. \
		"iqn.$(printf 'x%.0s' {1..220})"; do
		bad "$name"
	done
	lio_clear
}
