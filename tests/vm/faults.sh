# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# What the tests of faults share: a disk's errors, and the table of what an initiator sees
# of them and when.

# READ(10) and WRITE(10) of blocks by number.
cdb_rw() { # opcode lba blocks
	printf '%s 0 %x %x %x %x 0 %x %x 0' "$1" $(($2 >> 24 & 255)) $(($2 >> 16 & 255)) \
		$(($2 >> 8 & 255)) $(($2 & 255)) $(($3 >> 8 & 255)) $(($3 & 255))
}

read_blocks() { # lba blocks
	scsi r $(($2 * 512)) $(cdb_rw 28 $1 $2)
}

write_blocks() { # lba blocks
	head -c $(($2 * 512)) /dev/zero >out
	scsi w out $(cdb_rw 2a $1 $2)
}

flush() { scsi 35 0 0 0 0 0 0 0 0 0; }

answers() { # want text
	is "$ANSWER" "$1" "$2"
}

ms_since() { # microseconds
	echo $(((${EPOCHREALTIME/./} - $1) / 1000))
}

# What an application sees of the same: the name of an errno, or ok.
errno_of() { # read_blocks|write_blocks|flush [lba blocks]
	python3 - "$DEV" "$@" <<-'END'
		import errno, mmap, os, sys
		dev, what, *where = sys.argv[1:]
		lba, blocks = (int(n) for n in where or (0, 0))
		try:
		    fd = os.open(dev, os.O_RDWR | os.O_DIRECT)
		    memory = mmap.mmap(-1, max(blocks, 1) * 512)
		    if what == "read_blocks":
		        os.preadv(fd, [memory], lba * 512)
		    elif what == "write_blocks":
		        os.pwritev(fd, [memory], lba * 512)
		    else:
		        os.fsync(fd)
		    print("ok")
		except OSError as error:
		    print(errno.errorcode[error.errno])
	END
}

# Of a disk that has gone: fio ends when it is told to, as none of its I/O stays away.
fio_ends() {
	kill -INT "$FIO_load" 2>/dev/null
	ok "fio ends" wait_until $((60 * SLOW)) not_running "$FIO_load"
}

# A row of the table: what the command gets, what an application does, and how long it
# took. Any answer is better than none, so all of them have the same limit.
fault() { # text want errno-or-- command...
	local start=${EPOCHREALTIME/./} ms error=-
	"${@:4}"
	ms=$(ms_since "$start")
	like "$ANSWER" "^($2)\$" "$1"
	ok "$1: in time" [ "$ms" -lt $((30000 * SLOW)) ]
	if [ "$3" != - ]; then
		error=$(errno_of "${@:4}")
		like "$error" "^($3)$" "$1: errno"
	fi
	printf '%-54s %-24s %-10s %6d ms\n' "$1" "$ANSWER" "$error" "$ms" >>"$WORK/faults"
}

# Prints the table, and leaves it with the results.
fault_table() { # backstore
	tee "$RESULTS/faults-$1.txt" <"$WORK/faults" | sed "s/^/# fault: $1: /"
}
