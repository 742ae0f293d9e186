# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="pr/ says what is registered and reserved in the words of the kernel's own target."
. /rig/src/tests/vm/pr/lib.sh

NONE="No SPC-3 Reservation holder"
NODE=naa.50014050deadbeef

# The same commands and the same words on both targets.
persistent() {
	pr_table <<-END
		A register 0 1122334455667788 = good
		B register 0 b = good
	END
	pr_is res_pr_registered_i_pts "SPC-3 PR Registrations:
loopback Node: $NODE Key: 0x1122334455667788 PRgen: 0x00000000
loopback Node: $NODE Key: 0x000000000000000b PRgen: 0x00000001"
	pr_is res_pr_generation 0x00000002
	pr_is res_holder "$NONE"
	pr_table <<<"A reserve 1122334455667788 1 = good"
	pr_is res_holder "SPC-3 Reservation: loopback Initiator: $NODE"
	pr_is res_pr_all_tgt_pts "SPC-3 Reservation: Single Target Port registration"
	like "$(cat $PR/res_pr_holder_tg_port)" "^SPC-3 Reservation: loopback Target Node Endpoint: $WWN
SPC-3 Reservation: Relative Port Identifier Tag: [0-9]+ loopback Portal Group Tag: 1 loopback Logical Unit: 0$" "res_pr_holder_tg_port"
	pr_is res_pr_type "SPC-3 Reservation Type: Write Exclusive Access"
	pr_is res_type SPC3_PERSISTENT_RESERVATIONS
	pr_is res_aptpl_active "APTPL Bit Status: Disabled"
	pr_table <<<"A release 1122334455667788 1 = good"
}

types() {
	local type name
	while read -r type name; do
		pr_table <<-END
			A ignore a = good
			A reserve a $type = good
		END
		pr_is res_pr_type "SPC-3 Reservation Type: $name"
		pr_table <<<"A release a $type = good"
	done <<-END
		3 Exclusive Access
		5 Write Exclusive Access, Registrants Only
		6 Exclusive Access, Registrants Only
		7 Write Exclusive Access, All Registrants
		8 Exclusive Access, All Registrants
	END
	pr_table <<<"A clear a = good"
	pr_is res_pr_registered_i_pts "SPC-3 PR Registrations:
None"
}

legacy() {
	pr_table <<<"A raw 0 16 00 00 00 00 00 = good"
	pr_is res_holder "SPC-2 Reservation: loopback Initiator: $NODE"
	pr_is res_type SPC2_RESERVATIONS
	pr_table <<<"A raw 0 17 00 00 00 00 00 = good"
	pr_is res_type SPC3_PERSISTENT_RESERVATIONS
}

test() {
	three_ports || return
	persistent
	types
	# The other ports have yet to be told of what types and CLEAR did.
	if [ "$PEER" = ours ]; then hush && legacy; fi
	lio_clear
}
