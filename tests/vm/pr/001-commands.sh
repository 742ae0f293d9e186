# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="Service actions of PERSISTENT RESERVE IN and OUT through three nexuses: what they do, refuse, and tell the others."
. /rig/src/tests/vm/pr/lib.sh

ID=sas:50014050deadbeef

# TEST UNIT READY is allowed whatever is reserved, and says what there is to say.
registering() {
	pr_table <<-END
		A keys = good: 00 00 00 00 00 00 00 00
		A register 0 0 = good
		A register 5 a = status 18
		A register 0 a = good
		A register b c = status 18
		A keys = good: 00 00 00 01 00 00 00 08 00 00 00 00 00 00 00 0a
		B ignore b = good
		B ignore c = good
		A keys = good: 00 00 00 03 00 00 00 10 00 00 00 00 00 00 00 0a 00 00 00 00 00 00 00 0c
		A keys 8 = good: 00 00 00 03 00 00 00 10
		A keys 6 = good: 00 00 00 03 00 00
		A keys 0 = good
		A keys c = good: 00 00 00 03 00 00 00 10 00 00 00 00
		C register 0 d all = good
		A keys = good: 00 00 00 04 00 00 00 18 00 00 00 00 00 00 00 0a 00 00 00 00 00 00 00 0c 00 00 00 00 00 00 00 0d
		C register d 0 = good
		B register c 0 = good
		A register a 0 all = good
		A register 0 a ids=sas:1122334455667788 = good
		A keys = good: 00 00 00 08 00 00 00 10 00 00 00 00 00 00 00 0a 00 00 00 00 00 00 00 0a
		A register a b ids=sas:1122334455667788 = 5/24/00 sks=cc0001
		A full = good: 00 00 00 08 00 00 00 60 00 00 00 00 00 00 00 0a 00 00 00 00 00 00 00 00 00 00 .. .. 00 00 00 18 06 00 00 00 50 01 40 50 de ad be ef 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 0a 00 00 00 00 00 00 00 00 00 00 .. .. 00 00 00 18 06 00 00 00 11 22 33 44 55 66 77 88 00 00 00 00 00 00 00 00 00 00 00 00
		A clear a = good
		A raw 0 00 00 00 00 00 00 = good
	END
}

reserving() {
	pr_table <<-END
		A register 0 a = good
		B register 0 b = good
		C reserve c 1 = status 18
		A reserve a 0 = 5/24/00 sks=cb0002
		A reserve a 4 = 5/24/00 sks=cb0002
		A reserve a 1 scope = 5/24/00 sks=cf0002
		A reserve a 5 = good
		A holder = good: 00 00 00 0b 00 00 00 10 00 00 00 00 00 00 00 0a 00 00 00 00 00 05 00 00
		A reserve a 5 = good
		A reserve a 6 = status 18
		B reserve b 5 = status 18
		B release b 5 = good
		A release a 6 = 5/26/04
		A release a 5 = good
		A holder = good: 00 00 00 0b 00 00 00 00
		A raw 0 00 00 00 00 00 00 = good
		B raw 0 00 00 00 00 00 00 = 6/2a/04
		B raw 0 00 00 00 00 00 00 = good
		C raw 0 00 00 00 00 00 00 = good
		A reserve a 1 = good
		A release a 1 = good
		B raw 0 00 00 00 00 00 00 = good
		A lost a a 1 = 5/24/00 sks=cc0001
		A clear a = good
		A raw 0 00 00 00 00 00 00 = good
		B raw 0 00 00 00 00 00 00 = 6/2a/03
		B raw 0 00 00 00 00 00 00 = good
		C raw 0 00 00 00 00 00 00 = good
		A keys = good: 00 00 00 0c 00 00 00 00
	END
}

preempting() {
	pr_table <<-END
		A register 0 a = good
		B register 0 b = good
		C register 0 c = good
		A reserve a 6 = good
		B preempt b 0 6 = 5/26/00 sks=8f0008
		B preempt b 9 6 = status 18
		B preempt b c 6 = good
		C raw 0 00 00 00 00 00 00 = 6/2a/05
		B preempt b a 5 = good
		A raw 0 00 00 00 00 00 00 = 6/2a/05
		A raw 0 00 00 00 00 00 00 = good
		B raw 0 00 00 00 00 00 00 = good
		A holder = good: 00 00 00 11 00 00 00 10 00 00 00 00 00 00 00 0b 00 00 00 00 00 05 00 00
		A register 0 a = good
		A abort a b 8 = good
		B raw 0 00 00 00 00 00 00 = 6/2a/05
		A holder = good: 00 00 00 13 00 00 00 10 00 00 00 00 00 00 00 00 00 00 00 00 00 08 00 00
		B register 0 b = good
		B preempt b 0 3 = good
		A raw 0 00 00 00 00 00 00 = 6/2a/05
		B keys = good: 00 00 00 15 00 00 00 08 00 00 00 00 00 00 00 0b
		B clear b = good
	END
}

moving() {
	local rtpi
	rtpi=$(printf %x "$(cat "$LOOPBACK/$WWN/tpgt_2/rtpi" 2>/dev/null || rtpi_of "$B")")
	pr_table <<-END
		A register 0 a = good
		A move a b $rtpi $ID = status 18
		A reserve a 3 = good
		A move a b fffe $ID = 5/26/00 sks=8f0012
		A move a 0 $rtpi $ID = 5/26/00 sks=8f0008
		A move a b $rtpi 09000000000000000000000000000000000000000000000000 = 5/26/00 sks=8f0018
		A move a b $rtpi 060000005001 = 5/26/00 sks=8f0014
		A move a b $rtpi iscsi:iqn.2026-11.x:a = 5/26/00 sks=8b0018
		A move a b $rtpi $ID unreg = good
		A keys = good: .. .. .. .. 00 00 00 08 00 00 00 00 00 00 00 0b
		B holder = good: .. .. .. .. 00 00 00 10 00 00 00 00 00 00 00 0b 00 00 00 00 00 03 00 00
		A raw 200 28 00 00 00 00 00 00 00 01 00 = status 18
		B raw 200 28 00 00 00 00 00 00 00 01 00 = good
		B clear b = good
	END
}

rtpi_of() { # sg
	sg_vpd -p di "$1" | sed -n 's/.*Relative target port: 0x//p' | head -n 1 | { read -r n && echo $((16#$n)); }
}

malformed() {
	pr_table <<-END
		A out 0000000000000000000000000000000a0000000000000000 5f0000000000000017 00 = 5/1a/00
		A out 0000000000000000000000000000000a000000000000000000000000 5f000000000000001c 00 = 5/1a/00
		A out 0000000000000000000000000000000a0000000008000000 5f0000000000000018 00 = 5/1a/00
		A out 0000000000000000000000000000000a000000000800000000000018 5f000000000000001c 00 = 5/26/00 sks=8f0018
		A out 0000000000000000000000000000000a0000000008000000000000080600000050014050 5f0000000000000024 00 = 5/26/00 sks=8f0018
		A register 0 a ids=09000000000000000000000000000000000000000000000000 = 5/26/00 sks=8f001c
		A register 0 a ids=iscsi:iqn.2026-11.x:a = 5/26/00 sks=8b001c
		A register 0 a ids=sas:1,05000000 = 5/26/00 sks=8f0018
		A register 0 0 ids=sas:1 = 5/24/00 sks=cc0001
		A ignore a ids=sas:1 = 5/26/00 sks=8b0014
		A keys = good: .. .. .. .. 00 00 00 00
		A raw 8 5e 04 00 00 00 00 00 00 08 00 = 5/24/00 sks=cc0001
		A out 00 5f 09 00 00 00 00 00 00 01 00 = 5/24/00 sks=cc0001
		A raw 8 5e 00 01 00 00 00 00 00 08 00 = 5/24/00 sks=c80002
	END
}

test() {
	three_ports || return
	pr_table <<<"A caps = good: 00 08 1d b0 ea 01 00 00"
	registering
	reserving
	preempting
	moving
	malformed
	ok "persistent reservations are hidden" sh -c "echo 0 >$DISK/attrib/emulate_pr"
	pr_table <<-END
		A keys = 5/20/00
		A register 0 a = 5/20/00
		A raw 0 16 00 00 00 00 00 = 5/20/00
	END
	lio_clear
}
