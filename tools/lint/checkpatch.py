#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Runs checkpatch --strict and drops what this project does on purpose, each
with its reason. Everything else is a mistake.

usage: checkpatch.py CHECKPATCH < list of .c and .h files
"""
import os
import re
import subprocess
import sys
import tempfile

# Type, where (regular expression of the path), and the source line it complains of.
ON_PURPOSE = [
    # Lists that are kept once and expanded with a macro per use (X-macros).
    (r"COMPLEX_MACRO|MULTISTATEMENT_MACRO_USE_DO_WHILE|TRAILING_SEMICOLON|BRACKET_SPACE"
     r"|MACRO_ARG_(REUSE|UNUSED|PRECEDENCE)|MACRO_WITH_FLOW_CONTROL", r".", r"^\s*#\s*define\b"),
    # An export stands right under its function, as EXPORT_SYMBOL does; and its definition.
    (r"LINE_SPACING", r".", r"^TARGET_EXPORT\("),
    (r"LINE_SPACING", r"^tests/unit/", r"^kunit_test_suites?\("),
    (r"EXPORT_SYMBOL", r"^include/compat/", r"^#define TARGET_EXPORT\("),
    # TRACE_EVENT has a style of its own.
    (r"PARENTHESIS_ALIGNMENT|OPEN_ENDED_LINE|STRCPY|COMPLEX_MACRO", r"^core/trace\.h$", r"."),
    # The errno that the kernel's own target gives, and tools know.
    (r"ENOSYS", r"^(core/configfs|tests/unit/)", r"-ENOSYS\b"),
    # The kernel's own name, and a bus that older kernels register only if it is not const.
    (r"CAMELCASE", r"^(fabrics|backstores)/", r"\bScsi_Host\b"),
    (r"CONST_STRUCT", r"^fabrics/", r"\bstruct bus_type\b"),
    # To be nice to the submitter, not to wait for it; the function says what it gains.
    (r"YIELD", r"^fabrics/loopback/queue\.c$", r"."),
    # A probe declares what it asks for.
    (r"AVOID_EXTERNS", r"^include/compat/probe/", r"."),
    # Test vectors hold the blanks that a user may type.
    (r"QUOTED_WHITESPACE_BEFORE_NEWLINE", r"^tests/unit/", r"."),
]


def on_purpose(kind, path, line):
    return any(re.fullmatch(kinds, kind) and re.search(paths, path) and re.search(lines, line)
               for kinds, paths, lines in ON_PURPOSE)


def source_line(path, number):
    with open(path, encoding="utf-8") as file:
        lines = file.read().splitlines()
    return lines[number - 1] if 0 < number <= len(lines) else ""


def checkpatch(script, files):
    """Its report, made where the cache that it leaves behind harms nobody."""
    with tempfile.TemporaryDirectory() as work:
        for top in {path.split("/")[0] for path in files}:
            os.symlink(os.path.abspath(top), os.path.join(work, top))
        return subprocess.run(
            ["perl", script, "--no-tree", "--root=.", "--strict", "--terse", "--no-summary",
             "--showfile", "--show-types", "--max-line-length=100", "-f", *files], cwd=work,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)


def main():
    result = checkpatch(sys.argv[1], sys.stdin.read().split())
    failed = False
    for report in result.stdout.splitlines():
        match = re.match(r"(\S+?):(\d+): \w+:(\w+): ", report)
        if match:
            path, number, kind = match.group(1), int(match.group(2)), match.group(3)
            if on_purpose(kind, path, source_line(path, number)):
                continue
        if report:
            print(report)
            failed = True
    if not failed and result.returncode not in (0, 1):
        print(f"checkpatch ended with {result.returncode}")
        failed = True
    sys.exit(failed)


main()
