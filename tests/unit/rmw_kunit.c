// SPDX-License-Identifier: GPL-2.0-only
/* Read, decide, write, against a unit in memory. */
#include <linux/unaligned.h>
#include "sbc.h"
#include "scsi_fixture.h"

#define RMW_AT	8	/* the first block that commands are about */

static void rmw_pattern(u8 *p, u32 len, u8 seed)
{
	u32 i;

	for (i = 0; i < len; i++)
		p[i] = seed + i * 11 + (i >> 8);
}

/* What the medium must be after a command, from RMW_AT on; nothing beside changes. */
static void rmw_expect_medium(struct kunit *test, const u8 *want, u32 blocks)
{
	struct scsi_fixture *f = test->priv;
	const u8 *at = f->medium + RMW_AT * 512;
	u32 i;

	KUNIT_EXPECT_EQ(test, memcmp(at, want, blocks * 512), 0);
	for (i = 0; i < 512; i++) {
		KUNIT_EXPECT_EQ(test, at[-1 - (int)i], 0xee);
		KUNIT_EXPECT_EQ(test, at[blocks * 512 + i], 0xee);
	}
}

static const struct rmw_caw {
	const char	*name;
	u8		blocks;
	s32		differs;	/* byte of the medium that differs, -1 for none */
	s32		fails;		/* block that cannot be read or written, -1 for none */
	u16		asc;		/* 0 is GOOD */
	u32		info;
} rmw_caws[] = {
	{ "nothing", 0, -1, RMW_AT },
	{ "equal, one block", 1, -1, -1 },
	{ "equal, eight", 8, -1, -1 },
	{ "the first byte", 8, 0, -1, 0x1d00, 0 },
	{ "the last byte of a block", 8, 511, -1, 0x1d00, 511 },
	{ "the last byte", 8, 4095, -1, 0x1d00, 4095 },
	{ "a bad block", 8, -1, RMW_AT + 3, 0x1100, RMW_AT + 3 },
};

static void rmw_caw_desc(const struct rmw_caw *c, char *desc)
{
	strscpy(desc, c->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(rmw_caw, rmw_caws, rmw_caw_desc);

static void rmw_compare_and_write(struct kunit *test)
{
	const struct rmw_caw *c = test->param_value;
	struct scsi_fixture *f = test->priv;
	u8 cdb[16] = { 0x89, [9] = RMW_AT, [13] = c->blocks };
	u32 len = c->blocks * 512;

	memset(f->medium, 0xee, 64 * 512);
	rmw_pattern(f->data, len, 1);
	rmw_pattern(f->data + len, len, 77);
	memcpy(f->medium + RMW_AT * 512, f->data, len);
	if (c->differs >= 0)
		f->medium[RMW_AT * 512 + c->differs] ^= 0x80;
	memcpy(f->out, f->medium + RMW_AT * 512, len);
	f->fail_lba = c->fails;
	fix_run(test, fix_cmd(f, cdb));
	KUNIT_EXPECT_EQ(test, f->cmd.scsi_status, c->asc ? 2 : 0);
	rmw_expect_medium(test, c->asc ? f->out : f->data + len, c->blocks);
	KUNIT_EXPECT_FALSE(test, f->dev.ranged);
	if (!c->asc)
		return;
	KUNIT_EXPECT_EQ(test, get_unaligned_be16(f->sense + 12), c->asc);
	KUNIT_EXPECT_EQ(test, f->sense[0], 0xf0);
	KUNIT_EXPECT_EQ(test, get_unaligned_be32(f->sense + 3), c->info);
}

/* Data-out in pieces that are not blocks. */
static void rmw_caw_pieces(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;
	static const u8 cdb[16] = { 0x89, [9] = RMW_AT, [13] = 2 };
	static const u32 cuts[] = { 0, 100, 1000, 1030, 1600, 2048 };
	struct se_cmd *cmd = fix_cmd(f, cdb);
	struct scatterlist sg[5];
	unsigned int i;

	memset(f->medium, 0xee, 64 * 512);
	rmw_pattern(f->data, 2048, 3);
	memcpy(f->medium + RMW_AT * 512, f->data, 1024);
	sg_init_table(sg, ARRAY_SIZE(sg));
	for (i = 0; i < ARRAY_SIZE(sg); i++)
		sg_set_buf(&sg[i], f->data + cuts[i], cuts[i + 1] - cuts[i]);
	FIX_EXPECT_REASON(test, target_cdb_parse(cmd), TCM_NO_SENSE);
	KUNIT_EXPECT_EQ(test, cmd->data_length, 2048U);
	cmd->t_data_sg = sg;
	cmd->t_data_nents = ARRAY_SIZE(sg);
	init_completion(&f->sent);
	atomic_set(&cmd->state, TARGET_CMD_EXECUTING);
	target_cmd_run(cmd);
	KUNIT_ASSERT_TRUE(test, wait_for_completion_timeout(&f->sent, 10 * HZ));
	kfree(cmd->scratch);
	KUNIT_EXPECT_EQ(test, cmd->scsi_status, 0);
	rmw_expect_medium(test, f->data + 1024, 2);
}

static void rmw_caw_refused(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;
	static const u8 eight[16] = { 0x89, [13] = 8 }, nine[16] = { 0x89, [13] = 9 };
	static const u8 fua[16] = { 0x89, 0x08, [13] = 8 };
	static const u8 beyond[16] = { 0x89, [9] = 60, [13] = 8 };

	f->dev.dev_attrib.hw_max_sectors = 17;
	FIX_EXPECT_REASON(test, target_cdb_parse(fix_cmd(f, eight)), TCM_NO_SENSE);
	FIX_EXPECT_REASON(test, target_cdb_parse(fix_cmd(f, nine)), TCM_INVALID_CDB_FIELD);
	fix_expect_field(test, &f->cmd, 13, 7);
	FIX_EXPECT_REASON(test, target_cdb_parse(fix_cmd(f, beyond)), TCM_ADDRESS_OUT_OF_RANGE);
	f->dev.dev_attrib.emulate_write_cache = true;
	FIX_EXPECT_REASON(test, target_cdb_parse(fix_cmd(f, fua)), TCM_NO_SENSE);
	KUNIT_EXPECT_TRUE(test, f->cmd.se_cmd_flags & SCF_FUA);
	f->dev.dev_attrib.emulate_fua_write = false;
	FIX_EXPECT_REASON(test, target_cdb_parse(fix_cmd(f, fua)), TCM_INVALID_CDB_FIELD);
	fix_expect_field(test, &f->cmd, 1, 3);
	/* Half of what is needed, and none of it is looked at. */
	fix_cmd(f, eight);
	f->cmd.unknown_data_length = false;
	f->cmd.asked_length = 8 * 512;
	FIX_EXPECT_REASON(test, target_cdb_parse(&f->cmd), TCM_INVALID_FIELD_IN_COMMAND_IU);
	f->dev.dev_attrib.emulate_caw = false;
	FIX_EXPECT_REASON(test, target_cdb_parse(fix_cmd(f, eight)), TCM_UNSUPPORTED_SCSI_OPCODE);
}

static struct kunit_case rmw_cases[] = {
	KUNIT_CASE_PARAM(rmw_compare_and_write, rmw_caw_gen_params),
	KUNIT_CASE(rmw_caw_pieces),
	KUNIT_CASE(rmw_caw_refused),
	{ }
};

static struct kunit_suite rmw_suite = {
	.name = "target_core_rmw",
	.init = fix_init,
	.exit = fix_exit,
	.test_cases = rmw_cases,
};
kunit_test_suite(rmw_suite);
