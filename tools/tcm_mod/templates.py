# SPDX-License-Identifier: GPL-2.0-only
"""The files of a fabric."""

# @m@ is the module, @M@ the same in capitals, @f@ the directory under target/ and the
# prefix of names, @F@ that in capitals.

BASE_H = """\
/* SPDX-License-Identifier: GPL-2.0-only */
/* The objects of a fabric of @what@. */
#ifndef @M@_BASE_H
#define @M@_BASE_H

@base_includes@#include <scsi/scsi_proto.h>
#include <target/target_core_fabric.h>

@defines@/**
 * struct @f@_target - a target: target/@f@/<name>/
 * @wwn: the core's part
 * @name: its name, as its directory is called
 */
struct @f@_target {
	struct se_wwn		wwn;
	char			name[TRANSPORT_IQN_LEN];
};

/**
 * struct @f@_port - a target port: target/@f@/<name>/tpgt_<tag>/
 * @tpg: the core's part
 * @target: the target it belongs to
 * @tag: its number
@port_doc@ */
struct @f@_port {
	struct se_portal_group	tpg;
	struct @f@_target	*target;
	u16			tag;
@port_fields@};
@data_struct@
static inline struct @f@_target *@f@_target_of(struct se_wwn *wwn)
{
	return container_of(wwn, struct @f@_target, wwn);
}

static inline struct @f@_port *@f@_port_of(struct se_portal_group *tpg)
{
	return container_of(tpg, struct @f@_port, tpg);
}

#endif /* @M@_BASE_H */
"""

FABRIC_H = """\
/* SPDX-License-Identifier: GPL-2.0-only */
/* The hooks of the fabric that are not about directories. */
#ifndef @M@_FABRIC_H
#define @M@_FABRIC_H

#include "@m@_base.h"

/* @m@_fabric.c */
bool @f@_name_is_valid(const char *name);
@fabric_prototypes@@data_prototypes@
#endif /* @M@_FABRIC_H */
"""

FABRIC_C = """\
// SPDX-License-Identifier: GPL-2.0-only
/* Names of ports, and hooks that have nothing to do yet. */
@fabric_includes@#include "@m@_fabric.h"

@name_check@
@fabric_functions@"""

NAME_CHECK = {
    "digits": """\
/*
 * The names of ports of @what@. One spelling for each, as two would be
 * two directories@transport_id@.
 */
bool @f@_name_is_valid(const char *name)
{
@skip_prefix@	return strlen(name) == @F@_NAME_DIGITS &&
	       strspn(name, "0123456789abcdef") == @F@_NAME_DIGITS;
}
""",
    "number": """\
/* The SCSI address of a port. One spelling for each, as two would be two directories. */
bool @f@_name_is_valid(const char *name)
{
	u8 address;

	if (!isdigit(name[0]) || (name[0] == '0' && name[1]))
		return false;
	return !kstrtou8(name, 10, &address) && address <= @F@_ADDRESS_MAX;
}
""",
    "iscsi": """\
/*
 * An iSCSI name (RFC 7143 4.2.7) in the form it has on the wire, which has no capitals.
 * The core makes the TransportID of it, and of the ISID.
 */
bool @f@_name_is_valid(const char *name)
{
	static const char * const types[] = { "iqn.", "eui.", "naa." };
	size_t len = strlen(name);
	unsigned int i;

	if (len >= TRANSPORT_IQN_LEN)
		return false;
	if (strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-.:") != len)
		return false;
	for (i = 0; i < ARRAY_SIZE(types); i++)
		if (!strncmp(name, types[i], 4))
			return name[4];
	return false;
}
""",
}

SKIP_PREFIX = """\
	size_t len = str_has_prefix(name, @F@_NAME_PREFIX);

	if (!len)
		return false;
	name += len;
"""

NAME_INCLUDES = {
    "digits": "#include <linux/string.h>\n",
    "number": "#include <linux/ctype.h>\n#include <linux/kstrtox.h>\n",
    "iscsi": "#include <linux/kernel.h>\n#include <linux/string.h>\n",
}

# The hooks that have something to do in a new fabric, by the file they stand in.
FABRIC_BODIES = {
    "tpg_get_wwn": "\treturn @f@_port_of(tpg)->target->name;\n",
    "tpg_get_tag": "\treturn @f@_port_of(tpg)->tag;\n",
    "fabric_init_nodeacl": "\treturn @f@_name_is_valid(name) ? 0 : -EINVAL;\n",
}

ISCSI_BODIES = {
    "sess_get_initiator_sid":
        '\treturn scnprintf(buf, size, "%012llx", sess->sess_bin_isid);\n',
}

# What a hook without a task returns.
NOTHING = {"void": "", "int": "\treturn 0;\n", "u16": "\treturn 0;\n", "u32": "\treturn 0;\n"}

CONFIGFS_BODIES = {
    "fabric_make_wwn": """\
	struct @f@_target *target;

	if (!@f@_name_is_valid(name))
		return ERR_PTR(-EINVAL);
	target = kzalloc(sizeof(*target), GFP_KERNEL);
	if (!target)
		return ERR_PTR(-ENOMEM);
	strscpy(target->name, name, sizeof(target->name));
	return &target->wwn;
""",
    "fabric_drop_wwn": "\tkfree(@f@_target_of(wwn));\n",
    "fabric_make_tpg": """\
	struct @f@_port *port;
	u16 tag;
	int err;

	err = @f@_parse_tpgt(name, &tag);
	if (err)
		return ERR_PTR(err);
	port = kzalloc(sizeof(*port), GFP_KERNEL);
	if (!port)
		return ERR_PTR(-ENOMEM);
	port->target = @f@_target_of(wwn);
	port->tag = tag;
	err = core_tpg_register(wwn, &port->tpg, @proto@);
	if (err)
		goto out_free;
@data_open@	return &port->tpg;

@data_undo@out_free:
	kfree(port);
	return ERR_PTR(err);
""",
    "fabric_drop_tpg": """\
	struct @f@_port *port = @f@_port_of(tpg);

@data_close@	core_tpg_deregister(tpg);
	kfree(port);
""",
}

CONFIGFS_C = """\
// SPDX-License-Identifier: GPL-2.0-only
/* The module, its directories, and what the core knows of it. */
#include <linux/err.h>
#include <linux/kstrtox.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "@m@_fabric.h"

/* Two spellings of one number would be two directories. */
static int @f@_parse_tpgt(const char *name, u16 *tag)
{
	size_t len = str_has_prefix(name, "tpgt_");
	const char *digits = name + len;

	if (!len || *digits == '+' || (*digits == '0' && digits[1]))
		return -EINVAL;
	return kstrtou16(digits, 10, tag) ? -EINVAL : 0;
}

@configfs_functions@static ssize_t @f@_version_show(struct config_item *item, char *page)
{
	return sysfs_emit(page, "@m@ fabric module %s\\n", TCM_VERSION);
}

CONFIGFS_ATTR_RO(@f@_, version);

static struct configfs_attribute *@f@_wwn_attrs[] = {
	&@f@_attr_version,
	NULL,
};

@left_out@
static const struct target_core_fabric_ops @f@_ops = {
	.module			= THIS_MODULE,
	.fabric_name		= "@f@",
@ops@	.tfc_wwn_attrs		= @f@_wwn_attrs,
@data_ops@};

static int __init @f@_init(void)
{
@init@}

static void __exit @f@_exit(void)
{
	target_unregister_template(&@f@_ops);
@exit@}

MODULE_DESCRIPTION("Target fabric of @what@");
MODULE_LICENSE("GPL");
MODULE_VERSION(TCM_VERSION);
MODULE_ALIAS("target-fabric-@f@");
module_init(@f@_init);
module_exit(@f@_exit);
"""

KBUILD = """\
# SPDX-License-Identifier: GPL-2.0-only
# Read by the Kbuild at the top, which has the flags and the answers of the probes.
obj-$(if $(KBUILD_EXTMOD),m,$(CONFIG_@M@)) += @m@.o

@m@-y := @objects@

$(addprefix $(obj)/,$(@m@-y)): $(tcm_answers)
"""

KCONFIG = """\
# SPDX-License-Identifier: GPL-2.0-only
config @M@
	tristate "@M@ fabric module"
	depends on TARGET_CORE
	help
	  A fabric of @what@ for the SCSI target core: its targets
	  are below /sys/kernel/config/target/@f@. The module is called
	  @m@.
"""
