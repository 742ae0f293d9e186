# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="Every submit_type and complete_type the core takes carries data that verifies."
TIMEOUT=300
. /rig/src/tests/vm/common.sh
# LIO of 6.1 has neither, LIO of 6.12 has no complete_type.
requires() {
	_have_program fio
	[ "$KERNEL:$PEER" != 6.1:lio ] || skip "LIO of 6.1 has no such attributes"
}

# Small and large transfers at once.
both() { # name
	quietly timeout $((120 * SLOW)) fio --filename="$DEV" --direct=1 --rw=randwrite \
		--verify=crc32c --verify_fatal=1 --verify_dump=0 \
		--name="$1-small" --ioengine=libaio --iodepth=32 --bs=4k --size="$(scaled 1024 256)k" \
		--name="$1-big" --ioengine=io_uring --iodepth=8 --bs=512k --offset=8m --size=4m
}

set_attrib() { echo "$2" 2>/dev/null >"$DISK/attrib/$1"; }

test() {
	local submit complete
	make_disk 8192 || return
	for submit in 0 1 2; do
		for complete in 0 1 2; do
			# The slow test kernel gets each once.
			[ "$KERNEL" != test ] || [ $complete = $(((submit + 1) % 3)) ] || continue
			[ "$PEER" = ours ] || [ -e "$DISK/attrib/complete_type" ] || continue
			ok "submit_type $submit is taken" set_attrib submit_type $submit
			ok "complete_type $complete is taken" set_attrib complete_type $complete
			ok "submit_type $submit, complete_type $complete" both "s${submit}c$complete"
		done
	done
	not_ok "submit_type 3 is refused" set_attrib submit_type 3
	not_ok "complete_type 3 is refused" set_attrib complete_type 3
	lio_clear
}
