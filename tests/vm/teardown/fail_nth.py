#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Makes and unmakes a target while one memory allocation after another fails.

usage: fail_nth.py TARGET-DIRECTORY SECONDS

For each step, the kernel is told to fail the step's first allocation, then its
second, and so on until the step needs no more. Whatever a step answers, what is
there afterwards must be removable. Prints, per step, how many allocations
failed and with how many of them the step did.
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
FAIL_NTH = f"/proc/self/task/{os.getpid()}/fail-nth"
# What a step may answer when it gets no memory; a hotplug step says no more than
# that there is no disk.
EXPECTED = {errno.ENOMEM, errno.ENODEV, errno.EINVAL, errno.ENXIO, errno.EAGAIN, errno.ENOSPC}


def write(path, text):
    """A write(2) as the shell would do it."""
    fd = os.open(path, os.O_WRONLY)
    try:
        os.write(fd, text.encode())
    finally:
        os.close(fd)


def unless_gone(action, *args):
    """Undoing what a step may not have done."""
    try:
        action(*args)
    except FileNotFoundError:
        pass


STEPS = [
    # name, do, undo
    ("hba", lambda: os.mkdir(HBA), lambda: unless_gone(os.rmdir, HBA)),
    ("device", lambda: os.mkdir(DEV), lambda: unless_gone(os.rmdir, DEV)),
    ("control", lambda: write(DEV + "/control", "rd_pages=256"), None),
    ("serial", lambda: write(DEV + "/wwn/vpd_unit_serial", "77"), None),
    ("enable", lambda: write(DEV + "/enable", "1"), None),
    ("target", lambda: os.mkdir(WWN), lambda: unless_gone(os.rmdir, WWN)),
    ("tpg", lambda: os.mkdir(TPG), lambda: unless_gone(os.rmdir, TPG)),
    ("nexus", lambda: write(TPG + "/nexus", "naa.5001405000000078"),
     lambda: write(TPG + "/nexus", "NULL")),
    ("lun", lambda: os.mkdir(LUN), lambda: unless_gone(os.rmdir, LUN)),
    ("link", lambda: os.symlink(DEV, LINK), lambda: unless_gone(os.unlink, LINK)),
]


def attempt(step, nth):
    """Runs a step with its nth allocation failing.

    Returns whether there was an nth one, and the error or None.
    """
    fd = os.open(FAIL_NTH, os.O_RDWR)
    error = None
    os.write(fd, str(nth).encode())
    try:
        step()
    except OSError as caught:
        error = caught
    left = int(os.pread(fd, 16, 0).split(b"\0")[0])
    os.pwrite(fd, b"0", 0)
    os.close(fd)
    return left == 0, error


def numbers():
    """1 to 60, then with growing gaps: a hotplug allocates hundreds of times."""
    nth = 1
    while True:
        yield nth
        nth += 1 if nth < 60 else nth // 8


def torture(name, step, undo, share):
    """Fails a step's allocations in turn; leaves the step done."""
    failed = survived = 0
    until = time.monotonic() + share
    for nth in numbers():
        injected, error = attempt(step, nth)
        if error and error.errno not in EXPECTED:
            sys.exit(f"{name}, allocation {nth}: {error}")
        if error and not injected:
            sys.exit(f"{name} without a failed allocation: {error}")
        failed += injected
        survived += injected and not error
        if not injected:
            break
        if not error and not undo:
            break
        if not error or name in ("nexus",):
            try:
                undo()
            except OSError as caught:
                if not error:
                    sys.exit(f"{name}, undone after allocation {nth} failed: {caught}")
        if time.monotonic() > until:
            step()
            break
    print(f"{name}: {failed} allocations failed, {survived} of them without harm", flush=True)
    return failed


def main():
    total = 0
    for number, (name, step, undo) in enumerate(STEPS):
        share = max(2, (UNTIL - time.monotonic()) / (len(STEPS) - number))
        total += torture(name, step, undo, share)
    with open(os.path.join(DEV, "info"), encoding="ascii") as info:
        print(info.read())
    # Removal allocates, too.
    for name, _, undo in reversed(STEPS):
        if not undo:
            continue
        for nth in range(1, 20):
            injected, error = attempt(undo, nth)
            total += injected
            if not error:
                break
        else:
            undo()
    print(total)


main()
