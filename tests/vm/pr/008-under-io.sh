# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="Reservations come, go and are preempted while two nexuses do I/O; what is preempted is aborted; units go with reservations on them."
TIMEOUT=200
. /rig/src/tests/vm/pr/lib.sh

requires() { _have_peer ours; }

# A holds, B writes as a registrant, and is preempted with what it has in flight.
fenced() {
	local dev
	dev=$(lio_dev $WWN 2 0)
	pr_table <<-END
		A register 0 a = good
		B register 0 b = good
		A reserve a 5 = good
	END
	fio --name=b --filename="$dev" --direct=1 --ioengine=libaio --iodepth=16 --rw=randwrite \
		--bs=4k --size=2m --loops=100000 --output="$WORK/fio.b" >"$WORK/fio.err" 2>&1 &
	local fio=$!
	ok "a registrant writes" fio_moves "$dev"
	pr_table <<<"A abort a b 5 = good"
	ok "and does so no longer" wait_until 30 not_running $fio
	wait $fio
	is "$(writes_of "$dev")" "$(writes_of "$dev")" "nothing of it is in flight"
	pr_table <<-END
		B out $(printf '%01024d' 0) 2a 00 00 00 00 00 00 00 01 00 = status 18
		A out $(printf '%01024d' 0) 2a 00 00 00 00 00 00 00 01 00 = good
		A clear a = good
	END
}

writes_of() { awk '{ print $5 }' "/sys/block/${1##*/}/stat"; }

# Nobody is hurt: types that let both go on.
beside() {
	local i
	pr_table <<-END
		A register 0 a = good
		B ignore b = good
	END
	fio_start one "$(lio_dev $WWN 1 0)"
	fio_start two "$(lio_dev $WWN 2 0)" --offset=8m
	for ((i = 0; i < $(scaled 30 5); i++)); do
		cat <<-END
			A reserve a 7 = good
			B reserve b 7 = good
			B release b 7 = good
			A reserve a 6 = good
			A release a 6 = good
		END
	done | sed 's/^\([AB]\) r.*/&/' | python3 $VM/pr/pr.py A="$A" B="$B" >"$WORK/beside"
	is "$(grep -vc '^ok\|6/2a/04' "$WORK/beside")" 0 "reservations come and go"
	ok "one nexus saw no error" fio_stop one
	ok "nor did the other" fio_stop two
}

test() {
	three_ports 8192 || return
	fenced
	hush
	beside
	fio_start one "$(lio_dev $WWN 1 0)"
	pr_table <<<"C ignore c = good"
	hush
	python3 $VM/pr/pr.py A="$A" <<<"A reserve a 8 = good" >/dev/null
	ok "a LUN goes with a reservation on it" lio_unlink $WWN 1 0
	fio_stop one >/dev/null
	lio_clear
}
