// SPDX-License-Identifier: GPL-2.0-only
/* attrib/ of a ramdisk: everyone's attributes, its capacity, and how much memory it may take. */
#include <linux/kstrtox.h>
#include <linux/string.h>
#include "rd.h"

static struct rd_device *rd_of_attrib(struct config_item *item)
{
	return container_of(to_config_group(item), struct rd_device, dev.attrib_group);
}

static ssize_t rd_quota_pages_show(struct config_item *item, char *page)
{
	return scnprintf(page, PAGE_SIZE, "%u\n", READ_ONCE(rd_of_attrib(item)->store.quota));
}

/* Less than there are is allowed: then there will be no more. */
static ssize_t rd_quota_pages_store(struct config_item *item, const char *page, size_t count)
{
	struct rd_device *rd = rd_of_attrib(item);
	u32 quota;
	int err;

	err = kstrtou32(page, 0, &quota);
	if (err)
		return err;
	scoped_guard(mutex, &rd->dev.lock)
		WRITE_ONCE(rd->store.quota, quota);
	target_provision_changed(&rd->dev);
	return count;
}

CONFIGFS_ATTR(rd_, quota_pages);

static ssize_t rd_capacity_show(struct config_item *item, char *page)
{
	return scnprintf(page, PAGE_SIZE, "%llu\n", target_dev_capacity(&rd_of_attrib(item)->dev));
}

/* What it is already is no change, so that a saved configuration can be put back. */
static ssize_t rd_capacity_store(struct config_item *item, const char *page, size_t count)
{
	struct rd_device *rd = rd_of_attrib(item);
	u64 bytes;
	int err;

	err = kstrtou64(page, 0, &bytes);
	if (err)
		return err;
	guard(mutex)(&rd->dev.lock);
	if (!target_dev_configured(&rd->dev))
		return -ENODEV;
	if (bytes == target_dev_capacity(&rd->dev))
		return count;
	err = rd_resize(rd, bytes);
	return err ?: count;
}

CONFIGFS_ATTR(rd_, capacity);

struct configfs_attribute *rd_attribs[TARGET_DEV_ATTRIB_COUNT + 3];

void rd_attribs_init(void)
{
	memcpy(rd_attribs, target_sbc_attribs, TARGET_DEV_ATTRIB_COUNT * sizeof(*rd_attribs));
	rd_attribs[TARGET_DEV_ATTRIB_COUNT] = &rd_attr_quota_pages;
	rd_attribs[TARGET_DEV_ATTRIB_COUNT + 1] = &rd_attr_capacity;
}
