# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="A file of registrations that is damaged is as good as none, or a loss that an initiator has to replace, as emulate_pr_lost says."
. /rig/src/tests/vm/pr/lib.sh
requires() { _have_peer ours; }

FILE=/etc/target/pr/aptpl_$SERIAL
LOST=/sys/kernel/debug/target_core/registrations

# As after a failure of power; the file is what there is.
power_on() { # emulate_pr_lost
	lio_clear
	ok "a ramdisk" lio_mk_rd disk 1024 || return
	echo $SERIAL >"$DISK/wwn/vpd_unit_serial"
	ok "emulate_pr_lost is $1" sh -c "echo $1 >$DISK/attrib/emulate_pr_lost"
	link_ports
}

damaged() {
	sed -i 's/sa_res_key=10$/sa_res_key=11/' $FILE
}

test() {
	ok "the modules load" lio_load || return
	power_on 1 || return
	pr_table <<-END
		A caps = good: 00 08 9d b0 ea 01 00 00
		A lost 0 a 1 = 5/26/04
		A register 0 a aptpl = good
		A reserve a 1 = good
		B lost 0 a 1 = status 18
	END
	damaged
	power_on 0 || return
	ok "debugfs says that they are lost" grep -q 'rd_mcp_0/disk: lost' $LOST
	pr_table <<-END
		A keys = good: 00 00 00 00 00 00 00 00
		A raw 200 28 00 00 00 00 00 00 00 01 00 = good
		A caps = good: 00 08 1d b0 ea 01 00 00
		A lost 0 a 1 = 5/24/00 sks=cc0001
	END
	lio_clear
	ok "a ramdisk" lio_mk_rd disk 1024 || return
	echo $SERIAL >"$DISK/wwn/vpd_unit_serial"
	ok "emulate_pr_lost is 1" sh -c "echo 1 >$DISK/attrib/emulate_pr_lost"
	PORTS=1
	lio_mk_port $WWN 1
	mkdir -p "$(lio_tpg $WWN 1)/lun/lun_0"
	ok "is linked" ln -s "$DISK" "$(lio_tpg $WWN 1)/lun/lun_0/disk" || return
	ok "it has a SCSI generic device" wait_until 20 lio_sg $WWN 1 0
	SG=$(lio_sg $WWN 1 0) A=$SG B=$SG C=$SG
	scsi_is good "INQUIRY" r 36 12 00 00 00 24 00
	scsi_is "7/44/01" "TEST UNIT READY" 00 00 00 00 00 00
	scsi_is "7/44/01" "READ(10)" r 512 28 00 00 00 00 00 00 00 01 00
	scsi_is "7/44/01" "PERSISTENT RESERVE IN" r 8 5e 00 00 00 00 00 00 00 08 00
	# This tells of its coming.
	scsi_is good "REQUEST SENSE" r 18 03 00 00 00 12 00
	scsi_is good "LOG SENSE" r 64 4d 00 40 00 00 00 00 00 40 00
	scsi_is good "REPORT LUNS" r 64 a0 00 00 00 00 00 00 00 00 40 00 00
	pr_table <<-END
		A register 0 a = 7/44/01
		A lost 1 a 3 = 5/26/00 sks=8f0000
		A lost 0 0 3 = 5/26/00 sks=8f0008
		A lost 0 c 3 aptpl = good
		A keys = good: 00 00 00 00 00 00 00 08 00 00 00 00 00 00 00 0c
		A holder = good: 00 00 00 00 00 00 00 10 00 00 00 00 00 00 00 0c 00 00 00 00 00 03 00 00
		A raw 200 28 00 00 00 00 00 00 00 01 00 = good
		A lost 0 d 3 = 5/26/04
	END
	not_ok "nothing is lost any more" grep -q lost $LOST
	ok "and the file is a good one" grep -q '^sa_res_key=12$' $FILE
	scsi_close
	lio_clear
	PORTS="1 2 3"
	power_on 1 || return
	pr_table <<-END
		A keys = good: 00 00 00 00 00 00 00 08 00 00 00 00 00 00 00 0c
		B raw 200 28 00 00 00 00 00 00 00 01 00 = status 18
	END
	rm -f $FILE
	lio_clear
}
