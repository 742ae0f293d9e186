# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="READ CAPACITY tells the truth for small and for huge units, and what lies behind the end is refused with its LBA."
TIMEOUT=300
. /rig/src/tests/vm/common.sh

# LIO reports neither INFORMATION nor a field.
beyond() { if [ "$PEER" = lio ]; then echo 5/21/00; else echo "5/21/00 info=$1"; fi; }

ends() {
	scsi_is good "READ(10) of the last block" r 512 28 00 00 01 ff ff 00 00 01 00
	scsi_is "$(beyond 00020000)" "READ(10) behind the end" r 512 28 00 00 02 00 00 00 00 01 00
	scsi_is "$(beyond 00020000)" "READ(10) across the end" r 1024 28 00 00 01 ff ff 00 00 02 00
	scsi_like "^5/21/00" \
		"READ(16) of the last LBA there can be" r 512 88 00 ff ff ff ff ff ff ff ff 00 00 00 01 00 00
	scsi_like "^5/21/00" \
		"READ(16) whose end is more than 64 bits" r 1024 88 00 ff ff ff ff ff ff ff ff 00 00 00 02 00 00
	scsi_is "$(beyond 00020000)" \
		"WRITE(16) behind the end" w block 8a 00 00 00 00 00 00 02 00 00 00 00 00 01 00 00
	scsi_is good "READ(10) of no block" 28 00 00 00 00 00 00 00 00 00
	scsi_is good "READ(10) of no block just behind the end" 28 00 00 02 00 00 00 00 00 00
}

test() {
	head -c 512 /dev/urandom >block
	make_disk 16384 || return
	like "$(sg_readcap -b "$SG")" '^0x20000 0x200' "READ CAPACITY(10): 64 MiB in blocks of 512 bytes"
	like "$(sg_readcap --16 -b "$SG")" '^0x20000 0x200' "READ CAPACITY(16) agrees"
	data_is \
		"00 00 00 00 00 01 ff ff 00 00 02 00" "it is cut at the allocation length" 32 9e 10 00 00 00 00 00 00 00 00 00 00 00 0c 00 00
	ends
	scsi_close
	lio_clear
	[ "$PEER" = ours ] || return 0
	make_disk $((1 << 30)) || return
	data_is "ff ff ff ff 00 00 02 00" \
		"READ CAPACITY(10) of 4 TiB asks for READ CAPACITY(16)" 8 25 00 00 00 00 00 00 00 00 00
	like "$(sg_readcap --16 -b "$SG")" '^0x200000000 0x200' "which knows"
	scsi_is good "the last block is written" w block 8a 00 00 00 00 01 ff ff ff ff 00 00 00 01 00 00
	data_is "$(od -An -v -tx1 block | tr -s ' \n' ' ' | sed 's/^ //; s/ $//')" "and read back" \
		512 88 00 00 00 00 01 ff ff ff ff 00 00 00 01 00 00
	scsi_is "5/21/00 info=0000000200000000" \
		"behind the end sense comes with 64 bits of LBA" r 512 88 00 00 00 00 02 00 00 00 00 00 00 00 01 00 00
	scsi_close
	lio_clear
}
