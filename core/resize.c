// SPDX-License-Identifier: GPL-2.0-only
/*
 * The capacity of a logical unit changes while it is in use (SBC-5 4.9), or its limits.
 *
 * Nobody waits for the commands that run.  Their ranges were inside the unit when they
 * were parsed, and are looked at again before they are run; what runs already is the
 * backstore's, which answers it from what there is, or with an error.
 */
#include <target/target_core_fabric.h>
#include "attrib.h"
#include "device.h"
#include "rod.h"
#include "ua.h"

/* dev->lock keeps the LUNs linked, and with them their ports. */
static void resize_tell_fabrics(struct se_device *dev)
{
	struct se_lun *lun;

	list_for_each_entry(lun, &dev->luns, dev_node) {
		const struct target_core_fabric_ops *tfo = lun->lun_tpg->se_tpg_tfo;

		if (tfo->lun_resized)
			tfo->lun_resized(lun->lun_tpg, lun);
	}
}

int target_dev_resized_locked(struct se_device *dev, u64 blocks)
{
	u64 old = dev->blocks;

	lockdep_assert_held(&dev->lock);
	if (!dev->configured)
		return -ENODEV;
	if (!target_device_scale(dev, blocks, dev->dev_attrib.block_size))
		return -EINVAL;
	dev->limits.blocks = blocks;
	target_device_set_block_size(dev, dev->dev_attrib.block_size);
	if (dev->blocks == old)
		return 0;
	/* What a token stood for has gone, and does not come back. */
	if (dev->blocks < old)
		target_rods_written(dev, dev->blocks, U64_MAX);
	target_ua_set_all(dev, TARGET_UA_CAPACITY_CHANGED, NULL);
	resize_tell_fabrics(dev);
	if (dev->transport->space)
		target_provision_changed(dev);
	return 0;
}
TARGET_EXPORT(target_dev_resized_locked);

int target_dev_resized(struct se_device *dev, u64 blocks)
{
	guard(mutex)(&dev->lock);
	return target_dev_resized_locked(dev, blocks);
}
TARGET_EXPORT(target_dev_resized);

/* What can be deallocated no more may still be asked for: that is a wish. */
static void resize_keep_unmap(const struct target_limits *was, struct target_limits *now)
{
	if (now->max_unmap_blocks)
		return;
	now->max_unmap_blocks = was->max_unmap_blocks;
	now->max_unmap_descs = was->max_unmap_descs;
	now->unmap_granularity = was->unmap_granularity;
	now->unmap_alignment = was->unmap_alignment;
}

/* Commands that run read them, one at a time. */
static bool resize_set_limits(struct target_limits *limits, const struct target_limits *now)
{
	bool changed = limits->io_min != now->io_min || limits->io_opt != now->io_opt;

	WRITE_ONCE(limits->io_min, now->io_min);
	WRITE_ONCE(limits->io_opt, now->io_opt);
	WRITE_ONCE(limits->hw_max_sectors, now->hw_max_sectors);
	WRITE_ONCE(limits->max_unmap_blocks, now->max_unmap_blocks);
	WRITE_ONCE(limits->max_unmap_descs, now->max_unmap_descs);
	WRITE_ONCE(limits->unmap_granularity, now->unmap_granularity);
	WRITE_ONCE(limits->unmap_alignment, now->unmap_alignment);
	WRITE_ONCE(limits->max_write_same, now->max_write_same);
	WRITE_ONCE(limits->atomic_max_len, now->atomic_max_len);
	WRITE_ONCE(limits->atomic_alignment, now->atomic_alignment);
	WRITE_ONCE(limits->atomic_granularity, now->atomic_granularity);
	WRITE_ONCE(limits->atomic_max_with_boundary, now->atomic_max_with_boundary);
	WRITE_ONCE(limits->atomic_max_boundary, now->atomic_max_boundary);
	return changed;
}

void target_dev_limits_changed_locked(struct se_device *dev, const struct target_limits *limits)
{
	struct target_limits now = *limits;
	bool changed;

	lockdep_assert_held(&dev->lock);
	if (!dev->configured)
		return;
	resize_keep_unmap(&dev->limits, &now);
	changed = target_attrib_follow(dev, &now);
	changed |= resize_set_limits(&dev->limits, &now);
	if (!changed)
		return;
	target_ua_set_all(dev, TARGET_UA_INQUIRY_CHANGED, NULL);
	resize_tell_fabrics(dev);
}
TARGET_EXPORT(target_dev_limits_changed_locked);
