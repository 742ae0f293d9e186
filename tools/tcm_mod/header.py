# SPDX-License-Identifier: GPL-2.0-only
"""The hooks of a fabric, as the header declares and describes them."""
import re

OPS_HEADER = "include/target/target_core_fabric.h"


class Refused(Exception):
    """What was asked for cannot be done; nothing has been written."""


class Hook:
    """A function pointer of the struct: its parts, and its kernel-doc."""

    def __init__(self, result, name, arguments, doc):
        self.result, self.name, self.arguments, self.doc = result, name, arguments, doc

    def required(self):
        return bool(re.search(r"\bRequired\b", self.doc))

    def function(self, tokens):
        """What the function of the fabric is called."""
        return tokens["f"] + "_" + re.sub(r"^fabric_", "", self.name)

    def signature(self, tokens):
        space = "" if self.result.endswith("*") else " "
        return f"{self.result}{space}{self.function(tokens)}({self.arguments})"

    def pointer(self):
        space = "" if self.result.endswith("*") else " "
        return f"{self.result}{space}(*{self.name})({self.arguments})"


def scan_fabric_ops(text):
    """The hooks of struct target_core_fabric_ops, in its order."""
    found = re.search(r"/\*\*\n \* struct target_core_fabric_ops\b(.*?)\*/\n"
                      r"struct target_core_fabric_ops \{(.*?)\n\};", text, re.S)
    if not found:
        raise Refused(f"{OPS_HEADER} has no struct target_core_fabric_ops with kernel-doc")
    lines = re.sub(r"^ \*[ \t]?", "", found.group(1), flags=re.M)
    docs = {name: " ".join(words.split()) for name, words in
            re.findall(r"^@(\w+):(.*?)(?=^@\w+:|\Z)", lines, re.S | re.M)}
    hooks = []
    for declaration in found.group(2).split(";"):
        match = re.fullmatch(r"(.+?)\s*\(\*(\w+)\)\((.*)\)", " ".join(declaration.split()))
        if match:
            hooks.append(Hook(*match.groups(), docs.get(match.group(2), "")))
    if not hooks:
        raise Refused(f"{OPS_HEADER}: struct target_core_fabric_ops has no function pointers")
    return hooks
