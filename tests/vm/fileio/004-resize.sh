# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="A file and a ramdisk get larger and smaller under I/O: initiators are told, and the disk follows."
TIMEOUT=200
. /rig/src/tests/vm/common.sh
. /rig/src/tests/vm/fileio/lib.sh
requires() { _have_peer ours && _have_program fio; }

is_size() { [ "$(blockdev --getsize64 "$DEV")" = "$1" ]; }

resize() { # bytes
	ok "capacity $1" sh -c "echo $1 >$DISK/attrib/capacity" || return
	is "$(cat "$DISK/attrib/capacity")" "$1" "is shown"
	ok "the disk follows" wait_until 20 is_size "$1"
}

refused() { # bytes
	not_ok "capacity $1 is none" sh -c "echo $1 >$DISK/attrib/capacity" 2>/dev/null
}

grow_and_shrink() { # bytes
	resize $(($1 * 2))
	ok "the new end is written" dd if=/dev/urandom of="$DEV" bs=4k seek=$(($1 * 2 / 4096 - 1)) count=1 oflag=direct status=none
	resize "$1"
	scsi r 512 28 00 "$(printf %08x $(($1 / 512)) | sed 's/../& /g')" 00 00 01 00
	like "$ANSWER" "^5/21/00" "what is behind the end is there no more"
	refused 0
	refused 4095
	refused x
	is "$(cat "$DISK/attrib/capacity")" "$1" "which changes nothing"
	ok "what it is already" sh -c "echo $1 >$DISK/attrib/capacity"
}

# Sizes change all the time; I/O to what is there always is right.
under_io() { # bytes
	local i
	ok "fio starts" fio_start io "$DEV" --size=1m
	for ((i = 0; i < $(scaled 10 4); i++)); do
		echo $(($1 * (2 + i % 3))) >"$DISK/attrib/capacity" || break
		sleep 0.1
	done
	echo "$1" >"$DISK/attrib/capacity"
	ok "and was right" fio_stop io
	# Reads of all there may be: each ends, with data or an error.
	timeout 60 fio --name=end --filename="$DEV" --direct=1 --rw=randread --bs=64k --ioengine=libaio \
		--iodepth=16 --size="$1" --time_based --runtime=3 --continue_on_error=io --output=/dev/null 2>errors &
	local pid=$!
	for ((i = 0; i < 6; i++)); do
		echo $(($1 / (1 + i % 2 * 3))) >"$DISK/attrib/capacity"
		sleep 0.3
	done
	wait $pid
	not_ok "a reader of all of it ends" [ $? = 124 ]
	is "$(grep -cv 'Remote I/O error' errors)" 0 "and fails behind the end only"
	echo "$1" >"$DISK/attrib/capacity"
	ok "the disk is back at its size" wait_until 20 is_size "$1"
}

by_attribute() { # bytes
	echo "$1" >"$DISK/attrib/capacity"
}

told() { # bytes function
	ok "a second port" lio_mk_port $WWN 2 || return
	# Without the kernel's handler of access states, and without its disk, there is nobody
	# who takes the attention first.
	echo 0 >"$DISK/alua/default_tg_pt_gp/alua_access_type"
	ok "has it, too" lio_link $WWN 2 0 "${DISK#"$CORE"/}" || return
	lio_dev $WWN 2 0 >/dev/null
	local sysfs
	sysfs=$(lio_sysfs $WWN 2 0)
	basename "$(readlink -f "$sysfs")" >/sys/bus/scsi/drivers/sd/unbind
	SG=$(lio_sg $WWN 2 0)
	scsi 00 00 00 00 00 00
	scsi 00 00 00 00 00 00
	"$2" $(($1 * 2))
	scsi 00 00 00 00 00 00
	is "$ANSWER" "6/2a/09" "CAPACITY DATA HAS CHANGED"
	scsi 00 00 00 00 00 00
	is "$ANSWER" good "once"
	scsi r 8 25 00 00 00 00 00 00 00 00 00
	is "$DATA" "$(printf '%08x' $(($1 * 2 / 512 - 1)) | sed 's/../& /g')00 00 02 00" "READ CAPACITY"
	"$2" "$1"
	scsi_close
}

has_capacity() { [ "$(cat "$DISK/attrib/capacity")" = "$1" ]; }

by_device() { # bytes
	truncate -s "$1" "$WORK/device" && losetup -c "$LOOP"
	ok "a unit of $1 bytes, as its device" wait_until 30 has_capacity "$1"
}

# A block device's size is found out without being asked for.
of_the_device() { # bytes
	modprobe -q loop
	truncate -s "$1" "$WORK/device"
	LOOP=$(losetup --show -f "$WORK/device")
	make_file "$LOOP" 0 || return
	by_device $(($1 * 3))
	ok "the disk follows" wait_until 20 is_size $(($1 * 3))
	refused $(($1 * 2))
	by_device "$1"
	ok "the disk follows" wait_until 20 is_size "$1"
	told "$1" by_device
	blockdev --setro "$LOOP"
	ok "a device that cannot be written any more" wait_until 30 write_protected
	lio_clear
	# It would be the next one's who gets it.
	blockdev --setrw "$LOOP"
	losetup -d "$LOOP"
}

write_protected() {
	scsi r 4 1a 0 3f 0 4 0
	[ $((0x$(cut -d' ' -f3 <<<"$DATA") & 0x80)) = 128 ]
}

of_the_file() { # bytes
	truncate -s $(($1 * 3)) $MNT/tmpfs/file
	is "$(cat "$DISK/attrib/capacity")" "$1" "a longer file alone is no larger unit"
	ok "until it is looked at" sh -c "echo 1 >$DISK/action/rescan"
	ok "the disk follows" wait_until 20 is_size $(($1 * 3))
	like "$(cat "$DISK/info")" "Size: $(($1 * 3))  " "info shows it, so that it is saved"
	truncate -s "$1" $MNT/tmpfs/file
	is "$(dd if="$DEV" bs=4k skip=$(($1 / 4096 + 10)) count=1 iflag=direct status=none | tr -d '\0' | wc -c)" 0 "a cut file reads as zeros"
	ok "looked at again" sh -c "echo 1 >$DISK/action/rescan"
	ok "the disk follows" wait_until 20 is_size "$1"
}

test() {
	local bytes=$((8 << 20))
	mount_tmpfs || return
	make_file $MNT/tmpfs/file $bytes || return
	grow_and_shrink $bytes
	under_io $bytes
	scsi_close
	of_the_file $bytes
	told $bytes by_attribute
	lio_clear
	umount_all
	of_the_device $bytes
	make_disk $((bytes / 4096)) || return
	grow_and_shrink $bytes
	resize $((bytes * 2))
	is "$(dd if="$DEV" bs=4k skip=$((bytes * 2 / 4096 - 1)) count=1 iflag=direct status=none | tr -d '\0' | wc -c)" 0 "a ramdisk has forgotten"
	resize $bytes
	under_io $bytes
	scsi_close
	lio_clear
}
