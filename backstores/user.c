// SPDX-License-Identifier: GPL-2.0-only
/*
 * The backstore of units that a process serves: "user", known as TCMU.
 *
 * The process finds the unit as a UIO device, maps mailbox, command ring and data area, and
 * answers commands there. It can do to that memory whatever it likes, or nothing: see
 * Documentation/tcmu.rst for what is promised all the same.
 */
#include <linux/log2.h>
#include <linux/module.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/wait_bit.h>
#include "user.h"

#define USER_BLOCK_SIZE		512
#define USER_MAX_SECTORS	128
#define USER_QUEUE_DEPTH	128
#define USER_DATA_MB		1024
#define USER_DATA_MB_MAX	(SZ_1M / 2)
#define USER_BLOCK_PAGES_MAX	(SZ_1M / PAGE_SIZE)
#define USER_RING_MB		8
#define USER_RING_MB_MAX	8
#define USER_TIME_OUT		30	/* seconds */
#define USER_NL_TIME_OUT	30
#define USER_ABORT_TIME_OUT	10

struct workqueue_struct *user_wq;

static DEFINE_XARRAY_ALLOC1(user_devices);	/* struct user_device by id; its own lock, RCU */
static u32 user_next_id;			/* where to look for the next */

static const struct target_option user_option_table[] = {
	TARGET_OPTION_TEXT("dev_config", struct user_options, config),
	TARGET_OPTION_NUMBER("dev_size", struct user_options, size, 0, S64_MAX),
	TARGET_OPTION_NUMBER("hw_block_size", struct user_options, block_size, 512, SZ_4K),
	TARGET_OPTION_NUMBER("hw_max_sectors", struct user_options, max_sectors, 1, U32_MAX),
	TARGET_OPTION_NUMBER("max_data_area_mb", struct user_options, data_mb, 1, USER_DATA_MB_MAX),
	TARGET_OPTION_NUMBER("data_pages_per_blk", struct user_options, block_pages, 1,
			     USER_BLOCK_PAGES_MAX),
	TARGET_OPTION_NUMBER("cmd_ring_size_mb", struct user_options, ring_mb, 1, USER_RING_MB_MAX),
};

/* --- who is there ------------------------------------------------------------------------- */

struct user_device *user_get(unsigned long id)
{
	struct user_device *user;

	guard(rcu)();
	user = xa_load(&user_devices, id);
	if (user)
		atomic_inc(&user->holders);
	return user;
}

void user_put(struct user_device *user)
{
	if (atomic_dec_and_test(&user->holders))
		wake_up_var(&user->holders);
}

struct user_device *user_next(unsigned long *id)
{
	struct user_device *user;

	guard(rcu)();
	user = xa_find_after(&user_devices, id, ULONG_MAX, XA_PRESENT);
	if (user)
		atomic_inc(&user->holders);
	return user;
}

/* All areas together are too large: whoever has pages to spare gives them back. */
static void user_reclaim_work(struct work_struct *work)
{
	struct user_device *user;
	unsigned long id = 0;

	for (user = user_next(&id); user; user = user_next(&id)) {
		user_data_shrink(&user->data, &user->lock);
		user_put(user);
	}
}

static DECLARE_WORK(user_reclaim, user_reclaim_work);

void user_reclaim_others(void)
{
	queue_work(user_wq, &user_reclaim);
}

/* --- a life ------------------------------------------------------------------------------- */

static struct se_device *user_alloc(struct se_hba *hba, const char *name)
{
	struct user_device *user = kzalloc(sizeof(*user), GFP_KERNEL);

	if (!user)
		return NULL;
	user->options = (struct user_options) {
		.block_size	= USER_BLOCK_SIZE,
		.max_sectors	= USER_MAX_SECTORS,
		.data_mb	= USER_DATA_MB,
		.block_pages	= 1,
		.ring_mb	= USER_RING_MB,
	};
	user->cmd_time_out = USER_TIME_OUT;
	user->qfull_time_out = -1;
	user->nl_time_out = USER_NL_TIME_OUT;
	user->abort_time_out = USER_ABORT_TIME_OUT;
	mutex_init(&user->reconfig);
	spin_lock_init(&user->wait.lock);
	init_completion(&user->wait.done);
	spin_lock_init(&user->lock);
	INIT_LIST_HEAD(&user->queue);
	INIT_LIST_HEAD(&user->sent);
	INIT_LIST_HEAD(&user->late);
	INIT_LIST_HEAD(&user->kept);
	INIT_LIST_HEAD(&user->tmrs);
	INIT_DELAYED_WORK(&user->tick, user_tick);
	xa_init_flags(&user->ids, XA_FLAGS_ALLOC1);
	return &user->dev;
}

static void user_free(struct se_device *dev)
{
	kfree(user_of(dev));
}

/* "nl_reply_supported" may be negative, which options are not. */
static int user_take_nl_reply(char *text, s32 *reply)
{
	static const char key[] = "nl_reply_supported=";
	char *at = strstr(text, key), *end;
	s8 value;
	int err;

	if (!at || (at != text && !strchr(",\n ", at[-1])))
		return 0;
	end = at + strcspn(at, ",\n");
	if (*end)
		*end++ = '\0';
	err = kstrtos8(strim(at + strlen(key)), 0, &value);
	if (err)
		return err;
	*reply = value;
	memmove(at, end, strlen(end) + 1);
	return 0;
}

static int user_parse_options(struct user_options *options, char *text)
{
	int err = user_take_nl_reply(text, &options->nl_reply);

	if (!err)
		err = target_options_parse(user_option_table, ARRAY_SIZE(user_option_table),
					   options, sizeof(*options), text, strlen(text));
	if (err)
		return err;
	if (!is_power_of_2(options->block_size))
		return -EINVAL;
	return options->block_pages > options->data_mb * (SZ_1M / PAGE_SIZE) ? -EINVAL : 0;
}

static int user_set_params(struct se_device *dev, const char *page, size_t count)
{
	struct user_device *user = user_of(dev);
	struct user_options options = user->options;
	char *text = kmemdup_nul(page, count, GFP_KERNEL);
	int err;

	lockdep_assert_held(&dev->lock);
	if (!text)
		return -ENOMEM;
	err = user_parse_options(&options, text);
	if (!err)
		user->options = options;
	kfree(text);
	return err;
}

static void user_set_limits(struct user_device *user)
{
	const struct user_options *options = &user->options;

	user->dev.limits = (struct target_limits) {
		.blocks		= options->size >> ilog2(options->block_size),
		.block_size	= options->block_size,
		.hw_max_sectors	= options->max_sectors,
		.hw_queue_depth	= USER_QUEUE_DEPTH,
		.device_type	= TYPE_DISK,
	};
}

static int user_alloc_areas(struct user_device *user)
{
	const struct user_options *options = &user->options;
	u32 blocks = options->data_mb * (SZ_1M / PAGE_SIZE) / options->block_pages;
	int err;

	user->ring_bytes = options->ring_mb * SZ_1M;
	err = user_data_alloc(&user->data, blocks, options->block_pages);
	if (err)
		return err;
	user->data.first = user->ring_bytes >> PAGE_SHIFT;
	user->map_pages = user->data.first + (unsigned long)blocks * options->block_pages;
	err = user_ring_alloc(&user->ring, user->ring_bytes);
	if (err)
		user_data_free(&user->data);
	return err;
}

static void user_free_areas(struct user_device *user)
{
	user_ring_free(&user->ring);
	user_data_free(&user->data);
}

/* Whoever opens it at once finds it complete. */
static int user_configure(struct se_device *dev)
{
	struct user_device *user = user_of(dev);
	int err;

	lockdep_assert_held(&dev->lock);
	err = user_alloc_areas(user);
	if (err)
		return err;
	user_set_limits(user);
	err = xa_alloc_cyclic(&user_devices, &user->id, user, XA_LIMIT(1, S32_MAX), &user_next_id,
			      GFP_KERNEL);
	if (err < 0)
		goto out_free;
	user_recovery_changed(user);
	err = user_uio_register(user);
	if (err)
		goto out_erase;
	return 0;

out_erase:
	xa_erase(&user_devices, user->id);
	synchronize_rcu();
	wait_var_event(&user->holders, !atomic_read(&user->holders));
	cancel_delayed_work_sync(&user->tick);
out_free:
	user_free_areas(user);
	return err;
}

static int user_announce(struct se_device *dev)
{
	struct user_device *user = user_of(dev);
	int err;

	/* Who changes something meanwhile waits until it is there. */
	guard(mutex)(&user->reconfig);
	err = user_netlink_added(user);
	if (err)
		user_netlink_withdrawn(user);
	else
		user->announced = true;
	return err;
}

/* What the daemon still has of commands that were given up. */
static void user_drop_late(struct user_device *user)
{
	LIST_HEAD(cmds);

	scoped_guard(spinlock, &user->lock)
		user_forget(user, &cmds, TCM_LOGICAL_UNIT_COMMUNICATION_FAILURE);
	user_cmds_end(user, &cmds);
	WARN_ON_ONCE(!list_empty(&user->queue));
}

/* Who holds it, found it by its number, or will tell the daemon: soon over. */
static void user_unconfigure(struct se_device *dev)
{
	struct user_device *user = user_of(dev);

	if (user->announced)
		user_netlink_removed(user);
	xa_erase(&user_devices, user->id);
	synchronize_rcu();
	wait_var_event(&user->holders, !atomic_read(&user->holders));
	user_uio_unregister(user);
	cancel_delayed_work_sync(&user->tick);
	user_drop_late(user);
	cancel_delayed_work_sync(&user->tick);
	xa_destroy(&user->ids);
	user_free_areas(user);
	user->open = false;
	user->broken = false;
}

static ssize_t user_show_info(struct se_device *dev, char *page, size_t size)
{
	const struct user_options *options = &user_of(dev)->options;

	lockdep_assert_held(&dev->lock);
	return scnprintf(page, size,
			 "        Config: %s Size: %llu MaxDataAreaMB: %u DataPagesPerBlk: %u CmdRingSizeMB: %u\n",
			 options->config[0] ? options->config : "NULL", options->size,
			 options->data_mb, options->block_pages, options->ring_mb);
}

int user_resize(struct user_device *user, u64 bytes)
{
	u64 blocks = bytes >> ilog2(user->options.block_size);
	int err = 0;

	if (bytes > S64_MAX)
		return -ERANGE;
	guard(mutex)(&user->dev.lock);
	if (target_dev_configured(&user->dev) && blocks != user->dev.limits.blocks)
		err = target_dev_resized_locked(&user->dev, blocks);
	if (!err)
		WRITE_ONCE(user->options.size, bytes);
	return err;
}

static const struct target_backend_ops user_ops = {
	.name		= "user",
	.owner		= THIS_MODULE,
	.flags		= TARGET_BACKEND_PASSTHROUGH,
	.alloc		= user_alloc,
	.configure	= user_configure,
	.announce	= user_announce,
	.unconfigure	= user_unconfigure,
	.free		= user_free,
	.show_info	= user_show_info,
	.set_params	= user_set_params,
	.parse_cdb	= user_parse_cdb,
	.abort		= user_abort,
	.unlink		= user_unlink,
	.attrib_attrs	= user_attribs,
	.action_attrs	= user_actions,
};

static int __init user_init(void)
{
	int err;

	user_attribs_init();
	user_wq = alloc_workqueue("target_user", WQ_MEM_RECLAIM | WQ_UNBOUND, 0);
	if (!user_wq)
		return -ENOMEM;
	err = user_cmd_init();
	if (err)
		goto out_wq;
	err = user_uio_init();
	if (err)
		goto out_cmd;
	err = user_netlink_init();
	if (err)
		goto out_uio;
	err = transport_backend_register(&user_ops);
	if (err)
		goto out_netlink;
	return 0;

out_netlink:
	user_netlink_exit();
out_uio:
	user_uio_exit();
out_cmd:
	user_cmd_exit();
out_wq:
	destroy_workqueue(user_wq);
	return err;
}

static void __exit user_exit(void)
{
	target_backend_unregister(&user_ops);
	user_netlink_exit();
	user_uio_exit();
	user_cmd_exit();
	destroy_workqueue(user_wq);
}

module_init(user_init);
module_exit(user_exit);

MODULE_DESCRIPTION("SCSI target backstore of units that a process serves");
MODULE_LICENSE("GPL");
MODULE_VERSION(TCM_VERSION);
MODULE_ALIAS("target-backstore-user");
