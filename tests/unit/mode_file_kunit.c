// SPDX-License-Identifier: GPL-2.0-only
/* The file of saved mode pages: what is taken out of it, and what is not, whatever it is. */
#include <linux/crc32.h>
#include <linux/unaligned.h>
#include "mode.h"
#include "mode_file.h"
#include "mode_save.h"
#include "scsi_fixture.h"

#define IDENTITY	"rd_mcp_0/disk\n12ab-CD"
#define IDENTITY_LEN	21
#define PAGES_AT	(12 + IDENTITY_LEN)

static const u8 file_pages[] = { 0x08, 0x12, 0x04, [19] = 0 };

#define FILE_LEN	(PAGES_AT + (u32)sizeof(file_pages) + 4)

static void file_make(struct scsi_fixture *f)
{
	target_mode_file_build(&f->b, IDENTITY, file_pages, sizeof(file_pages));
}

static void file_as_written(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;
	const u8 *pages;
	u32 len;

	BUILD_BUG_ON(sizeof(IDENTITY) - 1 != IDENTITY_LEN);
	file_make(f);
	KUNIT_ASSERT_EQ(test, f->b.len, FILE_LEN);
	KUNIT_EXPECT_EQ(test, memcmp(f->out, "TCMMODE1\0\x15\0\x14" IDENTITY, PAGES_AT), 0);
	KUNIT_EXPECT_EQ(test, get_unaligned_be32(f->out + FILE_LEN - 4),
			~crc32_le(~0, f->out, FILE_LEN - 4));
	KUNIT_ASSERT_EQ(test, target_mode_file_parse(f->out, f->b.len, IDENTITY, &pages, &len), 0);
	KUNIT_ASSERT_EQ(test, len, (u32)sizeof(file_pages));
	KUNIT_EXPECT_PTR_EQ(test, pages, (const u8 *)f->out + PAGES_AT);
}

/* Every other length, with bytes that would be right if they were there. */
static void file_truncated(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;
	const u8 *pages;
	u32 len, i;

	file_make(f);
	for (i = 0; i < FILE_LEN + 16; i++)
		if (i != FILE_LEN)
			KUNIT_EXPECT_EQ_MSG(test, target_mode_file_parse(f->out, i, IDENTITY,
									 &pages, &len),
					    -EBADMSG, "%u bytes", i);
}

/* Every single bit. */
static void file_damaged(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;
	const u8 *pages;
	u32 len, i;

	file_make(f);
	for (i = 0; i < FILE_LEN * 8; i++) {
		f->out[i / 8] ^= 1 << i % 8;
		KUNIT_EXPECT_EQ_MSG(test, target_mode_file_parse(f->out, FILE_LEN, IDENTITY,
								 &pages, &len),
				    -EBADMSG, "bit %u", i);
		f->out[i / 8] ^= 1 << i % 8;
	}
}

/* Lengths that lie, with the right sum. */
static void file_lengths(struct kunit *test)
{
	static const u16 lengths[][2] = {
		{ 0, 0 }, { 0xffff, 0xffff }, { IDENTITY_LEN, 0xffff }, { 0xffff, 20 },
		{ IDENTITY_LEN + 1, 20 }, { IDENTITY_LEN, 21 }, { IDENTITY_LEN - 1, 20 },
	};
	struct scsi_fixture *f = test->priv;
	const u8 *pages;
	u32 len, i;

	for (i = 0; i < ARRAY_SIZE(lengths); i++) {
		target_buf_init(&f->b, f->out, sizeof(f->out));
		file_make(f);
		put_unaligned_be16(lengths[i][0], f->out + 8);
		put_unaligned_be16(lengths[i][1], f->out + 10);
		put_unaligned_be32(~crc32_le(~0, f->out, FILE_LEN - 4), f->out + FILE_LEN - 4);
		KUNIT_EXPECT_EQ_MSG(test, target_mode_file_parse(f->out, FILE_LEN, IDENTITY,
								 &pages, &len),
				    -EBADMSG, "%u and %u", lengths[i][0], lengths[i][1]);
	}
}

static void file_foreign(struct kunit *test)
{
	static const char * const others[] = {
		"rd_mcp_0/disk\n12ab-CE", "rd_mcp_1/disk\n12ab-CD", "rd_mcp_0/disk\n12ab-C",
		"rd_mcp_0/disk\n12ab-CD0", "",
	};
	struct scsi_fixture *f = test->priv;
	const u8 *pages;
	u32 len, i;

	file_make(f);
	for (i = 0; i < ARRAY_SIZE(others); i++)
		KUNIT_EXPECT_EQ(test, target_mode_file_parse(f->out, FILE_LEN, others[i],
							     &pages, &len), -EXDEV);
}

static const struct pages_case {
	const char			*name;
	int				err;
	u32				len;
	struct target_mode_values	v;
	u8				pages[80];
} pages_cases[] = {
	{ "none", .v = { .tas = true } },
	{ "WCE", .len = 20, .v = { .tas = true, .wce = true }, .pages = { 0x08, 0x12, 0x04 } },
	{ "only what can be changed", .len = 20, .v = { .tas = true, .wce = true },
	  .pages = { 0x08, 0x12, 0xff, 0xff, 0xff, [12] = 0xff } },
	{ "PS", .len = 20, .v = { .tas = true, .wce = true }, .pages = { 0x88, 0x12, 0x04 } },
	{ "two", .len = 32, .v = { .wce = true, .swp = true, .qerr = 3, .intlck = 2 },
	  .pages = { 0x08, 0x12, 0x04, [20] = 0x0a, 0x0a, 0, 0x16, 0x28 } },
	{ "the last one counts", .len = 40, .v = { .tas = true },
	  .pages = { 0x08, 0x12, 0x04, [20] = 0x08, 0x12 } },
	{ "unknown page", .len = 26, .v = { .tas = true, .wce = true },
	  .pages = { 0x3e, 0x04, 1, 2, 3, 4, 0x08, 0x12, 0x04 } },
	{ "unknown subpage", .len = 26, .v = { .tas = true, .wce = true },
	  .pages = { 0x48, 0x77, 0, 2, 3, 4, 0x08, 0x12, 0x04 } },
	{ "page that the unit has not", .len = 28, .v = { .tas = true },
	  .pages = { 0x5c, 0x02, 0, 24, 0x80 } },
	{ "nothing to take", .len = 32, .v = { .tas = true },
	  .pages = { 0x4a, 0x01, 0, 28, 0xff, 0xff } },
	{ "a value that is none", -EBADMSG, .len = 12, .pages = { 0x0a, 0x0a, 0, 0x04 } },
	{ "a value that is none behind one that is", -EBADMSG, .len = 32,
	  .pages = { 0x08, 0x12, 0x04, [20] = 0x0a, 0x0a, 0, 0x04 } },
	{ "half a header", -EBADMSG, .len = 1, .pages = { 0x08 } },
	{ "half a long header", -EBADMSG, .len = 3, .pages = { 0x4a, 0x01, 0 } },
	{ "cut off", -EBADMSG, .len = 19, .pages = { 0x08, 0x12, 0x04 } },
	{ "of other length", -EBADMSG, .len = 12, .pages = { 0x08, 0x0a, 0x04 } },
	{ "as long as can be", -EBADMSG, .len = 80, .pages = { 0x48, 0x01, 0xff, 0xff } },
	{ "subpage 00h", -EBADMSG, .len = 22, .pages = { 0x48, 0x00, 0, 18, 0x04 } },
};

static void pages_case_desc(const struct pages_case *c, char *desc)
{
	strscpy(desc, c->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(pages, pages_cases, pages_case_desc);

static void pages_taken(struct kunit *test)
{
	const struct pages_case *c = test->param_value;
	struct scsi_fixture *f = test->priv;
	struct target_mode_values v;

	target_mode_get(&v, &f->dev);
	KUNIT_ASSERT_EQ(test, target_mode_take_pages(&f->dev, c->pages, c->len, &v), c->err);
	if (!c->err)
		KUNIT_EXPECT_EQ(test, memcmp(&v, &c->v, sizeof(v)), 0);
}

/* Noise: an answer, and no byte beyond the end is looked at (KASAN sees it). */
static void pages_noise(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;
	struct target_mode_values v;
	u32 seed = 1, i, len, at;

	for (i = 0; i < 2000; i++) {
		u8 *noise;

		len = i % 64;
		noise = kmalloc(max(len, 1U), GFP_KERNEL);
		KUNIT_ASSERT_NOT_NULL(test, noise);
		for (at = 0; at < len; at++) {
			seed = seed * 1664525 + 1013904223;
			noise[at] = seed >> 24;
		}
		target_mode_get(&v, &f->dev);
		at = target_mode_take_pages(&f->dev, noise, len, &v);
		kfree(noise);
		KUNIT_EXPECT_TRUE(test, !at || (int)at == -EBADMSG);
		KUNIT_EXPECT_NE(test, v.qerr, 2);
		KUNIT_EXPECT_NE(test, v.intlck, 1);
	}
}

static const u8 sense_saved[6] = { 0x1a, 8, 0xc8, 0, 255 };
static const u8 sense_now[6] = { 0x1a, 8, 0x08, 0, 255 };

/* A unit that can save: PS, PC 11b, SP; and what is saved as long as nothing is. */
static void saves(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;
	static const u8 sense_ext[6] = { 0x1a, 8, 0x0a, 1, 255 }, sp[6] = { 0x15, 0x11 };
	struct target_mode_saved saved = {};

	f->dev.mode_saved = &saved;
	f->dev.dev_attrib.emulate_write_cache = true;
	fix_run_good(test, fix_cmd(f, sense_now));
	KUNIT_EXPECT_EQ(test, f->data[4], 0x88);
	KUNIT_EXPECT_EQ(test, f->data[6], 0x04);
	fix_run_good(test, fix_cmd(f, sense_saved));
	KUNIT_EXPECT_EQ(test, f->data[4], 0x88);
	KUNIT_EXPECT_EQ(test, f->data[6], 0x00);
	saved.valid = true;
	saved.values.wce = true;
	fix_run_good(test, fix_cmd(f, sense_saved));
	KUNIT_EXPECT_EQ(test, f->data[6], 0x04);
	fix_run_good(test, fix_cmd(f, sense_ext));
	KUNIT_EXPECT_EQ(test, f->data[4], 0x4a);
	FIX_EXPECT_REASON(test, target_cdb_parse(fix_cmd(f, sp)), TCM_NO_SENSE);
}

/* A reset sets back to what was saved; it does not turn a cache off. */
static void reset_to_saved(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;
	struct target_mode_saved saved = {
		.valid = true, .values = { .tas = false, .swp = true, .qerr = 1, .intlck = 3 },
	};

	f->dev.mode_saved = &saved;
	f->dev.dev_attrib.emulate_write_cache = true;
	mutex_lock(&f->dev.lock);
	target_mode_reset(&f->dev);
	mutex_unlock(&f->dev.lock);
	KUNIT_EXPECT_TRUE(test, f->dev.mode_swp);
	KUNIT_EXPECT_EQ(test, f->dev.mode_qerr, 1);
	KUNIT_EXPECT_FALSE(test, f->dev.dev_attrib.emulate_tas);
	KUNIT_EXPECT_EQ(test, f->dev.dev_attrib.emulate_ua_intlck_ctrl, 2);
	KUNIT_EXPECT_TRUE(test, f->dev.dev_attrib.emulate_write_cache);
}

static struct kunit_case mode_file_cases[] = {
	KUNIT_CASE(file_as_written),
	KUNIT_CASE(file_truncated),
	KUNIT_CASE(file_damaged),
	KUNIT_CASE(file_lengths),
	KUNIT_CASE(file_foreign),
	KUNIT_CASE_PARAM(pages_taken, pages_gen_params),
	KUNIT_CASE(pages_noise),
	KUNIT_CASE(saves),
	KUNIT_CASE(reset_to_saved),
	{}
};

static struct kunit_suite mode_file_suite = {
	.name = "target_core_mode_file",
	.init = fix_init,
	.exit = fix_exit,
	.test_cases = mode_file_cases,
};
kunit_test_suite(mode_file_suite);
