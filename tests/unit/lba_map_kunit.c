// SPDX-License-Identifier: GPL-2.0-only
/* Referrals: the map as text, what it says of blocks, and what initiators are told of it. */
#include <linux/unaligned.h>
#include "alua_state.h"
#include "copy_fixture.h"
#include "lba_map.h"
#include "passthrough.h"

#define MAP_TWO	"64 2\n0 1023 10:O 20:S\n64 1023 10:U 20:A\n"

static const struct map_text {
	const char	*name;
	const char	*text;
	int		err;
	const char	*shown;		/* NULL: as it was written */
} map_texts[] = {
	{ "nothing", "", .shown = "" },
	{ "a newline", "\n", .shown = "" },
	{ "sizes only", "64 1\n", .shown = "" },
	{ "one line", "64 1\n0 63 10:O\n" },
	{ "no newline at the end", "64 1\n0 63 10:O", .shown = "64 1\n0 63 10:O\n" },
	{ "all letters", "0 0\n0 63 0:O 1:A 2:S 65535:U\n" },
	{ "interleaved", MAP_TWO },
	{ "empty lines, and blanks", "\n8  1 \n\n 0  7 1:O\n\n8 15 1:A\n",
	  .shown = "8 1\n0 7 1:O\n8 15 1:A\n" },
	{ "not in order", "0 0\n64 127 1:O\n0 63 1:A\n" },
	{ "one size", "64\n0 63 10:O\n", -EINVAL },
	{ "three sizes", "64 1 1\n0 63 10:O\n", -EINVAL },
	{ "a size that is too large", "4294967296 1\n0 63 10:O\n", -EINVAL },
	{ "a tab", "64 1\n0\t63 10:O\n", -EINVAL },
	{ "hexadecimal", "64 1\n0 63 0x10:O\n", -EINVAL },
	{ "no group", "64 1\n0 63\n", -EINVAL },
	{ "no state", "64 1\n0 63 10\n", -EINVAL },
	{ "an empty state", "64 1\n0 63 10:\n", -EINVAL },
	{ "a state that is not there", "64 1\n0 63 10:L\n", -EINVAL },
	{ "a small letter", "64 1\n0 63 10:o\n", -EINVAL },
	{ "two letters", "64 1\n0 63 10:OA\n", -EINVAL },
	{ "a group that is too large", "64 1\n0 63 65536:O\n", -EINVAL },
	{ "a negative group", "64 1\n0 63 -1:O\n", -EINVAL },
	{ "the same group twice", "64 1\n0 63 10:O 20:O 10:A\n", -EINVAL },
	{ "the same group twice, second line", "64 1\n0 63 1:O 2:O\n64 127 1:O 1:A\n", -EINVAL },
	{ "more groups", "64 1\n0 63 10:O\n64 127 10:O 20:O\n", -EINVAL },
	{ "fewer groups", "64 1\n0 63 10:O 20:O\n64 127 10:O\n", -EINVAL },
	{ "backwards", "64 1\n63 0 10:O\n", -EINVAL },
	{ "up to the last there can be", "0 0\n0 18446744073709551615 10:O\n", -EINVAL },
	{ "a negative block", "64 1\n-1 63 10:O\n", -EINVAL },
	{ "a word too many", "64 1\n0 63 10:O x\n", -EINVAL },
	{ "one range twice", "0 0\n0 63 10:O\n0 63 10:S\n", -EINVAL },
	{ "one block twice", "0 0\n0 63 10:O\n63 127 10:S\n", -EINVAL },
	{ "segments that meet", "64 2\n0 1023 10:O\n63 1023 10:S\n", -EINVAL },
	{ "segments that meet later", "64 2\n0 1023 10:O\n65 1023 10:S\n", -EINVAL },
	{ "segments that end before they meet", "64 2\n0 1023 10:O\n65 127 10:S\n" },
};

static void map_text_desc(const struct map_text *t, char *desc)
{
	strscpy(desc, t->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(map_text, map_texts, map_text_desc);

static struct target_lba_map *map_of(struct kunit *test, const char *text)
{
	size_t size = strlen(text) + 1;
	char *copy = kunit_kzalloc(test, size, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, copy);
	memcpy(copy, text, size);
	return target_lba_map_parse(copy);
}

static void map_text(struct kunit *test)
{
	const struct map_text *t = test->param_value;
	struct target_lba_map *map = map_of(test, t->text);
	struct scsi_fixture *f = test->priv;
	char *page = (char *)f->data;
	ssize_t len;

	KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(map), t->err);
	if (IS_ERR(map))
		return;
	len = target_lba_map_print(map, page, sizeof(f->data));
	page[len] = 0;
	KUNIT_EXPECT_STREQ(test, page, t->shown ?: t->text);
	target_lba_map_free(map);
}

/* Segments of 64 blocks in turn, up to 1023; group 30 is in no line. */
static const struct map_state {
	const char	*map;
	u16		group;
	u64		first;
	u64		count;
	u8		state;
	int		line;
} map_states[] = {
	{ MAP_TWO, 10, 0, 64, TARGET_ALUA_AO, -1 },
	{ MAP_TWO, 10, 63, 2, TARGET_ALUA_UNAVAILABLE, 1 },
	{ MAP_TWO, 10, 64, 1, TARGET_ALUA_UNAVAILABLE, 1 },
	{ MAP_TWO, 10, 127, 1, TARGET_ALUA_UNAVAILABLE, 1 },
	{ MAP_TWO, 10, 128, 64, TARGET_ALUA_AO, -1 },
	{ MAP_TWO, 10, 960, 64, TARGET_ALUA_UNAVAILABLE, 1 },
	{ MAP_TWO, 20, 0, 1, TARGET_ALUA_STANDBY, 0 },
	{ MAP_TWO, 20, 64, 64, TARGET_ALUA_AN, 1 },
	{ MAP_TWO, 20, 0, 1024, TARGET_ALUA_STANDBY, 0 },
	{ MAP_TWO, 10, 1023, 2, TARGET_ALUA_UNAVAILABLE, 1 },
	{ MAP_TWO, 20, 1024, 1, TARGET_ALUA_UNAVAILABLE, -1 },
	{ MAP_TWO, 30, 0, 1, TARGET_ALUA_UNAVAILABLE, 0 },
	{ "0 0\n10 19 1:O\n20 29 1:A\n", 1, 10, 10, TARGET_ALUA_AO, -1 },
	{ "0 0\n10 19 1:O\n20 29 1:A\n", 1, 10, 11, TARGET_ALUA_AN, 1 },
	{ "0 0\n10 19 1:O\n20 29 1:A\n", 1, 9, 2, TARGET_ALUA_UNAVAILABLE, -1 },
	{ "0 0\n10 19 1:O\n20 29 1:A\n", 1, 29, 2, TARGET_ALUA_UNAVAILABLE, -1 },
	{ "0 0\n10 19 1:O\n20 29 1:S\n", 1, 29, 2, TARGET_ALUA_UNAVAILABLE, -1 },
	{ "0 0\n10 19 1:O\n20 29 1:U\n", 1, 29, 2, TARGET_ALUA_UNAVAILABLE, 1 },
	{ "1 4294967295\n0 9999999999999 1:O\n", 1, 4294967295ULL, 1, TARGET_ALUA_AO, -1 },
	{ "1 4294967295\n0 9999999999999 1:O\n", 1, 1, 1, TARGET_ALUA_UNAVAILABLE, -1 },
	{ NULL, 1, 0, 1, TARGET_ALUA_UNAVAILABLE, -1 },
};

static void map_state_desc(const struct map_state *s, char *desc)
{
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "%td: group %u, %llu from %llu", s - map_states,
		 s->group, s->count, s->first);
}

KUNIT_ARRAY_PARAM(map_state, map_states, map_state_desc);

static void map_state(struct kunit *test)
{
	const struct map_state *s = test->param_value;
	struct target_lba_map *map = s->map ? map_of(test, s->map) : NULL;
	int line;

	KUNIT_ASSERT_FALSE(test, IS_ERR(map));
	KUNIT_EXPECT_EQ(test, target_lba_map_state(map, s->group, s->first, s->count, &line),
			s->state);
	KUNIT_EXPECT_EQ(test, line, s->line);
	target_lba_map_free(map);
}

/* The same by looking at each block. */
static void map_state_of_each_block(struct kunit *test)
{
	static const char text[] = "3 4\n5 60 1:S\n8 60 1:A\n11 40 1:O\n14 59 1:U\n";
	struct target_lba_map *map = map_of(test, text);
	static const u8 states[] = {
		TARGET_ALUA_STANDBY, TARGET_ALUA_AN, TARGET_ALUA_AO, TARGET_ALUA_UNAVAILABLE,
	};
	static const u64 last[] = { 60, 60, 40, 59 };
	u64 first, count;
	int line;

	KUNIT_ASSERT_FALSE(test, IS_ERR_OR_NULL(map));
	for (first = 0; first < 70; first++) {
		u8 want = TARGET_ALUA_AO;

		for (count = 1; count < 20; count++) {
			u64 block = first + count - 1;
			unsigned int turn = (block - 5) % 12 / 3;
			u8 state = TARGET_ALUA_UNAVAILABLE;

			if (block >= 5 && block <= last[turn])
				state = states[turn];
			want = max(want, state);
			KUNIT_EXPECT_EQ_MSG(test, target_lba_map_state(map, 1, first, count, &line),
					    want, "%llu from %llu", count, first);
		}
	}
	target_lba_map_free(map);
}

#define MAP_LINE_0	0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x03, 0xff, \
			0, 0, 0, 10, 2, 0, 0, 20
#define MAP_LINE_1	0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 64, 0, 0, 0, 0, 0, 0, 0x03, 0xff, \
			3, 0, 0, 10, 1, 0, 0, 20

static void map_report(struct kunit *test)
{
	struct target_lba_map *map = map_of(test, MAP_TWO);
	static const u8 all[] = { 0, 0, 0, 56, MAP_LINE_0, MAP_LINE_1 };
	static const u8 one[] = { 0, 0, 0, 28, MAP_LINE_1 };
	static const u8 none[] = { 0, 0, 0, 0 };
	struct scsi_fixture *f = test->priv;

	KUNIT_ASSERT_FALSE(test, IS_ERR_OR_NULL(map));
	target_lba_map_build_report(&f->b, map, 0, false);
	fix_expect_bytes(test, &f->b, all, sizeof(all));
	f->b.len = 0;
	target_lba_map_build_report(&f->b, map, 1023, false);
	fix_expect_bytes(test, &f->b, all, sizeof(all));
	f->b.len = 0;
	target_lba_map_build_report(&f->b, map, 200, true);
	fix_expect_bytes(test, &f->b, one, sizeof(one));
	f->b.len = 0;
	target_lba_map_build_report(&f->b, map, 1024, false);
	fix_expect_bytes(test, &f->b, none, sizeof(none));
	f->b.len = 0;
	target_lba_map_build_report(&f->b, NULL, 0, false);
	fix_expect_bytes(test, &f->b, none, sizeof(none));
	target_lba_map_free(map);
}

static void map_give(struct kunit *test, const char *text)
{
	struct target_lba_map *map = map_of(test, text);
	struct scsi_fixture *f = test->priv;

	KUNIT_ASSERT_FALSE(test, IS_ERR(map));
	guard(mutex)(&f->dev.lock);
	target_lba_map_set(&f->dev, map);
}

/* Without a map there is nothing of it; who has read the other answer hears of a change. */
static void map_is_told(struct kunit *test)
{
	static const u8 report[16] = { 0x9e, 0x13, [9] = 0x3f, [13] = 0xff };
	static const u8 beyond[16] = { 0x9e, 0x13, [9] = 0x40, [13] = 0xff };
	static const u8 page[6] = { 0x12, 1, 0xb3, 0, 255 };
	static const u8 extended[6] = { 0x12, 1, 0x86, 0, 255 };
	struct scsi_fixture *f = test->priv;

	FIX_EXPECT_REASON(test, target_cdb_parse(fix_cmd(f, page)), TCM_INVALID_CDB_FIELD);
	FIX_EXPECT_REASON(test, target_cdb_parse(fix_cmd(f, report)), TCM_INVALID_CDB_FIELD);
	map_give(test, "");
	KUNIT_EXPECT_EQ(test, f->itl.ua_pending, 0UL);
	map_give(test, MAP_TWO);
	KUNIT_EXPECT_EQ(test, f->itl.ua_pending,
			BIT(TARGET_UA_INQUIRY_CHANGED) | BIT(TARGET_UA_ALUA_CHANGED));
	f->itl.ua_pending = 0;
	fix_run_good(test, fix_cmd(f, page));
	KUNIT_EXPECT_EQ(test, f->cmd.data_length, 16u);
	KUNIT_EXPECT_EQ(test, get_unaligned_be16(f->data + 2), 12);
	KUNIT_EXPECT_EQ(test, get_unaligned_be32(f->data + 8), 64u);
	KUNIT_EXPECT_EQ(test, get_unaligned_be32(f->data + 12), 2u);
	fix_run_good(test, fix_cmd(f, extended));
	KUNIT_EXPECT_EQ(test, f->data[8], 0x10);
	fix_run_good(test, fix_cmd(f, report));
	KUNIT_EXPECT_EQ(test, get_unaligned_be16(f->data + 2), 56);
	FIX_EXPECT_REASON(test, target_cdb_parse(fix_cmd(f, beyond)), TCM_ADDRESS_OUT_OF_RANGE);
	map_give(test, "\n");
	KUNIT_EXPECT_NE(test, f->itl.ua_pending, 0UL);
	f->itl.ua_pending = 0;
	fix_run_good(test, fix_cmd(f, extended));
	KUNIT_EXPECT_EQ(test, f->data[8], 0x00);
}

/* What a command meets in the state LBA dependent, through group 10. */
static void map_gate(struct kunit *test)
{
	static const u8 reads[2][6] = { { 0x08, 0, 0, 0, 1 }, { 0x08, 0, 0, 7, 2 } };
	static const u8 ready[6] = { 0x00 }, format[6] = { 0x04 };
	static const u8 want[] = { 0x0b, 2 + 28, 0x01, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 8,
				   0, 0, 0, 0, 0, 0, 0, 63, 2, 0, 0, 10, 0, 0, 0, 20 };
	struct scsi_fixture *f = test->priv;

	f->lun.alua_gate = TARGET_ALUA_LBD;
	f->lun.alua_id = 10;
	fix_run(test, fix_cmd(f, reads[0]));
	KUNIT_EXPECT_EQ(test, f->sense[2], NOT_READY);
	KUNIT_EXPECT_EQ(test, get_unaligned_be16(f->sense + 12), 0x040c);
	fix_run_good(test, fix_cmd(f, ready));

	map_give(test, "8 2\n0 63 10:O 20:S\n8 63 10:S 20:O\n");
	f->itl.ua_pending = 0;
	fix_run_good(test, fix_cmd(f, reads[0]));
	fix_run(test, fix_cmd(f, reads[1]));
	KUNIT_EXPECT_EQ(test, f->sense[2], NOT_READY);
	KUNIT_EXPECT_EQ(test, get_unaligned_be16(f->sense + 12), 0x040b);
	/* What does not say which blocks it is about needs all. */
	f->backend.write_same = f->backend.execute_rw;
	FIX_EXPECT_REASON(test, target_cdb_parse(fix_cmd(f, format)), 0);
	FIX_EXPECT_REASON(test, target_alua_gate(&f->cmd), TCM_ALUA_TG_PT_STANDBY);

	f->dev.mode_d_sense = true;
	fix_run(test, fix_cmd(f, reads[1]));
	KUNIT_EXPECT_EQ(test, f->sense[1], ABORTED_COMMAND);
	KUNIT_EXPECT_EQ(test, get_unaligned_be16(f->sense + 2), 0x3f15);
	KUNIT_EXPECT_EQ(test, memcmp(f->sense + 8, want, sizeof(want)), 0);
	/* Where nobody gets there is nothing to refer to. */
	map_give(test, "0 0\n0 63 10:U 20:S\n");
	f->itl.ua_pending = 0;
	fix_run(test, fix_cmd(f, reads[1]));
	KUNIT_EXPECT_EQ(test, f->sense[1], NOT_READY);
	KUNIT_EXPECT_EQ(test, get_unaligned_be16(f->sense + 2), 0x040c);
	map_give(test, "");
}

/* --- parameter lists --------------------------------------------------------------------- */

#define MAP_LIST	"0 0\n0 31 10:O 20:U\n32 39 10:S 20:O\n40 47 10:U 20:U\n48 55 10:A 20:O\n"

static unsigned int map_unmaps;

static int map_unmap(struct target_io *io)
{
	map_unmaps++;
	target_io_done(io, TCM_NO_SENSE);
	return 0;
}

static void map_put_ranges(u8 *p, const struct target_extent *ranges)
{
	unsigned int i;

	for (i = 0; i < 2; i++) {
		put_unaligned_be64(ranges[i].lba, p + 16 * i);
		put_unaligned_be32(ranges[i].blocks, p + 16 * i + 8);
	}
}

static struct se_cmd *map_cmd_unmap(struct scsi_fixture *f, const struct target_extent *ranges)
{
	static const u8 cdb[10] = { 0x42, [8] = 40 };

	put_unaligned_be16(38, f->data);
	put_unaligned_be16(32, f->data + 2);
	map_put_ranges(f->data + 8, ranges);
	return fix_cmd(f, cdb);
}

static struct se_cmd *map_cmd_populate(struct scsi_fixture *f, const struct target_extent *ranges)
{
	put_unaligned_be16(46, f->data);
	put_unaligned_be16(32, f->data + 14);
	map_put_ranges(f->data + 16, ranges);
	return copy_cmd(f, TARGET_COPY_POPULATE, 7, 48);
}

/* Of the token that is zeros. */
static struct se_cmd *map_cmd_use(struct scsi_fixture *f, const struct target_extent *ranges)
{
	put_unaligned_be16(566, f->data);
	put_unaligned_be32(TARGET_ROD_ZERO, f->data + 16);
	put_unaligned_be16(0x1f8, f->data + 16 + 6);
	put_unaligned_be16(32, f->data + 534);
	map_put_ranges(f->data + 536, ranges);
	return copy_cmd(f, TARGET_COPY_USE_TOKEN, 8, 568);
}

static struct se_cmd *(*const map_lists[])(struct scsi_fixture *f,
					   const struct target_extent *ranges) = {
	map_cmd_unmap, map_cmd_populate, map_cmd_use,
};

/* The most restrictive of all the ranges goes, wherever it stands. */
static const struct map_ranges {
	const char		*name;
	struct target_extent	ranges[2];
	u16			codes;		/* 0: it is done */
	u8			line;		/* where a referral begins, 0 for none */
} map_ranges[] = {
	{ "active", { { 0, 8 }, { 30, 2 } } },
	{ "both active states", { { 48, 8 }, { 0, 32 } } },
	{ "nothing", { { 32, 0 }, { 40, 0 } } },
	{ "nothing of what is in the way", { { 32, 0 }, { 0, 8 } } },
	{ "standby", { { 32, 8 }, { 0, 8 } }, 0x040b, 32 },
	{ "the last of two", { { 0, 8 }, { 36, 1 } }, 0x040b, 32 },
	{ "one block too many", { { 0, 8 }, { 31, 2 } }, 0x040b, 32 },
	{ "unavailable", { { 40, 1 }, { 0, 8 } }, 0x040c },
	{ "standby, then unavailable", { { 32, 1 }, { 40, 1 } }, 0x040c },
	{ "unavailable, then standby", { { 40, 1 }, { 32, 1 } }, 0x040c },
	{ "in no line", { { 0, 8 }, { 55, 2 } }, 0x040c },
};

static void map_ranges_desc(const struct map_ranges *r, char *desc)
{
	strscpy(desc, r->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(map_ranges, map_ranges, map_ranges_desc);

static void map_list_run(struct kunit *test, const struct map_ranges *r, unsigned int i)
{
	struct scsi_fixture *f = test->priv;

	memset(f->data, 0, sizeof(f->data));
	fix_run(test, map_lists[i](f, r->ranges));
	flush_workqueue(target_submit_wq);
	KUNIT_EXPECT_EQ_MSG(test, f->cmd.scsi_status, r->codes ? 2 : 0, "list %u", i);
}

static void map_list_refused(struct kunit *test, const struct map_ranges *r, unsigned int i)
{
	struct scsi_fixture *f = test->priv;

	KUNIT_EXPECT_EQ_MSG(test, f->sense[2], NOT_READY, "list %u", i);
	KUNIT_EXPECT_EQ_MSG(test, get_unaligned_be16(f->sense + 12), r->codes, "list %u", i);
	f->dev.mode_d_sense = true;
	map_list_run(test, r, i);
	f->dev.mode_d_sense = false;
	KUNIT_EXPECT_EQ_MSG(test, get_unaligned_be16(f->sense + 2), r->line ? 0x3f15 : r->codes,
			    "list %u", i);
	KUNIT_EXPECT_EQ_MSG(test, f->sense[1], r->line ? ABORTED_COMMAND : NOT_READY, "list %u", i);
	if (r->line)
		KUNIT_EXPECT_EQ_MSG(test, get_unaligned_be64(f->sense + 16), r->line, "list %u", i);
}

static void map_list(struct kunit *test)
{
	const struct map_ranges *r = test->param_value;
	struct scsi_fixture *f = test->priv;
	unsigned int i;

	map_give(test, MAP_LIST);
	f->itl.ua_pending = 0;
	f->lun.alua_gate = TARGET_ALUA_LBD;
	f->lun.alua_id = 10;
	f->backend.unmap = map_unmap;
	f->dev.dev_attrib.emulate_tpu = true;
	f->dev.dev_attrib.max_unmap_lba_count = U32_MAX;
	f->dev.dev_attrib.max_unmap_block_desc_count = 2;
	memset(f->medium, 0xee, FIX_BLOCKS * 512);
	map_unmaps = 0;
	for (i = 0; i < ARRAY_SIZE(map_lists); i++) {
		map_list_run(test, r, i);
		if (r->codes)
			map_list_refused(test, r, i);
	}
	/* What is refused has not begun. */
	if (r->codes)
		KUNIT_EXPECT_NULL(test, memchr_inv(f->medium, 0xee, FIX_BLOCKS * 512));
	KUNIT_EXPECT_EQ(test, map_unmaps, r->codes ? 0U : !!r->ranges[0].blocks +
						    !!r->ranges[1].blocks);
}

/* What is wrong with a list is said before the state of what it names. */
static void map_list_beyond(struct kunit *test)
{
	static const struct map_ranges r = { .ranges = { { 40, 1 }, { 64, 1 } }, .codes = 0x2100 };
	struct scsi_fixture *f = test->priv;

	map_give(test, MAP_LIST);
	f->itl.ua_pending = 0;
	f->lun.alua_gate = TARGET_ALUA_LBD;
	f->lun.alua_id = 10;
	map_list_run(test, &r, 1);
	KUNIT_EXPECT_EQ(test, get_unaligned_be16(f->sense + 12), 0x2100);
}

/* --- commands that go to the backstore --------------------------------------------------- */

static sense_reason_t map_pass_execute(struct se_cmd *cmd)
{
	target_passthrough_done(cmd, SAM_STAT_GOOD, NULL, 0, 0);
	return TCM_NO_SENSE;
}

static sense_reason_t map_pass_parse(struct se_cmd *cmd)
{
	cmd->execute = map_pass_execute;
	return TCM_NO_SENSE;
}

/* Group 10 does not get to blocks 32 to 47 and beyond 55. */
static const struct map_pass {
	const char	*name;
	u8		cdb[16];
	u16		codes;
} map_passes[] = {
	{ "TEST UNIT READY", { 0x00 } },
	{ "READ(6)", { 0x08, [3] = 8, [4] = 8 } },
	{ "READ(6) of 256", { 0x08 }, 0x040c },
	{ "READ(10)", { 0x28, [5] = 24, [8] = 8 } },
	{ "READ(10) across a border", { 0x28, [5] = 25, [8] = 8 }, 0x040b },
	{ "READ(10) of none", { 0x28, [5] = 40 } },
	{ "READ(10) from beyond all", { 0x28, 0, 0xff, 0xff, 0xff, 0xff, [8] = 2 }, 0x040c },
	{ "READ(16) to where numbers end", { 0x88, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
					     0xff, [13] = 2 }, 0x040c },
	{ "WRITE(16)", { 0x8a, [9] = 48, [13] = 8 } },
	{ "WRITE(16) in standby", { 0x8a, [9] = 32, [13] = 1 }, 0x040b },
	{ "WRITE SAME(10)", { 0x41, [5] = 0, [8] = 8 } },
	{ "WRITE SAME(10) to the end", { 0x41, [5] = 48 }, 0x040c },
	{ "SYNCHRONIZE CACHE(10)", { 0x35, [5] = 40, [8] = 1 } },
	{ "UNMAP", { 0x42, [8] = 24 }, 0x040c },
	{ "WRITE USING TOKEN", { 0x83, 0x11, [13] = 24 }, 0x040c },
	{ "FORMAT UNIT", { 0x04 }, 0x040c },
	{ "nobody knows", { 0xd0 }, 0x040c },
};

static void map_pass_desc(const struct map_pass *p, char *desc)
{
	strscpy(desc, p->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(map_pass, map_passes, map_pass_desc);

static void map_pass(struct kunit *test)
{
	const struct map_pass *p = test->param_value;
	struct scsi_fixture *f = test->priv;

	f->backend.flags = TARGET_BACKEND_PASSTHROUGH;
	f->backend.parse_cdb = map_pass_parse;
	map_give(test, MAP_LIST);
	f->itl.ua_pending = 0;
	f->lun.alua_gate = TARGET_ALUA_LBD;
	f->lun.alua_id = 10;
	fix_run(test, fix_cmd(f, p->cdb));
	KUNIT_EXPECT_EQ(test, f->cmd.scsi_status, p->codes ? 2 : 0);
	if (p->codes)
		KUNIT_EXPECT_EQ(test, get_unaligned_be16(f->sense + 12), p->codes);
}

static struct kunit_case map_cases[] = {
	KUNIT_CASE_PARAM(map_text, map_text_gen_params),
	KUNIT_CASE_PARAM(map_state, map_state_gen_params),
	KUNIT_CASE(map_state_of_each_block),
	KUNIT_CASE(map_report),
	KUNIT_CASE(map_is_told),
	KUNIT_CASE(map_gate),
	KUNIT_CASE_PARAM(map_list, map_ranges_gen_params),
	KUNIT_CASE(map_list_beyond),
	KUNIT_CASE_PARAM(map_pass, map_pass_gen_params),
	{}
};

static struct kunit_suite map_suite = {
	.name = "target_core_lba_map",
	.init = copy_init,
	.exit = copy_exit,
	.test_cases = map_cases,
};
kunit_test_suite(map_suite);
