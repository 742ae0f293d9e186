// SPDX-License-Identifier: GPL-2.0-only
/* attrib/ of a file: everyone's attributes, and its capacity; action/. */
#include <linux/kstrtox.h>
#include <linux/string.h>
#include "file.h"

static struct fileio_device *fileio_of_attrib(struct config_item *item)
{
	return container_of(to_config_group(item), struct fileio_device, dev.attrib_group);
}

static struct fileio_device *fileio_of_action(struct config_item *item)
{
	return container_of(to_config_group(item), struct fileio_device, dev.dev_action_group);
}

static ssize_t fileio_capacity_show(struct config_item *item, char *page)
{
	return scnprintf(page, PAGE_SIZE, "%llu\n",
			 target_dev_capacity(&fileio_of_attrib(item)->dev));
}

/* What it is already is no change, so that a saved configuration can be put back. */
static ssize_t fileio_capacity_store(struct config_item *item, const char *page, size_t count)
{
	struct fileio_device *fd = fileio_of_attrib(item);
	u64 bytes;
	int err;

	err = kstrtou64(page, 0, &bytes);
	if (err)
		return err;
	guard(mutex)(&fd->dev.lock);
	if (!target_dev_configured(&fd->dev))
		return -ENODEV;
	if (bytes == target_dev_capacity(&fd->dev))
		return count;
	err = fileio_resize(fd, bytes);
	return err ?: count;
}

CONFIGFS_ATTR(fileio_, capacity);

/* "1": the file, or its device, has another size now, and that is the capacity. */
static ssize_t fileio_rescan_store(struct config_item *item, const char *page, size_t count)
{
	struct fileio_device *fd = fileio_of_action(item);
	int err = target_text_is_one(page);

	if (err)
		return err;
	guard(mutex)(&fd->dev.lock);
	if (!target_dev_configured(&fd->dev))
		return -ENODEV;
	err = fileio_rescan(fd);
	return err ?: count;
}

CONFIGFS_ATTR_WO(fileio_, rescan);

struct configfs_attribute *fileio_attribs[TARGET_DEV_ATTRIB_COUNT + 2];

struct configfs_attribute *fileio_actions[] = {
	&fileio_attr_rescan,
	NULL,
};

void fileio_attribs_init(void)
{
	memcpy(fileio_attribs, target_sbc_attribs,
	       TARGET_DEV_ATTRIB_COUNT * sizeof(*fileio_attribs));
	fileio_attribs[TARGET_DEV_ATTRIB_COUNT] = &fileio_attr_capacity;
}
