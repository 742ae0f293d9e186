#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Writes the parameter list of a third-party copy command to a file.

usage: copylist.py lid1 FILE ID USAGE NAA[,NAA...] [FROM:TO:BLOCKS:LBA:LBA]...
       copylist.py lid4 FILE ID IMMED NAA[,NAA...] [FROM:TO:BLOCKS:LBA:LBA]...
       copylist.py populate FILE LBA:BLOCKS...
       copylist.py use FILE TOKEN-FILE OFFSET FLAGS LBA:BLOCKS...

NAA is a designator in hex, as page 83h has it; FROM and TO are numbers of them.
"""
import struct
import sys


def cscd(naa):
    """An identification CSCD descriptor of a disk with blocks of whatever size it has."""
    designator = bytes.fromhex(naa)
    return struct.pack(">BBHBBBB20s4x", 0xe4, 0, 0, 1, 3, 0, len(designator), designator)


def segment(text):
    """Block device to block device."""
    source, dest, blocks, from_lba, to_lba = (int(word, 0) for word in text.split(":"))
    return struct.pack(">BBHHHHHQQ", 2, 0, 0x18, source, dest, 0, blocks, from_lba, to_lba)


def ranges(words):
    """Block device range descriptors."""
    return b"".join(struct.pack(">QI4x", *(int(n, 0) for n in word.split(":")))
                    for word in words)


def lid1(list_id, usage, names, *segments):
    cscds = b"".join(cscd(naa) for naa in names.split(","))
    segs = b"".join(segment(text) for text in segments)
    return struct.pack(">BBH4xII", int(list_id), int(usage) << 3, len(cscds), len(segs), 0) + \
        cscds + segs


def lid4(list_id, immed, names, *segments):
    cscds = b"".join(cscd(naa) for naa in names.split(","))
    segs = b"".join(segment(text) for text in segments)
    return struct.pack(">BBH11xBB3xI18xHHH", 1, 0, 0x20, int(immed), 0xff, int(list_id),
                       len(cscds), len(segs), 0) + cscds + segs


def populate(*words):
    body = ranges(words)
    return struct.pack(">HBxII2xH", len(body) + 14, 0, 0, 0, len(body)) + body


def use(token_file, offset, flags, *words):
    body = ranges(words)
    with open(token_file, "rb") as file:
        token = file.read()
    return struct.pack(">HB5xQ512s6xH", len(body) + 534, int(flags), int(offset), token,
                       len(body)) + body


def main():
    kinds = {"lid1": lid1, "lid4": lid4, "populate": populate, "use": use}
    with open(sys.argv[2], "wb") as file:
        file.write(kinds[sys.argv[1]](*sys.argv[3:]))


if __name__ == "__main__":
    main()
