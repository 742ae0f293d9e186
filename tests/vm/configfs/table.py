#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Does what the lines of standard input say and checks what comes of it.

usage: table.py ROOT ours|lio < table

	mkdir PATH RESULT		rmdir PATH RESULT
	link PATH TARGET RESULT		unlink PATH RESULT
	write PATH TEXT RESULT [AFTER]	one write(2); AFTER is what the file says then,
					without its last newline; = is "as before"
	read PATH RESULT [TEXT]		without its last newline

Words are separated by blanks; those with blanks stand in quotes. \\n and its like
are understood; C*N is a character repeated. Paths are relative to ROOT. RESULT is
ok or the name of an errno. A|B means A for ours and B for the kernel's own target,
which does otherwise: the comment before it says how. A line that begins with # is
a comment.
"""
import errno
import os
import re
import sys

ROOT, PEER = sys.argv[1:3]
FAILED = False


def point(good, text):
    global FAILED  # pylint: disable=global-statement
    FAILED |= not good
    print(("ok " if good else "not ok ") + text, flush=True)


def unescape(word):
    word = re.sub(r"(.)\*(\d+)", lambda m: m.group(1) * int(m.group(2)), word)
    return re.sub(r"\\(n|t|\\|x[0-9a-f]{2})",
                  lambda m: {"n": "\n", "t": "\t", "\\": "\\"}.get(m.group(1))
                  or chr(int(m.group(1)[1:], 16)), word)


def peers(word):
    parts = word.split("|", maxsplit=1)
    return parts[PEER == "lio" and len(parts) > 1]


def attempt(function, *args):
    try:
        value = function(*args)
    except OSError as error:
        # Two names for one number, and Python knows the other one.
        return errno.errorcode[error.errno].replace("ENOTSUP", "EOPNOTSUPP"), None
    return "ok", value


def read(path):
    with open(path, "rb", buffering=0) as file:
        return file.read(4096).decode("latin-1")


def write(path, text):
    file = os.open(path, os.O_WRONLY)
    try:
        os.write(file, text.encode("latin-1"))
    finally:
        os.close(file)


def said(path):
    status, text = attempt(read, path)
    return text.removesuffix("\n") if status == "ok" else "!" + status


def do_write(path, text, result, after=None):
    before = said(path)
    status, _ = attempt(write, path, unescape(text))
    want = before if after == "=" else None if after is None else unescape(peers(after))
    now = said(path)
    problem = [] if status == peers(result) else [f"{status}, want {peers(result)}"]
    if want is not None and now != want:
        problem.append(f"reads {now!r}, want {want!r}")
    return problem


def do_read(path, result, text=None):
    status, got = attempt(read, path)
    if status != peers(result):
        return [f"{status}, want {peers(result)}"]
    if text is not None and got.removesuffix("\n") != unescape(peers(text)):
        return [f"reads {got!r}, want {unescape(peers(text))!r}"]
    return []


def simple(function):
    def do(*args):
        status, _ = attempt(function, *args[:-1])
        return [] if status == peers(args[-1]) else [f"{status}, want {peers(args[-1])}"]
    return do


VERBS = {
    "mkdir": simple(os.mkdir),
    "rmdir": simple(os.rmdir),
    "link": simple(lambda path, target: os.symlink(os.path.join(ROOT, target), path)),
    "unlink": simple(os.unlink),
    "write": do_write,
    "read": do_read,
}


def words_of(line):
    return [m.group(1) if m.group(1) is not None else m.group(2)
            for m in re.finditer(r'"([^"]*)"|(\S+)', line)]


def main():
    for line in sys.stdin:
        words = words_of(line)
        if not words or words[0].startswith("#"):
            continue
        verb, path, *rest = words
        path = unescape(path)
        problem = VERBS[verb](os.path.join(ROOT, path), *rest)
        text = " ".join(w if len(w) < 60 else w[:50] + "..." for w in words)
        point(not problem, text + (": " + "; ".join(problem) if problem else ""))
    sys.exit(FAILED)


main()
