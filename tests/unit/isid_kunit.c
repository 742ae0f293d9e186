// SPDX-License-Identifier: GPL-2.0-only
/*
 * An initiator with two sessions, which differ by their ISIDs, behind a fabric like iSCSI:
 * two I_T nexuses for reservations, or one, as enforce_pr_isids says.
 */
#include <linux/unaligned.h>
#include "reserve.h"
#include "scsi_fixture.h"

#define ISID_NAME	"iqn.2026-11.test:initiator"
#define ISID_ONE	0x00023d010000ULL
#define ISID_TWO	0x00023d020000ULL
#define ISID_LIST	24

struct isid_test {
	struct scsi_fixture	*f;
	struct se_session	sess;	/* the second one */
	struct target_itl	itl;
};

static u32 isid_of_session(struct se_session *sess, unsigned char *buf, u32 len)
{
	return snprintf(buf, len, "%012llx", sess->sess_bin_isid);
}

/* Both nexuses come, with what the attribute is by then. */
static struct isid_test *isid_make(struct kunit *test, bool enforce)
{
	struct isid_test *t = kunit_kzalloc(test, sizeof(*t), GFP_KERNEL);
	struct scsi_fixture *f = test->priv;

	KUNIT_ASSERT_NOT_NULL(test, t);
	t->f = f;
	f->tpg.proto_id = SCSI_PROTOCOL_ISCSI;
	f->fabric.fabric_name = "unit";
	f->fabric.sess_get_initiator_sid = isid_of_session;
	strscpy(f->name, "iqn.2026-11.test:target", sizeof(f->name));
	strscpy(f->acl.initiatorname, ISID_NAME, sizeof(f->acl.initiatorname));
	f->dev.dev_attrib.enforce_pr_isids = enforce;
	f->sess.sess_bin_isid = ISID_ONE;
	t->sess = (struct se_session){
		.se_tpg = &f->tpg, .se_node_acl = &f->acl, .sess_bin_isid = ISID_TWO,
	};
	t->itl.dev = &f->dev;
	t->itl.lun = &f->lun;
	t->itl.sess = &t->sess;
	t->itl.stats = f->itl.stats;
	target_task_set_nexus_init(&t->itl);
	list_add(&t->itl.lun_node, &f->lun.itls);
	KUNIT_ASSERT_EQ(test, target_reservations_admit(&f->itl), 0);
	KUNIT_ASSERT_EQ(test, target_reservations_admit(&t->itl), 0);
	return t;
}

static void isid_end(struct isid_test *t)
{
	list_del(&t->itl.lun_node);
	target_pr_nexus_put(t->itl.pr_nexus);
	target_pr_nexus_put(t->f->itl.pr_nexus);
	t->f->itl.pr_nexus = NULL;
	target_pr_state_free(t->f->dev.reservations.state);
	t->f->dev.reservations.state = NULL;
}

/* PERSISTENT RESERVE OUT with a list of this length, whose flags and rest are there already. */
static u8 isid_pr_out_len(struct kunit *test, struct isid_test *t, bool second, u8 action, u8 type,
			  u64 key, u64 new_key, u16 len)
{
	const u8 cdb[10] = { 0x5f, action, type, [7] = len >> 8, [8] = len };
	struct scsi_fixture *f = t->f;

	put_unaligned_be64(key, f->data);
	put_unaligned_be64(new_key, f->data + 8);
	fix_cmd(f, cdb);
	if (second) {
		f->cmd.itl = &t->itl;
		f->cmd.se_sess = &t->sess;
	}
	fix_run(test, &f->cmd);
	return f->cmd.scsi_status;
}

static u8 isid_pr_out(struct kunit *test, struct isid_test *t, bool second, u8 action, u8 type,
		      u64 key, u64 new_key)
{
	memset(t->f->data, 0, ISID_LIST);
	return isid_pr_out_len(test, t, second, action, type, key, new_key, ISID_LIST);
}

/* READ FULL STATUS is in the fixture's data: registrations, and the first TransportID. */
static u32 isid_full_status(struct kunit *test, struct isid_test *t)
{
	static const u8 cdb[10] = { 0x5e, 0x03, [7] = 2 };

	fix_run_good(test, fix_cmd(t->f, cdb));
	return get_unaligned_be32(t->f->data + 4);
}

#define ISID_STATUS_ID	(8 + 24)	/* the first TransportID */

static void isid_enforced(struct kunit *test)
{
	struct isid_test *t = isid_make(test, true);
	struct scsi_fixture *f = t->f;
	const u8 *id = f->data + ISID_STATUS_ID;

	KUNIT_EXPECT_FALSE(test, target_pr_nexus_same(f->itl.pr_nexus, t->itl.pr_nexus));
	KUNIT_EXPECT_EQ(test, isid_pr_out(test, t, false, TARGET_PR_REGISTER, 0, 0, 1), 0);
	KUNIT_EXPECT_EQ(test, isid_pr_out(test, t, false, TARGET_PR_RESERVE, 1, 1, 0), 0);
	KUNIT_EXPECT_EQ(test, f->itl.denies, 0);
	KUNIT_EXPECT_EQ(test, t->itl.denies, TARGET_DENY_WRITE);
	/* The key of the other session is not its own. */
	KUNIT_EXPECT_EQ(test, isid_pr_out(test, t, true, TARGET_PR_RELEASE, 1, 1, 0),
			(u8)SAM_STAT_RESERVATION_CONFLICT);

	KUNIT_EXPECT_EQ(test, isid_full_status(test, t), 24u + get_unaligned_be32(f->data + 28));
	KUNIT_EXPECT_EQ(test, id[0], 0x45);	/* FORMAT CODE 01b */
	KUNIT_EXPECT_STREQ(test, (const char *)id + 4, ISID_NAME ",i,0x00023d010000");

	KUNIT_EXPECT_EQ(test, isid_pr_out(test, t, true, TARGET_PR_REGISTER, 0, 0, 2), 0);
	KUNIT_EXPECT_EQ(test, isid_pr_out(test, t, true, TARGET_PR_PREEMPT, 3, 2, 1), 0);
	KUNIT_EXPECT_EQ(test, f->itl.denies, TARGET_DENY_WRITE | TARGET_DENY_READ);
	KUNIT_EXPECT_EQ(test, t->itl.denies, 0);
	KUNIT_EXPECT_EQ(test, f->itl.ua_pending, BIT(TARGET_UA_REGISTRATIONS_PREEMPTED));
	isid_end(t);
}

static void isid_ignored(struct kunit *test)
{
	struct isid_test *t = isid_make(test, false);
	struct scsi_fixture *f = t->f;
	const u8 *id = f->data + ISID_STATUS_ID;

	KUNIT_EXPECT_TRUE(test, target_pr_nexus_same(f->itl.pr_nexus, t->itl.pr_nexus));
	KUNIT_EXPECT_EQ(test, isid_pr_out(test, t, false, TARGET_PR_REGISTER, 0, 0, 1), 0);
	KUNIT_EXPECT_EQ(test, isid_pr_out(test, t, true, TARGET_PR_RESERVE, 1, 1, 0), 0);
	KUNIT_EXPECT_EQ(test, f->itl.denies, 0);
	KUNIT_EXPECT_EQ(test, t->itl.denies, 0);
	isid_full_status(test, t);
	KUNIT_EXPECT_EQ(test, id[0], 0x05);	/* FORMAT CODE 00b */
	KUNIT_EXPECT_STREQ(test, (const char *)id + 4, ISID_NAME);
	KUNIT_EXPECT_EQ(test, f->dev.reservations.state->count, 1u);
	isid_end(t);
}

/* SPEC_I_PT names a session by its ISID: that one, or whichever. */
static void isid_named(struct kunit *test)
{
	static const char id[] = ISID_NAME ",i,0x00023D020000";
	struct isid_test *t = isid_make(test, true);
	struct scsi_fixture *f = t->f;
	u16 len = round_up(sizeof(id), 4), all = 4 + 4 + len;
	u8 *list = f->data + ISID_LIST;

	memset(f->data, 0, ISID_LIST + all);
	f->data[20] = 0x08;
	put_unaligned_be32(4 + len, list);
	list[4] = 0x45;
	put_unaligned_be16(len, list + 6);
	memcpy(list + 8, id, sizeof(id));
	KUNIT_EXPECT_EQ(test, isid_pr_out_len(test, t, false, TARGET_PR_REGISTER, 0, 0, 5,
					      ISID_LIST + all), 0);
	KUNIT_ASSERT_EQ(test, f->dev.reservations.state->count, 2u);
	KUNIT_EXPECT_NE(test, target_pr_find(f->dev.reservations.state, t->itl.pr_nexus),
			TARGET_PR_NONE);
	KUNIT_EXPECT_NE(test, target_pr_find(f->dev.reservations.state, t->itl.pr_nexus),
			target_pr_find(f->dev.reservations.state, f->itl.pr_nexus));
	/* It has its registration without having asked. */
	KUNIT_EXPECT_EQ(test, isid_pr_out(test, t, true, TARGET_PR_RESERVE, 6, 5, 0), 0);
	KUNIT_EXPECT_EQ(test, f->itl.denies, 0);
	isid_end(t);
}

static struct kunit_case isid_cases[] = {
	KUNIT_CASE(isid_enforced),
	KUNIT_CASE(isid_ignored),
	KUNIT_CASE(isid_named),
	{}
};

static struct kunit_suite isid_suite = {
	.name = "target_core_isid",
	.init = fix_init,
	.exit = fix_exit,
	.test_cases = isid_cases,
};
kunit_test_suite(isid_suite);
