// SPDX-License-Identifier: GPL-2.0-only
/* The parameter list of PERSISTENT RESERVE OUT: what is read from it, and what is refused. */
#include <kunit/test.h>
#include <scsi/scsi_proto.h>
#include "pr.h"

#define LIST_MAX	128

struct list_fixture {
	struct target_pr_nexus	*self;
	struct target_pr_ports	*ports;
	u8			list[LIST_MAX];
};

static void list_port(struct target_pr_port *port, u16 tag, u8 protocol)
{
	*port = (struct target_pr_port){ .protocol = protocol, .tag = tag, .rtpi = 10 + tag };
	strscpy(port->fabric, "loopback", sizeof(port->fabric));
	strscpy(port->target, "naa.5001405000000001", sizeof(port->target));
}

static int list_init(struct kunit *test)
{
	struct target_initiator initiator = { .protocol = SCSI_PROTOCOL_SAS };
	struct list_fixture *f = kunit_kzalloc(test, sizeof(*f), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, f);
	f->ports = kunit_kzalloc(test, struct_size(f->ports, port, 3), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, f->ports);
	f->ports->count = 3;
	list_port(&f->ports->port[0], 1, SCSI_PROTOCOL_SAS);
	list_port(&f->ports->port[1], 2, SCSI_PROTOCOL_SAS);
	list_port(&f->ports->port[2], 3, SCSI_PROTOCOL_ISCSI);
	strscpy(initiator.name, "naa.50014050deadbeef", sizeof(initiator.name));
	f->self = target_pr_nexus_alloc(&initiator, &f->ports->port[0], 0);
	KUNIT_ASSERT_NOT_NULL(test, f->self);
	test->priv = f;
	return 0;
}

static void list_exit(struct kunit *test)
{
	struct list_fixture *f = test->priv;

	if (f)
		target_pr_nexus_put(f->self);
}

static sense_reason_t list_parse(struct list_fixture *f, u8 action, u32 len,
				 struct target_pr_request *rq, struct target_pr_change *change)
{
	*rq = (struct target_pr_request){ .action = action, .self = f->self };
	*change = (struct target_pr_change){ };
	return target_pr_parse_list(f->list, len, f->ports, rq, change);
}

static void list_put_sas(u8 *at, u64 address)
{
	at[0] = SCSI_PROTOCOL_SAS;
	put_unaligned_be64(address, at + 4);
}

static void list_basic(struct kunit *test)
{
	struct list_fixture *f = test->priv;
	struct target_pr_request rq;
	struct target_pr_change change;

	put_unaligned_be64(0x0102030405060708, f->list);
	put_unaligned_be64(0x1112131415161718, f->list + 8);
	f->list[20] = 0x01;
	KUNIT_EXPECT_EQ(test, (__force u32)list_parse(f, TARGET_PR_REGISTER, 24, &rq, &change), 0U);
	KUNIT_EXPECT_EQ(test, rq.key, 0x0102030405060708ULL);
	KUNIT_EXPECT_EQ(test, rq.new_key, 0x1112131415161718ULL);
	KUNIT_EXPECT_TRUE(test, rq.aptpl && !rq.named && !rq.all_ports && !rq.count);
	target_pr_request_end(&rq);
	/* Elsewhere APTPL and ALL_TG_PT mean nothing. */
	f->list[20] = 0x05;
	KUNIT_EXPECT_EQ(test, (__force u32)list_parse(f, TARGET_PR_RESERVE, 24, &rq, &change), 0U);
	KUNIT_EXPECT_FALSE(test, rq.aptpl || rq.all_ports);
	target_pr_request_end(&rq);
}

/* Ports of another protocol have no such initiator. */
static void list_all_ports(struct kunit *test)
{
	struct list_fixture *f = test->priv;
	struct target_pr_request rq;
	struct target_pr_change change;

	f->list[20] = 0x0c;
	put_unaligned_be32(48, f->list + 24);
	list_put_sas(f->list + 28, 1);
	list_put_sas(f->list + 52, 1);	/* twice is once */
	KUNIT_EXPECT_EQ(test, (__force u32)list_parse(f, TARGET_PR_REGISTER, 76, &rq, &change), 0U);
	KUNIT_ASSERT_EQ(test, rq.count, 3U);
	KUNIT_EXPECT_STREQ(test, rq.others[0]->initiator.name, "naa.50014050deadbeef");
	KUNIT_EXPECT_EQ(test, rq.others[0]->port.tag, 2);
	KUNIT_EXPECT_STREQ(test, rq.others[1]->initiator.name, "naa.0000000000000001");
	KUNIT_EXPECT_EQ(test, rq.others[1]->port.tag, 1);
	KUNIT_EXPECT_EQ(test, rq.others[2]->port.tag, 2);
	target_pr_request_end(&rq);
}

static void list_moved(struct kunit *test)
{
	struct list_fixture *f = test->priv;
	struct target_pr_request rq;
	struct target_pr_change change;

	f->list[17] = 0x03;
	put_unaligned_be16(12, f->list + 18);
	put_unaligned_be32(24, f->list + 20);
	list_put_sas(f->list + 24, 1);
	KUNIT_EXPECT_EQ(test, (__force u32)list_parse(f, TARGET_PR_REGISTER_MOVE, 48, &rq, &change),
			0U);
	KUNIT_EXPECT_TRUE(test, rq.unregister && rq.aptpl);
	KUNIT_ASSERT_EQ(test, rq.count, 1U);
	KUNIT_EXPECT_EQ(test, rq.others[0]->port.tag, 2);
	target_pr_request_end(&rq);
}

/* The list is zeros but for some bytes. */
static const struct list_wrong {
	const char	*what;
	u8		action;
	u32		len;
	sense_reason_t	why;
	u16		byte;
	u8		bit;
	struct { u8 at, value; } set[6];
} list_wrongs[] = {
	{ "nothing", TARGET_PR_REGISTER, 0, TCM_PARAMETER_LIST_LENGTH_ERROR },
	{ "short", TARGET_PR_CLEAR, 23, TCM_PARAMETER_LIST_LENGTH_ERROR },
	{ "long", TARGET_PR_CLEAR, 25, TCM_PARAMETER_LIST_LENGTH_ERROR },
	{ "long register", TARGET_PR_REGISTER, 28, TCM_PARAMETER_LIST_LENGTH_ERROR },
	{ "SPEC_I_PT alone", TARGET_PR_REGISTER, 24, TCM_PARAMETER_LIST_LENGTH_ERROR, 0, 0,
	  { { 20, 0x08 } } },
	{ "SPEC_I_PT elsewhere", TARGET_PR_RESERVE, 24, TCM_INVALID_PARAMETER_LIST, 20, 3,
	  { { 20, 0x08 } } },
	{ "IDs beyond the list", TARGET_PR_REGISTER, 52, TCM_INVALID_PARAMETER_LIST, 24, 7,
	  { { 20, 0x08 }, { 27, 25 }, { 28, 6 } } },
	{ "IDs far beyond", TARGET_PR_REGISTER, 52, TCM_INVALID_PARAMETER_LIST, 24, 7,
	  { { 20, 0x08 }, { 24, 0xff }, { 28, 6 } } },
	{ "half an ID", TARGET_PR_REGISTER, 52, TCM_INVALID_PARAMETER_LIST, 24, 7,
	  { { 20, 0x08 }, { 27, 12 }, { 28, 6 } } },
	{ "no ID of this protocol", TARGET_PR_REGISTER, 52, TCM_INVALID_PARAMETER_LIST, 28, 3,
	  { { 20, 0x08 }, { 27, 24 }, { 28, 0 } } },
	{ "no ID at all", TARGET_PR_REGISTER, 52, TCM_INVALID_PARAMETER_LIST, 28, 7,
	  { { 20, 0x08 }, { 27, 24 }, { 28, 0x09 } } },
	{ "no second ID", TARGET_PR_REGISTER, 76, TCM_INVALID_PARAMETER_LIST, 52, 7,
	  { { 20, 0x08 }, { 27, 48 }, { 28, 6 }, { 52, 0x09 } } },
	{ "move, no such port", TARGET_PR_REGISTER_MOVE, 48, TCM_INVALID_PARAMETER_LIST, 18, 7,
	  { { 19, 9 }, { 23, 24 }, { 24, 6 } } },
	{ "move, ID beyond the list", TARGET_PR_REGISTER_MOVE, 48, TCM_PARAMETER_LIST_LENGTH_ERROR,
	  0, 0, { { 19, 11 }, { 23, 28 }, { 24, 6 } } },
	{ "move, ID far beyond", TARGET_PR_REGISTER_MOVE, 48, TCM_PARAMETER_LIST_LENGTH_ERROR,
	  0, 0, { { 19, 11 }, { 20, 0xff }, { 24, 6 } } },
	{ "move, short ID", TARGET_PR_REGISTER_MOVE, 48, TCM_INVALID_PARAMETER_LIST, 20, 7,
	  { { 19, 11 }, { 23, 20 }, { 24, 6 } } },
	{ "move, no ID", TARGET_PR_REGISTER_MOVE, 48, TCM_INVALID_PARAMETER_LIST, 24, 7,
	  { { 19, 11 }, { 23, 24 }, { 24, 0x09 } } },
	{ "move, another protocol", TARGET_PR_REGISTER_MOVE, 48, TCM_INVALID_PARAMETER_LIST, 24, 3,
	  { { 19, 13 }, { 23, 24 }, { 24, 6 } } },
};

static void list_wrong_desc(const struct list_wrong *c, char *desc)
{
	strscpy(desc, c->what, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(list_wrong, list_wrongs, list_wrong_desc);

static void list_refused(struct kunit *test)
{
	const struct list_wrong *c = test->param_value;
	struct list_fixture *f = test->priv;
	struct target_pr_request rq;
	struct target_pr_change change;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(c->set); i++)
		if (c->set[i].at)
			f->list[c->set[i].at] = c->set[i].value;
	KUNIT_EXPECT_EQ(test, (__force u32)list_parse(f, c->action, c->len, &rq, &change),
			(__force u32)c->why);
	KUNIT_EXPECT_EQ(test, change.byte, c->byte);
	KUNIT_EXPECT_EQ(test, change.bit, c->bit);
	KUNIT_EXPECT_FALSE(test, change.in_cdb);
	target_pr_request_end(&rq);
}

/* Whatever the bytes are, nothing outside the list is looked at: KASAN would say so. */
static void list_hostile(struct kunit *test)
{
	struct list_fixture *f = test->priv;
	struct target_pr_request rq;
	struct target_pr_change change;
	u32 seed = 1, round, i;

	for (round = 0; round < 20000; round++) {
		u32 len = 24 + round % (LIST_MAX - 24);
		u8 *list = kmalloc(len, GFP_KERNEL);

		KUNIT_ASSERT_NOT_NULL(test, list);
		for (i = 0; i < len; i++) {
			seed = seed * 1664525 + 1013904223;
			list[i] = seed >> 24;
		}
		/* Half of them get further. */
		if (round & 1 && len >= 28) {
			list[20] = 0x08;
			put_unaligned_be32(len - 28, list + 24);
			if (len >= 28 + 24)
				list[28] = round & 2 ? 0x06 : 0x45;
		}
		rq = (struct target_pr_request){ .action = round % 9, .self = f->self };
		change = (struct target_pr_change){ };
		target_pr_parse_list(list, len, f->ports, &rq, &change);
		target_pr_request_end(&rq);
		kfree(list);
	}
}

static struct kunit_case pr_list_cases[] = {
	KUNIT_CASE(list_basic),
	KUNIT_CASE(list_all_ports),
	KUNIT_CASE(list_moved),
	KUNIT_CASE_PARAM(list_refused, list_wrong_gen_params),
	KUNIT_CASE(list_hostile),
	{ }
};

static struct kunit_suite pr_list_suite = {
	.name		= "target_core_pr_list",
	.init		= list_init,
	.exit		= list_exit,
	.test_cases	= pr_list_cases,
};

kunit_test_suite(pr_list_suite);
