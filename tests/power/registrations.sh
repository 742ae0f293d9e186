# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# The guest's part of tests/power/registrations: units whose registrations survive are written to
# a disk that outlives the machine.
WORK=$(mktemp -d)
# shellcheck source=tests/rig/lib.sh
. /rig/src/tests/rig/lib.sh
# shellcheck source=tests/vm/common.sh
. /rig/src/tests/vm/common.sh

UNITS=${1:-5}

mount_disk() {
	modprobe -q virtio_blk
	[ -e /rig/extra/keys.0 ] || mkfs.ext4 -q /dev/vdb || return
	mkdir -p /etc/target/pr
	mount /dev/vdb /etc/target/pr
}

# Their registrations are read when they are enabled.
make_unit() { # number
	local dev=$CORE/rd_mcp_0/disk$1
	lio_load
	[ -d "${dev%/*}" ] || mkdir "${dev%/*}" || return
	mkdir "$dev" && echo rd_pages=64 >"$dev/control" && echo "serial-$1" >"$dev/wwn/vpd_unit_serial" &&
		echo 1 >"$dev/enable" && lio_mk_port "naa.500140500000000$1" &&
		lio_link "naa.500140500000000$1" 1 0 "rd_mcp_0/disk$1"
}

mount_disk || exit
SGS=()
for ((i = 0; i < UNITS; i++)); do
	make_unit $i && SGS+=("$(lio_sg "naa.500140500000000$i" 1 0)") || exit
done
exec python3 /rig/src/tests/power/registrations.py /rig/extra /rig/results /rig/results/running "${SGS[@]}"
