# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="A SCSI device's errors go through pscsi as they are, and its end is known soon."
TIMEOUT=200
. /rig/src/tests/vm/pscsi/lib.sh
. /rig/src/tests/vm/faults.sh
requires() { _have_module scsi_debug && _have_program fio; }

OPTS=/sys/bus/pseudo/drivers/scsi_debug/opts
NTH=/sys/bus/pseudo/drivers/scsi_debug/every_nth

# Faults by their bits in opts; with every command, so that the device alone has the same.
injected() { # text opts want errno command...
	local through sg=$SG
	echo 1 >$NTH
	echo "$2" >$OPTS
	fault "scsi_debug: $1" "$3" "$4" "${@:5}"
	through=$ANSWER
	SG=$RAW_SG
	"${@:5}"
	is "$through" "$ANSWER" "$1: as without the target"
	SG=$sg
	echo 0 >$OPTS
	echo 0 >$NTH
}

test() {
	ok "a SCSI disk" scsi_debug dev_size_mb=16 || return
	ok "through the target" eval 'mk_pscsi disk && link_pscsi disk' || return
	write_blocks 4600 200
	answers good "it is written"
	injected "a medium error, of 100 blocks" 2 "3/11/00 info=00001234" ENODATA read_blocks 4600 100
	injected "a medium error, of one block" 2 "3/11/00 info=00001236" ENODATA read_blocks 4662 1
	injected "a recovered error" 8 "1/5d/00.*|1/0b/.*|1/.*" ok read_blocks 0 8
	injected "an error of the transport" 16 "b/.*" - read_blocks 0 8
	read_blocks 4600 200
	answers good "without faults all is read"
	fio_start load "$DEV" --ignore_error=ENODEV:EIO:EREMOTEIO
	echo 1 >"$RAW/delete"
	fault "scsi_debug: deleted under I/O, a read" "2/08/00" "EIO|ENODEV" read_blocks 0 8
	fault "scsi_debug: deleted, a write" "2/08/00" "EIO|ENODEV" write_blocks 0 8
	fio_ends
	fault_table pscsi
	scsi_debug_end
}
