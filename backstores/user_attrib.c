// SPDX-License-Identifier: GPL-2.0-only
/* attrib/ and action/ of a unit that a process serves. */
#include <linux/kstrtox.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "user.h"

#define USER_SECONDS_MAX	(7 * 24 * 3600)	/* that a time limit may be */

static struct user_device *user_of_attrib(struct config_item *item)
{
	return container_of(to_config_group(item), struct user_device, dev.attrib_group);
}

static struct user_device *user_of_action(struct config_item *item)
{
	return container_of(to_config_group(item), struct user_device, dev.dev_action_group);
}

/* --- what is set by control --------------------------------------------------------------- */

#define USER_ATTR_RO(name, field)						\
static ssize_t user_##name##_show(struct config_item *item, char *page)		\
{										\
	return scnprintf(page, PAGE_SIZE, "%u\n",				\
			 user_of_attrib(item)->options.field);			\
}										\
CONFIGFS_ATTR_RO(user_, name)

USER_ATTR_RO(max_data_area_mb, data_mb);
USER_ATTR_RO(data_pages_per_blk, block_pages);
USER_ATTR_RO(cmd_ring_size_mb, ring_mb);

/* --- times -------------------------------------------------------------------------------- */

static int user_store_u32(const char *page, u32 *field, u32 max)
{
	u32 value;
	int err = kstrtou32(page, 0, &value);

	if (err)
		return err;
	if (value > max)
		return -ERANGE;
	WRITE_ONCE(*field, value);
	return 0;
}

#define USER_ATTR_SHOW(name)							\
static ssize_t user_##name##_show(struct config_item *item, char *page)		\
{										\
	return scnprintf(page, PAGE_SIZE, "%u\n", READ_ONCE(user_of_attrib(item)->name)); \
}

#define USER_ATTR_SECONDS(name)							\
USER_ATTR_SHOW(name)								\
static ssize_t user_##name##_store(struct config_item *item, const char *page,	\
				   size_t count)				\
{										\
	int err = user_store_u32(page, &user_of_attrib(item)->name, USER_SECONDS_MAX); \
										\
	return err ?: count;							\
}										\
CONFIGFS_ATTR(user_, name)

USER_ATTR_SECONDS(nl_time_out);
USER_ATTR_SECONDS(abort_time_out);

USER_ATTR_SHOW(cmd_time_out)

/* Initiators go by it. */
static ssize_t user_cmd_time_out_store(struct config_item *item, const char *page, size_t count)
{
	struct user_device *user = user_of_attrib(item);
	int err;

	guard(mutex)(&user->dev.lock);
	if (!target_dev_unexported(&user->dev))
		return -EINVAL;
	err = user_store_u32(page, &user->cmd_time_out, USER_SECONDS_MAX);
	return err ?: count;
}

CONFIGFS_ATTR(user_, cmd_time_out);

static ssize_t user_qfull_time_out_show(struct config_item *item, char *page)
{
	return scnprintf(page, PAGE_SIZE, "%d\n", READ_ONCE(user_of_attrib(item)->qfull_time_out));
}

static ssize_t user_qfull_time_out_store(struct config_item *item, const char *page, size_t count)
{
	s32 value;
	int err = kstrtos32(page, 0, &value);

	if (err)
		return err;
	if (value < -1 || value > USER_SECONDS_MAX)
		return -ERANGE;
	WRITE_ONCE(user_of_attrib(item)->qfull_time_out, value);
	return count;
}

CONFIGFS_ATTR(user_, qfull_time_out);

/* --- what becomes of commands when the daemon goes away ----------------------------------- */

static ssize_t user_recovery_store_as(struct config_item *item, const char *page, size_t count,
				      u32 *field, u32 max)
{
	struct user_device *user = user_of_attrib(item);
	int err;

	guard(mutex)(&user->dev.lock);
	err = user_store_u32(page, field, max);
	if (err)
		return err;
	user_recovery_changed(user);
	return count;
}

USER_ATTR_SHOW(recovery)

static ssize_t user_recovery_store(struct config_item *item, const char *page, size_t count)
{
	return user_recovery_store_as(item, page, count, &user_of_attrib(item)->recovery,
				      USER_RECOVERIES - 1);
}

CONFIGFS_ATTR(user_, recovery);

USER_ATTR_SHOW(recovery_time_out)

static ssize_t user_recovery_time_out_store(struct config_item *item, const char *page,
					    size_t count)
{
	return user_recovery_store_as(item, page, count, &user_of_attrib(item)->recovery_time_out,
				      USER_SECONDS_MAX);
}

CONFIGFS_ATTR(user_, recovery_time_out);

static ssize_t user_ring_state_show(struct config_item *item, char *page)
{
	return scnprintf(page, PAGE_SIZE, "%s\n", user_state_name(user_of_attrib(item)));
}

CONFIGFS_ATTR_RO(user_, ring_state);

/* --- what the daemon is told of ----------------------------------------------------------- */

/* 0 or 1, and nothing else. */
static int user_parse_flag(const char *page, u8 *value)
{
	int err = kstrtou8(page, 0, value);

	return err ?: *value > 1 ? -EINVAL : 0;
}

static ssize_t user_tmr_notification_show(struct config_item *item, char *page)
{
	return scnprintf(page, PAGE_SIZE, "%d\n",
			 READ_ONCE(user_of_attrib(item)->tmr_notification));
}

static ssize_t user_tmr_notification_store(struct config_item *item, const char *page,
					   size_t count)
{
	struct user_device *user = user_of_attrib(item);
	u8 value;
	int err = user_parse_flag(page, &value);

	if (err)
		return err;
	guard(mutex)(&user->dev.lock);
	if (!target_dev_unexported(&user->dev))
		return -EINVAL;
	WRITE_ONCE(user->tmr_notification, value);
	return count;
}

CONFIGFS_ATTR(user_, tmr_notification);

static ssize_t user_nl_reply_supported_show(struct config_item *item, char *page)
{
	return scnprintf(page, PAGE_SIZE, "%d\n",
			 READ_ONCE(user_of_attrib(item)->options.nl_reply));
}

static ssize_t user_nl_reply_supported_store(struct config_item *item, const char *page,
					     size_t count)
{
	s8 value;
	int err = kstrtos8(page, 0, &value);

	if (err)
		return err;
	WRITE_ONCE(user_of_attrib(item)->options.nl_reply, value);
	return count;
}

CONFIGFS_ATTR(user_, nl_reply_supported);

/* --- what the daemon is asked ------------------------------------------------------------- */

static int user_set_config(struct user_device *user, const char *config)
{
	int err = 0;

	guard(mutex)(&user->dev.lock);
	if (target_dev_configured(&user->dev))
		err = user_uio_rename(user, config);
	if (!err)
		strscpy(user->options.config, config, USER_CONFIG_LEN);
	return err;
}

/* Is it so already? */
static bool user_change_is_none(const struct user_device *user, const struct user_change *change)
{
	switch (change->attr) {
	case TCMU_ATTR_DEV_SIZE:
		return change->number == user->options.size;
	case TCMU_ATTR_DEV_CFG:
		return !strcmp(change->config, user->options.config);
	default:
		return change->number == user->dev.dev_attrib.emulate_write_cache;
	}
}

static int user_change_make(struct user_device *user, const struct user_change *change)
{
	switch (change->attr) {
	case TCMU_ATTR_DEV_SIZE:
		return user_resize(user, change->number);
	case TCMU_ATTR_DEV_CFG:
		return user_set_config(user, change->config);
	default:
		WRITE_ONCE(user->dev.dev_attrib.emulate_write_cache, change->number);
		return 0;
	}
}

/*
 * A change is announced first, and made when the daemon agrees. It may read any of our
 * files meanwhile, so only reconfig is held.
 */
static int user_change(struct user_device *user, const struct user_change *change)
{
	int err = mutex_lock_interruptible(&user->reconfig);

	if (err)
		return err;
	if (target_dev_configured(&user->dev) && !user_change_is_none(user, change))
		err = user_netlink_change(user, change);
	if (!err)
		err = user_change_make(user, change);
	mutex_unlock(&user->reconfig);
	return err;
}

static ssize_t user_dev_size_show(struct config_item *item, char *page)
{
	return scnprintf(page, PAGE_SIZE, "%llu\n", READ_ONCE(user_of_attrib(item)->options.size));
}

static ssize_t user_dev_size_store(struct config_item *item, const char *page, size_t count)
{
	struct user_change change = { .attr = TCMU_ATTR_DEV_SIZE };
	int err = kstrtou64(page, 0, &change.number);

	if (!err)
		err = user_change(user_of_attrib(item), &change);
	return err ?: count;
}

CONFIGFS_ATTR(user_, dev_size);

static ssize_t user_dev_config_show(struct config_item *item, char *page)
{
	struct user_device *user = user_of_attrib(item);

	guard(mutex)(&user->dev.lock);
	return scnprintf(page, PAGE_SIZE, "%s\n", user->options.config);
}

static ssize_t user_dev_config_store(struct config_item *item, const char *page, size_t count)
{
	size_t len = count && page[count - 1] == '\n' ? count - 1 : count;
	char config[USER_CONFIG_LEN];
	struct user_change change = { .attr = TCMU_ATTR_DEV_CFG, .config = config };

	if (!len || len >= sizeof(config) || memchr(page, '\0', len))
		return -EINVAL;
	memcpy(config, page, len);
	config[len] = '\0';
	return user_change(user_of_attrib(item), &change) ?: count;
}

CONFIGFS_ATTR(user_, dev_config);

static ssize_t user_emulate_write_cache_show(struct config_item *item, char *page)
{
	return scnprintf(page, PAGE_SIZE, "%d\n",
			 user_of_attrib(item)->dev.dev_attrib.emulate_write_cache);
}

static ssize_t user_emulate_write_cache_store(struct config_item *item, const char *page,
					      size_t count)
{
	struct user_change change = { .attr = TCMU_ATTR_WRITECACHE };
	u8 value;
	int err = user_parse_flag(page, &value);

	change.number = value;
	if (!err)
		err = user_change(user_of_attrib(item), &change);
	return err ?: count;
}

CONFIGFS_ATTR(user_, emulate_write_cache);

/* --- action/ ------------------------------------------------------------------------------ */

static ssize_t user_block_dev_show(struct config_item *item, char *page)
{
	struct user_device *user = user_of_action(item);

	return scnprintf(page, PAGE_SIZE, "%s\n",
			 READ_ONCE(user->blocked) ? "blocked" : "unblocked");
}

/* -EINVAL if it is neither a number nor, before enable, of any use. */
static int user_action_number(struct user_device *user, const char *page, u32 max, u32 *value)
{
	int err = kstrtou32(page, 0, value);

	if (err)
		return err;
	if (*value > max)
		return -EINVAL;
	return READ_ONCE(user->ring.mb) ? 0 : -ENODEV;
}

static ssize_t user_block_dev_store(struct config_item *item, const char *page, size_t count)
{
	struct user_device *user = user_of_action(item);
	u32 value;
	int err = user_action_number(user, page, 1, &value);

	if (err)
		return err;
	user_set_blocked(user, value);
	return count;
}

CONFIGFS_ATTR(user_, block_dev);

/* 1: what is in the ring ends with BUSY and is sent again; 2: it fails. */
static ssize_t user_reset_ring_store(struct config_item *item, const char *page, size_t count)
{
	struct user_device *user = user_of_action(item);
	u32 value;
	int err = user_action_number(user, page, 2, &value);

	if (err)
		return err;
	if (!value)
		return -EINVAL;
	user_reset_ring(user, value == 1 ? TCM_LUN_BUSY : TCM_LOGICAL_UNIT_COMMUNICATION_FAILURE);
	return count;
}

CONFIGFS_ATTR_WO(user_, reset_ring);

static ssize_t user_free_kept_buf_store(struct config_item *item, const char *page, size_t count)
{
	struct user_device *user = user_of_action(item);
	u32 id;
	int err = user_action_number(user, page, USER_ID_MAX, &id);

	if (!err)
		err = user_free_kept(user, id);
	return err ?: count;
}

CONFIGFS_ATTR_WO(user_, free_kept_buf);

struct configfs_attribute *user_actions[] = {
	&user_attr_block_dev,
	&user_attr_reset_ring,
	&user_attr_free_kept_buf,
	NULL,
};

/* --- all of them -------------------------------------------------------------------------- */

static struct configfs_attribute *user_own_attribs[] = {
	&user_attr_cmd_time_out,
	&user_attr_qfull_time_out,
	&user_attr_nl_time_out,
	&user_attr_abort_time_out,
	&user_attr_recovery,
	&user_attr_recovery_time_out,
	&user_attr_ring_state,
	&user_attr_max_data_area_mb,
	&user_attr_data_pages_per_blk,
	&user_attr_cmd_ring_size_mb,
	&user_attr_dev_config,
	&user_attr_dev_size,
	&user_attr_emulate_write_cache,
	&user_attr_tmr_notification,
	&user_attr_nl_reply_supported,
};

/* Of those of all units, beside what every pass-through has. */
static const char *const user_common_attribs[] = { "enforce_pr_isids", "force_pr_aptpl" };

/* And NULL. */
struct configfs_attribute *user_attribs[TARGET_PASSTHROUGH_ATTRIB_COUNT +
					ARRAY_SIZE(user_common_attribs) +
					ARRAY_SIZE(user_own_attribs) + 1];

static struct configfs_attribute *user_common_attrib(const char *name)
{
	struct configfs_attribute **attr;

	for (attr = target_sbc_attribs; *attr; attr++)
		if (!strcmp((*attr)->ca_name, name))
			return *attr;
	return NULL;
}

void user_attribs_init(void)
{
	struct configfs_attribute **to = user_attribs;
	unsigned int i;

	for (i = 0; i < TARGET_PASSTHROUGH_ATTRIB_COUNT; i++)
		*to++ = target_passthrough_attribs[i];
	for (i = 0; i < ARRAY_SIZE(user_common_attribs); i++)
		*to++ = user_common_attrib(user_common_attribs[i]);
	for (i = 0; i < ARRAY_SIZE(user_own_attribs); i++)
		*to++ = user_own_attribs[i];
}
