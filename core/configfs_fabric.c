// SPDX-License-Identifier: GPL-2.0-only
/* target/<fabric>: targets, target port groups, portals. */
#include <linux/cpumask.h>
#include <linux/kstrtox.h>
#include <linux/slab.h>
#include "configfs.h"
#include "fabric.h"
#include "tpg.h"

static struct se_wwn *item_to_wwn(struct config_item *item)
{
	return container_of(to_config_group(item), struct se_wwn, wwn_group);
}

const struct target_core_fabric_ops *target_wwn_ops(struct se_wwn *wwn)
{
	return wwn->wwn_tf->tfo;
}

/* --- <fabric>/<wwn>/<tpgt>/np/<portal> --------------------------------------------------- */

static struct config_group *target_np_make_group(struct config_group *group, const char *name)
{
	struct se_portal_group *tpg = container_of(group, struct se_portal_group, tpg_np_group);
	struct target_fabric_configfs *tf = tpg->se_tpg_wwn->wwn_tf;
	struct se_tpg_np *np;
	int err;

	if (!tf->tfo->fabric_make_np)
		return ERR_PTR(-ENOSYS);
	np = tf->tfo->fabric_make_np(tpg, group, name);
	if (IS_ERR_OR_NULL(np))
		return np ? ERR_CAST(np) : ERR_PTR(-EINVAL);
	np->tpg_np_parent = tpg;
	err = target_dir_init(&np->tpg_np_group, name, &tf->np_type);
	if (err) {
		tf->tfo->fabric_drop_np(np);
		return ERR_PTR(err);
	}
	return &np->tpg_np_group;
}

static void target_np_release(struct config_item *item)
{
	struct se_tpg_np *np = to_tpg_np(item);

	np->tpg_np_parent->se_tpg_tfo->fabric_drop_np(np);
}

static configfs_ops_const struct configfs_item_operations target_np_item_ops = {
	.release	= target_np_release,
};

static void target_dir_drop_item(struct config_group *group, struct config_item *item)
{
	config_item_put(item);
}

static configfs_ops_const struct configfs_group_operations target_np_dir_group_ops = {
	.make_group	= target_np_make_group,
	.drop_item	= target_dir_drop_item,
};

static const struct config_item_type target_np_dir_type = {
	.ct_owner	= THIS_MODULE,
	.ct_group_ops	= &target_np_dir_group_ops,
};

/* --- <fabric>/<wwn>/<tpgt> --------------------------------------------------------------- */

static ssize_t target_tpg_rtpi_show(struct config_item *item, char *page)
{
	return scnprintf(page, PAGE_SIZE, "%#x\n", to_tpg(item)->tpg_rtpi);
}

static ssize_t target_tpg_rtpi_store(struct config_item *item, const char *page, size_t count)
{
	struct se_portal_group *tpg = to_tpg(item);
	u16 rtpi;
	int err;

	err = kstrtou16(page, 0, &rtpi);
	if (err)
		return err;
	if (tpg->enabled)
		return -EINVAL;
	err = target_tpg_set_rtpi(tpg, rtpi);
	return err ?: count;
}

static DEFINE_MUTEX(target_tpg_enable_mutex);	/* changes of se_portal_group::enabled */

static ssize_t target_tpg_enable_show(struct config_item *item, char *page)
{
	return scnprintf(page, PAGE_SIZE, "%d\n", to_tpg(item)->enabled);
}

static ssize_t target_tpg_enable_store(struct config_item *item, const char *page, size_t count)
{
	struct se_portal_group *tpg = to_tpg(item);
	bool enable;
	int err;

	err = kstrtobool(page, &enable);
	if (err)
		return err;
	guard(mutex)(&target_tpg_enable_mutex);
	if (tpg->enabled == enable)
		return count;
	err = tpg->se_tpg_tfo->fabric_enable_tpg(tpg, enable);
	if (err)
		return err;
	tpg->enabled = enable;
	return count;
}

CONFIGFS_ATTR(target_tpg_, rtpi);
CONFIGFS_ATTR(target_tpg_, enable);

static void target_tpg_release(struct config_item *item)
{
	struct se_portal_group *tpg = to_tpg(item);

	tpg->se_tpg_tfo->fabric_drop_tpg(tpg);
}

static configfs_ops_const struct configfs_item_operations target_tpg_item_ops = {
	.release	= target_tpg_release,
};

static void target_tpg_fill(struct se_portal_group *tpg, struct target_fabric_configfs *tf)
{
	struct config_group *group = &tpg->tpg_group;

	target_dir_add(group, &tpg->tpg_lun_group, "lun", &target_lun_dir_type);
	target_dir_add(group, &tpg->tpg_np_group, "np", &target_np_dir_type);
	target_dir_add(group, &tpg->tpg_acl_group, "acls", &target_acl_dir_type);
	target_dir_add(group, &tpg->tpg_attrib_group, "attrib", &tf->tpg_attrib_type);
	target_dir_add(group, &tpg->tpg_auth_group, "auth", &tf->tpg_auth_type);
	target_dir_add(group, &tpg->tpg_param_group, "param", &tf->tpg_param_type);
}

/* --- <fabric>/<wwn> ---------------------------------------------------------------------- */

static struct se_wwn *param_to_wwn(struct config_item *item)
{
	return container_of(to_config_group(item), struct se_wwn, param_group);
}

static ssize_t target_wwn_cmd_completion_affinity_show(struct config_item *item, char *page)
{
	return scnprintf(page, PAGE_SIZE, "%d\n",
			 READ_ONCE(param_to_wwn(item)->cmd_compl_affinity));
}

static ssize_t target_wwn_cmd_completion_affinity_store(struct config_item *item,
							const char *page, size_t count)
{
	int cpu;
	int err;

	err = kstrtoint(page, 0, &cpu);
	if (err)
		return err;
	if (cpu != SE_COMPL_AFFINITY_CPUID && cpu != SE_COMPL_AFFINITY_CURR_CPU &&
	    (cpu < 0 || cpu >= nr_cpu_ids || !cpu_online(cpu)))
		return -EINVAL;
	WRITE_ONCE(param_to_wwn(item)->cmd_compl_affinity, cpu);
	return count;
}

CONFIGFS_ATTR(target_wwn_, cmd_completion_affinity);

/* What the fabric does and can do. */
#define TARGET_WWN_PARAM(name, field)							\
static ssize_t target_wwn_##name##_show(struct config_item *item, char *page)		\
{											\
	return scnprintf(page, PAGE_SIZE, "%u\n",					\
			 target_wwn_ops(param_to_wwn(item))->field);			\
}											\
CONFIGFS_ATTR_RO(target_wwn_, name)

TARGET_WWN_PARAM(default_submit_type, default_submit_type);
TARGET_WWN_PARAM(direct_submit_supported, direct_submit_supp);
TARGET_WWN_PARAM(default_complete_type, default_compl_type);
TARGET_WWN_PARAM(direct_complete_supported, direct_compl_supp);

static struct configfs_attribute *target_wwn_param_attrs[] = {
	&target_wwn_attr_cmd_completion_affinity,
	&target_wwn_attr_default_submit_type,
	&target_wwn_attr_direct_submit_supported,
	&target_wwn_attr_default_complete_type,
	&target_wwn_attr_direct_complete_supported,
	NULL,
};

static const struct config_item_type target_wwn_param_type = {
	.ct_owner	= THIS_MODULE,
	.ct_attrs	= target_wwn_param_attrs,
};

static struct config_group *target_wwn_make_group(struct config_group *group, const char *name)
{
	struct se_wwn *wwn = item_to_wwn(&group->cg_item);
	struct target_fabric_configfs *tf = wwn->wwn_tf;
	struct se_portal_group *tpg = tf->tfo->fabric_make_tpg(wwn, name);
	int err;

	if (IS_ERR_OR_NULL(tpg))
		return tpg ? ERR_CAST(tpg) : ERR_PTR(-EINVAL);
	err = target_dir_init(&tpg->tpg_group, name, &tf->tpg_type);
	if (err) {
		tf->tfo->fabric_drop_tpg(tpg);
		return ERR_PTR(err);
	}
	target_tpg_fill(tpg, tf);
	return &tpg->tpg_group;
}

static void target_wwn_drop_item(struct config_group *group, struct config_item *item)
{
	configfs_remove_default_groups(&to_tpg(item)->tpg_group);
	config_item_put(item);
}

static void target_wwn_release(struct config_item *item)
{
	struct se_wwn *wwn = item_to_wwn(item);

	target_wwn_ops(wwn)->fabric_drop_wwn(wwn);
}

static configfs_ops_const struct configfs_item_operations target_wwn_item_ops = {
	.release	= target_wwn_release,
};

static configfs_ops_const struct configfs_group_operations target_wwn_group_ops = {
	.make_group	= target_wwn_make_group,
	.drop_item	= target_wwn_drop_item,
};

/* --- <fabric> ---------------------------------------------------------------------------- */

static struct target_fabric_configfs *item_to_fabric(struct config_item *item)
{
	return container_of(to_config_group(item), struct target_fabric_configfs, group);
}

static struct config_group *target_fabric_make_group(struct config_group *group, const char *name)
{
	struct target_fabric_configfs *tf = item_to_fabric(&group->cg_item);
	struct se_wwn *wwn;
	int err;

	if (!tf->tfo->fabric_make_wwn)
		return ERR_PTR(-EOPNOTSUPP);
	wwn = tf->tfo->fabric_make_wwn(tf, group, name);
	if (IS_ERR_OR_NULL(wwn))
		return wwn ? ERR_CAST(wwn) : ERR_PTR(-EINVAL);
	wwn->wwn_tf = tf;
	wwn->cmd_compl_affinity = SE_COMPL_AFFINITY_CPUID;
	err = target_dir_init(&wwn->wwn_group, name, &tf->wwn_type);
	if (err) {
		tf->tfo->fabric_drop_wwn(wwn);
		return ERR_PTR(err);
	}
	target_dir_add(&wwn->wwn_group, &wwn->fabric_stat_group, "fabric_statistics",
		       &target_empty_dir_type);
	target_dir_add(&wwn->wwn_group, &wwn->param_group, "param", &target_wwn_param_type);
	if (tf->tfo->add_wwn_groups)
		tf->tfo->add_wwn_groups(wwn);
	return &wwn->wwn_group;
}

static void target_fabric_drop_item(struct config_group *group, struct config_item *item)
{
	configfs_remove_default_groups(&item_to_wwn(item)->wwn_group);
	config_item_put(item);
}

static void target_fabric_free(struct target_fabric_configfs *tf)
{
	target_fabric_put(tf->tfo);
	kfree(tf->tpg_attrs);
	kfree(tf);
}

static void target_fabric_release(struct config_item *item)
{
	target_fabric_free(item_to_fabric(item));
}

static configfs_ops_const struct configfs_item_operations target_fabric_item_ops = {
	.release	= target_fabric_release,
};

static configfs_ops_const struct configfs_group_operations target_fabric_group_ops = {
	.make_group	= target_fabric_make_group,
	.drop_item	= target_fabric_drop_item,
};

/* The core's files of a port, then the fabric's. */
static struct configfs_attribute **target_tpg_attrs_alloc(const struct target_core_fabric_ops *tfo)
{
	struct configfs_attribute **attrs;
	unsigned int count = 0, n = 0;

	while (tfo->tfc_tpg_base_attrs && tfo->tfc_tpg_base_attrs[count])
		count++;
	attrs = kcalloc(count + 3, sizeof(*attrs), GFP_KERNEL);
	if (!attrs)
		return NULL;
	attrs[n++] = &target_tpg_attr_rtpi;
	if (tfo->fabric_enable_tpg)
		attrs[n++] = &target_tpg_attr_enable;
	if (count)
		memcpy(attrs + n, tfo->tfc_tpg_base_attrs, count * sizeof(*attrs));
	return attrs;
}

static void target_fabric_type_init(struct target_fabric_configfs *tf,
				    struct config_item_type *type,
				    struct configfs_attribute **attrs)
{
	type->ct_owner = tf->tfo->module;
	type->ct_attrs = attrs;
}

static void target_fabric_types_init(struct target_fabric_configfs *tf)
{
	const struct target_core_fabric_ops *tfo = tf->tfo;

	target_fabric_type_init(tf, &tf->dir_type, tfo->tfc_wwn_attrs);
	tf->dir_type.ct_owner = THIS_MODULE;
	tf->dir_type.ct_item_ops = &target_fabric_item_ops;
	tf->dir_type.ct_group_ops = &target_fabric_group_ops;
	target_fabric_type_init(tf, &tf->disc_type, tfo->tfc_discovery_attrs);
	target_fabric_type_init(tf, &tf->wwn_type, NULL);
	tf->wwn_type.ct_item_ops = &target_wwn_item_ops;
	tf->wwn_type.ct_group_ops = &target_wwn_group_ops;
	target_fabric_type_init(tf, &tf->tpg_type, tf->tpg_attrs);
	tf->tpg_type.ct_item_ops = &target_tpg_item_ops;
	target_fabric_type_init(tf, &tf->tpg_attrib_type, tfo->tfc_tpg_attrib_attrs);
	target_fabric_type_init(tf, &tf->tpg_auth_type, tfo->tfc_tpg_auth_attrs);
	target_fabric_type_init(tf, &tf->tpg_param_type, tfo->tfc_tpg_param_attrs);
	target_fabric_type_init(tf, &tf->np_type, tfo->tfc_tpg_np_base_attrs);
	tf->np_type.ct_item_ops = &target_np_item_ops;
	target_fabric_type_init(tf, &tf->acl_type, tfo->tfc_tpg_nacl_base_attrs);
	target_acl_type_init(&tf->acl_type);
	target_fabric_type_init(tf, &tf->acl_attrib_type, tfo->tfc_tpg_nacl_attrib_attrs);
	target_fabric_type_init(tf, &tf->acl_auth_type, tfo->tfc_tpg_nacl_auth_attrs);
	target_fabric_type_init(tf, &tf->acl_param_type, tfo->tfc_tpg_nacl_param_attrs);
}

struct config_group *target_fabric_dir_make(const char *name)
{
	const struct target_core_fabric_ops *tfo = target_fabric_get(name);
	struct target_fabric_configfs *tf;

	if (!tfo)
		return ERR_PTR(-EINVAL);
	tf = kzalloc(sizeof(*tf), GFP_KERNEL);
	if (!tf) {
		target_fabric_put(tfo);
		return ERR_PTR(-ENOMEM);
	}
	tf->tfo = tfo;
	tf->tpg_attrs = target_tpg_attrs_alloc(tfo);
	if (!tf->tpg_attrs)
		goto out_free;
	target_fabric_types_init(tf);
	if (target_dir_init(&tf->group, name, &tf->dir_type))
		goto out_free;
	target_dir_add(&tf->group, &tf->disc_group, "discovery_auth", &tf->disc_type);
	return &tf->group;

out_free:
	target_fabric_free(tf);
	return ERR_PTR(-ENOMEM);
}

void target_fabric_dir_drop(struct config_item *item)
{
	configfs_remove_default_groups(&item_to_fabric(item)->group);
	config_item_put(item);
}
