# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Runs what the documents show.

DOCS=/rig/src

# Every literal block of the sections, in order, in one shell that stops at the
# first failure.
run_sections() { # file section...
	local file=$DOCS/$1 section
	shift
	echo 'set -ex' >"$WORK/commands"
	for section; do
		awk -f $DOCS/tests/vm/docs/blocks.awk -v section="$section" "$file"
	done >>"$WORK/commands"
	[ "$(wc -l <"$WORK/commands")" -gt 3 ] || return
	# targetcli reads its standard input if that is no terminal.
	bash "$WORK/commands" </dev/null >"$WORK/output" 2>&1 || {
		tail -n 20 "$WORK/output"
		return 1
	}
}
