// SPDX-License-Identifier: GPL-2.0-only
/* Identifying information and the device clock. */
#include <linux/timekeeping.h>
#include <linux/unaligned.h>
#include "scsi_fixture.h"

#define TYPE_BYTES	0x00	/* as the CDB has them */
#define TYPE_TEXT	0x04
#define TYPE_LIST	0xfe

static void ident_report(struct kunit *test, u8 type)
{
	struct scsi_fixture *f = test->priv;
	const u8 cdb[12] = { 0xa3, 0x05, [8] = 4, [10] = type };

	fix_run_good(test, fix_cmd(f, cdb));
	KUNIT_EXPECT_EQ(test, get_unaligned_be16(f->data + 2), f->cmd.data_length - 4);
}

static void ident_set(struct kunit *test, u8 type, const void *info, u16 len)
{
	struct scsi_fixture *f = test->priv;
	const u8 cdb[12] = { 0xa4, 0x06, [8] = len >> 8, len, type };

	memcpy(f->data, info, len);
	fix_run(test, fix_cmd(f, cdb));
}

static void ident_types(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;
	static const u8 want[] = { 0, 0, 0, 8, 0x00, 0, 0, 64, 0x04, 0, 1, 0 };

	ident_report(test, TYPE_LIST);
	KUNIT_EXPECT_EQ(test, f->cmd.data_length, sizeof(want));
	KUNIT_EXPECT_EQ(test, memcmp(f->data, want, sizeof(want)), 0);
}

/* Bytes of all values come back, and go. */
static void ident_bytes(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;
	struct target_itl other = { .dev = &f->dev, .lun = &f->lun };
	u8 info[64];
	unsigned int i;

	list_add(&other.lun_node, &f->lun.itls);
	for (i = 0; i < sizeof(info); i++)
		info[i] = i * 4;
	ident_report(test, TYPE_BYTES);
	KUNIT_EXPECT_EQ(test, f->cmd.data_length, 4);
	ident_set(test, TYPE_BYTES, info, sizeof(info));
	KUNIT_EXPECT_EQ(test, f->cmd.scsi_status, 0);
	KUNIT_EXPECT_EQ(test, other.ua_pending, 1UL << TARGET_UA_IDENT_CHANGED);
	KUNIT_EXPECT_EQ(test, f->itl.ua_pending, 0UL);
	ident_report(test, TYPE_BYTES);
	KUNIT_EXPECT_EQ(test, f->cmd.data_length, 4 + sizeof(info));
	KUNIT_EXPECT_EQ(test, memcmp(f->data + 4, info, sizeof(info)), 0);
	ident_set(test, TYPE_BYTES, info, 0);
	ident_report(test, TYPE_BYTES);
	KUNIT_EXPECT_EQ(test, f->cmd.data_length, 4);
	list_del(&other.lun_node);
}

static void ident_text(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;

	ident_set(test, TYPE_TEXT, "disk of caf\xc3\xa9", 14);
	KUNIT_EXPECT_EQ(test, f->cmd.scsi_status, 0);
	KUNIT_EXPECT_STREQ(test, f->dev.t10_wwn.pd_text_id_info, "disk of caf\xc3\xa9");
	ident_report(test, TYPE_TEXT);
	KUNIT_EXPECT_EQ(test, f->cmd.data_length, 4 + 14);
	KUNIT_EXPECT_STREQ(test, (char *)f->data + 4, "disk of caf\xc3\xa9");
	ident_set(test, TYPE_TEXT, "", 0);
	ident_report(test, TYPE_TEXT);
	KUNIT_EXPECT_EQ(test, f->cmd.data_length, 4);
}

/* Text without a NUL at the end, or with one before it: nothing changes. */
static void ident_text_refused(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;

	strscpy(f->dev.t10_wwn.pd_text_id_info, "before", sizeof(f->dev.t10_wwn.pd_text_id_info));
	ident_set(test, TYPE_TEXT, "ab", 2);
	KUNIT_EXPECT_EQ(test, get_unaligned_be16(f->sense + 12), 0x2600);
	KUNIT_EXPECT_EQ(test, get_unaligned_be16(f->sense + 16), 1);
	ident_set(test, TYPE_TEXT, "a\0b", 4);
	KUNIT_EXPECT_EQ(test, get_unaligned_be16(f->sense + 12), 0x2600);
	KUNIT_EXPECT_EQ(test, get_unaligned_be16(f->sense + 16), 1);
	KUNIT_EXPECT_STREQ(test, f->dev.t10_wwn.pd_text_id_info, "before");
}

static const struct ident_refused {
	const char	*name;
	u8		cdb[12];
	u8		byte;
} ident_refusals[] = {
	{ "report: type", { 0xa3, 0x05, [10] = 0x02 }, 10 },
	{ "set: type", { 0xa4, 0x06, [10] = 0x02 }, 10 },
	{ "set: the list of types", { 0xa4, 0x06, [10] = TYPE_LIST }, 10 },
	{ "set: too many bytes", { 0xa4, 0x06, [9] = 65 }, 6 },
	{ "set: too long a text", { 0xa4, 0x06, [8] = 1, 1, TYPE_TEXT }, 6 },
};

static void ident_refused_desc(const struct ident_refused *c, char *desc)
{
	strscpy(desc, c->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(ident_refused, ident_refusals, ident_refused_desc);

static void ident_cdb_refused(struct kunit *test)
{
	const struct ident_refused *c = test->param_value;
	struct scsi_fixture *f = test->priv;

	FIX_EXPECT_REASON(test, target_cdb_parse(fix_cmd(f, c->cdb)), TCM_INVALID_CDB_FIELD);
	fix_expect_field(test, &f->cmd, c->byte, 7);
}

static const u8 timestamp_report[12] = { 0xa3, 0x0f, [9] = 255 };
static const u8 timestamp_set[12] = { 0xa4, 0x0f, [9] = 12 };

static u64 timestamp_read(struct kunit *test, u8 origin)
{
	struct scsi_fixture *f = test->priv;

	fix_run_good(test, fix_cmd(f, timestamp_report));
	KUNIT_EXPECT_EQ(test, f->cmd.data_length, 12);
	KUNIT_EXPECT_EQ(test, get_unaligned_be16(f->data), 10);
	KUNIT_EXPECT_EQ(test, f->data[2], origin);
	return get_unaligned_be64(f->data + 2) & ((1ULL << 48) - 1);
}

/* The system's time of day, until it is set. */
static void timestamp_of_system(struct kunit *test)
{
	u64 before = div_u64(ktime_get_real_ns(), NSEC_PER_MSEC);
	u64 now = timestamp_read(test, 3);

	KUNIT_EXPECT_GE(test, now, before);
	KUNIT_EXPECT_LE(test, now, before + 60000);
}

static void timestamp_of_application(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;
	struct target_itl other = { .dev = &f->dev, .lun = &f->lun };
	static const u8 list[12] = { 0, 0, 0, 0, 0x12, 0x34, 0x56, 0x78, 0x9a, 0xbc };
	u64 now;

	list_add(&other.lun_node, &f->lun.itls);
	memcpy(f->data, list, sizeof(list));
	fix_run_good(test, fix_cmd(f, timestamp_set));
	KUNIT_EXPECT_EQ(test, other.ua_pending, 1UL << TARGET_UA_TIMESTAMP_CHANGED);
	now = timestamp_read(test, 2);
	KUNIT_EXPECT_GE(test, now, 0x123456789abcULL);
	KUNIT_EXPECT_LE(test, now, 0x123456789abcULL + 60000);
	list_del(&other.lun_node);
}

static void timestamp_refused(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;
	static const u8 nothing[12] = { 0xa4, 0x0f }, cut[12] = { 0xa4, 0x0f, [9] = 11 };
	static const u8 list[12] = { 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 0x40 };

	fix_run_good(test, fix_cmd(f, nothing));
	FIX_EXPECT_REASON(test, target_cdb_parse(fix_cmd(f, cut)), TCM_PARAMETER_LIST_LENGTH_ERROR);
	memcpy(f->data, list, sizeof(list));
	fix_run(test, fix_cmd(f, timestamp_set));
	KUNIT_EXPECT_EQ(test, get_unaligned_be16(f->sense + 12), 0x2600);
	KUNIT_EXPECT_EQ(test, f->sense[15], 0x8e);
	KUNIT_EXPECT_EQ(test, get_unaligned_be16(f->sense + 16), 10);
	KUNIT_EXPECT_FALSE(test, f->dev.clock_set);
}

static struct kunit_case ident_cases[] = {
	KUNIT_CASE(ident_types),
	KUNIT_CASE(ident_bytes),
	KUNIT_CASE(ident_text),
	KUNIT_CASE(ident_text_refused),
	KUNIT_CASE_PARAM(ident_cdb_refused, ident_refused_gen_params),
	KUNIT_CASE(timestamp_of_system),
	KUNIT_CASE(timestamp_of_application),
	KUNIT_CASE(timestamp_refused),
	{ }
};

static struct kunit_suite ident_suite = {
	.name = "target_core_ident",
	.init = fix_init,
	.exit = fix_exit,
	.test_cases = ident_cases,
};
kunit_test_suite(ident_suite);
