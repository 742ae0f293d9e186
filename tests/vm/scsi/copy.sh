# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Two disks with names of their own, and commands that copy between them.

# DEV_A, DEV_B, SG_A, SG_B, NAA_A and NAA_B are those of the disks a and b, LUNs 0 and 1.
copy_disks() { # pages
	local name lun=0
	ok "there is a port" lio_mk_port $WWN || return
	for name in a b; do
		ok "and a disk $name" lio_mk_rd $name "$1" || return
		echo "5c0ffee$name" >"$CORE/rd_mcp_0/$name/wwn/vpd_unit_serial"
		lio_link $WWN 1 $lun "rd_mcp_0/$name" || return
		SG=$(lio_sg $WWN 1 $lun)
		naa_of
		eval "DEV_${name^^}=$(lio_dev $WWN 1 $lun) SG_${name^^}=$SG NAA_${name^^}=$NAA"
		lun=$((lun + 1))
	done
	# What each has to say of the other's coming.
	for SG in "$SG_B" "$SG_A"; do scsi 00 00 00 00 00 00 && scsi 00 00 00 00 00 00; done
}

# NAA is the designator of $SG: it is the first in page 83h.
naa_of() {
	scsi r 64 12 01 83 00 40 00
	NAA=${DATA:24:47}
	NAA=${NAA// /}
}

# A command of opcode 83h with what copylist.py makes of the words.
copy_out() { # service-action list-identifier copylist.py-word...
	local sa=$1 id len
	id=$(printf '%08x' "$2" | sed 's/../& /g')
	shift 2
	python3 $VM/scsi/copylist.py "$1" list "${@:2}" || return
	len=$(printf '%08x' "$(wc -c <list)" | sed 's/../& /g')
	# shellcheck disable=SC2086 # bytes
	scsi w list 83 "$sa" 00 00 00 00 $id $len 00 00
}

xcopy() { # copylist.py-word...
	copy_out 00 0 lid1 "$@"
}

xcopy4() { # copylist.py-word...
	copy_out 01 0 lid4 "$@"
}

# Commands of opcode 84h by a 32-bit list identifier.
copy_in() { # service-action list-identifier length
	# shellcheck disable=SC2046 # bytes
	scsi r "$3" 84 "$1" $(printf '%08x' "$2" | sed 's/../& /g') 00 00 00 00 $(printf '%08x' "$3" | sed 's/../& /g') 00 00
}

# COPY OPERATION STATUS of a list identifier.
copy_status() { # list-identifier
	copy_in 05 "$1" 32
	echo "${DATA:15:2}"
}
