#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""What holds for every file: its licence, no unfinished work, no host names of
package archives, nothing unexpected at the top level.

usage: tree.py "host..." < list of paths
"""
import re
import sys

TOP = {
    ".ci", ".gitignore", "COPYING", "DEVELOPERS.md", "Documentation", "Kbuild", "Kconfig",
    "MAINTAINERS", "Makefile", "README.md", "backstores", "core", "debian", "dkms.conf",
    "fabrics", "include", "tests", "tools",
}

# Files that carry no licence line: the licence itself, and what has no comments.
NO_SPDX = re.compile(r"^COPYING$|^tests/meta/ktap/|\.(json|txt|tsv|svg|md|reference|out)$")
SPDX = re.compile(r"SPDX-License-Identifier: GPL-2\.0-only\b")

# Spelled so that this file does not find itself.
UNFINISHED = re.compile(r"\b(TO" r"DO|FIX" r"ME)\b")
ARCHIVES = [
    "deb" ".debian.org", "security" ".debian.org", "snapshot" ".debian.org", "ftp" ".debian.org",
    "pypi" ".org", "files" ".pythonhosted.org", "crates" ".io", "registry" ".npmjs.org",
    "proxy" ".golang.org", "docker" ".io", "quay" ".io", "ghcr" ".io",
]


def check(path, hosts):
    with open(path, "rb") as file:
        raw = file.read()
    if b"\0" in raw:
        yield "a binary file"
        return
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        yield "not UTF-8"
        return
    lines = text.splitlines()
    if not NO_SPDX.search(path) and not any(SPDX.search(line) for line in lines[:3]):
        yield "no SPDX-License-Identifier: GPL-2.0-only in the first three lines"
    for number, line in enumerate(lines, 1):
        if UNFINISHED.search(line):
            yield f"{number}: unfinished: {line.strip()}"
        if path != "COPYING" and line != line.rstrip():
            yield f"{number}: blanks at the end of the line"
        for host in hosts:
            if host in line:
                yield f"{number}: names the package archive {host}"


def main():
    hosts = set(ARCHIVES + sys.argv[1].split())
    failed = False
    for path in sys.stdin.read().splitlines():
        if path.split("/")[0] not in TOP:
            print(f"{path}: nothing else belongs at the top level")
            failed = True
        for problem in check(path, hosts):
            print(f"{path}: {problem}")
            failed = True
    sys.exit(failed)


main()
