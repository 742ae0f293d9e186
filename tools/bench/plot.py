#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Draws what tools/bench/run measured, as SVG.

usage: plot.py OUT bench.tsv...
OUT gets io-4k.svg, io-1m.svg, scale.svg and luns.svg, of the tables that the files have.
"""
import collections
import html
import os
import sys

import report

BAR, GAP, LABEL, WIDTH, HEAD = 15, 10, 290, 860, 62
COLOURS = ["#33658a", "#86bbd8", "#758e4f", "#f6ae2d"]

CHARTS = [
    # file, title, table, (column, legend)..., unit
    ("io-4k", "Instructions per 4 KiB read (less is better)", "io",
     [("randread.qd1", "queue depth 1"), ("randread.qd32", "queue depth 32")]),
    ("io-1m", "Instructions per 1 MiB (less is better)", "io",
     [("read.1m", "read"), ("write.1m", "write")]),
    ("scale", "4 KiB random reads per second, 4 virtual CPUs (more is better)", "scale",
     [("qd1.j1", "depth 1, 1 job"), ("qd1.j4", "depth 1, 4 jobs"),
      ("qd32.j1", "depth 32, 1 job"), ("qd32.j4", "depth 32, 4 jobs")]),
    ("luns", "Seconds for all LUNs (less is better)", "luns",
     [(f"{step}.seconds", step) for step in report.STEPS]),
]
NAMES = {**report.TITLES, "lio": "LIO", "ours": "ours"}


def load(paths):
    """table -> device -> column -> value."""
    tables = collections.defaultdict(lambda: collections.defaultdict(dict))
    for path in paths:
        with open(path, encoding="utf-8") as file:
            for line in file.read().splitlines()[1:]:
                table, device, column, value = line.split("\t")
                tables[table][device][column] = float(value)
    return tables


def text(x, y, words, anchor="start", size=12):
    return (f'<text x="{x:.0f}" y="{y:.0f}" text-anchor="{anchor}" font-size="{size}">'
            f"{html.escape(words)}</text>")


def legend(columns):
    x = LABEL
    for (_, words), colour in zip(columns, COLOURS):
        yield f'<rect x="{x}" y="32" width="12" height="12" fill="{colour}"/>'
        yield text(x + 17, 43, words)
        x += 30 + 7 * len(words)


def bars(devices, columns, top):
    y = HEAD
    for device, values in devices:
        height = BAR * len(columns)
        yield text(LABEL - 8, y + height / 2 + 4, NAMES[device], "end")
        for (column, _), colour in zip(columns, COLOURS):
            value = values.get(column, 0)
            length = (WIDTH - LABEL - 90) * value / top
            yield f'<rect x="{LABEL}" y="{y}" width="{length:.1f}" height="{BAR - 2}" fill="{colour}"/>'
            digits = 0 if value >= 100 else 1
            yield text(LABEL + length + 5, y + BAR - 4, report.number(value, digits), size=11)
            y += BAR
        y += GAP


def chart(title, table, columns):
    devices = [(name, table[name]) for name in NAMES if name in table]
    top = max(max(values.get(column, 0) for column, _ in columns) for _, values in devices)
    height = HEAD + len(devices) * (BAR * len(columns) + GAP)
    parts = [text(8, 20, title, size=15), *legend(columns), *bars(devices, columns, top or 1)]
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
            f'width="{WIDTH}" height="{height}" font-family="sans-serif">\n'
            f'<rect width="{WIDTH}" height="{height}" fill="white"/>\n'
            + "\n".join(parts) + "\n</svg>\n")


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    out, tables = sys.argv[1], load(sys.argv[2:])
    os.makedirs(out, exist_ok=True)
    for name, title, table, columns in CHARTS:
        if tables[table]:
            with open(os.path.join(out, name + ".svg"), "w", encoding="utf-8") as file:
                file.write(chart(title, tables[table], columns))


main()
