# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="A tape and a media changer go through pscsi as disks do, and a device that is unplugged answers soon."
TIMEOUT=240
. /rig/src/tests/vm/pscsi/lib.sh
requires() { _have_program sg_inq lsscsi; _have_module scsi_debug; }

# Nobody has to claim it.
tape() {
	ok "a tape" scsi_debug ptype=1 dev_size_mb=16 || return
	ok "through the target" eval 'mk_pscsi tape && link_pscsi tape' || return
	like "$(lsscsi "${SG##*/}" 2>/dev/null; lsscsi -g | grep "$SG ")" 'tape .*scsi_debug' "is a tape"
	is "$(cat $PSCSI/tape/statistics/scsi_lu/dev_type)" 1 "to the MIB, too"
	is "$(sg_inq "$SG" | sha256sum)" "$(sg_inq "$RAW_SG" | sha256sum)" "INQUIRY says the same"
	same "TEST UNIT READY" 0 0 0 0 0 0
	same "READ BLOCK LIMITS" r 6 5 0 0 0 0 0
	same "REWIND" 1 0 0 0 0 0
	same "LOCATE" 2b 0 0 0 0 0 0 0 0 0
	same "READ POSITION" r 20 34 0 0 0 0 0 0 0 0 0
	same "WRITE FILEMARKS" 10 0 0 0 1 0
	same "SPACE" 11 0 0 0 1 0
	same "READ of variable blocks" r 4096 8 0 0 10 0 0
	same "READ of fixed blocks" r 4096 8 1 0 0 8 0
	head -c 4096 /dev/urandom >out
	same "WRITE of a block" w out a 0 0 10 0 0
	same "MODE SENSE" r 64 1a 0 3f 0 40 0
	scsi_debug_end
}

changer() {
	ok "a media changer" scsi_debug ptype=8 dev_size_mb=16 || return
	ok "through the target" eval 'mk_pscsi changer && link_pscsi changer' || return
	like "$(lsscsi -g | grep "$SG ")" 'mediumx .*scsi_debug' "is a media changer"
	same "INQUIRY" r 96 12 0 0 0 60 0
	same "INITIALIZE ELEMENT STATUS" 7 0 0 0 0 0
	same "READ ELEMENT STATUS" r 255 b8 0 0 0 0 ff 0 0 0 ff 0 0
	same "MODE SENSE" r 64 1a 0 1d 0 40 0
	scsi_debug_end
}

# While it is busy, and with commands that take a while.
unplug() {
	local start
	ok "a slow disk" scsi_debug dev_size_mb=16 ndelay=20000000 || return
	ok "through the target" eval 'mk_pscsi disk && link_pscsi disk' || return
	fio_start load "$DEV" --ignore_error=ENODEV:EIO:EREMOTEIO
	start=$SECONDS
	echo 1 >"$RAW/delete"
	scsi r 512 28 0 0 0 0 0 0 0 1 0
	is "$ANSWER" 2/08/00 "it has been deleted"
	ok "in time" [ $((SECONDS - start)) -le $((30 * SLOW)) ]
	ok "fio has ended in time" wait_until $((120 * SLOW)) not_running "$FIO_load"
	scsi_debug_end
}

test() {
	tape
	changer
	unplug
}
