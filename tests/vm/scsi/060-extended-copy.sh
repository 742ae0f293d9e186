# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="EXTENDED COPY copies within and between the disks of a session, says what became of it, and ends when a disk goes."
TIMEOUT=300
. /rig/src/tests/vm/common.sh
. /rig/src/tests/vm/scsi/copy.sh

requires() { _have_peer ours; }

same() { # blocks lba-of-a lba-of-b text
	is "$(dd if="$DEV_B" bs=512 skip="$3" count="$1" iflag=direct status=none | md5sum)" \
		"$(dd if="$DEV_A" bs=512 skip="$2" count="$1" iflag=direct status=none | md5sum)" "$4"
}

others() {
	like "$(sg_inq "$SG_A")" '3PC=1' "INQUIRY says that there is third-party copy"
	like "$(sg_vpd -p tpc "$SG_A" 2>&1)" 'Extended copy\(LID1\)' "page 8Fh has the commands"
	like "$(sg_vpd -p tpc "$SG_A" 2>&1)" 'Maximum CSCD [Dd]escriptor [Cc]ount: (0x10|16)' "and the limits"
	like "$(sg_copy_results -p "$SG_A" 2>&1)" 'Maximum target descriptor count: 16' "so have the operating parameters"
	like "$(sg_copy_results -p "$SG_A" 2>&1)" 'Segment descriptor 0x0?2: Copy from block device to block device' "and the descriptors"
	ok "sg_xcopy" quietly sg_xcopy if="$SG_A" of="$SG_B" bs=512 count=4096 bpt=1024
	same 4096 0 0 "copies 2 MiB to the other disk"
	ok "sg_xcopy, with seek and skip" quietly sg_xcopy if="$SG_A" of="$SG_B" bs=512 count=100 skip=7 seek=9000
	same 100 7 9000 "copies where it shall"
}

several() {
	SG=$SG_A
	xcopy 5 0 "$NAA_A,$NAA_B" 0:1:64:0:20000 1:1:64:20000:21000 0:1:1:77:22000
	is "$ANSWER" good "three segments"
	same 64 0 20000 "the first"
	same 64 0 21000 "the second, which needs the first"
	same 1 77 22000 "and the third are copied"
	data_is "00 00 00 08 01 00 03 01 00 00 00 40" "the status says so" 12 84 00 05 00 00 00 00 00 00 00 00 00 00 0c 00 00
	scsi_is "5/24/00 sks=cf0002" "and says it once" r 12 84 00 05 00 00 00 00 00 00 00 00 00 00 0c 00 00
	SG=$SG_B
	xcopy 5 0 "$NAA_A,$NAA_B" 0:1:8:0:23000
	is "$ANSWER" good "the destination's copy manager can do it, too"
	same 8 0 23000 "and does"
	xcopy 5 0 "$NAA_B" 0xffff:0:8:23000:24000
	is "$ANSWER" good "a disk knows itself by FFFFh"
	same 8 0 24000 "and copies"
	SG=$SG_A
}

refused() {
	xcopy 6 0 "60014050000000000000000000000bad" 0:0:1:0:1
	is "$ANSWER" "a/0d/02 sks=800010" "nobody has this name"
	xcopy 6 0 "$NAA_A" 0:1:1:0:1
	is "$ANSWER" "a/08/04 sks=800036" "nor is there a second descriptor"
	xcopy 6 0 "$NAA_A" 0:0:64:0:262143
	is "$ANSWER" "a/00/00 sks=800044" "beyond the end of the destination"
	scsi r 200 84 04 06 00 00 00 00 00 00 00 00 00 00 c8 00 00
	like "$DATA" "^00 00 00 5d( 00){52} 02 00 00 25 70 00 0a( 00){3} 00 1d 00 12 00 00" "the failure's details are kept"
	like "$(sg_copy_results -f -l 6 "$SG_A" 2>&1)" 'no segment details' "and not twice, as sg_copy_results finds"
	scsi_is "5/1a/00" "a list that is cut off" w list 83 00 00 00 00 00 00 00 00 00 00 00 00 30 00 00
	ok "third-party copy is turned off" sh -c "echo 0 >$CORE/rd_mcp_0/a/attrib/emulate_3pc"
	xcopy 6 0 "$NAA_A" 0:0:1:0:1
	is "$ANSWER" "5/20/00" "there is no EXTENDED COPY"
	not_ok "nor page 8Fh" quietly sg_vpd -p tpc "$SG_A"
	echo 1 >"$CORE/rd_mcp_0/a/attrib/emulate_3pc"
}

# So many segments of 32 MiB that it takes a while.
long_copy() { # list-identifier
	local segments=() i
	for i in {1..60}; do segments+=(0:1:65535:0:0); done
	xcopy4 "$1" 1 "$NAA_A,$NAA_B" "${segments[@]}"
}

background() {
	xcopy4 100 0 "$NAA_A,$NAA_B" 0:1:2048:4096:30000
	is "$ANSWER" good "EXTENDED COPY(LID4) in the foreground"
	same 2048 4096 30000 "copies"
	copy_in 05 100 32
	is "$DATA" "00 00 00 1c 01 01 00 02 ff ff ff fe 00 00 00 00 00 00 00 00 00 10 00 00 00 01 00 00 00 00 00 00" "its status is told"
	long_copy 101
	is "$ANSWER" good "one in the background"
	is "$(copy_status 101)" 12 "goes on"
	long_copy 101
	is "$ANSWER" "5/00/16" "its list identifier is in use"
	scsi_is good "it is aborted" 83 1c 00 00 00 65 00 00 00 00 00 00 00 00 00 00
	is "$(copy_status 101)" 60 "and has ended"
	scsi_is "5/24/00 sks=cf0002" "there is nothing left to abort" 83 1c 00 00 00 65 00 00 00 00 00 00 00 00 00 00
	long_copy 102
	is "$ANSWER" good "another one"
	ok "is ended by a reset" quietly sg_reset -d "$SG_A"
	scsi 00 00 00 00 00 00
	copy_in 05 102 32
	like "$ANSWER" '^5/24/00' "which nobody remembers it after"
}

going() {
	long_copy 103
	is "$ANSWER" good "one more in the background"
	ok "its destination goes" within $((20 * SLOW)) lio_unlink $WWN 1 1
	scsi 00 00 00 00 00 00
	scsi 00 00 00 00 00 00
	copy_in 05 103 64
	is "${DATA:15:2} ${DATA:36:2}" "02 02" "and it with it"
	like "$DATA" " 70 00 0a( 00){4} 0a 00 00 00 [0-9a-f]{2} 0d 02" "as not reachable"
}

test() {
	copy_disks 16384 || return
	ok "disk a is written" dd if=/dev/urandom of="$DEV_A" bs=1M count=4 oflag=direct status=none
	others
	several
	refused
	background
	going
	scsi_close
	lio_clear
}
