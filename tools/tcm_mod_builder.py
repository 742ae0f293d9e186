#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Writes a new fabric: a module that builds, loads and has its tree under
/sys/kernel/config/target at once, and into which the transport is then written.

usage: tools/tcm_mod_builder.py -p PROTOCOL -m tcm_NAME [--data-path] [--yes | --no]

Hooks and what is said of them come from struct target_core_fabric_ops of this tree.
"""
import argparse
import os
import re
import shutil
import sys
import tempfile

sys.dont_write_bytecode = True  # nothing is left in a tree that is not asked for

# pylint: disable=wrong-import-position
from tcm_mod.fabric import Fabric, fabric_name  # noqa: E402
from tcm_mod.header import OPS_HEADER, Refused, scan_fabric_ops  # noqa: E402
from tcm_mod.protocols import NAMING, PROTOCOLS  # noqa: E402

TOP = os.path.realpath(os.path.join(os.path.dirname(os.path.realpath(__file__)), ".."))
NAME_MAX = 24   # keeps the longest line of the templates within WIDTH

# Directories under target/ and modules that belong to others.
TAKEN_FABRICS = {
    "core", "loopback", "iscsi", "fc", "qla2xxx", "sbp", "srpt", "usb_gadget", "vhost",
    "xen_pvscsi", "xen_scsiback", "remote", "efct", "ibmvscsis",
}
TAKEN_MODULES = {
    "tcm_fc", "tcm_loop", "tcm_qla2xxx", "tcm_remote", "tcm_usb_gadget", "tcm_vhost",
    "target_core_mod", "target_core_user", "iscsi_target_mod", "sbp_target", "ib_srpt",
}


# --- what is refused ---------------------------------------------------------------


def find_protocol(name):
    for protocol in PROTOCOLS:
        if protocol.name.lower() == name.lower():
            return protocol
    raise Refused(f"unknown protocol {name!r}: one of "
                  + ", ".join(protocol.name for protocol in PROTOCOLS))


def modules_of_tree(tree):
    """The modules that this tree makes, and the directories they answer for."""
    modules, fabrics = set(), set()
    with open(os.path.join(tree, "Kbuild"), encoding="utf-8") as file:
        modules.update(re.findall(r"\+= (\w+)\.o$", file.read(), re.M))
    for directory, _, names in os.walk(os.path.join(tree, "fabrics")):
        for name in names:
            if name.endswith(".c"):
                with open(os.path.join(directory, name), encoding="utf-8") as file:
                    fabrics.update(re.findall(r'"target-fabric-(\w+)"', file.read()))
    return modules, fabrics


def modules_of_kernel():
    """The running kernel's own, as far as it says so; not those installed beside them."""
    release = os.path.join("/lib/modules", os.uname().release)
    modules = set()
    for name in ("modules.order", "modules.builtin"):
        try:
            with open(os.path.join(release, name), encoding="utf-8") as file:
                lines = file.read().split()
        except OSError:
            continue
        modules.update(re.sub(r"\.ko.*|\.o$", "", os.path.basename(line)).replace("-", "_")
                       for line in lines if line.startswith("kernel/"))
    return modules


def check_name(module, tree):
    if not re.fullmatch(r"[a-z][a-z0-9_]*", module) or module.endswith("_"):
        raise Refused(f"bad module name {module!r}: small letters, digits and underscores, "
                      "a letter first, no underscore last")
    if len(module) > NAME_MAX:
        raise Refused(f"bad module name {module!r}: longer than {NAME_MAX} characters")
    fabric = fabric_name(module)
    if not re.match(r"[a-z]", fabric):
        raise Refused(f"bad module name {module!r}: {fabric!r}, which names of C would "
                      "start with, does not start with a letter")
    modules, fabrics = modules_of_tree(tree)
    if module in modules | TAKEN_MODULES | modules_of_kernel():
        raise Refused(f"there is a module {module!r} already")
    if fabric in fabrics | TAKEN_FABRICS:
        raise Refused(f"the directory target/{fabric} belongs to another module")


def check_place(tree, directory):
    if not os.path.isfile(os.path.join(tree, OPS_HEADER)):
        raise Refused(f"{tree} is no tree of tcm-next: no {OPS_HEADER}")
    if os.path.lexists(directory):
        raise Refused(f"{directory} exists already")


# --- writing ------------------------------------------------------------------------


def write_files(directory, files):
    """All of them, or none."""
    parent = os.path.dirname(directory)
    made = tempfile.mkdtemp(prefix=".", dir=parent)
    try:
        for name, text in files:
            path = os.path.join(directory, name)
            print(f"Writing file:\n{path}")
            with open(os.path.join(made, name), "w", encoding="utf-8") as file:
                file.write(text)
        os.chmod(made, 0o755)
        os.rename(made, directory)
    except OSError:
        shutil.rmtree(made)
        raise


def agreed(question, answer):
    """The answer of the command line, or the user's; who cannot say yes says no."""
    prompt = f"{question} [yes,no]: "
    if answer is not None:
        print(prompt + ("yes" if answer else "no"))
        return answer
    try:
        return input(prompt).strip().lower() in ("yes", "y")
    except EOFError:
        print()
        return False


def add_line(tree, name, line, module, answer):
    path = os.path.join(tree, name)
    with open(path, encoding="utf-8") as file:
        text = file.read()
    if line in text.splitlines():
        print(f"{module} is in {name}")
        return
    if agreed(f"Would you like to add {module} to {name}..?", answer):
        with open(path, "a", encoding="utf-8") as file:
            file.write(f"\n{line}\n")


def build(options):
    tree = os.path.realpath(options.tree)
    directory = os.path.join(tree, "fabrics", options.module)
    protocol = find_protocol(options.protocol)
    check_place(tree, directory)
    check_name(options.module, tree)
    header = os.path.join(tree, OPS_HEADER)
    with open(header, encoding="utf-8") as file:
        hooks = scan_fabric_ops(file.read())
    files = Fabric(options.module, protocol, hooks, options.data_path).files()

    print(f"tcm_dir: {tree}")
    print(f"Set fabric_mod_name: {options.module}")
    print(f"Set fabric_mod_dir:\n{directory}")
    print(f"Using proto_ident: {protocol.name}")
    print(f"Using tcm_mod_scan_fabric_ops:\n{header}")
    print(f"Creating fabric_mod_dir:\n{directory}")
    write_files(directory, files)
    add_line(tree, "Kbuild", f"include $(tcm_root)/fabrics/{options.module}/Kbuild",
             options.module, options.answer)
    add_line(tree, "Kconfig", f'source "fabrics/{options.module}/Kconfig"',
             options.module, options.answer)


def show_protocols():
    for protocol in PROTOCOLS:
        naming = NAMING[protocol.kind()].format(**vars(protocol))
        print(f"{protocol.name:6} {protocol.value:x}h  {protocol.what}: {naming}; "
              f"as {protocol.example(1)}")


def parse_options():
    parser = argparse.ArgumentParser(
        description="Writes a new fabric into fabrics/ of a tcm-next tree.")
    parser.add_argument("-p", "--protocol", metavar="PROTO", help="its T10 protocol")
    parser.add_argument("-m", "--module", metavar="NAME",
                        help="its module; without tcm_, its directory under target/")
    parser.add_argument("--data-path", action="store_true",
                        help="with a file in debugfs that sends commands to its units")
    parser.add_argument("--tree", metavar="DIR", default=TOP, help="another tree than this one")
    parser.add_argument("--yes", dest="answer", action="store_const", const=True,
                        help="answer the questions with yes")
    parser.add_argument("--no", dest="answer", action="store_const", const=False,
                        help="answer the questions with no")
    parser.add_argument("--list", action="store_true", help="list the protocols")
    options = parser.parse_args()
    if not options.list and not (options.protocol and options.module):
        parser.error("-p and -m are needed")
    return options


def main():
    options = parse_options()
    if options.list:
        show_protocols()
        return
    try:
        build(options)
    except (Refused, OSError) as reason:
        sys.exit(f"tcm_mod_builder: {reason}")


if __name__ == "__main__":
    main()
