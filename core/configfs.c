// SPDX-License-Identifier: GPL-2.0-only
/* The subsystem: target/ with its files, core/ and core/alua/, and what all directories share. */
#include <linux/ctype.h>
#include <linux/kstrtox.h>
#include <linux/namei.h>
#include <linux/path.h>
#include <linux/string.h>
#include <linux/utsname.h>
#include "alua.h"
#include "configfs.h"
#include "device.h"
#include "state.h"

#define TARGET_DBROOT_DEFAULT	"/var/target"
#define TARGET_DBROOT_PREFERRED	"/etc/target"

/*
 * Changes under the subsystem's mutex and while no device exists; making one
 * takes that mutex. So who has a device may read it.
 */
static char target_dbroot_path[TARGET_DBROOT_LEN] = TARGET_DBROOT_DEFAULT;

const char *target_dbroot(void)
{
	return target_dbroot_path;
}

/* --- shared by all directories ----------------------------------------------------------- */

const struct config_item_type target_empty_dir_type = {
	.ct_owner	= THIS_MODULE,
};

int target_dir_init(struct config_group *group, const char *name,
		    const struct config_item_type *type)
{
	config_group_init_type_name(group, name, type);
	/* The name may be allocated, and nobody says so when it could not be. */
	return config_item_name(&group->cg_item) ? 0 : -ENOMEM;
}

void target_dir_add(struct config_group *parent, struct config_group *group, const char *name,
		    const struct config_item_type *type)
{
	config_group_init_type_name(group, name, type);
	configfs_add_default_group(group, parent);
}

ssize_t target_text_parse(const char *page, size_t count, char *buf, size_t size)
{
	while (count && isspace(page[count - 1]))
		count--;
	while (count && isspace(*page)) {
		page++;
		count--;
	}
	if (count >= size)
		return -EOVERFLOW;
	if (memchr(page, '\0', count))
		return -EINVAL;
	memcpy(buf, page, count);
	buf[count] = '\0';
	return count;
}

int target_text_is_one(const char *page)
{
	bool on;
	int err = kstrtobool(page, &on);

	return err ?: on ? 0 : -EINVAL;
}
TARGET_EXPORT(target_text_is_one);

int target_number_parse(const char *name, const char *prefix, u64 *number)
{
	size_t skip = strlen(prefix);
	int err;

	if (strncmp(name, prefix, skip))
		return -EINVAL;
	name += skip;
	/* Two directories must not mean the same number: no sign, no leading zero. */
	if (!isdigit(name[0]) || (name[0] == '0' && name[1]))
		return -EINVAL;
	err = kstrtou64(name, 10, number);
	return err == -ERANGE ? -ERANGE : err ? -EINVAL : 0;
}

/* --- target/version, target/dbroot ------------------------------------------------------- */

static ssize_t target_version_show(struct config_item *item, char *page)
{
	return scnprintf(page, PAGE_SIZE,
			 "Target Engine Core ConfigFS Infrastructure %s on %s/%s on %s\n",
			 TARGET_CORE_VERSION, utsname()->sysname, utsname()->machine,
			 utsname()->release);
}

static ssize_t target_dbroot_show(struct config_item *item, char *page)
{
	guard(mutex)(&target_subsystem.su_mutex);
	return scnprintf(page, PAGE_SIZE, "%s\n", target_dbroot_path);
}

static int target_dir_exists(const char *name)
{
	struct path path;
	int err = kern_path(name, LOOKUP_FOLLOW | LOOKUP_DIRECTORY, &path);

	if (!err)
		path_put(&path);
	return err;
}

static int target_dbroot_set(const char *name)
{
	guard(mutex)(&target_subsystem.su_mutex);
	if (target_device_count())
		return -EINVAL;
	strscpy(target_dbroot_path, name, sizeof(target_dbroot_path));
	return 0;
}

static ssize_t target_dbroot_store(struct config_item *item, const char *page, size_t count)
{
	char *name __free(kfree) = kmalloc(TARGET_DBROOT_LEN, GFP_KERNEL);
	ssize_t len;
	int err;

	if (!name)
		return -ENOMEM;
	len = target_text_parse(page, count, name, TARGET_DBROOT_LEN);
	if (len < 0)
		return len;
	if (name[0] != '/')
		return -EINVAL;
	while (len > 1 && name[len - 1] == '/')
		name[--len] = '\0';
	err = target_dir_exists(name) ?: target_dbroot_set(name);
	return err ?: count;
}

CONFIGFS_ATTR_RO(target_, version);
CONFIGFS_ATTR(target_, dbroot);

static struct configfs_attribute *target_attrs[] = {
	&target_attr_version,
	&target_attr_dbroot,
	NULL,
};

/* --- target/<fabric> --------------------------------------------------------------------- */

static struct config_group *target_root_make_group(struct config_group *group, const char *name)
{
	return target_fabric_dir_make(name);
}

static void target_root_drop_item(struct config_group *group, struct config_item *item)
{
	target_fabric_dir_drop(item);
}

static configfs_ops_const struct configfs_group_operations target_root_group_ops = {
	.make_group	= target_root_make_group,
	.drop_item	= target_root_drop_item,
};

static const struct config_item_type target_root_type = {
	.ct_owner	= THIS_MODULE,
	.ct_group_ops	= &target_root_group_ops,
	.ct_attrs	= target_attrs,
};

struct configfs_subsystem target_subsystem = {
	.su_mutex = __MUTEX_INITIALIZER(target_subsystem.su_mutex),
};

static struct config_group target_core_group;
static struct config_group target_core_alua_group;
static struct config_group target_lu_gps_group;

static void target_configfs_remove(void)
{
	configfs_remove_default_groups(&target_lu_gps_group);
	configfs_remove_default_groups(&target_core_alua_group);
	configfs_remove_default_groups(&target_core_group);
	configfs_remove_default_groups(&target_subsystem.su_group);
}

int target_configfs_init(void)
{
	int err;

	if (!target_dir_exists(TARGET_DBROOT_PREFERRED))
		strscpy(target_dbroot_path, TARGET_DBROOT_PREFERRED, sizeof(target_dbroot_path));
	config_group_init_type_name(&target_subsystem.su_group, "target", &target_root_type);
	target_dir_add(&target_subsystem.su_group, &target_core_group, "core",
		       &target_core_dir_type);
	target_dir_add(&target_core_group, &target_core_alua_group, "alua",
		       &target_empty_dir_type);
	target_dir_add(&target_core_alua_group, &target_lu_gps_group, "lu_gps",
		       &target_lu_gps_type);
	target_dir_add(&target_lu_gps_group, &target_default_lu_gp->group,
		       target_default_lu_gp->name, &target_default_lu_gp_type);
	err = configfs_register_subsystem(&target_subsystem);
	if (err)
		target_configfs_remove();
	return err;
}

void target_configfs_exit(void)
{
	configfs_unregister_subsystem(&target_subsystem);
	target_configfs_remove();
}

/**
 * target_depend_item - keep a configfs item from being removed
 * @item: in the target tree
 *
 * Not from inside a configfs callback. Context: process, may sleep.
 * Return: 0 or -errno of configfs_depend_item().
 */
int target_depend_item(struct config_item *item)
{
	return configfs_depend_item(&target_subsystem, item);
}
TARGET_EXPORT(target_depend_item);

/**
 * target_undepend_item - undo target_depend_item()
 * @item: as given there
 *
 * Context: process, may sleep.
 */
void target_undepend_item(struct config_item *item)
{
	configfs_undepend_item(item);
}
TARGET_EXPORT(target_undepend_item);
