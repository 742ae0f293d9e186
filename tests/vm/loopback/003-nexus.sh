# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="A port takes one nexus, of its own protocol; it shows it, and drops it only when no LUN is linked."
WWN=naa.5001405000000001

nexus() { echo "$(lio_tpg $WWN 1)/nexus"; }
# Prints the errno's text of a write, or nothing.
write() { # text
	local out
	# shellcheck disable=SC2116 # what it complains of is wanted, not what it prints
	out=$(echo "$1" 2>&1 >"$(nexus)") && return
	echo "${out##*: }"
}
# shellcheck disable=SC2002 # cat says why it cannot read
show() { cat "$(nexus)" 2>&1 | sed 's/.*: //'; }

test() {
	lio_mk_rd disk 256 || return
	mkdir -p "$(lio_tpg $WWN 1)" || return
	is "$(show)" "No such device" "there is none at first"
	is "$(write NULL)" "No such device" "nor one to drop"
	is "$(write fc.2100002155260001)" "Invalid argument" "a Fibre Channel initiator is refused"
	is "$(write iqn.1993-08.org.debian:01:abc)" "Invalid argument" "and an iSCSI one"
	is "$(write eui.0123456789abcdef)" "Invalid argument" "and one of no known protocol"
	is "$(write "naa.$(printf '6%.0s' {1..300})")" "Invalid argument" "and a name that is too long"
	is "$(show)" "No such device" "so there is still none"

	is "$(write naa.6001405000000001)" "" "a SAS initiator is taken"
	is "$(show)" naa.6001405000000001 "and shown"
	is "$(write naa.6001405000000002)" "File exists" "there is room for one only"
	is "$(write NULL)" "" "it is dropped"
	is "$(show)" "No such device" "and gone"
	is "$(write naa.6001405000000002)" "" "another one is taken"

	ok "a LUN is linked" lio_link $WWN 1 0 rd_mcp_0/disk
	is "$(write NULL)" "Operation not permitted" "now it cannot be dropped"
	is "$(show)" naa.6001405000000002 "and is still there"
	ok "the disk is there" test -b "$(lio_dev $WWN 1 0)"
	ok "the LUN is unlinked" lio_unlink $WWN 1 0
	is "$(write NULL)" "" "then it can be dropped"

	is "$(write naa.6001405000000003)" "" "a port with a nexus"
	ok "can be removed" rmdir "$(lio_tpg $WWN 1)"
	lio_clear
}
