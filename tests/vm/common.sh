# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# What several groups of VM tests share. A test reads it with
#
#	. "$VM/common.sh"

VM=/rig/src/tests/vm
WWN=naa.5001405000000001

# How much less work the test kernel gets in the same time.
SLOW=1
[ "$KERNEL" != test ] || SLOW=5

# A size or count that the test kernel gets a fifth of, at least the least.
scaled() { # number [least]
	local n=$(($1 / SLOW))
	[ $n -ge "${2:-1}" ] || n=${2:-1}
	echo "$n"
}

# How often something is done over and over: in full on 6.12, a quarter on the others.
repeats() { # number [least]
	local n
	n=$(scaled "$@")
	case $KERNEL in 6.12 | test) ;; *) n=$(((n + 3) / 4)) ;; esac
	echo "$n"
}

# How many rounds of the same: in the test kernel one, whose checkers see in a first
# round what they would in a third.
rounds() { # number
	if [ "$KERNEL" = test ]; then echo 1; else echo "$1"; fi
}

# Runs a command without its output, which appears when it fails.
quietly() { # command...
	local status=0
	"$@" >"$WORK/quietly" 2>&1 || status=$?
	[ $status = 0 ] || tail -n 30 "$WORK/quietly"
	return $status
}

# The test kernel was built without the cipher that a ramdisk needs to encrypt.
has_cipher() { [ "$KERNEL" != test ]; }

# What a write to configfs comes to: ok, or the name of the error.
outcome() { # value file
	python3 - "$1" "$2" <<-'END'
		import errno, os, sys
		try:
		    fd = os.open(sys.argv[2], os.O_WRONLY)
		    os.write(fd, (sys.argv[1] + "\n").encode())
		    print("ok")
		except OSError as error:
		    print(errno.errorcode[error.errno])
	END
}

# --- disks ------------------------------------------------------------------

# A ramdisk on the test's port. Prints nothing; DEV and SG name the disk.
make_disk() { # pages [rd-parameter...]
	ok "a ramdisk of $1 pages becomes a disk" lio_quick_disk "$@" >"$WORK/dev" || return
	DEV=$(grep ^/dev/ "$WORK/dev")
	SG=$(lio_sg $WWN 1 0)
	DISK=$CORE/rd_mcp_0/disk
}

# One more ramdisk as a LUN of the test's port.
add_lun() { # lun pages
	lio_mk_rd "disk$1" "$2" && lio_link $WWN 1 "$1" "rd_mcp_0/disk$1" && luns_known
}

# The other LUNs of the test's port say that the list has changed until someone reads it.
luns_known() { sg_luns --quiet "$SG" >/dev/null 2>&1 || true; }

# --- device mapper ---------------------------------------------------------

dm_create() { # name < table
	dmsetup create "$1"
}

dm_dev() { echo "/dev/$(dmsetup info -c --noheadings -o blkdevname "$1")"; }

# Another table, of the same size, under whatever goes on.
dm_change() { # name < table
	dmsetup load "$1" && dmsetup suspend --nolockfs --noflush "$1" && dmsetup resume "$1"
}

dm_remove() { dmsetup remove --retry "$1"; }

# --- fio --------------------------------------------------------------------

# A disk without entropy for its buffers' sake: fio's own generator is the
# dearest thing under an emulator.
fio_run() { # name fio-option...
	quietly timeout $((120 * SLOW)) fio --name="$1" --randrepeat=1 --allrandrepeat=1 \
		--output-format=terse "${@:2}"
}

# Writes and reads back with a checksum in each block.
fio_verify() { # name device fio-option...
	fio_run "$1" --filename="$2" --direct=1 --verify=crc32c --verify_fatal=1 \
		--verify_dump=0 --rw=randwrite "${@:3}"
}

# Verified I/O until fio_stop; fio_result says what came of it. Each pass writes
# all of the size and reads it back, in bursts: what goes on beside it is the test,
# and fio would take all of the emulated CPUs.
fio_start() { # name device fio-option...
	fio --name="$1" --filename="$2" --direct=1 --ioengine=libaio --iodepth=16 \
		--rw=randwrite --bs=4k --size=4m --verify=crc32c --verify_fatal=1 --verify_dump=0 \
		--thinktime=$((10000 * SLOW)) --thinktime_blocks=64 --loops=100000 --output="$WORK/fio.$1" "${@:3}" >"$WORK/fio.$1.err" 2>&1 &
	eval "FIO_$1=$!"
	fio_moves "$2"
}

# True when the disk has done I/O since the call.
fio_moves() { # device
	local stat=/sys/block/${1##*/}/stat before
	before=$(cat "$stat") || return
	# shellcheck disable=SC2016 # for the inner shell
	wait_until $((30 * SLOW)) bash -c '[ "$(cat "$0" 2>/dev/null)" != "$1" ]' "$stat" "$before"
}

fio_runs() { local pid=FIO_$1; kill -0 "${!pid}" 2>/dev/null; }

# Asks fio to end, as Ctrl-C does; true when no I/O failed and all data was right.
fio_stop() { # name
	local pid=FIO_$1 status=0
	fio_runs "$1" || echo "fio $1 ended by itself"
	kill -INT "${!pid}" 2>/dev/null
	fio_wait "$1" || status=$?
	# It exits with 128 for the signal plus the number of jobs with an error.
	[ $status = 128 ] || { tail -n 5 "$WORK/fio.$1.err" "$WORK/fio.$1"; return 1; }
}

# Waits for fio to end by itself, but not for ever: a fio that hangs on a dead
# disk fails its test, not the machine.
fio_wait() { # name
	local pid=FIO_$1
	wait_until $((60 * SLOW)) not_running "${!pid}" || return 99
	wait "${!pid}"
}

# True for a zombie, too, whose parent has yet to ask. Without a program: it is called often.
not_running() { # pid
	local state
	{ read -r _ _ state _ <"/proc/$1/stat"; } 2>/dev/null || return 0
	[ "$state" = Z ]
}

# Runs a command that must end in time; what it hangs in stays behind for the watchdog.
within() { # seconds command...
	local pid
	"${@:2}" &
	pid=$!
	wait_until "$1" not_running $pid || return 124
	wait $pid
}

# --- raw commands ------------------------------------------------------------

# One program sends all commands to $SG: see sgio.py. It ends with the test, or
# when $SG has become another device.
scsi_open() {
	[ "${SGIO_OF:-}" != "$SG" ] || return 0
	scsi_close
	coproc SGIO { exec python3 $VM/sgio.py "$SG"; }
	SGIO_OF=$SG
}

scsi_close() {
	[ -n "${SGIO_OF:-}" ] || return 0
	SGIO_OF=''
	# The shell forgets one that has ended by itself.
	[ -n "${SGIO_PID:-}" ] || return 0
	eval "exec ${SGIO[1]}>&-"
	wait "$SGIO_PID"
}

# Sends a CDB in hex, after "r LENGTH" for data-in or "w FILE" for data-out, and before
# that "@DEVICE" for another than $SG. Sets
# ANSWER to what became of it and DATA to the data-in in hex.
scsi() { # [@device] [r length | w file] cdb...
	scsi_open
	echo "$*" >&"${SGIO[1]}"
	{ read -r ANSWER && read -r DATA; } <&"${SGIO[0]}" || ANSWER="sgio.py ended" DATA=''
}

# A command and what must become of it.
scsi_is() { # want text [r length | w file] cdb...
	scsi "${@:3}"
	is "$ANSWER" "$1" "$2"
}

scsi_like() { # pattern text [r length | w file] cdb...
	scsi "${@:3}"
	like "$ANSWER" "$1" "$2"
}

# Data-in and what it must be.
data_is() { # want text length cdb...
	scsi r "${@:3}"
	is "$ANSWER: $DATA" "good: $1" "$2"
}

# How often the loopback queues' threads have given up their CPU: to sleep, or to yield.
queue_switches() {
	local comm sum=0
	for comm in /proc/[0-9]*/comm; do
		! grep -qs ^tcm_loop "$comm" ||
			sum=$((sum + $(awk '/ctxt_switches/ { n += $2 } END { print n }' "${comm%comm}status")))
	done
	echo $sum
}
