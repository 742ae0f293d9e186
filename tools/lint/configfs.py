# SPDX-License-Identifier: GPL-2.0-only
"""The table of every configfs file, for tables.py: modes and defaults as the test of the
tree has them, types from the list of attributes, meanings from configfs.list."""
import fnmatch
import os
import re
import sys

# What the kernel's own target has, and what of ours differs from it: a ramdisk on a
# loopback port, and a unit that a process serves, which counts for what it has alone.
SOURCES = [("tests/vm/configfs/tree.reference", True), ("tests/vm/configfs/001-tree.sh", False),
           ("tests/vm/configfs/user.reference", True), ("tests/vm/configfs/013-user.sh", False)]
LIST = "tools/lint/configfs.list"
LINE = re.compile(r"^\s*(-[-rwx]{9}) \./(\S+?)(?: = (.*))?$", re.M)

# Names of objects, which differ; and what a file says that is nobody's default.
OBJECTS = [
    (r"^user_0/u0/", "core/rd_mcp_0/rd0/"), (r"^user_0/", "core/rd_mcp_0/"),
    (r"^core/rd_mcp_0/rd0/alua/(tg1|default_tg_pt_gp)/", "core/<hba>/<device>/alua/<group>/"),
    (r"^core/rd_mcp_0/rd0/", "core/<hba>/<device>/"), (r"^core/rd_mcp_0/", "core/<hba>/"),
    (r"^core/alua/lu_gps/\w+/", "core/alua/lu_gps/<group>/"),
    (r"^loopback/naa[^/]*/", "loopback/<target>/"), (r"/tpgt_1/", "/<port>/"),
    (r"/lun_0/", "/<lun>/"),
]
NO_DEFAULT = re.compile(r"/(statistics|pr|wwn)/|info$|version$|address$|nexus$|members$|_gp$"
                        r"|alua_access_type$|/enable$")


def read(path):
    if not os.path.exists(path):
        return ""
    with open(path, encoding="utf-8") as file:
        return file.read()


def generic(path):
    for pattern, instead in OBJECTS:
        path = re.sub(pattern, instead, path)
    return path


def files():
    """path -> (mode, default, is it LIO's); of two units with a file the first one's."""
    found = {}
    for reference, ours in zip(SOURCES[::2], SOURCES[1::2]):
        own = {}
        for source, lio in (reference, ours):
            for mode, path, says in LINE.findall(read(source)):
                path = generic(path)
                if path in own and lio:
                    continue
                own[path] = (mode, says, own[path][2] if path in own else lio)
        found = {**own, **found}
    return found


def lines():
    for line in read(LIST).splitlines():
        if not line.startswith("#"):
            yield [part.strip() for part in line.split("|")]


def access(mode):
    return {"rw": "rw", "r-": "r", "-w": "w"}[mode[1:3]]


def types():
    return dict((name, kind) for kind, name in re.findall(
        r"ATTR\((\w+),\s*(\w+),\s*R[WO]", read("include/target/target_core_attribs.h")))


def table(columns):
    kinds, rows, found = types(), [], files()
    left = dict(found)
    for pattern, takes, means in lines():
        matched = [path for path in left if fnmatch.fnmatchcase(path, pattern)]
        if not matched:
            continue
        mode, says, lio = left[matched[0]]
        for path in matched:
            del left[path]
        default = says.strip("|; ")
        if "*" in pattern or NO_DEFAULT.search(pattern) or len(default) > 16:
            default = ""
        kind = kinds.get(pattern.split("/")[-1], "") if "/attrib/" in pattern else ""
        rows.append([f"``{pattern}``", access(mode), kind, takes, default,
                     "LIO" if lio else "0.1", means])
    if left:
        sys.exit(f"{LIST}: no line for {' '.join(sorted(left))}")
    return columns(["File", "Mode", "Type", "Takes", "Default", "Since", "Means"], rows)
