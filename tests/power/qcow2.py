#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Makes an empty disk image whose unflushed writes are lost with QEMU.

usage: qcow2.py FILE MEBIBYTES

QEMU hands a write to the host at once, whose page cache outlives it; but of an image in
the qcow2 format it keeps in its own memory, until the guest flushes, where in the file a
new cluster lies. With clusters of 4 KiB that is so of each block that is written first.
"""
import struct
import sys

CLUSTER_BITS = 12
CLUSTER = 1 << CLUSTER_BITS


def main():
    """See above."""
    size = int(sys.argv[2]) << 20
    tables = size // (CLUSTER * (CLUSTER // 8))
    header = struct.pack(">4sIQIIQIIQQIIQQQQII", b"QFI\xfb", 3, 0, 0, CLUSTER_BITS, size, 0,
                         tables, 3 * CLUSTER, CLUSTER, 1, 0, 0, 0, 0, 0, 4, 104)
    with open(sys.argv[1], "wb") as image:
        # The header, the table of reference counts, its one block, the table of tables.
        image.write(header.ljust(CLUSTER, b"\0"))
        image.write(struct.pack(">Q", 2 * CLUSTER).ljust(CLUSTER, b"\0"))
        image.write(struct.pack(">4H", 1, 1, 1, 1).ljust(CLUSTER, b"\0"))
        image.write(bytes(max(tables * 8, CLUSTER)))


if __name__ == "__main__":
    main()
