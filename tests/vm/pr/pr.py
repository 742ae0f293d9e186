#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Sends reservation commands through several nexuses and compares what comes back.

usage: pr.py NAME=/dev/sgN...	(a table on standard input)

A line is: NAME VERB [ARGUMENT]... = WANT, or a comment. WANT is what became of the
command, in the words of sgio.py, and after ": " the data-in in hex, in which ".." is any
byte. For each line a verdict as in the shell's tests: "ok - ..." or "not ok - ...".

verbs, numbers in hex: hush (TEST UNIT READY, until it is good),
register KEY NEW, ignore NEW, reserve KEY TYPE, release KEY TYPE,
clear KEY, preempt KEY NEW TYPE, abort KEY NEW TYPE, lost KEY NEW TYPE, move KEY NEW RTPI
ID; keys, holder, caps, full [LENGTH]; count
keys, count full (registrations that are different); raw LENGTH CDB (data-in); out FILLER-LIST CDB
Words behind them: aptpl, all, unreg, scope, ids=ID,ID...; an ID is the hex of a TransportID,
or sas:ADDRESS, or iscsi:NAME; sas:ADDRESS*COUNT is as many.
"""
import os
import re
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import sgio  # noqa: E402

ACTIONS = {"register": 0, "reserve": 1, "release": 2, "clear": 3, "preempt": 4, "abort": 5,
           "ignore": 6, "move": 7, "lost": 8}
QUERIES = {"keys": 0, "holder": 1, "caps": 2, "full": 3}


def key(word):
    """A reservation key."""
    return int(word, 16).to_bytes(8, "big")


def transport_id(word):
    """A TransportID."""
    kind, _, name = word.partition(":")
    if kind == "sas":
        return b"\x06\0\0\0" + key(name) + bytes(12)
    if kind == "iscsi":
        text = name.replace("+", ",").encode() + b"\0"
        text += bytes(-len(text) % 4)
        text += bytes(max(0, 20 - len(text)))
        return bytes([0x45 if "+i+0x" in name else 5, 0]) + len(text).to_bytes(2, "big") + text
    return bytes.fromhex(word)


def transport_ids(word):
    """One, or several of SAS in a row: sas:ADDRESS*COUNT."""
    first, _, number = word.partition("*")
    if not number:
        return [transport_id(word)]
    address = int(first.partition(":")[2], 16)
    return [transport_id(f"sas:{address + i:x}") for i in range(int(number))]


def out_cdb(action, kind, length, scope=0):
    """PERSISTENT RESERVE OUT."""
    return bytes([0x5f, action, scope << 4 | kind, 0, 0]) + length.to_bytes(4, "big") + b"\0"


def out_list(verb, words, flags):
    """TYPE and parameter list."""
    words = list(words)
    own = key("0") if verb == "ignore" else key(words.pop(0))
    kind = int(words.pop(), 16) if verb in ("reserve", "release", "preempt", "abort", "lost") else 0
    new = key(words.pop(0)) if words else key("0")
    ids = [one for flag in flags if flag.startswith("ids=")
           for word in flag[4:].split(",") for one in transport_ids(word)]
    if verb == "move":
        rtpi = int(words.pop(0), 16).to_bytes(2, "big")
        one = transport_id(words.pop(0))
        bits = ("unreg" in flags) << 1 | ("aptpl" in flags)
        return kind, own + new + bytes([0, bits]) + rtpi + len(one).to_bytes(4, "big") + one
    named = any(flag.startswith("ids=") for flag in flags)
    bits = named << 3 | ("all" in flags) << 2 | ("aptpl" in flags)
    data = own + new + bytes(4) + bytes([bits, 0, 0, 0])
    if named:
        data += sum(map(len, ids)).to_bytes(4, "big") + b"".join(ids)
    return kind, data


def is_flag(word):
    """Is it a word that may stand anywhere?"""
    return word in ("aptpl", "all", "unreg", "scope") or word.startswith("ids=")


def count(to, verb):
    """Registrations that READ KEYS or READ FULL STATUS lists, each once."""
    length = 0xfff8
    to.send(bytes([0x5e, QUERIES[verb], 0, 0, 0, 0, 0]) + length.to_bytes(2, "big") + b"\0",
            sgio.FROM_DEVICE, length)
    data = to.got()
    if len(data) != 8 + int.from_bytes(data[4:8], "big"):
        return f"{len(data)} bytes"
    if verb == "keys":
        return str((len(data) - 8) // 8)
    names, at = set(), 8
    while at < len(data):
        end = at + 24 + int.from_bytes(data[at + 20:at + 24], "big")
        names.add(data[at + 18:end])
        at = end
    return str(len(names))


def send(to, verb, words):
    """Sends what a line asks for; returns what became of it."""
    flags = [word for word in words if is_flag(word)]
    words = [word for word in words if not is_flag(word)]
    data = b""
    if verb == "count":
        return count(to, words[0])
    if verb == "hush":
        for _ in range(10):
            to.send(bytes(6))
            if to.answer() == "good":
                break
    elif verb in ACTIONS:
        kind, params = out_list(verb, words, flags)
        cdb = out_cdb(ACTIONS[verb], kind, len(params), "scope" in flags)
        to.send(cdb, sgio.TO_DEVICE, to.put(params))
    elif verb in QUERIES:
        length = int(words[0], 16) if words else 0x2000
        cdb = bytes([0x5e, QUERIES[verb], 0, 0, 0, 0, 0]) + length.to_bytes(2, "big") + b"\0"
        to.send(cdb, sgio.FROM_DEVICE, length)
        data = to.got() if length else b""
    elif verb == "out":
        to.send(bytes.fromhex("".join(words[1:])), sgio.TO_DEVICE,
                to.put(bytes.fromhex(words[0])))
    elif verb == "raw":
        length = int(words[0], 16)
        to.send(bytes.fromhex("".join(words[1:])), sgio.FROM_DEVICE, length)
        data = to.got() if length else b""
    else:
        raise SystemExit(f"pr.py: no verb {verb}")
    answer = to.answer()
    return f"{answer}: {data.hex(' ')}" if data and answer == "good" else answer


def matches(got, want):
    """Are they the same? Spaces do not matter, and a want without data takes any."""
    if ":" not in want:
        got = got.split(":")[0]
    want = re.escape(want.replace(" ", "")).replace(r"\.\.", "..")
    return re.fullmatch(want, got.replace(" ", ""))


def main():
    """Reads the table."""
    nexuses, files = {}, []
    for word in sys.argv[1:]:
        name, _, path = word.partition("=")
        files.append(open(path, "rb+", buffering=0))
        nexuses[name] = sgio.Sender(files[-1], 1 << 17)
    for line in sys.stdin:
        line = line.split("#")[0].strip()
        if not line:
            continue
        what, _, want = line.rpartition(" = ")
        name, verb, *words = what.split()
        got = send(nexuses[name], verb, words)
        if matches(got, want.strip()):
            print(f"ok - {what} is {want.strip()[:60]}")
        else:
            print(f"not ok - {what}: got '{got}', want '{want.strip()}'")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
