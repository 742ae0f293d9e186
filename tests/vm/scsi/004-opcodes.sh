# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="Each command that REPORT SUPPORTED OPERATION CODES lists is accepted, each that it does not list is refused, and no reserved bit passes."
TIMEOUT=300
. /rig/src/tests/vm/common.sh
# LIO of 6.1 cannot report its commands.
requires() { [ "$KERNEL:$PEER" != 6.1:lio ] || skip "LIO of 6.1 reports nothing"; }

# What opcodes.py finds, as checks of this test.
properties() { # [lenient]
	local verdict text
	ok "opcodes.py ends" opcodes "$@" || tail -n 3 verdicts
	while read -r verdict text; do
		case $verdict in
		ok) pass "$text" ;;
		not) fail "${text#ok }" ;;
		esac
	done <verdicts
}

opcodes() { python3 "$VM/scsi/opcodes.py" "$SG" "$@" >verdicts 2>&1; }

# strict_cdb off: reserved bits pass, as other targets let them.
lenient() {
	scsi_is "5/24/00 sks=c80004" "a reserved bit is refused" 00 00 00 00 01 00
	ok "strict_cdb is turned off" sh -c "echo 0 >$DISK/attrib/strict_cdb"
	scsi_is good "the same bit passes" 00 00 00 00 01 00
	ok "and on" sh -c "echo 1 >$DISK/attrib/strict_cdb"
	scsi_is "5/24/00 sks=c80004" "it is refused again" 00 00 00 00 01 00
}

# With all that a unit can have.
make_unit() {
	local attribute
	lio_mk_rd disk 16384 || return
	DISK=$CORE/rd_mcp_0/disk
	[ "$PEER" = lio ] || for attribute in removable emulate_tpu emulate_tpws; do
		echo 1 >"$DISK/attrib/$attribute" || return
	done
	lio_mk_port $WWN && lio_link $WWN 1 0 rd_mcp_0/disk && SG=$(lio_sg $WWN 1 0)
}

test() {
	ok "a ramdisk becomes a disk" make_unit || return
	if [ "$PEER" = lio ]; then properties lenient; else properties; fi
	ok "sg_opcodes reads them" quietly sg_opcodes "$SG"
	is "$(grep -cE '^ [0-9a-f]{2} ' quietly)" "$(sed -n 's/^ok \([0-9]*\) commands are reported/\1/p' verdicts)" "all of them"
	[ "$PEER" = lio ] || lenient
	scsi_close
	lio_clear
}
