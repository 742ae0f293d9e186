// SPDX-License-Identifier: GPL-2.0-only
/* Block commands against a unit in memory. */
#include <linux/unaligned.h>
#include "sbc.h"
#include "scsi_fixture.h"

static void sbc_pattern(u8 *p, u32 len, u8 seed)
{
	u32 i;

	for (i = 0; i < len; i++)
		p[i] = seed + i * 7 + (i >> 8);
}

static const struct sbc_capacity {
	const char	*name;
	u64		blocks;
	u32		block_size;
	u32		phys_exp;
	u32		align;
	u8		pi;
	bool		tpu;
	bool		zeroes;
	u8		ten[8];
	u8		sixteen[16];
} sbc_capacities[] = {
	{ "small", 64, 512, .ten = { 0, 0, 0, 63, 0, 0, 2, 0 },
	  .sixteen = { 0, 0, 0, 0, 0, 0, 0, 63, 0, 0, 2, 0 } },
	{ "just 32 bits", 1ULL << 32, 512, .ten = { 0xff, 0xff, 0xff, 0xff, 0, 0, 2, 0 },
	  .sixteen = { 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0, 0, 2, 0 } },
	{ "more than 32 bits", 1ULL << 40, 512, .ten = { 0xff, 0xff, 0xff, 0xff, 0, 0, 2, 0 },
	  .sixteen = { 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0, 2, 0 } },
	{ "4 KiB physical blocks", 64, 512, 3, 1, .ten = { 0, 0, 0, 63, 0, 0, 2, 0 },
	  .sixteen = { 0, 0, 0, 0, 0, 0, 0, 63, 0, 0, 2, 0, 0, 3, 0, 1 } },
	{ "4 KiB logical blocks", 8, 4096, 3, 8, .ten = { 0, 0, 0, 7, 0, 0, 0x10, 0 },
	  .sixteen = { 0, 0, 0, 0, 0, 0, 0, 7, 0, 0, 0x10, 0, 0, 0, 0, 1 } },
	{ "thin", 64, 512, .tpu = true, .ten = { 0, 0, 0, 63, 0, 0, 2, 0 },
	  .sixteen = { 0, 0, 0, 0, 0, 0, 0, 63, 0, 0, 2, 0, 0, 0, 0x80, 0 } },
	{ "thin, reads zeroes", 64, 512, .tpu = true, .zeroes = true,
	  .ten = { 0, 0, 0, 63, 0, 0, 2, 0 },
	  .sixteen = { 0, 0, 0, 0, 0, 0, 0, 63, 0, 0, 2, 0, 0, 0, 0xc0, 0 } },
	{ "protection type 1", 64, 512, .pi = 1, .ten = { 0, 0, 0, 63, 0, 0, 2, 0 },
	  .sixteen = { 0, 0, 0, 0, 0, 0, 0, 63, 0, 0, 2, 0, 0x01 } },
	{ "protection type 3", 64, 512, .pi = 3, .ten = { 0, 0, 0, 63, 0, 0, 2, 0 },
	  .sixteen = { 0, 0, 0, 0, 0, 0, 0, 63, 0, 0, 2, 0, 0x05 } },
};

static void sbc_capacity_desc(const struct sbc_capacity *c, char *desc)
{
	strscpy(desc, c->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(sbc_capacity, sbc_capacities, sbc_capacity_desc);

static void sbc_read_capacity(struct kunit *test)
{
	const struct sbc_capacity *c = test->param_value;
	struct scsi_fixture *f = test->priv;
	static const u8 ten[10] = { 0x25 }, sixteen[16] = { 0x9e, 0x10, [13] = 32 };
	u8 want[32] = { };

	f->dev.blocks = c->blocks;
	f->dev.block_shift = c->block_size == 512 ? 9 : 12;
	f->dev.dev_attrib.phys_block_size = 512 << c->phys_exp;
	f->dev.limits.align_blocks = c->align;
	f->dev.dev_attrib.block_size = c->block_size;
	f->dev.dev_attrib.pi_prot_type = c->pi;
	f->dev.dev_attrib.emulate_tpu = c->tpu;
	f->dev.dev_attrib.unmap_zeroes_data = c->zeroes;
	fix_run_good(test, fix_cmd(f, ten));
	KUNIT_EXPECT_EQ(test, f->cmd.data_length, 8);
	KUNIT_EXPECT_EQ(test, memcmp(f->data, c->ten, 8), 0);
	memcpy(want, c->sixteen, sizeof(c->sixteen));
	fix_run_good(test, fix_cmd(f, sixteen));
	KUNIT_EXPECT_EQ(test, f->cmd.data_length, 32);
	KUNIT_EXPECT_EQ(test, memcmp(f->data, want, 32), 0);
}

static void sbc_write_then_read(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;
	static const u8 write[10] = { 0x2a, [5] = 60, [8] = 4 };
	static const u8 read[16] = { 0x88, [9] = 60, [13] = 4 };

	sbc_pattern(f->data, 2048, 3);
	memcpy(f->out, f->data, 2048);
	fix_run_good(test, fix_cmd(f, write));
	KUNIT_EXPECT_EQ(test, memcmp(f->medium + 60 * 512, f->out, 2048), 0);
	memset(f->data, 0, 2048);
	fix_run_good(test, fix_cmd(f, read));
	KUNIT_EXPECT_EQ(test, memcmp(f->data, f->out, 2048), 0);
	KUNIT_EXPECT_EQ(test, f->cmd.residual_count, 0U);
}

static void sbc_read_nothing(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;
	static const u8 read[10] = { 0x28 };

	f->fail_lba = 0;
	fix_run_good(test, fix_cmd(f, read));
	KUNIT_EXPECT_EQ(test, f->cmd.data_length, 0U);
}

/* A backstore that would have to sleep is asked again where it may. */
static void sbc_read_requeued(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;
	static const u8 read[10] = { 0x28, [8] = 1 };
	struct se_cmd *cmd = fix_cmd(f, read);

	sbc_pattern(f->medium, 512, 9);
	cmd->nowait = true;
	fix_run_good(test, cmd);
	KUNIT_EXPECT_FALSE(test, cmd->nowait);
	KUNIT_EXPECT_EQ(test, memcmp(f->data, f->medium, 512), 0);
}

/* Room for less than the CDB asks: that much is read, nothing behind it is touched. */
static const struct sbc_short {
	u32	asked;
	bool	nowait;
} sbc_shorts[] = {
	{ 0 }, { 1 }, { 100, true }, { 511 }, { 512 }, { 512, true }, { 513 }, { 2047 },
};

static void sbc_short_desc(const struct sbc_short *c, char *desc)
{
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "%u bytes%s", c->asked, c->nowait ? ", nowait" : "");
}

KUNIT_ARRAY_PARAM(sbc_short, sbc_shorts, sbc_short_desc);

static void sbc_read_overflow(struct kunit *test)
{
	const struct sbc_short *c = test->param_value;
	struct scsi_fixture *f = test->priv;
	static const u8 read[10] = { 0x28, [8] = 4 };
	struct se_cmd *cmd = fix_cmd(f, read);

	sbc_pattern(f->medium, 2048, 1);
	memset(f->data, 0xee, 2048);
	cmd->unknown_data_length = false;
	cmd->asked_length = c->asked;
	cmd->nowait = c->nowait;
	fix_run_good(test, cmd);
	KUNIT_EXPECT_EQ(test, cmd->data_length, c->asked);
	KUNIT_EXPECT_EQ(test, cmd->residual_count, 2048 - c->asked);
	KUNIT_EXPECT_TRUE(test, cmd->se_cmd_flags & SCF_OVERFLOW_BIT);
	KUNIT_EXPECT_EQ(test, memcmp(f->data, f->medium, c->asked), 0);
	KUNIT_EXPECT_EQ(test, f->data[c->asked], 0xee);
}

/* A medium error names its block. */
static void sbc_medium_error(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;
	static const u8 read[10] = { 0x28, [8] = 8 }, write[10] = { 0x2a, [8] = 8 };

	f->fail_lba = 5;
	fix_run(test, fix_cmd(f, read));
	KUNIT_EXPECT_EQ(test, f->cmd.scsi_status, 2);
	KUNIT_EXPECT_EQ(test, f->sense[0], 0xf0);
	KUNIT_EXPECT_EQ(test, f->sense[2], MEDIUM_ERROR);
	KUNIT_EXPECT_EQ(test, get_unaligned_be32(f->sense + 3), 5);
	KUNIT_EXPECT_EQ(test, get_unaligned_be16(f->sense + 12), 0x1100);
	fix_run(test, fix_cmd(f, write));
	KUNIT_EXPECT_EQ(test, get_unaligned_be16(f->sense + 12), 0x0c00);
}

static const struct sbc_verify {
	const char	*name;
	u8		bytchk;
	u16		blocks;
	s32		differs;	/* byte of the medium that differs, -1 for none */
	s32		fails;		/* block that cannot be read */
	u16		asc;		/* 0 is GOOD */
	u32		info;
} sbc_verifies[] = {
	{ "nothing", 1, 0, 0, 0 },
	{ "medium only", 0, 64, 0, -1 },
	{ "medium only, a bad block", 0, 64, -1, 63, 0x1100, 63 },
	{ "medium in chunks", 0, 1000, 0, -1 },
	{ "medium in chunks, a bad block", 0, 1000, -1, 999, 0x1100, 999 },
	{ "blocks agree", 1, 16, -1, -1 },
	{ "blocks, the first byte", 1, 16, 0, -1, 0x1d00, 0 },
	{ "blocks, beyond a page", 1, 16, 5000, -1, 0x1d00, 5000 },
	{ "blocks, the last byte", 1, 16, 8191, -1, 0x1d00, 8191 },
	{ "blocks, behind what is verified", 1, 4, 2048, -1 },
	{ "blocks, a bad one", 1, 16, -1, 3, 0x1100, 3 },
	{ "same block", 3, 64, -1, -1 },
	{ "same block, one is not", 3, 64, 513, -1, 0x1d00, 513 },
	{ "same block in chunks", 3, 1000, -1, -1 },
	{ "same block in chunks, one is not", 3, 1000, 300000, -1, 0x1d00, 300000 },
};

static void sbc_verify_desc(const struct sbc_verify *c, char *desc)
{
	strscpy(desc, c->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(sbc_verify, sbc_verifies, sbc_verify_desc);

static void sbc_verify(struct kunit *test)
{
	const struct sbc_verify *c = test->param_value;
	struct scsi_fixture *f = test->priv;
	u8 cdb[10] = { 0x2f, c->bytchk << 1 };
	unsigned int i;

	f->dev.blocks = FIX_MEDIUM;
	sbc_pattern(f->data, sizeof(f->data), 5);
	memcpy(f->medium, f->data, sizeof(f->data));
	if (c->bytchk == 3)
		for (i = 0; i < FIX_MEDIUM; i++)
			memcpy(f->medium + i * 512, f->data, 512);
	if (c->differs >= 0)
		f->medium[c->differs] ^= 0x10;
	f->fail_lba = c->fails;
	put_unaligned_be16(c->blocks, cdb + 7);
	fix_run(test, fix_cmd(f, cdb));
	KUNIT_EXPECT_EQ(test, f->cmd.scsi_status, c->asc ? 2 : 0);
	if (!c->asc)
		return;
	KUNIT_EXPECT_EQ(test, get_unaligned_be16(f->sense + 12), c->asc);
	KUNIT_EXPECT_EQ(test, f->sense[0], 0xf0);
	KUNIT_EXPECT_EQ(test, get_unaligned_be32(f->sense + 3), c->info);
}

static void sbc_verify_refused(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;
	static const u8 reserved[10] = { 0x2f, 0x04, [8] = 1 };
	static const u8 dpo[10] = { 0x2f, 0x10, [8] = 1 };

	FIX_EXPECT_REASON(test, target_cdb_parse(fix_cmd(f, reserved)), TCM_INVALID_CDB_FIELD);
	fix_expect_field(test, &f->cmd, 1, 2);
	FIX_EXPECT_REASON(test, target_cdb_parse(fix_cmd(f, dpo)), TCM_NO_SENSE);
	f->dev.dev_attrib.emulate_fua_write = false;
	FIX_EXPECT_REASON(test, target_cdb_parse(fix_cmd(f, dpo)), TCM_INVALID_CDB_FIELD);
	fix_expect_field(test, &f->cmd, 1, 4);
}

/* Lists cut in different places, and offsets into both. */
static const struct sbc_compare {
	u32	piece_a;
	u32	piece_b;
	u32	skip_a;
	u32	skip_b;
	u32	len;
	u32	differs;	/* from the start of the range, @len for not at all */
} sbc_compares[] = {
	{ 4096, 4096, 0, 0, 4096, 4096 },
	{ 4096, 512, 0, 0, 4096, 4096 },
	{ 777, 512, 0, 0, 4096, 4096 },
	{ 777, 512, 0, 0, 4096, 4095 },
	{ 512, 777, 100, 1000, 2000, 2000 },
	{ 512, 777, 100, 1000, 2000, 1999 },
	{ 512, 777, 512, 777, 1, 0 },
	{ 1, 4096, 0, 4, 33, 32 },
};

static void sbc_compare_desc(const struct sbc_compare *c, char *desc)
{
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "%u/%u skip %u/%u of %u at %u", c->piece_a,
		 c->piece_b, c->skip_a, c->skip_b, c->len, c->differs);
}

KUNIT_ARRAY_PARAM(sbc_compare, sbc_compares, sbc_compare_desc);

static struct scatterlist *sbc_cut(struct kunit *test, u8 *data, u32 len, u32 piece, u32 *nents)
{
	struct scatterlist *sg;
	u32 i;

	*nents = DIV_ROUND_UP(len, piece);
	sg = kunit_kcalloc(test, *nents, sizeof(*sg), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, sg);
	sg_init_table(sg, *nents);
	for (i = 0; i < *nents; i++)
		sg_set_buf(&sg[i], data + i * piece, min(piece, len - i * piece));
	return sg;
}

static void sbc_compare_lists(struct kunit *test)
{
	const struct sbc_compare *c = test->param_value;
	struct scsi_fixture *f = test->priv;
	struct scatterlist *a, *b;
	u32 na, nb;

	sbc_pattern(f->data + c->skip_a, c->len, 2);
	sbc_pattern(f->out + c->skip_b, c->len, 2);
	if (c->differs < c->len)
		f->out[c->skip_b + c->differs] ^= 1;
	a = sbc_cut(test, f->data, c->skip_a + c->len, c->piece_a, &na);
	b = sbc_cut(test, f->out, c->skip_b + c->len, c->piece_b, &nb);
	KUNIT_EXPECT_EQ(test, target_sbc_compare(a, na, c->skip_a, b, nb, c->skip_b, c->len),
			c->differs);
}

static struct kunit_case sbc_cases[] = {
	KUNIT_CASE_PARAM(sbc_read_capacity, sbc_capacity_gen_params),
	KUNIT_CASE(sbc_write_then_read),
	KUNIT_CASE(sbc_read_nothing),
	KUNIT_CASE(sbc_read_requeued),
	KUNIT_CASE_PARAM(sbc_read_overflow, sbc_short_gen_params),
	KUNIT_CASE(sbc_medium_error),
	KUNIT_CASE_PARAM(sbc_verify, sbc_verify_gen_params),
	KUNIT_CASE(sbc_verify_refused),
	KUNIT_CASE_PARAM(sbc_compare_lists, sbc_compare_gen_params),
	{ }
};

static struct kunit_suite sbc_suite = {
	.name = "target_core_sbc",
	.init = fix_init,
	.exit = fix_exit,
	.test_cases = sbc_cases,
};
kunit_test_suite(sbc_suite);
