# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="RESERVE and RELEASE, (6) and (10), alone and beside persistent reservations."
. /rig/src/tests/vm/pr/lib.sh

alone() { # reserve-cdb release-cdb
	pr_table <<-END
		A raw 0 $1 = good
		A raw 0 $1 = good
		B raw 0 $1 = status 18
		B raw 0 00 00 00 00 00 00 = status 18
		B raw 200 28 00 00 00 00 00 00 00 01 00 = status 18
		B raw 24 12 00 00 00 24 00 = good
		B raw 10 a0 00 00 00 00 00 00 00 00 10 00 00 = good
		B raw 12 03 00 00 00 12 00 = good
		B raw 10 4d 00 40 00 00 00 00 00 10 00 = good
		B raw 8 25 00 00 00 00 00 00 00 00 00 = good
		A raw 200 28 00 00 00 00 00 00 00 01 00 = good
		B raw 0 $2 = good
		B raw 0 00 00 00 00 00 00 = status 18
		A keys = status 18
		A register 0 a = status 18
		A raw 0 $2 = good
		B raw 0 00 00 00 00 00 00 = good
		A raw 0 $2 = good
		A keys = good
	END
}

beside() {
	pr_table <<-END
		A register 0 a = good
		A raw 0 16 00 00 00 00 00 = status 18
		B raw 0 16 00 00 00 00 00 = status 18
		B raw 0 17 00 00 00 00 00 = status 18
		A reserve a 3 = good
		A raw 0 16 00 00 00 00 00 = good
		A raw 0 17 00 00 00 00 00 = good
		B raw 0 16 00 00 00 00 00 = status 18
		A release a 3 = good
		A reserve a 5 = good
		B register 0 b = good
		B raw 0 56 00 00 00 00 00 00 00 00 00 = good
		C raw 0 56 00 00 00 00 00 00 00 00 00 = status 18
		A clear a = good
		B raw 0 00 00 00 00 00 00 = 6/2a/03
	END
}

resets() {
	pr_table <<<"A raw 0 16 00 00 00 00 00 = good"
	ok "a reset of the unit" sg_reset -d "$C"
	pr_table <<-END
		B raw 0 00 00 00 00 00 00 = 6/29/03
		B raw 0 00 00 00 00 00 00 = good
		A raw 0 00 00 00 00 00 00 = 6/29/03
		C raw 0 00 00 00 00 00 00 = 6/29/03
		A raw 0 16 00 00 00 00 00 = good
		B raw 0 00 00 00 00 00 00 = status 18
	END
	ok "the nexus goes" lio_unlink $WWN 1 0
	A=$B
	pr_table <<<"B raw 0 00 00 00 00 00 00 = good"
	pr_is res_holder "No SPC-3 Reservation holder"
}

test() {
	three_ports || return
	alone "16 00 00 00 00 00" "17 00 00 00 00 00"
	alone "56 00 00 00 00 00 00 00 00 00" "57 00 00 00 00 00 00 00 00 00"
	pr_table <<-END
		A raw 0 16 10 00 00 00 00 = 5/24/00 sks=cc0001
		A raw 0 16 01 00 00 00 00 = 5/24/00 sks=c80001
		A raw 0 56 10 00 00 00 00 00 00 00 00 = 5/24/00 sks=cc0001
		A raw 0 57 02 00 00 00 00 00 00 00 00 = 5/24/00 sks=c90001
	END
	beside
	resets
	lio_clear
}
