# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# The library of the tests that run in a guest. A test is a file
# tests/vm/<group>/<NNN>-<name>.sh with
#
#	DESCRIPTION="one sentence: what it proves"
#	TIMEOUT=120			(seconds; optional)
#	KERNELS="6.12 7.2 test"		(where it applies; optional)
#	DMESG_ALLOW="regular expression"	(kernel messages it provokes; optional)
#	requires() { _have_program fio; }	(optional)
#	test() { ok "text" command; is "$got" "$want" "text"; }
#
# After each test the kernel log must hold no splat, the target tree must be
# empty and the modules must unload: who makes something takes it down, most
# simply with lio_clear.

TARGET=/sys/kernel/config/target
CORE=$TARGET/core
LOOPBACK=$TARGET/loopback
PEER=${PEER:-ours}
KERNEL=${KERNEL:-6.12}

# To start a program takes 20 ms under emulation, and ten times that in the test kernel:
# what tests call most runs inside the shell, from Debian's bash-builtins.
for builtin in mkdir rmdir ln rm sleep; do
	enable -f "/usr/lib/bash/$builtin" "$builtin" 2>/dev/null || true
done
unset builtin

# --- verdicts -------------------------------------------------------------

note() { printf '# %s\n' "$*"; }

pass() {
	printf 'ok - %s\n' "$*"
	echo . >>"$WORK/passed"
}

fail() {
	printf 'not ok - %s\n' "$*"
	printf '%s\n' "$*" >>"$WORK/failed"
	return 1
}

ok() { # text command...
	local text=$1 status=0
	shift
	"$@" || status=$?
	if [ $status = 0 ]; then pass "$text"; else fail "$text: '$*' returned $status"; fi
}

# The command must fail, but not by a signal.
not_ok() { # text command...
	local text=$1 status=0
	shift
	"$@" || status=$?
	if [ $status = 0 ] || [ $status -ge 126 ]; then
		fail "$text: '$*' returned $status"
	else
		pass "$text"
	fi
}

is() { # got want text
	if [ "$1" = "$2" ]; then pass "$3"; else fail "$3: got '$1', want '$2'"; fi
}

like() { # got pattern text
	if [[ $1 =~ $2 ]]; then pass "$3"; else fail "$3: got '$1', want a match of '$2'"; fi
}

# --- what a test may require ------------------------------------------------

SKIP_REASONS=()
skip() { SKIP_REASONS+=("$*"); return 1; }

_have_program() { # name...
	local name
	for name; do
		command -v "$name" >/dev/null || skip "no program $name in the guest"
	done
}
_have_module() { modprobe -qn "$1" || skip "no module $1 for this kernel"; }
_have_file() { [ -e "$1" ] || skip "no $1 in this kernel"; }
_have_peer() { [ "$PEER" = "$1" ] || skip "applies to $1 only, this is $PEER"; }
_have_test_kernel() { [ "$KERNEL" = test ] || skip "needs the test kernel"; }

# --- waiting ----------------------------------------------------------------

wait_until() { # seconds command...
	local end=$((SECONDS + $1))
	shift
	until "$@"; do
		[ $SECONDS -lt $end ] || return 1
		sleep 0.1
	done
}

# --- services ---------------------------------------------------------------

# Device mapper's tools take udev for running as long as it has a socket, and then wait for
# its answer for good. So they are told not to ask but where a test has started it, and
# nothing of it stays for the next test.
export DM_DISABLE_UDEV=1
UDEV=/run/udev

start_udev() {
	mkdir -p $UDEV
	/lib/systemd/systemd-udevd --daemon
	unset DM_DISABLE_UDEV
	udevadm settle
}

udev_gone() { ! pgrep -f '[s]ystemd-udevd' >/dev/null; }

stop_udev() {
	udev_gone || udevadm control --exit
	wait_until 30 udev_gone || pkill -9 -f '[s]ystemd-udevd'
	rm -rf $UDEV
	export DM_DISABLE_UDEV=1
}

# targetcli talks to the system bus.
start_dbus() {
	[ -S /run/dbus/system_bus_socket ] && return
	mkdir -p /run/dbus
	if [ ! -s /etc/machine-id ]; then
		rm -f /etc/machine-id
		dbus-uuidgen --ensure=/etc/machine-id
	fi
	dbus-daemon --system --fork --nopidfile
	wait_until 10 test -S /run/dbus/system_bus_socket
}

# sid's targetcli 3, unpacked beside the guest's own.
targetcli3() {
	PYTHONPATH=/opt/targetcli-3/usr/lib/python3/dist-packages \
		python3 /opt/targetcli-3/usr/bin/targetcli "$@"
}
_have_targetcli3() { [ -d /opt/targetcli-3 ] || skip "no targetcli 3 in this guest"; }

# --- building and taking down a target ----------------------------------------

# Loads the modules under test, and only those: in a run for ours, the kernel's
# own must not slip in.
lio_load() { # [module of a backstore...]
	local module path
	for module in target_core_mod tcm_loop "$@"; do
		path=$(modinfo -n "$module") || return
		case $PEER:$path in
		ours:*/updates/* | lio:*/kernel/*) ;;
		*) echo "$module is $path: not $PEER" >&2; return 1 ;;
		esac
		modprobe "$module" || return
	done
	[ -d $LOOPBACK ] || mkdir $LOOPBACK
}

# A ramdisk as $CORE/rd_mcp_0/NAME. Further parameters go to control.
lio_mk_rd() { # name pages [parameter=value...]
	local dev=$CORE/rd_mcp_0/$1 param
	lio_load || return
	[ -d "${dev%/*}" ] || mkdir "${dev%/*}" || return
	mkdir "$dev" || return
	for param in "rd_pages=$2" "${@:3}"; do
		echo "$param" >"$dev/control" || return
	done
	echo 1 >"$dev/enable"
}

# A file, or a block device, as $CORE/fileio_0/NAME. A file gets its size; of a block
# device 0 says that it has one.
lio_mk_file() { # name path bytes [parameter=value...]
	local dev=$CORE/fileio_0/$1 param
	lio_load target_core_file || return
	[ -d "${dev%/*}" ] || mkdir "${dev%/*}" || return
	mkdir "$dev" || return
	for param in "fd_dev_name=$2" "fd_dev_size=$3" "${@:4}"; do
		[ "$param" = fd_dev_size=0 ] || echo "$param" >"$dev/control" || return
	done
	echo 1 >"$dev/enable"
}

# A target port with its nexus.
lio_mk_port() { # wwn [tpgt]
	local tpg=$LOOPBACK/$1/tpgt_${2:-1}
	lio_load || return
	mkdir -p "$tpg" || return
	echo "${1%????????}deadbeef" >"$tpg/nexus"
}

lio_tpg() { echo "$LOOPBACK/$1/tpgt_${2:-1}"; }

# Links a backstore to a LUN: from here on the disk is visible.
lio_link() { # wwn tpgt lun hba/device
	local lun
	lun=$(lio_tpg "$1" "$2")/lun/lun_$3
	[ -d "$lun" ] || mkdir "$lun" || return
	ln -s "$CORE/$4" "$lun/${4##*/}"
}

lio_unlink() { # wwn tpgt lun
	local lun
	lun=$(lio_tpg "$1" "$2")/lun/lun_$3
	find "$lun" -maxdepth 1 -type l -delete && rmdir "$lun"
}

# The sysfs directory of a LUN's SCSI device.
lio_sysfs() { # wwn tpgt lun
	echo "/sys/class/scsi_device/$(cat "$(lio_tpg "$1" "$2")/address"):$3/device"
}

_block_of() { # sysfs-directory
	local dir
	for dir in "$1"/block/*; do
		[ -b "/dev/${dir##*/}" ] && echo "/dev/${dir##*/}" && return
	done
	return 1
}

# Prints the block device of a LUN, waiting until it is there.
lio_dev() { # wwn tpgt lun
	local sysfs
	sysfs=$(lio_sysfs "$1" "$2" "$3")
	wait_until 20 _block_of "$sysfs" >/dev/null || {
		echo "no disk for LUN $3 of $1: nothing at $sysfs/block" >&2
		return 1
	}
	_block_of "$sysfs"
}

_sg_of() { # sysfs-directory
	local dir
	for dir in "$1"/scsi_generic/*; do
		[ -c "/dev/${dir##*/}" ] && echo "/dev/${dir##*/}" && return
	done
	return 1
}

# The same by SCSI generic, which comes after the disk, and its file after its directory.
lio_sg() { # wwn tpgt lun
	local sysfs
	sysfs=$(lio_sysfs "$1" "$2" "$3")
	wait_until 20 _sg_of "$sysfs" >/dev/null || return
	_sg_of "$sysfs"
}

# One ramdisk on one port: prints its block device.
lio_quick_disk() { # pages [rd-parameter...]
	lio_mk_rd disk "$@" &&
		lio_mk_port naa.5001405000000001 &&
		lio_link naa.5001405000000001 1 0 rd_mcp_0/disk &&
		lio_dev naa.5001405000000001 1 0
}

lio_clear_fabric() { # directory of a fabric
	local dir
	find "$1" -mindepth 3 -type l -delete
	for dir in "$1"/*/tpgt_*/acls/*/lun_* "$1"/*/tpgt_*/acls/* "$1"/*/tpgt_*/lun/lun_*; do
		[ ! -d "$dir" ] || rmdir "$dir"
	done
	for dir in "$1"/*/tpgt_*; do
		[ ! -d "$dir" ] || {
			[ ! -e "$dir/nexus" ] || echo NULL 2>/dev/null >"$dir/nexus"
			rmdir "$dir"
		}
	done
	for dir in "$1"/*/; do
		case $dir in */discovery_auth/) continue ;; esac
		[ ! -d "$dir" ] || rmdir "$dir"
	done
	rmdir "$1"
}

lio_clear_core() {
	local dir
	for dir in "$CORE"/*/*/alua/*; do
		[ ! -d "$dir" ] || [ "${dir##*/}" = default_tg_pt_gp ] || rmdir "$dir"
	done
	for dir in "$CORE"/*_[0-9]*/* "$CORE"/*_[0-9]*; do
		# Files of the group itself (hba_info, hba_mode) are no objects.
		[ ! -d "$dir" ] || rmdir "$dir"
	done
	for dir in "$CORE"/alua/lu_gps/*; do
		[ ! -d "$dir" ] || [ "${dir##*/}" = default_lu_gp ] || rmdir "$dir"
	done
}

# Takes everything down in the legal order; quiet when there is nothing.
lio_clear() {
	local fabric
	[ -d $TARGET ] || return 0
	for fabric in "$TARGET"/*/; do
		case $fabric in */core/) continue ;; esac
		[ ! -d "$fabric" ] || lio_clear_fabric "${fabric%/}"
	done
	lio_clear_core
}

# Lists what is left in the target tree.
lio_leftover() {
	[ -d $TARGET ] || return 0
	find $TARGET -mindepth 1 -maxdepth 1 -type d ! -name core
	find $CORE -mindepth 1 -maxdepth 2 -type d ! -path "$CORE/alua" ! -path "$CORE/alua/lu_gps"
	find $CORE/alua/lu_gps -mindepth 1 -maxdepth 1 -type d ! -name default_lu_gp
}

# The modules that use target_core_mod, one per line.
_target_users() {
	awk '$1 == "target_core_mod" && $4 != "-" { gsub(",", "\n", $4); print $4 }' /proc/modules |
		sed '/^$/d'
}

# Whoever uses the core goes first: targetcli loads every fabric it knows.
lio_unload() {
	local module
	for module in $(_target_users) target_core_mod; do
		! grep -q "^$module " /proc/modules || rmmod "$module" || return
	done
}

# --- what must be true after each test ------------------------------------------

SPLATS='BUG:|BUG |WARNING:|Oops|KASAN|UBSAN|KCSAN|KFENCE|ODEBUG|cut here'
SPLATS+='|possible (recursive|circular|irq lock|deadlock)|[Ss]uspicious RCU|INFO: (task|rcu|trying)'
SPLATS+='|self-detected stall|detected stalls|(soft|hard) (lockup|LOCKUP)|blocked for more than'
SPLATS+='|general protection|unable to handle|double fault|refcount_t:|list_(add|del) corruption'
SPLATS+='|cannot create duplicate|kobject_add_internal failed|scheduling while atomic|sleeping function'
SPLATS+='|Objects remaining|still has objects|page allocation failure|invoked oom-killer'
SPLATS+='|kmemleak: [0-9]+ new|Voluntary context switch|percpu ref .*<= 0|workqueue lockup'

# Leaves out what is the kernel's own mistake whoever serves the disk: the disk driver of
# 7.2 computes limits of a disk whose capacity it could not read, because it was refused
# or the disk has gone meanwhile.
without_known_splats() { # dmesg-file
	awk '/cut here/ { inside = 1; text = "" }
		!inside { print; next }
		{ text = text $0 "\n" }
		/end trace/ {
			inside = 0
			if (text !~ /(linux\/log2\.h|blk_validate_limits)/ || text !~ /sd_revalidate_disk/)
				printf "%s", text
		}
		END { if (inside) printf "%s", text }' "$1"
}

splats_in() { # dmesg-file
	without_known_splats "$1" | grep -E "$SPLATS" | grep -vE "${DMESG_ALLOW:-^$}" | head -n 20
}

KMEMLEAK=/sys/kernel/debug/kmemleak

# Modules are gone when their leaks show: keeps where they were.
save_modules() {
	[ ! -e $KMEMLEAK ] || awk '{ print $6, $1 }' /proc/modules >>/tmp/modules
}

# Names the module and offset of each bare address of a backtrace. Addresses of one
# length sort as text, so the module an address lies in is the last one before it.
name_addresses() { # file
	{
		sed 's/^0x//; s/ / 0 /' /tmp/modules
		sed -n 's/.*\(ffff[0-9a-f]\{12\}\) *$/\1 1/p; s/.* 0x\(ffff[0-9a-f]\{12\}\)$/\1 1/p' "$1"
	} | sort -k1,1 -k2,2n | awk '
		$2 == 0 { base = $1; name = $3 }
		$2 == 1 && name && !seen[$1]++ { print "#   " $1 " is in " name " at " base }'
}

# What has leaked since the guest booted: a scan goes through all of memory, which
# takes seconds. An object must be 5 seconds old before it is called a leak.
check_leaks() {
	_have_file $KMEMLEAK || return
	sleep 5.5
	# Twice: only what has not changed since the last scan is called a leak.
	echo scan >$KMEMLEAK
	echo scan >$KMEMLEAK
	cat $KMEMLEAK >"$WORK/leaks"
	if [ -s "$WORK/leaks" ]; then
		cat "$WORK/leaks"
		name_addresses "$WORK/leaks"
	fi
	is "kmemleak: $(grep -c 'unreferenced object' "$WORK/leaks") leaked objects" \
		"kmemleak: 0 leaked objects" "nothing has leaked"
}

dirty() { echo "$*" >>/tmp/dirty; }

check_leftover() {
	local left
	left=$(lio_leftover)
	[ -z "$left" ] && return
	fail "the test left in the target tree: $(echo "$left" | paste -sd' ')"
	lio_clear
	[ -z "$(lio_leftover)" ] || dirty "the target tree cannot be emptied"
}

check_udev() {
	[ -e $UDEV/control ] || return 0
	fail "the test left udev, or its socket"
	stop_udev
}

check_unload() {
	lio_unload || {
		fail "the modules do not unload"
		grep -E '^(target_core|tcm_)' /proc/modules
		dirty "modules in use"
	}
	# Multipathing, and the handler of access states, which then takes all later disks.
	modprobe -q -r dm-round-robin dm-service-time dm-multipath scsi_dh_alua || true
}

check_dmesg() { # id
	local splats
	dmesg | sed "1,/rig: begin $1\$/d" >"$WORK/dmesg"
	splats=$(splats_in "$WORK/dmesg")
	[ -n "$splats" ] || return 0
	fail "the kernel complained: $(echo "$splats" | head -n 1)"
	echo "$splats"
	dirty "kernel splat"
}

# --- running one test ----------------------------------------------------------

count_of() { if [ -e "$1" ]; then wc -l <"$1"; else echo 0; fi; }

# Frees the name of the shell's own test, which a test may well want to call.
rename_test() {
	local body
	body=$(declare -f test) || { fail "the file defines no test()"; return; }
	eval "test_function${body#test}"
	unset -f test
}

# The program that sends raw commands (tests/vm/common.sh) has a device open, and so the modules
# in use: it ends before they are unloaded, and not at some time after the test.
end_test() { ! declare -F scsi_close >/dev/null || scsi_close; }

# Runs what the test file defines; everything it prints goes to the log.
test_body() {
	local status=0
	(set -u; trap end_test EXIT; test_function) || status=$?
	# A failed check made last makes test() fail too: it is counted once.
	[ $status = 0 ] || [ -s "$WORK/failed" ] || fail "test() returned $status"
	[ "$(count_of "$WORK/passed")" -gt 0 ] || [ -s "$WORK/failed" ] || fail "the test checked nothing"
	check_udev
	check_leftover
	save_modules
	check_unload
}

skip_reason() {
	case " ${KERNELS:-$KERNEL} " in *" $KERNEL "*) ;; *) skip "applies to kernel $KERNELS only" ;; esac
	! declare -F requires >/dev/null || requires
	[ ${#SKIP_REASONS[@]} = 0 ] || (IFS=';'; echo "${SKIP_REASONS[*]}")
}

# Writes the verdict: first line for the TAP point, the rest is diagnostics.
write_result() { # id seconds
	local checks
	checks=$(($(count_of "$WORK/passed") + $(count_of "$WORK/failed")))
	{
		if [ -s "$WORK/skipped" ]; then
			echo "ok SKIP $(cat "$WORK/skipped")"
		elif [ -s "$WORK/failed" ]; then
			echo "not ok $checks checks, $2 s"
			echo "$DESCRIPTION"
			cat "$WORK/failed"
		else
			echo "ok $checks checks, $2 s"
		fi
	} >"$RESULTS/$1.result.tmp"
	mv "$RESULTS/$1.result.tmp" "$RESULTS/$1.result"
}

run_test() { # id file
	local id=$1 file=$2 start=$SECONDS
	WORK=$(mktemp -d /tmp/test.XXXXXX)
	export WORK
	(
		DESCRIPTION='' KERNELS='' DMESG_ALLOW=''
		unset -f test requires
		# shellcheck disable=SC1090
		. "$file"
		cd "$WORK" || exit
		reason=$(skip_reason)
		if [ -n "$reason" ]; then
			echo "$reason" >"$WORK/skipped"
		else
			echo "rig: begin $id" >/dev/kmsg
			rename_test && test_body
			check_dmesg "$id"
		fi
		write_result "$id" $((SECONDS - start))
	) >"$RESULTS/$id.log" 2>&1 </dev/null
	[ ! -e "$WORK/dmesg" ] || cp "$WORK/dmesg" "$RESULTS/$id.dmesg"
	rm -rf "$WORK"
}
