# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# What the tests share that kill guests: KERNEL is theirs, STAGE the modules, DIR a directory
# that outlives the guests. Sourced after tests/rig/env.sh.

POINTS=0 FAILED=0
QEMU=()			# options of tests/rig/vm for what all guests have

point() { # ok|not-ok text
	POINTS=$((POINTS + 1))
	echo "${1/not-ok/not ok} $POINTS - $2"
	[ "$1" = ok ] || FAILED=$((FAILED + 1))
}

# A disk: what QEMU has handed to the host is safe, what it has not yet is not.
add_disk() { # id file format
	QEMU+=(--qemu -drive --qemu "file=$2,format=$3,if=none,id=$1,cache=unsafe"
		--qemu -device --qemu "virtio-blk-pci,drive=$1,serial=$1")
}

# Boots one in the background: GUEST is its process, what it prints goes to DIR/out and DIR/err.
boot() { # results option... --run script argument...
	rm -f "$DIR/pid"
	"$RIG_DIR/vm" --kernel "$KERNEL" --modules "$STAGE" --results "$1" "${QEMU[@]}" \
		--qemu -pidfile --qemu "$DIR/pid" "${@:2}" >"$DIR/out" 2>"$DIR/err" &
	GUEST=$!
}

# Until a command is true; not if the guest ends before, or time is up.
until_guest() { # seconds command...
	local end=$((SECONDS + $1))
	until "${@:2}"; do
		[ $SECONDS -lt $end ] && kill -0 "$GUEST" 2>/dev/null || return
		sleep 0.1
	done
}

pause() { sleep "$((RANDOM % 2)).$((RANDOM % 10))$((RANDOM % 10))"; }

# At once, without a word to the guest, or to QEMU itself.
cut_power() {
	kill -KILL "$(cat "$DIR/pid")" 2>/dev/null || true
	wait "$GUEST" || true
}
