# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="An initiator with an ACL sees the LUNs that are mapped for it, under their numbers and write protected as they are; others see all."
. /rig/src/tests/vm/common.sh

INITIATOR=naa.50014050deadbeef
PLAIN=naa.5001405000000002

acl() { echo "$(lio_tpg $WWN 1)/acls/$INITIATOR"; }

map() { # mapped-lun lun
	mkdir "$(acl)/lun_$1" && ln -s "$(lio_tpg $WWN 1)/lun/lun_$2" "$(acl)/lun_$1/port"
}

unmap() { # mapped-lun
	rm "$(acl)/lun_$1/port" && rmdir "$(acl)/lun_$1"
}

protect() { # mapped-lun value
	echo "$2" >"$(acl)/lun_$1/write_protect"
}

# What a user does once LUNs are mapped.
rescan() {
	local host
	host=$(cat "$(lio_tpg $WWN 1)/address")
	echo "0 1 -" >"/sys/class/scsi_host/host${host%%:*}/scan"
}

# LUNs that there are disks for.
luns() { # wwn
	ls -d "/sys/class/scsi_device/$(cat "$(lio_tpg "$1" 1)/address"):"* 2>/dev/null | sed 's/.*://' | sort -n | paste -sd' '
}

write_protect_bit() { # want text
	scsi r 4 1a 00 3f 00 04 00
	is "$ANSWER ${DATA:6:2}" "good $1" "$2"
}

write_one() { # want text
	scsi_is "$1" "$2" w "$WORK/block" 2a 00 00 00 00 00 00 00 01 00
}

refuse_bad() {
	local value
	for value in 2 -1 x ''; do
		not_ok "write_protect '$value' is refused" sh -c "echo '$value' 2>/dev/null >$(acl)/lun_5/write_protect"
	done
	is "$(cat "$(acl)/lun_5/write_protect")" 0 "it is as it was"
	not_ok "a LUN is mapped once" ln -s "$(lio_tpg $WWN 1)/lun/lun_1" "$(acl)/lun_5/again" 2>/dev/null
	not_ok "nor to something else" ln -s "$CORE/rd_mcp_0/one" "$(acl)/lun_5/again" 2>/dev/null
}

# What one nexus may not write, another may.
protected() {
	head -c 512 /dev/zero >"$WORK/block"
	write_one good "it can be written"
	write_protect_bit 10 "as MODE SENSE says"
	ok "it is write protected" protect 5 1
	write_one 7/27/00 "WRITE(10) is refused"
	scsi_is 7/27/00 "WRITE SAME(16) as well" w "$WORK/block" 93 00 00 00 00 00 00 00 00 00 00 00 00 01 00 00
	scsi_is good "READ(10) is not" r 512 28 00 00 00 00 00 00 00 01 00
	write_protect_bit 90 "MODE SENSE says so"
	ok "the disk looks again" sh -c "echo 1 >$(lio_sysfs $WWN 1 5)/rescan"
	is "$(cat "/sys/block/${DEV##*/}/ro")" 1 "and is read-only"
	SG=$(lio_sg $PLAIN 1 0)
	write_one good "the other initiator writes"
	SG=$(lio_sg $WWN 1 5)
	ok "it is no longer protected" protect 5 0
	write_one good "and can be written"
	write_protect_bit 10 "as MODE SENSE says"
}

# A number means what it is mapped to, also where the port has another LUN of it.
crossed() {
	ok "it is mapped as 1" map 1 0
	rescan
	is "$(luns $WWN)" "1 3" "there it is"
	ok "its capacity changes" sh -c "echo 524288 >$CORE/rd_mcp_0/one/attrib/capacity"
	ok "and the disk follows" wait_until 20 disk_has 1024
	ok "the port's own LUN 1 goes" rm "$(lio_tpg $WWN 1)/lun/lun_1/two"
	is "$(luns $WWN)" 1 "with the disk that it was"
	scsi_is good "the other is there" "@$(lio_sg $WWN 1 1)" r 512 28 00 00 00 00 00 00 00 01 00
	ok "the port's LUN 0 goes" rm "$(lio_tpg $WWN 1)/lun/lun_0/one"
	is "$(luns $WWN)" "" "with its disk"
}

disk_has() { [ "$(blockdev --getsz "$(lio_dev $WWN 1 1)")" = "$1" ]; }

test() {
	lio_mk_rd one 256 && lio_mk_rd two 512 || return
	# Or the kernel's handler, where it is loaded, hears what this is to hear.
	echo 0 >"$CORE/rd_mcp_0/one/alua/default_tg_pt_gp/alua_access_type"
	echo 0 >"$CORE/rd_mcp_0/two/alua/default_tg_pt_gp/alua_access_type"
	ok "a port whose initiator has a directory" mkdir -p "$(acl)"
	ok "and a nexus" lio_mk_port $WWN
	ok "has two LUNs" eval "lio_link $WWN 1 0 rd_mcp_0/one && lio_link $WWN 1 1 rd_mcp_0/two"
	rescan
	is "$(luns $WWN)" "" "nothing is mapped, so there is no disk"
	ok "another port" lio_mk_port $PLAIN
	ok "has no ACLs and a LUN" lio_link $PLAIN 1 0 rd_mcp_0/one
	is "$(luns $PLAIN)" 0 "which is a disk for everyone"
	is "$(luns $WWN)" "" "and the other port has none yet"
	ok "the first LUN is mapped as 5" map 5 0
	rescan
	is "$(luns $WWN)" 5 "there it is, and nothing else"
	DEV=$(lio_dev $WWN 1 5) SG=$(lio_sg $WWN 1 5)
	is "$(blockdev --getsz "$DEV")" 2048 "the right one"
	refuse_bad
	protected
	ok "the second is mapped as 3" map 3 1
	scsi_is 6/3f/0e "which the initiator is told" 00 00 00 00 00 00
	data_is "00 00 00 10 00 00 00 00 00 03 00 00 00 00 00 00 00 05 00 00 00 00 00 00" "REPORT LUNS" 64 \
		a0 00 00 00 00 00 00 00 00 40 00 00
	rescan
	is "$(luns $WWN)" "3 5" "both are there"
	ok "the first is mapped no more" unmap 5
	scsi_is 5/25/00 "and no longer supported" 00 00 00 00 00 00
	ok "it is mapped again" map 5 0
	scsi_is 6/29/00 "as a nexus that is new" 00 00 00 00 00 00
	scsi_is 6/3f/0e "and that there is one more" 00 00 00 00 00 00
	scsi_is good "which is told once" 00 00 00 00 00 00
	ok "and no more" unmap 5
	scsi_close
	ok "nor needs its disk" sh -c "echo 1 >$(lio_sysfs $WWN 1 5)/delete"
	is "$(luns $WWN)" 3 "it is gone"
	crossed
	scsi_close
	lio_clear
}
