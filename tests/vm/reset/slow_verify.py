#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Sends a VERIFY(16) of a terabyte, which takes minutes, through SCSI generic.

usage: slow_verify.py /dev/sgN seconds times

Each gets so many seconds, after which the midlayer's error handling aborts it.
Prints how many were timed out, and what became of the others.
"""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
import sgio  # noqa: E402 pylint: disable=wrong-import-position

DID_TIME_OUT = 3
CDB = bytes([0x8f, 0] + [0] * 8 + [0x7f, 0xff, 0xff, 0xff, 0, 0])


def main():
    path, seconds, times = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    late, others = 0, []
    with open(path, "rb+", buffering=0) as dev:
        for _ in range(times):
            hdr, sense = sgio.send(dev, CDB, timeout=1000 * seconds)
            if hdr.host_status == DID_TIME_OUT:
                late += 1
            else:
                others.append(sgio.answer(hdr, sense))
    print(late, *others)


main()
