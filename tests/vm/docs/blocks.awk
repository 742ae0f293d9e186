# SPDX-License-Identifier: GPL-2.0-only
# Prints the literal blocks of one section of a document, without their indent.
# usage: awk -f blocks.awk -v section=TITLE FILE	(reST or Markdown)

function title(text) { inside = text == section }

FILENAME ~ /\.md$/ && /^#+ / { sub(/^#+ /, ""); title($0); next }
FILENAME ~ /\.rst$/ && /^(=+|-+)$/ && length($0) >= length(last) && last != "" { title(last) }

# A block ends at the next line that is not indented.
/^[^ ]/ { literal = 0 }
FILENAME ~ /\.rst$/ && !/^ / && /::$/ { literal = 1; last = $0; next }
inside && FILENAME ~ /\.rst$/ && literal && /^  / { print substr($0, 3) }
inside && FILENAME ~ /\.md$/ && /^    / { print substr($0, 5) }
{ last = $0 }
