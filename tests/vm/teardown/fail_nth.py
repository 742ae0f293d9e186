#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Makes and unmakes a target while one memory allocation after another fails.

usage: fail_nth.py TARGET-DIRECTORY SECONDS

For each step, the kernel is told to fail the step's first allocation, then its
second, and so on until the step needs no more. It must then either have been made
and be unmade, or have given an errno and not be there. In the end all is unmade in
the same way. Prints, per step, how many allocations failed and with how many of
them the step did. SECONDS is for making; a step that allocates more often than
its share allows is not failed everywhere.
"""
import errno
import os
import sys
import time

TARGET = sys.argv[1]
UNTIL = time.monotonic() + int(sys.argv[2])
HBA = TARGET + "/core/rd_mcp_77"
DEV = HBA + "/victim"
WWN = TARGET + "/loopback/naa.5001405000000077"
TPG = WWN + "/tpgt_1"
LUN = TPG + "/lun/lun_0"
LINK = LUN + "/victim"
ACL = TPG + "/acls/naa.5001405000000078"
MAPPED = ACL + "/lun_0"
MAPPED_LINK = MAPPED + "/lun_0"
NEXUS = TPG + "/nexus"
# The midlayer does not look whether its host got a name: who adds it gets this.
MIDLAYER = {"target": errno.EINVAL}
FAIL_NTH = f"/proc/self/task/{os.getpid()}/fail-nth"


def write(path, text):
    """A write(2) as the shell would do it."""
    fd = os.open(path, os.O_WRONLY)
    try:
        os.write(fd, text.encode())
    finally:
        os.close(fd)


def read(path):
    with open(path, encoding="ascii") as file:
        return file.read()


def has_nexus():
    try:
        return bool(read(NEXUS))
    except OSError:
        return False


def configure():
    write(DEV + "/control", "rd_pages=256")


def start_over():
    """What is enabled can only be removed."""
    os.rmdir(DEV)
    os.mkdir(DEV)
    configure()


def directory(name, path):
    return (name, lambda: os.mkdir(path), lambda: os.rmdir(path), lambda: os.path.isdir(path))


def link(name, to, path):
    return (name, lambda: os.symlink(to, path), lambda: os.unlink(path),
            lambda: os.path.islink(path))


def setting(name, path, text, undo, is_there):
    return (name, lambda: write(path, text), undo, is_there)


def nothing():
    """There is no undoing, and no need to."""


STEPS = [
    # name, do, undo, is it there?
    directory("hba", HBA),
    directory("device", DEV),
    ("control", configure, nothing, None),
    setting("serial", DEV + "/wwn/vpd_unit_serial", "77", nothing, None),
    setting("enable", DEV + "/enable", "1", start_over, lambda: read(DEV + "/enable") == "1\n"),
    directory("target", WWN),
    directory("tpg", TPG),
    setting("nexus", NEXUS, "naa.5001405000000078", lambda: write(NEXUS, "NULL"), has_nexus),
    # Without it no disk appears: since 6.12.118 the midlayer stops at a BUG when it has no
    # memory for a disk's budget map, as it puts a reference that it has not got yet.
    setting("nexus gone", NEXUS, "NULL", lambda: write(NEXUS, "naa.5001405000000078"),
            lambda: not has_nexus()),
    directory("acl", ACL),
    directory("lun", LUN),
    link("link", DEV, LINK),
    directory("mapped", MAPPED),
    link("mapped link", LUN, MAPPED_LINK),
]


def attempt(action, nth):
    """Runs an action with its nth allocation failing.

    Returns whether there was an nth one, and the error or None.
    """
    fd = os.open(FAIL_NTH, os.O_RDWR)
    error = None
    os.write(fd, str(nth).encode())
    try:
        action()
    except OSError as caught:
        error = caught
    left = int(os.pread(fd, 16, 0).split(b"\0")[0])
    os.pwrite(fd, b"0", 0)
    os.close(fd)
    return left == 0, error


def judge(name, nth, injected, error):
    """An error must be that of a failed allocation."""
    known = {errno.ENOMEM, MIDLAYER.get(name)}
    if error and (not injected or error.errno not in known):
        sys.exit(f"{name}, allocation {nth}{'' if injected else ' not'} failed: {error}")


def numbers():
    """1 to 40, then with growing gaps: a new disk allocates hundreds of times."""
    nth = 1
    while True:
        yield nth
        nth += 1 if nth < 40 else nth // 8


def torture(step, seconds):
    """Fails a step's allocations in turn; leaves the step done."""
    name, do, undo, is_there = step
    failed = survived = 0
    until = time.monotonic() + seconds
    for nth in numbers():
        injected, error = attempt(do, nth)
        judge(name, nth, injected, error)
        if is_there and is_there() == bool(error):
            sys.exit(f"{name}, allocation {nth}: {error or 'no error'}, but is there: {not error}")
        failed += injected
        survived += injected and not error
        if not injected:
            break
        if not error:
            undo()
        if time.monotonic() > until:
            do()
            break
    print(f"{name}: {failed} allocations failed, {survived} of them without harm", flush=True)
    return failed


def unmake(step, seconds):
    """Removal allocates, too. If it fails for it, all is still there."""
    name, do, undo, is_there = step
    if not is_there or undo is start_over:
        return 0
    failed = 0
    until = time.monotonic() + seconds
    for nth in numbers():
        injected, error = attempt(undo, nth)
        judge(f"no {name}", nth, injected, error)
        if is_there() != bool(error):
            sys.exit(f"no {name}, allocation {nth}: {error or 'no error'}")
        failed += injected
        if not error:
            if not injected or time.monotonic() > until:
                break
            do()
    print(f"no {name}: {failed} allocations failed", flush=True)
    return failed


def main():
    total = 0
    for step in STEPS:
        # Most end long before.
        total += torture(step, (UNTIL - time.monotonic()) / 2)
    for step in reversed(STEPS):
        total += unmake(step, 2)
    print(total)


main()
