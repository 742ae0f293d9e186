// SPDX-License-Identifier: GPL-2.0-only
/*
 * Blocks and their protection information in memory.
 *
 * Neither a block nor a tuple has to lie in one piece: initiators send what they like.
 */
#include <linux/align.h>
#include <linux/crc-t10dif.h>
#include <linux/highmem.h>
#include <linux/minmax.h>
#include <linux/scatterlist.h>
#include <net/checksum.h>
#include "pi.h"

void target_pi_cursor_init(struct target_pi_cursor *c, struct scatterlist *sg, u64 skip)
{
	while (sg && skip >= sg->length) {
		skip -= sg->length;
		sg = sg_next(sg);
	}
	c->sg = sg;
	c->off = skip;
}

/* The next bytes that lie in one page, at most @n; @n is set to how many. */
static u8 *pi_map(const struct target_pi_cursor *c, u32 *n)
{
	u32 offset = c->sg->offset + c->off;
	struct page *page = pfn_to_page(page_to_pfn(sg_page(c->sg)) + (offset >> PAGE_SHIFT));

	*n = min3(*n, c->sg->length - c->off, (u32)(PAGE_SIZE - offset_in_page(offset)));
	return (u8 *)kmap_local_page(page) + offset_in_page(offset);
}

static void pi_unmap(struct target_pi_cursor *c, u8 *mem, u32 n)
{
	kunmap_local(mem);
	c->off += n;
	if (c->off == c->sg->length) {
		c->sg = sg_next(c->sg);
		c->off = 0;
	}
}

void target_pi_get(struct target_pi_cursor *c, void *buf, u32 len)
{
	u32 done, n;

	for (done = 0; done < len && c->sg; done += n) {
		u8 *mem;

		n = len - done;
		mem = pi_map(c, &n);
		memcpy((u8 *)buf + done, mem, n);
		pi_unmap(c, mem, n);
	}
	memset((u8 *)buf + done, 0, len - done);
}

void target_pi_put(struct target_pi_cursor *c, const void *buf, u32 len)
{
	u32 done, n;

	for (done = 0; done < len && c->sg; done += n) {
		u8 *mem;

		n = len - done;
		mem = pi_map(c, &n);
		memcpy(mem, (const u8 *)buf + done, n);
		pi_unmap(c, mem, n);
	}
}

void target_pi_copy(struct target_pi_cursor *to, struct target_pi_cursor *from, u32 len)
{
	u32 n;

	for (; len && from->sg; len -= n) {
		u8 *mem;

		n = len;
		mem = pi_map(from, &n);
		target_pi_put(to, mem, n);
		pi_unmap(from, mem, n);
	}
}

static __be16 pi_guard_crc(struct target_pi_cursor *c, u32 left)
{
	u16 crc = 0;
	u32 n;

	for (; left && c->sg; left -= n) {
		u8 *mem;

		n = left;
		mem = pi_map(c, &n);
		crc = crc_t10dif_update(crc, mem, n);
		pi_unmap(c, mem, n);
	}
	return cpu_to_be16(crc);
}

static __be16 pi_guard_ip(struct target_pi_cursor *c, u32 len)
{
	__wsum sum = 0;
	u32 done, n;

	for (done = 0; done < len && c->sg; done += n) {
		u8 *mem;

		n = len - done;
		mem = pi_map(c, &n);
		sum = csum_block_add(sum, csum_partial(mem, n, 0), done);
		pi_unmap(c, mem, n);
	}
	return (__force __be16)csum_fold(sum);
}

/* The guard of the block at the cursor, which moves behind it. */
static __be16 pi_guard(const struct target_pi_rule *rule, struct target_pi_cursor *data)
{
	u32 len = 1U << rule->shift;

	return rule->ip ? pi_guard_ip(data, len) : pi_guard_crc(data, len);
}

static u32 pi_ref(const struct target_pi_rule *rule, u32 i)
{
	return rule->counts ? rule->ref + i : rule->ref;
}

/* What a block is given that came without one. */
static u16 pi_app(const struct target_pi_rule *rule, u32 i)
{
	u16 tag;

	if (rule->by_range && target_app_tag_find(&rule->tags, rule->lba + i, &tag))
		return tag;
	return rule->app;
}

bool target_pi_is_escape(const struct target_pi_tuple *t, u8 type)
{
	if (t->app != cpu_to_be16(0xffff))
		return false;
	return type != TARGET_DIF_TYPE3_PROT || t->ref == cpu_to_be32(0xffffffff);
}

void target_pi_generate(const struct target_pi_rule *rule, struct target_pi_cursor data,
			struct target_pi_cursor prot, u32 blocks)
{
	u32 i;

	for (i = 0; i < blocks; i++) {
		struct target_pi_tuple t = {
			.guard	= pi_guard(rule, &data),
			.app	= cpu_to_be16(pi_app(rule, i)),
			.ref	= cpu_to_be32(pi_ref(rule, i)),
		};

		target_pi_put(&prot, &t, sizeof(t));
	}
}

static bool pi_app_is_bad(const struct target_pi_rule *rule, u16 app, u32 i)
{
	u16 tag;

	if ((app ^ rule->app) & rule->app_mask)
		return true;
	return rule->by_range && target_app_tag_find(&rule->tags, rule->lba + i, &tag) &&
	       app != tag;
}

static sense_reason_t pi_verify_tuple(const struct target_pi_rule *rule,
				      const struct target_pi_tuple *t, __be16 guard, u32 i)
{
	if (target_pi_is_escape(t, rule->type))
		return TCM_NO_SENSE;
	if (rule->checks & TARGET_DIF_CHECK_GUARD && t->guard != guard)
		return TCM_LOGICAL_BLOCK_GUARD_CHECK_FAILED;
	if (rule->checks & TARGET_DIF_CHECK_APPTAG && pi_app_is_bad(rule, be16_to_cpu(t->app), i))
		return TCM_LOGICAL_BLOCK_APP_TAG_CHECK_FAILED;
	if (rule->checks & TARGET_DIF_CHECK_REFTAG && be32_to_cpu(t->ref) != pi_ref(rule, i))
		return TCM_LOGICAL_BLOCK_REF_TAG_CHECK_FAILED;
	return TCM_NO_SENSE;
}

sense_reason_t target_pi_verify(const struct target_pi_rule *rule, struct target_pi_cursor data,
				struct target_pi_cursor prot, u32 blocks, u32 *bad)
{
	sense_reason_t why = TCM_NO_SENSE;
	u32 i;

	if (!rule->checks)
		return TCM_NO_SENSE;
	for (i = 0; i < blocks && !why; i++) {
		struct target_pi_tuple t;
		__be16 guard = 0;

		target_pi_get(&prot, &t, sizeof(t));
		if (rule->checks & TARGET_DIF_CHECK_GUARD)
			guard = pi_guard(rule, &data);
		why = pi_verify_tuple(rule, &t, guard, i);
		*bad = i;
	}
	return why;
}

void target_pi_convert(const struct target_pi_rule *rule, struct target_pi_cursor data,
		       struct target_pi_cursor from, struct target_pi_cursor to, u32 blocks)
{
	for (; blocks; blocks--) {
		__be16 guard = pi_guard(rule, &data);
		struct target_pi_tuple t;

		target_pi_get(&from, &t, sizeof(t));
		if (!target_pi_is_escape(&t, rule->type))
			t.guard = guard;
		target_pi_put(&to, &t, sizeof(t));
	}
}

void target_pi_split(struct target_pi_cursor wire, struct target_pi_cursor data,
		     struct target_pi_cursor prot, u32 blocks, u8 shift)
{
	for (; blocks; blocks--) {
		target_pi_copy(&data, &wire, 1U << shift);
		target_pi_copy(&prot, &wire, TARGET_PI_BYTES);
	}
}

void target_pi_join(struct target_pi_cursor data, struct target_pi_cursor prot,
		    struct target_pi_cursor wire, u32 len, u8 shift)
{
	while (len) {
		u32 n = min(len, 1U << shift);

		target_pi_copy(&wire, &data, n);
		len -= n;
		n = min_t(u32, len, TARGET_PI_BYTES);
		target_pi_copy(&wire, &prot, n);
		len -= n;
	}
}
