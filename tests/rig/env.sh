# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# What every script of the rig shares: where things are kept, which kernel
# lives in which guest, how a long step is locked, timed and made atomic.

set -euo pipefail

RIG_DIR=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck disable=SC2034 # for the scripts that read this file
TOP_DIR=$(cd "$RIG_DIR/../.." && pwd)
TCM_CACHE=${TCM_CACHE:-/var/cache/tcm-next}
RIG_JOBS=${RIG_JOBS:-$(nproc)}

export LC_ALL=C

say() { printf '%s: %s\n' "${0##*/}" "$*" >&2; }
die() { say "error: $*"; exit 1; }

# Runs a command, and says afterwards how long it took.
timed() { # what command...
	local what=$1 start=$SECONDS
	shift
	say "$what ..."
	"$@" || return
	say "$what: $((SECONDS - start)) s"
}

need_root() {
	[ "$(id -u)" = 0 ] || die "run this as root (sudo): it mounts and uses chroot"
}

# Installs what is missing on this machine; the rig runs on any Debian.
need_tools() { # command:package ...
	local pair missing=()
	for pair in "$@"; do
		command -v "${pair%%:*}" >/dev/null || missing+=("${pair#*:}")
	done
	[ ${#missing[@]} -gt 0 ] || return 0
	need_root
	say "installing missing packages: ${missing[*]}"
	# Another lane of a check may be at it, too.
	DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=600 \
		install -y --no-install-recommends "${missing[@]}" >&2 ||
		die "cannot install ${missing[*]}: run 'apt-get update', then try again"
}

# One entry per line "suites uri" of everything this machine's apt reads.
apt_entries() {
	local file
	for file in /etc/apt/sources.list.d/*.sources; do
		[ -e "$file" ] || continue
		awk 'BEGIN { RS = ""; FS = "\n" } {
			uri = ""; suites = ""
			for (i = 1; i <= NF; i++) {
				if ($i ~ /^URIs:/) { uri = $i; sub(/^URIs:[ \t]*/, "", uri) }
				if ($i ~ /^Suites:/) { suites = $i; sub(/^Suites:[ \t]*/, "", suites) }
			}
			split(uri, u, " ")
			gsub(/ /, ",", suites)
			if (uri != "") print suites, u[1]
		}' "$file"
	done
	cat /etc/apt/sources.list /etc/apt/sources.list.d/*.list 2>/dev/null |
		sed -n 's/^deb[ \t]\+\(\[[^]]*\][ \t]*\)\?\([^ \t]\+\)[ \t]\+\([^ \t]\+\).*/\3 \2/p' || true
}

# The guests come from the mirror this machine itself uses.
apt_mirror() { # main|security
	local want=$1 suites uri
	while read -r suites uri; do
		case $want:$suites in
		security:*-security*) echo "${uri%/}"; return ;;
		main:*-security*) ;;
		main:bookworm* | main:trixie* | main:sid* | main:stable*)
			echo "${uri%/}"; return ;;
		esac
	done < <(apt_entries)
	die "no Debian $want archive in /etc/apt: add one to /etc/apt/sources.list.d"
}

# Prints a short name for the content of files (and any extra words).
hash_of() { # file...
	cat "$@" | sha256sum | cut -c1-12
}

# Runs a command while holding a lock of the cache: two runs never build the
# same thing at once, and the second finds it built.
with_lock() { # name command...
	local name=$1
	shift
	mkdir -p "$TCM_CACHE/locks"
	(
		flock -n 9 || {
			say "waiting for another run that holds the lock '$name'"
			flock 9
		}
		# A child that stays behind must not keep the lock.
		"$@" 9>&-
	) 9>"$TCM_CACHE/locks/$name"
}

# Which guest a kernel runs in.
guest_of() { # kernel
	case $1 in
	6.1) echo deb12 ;;
	6.12 | 7.2 | test) echo deb13 ;;
	*) die "unknown kernel '$1': use 6.1, 6.12, 7.2 or test" ;;
	esac
}

guest_key() { # guest
	[ -f "$RIG_DIR/recipes/$1.packages" ] || die "unknown guest '$1': use deb12 or deb13"
	echo "$1-$(hash_of "$RIG_DIR/recipes/common.packages" "$RIG_DIR/recipes/dpkg.excludes" \
		"$RIG_DIR/recipes/$1.packages" "$RIG_DIR/recipes/$1.customize")"
}

guest_dir() { echo "$TCM_CACHE/guest/$(guest_key "$1")"; }
guest_tree() { echo "$(guest_dir "$1")/tree"; }
guest_image() { echo "$(guest_dir "$1")/image.ext4"; }

# Not keyed by the guest: another tool in the tree is no reason to compile a
# kernel for a quarter of an hour.
testkernel_dir() {
	echo "$TCM_CACHE/testkernel/$(hash_of "$RIG_DIR/recipes/testkernel.config")"
}

# The kernels of a tree, oldest first.
kernels_in() { # tree
	find "$1/usr/lib/modules" -mindepth 2 -maxdepth 2 -name modules.builtin -printf '%h\n' |
		sed 's,.*/,,' | sort -V
}

# The full version of a kernel, as uname -r prints it.
kernel_release() { # kernel
	local tree release
	if [ "$1" = test ]; then
		cat "$(testkernel_dir)/release"
		return
	fi
	tree=$(guest_tree "$(guest_of "$1")")
	release=$(kernels_in "$tree" | grep "^$1\.") || {
		# What backports had when it no longer had this one.
		[ "$1" != 7.2 ] || release=$(kernels_in "$tree" | grep -v '^6\.') || true
	}
	if [ -n "$release" ]; then
		tail -n 1 <<<"$release"
		return
	fi
	die "no $1 kernel in $tree: remove that directory's parent and run tests/rig/guest again"
}

# Where the headers of a kernel are, as seen inside the guest tree.
kernel_kdir() { # kernel
	if [ "$1" = test ]; then
		echo /usr/src/testkernel
	else
		echo "/lib/modules/$(kernel_release "$1")/build"
	fi
}

kernel_image() { # kernel
	if [ "$1" = test ]; then
		echo "$(testkernel_dir)/bzImage"
	else
		echo "$(guest_tree "$(guest_of "$1")")/boot/vmlinuz-$(kernel_release "$1")"
	fi
}

# Runs a command inside a guest tree. The mounts live in a namespace of their
# own, so nothing is left behind however this ends. A bind is "host:guest".
in_guest_tree() { # guest bind... -- command...
	local tree binds=()
	tree=$(guest_tree "$1")
	shift
	while [ "$1" != -- ]; do
		binds+=("$1")
		shift
	done
	shift
	# shellcheck disable=SC2016
	TREE=$tree unshare --mount --propagation private bash -euc '
		mount -t proc proc "$TREE/proc"
		mount -t tmpfs -o size=4g tmpfs "$TREE/tmp"
		mount --bind /dev "$TREE/dev"
		n=$1; shift
		while [ "$n" -gt 0 ]; do
			if [ -d "${1%%:*}" ]; then mkdir -p "$TREE/${1#*:}"; else touch "$TREE/${1#*:}"; fi
			mount --bind "${1%%:*}" "$TREE/${1#*:}"
			shift; n=$((n - 1))
		done
		exec chroot "$TREE" /usr/bin/env -i HOME=/root LC_ALL=C TERM=dumb \
			PATH=/usr/sbin:/usr/bin:/sbin:/bin "$@"
	' in_guest_tree "${#binds[@]}" "${binds[@]}" "$@"
}
