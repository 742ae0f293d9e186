#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Sends SCSI commands to a SCSI generic device, one per line of standard input.

usage: sgio.py /dev/sgN

A line is a CDB in hex, after an optional "r LENGTH" (so many bytes of data-in) or
"w FILE" (the file is data-out), and before that "@/dev/sgM" for another device. The
answer is two lines: "good", or
key/asc/ascq with the sense key specific bytes ("sks=") and INFORMATION ("info=")
when they are valid, or another status; and then the data-in in hex.

An emulated CPU takes long to start a program: with this one, a test asks a
thousand questions in the time of a hundred.
"""
import ctypes
import fcntl
import sys

SG_IO = 0x2285
NO_DATA, TO_DEVICE, FROM_DEVICE = -1, -2, -3
CHECK_CONDITION = 2


class SgIoHdr(ctypes.Structure):
    """struct sg_io_hdr of <scsi/sg.h>."""
    _fields_ = [
        ("interface_id", ctypes.c_int), ("dxfer_direction", ctypes.c_int),
        ("cmd_len", ctypes.c_ubyte), ("mx_sb_len", ctypes.c_ubyte),
        ("iovec_count", ctypes.c_ushort), ("dxfer_len", ctypes.c_uint),
        ("dxferp", ctypes.c_void_p), ("cmdp", ctypes.c_void_p),
        ("sbp", ctypes.c_void_p), ("timeout", ctypes.c_uint),
        ("flags", ctypes.c_uint), ("pack_id", ctypes.c_int),
        ("usr_ptr", ctypes.c_void_p), ("status", ctypes.c_ubyte),
        ("masked_status", ctypes.c_ubyte), ("msg_status", ctypes.c_ubyte),
        ("sb_len_wr", ctypes.c_ubyte), ("host_status", ctypes.c_ushort),
        ("driver_status", ctypes.c_ushort), ("resid", ctypes.c_int),
        ("duration", ctypes.c_uint), ("info", ctypes.c_uint),
    ]


class Sender:
    """Sends many commands with the same buffers, which is quicker."""

    def __init__(self, dev, size=0, timeout=60000):
        self.fileno = dev.fileno()
        self.cdb = ctypes.create_string_buffer(256)
        self.sense = ctypes.create_string_buffer(252)
        self.data = ctypes.create_string_buffer(max(size, 1))
        self.hdr = SgIoHdr(interface_id=ord("S"), mx_sb_len=len(self.sense),
                           dxferp=ctypes.addressof(self.data),
                           cmdp=ctypes.addressof(self.cdb),
                           sbp=ctypes.addressof(self.sense), timeout=timeout)

    def send(self, cdb, direction=NO_DATA, length=0):
        """Sends a command with the first bytes of the data buffer."""
        hdr = self.hdr
        ctypes.memmove(self.cdb, bytes(cdb), len(cdb))
        hdr.cmd_len = len(cdb)
        hdr.dxfer_direction = direction if length else NO_DATA
        hdr.dxfer_len = length
        fcntl.ioctl(self.fileno, SG_IO, hdr)
        return hdr

    def put(self, data):
        """Data-out for the next command; returns its length."""
        ctypes.memmove(self.data, bytes(data), len(data))
        return len(data)

    def got(self):
        """Data-in of the last command."""
        return self.data.raw[:self.hdr.dxfer_len - self.hdr.resid]

    def answer(self):
        """What became of the last command, in a word or two."""
        return answer(self.hdr, self.sense.raw[:self.hdr.sb_len_wr])


def send(dev, cdb, direction=NO_DATA, data=None, timeout=60000):
    """Sends one command; returns the header after it, and the sense data."""
    cdb_buffer = ctypes.create_string_buffer(cdb, len(cdb))
    sense = ctypes.create_string_buffer(252)
    hdr = SgIoHdr(interface_id=ord("S"), dxfer_direction=direction, cmd_len=len(cdb),
                  mx_sb_len=len(sense), dxfer_len=len(data) if data else 0,
                  dxferp=ctypes.addressof(data) if data else None,
                  cmdp=ctypes.addressof(cdb_buffer), sbp=ctypes.addressof(sense),
                  timeout=timeout)
    fcntl.ioctl(dev.fileno(), SG_IO, hdr)
    return hdr, sense.raw[:hdr.sb_len_wr]


def descriptors(sense):
    """The descriptors of descriptor format sense data."""
    at = 8
    while at + 2 <= len(sense):
        size = 2 + sense[at + 1]
        yield sense[at:at + size]
        at += size


def decode(sense):
    """Sense data as text."""
    if sense[0] & 0x7f == 0x72:
        key, asc, ascq = sense[1] & 15, sense[2], sense[3]
        sks = next((d[4:7] for d in descriptors(sense) if d[0] == 2), b"\0")
        info = next((d[4:12] for d in descriptors(sense) if d[0] == 0), None)
    else:
        key, asc, ascq, sks = sense[2] & 15, sense[12], sense[13], sense[15:18]
        info = sense[3:7] if sense[0] & 0x80 else None
    text = f"{key:x}/{asc:02x}/{ascq:02x}"
    if sks[0] & 0x80:
        text += " sks=" + sks.hex()
    if info:
        text += " info=" + info.hex()
    return text


def answer(hdr, sense):
    """What became of a command, in a word or two."""
    if hdr.host_status:
        return f"host {hdr.host_status}"
    if hdr.status == CHECK_CONDITION and sense:
        return decode(sense)
    return f"status {hdr.status:02x}" if hdr.status else "good"


def run(dev, words):
    """Sends what a line asks for."""
    direction, data = NO_DATA, None
    if words[0] == "r":
        direction, data = FROM_DEVICE, ctypes.create_string_buffer(int(words[1]))
        words = words[2:]
    elif words[0] == "w":
        with open(words[1], "rb") as file:
            content = file.read()
        direction, data = TO_DEVICE, ctypes.create_string_buffer(content, len(content))
        words = words[2:]
    try:
        hdr, sense = send(dev, bytes(int(word, 16) for word in words), direction, data)
    except OSError as error:
        return f"ioctl: {error}", ""
    got = data.raw[:len(data) - hdr.resid].hex(" ") if direction == FROM_DEVICE else ""
    return answer(hdr, sense), got


def main():
    devices = {}
    for line in sys.stdin:
        words = line.split()
        path = words.pop(0)[1:] if words[0][0] == "@" else sys.argv[1]
        if path not in devices:
            devices[path] = open(path, "rb+", buffering=0)
        print("\n".join(run(devices[path], words)), flush=True)


if __name__ == "__main__":
    main()
