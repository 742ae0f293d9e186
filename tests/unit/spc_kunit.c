// SPDX-License-Identifier: GPL-2.0-only
/* REPORT LUNS, REQUEST SENSE and the other commands of all device types. */
#include <linux/unaligned.h>
#include "scsi_fixture.h"
#include "spc.h"

static const struct spc_lun {
	u64	lun;
	u8	want[8];
	u64	scsi;	/* what a SCSI midlayer makes of it: scsilun_to_int() */
} spc_luns[] = {
	{ 0, { 0, 0 }, 0 },
	{ 1, { 0, 1 }, 1 },
	{ 255, { 0, 255 }, 255 },
	{ 256, { 0x41, 0x00 }, 0x4100 },
	{ 0x3fff, { 0x7f, 0xff }, 0x7fff },
	{ 0x4000, { 0xd2, 0x00, 0x40, 0x00 }, 0x4000d200 },
	{ 0xffffff, { 0xd2, 0xff, 0xff, 0xff }, 0xffffd2ff },
	{ 0x1000000, { 0xe2, 0x00, 0x01, 0x00, 0x00, 0x00 }, 0x00000100e200ULL },
	{ 0xfffffffffeULL, { 0xe2, 0xff, 0xff, 0xff, 0xff, 0xfe }, 0xfffeffffe2ffULL },
};

static void spc_lun_desc(const struct spc_lun *c, char *desc)
{
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "LUN %llu", c->lun);
}

KUNIT_ARRAY_PARAM(spc_lun, spc_luns, spc_lun_desc);

static void spc_lun_address(struct kunit *test)
{
	const struct spc_lun *c = test->param_value;
	u8 got[8];

	target_spc_encode_lun(c->lun, got);
	KUNIT_EXPECT_EQ(test, memcmp(got, c->want, 8), 0);
	KUNIT_EXPECT_EQ(test, scsilun_to_int((struct scsi_lun *)got), c->scsi);
}

/* What has no form of its own is encoded already. */
static void spc_lun_as_it_is(struct kunit *test)
{
	static const u64 luns[] = { 1ULL << 40, 0xfedcba9876543210ULL, U64_MAX };
	unsigned int i;
	u8 got[8];

	for (i = 0; i < ARRAY_SIZE(luns); i++) {
		target_spc_encode_lun(luns[i], got);
		KUNIT_EXPECT_EQ(test, scsilun_to_int((struct scsi_lun *)got), luns[i]);
	}
}

static const unsigned long spc_session_luns[] = { 1, 5, 300, 20000 };

static void spc_add_luns(struct kunit *test, struct target_itl *itls)
{
	struct scsi_fixture *f = test->priv;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(spc_session_luns); i++)
		KUNIT_ASSERT_FALSE(test, xa_err(xa_store(&f->sess.itls, spc_session_luns[i],
							 &itls[i], GFP_KERNEL)));
}

static const struct spc_select {
	u8	select;
	bool	ok;
	bool	listed;
} spc_selects[] = {
	{ 0x00, true, true }, { 0x01, true, false }, { 0x02, true, true },
	{ 0x03, false }, { 0x0f, false }, { 0x10, true, false }, { 0x11, true, true },
	{ 0x12, true, false }, { 0x13, false }, { 0xff, false },
};

static void spc_select_desc(const struct spc_select *c, char *desc)
{
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "SELECT REPORT %02x", c->select);
}

KUNIT_ARRAY_PARAM(spc_select, spc_selects, spc_select_desc);

static void spc_report_luns(struct kunit *test)
{
	const struct spc_select *c = test->param_value;
	struct scsi_fixture *f = test->priv;
	struct target_itl itls[ARRAY_SIZE(spc_session_luns)] = { };
	struct target_buf got = { .data = f->data, .size = sizeof(f->data) };
	const u8 cdb[12] = { 0xa0, 0, c->select, 0, 0, 0, 0, 0, 1, 0 };
	static const u8 want[40] = {
		0, 0, 0, 32, 0, 0, 0, 0,
		0, 1, 0, 0, 0, 0, 0, 0,
		0, 5, 0, 0, 0, 0, 0, 0,
		0x41, 0x2c, 0, 0, 0, 0, 0, 0,
		0xd2, 0x00, 0x4e, 0x20, 0, 0, 0, 0,
	};
	static const u8 none[8];

	spc_add_luns(test, itls);
	if (!c->ok) {
		FIX_EXPECT_REASON(test, target_cdb_parse(fix_cmd(f, cdb)), TCM_INVALID_CDB_FIELD);
		fix_expect_field(test, &f->cmd, 2, 7);
		return;
	}
	fix_run_good(test, fix_cmd(f, cdb));
	got.len = f->cmd.data_length;
	fix_expect_bytes(test, &got, c->listed ? want : none, c->listed ? 40 : 8);
}

/* LUN 0 need not be there; what is cut off is still counted in the length. */
static void spc_report_luns_no_lun(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;
	struct target_itl itls[ARRAY_SIZE(spc_session_luns)] = { };
	static const u8 cdb[12] = { 0xa0, [9] = 16 };
	struct se_cmd *cmd = fix_cmd(f, cdb);

	spc_add_luns(test, itls);
	fix_no_lun(cmd);
	fix_run_good(test, cmd);
	KUNIT_EXPECT_EQ(test, cmd->data_length, 16);
	KUNIT_EXPECT_EQ(test, get_unaligned_be32(f->data), 32);
	KUNIT_EXPECT_EQ(test, f->data[9], 1);
}

static void spc_report_luns_empty(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;
	static const u8 cdb[12] = { 0xa0, [9] = 16 }, short_cdb[12] = { 0xa0, [9] = 15 };

	fix_run_good(test, fix_cmd(f, cdb));
	KUNIT_EXPECT_EQ(test, f->cmd.data_length, 8);
	FIX_EXPECT_REASON(test, target_cdb_parse(fix_cmd(f, short_cdb)), TCM_INVALID_CDB_FIELD);
	fix_expect_field(test, &f->cmd, 6, 7);
}

/* It withdraws REPORTED LUNS DATA HAS CHANGED on every LUN, and nothing else. */
static void spc_report_luns_clears(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;
	struct target_itl itls[ARRAY_SIZE(spc_session_luns)] = { };
	static const u8 cdb[12] = { 0xa0, [9] = 16 };
	unsigned int i;

	spc_add_luns(test, itls);
	for (i = 0; i < ARRAY_SIZE(itls); i++) {
		target_ua_set(&itls[i], TARGET_UA_LUNS_CHANGED);
		target_ua_set(&itls[i], TARGET_UA_LUN_RESET);
	}
	fix_run_good(test, fix_cmd(f, cdb));
	for (i = 0; i < ARRAY_SIZE(itls); i++)
		KUNIT_EXPECT_EQ(test, itls[i].ua_pending, 1UL << TARGET_UA_LUN_RESET);
}

/* One condition for each REQUEST SENSE; then whether the unit is stopped. */
static void spc_request_sense(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;
	static const u8 fixed[6] = { 0x03, 0, 0, 0, 252 }, desc[6] = { 0x03, 1, 0, 0, 252 };

	target_ua_set(&f->itl, TARGET_UA_LUN_RESET);
	target_ua_set(&f->itl, TARGET_UA_MODE_CHANGED);
	fix_run_good(test, fix_cmd(f, fixed));
	KUNIT_EXPECT_EQ(test, f->cmd.data_length, 18);
	KUNIT_EXPECT_EQ(test, f->data[0], 0x70);
	KUNIT_EXPECT_EQ(test, f->data[2], UNIT_ATTENTION);
	KUNIT_EXPECT_EQ(test, get_unaligned_be16(f->data + 12), 0x2903);
	fix_run_good(test, fix_cmd(f, desc));
	KUNIT_EXPECT_EQ(test, f->cmd.data_length, 8);
	KUNIT_EXPECT_EQ(test, get_unaligned_be32(f->data), 0x72062a01);
	fix_run_good(test, fix_cmd(f, desc));
	KUNIT_EXPECT_EQ(test, get_unaligned_be32(f->data), 0x72000000);
	atomic_set(&f->dev.power, TARGET_POWER_STOPPED);
	fix_run_good(test, fix_cmd(f, desc));
	KUNIT_EXPECT_EQ(test, get_unaligned_be32(f->data), 0x72020402);
}

static void spc_request_sense_no_lun(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;
	static const u8 cdb[6] = { 0x03, 0, 0, 0, 252 };
	struct se_cmd *cmd = fix_cmd(f, cdb);

	fix_no_lun(cmd);
	fix_run_good(test, cmd);
	KUNIT_EXPECT_EQ(test, f->data[2], ILLEGAL_REQUEST);
	KUNIT_EXPECT_EQ(test, get_unaligned_be16(f->data + 12), 0x2500);
}

static void spc_report_tmfs(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;
	static const u8 basic[12] = { 0xa3, 0x0d, [9] = 255 };
	static const u8 extended[12] = { 0xa3, 0x0d, 0x80, [9] = 255 };
	static const u8 short_cdb[12] = { 0xa3, 0x0d, [9] = 3 };
	static const u8 want[16] = { 0xfc, 0x07, 0, 0x0c };

	fix_run_good(test, fix_cmd(f, basic));
	KUNIT_EXPECT_EQ(test, f->cmd.data_length, 4);
	KUNIT_EXPECT_EQ(test, get_unaligned_be32(f->data), 0xfc070000);
	fix_run_good(test, fix_cmd(f, extended));
	KUNIT_EXPECT_EQ(test, f->cmd.data_length, 16);
	KUNIT_EXPECT_EQ(test, memcmp(f->data, want, 16), 0);
	FIX_EXPECT_REASON(test, target_cdb_parse(fix_cmd(f, short_cdb)), TCM_INVALID_CDB_FIELD);
	fix_expect_field(test, &f->cmd, 6, 7);
}

static void spc_test_unit_ready(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;
	static const u8 cdb[6] = { 0x00 };

	fix_run_good(test, fix_cmd(f, cdb));
	atomic_set(&f->dev.power, TARGET_POWER_STOPPED);
	fix_run(test, fix_cmd(f, cdb));
	KUNIT_EXPECT_EQ(test, f->cmd.scsi_status, 2);
	KUNIT_EXPECT_EQ(test, f->sense[2], NOT_READY);
	KUNIT_EXPECT_EQ(test, get_unaligned_be16(f->sense + 12), 0x0402);
}

static struct kunit_case spc_cases[] = {
	KUNIT_CASE_PARAM(spc_lun_address, spc_lun_gen_params),
	KUNIT_CASE(spc_lun_as_it_is),
	KUNIT_CASE_PARAM(spc_report_luns, spc_select_gen_params),
	KUNIT_CASE(spc_report_luns_no_lun),
	KUNIT_CASE(spc_report_luns_empty),
	KUNIT_CASE(spc_report_luns_clears),
	KUNIT_CASE(spc_request_sense),
	KUNIT_CASE(spc_request_sense_no_lun),
	KUNIT_CASE(spc_report_tmfs),
	KUNIT_CASE(spc_test_unit_ready),
	{ }
};

static struct kunit_suite spc_suite = {
	.name = "target_core_spc",
	.init = fix_init,
	.exit = fix_exit,
	.test_cases = spc_cases,
};
kunit_test_suite(spc_suite);
