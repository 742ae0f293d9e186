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

# --- comparing a tree with that of the kernel's own target --------------------------------

# The test's differences() has each line of ours that is not as want_lio() prints it, and
# below it, indented, why.
want_ours() {
	local line path
	cat >want.lines
	differences | grep -v '^ ' | while read -r line; do
		path=${line#* }
		path=${path%% = *}
		grep -vE "^[^ ]+ ${path//./\\.}( = |$)" want.lines >want.next
		echo "$line" >>want.next
		mv want.next want.lines
	done
	cat want.lines
}

# What tree.py has printed is in got, sorted.
compare_tree() { # reference lines-at-least
	"want_$PEER" <"$1" | LC_ALL=C sort -k2 >want
	ok "the reference is there" test "$(wc -l <want)" -gt "$2"
	diff want got | sed -n 's/^</only in the reference:/p; s/^>/only in the tree:/p' >differ
	while read -r line; do
		fail "$line"
	done <differ
	ok "the tree is that of the reference" cmp want got
}
