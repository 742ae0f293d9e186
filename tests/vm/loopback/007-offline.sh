# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="A port that is offline fails commands as a broken transport; back online it reports the loss and works."
WWN=naa.5001405000000001
. /rig/src/tests/vm/common.sh

status() { echo "$(lio_tpg $WWN 1)/transport_status"; }
read_disk() { dd if="$DEV" of=/dev/null bs=4k count=1 iflag=direct status=none 2>/dev/null; }

test() {
	make_disk 256 || return
	is "$(cat "$(status)")" online "a port starts online"
	not_ok "there is no third state" sh -c "echo sleeping 2>/dev/null >$(status)"
	is "$(cat "$(status)")" online "and it is as before"
	ok "the disk can be read" read_disk
	ok "the port goes offline" sh -c "echo offline >$(status)"
	is "$(cat "$(status)")" offline "and says so"
	not_ok "the disk cannot be read" read_disk
	like "$(sg_raw -v "$SG" 0 0 0 0 0 0 2>&1)" "TRANSPORT_DISRUPTED|0x0e" "its transport is disrupted"
	ok "the port goes online" sh -c "echo online >$(status)"
	is "$(cat "$(status)")" online "and says so"
	scsi_is 6/29/07 "the first command hears of the lost nexus" 00 00 00 00 00 00
	scsi_is good "the next one is well" 00 00 00 00 00 00
	ok "the disk can be read" read_disk
	is "$(cat "$(lio_sysfs $WWN 1 0)/state")" running "it has not been given up"
	lio_clear
}
