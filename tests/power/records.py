#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Records whose writing is acknowledged, and the look for them after a loss of power.

usage: records.py write ROUND ACKS NAME=PATH...
       records.py check ROUND ACKS NAME=PATH...

Each NAME is a writer of its own. A PATH that is a directory gets a file per round, which
grows by a record at a time; a device gets them one after the other. A record is 4096 bytes
that no other record has. It is acknowledged by a line in the file ACKS/NAME, after fsync has
returned; of a NAME that begins with "control", without.

"check" reads them again and prints for each NAME: acknowledged, found.
"""
import hashlib
import mmap
import os
import stat
import sys
import threading

RECORD = 4096
SPAN = 1024     # records of a writer in a round
ROUNDS = 12     # after so many the first place is used again


def record(name, number, n):
    """The content of one record."""
    return hashlib.sha256(f"{name} {number} {n}".encode()).digest() * (RECORD // 32)


def place(path, number):
    """The file of a round's records, their offset in it, and how it is opened for writing."""
    if stat.S_ISBLK(os.stat(path).st_mode):
        return path, number % ROUNDS * SPAN * RECORD, os.O_RDWR | os.O_DIRECT
    return os.path.join(path, f"records-{number}"), 0, os.O_RDWR | os.O_CREAT


def write(name, path, number, acks):
    """Writes until the power fails, or there is no room."""
    path, start, flags = place(path, number)
    fd = os.open(path, flags, 0o600)
    ack = os.open(os.path.join(acks, name), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    page = mmap.mmap(-1, RECORD)
    for n in range(SPAN):
        page[:] = record(name, number, n)
        os.pwrite(fd, page, start + n * RECORD)
        if not name.startswith("control"):
            os.fsync(fd)
        os.write(ack, b"%d\n" % n)


def write_all(number, acks, units):
    """All writers at once."""
    threads = [threading.Thread(target=write, args=(name, path, number, acks))
               for name, path in units]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def acknowledged(name, acks):
    """How many; a line that was cut off does not count."""
    with open(os.path.join(acks, name), "rb") as lines:
        return lines.read().count(b"\n")


def found(name, path, number, count):
    """How many of the first COUNT records are there, whole."""
    path, start, _ = place(path, number)
    try:
        fd = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        return 0
    return sum(os.pread(fd, RECORD, start + n * RECORD) == record(name, number, n)
               for n in range(count))


def check_all(number, acks, units):
    """A line for each writer."""
    for name, path in units:
        count = acknowledged(name, acks)
        print(name, count, found(name, path, number, count))


def main():
    """See above."""
    units = [unit.split("=") for unit in sys.argv[4:]]
    {"write": write_all, "check": check_all}[sys.argv[1]](int(sys.argv[2]), sys.argv[3], units)


if __name__ == "__main__":
    main()
