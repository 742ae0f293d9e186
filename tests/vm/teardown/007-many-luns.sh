# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="Sixty-four LUNs (on 6.12) made, linked, unlinked and destroyed again and again cost no memory in the end."
TIMEOUT=600
. /rig/src/tests/vm/common.sh

COUNT=64

make_all() {
	local i
	lio_mk_port $WWN || return
	for ((i = 0; i < COUNT; i++)); do
		lio_mk_rd "disk$i" 64 && lio_link $WWN 1 $i "rd_mcp_0/disk$i" || return
	done
}

disks() { lsscsi | grep -c RAMDISK-MCP; }
all_there() { [ "$(disks)" = "$COUNT" ]; }
none_there() { [ "$(disks)" = 0 ]; }

meminfo() { awk -v name="$1:" '$1 == name { print $2 }' /proc/meminfo; }

round() {
	make_all && wait_until $((20 * SLOW)) all_there && lio_clear &&
		wait_until $((20 * SLOW)) none_there
}

settle() {
	sleep 1
	sync
	echo 3 >/proc/sys/vm/drop_caches
}

test() {
	local slab percpu limit
	COUNT=$(repeats 64 8)
	# 16 KiB per LUN would be a leak, but everyone else's slabs move by some 300 KiB. A LUN
	# that stays is 139.
	limit=$((COUNT * 16))
	[ $limit -ge 1024 ] || limit=1024
	# The first round fills caches, and names that are kept for ever.
	ok "$COUNT LUNs come and go" round
	settle
	slab=$(meminfo SUnreclaim) percpu=$(meminfo Percpu)
	ok "again" round
	settle
	note "slab $slab -> $(meminfo SUnreclaim) kB, percpu $percpu -> $(meminfo Percpu) kB"
	# KASAN keeps freed objects in quarantine, and has kmemleak beside it.
	[ "$KERNEL" = test ] ||
		ok "unreclaimable slab has not grown" [ $(($(meminfo SUnreclaim) - slab)) -lt $limit ]
	ok "per-CPU memory has not grown" [ $(($(meminfo Percpu) - percpu)) -lt 64 ]
}
