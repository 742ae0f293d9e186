#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Who may include whom, and where kernel versions and plug-ins may be named.

configfs glue -> objects and I/O -> pure SCSI; a plug-in sees its public header
only; include/compat/ alone knows kernel versions.

usage: layers.py < list of .c and .h files
"""
import os
import re
import sys

INCLUDE = re.compile(r'^\s*#\s*include\s+(["<])([^">]+)[">]')
VERSION = re.compile(r"\b(LINUX_VERSION_CODE|KERNEL_VERSION|RHEL_RELEASE_\w+)\b")
CONDITION = re.compile(r"^\s*#\s*(if|ifdef|ifndef|elif)\b")
PLUGIN = re.compile(r"\b(rd_mcp|fileio|iblock|pscsi|tcmu|tcm_loop|loopback)\b")
COMMENT = re.compile(r"/\*.*?\*/|//[^\n]*", re.S)

# Bytes in, bytes and status out: these can be tested alone.
PURE = re.compile(r"^core/(cdb|cdb_ops|sense|spc|sbc|inquiry|vpd|mode|log|pr|ua|verify|rmw"
                  r"|atomic|xcopy|dif|transport_id|options|cmd_state|cdb_ops_\d+)\.[ch]$")
CONFIGFS = re.compile(r"^core/configfs\w*\.[ch]$")

# What each kind of plug-in sees of the core; a module's own init is the core's business.
PLUGIN_HEADER = {
    "backstores": {"target/target_core_backend.h"},
    "fabrics": {"target/target_core_fabric.h"},
}


def includes(text):
    for number, line in enumerate(text.splitlines(), 1):
        match = INCLUDE.match(line)
        if match:
            yield number, match.group(1), match.group(2)


def check_plugin(path, top, text):
    here = os.path.dirname(path)
    for number, quote, name in includes(text):
        if quote == '"':
            if "/" in name or not os.path.exists(os.path.join(here, name)):
                yield number, f'"{name}" is not a header of the plug-in\'s own directory'
        elif name.startswith("target/") and name not in PLUGIN_HEADER[top]:
            yield number, f"<{name}>: a plug-in includes only {' '.join(PLUGIN_HEADER[top])}"
        elif name.startswith(("core/", "backstores/", "fabrics/")):
            yield number, f"<{name}> is none of a plug-in's business"


def check_core(path, text):
    for number, _, name in includes(text):
        base = os.path.basename(name)
        if PURE.match(path) and base == "configfs.h":
            yield number, f"pure SCSI does not know configfs ({name})"
        if (base.startswith("configfs") and not name.startswith("linux/")
                and not CONFIGFS.match(path) and path != "core/main.c"):
            yield number, f"only configfs glue includes {name}"
    code = COMMENT.sub(lambda m: "\n" * m.group().count("\n"), text)
    for number, line in enumerate(code.splitlines(), 1):
        if PLUGIN.search(line) and not INCLUDE.match(line):
            yield number, f"the core names a plug-in: {line.strip()}"


def check_public(text):
    for number, quote, name in includes(text):
        if quote == '"' or not name.startswith(("linux/", "scsi/", "target/", "compat/", "asm/")):
            yield number, f"a public header includes {name}, which its users do not have"


def check(path):
    with open(path, encoding="utf-8") as file:
        text = file.read()
    top = path.split("/")[0]
    if not path.startswith("include/compat/"):
        for number, line in enumerate(text.splitlines(), 1):
            if VERSION.search(line):
                yield number, "asks for a kernel version; write a probe in include/compat/probe"
            if path.endswith(".c") and CONDITION.match(line):
                yield number, "conditional compilation in a .c file; put a stub in a header"
    if top in PLUGIN_HEADER:
        yield from check_plugin(path, top, text)
    if top == "core":
        yield from check_core(path, text)
    if path.startswith("include/target/"):
        yield from check_public(text)


def main():
    failed = False
    for path in sys.stdin.read().splitlines():
        for number, problem in check(path):
            print(f"{path}:{number}: {problem}")
            failed = True
    sys.exit(failed)


main()
