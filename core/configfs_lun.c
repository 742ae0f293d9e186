// SPDX-License-Identifier: GPL-2.0-only
/* tpgt_N/lun/lun_N: LUNs of a port, and the symlink that makes one. */
#include <linux/kstrtox.h>
#include "alua_state.h"
#include "configfs.h"
#include "device.h"
#include "lun.h"

static const struct config_item_type target_lun_type;

bool target_item_is_lun(struct config_item *item)
{
	return item->ci_type == &target_lun_type;
}

struct se_lun *target_item_to_lun(struct config_item *item)
{
	return container_of(to_config_group(item), struct se_lun, lun_group);
}

/* -ENODEV while it is not linked. */
static ssize_t target_lun_alua_tg_pt_gp_show(struct config_item *item, char *page)
{
	struct se_lun *lun = target_item_to_lun(item);
	struct se_device *dev;

	guard(mutex)(&lun->lun_tpg->lock);
	dev = target_lun_device(lun);
	return dev ? target_tg_pt_gp_show_lun(lun, dev, page, PAGE_SIZE) : -ENODEV;
}

static ssize_t target_lun_alua_tg_pt_gp_store(struct config_item *item, const char *page,
					      size_t count)
{
	struct se_lun *lun = target_item_to_lun(item);
	char name[TARGET_ALUA_GP_NAME];
	struct se_device *dev;
	ssize_t len;
	int err;

	len = target_text_parse(page, count, name, sizeof(name));
	if (len <= 0)
		return -EINVAL;
	guard(mutex)(&lun->lun_tpg->lock);
	dev = target_lun_device(lun);
	if (!dev)
		return -ENODEV;
	err = target_tg_pt_gp_join(lun, dev, strcmp(name, "NULL") ? name : NULL);
	return err ?: count;
}

static ssize_t target_lun_alua_show(struct config_item *item, char *page, int value)
{
	struct se_lun *lun = target_item_to_lun(item);

	guard(mutex)(&lun->lun_tpg->lock);
	return target_lun_device(lun) ? scnprintf(page, PAGE_SIZE, "%d\n", value) : -ENODEV;
}

static ssize_t target_lun_alua_store(struct config_item *item, const char *page, size_t count,
				     int (*set)(struct se_lun *lun, struct se_device *dev,
						u32 value))
{
	struct se_lun *lun = target_item_to_lun(item);
	struct se_device *dev;
	u32 value;
	int err;

	err = kstrtou32(page, 0, &value);
	if (err)
		return err;
	guard(mutex)(&lun->lun_tpg->lock);
	dev = target_lun_device(lun);
	if (!dev)
		return -ENODEV;
	err = set(lun, dev, value);
	return err ?: count;
}

#define TARGET_LUN_ALUA(name, field, set)						\
static ssize_t target_lun_##name##_show(struct config_item *item, char *page)		\
{											\
	return target_lun_alua_show(item, page, target_item_to_lun(item)->field);	\
}											\
											\
static ssize_t target_lun_##name##_store(struct config_item *item, const char *page,	\
					 size_t count)					\
{											\
	return target_lun_alua_store(item, page, count, set);				\
}											\
CONFIGFS_ATTR(target_lun_, name)

TARGET_LUN_ALUA(alua_tg_pt_offline, alua_offline, target_lun_set_alua_offline);
TARGET_LUN_ALUA(alua_tg_pt_status, alua_status, target_lun_set_alua_status);
TARGET_LUN_ALUA(alua_tg_pt_write_md, alua_write_md, target_lun_set_alua_write_md);
CONFIGFS_ATTR(target_lun_, alua_tg_pt_gp);

static struct configfs_attribute *target_lun_attrs[] = {
	&target_lun_attr_alua_tg_pt_gp,
	&target_lun_attr_alua_tg_pt_offline,
	&target_lun_attr_alua_tg_pt_status,
	&target_lun_attr_alua_tg_pt_write_md,
	NULL,
};

/* configfs keeps the target of a link from being removed. */
static int target_lun_allow_link(struct config_item *item, struct config_item *to)
{
	if (!target_item_is_device(to))
		return -EINVAL;
	return target_lun_link(target_item_to_lun(item), target_item_to_device(to));
}

static void target_lun_drop_link(struct config_item *item, struct config_item *to)
{
	target_lun_unlink(target_item_to_lun(item));
}

static void target_lun_release(struct config_item *item)
{
	target_lun_free(target_item_to_lun(item));
}

static configfs_ops_const struct configfs_item_operations target_lun_item_ops = {
	.release	= target_lun_release,
	.allow_link	= target_lun_allow_link,
	.drop_link	= target_lun_drop_link,
};

static const struct config_item_type target_lun_type = {
	.ct_owner	= THIS_MODULE,
	.ct_item_ops	= &target_lun_item_ops,
	.ct_attrs	= target_lun_attrs,
};

static struct config_group *target_lun_dir_make_group(struct config_group *group,
						      const char *name)
{
	struct se_portal_group *tpg = container_of(group, struct se_portal_group, tpg_lun_group);
	struct se_lun *lun;
	u64 number;
	int err;

	err = target_number_parse(name, "lun_", &number);
	if (err)
		return ERR_PTR(err);
	lun = target_lun_alloc(tpg, number);
	if (!lun)
		return ERR_PTR(-ENOMEM);
	err = target_dir_init(&lun->lun_group, name, &target_lun_type);
	if (err) {
		target_lun_free(lun);
		return ERR_PTR(err);
	}
	target_dir_add(&lun->lun_group, &lun->stat_group, "statistics", &target_empty_dir_type);
	target_lun_stat_init(lun);
	return &lun->lun_group;
}

static void target_lun_dir_drop_item(struct config_group *group, struct config_item *item)
{
	struct se_lun *lun = target_item_to_lun(item);

	configfs_remove_default_groups(&lun->stat_group);
	configfs_remove_default_groups(&lun->lun_group);
	config_item_put(item);
}

static configfs_ops_const struct configfs_group_operations target_lun_dir_group_ops = {
	.make_group	= target_lun_dir_make_group,
	.drop_item	= target_lun_dir_drop_item,
};

const struct config_item_type target_lun_dir_type = {
	.ct_owner	= THIS_MODULE,
	.ct_group_ops	= &target_lun_dir_group_ops,
};
