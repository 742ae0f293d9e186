#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Several processes change the same blocks of a disk at once.

usage: together.py /dev/sgN count | or | atomic processes rounds

count   each adds one to a number on the disk, so many times, by COMPARE AND
        WRITE; prints the number at the end
or      each sets bits of its own in the same blocks by ORWRITE; prints how many
        bits have got lost
atomic  half of them write 64 equal blocks by WRITE ATOMIC, the others read them;
        prints how often blocks were not equal
"""
import ctypes
import multiprocessing
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
import sgio  # noqa: E402 pylint: disable=wrong-import-position

BLOCK = 512
BLOCKS = 64		# of "or" and "atomic"
READ, WRITE, CAW, ORWRITE, ATOMIC = 0x88, 0x8a, 0x89, 0x8b, 0x9c


def cdb(opcode, blocks):
    """A CDB of 16 bytes for the first blocks of the disk."""
    return bytes([opcode] + [0] * 12 + [blocks, 0, 0])


def read(dev, blocks):
    data = ctypes.create_string_buffer(blocks * BLOCK)
    expect(*sgio.send(dev, cdb(READ, blocks), sgio.FROM_DEVICE, data))
    return data.raw


def write(dev, opcode, blocks, content):
    data = ctypes.create_string_buffer(content, len(content))
    return sgio.answer(*sgio.send(dev, cdb(opcode, blocks), sgio.TO_DEVICE, data))


def expect(hdr, sense):
    answer = sgio.answer(hdr, sense)
    if answer != "good":
        sys.exit(answer)


def must(answer):
    if answer != "good":
        sys.exit(answer)


def number(n):
    return n.to_bytes(8, "big").ljust(BLOCK, b"\0")


def count(dev, _index, rounds):
    for _ in range(rounds):
        while True:
            n = int.from_bytes(read(dev, 1)[:8], "big")
            answer = write(dev, CAW, 1, number(n) + number(n + 1))
            if answer == "good":
                break
            if not answer.startswith("e/1d/00"):
                sys.exit(answer)
    return 0


def set_bits(dev, index, rounds):
    for i in range(rounds):
        data = bytearray(BLOCKS * BLOCK)
        data[i::rounds] = bytes([1 << index]) * len(data[i::rounds])
        must(write(dev, ORWRITE, BLOCKS, bytes(data)))
    return 0


def atomic(dev, index, rounds):
    torn = 0
    for i in range(rounds):
        if index % 2:
            must(write(dev, ATOMIC, BLOCKS, bytes([(index + 2 * i) % 256]) * BLOCKS * BLOCK))
        else:
            torn += len(set(read(dev, BLOCKS))) != 1
    return torn


def work(args):
    path, function, index, rounds = args
    with open(path, "rb+", buffering=0) as dev:
        return function(dev, index, rounds)


def main():
    path, what = sys.argv[1:3]
    processes, rounds = int(sys.argv[3]), int(sys.argv[4])
    function = {"count": count, "or": set_bits, "atomic": atomic}[what]
    with open(path, "rb+", buffering=0) as dev:
        must(write(dev, WRITE, BLOCKS, bytes(BLOCKS * BLOCK)))
        with multiprocessing.Pool(processes) as pool:
            found = pool.map(work, [(path, function, i, rounds) for i in range(processes)])
        if what == "count":
            print(int.from_bytes(read(dev, 1)[:8], "big"))
        elif what == "or":
            mask = (1 << processes) - 1
            print(sum(bin(mask & ~byte).count("1") for byte in read(dev, BLOCKS)))
        else:
            print(sum(found))


main()
