# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="Log pages count what was read, written and verified; sg_logs reads each, and LOG SELECT sets them back."
TIMEOUT=300
. /rig/src/tests/vm/common.sh
requires() { _have_peer ours; }

# Eight bytes of a parameter: of page, from the offset in the page on.
counter() { # page offset
	scsi r 1024 4d 00 "$(printf %02x $((0x40 | 0x$1)))" 00 00 00 00 04 00 00
	echo $((0x$(echo "$DATA" | cut -d' ' -f$(($2 + 1))-$(($2 + 8)) | tr -d ' ')))
}

pages() {
	local pages page
	scsi r 255 4d 00 40 00 00 00 00 00 ff 00
	pages=$(echo "$DATA" | cut -d' ' -f5-)
	note "pages $pages"
	for page in 00 02 03 05 06 0e 10 15 19 1a 2f; do
		like " $pages " " $page " "page 00 lists page $page"
	done
	for page in $pages; do
		scsi_is good "page $page" r 1024 4d 00 "$(printf %02x $((0x40 | 0x$page)))" 00 00 00 00 04 00 00
		[ "$page" = 00 ] || like "$DATA" "^$(printf %02x $((0x80 | 0x$page))) 00" "is what it says"
		ok "sg_logs reads it" quietly sg_logs -p "0x$page" "$SG"
		# Of page 19 it wants the time that a unit was idle, which nobody counts here.
		[ "$page" = 00 ] || [ "$page" = 19 ] || { ! grep -qi "unknown\|unable\|not decode" quietly || fail "and knows it: $(cat quietly)"; }
	done
	ok "sg_logs --all" quietly sg_logs -a "$SG"
	ok "sg_logs --All" quietly sg_logs -A "$SG"
	scsi_is "5/24/00 sks=cd0002" "a page that is not listed is refused" r 255 4d 00 7e 00 00 00 00 00 ff 00
}

counters() {
	local read write verify reads
	read=$(counter 03 8) write=$(counter 02 8) verify=$(counter 05 8) reads=$(counter 19 8)
	dd if=/dev/zero of="$DEV" bs=64k count=3 oflag=direct status=none
	scsi_is good "READ(10) of 8 blocks" r 4096 28 00 00 00 00 00 00 00 08 00
	scsi_is good "READ(10) of 2 blocks" r 1024 28 00 00 00 00 00 00 00 02 00
	scsi_is good "VERIFY(10) of 16 blocks" 2f 00 00 00 00 00 00 00 10 00
	is $(($(counter 02 8) - write)) $((3 << 16)) "bytes written"
	is $(($(counter 03 8) - read)) 5120 "bytes read"
	is $(($(counter 05 8) - verify)) 8192 "bytes verified"
	is $(($(counter 19 8) - reads)) 2 "READ commands"
	is "$(counter 03 20)" 0 "no error of the medium"
	scsi_is good "LOG SELECT sets page 03 back" 4c 02 c3 00 00 00 00 00 00 00
	is "$(counter 03 8)" 0 "it counts from nothing"
	ok "page 19 does not" [ "$(counter 19 8)" -gt 1 ]
	ok "sg_logs --reset" quietly sg_logs --reset --select "$SG"
	is "$(counter 19 8)" 0 "sets all back"
}

accounting_date() {
	printf '\x8e\x00\x00\x0a\x00\x02\x21\x06202647' >list
	scsi_is good "LOG SELECT of the accounting date" w list 4c 00 00 00 00 00 00 00 0e 00
	like "$(sg_logs -p 0xe "$SG")" '2026.*47' "sg_logs shows it"
	printf '\x83\x00\x00\x0c\x00\x05\x20\x08\x00\x00\x00\x00\x00\x00\x00\x01' >list
	scsi_is "5/26/00 sks=8f0008" "a counter cannot be set" w list 4c 00 00 00 00 00 00 00 10 00
}

# Page 0C is there for a thin disk, and counts in sets of 1 MiB.
provisioning() {
	lio_mk_rd disk 16384 && echo 1 >"$CORE/rd_mcp_0/disk/attrib/emulate_tpu" &&
		lio_mk_port $WWN && lio_link $WWN 1 0 rd_mcp_0/disk || return
	DEV=$(lio_dev $WWN 1 0)
	SG=$(lio_sg $WWN 1 0)
	ok "4 MiB are written" quietly dd if=/dev/urandom of="$DEV" bs=1M count=4 oflag=direct
	scsi r 255 4d 00 4c 00 00 00 00 00 ff 00
	like "$DATA" '^8c 00 00 18 00 01 23 08 .. .. .. .. 00 00 00 00 00 02 23 08 00 00 00 04 01 00 00 00$' \
		"page 0C says that 4 sets are used"
	ok "sg_logs reads it" quietly sg_logs -p 0xc "$SG"
	scsi_close
	lio_clear
}

test() {
	make_disk 16384 || return
	scsi_is "5/24/00 sks=cd0002" "page 0C is not there for a disk that is not thin" r 255 4d 00 4c 00 00 00 00 00 ff 00
	pages
	counters
	accounting_date
	scsi_close
	lio_clear
	provisioning
}
