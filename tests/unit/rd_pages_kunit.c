// SPDX-License-Identifier: GPL-2.0-only
/* The ramdisk's store against a flat array. */
#include <kunit/test.h>
#include <linux/mm.h>
#include <linux/scatterlist.h>
#include <linux/slab.h>
#include <backstores/rd.h>

#define RD_TEST_PAGES	64
#define RD_TEST_BYTES	(RD_TEST_PAGES * PAGE_SIZE)

/* One store, and beside it what it should hold. */
struct rd_test {
	struct rd_pages	store;
	u8		*model;
	u8		*memory;	/* RD_TEST_BYTES and room for offsets */
	struct sg_table	table;
};

/* Where a transfer lies, and how its memory is cut into pieces. */
struct rd_case {
	const char	*name;
	u32		pos;
	u32		len;
	u32		piece;	/* bytes per scatterlist entry */
	u32		offset;	/* of the memory from a page's start */
};

static const struct rd_case rd_cases[] = {
	{ "one block",			512,	512,	512,	0 },
	{ "one page",			4096,	4096,	4096,	0 },
	{ "last block",			RD_TEST_BYTES - 512, 512, 512, 0 },
	{ "across a page border",	3584,	1024,	1024,	0 },
	{ "a page and a half",		4096,	6144,	6144,	0 },
	{ "one byte each side",		4095,	2,	2,	0 },
	{ "memory off by 4",		8192,	8192,	8192,	4 },
	{ "memory across a border",	8192,	4096,	4096,	2048 },
	{ "both across, differently",	1536,	16384,	16384,	2560 },
	{ "pieces of 512",		0,	65536,	512,	0 },
	{ "pieces of 512, unaligned",	2560,	98304,	512,	256 },
	{ "odd pieces",			1000,	50000,	777,	3 },
	{ "one piece of many pages",	12288,	131072,	131072,	0 },
	{ "everything",			0,	RD_TEST_BYTES, 65536, 0 },
};

static void rd_case_desc(const struct rd_case *c, char *desc)
{
	strscpy(desc, c->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(rd, rd_cases, rd_case_desc);

static int rd_test_init(struct kunit *test)
{
	struct rd_test *t = kunit_kzalloc(test, sizeof(*t), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, t);
	t->model = kunit_kzalloc(test, RD_TEST_BYTES, GFP_KERNEL);
	t->memory = kunit_kzalloc(test, RD_TEST_BYTES + PAGE_SIZE, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, t->model);
	KUNIT_ASSERT_NOT_NULL(test, t->memory);
	rd_pages_init(&t->store, 0);
	test->priv = t;
	return 0;
}

static void rd_test_exit(struct kunit *test)
{
	struct rd_test *t = test->priv;

	if (!t)
		return;
	sg_free_table(&t->table);
	rd_pages_exit(&t->store);
}

/* Cut the memory as the case says; the list is chained when it is long. */
static struct rd_span rd_test_span(struct kunit *test, const struct rd_case *c)
{
	struct rd_test *t = test->priv;
	struct scatterlist *sg;
	u32 done = 0;
	int i;

	sg_free_table(&t->table);
	KUNIT_ASSERT_EQ(test, 0, sg_alloc_table(&t->table, DIV_ROUND_UP(c->len, c->piece),
						GFP_KERNEL));
	for_each_sg(t->table.sgl, sg, t->table.nents, i) {
		u32 n = min(c->piece, c->len - done);

		sg_set_buf(sg, t->memory + c->offset + done, n);
		done += n;
	}
	return (struct rd_span){ .sg = t->table.sgl, .pos = c->pos, .left = c->len };
}

static void rd_test_pattern(u8 *to, u32 n, u32 seed)
{
	u32 i;

	for (i = 0; i < n; i++)
		to[i] = (i + seed) * 2654435761U >> 24 | 1;
}

static int rd_test_write(struct kunit *test, const struct rd_case *c, u32 seed, bool nowait)
{
	struct rd_test *t = test->priv;
	struct rd_span span = rd_test_span(test, c);
	int ret;

	rd_test_pattern(t->memory + c->offset, c->len, seed);
	ret = rd_pages_write(&t->store, &span, nowait);
	if (!ret) {
		KUNIT_EXPECT_EQ(test, span.left, 0);
		memcpy(t->model + c->pos, t->memory + c->offset, c->len);
	}
	return ret;
}

/* Does a read give what the model holds, and leave the memory around it alone? */
static void rd_test_compare(struct kunit *test, const struct rd_case *c)
{
	struct rd_test *t = test->priv;
	struct rd_span span = rd_test_span(test, c);

	memset(t->memory, 0xa5, RD_TEST_BYTES + PAGE_SIZE);
	rd_pages_read(&t->store, &span);
	KUNIT_EXPECT_EQ(test, span.left, 0);
	KUNIT_EXPECT_EQ(test, 0, memcmp(t->memory + c->offset, t->model + c->pos, c->len));
	KUNIT_EXPECT_TRUE(test, !c->offset || t->memory[c->offset - 1] == 0xa5);
	KUNIT_EXPECT_EQ(test, t->memory[c->offset + c->len], 0xa5);
}

static const struct rd_case rd_whole = { "whole", 0, RD_TEST_BYTES, RD_TEST_BYTES, 0 };

static unsigned int rd_test_count(struct rd_pages *store)
{
	unsigned int n = 0;
	unsigned long index;
	struct page *page;

	xa_for_each(&store->xa, index, page)
		n++;
	return n;
}

/* A hole reads as zeros, and reading does not fill it. */
static void rd_read_hole(struct kunit *test)
{
	struct rd_test *t = test->priv;

	rd_test_compare(test, test->param_value);
	KUNIT_EXPECT_TRUE(test, xa_empty(&t->store.xa));
}

/* Only what is written changes, and only its pages come into being. */
static void rd_write_hole(struct kunit *test)
{
	const struct rd_case *c = test->param_value;
	struct rd_test *t = test->priv;
	u32 first = c->pos / PAGE_SIZE, last = (c->pos + c->len - 1) / PAGE_SIZE;

	KUNIT_EXPECT_EQ(test, 0, rd_test_write(test, c, 1, false));
	rd_test_compare(test, c);
	rd_test_compare(test, &rd_whole);
	KUNIT_EXPECT_EQ(test, rd_test_count(&t->store), last - first + 1);
}

/* Pages that exist are written in any context. */
static void rd_overwrite_nowait(struct kunit *test)
{
	const struct rd_case *c = test->param_value;

	KUNIT_ASSERT_EQ(test, 0, rd_test_write(test, &rd_whole, 1, false));
	KUNIT_EXPECT_EQ(test, 0, rd_test_write(test, c, 99, true));
	rd_test_compare(test, c);
	rd_test_compare(test, &rd_whole);
}

/* Every second page exists: the walk goes on behind a hole. */
static void rd_write_between_holes(struct kunit *test)
{
	const struct rd_case *c = test->param_value;
	struct rd_case page = { "page", 0, 512, 512, 0 };

	for (page.pos = PAGE_SIZE; page.pos < RD_TEST_BYTES; page.pos += 2 * PAGE_SIZE)
		KUNIT_ASSERT_EQ(test, 0, rd_test_write(test, &page, page.pos, false));
	rd_test_compare(test, c);
	KUNIT_EXPECT_EQ(test, 0, rd_test_write(test, c, 5, false));
	rd_test_compare(test, c);
	rd_test_compare(test, &rd_whole);
}

/* Who cannot sleep does not allocate; the same write later does. */
static void rd_write_hole_nowait(struct kunit *test)
{
	const struct rd_case *c = test->param_value;
	struct rd_test *t = test->priv;

	KUNIT_EXPECT_EQ(test, -EAGAIN, rd_test_write(test, c, 1, true));
	KUNIT_EXPECT_TRUE(test, xa_empty(&t->store.xa));
	KUNIT_EXPECT_EQ(test, 0, rd_test_write(test, c, 1, false));
	rd_test_compare(test, &rd_whole);
}

static struct page *rd_alloc_none(gfp_t gfp, unsigned long index)
{
	return NULL;
}

static void rd_write_no_memory(struct kunit *test)
{
	const struct rd_case *c = test->param_value;
	struct rd_test *t = test->priv;

	t->store.alloc = rd_alloc_none;
	KUNIT_EXPECT_EQ(test, -ENOMEM, rd_test_write(test, c, 1, false));
	KUNIT_EXPECT_TRUE(test, xa_empty(&t->store.xa));
	rd_test_compare(test, &rd_whole);
}

/* Fills the hole that its caller is about to fill: the caller loses the race. */
static struct rd_test *rd_racing;

static struct page *rd_alloc_and_race(gfp_t gfp, unsigned long index)
{
	struct page *winner = alloc_page(GFP_KERNEL | __GFP_ZERO);

	memset(page_address(winner), 0x11, PAGE_SIZE);
	if (xa_insert(&rd_racing->store.xa, 3, winner, GFP_KERNEL))
		__free_page(winner);
	return alloc_page(gfp);
}

static void rd_write_lost_race(struct kunit *test)
{
	const struct rd_case middle = { "middle", 3 * PAGE_SIZE + 512, 1024, 512, 0 };
	const struct rd_case whole = { "page", 3 * PAGE_SIZE, PAGE_SIZE, PAGE_SIZE, 0 };
	struct rd_test *t = test->priv;

	rd_racing = t;
	t->store.alloc = rd_alloc_and_race;
	memset(t->model + 3 * PAGE_SIZE, 0x11, PAGE_SIZE);
	KUNIT_EXPECT_EQ(test, 0, rd_test_write(test, &middle, 1, false));
	KUNIT_EXPECT_EQ(test, 1, rd_test_count(&t->store));
	rd_test_compare(test, &rd_whole);
	KUNIT_EXPECT_EQ(test, 0, rd_test_write(test, &whole, 2, false));
	rd_test_compare(test, &rd_whole);
}

static void rd_zero_span(struct kunit *test)
{
	const struct rd_case *c = test->param_value;
	struct rd_test *t = test->priv;
	struct rd_span span = rd_test_span(test, c);

	memset(t->memory, 0xa5, RD_TEST_BYTES + PAGE_SIZE);
	rd_span_zero(&span);
	KUNIT_EXPECT_EQ(test, 0, memcmp(t->memory + c->offset, t->model, c->len));
	KUNIT_EXPECT_TRUE(test, !c->offset || t->memory[c->offset - 1] == 0xa5);
	KUNIT_EXPECT_EQ(test, t->memory[c->offset + c->len], 0xa5);
}

/* What is punched reads as zeros, and whole pages of it are gone. */
static void rd_punch(struct kunit *test)
{
	const struct rd_case *c = test->param_value;
	struct rd_test *t = test->priv;
	u32 first = DIV_ROUND_UP(c->pos, PAGE_SIZE), end = (c->pos + c->len) / PAGE_SIZE;
	u32 gone = end > first ? end - first : 0;

	KUNIT_ASSERT_EQ(test, 0, rd_test_write(test, &rd_whole, 1, false));
	KUNIT_EXPECT_EQ(test, atomic_long_read(&t->store.used), RD_TEST_PAGES);
	rd_pages_punch(&t->store, c->pos, c->len);
	memset(t->model + c->pos, 0, c->len);
	rd_test_compare(test, &rd_whole);
	KUNIT_EXPECT_EQ(test, rd_test_count(&t->store), RD_TEST_PAGES - gone);
	KUNIT_EXPECT_EQ(test, atomic_long_read(&t->store.used), RD_TEST_PAGES - gone);
	/* And may be written again. */
	KUNIT_EXPECT_EQ(test, 0, rd_test_write(test, c, 7, false));
	rd_test_compare(test, &rd_whole);
	KUNIT_EXPECT_EQ(test, rd_test_count(&t->store), RD_TEST_PAGES);
}

static void rd_punch_hole(struct kunit *test)
{
	const struct rd_case *c = test->param_value;
	struct rd_test *t = test->priv;

	rd_pages_punch(&t->store, c->pos, c->len);
	KUNIT_EXPECT_TRUE(test, xa_empty(&t->store.xa));
	KUNIT_EXPECT_EQ(test, atomic_long_read(&t->store.used), 0);
	rd_test_compare(test, &rd_whole);
}

/* More pages than go under one lock. */
static void rd_punch_many(struct kunit *test)
{
	struct rd_test *t = test->priv;
	const u64 len = 4200ULL * PAGE_SIZE;
	struct page *unit = alloc_page(GFP_KERNEL | __GFP_ZERO);
	u64 done;

	KUNIT_ASSERT_NOT_NULL(test, unit);
	KUNIT_EXPECT_EQ(test, rd_pages_repeat(&t->store, unit, 0, len, &done), 0);
	__free_page(unit);
	KUNIT_EXPECT_EQ(test, rd_test_count(&t->store), 4200U);
	rd_pages_punch(&t->store, 0, len);
	KUNIT_EXPECT_EQ(test, rd_test_count(&t->store), 0U);
	KUNIT_EXPECT_EQ(test, atomic_long_read(&t->store.used), 0L);
}

/* One page's bytes, over and over, each where it stands in its page. */
static void rd_repeat(struct kunit *test)
{
	const struct rd_case *c = test->param_value;
	struct rd_test *t = test->priv;
	struct page *unit = alloc_page(GFP_KERNEL);
	u64 done;
	u32 i;

	KUNIT_ASSERT_NOT_NULL(test, unit);
	rd_test_pattern(page_address(unit), PAGE_SIZE, 3);
	KUNIT_EXPECT_EQ(test, 0, rd_pages_repeat(&t->store, unit, c->pos, c->len, &done));
	KUNIT_EXPECT_EQ(test, done, c->len);
	for (i = c->pos; i < c->pos + c->len; i++)
		t->model[i] = ((u8 *)page_address(unit))[i % PAGE_SIZE];
	rd_test_compare(test, &rd_whole);
	__free_page(unit);
}

static const struct rd_case rd_page_2 = { "page 2", 2 * PAGE_SIZE, PAGE_SIZE, PAGE_SIZE, 0 };

static void rd_quota(struct kunit *test)
{
	const struct rd_case three = { "three", 0, 3 * PAGE_SIZE, PAGE_SIZE, 0 };
	struct rd_test *t = test->priv;
	struct page *unit = alloc_page(GFP_KERNEL | __GFP_ZERO);
	u64 done;

	KUNIT_ASSERT_NOT_NULL(test, unit);
	t->store.quota = 2;
	KUNIT_EXPECT_EQ(test, -ENOSPC, rd_test_write(test, &three, 1, false));
	KUNIT_EXPECT_EQ(test, rd_test_count(&t->store), 2);
	KUNIT_EXPECT_EQ(test, atomic_long_read(&t->store.used), 2);
	/* What is there can be written, and read. */
	memcpy(t->model, t->memory, 2 * PAGE_SIZE);
	rd_test_compare(test, &rd_whole);
	KUNIT_EXPECT_EQ(test, -ENOSPC,
			rd_pages_repeat(&t->store, unit, PAGE_SIZE, 2 * PAGE_SIZE, &done));
	KUNIT_EXPECT_EQ(test, done, PAGE_SIZE);
	memset(t->model + PAGE_SIZE, 0, PAGE_SIZE);
	rd_test_compare(test, &rd_whole);
	/* One goes, one may come. */
	rd_pages_punch(&t->store, 0, PAGE_SIZE);
	memset(t->model, 0, PAGE_SIZE);
	KUNIT_EXPECT_EQ(test, 0, rd_test_write(test, &rd_page_2, 4, false));
	KUNIT_EXPECT_EQ(test, atomic_long_read(&t->store.used), 2);
	rd_test_compare(test, &rd_whole);
	/* Less than there is now: no more, and nothing is lost. */
	t->store.quota = 1;
	KUNIT_EXPECT_EQ(test, -ENOSPC, rd_test_write(test, &three, 5, false));
	t->store.quota = 0;
	KUNIT_EXPECT_EQ(test, 0, rd_test_write(test, &three, 6, false));
	rd_test_compare(test, &rd_whole);
	__free_page(unit);
}

/* Which pages are there, and what is said from a byte on. */
static const struct rd_run {
	u64	pages;	/* a bit for each page */
	u32	pos;
	u32	len;
	u32	run;
	bool	present;
} rd_runs[] = {
	{ 0, 0, RD_TEST_BYTES, RD_TEST_BYTES, false },
	{ 0, 1000, 512, 512, false },
	{ ~0ULL, 0, RD_TEST_BYTES, RD_TEST_BYTES, true },
	{ ~0ULL, 4608, 512, 512, true },
	{ 0x1, 0, RD_TEST_BYTES, PAGE_SIZE, true },
	{ 0x1, 512, RD_TEST_BYTES - 512, PAGE_SIZE - 512, true },
	{ 0x1, PAGE_SIZE, 8192, 8192, false },
	{ 0x70, 0, RD_TEST_BYTES, 4 * PAGE_SIZE, false },
	{ 0x70, 4 * PAGE_SIZE, RD_TEST_BYTES - 4 * PAGE_SIZE, 3 * PAGE_SIZE, true },
	{ 0x70, 5 * PAGE_SIZE + 512, 4096, 4096, true },
	{ 0x70, 6 * PAGE_SIZE + 512, 8192, PAGE_SIZE - 512, true },
	{ 0x70, 7 * PAGE_SIZE, RD_TEST_BYTES - 7 * PAGE_SIZE, RD_TEST_BYTES - 7 * PAGE_SIZE,
	  false },
	{ 1ULL << 63, 0, RD_TEST_BYTES, RD_TEST_BYTES - PAGE_SIZE, false },
	{ 1ULL << 63, RD_TEST_BYTES - 512, 512, 512, true },
};

static void rd_run_desc(const struct rd_run *c, char *desc)
{
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "%llx: %u+%u", c->pages, c->pos, c->len);
}

KUNIT_ARRAY_PARAM(rd_run, rd_runs, rd_run_desc);

static void rd_run_length(struct kunit *test)
{
	const struct rd_run *c = test->param_value;
	struct rd_test *t = test->priv;
	struct rd_case page = { "page", 0, PAGE_SIZE, PAGE_SIZE, 0 };
	bool present;
	unsigned int i;

	for (i = 0; i < RD_TEST_PAGES; i++) {
		page.pos = i * PAGE_SIZE;
		if (c->pages >> i & 1)
			KUNIT_ASSERT_EQ(test, 0, rd_test_write(test, &page, i, false));
	}
	KUNIT_EXPECT_EQ(test, rd_pages_run(&t->store, c->pos, c->len, &present), c->run);
	KUNIT_EXPECT_EQ(test, present, c->present);
}

/* Protection information: what is not there reads as FFh, and part of a page beside it, too. */
static void rd_holes_of_ones(struct kunit *test)
{
	static const struct rd_case part = { "part", 1000, 64, 64, 0 };
	static const struct rd_case all = { "all", 0, 3 * PAGE_SIZE, PAGE_SIZE, 0 };
	struct rd_test *t = test->priv;
	struct rd_span span;

	rd_pages_init(&t->store, 0xff);
	KUNIT_EXPECT_EQ(test, rd_test_write(test, &part, 1, false), 0);
	span = rd_test_span(test, &all);
	rd_pages_read(&t->store, &span);
	KUNIT_EXPECT_NULL(test, memchr_inv(t->memory, 0xff, 1000));
	KUNIT_EXPECT_EQ(test, memcmp(t->memory + 1000, t->model + 1000, 64), 0);
	KUNIT_EXPECT_NULL(test, memchr_inv(t->memory + 1064, 0xff, all.len - 1064));
	rd_pages_punch(&t->store, 1000, 32);
	span = rd_test_span(test, &all);
	rd_pages_read(&t->store, &span);
	KUNIT_EXPECT_NULL(test, memchr_inv(t->memory, 0xff, 1032));
	KUNIT_EXPECT_EQ(test, memcmp(t->memory + 1032, t->model + 1032, 32), 0);
	rd_pages_punch(&t->store, 0, PAGE_SIZE);
	KUNIT_EXPECT_EQ(test, atomic_long_read(&t->store.used), 0);
}

static struct kunit_case rd_pages_cases[] = {
	KUNIT_CASE_PARAM(rd_read_hole, rd_gen_params),
	KUNIT_CASE_PARAM(rd_write_hole, rd_gen_params),
	KUNIT_CASE(rd_holes_of_ones),
	KUNIT_CASE_PARAM(rd_overwrite_nowait, rd_gen_params),
	KUNIT_CASE_PARAM(rd_write_between_holes, rd_gen_params),
	KUNIT_CASE_PARAM(rd_write_hole_nowait, rd_gen_params),
	KUNIT_CASE_PARAM(rd_write_no_memory, rd_gen_params),
	KUNIT_CASE_PARAM(rd_zero_span, rd_gen_params),
	KUNIT_CASE_PARAM(rd_punch, rd_gen_params),
	KUNIT_CASE_PARAM(rd_punch_hole, rd_gen_params),
	KUNIT_CASE(rd_punch_many),
	KUNIT_CASE_PARAM(rd_repeat, rd_gen_params),
	KUNIT_CASE_PARAM(rd_run_length, rd_run_gen_params),
	KUNIT_CASE(rd_quota),
	KUNIT_CASE(rd_write_lost_race),
	{}
};

static struct kunit_suite rd_pages_suite = {
	.name		= "target_core_rd_pages",
	.init		= rd_test_init,
	.exit		= rd_test_exit,
	.test_cases	= rd_pages_cases,
};

kunit_test_suite(rd_pages_suite);
