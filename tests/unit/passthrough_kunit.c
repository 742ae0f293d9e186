// SPDX-License-Identifier: GPL-2.0-only
/* Commands that go to the backstore as they came, and come back as it says. */
#include "passthrough.h"
#include "scsi_fixture.h"

static sense_reason_t pass_answer(struct se_cmd *cmd)
{
	static const u8 sense[] = { 0x70, 0, 0x23, 0, 0, 0, 0, 10, 0, 0, 0, 0, 0x11, 0x22 };

	target_passthrough_done(cmd, cmd->t_task_cdb[2], sense, sizeof(sense), cmd->t_task_cdb[3]);
	return TCM_NO_SENSE;
}

static sense_reason_t pass_parse_cdb(struct se_cmd *cmd)
{
	cmd->execute = pass_answer;
	return TCM_NO_SENSE;
}

static int pass_init(struct kunit *test)
{
	struct scsi_fixture *f;
	int err = fix_init(test);

	if (err)
		return err;
	f = test->priv;
	f->backend.flags = TARGET_BACKEND_PASSTHROUGH | TARGET_BACKEND_PASSTHROUGH_ALUA |
			   TARGET_BACKEND_PASSTHROUGH_PGR;
	f->backend.parse_cdb = pass_parse_cdb;
	f->dev.dev_attrib.pgr_support = false;
	f->dev.dev_attrib.alua_support = false;
	return 0;
}

/* @cdb[2] is the status that comes back, @cdb[3] the residual. */
static struct se_cmd *pass_cmd(struct scsi_fixture *f, const u8 *cdb, u32 length,
			       enum dma_data_direction dir)
{
	struct se_cmd *cmd = fix_cmd(f, cdb);

	cmd->unknown_data_length = false;
	cmd->asked_length = length;
	cmd->data_direction = dir;
	return cmd;
}

static void pass_takes_all_but_what_is_the_ports(struct kunit *test)
{
	static const u8 read_10[10] = { READ_10 }, luns[12] = { REPORT_LUNS };
	static const u8 reserve[10] = { PERSISTENT_RESERVE_IN }, vendor[6] = { 0xd0 };
	static const u8 groups[12] = { MAINTENANCE_IN, 0x0a };
	static const u8 opcodes[12] = { MAINTENANCE_IN, 0x0c };
	struct scsi_fixture *f = test->priv;
	struct se_dev_attrib *a = &f->dev.dev_attrib;

	KUNIT_EXPECT_TRUE(test, target_passthrough_takes(fix_cmd(f, read_10)));
	KUNIT_EXPECT_TRUE(test, target_passthrough_takes(fix_cmd(f, vendor)));
	KUNIT_EXPECT_TRUE(test, target_passthrough_takes(fix_cmd(f, opcodes)));
	KUNIT_EXPECT_FALSE(test, target_passthrough_takes(fix_cmd(f, luns)));
	KUNIT_EXPECT_TRUE(test, target_passthrough_takes(fix_cmd(f, reserve)));
	KUNIT_EXPECT_TRUE(test, target_passthrough_takes(fix_cmd(f, groups)));
	a->pgr_support = true;
	a->alua_support = true;
	KUNIT_EXPECT_FALSE(test, target_passthrough_takes(fix_cmd(f, reserve)));
	KUNIT_EXPECT_FALSE(test, target_passthrough_takes(fix_cmd(f, groups)));
	f->backend.flags = 0;
	KUNIT_EXPECT_FALSE(test, target_passthrough_takes(fix_cmd(f, read_10)));
}

/* Reserved bits, a range that is not there, a code that nobody knows. */
static void pass_judges_nothing(struct kunit *test)
{
	static const u8 bad[10] = { READ_10, 0xff, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0 };
	static const u8 vendor[6] = { 0xd0, 0xff };
	struct scsi_fixture *f = test->priv;

	FIX_EXPECT_REASON(test, target_cdb_parse(pass_cmd(f, bad, 512, DMA_FROM_DEVICE)), 0);
	KUNIT_EXPECT_EQ(test, f->cmd.data_length, 512U);
	FIX_EXPECT_REASON(test, target_cdb_parse(pass_cmd(f, vendor, 64, DMA_TO_DEVICE)), 0);
	KUNIT_EXPECT_EQ(test, f->cmd.data_length, 64U);
}

static void pass_refuses_reservations_that_are_off(struct kunit *test)
{
	static const u8 cdb[10] = { PERSISTENT_RESERVE_OUT };
	struct scsi_fixture *f = test->priv;

	f->dev.dev_attrib.emulate_pr = false;
	FIX_EXPECT_REASON(test, target_cdb_parse(pass_cmd(f, cdb, 24, DMA_TO_DEVICE)),
			  TCM_UNSUPPORTED_SCSI_OPCODE);
}

static void pass_answers_with_a_residual(struct kunit *test)
{
	static const u8 cdb[10] = { READ_10, 0, SAM_STAT_GOOD, 100 };
	struct scsi_fixture *f = test->priv;

	fix_run_good(test, pass_cmd(f, cdb, 512, DMA_FROM_DEVICE));
	KUNIT_EXPECT_EQ(test, f->cmd.data_length, 412U);
	KUNIT_EXPECT_EQ(test, f->cmd.residual_count, 100U);
	KUNIT_EXPECT_TRUE(test, f->cmd.se_cmd_flags & SCF_UNDERFLOW_BIT);
}

static void pass_answers_with_sense(struct kunit *test)
{
	static const u8 cdb[10] = { READ_10, 0, SAM_STAT_CHECK_CONDITION, 12 };
	struct scsi_fixture *f = test->priv;

	fix_run(test, pass_cmd(f, cdb, 512, DMA_FROM_DEVICE));
	KUNIT_EXPECT_EQ(test, f->cmd.scsi_status, SAM_STAT_CHECK_CONDITION);
	KUNIT_EXPECT_EQ(test, f->cmd.scsi_sense_length, 14);
	KUNIT_EXPECT_EQ(test, f->sense[2], 0x23);
	KUNIT_EXPECT_EQ(test, f->sense[12], 0x11);
	KUNIT_EXPECT_EQ(test, f->sense[14], 0);
	/* The data that came is the initiator's. */
	KUNIT_EXPECT_EQ(test, f->cmd.data_length, 500U);
	KUNIT_EXPECT_TRUE(test, f->cmd.se_cmd_flags & SCF_TREAT_READ_AS_NORMAL);
}

/* More than there was to move is not less than nothing. */
static void pass_answers_with_a_residual_too_large(struct kunit *test)
{
	static const u8 cdb[10] = { READ_10, 0, SAM_STAT_BUSY, 200 };
	struct scsi_fixture *f = test->priv;

	fix_run(test, pass_cmd(f, cdb, 100, DMA_FROM_DEVICE));
	KUNIT_EXPECT_EQ(test, f->cmd.scsi_status, SAM_STAT_BUSY);
	KUNIT_EXPECT_EQ(test, f->cmd.data_length, 0U);
	KUNIT_EXPECT_EQ(test, f->cmd.residual_count, 100U);
}

static void pass_is_write_protected(struct kunit *test)
{
	static const u8 write[10] = { WRITE_10 }, read[10] = { READ_10 }, vendor[6] = { 0xd0 };
	static const u8 marks[6] = { 0x10 };
	struct scsi_fixture *f = test->priv;

	f->itl.read_only = true;
	target_cdb_parse(pass_cmd(f, write, 512, DMA_TO_DEVICE));
	FIX_EXPECT_REASON(test, target_cdb_gate(&f->cmd), TCM_WRITE_PROTECTED);
	target_cdb_parse(pass_cmd(f, vendor, 512, DMA_TO_DEVICE));
	FIX_EXPECT_REASON(test, target_cdb_gate(&f->cmd), TCM_WRITE_PROTECTED);
	target_cdb_parse(pass_cmd(f, vendor, 512, DMA_FROM_DEVICE));
	FIX_EXPECT_REASON(test, target_cdb_gate(&f->cmd), TCM_NO_SENSE);
	target_cdb_parse(pass_cmd(f, read, 512, DMA_FROM_DEVICE));
	FIX_EXPECT_REASON(test, target_cdb_gate(&f->cmd), TCM_NO_SENSE);
	f->dev.limits.device_type = TYPE_TAPE;
	target_cdb_parse(pass_cmd(f, marks, 0, DMA_NONE));
	FIX_EXPECT_REASON(test, target_cdb_gate(&f->cmd), TCM_WRITE_PROTECTED);
}

/* Reservations and access states go by what the command is, not by whose it is. */
static void pass_keeps_the_rules(struct kunit *test)
{
	static const u8 write[10] = { WRITE_10 }, inquiry[6] = { INQUIRY }, vendor[6] = { 0xd0 };
	struct scsi_fixture *f = test->priv;
	const struct target_cdb_op *rules;

	target_cdb_parse(pass_cmd(f, inquiry, 0, DMA_NONE));
	rules = target_cmd_rules(&f->cmd);
	KUNIT_EXPECT_EQ(test, rules->access, TARGET_ACCESS_ALLOWED);
	KUNIT_EXPECT_EQ(test, rules->alua, TARGET_IN_TRANSITION);
	target_cdb_parse(pass_cmd(f, write, 512, DMA_TO_DEVICE));
	rules = target_cmd_rules(&f->cmd);
	KUNIT_EXPECT_EQ(test, rules->access, TARGET_ACCESS_WRITE);
	KUNIT_EXPECT_EQ(test, rules->alua, TARGET_IN_ACTIVE);
	target_cdb_parse(pass_cmd(f, vendor, 0, DMA_NONE));
	rules = target_cmd_rules(&f->cmd);
	KUNIT_EXPECT_EQ(test, rules->access, TARGET_ACCESS_WRITE);
	KUNIT_EXPECT_EQ(test, rules->alua, TARGET_IN_ACTIVE);
}

static void pass_shows_write_protection(struct kunit *test)
{
	static const u8 sense_6[6] = { MODE_SENSE }, sense_10[10] = { MODE_SENSE_10 };
	struct scsi_fixture *f = test->priv;

	fix_run_good(test, pass_cmd(f, sense_6, 64, DMA_FROM_DEVICE));
	KUNIT_EXPECT_EQ(test, f->data[2], 0);
	f->itl.read_only = true;
	fix_run_good(test, pass_cmd(f, sense_6, 64, DMA_FROM_DEVICE));
	KUNIT_EXPECT_EQ(test, f->data[2], 0x80);
	fix_run_good(test, pass_cmd(f, sense_10, 64, DMA_FROM_DEVICE));
	KUNIT_EXPECT_EQ(test, f->data[3], 0x80);
	memset(f->data, 0, 8);
	fix_run_good(test, pass_cmd(f, sense_6, 2, DMA_FROM_DEVICE));
	KUNIT_EXPECT_EQ(test, f->data[2], 0);
}

static struct kunit_case pass_cases[] = {
	KUNIT_CASE(pass_takes_all_but_what_is_the_ports),
	KUNIT_CASE(pass_judges_nothing),
	KUNIT_CASE(pass_refuses_reservations_that_are_off),
	KUNIT_CASE(pass_answers_with_a_residual),
	KUNIT_CASE(pass_answers_with_sense),
	KUNIT_CASE(pass_answers_with_a_residual_too_large),
	KUNIT_CASE(pass_is_write_protected),
	KUNIT_CASE(pass_keeps_the_rules),
	KUNIT_CASE(pass_shows_write_protection),
	{}
};

static struct kunit_suite pass_suite = {
	.name		= "target_core_passthrough",
	.init		= pass_init,
	.exit		= fix_exit,
	.test_cases	= pass_cases,
};

kunit_test_suite(pass_suite);
