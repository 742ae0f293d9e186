# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="fabric_prot_type takes the protection types 0, 1 and 3 and nothing else."
WWN=naa.5001405000000001

file() { echo "$(lio_tpg $WWN 1)/attrib/fabric_prot_type"; }

test() {
	local value
	lio_mk_port $WWN || return
	is "$(cat "$(file)")" 0 "it starts as 0"
	for value in 1 3 0; do
		ok "$value is taken" sh -c "echo $value >$(file)"
		is "$(cat "$(file)")" $value "and shown"
	done
	for value in 2 4 256 -1 x; do
		not_ok "$value is refused" sh -c "echo $value 2>/dev/null >$(file)"
	done
	is "$(cat "$(file)")" 0 "it is as it was"
	lio_clear
}
