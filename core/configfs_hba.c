// SPDX-License-Identifier: GPL-2.0-only
/* core/<plugin>_<n>: HBAs, and mkdir of devices below them. */
#include <linux/kstrtox.h>
#include <linux/mutex.h>
#include <linux/string.h>
#include "configfs.h"
#include "device.h"

int target_hba_name_parse(const char *name, char *plugin, size_t size, u32 *id)
{
	const char *split = strrchr(name, '_');
	size_t len;

	if (!split || split == name)
		return -EINVAL;
	len = split - name;
	if (len >= size)
		return -ENAMETOOLONG;
	if (kstrtou32(split + 1, 0, id))
		return -EINVAL;
	memcpy(plugin, name, len);
	plugin[len] = '\0';
	return 0;
}

static struct se_hba *item_to_hba(struct config_item *item)
{
	return container_of(to_config_group(item), struct se_hba, hba_group);
}

static ssize_t target_hba_hba_info_show(struct config_item *item, char *page)
{
	const struct se_hba *hba = item_to_hba(item);

	return scnprintf(page, PAGE_SIZE, "HBA Index: %u plugin: %.*s version: %s\n",
			 hba->hba_index, (int)sizeof(hba->transport->name), hba->transport->name,
			 TARGET_CORE_VERSION);
}

static ssize_t target_hba_hba_mode_show(struct config_item *item, char *page)
{
	return scnprintf(page, PAGE_SIZE, "%d\n",
			 !!(item_to_hba(item)->hba_flags & HBA_FLAGS_PSCSI_MODE));
}

static DEFINE_MUTEX(target_hba_mode_mutex);	/* se_hba::hba_flags, changes */

static int target_hba_count(struct se_device *dev, void *hba)
{
	return dev->se_hba == hba;
}

/* -EINVAL while it has devices, or if the backstore has no modes to choose from. */
static ssize_t target_hba_hba_mode_store(struct config_item *item, const char *page, size_t count)
{
	struct se_hba *hba = item_to_hba(item);
	unsigned long mode;
	int err;

	err = kstrtoul(page, 0, &mode);
	if (err)
		return err;
	guard(mutex)(&target_hba_mode_mutex);
	if (!hba->transport->hba_mode || target_device_for_each(target_hba_count, hba))
		return -EINVAL;
	if (!mode == !(hba->hba_flags & HBA_FLAGS_PSCSI_MODE))
		return count;
	err = hba->transport->hba_mode(hba, mode);
	if (err)
		return err;
	hba->hba_flags ^= HBA_FLAGS_PSCSI_MODE;
	return count;
}

CONFIGFS_ATTR_RO(target_hba_, hba_info);
CONFIGFS_ATTR(target_hba_, hba_mode);

static struct configfs_attribute *target_hba_attrs[] = {
	&target_hba_attr_hba_info,
	&target_hba_attr_hba_mode,
	NULL,
};

static void target_hba_release(struct config_item *item)
{
	target_hba_free(item_to_hba(item));
}

static struct config_group *target_hba_make_group(struct config_group *group, const char *name)
{
	return target_device_dir_make(item_to_hba(&group->cg_item), name);
}

static void target_hba_drop_item(struct config_group *group, struct config_item *item)
{
	target_device_dir_drop(item);
}

static configfs_ops_const struct configfs_item_operations target_hba_item_ops = {
	.release	= target_hba_release,
};

static configfs_ops_const struct configfs_group_operations target_hba_group_ops = {
	.make_group	= target_hba_make_group,
	.drop_item	= target_hba_drop_item,
};

static const struct config_item_type target_hba_type = {
	.ct_owner	= THIS_MODULE,
	.ct_item_ops	= &target_hba_item_ops,
	.ct_group_ops	= &target_hba_group_ops,
	.ct_attrs	= target_hba_attrs,
};

static struct config_group *target_core_make_group(struct config_group *group, const char *name)
{
	char plugin[sizeof_field(struct target_backend_ops, name)];
	struct se_hba *hba;
	u32 id;
	int err;

	err = target_hba_name_parse(name, plugin, sizeof(plugin), &id);
	if (err)
		return ERR_PTR(err);
	hba = target_hba_alloc(plugin, id);
	/* A name without a backstore is a wrong name, not a missing directory. */
	if (hba == ERR_PTR(-ENOENT))
		return ERR_PTR(-EINVAL);
	if (IS_ERR(hba))
		return ERR_CAST(hba);
	target_hba_dev_types_init(hba);
	err = target_dir_init(&hba->hba_group, name, &target_hba_type);
	if (err) {
		target_hba_free(hba);
		return ERR_PTR(err);
	}
	return &hba->hba_group;
}

static void target_core_drop_item(struct config_group *group, struct config_item *item)
{
	config_item_put(item);
}

static configfs_ops_const struct configfs_group_operations target_core_group_ops = {
	.make_group	= target_core_make_group,
	.drop_item	= target_core_drop_item,
};

const struct config_item_type target_core_dir_type = {
	.ct_owner	= THIS_MODULE,
	.ct_group_ops	= &target_core_group_ops,
};
