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

/* Data-out longer than a chunk: the fixture's data, again and again. */
static void rmw_run_long(struct kunit *test, const u8 *cdb, struct scatterlist *sg, u32 nents)
{
	struct scsi_fixture *f = test->priv;
	struct se_cmd *cmd = fix_cmd(f, cdb);
	u32 i;

	sg_init_table(sg, nents);
	for (i = 0; i < nents; i++)
		sg_set_buf(&sg[i], f->data, sizeof(f->data));
	FIX_EXPECT_REASON(test, target_cdb_parse(cmd), TCM_NO_SENSE);
	cmd->t_data_sg = sg;
	cmd->t_data_nents = nents;
	init_completion(&f->sent);
	atomic_set(&cmd->state, TARGET_CMD_EXECUTING);
	target_cmd_run(cmd);
	KUNIT_ASSERT_TRUE(test, wait_for_completion_timeout(&f->sent, 10 * HZ));
	kfree(cmd->scratch);
	KUNIT_EXPECT_EQ(test, cmd->scsi_status, 0);
}

static void rmw_orwrite(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;
	static const u8 cdb[16] = { 0x8b, [9] = RMW_AT, [13] = 4 };
	unsigned int i;

	memset(f->medium, 0xee, 64 * 512);
	rmw_pattern(f->medium + RMW_AT * 512, 2048, 50);
	rmw_pattern(f->data, 2048, 9);
	for (i = 0; i < 2048; i++)
		f->out[i] = f->data[i] | f->medium[RMW_AT * 512 + i];
	fix_run_good(test, fix_cmd(f, cdb));
	rmw_expect_medium(test, f->out, 4);
	KUNIT_EXPECT_FALSE(test, f->dev.ranged);
}

static void rmw_orwrite_chunks(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;
	static const u8 cdb[16] = { 0x8b, [12] = 0x03, [13] = 0x00 };	/* 768 blocks */
	struct scatterlist sg[48];
	unsigned int i, wrong = 0;

	f->dev.blocks = FIX_MEDIUM;
	rmw_pattern(f->medium, FIX_MEDIUM * 512, 50);
	rmw_pattern(f->data, sizeof(f->data), 9);
	rmw_run_long(test, cdb, sg, ARRAY_SIZE(sg));
	for (i = 0; i < FIX_MEDIUM * 512; i++) {
		u8 was = 50 + i * 11 + (i >> 8);
		u8 or = i < 768 * 512 ? f->data[i % sizeof(f->data)] : 0;

		wrong += f->medium[i] != (was | or);
	}
	KUNIT_EXPECT_EQ(test, wrong, 0U);
}

static void rmw_orwrite_fails(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;
	static const u8 cdb[16] = { 0x8b, [13] = 8 }, none[16] = { 0x8b };

	f->fail_lba = 6;
	fix_run_good(test, fix_cmd(f, none));
	fix_run(test, fix_cmd(f, cdb));
	KUNIT_EXPECT_EQ(test, f->cmd.scsi_status, 2);
	KUNIT_EXPECT_EQ(test, get_unaligned_be16(f->sense + 12), 0x1100);
	KUNIT_EXPECT_EQ(test, get_unaligned_be32(f->sense + 3), 6);
}

/* ORWRITE(32) by one block, and what becomes of it. */
static void rmw_orw_32(struct kunit *test, u8 bmop, u8 policy, u32 expected, u32 new, u16 asc)
{
	struct scsi_fixture *f = test->priv;
	u8 cdb[32] = { 0x7f, 0x00, bmop, policy, [7] = 0x18, [9] = 0x0e, [19] = RMW_AT,
		       [31] = 1 };

	put_unaligned_be32(expected, cdb + 20);
	put_unaligned_be32(new, cdb + 24);
	fix_run(test, fix_cmd(f, cdb));
	KUNIT_EXPECT_EQ(test, f->cmd.scsi_status, asc ? 2 : 0);
	KUNIT_EXPECT_FALSE(test, f->dev.ranged);
	if (asc)
		KUNIT_EXPECT_EQ(test, get_unaligned_be16(f->sense + 12), asc);
}

static const struct rmw_policy {
	u8	policy;
	u16	previous;	/* sense of a set operation of the generation before */
	u16	other;		/* and of any other */
	bool	previous_sets;
	bool	other_sets;
} rmw_policies[] = {
	{ 0, 0, 0x2c0c, true, false },
	{ 2, 0, 0x2c0c, false, false },
	{ 3, 0, 0, true, true },
	{ 5, 0, 0, false, false },
	{ 7, 0x2c0c, 0x2c0c, false, false },
};

static void rmw_policy_desc(const struct rmw_policy *c, char *desc)
{
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "policy %u", c->policy);
}

KUNIT_ARRAY_PARAM(rmw_policy, rmw_policies, rmw_policy_desc);

static void rmw_expect_set(struct kunit *test, bool sets)
{
	struct scsi_fixture *f = test->priv;

	KUNIT_EXPECT_EQ(test, f->medium[RMW_AT * 512], sets ? 0x0f : 0x0c);
	f->medium[RMW_AT * 512] = 0x0c;
}

static void rmw_orw_generations(struct kunit *test)
{
	const struct rmw_policy *c = test->param_value;
	struct scsi_fixture *f = test->priv;
	static const u8 sixteen[16] = { 0x8b, [9] = RMW_AT, [13] = 1 };

	/* Change and clear: the medium and data-out, generation 0 to 5 to 9. */
	f->medium[RMW_AT * 512] = 0x3c;
	f->data[0] = 0x0f;
	rmw_orw_32(test, 1, 7, 0, 5, 0);
	KUNIT_EXPECT_EQ(test, f->medium[RMW_AT * 512], 0x0c);
	rmw_orw_32(test, 1, c->policy, 4, 9, 0x2c0c);
	rmw_orw_32(test, 1, c->policy, 5, 9, 0);
	rmw_expect_set(test, false);
	rmw_orw_32(test, 0, 15, 9, 77, 0);
	rmw_expect_set(test, true);
	rmw_orw_32(test, 0, 0, 5, 0, c->previous);
	rmw_expect_set(test, c->previous_sets);
	rmw_orw_32(test, 0, 0, 4, 0, c->other);
	rmw_expect_set(test, c->other_sets);
	/* The shorter one expects 0. */
	fix_run(test, fix_cmd(f, sixteen));
	KUNIT_EXPECT_EQ(test, f->cmd.scsi_status, c->other ? 2 : 0);
	rmw_expect_set(test, c->other_sets);
	target_sbc_reset_orwrite(&f->dev);
	fix_run_good(test, fix_cmd(f, sixteen));
}

static void rmw_orw_refused(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;
	u8 cdb[32] = { 0x7f, [7] = 0x18, [9] = 0x0e, [31] = 1 };
	unsigned int i;

	for (i = 2; i < 8; i++) {
		cdb[2] = i;
		FIX_EXPECT_REASON(test, target_cdb_parse(fix_cmd(f, cdb)), TCM_INVALID_CDB_FIELD);
		fix_expect_field(test, &f->cmd, 2, 2);
	}
	cdb[2] = 1;
	for (i = 0; i < 16; i++) {
		bool known = i == 0 || i == 2 || i == 3 || i == 5 || i == 7;

		cdb[3] = i;
		FIX_EXPECT_REASON(test, target_cdb_parse(fix_cmd(f, cdb)),
				  known ? TCM_NO_SENSE : TCM_INVALID_CDB_FIELD);
		if (!known)
			fix_expect_field(test, &f->cmd, 3, 3);
	}
}

static struct kunit_case rmw_cases[] = {
	KUNIT_CASE_PARAM(rmw_compare_and_write, rmw_caw_gen_params),
	KUNIT_CASE(rmw_caw_pieces),
	KUNIT_CASE(rmw_caw_refused),
	KUNIT_CASE(rmw_orwrite),
	KUNIT_CASE(rmw_orwrite_chunks),
	KUNIT_CASE(rmw_orwrite_fails),
	KUNIT_CASE_PARAM(rmw_orw_generations, rmw_policy_gen_params),
	KUNIT_CASE(rmw_orw_refused),
	{ }
};

static struct kunit_suite rmw_suite = {
	.name = "target_core_rmw",
	.init = fix_init,
	.exit = fix_exit,
	.test_cases = rmw_cases,
};
kunit_test_suite(rmw_suite);
