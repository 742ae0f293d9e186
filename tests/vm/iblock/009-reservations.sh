# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="With pgr_support 0, persistent reservations are those of the device below, which a ramdisk behind another port of ours is here."
TIMEOUT=120
. /rig/src/tests/vm/iblock/lib.sh
requires() { [ "$PEER" = ours ] || skip "LIO's answers differ"; _have_program sg_persist; }

persist() { sg_persist --no-inquiry "$@" 2>&1; }
persist_is() { # status option...
	local status=0
	persist "${@:2}" >persist.out || status=$?
	is "$status" "$1" "sg_persist ${*:2:4}"
}

test() {
	local below upper
	# With a serial number it can keep registrations, as sd asks of it.
	ok "a disk" eval 'lio_mk_rd disk 4096 && echo 5e7a1009 >$CORE/rd_mcp_0/disk/wwn/vpd_unit_serial &&
		lio_mk_port $WWN && lio_link $WWN 1 0 rd_mcp_0/disk && DEV=$(lio_dev $WWN 1 0)' || return
	below=$(lio_sg $WWN 1 0)
	ok "a disk of that disk" mk_iblock disk "$DEV" || return
	is "$(cat $IBLOCK/disk/attrib/pgr_support)" 1 "reservations are the core's"
	ok "or the device's" set_iblock disk pgr_support=0
	ok "as LUN 1" link_iblock disk 1 || return
	upper=$SG
	luns_known
	ok "or the core's again, at any time" set_iblock disk pgr_support=1
	ok "and the device's" set_iblock disk pgr_support=0
	persist_is 0 --out --register --param-sark=abc "$upper"
	ok "a registration gets to the device" eval 'persist --in --read-keys $below | grep -q 0xabc'
	persist_is 24 --out --reserve --param-rk=abd --prout-type=5 "$upper"
	persist_is 0 --out --reserve --param-rk=abc --prout-type=5 "$upper"
	ok "and so does a reservation" eval 'persist --in --read-reservation $below | grep -qi "registrants only"'
	if [ "$KERNEL" != 6.1 ]; then
		ok "the key is read back" eval 'persist --in --read-keys $upper | grep -q 0xabc'
		ok "and what is held" eval 'persist --in --read-reservation $upper | grep -qi "registrants only"'
	else
		persist_is 5 --in --read-keys "$upper"
	fi
	persist_is 5 --in --read-full-status "$upper"
	persist_is 0 --in --report-capabilities "$upper"
	is "$(cat $IBLOCK/disk/pr/res_holder)" Passthrough "pr/ says whose they are"
	persist_is 0 --out --release --param-rk=abc --prout-type=5 "$upper"
	not_ok "nothing is held any more" eval 'persist --in --read-reservation $below | grep -qi "registrants only"'
	persist_is 0 --out --clear --param-rk=abc "$upper"
	not_ok "and nobody registered" eval 'persist --in --read-keys $below | grep -q 0xabc'
	lio_clear
}
