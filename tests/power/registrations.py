#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Changes a registration with APTPL in several units until the machine is killed.

usage: registrations.py BEFORE NOW RUNNING /dev/sgN...

Of each unit the directory BEFORE may hold what was recorded until an earlier machine was
killed, and NOW gets the new record: the keys that were asked for and taken. Each unit must
have all of its registrations, and one of the last two keys. A line says so for each; the
file RUNNING is made when they have been looked at and the changes go on.
"""
import os
import sys
import threading

VM = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../vm")
sys.path[:0] = [VM, os.path.join(VM, "pr")]
import pr  # noqa: E402
import sgio  # noqa: E402

OTHERS = 100
THEIR_KEY = 1
FIRST_KEY = 0x1000


class Unit:
    """A unit, and the record of it."""

    def __init__(self, number, path, before, now):
        self.name = f"keys.{number}"
        self.dev = open(path, "rb+", buffering=0)
        self.to = sgio.Sender(self.dev, 1 << 16)
        self.before = os.path.join(before, self.name)
        self.record = open(os.path.join(now, self.name), "ab", buffering=0)
        pr.send(self.to, "hush", [])

    def register(self, old, new, *words):
        """REGISTER with APTPL; what became of it. Both ends are on the record."""
        self.record.write(f"asked {new}\n".encode())
        answer = pr.send(self.to, "register", [f"{old:x}", f"{new:x}", "aptpl", *words])
        if answer == "good":
            self.record.write(f"taken {new}\n".encode())
        return answer

    def keys(self):
        """Keys of all registrations."""
        length = 0x4000
        self.to.send(bytes([0x5e, 0, 0, 0, 0, 0, 0]) + length.to_bytes(2, "big") + b"\0",
                     sgio.FROM_DEVICE, length)
        data = self.to.got()
        return [int.from_bytes(data[at:at + 8], "big") for at in range(8, len(data), 8)]

    def expected(self):
        """The last key taken, and one asked for since."""
        with open(self.before, encoding="ascii") as file:
            # The last line may be cut off.
            lines = [line.split() for line in file if line.endswith("\n")]
        taken = [int(key) for word, key in lines if word == "taken"][-1]
        asked = [int(key) for word, key in lines if word == "asked"]
        return {taken, asked[-1] if asked else taken}

    def look(self):
        """True if the unit has what it may have; sets the key to go on with."""
        if not os.path.exists(self.before):
            self.key = FIRST_KEY
            answer = self.register(0, THEIR_KEY, f"ids=sas:7000000000000000*{OTHERS}")
            return answer == "good" and self.register(THEIR_KEY, self.key) == "good"
        keys, expected = self.keys(), self.expected()
        own = [key for key in keys if key != THEIR_KEY]
        if len(keys) != OTHERS + 1 or len(own) != 1 or own[0] not in expected:
            print(f"# {len(keys)} registrations, own {own}, expected one of {expected}")
            return False
        self.key = own[0]
        self.record.write(f"taken {self.key}\n".encode())
        return True

    def change(self):
        """Goes on until the machine is killed."""
        while self.register(self.key, self.key + 1) == "good":
            self.key += 1
        print(f"not ok - {self.name}: REGISTER failed", flush=True)


def main():
    """See above."""
    before, now, running, *paths = sys.argv[1:]
    units = [Unit(number, path, before, now) for number, path in enumerate(paths)]
    for unit in units:
        verdict = "ok" if unit.look() else "not ok"
        print(f"{verdict} - {unit.name}: {unit.key:#x}", flush=True)
    changes = [threading.Thread(target=unit.change) for unit in units]
    for change in changes:
        change.start()
    open(running, "w", encoding="ascii").close()
    for change in changes:
        change.join()


if __name__ == "__main__":
    main()
