# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="A generated fabric of each protocol loads, has its tree, answers INQUIRY and goes."
TIMEOUT=240

. /rig/src/tests/vm/common.sh

DEBUG=/sys/kernel/debug

requires() {
	_have_peer ours
	modinfo tcm_t_fcp >/dev/null 2>&1 ||
		SKIP_REASONS+=("tests/rig/builder runs this, with generated fabrics")
}

# Sends a CDB, with data-out if there is any, and reads what it came to.
send() { # lun cdb [data]
	echo "$*" >"$FILE" && cat "$FILE"
}

# All bytes of the data that came, without blanks.
data_of() { sed -n 's/^data [0-9a-f]*: \([0-9a-f ]\{1,47\}\).*/\1/p' <<<"$1" | tr -d ' \n'; }

make_tree() { # fabric name
	local port=$TARGET/$1/$2/tpgt_1
	ok "$1: the tree is made" mkdir -p "$port/lun/lun_0" || return
	ok "$1: a LUN is linked" ln -s "$CORE/rd_mcp_0/disk" "$port/lun/lun_0/${1}_port"
	is "$(cd "$port" && echo ac* at* l* n* p*)" "acls attrib lun np param" "$1: as in the howto"
	like "$(cat "$TARGET/$1/version")" "^tcm_$1 fabric module " "$1: says what it is"
}

check_names() { # fabric name
	not_ok "$1: no name of another protocol" mkdir "$TARGET/$1/-$2"
	not_ok "$1: nor a second spelling" mkdir "$TARGET/$1/${2}G"
	not_ok "$1: nor a port without its number" mkdir "$TARGET/$1/$2/tpgt_01"
	not_ok "$1: nor such an initiator" mkdir "$TARGET/$1/$2/tpgt_1/acls/-$2"
	ok "$1: but one like this" mkdir "$TARGET/$1/$2/tpgt_1/acls/$2"
	rmdir "$TARGET/$1/$2/tpgt_1/acls/$2"
}

check_commands() { # fabric
	local answer
	send 0 000000000000 >/dev/null	# whatever attention there is
	answer=$(send 0 120000002400)
	like "$answer" "^status 00" "$1: INQUIRY is answered"
	like "$(data_of "$answer")" "^0000.{12}4c494f2d4f5247" "$1: by the ramdisk"
	answer=$(send 0 ff0000000000)
	like "$answer" "^status 02.*sense 70 00 05 .* 20 00" "$1: no such command"
	answer=$(send 3 000000000000)
	like "$answer" "^status 02.*sense 70 00 05 .* 25 00" "$1: no such unit"
	not_ok "$1: no half a byte" send 0 00000000000
	not_ok "$1: no CDB" send 0
}

# PERSISTENT RESERVE OUT, REGISTER.
register() { # key new-key
	send 0 5f000000000000001800 "$(printf '%016x%016x%016x' "$1" "$2" 0)" >/dev/null
}

# The port of the initiator as READ FULL STATUS names it: PROTOCOL IDENTIFIER first. All
# zeros is what the core has for protocols that the standard gives no format.
check_transport_id() { # fabric identifier
	local id want
	register 0 1
	id=$(data_of "$(send 0 5e030000000000020000)")
	id=${id:64:48}
	case $1 in
	t_fcp | t_sbp) want=0${2}000000000000005001405000000002 ;;
	t_srp) want=0${2}0000000000000050014050000000000000000000000002 ;;
	t_sas) want=0${2}0000005001405000000002 ;;
	t_iscsi) want=4${2}00002c69716e2e323032362d31312e6578616d706c653a ;;
	t_sop) want=0${2}000002 ;;
	*) want='' ;;
	esac
	is "$id" "$(printf '%-48s' "$want" | tr ' ' 0)" "$1: TransportID"
	register 1 0
}

one_fabric() { # fabric identifier name
	FILE=$DEBUG/tcm_$1/$3-tpgt_1
	make_tree "$1" "$3" || return
	check_names "$1" "$3"
	check_commands "$1"
	check_transport_id "$1" "$2"
	ok "$1: the tree goes" lio_clear_fabric "$TARGET/$1"
	not_ok "$1: and with it the file" test -e "$FILE"
	ok "$1: the module unloads" rmmod "tcm_$1"
}

test() {
	local protocol identifier rest
	mountpoint -q $DEBUG || mount -t debugfs none $DEBUG
	lio_mk_rd disk 16
	while read -r protocol identifier rest; do
		one_fabric "t_${protocol,,}" "${identifier%h}" "${rest##* }"
	done < <(python3 /rig/src/tools/tcm_mod_builder.py --list)
	make_tree nab5000 iqn.foo
	ok "nab5000: the tree goes" lio_clear_fabric $TARGET/nab5000
	lio_clear
}
