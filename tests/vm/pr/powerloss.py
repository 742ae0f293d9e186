#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Registers with APTPL, again and again, until the filesystem of the file loses its power.

usage: powerloss.py /dev/sgN DIRECTORY KEY MILLISECONDS

The nexus is registered with KEY. After the time, the ext4 that DIRECTORY is on drops all
that is not on its disk, as it is when the machine's power fails (EXT4_IOC_SHUTDOWN). Prints
the last key that the unit has taken, and the one that it was asked for when it failed.
"""
import fcntl
import os
import struct
import sys
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import sgio  # noqa: E402

EXT4_IOC_SHUTDOWN = 0x8004587d
NO_LOG_FLUSH = 2


def cut(directory, seconds):
    """Waits, and cuts."""
    fd = os.open(directory, os.O_RDONLY)
    time.sleep(seconds)
    fcntl.ioctl(fd, EXT4_IOC_SHUTDOWN, struct.pack("I", NO_LOG_FLUSH))
    os.close(fd)


def register(to, key, new):
    """REGISTER with APTPL; true when the unit has taken the new key."""
    params = key.to_bytes(8, "big") + new.to_bytes(8, "big") + bytes([0, 0, 0, 0, 1, 0, 0, 0])
    to.send(bytes([0x5f, 0, 0, 0, 0, 0, 0, 0, len(params), 0]), sgio.TO_DEVICE, to.put(params))
    return to.answer() == "good"


def main():
    """See above."""
    key = int(sys.argv[3])
    with open(sys.argv[1], "rb+", buffering=0) as dev:
        to = sgio.Sender(dev, 4096)
        cutter = threading.Thread(target=cut, args=(sys.argv[2], int(sys.argv[4]) / 1000))
        cutter.start()
        while register(to, key, key + 1):
            key += 1
        cutter.join()
    print(key, key + 1)


if __name__ == "__main__":
    main()
