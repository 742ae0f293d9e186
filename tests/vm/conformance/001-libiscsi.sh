# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="libiscsi's conformance tests of SCSI commands find nothing wrong with a ramdisk LUN."
TIMEOUT=400
. /rig/src/tests/vm/common.sh
. /rig/src/tests/vm/conformance/lib.sh

# Tests that fail for a mistake of the tool, each with the only complaint that it may make, if
# it makes one. What they mean to test, proofs() tests.
ALLOWED=(
	# The tool itself crashes, before it sends a command: the test reads the
	# iSCSI connection, which a local disk has not.
	"ReportLUNs.crash"
	# The same in the older tool's OverwriteReserved; what comes after it needs iSCSI.
	"Sanitize.crash"
	# It has room for the usage data of CDBs of 16 bytes, and of longer ones sees zeros.
	"ReportSupportedOpcodes.OneCommand CDB.0. Usage Data was 0x00, expected 0x7f for opcode 0x7f"
	# The newer tool looks for zeros in what it has not read.
	"WriteSame10.UnmapUntilEnd Blocks did not read back as zero"
	# It wants power conditions that are reserved, and a unit that is ready to say that it is
	# being sanitized.
	"StartStopUnit.PwrCnd STARTSTOPUNIT command failed with .*INVALID_FIELD_IN_CDB|TESTUNITREADY command (successful|failed with .*NO_SENSE)"
	"StartStopUnit.NoLoej TESTUNITREADY"
	# It sends WRITE SAME without the block that is to be written.
	"ReadOnly.ReadOnlySBC WRITESAME1[06] failed with wrong sense.*0x0e03"
)

# Tests that are skipped, all of them for want of an iSCSI session: of a second one, of
# resets, of an abort that the tool sends, or of a CDB that it spoils on its way out.
SKIPPED=()
for name in CompareAndWrite.InvalidDataOutSize PreventAllow.{2ITNexuses,ColdReset,ITNexusLoss,LUNReset,Logout,WarmReset} \
	ProutPreempt.RemoveRegistration ProutReserve.{Access,Ownership}{EA,WE}{,AR,RO} \
	Reserve6.{2Initiators,ITNexusLoss,LUNReset,Logout,TargetColdReset,TargetWarmReset} \
	Sanitize.{BlockErase,CryptoErase}Reserved; do
	SKIPPED+=("$name iSCSI")
done
# Tests of the newer tool; the older one's crash keeps it from the last three.
if [ "$KERNEL" != 6.1 ]; then
	for name in CompareAndWrite.MiscompareSense {Read10,Write10}.Async Sanitize.{OverwriteReserved,Readonly,Reservations,Reset}; do
		SKIPPED+=("$name iSCSI")
	done
fi

# As long as there are no reservations, these are skipped, too.
PR_SKIPPED=(PrinReadKeys.Simple PrinReadKeys.Truncate PrinReportCapabilities.Simple PrinServiceactionRange.Range
	ProutClear.Simple ProutRegister.Simple ProutReserve.Simple)
RESERVE_SKIPPED=(Reserve6.Simple)

# Families that need a medium that can be removed.
REMOVABLE="NoMedia PreventAllow StartStopUnit"

# Families about provisioning: they ask for thin units, and for all that a
# unit may be, a physical block that holds several logical ones, and WRITE SAME "to
# the end", but of no more than the tool can read again in one command. The tool's
# idea of the first LBA status descriptor is right only where a block is a physical one.
THIN="GetLBAStatus Unmap"
SAME="WriteSame10 WriteSame16"

# Families about copies, in this order: the first asks for the results of a copy with a
# list identifier that must not be known yet. The second wants a disk of twice the longest
# segment.
COPY="ReceiveCopyResults ExtendedCopy"
COPY_PAGES=131072
[ "$PEER" != lio ] || COPY_PAGES=16384	# its ramdisk is not sparse

# They read and write far into the medium.
LARGE="Read10 Write10"

# It erases blocks, by all methods, and then wants them unmapped.
ERASE="Sanitize"

# Families whose commands the core has: none of their tests may be skipped for
# want of the command. (PERSISTENT RESERVE IN the tool asks for when it starts.)
PRESENT="Inquiry Mandatory ModeSense6 NoMedia PreventAllow StartStopUnit Read6 Read10 Read12 Read16 ReadCapacity10 ReadCapacity16
	ReportSupportedOpcodes TestUnitReady Verify10 Verify12 Verify16 Write10 Write12 Write16
	CompareAndWrite OrWrite Prefetch10 Prefetch16 ReadDefectData10 ReadDefectData12
	WriteAtomic16 WriteVerify10 WriteVerify12 WriteVerify16 $COPY $THIN $SAME
	PrinReadKeys PrinReportCapabilities PrinServiceactionRange ProutRegister ProutReserve
	ProutClear ProutPreempt Reserve6"

requires() { _have_program iscsi-test-cu; }

# On a disk of their own; LIO's has none of these attributes.
run_suites_on() { # suites attribute=value...
	local suite
	if [ "$PEER" = lio ]; then
		make_named_disk || return
	else
		make_named_disk "${@:2}" || return
	fi
	for suite in $1; do run_suite "$suite"; done
	lio_clear
}

# SWP of the control mode page; the tool looks at WP when it starts.
write_protect() {
	printf '\0\0\0\0\x0a\x0a\x02\x10\x08\x40\0\0\0\0\0\1' >page
	ok "the unit is write protected" quietly sg_raw -s 16 -i page "$SG" 15 10 00 00 10 00
}

run_read_only() {
	make_named_disk "$@" || return
	write_protect
	run_suite ReadOnly
	lio_clear
}

# A unit whose medium is out says so; one that is stopped says that.
proof_start_stop() {
	local pc immed flush
	for ((pc = 1; pc < 16; pc++)); do
		scsi 1b 01 00 00 "$(printf '%x2' $pc)" 00
		case $pc in
		1 | 2 | 3 | 7) is "$ANSWER" good "START STOP UNIT with LOEJ and power condition $pc" ;;
		*) is "$ANSWER" "5/24/00 sks=cf0004" "power condition $pc is reserved, or not for this unit" ;;
		esac
		scsi_is good "the medium is there" 00 00 00 00 00 00
	done
	for immed in 00 01; do
		for flush in 0 4; do
			scsi_is good "stopped, IMMED $immed, NO_FLUSH $flush" 1b $immed 00 00 0$flush 00
			scsi_is 2/04/02 "a stopped unit wants START, not its medium" 00 00 00 00 00 00
			scsi_is good "started" 1b $immed 00 00 0$((flush + 1)) 00
			scsi_is good "and ready" 00 00 00 00 00 00
		done
	done
}

# Each command that writes.
proof_read_only() {
	local cdb
	head -c 1024 /dev/zero >two
	printf '\0\x16\0\x10\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1\0\0\0\0' >unmap
	write_protect
	for cdb in "0a 00 00 00 01 00" "2a 00 00 00 00 00 00 00 01 00" "aa 00 00 00 00 00 00 00 00 01 00 00" \
		"8a 00 00 00 00 00 00 00 00 00 00 00 00 01 00 00" "41 00 00 00 00 00 00 00 01 00" "41 08 00 00 00 00 00 00 01 00" \
		"93 00 00 00 00 00 00 00 00 00 00 00 00 01 00 00" "93 08 00 00 00 00 00 00 00 00 00 00 00 01 00 00" \
		"2e 00 00 00 00 00 00 00 01 00" "8b 00 00 00 00 00 00 00 00 00 00 00 00 01 00 00"; do
		# shellcheck disable=SC2086 # a CDB is words
		scsi_is 7/27/00 "write protected: $cdb" w zero $cdb
	done
	scsi_is 7/27/00 "COMPARE AND WRITE" w two 89 00 00 00 00 00 00 00 00 00 00 00 00 01 00 00
	scsi_is 7/27/00 "WRITE SAME(16) with NDOB" 93 01 00 00 00 00 00 00 00 00 00 00 00 01 00 00
	scsi_is 7/27/00 "UNMAP" w unmap 42 00 00 00 00 00 00 00 18 00
}

# With reservations, whose tests run.
expect_skipped() {
	sg_opcodes --opcode=0x5e,0 "$SG" 2>/dev/null | grep -q "is supported" ||
		for name in "${PR_SKIPPED[@]}"; do SKIPPED+=("$name PR|PERSISTENT"); done
	sg_opcodes --opcode=0x16 "$SG" 2>/dev/null | grep -q "is supported" ||
		for name in "${RESERVE_SKIPPED[@]}"; do SKIPPED+=("$name RESERVE6"); done
}

proofs() {
	local select sa byte
	make_named_disk removable=1 emulate_tpu=1 emulate_tpws=1 emulate_wsnz=0 || return
	for select in 00 02 11; do
		data_is "00 00 00 08 00 00 00 00 00 00 00 00 00 00 00 00" "REPORT LUNS, SELECT REPORT $select" 16 \
			a0 00 $select 00 00 00 00 00 00 10 00 00
	done
	scsi_is "5/24/00 sks=cf0006" "REPORT LUNS with less room than 16 bytes" r 8 a0 00 00 00 00 00 00 00 00 08 00 00
	for sa in 09 0a 0b 0c 0d 0e 0f 12; do
		scsi r 64 a3 0c 02 7f 00 $sa 00 00 00 40 00 00
		like "$DATA" "^00 03 00 20 7f 04( ..){5} 18 00 $sa " "usage data of 7Fh/${sa}h are 32 bytes"
	done
	dd if=/dev/urandom of="$(lio_dev $WWN 1 0)" bs=1M count=64 oflag=direct status=none
	head -c 512 /dev/zero >zero
	# 64 MiB are 131072 blocks: the number of the last 16.
	scsi_is good "WRITE SAME(10), unmapped until the end" w zero 41 08 00 01 ff f0 00 00 00 00
	scsi r 8192 28 00 00 01 ff f0 00 00 10 00
	is "$ANSWER $(tr -d '0 ' <<<"$DATA")" "good " "reads zeros"
	scsi r 512 28 00 00 01 ff ef 00 00 01 00
	like "$(tr -d '0 ' <<<"$DATA")" . "the block before is as it was"
	scsi_is "5/24/00 sks=ce0001" "SANITIZE with a reserved bit" 48 42 00 00 00 00 00 00 00 00
	for sa in 2 3 4 5 6; do
		scsi_like "^5/24/00 sks=c.000$sa" "and a reserved byte $sa" \
			48 02 $(for byte in 2 3 4 5 6; do [ $byte = $sa ] && echo 01 || echo 00; done) 00 00 00
	done
	proof_start_stop
	proof_read_only
	scsi_close
	lio_clear
}

test() {
	local suite
	make_named_disk || return
	expect_skipped
	iscsi-test-cu -l | sed -n 's/^SCSI\.\([^.]*\)$/\1/p' >suites
	for suite in $(grep -vxE "$(tr ' ' '|' <<<"MultipathIO ReadOnly $REMOVABLE $COPY $LARGE $THIN $SAME $ERASE")" suites); do
		run_suite "$suite"
	done
	lio_clear
	run_suites_on "$REMOVABLE" removable=1 emulate_tpu=1 || return
	PAGES=$COPY_PAGES run_suites_on "$COPY $LARGE" || return
	run_suites_on "$THIN Inquiry" emulate_tpu=1 emulate_tpws=1 || return
	# A small one: the tool does not wait long for an emulated CPU to encrypt.
	PAGES=2048 run_suites_on "$ERASE" emulate_tpu=1 emulate_tpws=1 encrypted=1 || return
	run_suites_on "$SAME CompareAndWrite" emulate_tpu=1 emulate_tpws=1 emulate_wsnz=0 phys_block_size=4096 \
		max_write_same_len=32768 || return
	run_read_only emulate_tpu=1 emulate_tpws=1 || return
	merge
	note "conformance: $(wc -l <merged) tests, $(summary passed) passed," \
		"$(summary failed) failed, $(summary skipped) skipped" | tee "$RESULTS/conformance.txt"
	grep -v ' passed ' merged
	ok "the tool ran at least 200 tests" [ "$(wc -l <merged)" -ge 200 ]
	for suite in $PRESENT; do
		is "$(grep 'not implemented' "out.$suite" | grep -m1 -v 'PERSISTENT RESERVE IN')" "" "$suite: no command is missing"
	done
	[ "$PEER" = lio ] || { check_skipped; proofs; }
}
