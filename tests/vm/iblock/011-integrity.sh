# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="Protection information of a device that keeps it itself goes from the initiator to it and back, and errors are told exactly."
TIMEOUT=240
. /rig/src/tests/vm/iblock/lib.sh
requires() { _have_peer ours && _have_module scsi_debug && _have_program dmsetup fio sg_readcap sg_vpd; }

PARAMETERS=/sys/module/tcm_loop/parameters
LBA=10 BLOCKS=4 BAD=0000000c
OFFSET=0	# of the unit's blocks on the device

# Without one there is no such file, or it says none.
has_integrity() { grep -q T10 "/sys/block/${1##*/}/integrity/format" 2>/dev/null; }
wait_integrity() { wait_until 20 has_integrity "$1"; }

mk_device() { # type
	modprobe scsi_debug dev_size_mb=16 dif="$1" dix=1 guard=0 || return
	wait_until 20 ls -d /sys/bus/pseudo/drivers/scsi_debug/adapter0/host*/target*/*/block/sd* >/dev/null || return
	UNDER=/dev/$(basename /sys/bus/pseudo/drivers/scsi_debug/adapter0/host*/target*/*/block/sd*)
	wait_integrity "$UNDER"
}

mk_volume() {
	OFFSET=8
	echo "0 16384 linear $UNDER $OFFSET" | dm_create protected
}

mk_disk() { # device
	mk_iblock disk "$1" && link_iblock disk
}

step() { echo $((512 + ($1 ? 8 : 0))); }
do_read() { scsi r $(($(step "$1") * BLOCKS)) 28 "$(printf %02x $(($1 << 5)))" 0 0 0 $LBA_HEX 0 0 $BLOCKS 0; }
do_write() { scsi w "$2" 2a "$(printf %02x $(($1 << 5)))" 0 0 0 $LBA_HEX 0 0 $BLOCKS 0; }
LBA_HEX=$(printf %02x $LBA)

below() { dd if="$UNDER" bs=512 skip=$((LBA + OFFSET)) count=$BLOCKS iflag=direct status=none 2>/dev/null; }
hex() { od -An -v -tx1 "$1" | xargs; }

# Which of them are noticed with a type and a value of xPROTECT, and by those below.
notices() { # type protect what
	case $3:$2 in
	guard:[23] | ref:[34] | app:*) return 1 ;;
	ref:*) [ "$1" != 3 ] ;;
	esac
}
code_of() { case $1 in guard) echo 01 ;; app) echo 02 ;; ref) echo 03 ;; esac; }

attributes() { # type
	local attrib=$IBLOCK/disk/attrib
	is "$(cat $attrib/hw_pi_prot_type) $(cat $attrib/pi_prot_type)" "$1 $1" "type $1 is the device's, and the unit's"
	is "$(outcome 0 $attrib/pi_prot_type)" ok "to choose another is no error"
	is "$(cat $attrib/pi_prot_type)" "$1" "and changes nothing"
	is "$(outcome 1 $attrib/pi_prot_format)" ENOSYS "it cannot be forgotten"
	is "$(outcome 4096 $attrib/block_size)" EINVAL "and stands beside blocks of that size"
	like "$(sg_readcap --16 "$SG")" "prot_en=1, p_type=$(($1 - 1)), p_i_exponent=0" "READ CAPACITY(16) tells type $1"
	like "$(sg_vpd --page=ei "$SG")" "SPT=$(($1 == 3 ? 4 : 0)) " "VPD page 86h tells that there is no other"
}

# What is wrong is found in the core; with 011b it is written as it is, and found by those below.
wrong() { # type what
	local protect want
	for protect in 1 2 3 4 5; do
		want=good
		! notices "$1" $protect "$2" || want="b/10/$(code_of "$2") info=$BAD"
		do_write $protect "wire.$2"
		is "$ANSWER" "$want" "type $1: WRITE with $protect and a wrong $2"
		do_write 3 "wire.$2"
		do_read $protect
		is "$ANSWER" "$want" "type $1: READ with $protect of a wrong $2"
	done
	do_read 3
	is "$(sha256sum <<<"$DATA")" "$(hex "wire.$2" | sha256sum)" "type $1: with 011b it is read as it was written"
	want=good
	! notices "$1" 1 "$2" || want="b/10/$(code_of "$2") info=$BAD"
	do_read 0
	is "$ANSWER" "$want" "type $1: without RDPROTECT those below check it"
	if [ "$want" = good ]; then
		ok "type $1: and see nothing wrong" eval 'below >/dev/null'
	else
		not_ok "type $1: at the device itself it is as wrong" eval 'below >/dev/null'
	fi
}

# With and without errors, to the byte.
exact() { # type
	local what
	ok "type $1: a unit" mk_disk "$UNDER" || return
	attributes "$1"
	rewritten "$1"
	for what in guard app ref; do wrong "$1" $what; done
	do_write 1 wire.good
	scsi_close
	lio_clear
}

rewritten() { # type
	do_write 1 wire.good
	is "$ANSWER" good "type $1: WRITE with 001b"
	do_read 1
	is "$ANSWER: $DATA" "good: $(hex wire.good)" "type $1: it is read as it was written"
	ok "type $1: to the device it is right, too" eval 'below >/dev/null'
}

# The block layer above makes it, the one below gets it: on a volume whose blocks have other
# numbers on the device, and so other reference tags. (There, kernels from 6.13 on make all
# checks, whatever they are told.)
through() { # type
	ok "type $1: a unit on a volume" eval 'mk_volume && mk_disk "$(dm_dev protected)"' || return
	rewritten "$1"
	ok "type $1: the disk has it" wait_integrity "$DEV"
	[ "$1" = 3 ] || ok "type $1: fio writes and verifies" fio_verify verify "$DEV" \
		--bsrange=512-256k --size="$(scaled 4)m" --ioengine=libaio --iodepth=8
	head -c 1048576 /dev/urandom >data
	ok "type $1: a megabyte" dd if=data of="$DEV" bs=1M oflag=direct status=none
	ok "type $1: is read" eval 'dd if="$DEV" bs=1M count=1 iflag=direct status=none | cmp - data'
	ok "type $1: and stands below" eval 'dd if="$UNDER" bs=512 skip=$OFFSET count=2048 iflag=direct status=none | cmp - data'
}

# Without any from the initiator, the block layer makes it, and checks it.
without() { # type
	lio_clear
	echo 0 >$PARAMETERS/prot_mask
	ok "type $1: a disk without" mk_disk "$(dm_dev protected)" || return
	not_ok "type $1: nothing is told of it" has_integrity "$DEV"
	ok "type $1: what was written is there" eval 'dd if="$DEV" bs=1M count=1 iflag=direct status=none | cmp - data'
	ok "type $1: it is written" fio_verify without "$DEV" --bs=4k --size=256k --ioengine=psync
	ok "type $1: and protected below" eval 'below >/dev/null'
	echo 119 >$PARAMETERS/prot_mask
}

check_type() { # type
	local what
	ok "type $1: a disk that keeps it" mk_device "$1" || return
	lio_load && echo 119 >$PARAMETERS/prot_mask && echo 1 >$PARAMETERS/prot_guard
	for what in good guard app ref; do python3 $VM/scsi/pi.py 512 "$1" $LBA $BLOCKS $what >"wire.$what"; done
	exact "$1"
	through "$1"
	scsi_close
	# The block layer is the same for both.
	[ "$1" = 3 ] || without "$1"
	scsi_close
	lio_clear
	dm_remove protected
	OFFSET=0
	modprobe -r scsi_debug
}

test() {
	check_type 1
	check_type 3
}
