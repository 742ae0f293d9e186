// SPDX-License-Identifier: GPL-2.0-only
/* Registrations as text: as written and read again; and what is none, whatever it is. */
#include <kunit/test.h>
#include <linux/err.h>
#include <scsi/scsi_proto.h>
#include "pr_text.h"

#define TEXT_MAX	2048

/* As the kernel's own target writes it, with its NUL. */
static const char text_foreign[] =
	"PR_REG_START: 0\ninitiator_fabric=loopback\ninitiator_node=naa.50014050deadbeef\n"
	"sa_res_key=170\nres_holder=1\nres_type=06\nres_scope=00\nres_all_tg_pt=0\nmapped_lun=0\n"
	"target_fabric=loopback\ntarget_node=naa.5001405000000001\ntpgt=1\nport_rtpi=0\n"
	"target_lun=0\nPR_REG_END: 0\n"
	"PR_REG_START: 1\ninitiator_fabric=loopback\ninitiator_node=naa.50014050deadbeef\n"
	"sa_res_key=187\nres_holder=0\nres_all_tg_pt=1\nmapped_lun=3\ntarget_fabric=loopback\n"
	"target_node=naa.5001405000000001\ntpgt=2\nport_rtpi=9\ntarget_lun=4\nPR_REG_END: 1\n";

/* What rtslib makes of a block: words of the frame are among them. */
static const char text_metadata[] =
	"0,initiator_fabric=iSCSI,initiator_node=iqn.2026-11.x:a,initiator_sid=80123456789a\n"
	"sa_res_key=0xcc,res_holder=1,res_type=05,res_scope=00,res_all_tg_pt=1,mapped_lun=7\n"
	"target_fabric=iSCSI,target_node=iqn.2026-11.x:t,tpgt=5,port_rtpi=3,target_lun=2,0\n"
	"checksum=00000000";

static struct target_pr_state *text_read(struct kunit *test, const void *file, u32 len)
{
	char *copy = kunit_kzalloc(test, len + 1, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, copy);
	memcpy(copy, file, len);
	return target_pr_text_parse(copy, len);
}

static void text_expect_bad(struct kunit *test, const void *file, u32 len, const char *what)
{
	struct target_pr_state *state = text_read(test, file, len);

	KUNIT_EXPECT_TRUE_MSG(test, IS_ERR(state), "%s, %u bytes", what, len);
	if (!IS_ERR(state))
		target_pr_state_free(state);
}

static struct target_pr_state *text_foreign_state(struct kunit *test)
{
	struct target_pr_state *state = text_read(test, text_foreign, sizeof(text_foreign));

	KUNIT_ASSERT_FALSE(test, IS_ERR(state));
	return state;
}

static void text_from_elsewhere(struct kunit *test)
{
	struct target_pr_state *state = text_foreign_state(test);

	KUNIT_ASSERT_EQ(test, state->count, 2U);
	KUNIT_EXPECT_TRUE(test, state->aptpl);
	KUNIT_EXPECT_EQ(test, state->generation, 0U);
	KUNIT_EXPECT_EQ(test, state->type, TARGET_PR_ACCESS_REGISTRANTS);
	KUNIT_EXPECT_EQ(test, state->holder, 0U);
	KUNIT_EXPECT_EQ(test, state->reg[0].key, 170ULL);
	KUNIT_EXPECT_STREQ(test, state->reg[0].nexus->initiator.name, "naa.50014050deadbeef");
	KUNIT_EXPECT_EQ(test, state->reg[0].nexus->initiator.protocol, SCSI_PROTOCOL_SAS);
	KUNIT_EXPECT_EQ(test, state->reg[1].key, 187ULL);
	KUNIT_EXPECT_TRUE(test, state->reg[1].all_ports);
	KUNIT_EXPECT_EQ(test, state->reg[1].nexus->mapped_lun, 3ULL);
	KUNIT_EXPECT_EQ(test, state->reg[1].nexus->port.tag, 2);
	KUNIT_EXPECT_EQ(test, state->reg[1].nexus->port.rtpi, 9);
	KUNIT_EXPECT_EQ(test, state->reg[1].nexus->port.lun, 4ULL);
	target_pr_state_free(state);
}

/* The same bytes, and a checksum. */
static u32 text_write(struct kunit *test, struct target_pr_state *state, char *file)
{
	struct target_buf b;

	target_buf_init(&b, file, TEXT_MAX);
	target_pr_text_build(&b, state);
	KUNIT_ASSERT_LE(test, b.len, b.size);
	return b.len;
}

static void text_round_trip(struct kunit *test)
{
	struct target_pr_state *state = text_foreign_state(test), *again;
	char *file = kunit_kzalloc(test, TEXT_MAX, GFP_KERNEL);
	u32 len = text_write(test, state, file), foreign = sizeof(text_foreign) - 1;

	KUNIT_EXPECT_EQ(test, len, foreign + (u32)strlen("checksum=12345678\n"));
	KUNIT_EXPECT_EQ(test, memcmp(file, text_foreign, foreign), 0);
	again = text_read(test, file, len);
	KUNIT_ASSERT_FALSE(test, IS_ERR(again));
	KUNIT_EXPECT_EQ(test, again->count, state->count);
	KUNIT_EXPECT_EQ(test, again->type, state->type);
	KUNIT_EXPECT_EQ(test, again->holder, state->holder);
	KUNIT_EXPECT_TRUE(test, target_pr_nexus_same(again->reg[1].nexus, state->reg[1].nexus));
	KUNIT_EXPECT_FALSE(test, target_pr_nexus_same(again->reg[0].nexus, state->reg[1].nexus));
	target_pr_state_free(again);
	target_pr_state_free(state);
}

/* What does not survive is not in it. */
static void text_nothing(struct kunit *test)
{
	static const char none[] = "No Registrations or Reservations\n";
	struct target_pr_state *state = text_foreign_state(test), *again;
	char *file = kunit_kzalloc(test, TEXT_MAX, GFP_KERNEL);
	u32 len;

	state->aptpl = false;
	len = text_write(test, state, file);
	target_pr_state_free(state);
	KUNIT_EXPECT_EQ(test, memcmp(file, none, strlen(none)), 0);
	again = text_read(test, file, len);
	KUNIT_ASSERT_FALSE(test, IS_ERR(again));
	KUNIT_EXPECT_EQ(test, again->count, 0U);
	target_pr_state_free(again);
	again = text_read(test, none, sizeof(none));
	KUNIT_ASSERT_FALSE(test, IS_ERR(again));
	target_pr_state_free(again);
}

/* Cut off anywhere but where the kernel's own target might have ended. */
static void text_truncated(struct kunit *test)
{
	struct target_pr_state *state = text_foreign_state(test);
	char *file = kunit_kzalloc(test, TEXT_MAX, GFP_KERNEL);
	u32 len = text_write(test, state, file), i;
	u32 block = strstr(file, "PR_REG_START: 1") - file, foreign = sizeof(text_foreign) - 1;

	target_pr_state_free(state);
	for (i = 0; i < len; i++)
		if (i != block && i != foreign)
			text_expect_bad(test, file, i, "cut off");
}

/* Every bit of a file of ours. */
static void text_damaged(struct kunit *test)
{
	struct target_pr_state *state = text_foreign_state(test);
	char *file = kunit_kzalloc(test, TEXT_MAX, GFP_KERNEL);
	u32 len = text_write(test, state, file), i;

	target_pr_state_free(state);
	/* Not what makes the checksum's line a line of its own, nor that line. */
	for (i = 0; i < 8 * (len - 19); i += 7) {
		file[i / 8] ^= 1 << i % 8;
		text_expect_bad(test, file, len, "damaged");
		file[i / 8] ^= 1 << i % 8;
	}
}

static void text_from_rtslib(struct kunit *test)
{
	char *text = kunit_kzalloc(test, sizeof(text_metadata), GFP_KERNEL);
	struct target_pr_text one;

	KUNIT_ASSERT_NOT_NULL(test, text);
	memcpy(text, text_metadata, sizeof(text_metadata));
	KUNIT_ASSERT_EQ(test, target_pr_text_parse_one(text, &one), 0);
	KUNIT_EXPECT_STREQ(test, one.initiator.name, "iqn.2026-11.x:a");
	KUNIT_EXPECT_STREQ(test, one.initiator.isid, "80123456789a");
	KUNIT_EXPECT_EQ(test, one.initiator.protocol, SCSI_PROTOCOL_ISCSI);
	KUNIT_EXPECT_STREQ(test, one.port.target, "iqn.2026-11.x:t");
	KUNIT_EXPECT_STREQ(test, one.port.fabric, "iSCSI");
	KUNIT_EXPECT_EQ(test, one.port.tag, 5);
	KUNIT_EXPECT_EQ(test, one.port.rtpi, 3);
	KUNIT_EXPECT_EQ(test, one.port.lun, 2ULL);
	KUNIT_EXPECT_EQ(test, one.mapped_lun, 7ULL);
	KUNIT_EXPECT_EQ(test, one.key, 0xccULL);
	KUNIT_EXPECT_EQ(test, one.type, 5);
	KUNIT_EXPECT_TRUE(test, one.holds && one.all_ports);
}

#define NODES	"initiator_node=naa.5,target_node=naa.6,tpgt=1"

static const char * const text_wrong[] = {
	"", "foo", "initiator_node=a", NODES, NODES ",sa_res_key=0", NODES ",sa_res_key=x",
	NODES ",sa_res_key=1,tpgt=65536", NODES ",sa_res_key=1,tpgt=-1",
	NODES ",sa_res_key=1,res_holder=1", NODES ",sa_res_key=1,res_holder=1,res_type=00",
	NODES ",sa_res_key=1,res_holder=1,res_type=02", NODES ",sa_res_key=1,res_type=100",
	NODES ",sa_res_key=1,res_holder=2", NODES ",sa_res_key=1,res_scope=1",
	NODES ",sa_res_key=1,mapped_lun=", NODES ",sa_res_key=0x10000000000000000",
	NODES ",sa_res_key=1,initiator_sid=0123456789abcdef0", NODES ",sa_res_key=1,target_node=",
	"initiator_node=naa.5,tpgt=1,sa_res_key=1",
	"initiator_node=naa.5,target_node=a,sa_res_key=1",
};

static void text_wrong_desc(const char * const *text, char *desc)
{
	strscpy(desc, *text, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(text_wrong, text_wrong, text_wrong_desc);

static void text_refused(struct kunit *test)
{
	const char * const *text = test->param_value;
	char *copy = kunit_kzalloc(test, strlen(*text) + 1, GFP_KERNEL);
	struct target_pr_text one;

	KUNIT_ASSERT_NOT_NULL(test, copy);
	memcpy(copy, *text, strlen(*text));
	KUNIT_EXPECT_EQ(test, target_pr_text_parse_one(copy, &one), -EINVAL);
}

/* The same nexus again is no other; a second holder is refused. */
static void text_added(struct kunit *test)
{
	struct target_pr_text one = { .key = 1, .holds = true, .type = 3 };
	struct target_pr_state *first, *second;

	strscpy(one.initiator.name, "naa.5", sizeof(one.initiator.name));
	strscpy(one.port.target, "naa.6", sizeof(one.port.target));
	first = target_pr_text_add(NULL, &one);
	KUNIT_ASSERT_FALSE(test, IS_ERR(first));
	one.key = 2;
	second = target_pr_text_add(first, &one);
	KUNIT_ASSERT_FALSE(test, IS_ERR(second));
	KUNIT_EXPECT_EQ(test, second->count, 1U);
	KUNIT_EXPECT_EQ(test, second->reg[0].key, 2ULL);
	target_pr_state_free(first);
	one.port.tag = 1;
	KUNIT_EXPECT_PTR_EQ(test, target_pr_text_add(second, &one),
			    (struct target_pr_state *)ERR_PTR(-EINVAL));
	target_pr_state_free(second);
}

static struct kunit_case pr_text_cases[] = {
	KUNIT_CASE(text_from_elsewhere),
	KUNIT_CASE(text_round_trip),
	KUNIT_CASE(text_nothing),
	KUNIT_CASE(text_truncated),
	KUNIT_CASE(text_damaged),
	KUNIT_CASE(text_from_rtslib),
	KUNIT_CASE_PARAM(text_refused, text_wrong_gen_params),
	KUNIT_CASE(text_added),
	{ }
};

static struct kunit_suite pr_text_suite = {
	.name		= "target_core_pr_text",
	.test_cases	= pr_text_cases,
};

kunit_test_suite(pr_text_suite);
