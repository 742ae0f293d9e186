#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Blocks with T10 protection information behind each, on standard output.

usage: pi.py BLOCK_SIZE TYPE FIRST BLOCKS [WHAT]

FIRST is the reference tag of the first block, with types 1 and 2; the application
tag is a55a. WHAT is wrong with the third block: guard, app or ref.
"""
import sys

APP = 0xa55a
BAD = 2


def crc_table():
    """Remainders of each byte by the polynomial 18BB7h."""
    table = []
    for crc in range(0, 0x10000, 0x100):
        for _ in range(8):
            crc = (crc << 1) ^ (0x18bb7 if crc & 0x8000 else 0)
        table.append(crc & 0xffff)
    return table


TABLE = crc_table()


def guard(block):
    """CRC of a block (SBC-5 4.21.4)."""
    crc = 0
    for byte in block:
        crc = (crc << 8 & 0xffff) ^ TABLE[crc >> 8 ^ byte]
    return crc


def main():
    size, kind, first, blocks = (int(arg) for arg in sys.argv[1:5])
    what = sys.argv[5] if len(sys.argv) > 5 else ""
    for i in range(blocks):
        block = bytes((i * 7 + j * 13 + (j >> 8)) & 0xff for j in range(size))
        wrong = what if i == BAD else ""
        ref = 0x33333333 if kind == 3 else first + i
        sys.stdout.buffer.write(
            block + (guard(block) ^ (wrong == "guard")).to_bytes(2, "big")
            + (APP ^ (0x100 if wrong == "app" else 0)).to_bytes(2, "big")
            + (ref ^ (0x80 if wrong == "ref" else 0)).to_bytes(4, "big"))


if __name__ == "__main__":
    main()
