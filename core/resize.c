// SPDX-License-Identifier: GPL-2.0-only
/*
 * The capacity of a logical unit changes while it is in use (SBC-5 4.9).
 *
 * Nobody waits for the commands that run.  Their ranges were inside the unit when they
 * were parsed, and are looked at again before they are run; what runs already is the
 * backstore's, which answers it from what there is, or with an error.
 */
#include <target/target_core_fabric.h>
#include "device.h"
#include "resize.h"
#include "rod.h"
#include "ua.h"

/* The lock keeps the LUNs linked, and with them their ports. */
void target_resize_tell_fabrics(struct se_device *dev)
{
	struct se_lun *lun;

	lockdep_assert_held(&dev->lock);
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
	target_resize_tell_fabrics(dev);
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
