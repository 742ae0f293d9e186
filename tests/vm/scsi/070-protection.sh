# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="Protection information of types 1, 2 and 3 is kept beside each block, and checked as each CDB says."
TIMEOUT=600
. /rig/src/tests/vm/common.sh
requires() { _have_peer ours && _have_program sg_readcap sg_inq sg_vpd sg_verify; }

LBA=10 BLOCKS=4 BAD=0000000c

protected_disk() { # type block-size
	lio_mk_rd disk 4096 || return
	DISK=$CORE/rd_mcp_0/disk
	echo "$2" >"$DISK/attrib/block_size" && echo "$1" >"$DISK/attrib/pi_prot_type" || return
	lio_mk_port $WWN && lio_link $WWN 1 0 rd_mcp_0/disk || return
	DEV=$(lio_dev $WWN 1 0) && SG=$(lio_sg $WWN 1 0)
}

# Blocks with their protection information, and what is wrong with the third.
make_wire() { # type block-size [what]
	python3 $VM/scsi/pi.py "$2" "$1" $LBA $BLOCKS "${@:3}"
}

# Of 10 bytes; with type 2, of 32 bytes, which say what tags to expect.
cdb_of() { # read|write type protect
	local options ten=28 long=09
	options=$(printf %02x $(($3 << 5)))
	[ "$1" = read ] || ten=2a long=0b
	if [ "$2" = 2 ]; then
		echo "7f 00 00 00 00 00 00 18 00 $long $options 00 00 00 00 00 00 00 00 0a" \
			"00 00 00 0a a5 5a ff ff 00 00 00 04"
	else
		echo "$ten $options 00 00 00 0a 00 00 04 00"
	fi
}

do_read() { # type block-size protect
	local step=$2
	[ "$3" = 0 ] || step=$(($2 + 8))
	# shellcheck disable=SC2046 # one word per byte
	scsi r $((step * BLOCKS)) $(cdb_of read "$1" "$3")
}

do_write() { # type protect file
	# shellcheck disable=SC2046 # one word per byte
	scsi w "$3" $(cdb_of write "$1" "$2")
}

hex() { od -An -v -tx1 "$1" | xargs; }

# Which of them the unit notices with a type and a value of xPROTECT.
notices() { # type protect what
	case $3 in
	guard) case $2 in 2 | 3) return 1 ;; esac ;;
	app) [ "$1" = 2 ] || return 1; case $2 in 3 | 4) return 1 ;; esac ;;
	ref) [ "$1" != 3 ] || return 1; case $2 in 3 | 4) return 1 ;; esac ;;
	esac
}

code_of() { case $1 in guard) echo 01 ;; app) echo 02 ;; ref) echo 03 ;; esac; }

check_pages() { # type block-size
	local out ptype=$(($1 - 1))
	out=$(sg_readcap --16 "$SG")
	like "$out" "prot_en=1, p_type=$ptype, p_i_exponent=0" "READ CAPACITY(16) tells type $1"
	like "$(sg_inq "$SG")" "P(ROTECT|rotect)=1" "PROTECT is one"
	out=$(sg_vpd --page=ei "$SG")
	like "$out" "SPT=7.*GRD_CHK=1.*APP_CHK=1.*REF_CHK=1" "VPD page 86h tells all types and checks"
	scsi r 12 1a 08 0a 00 0c 00
	# shellcheck disable=SC2086 # one word per byte
	set -- $DATA
	is "$((16#${7} & 8)) $((16#${10} & 128))" "8 128" "DPICZ and ATO are one"
}

check_values() { # type block-size
	local protect what want
	for protect in 1 2 3 4 5; do
		for what in guard app ref; do
			want=good
			! notices "$1" $protect $what || want="b/10/$(code_of $what) info=$BAD"
			do_write "$1" $protect "wire.$what"
			is "$ANSWER" "$want" "type $1, $2: WRITE with $protect and a wrong $what"
			do_write "$1" 3 "wire.$what"
			do_read "$1" "$2" $protect
			is "$ANSWER" "$want" "type $1, $2: READ with $protect of a wrong $what"
		done
	done
}

check_type() { # type block-size
	local what
	protected_disk "$1" "$2" || return
	check_pages "$1" "$2"
	for what in good guard app ref; do make_wire "$1" "$2" $what >"wire.$what"; done
	do_read "$1" "$2" 1
	like "$ANSWER $DATA" "^good .*(ff ){7}ff$" "what was not written has FFh and is not checked"
	do_write "$1" 1 wire.good
	is "$ANSWER" good "type $1, $2: WRITE with 001b"
	do_read "$1" "$2" 1
	is "$ANSWER: $DATA" "good: $(hex wire.good)" "type $1, $2: it is read as it was written"
	check_values "$1" "$2"
	do_read "$1" "$2" 0
	is "$ANSWER" good "without RDPROTECT nothing is checked"
	ok "pi_prot_verify can be set" sh -c "echo 1 >$DISK/attrib/pi_prot_verify"
	do_write "$1" 3 wire.guard
	do_read "$1" "$2" 0
	is "$ANSWER" "b/10/01 info=$BAD" "with it, it is"
	ok "the block device says so" sh -c "! dd if=$DEV of=/dev/null bs=$2 skip=$LBA count=$BLOCKS iflag=direct status=none 2>/dev/null"
	scsi_close
	lio_unlink $WWN 1 0 && echo 1 >"$DISK/attrib/pi_prot_format"
	ok "pi_prot_format forgets it" lio_link $WWN 1 0 rd_mcp_0/disk
	DEV=$(lio_dev $WWN 1 0) SG=$(lio_sg $WWN 1 0)
	do_read "$1" "$2" 1
	is "$ANSWER" good "type $1, $2: and nothing is checked again"
	not_ok "the type stays while exported" sh -c "echo 0 2>/dev/null >$DISK/attrib/pi_prot_type"
	scsi_close
	lio_clear
}

check_refusals() {
	protected_disk 2 512 || return
	scsi_is "5/20/00" "READ(10) with RDPROTECT on type 2" r 520 28 20 00 00 00 00 00 00 01 00
	scsi_is good "and without" r 512 28 00 00 00 00 00 00 00 01 00
	scsi_is "5/20/00" "WRITE SAME(10) with WRPROTECT on type 2" 41 60 00 00 00 00 00 00 01 00
	scsi_close
	lio_clear
	protected_disk 1 512 || return
	scsi_is "5/24/00 sks=cf0001" "110b is reserved" r 520 28 c0 00 00 00 00 00 00 01 00
	scsi_is "5/20/00" "READ(32) with RDPROTECT on type 1" r 520 7f 00 00 00 00 00 00 18 00 09 20 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 01
	ok "sg_verify with VRPROTECT" sg_verify --vrprotect=1 --lba=0 --count=8 "$SG"
	make_wire 1 512 guard >wire.guard
	do_write 1 3 wire.guard
	not_ok "and what it finds" quietly sg_verify --vrprotect=4 --lba=$LBA --count=4 "$SG"
	scsi_close
	lio_clear
}

test() {
	local type size
	for type in 1 2 3; do
		for size in 512 4096; do check_type $type $size; done
	done
	check_refusals
}
