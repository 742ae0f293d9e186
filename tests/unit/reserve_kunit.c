// SPDX-License-Identifier: GPL-2.0-only
/* Every row of the opcode table, every type, every role: as the tables of the standards say. */
#include <scsi/scsi_proto.h>
#include "reserve.h"
#include "scsi_fixture.h"

/**
 * struct access_rule - a line of the standards' tables
 * @opcode: OPERATION CODE
 * @sa: SERVICE ACTION, ANY for all
 * @byte4: byte 4 of the CDB
 * @columns: A(llowed) or C(onflict), for who does not hold the reservation: of type write
 *	exclusive; of type exclusive access; who is registered, if registrants may; who is
 *	not, write exclusive; and exclusive access. Then, after a blank, while another has
 *	it by RESERVE.
 *
 * Written down from SPC-6 5.14.1, SBC-5 4.17 and SPC-2 5.5.1, not from the rows.
 */
struct access_rule {
	u8		opcode;
	int		sa;
	u8		byte4;
	const char	*columns;
};

#define ANY		-1
#define ALWAYS		"AAAAA A"
#define PERSISTENT	"AAAAA C"
#define READS		"ACAAC C"
#define WRITES		"CCACC C"

static const struct access_rule access_rules[] = {
	/* Commands of all device types */
	{ 0x00, ANY, 0, PERSISTENT },	/* TEST UNIT READY */
	{ 0x03, ANY, 0, ALWAYS },	/* REQUEST SENSE */
	{ 0x12, ANY, 0, ALWAYS },	/* INQUIRY */
	{ 0x15, ANY, 0, WRITES },	/* MODE SELECT(6) */
	{ 0x16, ANY, 0, PERSISTENT },	/* RESERVE(6): rules of its own */
	{ 0x17, ANY, 0, ALWAYS },	/* RELEASE(6): the same */
	{ 0x1a, ANY, 0, READS },	/* MODE SENSE(6) */
	{ 0x1c, ANY, 0, READS },	/* RECEIVE DIAGNOSTIC RESULTS */
	{ 0x1d, ANY, 0, WRITES },	/* SEND DIAGNOSTIC */
	{ 0x3b, ANY, 0, WRITES },	/* WRITE BUFFER */
	{ 0x3c, ANY, 0, READS },	/* READ BUFFER */
	{ 0x4c, ANY, 0, WRITES },	/* LOG SELECT */
	{ 0x4d, ANY, 0, ALWAYS },	/* LOG SENSE */
	{ 0x55, ANY, 0, WRITES },	/* MODE SELECT(10) */
	{ 0x56, ANY, 0, PERSISTENT },	/* RESERVE(10) */
	{ 0x57, ANY, 0, ALWAYS },	/* RELEASE(10) */
	{ 0x5a, ANY, 0, READS },	/* MODE SENSE(10) */
	{ 0x5e, ANY, 0, PERSISTENT },	/* PERSISTENT RESERVE IN */
	{ 0x5f, ANY, 0, PERSISTENT },	/* PERSISTENT RESERVE OUT: decides by key */
	{ 0x83, 0x00, 0, WRITES },	/* EXTENDED COPY(LID1) */
	{ 0x83, 0x01, 0, WRITES },	/* EXTENDED COPY(LID4) */
	{ 0x83, 0x1c, 0, WRITES },	/* COPY OPERATION ABORT */
	{ 0x84, ANY, 0, PERSISTENT },	/* RECEIVE COPY RESULTS and its like */
	{ 0xa0, ANY, 0, ALWAYS },	/* REPORT LUNS */
	{ 0xa3, 0x05, 0, ALWAYS },	/* REPORT IDENTIFYING INFORMATION */
	{ 0xa3, 0x0a, 0, ALWAYS },	/* REPORT TARGET PORT GROUPS */
	{ 0xa3, 0x0c, 0, READS },	/* REPORT SUPPORTED OPERATION CODES */
	{ 0xa3, 0x0d, 0, READS },	/* REPORT SUPPORTED TASK MANAGEMENT FUNCTIONS */
	{ 0xa3, 0x0f, 0, PERSISTENT },	/* REPORT TIMESTAMP */
	{ 0xa4, 0x06, 0, WRITES },	/* SET IDENTIFYING INFORMATION */
	{ 0xa4, 0x0a, 0, WRITES },	/* SET TARGET PORT GROUPS */
	{ 0xa4, 0x0f, 0, WRITES },	/* SET TIMESTAMP */
	/* Commands of block devices */
	{ 0x04, ANY, 0, WRITES },	/* FORMAT UNIT */
	{ 0x08, ANY, 0, READS },	/* READ(6) */
	{ 0x0a, ANY, 0, WRITES },	/* WRITE(6) */
	{ 0x1b, ANY, 0x01, ALWAYS },	/* START STOP UNIT that starts */
	{ 0x1b, ANY, 0x00, WRITES },	/* that stops */
	{ 0x1b, ANY, 0x11, WRITES },	/* that chooses a power condition */
	{ 0x1e, ANY, 0x00, ALWAYS },	/* PREVENT ALLOW MEDIUM REMOVAL that allows */
	{ 0x1e, ANY, 0x01, WRITES },	/* that prevents */
	{ 0x25, ANY, 0, ALWAYS },	/* READ CAPACITY(10) */
	{ 0x28, ANY, 0, READS },	/* READ(10) */
	{ 0x2a, ANY, 0, WRITES },	/* WRITE(10) */
	{ 0x2e, ANY, 0, WRITES },	/* WRITE AND VERIFY(10) */
	{ 0x2f, ANY, 0, READS },	/* VERIFY(10) */
	{ 0x34, ANY, 0, READS },	/* PRE-FETCH(10) */
	{ 0x35, ANY, 0, WRITES },	/* SYNCHRONIZE CACHE(10) */
	{ 0x37, ANY, 0, READS },	/* READ DEFECT DATA(10) */
	{ 0x41, ANY, 0, WRITES },	/* WRITE SAME(10) */
	{ 0x42, ANY, 0, WRITES },	/* UNMAP */
	{ 0x48, ANY, 0, WRITES },	/* SANITIZE */
	{ 0x7f, 0x09, 0, READS },	/* READ(32) */
	{ 0x7f, 0x0a, 0, READS },	/* VERIFY(32) */
	{ 0x7f, 0x0b, 0, WRITES },	/* WRITE(32) */
	{ 0x7f, 0x0c, 0, WRITES },	/* WRITE AND VERIFY(32) */
	{ 0x7f, 0x0d, 0, WRITES },	/* WRITE SAME(32) */
	{ 0x7f, 0x0e, 0, WRITES },	/* ORWRITE(32) */
	{ 0x7f, 0x0f, 0, WRITES },	/* WRITE ATOMIC(32) */
	{ 0x7f, 0x12, 0, READS },	/* GET LBA STATUS(32) */
	{ 0x83, 0x10, 0, READS },	/* POPULATE TOKEN */
	{ 0x83, 0x11, 0, WRITES },	/* WRITE USING TOKEN */
	{ 0x88, ANY, 0, READS },	/* READ(16) */
	{ 0x89, ANY, 0, WRITES },	/* COMPARE AND WRITE */
	{ 0x8a, ANY, 0, WRITES },	/* WRITE(16) */
	{ 0x8b, ANY, 0, WRITES },	/* ORWRITE(16) */
	{ 0x8e, ANY, 0, WRITES },	/* WRITE AND VERIFY(16) */
	{ 0x8f, ANY, 0, READS },	/* VERIFY(16) */
	{ 0x90, ANY, 0, READS },	/* PRE-FETCH(16) */
	{ 0x91, ANY, 0, WRITES },	/* SYNCHRONIZE CACHE(16) */
	{ 0x93, ANY, 0, WRITES },	/* WRITE SAME(16) */
	{ 0x9c, ANY, 0, WRITES },	/* WRITE ATOMIC(16) */
	{ 0x9e, 0x10, 0, ALWAYS },	/* READ CAPACITY(16) */
	{ 0x9e, 0x12, 0, READS },	/* GET LBA STATUS(16) */
	{ 0x9e, 0x13, 0, ALWAYS },	/* REPORT REFERRALS */
	{ 0xa8, ANY, 0, READS },	/* READ(12) */
	{ 0xaa, ANY, 0, WRITES },	/* WRITE(12) */
	{ 0xae, ANY, 0, WRITES },	/* WRITE AND VERIFY(12) */
	{ 0xaf, ANY, 0, READS },	/* VERIFY(12) */
	{ 0xb7, ANY, 0, READS },	/* READ DEFECT DATA(12) */
};

enum access_role { ROLE_HOLDER, ROLE_REGISTERED, ROLE_OTHER, ROLES };

struct access_case {
	u8	type;	/* of a persistent reservation; 0 for RESERVE */
	u8	role;
	int	column;	/* of access_rule::columns, -1 where all is allowed */
};

/* Types of registrants and of all registrants have one column; those hold it, who are. */
static const struct access_case access_cases[] = {
	{ 0, ROLE_HOLDER, -1 },	{ 0, ROLE_OTHER, 6 },
	{ 1, ROLE_HOLDER, -1 },	{ 1, ROLE_REGISTERED, 0 },	{ 1, ROLE_OTHER, 0 },
	{ 3, ROLE_HOLDER, -1 },	{ 3, ROLE_REGISTERED, 1 },	{ 3, ROLE_OTHER, 1 },
	{ 5, ROLE_HOLDER, -1 },	{ 5, ROLE_REGISTERED, 2 },	{ 5, ROLE_OTHER, 3 },
	{ 6, ROLE_HOLDER, -1 },	{ 6, ROLE_REGISTERED, 2 },	{ 6, ROLE_OTHER, 4 },
	{ 7, ROLE_HOLDER, -1 },	{ 7, ROLE_REGISTERED, 2 },	{ 7, ROLE_OTHER, 3 },
	{ 8, ROLE_HOLDER, -1 },	{ 8, ROLE_REGISTERED, 2 },	{ 8, ROLE_OTHER, 4 },
};

static void access_case_desc(const struct access_case *c, char *desc)
{
	static const char * const roles[] = { "holder", "registered", "other" };

	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "type %u, %s", c->type, roles[c->role]);
}

KUNIT_ARRAY_PARAM(access_case, access_cases, access_case_desc);

static struct target_pr_nexus *access_nexus(u16 tag)
{
	struct target_initiator name = { .name = "naa.5" };
	struct target_pr_port port = { .tag = tag, .target = "naa.6" };

	return target_pr_nexus_alloc(&name, &port, 0);
}

/* The first registration holds it, the second is one, the third nexus has none. */
static u8 access_denies(struct kunit *test, const struct access_case *c)
{
	struct target_pr_state *state = target_pr_state_copy(NULL, 2);
	struct target_pr_nexus *nexus[ROLES];
	unsigned int i;
	u8 denies;

	KUNIT_ASSERT_NOT_NULL(test, state);
	for (i = 0; i < ROLES; i++) {
		nexus[i] = access_nexus(i);
		KUNIT_ASSERT_NOT_NULL(test, nexus[i]);
		if (i != ROLE_OTHER)
			target_pr_state_add(state, nexus[i], i + 1, false);
	}
	state->type = c->type;
	state->holder = 0;
	denies = target_pr_denies(state, nexus[c->role]);
	for (i = 0; i < ROLES; i++)
		target_pr_nexus_put(nexus[i]);
	target_pr_state_free(state);
	return denies;
}

/* Every rule whose row there is; rules for what is not there yet do no harm. */
static void access_matrix(struct kunit *test)
{
	const struct access_case *c = test->param_value;
	struct scsi_fixture *f = test->priv;
	struct se_cmd *cmd = &f->cmd;
	unsigned int i, r;

	if (c->type)
		f->itl.denies = access_denies(test, c);
	else
		f->itl.denies = c->role == ROLE_OTHER ? TARGET_DENY_RESERVED : 0;
	cmd->itl = &f->itl;
	cmd->t_task_cdb = cmd->__t_task_cdb;
	for (i = 0; i < target_cdb_op_count; i++) {
		const struct target_cdb_op *op = &target_cdb_ops[i];
		unsigned int found = 0;

		for (r = 0; r < ARRAY_SIZE(access_rules); r++) {
			const struct access_rule *rule = &access_rules[r];
			bool allowed = c->column < 0 || rule->columns[c->column] == 'A';

			if (rule->opcode != op->opcode || (rule->sa != ANY && rule->sa != op->sa))
				continue;
			found++;
			cmd->op = op;
			cmd->t_task_cdb[4] = rule->byte4;
			KUNIT_EXPECT_EQ_MSG(test, (__force u32)target_reservations_gate(cmd),
					    (__force u32)(allowed ? TCM_NO_SENSE :
							  TCM_RESERVATION_CONFLICT),
					    "%s, byte 4 is %02x", op->name, rule->byte4);
		}
		KUNIT_EXPECT_NE_MSG(test, found, 0U, "%s is in no table", op->name);
	}
}

/* What a copy may do through a nexus is what READ and WRITE may. */
static void access_copies(struct kunit *test)
{
	struct target_itl itl = { };

	KUNIT_EXPECT_FALSE(test, target_reservations_deny(&itl, true));
	itl.denies = TARGET_DENY_WRITE;
	KUNIT_EXPECT_TRUE(test, target_reservations_deny(&itl, true));
	KUNIT_EXPECT_FALSE(test, target_reservations_deny(&itl, false));
	itl.denies = TARGET_DENY_WRITE | TARGET_DENY_READ;
	KUNIT_EXPECT_TRUE(test, target_reservations_deny(&itl, false));
	itl.denies = TARGET_DENY_RESERVED;
	KUNIT_EXPECT_TRUE(test, target_reservations_deny(&itl, true));
	KUNIT_EXPECT_TRUE(test, target_reservations_deny(&itl, false));
}

static struct kunit_case reserve_cases[] = {
	KUNIT_CASE_PARAM(access_matrix, access_case_gen_params),
	KUNIT_CASE(access_copies),
	{ }
};

static struct kunit_suite reserve_suite = {
	.name		= "target_core_reserve",
	.init		= fix_init,
	.exit		= fix_exit,
	.test_cases	= reserve_cases,
};

kunit_test_suite(reserve_suite);
