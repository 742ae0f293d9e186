// SPDX-License-Identifier: GPL-2.0-only
/*
 * Says that there is no iSCSI.
 *
 * rtslib asks every time, for any command of targetcli, whether discovery below
 * target/iscsi/ is authenticated, and gives up if that directory cannot be made.
 * The kernel's own iSCSI target cannot be loaded beside this core, so the question
 * is answered here: no authentication, and no targets, which mkdir refuses.
 */
#include <linux/kstrtox.h>
#include <linux/module.h>
#include <target/target_core_fabric.h>

static ssize_t no_iscsi_enforce_discovery_auth_show(struct config_item *item, char *page)
{
	return sysfs_emit(page, "0\n");
}

/* Off is what it is. */
static ssize_t no_iscsi_enforce_discovery_auth_store(struct config_item *item, const char *page,
						     size_t count)
{
	bool on;
	int err = kstrtobool(page, &on);

	if (err)
		return err;
	return on ? -EOPNOTSUPP : count;
}
CONFIGFS_ATTR(no_iscsi_, enforce_discovery_auth);

static ssize_t no_iscsi_authenticate_target_show(struct config_item *item, char *page)
{
	return sysfs_emit(page, "0\n");
}
CONFIGFS_ATTR_RO(no_iscsi_, authenticate_target);

static ssize_t no_iscsi_show_nothing(char *page)
{
	return sysfs_emit(page, "\n");
}

/* "NULL" is how rtslib clears one. */
static ssize_t no_iscsi_store_nothing(const char *page, size_t count)
{
	return sysfs_streq(page, "NULL") || sysfs_streq(page, "") ? count : -EOPNOTSUPP;
}

#define NO_ISCSI_CREDENTIAL(_name)							\
static ssize_t no_iscsi_##_name##_show(struct config_item *item, char *page)		\
{											\
	return no_iscsi_show_nothing(page);						\
}											\
static ssize_t no_iscsi_##_name##_store(struct config_item *item, const char *page,	\
					size_t count)					\
{											\
	return no_iscsi_store_nothing(page, count);					\
}											\
CONFIGFS_ATTR(no_iscsi_, _name)

NO_ISCSI_CREDENTIAL(userid);
NO_ISCSI_CREDENTIAL(password);
NO_ISCSI_CREDENTIAL(userid_mutual);
NO_ISCSI_CREDENTIAL(password_mutual);

static struct configfs_attribute *no_iscsi_discovery_attrs[] = {
	&no_iscsi_attr_enforce_discovery_auth,
	&no_iscsi_attr_authenticate_target,
	&no_iscsi_attr_userid,
	&no_iscsi_attr_password,
	&no_iscsi_attr_userid_mutual,
	&no_iscsi_attr_password_mutual,
	NULL,
};

static const struct target_core_fabric_ops no_iscsi_ops = {
	.module			= THIS_MODULE,
	.fabric_name		= "iscsi",
	.tfc_discovery_attrs	= no_iscsi_discovery_attrs,
};

static int __init no_iscsi_init(void)
{
	return target_register_template(&no_iscsi_ops);
}

static void __exit no_iscsi_exit(void)
{
	target_unregister_template(&no_iscsi_ops);
}

MODULE_DESCRIPTION("Says that there is no iSCSI target (tcm-next)");
MODULE_LICENSE("GPL");
MODULE_VERSION(TCM_VERSION);
MODULE_ALIAS("target-fabric-iscsi");
module_init(no_iscsi_init);
module_exit(no_iscsi_exit);
