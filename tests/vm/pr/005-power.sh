# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="Registrations with APTPL survive the module, resets and sessions; those without do not survive the module."
TIMEOUT=200
. /rig/src/tests/vm/pr/lib.sh

requires() { _have_peer ours; }

NODE=naa.50014050deadbeef
FILE=/etc/target/pr/aptpl_$SERIAL

again() {
	lio_clear
	ok "the modules are loaded again" lio_unload
	three_ports
}

kept() {
	pr_table <<-END
		A register 0 a aptpl = good
		B register 0 b aptpl = good
		A reserve a 6 = good
		A caps = good: 00 08 1d b1 ea 01 00 00
	END
	pr_is res_aptpl_active "APTPL Bit Status: Activated"
	is "$(grep -v '^port_rtpi\|^checksum' $FILE)" "PR_REG_START: 0
initiator_fabric=loopback
initiator_node=$NODE
sa_res_key=10
res_holder=1
res_type=06
res_scope=00
res_all_tg_pt=0
mapped_lun=0
target_fabric=loopback
target_node=$WWN
tpgt=1
target_lun=0
PR_REG_END: 0
PR_REG_START: 1
initiator_fabric=loopback
initiator_node=$NODE
sa_res_key=11
res_holder=0
res_all_tg_pt=0
mapped_lun=0
target_fabric=loopback
target_node=$WWN
tpgt=2
target_lun=0
PR_REG_END: 1" "the file is that of the kernel's own target"
	again || return
	pr_table <<-END
		A keys = good: 00 00 00 00 00 00 00 10 00 00 00 00 00 00 00 0a 00 00 00 00 00 00 00 0b
		A holder = good: 00 00 00 00 00 00 00 10 00 00 00 00 00 00 00 0a 00 00 00 00 00 06 00 00
		A raw 200 28 00 00 00 00 00 00 00 01 00 = good
		B raw 200 28 00 00 00 00 00 00 00 01 00 = good
		C raw 200 28 00 00 00 00 00 00 00 01 00 = status 18
	END
}

# Sessions and resets, with the module staying.
stays() {
	lio_unlink $WWN 1 0 && echo NULL >"$(lio_tpg $WWN 1)/nexus" &&
		echo $NODE >"$(lio_tpg $WWN 1)/nexus" && lio_link $WWN 1 0 rd_mcp_0/disk && find_ports
	ok "a reset of the unit" sg_reset -d "$C"
	ok "a reset of the target" sg_reset -t "$C"
	hush
	pr_table <<-END
		A holder = good: 00 00 00 00 00 00 00 10 00 00 00 00 00 00 00 0a 00 00 00 00 00 06 00 00
		A raw 200 28 00 00 00 00 00 00 00 01 00 = good
		C raw 200 28 00 00 00 00 00 00 00 01 00 = status 18
		B preempt b a 5 = good
		A raw 0 00 00 00 00 00 00 = 6/2a/05
	END
	like "$(pr_file)" "sa_res_key=11"$'\n'"res_holder=1"$'\n'"res_type=05" "a change is in the file"
}

# The last APTPL counts; then nothing is left to come back.
given_up() {
	pr_table <<<"B register b c = good"
	like "$(pr_file)" "^No Registrations or Reservations" "nothing survives that is not to"
	again || return
	pr_table <<<"A keys = good: 00 00 00 00 00 00 00 00"
	pr_is res_aptpl_active "APTPL Bit Status: Disabled"
}

forced() {
	lio_clear
	ok "there is a ramdisk" lio_mk_rd disk 1024
	echo $SERIAL >$DISK/wwn/vpd_unit_serial
	ok "whose registrations always survive" sh -c "echo 1 >$DISK/attrib/force_pr_aptpl"
	link_ports || return
	pr_table <<-END
		A caps = good: 00 08 1d b1 ea 01 00 00
		A register 0 a = good
	END
	again || return
	pr_table <<<"A keys = good: 00 00 00 00 00 00 00 08 00 00 00 00 00 00 00 0a"
}

# What the file says if it is not whole, or not there to be written.
damaged() {
	lio_clear
	sed -i 's/sa_res_key=10/sa_res_key=12/' $FILE
	three_ports || return
	pr_table <<-END
		A keys = good: 00 00 00 00 00 00 00 00
		A register 0 a aptpl = good
	END
	mv /etc/target/pr /etc/target/pr.away
	pr_table <<-END
		A register a b aptpl = 4/44/00
		A reserve a 3 = 4/44/00
		A keys = good: 00 00 00 01 00 00 00 08 00 00 00 00 00 00 00 0a
	END
	lio_clear
	three_ports || return
	pr_table <<-END
		A caps = good: 00 08 1c b0 ea 01 00 00
		A register 0 a aptpl = 5/26/00 sks=880014
		A register 0 a = good
	END
	mv /etc/target/pr.away /etc/target/pr
	rm -f $FILE
}

from_rtslib() {
	local line
	lio_clear
	ok "there is a ramdisk" lio_mk_rd disk 1024
	line=initiator_fabric=loopback,initiator_node=$NODE,sa_res_key=0xcc,res_holder=1,res_type=05,res_scope=00
	line+=,res_all_tg_pt=0,mapped_lun=0,target_fabric=loopback,target_node=$WWN,port_rtpi=1,tpgt=1,target_lun=0
	ok "a registration is written to it" sh -c "echo $line >$PR/res_aptpl_metadata"
	not_ok "and something else" sh -c "echo initiator_node=a >$PR/res_aptpl_metadata 2>/dev/null"
	link_ports || return
	not_ok "and one when it is in use" sh -c "echo $line >$PR/res_aptpl_metadata 2>/dev/null"
	pr_table <<-END
		A holder = good: 00 00 00 00 00 00 00 10 00 00 00 00 00 00 00 cc 00 00 00 00 00 05 00 00
		B out $(printf '%01024d' 0) 2a 00 00 00 00 00 00 00 01 00 = status 18
	END
}

test() {
	rm -f $FILE
	three_ports || return
	kept && stays && given_up && forced && damaged && from_rtslib
	rm -f $FILE
	lio_clear
}
