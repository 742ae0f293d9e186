# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
DESCRIPTION="What each of the six types lets a holder, a registrant and another nexus do."
. /rig/src/tests/vm/pr/lib.sh

# A holds, B is registered, C is not. A line for each: reads, writes, and what is neither.
rows() { # type registered-reads registered-writes other-reads other-writes
	local who reads writes
	echo "A register 0 a = good"
	echo "B register 0 b = good"
	echo "A reserve a $1 = good"
	for who in "A good good" "B $2 $3" "C $4 $5"; do
		read -r who reads writes <<<"${who//18/status_18}"
		reads="= ${reads/_/ }" writes="= ${writes/_/ }"
		cat <<-END
			$who raw 0 00 00 00 00 00 00 = good
			$who raw 24 12 00 00 00 24 00 = good
			$who raw 8 25 00 00 00 00 00 00 00 00 00 = good
			$who raw 20 9e 10 00 00 00 00 00 00 00 00 00 00 00 20 00 00 = good
			$who raw 10 4d 00 40 00 00 00 00 00 10 00 = good
			$who raw 10 a0 00 00 00 00 00 00 00 00 10 00 00 = good
			$who keys = good
			$who raw 0 1b 00 00 00 01 00 = good
			$who raw 200 28 00 00 00 00 00 00 00 01 00 $reads
			$who raw 200 88 00 00 00 00 00 00 00 00 00 00 00 00 01 00 00 $reads
			$who raw 4 1a 00 3f 00 04 00 $reads
			$who raw 4 3c 03 00 00 00 00 00 00 04 00 $reads
			$who raw 8 a3 0c 00 00 00 00 00 00 00 08 00 00 $reads
			$who raw 0 2f 00 00 00 00 00 00 00 01 00 $reads
			$who raw 0 34 00 00 00 00 00 00 00 01 00 $reads
			$who raw 8 9e 12 00 00 00 00 00 00 00 00 00 00 00 08 00 00 $reads
			$who out $ZEROS 2a 00 00 00 00 00 00 00 01 00 $writes
			$who out $ZEROS 8a 00 00 00 00 00 00 00 00 00 00 00 00 01 00 00 $writes
			$who out $ZEROS$ZEROS 89 00 00 00 00 00 00 00 00 00 00 00 00 01 00 00 $writes
			$who raw 0 35 00 00 00 00 00 00 00 00 00 $writes
			$who raw 0 1d 04 00 00 00 00 $writes
			$who out 0000000000000000 42 00 00 00 00 00 00 00 08 00 $writes
			$who out 0000000000000000 55 10 00 00 00 00 00 00 08 00 $writes
		END
	done
	echo "A clear a = good"
	echo "B raw 0 00 00 00 00 00 00 = 6/2a/03"
}

test() {
	ZEROS=$(printf '%01024d' 0)
	three_ports || return
	echo 1 >"$DISK/attrib/emulate_tpu"
	rows 1 good 18 good 18 | pr_table
	rows 3 18 18 18 18 | pr_table
	rows 5 good good good 18 | pr_table
	rows 6 good good 18 18 | pr_table
	rows 7 good good good 18 | pr_table
	rows 8 good good 18 18 | pr_table
	lio_clear
}
