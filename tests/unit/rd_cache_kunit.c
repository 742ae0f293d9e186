// SPDX-License-Identifier: GPL-2.0-only
/* The model of a volatile write cache: what was flushed stays, what was not can be lost. */
#include <kunit/test.h>
#include <linux/mm.h>
#include <linux/scatterlist.h>
#include <linux/slab.h>
#include <backstores/rd.h>

#define CACHE_PAGES	8
#define CACHE_BYTES	(CACHE_PAGES * PAGE_SIZE)

struct rd_cache_test {
	struct rd_pages	store;
	struct rd_pages	prot;
	struct rd_cache	cache;
	u8		*memory;
};

static int rd_cache_test_init(struct kunit *test)
{
	struct rd_cache_test *t = kunit_kzalloc(test, sizeof(*t), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, t);
	t->memory = kunit_kzalloc(test, CACHE_BYTES, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, t->memory);
	rd_pages_init(&t->store, 0);
	rd_pages_init(&t->prot, 0xff);
	rd_cache_init(&t->cache, &t->store, &t->prot);
	test->priv = t;
	return 0;
}

static void rd_cache_test_exit(struct kunit *test)
{
	struct rd_cache_test *t = test->priv;

	if (!t)
		return;
	rd_undo_settle_all(&t->cache.data);
	rd_undo_settle_all(&t->cache.prot);
	rd_pages_exit(&t->store);
	rd_pages_exit(&t->prot);
}

static void cache_move(struct kunit *test, struct rd_undo *undo, u64 pos, u32 len, bool write)
{
	struct rd_cache_test *t = test->priv;
	struct scatterlist sg;
	struct rd_span span = { .sg = &sg, .pos = pos, .left = len };

	sg_init_one(&sg, t->memory, len);
	if (!write) {
		rd_pages_read(undo->store, &span);
		return;
	}
	KUNIT_ASSERT_EQ(test, rd_undo_remember(undo, pos, len), 0);
	KUNIT_ASSERT_EQ(test, rd_pages_write(undo->store, &span, false), 0);
}

static void cache_write(struct kunit *test, struct rd_undo *undo, u64 pos, u32 len, u8 fill)
{
	struct rd_cache_test *t = test->priv;

	memset(t->memory, fill, len);
	cache_move(test, undo, pos, len, true);
}

static void cache_expect(struct kunit *test, struct rd_undo *undo, u64 pos, u32 len, u8 want)
{
	struct rd_cache_test *t = test->priv;

	cache_move(test, undo, pos, len, false);
	KUNIT_EXPECT_PTR_EQ_MSG(test, memchr_inv(t->memory, want, len), NULL, "%llu", pos);
}

/* Of two writes the first is flushed: the second is lost, and a hole is one again. */
static void cache_loses(struct kunit *test)
{
	struct rd_cache_test *t = test->priv;
	struct rd_undo *undo = &t->cache.data;

	cache_write(test, undo, 0, 2 * PAGE_SIZE, 0x11);
	KUNIT_EXPECT_EQ(test, rd_undo_settle(undo, 0, 2 * PAGE_SIZE), 0);
	cache_write(test, undo, 512, 512, 0x22);
	cache_write(test, undo, 3 * PAGE_SIZE, PAGE_SIZE, 0x33);
	cache_write(test, undo, 3 * PAGE_SIZE, 512, 0x44);
	cache_expect(test, undo, 512, 512, 0x22);
	KUNIT_EXPECT_EQ(test, rd_undo_lose(undo, 100), 2UL);
	cache_expect(test, undo, 0, 2 * PAGE_SIZE, 0x11);
	cache_expect(test, undo, 3 * PAGE_SIZE, PAGE_SIZE, 0);
	KUNIT_EXPECT_EQ(test, atomic_long_read(&t->store.used), 2L);
	KUNIT_EXPECT_EQ(test, rd_undo_lose(undo, 100), 0UL);
}

static void cache_keeps(struct kunit *test)
{
	struct rd_cache_test *t = test->priv;
	struct rd_undo *undo = &t->cache.data;

	cache_write(test, undo, 0, 2 * PAGE_SIZE, 0x11);
	KUNIT_EXPECT_EQ(test, rd_undo_lose(undo, 0), 0UL);
	KUNIT_EXPECT_EQ(test, rd_undo_lose(undo, 100), 0UL);
	cache_expect(test, undo, 0, 2 * PAGE_SIZE, 0x11);
}

/* Only the blocks of the range are durable, in pages that were there and in holes. */
static void cache_flushes_parts(struct kunit *test)
{
	struct rd_cache_test *t = test->priv;
	struct rd_undo *undo = &t->cache.data;

	cache_write(test, undo, 0, PAGE_SIZE, 0x11);
	rd_undo_settle_all(undo);
	cache_write(test, undo, 0, 4 * PAGE_SIZE, 0x22);
	KUNIT_EXPECT_EQ(test, rd_undo_settle(undo, 1024, 3 * PAGE_SIZE - 512), 0);
	KUNIT_EXPECT_EQ(test, rd_undo_lose(undo, 100), 2UL);
	cache_expect(test, undo, 0, 1024, 0x11);
	cache_expect(test, undo, 1024, 3 * PAGE_SIZE - 512, 0x22);
	cache_expect(test, undo, 3 * PAGE_SIZE + 512, PAGE_SIZE - 512, 0);
}

/* A flush within one page. */
static void cache_flushes_one_block(struct kunit *test)
{
	struct rd_cache_test *t = test->priv;
	struct rd_undo *undo = &t->cache.data;

	cache_write(test, undo, 0, PAGE_SIZE, 0x22);
	KUNIT_EXPECT_EQ(test, rd_undo_settle(undo, 512, 512), 0);
	cache_write(test, undo, 512, 512, 0x33);
	rd_undo_lose(undo, 100);
	cache_expect(test, undo, 0, 512, 0);
	cache_expect(test, undo, 512, 512, 0x22);
	cache_expect(test, undo, 1024, PAGE_SIZE - 1024, 0);
}

/* What was never written is FFh here, also in a page of which a part is durable. */
static void cache_of_other_holes(struct kunit *test)
{
	struct rd_cache_test *t = test->priv;
	struct rd_undo *undo = &t->cache.prot;

	cache_write(test, undo, 64, 64, 0x22);
	KUNIT_EXPECT_EQ(test, rd_undo_settle(undo, 64, 32), 0);
	rd_undo_lose(undo, 100);
	cache_expect(test, undo, 0, 64, 0xff);
	cache_expect(test, undo, 64, 32, 0x22);
	cache_expect(test, undo, 96, 64, 0xff);
}

static struct page *cache_alloc_none(gfp_t gfp, unsigned long index)
{
	return NULL;
}

/* Without memory nothing is written; a flush of a part of a hole says so. */
static void cache_without_memory(struct kunit *test)
{
	struct rd_cache_test *t = test->priv;
	struct rd_undo *undo = &t->cache.data;

	cache_write(test, undo, 0, PAGE_SIZE, 0x11);
	cache_write(test, undo, PAGE_SIZE, PAGE_SIZE, 0x11);
	KUNIT_EXPECT_EQ(test, rd_undo_settle(undo, 0, PAGE_SIZE), 0);
	t->store.alloc = cache_alloc_none;
	KUNIT_EXPECT_EQ(test, rd_undo_remember(undo, 0, 512), -ENOMEM);
	KUNIT_EXPECT_EQ(test, rd_undo_settle(undo, PAGE_SIZE, 512), -ENOMEM);
	KUNIT_EXPECT_EQ(test, rd_undo_lose(undo, 100), 1UL);
	cache_expect(test, undo, 0, PAGE_SIZE, 0x11);
	cache_expect(test, undo, PAGE_SIZE, PAGE_SIZE, 0);
}

/* By chance some of many, and each page as a whole. */
static void cache_loses_some(struct kunit *test)
{
	struct rd_cache_test *t = test->priv;
	struct rd_undo *undo = &t->cache.data;
	unsigned int i, kept = 0;
	unsigned long lost = 0;

	for (i = 0; i < 64; i++) {
		u8 page = i % CACHE_PAGES;

		cache_write(test, undo, page * PAGE_SIZE, PAGE_SIZE, 0x80 + i);
		lost += rd_undo_lose(undo, 50);
		cache_move(test, undo, page * PAGE_SIZE, PAGE_SIZE, false);
		KUNIT_EXPECT_PTR_EQ(test, memchr_inv(t->memory, t->memory[0], PAGE_SIZE), NULL);
		kept += t->memory[0] == 0x80 + i;
	}
	/* The chance that none of 64 goes one way is 2^-64. */
	KUNIT_EXPECT_GT(test, kept, 0U);
	KUNIT_EXPECT_EQ(test, kept + lost, 64UL);
	KUNIT_EXPECT_GT(test, lost, 0UL);
}

static struct kunit_case rd_cache_cases[] = {
	KUNIT_CASE(cache_loses),
	KUNIT_CASE(cache_keeps),
	KUNIT_CASE(cache_flushes_parts),
	KUNIT_CASE(cache_flushes_one_block),
	KUNIT_CASE(cache_of_other_holes),
	KUNIT_CASE(cache_without_memory),
	KUNIT_CASE(cache_loses_some),
	{ }
};

static struct kunit_suite rd_cache_suite = {
	.name = "target_core_rd_cache",
	.init = rd_cache_test_init,
	.exit = rd_cache_test_exit,
	.test_cases = rd_cache_cases,
};
kunit_test_suite(rd_cache_suite);
