// SPDX-License-Identifier: GPL-2.0-only
/* Application tags by ranges: the mode page, what it refuses, and which block has which tag. */
#include <linux/unaligned.h>
#include "app_tag.h"
#include "mode.h"
#include "scsi_fixture.h"

#define LIST_LEN	(4 + TARGET_APP_TAG_PAGE_LEN)

/* A descriptor: LAST, tag, first block, blocks. */
struct app_tag_desc {
	u8	last;
	u16	tag;
	u64	lba;
	u64	blocks;
};

static void app_tag_put(u8 *page, unsigned int i, const struct app_tag_desc *d)
{
	u8 *p = page + TARGET_APP_TAG_HEADER_LEN + i * TARGET_APP_TAG_DESC_LEN;

	p[0] = d->last ? 0x80 : 0;
	put_unaligned_be16(d->tag, p + 6);
	put_unaligned_be64(d->lba, p + 8);
	put_unaligned_be64(d->blocks, p + 16);
}

static const struct app_tag_case {
	const char		*name;
	u8			bad;	/* byte of the page */
	struct app_tag_desc	d[TARGET_APP_TAG_RANGES];
} app_tag_cases[] = {
	{ "none", 0, { { 1 } } },
	{ "one", 0, { { 1, 0x1111, 0, FIX_BLOCKS } } },
	{ "up to the last address", 0, { { 1, 0x1111, 0, FIX_BLOCKS - 1 } } },
	{ "three", 0, { { 0, 0x1111, 0, 8 }, { 0, 0x2222, 8, 8 }, { 1, 0x3333, 16, 48 } } },
	{ "two and something", 0, { { 0, 1, 0, 8 }, { 1, 2, 8, 56 }, { 1, 2, 8, 1 } } },
	{ "without LAST", 64, { { 0, 1, 0, 1 }, { 0, 2, 1, 1 }, { 0, 3, 2, 62 } } },
	{ "not from block 0", 24, { { 1, 1, 1, 63 } } },
	{ "overlap", 48, { { 0, 1, 0, 9 }, { 1, 2, 8, 56 } } },
	{ "gap", 48, { { 0, 1, 0, 7 }, { 1, 2, 8, 56 } } },
	{ "not to the end", 56, { { 0, 1, 0, 8 }, { 1, 2, 8, 8 } } },
	{ "beyond the end", 32, { { 1, 1, 0, FIX_BLOCKS + 1 } } },
	{ "none but the first", 56, { { 0, 1, 0, 0 }, { 1, 2, 0, 0 } } },
	{ "beyond all addresses", 56, { { 0, 1, 0, 8 }, { 1, 1, 8, U64_MAX } } },
};

static void app_tag_case_desc(const struct app_tag_case *c, char *desc)
{
	strscpy(desc, c->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(app_tag, app_tag_cases, app_tag_case_desc);

static void app_tag_page(struct kunit *test)
{
	const struct app_tag_case *c = test->param_value;
	struct scsi_fixture *f = test->priv;
	u8 page[TARGET_APP_TAG_PAGE_LEN] = { }, again[TARGET_APP_TAG_PAGE_LEN] = { };
	struct target_app_tags v = { };
	unsigned int i;
	u8 bit;

	for (i = 0; i < TARGET_APP_TAG_RANGES; i++)
		app_tag_put(page, i, &c->d[i]);
	KUNIT_EXPECT_EQ(test, target_app_tags_bad(&f->dev, page, &bit), c->bad);
	KUNIT_EXPECT_EQ(test, bit, 7);
	if (c->bad)
		return;
	target_app_tags_take(&v, page);
	target_app_tags_fill(again, &v);
	KUNIT_EXPECT_EQ(test, memcmp(page, again, sizeof(page)), 0);
}

static void app_tag_find(struct kunit *test)
{
	const struct target_app_tags v = {
		.range = { { 8, 8, 0x1111 }, { 32, 1, 0x2222, true }, { 40, 8, 0x3333 } },
	};
	u16 tag = 0;

	KUNIT_EXPECT_FALSE(test, target_app_tag_find(&v, 7, &tag));
	KUNIT_EXPECT_TRUE(test, target_app_tag_find(&v, 8, &tag));
	KUNIT_EXPECT_EQ(test, tag, 0x1111);
	KUNIT_EXPECT_TRUE(test, target_app_tag_find(&v, 15, &tag));
	KUNIT_EXPECT_FALSE(test, target_app_tag_find(&v, 16, &tag));
	KUNIT_EXPECT_TRUE(test, target_app_tag_find(&v, 32, &tag));
	KUNIT_EXPECT_EQ(test, tag, 0x2222);
	KUNIT_EXPECT_FALSE(test, target_app_tag_find(&v, 40, &tag));
}

static sense_reason_t app_tag_select(struct scsi_fixture *f, const u8 *list, u32 len)
{
	static const u8 cdb[6] = { 0x15, 0x10, 0, 0, LIST_LEN };
	struct target_mode_values v;
	sense_reason_t why;

	mutex_lock(&f->dev.lock);
	target_mode_get(&v, &f->dev);
	why = target_mode_check(fix_cmd(f, cdb), &f->dev, list, len, false, &v);
	if (!why)
		target_mode_apply(&f->dev, &v);
	mutex_unlock(&f->dev.lock);
	return why;
}

/* The page and ATMPE are there with protection information, and can be changed then. */
static void app_tag_mode(struct kunit *test)
{
	u8 control[] = { 0, 0, 0, 0, 0x0a, 0x0a, 0x02, 0x10, 0, 0xe0, 0, 0, 0, 0, 0, 1 };
	static const u8 sense[6] = { 0x1a, 8, 0x0a, 0x02, 255 };
	struct scsi_fixture *f = test->priv;
	u8 list[LIST_LEN] = { 0, 0, 0, 0, 0x4a, 0x02, 0, TARGET_APP_TAG_PAGE_LEN - 4 };
	struct target_app_tags v = { };
	u16 tag;

	FIX_EXPECT_REASON(test, target_cdb_parse(fix_cmd(f, sense)), TCM_INVALID_CDB_FIELD);
	f->dev.dev_attrib.pi_prot_type = 1;
	f->dev.dev_attrib.pi_prot_verify = true;
	fix_run_good(test, fix_cmd(f, sense));
	KUNIT_EXPECT_EQ(test, f->cmd.data_length, LIST_LEN);
	KUNIT_EXPECT_EQ(test, f->data[4 + TARGET_APP_TAG_HEADER_LEN], 0x80);
	app_tag_put(list + 4, 0, &app_tag_cases[1].d[0]);
	FIX_EXPECT_REASON(test, app_tag_select(f, list, sizeof(list)), TCM_NO_SENSE);
	KUNIT_EXPECT_FALSE(test, target_app_tags_copy(&v, &f->dev));
	FIX_EXPECT_REASON(test, app_tag_select(f, control, sizeof(control)), TCM_NO_SENSE);
	KUNIT_EXPECT_TRUE(test, target_app_tags_copy(&v, &f->dev));
	KUNIT_EXPECT_TRUE(test, target_app_tag_find(&v, 3, &tag));
	fix_run_good(test, fix_cmd(f, sense));
	KUNIT_EXPECT_EQ(test, memcmp(f->data + 8, list + 8, sizeof(list) - 8), 0);
	list[4 + 4] = 1;
	FIX_EXPECT_REASON(test, app_tag_select(f, list, sizeof(list)), TCM_INVALID_PARAMETER_LIST);
	fix_expect_field(test, &f->cmd, 8, 0);
	mutex_lock(&f->dev.lock);
	target_mode_reset(&f->dev);
	mutex_unlock(&f->dev.lock);
	KUNIT_EXPECT_FALSE(test, target_app_tags_copy(&v, &f->dev));
}

static struct kunit_case app_tag_kunit_cases[] = {
	KUNIT_CASE_PARAM(app_tag_page, app_tag_gen_params),
	KUNIT_CASE(app_tag_find),
	KUNIT_CASE(app_tag_mode),
	{ }
};

static struct kunit_suite app_tag_suite = {
	.name = "target_core_app_tag",
	.init = fix_init,
	.exit = fix_exit,
	.test_cases = app_tag_kunit_cases,
};
kunit_test_suite(app_tag_suite);
