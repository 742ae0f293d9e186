// SPDX-License-Identifier: GPL-2.0-only
/* WRITE ATOMIC: the limits, the field that is wrong, and that the backstore is told. */
#include <linux/unaligned.h>
#include "sbc.h"
#include "scsi_fixture.h"

/* By default at most 32 blocks, 16 with a boundary of at most 8; see scsi_fixture.h. */
static const struct atomic_case {
	const char	*name;
	u8		lba;
	u16		boundary;
	u16		blocks;
	u32		alignment;
	u32		granularity;
	const char	*wrong;		/* field, NULL if it is taken */
} atomic_cases[] = {
	{ "nothing", 0, 0, 0 },
	{ "one block", 63, 0, 1 },
	{ "all that it takes", 3, 0, 32 },
	{ "one more", 3, 0, 33, .wrong = "length" },
	{ "all with a boundary", 3, 8, 16 },
	{ "one more with a boundary", 3, 8, 17, .wrong = "length" },
	{ "boundary too large", 0, 9, 16, .wrong = "boundary" },
	{ "aligned", 8, 0, 3, .alignment = 4 },
	{ "aligned to what is no power of two", 9, 0, 3, .alignment = 3 },
	{ "not aligned", 10, 0, 3, .alignment = 4, .wrong = "lba" },
	{ "granules", 1, 0, 12, .granularity = 4 },
	{ "granules with a boundary", 1, 8, 12, .granularity = 4 },
	{ "no granules", 1, 0, 10, .granularity = 4, .wrong = "length" },
	{ "boundary of no granules", 1, 6, 12, .granularity = 4, .wrong = "boundary" },
	{ "no more than whole granules", 1, 0, 32, .granularity = 5, .wrong = "length" },
};

static void atomic_case_desc(const struct atomic_case *c, char *desc)
{
	strscpy(desc, c->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(atomic, atomic_cases, atomic_case_desc);

static void atomic_expect(struct kunit *test, const struct atomic_case *c, const u8 *cdb,
			  u8 lba, u8 boundary, u8 length)
{
	struct scsi_fixture *f = test->priv;
	sense_reason_t why = target_cdb_parse(fix_cmd(f, cdb));

	if (!c->wrong) {
		FIX_EXPECT_REASON(test, why, TCM_NO_SENSE);
		KUNIT_EXPECT_TRUE(test, f->cmd.se_cmd_flags & SCF_ATOMIC);
		KUNIT_EXPECT_EQ(test, f->cmd.data_length, c->blocks * 512);
		return;
	}
	FIX_EXPECT_REASON(test, why, TCM_INVALID_CDB_FIELD);
	fix_expect_field(test, &f->cmd, c->wrong[0] == 'b' ? boundary :
			 !strcmp(c->wrong, "lba") ? lba : length, 7);
}

static void atomic_limits(struct kunit *test)
{
	const struct atomic_case *c = test->param_value;
	struct scsi_fixture *f = test->priv;
	u8 sixteen[16] = { 0x9c, [9] = c->lba };
	u8 long_one[32] = { 0x7f, [7] = 0x18, [9] = 0x0f, [19] = c->lba };

	f->dev.dev_attrib.atomic_alignment = c->alignment;
	f->dev.dev_attrib.atomic_granularity = c->granularity;
	put_unaligned_be16(c->boundary, sixteen + 10);
	put_unaligned_be16(c->blocks, sixteen + 12);
	put_unaligned_be16(c->boundary, long_one + 4);
	put_unaligned_be32(c->blocks, long_one + 28);
	atomic_expect(test, c, sixteen, 2, 10, 12);
	atomic_expect(test, c, long_one, 12, 4, 28);
}

static bool atomic_seen;

static int atomic_execute_rw(struct target_io *io)
{
	atomic_seen = io->atomic;
	return fix_execute_rw(io);
}

static void atomic_is_told(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;
	static const u8 atomic[16] = { 0x9c, [13] = 4 }, plain[16] = { 0x8a, [13] = 4 };

	f->backend.execute_rw = atomic_execute_rw;
	memset(f->data, 0x77, 2048);
	fix_run_good(test, fix_cmd(f, atomic));
	KUNIT_EXPECT_TRUE(test, atomic_seen);
	KUNIT_EXPECT_EQ(test, memcmp(f->medium, f->data, 2048), 0);
	KUNIT_EXPECT_FALSE(test, f->dev.ranged);
	fix_run_good(test, fix_cmd(f, plain));
	KUNIT_EXPECT_FALSE(test, atomic_seen);
}

static void atomic_unsupported(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;
	static const u8 atomic[16] = { 0x9c, [13] = 1 };

	f->dev.dev_attrib.atomic_max_len = 0;
	FIX_EXPECT_REASON(test, target_cdb_parse(fix_cmd(f, atomic)),
			  TCM_UNSUPPORTED_SCSI_OPCODE);
}

static struct kunit_case atomic_kunit_cases[] = {
	KUNIT_CASE_PARAM(atomic_limits, atomic_gen_params),
	KUNIT_CASE(atomic_is_told),
	KUNIT_CASE(atomic_unsupported),
	{ }
};

static struct kunit_suite atomic_suite = {
	.name = "target_core_atomic",
	.init = fix_init,
	.exit = fix_exit,
	.test_cases = atomic_kunit_cases,
};
kunit_test_suite(atomic_suite);
