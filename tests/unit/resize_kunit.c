// SPDX-License-Identifier: GPL-2.0-only
/* A unit whose capacity changes: who is told, and what still runs. */
#include <linux/unaligned.h>
#include "attrib.h"
#include "device.h"
#include "scsi_fixture.h"

/* LUNs that the fabric has been told of. */
static unsigned int resize_told;

static void resize_lun(struct se_portal_group *tpg, struct se_lun *lun)
{
	resize_told++;
}

static int resize_init(struct kunit *test)
{
	struct scsi_fixture *f;
	int err = fix_init(test);

	if (err)
		return err;
	f = test->priv;
	f->fabric.lun_resized = resize_lun;
	f->dev.configured = true;
	f->dev.limits.block_size = 512;
	f->dev.limits.blocks = FIX_BLOCKS;
	resize_told = 0;
	return 0;
}

static bool resize_attention(struct scsi_fixture *f)
{
	struct target_ua_code code;

	return target_ua_take(&f->itl, &code) && code.asc == 0x2a && code.ascq == 0x09;
}

static const struct resize_case {
	const char	*name;
	u32		block_size;
	u64		from;		/* in blocks of 512 bytes, as all here but @end */
	u64		to;
	int		err;
	u64		end;		/* in blocks of @block_size */
	bool		told;
} resize_cases[] = {
	{ "larger",			512,	64, 128,	0,	 128,	true },
	{ "smaller",			512,	64, 1,		0,	 1,	true },
	{ "the same",			512,	64, 64,		0,	 64,	false },
	{ "none left",			512,	64, 0,		-EINVAL, 64,	false },
	{ "larger, of 4096",		4096,	64, 81,		0,	 10,	true },
	{ "by less than a block",	4096,	64, 71,		0,	 8,	false },
	{ "less than one block left",	4096,	64, 7,		-EINVAL, 8,	false },
	{ "beyond 32 bits",		512,	64, 1ULL << 33,	0,	 1ULL << 33, true },
};

static void resize_case_desc(const struct resize_case *c, char *desc)
{
	strscpy(desc, c->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(resize_case, resize_cases, resize_case_desc);

static void resize_changes(struct kunit *test)
{
	const struct resize_case *c = test->param_value;
	struct scsi_fixture *f = test->priv;

	f->dev.dev_attrib.block_size = c->block_size;
	f->dev.limits.blocks = c->from;
	f->dev.blocks = c->from * 512 / c->block_size;
	KUNIT_EXPECT_EQ(test, target_dev_resized(&f->dev, c->to), c->err);
	KUNIT_EXPECT_EQ(test, f->dev.blocks, c->end);
	KUNIT_EXPECT_EQ(test, f->dev.limits.blocks, c->err ? c->from : c->to);
	KUNIT_EXPECT_EQ(test, resize_attention(f), c->told);
	KUNIT_EXPECT_FALSE(test, resize_attention(f));
	KUNIT_EXPECT_EQ(test, resize_told, (unsigned int)c->told);
}

/* Follows, but for what somebody has set, and for the loss of a wish. */
static void resize_limits(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;
	struct se_dev_attrib *a = &f->dev.dev_attrib;
	struct target_ua_code code;
	struct target_limits now;

	f->dev.limits.max_unmap_blocks = 64;
	f->dev.limits.max_unmap_descs = 1;
	f->dev.limits.max_write_same = 32;
	f->dev.limits.hw_max_sectors = 128;
	scoped_guard(mutex, &f->dev.lock) {
		target_attrib_from_limits(&f->dev);
		target_device_set_block_size(&f->dev, 4096);
	}
	a->max_unmap_lba_count = 8;
	a->max_write_same_len = 2;
	now = f->dev.limits;
	now.max_unmap_blocks = 16;
	now.max_write_same = 8;
	now.hw_max_sectors = 64;
	scoped_guard(mutex, &f->dev.lock)
		target_dev_limits_changed_locked(&f->dev, &now);
	KUNIT_EXPECT_EQ(test, a->max_unmap_lba_count, 2);
	KUNIT_EXPECT_EQ(test, a->max_write_same_len, 2);
	KUNIT_EXPECT_EQ(test, a->hw_max_sectors, 64);
	KUNIT_EXPECT_EQ(test, f->dev.limits.max_write_same, 8);
	KUNIT_ASSERT_TRUE(test, target_ua_take(&f->itl, &code));
	KUNIT_EXPECT_EQ(test, code.asc, 0x3f);
	KUNIT_EXPECT_EQ(test, code.ascq, 0x03);
	KUNIT_EXPECT_EQ(test, resize_told, 1);
	now.max_unmap_blocks = 0;
	scoped_guard(mutex, &f->dev.lock)
		target_dev_limits_changed_locked(&f->dev, &now);
	KUNIT_EXPECT_EQ(test, f->dev.limits.max_unmap_blocks, 16);
	KUNIT_EXPECT_FALSE(test, target_ua_take(&f->itl, &code));
	KUNIT_EXPECT_EQ(test, resize_told, 1);
}

static void resize_unconfigured(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;

	f->dev.configured = false;
	KUNIT_EXPECT_EQ(test, target_dev_resized(&f->dev, 128), -ENODEV);
	KUNIT_EXPECT_EQ(test, f->dev.blocks, (u64)FIX_BLOCKS);
	KUNIT_EXPECT_FALSE(test, resize_attention(f));
}

static void resize_without_hook(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;

	f->fabric.lun_resized = NULL;
	KUNIT_EXPECT_EQ(test, target_dev_resized(&f->dev, 128), 0);
	KUNIT_EXPECT_TRUE(test, resize_attention(f));
}

/* What was inside when it was parsed, and is outside when its turn comes. */
static void resize_between(struct kunit *test)
{
	static const struct {
		u32		lba;
		u64		to;
		sense_reason_t	why;
		u64		info;
	} cases[] = {
		{ 0,	8,	TCM_NO_SENSE },
		{ 4,	8,	TCM_ADDRESS_OUT_OF_RANGE, 8 },
		{ 32,	8,	TCM_ADDRESS_OUT_OF_RANGE, 32 },
		{ 32,	40,	TCM_NO_SENSE },
	};
	struct scsi_fixture *f = test->priv;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		u8 cdb[10] = { READ_10 };

		f->dev.limits.blocks = FIX_BLOCKS;
		f->dev.blocks = FIX_BLOCKS;
		put_unaligned_be32(cases[i].lba, cdb + 2);
		put_unaligned_be16(8, cdb + 7);
		FIX_EXPECT_REASON(test, target_cdb_parse(fix_cmd(f, cdb)), TCM_NO_SENSE);
		KUNIT_ASSERT_EQ(test, target_dev_resized(&f->dev, cases[i].to), 0);
		KUNIT_EXPECT_TRUE(test, resize_attention(f));
		FIX_EXPECT_REASON(test, target_cdb_gate(&f->cmd), cases[i].why);
		if (cases[i].why)
			KUNIT_EXPECT_EQ(test, f->cmd.sense_info, cases[i].info);
	}
}

static struct kunit_case resize_kunit_cases[] = {
	KUNIT_CASE_PARAM(resize_changes, resize_case_gen_params),
	KUNIT_CASE(resize_limits),
	KUNIT_CASE(resize_unconfigured),
	KUNIT_CASE(resize_without_hook),
	KUNIT_CASE(resize_between),
	{}
};

static struct kunit_suite resize_kunit_suite = {
	.name		= "target_core_resize",
	.init		= resize_init,
	.exit		= fix_exit,
	.test_cases	= resize_kunit_cases,
};

kunit_test_suite(resize_kunit_suite);
