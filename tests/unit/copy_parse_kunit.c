// SPDX-License-Identifier: GPL-2.0-only
/* Parameter lists of EXTENDED COPY: what is read from them, and what is refused. */
#include "copy_fixture.h"

/* A byte of a good list that is changed; @off 0 ends the changes but for the first one. */
struct parse_change {
	u16	off;
	u8	val;
};

struct parse_case {
	const char		*name;
	bool			lid4;
	u32			cut;		/* bytes that are missing at the end */
	struct parse_change	change[4];
	sense_reason_t		why;
	u16			field;		/* 0xffff for none */
	u8			bit;
};

#define CSCD1	COPY_LID1
#define SEG1	(COPY_LID1 + COPY_CSCD)
#define CSCD4	COPY_LID4
#define SEG4	(COPY_LID4 + COPY_CSCD)

static const struct parse_case parse_cases[] = {
	{ "good", .change = { { 0, 1 } } },
	{ "priority, STR", .change = { { 1, 0x27 } } },
	{ "results may be forgotten", .change = { { 1, 0x10 } } },
	{ "no list identifier", .change = { { 0, 0 }, { 1, 0x18 } } },
	{ "header cut off", .cut = 61, .why = TCM_PARAMETER_LIST_LENGTH_ERROR, .field = 0xffff },
	{ "CSCD cut off", .cut = 29, .why = TCM_PARAMETER_LIST_LENGTH_ERROR, .field = 0xffff },
	{ "segment cut off", .cut = 1, .why = TCM_PARAMETER_LIST_LENGTH_ERROR, .field = 0xffff },
	{ "reserved bit", .change = { { 1, 0x40 } }, .why = TCM_INVALID_PARAMETER_LIST,
	  .field = 1, .bit = 6 },
	{ "usage 01b", .change = { { 1, 0x08 } }, .why = TCM_INVALID_PARAMETER_LIST,
	  .field = 1, .bit = 4 },
	{ "unused list identifier", .change = { { 1, 0x18 } },
	  .why = TCM_INVALID_PARAMETER_LIST, .field = 0, .bit = 7 },
	{ "reserved byte", .change = { { 5, 0x10 } }, .why = TCM_INVALID_PARAMETER_LIST,
	  .field = 5, .bit = 4 },
	{ "half a CSCD", .change = { { 3, 31 } }, .why = TCM_INVALID_PARAMETER_LIST,
	  .field = 2, .bit = 7 },
	{ "lists too long", .change = { { 2, 0x0b } }, .why = TCM_PARAMETER_LIST_LENGTH_ERROR,
	  .field = 0xffff },
	{ "inline data", .change = { { 15, 1 } }, .why = TCM_INLINE_DATA_LENGTH_EXCEEDED,
	  .field = 12, .bit = 7 },
	{ "CSCD of another type", .change = { { CSCD1, 0xe0 } },
	  .why = TCM_UNSUPPORTED_TARGET_DESC_TYPE_CODE, .field = CSCD1, .bit = 7 },
	{ "LU ID TYPE is ignored", .change = { { CSCD1 + 1, 0xc0 } } },
	{ "NUL", .change = { { CSCD1 + 1, 0x20 } }, .why = TCM_INVALID_PARAMETER_LIST,
	  .field = CSCD1 + 1, .bit = 5 },
	{ "designator too long", .change = { { CSCD1 + 7, 21 } },
	  .why = TCM_INVALID_PARAMETER_LIST, .field = CSCD1 + 7, .bit = 7 },
	{ "segment of another type", .change = { { SEG1, 0x03 } },
	  .why = TCM_UNSUPPORTED_SEGMENT_DESC_TYPE_CODE, .field = SEG1, .bit = 7 },
	{ "segment of another length", .change = { { SEG1 + 3, 0x17 } },
	  .why = TCM_INVALID_PARAMETER_LIST, .field = SEG1 + 2, .bit = 7 },
	{ "segment beyond its list", .change = { { 11, 27 } },
	  .why = TCM_PARAMETER_LIST_LENGTH_ERROR, .field = 0xffff },
	{ "segment, reserved bit", .change = { { SEG1 + 1, 0x04 } },
	  .why = TCM_INVALID_PARAMETER_LIST, .field = SEG1 + 1, .bit = 2 },
	{ "segment, reserved byte", .change = { { SEG1 + 9, 0x80 } },
	  .why = TCM_INVALID_PARAMETER_LIST, .field = SEG1 + 9, .bit = 7 },
	{ "LID4, good", .lid4 = true, .change = { { 0, 1 } } },
	{ "LID4, IMMED", .lid4 = true, .change = { { 0, 1 }, { 15, 1 } } },
	{ "LID4, G_SENSE", .lid4 = true, .change = { { 0, 1 }, { 15, 2 } },
	  .why = TCM_INVALID_PARAMETER_LIST, .field = 15, .bit = 1 },
	{ "LID4, format", .lid4 = true, .change = { { 0, 2 } },
	  .why = TCM_INVALID_PARAMETER_LIST, .field = 0, .bit = 7 },
	{ "LID4, header length", .lid4 = true, .change = { { 0, 1 }, { 3, 0x21 } },
	  .why = TCM_INVALID_PARAMETER_LIST, .field = 2, .bit = 7 },
	{ "LID4, header type", .lid4 = true, .change = { { 0, 1 }, { 16, 0xe4 } },
	  .why = TCM_INVALID_PARAMETER_LIST, .field = 16, .bit = 7 },
	{ "LID4, reserved byte", .lid4 = true, .change = { { 0, 1 }, { 41, 1 } },
	  .why = TCM_INVALID_PARAMETER_LIST, .field = 41, .bit = 0 },
	{ "LID4, header cut off", .lid4 = true, .cut = 61, .change = { { 0, 1 } },
	  .why = TCM_PARAMETER_LIST_LENGTH_ERROR, .field = 0xffff },
	{ "LID4, inline data", .lid4 = true, .change = { { 0, 1 }, { 47, 4 } },
	  .why = TCM_INLINE_DATA_LENGTH_EXCEEDED, .field = 46, .bit = 7 },
	{ "LID4, unused list identifier", .lid4 = true, .change = { { 0, 1 }, { 1, 0x18 } },
	  .why = TCM_INVALID_PARAMETER_LIST, .field = 20, .bit = 7 },
	{ "LID4, segment of another type", .lid4 = true, .change = { { 0, 1 }, { SEG4, 0xbe } },
	  .why = TCM_UNSUPPORTED_SEGMENT_DESC_TYPE_CODE, .field = SEG4, .bit = 7 },
};

static void parse_desc(const struct parse_case *c, char *desc)
{
	strscpy(desc, c->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(parse, parse_cases, parse_desc);

static sense_reason_t parse_run(struct scsi_fixture *f, bool lid4, u32 len,
				struct target_copy_list *list)
{
	memset(&f->cmd, 0, sizeof(f->cmd));
	memset(list, 0, sizeof(*list));
	return lid4 ? target_copy_parse_lid4(&f->cmd, f->data, len, list) :
		      target_copy_parse_lid1(&f->cmd, f->data, len, list);
}

static void parse_one(struct kunit *test)
{
	const struct parse_case *c = test->param_value;
	struct scsi_fixture *f = test->priv;
	struct target_copy_list *list = kunit_kzalloc(test, sizeof(*list), GFP_KERNEL);
	u32 len = c->lid4 ? copy_list_lid4(f->data) : copy_list_lid1(f->data);
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, list);
	for (i = 0; i < ARRAY_SIZE(c->change) && (!i || c->change[i].off); i++)
		if (c->change[i].off || c->change[i].val || c->change[1].off)
			f->data[c->change[i].off] = c->change[i].val;
	FIX_EXPECT_REASON(test, parse_run(f, c->lid4, len - c->cut, list), c->why);
	if (c->why && c->field != 0xffff)
		fix_expect_field(test, &f->cmd, c->field, c->bit);
	if (c->why && c->field == 0xffff)
		KUNIT_EXPECT_EQ(test, f->cmd.field_flags, 0);
}

static void parse_values(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;
	struct target_copy_list *list = kunit_kzalloc(test, sizeof(*list), GFP_KERNEL);
	u32 len = copy_list_lid1(f->data);

	KUNIT_ASSERT_NOT_NULL(test, list);
	f->data[1] = 0x10;
	f->data[CSCD1 + 28] = 0x04;
	copy_put_segment(f->data + SEG1, 0x1234, 0xffff, 0xabcd, 0x1122334455667788,
			 0x99aabbccddeeff00);
	f->data[SEG1 + 1] = 0x03;
	FIX_EXPECT_REASON(test, parse_run(f, false, len, list), TCM_NO_SENSE);
	KUNIT_EXPECT_EQ(test, list->list_id, 1U);
	KUNIT_EXPECT_EQ(test, list->usage, TARGET_LIST_ID_DISCARD);
	KUNIT_EXPECT_EQ(test, list->cscds, 1);
	KUNIT_EXPECT_EQ(test, list->segments, 1);
	KUNIT_EXPECT_EQ(test, list->cscd[0].at, CSCD1);
	KUNIT_EXPECT_EQ(test, list->cscd[0].len, 16);
	KUNIT_EXPECT_EQ(test, list->cscd[0].designator[3], 0x51);
	KUNIT_EXPECT_EQ(test, list->cscd[0].block_length, 512U);
	KUNIT_EXPECT_TRUE(test, list->segment[0].dc);
	KUNIT_EXPECT_EQ(test, list->segment[0].source, 0x1234);
	KUNIT_EXPECT_EQ(test, list->segment[0].dest, 0xffff);
	KUNIT_EXPECT_EQ(test, list->segment[0].blocks, 0xabcdU);
	KUNIT_EXPECT_EQ(test, list->segment[0].source_lba, 0x1122334455667788ULL);
	KUNIT_EXPECT_EQ(test, list->segment[0].dest_lba, 0x99aabbccddeeff00ULL);
}

static void parse_lid4_values(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;
	struct target_copy_list *list = kunit_kzalloc(test, sizeof(*list), GFP_KERNEL);
	u32 len = copy_list_lid4(f->data);

	KUNIT_ASSERT_NOT_NULL(test, list);
	f->data[15] = 0x01;
	FIX_EXPECT_REASON(test, parse_run(f, true, len, list), TCM_NO_SENSE);
	KUNIT_EXPECT_EQ(test, list->list_id, 0x12345678U);
	KUNIT_EXPECT_TRUE(test, list->immed);
	KUNIT_EXPECT_EQ(test, list->cscd[0].at, CSCD4);
	KUNIT_EXPECT_EQ(test, list->segment[0].at, SEG4);
}

/* As many as there may be, and one more. */
static void parse_counts(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;
	struct target_copy_list *list = kunit_kzalloc(test, sizeof(*list), GFP_KERNEL);
	u32 cscds, segments, i, len;

	KUNIT_ASSERT_NOT_NULL(test, list);
	for (cscds = 15; cscds < 18; cscds++) {
		len = copy_list_lid1(f->data);
		put_unaligned_be16(cscds * COPY_CSCD, f->data + 2);
		for (i = 0; i < cscds; i++)
			copy_put_cscd(f->data + COPY_LID1 + i * COPY_CSCD);
		copy_put_segment(f->data + COPY_LID1 + cscds * COPY_CSCD, 0, 0, 1, 0, 1);
		FIX_EXPECT_REASON(test, parse_run(f, false, len + 18 * COPY_CSCD, list),
				  cscds > 16 ? TCM_TOO_MANY_TARGET_DESCS : TCM_NO_SENSE);
	}
	for (segments = 63; segments < 66; segments++) {
		len = copy_list_lid1(f->data);
		put_unaligned_be32(segments * COPY_SEGMENT, f->data + 8);
		for (i = 0; i < segments; i++)
			copy_put_segment(f->data + SEG1 + i * COPY_SEGMENT, 0, 0, 1, i, 32);
		FIX_EXPECT_REASON(test, parse_run(f, false, len + 65 * COPY_SEGMENT, list),
				  segments > 64 ? TCM_TOO_MANY_SEGMENT_DESCS : TCM_NO_SENSE);
	}
	fix_expect_field(test, &f->cmd, 8, 7);
}

static struct kunit_case copy_parse_cases[] = {
	KUNIT_CASE_PARAM(parse_one, parse_gen_params),
	KUNIT_CASE(parse_values),
	KUNIT_CASE(parse_lid4_values),
	KUNIT_CASE(parse_counts),
	{ }
};

static struct kunit_suite copy_parse_suite = {
	.name = "target_core_copy_parse",
	.init = fix_init,
	.exit = fix_exit,
	.test_cases = copy_parse_cases,
};
kunit_test_suite(copy_parse_suite);
