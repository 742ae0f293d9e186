// SPDX-License-Identifier: GPL-2.0-only
/* Tokens: their lists, their format, their life, and what is written with them. */
#include "copy_fixture.h"
#include "token.h"

#define USE_HEADER	536
#define USE_RANGES	(USE_HEADER + 16)

static void token_put_range(u8 *p, u64 lba, u32 blocks)
{
	put_unaligned_be64(lba, p);
	put_unaligned_be32(blocks, p + 8);
	put_unaligned_be32(0, p + 12);
}

static u32 token_list_populate(u8 *p, u64 lba, u32 blocks)
{
	memset(p, 0, 32);
	p[1] = 30;
	p[15] = 16;
	token_put_range(p + 16, lba, blocks);
	return 32;
}

static u32 token_list_use(u8 *p, const u8 *token, u64 offset, u64 lba, u32 blocks)
{
	memset(p, 0, USE_RANGES);
	put_unaligned_be16(USE_RANGES - 2, p);
	put_unaligned_be64(offset, p + 8);
	memcpy(p + 16, token, TARGET_ROD_TOKEN);
	p[USE_HEADER - 1] = 16;
	token_put_range(p + USE_HEADER, lba, blocks);
	return USE_RANGES;
}

static const struct populate_case {
	const char	*name;
	u32		len;
	u16		off;	/* byte that is changed */
	u8		val;
	sense_reason_t	why;
	u16		field;
} populate_cases[] = {
	{ "good", 32, 2, 0 },
	{ "IMMED", 32, 2, 1 },
	{ "too short", 15, 2, 0, TCM_PARAMETER_LIST_LENGTH_ERROR, 0 },
	{ "data length", 32, 1, 29, TCM_INVALID_PARAMETER_LIST, 0 },
	{ "reserved bit", 32, 2, 0x04, TCM_INVALID_PARAMETER_LIST, 2 },
	{ "timeout", 32, 6, 0x0f, TCM_INVALID_PARAMETER_LIST, 4 },
	{ "the longest timeout", 32, 6, 0x0e },
	{ "no type", 32, 2, 0x02, TCM_INVALID_PARAMETER_LIST, 8 },
	{ "less than a range", 32, 15, 15, TCM_INVALID_PARAMETER_LIST, 14 },
	{ "ranges beyond the list", 32, 15, 0xff },
	{ "too many ranges", 32, 14, 0x05, TCM_TOO_MANY_SEGMENT_DESCS, 14 },
	{ "out of range", 32, 27, 65, TCM_ADDRESS_OUT_OF_RANGE, 0 },
	{ "no blocks", 32, 27, 0 },
};

static void populate_desc(const struct populate_case *c, char *desc)
{
	strscpy(desc, c->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(populate, populate_cases, populate_desc);

static void token_parse_populate(struct kunit *test)
{
	const struct populate_case *c = test->param_value;
	struct scsi_fixture *f = test->priv;
	struct target_token_list *list = kunit_kzalloc(test, sizeof(*list), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, list);
	token_list_populate(f->data, 0, 8);
	f->data[c->off] = c->val;
	f->cmd.se_dev = &f->dev;
	FIX_EXPECT_REASON(test, target_token_parse_populate(&f->cmd, f->data, c->len, list),
			  c->why);
	if (c->why == TCM_INVALID_PARAMETER_LIST)
		KUNIT_EXPECT_EQ(test, f->cmd.field_ptr, c->field);
}

static void token_parse_overlap(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;
	struct target_token_list *list = kunit_kzalloc(test, sizeof(*list), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, list);
	token_list_populate(f->data, 0, 8);
	f->data[1] = 46;
	f->data[15] = 32;
	token_put_range(f->data + 32, 8, 8);
	f->cmd.se_dev = &f->dev;
	FIX_EXPECT_REASON(test, target_token_parse_populate(&f->cmd, f->data, 48, list),
			  TCM_NO_SENSE);
	KUNIT_EXPECT_EQ(test, list->count, 2U);
	KUNIT_EXPECT_EQ(test, list->bytes, 16 * 512ULL);
	token_put_range(f->data + 32, 7, 8);
	memset(list, 0, sizeof(*list));
	FIX_EXPECT_REASON(test, target_token_parse_populate(&f->cmd, f->data, 48, list),
			  TCM_INVALID_PARAMETER_LIST);
	KUNIT_EXPECT_EQ(test, f->cmd.field_ptr, 32);
}

/* Make a token of some blocks, and fetch it. */
static void token_make(struct kunit *test, u64 lba, u32 blocks, u8 *token)
{
	struct scsi_fixture *f = test->priv;
	u32 len = token_list_populate(f->data, lba, blocks);

	fix_run_good(test, copy_cmd(f, TARGET_COPY_POPULATE, 7, len));
	flush_workqueue(target_submit_wq);
	fix_run_good(test, copy_ask(f, TARGET_COPY_TOKEN_INFORMATION, 7, 1000));
	KUNIT_EXPECT_EQ(test, get_unaligned_be32(f->data), 546U);
	KUNIT_EXPECT_EQ(test, f->data[4], 0x10);
	KUNIT_EXPECT_EQ(test, f->data[5], 0x01);
	KUNIT_EXPECT_EQ(test, f->data[15], 0xf1);
	KUNIT_EXPECT_EQ(test, get_unaligned_be64(f->data + 16), blocks);
	KUNIT_EXPECT_EQ(test, get_unaligned_be32(f->data + 32), 514U);
	memcpy(token, f->data + 38, TARGET_ROD_TOKEN);
}

static u16 token_write(struct kunit *test, const u8 *token, u64 offset, u64 lba, u32 blocks)
{
	struct scsi_fixture *f = test->priv;
	u32 len = token_list_use(f->data, token, offset, lba, blocks);

	fix_run(test, copy_cmd(f, TARGET_COPY_USE_TOKEN, 8, len));
	flush_workqueue(target_submit_wq);
	return f->cmd.scsi_status ? get_unaligned_be16(f->sense + 12) : 0;
}

static void token_format(struct kunit *test)
{
	static const u8 head[] = { 0x00, 0x80, 0x00, 0x01, 0x00, 0x00, 0x01, 0xf8 };
	struct scsi_fixture *f = test->priv;
	u8 token[TARGET_ROD_TOKEN], cscd[COPY_CSCD];

	token_make(test, 4, 8, token);
	KUNIT_EXPECT_EQ(test, memcmp(token, head, sizeof(head)), 0);
	copy_put_cscd(cscd);
	KUNIT_EXPECT_EQ(test, memcmp(token + 16, cscd, sizeof(cscd)), 0);
	KUNIT_EXPECT_EQ(test, get_unaligned_be64(token + 56), 4096ULL);
	KUNIT_EXPECT_EQ(test, get_unaligned_be32(token + 96), 512U);
	KUNIT_EXPECT_EQ(test, token[129], 0xa8);
	KUNIT_EXPECT_EQ(test, memcmp(token + 132, "naa.5001405000000001", 21), 0);
	/* It was told once; but it is still there. */
	fix_run_good(test, copy_ask(f, TARGET_COPY_TOKEN_INFORMATION, 7, 1000));
	KUNIT_EXPECT_EQ(test, get_unaligned_be32(f->data), 32U);
	KUNIT_EXPECT_EQ(test, get_unaligned_be32(f->data + 32), 0U);
	fix_run_good(test, copy_ask(f, TARGET_COPY_ALL_TOKENS, 0, 1000));
	KUNIT_EXPECT_EQ(test, get_unaligned_be32(f->data), 100U);
	KUNIT_EXPECT_EQ(test, memcmp(f->data + 8, token, 96), 0);
}

static void token_used(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;
	u8 token[TARGET_ROD_TOKEN];
	u32 i;

	for (i = 0; i < FIX_BLOCKS << FIX_SHIFT; i++)
		f->medium[i] = i * 3 + (i >> 9);
	token_make(test, 4, 8, token);
	KUNIT_EXPECT_EQ(test, token_write(test, token, 0, 32, 8), 0);
	KUNIT_EXPECT_EQ(test, memcmp(f->medium + 4 * 512, f->medium + 32 * 512, 8 * 512), 0);
	KUNIT_EXPECT_EQ(test, token_write(test, token, 6, 50, 4), 0);
	KUNIT_EXPECT_EQ(test, memcmp(f->medium + 10 * 512, f->medium + 50 * 512, 2 * 512), 0);
	fix_run_good(test, copy_ask(f, TARGET_COPY_TOKEN_INFORMATION, 8, 1000));
	KUNIT_EXPECT_EQ(test, f->data[4], 0x11);
	KUNIT_EXPECT_EQ(test, f->data[5], 0x03);	/* there were only 2 blocks left */
	KUNIT_EXPECT_EQ(test, get_unaligned_be64(f->data + 16), 2ULL);
	KUNIT_EXPECT_EQ(test, token_write(test, token, 8, 50, 1), 0x2600);
	fix_expect_field(test, &f->cmd, 8, 7);
}

/* A write to any of its blocks ends it, one beside them does not. */
static void token_cancelled(struct kunit *test)
{
	static const u8 beside[10] = { 0x2a, [5] = 12, [8] = 1 };
	static const u8 within[10] = { 0x2a, [5] = 11, [8] = 1 };
	struct scsi_fixture *f = test->priv;
	u8 token[TARGET_ROD_TOKEN];

	token_make(test, 4, 8, token);
	KUNIT_EXPECT_TRUE(test, f->dev.represented);
	fix_run_good(test, fix_cmd(f, beside));
	KUNIT_EXPECT_EQ(test, token_write(test, token, 0, 32, 8), 0);
	fix_run_good(test, fix_cmd(f, within));
	KUNIT_EXPECT_FALSE(test, f->dev.represented);
	KUNIT_EXPECT_EQ(test, token_write(test, token, 0, 32, 8), 0x2308);
	token_make(test, 4, 8, token);
	KUNIT_EXPECT_EQ(test, token_write(test, token, 0, 8, 1), 0);	/* into itself */
	KUNIT_EXPECT_EQ(test, token_write(test, token, 0, 32, 1), 0x2308);
}

static void token_refused(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;
	u8 good[TARGET_ROD_TOKEN], bad[TARGET_ROD_TOKEN];
	static const struct {
		u16 off, asc;
	} changes[] = {
		{ 3, 0x2301 }, { 7, 0x230a }, { 15, 0x2304 }, { 16, 0x2305 }, { 24, 0x2302 },
		{ 60, 0x2305 }, { 511, 0x2305 },
	};
	unsigned int i;
	u32 len;

	token_make(test, 4, 8, good);
	for (i = 0; i < ARRAY_SIZE(changes); i++) {
		memcpy(bad, good, sizeof(bad));
		bad[changes[i].off] ^= 0x40;
		KUNIT_EXPECT_EQ_MSG(test, token_write(test, bad, 0, 32, 8), changes[i].asc,
				    "byte %u", changes[i].off);
	}
	f->itl.read_only = true;
	KUNIT_EXPECT_EQ(test, token_write(test, good, 0, 32, 8), 0x2700);
	f->itl.read_only = false;
	len = token_list_use(f->data, good, 0, 32, 8);
	f->data[2] = 0x02;	/* DEL_TKN */
	fix_run_good(test, copy_cmd(f, TARGET_COPY_USE_TOKEN, 8, len));
	flush_workqueue(target_submit_wq);
	KUNIT_EXPECT_EQ(test, token_write(test, good, 0, 32, 8), 0x2309);
}

static void token_zero(struct kunit *test)
{
	static const u8 zero[TARGET_ROD_TOKEN] = { 0xff, 0xff, 0, 0x01, 0, 0, 0x01, 0xf8 };
	struct scsi_fixture *f = test->priv;
	u32 i;

	memset(f->medium, 0xee, FIX_BLOCKS * 512);
	KUNIT_EXPECT_EQ(test, token_write(test, zero, 1000, 3, 5), 0);
	for (i = 0; i < 5 * 512; i++)
		if (f->medium[3 * 512 + i])
			break;
	KUNIT_EXPECT_EQ(test, i, 5 * 512U);
	KUNIT_EXPECT_EQ(test, f->medium[3 * 512 - 1], 0xee);
	KUNIT_EXPECT_EQ(test, f->medium[8 * 512], 0xee);
}

static int token_unmap(struct target_io *io)
{
	struct scsi_fixture *f = fix_of_dev(io->dev);

	memset(f->medium + (io->lba << FIX_SHIFT), 0, io->blocks << FIX_SHIFT);
	f->flushes++;	/* counts the calls */
	target_io_done(io, TCM_NO_SENSE);
	return 0;
}

/* A thin unit gives the space back. */
static void token_zero_thin(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;

	f->backend.unmap = token_unmap;
	f->dev.limits.unmap_zeroes = true;
	token_zero(test);
	KUNIT_EXPECT_EQ(test, f->flushes, 0U);
	f->dev.dev_attrib.emulate_tpu = true;
	token_zero(test);
	KUNIT_EXPECT_EQ(test, f->flushes, 1U);
}

/* It ends without use, and the oldest that has ended makes room. */
static void token_expires(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;
	u8 token[TARGET_ROD_TOKEN], other[TARGET_ROD_TOKEN];
	struct target_rod *rod;
	u32 i, len;

	token_make(test, 4, 8, token);
	rod = list_first_entry(&f->dev.rods.list, struct target_rod, node);
	rod->deadline = jiffies - 1;
	KUNIT_EXPECT_EQ(test, token_write(test, token, 0, 32, 8), 0x2307);
	for (i = 0; i < TARGET_ROD_MAX_TOKENS; i++)
		token_make(test, 4, 8, other);
	KUNIT_EXPECT_EQ(test, token_write(test, token, 0, 32, 8), 0x2304);
	KUNIT_EXPECT_EQ(test, token_write(test, other, 0, 32, 8), 0);
	len = token_list_populate(f->data, 4, 8);
	fix_run(test, copy_cmd(f, TARGET_COPY_POPULATE, 7, len));
	KUNIT_EXPECT_EQ(test, get_unaligned_be16(f->sense + 12), 0x550d);
}

static struct kunit_case token_cases[] = {
	KUNIT_CASE_PARAM(token_parse_populate, populate_gen_params),
	KUNIT_CASE(token_parse_overlap),
	KUNIT_CASE(token_format),
	KUNIT_CASE(token_used),
	KUNIT_CASE(token_cancelled),
	KUNIT_CASE(token_refused),
	KUNIT_CASE(token_zero),
	KUNIT_CASE(token_zero_thin),
	KUNIT_CASE(token_expires),
	{ }
};

static struct kunit_suite token_suite = {
	.name = "target_core_token",
	.init = copy_init,
	.exit = copy_exit,
	.test_cases = token_cases,
};
kunit_test_suite(token_suite);
