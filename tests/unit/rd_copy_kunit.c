// SPDX-License-Identifier: GPL-2.0-only
/* Copies within a ramdisk's store: every byte is right, holes stay holes, a quota is kept. */
#include <kunit/test.h>
#include <linux/mm.h>
#include <linux/scatterlist.h>
#include <linux/slab.h>
#include <backstores/rd.h>

#define STORE_PAGES	16
#define STORE_BYTES	(STORE_PAGES * PAGE_SIZE)

struct rd_copy_test {
	struct rd_pages	store;
	u8		*want;
	u8		*got;
};

static int rd_copy_init(struct kunit *test)
{
	struct rd_copy_test *t = kunit_kzalloc(test, sizeof(*t), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, t);
	t->want = kunit_kzalloc(test, STORE_BYTES, GFP_KERNEL);
	t->got = kunit_kzalloc(test, STORE_BYTES, GFP_KERNEL);
	KUNIT_ASSERT_TRUE(test, t->want && t->got);
	rd_pages_init(&t->store, 0);
	test->priv = t;
	return 0;
}

static void rd_copy_exit(struct kunit *test)
{
	struct rd_copy_test *t = test->priv;

	if (t)
		rd_pages_exit(&t->store);
}

static struct rd_span rd_copy_span(struct scatterlist *sg, u8 *memory, u64 pos, u32 len)
{
	sg_init_one(sg, memory, len);
	return (struct rd_span){ .sg = sg, .pos = pos, .left = len };
}

/* The first four pages are there, the others are holes. */
static void rd_copy_fill(struct kunit *test)
{
	struct rd_copy_test *t = test->priv;
	struct scatterlist sg;
	struct rd_span span;
	u32 i;

	for (i = 0; i < 4 * PAGE_SIZE; i++)
		t->want[i] = i * 11 + (i >> 8);
	span = rd_copy_span(&sg, t->want, 0, 4 * PAGE_SIZE);
	KUNIT_ASSERT_EQ(test, rd_pages_write(&t->store, &span, false), 0);
}

static void rd_copy_expect(struct kunit *test)
{
	struct rd_copy_test *t = test->priv;
	struct scatterlist sg;
	struct rd_span span = rd_copy_span(&sg, t->got, 0, STORE_BYTES);

	rd_pages_read(&t->store, &span);
	KUNIT_EXPECT_EQ(test, memcmp(t->got, t->want, STORE_BYTES), 0);
}

static const struct rd_copy_case {
	const char	*name;
	u32		from;
	u32		to;
	u32		len;
	u32		pages;	/* there are then */
} rd_copy_cases[] = {
	{ "whole pages",		0,	32768,	8192,	6 },
	{ "over pages that are there",	0,	8192,	8192,	4 },
	{ "backwards",			8192,	0,	8192,	4 },
	{ "unaligned",			512,	33792,	9216,	7 },
	{ "differently unaligned",	512,	34816,	4608,	6 },
	{ "holes to holes",		32768,	49152,	16384,	4 },
	{ "holes over pages",		32768,	0,	8192,	2 },
	{ "part of a hole over a page",	32768,	512,	1024,	4 },
	{ "page and hole",		12288,	40960,	8192,	5 },
	{ "nothing",			0,	8192,	0,	4 },
};

static void rd_copy_case_desc(const struct rd_copy_case *c, char *desc)
{
	strscpy(desc, c->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(rd_copy, rd_copy_cases, rd_copy_case_desc);

static void rd_copy_bytes(struct kunit *test)
{
	const struct rd_copy_case *c = test->param_value;
	struct rd_copy_test *t = test->priv;
	u64 done = 1;

	rd_copy_fill(test);
	memcpy(t->want + c->to, t->want + c->from, c->len);
	KUNIT_EXPECT_EQ(test, rd_pages_copy(&t->store, c->from, c->to, c->len, &done), 0);
	KUNIT_EXPECT_EQ(test, done, c->len);
	rd_copy_expect(test);
	KUNIT_EXPECT_EQ(test, atomic_long_read(&t->store.used), c->pages);
}

static void rd_copy_quota(struct kunit *test)
{
	struct rd_copy_test *t = test->priv;
	u64 done;

	rd_copy_fill(test);
	t->store.quota = 5;
	KUNIT_EXPECT_EQ(test, rd_pages_copy(&t->store, 0, 32768, 8192, &done), -ENOSPC);
	KUNIT_EXPECT_EQ(test, done, 4096);
	memcpy(t->want + 32768, t->want, 4096);
	rd_copy_expect(test);
}

static struct kunit_case rd_copy_kunit_cases[] = {
	KUNIT_CASE_PARAM(rd_copy_bytes, rd_copy_gen_params),
	KUNIT_CASE(rd_copy_quota),
	{ }
};

static struct kunit_suite rd_copy_suite = {
	.name = "target_core_rd_copy",
	.init = rd_copy_init,
	.exit = rd_copy_exit,
	.test_cases = rd_copy_kunit_cases,
};
kunit_test_suite(rd_copy_suite);
