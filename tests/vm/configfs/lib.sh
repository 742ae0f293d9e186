# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# What the tests of the tree share. A test sources it by way of BASH_SOURCE.

CONFIGFS_TESTS=$(dirname "${BASH_SOURCE[0]}")

# Every line of the table on standard input is a check; see table.py.
check_table() {
	local verdict text
	python3 "$CONFIGFS_TESTS/table.py" "$TARGET" "$PEER" | while read -r verdict text; do
		case $verdict in
		ok) pass "$text" ;;
		not) fail "${text#ok }" ;;
		*) fail "table.py: $verdict $text" ;;
		esac
	done
	[ "${PIPESTATUS[0]}" -le 1 ] || fail "table.py could not read its table"
}
