#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Sends a disk CDBs that make little sense, and sees whether it stays in its senses.

usage: fuzz.py /dev/sgN COUNT SEED [PROCESSES]

Rows that the disk reports, with random, extreme or nearly right fields and some bits
turned over; noise; with data of any length and direction. Each command must end, with
a status, with sense data if it is CHECK CONDITION, and with a residual that can be. At
the end the disk is brought back: started, its medium loaded, not write protected.

Prints figures, and "not ok TEXT" for each command that did not end so, which the same
seed makes again; exits with 1 if there was one.
"""
import multiprocessing
import os
import random
import sys
import time
from collections import Counter

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
import sgio  # noqa: E402 pylint: disable=wrong-import-position

BLOCK = 512
MAX_DATA = 64 * 1024
NO, OUT, IN = sgio.NO_DATA, sgio.TO_DEVICE, sgio.FROM_DEVICE
START, LOAD, ALLOW = bytes([0x1b, 0, 0, 0, 1, 0]), bytes([0x1b, 0, 0, 0, 3, 0]), \
    bytes([0x1e, 0, 0, 0, 0, 0])
EXIT_FAILURE = bytes([0x48, 0x1f]) + bytes(8)
UNIT_READY = bytes(6)
# GOOD, CHECK CONDITION, CONDITION MET, BUSY, RESERVATION CONFLICT, TASK SET FULL, TASK ABORTED
STATUSES = {0x00, 0x02, 0x04, 0x08, 0x18, 0x28, 0x40}
# What is in the way of most commands after some that were taken.
OBSTACLES = ("2/04/", "2/3a/", "7/27/00")
# Operation codes with data-out as a rule, and those whose length is in bytes.
WRITERS = {0x04, 0x07, 0x0a, 0x15, 0x1d, 0x2a, 0x2e, 0x2f, 0x3b, 0x41, 0x42, 0x48, 0x4c, 0x55, 0x5f,
           0x7f, 0x83, 0x89, 0x8a, 0x8b, 0x8e, 0x8f, 0x93, 0x9c, 0xa4, 0xaa, 0xae, 0xaf}
LISTS = {0x04, 0x07, 0x12, 0x15, 0x1d, 0x1a, 0x3b, 0x3c, 0x42, 0x48, 0x4c, 0x4d, 0x55, 0x5a, 0x5e,
         0x5f, 0x83, 0x84, 0x9e, 0xa0, 0xa3, 0xa4}
# The low byte of the length, by the length of the CDB.
LENGTH_AT = {6: 4, 10: 8, 12: 9, 16: 13, 32: 31}
LENGTHS = (0, 1, 4, 8, 12, 24, 36, 252, 511, 512, 513, 1024, 4096, 65536)


def read_rows(unit):
    """The usage data of each command that is reported."""
    unit.send(bytes([0xa3, 0x0c]) + bytes(4) + (MAX_DATA - 4).to_bytes(4, "big") + bytes(2),
              IN, MAX_DATA - 4)
    data = unit.got()
    rows = []
    for at in range(4, len(data), 8):
        option = 2 if data[at + 5] & 1 else 1
        unit.send(bytes([0xa3, 0x0c, option, data[at]]) + data[at + 2:at + 4] +
                  (64).to_bytes(4, "big") + bytes(2), IN, 64)
        one = unit.got()
        rows.append((data[at], data[at + 2:at + 4] if option == 2 else None,
                     one[4:4 + int.from_bytes(one[2:4], "big")]))
    return rows


class Fuzz:
    """One process that sends commands."""

    def __init__(self, unit, seed, blocks, rows):
        self.unit = unit
        self.random = random.Random(seed)
        self.blocks = blocks
        self.rows = rows
        self.noise = self.random.randbytes(2 * MAX_DATA)
        self.answers = Counter()
        self.problems = []

    def number(self):
        """A number that means something to someone; most of them are small."""
        pick = self.random.random()
        if pick < 0.65:
            return self.random.randrange(self.random.choice((2, 16, 128, self.blocks)))
        if pick < 0.85:
            return self.blocks + self.random.randrange(-4, 4)
        if pick < 0.93:
            return 1 << self.random.randrange(64)
        return (1 << self.random.randrange(1, 65)) - 1

    def fill(self, cdb, usage):
        """Fields of ones in the usage data get numbers, other ones are random."""
        at = 1
        while at < len(cdb):
            end = at
            while end < len(cdb) and usage[end] == 0xff:
                end += 1
            if end > at:
                # A run of them is a field or two: the first has up to eight bytes.
                width = min(end - at, 8)
                if self.random.random() < 0.9:
                    cdb[at:at + width] = (self.number() & (1 << 8 * width) - 1).to_bytes(width, "big")
                at += width
            else:
                cdb[at] = usage[at] & self.random.choice((0, 0, self.random.randrange(256)))
                at += 1

    def valid(self):
        """A CDB whose reserved bits are zero."""
        opcode, action, usage = self.random.choice(self.rows)
        cdb = bytearray(len(usage))
        self.fill(cdb, usage)
        cdb[0] = opcode
        if opcode == 0x7f:
            cdb[7], cdb[8:10] = len(cdb) - 8, action
        elif action is not None:
            cdb[1] = cdb[1] & 0xe0 | action[1]
        return cdb

    def mutated(self):
        cdb = self.valid()
        for _ in range(self.random.randrange(1, 4)):
            cdb[self.random.randrange(len(cdb))] ^= 1 << self.random.randrange(8)
        return cdb

    def nonsense(self):
        cdb = bytearray(self.random.randbytes(self.random.choice((6, 10, 12, 16, 32))))
        if len(cdb) == 32 or self.random.random() < 0.1:
            cdb[0] = 0x7f
        return cdb

    def cdb(self):
        pick = self.random.random()
        if pick < 0.5:
            return self.valid()
        return self.mutated() if pick < 0.85 else self.nonsense()

    def transfer(self, cdb):
        """Direction and length of the data; often what the CDB seems to say."""
        direction = OUT if cdb[0] in WRITERS else IN
        if self.random.random() < 0.2:
            direction = self.random.choice((NO, OUT, IN))
        pick = self.random.random()
        if pick < 0.2:
            return direction, self.random.choice(LENGTHS)
        if pick < 0.25:
            return direction, self.random.randrange(MAX_DATA)
        said = cdb[LENGTH_AT.get(len(cdb), -2)]
        if cdb[0] == 0x89:
            said *= 2
        blocks = cdb[0] not in LISTS
        return direction, min(said * (BLOCK if blocks else 1), MAX_DATA)

    def mode_list(self, cdb):
        """What MODE SENSE says, nearly."""
        ten = cdb[0] == 0x55
        sense = bytes([0x5a, 0x08, self.random.choice((0x3f, 0x08, 0x0a, 0x1c, 0x01)),
                       self.random.choice((0, 0, 0xff)), 0, 0, 0, 0, 0xff, 0]) if ten else \
            bytes([0x1a, 0x08, self.random.choice((0x3f, 0x08, 0x0a, 0x1c)), 0, 0xff, 0])
        self.unit.send(sense, IN, 255)
        if self.unit.hdr.status:
            return 0
        data = bytearray(self.unit.got())
        header = 8 if ten else 4
        data[:header] = bytes(header)
        if len(data) > header:
            data[header] &= 0x7f
            for _ in range(self.random.randrange(3)):
                data[self.random.randrange(len(data))] ^= 1 << self.random.randrange(8)
        # As a rule the CDB says how long it is.
        if self.random.random() < 0.9:
            cdb[1] = 0x10 | cdb[1] & 1
            if ten:
                cdb[7] = 0
            cdb[-2] = len(data) & 0xff
        self.unit.put(bytes(data))
        return len(data)

    def unmap_list(self):
        count = self.random.randrange(1, 4)
        data = bytearray(8)
        for _ in range(count):
            data += (self.number() & (1 << 64) - 1).to_bytes(8, "big")
            data += (self.number() & (1 << 32) - 1).to_bytes(4, "big") + bytes(4)
        data[0:2], data[2:4] = (len(data) - 2).to_bytes(2, "big"), (16 * count).to_bytes(2, "big")
        if self.random.random() < 0.3:
            data[self.random.randrange(len(data))] ^= 1 << self.random.randrange(8)
        self.unit.put(bytes(data))
        return len(data)

    def prepare(self, cdb, length):
        """Data-out; returns its length, which may be another one."""
        if (cdb[0], len(cdb)) in ((0x15, 6), (0x55, 10)) and self.random.random() < 0.7:
            return self.mode_list(cdb) or length
        if cdb[0] == 0xa4 and cdb[1] & 0x1f == 0x0a:
            # The unit's only group stays active.
            self.unit.put(bytes(length))
            return length
        if (cdb[0], len(cdb)) == (0x42, 10) and self.random.random() < 0.7:
            size = self.unmap_list()
            cdb[7:9] = size.to_bytes(2, "big")
            return size
        self.fill_data(length)
        return length

    def fill_data(self, length):
        """Parameter lists begin with small numbers, and most of it is zero."""
        at = self.random.randrange(MAX_DATA)
        data = bytearray(self.noise[at:at + length])
        if self.random.random() < 0.7:
            zeros = self.random.randrange(0, 64)
            data[zeros:] = bytes(max(0, length - zeros))
            for i in range(0, min(length, zeros), 2):
                data[i] = 0
        self.unit.put(bytes(data[:length]))

    def one(self):
        cdb = self.cdb()
        # An ACA condition would keep out all that follows.
        control = 1 if cdb[0] == 0x7f else (5, 9, 9, 5, 15, 11, 5, 5)[cdb[0] >> 5]
        if control < len(cdb):
            cdb[control] &= ~4
        direction, length = self.transfer(cdb)
        if direction == OUT:
            length = self.prepare(cdb, length)
        try:
            hdr = self.unit.send(bytes(cdb), direction, length)
        except OSError as error:
            self.answers[f"ioctl {error.errno}"] += 1
            return f"ioctl: {error}: {cdb.hex(' ')}"
        answer = self.unit.answer()
        self.answers[answer.split(" ")[0]] += 1
        problem = self.judge(hdr, length)
        if problem:
            return f"{problem}: {answer}: {cdb.hex(' ')}, {length} bytes, direction {direction}"
        if answer.startswith(OBSTACLES):
            self.clear()
        return None

    def judge(self, hdr, length):
        if hdr.host_status or hdr.driver_status & ~8:
            return f"host {hdr.host_status}, driver {hdr.driver_status}"
        if hdr.status not in STATUSES:
            return f"status {hdr.status:02x}"
        if hdr.status == sgio.CHECK_CONDITION:
            sense = self.unit.sense.raw[:hdr.sb_len_wr]
            if len(sense) < 8 or sense[0] & 0x7f not in (0x70, 0x71, 0x72, 0x73):
                return f"sense data {sense.hex(' ')}"
        if not 0 <= hdr.resid <= length:
            return f"residual {hdr.resid}"
        return None

    def clear(self):
        """Takes away what is in the way of the next commands."""
        for cdb in (START, ALLOW, LOAD, EXIT_FAILURE):
            self.unit.send(cdb)
        # SWP and the like off: the default values become current.
        if self.unit.send(bytes([0x5a, 0x08, 0x8a, 0, 0, 0, 0, 0, 64, 0]), IN, 64).status == 0:
            page = bytearray(self.unit.got())
            page[0:8] = bytes(8)
            page[8] &= 0x7f
            size = self.unit.put(bytes(page))
            self.unit.send(bytes([0x55, 0x10, 0, 0, 0, 0, 0, 0, size, 0]), OUT, size)

    def run(self, count):
        for number in range(count):
            problem = self.one()
            if problem:
                self.problems.append(f"command {number}: {problem}")
                if len(self.problems) > 10:
                    break


def ready(unit, seconds):
    """Until the disk answers GOOD, whatever goes on in it."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        unit.send(UNIT_READY)
        if unit.answer() == "good":
            return True
        time.sleep(0.1)
    return False


def capacity(unit):
    unit.send(bytes([0x9e, 0x10]) + bytes(8) + (32).to_bytes(4, "big") + bytes(2), IN, 32)
    return int.from_bytes(unit.got()[:8], "big") + 1


def work(args):
    path, count, seed, blocks, rows = args
    with open(path, "rb+", buffering=0) as dev:
        unit = sgio.Sender(dev, MAX_DATA)
        fuzz = Fuzz(unit, seed, blocks, rows)
        fuzz.run(count)
        return fuzz.answers, [f"seed {seed}, {problem}" for problem in fuzz.problems]


def recover(path, seed):
    with open(path, "rb+", buffering=0) as dev:
        unit = sgio.Sender(dev, MAX_DATA)
        fuzz = Fuzz(unit, seed, 1, [])
        for _ in range(100):
            fuzz.clear()
            if ready(unit, 1):
                break
        return None if ready(unit, 60) else f"in the end the disk says {unit.answer()}"


def main():
    path, count, seed = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    processes = int(sys.argv[4]) if len(sys.argv) > 4 else 2
    # Asked before anyone sends what may keep the unit from answering.
    with open(path, "rb+", buffering=0) as dev:
        unit = sgio.Sender(dev, MAX_DATA)
        ready(unit, 10)
        blocks, rows = capacity(unit), read_rows(unit)
    jobs = [(path, count // processes, seed + i, blocks, rows) for i in range(processes)]
    start = time.monotonic()
    with multiprocessing.Pool(processes) as pool:
        results = pool.map(work, jobs, 1)
    answers = sum((result[0] for result in results), Counter())
    problems = [problem for result in results for problem in result[1]]
    problem = recover(path, seed)
    problems += [problem] if problem else []
    print(f"{answers.total()} commands in {time.monotonic() - start:.0f} s, seeds {seed} to "
          f"{seed + processes - 1}: " + ", ".join(f"{n} {a}" for a, n in answers.most_common(30)))
    for problem in problems:
        print(f"not ok {problem}")
    sys.exit(bool(problems))


if __name__ == "__main__":
    main()
