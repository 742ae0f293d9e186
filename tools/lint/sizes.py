#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""No file of 800 lines, no function of 80.

usage: sizes.py < list of paths
"""
import re
import sys

FILE_LINES = 800
FUNCTION_LINES = 80
CHECKED = re.compile(r"\.(c|h|sh|py)$|^(tests|tools)/[^.]*$|^(Makefile|Kbuild)$")
SHELL_FUNCTION = re.compile(r"^\w+\(\) \{")


def functions(path, lines):
    """Yields name, first line and length; relies on the style's braces in column one."""
    start = name = None
    for number, line in enumerate(lines, 1):
        if start is None:
            if path.endswith((".c", ".h")) and line == "{":
                start, name = number, signature(lines, number)
            elif SHELL_FUNCTION.match(line):
                start, name = number, line.split("(")[0]
        elif line in ("}", "};"):
            yield name, start, number - start + 1
            start = None


def signature(lines, brace):
    """The name before the last '(' that begins the parameter list."""
    text = ""
    for line in reversed(lines[:brace - 1]):
        text = line + " " + text
        if not line[:1].isspace():
            break
    match = re.search(r"(\w+)\s*\(", text)
    return match.group(1) if match else "?"


def main():
    failed = False
    for path in sys.stdin.read().splitlines():
        if not CHECKED.search(path):
            continue
        with open(path, encoding="utf-8") as file:
            lines = file.read().splitlines()
        if len(lines) >= FILE_LINES:
            print(f"{path}: {len(lines)} lines, the limit is {FILE_LINES}: split it by noun")
            failed = True
        for name, start, length in functions(path, lines):
            if length >= FUNCTION_LINES:
                print(f"{path}:{start}: {name}() has {length} lines, the limit is "
                      f"{FUNCTION_LINES}")
                failed = True
    sys.exit(failed)


main()
