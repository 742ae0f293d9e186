// SPDX-License-Identifier: GPL-2.0-only
/* alua/ of a device and core/alua/lu_gps: groups as directories. */
#include <linux/kstrtox.h>
#include "alua_state.h"
#include "configfs.h"

/* --- core/<hba>/<device>/alua/<group> ---------------------------------------------------- */

static struct target_tg_pt_gp *item_to_gp(struct config_item *item)
{
	return container_of(to_config_group(item), struct target_tg_pt_gp, group);
}

/* A file that shows @shown and stores a number @value by @set. */
#define TARGET_GP_FILE(name, fmt, shown, set)						\
static ssize_t target_gp_##name##_show(struct config_item *item, char *page)		\
{											\
	const struct target_tg_pt_gp *gp = item_to_gp(item);				\
											\
	return scnprintf(page, PAGE_SIZE, fmt "\n", shown);				\
}											\
											\
static ssize_t target_gp_##name##_store(struct config_item *item, const char *page,	\
					size_t count)					\
{											\
	struct target_tg_pt_gp *gp = item_to_gp(item);					\
	u32 value;									\
	int err;									\
											\
	err = kstrtou32(page, 0, &value);						\
	if (!err)									\
		err = set;								\
	return err ?: count;								\
}											\
CONFIGFS_ATTR(target_gp_, name);

#define TARGET_GP_SUPPORT(name, bit)							\
	TARGET_GP_FILE(name, "%d", !!(gp->supported & (bit)),				\
		       target_tg_pt_gp_set_supported(gp, bit, value))

#define TARGET_GP_DELAY(name, max)							\
	TARGET_GP_FILE(name, "%u", gp->name,						\
		       target_tg_pt_gp_set_delay(gp, &gp->name, value, max))

static const char *target_gp_access_type(const struct target_tg_pt_gp *gp)
{
	static const char * const names[] = {
		[0]						= "None",
		[TARGET_TPGS_IMPLICIT]				= "Implicit",
		[TARGET_TPGS_EXPLICIT]				= "Explicit",
		[TARGET_TPGS_IMPLICIT | TARGET_TPGS_EXPLICIT]	= "Implicit and Explicit",
	};

	return names[gp->access_type];
}

TARGET_GP_FILE(alua_access_state, "%u", gp->state, target_tg_pt_gp_set_state(gp, value))
TARGET_GP_FILE(alua_access_status, "%s", target_alua_status_name(gp->status),
	       target_tg_pt_gp_set_status(gp, value))
TARGET_GP_FILE(alua_access_type, "%s", target_gp_access_type(gp),
	       target_tg_pt_gp_set_access_type(gp, value))
TARGET_GP_SUPPORT(alua_support_transitioning, TARGET_ALUA_T_SUP)
TARGET_GP_SUPPORT(alua_support_offline, TARGET_ALUA_O_SUP)
TARGET_GP_SUPPORT(alua_support_lba_dependent, TARGET_ALUA_LBD_SUP)
TARGET_GP_SUPPORT(alua_support_unavailable, TARGET_ALUA_U_SUP)
TARGET_GP_SUPPORT(alua_support_standby, TARGET_ALUA_S_SUP)
TARGET_GP_SUPPORT(alua_support_active_optimized, TARGET_ALUA_AO_SUP)
TARGET_GP_SUPPORT(alua_support_active_nonoptimized, TARGET_ALUA_AN_SUP)
TARGET_GP_FILE(alua_write_metadata, "%d", gp->write_metadata,
	       target_tg_pt_gp_set_write_metadata(gp, value))
TARGET_GP_DELAY(nonop_delay_msecs, 10000)
TARGET_GP_DELAY(trans_delay_msecs, 30000)
TARGET_GP_DELAY(implicit_trans_secs, 255)
TARGET_GP_FILE(preferred, "%d", gp->preferred, target_tg_pt_gp_set_preferred(gp, value))

/* Empty until the group has a number. */
static ssize_t target_gp_tg_pt_gp_id_show(struct config_item *item, char *page)
{
	const struct target_tg_pt_gp *gp = item_to_gp(item);

	return gp->id_valid ? scnprintf(page, PAGE_SIZE, "%u\n", gp->id) : 0;
}

static ssize_t target_gp_tg_pt_gp_id_store(struct config_item *item, const char *page,
					   size_t count)
{
	u16 id;
	int err;

	if (kstrtou16(page, 0, &id))
		return -EINVAL;
	err = target_tg_pt_gp_set_id(item_to_gp(item), id);
	return err ?: count;
}

static ssize_t target_gp_members_show(struct config_item *item, char *page)
{
	return target_tg_pt_gp_show_members(item_to_gp(item), page, PAGE_SIZE);
}

CONFIGFS_ATTR(target_gp_, tg_pt_gp_id);
CONFIGFS_ATTR_RO(target_gp_, members);

static struct configfs_attribute *target_gp_attrs[] = {
	&target_gp_attr_alua_access_state,
	&target_gp_attr_alua_access_status,
	&target_gp_attr_alua_access_type,
	&target_gp_attr_alua_support_transitioning,
	&target_gp_attr_alua_support_offline,
	&target_gp_attr_alua_support_lba_dependent,
	&target_gp_attr_alua_support_unavailable,
	&target_gp_attr_alua_support_standby,
	&target_gp_attr_alua_support_active_optimized,
	&target_gp_attr_alua_support_active_nonoptimized,
	&target_gp_attr_alua_write_metadata,
	&target_gp_attr_nonop_delay_msecs,
	&target_gp_attr_trans_delay_msecs,
	&target_gp_attr_implicit_trans_secs,
	&target_gp_attr_preferred,
	&target_gp_attr_tg_pt_gp_id,
	&target_gp_attr_members,
	NULL,
};

static void target_gp_release(struct config_item *item)
{
	target_tg_pt_gp_free(item_to_gp(item));
}

static configfs_ops_const struct configfs_item_operations target_gp_item_ops = {
	.release	= target_gp_release,
};

const struct config_item_type target_tg_pt_gp_type = {
	.ct_owner	= THIS_MODULE,
	.ct_item_ops	= &target_gp_item_ops,
	.ct_attrs	= target_gp_attrs,
};

static struct config_group *target_gps_make_group(struct config_group *group, const char *name)
{
	struct se_device *dev = container_of(group, struct se_device, alua_group);
	struct target_tg_pt_gp *gp = target_tg_pt_gp_alloc(dev, name);
	int err;

	if (!gp)
		return ERR_PTR(-ENOMEM);
	err = target_dir_init(&gp->group, name, &target_tg_pt_gp_type);
	if (err) {
		target_tg_pt_gp_free(gp);
		return ERR_PTR(err);
	}
	return &gp->group;
}

static void target_gps_drop_item(struct config_group *group, struct config_item *item)
{
	config_item_put(item);
}

static configfs_ops_const struct configfs_group_operations target_gps_group_ops = {
	.make_group	= target_gps_make_group,
	.drop_item	= target_gps_drop_item,
};

const struct config_item_type target_dev_alua_type = {
	.ct_owner	= THIS_MODULE,
	.ct_group_ops	= &target_gps_group_ops,
};

/* --- core/alua/lu_gps/<group> ------------------------------------------------------------ */

static struct target_lu_gp *item_to_lu_gp(struct config_item *item)
{
	return container_of(to_config_group(item), struct target_lu_gp, group);
}

static ssize_t target_lu_gp_lu_gp_id_show(struct config_item *item, char *page)
{
	const struct target_lu_gp *gp = item_to_lu_gp(item);

	return gp->id_valid ? scnprintf(page, PAGE_SIZE, "%u\n", gp->id) : 0;
}

static ssize_t target_lu_gp_lu_gp_id_store(struct config_item *item, const char *page,
					   size_t count)
{
	u16 id;
	int err;

	if (kstrtou16(page, 0, &id))
		return -EINVAL;
	err = target_lu_gp_set_id(item_to_lu_gp(item), id);
	return err ?: count;
}

static ssize_t target_lu_gp_members_show(struct config_item *item, char *page)
{
	return target_lu_gp_show_members(item_to_lu_gp(item), page, PAGE_SIZE);
}

CONFIGFS_ATTR(target_lu_gp_, lu_gp_id);
CONFIGFS_ATTR_RO(target_lu_gp_, members);

static struct configfs_attribute *target_lu_gp_attrs[] = {
	&target_lu_gp_attr_lu_gp_id,
	&target_lu_gp_attr_members,
	NULL,
};

static void target_lu_gp_release(struct config_item *item)
{
	target_lu_gp_free(item_to_lu_gp(item));
}

static configfs_ops_const struct configfs_item_operations target_lu_gp_item_ops = {
	.release	= target_lu_gp_release,
};

static const struct config_item_type target_lu_gp_type = {
	.ct_owner	= THIS_MODULE,
	.ct_item_ops	= &target_lu_gp_item_ops,
	.ct_attrs	= target_lu_gp_attrs,
};

/* No release: it is there before the tree and after it. */
const struct config_item_type target_default_lu_gp_type = {
	.ct_owner	= THIS_MODULE,
	.ct_attrs	= target_lu_gp_attrs,
};

static struct config_group *target_lu_gps_make_group(struct config_group *group, const char *name)
{
	struct target_lu_gp *gp = target_lu_gp_alloc(name);
	int err;

	if (!gp)
		return ERR_PTR(-ENOMEM);
	err = target_dir_init(&gp->group, name, &target_lu_gp_type);
	if (err) {
		target_lu_gp_free(gp);
		return ERR_PTR(err);
	}
	return &gp->group;
}

static configfs_ops_const struct configfs_group_operations target_lu_gps_group_ops = {
	.make_group	= target_lu_gps_make_group,
	.drop_item	= target_gps_drop_item,
};

const struct config_item_type target_lu_gps_type = {
	.ct_owner	= THIS_MODULE,
	.ct_group_ops	= &target_lu_gps_group_ops,
};
