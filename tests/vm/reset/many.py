#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Resets a logical unit again and again, through SCSI generic.

usage: many.py /dev/sgN times

Prints how many resets failed.
"""
import fcntl
import struct
import sys

SG_SCSI_RESET = 0x2284
SG_SCSI_RESET_DEVICE = 1
SG_SCSI_RESET_NO_ESCALATE = 0x100


def main():
    path, times = sys.argv[1], int(sys.argv[2])
    what = struct.pack("i", SG_SCSI_RESET_DEVICE | SG_SCSI_RESET_NO_ESCALATE)
    failed = 0
    with open(path, "rb+", buffering=0) as dev:
        for _ in range(times):
            try:
                fcntl.ioctl(dev, SG_SCSI_RESET, what)
            except OSError:
                failed += 1
    print(failed)


main()
