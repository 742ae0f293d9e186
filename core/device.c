// SPDX-License-Identifier: GPL-2.0-only
/* Logical units. */
#include <linux/jiffies.h>
#include <linux/log2.h>
#include <linux/rcupdate.h>
#include "app_tag.h"
#include "alua.h"
#include "attrib.h"
#include "background.h"
#include "buffer.h"
#include "cmd.h"
#include "delay.h"
#include "device.h"
#include "follow.h"
#include "itl.h"
#include "lba_map.h"
#include "log.h"
#include "lun.h"
#include "mode_save.h"
#include "order.h"
#include "passthrough.h"
#include "pr_save.h"
#include "range.h"
#include "reserve.h"
#include "rod.h"
#include "sbc.h"
#include "threshold.h"

static DEFINE_MUTEX(target_device_mutex);	/* target_devices, its count */
static LIST_HEAD(target_devices);		/* struct se_device::dev_list */
static unsigned int target_devices_count;
static u32 target_device_index;			/* never used twice */

struct se_device *target_device_alloc(struct se_hba *hba, const char *name)
{
	struct se_device *dev = hba->transport->alloc(hba, name);

	if (!dev)
		return ERR_PTR(-ENOMEM);
	dev->transport = hba->transport;
	dev->se_hba = hba;
	dev->hba_index = hba->hba_index;
	mutex_init(&dev->lock);
	spin_lock_init(&dev->lun_lock);
	INIT_LIST_HEAD(&dev->luns);
	INIT_LIST_HEAD(&dev->tg_pt_gps);
	INIT_LIST_HEAD(&dev->lu_gp_node);
	target_follow_alloc(dev);
	target_ranges_init(dev);
	target_sbc_reset_orwrite(dev);
	target_task_set_init(dev);
	target_delays_init(dev);
	target_thresholds_init(dev);
	target_app_tags_init(dev);
	target_rods_init(dev);
	target_reservations_init(dev);
	target_log_init(dev);
	if (target_device_live_alloc(dev)) {
		target_reservations_exit(dev);
		dev->transport->free(dev);
		return ERR_PTR(-ENOMEM);
	}
	target_attrib_set_defaults(dev);
	strscpy(dev->t10_wwn.vendor, "LIO-ORG", sizeof(dev->t10_wwn.vendor));
	dev->t10_wwn.company_id = 0x001405;

	guard(mutex)(&target_device_mutex);
	list_add_tail(&dev->dev_list, &target_devices);
	target_devices_count++;
	return dev;
}

u64 target_device_scale(const struct se_device *dev, u64 blocks, u32 block_size)
{
	u32 hw_size = dev->limits.block_size;

	return block_size >= hw_size ? blocks >> (ilog2(block_size) - ilog2(hw_size)) :
				       blocks << (ilog2(hw_size) - ilog2(block_size));
}

void target_device_set_block_size(struct se_device *dev, u32 block_size)
{
	lockdep_assert_held(&dev->lock);
	dev->dev_attrib.block_size = block_size;
	dev->block_shift = ilog2(block_size);
	WRITE_ONCE(dev->blocks, target_device_scale(dev, dev->limits.blocks, block_size));
}

static int target_device_configure_locked(struct se_device *dev)
{
	int err;

	if (dev->configured || dev->announcing)
		return -EEXIST;
	err = dev->transport->configure(dev);
	if (err)
		return err;
	target_attrib_from_limits(dev);
	target_device_set_block_size(dev, dev->dev_attrib.block_size);
	dev->creation_time = get_jiffies_64();
	if (dev->transport->announce)
		dev->announcing = true;
	else
		WRITE_ONCE(dev->configured, true);
	return 0;
}

/* Who hears of it reads its files, which take the lock. */
static int target_device_announce(struct se_device *dev)
{
	int err = dev->transport->announce(dev);

	guard(mutex)(&dev->lock);
	dev->announcing = false;
	if (err)
		dev->transport->unconfigure(dev);
	else
		WRITE_ONCE(dev->configured, true);
	return err;
}

int target_device_configure(struct se_device *dev)
{
	int err;

	scoped_guard(mutex, &dev->lock)
		err = target_device_configure_locked(dev);
	if (!err && dev->transport->announce)
		err = target_device_announce(dev);
	if (err)
		return err;
	scoped_guard(mutex, &target_device_mutex)
		dev->dev_index = ++target_device_index;
	err = target_lu_gp_join(dev, NULL);
	WARN_ON_ONCE(err);
	target_follow_start(dev);
	return 0;
}

/* Whoever found the device in se_lun::lun_se_dev under RCU has looked away. */
static void target_device_free_rcu(struct rcu_head *head)
{
	struct se_device *dev = container_of(head, struct se_device, rcu);

	dev->transport->free(dev);
}

void target_device_free(struct se_device *dev)
{
	const struct target_backend_ops *ops = dev->transport;

	scoped_guard(mutex, &target_device_mutex) {
		list_del(&dev->dev_list);
		target_devices_count--;
	}
	WARN_ON_ONCE(dev->export_count || !list_empty(&dev->luns));
	target_task_set_exit(dev);
	target_delays_exit(dev);
	target_ranges_exit(dev);
	target_follow_stop(dev);
	if (dev->configured) {
		target_lu_gp_leave(dev);
		ops->unconfigure(dev);
	}
	target_device_live_free(dev);
	target_buffer_free(dev);
	kfree(dev->mode_saved);
	target_lba_map_exit(dev);
	target_reservations_exit(dev);
	mutex_destroy(&dev->lock);
	call_rcu(&dev->rcu, target_device_free_rcu);
}

int target_device_export(struct se_device *dev, struct se_lun *lun)
{
	/* What a device that sees all commands has saved, it has itself. */
	if (target_dev_configured(dev) && !target_is_passthrough(dev))
		target_mode_load(dev);
	if (target_dev_configured(dev) && dev->dev_attrib.pgr_support)
		target_pr_load(dev);
	guard(mutex)(&dev->lock);
	if (!dev->configured)
		return -ENODEV;
	dev->export_count++;
	scoped_guard(spinlock_irqsave, &dev->lun_lock)
		list_add_tail(&lun->dev_node, &dev->luns);
	return 0;
}

static bool target_device_unexport_locked(struct se_device *dev, struct se_lun *lun)
{
	guard(mutex)(&dev->lock);
	scoped_guard(spinlock_irqsave, &dev->lun_lock) {
		list_del_init(&lun->dev_node);
		target_lun_stats(lun, &dev->past);
		lun->past = (struct target_io_stats){};
	}
	return !--dev->export_count;
}

void target_device_unexport(struct se_device *dev, struct se_lun *lun)
{
	/* What goes on in the unit ends with its last LUN, and so do its tokens. */
	if (target_device_unexport_locked(dev, lun)) {
		target_background_stop(dev);
		target_rods_exit(dev);
	}
}

void target_device_stats(struct se_device *dev, struct target_io_stats *sum)
{
	struct se_lun *lun;
	unsigned long flags;

	spin_lock_irqsave(&dev->lun_lock, flags);
	*sum = dev->past;
	list_for_each_entry(lun, &dev->luns, dev_node)
		target_lun_stats(lun, sum);
	spin_unlock_irqrestore(&dev->lun_lock, flags);
}

int target_device_for_each(int (*fn)(struct se_device *dev, void *data), void *data)
{
	struct se_device *dev;
	int ret;

	guard(mutex)(&target_device_mutex);
	list_for_each_entry(dev, &target_devices, dev_list) {
		ret = fn(dev, data);
		if (ret)
			return ret;
	}
	return 0;
}

unsigned int target_device_count(void)
{
	guard(mutex)(&target_device_mutex);
	return target_devices_count;
}
