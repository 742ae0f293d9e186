// SPDX-License-Identifier: GPL-2.0-only
/*
 * Application tags by ranges of blocks (SBC-5 4.21, 6.5.3).
 *
 * With ATMPE the unit knows what the application tag of a block is: it checks it where
 * xPROTECT asks for that, and gives it to blocks that come without any.
 */
#include <linux/unaligned.h>
#include "app_tag.h"

#define APP_TAG_LAST	0x80	/* byte 0 of a descriptor */
#define APP_TAG_AT	6
#define APP_TAG_LBA_AT	8
#define APP_TAG_COUNT_AT 16

void target_app_tags_changeable(struct target_app_tags *v)
{
	unsigned int i;

	memset(v, 0, sizeof(*v));
	v->atmpe = true;
	for (i = 0; i < TARGET_APP_TAG_RANGES; i++) {
		v->range[i].last = true;
		v->range[i].tag = U16_MAX;
		v->range[i].lba = U64_MAX;
		v->range[i].blocks = U64_MAX;
	}
}

void target_app_tags_init(struct se_device *dev)
{
	spin_lock_init(&dev->app_tags_lock);
}

void target_app_tags_get(struct target_app_tags *v, const struct se_device *dev)
{
	memcpy(v, &dev->app_tags, sizeof(*v));
}

void target_app_tags_set(struct se_device *dev, const struct target_app_tags *v)
{
	lockdep_assert_held(&dev->lock);
	guard(spinlock_irqsave)(&dev->app_tags_lock);
	memcpy(&dev->app_tags, v, sizeof(*v));
}

bool target_app_tags_copy(struct target_app_tags *v, struct se_device *dev)
{
	if (likely(!READ_ONCE(dev->app_tags.atmpe)))
		return false;
	guard(spinlock_irqsave)(&dev->app_tags_lock);
	memcpy(v, &dev->app_tags, sizeof(*v));
	return v->atmpe;
}

/* A first range without blocks: there are no others. */
static bool app_tag_is_none(unsigned int i, const struct target_app_tag *range)
{
	return !i && !range->blocks;
}

bool target_app_tag_find(const struct target_app_tags *v, u64 lba, u16 *tag)
{
	unsigned int i;

	for (i = 0; i < TARGET_APP_TAG_RANGES; i++) {
		const struct target_app_tag *range = &v->range[i];

		if (app_tag_is_none(i, range))
			break;
		if (lba >= range->lba && lba - range->lba < range->blocks) {
			*tag = range->tag;
			return true;
		}
		if (range->last)
			break;
	}
	return false;
}

static u32 app_tag_at(unsigned int i)
{
	return TARGET_APP_TAG_HEADER_LEN + i * TARGET_APP_TAG_DESC_LEN;
}

void target_app_tags_fill(u8 *p, const struct target_app_tags *v)
{
	unsigned int i;

	for (i = 0; i < TARGET_APP_TAG_RANGES; i++) {
		const struct target_app_tag *range = &v->range[i];
		u8 *d = p + app_tag_at(i);

		d[0] = range->last || app_tag_is_none(i, range) ? APP_TAG_LAST : 0;
		put_unaligned_be16(range->tag, d + APP_TAG_AT);
		put_unaligned_be64(range->lba, d + APP_TAG_LBA_AT);
		put_unaligned_be64(range->blocks, d + APP_TAG_COUNT_AT);
	}
}

void target_app_tags_take(struct target_app_tags *v, const u8 *p)
{
	unsigned int i;

	for (i = 0; i < TARGET_APP_TAG_RANGES; i++) {
		struct target_app_tag *range = &v->range[i];
		const u8 *d = p + app_tag_at(i);

		range->tag = get_unaligned_be16(d + APP_TAG_AT);
		range->lba = get_unaligned_be64(d + APP_TAG_LBA_AT);
		range->blocks = get_unaligned_be64(d + APP_TAG_COUNT_AT);
		range->last = d[0] & APP_TAG_LAST && !app_tag_is_none(i, range);
	}
}

/*
 * One range begins where the one before ends, the first at block 0 and the last ends with
 * the medium: that is, as the standard words it, with its last address, or behind it.  No
 * blocks at all are no ranges.
 */
u8 target_app_tags_bad(const struct se_device *dev, const u8 *p, u8 *bit)
{
	struct target_app_tags v;
	unsigned int i;
	u64 end = 0;

	*bit = 7;
	target_app_tags_take(&v, p);
	for (i = 0; i < TARGET_APP_TAG_RANGES; i++) {
		const struct target_app_tag *range = &v.range[i];

		if (range->lba != end)
			return app_tag_at(i) + APP_TAG_LBA_AT;
		if (range->blocks > dev->blocks - end)
			return app_tag_at(i) + APP_TAG_COUNT_AT;
		end += range->blocks;
		if (!(p[app_tag_at(i)] & APP_TAG_LAST))
			continue;
		if (end == dev->blocks || end == dev->blocks - 1 || !(i || end))
			return 0;
		return app_tag_at(i) + APP_TAG_COUNT_AT;
	}
	return app_tag_at(TARGET_APP_TAG_RANGES - 1);
}
