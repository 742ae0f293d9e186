// SPDX-License-Identifier: GPL-2.0-only
/* WRITE AND VERIFY against a unit in memory that may forget; VERIFY is in sbc_kunit.c. */
#include <linux/unaligned.h>
#include "sbc.h"
#include "scsi_fixture.h"

static void verify_pattern(u8 *p, u32 len, u8 seed)
{
	u32 i;

	for (i = 0; i < len; i++)
		p[i] = seed + i * 13 + (i >> 9);
}

/* What is written to block 5 is not what is read there. */
static int verify_forget(struct target_io *io)
{
	struct scsi_fixture *f = fix_of_dev(io->dev);

	if (io->dir == DMA_FROM_DEVICE && io->lba <= 5 && io->lba + io->blocks > 5)
		f->medium[5 * 512 + 7] ^= 1;
	return fix_execute_rw(io);
}

static const struct verify_write {
	const char	*name;
	u8		bytchk;
	u8		blocks;
	bool		forgets;
	s32		fails;		/* block, -1 for none */
	u16		asc;		/* 0 is GOOD */
	u32		info;
} verify_writes[] = {
	{ "nothing", 1, 0, true, 0 },
	{ "medium only", 0, 16, false, -1 },
	{ "medium only, forgets", 0, 16, true, -1 },
	{ "compared", 1, 16, false, -1 },
	{ "compared, forgets", 1, 16, true, -1, 0x1d00, 5 * 512 + 7 },
	{ "compared, forgets behind it", 1, 5, true, -1 },
	{ "cannot be written", 1, 16, false, 9, 0x0c00, 9 },
};

static void verify_write_desc(const struct verify_write *c, char *desc)
{
	strscpy(desc, c->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(verify_write, verify_writes, verify_write_desc);

static void verify_expect(struct kunit *test, const struct verify_write *c)
{
	struct scsi_fixture *f = test->priv;

	KUNIT_EXPECT_EQ(test, f->cmd.scsi_status, c->asc ? 2 : 0);
	KUNIT_EXPECT_FALSE(test, f->dev.ranged);
	if (!c->asc)
		return;
	KUNIT_EXPECT_EQ(test, get_unaligned_be16(f->sense + 12), c->asc);
	KUNIT_EXPECT_EQ(test, f->sense[0], 0xf0);
	KUNIT_EXPECT_EQ(test, get_unaligned_be32(f->sense + 3), c->info);
}

static void verify_written(struct kunit *test)
{
	const struct verify_write *c = test->param_value;
	struct scsi_fixture *f = test->priv;
	u8 ten[10] = { 0x2e, c->bytchk << 1, [8] = c->blocks };
	u8 twelve[12] = { 0xae, c->bytchk << 1, [9] = c->blocks };
	u8 sixteen[16] = { 0x8e, c->bytchk << 1, [13] = c->blocks };
	const u8 *cdbs[] = { ten, twelve, sixteen };
	unsigned int i;

	f->fail_lba = c->fails;
	if (c->forgets)
		f->backend.execute_rw = verify_forget;
	for (i = 0; i < ARRAY_SIZE(cdbs); i++) {
		memset(f->medium, 0xee, FIX_MEDIUM * 512);
		verify_pattern(f->data, sizeof(f->data), i);
		fix_run(test, fix_cmd(f, cdbs[i]));
		verify_expect(test, c);
		if (!c->forgets && c->fails < 0)
			KUNIT_EXPECT_EQ(test, memcmp(f->medium, f->data, c->blocks * 512), 0);
		KUNIT_EXPECT_EQ(test, f->medium[c->blocks * 512], 0xee);
	}
}

static void verify_write_refused(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;
	static const u8 reserved[10] = { 0x2e, 0x04, [8] = 1 };
	static const u8 same[16] = { 0x8e, 0x06, [13] = 1 };
	static const u8 dpo[12] = { 0xae, 0x10, [9] = 1 };
	static const u8 fua[12] = { 0xae, 0x08, [9] = 1 };
	static const u8 many[10] = { 0x2e, 0x00, [8] = 9 };

	FIX_EXPECT_REASON(test, target_cdb_parse(fix_cmd(f, reserved)), TCM_INVALID_CDB_FIELD);
	fix_expect_field(test, &f->cmd, 1, 2);
	FIX_EXPECT_REASON(test, target_cdb_parse(fix_cmd(f, same)), TCM_INVALID_CDB_FIELD);
	fix_expect_field(test, &f->cmd, 1, 2);
	FIX_EXPECT_REASON(test, target_cdb_parse(fix_cmd(f, fua)), TCM_INVALID_CDB_FIELD);
	fix_expect_field(test, &f->cmd, 1, 3);
	FIX_EXPECT_REASON(test, target_cdb_parse(fix_cmd(f, dpo)), TCM_NO_SENSE);
	f->dev.dev_attrib.emulate_fua_write = false;
	FIX_EXPECT_REASON(test, target_cdb_parse(fix_cmd(f, dpo)), TCM_INVALID_CDB_FIELD);
	fix_expect_field(test, &f->cmd, 1, 4);
	f->dev.dev_attrib.hw_max_sectors = 8;
	FIX_EXPECT_REASON(test, target_cdb_parse(fix_cmd(f, many)), TCM_INVALID_CDB_FIELD);
	fix_expect_field(test, &f->cmd, 7, 7);
}

static struct kunit_case verify_cases[] = {
	KUNIT_CASE_PARAM(verify_written, verify_write_gen_params),
	KUNIT_CASE(verify_write_refused),
	{ }
};

static struct kunit_suite verify_suite = {
	.name = "target_core_verify",
	.init = fix_init,
	.exit = fix_exit,
	.test_cases = verify_cases,
};
kunit_test_suite(verify_suite);
