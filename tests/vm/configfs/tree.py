#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Prints a configfs tree: mode, path, and what each file says, one line each.

usage: tree.py DIRECTORY

A newline is printed as |, a NUL as ;, an error as !ERRNO. What differs from run
to run is replaced: <host>, <jiffies>, <count>, <kernel>.
"""
import errno
import os
import platform
import re
import stat
import sys

VOLATILE = [
    (r"/statistics/.*/creation_time$", r"\d+", "<jiffies>"),
    (r"/statistics/.*/(num_cmds|in_cmds|read_mbytes|write_mbytes)$", r"\d+", "<count>"),
    (r"/address$", r"^\d+:", "<host>:"),
    (r"^\./version$", re.escape(f"{platform.system()}/{platform.machine()} on "
                                f"{platform.release()}"), "<kernel>"),
]


def text_of(path):
    try:
        with open(path, "rb", buffering=0) as file:
            data = file.read(4096)
    except OSError as error:
        return "!" + errno.errorcode[error.errno]
    return data.decode("utf-8", "backslashreplace").replace("\n", "|").replace("\0", ";")


def line_of(path):
    info = os.lstat(path)
    line = f"{stat.filemode(info.st_mode)} {path}"
    if stat.S_ISLNK(info.st_mode):
        return f"{line} = -> {os.readlink(path)}"
    if not stat.S_ISREG(info.st_mode) or not info.st_mode & stat.S_IRUSR:
        return line
    text = text_of(path)
    for where, what, instead in VOLATILE:
        if re.search(where, path):
            text = re.sub(what, instead, text)
    return f"{line} = {text}" if text else line


def main():
    os.chdir(sys.argv[1])
    paths = []
    for top, dirs, files in os.walk("."):
        paths += [os.path.join(top, name) for name in dirs + files]
    for path in sorted(paths):
        print(line_of(path))


main()
