// SPDX-License-Identifier: GPL-2.0-only
/* A medium that says something else of itself: what the unit makes of it, and who is told. */
#include "attrib.h"
#include "device.h"
#include "power.h"
#include "scsi_fixture.h"

/* How often the fabric has been told. */
static unsigned int follow_told;

static void follow_lun(struct se_portal_group *tpg, struct se_lun *lun)
{
	follow_told++;
}

static int follow_init(struct kunit *test)
{
	struct scsi_fixture *f;
	int err = fix_init(test);

	if (err)
		return err;
	f = test->priv;
	f->fabric.lun_resized = follow_lun;
	f->dev.configured = true;
	f->dev.export_count = 1;
	f->dev.limits.whole_blocks = true;
	f->dev.limits.hw_queue_depth = 64;
	scoped_guard(mutex, &f->dev.lock)
		target_attrib_from_limits(&f->dev);
	follow_told = 0;
	return 0;
}

static void follow(struct scsi_fixture *f, const struct target_limits *now)
{
	guard(mutex)(&f->dev.lock);
	target_dev_limits_changed_locked(&f->dev, now);
}

/* Exactly this unit attention is pending; 0 for none. */
static void follow_expect(struct kunit *test, u8 asc, u8 ascq)
{
	struct scsi_fixture *f = test->priv;
	struct target_ua_code code = { };

	target_ua_take(&f->itl, &code);
	KUNIT_EXPECT_EQ(test, code.asc, asc);
	KUNIT_EXPECT_EQ(test, code.ascq, ascq);
	KUNIT_EXPECT_FALSE(test, target_ua_take(&f->itl, &code));
	KUNIT_EXPECT_EQ(test, follow_told, asc ? 1U : 0U);
	follow_told = 0;
}

static sense_reason_t follow_read(struct scsi_fixture *f)
{
	static const u8 cdb[10] = { READ_10, [8] = 1 };
	sense_reason_t why = target_cdb_parse(fix_cmd(f, cdb));

	return why ?: target_cdb_gate(&f->cmd);
}

static void follow_nothing(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;
	struct target_limits now = f->dev.limits;

	follow(f, &now);
	follow_expect(test, 0, 0);
	KUNIT_EXPECT_EQ(test, memcmp(&now, &f->dev.limits, sizeof(now)), 0);
}

static void follow_cache(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;
	struct target_limits now = f->dev.limits;

	now.write_cache = true;
	follow(f, &now);
	KUNIT_EXPECT_TRUE(test, f->dev.dev_attrib.emulate_write_cache);
	follow_expect(test, 0x2a, 0x01);
	now.write_cache = false;
	follow(f, &now);
	KUNIT_EXPECT_FALSE(test, f->dev.dev_attrib.emulate_write_cache);
	follow_expect(test, 0x2a, 0x01);
}

static void follow_alignment(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;
	struct target_limits now = f->dev.limits;

	now.align_blocks = 7;
	follow(f, &now);
	follow_expect(test, 0x2a, 0x09);
	KUNIT_EXPECT_EQ(test, f->dev.limits.align_blocks, 7U);
	now.align_blocks = 0;
	follow(f, &now);
	follow_expect(test, 0x2a, 0x09);
}

/* What somebody has set stays. */
static void follow_physical(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;
	struct target_limits now = f->dev.limits;

	now.phys_exp = 3;
	follow(f, &now);
	KUNIT_EXPECT_EQ(test, f->dev.dev_attrib.phys_block_size, 4096U);
	KUNIT_EXPECT_EQ(test, target_sbc_phys_exp(&f->dev), 3);
	follow_expect(test, 0x2a, 0x09);
	f->dev.dev_attrib.phys_block_size = 8192;
	now.phys_exp = 1;
	follow(f, &now);
	KUNIT_EXPECT_EQ(test, f->dev.dev_attrib.phys_block_size, 8192U);
	follow_expect(test, 0, 0);
}

static void follow_depth(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;
	struct se_dev_attrib *a = &f->dev.dev_attrib;
	struct target_limits now = f->dev.limits;

	now.hw_queue_depth = 32;
	follow(f, &now);
	KUNIT_EXPECT_EQ(test, a->hw_queue_depth, 32U);
	KUNIT_EXPECT_EQ(test, a->queue_depth, 32U);
	a->queue_depth = 8;
	now.hw_queue_depth = 16;
	follow(f, &now);
	KUNIT_EXPECT_EQ(test, a->queue_depth, 8U);
	now.hw_queue_depth = 4;
	follow(f, &now);
	KUNIT_EXPECT_EQ(test, a->queue_depth, 4U);
	follow_expect(test, 0, 0);
}

static void follow_read_only(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;
	struct target_limits now = f->dev.limits;

	now.read_only = true;
	follow(f, &now);
	KUNIT_EXPECT_TRUE(test, f->dev.limits.read_only);
	follow_expect(test, 0, 0);
}

/* Larger blocks than the unit's, with somebody who sees it. */
static void follow_unfit(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;
	struct target_limits was = f->dev.limits, now = was;
	struct target_ua_code code;

	now.block_size = 4096;
	now.blocks = FIX_BLOCKS / 8;
	follow(f, &now);
	follow_expect(test, 0, 0);
	FIX_EXPECT_REASON(test, follow_read(f), TCM_FORMAT_CORRUPTED);
	KUNIT_EXPECT_EQ(test, f->dev.dev_attrib.hw_block_size, 4096U);
	KUNIT_EXPECT_EQ(test, f->dev.dev_attrib.block_size, 512U);
	KUNIT_EXPECT_EQ(test, f->dev.blocks, (u64)FIX_BLOCKS);
	follow(f, &was);
	FIX_EXPECT_REASON(test, follow_read(f), TCM_NO_SENSE);
	KUNIT_EXPECT_EQ(test, f->dev.dev_attrib.hw_block_size, 512U);
	/* Who can write parts of blocks does not mind. */
	now.whole_blocks = false;
	follow(f, &now);
	/* But its physical blocks have grown, and initiators hear of that first. */
	FIX_EXPECT_REASON(test, follow_read(f), TCM_CHECK_CONDITION_UNIT_ATTENTION);
	while (target_ua_take(&f->itl, &code))
		;
	FIX_EXPECT_REASON(test, follow_read(f), TCM_NO_SENSE);
	KUNIT_EXPECT_EQ(test, f->dev.limits.block_size, 4096U);
	KUNIT_EXPECT_EQ(test, f->dev.blocks, (u64)FIX_BLOCKS);
}

/* The medium's blocks and the unit's capacity, where they go into the unit's. */
static void follow_fit(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;
	struct target_limits now = f->dev.limits;

	scoped_guard(mutex, &f->dev.lock)
		target_device_set_block_size(&f->dev, 4096);
	now.block_size = 1024;
	now.blocks = FIX_BLOCKS / 2;
	now.max_write_same = 16;
	follow(f, &now);
	KUNIT_EXPECT_EQ(test, f->dev.limits.block_size, 1024U);
	KUNIT_EXPECT_EQ(test, f->dev.limits.blocks, (u64)FIX_BLOCKS / 2);
	KUNIT_EXPECT_EQ(test, f->dev.blocks, (u64)FIX_BLOCKS / 8);
	KUNIT_EXPECT_EQ(test, f->dev.dev_attrib.max_write_same_len, 4U);
	follow_expect(test, 0x3f, 0x03);
	now.blocks = FIX_BLOCKS / 4;
	follow(f, &now);
	KUNIT_EXPECT_EQ(test, f->dev.blocks, (u64)FIX_BLOCKS / 16);
	follow_expect(test, 0x2a, 0x09);
}

/* Nobody sees it. */
static void follow_anew(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;
	struct target_limits now = f->dev.limits;

	f->dev.export_count = 0;
	now.block_size = 8192;
	now.blocks = FIX_BLOCKS / 16;
	follow(f, &now);
	FIX_EXPECT_REASON(test, follow_read(f), TCM_FORMAT_CORRUPTED);
	now.block_size = 4096;
	now.blocks = FIX_BLOCKS / 8;
	now.hw_max_sectors = 64;
	follow(f, &now);
	FIX_EXPECT_REASON(test, follow_read(f), TCM_NO_SENSE);
	KUNIT_EXPECT_EQ(test, f->dev.dev_attrib.block_size, 4096U);
	KUNIT_EXPECT_EQ(test, f->dev.dev_attrib.hw_max_sectors, 64U);
	KUNIT_EXPECT_EQ(test, f->dev.blocks, (u64)FIX_BLOCKS / 8);
}

static struct kunit_case follow_kunit_cases[] = {
	KUNIT_CASE(follow_nothing),
	KUNIT_CASE(follow_cache),
	KUNIT_CASE(follow_alignment),
	KUNIT_CASE(follow_physical),
	KUNIT_CASE(follow_depth),
	KUNIT_CASE(follow_read_only),
	KUNIT_CASE(follow_unfit),
	KUNIT_CASE(follow_fit),
	KUNIT_CASE(follow_anew),
	{}
};

static struct kunit_suite follow_kunit_suite = {
	.name		= "target_core_follow",
	.init		= follow_init,
	.exit		= fix_exit,
	.test_cases	= follow_kunit_cases,
};

kunit_test_suite(follow_kunit_suite);
