#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Compares a terabyte of holes with a block of zeros, through SCSI generic.

That is VERIFY(16) with BYTCHK 3, and takes minutes. It carries data because the
midlayer itself sends a command without data again after a reset.

usage: slow_verify.py /dev/sgN seconds times

Each gets so many seconds, after which the midlayer's error handling aborts it.
Prints how many were timed out, and what became of the others.
"""
import ctypes
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
import sgio  # noqa: E402 pylint: disable=wrong-import-position

DID_TIME_OUT = 3
CDB = bytes([0x8f, 0x06] + [0] * 8 + [0x7f, 0xff, 0xff, 0xff, 0, 0])


def main():
    path, seconds, times = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    late, others = 0, []
    zeros = ctypes.create_string_buffer(512)
    with open(path, "rb+", buffering=0) as dev:
        for _ in range(times):
            hdr, sense = sgio.send(dev, CDB, sgio.TO_DEVICE, zeros, 1000 * seconds)
            if hdr.host_status == DID_TIME_OUT:
                late += 1
            else:
                others.append(sgio.answer(hdr, sense))
    print(late, *others)


main()
