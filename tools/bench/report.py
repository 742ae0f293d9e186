#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Turns what tools/bench/guest measured into tables.

usage: report.py RAW KERNEL OUT
RAW holds io.DEVICE.RW.WHAT.RUN.json and scale.DEVICE.qdN.jN.RUN.json of fio, and
luns.PEER.tsv. The tables go to standard output and OUT/bench.txt, the numbers to
OUT/bench.tsv (table, device, column, value).
"""
import collections
import json
import os
import statistics
import sys

TITLES = {
    "null_blk": "null_blk",
    "scsi_debug": "SCSI floor: scsi_debug fake_rw=1 delay=0",
    "nvme_loop": "nvme-loop on null_blk",
    "lio:iblock": "LIO, iblock on null_blk",
    "lio:file_tmpfs": "LIO, fileio on tmpfs",
    "lio:file_ext4": "LIO, fileio on ext4",
    "lio:rd": "LIO, ramdisk",
    "lio:rd_direct": "LIO, ramdisk, submit_type=1",
    "lio:tcmu": "LIO, TCMU, tcmu-ram",
    "ours:rd": "ours, ramdisk",
    "ours:rd_direct": "ours, ramdisk, submit_type=1",
    "ours:iblock": "ours, iblock on null_blk",
    "ours:iblock_direct": "ours, iblock, submit_type=1",
    "ours:iblock_queued": "ours, iblock, submit_type=2",
    "ours:file_tmpfs": "ours, fileio on tmpfs",
    "ours:file_ext4": "ours, fileio on ext4",
    "ours:tcmu": "ours, TCMU, tcmu-ram",
}

IO_COLUMNS = [
    ("randread.qd1", "4k rd QD1"), ("randread.qd32", "4k rd QD32"),
    ("randwrite.qd1", "4k wr QD1"), ("randwrite.qd32", "4k wr QD32"),
    ("read.1m", "1M read"), ("write.1m", "1M write"),
]

# What each of ours is held against.
BASES = {"ours:rd": "lio:rd", "ours:rd_direct": "lio:rd",
         "ours:iblock": "lio:iblock", "ours:iblock_direct": "lio:iblock"}

# What ours is compared with.
PEERS = {
    "ours:rd": "lio:rd", "ours:rd_direct": "lio:rd",
    "ours:iblock": "lio:iblock", "ours:iblock_direct": "lio:iblock",
    "ours:file_tmpfs": "lio:file_tmpfs", "ours:file_ext4": "lio:file_ext4",
    "ours:tcmu": "lio:tcmu",
}

# What ours may cost, as a part of what another costs.
TARGETS = [
    ("ours:rd", "randread.qd1", 0.70, "lio:rd"), ("ours:rd", "randwrite.qd1", 0.70, "lio:rd"),
    ("ours:rd", "randread.qd32", 0.75, "lio:rd"), ("ours:rd", "randwrite.qd32", 0.75, "lio:rd"),
    ("ours:rd_direct", "randread.qd1", 0.55, "lio:rd"),
    ("ours:rd_direct", "randwrite.qd1", 0.55, "lio:rd"),
    ("ours:iblock", "randread.qd1", 0.65, "lio:iblock"),
    ("ours:iblock", "randwrite.qd1", 0.65, "lio:iblock"),
    ("ours:iblock", "randread.qd32", 0.75, "lio:iblock"),
    ("ours:iblock", "randwrite.qd32", 0.75, "lio:iblock"),
    ("ours:iblock", "randread.qd1", 1.00, "nvme_loop"),
    ("ours:iblock", "randread.qd32", 1.00, "nvme_loop"),
    ("ours:iblock", "read.1m", 1.00, "lio:iblock"), ("ours:iblock", "write.1m", 1.00, "lio:iblock"),
    ("ours:tcmu", "randread.qd1", 0.75, "lio:tcmu"),
    ("ours:tcmu", "randwrite.qd1", 0.75, "lio:tcmu"),
    ("ours:tcmu", "randread.qd32", 0.75, "lio:tcmu"),
    ("ours:tcmu", "randwrite.qd32", 0.75, "lio:tcmu"),
]

STEPS = ["create", "link", "unlink", "destroy"]


def fio_iops(path):
    """I/Os per second over all jobs and directions."""
    with open(path, encoding="utf-8") as file:
        jobs = json.load(file)["jobs"]
    if any(job["error"] for job in jobs):
        raise SystemExit(f"{path}: fio reports an error")
    return sum(job[way]["iops"] for job in jobs for way in ("read", "write"))


def load_fio(raw, table):
    """device -> column -> median IOPS."""
    runs = collections.defaultdict(lambda: collections.defaultdict(list))
    for name in sorted(os.listdir(raw)):
        if name.startswith(table + ".") and name.endswith(".json"):
            device, column = name.split(".", 2)[1], ".".join(name.split(".")[2:-2])
            runs[device][column].append(fio_iops(os.path.join(raw, name)))
    return {device: {column: statistics.median(values) for column, values in columns.items()}
            for device, columns in runs.items()}


def in_order(devices):
    return [device for device in TITLES if device in devices]


def row(title, cells, width=11):
    return f"{title:<42}" + "".join(f"{cell:>{width}}" for cell in cells)


def number(value, digits=0):
    return "-" if value is None else f"{value:,.{digits}f}".replace(",", " ")


class Report:
    def __init__(self):
        self.lines = []
        self.values = []

    def say(self, line=""):
        self.lines.append(line)

    def keep(self, table, device, column, value):
        self.values.append(f"{table}\t{device}\t{column}\t{value:.6g}")

    def write(self, out):
        text = "\n".join(self.lines) + "\n"
        print(text, end="")
        with open(os.path.join(out, "bench.txt"), "w", encoding="utf-8") as file:
            file.write(text)
        with open(os.path.join(out, "bench.tsv"), "w", encoding="utf-8") as file:
            file.write("table\tdevice\tcolumn\tvalue\n" + "\n".join(self.values) + "\n")


def report_io(report, raw, kernel):
    iops = load_fio(raw, "io")
    if not iops:
        return
    cost = {device: {column: 1e9 / value for column, value in columns.items()}
            for device, columns in iops.items()}
    report.say(f"Instructions per I/O on {kernel}, one CPU, fio io_uring O_DIRECT, fio included")
    report.say(row("", [title for _, title in IO_COLUMNS]))
    for device in in_order(cost):
        cells = [cost[device].get(column) for column, _ in IO_COLUMNS]
        report.say(row(TITLES[device], [number(cell) for cell in cells]))
        for column, value in cost[device].items():
            report.keep("io", device, column, value)
    report_ratios(report, cost)
    report.say()


def report_ratios(report, cost):
    for device, peer in PEERS.items():
        if device not in cost or peer not in cost:
            continue
        ratios = {column: cost[device][column] / cost[peer][column] for column, _ in IO_COLUMNS}
        report.say(row(f"ratio to LIO: {TITLES[device]}",
                       [number(ratios[column], 2) for column, _ in IO_COLUMNS]))
        for column, value in ratios.items():
            report.keep("ratio", device, column, value)
    for device, column, target, peer in TARGETS:
        if device in cost and peer in cost:
            ratio = cost[device][column] / cost[peer][column]
            verdict = "met" if ratio <= target else "MISSED"
            report.say(f"  target {TITLES[device]}, {column}: at most {target:.2f} of "
                       f"{TITLES[peer]}, is {ratio:.2f}: {verdict}")


def report_scale(report, raw, kernel):
    iops = load_fio(raw, "scale")
    if not iops:
        return
    report.say(f"Thousand I/Os per second on {kernel}, 4 virtual CPUs, 4 KiB random read, "
               f"wall clock ({os.cpu_count()} CPUs here)")
    report.say(row("", ["QD1 1 job", "4 jobs", "factor", "QD32 1 job", "4 jobs", "factor"]))
    for device in in_order(iops):
        cells = []
        for depth in ("qd1", "qd32"):
            one, four = (iops[device].get(f"{depth}.j{jobs}") for jobs in (1, 4))
            cells += [number(one / 1000, 1), number(four / 1000, 1), number(four / one, 2)]
        report.say(row(TITLES[device], cells))
        for column, value in iops[device].items():
            report.keep("scale", device, column, value)
    report.say()


def load_luns(raw):
    """peer -> {"count": n, "seconds": {step: s}, "memory": {step: KiB}}."""
    peers = {}
    for name in sorted(os.listdir(raw)):
        if not name.startswith("luns."):
            continue
        result = {"seconds": {}, "memory": {}}
        with open(os.path.join(raw, name), encoding="utf-8") as file:
            for words in map(str.split, file):
                if words[0] == "count":
                    result["count"] = int(words[1])
                else:
                    result[words[0]][words[1]] = int(words[2])
        peers[name.split(".")[1]] = result
    return peers


def report_luns(report, raw, kernel):
    peers = load_luns(raw)
    if not peers:
        return
    count = max(result["count"] for result in peers.values())
    report.say(f"{count} ramdisk LUNs on {kernel}, on the instruction clock: seconds per step "
               "until all disks are there or gone; slab and per-CPU memory")
    report.say(row("", ["create s", "link s", "unlink s", "destroy s", "KiB/device",
                        "KiB/LUN", "KiB left"]))
    for peer in ("lio", "ours"):
        if peer not in peers:
            continue
        result, memory = peers[peer], peers[peer]["memory"]
        seconds = [result["seconds"][step] / 1000 for step in STEPS]
        per_device = (memory["create"] - memory["start"]) / result["count"]
        per_lun = (memory["link"] - memory["start"]) / result["count"]
        left = memory["destroy"] - memory["start"]
        report.say(row("LIO" if peer == "lio" else "ours",
                       [number(value, 1) for value in seconds + [per_device, per_lun]]
                       + [number(left)]))
        for step, value in zip(STEPS, seconds):
            report.keep("luns", peer, f"{step}.seconds", value)
        report.keep("luns", peer, "device.kib", per_device)
        report.keep("luns", peer, "lun.kib", per_lun)
        report.keep("luns", peer, "left.kib", left)
    report.say()


def main():
    raw, kernel, out = sys.argv[1:]
    report = Report()
    report_io(report, raw, kernel)
    report_scale(report, raw, kernel)
    report_luns(report, raw, kernel)
    report.say(f"numbers: {out}/bench.tsv; all of fio's: {out}/raw/")
    report.write(out)


if __name__ == "__main__":
    main()
