# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="A ramdisk LUN on the loopback fabric is a disk that returns what was written to it."

test() {
	local dev
	ok "a ramdisk on a loopback port becomes a disk" lio_quick_disk 4096 >"$WORK/dev"
	dev=$(grep ^/dev/ "$WORK/dev")
	like "$dev" '^/dev/sd[a-z]+$' "it has a block device"
	is "$(blockdev --getsize64 "$dev")" $((4096 * 4096)) "its size is that of the ramdisk's pages"
	like "$(lsscsi)" "RAMDISK-MCP.*$dev" "lsscsi shows it"
	ok "random data is written" sh -c "head -c 16M /dev/urandom >data && \
		dd if=data of=$dev bs=1M oflag=direct status=none"
	ok "and read back the same" sh -c "dd if=$dev bs=64k iflag=direct status=none | cmp - data"
	ok "the LUN is unlinked under its disk" lio_unlink naa.5001405000000001 1 0
	ok "the disk goes away" wait_until 10 test ! -b "$dev"
	lio_clear
}
