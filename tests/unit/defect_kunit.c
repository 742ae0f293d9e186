// SPDX-License-Identifier: GPL-2.0-only
/* READ DEFECT DATA: empty lists, in the format asked for or not. */
#include <linux/unaligned.h>
#include "defect.h"
#include "scsi_fixture.h"

static const struct defect_case {
	const char	*name;
	u8		options;	/* lists and format asked for */
	bool		large;		/* more than 32 bits of blocks */
	u8		returned;	/* lists and format returned */
	bool		other;		/* which is another one */
} defect_cases[] = {
	{ "header alone", 0x00, false, 0x00 },
	{ "both lists, short blocks", 0x18, false, 0x18 },
	{ "primary list, long blocks", 0x13, false, 0x13 },
	{ "grown list, long blocks, large", 0x0b, true, 0x0b },
	{ "grown list, short blocks, large", 0x08, true, 0x0b, true },
	{ "extended bytes from index", 0x19, false, 0x1b, true },
	{ "extended physical sectors", 0x02, false, 0x03, true },
	{ "bytes from index", 0x0c, false, 0x0b, true },
	{ "physical sectors", 0x1d, false, 0x1b, true },
	{ "vendor specific", 0x1e, false, 0x1b, true },
};

static void defect_case_desc(const struct defect_case *c, char *desc)
{
	strscpy(desc, c->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(defect, defect_cases, defect_case_desc);

static void defect_expect(struct kunit *test, const struct defect_case *c, u32 len)
{
	struct scsi_fixture *f = test->priv;
	u32 i;

	KUNIT_EXPECT_EQ(test, f->cmd.data_length, len);
	for (i = 0; i < len; i++)
		KUNIT_EXPECT_EQ_MSG(test, f->data[i], i == 1 ? c->returned : 0, "byte %u", i);
	KUNIT_EXPECT_EQ(test, f->cmd.scsi_status, c->other ? 2 : 0);
	if (!c->other)
		return;
	KUNIT_EXPECT_EQ(test, f->sense[f->sense[0] == 0x72 ? 1 : 2], RECOVERED_ERROR);
	KUNIT_EXPECT_EQ(test, get_unaligned_be16(f->sense + (f->sense[0] == 0x72 ? 2 : 12)),
			0x1c00);
}

static void defect_lists(struct kunit *test)
{
	const struct defect_case *c = test->param_value;
	struct scsi_fixture *f = test->priv;
	u8 ten[10] = { 0x37, 0, c->options, [8] = 32 };
	u8 twelve[12] = { 0xb7, c->options, [5] = 3, [9] = 32 };
	u8 four[12] = { 0xb7, c->options, [9] = 4 };

	if (c->large)
		f->dev.blocks = (1ULL << 32) + 1;
	memset(f->data, 0xee, 64);
	fix_run(test, fix_cmd(f, ten));
	defect_expect(test, c, 4);
	memset(f->data, 0xee, 64);
	fix_run(test, fix_cmd(f, twelve));
	defect_expect(test, c, 8);
	fix_run(test, fix_cmd(f, four));
	defect_expect(test, c, 4);
}

static void defect_reserved(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;
	static const u8 ten[10] = { 0x37, 0, 0x1f, [8] = 32 }, twelve[12] = { 0xb7, 0x07, [9] = 8 };

	FIX_EXPECT_REASON(test, target_cdb_parse(fix_cmd(f, ten)), TCM_INVALID_CDB_FIELD);
	fix_expect_field(test, &f->cmd, 2, 2);
	FIX_EXPECT_REASON(test, target_cdb_parse(fix_cmd(f, twelve)), TCM_INVALID_CDB_FIELD);
	fix_expect_field(test, &f->cmd, 1, 2);
}

static struct kunit_case defect_kunit_cases[] = {
	KUNIT_CASE_PARAM(defect_lists, defect_gen_params),
	KUNIT_CASE(defect_reserved),
	{ }
};

static struct kunit_suite defect_suite = {
	.name = "target_core_defect",
	.init = fix_init,
	.exit = fix_exit,
	.test_cases = defect_kunit_cases,
};
kunit_test_suite(defect_suite);
