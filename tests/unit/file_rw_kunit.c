// SPDX-License-Identifier: GPL-2.0-only
/* A file's memory and blocks, without a file. */
#include <kunit/test.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <backstores/file.h>

#define FILE_TEST_ENTRIES	64

/* A transfer whose memory is pieces of two pages. */
struct file_test {
	struct fileio_rw	rw;
	struct target_io	io;
	struct scatterlist	sg[FILE_TEST_ENTRIES];
	u8			*memory;
};

static int file_init(struct kunit *test)
{
	struct file_test *t = kunit_kzalloc(test, sizeof(*t), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, t);
	t->memory = (u8 *)__get_free_pages(GFP_KERNEL, 1);
	KUNIT_ASSERT_NOT_NULL(test, t->memory);
	test->priv = t;
	return 0;
}

static void file_exit(struct kunit *test)
{
	struct file_test *t = test->priv;

	if (t)
		free_pages((unsigned long)t->memory, 1);
}

static void file_sg(struct file_test *t, unsigned int nents, u32 offset, u32 len)
{
	unsigned int i;

	sg_init_table(t->sg, nents);
	for (i = 0; i < nents; i++)
		sg_set_page(&t->sg[i], virt_to_page(t->memory), len, offset);
	t->rw.sg = t->sg;
	t->rw.sg_offset = 0;
	t->rw.bvecs = t->rw.few;
	t->rw.room = FILEIO_BVECS;
	t->rw.left = (u64)nents * len;
}

static const struct file_fill {
	const char	*name;
	unsigned int	nents;
	u32		offset;
	u32		len;
	u32		mask;
	u32		block;
	u64		left;		/* 0: all there is */
	unsigned int	nr;
	size_t		piece;
	bool		misfit;
} file_fills[] = {
	{ "one page",		    1, 0, 4096, 511, 512, 0,	1, 4096, false },
	{ "more memory than data",  4, 0, 4096, 511, 512, 6144,	2, 6144, false },
	{ "as many as there is room", 32, 0, 512, 511, 512, 0,	32, 16384, false },
	{ "more than there is room", 40, 0, 512, 511, 512, 0,	32, 16384, false },
	{ "cut to whole blocks",    40, 0, 3584, 511, 4096, 0,	32, 114688, false },
	{ "less than a block",	    64, 0, 64, 3, 4096, 0,	32, 0, true },
	{ "the last, less than a block", 8, 0, 64, 3, 512, 0,	8, 512, false },
	{ "off by 4, which is allowed", 2, 4, 512, 3, 512, 0,	2, 1024, false },
	{ "off by 4, which is not", 2, 4, 512, 511, 512, 0,	2, 1024, true },
	{ "off by 4, who cares",    2, 4, 512, 0, 512, 0,	2, 1024, false },
	{ "odd lengths",	    2, 0, 768, 511, 512, 0,	2, 1536, true },
	{ "from the second page",   1, 4096 + 512, 1024, 511, 512, 0, 1, 1024, false },
};

static void file_fill_desc(const struct file_fill *c, char *desc)
{
	strscpy(desc, c->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(file_fill, file_fills, file_fill_desc);

static void file_fill_call(struct kunit *test)
{
	const struct file_fill *c = test->param_value;
	struct file_test *t = test->priv;
	unsigned int nr, i;
	size_t sum = 0;

	file_sg(t, c->nents, c->offset, c->len);
	if (c->left)
		t->rw.left = c->left;
	fileio_rw_fill(&t->rw, c->mask, c->block, &nr);
	KUNIT_EXPECT_EQ(test, nr, c->nr);
	KUNIT_EXPECT_EQ(test, t->rw.piece, c->piece);
	KUNIT_EXPECT_EQ(test, t->rw.misfit, c->misfit);
	for (i = 0; i < nr; i++) {
		KUNIT_EXPECT_LT(test, t->rw.few[i].bv_offset, (unsigned int)PAGE_SIZE);
		sum += t->rw.few[i].bv_len;
	}
	KUNIT_EXPECT_GE(test, sum, t->rw.piece);
	KUNIT_EXPECT_PTR_EQ(test, page_address(t->rw.few[0].bv_page) + t->rw.few[0].bv_offset,
			    (void *)t->memory + c->offset);
}

/* However calls cut it, each byte comes once. */
static void file_advance(struct kunit *test)
{
	static const u32 moves[] = { 512, 1, 511, 4096, 700, 324, 6144, 4096 };
	struct file_test *t = test->priv;
	u64 done = 0;
	unsigned int i, nr;

	file_sg(t, 4, 0, 4096);
	for (i = 0; i < ARRAY_SIZE(moves); i++) {
		fileio_rw_fill(&t->rw, 0, 1, &nr);
		KUNIT_EXPECT_EQ(test, t->rw.piece, 16384 - done);
		KUNIT_EXPECT_EQ(test, t->rw.few[0].bv_offset, (unsigned int)done % 4096);
		fileio_rw_advance(&t->rw, moves[i]);
		done += moves[i];
	}
	KUNIT_EXPECT_EQ(test, t->rw.left, 0);
	KUNIT_EXPECT_PTR_EQ(test, t->rw.sg, NULL);
}

static const struct file_run {
	const char	*name;
	loff_t		pos;
	loff_t		next;
	bool		hole;
	u32		shift;
	u32		blocks;
	u32		run;
	bool		present;
} file_runs[] = {
	{ "a hole",			0, 4096, true, 9, 100,		8, false },
	{ "data",			0, 4096, false, 9, 100,		8, true },
	{ "no further than asked",	4096, 1 << 20, true, 9, 10,	10, false },
	{ "data in the middle of a block", 0, 5120, true, 12, 100,	1, false },
	{ "data right after the start", 0, 1024, true, 12, 100,		1, true },
	{ "a hole in the middle of a block", 0, 5120, false, 12, 100,	2, true },
	{ "data of less than a block",	8192, 8704, false, 12, 100,	1, true },
	{ "more than 32 bits",		0, 1LL << 42, false, 9, U32_MAX, U32_MAX, true },
};

static void file_run_desc(const struct file_run *c, char *desc)
{
	strscpy(desc, c->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(file_run, file_runs, file_run_desc);

static void file_run_of(struct kunit *test)
{
	const struct file_run *c = test->param_value;
	bool present;

	KUNIT_EXPECT_EQ(test, fileio_run(c->pos, c->next, c->hole, c->shift, c->blocks, &present),
			c->run);
	KUNIT_EXPECT_EQ(test, present, c->present);
}

static void file_fault_is_of_a_block(struct kunit *test)
{
	struct fileio_device *fd = kunit_kzalloc(test, sizeof(*fd), GFP_KERNEL);
	struct file_test *t = test->priv;

	KUNIT_ASSERT_NOT_NULL(test, fd);
	fd->dev.dev_attrib.block_size = 512;
	t->io = (struct target_io){ .dev = &fd->dev, .dir = DMA_FROM_DEVICE };
	t->rw.io = &t->io;
	t->rw.left = 1024;
	KUNIT_EXPECT_FALSE(test, fileio_fault_is_local(&t->rw, -EIO));
	t->io.sg = t->sg;
	KUNIT_EXPECT_TRUE(test, fileio_fault_is_local(&t->rw, -EIO));
	KUNIT_EXPECT_TRUE(test, fileio_fault_is_local(&t->rw, -ENODATA));
	KUNIT_EXPECT_FALSE(test, fileio_fault_is_local(&t->rw, -ENOSPC));
	KUNIT_EXPECT_FALSE(test, fileio_fault_is_local(&t->rw, -EROFS));
	/* What has moved already is not what failed. */
	t->rw.left = 512;
	KUNIT_EXPECT_FALSE(test, fileio_fault_is_local(&t->rw, -EIO));
}

static struct kunit_case file_rw_cases[] = {
	KUNIT_CASE_PARAM(file_fill_call, file_fill_gen_params),
	KUNIT_CASE(file_advance),
	KUNIT_CASE_PARAM(file_run_of, file_run_gen_params),
	KUNIT_CASE(file_fault_is_of_a_block),
	{}
};

static struct kunit_suite file_rw_suite = {
	.name		= "target_core_file_rw",
	.init		= file_init,
	.exit		= file_exit,
	.test_cases	= file_rw_cases,
};

kunit_test_suite(file_rw_suite);
