# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Running iscsi-test-cu and judging it. ALLOWED lists the tests that may fail, each with
# the only complaint that it may make; SKIPPED those that are skipped, and why.

# One line per test: suite.test and passed, failed or skipped.
verdicts() { # suite output exit-status
	awk -v suite="$1" '
		function done() { if (name) print suite "." name, verdict }
		/^  Test: / { done(); name = $2; verdict = "passed" }
		/\[SKIPPED\]/ && verdict == "passed" { verdict = "skipped" }
		/^FAILED|\.\.\.FAILED|\[FAILED\]/ { verdict = "failed" }
		END { done() }' "$2"
	[ "$3" -lt 128 ] || echo "$1.crash failed"
}

allowed() { # test
	local entry name complaint
	for entry in "${ALLOWED[@]}"; do
		read -r name complaint <<<"$entry"
		[ "$name" = "$1" ] || continue
		[ -z "$complaint" ] || ! complaints "$1" | grep -qvE "$complaint"
		return
	done
	return 1
}

# What a test of a suite complained about.
complaints() { # test
	awk -v name="${1#*.}" '/^  Test: / { on = $2 == name } on && /\[FAILED\]/ && !/CU_FAIL/' "out.${1%%.*}"
}

# Why a test was skipped, in the tool's own words.
reason() { # test
	awk -v name="${1#*.}" '/^  Test: / { on = $2 == name }
		on && sub(/.*\[SKIPPED\] */, "") { print; exit }' "out.${1%%.*}"
}

run_suite() { # suite [second-path]
	local status=0 test verdict bad=()
	timeout $((40 * SLOW)) iscsi-test-cu --dataloss --allow-sanitize -t "SCSI.$1" "$SG" "${@:2}" >"out.$1" 2>&1 || status=$?
	verdicts "$1" "out.$1" $status >"verdicts.$1"
	while read -r test verdict; do
		echo "$test $verdict $([ "$verdict" != skipped ] || reason "$test")" >>all
		[ "$verdict" != failed ] || allowed "$test" || bad+=("$test")
	done <"verdicts.$1"
	is "${bad[*]}" "" "$1: nothing fails ($(wc -l <"verdicts.$1") tests)" || grep -m5 '\[FAILED\]' "out.$1"
}

# A suite may run on several disks: a test failed if it did on any, and was skipped if it
# was on all.
merge() {
	awk '{ rank = $2 == "failed" ? 3 : $2 == "passed" ? 2 : 1
		if (rank >= best[$1]) { best[$1] = rank; line[$1] = $0 } }
		END { for (test in line) print line[test] }' all | LC_ALL=C sort >merged
}

summary() { # verdict
	merge
	cut -d' ' -f2 merged | grep -cx "$1"
}

# The list of what is skipped is right both ways. Each entry: a test, and a word of the
# tool's reason.
check_skipped() {
	local entry name word
	grep ' skipped ' merged >skips
	for entry in "${SKIPPED[@]}"; do
		read -r name word <<<"$entry"
		grep -qE "^$name skipped .*($word)" skips ||
			fail "$name is listed as skipped for $word: $(grep "^$name " merged || echo 'there is no such test')"
	done
	while read -r name word; do
		[[ " ${SKIPPED[*]/%/ } " == *" $name "* ]] || fail "$name is ${word}, and not listed"
	done <skips
	pass "$(wc -l <skips) tests are skipped, as listed"
}

# With a serial number, as targetcli gives one: tests of designators need it.
make_named_disk() { # [attribute=value...]
	local pair
	ok "a ramdisk with a serial number becomes a disk" lio_mk_rd disk "${PAGES:-16384}" || return
	for pair in "$@"; do echo "${pair#*=}" >"$CORE/rd_mcp_0/disk/attrib/${pair%=*}"; done
	echo 0123456789abcdef >"$CORE/rd_mcp_0/disk/wwn/vpd_unit_serial"
	ok "it has a port" lio_mk_port $WWN || return
	ok "and a LUN" lio_link $WWN 1 0 rd_mcp_0/disk || return
	lio_dev $WWN 1 0 >/dev/null || return
	SG=$(lio_sg $WWN 1 0)
}
