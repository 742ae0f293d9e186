// SPDX-License-Identifier: GPL-2.0-only
/* attrib/ of a ramdisk: everyone's attributes, and its own; and action/. */
#include <linux/kstrtox.h>
#include <linux/string.h>
#include "rd.h"

static struct rd_device *rd_of_attrib(struct config_item *item)
{
	return container_of(to_config_group(item), struct rd_device, dev.attrib_group);
}

static struct rd_device *rd_of_action(struct config_item *item)
{
	return container_of(to_config_group(item), struct rd_device, dev.dev_action_group);
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

static ssize_t rd_encrypted_show(struct config_item *item, char *page)
{
	return scnprintf(page, PAGE_SIZE, "%d\n", rd_crypt_is_on(&rd_of_attrib(item)->crypt));
}

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

static ssize_t rd_volatile_cache_show(struct config_item *item, char *page)
{
	return scnprintf(page, PAGE_SIZE, "%d\n", rd_of_attrib(item)->cache.on);
}

static ssize_t rd_store_flag(struct rd_device *rd, const char *page, size_t count,
			     int (*set)(struct rd_device *rd, bool on))
{
	bool on;
	int err;

	err = kstrtobool(page, &on);
	if (err)
		return err;
	guard(mutex)(&rd->dev.lock);
	err = set(rd, on);
	return err ?: count;
}

static ssize_t rd_encrypted_store(struct config_item *item, const char *page, size_t count)
{
	return rd_store_flag(rd_of_attrib(item), page, count, rd_set_encrypted);
}

static ssize_t rd_volatile_cache_store(struct config_item *item, const char *page, size_t count)
{
	return rd_store_flag(rd_of_attrib(item), page, count, rd_set_volatile);
}

/* A percentage of what was not flushed. */
static ssize_t rd_lose_cache_store(struct config_item *item, const char *page, size_t count)
{
	struct rd_device *rd = rd_of_action(item);
	u32 percent;
	int err;

	err = kstrtou32(page, 0, &percent);
	if (err)
		return err;
	guard(mutex)(&rd->dev.lock);
	err = rd_lose_cache(rd, percent);
	return err ?: count;
}

CONFIGFS_ATTR(rd_, quota_pages);
CONFIGFS_ATTR(rd_, capacity);
CONFIGFS_ATTR(rd_, encrypted);
CONFIGFS_ATTR(rd_, volatile_cache);
CONFIGFS_ATTR_WO(rd_, lose_cache);

static struct configfs_attribute *const rd_own[] = {
	&rd_attr_quota_pages,
	&rd_attr_capacity,
	&rd_attr_encrypted,
	&rd_attr_volatile_cache,
};

struct configfs_attribute *rd_attribs[TARGET_DEV_ATTRIB_COUNT + ARRAY_SIZE(rd_own) + 1];

struct configfs_attribute *rd_actions[] = {
	&rd_attr_lose_cache,
	NULL,
};

void rd_attribs_init(void)
{
	memcpy(rd_attribs, target_sbc_attribs, TARGET_DEV_ATTRIB_COUNT * sizeof(*rd_attribs));
	memcpy(rd_attribs + TARGET_DEV_ATTRIB_COUNT, rd_own, sizeof(rd_own));
}
