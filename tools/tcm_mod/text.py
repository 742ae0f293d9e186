# SPDX-License-Identifier: GPL-2.0-only
"""C as text: lines that are folded, aligned, filled."""
import re

WIDTH = 100     # columns of a line of C
TAB = 8


def columns(text):
    return len(text.expandtabs(TAB))


def indent_to(column):
    return "\t" * (column // TAB) + " " * (column % TAB)


def fold_line(line):
    """Breaks a signature or a call that is too long, aligned to its parenthesis."""
    done = []
    while columns(line) > WIDTH:
        cut = max((m.end() for m in re.finditer(", ", line)
                   if columns(line[:m.end()].rstrip()) <= WIDTH), default=0)
        opens = []
        for i, char in enumerate(line[:cut]):
            if char == "(":
                opens.append(i)
            elif char == ")":
                opens.pop()
        if not opens:
            break
        done.append(line[:cut].rstrip())
        # A line that is a continuation has its indent for a parenthesis.
        line = indent_to(columns(line[:opens[-1] + 1])) + line[cut:]
    return done + [line]


def fold(text):
    return "\n".join(part for line in text.split("\n") for part in fold_line(line))


def align(text):
    """Fields, and values of macros, one below the other, however long the names are."""
    lines = []
    for line in text.split("\n"):
        field = re.fullmatch(r"\t([^\t]+)\t+([^\t]+;(?:\t/\*.*)?)", line)
        macro = re.fullmatch(r"(#define \w+)\t+(.+)", line)
        if field:
            line = "\t" + pad(field.group(1), 24) + field.group(2)
        elif macro:
            line = pad(macro.group(1), 40) + macro.group(2)
        lines.append(line)
    return "\n".join(lines)


def pad(text, column):
    """Tabs up to a column, one at least."""
    return text + "\t" * max(1, -((columns(text) - column) // TAB))


def wrap(words, first, rest, width=90):
    """Fills lines with words, as comments have them."""
    lines, line = [], first
    for word in words.split():
        if line.strip(" \t/*") and columns(line + " " + word) > width:
            lines.append(line)
            line = rest + word
        else:
            line += word if line.endswith((" ", "\t")) else " " + word
    return "\n".join(lines + [line])


def plain(doc):
    """kernel-doc without its marks."""
    return re.sub(r"[@%](?=\w)", "", doc)


def comment(doc):
    """A comment above a function, of one line if it fits."""
    if not doc:
        return ""
    text = plain(doc)
    text = text[0].upper() + text[1:]
    one = f"/* {text.rstrip('.')}{'.' if '. ' in text else ''} */"
    if columns(one) <= 90:
        return one + "\n"
    return "/*\n" + wrap(text, " * ", " * ") + "\n */\n"
