#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""The tables of Documentation that come out of the source.

A document holds a table between the comments ".. table: <name>" and
".. end of table"; what stands there must be what the source says now.

usage: tables.py --check | --write
"""
import glob
import re
import sys

import configfs

DOCUMENTS = ("Documentation/commands.rst", "Documentation/configuration.rst",
             "Documentation/configfs.rst")
BLOCK = re.compile(r"(?ms)^\.\. table: (\w+)\n\n(.*?)^\.\. end of table\n")
SCSI_OPCODE = {
    "TEST_UNIT_READY": 0x00, "REQUEST_SENSE": 0x03, "FORMAT_UNIT": 0x04, "READ_6": 0x08, "WRITE_6": 0x0a,
    "INQUIRY": 0x12, "MODE_SELECT": 0x15, "MODE_SENSE": 0x1a, "START_STOP": 0x1b,
    "RECEIVE_DIAGNOSTIC": 0x1c, "SEND_DIAGNOSTIC": 0x1d, "ALLOW_MEDIUM_REMOVAL": 0x1e,
    "WRITE_BUFFER": 0x3b, "READ_BUFFER": 0x3c,
    "READ_CAPACITY": 0x25, "READ_10": 0x28, "WRITE_10": 0x2a, "VERIFY": 0x2f,
    "SYNCHRONIZE_CACHE": 0x35, "LOG_SELECT": 0x4c, "LOG_SENSE": 0x4d,
    "MODE_SELECT_10": 0x55, "MODE_SENSE_10": 0x5a,
    "WRITE_SAME": 0x41, "UNMAP": 0x42, "WRITE_SAME_16": 0x93, "WRITE_SAME_32": 0x0d, "SAI_GET_LBA_STATUS": 0x12,
    "SAI_REPORT_REFERRALS": 0x13,
    "READ_16": 0x88, "WRITE_16": 0x8a, "VERIFY_16": 0x8f, "SYNCHRONIZE_CACHE_16": 0x91,
    "SERVICE_ACTION_IN_16": 0x9e, "REPORT_LUNS": 0xa0, "MAINTENANCE_IN": 0xa3, "MAINTENANCE_OUT": 0xa4,
    "MI_REPORT_IDENTIFYING_INFORMATION": 0x05, "MI_REPORT_TIMESTAMP": 0x0f,
    "MI_REPORT_TARGET_PGS": 0x0a, "MO_SET_TARGET_PGS": 0x0a,
    "MO_SET_IDENTIFYING_INFORMATION": 0x06, "MO_SET_TIMESTAMP": 0x0f,
    "READ_12": 0xa8, "WRITE_12": 0xaa, "VERIFY_12": 0xaf, "SAI_READ_CAPACITY_16": 0x10,
    "COMPARE_AND_WRITE": 0x89, "WRITE_VERIFY": 0x2e, "WRITE_VERIFY_12": 0xae,
    "WRITE_VERIFY_16": 0x8e, "PRE_FETCH": 0x34, "READ_DEFECT_DATA": 0x37,
    "VARIABLE_LENGTH_CMD": 0x7f, "READ_32": 0x09, "VERIFY_32": 0x0a, "WRITE_32": 0x0b,
    "WRITE_VERIFY_32": 0x0c,
    "RESERVE_10": 0x56, "RELEASE_10": 0x57,
    "PERSISTENT_RESERVE_IN": 0x5e, "PERSISTENT_RESERVE_OUT": 0x5f,
    "EXTENDED_COPY": 0x83, "RECEIVE_COPY_RESULTS": 0x84,
}


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def columns(head, rows):
    """A simple table of reST."""
    widths = [max(len(row[i]) for row in [head] + rows) for i in range(len(head))]
    line = "  ".join("=" * width for width in widths)
    body = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip()
            for row in [head] + rows]
    return "\n".join([line, body[0], line] + body[1:] + [line]) + "\n"


STATES = {"TARGET_IN_ACTIVE": "active", "TARGET_IN_STANDBY": "standby",
          "TARGET_IN_ECHO": "echo", "TARGET_IN_UNAVAILABLE": "unavailable",
          "TARGET_IN_TRANSITION": "always"}


def number(text, defines):
    if text in defines:
        return defines[text]
    if text in SCSI_OPCODE:
        return SCSI_OPCODE[text]
    if re.match(r"[A-Z]", text):
        sys.exit(f"tools/lint/tables.py: add {text} of <scsi/scsi_proto.h> to SCSI_OPCODE")
    return int(text, 0)


GATES = (("TARGET_GATE_NO_LUN", "no LUN"), ("TARGET_GATE_UA", "attention"),
         ("TARGET_GATE_READY", "ready"), ("TARGET_GATE_PRESENT", "present"),
         ("TARGET_GATE_MEDIUM", "range"),
         ("TARGET_GATE_WP", "writable"))
DIRECTIONS = {"DMA_NONE": "none", "DMA_FROM_DEVICE": "in", "DMA_TO_DEVICE": "out"}


def commands():
    source = re.sub(r'#include "(cdb_ops_\w+\.h)"\n', lambda m: read("core/" + m[1]),
                    read("core/cdb_ops.c")).replace("\\\n", "")
    source = source.replace("GATES_MEDIUM", re.search(r"GATES_MEDIUM\s+\((.*)\)", source)[1])
    headers = "".join(read(path) for path in sorted(glob.glob("core/*.h")))
    defines = {name: int(value, 0) for name, value in
               re.findall(r"#define (\w+)\s+(0x[0-9a-f]+)\n", headers + source) +
               re.findall(r"(TARGET_COPY_\w+)\s+= (0x[0-9a-f]+),", read("core/copy.h")) +
               re.findall(r"(TARGET_PR_\w+)\s+= (\d),", read("core/pr.h"))}
    rows = []
    for row in re.findall(r"(?ms)^\t(?:\}, )?\{\n(.*?)(?=^\t\})", source):
        field = dict(re.findall(r"\.(\w+) = ([^\n]*?),?\n", row))
        code = f"{number(field['opcode'], defines):02X}h"
        if "sa" in field:
            code += f"/{number(field['sa'], defines):02X}h"
        gates = re.findall(r"\w+", field.get("gates", ""))
        rows.append([code, field["name"].strip('"'), field["len"], DIRECTIONS[field["dir"]],
                     STATES[field.get("alua", "TARGET_IN_ACTIVE")],
                     ", ".join(text for gate, text in GATES if gate in gates)])
    return columns(["Code", "Command", "Bytes", "Data", "Access", "Gates"], rows)


def attributes():
    rows = [[f"``{name}``", kind, {"RW": "yes", "RO": "no"}[mode], default, check]
            for kind, name, mode, default, check in re.findall(
                r"ATTR\((\w+),\s*(\w+),\s*(RW|RO),\s*(\w+),\s*(\w+)\)",
                read("include/target/target_core_attribs.h"))
            if name != "name"]
    return columns(["Attribute", "Type", "Written", "Default", "Check"], rows)


def unit_attentions():
    rows = [[f"{int(asc, 0):02X}h/{int(ascq, 0):02X}h", text] for asc, ascq, text in re.findall(
        r"UA\(\w+,\s*(0x[0-9a-f]+), (0x[0-9a-f]+)\)\s*/\* (.*?) \*/", read("core/ua.h"))]
    # Two of a kind differ only in what else they tell.
    return columns(["Code", "Condition"], [row for i, row in enumerate(rows)
                                           if row not in rows[:i]])


def sense():
    """What commands fail with; codes that several reasons share stand once."""
    found = {}
    for name, key, asc, ascq in re.findall(
            r"SENSE_ROW\(TCM_(\w+),\s*(\w+),\s*(0x[0-9a-f]+), (0x[0-9a-f]+)\)", read("core/sense.c")):
        if key != "UNIT_ATTENTION":
            code = (key.replace("_", " "), f"{int(asc, 0):02X}h/{int(ascq, 0):02X}h")
            found.setdefault(code, []).append(name.replace("_", " ").lower())
    return columns(["Key", "Code", "Why"],
                   [[*code, "; ".join(names)] for code, names in sorted(found.items())])


TABLES = {"commands": commands, "attributes": attributes, "unit_attentions": unit_attentions,
          "sense": sense, "configfs": lambda: configfs.table(columns)}


def main():
    write = sys.argv[1:] == ["--write"]
    if not write and sys.argv[1:] != ["--check"]:
        sys.exit(__doc__)
    stale = False
    for path in DOCUMENTS:
        text = read(path)
        fresh = BLOCK.sub(lambda m: f".. table: {m[1]}\n\n{TABLES[m[1]]()}\n.. end of table\n", text)
        if fresh == text:
            continue
        if write:
            with open(path, "w", encoding="utf-8") as file:
                file.write(fresh)
        else:
            print(f"{path}: a table is not what the source says: run tools/lint/tables.py --write")
            stale = True
    sys.exit(stale)


main()
