// SPDX-License-Identifier: GPL-2.0-only
/*
 * A second reading of what the standards allow: under persistent reservations (SPC-6
 * 5.14.1, SBC-5 4.17), in asymmetric access states (SPC-6 5.18.2), and while persistent
 * reservation information is lost (SPC-6 5.14.5).
 *
 * By the names of commands, as the tables have them, without sizes; so it shares nothing
 * with how rows are found. Every row is in exactly one line.
 */
#include "alua_state.h"
#include "reserve.h"
#include "scsi_fixture.h"

/* What the tables say of a command, and what beside them. */
enum allowed_flags {
	IN_STANDBY	= 1 << 0,	/* on the list of the standby state */
	IN_UNAVAILABLE	= 1 << 1,	/* on that of the unavailable state, and offline */
	IN_TRANSITION	= 1 << 2,	/* on that of the transitioning state */
	WHEN_LOST	= 1 << 3,	/* goes on when reservation information is lost */
	OURS		= 1 << 4,	/* in standby, where the standard leaves it to the unit */
};

/*
 * A line of the tables. The columns are Allowed or Conflict: write exclusive and exclusive
 * access, from any nexus; from a registered nexus (registrants only, all registrants); from
 * one that is not: write exclusive and exclusive access of that kind.
 */
static const struct allowed {
	const char	*name;
	const char	*columns;
	u8		flags;		/* enum allowed_flags */
} allowed_lines[] = {
	{ "COMPARE AND WRITE",			"CCACC" },
	{ "COPY OPERATION ABORT",		"CCACC" },
	{ "EXTENDED COPY",			"CCACC" },
	{ "FORMAT UNIT",			"CCACC" },
	{ "GET LBA STATUS",			"ACAAC" },
	{ "INQUIRY",	"AAAAA", IN_STANDBY | IN_UNAVAILABLE | IN_TRANSITION | WHEN_LOST },
	{ "LOG SELECT",				"CCACC", IN_STANDBY },
	{ "LOG SENSE",				"AAAAA", IN_STANDBY | WHEN_LOST },
	{ "MODE SELECT",			"CCACC", IN_STANDBY },
	{ "MODE SENSE",				"ACAAC", IN_STANDBY },
	{ "ORWRITE",				"CCACC" },
	{ "PERSISTENT RESERVE IN",		"AAAAA", IN_STANDBY },
	/* Its own table goes by service action and key: the gate lets it pass. */
	{ "PERSISTENT RESERVE OUT",		"AAAAA", IN_STANDBY },
	{ "POPULATE TOKEN",			"ACAAC" },
	{ "PRE-FETCH",				"ACAAC" },
	{ "PREVENT ALLOW MEDIUM REMOVAL",	"AAAAA" },	/* PREVENT is zero here */
	{ "READ",				"ACAAC" },
	{ "READ BUFFER", "ACAAC", IN_STANDBY | IN_UNAVAILABLE | WHEN_LOST },
	{ "READ CAPACITY",			"AAAAA", OURS },
	{ "READ DEFECT DATA",			"ACAAC" },
	{ "RECEIVE COPY FAILURE DETAILS",	"AAAAA", OURS },
	{ "RECEIVE COPY OPERATING PARAMETERS",	"AAAAA", OURS },
	{ "RECEIVE COPY STATUS",		"AAAAA", OURS },
	{ "RECEIVE DIAGNOSTIC RESULTS",		"ACAAC", IN_STANDBY },
	{ "RECEIVE ROD TOKEN INFORMATION",	"AAAAA", OURS },
	{ "REPORT ALL ROD TOKENS",		"AAAAA", OURS },
	{ "REPORT IDENTIFYING INFORMATION",	"AAAAA", OURS },
	{ "REPORT LUNS", "AAAAA", IN_STANDBY | IN_UNAVAILABLE | IN_TRANSITION | WHEN_LOST },
	{ "REPORT REFERRALS",			"AAAAA", OURS },
	{ "REPORT SUPPORTED OPERATION CODES",	"ACAAC", OURS },
	{ "REPORT SUPPORTED TASK MANAGEMENT FUNCTIONS", "ACAAC", OURS },
	{ "REPORT TARGET PORT GROUPS",
	  "AAAAA", IN_STANDBY | IN_UNAVAILABLE | IN_TRANSITION | WHEN_LOST },
	{ "REPORT TIMESTAMP",			"AAAAA", OURS },
	{ "REQUEST SENSE", "AAAAA", IN_STANDBY | IN_UNAVAILABLE | IN_TRANSITION | WHEN_LOST },
	{ "SANITIZE",				"CCACC" },
	{ "SEND DIAGNOSTIC",			"CCACC", IN_STANDBY },
	{ "SET IDENTIFYING INFORMATION",	"CCACC" },
	{ "SET TARGET PORT GROUPS",		"CCACC", IN_STANDBY | IN_UNAVAILABLE },
	{ "SET TIMESTAMP",			"CCACC" },
	{ "START STOP UNIT",			"AAAAA", WHEN_LOST },	/* that starts it */
	{ "SYNCHRONIZE CACHE",			"CCACC" },
	{ "TEST UNIT READY",			"AAAAA" },
	{ "UNMAP",				"CCACC" },
	{ "VERIFY",				"ACAAC" },
	{ "WRITE",				"CCACC" },
	{ "WRITE AND VERIFY",			"CCACC" },
	{ "WRITE ATOMIC",			"CCACC" },
	{ "WRITE BUFFER", "CCACC", IN_STANDBY | IN_UNAVAILABLE | WHEN_LOST },
	{ "WRITE SAME",				"CCACC" },
	{ "WRITE USING TOKEN",			"CCACC" },
	/* As SPC-2 has them: they decide themselves, and are refused as any in other states. */
	{ "RESERVE",				"AAAAA" },
	{ "RELEASE",				"AAAAA" },
};

/* The name without a size, a list identifier's length or a service action. */
static bool allowed_is(const struct allowed *line, const char *name)
{
	size_t len = strlen(line->name);

	return strstarts(name, line->name) && strchr("(,", name[len]);
}

static const struct allowed *allowed_line(struct kunit *test, const struct target_cdb_op *op)
{
	const struct allowed *found = NULL;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(allowed_lines); i++) {
		if (!allowed_is(&allowed_lines[i], op->name))
			continue;
		KUNIT_EXPECT_NULL_MSG(test, found, "%s is in two lines", op->name);
		found = &allowed_lines[i];
	}
	KUNIT_ASSERT_NOT_NULL_MSG(test, found, "%s is in no line", op->name);
	return found;
}

/* A row's CDB: all zero, but that START STOP UNIT starts and buffers are echoes. */
static struct se_cmd *allowed_cmd(struct scsi_fixture *f, const struct target_cdb_op *op)
{
	static const u8 zero[TCM_MAX_COMMAND_SIZE];
	struct se_cmd *cmd = fix_cmd(f, zero);

	cmd->op = op;
	if (op->opcode == START_STOP)
		cmd->t_task_cdb[4] = 0x01;
	if (op->opcode == READ_BUFFER || op->opcode == WRITE_BUFFER)
		cmd->t_task_cdb[1] = 0x0a;
	return cmd;
}

/* Each type, from who does not hold it: the column of the tables, and what it denies. */
static const struct allowed_case {
	u8	type;
	bool	registered;
	u8	column;
} allowed_cases[] = {
	{ 1, false, 0 }, { 1, true, 0 },
	{ 3, false, 1 }, { 3, true, 1 },
	{ 5, true, 2 }, { 5, false, 3 },
	{ 6, true, 2 }, { 6, false, 4 },
	{ 7, true, 2 }, { 7, false, 3 },
	{ 8, true, 2 }, { 8, false, 4 },
};

static void allowed_case_desc(const struct allowed_case *c, char *desc)
{
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "type %u, %sregistered", c->type,
		 c->registered ? "" : "not ");
}

KUNIT_ARRAY_PARAM(allowed_case, allowed_cases, allowed_case_desc);

static struct target_pr_nexus *allowed_nexus(struct kunit *test, const char *name)
{
	struct target_initiator initiator = { };
	struct target_pr_port port = { .tag = 1 };
	struct target_pr_nexus *nexus;

	strscpy(initiator.name, name, sizeof(initiator.name));
	nexus = target_pr_nexus_alloc(&initiator, &port, 0);
	KUNIT_ASSERT_NOT_NULL(test, nexus);
	return nexus;
}

/* What a nexus is denied while another one holds a reservation. */
static u8 allowed_denies(struct kunit *test, const struct allowed_case *c)
{
	struct target_pr_nexus *holder = allowed_nexus(test, "holder");
	struct target_pr_nexus *self = allowed_nexus(test, "self");
	struct target_pr_state *state = target_pr_state_copy(NULL, 2);
	u8 denies;

	KUNIT_ASSERT_NOT_NULL(test, state);
	target_pr_state_add(state, holder, 1, false);
	if (c->registered)
		target_pr_state_add(state, self, 2, false);
	state->type = c->type;
	state->holder = 0;
	denies = target_pr_denies(state, self);
	KUNIT_EXPECT_EQ(test, target_pr_denies(state, holder), 0);
	target_pr_state_free(state);
	target_pr_nexus_put(holder);
	target_pr_nexus_put(self);
	return denies;
}

static void allowed_by_reservations(struct kunit *test)
{
	const struct allowed_case *c = test->param_value;
	struct scsi_fixture *f = test->priv;
	unsigned int i;

	f->itl.denies = allowed_denies(test, c);
	for (i = 0; i < target_cdb_op_count; i++) {
		const struct target_cdb_op *op = &target_cdb_ops[i];
		bool allowed = allowed_line(test, op)->columns[c->column] == 'A';

		KUNIT_EXPECT_EQ_MSG(test,
				    (__force u32)target_reservations_gate(allowed_cmd(f, op)),
				    (__force u32)(allowed ? TCM_NO_SENSE :
							    TCM_RESERVATION_CONFLICT),
				    "%s", op->name);
	}
}

static void allowed_when_lost(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;
	unsigned int i;

	f->itl.denies = TARGET_DENY_LOST;
	for (i = 0; i < target_cdb_op_count; i++) {
		const struct target_cdb_op *op = &target_cdb_ops[i];
		bool allowed = allowed_line(test, op)->flags & WHEN_LOST ||
			       strstr(op->name, "REPLACE LOST");

		KUNIT_EXPECT_EQ_MSG(test,
				    (__force u32)target_reservations_gate(allowed_cmd(f, op)),
				    (__force u32)(allowed ? TCM_NO_SENSE : TCM_RESERVATION_LOST),
				    "%s", op->name);
	}
	/* START STOP UNIT that stops, or chooses a power condition */
	allowed_cmd(f, target_cdb_row(START_STOP, 0))->t_task_cdb[4] = 0x00;
	FIX_EXPECT_REASON(test, target_reservations_gate(&f->cmd), TCM_RESERVATION_LOST);
	f->cmd.t_task_cdb[4] = 0x11;
	FIX_EXPECT_REASON(test, target_reservations_gate(&f->cmd), TCM_RESERVATION_LOST);
	KUNIT_EXPECT_TRUE(test, target_reservations_deny(&f->itl, false));
}

static const struct allowed_state {
	u8	state;
	u8	flags;
	u16	codes;
} allowed_states[] = {
	{ TARGET_ALUA_STANDBY,		IN_STANDBY | OURS,	0x040b },
	{ TARGET_ALUA_UNAVAILABLE,	IN_UNAVAILABLE,		0x040c },
	{ TARGET_ALUA_OFFLINE,		IN_UNAVAILABLE,		0x0412 },
	{ TARGET_ALUA_TRANSITION,	IN_TRANSITION,		0x040a },
};

static void allowed_state_desc(const struct allowed_state *s, char *desc)
{
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "state %x", s->state);
}

KUNIT_ARRAY_PARAM(allowed_state, allowed_states, allowed_state_desc);

static void allowed_in_state(struct kunit *test)
{
	const struct allowed_state *s = test->param_value;
	struct scsi_fixture *f = test->priv;
	struct target_sense sense;
	unsigned int i;

	f->lun.alua_gate = s->state;
	for (i = 0; i < target_cdb_op_count; i++) {
		const struct target_cdb_op *op = &target_cdb_ops[i];
		sense_reason_t why = target_alua_gate(allowed_cmd(f, op));

		if (allowed_line(test, op)->flags & s->flags) {
			KUNIT_EXPECT_EQ_MSG(test, (__force u32)why, 0, "%s", op->name);
			continue;
		}
		target_sense_init(&sense, why);
		KUNIT_EXPECT_EQ_MSG(test, sense.asc << 8 | sense.ascq, s->codes, "%s", op->name);
	}
}

/* The lists have of these commands the modes of the echo buffer only. */
static void allowed_buffer_modes(struct kunit *test)
{
	static const u8 opcodes[] = { READ_BUFFER, WRITE_BUFFER };
	static const u8 modes[] = { 0x02, 0x03, 0x0a, 0x0b };
	struct scsi_fixture *f = test->priv;
	unsigned int i, k;

	for (i = 0; i < ARRAY_SIZE(opcodes); i++) {
		allowed_cmd(f, target_cdb_row(opcodes[i], 0));
		for (k = 0; k < ARRAY_SIZE(modes); k++) {
			f->cmd.t_task_cdb[1] = modes[k];
			f->lun.alua_gate = TARGET_ALUA_STANDBY;
			FIX_EXPECT_REASON(test, target_alua_gate(&f->cmd), TCM_NO_SENSE);
			f->lun.alua_gate = TARGET_ALUA_UNAVAILABLE;
			FIX_EXPECT_REASON(test, target_alua_gate(&f->cmd),
					  modes[k] >= 0x0a ? TCM_NO_SENSE :
							     TCM_ALUA_TG_PT_UNAVAILABLE);
			f->lun.alua_gate = TARGET_ALUA_TRANSITION;
			FIX_EXPECT_REASON(test, target_alua_gate(&f->cmd),
					  TCM_ALUA_STATE_TRANSITION);
		}
	}
}

static struct kunit_case allowed_kunit_cases[] = {
	KUNIT_CASE_PARAM(allowed_by_reservations, allowed_case_gen_params),
	KUNIT_CASE(allowed_when_lost),
	KUNIT_CASE_PARAM(allowed_in_state, allowed_state_gen_params),
	KUNIT_CASE(allowed_buffer_modes),
	{}
};

static struct kunit_suite allowed_suite = {
	.name = "target_core_allowed",
	.init = fix_init,
	.exit = fix_exit,
	.test_cases = allowed_kunit_cases,
};
kunit_test_suite(allowed_suite);
