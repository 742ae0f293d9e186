// SPDX-License-Identifier: GPL-2.0-only
/* tpgt_N/acls/<initiator> and its lun_N: initiators that have a name, and what they see. */
#include <linux/kstrtox.h>
#include "acl.h"
#include "configfs.h"
#include "lun.h"
#include "tpg.h"

/* --- acls/<initiator>/lun_N -------------------------------------------------------------- */

static struct se_lun_acl *item_to_lun_acl(struct config_item *item)
{
	return container_of(to_config_group(item), struct se_lun_acl, se_lun_group);
}

/* Empty while it is not linked. */
static ssize_t target_lun_acl_write_protect_show(struct config_item *item, char *page)
{
	struct se_lun_acl *lacl = item_to_lun_acl(item);

	guard(mutex)(&lacl->se_lun_nacl->se_tpg->lock);
	return lacl->se_lun ? scnprintf(page, PAGE_SIZE, "%d\n", lacl->read_only) : 0;
}

static ssize_t target_lun_acl_write_protect_store(struct config_item *item, const char *page,
						  size_t count)
{
	u32 value;
	int err;

	err = kstrtou32(page, 0, &value);
	if (err)
		return err;
	if (value > 1)
		return -EINVAL;
	err = target_lun_acl_set_read_only(item_to_lun_acl(item), value);
	return err ?: count;
}

CONFIGFS_ATTR(target_lun_acl_, write_protect);

static struct configfs_attribute *target_lun_acl_attrs[] = {
	&target_lun_acl_attr_write_protect,
	NULL,
};

static int target_lun_acl_allow_link(struct config_item *item, struct config_item *to)
{
	struct se_lun_acl *lacl = item_to_lun_acl(item);
	struct se_portal_group *tpg = lacl->se_lun_nacl->se_tpg;

	if (!target_item_is_lun(to))
		return -EINVAL;
	return target_lun_acl_link(lacl, target_item_to_lun(to),
				   target_tpg_check(tpg, tpg_check_prod_mode_write_protect));
}

static void target_lun_acl_drop_link(struct config_item *item, struct config_item *to)
{
	target_lun_acl_unlink(item_to_lun_acl(item));
}

static void target_lun_acl_release(struct config_item *item)
{
	target_lun_acl_free(item_to_lun_acl(item));
}

static configfs_ops_const struct configfs_item_operations target_lun_acl_item_ops = {
	.release	= target_lun_acl_release,
	.allow_link	= target_lun_acl_allow_link,
	.drop_link	= target_lun_acl_drop_link,
};

static const struct config_item_type target_lun_acl_type = {
	.ct_owner	= THIS_MODULE,
	.ct_item_ops	= &target_lun_acl_item_ops,
	.ct_attrs	= target_lun_acl_attrs,
};

/* --- acls/<initiator> -------------------------------------------------------------------- */

static struct config_group *target_acl_make_group(struct config_group *group, const char *name)
{
	struct se_lun_acl *lacl;
	u64 number;
	int err;

	err = target_number_parse(name, "lun_", &number);
	if (err)
		return ERR_PTR(err);
	lacl = target_lun_acl_alloc(acl_to_nacl(&group->cg_item), number);
	if (!lacl)
		return ERR_PTR(-ENOMEM);
	err = target_dir_init(&lacl->se_lun_group, name, &target_lun_acl_type);
	if (err) {
		target_lun_acl_free(lacl);
		return ERR_PTR(err);
	}
	target_dir_add(&lacl->se_lun_group, &lacl->stat_group, "statistics",
		       &target_empty_dir_type);
	target_lun_acl_stat_init(lacl);
	return &lacl->se_lun_group;
}

static void target_acl_drop_item(struct config_group *group, struct config_item *item)
{
	struct se_lun_acl *lacl = item_to_lun_acl(item);

	configfs_remove_default_groups(&lacl->stat_group);
	configfs_remove_default_groups(&lacl->se_lun_group);
	config_item_put(item);
}

static void target_acl_release_item(struct config_item *item)
{
	target_acl_del(acl_to_nacl(item));
}

static configfs_ops_const struct configfs_item_operations target_acl_item_ops = {
	.release	= target_acl_release_item,
};

static configfs_ops_const struct configfs_group_operations target_acl_group_ops = {
	.make_group	= target_acl_make_group,
	.drop_item	= target_acl_drop_item,
};

void target_acl_type_init(struct config_item_type *type)
{
	type->ct_item_ops = &target_acl_item_ops;
	type->ct_group_ops = &target_acl_group_ops;
}

/* --- acls/ ------------------------------------------------------------------------------- */

static struct config_group *target_acl_dir_make_group(struct config_group *group,
						      const char *name)
{
	struct se_portal_group *tpg = container_of(group, struct se_portal_group, tpg_acl_group);
	struct target_fabric_configfs *tf = tpg->se_tpg_wwn->wwn_tf;
	struct se_node_acl *acl = target_acl_add(tpg, name);
	int err;

	if (IS_ERR(acl))
		return ERR_CAST(acl);
	group = &acl->acl_group;
	err = target_dir_init(group, name, &tf->acl_type);
	if (err) {
		target_acl_del(acl);
		return ERR_PTR(err);
	}
	target_dir_add(group, &acl->acl_attrib_group, "attrib", &tf->acl_attrib_type);
	target_dir_add(group, &acl->acl_auth_group, "auth", &tf->acl_auth_type);
	target_dir_add(group, &acl->acl_param_group, "param", &tf->acl_param_type);
	target_dir_add(group, &acl->acl_fabric_stat_group, "fabric_statistics",
		       &target_empty_dir_type);
	return group;
}

static void target_acl_dir_drop_item(struct config_group *group, struct config_item *item)
{
	configfs_remove_default_groups(&acl_to_nacl(item)->acl_group);
	config_item_put(item);
}

static configfs_ops_const struct configfs_group_operations target_acl_dir_group_ops = {
	.make_group	= target_acl_dir_make_group,
	.drop_item	= target_acl_dir_drop_item,
};

const struct config_item_type target_acl_dir_type = {
	.ct_owner	= THIS_MODULE,
	.ct_group_ops	= &target_acl_dir_group_ops,
};
