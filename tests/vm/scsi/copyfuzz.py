#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Sends third-party copy commands whose parameter lists are nearly right.

usage: copyfuzz.py /dev/sgN NAA COUNT SEED

Prints what became of them: a count for each status and sense key.
"""
import collections
import ctypes
import os
import random
import struct
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import copylist  # noqa: E402  pylint: disable=wrong-import-position
import sgio  # noqa: E402  pylint: disable=wrong-import-position

DEPTH = 4	# changes to a list at most


def token_list(path):
    """WRITE USING TOKEN with a token of random bytes behind a good header."""
    with open(path, "wb") as file:
        file.write(struct.pack(">IHH", random.choice((0x00800001, 0xffff0001)), 0, 0x1f8))
        file.write(random.randbytes(504))
    return copylist.use(path, str(random.choice((0, 1, 1 << 40))), str(random.randrange(4)),
                        f"{random.randrange(4096)}:{random.randrange(512)}")


def good(naa):
    """A service action and a list that it takes."""
    segments = [f"0:{random.choice((0, 0, 0, 0xffff, 1))}:{random.randrange(64)}:"
                f"{random.randrange(4096)}:{random.randrange(4096)}"
                for _ in range(random.randrange(4))]
    kind = random.randrange(4)
    if kind == 0:
        return 0x00, copylist.lid1(str(random.randrange(256)), "0", naa, *segments)
    if kind == 1:
        return 0x01, copylist.lid4(str(random.randrange(1 << 32)), str(random.randrange(2)),
                                   naa, *segments)
    if kind == 2:
        return 0x10, copylist.populate(*(f"{i * 600}:{random.randrange(600)}"
                                         for i in range(random.randrange(1, 5))))
    return 0x11, token_list("token.fuzz")


def mutate(data):
    """A few bytes of a list changed, or its end cut off."""
    data = bytearray(data)
    for _ in range(random.randrange(DEPTH)):
        data[random.randrange(len(data))] = random.choice((0, 1, 0x7f, 0x80, 0xff,
                                                           random.randrange(256)))
    return bytes(data[:random.choice((len(data), len(data), random.randrange(len(data))))])


def main():
    random.seed(int(sys.argv[4]))
    counts = collections.Counter()
    with open(sys.argv[1], "rb+", buffering=0) as dev:
        for _ in range(int(sys.argv[3])):
            action, data = good(sys.argv[2])
            data = mutate(data)
            cdb = struct.pack(">BB4xIIBB", 0x83, action,
                              random.randrange(16) if action >= 0x10 else 0, len(data), 0, 0)
            buffer = ctypes.create_string_buffer(data, len(data)) if data else None
            hdr, sense = sgio.send(dev, cdb, sgio.TO_DEVICE if data else sgio.NO_DATA, buffer)
            counts[sgio.answer(hdr, sense).split("/")[0]] += 1
            cdb = struct.pack(">BBI4xIBB", 0x84, random.choice((0, 3, 4, 5, 7, 8)), 0, 1000, 0, 0)
            buffer = ctypes.create_string_buffer(1000)
            hdr, sense = sgio.send(dev, cdb, sgio.FROM_DEVICE, buffer)
            counts[sgio.answer(hdr, sense).split("/")[0]] += 1
    for what in sorted(counts):
        print(what, counts[what])


if __name__ == "__main__":
    main()
