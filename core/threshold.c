// SPDX-License-Identifier: GPL-2.0-only
/*
 * Two thresholds: what is available gets low, what is used gets high.  Each is told
 * once, when it is crossed, and again only after the value has been back on the
 * other side by half a threshold set.  The backstore says when something changes;
 * as long as no threshold is enabled that costs it one load.
 */
#include <linux/log2.h>
#include <linux/sizes.h>
#include <linux/unaligned.h>
#include "sbc.h"
#include "threshold.h"
#include "ua.h"

#define THRESHOLD_SET		SZ_1M	/* bytes, unless so many of them don't fit in 32 bits */
#define THRESHOLD_ENABLED	0x80	/* byte 0 of a descriptor */

/* THRESHOLD ARMING, THRESHOLD RESOURCE, and what a notification is. */
static const struct {
	u8		arming;
	u8		resource;
	enum target_ua	ua;
} thresholds[TARGET_THRESHOLDS] = {
	[TARGET_THRESHOLD_AVAILABLE] = { 0, 0x01, TARGET_UA_AVAILABLE_LOW },
	[TARGET_THRESHOLD_USED]	     = { 1, 0x02, TARGET_UA_USED_HIGH },
};

void target_thresholds_init(struct se_device *dev)
{
	spin_lock_init(&dev->thresholds.lock);
}

bool target_threshold_supported(const struct se_device *dev)
{
	return dev->transport->space && !dev->limits.space_unknown && target_sbc_thin(dev);
}

static u8 threshold_exponent(const struct se_device *dev)
{
	u8 exponent = ilog2(THRESHOLD_SET) - dev->block_shift;

	while (dev->blocks >> exponent > U32_MAX)
		exponent++;
	return exponent;
}

u8 target_threshold_exponent(const struct se_device *dev)
{
	return target_threshold_supported(dev) ? threshold_exponent(dev) : 0;
}

bool target_threshold_counts(struct se_device *dev, u32 *used, u32 *available)
{
	u64 used_blocks, available_blocks;
	u8 exponent;

	if (!target_threshold_supported(dev))
		return false;
	exponent = threshold_exponent(dev);
	dev->transport->space(dev, &used_blocks, &available_blocks);
	*used = (used_blocks + (1ULL << exponent) - 1) >> exponent;
	*available = available_blocks >> exponent;
	return true;
}

void target_threshold_get(struct target_threshold_values *v, const struct se_device *dev)
{
	const struct target_thresholds *t = &dev->thresholds;
	unsigned int i;

	memset(v, 0, sizeof(*v));
	for (i = 0; i < TARGET_THRESHOLDS; i++) {
		v->count[i] = t->count[i];
		v->enabled[i] = t->enabled[i];
	}
	v->lbpere = t->lbpere;
}

void target_threshold_get_changeable(struct target_threshold_values *v)
{
	unsigned int i;

	memset(v, 0, sizeof(*v));
	for (i = 0; i < TARGET_THRESHOLDS; i++) {
		v->count[i] = U32_MAX;
		v->enabled[i] = true;
	}
	v->lbpere = true;
}

void target_threshold_fill(u8 *p, const struct target_threshold_values *v, bool changeable)
{
	unsigned int i;

	for (i = 0; i < TARGET_THRESHOLDS; i++) {
		u8 *desc = p + target_threshold_offset(i);

		desc[0] = v->enabled[i] ? THRESHOLD_ENABLED : 0;
		put_unaligned_be32(v->count[i], desc + 4);
		if (changeable)
			continue;
		desc[0] |= thresholds[i].arming;
		desc[1] = thresholds[i].resource;
	}
}

void target_threshold_take(struct target_threshold_values *v, const u8 *p)
{
	unsigned int i;

	for (i = 0; i < TARGET_THRESHOLDS; i++) {
		const u8 *desc = p + target_threshold_offset(i);

		v->enabled[i] = desc[0] & THRESHOLD_ENABLED;
		v->count[i] = get_unaligned_be32(desc + 4);
	}
}

/* Where it lies: beyond the threshold, on the side that it came from, or in between. */
enum threshold_side { THRESHOLD_BEYOND, THRESHOLD_BETWEEN, THRESHOLD_BEFORE };

static enum threshold_side threshold_side(enum target_threshold_id id, u64 blocks, u64 count,
					  u8 exponent)
{
	u64 centre = count << exponent, half = 1ULL << (exponent - 1);

	if (id == TARGET_THRESHOLD_AVAILABLE) {
		if (blocks <= centre)
			return THRESHOLD_BEYOND;
		return blocks > centre + half ? THRESHOLD_BEFORE : THRESHOLD_BETWEEN;
	}
	if (blocks >= centre)
		return THRESHOLD_BEYOND;
	return blocks + half < centre ? THRESHOLD_BEFORE : THRESHOLD_BETWEEN;
}

static void threshold_check(struct se_device *dev, enum target_threshold_id id, u64 blocks)
{
	struct target_thresholds *t = &dev->thresholds;
	enum threshold_side side;

	lockdep_assert_held(&t->lock);
	if (!t->enabled[id])
		return;
	side = threshold_side(id, blocks, t->count[id], threshold_exponent(dev));
	if (side == THRESHOLD_BEFORE) {
		t->told[id] = false;
	} else if (side == THRESHOLD_BEYOND && !t->told[id]) {
		t->told[id] = true;
		target_ua_set_all(dev, thresholds[id].ua, NULL);
	}
}

static void threshold_check_all(struct se_device *dev)
{
	u64 used, available;

	if (!dev->thresholds.active || !target_threshold_supported(dev))
		return;
	/* Under the lock, so that who comes last has seen the last change. */
	dev->transport->space(dev, &used, &available);
	threshold_check(dev, TARGET_THRESHOLD_AVAILABLE, available);
	threshold_check(dev, TARGET_THRESHOLD_USED, used);
}

/* Exported in target_core_backend.h. */
void target_threshold_check(struct se_device *dev)
{
	guard(spinlock_irqsave)(&dev->thresholds.lock);
	threshold_check_all(dev);
}
TARGET_EXPORT(target_threshold_check);

void target_threshold_set(struct se_device *dev, const struct target_threshold_values *v)
{
	struct target_thresholds *t = &dev->thresholds;
	bool active = false;
	unsigned int i;

	lockdep_assert_held(&dev->lock);
	guard(spinlock_irqsave)(&t->lock);
	for (i = 0; i < TARGET_THRESHOLDS; i++) {
		if (v->enabled[i] != t->enabled[i] || v->count[i] != t->count[i])
			t->told[i] = false;
		t->enabled[i] = v->enabled[i];
		t->count[i] = v->count[i];
		active |= v->enabled[i];
	}
	t->lbpere = v->lbpere;
	WRITE_ONCE(t->active, active && v->lbpere);
	threshold_check_all(dev);
}
