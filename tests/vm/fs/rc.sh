# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# What the file system tests share.

MNT=$WORK/mnt

# A tree of files: large, small, empty, many in one directory, renamed, removed.
fill() { # directory mebibytes
	local i
	mkdir -p "$1"/many "$1"/deep/er/still &&
		dd if=/dev/urandom of="$1/large" bs=1M count="$2" status=none &&
		cp "$1/large" "$1/deep/er/still/copy" && : >"$1/empty" || return
	for ((i = 0; i < 200; i++)); do echo "file $i" >"$1/many/$i" || return; done
	for ((i = 0; i < 200; i += 3)); do rm "$1/many/$i" || return; done
	for ((i = 1; i < 200; i += 3)); do mv "$1/many/$i" "$1/many/renamed-$i" || return; done
	ln "$1/large" "$1/deep/hard-link" && ln -s ../large "$1/deep/symlink" &&
		truncate -s 1G "$1/sparse"
}

checksums() { # directory
	(cd "$1" && find . -type f ! -name sparse -print0 | sort -z | xargs -0 md5sum) &&
		find "$1" -printf '%P %y %s %l\n' | sort
}

round_trip() { # device
	ok "mounted" mount "$1" "$MNT" || return
	ok "filled" fill "$MNT/tree" "$(scaled 48 8)"
	checksums "$MNT/tree" >before
	ok "unmounted" umount "$MNT"
}

compare() { # device
	ok "mounted again" mount "$1" "$MNT" || return
	checksums "$MNT/tree" >after
	ok "it holds what was put in" cmp before after
	ok "which was something" [ "$(wc -l <after)" -gt 250 ]
	ok "discarded free space is no error" sh -c "fstrim $MNT || true"
	ok "unmounted" umount "$MNT"
}
