// SPDX-License-Identifier: GPL-2.0-only
/*
 * The limits of a medium change while it is in use, and nobody says so: a volume is put
 * on other disks, a cache is switched on.  So its backstore is asked once a second, and
 * what has changed is the unit's from then on.  Until that is noticed, the backstore
 * splits and fails transfers by the limits that hold.
 *
 * What initiators have read of the unit, they are told to read again.  Only one thing
 * cannot change below them: the size of a block, by which they address.  A unit with
 * blocks that are smaller than those the medium now takes says that its medium is not
 * formatted (SBC-5 4.11), until the medium has such blocks again, or no LUN is left.
 */
#include <linux/blk_types.h>
#include <linux/log2.h>
#include <linux/sizes.h>
#include <linux/workqueue.h>
#include "attrib.h"
#include "device.h"
#include "follow.h"
#include "pi.h"
#include "power.h"
#include "resize.h"
#include "sbc.h"
#include "ua.h"

#define FOLLOW_TIME	HZ

/* Of what initiators know: a bit for each unit attention that says so. */
#define FOLLOW_INQUIRY	BIT(TARGET_UA_INQUIRY_CHANGED)
#define FOLLOW_CAPACITY	BIT(TARGET_UA_CAPACITY_CHANGED)
#define FOLLOW_MODE	BIT(TARGET_UA_MODE_CHANGED)

static struct workqueue_struct *target_follow_wq;

static u32 follow_if(bool changed, u32 what)
{
	return changed ? what : 0;
}

/* What can be deallocated no more may still be asked for: that is a wish. */
static void follow_keep_unmap(const struct target_limits *was, struct target_limits *now)
{
	if (now->max_unmap_blocks)
		return;
	now->max_unmap_blocks = was->max_unmap_blocks;
	now->max_unmap_descs = was->max_unmap_descs;
	now->unmap_granularity = was->unmap_granularity;
	now->unmap_alignment = was->unmap_alignment;
	now->unmap_zeroes = was->unmap_zeroes;
}

/* Commands that run read them, one at a time. */
static u32 follow_set_limits(struct target_limits *limits, const struct target_limits *now)
{
	u32 told = follow_if(limits->io_min != now->io_min || limits->io_opt != now->io_opt,
			     FOLLOW_INQUIRY);

	told |= follow_if(limits->align_blocks != now->align_blocks ||
			  limits->unmap_zeroes != now->unmap_zeroes, FOLLOW_CAPACITY);
	WRITE_ONCE(limits->phys_exp, now->phys_exp);
	WRITE_ONCE(limits->align_blocks, now->align_blocks);
	WRITE_ONCE(limits->io_min, now->io_min);
	WRITE_ONCE(limits->io_opt, now->io_opt);
	WRITE_ONCE(limits->hw_max_sectors, now->hw_max_sectors);
	WRITE_ONCE(limits->hw_queue_depth, now->hw_queue_depth);
	WRITE_ONCE(limits->max_unmap_blocks, now->max_unmap_blocks);
	WRITE_ONCE(limits->max_unmap_descs, now->max_unmap_descs);
	WRITE_ONCE(limits->unmap_granularity, now->unmap_granularity);
	WRITE_ONCE(limits->unmap_alignment, now->unmap_alignment);
	WRITE_ONCE(limits->unmap_zeroes, now->unmap_zeroes);
	WRITE_ONCE(limits->max_write_same, now->max_write_same);
	WRITE_ONCE(limits->atomic_max_len, now->atomic_max_len);
	WRITE_ONCE(limits->atomic_alignment, now->atomic_alignment);
	WRITE_ONCE(limits->atomic_granularity, now->atomic_granularity);
	WRITE_ONCE(limits->atomic_max_with_boundary, now->atomic_max_with_boundary);
	WRITE_ONCE(limits->atomic_max_boundary, now->atomic_max_boundary);
	WRITE_ONCE(limits->nonrot, now->nonrot);
	return told;
}

/* Who writes finds out that he must not; a cache that is there is to be flushed. */
static u32 follow_state(struct se_device *dev, const struct target_limits *now)
{
	struct target_limits *limits = &dev->limits;

	if (limits->read_only != now->read_only)
		WRITE_ONCE(limits->read_only, now->read_only);
	if (limits->write_cache == now->write_cache)
		return 0;
	WRITE_ONCE(limits->write_cache, now->write_cache);
	WRITE_ONCE(dev->dev_attrib.emulate_write_cache, now->write_cache);
	return FOLLOW_MODE;
}

/* --- the size of a block ----------------------------------------------------------------- */

/* Is a block of the unit made of whole blocks of the medium, or of parts that can be written? */
static bool follow_fits(const struct se_device *dev, const struct target_limits *now)
{
	return !now->whole_blocks || now->block_size <= dev->dev_attrib.block_size;
}

static bool follow_is_valid(const struct target_limits *now)
{
	return now->blocks && now->block_size >= SECTOR_SIZE && now->block_size <= SZ_4K &&
	       is_power_of_2(now->block_size);
}

/* The capacity stays, counted anew. */
static void follow_set_block_size(struct se_device *dev, u32 block_size)
{
	u64 bytes = target_dev_capacity(dev);

	WRITE_ONCE(dev->limits.blocks, bytes >> ilog2(block_size));
	WRITE_ONCE(dev->limits.block_size, block_size);
}

/*
 * A unit that nobody sees begins again with the medium's blocks, as after enable. What
 * protects those that were goes with them.
 */
static bool follow_take_blocks(struct se_device *dev, const struct target_limits *now)
{
	if (!target_dev_unexported(dev) || target_pi_format(dev, dev->dev_attrib.pi_prot_type))
		return false;
	dev->limits = *now;
	target_attrib_from_limits(dev);
	target_device_set_block_size(dev, now->block_size);
	return true;
}

/* Return: can the unit be used with such blocks? */
static bool follow_blocks(struct se_device *dev, const struct target_limits *now)
{
	if (likely(now->block_size == dev->limits.block_size))
		return true;
	if (!follow_is_valid(now))
		return false;
	if (!follow_fits(dev, now))
		return follow_take_blocks(dev, now);
	return true;
}

/* --- all of them ------------------------------------------------------------------------- */

static u32 follow_limits(struct se_device *dev, struct target_limits *now)
{
	u8 exp = target_sbc_phys_exp(dev);
	u32 told;

	follow_keep_unmap(&dev->limits, now);
	told = follow_if(target_attrib_follow(dev, now), FOLLOW_INQUIRY);
	told |= follow_if(target_sbc_phys_exp(dev) != exp, FOLLOW_CAPACITY);
	told |= follow_set_limits(&dev->limits, now);
	if (now->block_size != dev->limits.block_size)
		follow_set_block_size(dev, now->block_size);
	return told;
}

/* Protection information that the medium keeps, of the unit's blocks. Nobody shall miss it. */
static void follow_prot(struct se_device *dev, const struct target_limits *now)
{
	bool fits = now->block_size == dev->dev_attrib.block_size;
	u8 type = fits ? now->hw_prot_type : TARGET_DIF_TYPE0_PROT;

	if (likely(type == dev->limits.hw_prot_type) || !target_dev_unexported(dev))
		return;
	dev->limits.hw_prot_type = type;
	target_attrib_take_prot(dev);
}

static void follow_tell(struct se_device *dev, u32 told)
{
	enum target_ua ua;

	if (!told)
		return;
	for (ua = 0; ua < TARGET_UA_COUNT; ua++)
		if (told & BIT(ua))
			target_ua_set_all(dev, ua, NULL);
	target_resize_tell_fabrics(dev);
}

void target_dev_limits_changed_locked(struct se_device *dev, const struct target_limits *limits)
{
	struct target_limits now = *limits;
	u32 told;

	lockdep_assert_held(&dev->lock);
	if (!dev->configured)
		return;
	told = follow_state(dev, &now);
	if (follow_blocks(dev, &now)) {
		target_power_release(dev, TARGET_BLOCKS_UNFIT);
		told |= follow_limits(dev, &now);
		follow_prot(dev, &now);
	} else {
		target_power_hold(dev, TARGET_BLOCKS_UNFIT);
		now.blocks = dev->limits.blocks;
	}
	WRITE_ONCE(dev->dev_attrib.hw_block_size, now.block_size);
	follow_tell(dev, told);
	if (now.blocks != dev->limits.blocks)
		target_dev_resized_locked(dev, now.blocks);
}
TARGET_EXPORT(target_dev_limits_changed_locked);

/* --- once a second ------------------------------------------------------------------------ */

static int follow_look(struct se_device *dev)
{
	struct target_limits now;
	int err;

	guard(mutex)(&dev->lock);
	now = dev->limits;
	err = dev->transport->read_limits(dev, &now);
	if (!err)
		target_dev_limits_changed_locked(dev, &now);
	return err;
}

static void follow_again(struct se_device *dev)
{
	queue_delayed_work(target_follow_wq, &dev->follow, FOLLOW_TIME);
}

static void follow_work(struct work_struct *work)
{
	struct se_device *dev = container_of(to_delayed_work(work), struct se_device, follow);

	if (follow_look(dev) != -EOPNOTSUPP)
		follow_again(dev);
}

/* On an idle machine, none is woken up to look. */
void target_follow_alloc(struct se_device *dev)
{
	INIT_DEFERRABLE_WORK(&dev->follow, follow_work);
}

void target_follow_start(struct se_device *dev)
{
	if (dev->transport->read_limits)
		follow_again(dev);
}

void target_follow_stop(struct se_device *dev)
{
	/* Who looks asks nobody, and has the lock for a moment. */
	cancel_delayed_work_sync(&dev->follow);
}

int target_follow_init(void)
{
	/* Not for memory reclaim: nobody who frees memory waits for it. */
	target_follow_wq = alloc_workqueue("target_follow", WQ_UNBOUND, 0);
	return target_follow_wq ? 0 : -ENOMEM;
}

void target_follow_exit(void)
{
	destroy_workqueue(target_follow_wq);
}
