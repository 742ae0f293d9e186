// SPDX-License-Identifier: GPL-2.0-only
/* A medium that keeps protection information by itself: who has to do with it, and who sees it. */
#include "attrib.h"
#include "scsi_fixture.h"

static void pi_hw_set(struct scsi_fixture *f, u8 type)
{
	f->dev.limits.hw_prot_type = type;
	guard(mutex)(&f->dev.lock);
	target_attrib_take_prot(&f->dev);
}

static struct se_cmd *pi_hw_cmd(struct scsi_fixture *f, u8 opcode, u8 protect)
{
	const u8 cdb[10] = { opcode, protect << 5, [5] = 8, [8] = 4 };
	struct se_cmd *cmd = fix_cmd(f, cdb);

	cmd->se_cmd_flags |= SCF_PASSTHROUGH_SG_TO_MEM_NOALLOC;
	return cmd;
}

/* Without WRPROTECT and RDPROTECT nobody here has to do with it. */
static void pi_hw_commands(struct kunit *test)
{
	static const struct {
		u8	opcode;
		u8	protect;
		bool	ours;
	} cases[] = {
		{ READ_10,	0,	false },
		{ WRITE_10,	0,	false },
		{ READ_10,	1,	true },
		{ WRITE_10,	3,	true },
	};
	struct scsi_fixture *f = test->priv;
	unsigned int i;

	pi_hw_set(f, 1);
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		struct se_cmd *cmd = pi_hw_cmd(f, cases[i].opcode, cases[i].protect);

		KUNIT_EXPECT_TRUE(test, target_pi_concerns(cmd));
		FIX_EXPECT_REASON(test, target_cdb_parse(cmd), TCM_NO_SENSE);
		KUNIT_EXPECT_EQ(test, cmd->execute == target_pi_execute, cases[i].ours);
	}
}

/* There is no other: SPT of VPD page 86h. */
static void pi_hw_page(struct kunit *test)
{
	static const u8 extended[6] = { INQUIRY, 1, 0x86, 0, 64 };
	struct scsi_fixture *f = test->priv;

	pi_hw_set(f, 1);
	fix_run_good(test, fix_cmd(f, extended));
	KUNIT_EXPECT_EQ(test, f->data[4], 0x07);
	pi_hw_set(f, 3);
	fix_run_good(test, fix_cmd(f, extended));
	KUNIT_EXPECT_EQ(test, f->data[4], 0x27);
}

/* It can be had as it is, and by those who do not see it. */
static void pi_hw_format(struct kunit *test)
{
	static const struct {
		u8		fmtpinfo;
		u8		pfu;
		u32		ops;
		sense_reason_t	why;
	} cases[] = {
		{ 3, 1, TARGET_PROT_ALL, TCM_NO_SENSE },
		{ 3, 0, TARGET_PROT_ALL, TCM_INVALID_CDB_FIELD },
		{ 2, 0, TARGET_PROT_ALL, TCM_INVALID_CDB_FIELD },
		{ 0, 0, TARGET_PROT_ALL, TCM_INVALID_CDB_FIELD },
		{ 0, 0, TARGET_PROT_NORMAL, TCM_NO_SENSE },
		{ 3, 1, TARGET_PROT_NORMAL, TCM_INVALID_CDB_FIELD },
	};
	struct scsi_fixture *f = test->priv;
	struct se_cmd *cmd = pi_hw_cmd(f, FORMAT_UNIT, 0);
	unsigned int i;
	u8 type;

	pi_hw_set(f, 3);
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		f->sess.sup_prot_ops = cases[i].ops;
		FIX_EXPECT_REASON(test, target_pi_parse_format(cmd, cases[i].fmtpinfo, cases[i].pfu,
							       &type), cases[i].why);
		if (!cases[i].why)
			KUNIT_EXPECT_EQ(test, type, 3);
	}
	guard(mutex)(&f->dev.lock);
	KUNIT_EXPECT_EQ(test, target_pi_format(&f->dev, 3), 0);
	KUNIT_EXPECT_EQ(test, target_pi_format(&f->dev, 0), -EOPNOTSUPP);
}

/* What is chosen stays chosen, until the medium chooses. */
static void pi_hw_attributes(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;
	struct se_dev_attrib *a = &f->dev.dev_attrib;

	a->pi_prot_type = 2;
	pi_hw_set(f, 0);
	KUNIT_EXPECT_EQ(test, a->pi_prot_type, 2);
	pi_hw_set(f, 1);
	KUNIT_EXPECT_EQ(test, a->pi_prot_type, 1);
	f->dev.configured = true;
	scoped_guard(mutex, &f->dev.lock) {
		KUNIT_EXPECT_EQ(test, target_attrib_pi_prot_type(&f->dev, 3), TARGET_ATTRIB_IGNORE);
		KUNIT_EXPECT_EQ(test, target_attrib_pi_prot_format(&f->dev, 1), -ENOSYS);
		KUNIT_EXPECT_EQ(test, target_attrib_block_size(&f->dev, 4096), -EINVAL);
	}
	pi_hw_set(f, 0);
	KUNIT_EXPECT_EQ(test, a->pi_prot_type, 0);
}

static struct kunit_case pi_hw_cases[] = {
	KUNIT_CASE(pi_hw_commands),
	KUNIT_CASE(pi_hw_page),
	KUNIT_CASE(pi_hw_format),
	KUNIT_CASE(pi_hw_attributes),
	{ }
};

static struct kunit_suite pi_hw_suite = {
	.name = "target_core_pi_hw",
	.init = fix_init,
	.exit = fix_exit,
	.test_cases = pi_hw_cases,
};

kunit_test_suite(pi_hw_suite);
