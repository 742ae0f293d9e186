// SPDX-License-Identifier: GPL-2.0-only
/* Access states: what each refuses, row by row; the commands that tell and set them; texts. */
#include "alua_cmd.h"
#include "alua_md.h"
#include "scsi_fixture.h"

/* --- states and rows --------------------------------------------------------------------- */

/* The rows that are done beyond the active states, by the lists of SPC-6 5.18.2. */
static const struct {
	const char	*name;
	u8		in;
} alua_rows[] = {
	{ "REQUEST SENSE",				TARGET_IN_TRANSITION },
	{ "INQUIRY",					TARGET_IN_TRANSITION },
	{ "REPORT LUNS",				TARGET_IN_TRANSITION },
	{ "REPORT TARGET PORT GROUPS",			TARGET_IN_TRANSITION },
	{ "SET TARGET PORT GROUPS",			TARGET_IN_UNAVAILABLE },
	/* As an echo, see below. */
	{ "READ BUFFER(10)",				TARGET_IN_STANDBY },
	{ "WRITE BUFFER",				TARGET_IN_STANDBY },
	{ "MODE SELECT(6)",				TARGET_IN_STANDBY },
	{ "MODE SENSE(6)",				TARGET_IN_STANDBY },
	{ "MODE SELECT(10)",				TARGET_IN_STANDBY },
	{ "MODE SENSE(10)",				TARGET_IN_STANDBY },
	{ "LOG SELECT",					TARGET_IN_STANDBY },
	{ "LOG SENSE",					TARGET_IN_STANDBY },
	{ "RECEIVE DIAGNOSTIC RESULTS",			TARGET_IN_STANDBY },
	{ "SEND DIAGNOSTIC",				TARGET_IN_STANDBY },
	/* More than the standard asks for: it lets an initiator set up its path. */
	{ "READ CAPACITY(10)",				TARGET_IN_STANDBY },
	{ "READ CAPACITY(16)",				TARGET_IN_STANDBY },
	{ "REPORT IDENTIFYING INFORMATION",		TARGET_IN_STANDBY },
	{ "REPORT SUPPORTED OPERATION CODES",		TARGET_IN_STANDBY },
	{ "REPORT SUPPORTED TASK MANAGEMENT FUNCTIONS",	TARGET_IN_STANDBY },
	{ "REPORT TIMESTAMP",				TARGET_IN_STANDBY },
	{ "RECEIVE COPY STATUS(LID1)",			TARGET_IN_STANDBY },
	{ "RECEIVE COPY OPERATING PARAMETERS",		TARGET_IN_STANDBY },
	{ "RECEIVE COPY FAILURE DETAILS(LID1)",		TARGET_IN_STANDBY },
	{ "RECEIVE COPY STATUS(LID4)",			TARGET_IN_STANDBY },
	{ "RECEIVE ROD TOKEN INFORMATION",		TARGET_IN_STANDBY },
	{ "REPORT ALL ROD TOKENS",			TARGET_IN_STANDBY },
	{ "REPORT REFERRALS",				TARGET_IN_STANDBY },
};

static u8 alua_row_wants(const struct target_cdb_op *op)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(alua_rows); i++)
		if (!strcmp(alua_rows[i].name, op->name))
			return alua_rows[i].in;
	return strstarts(op->name, "PERSISTENT RESERVE") ? TARGET_IN_STANDBY : TARGET_IN_ACTIVE;
}

static const struct alua_state_case {
	const char	*name;
	u8		state;
	u8		least;		/* rows that are done at all */
	u16		codes;		/* what the others get */
} alua_state_cases[] = {
	{ "active/optimized",		TARGET_ALUA_AO,		 TARGET_IN_ACTIVE },
	{ "active/non-optimized",	TARGET_ALUA_AN,		 TARGET_IN_ACTIVE },
	{ "standby",			TARGET_ALUA_STANDBY,	 TARGET_IN_STANDBY, 0x040b },
	{ "unavailable",		TARGET_ALUA_UNAVAILABLE, TARGET_IN_UNAVAILABLE, 0x040c },
	{ "offline",			TARGET_ALUA_OFFLINE,	 TARGET_IN_UNAVAILABLE, 0x0412 },
	{ "transitioning",		TARGET_ALUA_TRANSITION,	 TARGET_IN_TRANSITION, 0x040a },
};

static void alua_state_desc(const struct alua_state_case *c, char *desc)
{
	strscpy(desc, c->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(alua_state, alua_state_cases, alua_state_desc);

static void alua_gate_row(struct kunit *test, const struct alua_state_case *c,
			  const struct target_cdb_op *op)
{
	struct scsi_fixture *f = test->priv;
	struct se_cmd *cmd = fix_cmd(f, op->usage);
	struct target_sense sense;
	sense_reason_t why;

	cmd->op = op;
	f->lun.alua_gate = c->state;
	why = target_cdb_gate(cmd);
	f->lun.alua_gate = TARGET_ALUA_AO;
	if (alua_row_wants(op) >= c->least) {
		KUNIT_EXPECT_EQ_MSG(test, (__force u32)why, 0, "%s", op->name);
		return;
	}
	target_sense_init(&sense, why);
	KUNIT_EXPECT_EQ_MSG(test, sense.key, NOT_READY, "%s", op->name);
	KUNIT_EXPECT_EQ_MSG(test, sense.asc << 8 | sense.ascq, c->codes, "%s", op->name);
}

static void alua_gate_every_row(struct kunit *test)
{
	unsigned int i;

	for (i = 0; i < target_cdb_op_count; i++)
		alua_gate_row(test, test->param_value, &target_cdb_ops[i]);
}

/* A condition comes first. */
static void alua_gate_order(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;
	static const u8 tur[6] = { };

	f->lun.alua_gate = TARGET_ALUA_STANDBY;
	fix_cmd(f, tur)->op = target_cdb_row(0, 0);
	target_ua_set(&f->itl, TARGET_UA_ALUA_CHANGED);
	FIX_EXPECT_REASON(test, target_cdb_gate(&f->cmd), TCM_CHECK_CONDITION_UNIT_ATTENTION);
	FIX_EXPECT_REASON(test, target_cdb_gate(&f->cmd), TCM_ALUA_TG_PT_STANDBY);
}

/* What moves blocks takes its time, once, and comes to its end. */
static void alua_gate_delays(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;
	static const u8 read[10] = { 0x28, [8] = 1 };
	static const u8 tur[6] = { };
	unsigned long start = jiffies;

	f->lun.alua_gate = TARGET_ALUA_AN;
	f->lun.alua_delay = 50;
	fix_run_good(test, fix_cmd(f, tur));
	KUNIT_EXPECT_FALSE(test, f->cmd.se_cmd_flags & SCF_ALUA_NON_OPTIMIZED);
	fix_run_good(test, fix_cmd(f, read));
	KUNIT_EXPECT_TRUE(test, f->cmd.se_cmd_flags & SCF_ALUA_NON_OPTIMIZED);
	KUNIT_EXPECT_GE(test, jiffies - start, msecs_to_jiffies(50));
	target_delays_exit(&f->dev);
}

/* --- the two commands -------------------------------------------------------------------- */

static struct target_tg_pt_gp *alua_add_gp(struct kunit *test, const char *name, u16 id)
{
	struct scsi_fixture *f = test->priv;
	struct target_tg_pt_gp *gp = target_tg_pt_gp_alloc(&f->dev, name);

	KUNIT_ASSERT_NOT_NULL(test, gp);
	if (id)
		KUNIT_ASSERT_EQ(test, target_tg_pt_gp_set_id(gp, id), 0);
	return gp;
}

/* The fixture's LUN is in group 0x0102; 0x0304 has no port. */
static void alua_make_groups(struct kunit *test, struct target_tg_pt_gp **gps)
{
	struct scsi_fixture *f = test->priv;

	INIT_LIST_HEAD(&f->lun.tg_pt_gp_node);
	gps[0] = alua_add_gp(test, "default_tg_pt_gp", 0);
	gps[1] = alua_add_gp(test, "one", 0x0102);
	gps[2] = alua_add_gp(test, "two", 0x0304);
	KUNIT_ASSERT_EQ(test, target_tg_pt_gp_join(&f->lun, &f->dev, "one"), 0);
	f->dev.configured = true;
}

static void alua_free_groups(struct kunit *test, struct target_tg_pt_gp **gps)
{
	struct scsi_fixture *f = test->priv;

	target_tg_pt_gp_leave(&f->lun, &f->dev);
	target_tg_pt_gp_free(gps[2]);
	target_tg_pt_gp_free(gps[1]);
	target_tg_pt_gp_free(gps[0]);
}

static void alua_report_bytes(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;
	struct target_tg_pt_gp *gps[3];
	static const u8 plain[] = { 0, 0, 0, 12, 0x82, 0xcf, 1, 2, 0, 2, 0, 1, 0, 0, 0, 7 };
	static const u8 extended[] = { 0, 0, 0, 16, 0x10, 60, 0, 0,
				       0x82, 0xcf, 1, 2, 0, 2, 0, 1, 0, 0, 0, 7 };

	alua_make_groups(test, gps);
	gps[1]->implicit_trans_secs = 60;
	gps[1]->preferred = true;
	KUNIT_EXPECT_EQ(test, target_tg_pt_gp_set_state(gps[1], TARGET_ALUA_STANDBY), 0);
	KUNIT_EXPECT_EQ(test, f->lun.alua_gate, TARGET_ALUA_STANDBY);
	scoped_guard(spinlock_irqsave, &f->dev.lun_lock)
		target_alua_build_report(&f->b, &f->dev, &f->lun, false);
	fix_expect_bytes(test, &f->b, plain, sizeof(plain));
	f->b.len = 0;
	scoped_guard(spinlock_irqsave, &f->dev.lun_lock)
		target_alua_build_report(&f->b, &f->dev, &f->lun, true);
	fix_expect_bytes(test, &f->b, extended, sizeof(extended));
	alua_free_groups(test, gps);
}

static const struct alua_list_case {
	const char	*name;
	u8		len;
	u8		list[12];
	u32		why;
	u8		byte;
	u8		bit;
} alua_list_cases[] = {
	{ "a group", 8, { 0, 0, 0, 0, 0x02, 0, 1, 2 } },
	{ "two groups", 12, { 0, 0, 0, 0, 0x02, 0, 1, 2, 0x00, 0, 3, 4 } },
	{ "a port goes offline", 8, { 0, 0, 0, 0, 0x0e, 0, 0, 7 } },
	{ "only a header", 4, { } },
	{ "no header", 3, { }, (__force u32)TCM_PARAMETER_LIST_LENGTH_ERROR },
	{ "half a descriptor", 10, { 0, 0, 0, 0, 0x02, 0, 1, 2 },
	  (__force u32)TCM_PARAMETER_LIST_LENGTH_ERROR },
	{ "no such group", 8, { 0, 0, 0, 0, 0x02, 0, 1, 3 },
	  (__force u32)TCM_INVALID_PARAMETER_LIST, 6, 7 },
	{ "no such port", 8, { 0, 0, 0, 0, 0x0e, 0, 1, 2 },
	  (__force u32)TCM_INVALID_PARAMETER_LIST, 6, 7 },
	{ "transitioning", 8, { 0, 0, 0, 0, 0x0f, 0, 1, 2 },
	  (__force u32)TCM_INVALID_PARAMETER_LIST, 4, 3 },
	{ "LBA dependent", 8, { 0, 0, 0, 0, 0x04, 0, 1, 2 },
	  (__force u32)TCM_INVALID_PARAMETER_LIST, 4, 3 },
	{ "a state that is none", 8, { 0, 0, 0, 0, 0x07, 0, 1, 2 },
	  (__force u32)TCM_INVALID_PARAMETER_LIST, 4, 3 },
	{ "unsupported", 12, { 0, 0, 0, 0, 0x00, 0, 1, 2, 0x03, 0, 1, 2 },
	  (__force u32)TCM_INVALID_PARAMETER_LIST, 8, 3 },
	{ "reserved bits", 8, { 0, 0, 0, 0, 0x80, 0, 1, 2 },
	  (__force u32)TCM_INVALID_PARAMETER_LIST, 4, 7 },
};

static void alua_list_desc(const struct alua_list_case *c, char *desc)
{
	strscpy(desc, c->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(alua_list, alua_list_cases, alua_list_desc);

static void alua_list(struct kunit *test)
{
	const struct alua_list_case *c = test->param_value;
	struct scsi_fixture *f = test->priv;
	struct target_alua_move *move = kunit_kzalloc(test, sizeof(*move), GFP_KERNEL);
	struct target_tg_pt_gp *gps[3];
	static const u8 cdb[12] = { 0xa4, 0x0a };

	KUNIT_ASSERT_NOT_NULL(test, move);
	alua_make_groups(test, gps);
	target_tg_pt_gp_set_supported(gps[1], TARGET_ALUA_U_SUP, 0);
	FIX_EXPECT_REASON(test, target_alua_check_list(fix_cmd(f, cdb), c->list, c->len, move),
			  (__force sense_reason_t)c->why);
	if (c->byte)
		fix_expect_field(test, &f->cmd, c->byte, c->bit);
	else if (!c->why)
		KUNIT_EXPECT_EQ(test, move->count, (c->len - 4) / 4);
	alua_free_groups(test, gps);
}

/* Groups nobody can set are no reason for the command. */
static void alua_explicit_is_asked(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;
	struct target_tg_pt_gp *gps[3];
	unsigned int i;

	KUNIT_EXPECT_FALSE(test, target_alua_explicit(&f->dev));
	alua_make_groups(test, gps);
	for (i = 0; i < ARRAY_SIZE(gps); i++) {
		KUNIT_EXPECT_TRUE(test, target_alua_explicit(&f->dev));
		target_tg_pt_gp_set_access_type(gps[i], TARGET_TPGS_IMPLICIT);
	}
	KUNIT_EXPECT_FALSE(test, target_alua_explicit(&f->dev));
	KUNIT_EXPECT_TRUE(test, target_alua_supported(&f->dev));
	alua_free_groups(test, gps);
}

/* What is no longer supported in the end has failed, and the old state stays. */
static void alua_move_fails(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;
	struct target_alua_move *move = kunit_kzalloc(test, sizeof(*move), GFP_KERNEL);
	struct target_tg_pt_gp *gps[3];
	struct target_ua_code code;

	KUNIT_ASSERT_NOT_NULL(test, move);
	alua_make_groups(test, gps);
	f->itl.ua_pending = 0;
	target_tg_pt_gp_set_supported(gps[1], TARGET_ALUA_U_SUP, 0);
	move->dev = &f->dev;
	move->status = TARGET_ALUA_STATUS_IMPLICIT;
	move->count = 1;
	move->targets[0].id = 0x0102;
	move->targets[0].state = TARGET_ALUA_UNAVAILABLE;
	KUNIT_EXPECT_EQ(test, target_alua_move_run(move), 0);
	KUNIT_EXPECT_EQ(test, gps[1]->state, TARGET_ALUA_AO);
	KUNIT_EXPECT_TRUE(test, target_ua_take(&f->itl, &code));
	KUNIT_EXPECT_EQ(test, code.asc << 8 | code.ascq, 0x2a07);
	alua_free_groups(test, gps);
}

static void alua_move_settles(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;
	struct target_tg_pt_gp *gps[3];
	struct target_ua_code code;

	alua_make_groups(test, gps);
	f->itl.ua_pending = 0;
	KUNIT_EXPECT_EQ(test, target_tg_pt_gp_set_state(gps[1], TARGET_ALUA_AN), 0);
	KUNIT_EXPECT_TRUE(test, target_ua_take(&f->itl, &code));
	KUNIT_EXPECT_EQ(test, code.asc << 8 | code.ascq, 0x2a06);
	KUNIT_EXPECT_FALSE(test, target_ua_take(&f->itl, &code));
	KUNIT_EXPECT_EQ(test, gps[1]->status, TARGET_ALUA_STATUS_IMPLICIT);
	KUNIT_EXPECT_EQ(test, f->lun.alua_delay, 100);
	/* As it is already: nothing to hear of. */
	KUNIT_EXPECT_EQ(test, target_tg_pt_gp_set_state(gps[1], TARGET_ALUA_AN), 0);
	KUNIT_EXPECT_FALSE(test, target_ua_take(&f->itl, &code));
	/* A group without ports changes no port. */
	KUNIT_EXPECT_EQ(test, target_tg_pt_gp_set_state(gps[2], TARGET_ALUA_STANDBY), 0);
	KUNIT_EXPECT_EQ(test, f->lun.alua_gate, TARGET_ALUA_AN);
	KUNIT_EXPECT_EQ(test, target_tg_pt_gp_join(&f->lun, &f->dev, "two"), 0);
	KUNIT_EXPECT_EQ(test, f->lun.alua_gate, TARGET_ALUA_STANDBY);
	alua_free_groups(test, gps);
	KUNIT_EXPECT_EQ(test, f->lun.alua_gate, TARGET_ALUA_AO);
}

/* --- texts ------------------------------------------------------------------------------- */

static void alua_text_of_both(struct kunit *test)
{
	const struct target_alua_text gp = { .id = 65535, .state = 0xe, .status = 2 };
	const struct target_alua_text lun = { .state = 1, .status = 1 };
	struct target_alua_text got = { };
	char text[TARGET_ALUA_TEXT];

	target_alua_text_build(text, false, &gp);
	KUNIT_EXPECT_STREQ(test, text,
			   "tg_pt_gp_id=65535\nalua_access_state=0x0e\nalua_access_status=0x02\n");
	KUNIT_EXPECT_EQ(test, target_alua_text_parse(text, false, &got), 0);
	KUNIT_EXPECT_EQ(test, got.id, 65535);
	KUNIT_EXPECT_EQ(test, got.state, 0xe);
	KUNIT_EXPECT_EQ(test, got.status, 2);
	target_alua_text_build(text, true, &lun);
	KUNIT_EXPECT_STREQ(test, text, "alua_tg_pt_offline=1\nalua_tg_pt_status=0x01\n");
	KUNIT_EXPECT_EQ(test, target_alua_text_parse(text, true, &got), 0);
	KUNIT_EXPECT_EQ(test, got.state, 1);
}

static const char * const alua_bad_texts[] = {
	"",
	"\n",
	"tg_pt_gp_id=1\nalua_access_state=0x02\n",
	"tg_pt_gp_id=1\nalua_access_state=0x02\nalua_access_status=0x02\nx=1\n",
	"tg_pt_gp_id=1\ntg_pt_gp_id=1\nalua_access_state=0x02\nalua_access_status=0x02\n",
	"tg_pt_gp_id=65536\nalua_access_state=0x02\nalua_access_status=0x02\n",
	"tg_pt_gp_id=1\nalua_access_state=0x10\nalua_access_status=0x02\n",
	"tg_pt_gp_id=1\nalua_access_state=0x02\nalua_access_status=0x03\n",
	"tg_pt_gp_id=1\nalua_access_state=\nalua_access_status=0x02\n",
	"tg_pt_gp_id\nalua_access_state=0x02\nalua_access_status=0x02\n",
	"tg_pt_gp_id=1\n\nalua_access_state=0x02\nalua_access_status=0x02\n",
	"alua_tg_pt_offline=1\nalua_tg_pt_status=0x01\n",
};

static void alua_text_refused(struct kunit *test)
{
	struct target_alua_text got;
	char text[TARGET_ALUA_TEXT];
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(alua_bad_texts); i++) {
		strscpy(text, alua_bad_texts[i], sizeof(text));
		KUNIT_EXPECT_EQ_MSG(test, target_alua_text_parse(text, false, &got), -EBADMSG,
				    "%s", alua_bad_texts[i]);
	}
}

static struct kunit_case alua_state_kunit_cases[] = {
	KUNIT_CASE_PARAM(alua_gate_every_row, alua_state_gen_params),
	KUNIT_CASE(alua_gate_order),
	KUNIT_CASE(alua_gate_delays),
	KUNIT_CASE(alua_report_bytes),
	KUNIT_CASE_PARAM(alua_list, alua_list_gen_params),
	KUNIT_CASE(alua_explicit_is_asked),
	KUNIT_CASE(alua_move_fails),
	KUNIT_CASE(alua_move_settles),
	KUNIT_CASE(alua_text_of_both),
	KUNIT_CASE(alua_text_refused),
	{}
};

static struct kunit_suite alua_state_suite = {
	.name = "target_core_alua_state",
	.init = fix_init,
	.exit = fix_exit,
	.test_cases = alua_state_kunit_cases,
};

kunit_test_suite(alua_state_suite);
