// SPDX-License-Identifier: GPL-2.0-only
/* core/<hba>/<device>: its files and sub-directories. */
#include <linux/cleanup.h>
#include <linux/slab.h>
#include "alua_cmd.h"
#include "configfs.h"
#include "device.h"
#include "lba_map.h"

static const struct config_item_type target_dev_type;

bool target_item_is_device(struct config_item *item)
{
	return item->ci_type == &target_dev_type;
}

struct se_device *target_item_to_device(struct config_item *item)
{
	return container_of(to_config_group(item), struct se_device, dev_group);
}

/* Activated is what initiators can reach. */
static ssize_t target_dev_info_show(struct config_item *item, char *page)
{
	struct se_device *dev = target_item_to_device(item);
	const struct se_dev_attrib *attrib = &dev->dev_attrib;
	ssize_t len;

	guard(mutex)(&dev->lock);
	len = scnprintf(page, PAGE_SIZE,
			"Status: %s  Max Queue Depth: %u  SectorSize: %u  HwMaxSectors: %u\n",
			dev->export_count ? "ACTIVATED" : "DEACTIVATED", attrib->queue_depth,
			attrib->block_size, attrib->hw_max_sectors);
	return len + dev->transport->show_info(dev, page + len, PAGE_SIZE - len);
}

/* Options are for the configure hook: too late after it. */
static ssize_t target_dev_control_store(struct config_item *item, const char *page, size_t count)
{
	struct se_device *dev = target_item_to_device(item);
	int err;

	guard(mutex)(&dev->lock);
	if (dev->configured || dev->announcing)
		return -EBUSY;
	err = dev->transport->set_params(dev, page, count);
	return err ?: count;
}

static ssize_t target_dev_enable_show(struct config_item *item, char *page)
{
	return scnprintf(page, PAGE_SIZE, "%d\n",
			 target_dev_configured(target_item_to_device(item)));
}

/* rmdir is the way back. */
static ssize_t target_dev_enable_store(struct config_item *item, const char *page, size_t count)
{
	int err = target_text_is_one(page);

	err = err ?: target_device_configure(target_item_to_device(item));
	return err ?: count;
}

static ssize_t target_dev_show_text(struct se_device *dev, const char *text, char *page)
{
	guard(mutex)(&dev->lock);
	return text[0] ? scnprintf(page, PAGE_SIZE, "%s\n", text) : 0;
}

/* Free text: kept as it is, less one newline at the end. */
static ssize_t target_dev_store_text(struct se_device *dev, char *text, size_t size,
				     const char *page, size_t count)
{
	size_t len = count && page[count - 1] == '\n' ? count - 1 : count;

	if (len >= size || memchr(page, '\0', len))
		return -EINVAL;
	guard(mutex)(&dev->lock);
	memcpy(text, page, len);
	text[len] = '\0';
	return count;
}

static ssize_t target_dev_alias_show(struct config_item *item, char *page)
{
	struct se_device *dev = target_item_to_device(item);

	return target_dev_show_text(dev, dev->dev_alias, page);
}

static ssize_t target_dev_alias_store(struct config_item *item, const char *page, size_t count)
{
	struct se_device *dev = target_item_to_device(item);

	return target_dev_store_text(dev, dev->dev_alias, sizeof(dev->dev_alias), page, count);
}

static ssize_t target_dev_udev_path_show(struct config_item *item, char *page)
{
	struct se_device *dev = target_item_to_device(item);

	return target_dev_show_text(dev, dev->udev_path, page);
}

static ssize_t target_dev_udev_path_store(struct config_item *item, const char *page, size_t count)
{
	struct se_device *dev = target_item_to_device(item);

	return target_dev_store_text(dev, dev->udev_path, sizeof(dev->udev_path), page, count);
}

static ssize_t target_dev_alua_lu_gp_show(struct config_item *item, char *page)
{
	return target_lu_gp_show_device(target_item_to_device(item), page, PAGE_SIZE);
}

static ssize_t target_dev_alua_lu_gp_store(struct config_item *item, const char *page,
					   size_t count)
{
	struct se_device *dev = target_item_to_device(item);
	char name[TARGET_ALUA_GP_NAME];
	ssize_t len;
	int err = 0;

	len = target_text_parse(page, count, name, sizeof(name));
	if (len <= 0)
		return -EINVAL;
	guard(mutex)(&dev->lock);
	if (!dev->configured)
		return -ENODEV;
	if (!strcmp(name, "NULL"))
		err = target_lu_gp_part(dev);
	else
		err = target_lu_gp_join(dev, name);
	return err ?: count;
}

static ssize_t target_dev_lba_map_show(struct config_item *item, char *page)
{
	struct se_device *dev = target_item_to_device(item);

	guard(mutex)(&dev->lock);
	return target_lba_map_print(rcu_dereference_protected(dev->lba_map,
							      lockdep_is_held(&dev->lock)),
				    page, PAGE_SIZE);
}

/* All of it at once; what has no line in it takes the map away. */
static ssize_t target_dev_lba_map_store(struct config_item *item, const char *page, size_t count)
{
	char *text __free(kfree) = kmemdup_nul(page, count, GFP_KERNEL);
	struct se_device *dev = target_item_to_device(item);
	struct target_lba_map *map;

	if (!text)
		return -ENOMEM;
	map = strlen(text) == count ? target_lba_map_parse(text) : ERR_PTR(-EINVAL);
	if (IS_ERR(map))
		return PTR_ERR(map);
	if (map && !target_alua_supported(dev)) {
		target_lba_map_free(map);
		return -EOPNOTSUPP;
	}
	guard(mutex)(&dev->lock);
	target_lba_map_set(dev, map);
	return count;
}

CONFIGFS_ATTR_RO(target_dev_, info);
CONFIGFS_ATTR_WO(target_dev_, control);
CONFIGFS_ATTR(target_dev_, enable);
CONFIGFS_ATTR(target_dev_, alias);
CONFIGFS_ATTR(target_dev_, udev_path);
CONFIGFS_ATTR(target_dev_, alua_lu_gp);
CONFIGFS_ATTR(target_dev_, lba_map);

static struct configfs_attribute *target_dev_attrs[] = {
	&target_dev_attr_info,
	&target_dev_attr_control,
	&target_dev_attr_enable,
	&target_dev_attr_alias,
	&target_dev_attr_udev_path,
	&target_dev_attr_alua_lu_gp,
	&target_dev_attr_lba_map,
	NULL,
};

static void target_dev_release(struct config_item *item)
{
	target_device_free(target_item_to_device(item));
}

static configfs_ops_const struct configfs_item_operations target_dev_item_ops = {
	.release	= target_dev_release,
};

static const struct config_item_type target_dev_type = {
	.ct_owner	= THIS_MODULE,
	.ct_item_ops	= &target_dev_item_ops,
	.ct_attrs	= target_dev_attrs,
};

void target_hba_dev_types_init(struct se_hba *hba)
{
	const struct target_backend_ops *ops = hba->transport;

	hba->attrib_type = (struct config_item_type) {
		.ct_owner = ops->owner,
		.ct_attrs = ops->attrib_attrs,
	};
	hba->action_type = (struct config_item_type) {
		.ct_owner = ops->owner,
		.ct_attrs = ops->action_attrs,
	};
}

static void target_device_dir_fill(struct se_device *dev)
{
	struct config_group *group = &dev->dev_group;
	struct target_tg_pt_gp *gp = dev->default_tg_pt_gp;

	target_dir_add(group, &dev->dev_action_group, "action", &dev->se_hba->action_type);
	target_dir_add(group, &dev->attrib_group, "attrib", &dev->se_hba->attrib_type);
	target_dir_add(group, &dev->wwn_group, "wwn", &target_dev_wwn_type);
	target_dir_add(group, &dev->pr_group, "pr", &target_dev_pr_type);
	target_dir_add(group, &dev->alua_group, "alua", &target_dev_alua_type);
	target_dir_add(&dev->alua_group, &gp->group, gp->name, &target_tg_pt_gp_type);
	target_dir_add(group, &dev->stat_group, "statistics", &target_empty_dir_type);
	target_dev_stat_init(dev);
}

struct config_group *target_device_dir_make(struct se_hba *hba, const char *name)
{
	struct se_device *dev = target_device_alloc(hba, name);
	struct target_tg_pt_gp *gp;
	int err = -ENOMEM;

	if (IS_ERR(dev))
		return ERR_CAST(dev);
	gp = target_tg_pt_gp_alloc(dev, "default_tg_pt_gp");
	if (!gp)
		goto out_free;
	err = target_dir_init(&dev->dev_group, name, &target_dev_type);
	if (err)
		goto out_free_gp;
	target_device_dir_fill(dev);
	return &dev->dev_group;

out_free_gp:
	target_tg_pt_gp_free(gp);
out_free:
	target_device_free(dev);
	return ERR_PTR(err);
}

void target_device_dir_drop(struct config_item *item)
{
	struct se_device *dev = target_item_to_device(item);

	/* Whoever prints the members of a group reads the name of this directory. */
	target_lu_gp_leave(dev);
	configfs_remove_default_groups(&dev->stat_group);
	configfs_remove_default_groups(&dev->alua_group);
	configfs_remove_default_groups(&dev->dev_group);
	config_item_put(item);
}
