# SPDX-License-Identifier: GPL-2.0-only
"""One new fabric, as text."""
import re

from .data_path import (DATA_BODIES, DATA_C, DATA_DEFINES, DATA_PORT_DOC, DATA_PORT_FIELDS,
                        DATA_PROTOTYPES, DATA_STRUCT)
from .templates import (BASE_H, CONFIGFS_BODIES, CONFIGFS_C, FABRIC_BODIES, FABRIC_C, FABRIC_H,
                        ISCSI_BODIES, KBUILD, KCONFIG, NAME_CHECK, NAME_INCLUDES, NOTHING,
                        SKIP_PREFIX)
from .text import align, comment, fold, pad, plain, wrap


def fabric_name(module):
    """The directory under target/: without the prefix that modules have."""
    return re.sub(r"^tcm_", "", module)


class Fabric:
    """One new fabric: takes what the header says and makes the text of its files."""

    def __init__(self, module, protocol, hooks, data_path):
        self.module, self.protocol, self.hooks, self.data_path = module, protocol, hooks, data_path
        self.tokens = {
            "m": module, "M": module.upper(), "f": fabric_name(module),
            "F": fabric_name(module).upper(), "what": protocol.what,
            "example": protocol.example(1), "initiator": protocol.example(2),
            "proto": protocol.define or fabric_name(module).upper() + "_PROTOCOL",
        }
        self.bodies = dict(FABRIC_BODIES)
        if protocol.kind() == "iscsi":
            self.bodies.update(ISCSI_BODIES)

    def fill(self, text, **more):
        """Tokens of more may have tokens of their own."""
        for name, value in {**more, **self.tokens}.items():
            text = text.replace(f"@{name}@", value)
        return fold(text)

    def place(self, hook):
        """The file that defines a hook, None if it is left out."""
        if hook.name in CONFIGFS_BODIES:
            return "configfs"
        if self.data_path and hook.name in DATA_BODIES:
            return "data"
        return "fabric" if hook.name in self.bodies or hook.required() else None

    def body(self, hook):
        own = CONFIGFS_BODIES.get(hook.name) or self.bodies.get(hook.name)
        if self.place(hook) == "data":
            own = DATA_BODIES[hook.name]
        if own is not None:
            return own
        return NOTHING.get(hook.result, "\treturn NULL;\n")

    def functions(self, place):
        static = "static " if place == "configfs" else ""
        return "".join(
            f"{comment(hook.doc)}{static}{hook.signature(self.tokens)}\n{{\n{self.body(hook)}}}\n\n"
            for hook in self.hooks if self.place(hook) == place)

    def prototypes(self, place):
        return "".join(f"{hook.signature(self.tokens)};\n"
                       for hook in self.hooks if self.place(hook) == place)

    def ops(self):
        lines = []
        for hook in self.hooks:
            if self.place(hook):
                lines.append(f"\t{pad('.' + hook.name, 24)}= {hook.function(self.tokens)},\n")
        return "".join(lines)

    def left_out(self):
        text = "/*\n * What else a fabric can offer, and what it is without:\n"
        for hook in self.hooks:
            if not self.place(hook):
                text += " *\n" + wrap(hook.pointer(), " * ", " *\t") + "\n"
                text += wrap(plain(hook.doc), " *\t", " *\t") + "\n"
        return text + " */"

    def naming(self):
        protocol, kind = self.protocol, self.protocol.kind()
        if kind == "digits":
            prefix = f"#define @F@_NAME_PREFIX\t\"{protocol.prefix}\"\n" if protocol.prefix else ""
            return prefix + f"#define @F@_NAME_DIGITS\t{protocol.digits}\n"
        return f"#define @F@_ADDRESS_MAX\t{protocol.number}\n" if kind == "number" else ""

    def defines(self):
        parts = [self.naming(), DATA_DEFINES if self.data_path else ""]
        if not self.protocol.define:
            parts.insert(0, "/* PROTOCOL IDENTIFIER (SPC-6 7.6.1), which the kernel has no name "
                            f"for */\n#define @F@_PROTOCOL\t0x{self.protocol.value:02x}\n")
        return "".join(part + "\n" for part in parts if part)

    def base_h(self):
        data = self.data_path
        return align(self.fill(
            BASE_H, defines=self.defines(),
            base_includes="#include <linux/completion.h>\n#include <linux/mutex.h>\n"
                          "#include <linux/scatterlist.h>\n#include <linux/types.h>\n" if data
            else "#include <linux/types.h>\n",
            port_doc=DATA_PORT_DOC if data else "",
            port_fields=DATA_PORT_FIELDS if data else "",
            data_struct=DATA_STRUCT if data else ""))

    def fabric_h(self):
        return self.fill(FABRIC_H, fabric_prototypes=self.prototypes("fabric"),
                         data_prototypes=DATA_PROTOTYPES if self.data_path else "",
                         data_hook_prototypes=self.prototypes("data"))

    def fabric_c(self):
        kind = self.protocol.kind()
        of_core = ", and as the core\n * makes the TransportID of it" \
            if self.protocol.name in ("FCP", "SBP", "SRP", "SAS") else ""
        return self.fill(FABRIC_C, name_check=NAME_CHECK[kind], transport_id=of_core,
                         skip_prefix=SKIP_PREFIX if self.protocol.prefix else "",
                         fabric_includes=NAME_INCLUDES[kind],
                         fabric_functions=self.functions("fabric")).rstrip("\n") + "\n"

    def configfs_c(self):
        data = self.data_path
        return self.fill(
            CONFIGFS_C, configfs_functions=self.functions("configfs"),
            ops=self.ops(), left_out=self.left_out(),
            data_open="\terr = @f@_data_open(port);\n\tif (err)\n\t\tgoto out_deregister;\n"
            if data else "",
            data_undo="out_deregister:\n\tcore_tpg_deregister(&port->tpg);\n" if data else "",
            data_close="\t@f@_data_close(port);\n" if data else "",
            data_ops="\t.default_submit_type\t= TARGET_DIRECT_SUBMIT,\n" if data else "",
            init="\tint err;\n\n\t@f@_data_init();\n\terr = target_register_template(&@f@_ops);\n"
                 "\tif (err)\n\t\t@f@_data_exit();\n\treturn err;\n" if data else
                 "\treturn target_register_template(&@f@_ops);\n",
            exit="\t@f@_data_exit();\n" if data else "")

    def data_c(self):
        return self.fill(DATA_C, data_functions=self.functions("data"))

    def kbuild(self):
        parts = ["fabric", "configfs"] + ["data"] * self.data_path
        return self.fill(KBUILD, objects=" \\\n\t".join(
            f"fabrics/@m@/@m@_{part}.o" for part in parts))

    def files(self):
        """Name and text of each, in the order of the howto."""
        files = [("base.h", self.base_h()), ("fabric.c", self.fabric_c()),
                 ("fabric.h", self.fabric_h()), ("configfs.c", self.configfs_c())]
        if self.data_path:
            files.append(("data.c", self.data_c()))
        files = [(f"{self.module}_{name}", text) for name, text in files]
        return files + [("Kbuild", self.kbuild()), ("Kconfig", self.fill(KCONFIG))]
