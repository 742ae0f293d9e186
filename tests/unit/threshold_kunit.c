// SPDX-License-Identifier: GPL-2.0-only
/* Thresholds: told once per crossing, by the mode pages' rules. */
#include <linux/unaligned.h>
#include "scsi_fixture.h"
#include "threshold.h"

#define SET_BLOCKS	2048	/* of 512 bytes: a threshold set */
#define ALL_BLOCKS	(100 * SET_BLOCKS)

static u64 threshold_used;

static void threshold_space(struct se_device *dev, u64 *used, u64 *available)
{
	*used = threshold_used;
	*available = ALL_BLOCKS - threshold_used;
}

static int threshold_init(struct kunit *test)
{
	struct scsi_fixture *f;
	int err = fix_init(test);

	if (err)
		return err;
	threshold_used = 0;
	f = test->priv;
	f->backend.space = threshold_space;
	f->backend.unmap = fix_flush;	/* only whether it is there is asked */
	f->dev.dev_attrib.emulate_tpu = true;
	f->dev.blocks = ALL_BLOCKS;
	return 0;
}

static void threshold_set(struct scsi_fixture *f, const struct target_threshold_values *v)
{
	mutex_lock(&f->dev.lock);
	target_threshold_set(&f->dev, v);
	mutex_unlock(&f->dev.lock);
}

/* The condition that is pending, by the offset that it tells; 0 for none. */
static u8 threshold_told(struct scsi_fixture *f)
{
	struct target_ua_code code;

	if (!target_ua_take(&f->itl, &code))
		return 0;
	return code.asc == 0x38 && code.ascq == 0x07 ? code.info : 0xff;
}

static const struct threshold_size {
	u64	blocks;
	u8	shift;
	u8	exponent;
} threshold_sizes[] = {
	{ 8, 9, 11 }, { 8, 12, 8 }, { U32_MAX, 9, 11 }, { 1ULL << 42, 9, 11 },
	{ 1ULL << 43, 9, 12 }, { 1ULL << 44, 9, 13 }, { 1ULL << 52, 12, 21 },
};

static void threshold_size_desc(const struct threshold_size *c, char *desc)
{
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "%llu blocks of %u", c->blocks, 1U << c->shift);
}

KUNIT_ARRAY_PARAM(threshold_size, threshold_sizes, threshold_size_desc);

/* As many sets as there are fit in 32 bits. */
static void threshold_exponent(struct kunit *test)
{
	const struct threshold_size *c = test->param_value;
	struct scsi_fixture *f = test->priv;

	f->dev.blocks = c->blocks;
	f->dev.block_shift = c->shift;
	KUNIT_EXPECT_EQ(test, target_threshold_exponent(&f->dev), c->exponent);
	f->dev.dev_attrib.emulate_tpu = false;
	KUNIT_EXPECT_EQ(test, target_threshold_exponent(&f->dev), 0);
}

static void threshold_counts(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;
	u32 used, available;

	threshold_used = 10 * SET_BLOCKS;
	KUNIT_EXPECT_TRUE(test, target_threshold_counts(&f->dev, &used, &available));
	KUNIT_EXPECT_EQ(test, used, 10);
	KUNIT_EXPECT_EQ(test, available, 90);
	threshold_used++;
	KUNIT_EXPECT_TRUE(test, target_threshold_counts(&f->dev, &used, &available));
	KUNIT_EXPECT_EQ(test, used, 11);
	KUNIT_EXPECT_EQ(test, available, 89);
	f->backend.space = NULL;
	KUNIT_EXPECT_FALSE(test, target_threshold_counts(&f->dev, &used, &available));
}

/* One threshold at 20 sets available or 80 used: the same place, from both sides. */
static const struct threshold_step {
	u64	used;
	bool	told;
} threshold_steps[] = {
	{ 0 }, { 79 * SET_BLOCKS }, { 80 * SET_BLOCKS - 1 },
	{ 80 * SET_BLOCKS, true }, { 80 * SET_BLOCKS }, { 90 * SET_BLOCKS }, { ALL_BLOCKS },
	/* Back, but not by half a set. */
	{ 80 * SET_BLOCKS - 1 }, { 80 * SET_BLOCKS }, { 80 * SET_BLOCKS - SET_BLOCKS / 2 },
	{ 80 * SET_BLOCKS },
	/* Far enough. */
	{ 80 * SET_BLOCKS - SET_BLOCKS / 2 - 1 }, { 80 * SET_BLOCKS - 1 },
	{ 81 * SET_BLOCKS, true }, { 82 * SET_BLOCKS }, { 0 }, { ALL_BLOCKS, true },
};

static void threshold_crossings(struct kunit *test)
{
	static const u32 counts[TARGET_THRESHOLDS] = { 20, 80 };
	struct scsi_fixture *f = test->priv;
	unsigned int id, i;

	for (id = 0; id < TARGET_THRESHOLDS; id++) {
		struct target_threshold_values v = { .lbpere = true };

		threshold_used = 0;
		v.enabled[id] = true;
		v.count[id] = counts[id];
		threshold_set(f, &v);
		for (i = 0; i < ARRAY_SIZE(threshold_steps); i++) {
			threshold_used = threshold_steps[i].used;
			target_provision_changed(&f->dev);
			KUNIT_EXPECT_EQ_MSG(test, threshold_told(f),
					    threshold_steps[i].told ? 16 + 8 * id : 0,
					    "threshold %u step %u", id, i);
		}
	}
}

/* What is crossed already is told when it is enabled, and nothing while LBPERE is zero. */
static void threshold_enabling(struct kunit *test)
{
	struct target_threshold_values v = { .count = { 20, 80 }, .enabled = { true, true } };
	struct scsi_fixture *f = test->priv;

	threshold_used = 85 * SET_BLOCKS;
	threshold_set(f, &v);
	target_provision_changed(&f->dev);
	KUNIT_EXPECT_EQ(test, threshold_told(f), 0);
	v.lbpere = true;
	threshold_set(f, &v);
	KUNIT_EXPECT_EQ(test, threshold_told(f), 16);
	KUNIT_EXPECT_EQ(test, threshold_told(f), 24);
	KUNIT_EXPECT_EQ(test, threshold_told(f), 0);
	/* The same again is no news, another count is. */
	threshold_set(f, &v);
	KUNIT_EXPECT_EQ(test, threshold_told(f), 0);
	v.count[TARGET_THRESHOLD_USED] = 84;
	threshold_set(f, &v);
	KUNIT_EXPECT_EQ(test, threshold_told(f), 24);
	KUNIT_EXPECT_EQ(test, threshold_told(f), 0);
}

/* MODE SENSE(10) of page 1Ch/02h, current and changeable, without descriptor. */
static void threshold_mode_sense(struct kunit *test)
{
	static const u8 sense[10] = { 0x5a, 0x08, 0x1c, 0x02, [7] = 1 };
	static const u8 changeable[10] = { 0x5a, 0x08, 0x5c, 0x02, [7] = 1 };
	static const u8 want[40] = { 0, 38, 0, 0x10, [8] = 0x5c, 0x02, 0, 28,
				     [24] = 0x00, 0x01, [32] = 0x01, 0x02 };
	static const u8 want_changeable[40] = { 0, 38, 0, 0x10, [8] = 0x5c, 0x02, 0, 28,
		[24] = 0x80, [28] = 0xff, 0xff, 0xff, 0xff,
		[32] = 0x80, [36] = 0xff, 0xff, 0xff, 0xff };
	struct scsi_fixture *f = test->priv;

	fix_run_good(test, fix_cmd(f, sense));
	KUNIT_EXPECT_EQ(test, f->cmd.data_length, sizeof(want));
	KUNIT_EXPECT_EQ(test, memcmp(f->data, want, sizeof(want)), 0);
	fix_run_good(test, fix_cmd(f, changeable));
	KUNIT_EXPECT_EQ(test, memcmp(f->data, want_changeable, sizeof(want_changeable)), 0);
	f->dev.dev_attrib.emulate_tpu = false;
	FIX_EXPECT_REASON(test, target_cdb_parse(fix_cmd(f, sense)), TCM_INVALID_CDB_FIELD);
	fix_expect_field(test, &f->cmd, 3, 7);
}

/* Enabled by MODE SELECT, both pages at once; then a command fails with it, and tells where. */
static void threshold_mode_select(struct kunit *test)
{
	static const u8 select[10] = { 0x55, 0x10, [8] = 8 + 12 + 32 }, ready[6] = { 0x00 };
	static const u8 pages[52] = {
		[8] = 0x01, 0x0a, [15] = 0x80,
		[20] = 0x5c, 0x02, 0, 28,
		[36] = 0x80, 0x01, [43] = 20,
		[44] = 0x01, 0x02,
	};
	struct scsi_fixture *f = test->priv;

	memcpy(f->data, pages, sizeof(pages));
	fix_run_good(test, fix_cmd(f, select));
	KUNIT_EXPECT_TRUE(test, f->dev.thresholds.active);
	fix_run_good(test, fix_cmd(f, ready));
	threshold_used = 90 * SET_BLOCKS;
	target_provision_changed(&f->dev);
	fix_run(test, fix_cmd(f, ready));
	KUNIT_EXPECT_EQ(test, f->cmd.scsi_status, 2);
	KUNIT_EXPECT_EQ(test, f->sense[0], 0xf0);
	KUNIT_EXPECT_EQ(test, f->sense[2], UNIT_ATTENTION);
	KUNIT_EXPECT_EQ(test, get_unaligned_be32(f->sense + 3), 16);
	KUNIT_EXPECT_EQ(test, get_unaligned_be16(f->sense + 12), 0x3807);
	fix_run_good(test, fix_cmd(f, ready));
	/* What is not changeable stays. */
	f->data[37] = 0x02;
	fix_run(test, fix_cmd(f, select));
	KUNIT_EXPECT_EQ(test, get_unaligned_be16(f->sense + 12), 0x2600);
	KUNIT_EXPECT_EQ(test, get_unaligned_be16(f->sense + 16), 37);
}

static struct kunit_case threshold_cases[] = {
	KUNIT_CASE_PARAM(threshold_exponent, threshold_size_gen_params),
	KUNIT_CASE(threshold_counts),
	KUNIT_CASE(threshold_crossings),
	KUNIT_CASE(threshold_enabling),
	KUNIT_CASE(threshold_mode_sense),
	KUNIT_CASE(threshold_mode_select),
	{ }
};

static struct kunit_suite threshold_suite = {
	.name = "target_core_threshold",
	.init = threshold_init,
	.exit = fix_exit,
	.test_cases = threshold_cases,
};
kunit_test_suite(threshold_suite);
