# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="A copy goes by the access states of the LUNs that it reads and writes, and of their blocks."
. /rig/src/tests/vm/alua/lib.sh
. /rig/src/tests/vm/scsi/copy.sh

requires() { _have_peer ours; }

MANAGER=$CORE/rd_mcp_0/a/alua/a OTHER=$CORE/rd_mcp_0/b/alua/b

# Each LUN of the one port is in a group of its own.
groups() {
	local name lun=0
	for name in a b; do
		mkdir "$CORE/rd_mcp_0/$name/alua/$name" &&
			echo $((lun + 7)) >"$CORE/rd_mcp_0/$name/alua/$name/tg_pt_gp_id" &&
			echo $name >"$(lio_tpg $WWN 1)/lun/lun_$lun/alua_tg_pt_gp" || return
		lun=$((lun + 1))
	done
	SG1=$SG_A SG2=$SG_B
	settle
}

# From a disk to another (0 is a, 1 is b), by the copy manager of a.
copies() { # want from to text [from-lba [to-lba]]
	SG=$SG_A
	xcopy 5 0 "$NAA_A,$NAA_B" "$2:$3:8:${5:-0}:${6:-8}"
	is "$ANSWER" "$1" "$4"
}

# The codes in the sense data of who failed, and where these begin: 12 source, 00 destination.
failed_with() { # "byte of source, asc, ascq" text
	local -a bytes
	SG=$SG_A
	scsi r 200 84 04 05 00 00 00 00 00 00 00 00 00 00 c8 00 00
	read -ra bytes <<<"$DATA"
	is "${bytes[68]} ${bytes[91]} ${bytes[92]}" "$1" "$2"
}

refused() { # state sense-of-commands codes
	ok "state $1" set_state "$OTHER" "$1"
	copies "a/0d/01 sks=800030" 1 0 "no copy from it" 0 16
	failed_with "12 $3" "the source has said why"
	copies "a/0d/01 sks=800030" 0 1 "nor to it"
	failed_with "00 $3" "the destination has said why"
	settle
	SG=$SG_B
	xcopy 5 0 "$NAA_A,$NAA_B" 0:0:8:0:8
	is "$ANSWER" "$2" "nor by its copy manager"
	copies good 0 0 "what it has no part in goes on"
	SG=$SG_A
	copy_out 11 10 use token 0 0 64:8
	is "$ANSWER" a/0d/01 "its token is not read"
	SG=$SG_B
	copy_out 10 9 populate 0:8
	is "$ANSWER" "$2" "and it makes none"
	ok "active again" set_state "$OTHER" "${4:-0}"
	settle
	copies good 1 0 "a copy from it" 0 16
	copies good 0 1 "and to it"
}

# A token of b's blocks from 0 on, which nobody writes.
fetch_token() {
	SG=$SG_B
	copy_out 10 9 populate 0:8
	copy_in 07 9 1000
	# shellcheck disable=SC2001 # & is not in bash 5.1
	printf %b "$(sed 's/ *\(..\)/\\x\1/g' <<<"${DATA:114}")" >token
	is "$(wc -c <token)" 512 "a token of b"
}

# Of b the first 64 blocks are in standby, through this port.
by_blocks() {
	ok "b has a map" python3 -c 'import os, sys; os.write(os.open(sys.argv[1], os.O_WRONLY), b"0 0\n0 63 8:S 9:O\n64 8191 8:A 9:S\n")' \
		"$CORE/rd_mcp_0/b/lba_map"
	ok "its group goes by blocks" sh -c "echo 1 >$OTHER/alua_access_type && echo 4 >$OTHER/alua_access_state"
	ok "b can unmap" sh -c "echo 1 >$CORE/rd_mcp_0/b/attrib/emulate_tpu"
	settle
	copies "a/0d/01 sks=800030" 0 1 "no copy to the first block" 0 0
	failed_with "00 04 0b" "the destination is in standby there"
	copies "a/0d/01 sks=800030" 0 1 "nor across the border" 0 60
	copies good 0 1 "a copy to the block behind it" 0 64
	copies "a/0d/01 sks=800030" 1 0 "none from the last one before" 63 0
	copies good 1 0 "one from behind it" 64 0
	copies "a/00/00 sks=80005c" 1 0 "none from beyond the end" 8190 0
	SG=$SG_B
	copy_out 11 10 use token 0 0 128:8
	is "$ANSWER" a/0d/01 "what a token of the first blocks stands for is not read"
	copy_out 11 10 use zero 0 0 0:0 128:8
	is "$ANSWER" good "nor is anything kept from being written elsewhere"
	by_list 2/04/0b
	set_page good "$SG_B" 0a 12 2 06
	by_list b/3f/15
	set_page good "$SG_B" 0a 12 2 02
}

# A list that touches the first 64 blocks of b, and one that does not.
by_list() { # what the first gets
	copy_out 11 10 use zero 0 0 128:8 63:2
	is "$ANSWER" "$1" "zeros are not written to all ranges of a list"
	copy_out 10 9 populate 64:8 0:8
	is "$ANSWER" "$1" "nor is a token made of them"
	unmap 64:8 56:8
	is "$ANSWER" "$1" "nor are they unmapped"
	copy_out 10 9 populate 64:8 128:8
	is "$ANSWER" good "a token of others"
	unmap 64:8 128:8
	is "$ANSWER" good "UNMAP of others"
}

unmap() { # lba:blocks lba:blocks
	python3 -c 'import struct, sys
ranges = [struct.pack(">QI4x", *map(int, arg.split(":"))) for arg in sys.argv[1:]]
sys.stdout.buffer.write(struct.pack(">HH4x", 38, 32) + b"".join(ranges))' "$@" >"$WORK/unmap"
	scsi w "$WORK/unmap" 42 00 00 00 00 00 00 00 28 00
}

# The session has b twice, and one of the two can be used.
another_way() {
	ok "b is another LUN as well" lio_link $WWN 1 2 rd_mcp_0/b || return
	ok "standby" set_state "$OTHER" 2
	settle
	copies good 1 0 "a copy from it takes the other way" 0 16
	copies good 0 1 "and one to it"
	ok "standby there, too" sh -c "echo 1 >$CORE/rd_mcp_0/b/alua/default_tg_pt_gp/alua_access_type && echo 2 >$CORE/rd_mcp_0/b/alua/default_tg_pt_gp/alua_access_state"
	settle
	copies "a/0d/01 sks=800030" 0 1 "then there is none"
}

test() {
	copy_disks 1024 && groups || return
	# The zero token
	printf '\xff\xff\x00\x01\x00\x00\x01\xf8' >zero && truncate -s 512 zero
	copies good 1 0 "active: a copy from b" 0 16
	copies good 0 1 "and one to it"
	fetch_token
	refused 2 2/04/0b "04 0b"
	refused 3 2/04/0c "04 0c" 1
	refused 14 2/04/12 "04 12"
	refused 15 2/04/0a "04 0a"
	by_blocks
	another_way
	scsi_close
	lio_clear
}
