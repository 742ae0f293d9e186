# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="Through pscsi a disk answers as it does without: data, sense data, residuals, statuses, to the byte."
TIMEOUT=240
. /rig/src/tests/vm/pscsi/lib.sh
requires() { _have_program sg_inq sg_opcodes fio; _have_module scsi_debug; }

readers() {
	local command
	for command in "sg_inq" "sg_inq -p 0" "sg_inq -p 0x80" "sg_inq -p 0x83" "sg_vpd -p bl" "sg_vpd -p lbpv" \
		"sg_opcodes -u" "sg_modes -a" "sg_logs -a" "sg_readcap -l" "sg_rtpg"; do
		is "$($command "$SG" 2>&1 | sha256sum)" "$($command "$RAW_SG" 2>&1 | sha256sum)" "$command says the same"
	done
}

single() {
	same "INQUIRY" r 96 12 0 0 0 60 0
	same "INQUIRY, cut off" r 20 12 0 0 0 14 0
	same "INQUIRY, with room to spare" r 255 12 0 0 0 ff 0
	same "READ CAPACITY" r 8 25 0 0 0 0 0 0 0 0 0
	same "a code that is unknown" 5e 0 0 0 0 0 0 0 0 0
	same "a vendor's code" d0 0 0 0 0 0 0 0 0 0
	same "a reserved bit" 0 0 0 0 1 0
	same "beyond the end" r 512 28 0 ff ff ff ff 0 0 1 0
	same "MODE SENSE of a page that is not there" r 64 1a 0 2a 0 40 0
	same "REQUEST SENSE" r 18 3 0 0 0 12 0
	same "REPORT SUPPORTED OPERATION CODES, one" r 64 a3 c 1 2a 0 0 0 0 0 40 0 0
	same "less data than the CDB asks for" r 512 28 0 0 0 0 0 0 0 2 0
	same "more room than the CDB asks for" r 2048 28 0 0 0 0 0 0 0 2 0
	head -c 512 /dev/urandom >out
	same "a write" w out 2a 0 0 0 0 7 0 0 1 0
	same "and read" r 512 28 0 0 0 0 7 0 0 1 0
	same "WRITE SAME" w out 93 0 0 0 0 0 0 0 0 20 0 0 0 8 0 0
	same "GET LBA STATUS" r 24 9e 12 0 0 0 0 0 0 0 0 0 0 0 18 0 0
	same "PERSISTENT RESERVE IN" r 8 5e 0 0 0 0 0 0 0 8 0
}

# What is the port's stays the core's.
ours() {
	data_is "00 00 00 08 00 00 00 00 00 00 00 00 00 00 00 00" "REPORT LUNS is the port's" 16 a0 0 0 0 0 0 0 0 0 10 0 0
	echo 0 >$PSCSI/disk/attrib/emulate_pr
	scsi_like '^5/20/00' "without emulate_pr there are no reservations" r 8 5e 0 0 0 0 0 0 0 8 0
	echo 1 >$PSCSI/disk/attrib/emulate_pr
}

# scsi_debug's ten bad blocks from 1234h on.
faults() {
	echo 2 >/sys/bus/pseudo/drivers/scsi_debug/opts
	same "a medium error" r 10240 28 0 0 0 12 30 0 0 14 0
	like "$ANSWER" '^3/11/00 info=0*1234$' "with its block"
	echo 0 >/sys/bus/pseudo/drivers/scsi_debug/opts
}

# An initiator that may only read, though the device may be written.
read_only() {
	local tpg name acl
	tpg=$(lio_tpg $WWN)
	name=$(cat "$tpg/nexus")
	acl=$tpg/acls/$name
	lio_unlink $WWN 1 0 && echo NULL >"$tpg/nexus" || return
	mkdir "$tpg/lun/lun_0" "$acl" && ln -s $PSCSI/disk "$tpg/lun/lun_0/disk" &&
		mkdir "$acl/lun_0" && ln -s "$tpg/lun/lun_0" "$acl/lun_0/lun_0" || return
	echo 1 >"$acl/lun_0/write_protect"
	echo "$name" >"$tpg/nexus"
	SG=$(lio_sg $WWN 1 0)
	scsi_is 7/27/00 "who may only read cannot write" w out 2a 0 0 0 0 7 0 0 1 0
	scsi r 4 1a 0 3f 0 4 0
	is $((0x$(cut -d' ' -f3 <<<"$DATA") & 0x80)) 128 "and MODE SENSE says so"
	scsi r 8 5a 0 3f 0 0 0 0 0 8 0
	is $((0x$(cut -d' ' -f4 <<<"$DATA") & 0x80)) 128 "and MODE SENSE(10)"
	scsi_is good "but reads" r 512 28 0 0 0 0 7 0 0 1 0
}

test() {
	ok "a SCSI disk" scsi_debug dev_size_mb=16 lbpu=1 || return
	ok "through the target" eval 'mk_pscsi disk && link_pscsi disk' || return
	readers
	single
	ours
	faults
	ok "verified I/O" fio_verify io "$DEV" --ioengine=libaio --iodepth=16 --bsrange=4k-128k --size=8m
	ok "of large transfers" fio_verify big "$DEV" --ioengine=libaio --iodepth=4 --bs=512k --size=8m
	read_only
	scsi_debug_end
}
