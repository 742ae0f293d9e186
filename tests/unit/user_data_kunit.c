// SPDX-License-Identifier: GPL-2.0-only
/* The data area of TCMU: which blocks are whose, and what is in them. */
#include <kunit/test.h>
#include <linux/mm.h>
#include <linux/scatterlist.h>
#include <backstores/user.h>

#define BLOCKS	100

struct area {
	struct user_data	data;
	spinlock_t		lock;	/* data's bookkeeping */
	u32			blocks[BLOCKS];
};

static int area_make(struct kunit *test, u32 block_pages)
{
	struct area *area = kunit_kzalloc(test, sizeof(*area), GFP_KERNEL);

	if (!area)
		return -ENOMEM;
	spin_lock_init(&area->lock);
	test->priv = area;
	return user_data_alloc(&area->data, BLOCKS, block_pages);
}

static int area_init(struct kunit *test)
{
	return area_make(test, 1);
}

static void area_exit(struct kunit *test)
{
	struct area *area = test->priv;

	if (area)
		user_data_free(&area->data);
}

static unsigned long area_pages(struct user_data *data)
{
	unsigned long index, n = 0;
	struct page *page;

	xa_for_each(&data->pages, index, page)
		n++;
	return n;
}

static void data_takes_lowest(struct kunit *test)
{
	struct area *area = test->priv;
	u32 *blocks = area->blocks, more[3];

	KUNIT_EXPECT_TRUE(test, user_data_take(&area->data, blocks, 10));
	KUNIT_EXPECT_EQ(test, blocks[0], 0U);
	KUNIT_EXPECT_EQ(test, blocks[9], 9U);
	user_data_give(&area->data, blocks + 2, 2);
	user_data_give(&area->data, blocks + 7, 1);
	KUNIT_EXPECT_EQ(test, area->data.used, 7U);
	KUNIT_EXPECT_TRUE(test, user_data_take(&area->data, more, 3));
	KUNIT_EXPECT_EQ(test, more[0], 2U);
	KUNIT_EXPECT_EQ(test, more[1], 3U);
	KUNIT_EXPECT_EQ(test, more[2], 7U);
	KUNIT_EXPECT_EQ(test, user_data_pieces(more, 3), 2U);
	user_data_give(&area->data, more, 3);
	user_data_give(&area->data, blocks, 2);
	user_data_give(&area->data, blocks + 4, 3);
	user_data_give(&area->data, blocks + 8, 2);
	KUNIT_EXPECT_EQ(test, area->data.used, 0U);
	KUNIT_EXPECT_EQ(test, area->data.hint, 0U);
}

static void data_all_or_nothing(struct kunit *test)
{
	struct area *area = test->priv;
	u32 one;

	KUNIT_EXPECT_TRUE(test, user_data_take(&area->data, area->blocks, BLOCKS - 1));
	KUNIT_EXPECT_FALSE(test, user_data_take(&area->data, area->blocks, 2));
	KUNIT_EXPECT_EQ(test, area->data.used, (u32)(BLOCKS - 1));
	KUNIT_EXPECT_TRUE(test, user_data_take(&area->data, &one, 1));
	KUNIT_EXPECT_EQ(test, one, (u32)(BLOCKS - 1));
	KUNIT_EXPECT_FALSE(test, user_data_take(&area->data, &one, 1));
	/* A command without data takes nothing. */
	KUNIT_EXPECT_TRUE(test, user_data_take(&area->data, &one, 0));
	user_data_give(&area->data, &one, 0);
	KUNIT_EXPECT_EQ(test, area->data.used, (u32)BLOCKS);
}

static void data_pieces(struct kunit *test)
{
	static const u32 blocks[] = { 1, 2, 3, 5, 6, 9 };

	KUNIT_EXPECT_EQ(test, user_data_pieces(blocks, 0), 0U);
	KUNIT_EXPECT_EQ(test, user_data_pieces(blocks, 1), 1U);
	KUNIT_EXPECT_EQ(test, user_data_pieces(blocks, 3), 1U);
	KUNIT_EXPECT_EQ(test, user_data_pieces(blocks, 4), 2U);
	KUNIT_EXPECT_EQ(test, user_data_pieces(blocks, 6), 3U);
}

/* Pages come with the first use, and stay for the next. */
static void data_pages_stay(struct kunit *test)
{
	struct area *area = test->priv;

	KUNIT_EXPECT_EQ(test, area_pages(&area->data), 0UL);
	KUNIT_ASSERT_TRUE(test, user_data_take(&area->data, area->blocks, 5));
	KUNIT_ASSERT_EQ(test, user_data_populate(&area->data, area->blocks, 5, GFP_KERNEL), 0);
	KUNIT_EXPECT_EQ(test, area_pages(&area->data), 5UL);
	user_data_give(&area->data, area->blocks, 5);
	KUNIT_EXPECT_EQ(test, area_pages(&area->data), 5UL);
	KUNIT_ASSERT_TRUE(test, user_data_take(&area->data, area->blocks, 3));
	KUNIT_ASSERT_EQ(test, user_data_populate(&area->data, area->blocks, 3, GFP_KERNEL), 0);
	KUNIT_EXPECT_EQ(test, area_pages(&area->data), 5UL);
	user_data_give(&area->data, area->blocks, 3);
}

/* What is given back lies behind the last block that is in use. */
static void data_shrinks(struct kunit *test)
{
	struct area *area = test->priv;
	u32 *blocks = area->blocks;

	KUNIT_ASSERT_TRUE(test, user_data_take(&area->data, blocks, 20));
	KUNIT_ASSERT_EQ(test, user_data_populate(&area->data, blocks, 20, GFP_KERNEL), 0);
	user_data_give(&area->data, blocks, 5);
	user_data_give(&area->data, blocks + 10, 10);
	KUNIT_EXPECT_EQ(test, user_data_shrink(&area->data, &area->lock), 10U);
	KUNIT_EXPECT_EQ(test, area_pages(&area->data), 10UL);
	KUNIT_EXPECT_EQ(test, area->data.used, 5U);
	KUNIT_EXPECT_EQ(test, user_data_shrink(&area->data, &area->lock), 0U);
	user_data_give(&area->data, blocks + 5, 5);
	KUNIT_EXPECT_EQ(test, user_data_shrink(&area->data, &area->lock), 10U);
	KUNIT_EXPECT_EQ(test, area_pages(&area->data), 0UL);
	KUNIT_EXPECT_EQ(test, area->data.used, 0U);
	KUNIT_EXPECT_TRUE(test, user_data_take(&area->data, blocks, BLOCKS));
	KUNIT_EXPECT_EQ(test, blocks[0], 0U);
	user_data_give(&area->data, blocks, BLOCKS);
}

/* Memory in pieces that fit no page, to blocks that do not follow one another, and back. */
static void copy_both_ways(struct kunit *test, u32 block_pages, u32 len)
{
	struct area *area = test->priv;
	u32 block = block_pages * PAGE_SIZE, nr = DIV_ROUND_UP(len, block), i, at;
	u8 *from = kunit_kzalloc(test, len, GFP_KERNEL);
	u8 *to = kunit_kzalloc(test, len, GFP_KERNEL);
	struct scatterlist sg[3];

	KUNIT_ASSERT_NOT_NULL(test, from);
	KUNIT_ASSERT_NOT_NULL(test, to);
	for (i = 0; i < len; i++)
		from[i] = i * 7 + i / 251;
	KUNIT_ASSERT_TRUE(test, user_data_take(&area->data, area->blocks, 2 * nr));
	for (i = 0; i < nr; i++)
		area->blocks[i] = area->blocks[2 * i];
	KUNIT_ASSERT_EQ(test, user_data_populate(&area->data, area->blocks, nr, GFP_KERNEL), 0);
	at = len / 3 + 5;
	sg_init_table(sg, 3);
	sg_set_buf(&sg[0], from, 17);
	sg_set_buf(&sg[1], from + 17, at);
	sg_set_buf(&sg[2], from + 17 + at, len - 17 - at);
	user_data_copy(&area->data, area->blocks, sg, len, true);
	sg_init_one(sg, to, len);
	user_data_copy(&area->data, area->blocks, sg, len, false);
	KUNIT_EXPECT_EQ(test, memcmp(from, to, len), 0);
}

static void data_copies(struct kunit *test)
{
	copy_both_ways(test, 1, 5 * PAGE_SIZE - 100);
}

static void data_copies_blocks_of_pages(struct kunit *test)
{
	user_data_free(&((struct area *)test->priv)->data);
	KUNIT_ASSERT_EQ(test, area_make(test, 3), 0);
	copy_both_ways(test, 3, 7 * PAGE_SIZE + 123);
}

static struct kunit_case user_data_cases[] = {
	KUNIT_CASE(data_takes_lowest),
	KUNIT_CASE(data_all_or_nothing),
	KUNIT_CASE(data_pieces),
	KUNIT_CASE(data_pages_stay),
	KUNIT_CASE(data_shrinks),
	KUNIT_CASE(data_copies),
	KUNIT_CASE(data_copies_blocks_of_pages),
	{}
};

static struct kunit_suite user_data_suite = {
	.name = "target_core_user_data",
	.init = area_init,
	.exit = area_exit,
	.test_cases = user_data_cases,
};

kunit_test_suite(user_data_suite);
