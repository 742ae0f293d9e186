#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Asks a disk for its commands, and holds it to the answer.

usage: opcodes.py /dev/sgN [lenient]

Prints "ok TEXT" and "not ok TEXT", one for each command and property. With
"lenient" it does not ask for reserved bits, as most targets let them pass.
"""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
import sgio  # noqa: E402 pylint: disable=wrong-import-position

BLOCK = 512
VARIABLE = 0x7f
REPORT = [0xa3, 0x0c]
NO, OUT, IN = sgio.NO_DATA, sgio.TO_DEVICE, sgio.FROM_DEVICE

# Where a CDB with nothing in it is refused, or does what the next test would suffer
# from: bytes of it, the data-out if there is any, and the answer if it is not "good".
FORMS = {
    (0x0a, None): ({4: 1}, bytes(BLOCK)),		# WRITE(6): 0 is 256 blocks
    (0x15, None): ({1: 0x10}, b""),			# MODE SELECT(6): PF
    (0x55, None): ({1: 0x10}, b""),
    (0x1a, None): ({2: 0x3f}, None),			# MODE SENSE(6): all pages
    (0x5a, None): ({2: 0x3f}, None),
    (0x1b, None): ({4: 0x01}, None),			# START STOP UNIT: start
    (0x1d, None): ({1: 0x04}, b""),			# SEND DIAGNOSTIC: self-test
    (0x41, None): ({8: 1}, bytes(BLOCK)),		# WRITE SAME: one block
    (0x93, None): ({13: 1}, bytes(BLOCK)),
    (VARIABLE, 0x0d): ({31: 1}, bytes(BLOCK)),
    (0x3b, None): ({1: 0x02}, b""),			# WRITE BUFFER: data
    (0x3c, None): ({1: 0x03}, None),			# READ BUFFER: descriptor
    (0x4c, None): ({2: 0x40}, b""),			# LOG SELECT: cumulative values
    (0x4d, None): ({2: 0x40}, None),
    (0x48, 0x01): ({8: 8}, bytes([1, 0, 0, 4]) + bytes(4)),	# SANITIZE: overwrite with zeros
    (0x48, 0x1f): ({}, None),				# SANITIZE: exit failure mode
    **{(0x5f, action): ({8: 24}, bytes(24)) for action in range(9)},	# PERSISTENT RESERVE OUT
    (0x83, 0x10): ({10: 0}, b""),			# POPULATE TOKEN
    (0x84, 0x03): ({}, None),				# operating parameters
    (0xa0, None): ({9: 16}, None),			# REPORT LUNS: less is too little
    (0xa3, 0x0d): ({9: 16}, None),
    (0xa4, 0x0f): ({9: 12}, bytes(12)),			# SET TIMESTAMP
    (0x9e, 0x12): ({13: 24}, None),			# GET LBA STATUS
    (VARIABLE, 0x12): ({31: 24}, None),
}

# Commands that a unit in this state refuses, and why.
ANSWERS = {
    (0x37, None): r"1/1c/00",	# READ DEFECT DATA: no such format
    (0xb7, None): r"1/1c/00",
    **{(0x5f, action): "status 18" for action in range(1, 6)},	# it is not registered
    (0x5f, 0x07): "5/26/00",	# there is no such port
    (0x5f, 0x08): "5/24/00",	# nothing is lost
    (0x84, None): r"5/24/00",	# there is no such copy operation
    (0x83, 0x1c): r"5/24/00",
}


def report(text, problem=None):
    print(f"not ok {text}: {problem}" if problem else f"ok {text}")


def sum_up(text, problems):
    """One verdict about many commands; shows the first problems."""
    report(text, "; ".join(problems[:3]) + f" ({len(problems)})" if problems else None)


class Row:
    """One reported command."""

    def __init__(self, descriptor):
        flags = descriptor[5]
        self.opcode = descriptor[0]
        self.action = int.from_bytes(descriptor[2:4], "big") if flags & 1 else None
        self.length = int.from_bytes(descriptor[6:8], "big")
        self.key = (self.opcode, self.action)
        self.name = f"{self.opcode:02x}" + ("" if self.action is None else f"/{self.action:02x}")
        self.usage = b""

    def plain(self):
        """A CDB with nothing in it but what names the command."""
        return plain(self.opcode, self.action, self.length)

    def names_it(self, byte, bit):
        """Is the bit part of what names the command?"""
        if self.opcode == VARIABLE:
            return 7 <= byte <= 9
        return self.action is not None and byte == 1 and bit < 5


def plain(opcode, action, length):
    cdb = bytearray(length)
    cdb[0] = opcode
    if opcode == VARIABLE:
        cdb[7] = length - 8
        cdb[8:10] = action.to_bytes(2, "big")
    elif action is not None:
        cdb[1] = action
    return cdb


def refused(byte, bit):
    """The answer to a CDB whose field that begins with the bit is wrong."""
    return f"5/24/00 sks={0xc8 | bit:02x}{byte:04x}"


def report_cdb(option=0, opcode=0, action=0, size=65532):
    return bytes(REPORT + [option, opcode]) + action.to_bytes(2, "big") + \
        size.to_bytes(4, "big") + bytes(2)


def read_rows(unit):
    unit.send(report_cdb(), IN, 65532)
    data = unit.got()
    rows = [Row(data[at:at + 8]) for at in range(4, len(data), 8)]
    report(f"{len(rows)} commands are reported",
           None if len(rows) >= 24 else unit.answer())
    names = [(row.opcode, row.action or 0) for row in rows]
    report("none twice", None if len(set(names)) == len(names) else "one is")
    return rows


def one_command(unit, opcode, action):
    """REPORT SUPPORTED OPERATION CODES of one command."""
    unit.send(report_cdb(1 if action is None else 2, opcode, action or 0, 64), IN, 64)
    return unit.got() if unit.answer() == "good" else None


def check_usage(unit, row):
    data = one_command(unit, row.opcode, row.action) or bytes(4)
    row.usage = data[4:4 + int.from_bytes(data[2:4], "big")]
    problem = None
    if data[1] & 7 != 3:
        problem = f"SUPPORT is {data[1] & 7}"
    elif len(row.usage) != row.length:
        problem = f"is {len(row.usage)} bytes"
    elif row.usage[0] != row.opcode:
        problem = f"begins with {row.usage[0]:02x}"
    report(f"{row.name}: usage data as long as its CDB, and of it", problem)


def check_reserved(unit, row):
    """Each bit that the usage data has off, alone, is refused and pointed at."""
    problems = []
    count = 0
    for byte in range(1, row.length):
        for bit in range(8):
            if row.usage[byte] >> bit & 1 or row.names_it(byte, bit):
                continue
            cdb = row.plain()
            cdb[byte] |= 1 << bit
            unit.send(cdb)
            count += 1
            # Of protection the field is pointed at, which has three bits.
            field = {bit, 7} if bit >= 5 and byte == (10 if row.length > 16 else 1) else {bit}
            if unit.answer() not in {refused(byte, first) for first in field}:
                problems.append(f"{cdb.hex(' ')}: {unit.answer()}")
    if row.opcode == VARIABLE:
        problems += wrong_lengths(unit, row)
    sum_up(f"{row.name}: {count} reserved bits", problems)
    return count


def wrong_lengths(unit, row):
    """ADDITIONAL CDB LENGTH says something else than the service action."""
    problems = []
    for length in set(range(0, 64)) - {row.length - 8}:
        cdb = row.plain()
        cdb[7] = length
        unit.send(cdb)
        if unit.answer() != refused(7, 7):
            problems.append(f"length {length}: {unit.answer()}")
    return problems


def form_of(row):
    """A CDB that must be accepted, and its data-out."""
    fields, data = FORMS.get(row.key, ({}, None))
    cdb = row.plain()
    for byte, value in fields.items():
        cdb[byte] = value
    return cdb, data


def accepted(answer, row):
    """Not only known, but done."""
    wanted = ANSWERS.get(row.key) or ANSWERS.get((row.opcode, None))
    return answer == "good" or bool(wanted and answer.startswith(wanted))


def check_accepted(unit, row):
    cdb, data = form_of(row)
    if data is None:
        unit.send(cdb, IN, 512) if reads(row) else unit.send(cdb)
    else:
        unit.send(cdb, OUT, unit.put(data))
    report(f"{row.name} is accepted", None if accepted(unit.answer(), row) else unit.answer())


def reads(row):
    """Commands whose form above has data-in; the others take an empty transfer."""
    return row.opcode in (0x1a, 0x5a, 0x3c, 0x4d, 0x9e, 0xa0, 0xa3) or row.key == (VARIABLE, 0x12)


def check_opcodes(unit, rows):
    """No other opcode is known, whatever is in the CDB; and none is reported."""
    problems, reported = [], []
    known = {row.opcode for row in rows}
    for opcode in set(range(256)) - known:
        # Without NACA, whose bit is 4: an ACA condition would keep out what follows.
        for filling in (0, 0xfb):
            unit.send(bytes([opcode]) + bytes([filling]) * 15)
            if not unit.answer().startswith("5/20/00"):
                problems.append(f"{opcode:02x}: {unit.answer()}")
        data = one_command(unit, opcode, None)
        if not data or data[1] & 7 != 1:
            reported.append(f"{opcode:02x}")
    sum_up(f"{256 - len(known)} other opcodes are not known", problems)
    sum_up("nor reported", reported)


def other_actions(rows, opcode):
    taken = {row.action for row in rows if row.opcode == opcode}
    if opcode == VARIABLE:
        # All low ones, and each bit above.
        everything = set(range(0x200)) | {1 << bit | low for bit in range(8, 16)
                                          for low in (0, 9, 0xff)}
    else:
        everything = set(range(0x20))
    return sorted(everything - taken)


def check_actions(unit, rows, opcode):
    """No other service action of an opcode that has them."""
    problems, reported = [], []
    length = next(row.length for row in rows if row.opcode == opcode)
    pointer = (8, 7) if opcode == VARIABLE else (1, 4)
    actions = other_actions(rows, opcode)
    for action in actions:
        unit.send(plain(opcode, action, length))
        if unit.answer() != refused(*pointer):
            problems.append(f"{action:02x}: {unit.answer()}")
        data = one_command(unit, opcode, action)
        if not data or data[1] & 7 != 1:
            reported.append(f"{action:02x}")
    sum_up(f"{opcode:02x}: {len(actions)} other service actions are refused", problems)
    sum_up(f"{opcode:02x}: nor reported", reported)


def check_report_options(unit, rows):
    """An opcode is asked for with its service action, if it has them (SPC-6 6.35)."""
    problems = []
    for row in rows:
        if row.action is None:
            unit.send(report_cdb(2, row.opcode, 1, 64), IN, 64)
        else:
            unit.send(report_cdb(1, row.opcode, 0, 64), IN, 64)
        if not unit.answer().startswith("5/24/00"):
            problems.append(f"{row.name}: {unit.answer()}")
    sum_up("with the other reporting option they are refused", problems)


def main():
    lenient = "lenient" in sys.argv[2:]
    with open(sys.argv[1], "rb+", buffering=0) as dev:
        unit = sgio.Sender(dev, 65536)
        # What there is to attend to is not this test's.
        while unit.send(bytes(6)) and unit.answer() != "good":
            pass
        rows = read_rows(unit)
        bits = 0
        for row in rows:
            check_usage(unit, row)
            check_accepted(unit, row)
            if not lenient:
                bits += check_reserved(unit, row)
        check_opcodes(unit, rows)
        if not lenient:
            report(f"{bits} reserved bits", None if bits > 500 else "that is too few")
            for opcode in sorted({row.opcode for row in rows if row.action is not None}):
                check_actions(unit, rows, opcode)
            check_report_options(unit, rows)


main()
