# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="Parameter lists of third-party copy commands that are nearly right are done or refused, and the disk stays well."
TIMEOUT=300
. /rig/src/tests/vm/common.sh
. /rig/src/tests/vm/scsi/copy.sh

requires() { _have_peer ours; }

test() {
	copy_disks 4096 || return
	scsi_close
	python3 $VM/scsi/copyfuzz.py "$SG_A" "$NAA_A" "$(scaled 5000)" 1 >counts
	is $? 0 "they are sent"
	note "$(tr '\n' ' ' <counts)"
	is "$(grep -vcE '^(5|a|good|6|status 28) ' counts)" 0 "done, refused, or aborted, and nothing else"
	ok "many of them are done" [ "$(awk '/^good/ { print $2 }' counts)" -gt 100 ]
	ok "many of them are refused" [ "$(awk '/^5/ { print $2 }' counts)" -gt 100 ]
	fio_verify copied "$DEV_A" --bs=4k --size=2m
	is $? 0 "the disk still keeps what is written"
	lio_clear
}
