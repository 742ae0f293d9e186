# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="Saved mode pages outlive the device, the module and a reset, belong to one unit only, and no file nor filesystem below dbroot does harm."
TIMEOUT=300
. /rig/src/tests/vm/common.sh
requires() { _have_peer ours && _have_program mkfs.ext4 fsfreeze; }

DB=$WORK/db
FILE=$DB/mode/rd_mcp_0-disk

make_unit() { # [serial]
	lio_mk_rd disk 1024 || return
	echo "${1-0123456789abcdef}" >$CORE/rd_mcp_0/disk/wwn/vpd_unit_serial
	lio_mk_port $WWN && lio_link $WWN 1 0 rd_mcp_0/disk && lio_dev $WWN 1 0 >unit || return
	SG=$(lio_sg $WWN 1 0)
}

remake() { # [serial]
	scsi_close
	lio_clear
	lio_load && make_unit "$@"
}

# Bytes 3 and 4 of the control mode page: QERR and SWP.
control() { # page-control
	local pc
	printf -v pc %02x $(($1 << 6 | 0x0a))
	scsi r 16 1a 08 $pc 00 10 00
	echo "${DATA:12:2} ${DATA:21:5}"
}

# MODE SELECT(6) of the control page.
select_control() { # sp byte3 byte4
	local list='\x00\x00\x00\x00\x0a\x0a\x02'"\\x$2\\x$3"'\x40\x00\x00\x00\x00\x00\x01'
	# shellcheck disable=SC2059 # the bytes are escapes
	printf "$list" >list
	scsi w list 15 1$1 00 00 10 00
}

notices() { dmesg | grep -c 'no mode pages that this unit saved'; }

nothing_without_directory() {
	ok "a unit without a directory for it" make_unit
	is "$(control 0)" "0a 10 00" "PS is 0"
	scsi_is 5/39/00 "there are no saved values" r 16 1a 08 ca 00 10 00
	select_control 1 16 00
	is "$ANSWER" "5/24/00 sks=c80001" "SP is refused"
	scsi r 16 a3 0c 01 15 00 00 00 00 00 10 00 00
	like "$DATA" '15 10 ' "and is not reported"
	mkdir $DB/mode
	ok "the directory is there, the serial number is not" remake ""
	is "$(control 0)" "0a 10 00" "PS is 0"
}

saved() {
	ok "a unit with both" remake
	is "$(control 0)" "8a 10 00" "PS is 1"
	is "$(control 3)" "8a 10 00" "saved are the defaults"
	scsi r 16 a3 0c 01 15 00 00 00 00 00 10 00 00
	like "$DATA" '15 11 ' "SP is reported"
	select_control 0 16 00
	is "$ANSWER" good "QERR is set, not saved"
	not_ok "there is no file" [ -e $FILE ]
	is "$(control 3)" "8a 10 00" "the saved values are the same"
	select_control 1 12 08
	is "$ANSWER" good "QERR and SWP are set and saved"
	ok "there is a file" [ -s $FILE ]
	is "$(ls -A $DB/mode)" "${FILE##*/}" "and no other"
	is "$(control 0) $(control 3)" "8a 12 08 8a 12 08" "current and saved values"
	select_control 0 16 00
	is "$(control 0) $(control 3)" "8a 16 00 8a 12 08" "current values alone change"
	ok "a LUN reset" sg_reset -d "$SG"
	scsi 00 00 00 00 00 00
	is "$(control 0) $(control 3)" "8a 12 08 8a 12 08" "brings the saved ones back"
	ok "the unit is made anew, the modules loaded anew" reload
	is "$(control 0) $(control 3)" "8a 12 08 8a 12 08" "values are as saved"
}

reload() {
	scsi_close
	lio_clear
	lio_unload && lio_load && use_db && make_unit
}

use_db() { echo $DB >$TARGET/dbroot; }


sd_cache() { echo "$1" >"$(echo "$(lio_sysfs $WWN 1 0)"/scsi_disk/*)/cache_type"; }

# One more, that the kernel's own driver writes.
by_sd() {
	select_control 1 10 00
	is "$ANSWER" good "all values as at first"
	# sd must see that the disk is not write protected any more.
	ok "made anew" remake
	ok "sd turns the cache on" sd_cache "write back"
	scsi r 32 1a 08 c8 00 20 00
	is "${DATA:12:8}" "88 12 04" "as PS is 1, it has been saved"
	ok "made anew" remake
	is "$(cat "$(lio_sysfs $WWN 1 0)"/scsi_disk/*/cache_type)" "write back" "sd finds it so"
	ok "sd turns it off" sd_cache "write through"
	select_control 1 12 08
	is "$ANSWER" good "QERR and SWP are saved again"
}

others() {
	local before
	before=$(notices)
	cp $FILE good
	ok "another unit of that name" remake fedcba9876543210
	is "$(control 0) $(control 3)" "8a 10 00 8a 10 00" "takes nothing of it"
	is "$(notices)" $((before + 1)) "one notice"
	ok "a unit of another name with the same serial number" lio_mk_rd copy 1024
	echo 0123456789abcdef >$CORE/rd_mcp_0/copy/wwn/vpd_unit_serial
	cp good $DB/mode/rd_mcp_0-copy
	ok "and a copy of the file" lio_link $WWN 1 1 rd_mcp_0/copy
	SG=$(lio_sg $WWN 1 1)
	is "$(control 0) $(control 3)" "8a 10 00 8a 10 00" "takes nothing of it either"
	rm $DB/mode/rd_mcp_0-copy
}

# What may lie there; each must leave the unit usable, with default values.
bad_file() { # text command...
	rm -rf $FILE
	"${@:2}"
	ok "$1" remake
	is "$(control 0) $(control 3)" "8a 10 00 8a 10 00" "is ignored"
}

flip() { cp good $FILE; printf '\xff' | dd of=$FILE bs=1 seek="$1" conv=notrunc status=none; }

bad_files() {
	local size
	size=$(stat -c %s good)
	bad_file "an empty file" touch $FILE
	bad_file "half a file" sh -c "head -c $((size / 2)) good >$FILE"
	bad_file "one byte short" sh -c "head -c $((size - 1)) good >$FILE"
	bad_file "one byte more" sh -c "cat good - <<<'' >$FILE"
	bad_file "a length that lies" flip 9
	bad_file "a damaged page" flip $((size - 10))
	bad_file "noise" dd if=/dev/urandom of=$FILE bs=1k count=1 status=none
	bad_file "a large file" truncate -s 1G $FILE
	bad_file "a FIFO" mkfifo $FILE
	bad_file "a directory" mkdir $FILE
	bad_file "a symbolic link to the right file" ln -s "$WORK/good" $FILE
}

good_file() {
	rm -rf $FILE
	cp good $FILE
	ok "the right file" remake
	is "$(control 0) $(control 3)" "8a 12 08 8a 12 08" "is taken"
}

not_saved() { # want text
	select_control 1 10 00
	is "$ANSWER" "$1" "$2"
	is "$(control 0) $(control 3)" "8a 12 08 8a 12 08" "nothing has changed"
	is "$(cmp good $FILE 2>&1)" "" "the file neither"
}

# The place is gone, or takes nothing.
no_place() {
	mv $DB/mode $DB/away
	select_control 1 10 00
	is "$ANSWER" 4/44/00 "the directory is gone: it is said"
	is "$(control 0) $(control 3)" "8a 12 08 8a 12 08" "nothing has changed"
	mv $DB/away $DB/mode
	mkdir $DB/mode/.rd_mcp_0-disk
	not_saved 4/44/00 "the new file cannot be written: it is said"
	rmdir $DB/mode/.rd_mcp_0-disk
	mount --bind $DB/mode $DB/mode && mount -o remount,bind,ro $DB/mode
	not_saved 4/44/00 "a read-only filesystem: it is said"
	umount $DB/mode
	select_control 1 12 08
	is "$ANSWER" good "all is well again"
}

# The kernel's writer waits, the command does not.
frozen() {
	local start
	mkfs.ext4 -q "$WORK/img" 4M && mkdir "$WORK/mnt" && mount -o loop "$WORK/img" "$WORK/mnt" || return
	cp good "$WORK/mnt/${FILE##*/}"
	mount --bind "$WORK/mnt" $DB/mode
	fsfreeze -f "$WORK/mnt"
	start=$SECONDS
	select_control 1 10 00
	is "$ANSWER" b/2e/02 "a filesystem that hangs: the time is up"
	ok "after $((SECONDS - start)) s" [ $((SECONDS - start)) -lt 25 ]
	select_control 1 10 00
	is "$ANSWER" 4/44/00 "and as long as it hangs, nothing can be saved"
	select_control 0 16 00
	is "$ANSWER" good "what need not be saved works"
	is "$(control 0) $(control 3)" "8a 16 00 8a 12 08" "and has changed"
	fsfreeze -u "$WORK/mnt"
	wait_until 20 settled
	fsfreeze -f "$WORK/mnt"
	reset_meanwhile
	fsfreeze -u "$WORK/mnt"
	wait_until 20 settled
	is "$ANSWER" good "afterwards it can be saved"
	is "$(control 0) $(control 3)" "8a 12 08 8a 12 08" "and is"
	umount $DB/mode
	wait_until 20 umount "$WORK/mnt"
}

# A LUN reset takes the command that waits for the filesystem.
reset_meanwhile() {
	local start=$SECONDS
	select_control 0 16 00
	echo "w list 15 11 00 00 10 00" >&"${SGIO[1]}"
	sleep 0.5
	ok "a LUN reset while a command waits" sg_reset -d "$SG"
	ok "is done after $((SECONDS - start)) s" [ $((SECONDS - start)) -lt $((5 * SLOW)) ]
	{ read -r ANSWER && read -r DATA; } <&"${SGIO[0]}"
	isnt_good "the command has failed"
	scsi 00 00 00 00 00 00
}

isnt_good() { if [ "$ANSWER" = good ]; then fail "$1"; else pass "$1 ($ANSWER)"; fi; }

settled() { select_control 1 12 08; [ "$ANSWER" = good ]; }

test() {
	mkdir -p $DB
	lio_load
	ok "dbroot is a directory of the test's" use_db
	nothing_without_directory
	saved
	by_sd
	others
	# What is in a file is the same on any kernel.
	case $KERNEL in 6.12 | test) bad_files ;; esac
	good_file
	no_place
	frozen
	scsi_close
	lio_clear
}
