# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="A copy reads and writes with the rights of the nexus that asked for it."
. /rig/src/tests/vm/common.sh
. /rig/src/tests/vm/scsi/copy.sh

requires() { _have_peer ours; }

hush() { printf 'A hush = good\n%.0s' 1 2 | python3 $VM/pr/pr.py A="$1" >/dev/null; }

# Another port with the same disks: who reserves them there.
others() {
	lio_mk_port $WWN 2 && lio_link $WWN 2 0 rd_mcp_0/a && lio_link $WWN 2 1 rd_mcp_0/b || return
	OTHER_A=$(lio_sg $WWN 2 0) OTHER_B=$(lio_sg $WWN 2 1)
	hush "$OTHER_A"
	hush "$OTHER_B"
}

reserved() { # sg type
	sg_persist -o -G -S 1 "$1" >/dev/null 2>&1
	ok "another nexus reserves it with type $2" quietly sg_persist -o -R -K 1 -T "$2" "$1"
}

free() { quietly sg_persist -o -C -K 1 "$1"; }

copies() { # want text
	SG=$SG_A
	xcopy 5 0 "$NAA_A,$NAA_B" 0:1:8:0:8
	like "$ANSWER" "$1" "$2"
}

test() {
	copy_disks 4096 || return
	others || return
	copies '^good' "a copy from one disk to the other"
	reserved "$OTHER_B" 1
	copies '^a/0d/01' "is refused when the destination may not be written"
	free "$OTHER_B"
	scsi_close
	hush "$SG_B"
	copies '^good' "until it may"
	reserved "$OTHER_A" 1
	copies '^status 18' "a unit that may not be written copies nothing"
	free "$OTHER_A"
	lio_clear
}
