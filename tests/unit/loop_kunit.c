// SPDX-License-Identifier: GPL-2.0-only
/* What names and numbers of the loopback fabric mean, and the order of its queues. */
#include <kunit/test.h>
#include <linux/delay.h>
#include <linux/ioprio.h>
#include <linux/sched/task.h>
#include <linux/string.h>
#include "fabrics/loopback/loop.h"

struct loop_name_case {
	const char	*desc;
	const char	*name;
	int		proto;	/* or -errno */
	const char	*port;
};

static const struct loop_name_case loop_name_cases[] = {
	{ "naa is SAS", "naa.5001405000000001", SCSI_PROTOCOL_SAS, "naa.5001405000000001" },
	{ "fc is FCP, stripped", "fc.20:00:00:25:b5:00:00:01", SCSI_PROTOCOL_FCP,
	  "20:00:00:25:b5:00:00:01" },
	{ "iqn is iSCSI", "iqn.2003-01.org.linux-iscsi:x", SCSI_PROTOCOL_ISCSI,
	  "iqn.2003-01.org.linux-iscsi:x" },
	{ "one character is a name", "naa.5", SCSI_PROTOCOL_SAS, "naa.5" },
	{ "first prefix counts", "iqn.naa.fc.x", SCSI_PROTOCOL_ISCSI, "iqn.naa.fc.x" },
	{ "prefix in the middle", "xnaa.5001405000000001", -EINVAL },
	{ "prefix at the end", "5001405.fc.", -EINVAL },
	{ "nothing after naa", "naa.", -EINVAL },
	{ "nothing after fc", "fc.", -EINVAL },
	{ "nothing after iqn", "iqn.", -EINVAL },
	{ "no dot", "naa5001405000000001", -EINVAL },
	{ "capitals", "NAA.5001405000000001", -EINVAL },
	{ "other protocol", "eui.0123456789abcdef", -EINVAL },
	{ "empty", "", -EINVAL },
	{ "blank inside", "naa.5001405 000000001", -EINVAL },
	{ "blank at the end", "iqn.2003-01.x ", -EINVAL },
	{ "line feed", "fc.20\n", -EINVAL },
	{ "not ASCII", "iqn.2003-01.\xc3\xa4", -EINVAL },
};

static void loop_name_case_desc(const struct loop_name_case *c, char *desc)
{
	strscpy(desc, c->desc, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(loop_name, loop_name_cases, loop_name_case_desc);

static void name_parse(struct kunit *test)
{
	const struct loop_name_case *c = test->param_value;
	const char *port = NULL;

	KUNIT_EXPECT_EQ(test, loop_name_parse(c->name, &port), c->proto);
	if (c->port) {
		KUNIT_ASSERT_NOT_NULL(test, port);
		KUNIT_EXPECT_STREQ(test, port, c->port);
	} else {
		KUNIT_EXPECT_NULL(test, port);
	}
}

static void name_parse_longest(struct kunit *test)
{
	char name[TRANSPORT_IQN_LEN + 1] = "iqn.";
	const char *port;

	memset(name + 4, 'x', TRANSPORT_IQN_LEN - 5);
	KUNIT_EXPECT_EQ(test, loop_name_parse(name, &port), SCSI_PROTOCOL_ISCSI);
	name[TRANSPORT_IQN_LEN - 1] = 'x';
	KUNIT_EXPECT_EQ(test, loop_name_parse(name, &port), -EINVAL);
}

struct loop_tpgt_case {
	const char	*name;
	int		ret;
	u16		tpgt;
};

static const struct loop_tpgt_case loop_tpgt_cases[] = {
	{ "tpgt_0", 0, 0 },
	{ "tpgt_1", 0, 1 },
	{ "tpgt_31", 0, 31 },
	{ "tpgt_32", 0, 32 },
	{ "tpgt_65535", 0, 65535 },
	{ "tpgt_65536", -EINVAL },
	{ "tpgt_-1", -EINVAL },
	{ "tpgt_+1", -EINVAL },
	{ "tpgt_01", -EINVAL },
	{ "tpgt_00", -EINVAL },
	{ "tpgt_0x1", -EINVAL },
	{ "tpgt_1x", -EINVAL },
	{ "tpgt_ 1", -EINVAL },
	{ "tpgt_", -EINVAL },
	{ "tpgt1", -EINVAL },
	{ "1", -EINVAL },
	{ "xtpgt_1", -EINVAL },
	{ "", -EINVAL },
};

static void loop_tpgt_case_desc(const struct loop_tpgt_case *c, char *desc)
{
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "'%s'", c->name);
}

KUNIT_ARRAY_PARAM(loop_tpgt, loop_tpgt_cases, loop_tpgt_case_desc);

static void name_parse_tpgt(struct kunit *test)
{
	const struct loop_tpgt_case *c = test->param_value;
	u16 tpgt = 7;

	KUNIT_EXPECT_EQ(test, loop_name_parse_tpgt(c->name, &tpgt), c->ret);
	if (!c->ret)
		KUNIT_EXPECT_EQ(test, tpgt, c->tpgt);
}

struct loop_task_attr_case {
	const char	*desc;
	int		class;	/* of the I/O priority */
	int		level;
	int		port;
	int		want;
};

static const struct loop_task_attr_case loop_task_attr_cases[] = {
	{ "no class, simple port", IOPRIO_CLASS_NONE, 0, TCM_SIMPLE_TAG, TCM_SIMPLE_TAG },
	{ "no class, ordered port", IOPRIO_CLASS_NONE, 0, TCM_ORDERED_TAG, TCM_ORDERED_TAG },
	{ "no class, head port", IOPRIO_CLASS_NONE, 0, TCM_HEAD_TAG, TCM_HEAD_TAG },
	{ "best effort", IOPRIO_CLASS_BE, 0, TCM_SIMPLE_TAG, TCM_SIMPLE_TAG },
	{ "idle, ordered port", IOPRIO_CLASS_IDLE, 0, TCM_ORDERED_TAG,
	  TCM_ORDERED_TAG },
	{ "real time", IOPRIO_CLASS_RT, 0, TCM_SIMPLE_TAG, TCM_HEAD_TAG },
	{ "lowest real time", IOPRIO_CLASS_RT, 7, TCM_SIMPLE_TAG,
	  TCM_HEAD_TAG },
	{ "real time, ordered port", IOPRIO_CLASS_RT, 4, TCM_ORDERED_TAG,
	  TCM_HEAD_TAG },
};

static void loop_task_attr_case_desc(const struct loop_task_attr_case *c, char *desc)
{
	strscpy(desc, c->desc, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(loop_task_attr, loop_task_attr_cases, loop_task_attr_case_desc);

static void name_task_attr(struct kunit *test)
{
	const struct loop_task_attr_case *c = test->param_value;
	int ioprio = IOPRIO_PRIO_VALUE(c->class, c->level);

	KUNIT_EXPECT_EQ(test, loop_name_task_attr(ioprio, c->port), c->want);
}

/* The eight bytes of SAM-6 4.6 that a scan sees in REPORT LUNS. */
struct loop_lun_case {
	u64	lun;
	u8	bytes[8];
};

static const struct loop_lun_case loop_lun_cases[] = {
	{ 0, { 0 } },
	{ 1, { 0x00, 0x01 } },
	{ 255, { 0x00, 0xff } },
	{ 256, { 0x41, 0x00 } },
	{ 0x3fff, { 0x7f, 0xff } },
	{ 0x4000, { 0xd2, 0x00, 0x40, 0x00 } },
	{ 0x4100, { 0xd2, 0x00, 0x41, 0x00 } },
	{ 0xffffff, { 0xd2, 0xff, 0xff, 0xff } },
	{ 0x1000000, { 0xe2, 0x00, 0x01, 0x00, 0x00, 0x00 } },
	{ 0xfedcba9876, { 0xe2, 0xfe, 0xdc, 0xba, 0x98, 0x76 } },
	{ 0xffffffffff, { 0xe2, 0xff, 0xff, 0xff, 0xff, 0xff } },
	{ 0x10000000000, { 0x00, 0x00, 0x00, 0x00, 0x01, 0x00 } },
	{ U64_MAX, { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff } },
};

static void loop_lun_case_desc(const struct loop_lun_case *c, char *desc)
{
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "LUN %llu", c->lun);
}

KUNIT_ARRAY_PARAM(loop_lun, loop_lun_cases, loop_lun_case_desc);

static void lun_to_scsi_and_back(struct kunit *test)
{
	const struct loop_lun_case *c = test->param_value;
	struct scsi_lun scsi_lun;
	u64 lun = 7;

	int_to_scsilun(loop_lun_to_scsi(c->lun), &scsi_lun);
	KUNIT_EXPECT_EQ(test, memcmp(&scsi_lun, c->bytes, sizeof(c->bytes)), 0);
	KUNIT_EXPECT_EQ(test, loop_lun_from_scsi(loop_lun_to_scsi(c->lun), &lun), 0);
	KUNIT_EXPECT_EQ(test, lun, c->lun);
}

/* Spellings that would make a second disk of one LUN, or mean nothing to us. */
static const struct loop_lun_case loop_lun_strange_cases[] = {
	{ 256, { 0x01, 0x00 } },	/* bus 1, LUN 0 */
	{ 255, { 0x40, 0xff } },	/* flat space, where a byte is enough */
	{ 256, { 0xd2, 0x00, 0x01, 0x00 } },
	{ 0x4000, { 0xe2, 0x00, 0x00, 0x00, 0x40, 0x00 } },
	{ 0, { 0xc1, 0x01 } },		/* the well known logical unit of REPORT LUNS */
	{ 0, { 0x80, 0x01 } },		/* logical unit addressing */
};

KUNIT_ARRAY_PARAM(loop_lun_strange, loop_lun_strange_cases, loop_lun_case_desc);

static void lun_from_scsi_refuses(struct kunit *test)
{
	const struct loop_lun_case *c = test->param_value;
	struct scsi_lun scsi_lun;
	u64 lun;

	memcpy(&scsi_lun, c->bytes, sizeof(scsi_lun));
	KUNIT_EXPECT_EQ(test, loop_lun_from_scsi(scsilun_to_int(&scsi_lun), &lun), -ENXIO);
}

#define LOOP_QUEUE_CMDS	6

/* A queue without a thread, which would take what the tests put in. */
struct loop_queue_fixture {
	struct loop_queue	queue;
	struct loop_cmd		cmds[LOOP_QUEUE_CMDS];
	struct scsi_cmnd	scs[LOOP_QUEUE_CMDS];
};

static struct loop_queue_fixture *loop_queue_fixture(struct kunit *test)
{
	struct loop_queue_fixture *f = kunit_kzalloc(test, sizeof(*f), GFP_KERNEL);
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, f);
	loop_queue_init(&f->queue);
	for (i = 0; i < LOOP_QUEUE_CMDS; i++)
		f->cmds[i].sc = &f->scs[i];
	return f;
}

static void loop_queue_push_some(struct loop_queue_fixture *f, unsigned int from, unsigned int to)
{
	while (from < to)
		loop_queue_push(&f->queue, &f->cmds[from++]);
}

static void loop_queue_expect(struct kunit *test, struct loop_queue_fixture *f, unsigned int from,
			      unsigned int to)
{
	while (from < to)
		KUNIT_EXPECT_PTR_EQ(test, loop_queue_pop(&f->queue), &f->cmds[from++]);
}

static bool loop_queue_is_one_of(const struct scsi_cmnd *sc, const void *data)
{
	const struct scsi_cmnd * const *wanted = data;

	return sc == wanted[0] || sc == wanted[1];
}

static void queue_oldest_first(struct kunit *test)
{
	struct loop_queue_fixture *f = loop_queue_fixture(test);

	loop_queue_push_some(f, 0, 3);
	KUNIT_EXPECT_NULL(test, loop_queue_pop(&f->queue));
	loop_queue_collect(&f->queue);
	loop_queue_push_some(f, 3, LOOP_QUEUE_CMDS);
	loop_queue_expect(test, f, 0, 2);
	/* What came in meanwhile follows what was there. */
	loop_queue_collect(&f->queue);
	loop_queue_expect(test, f, 2, LOOP_QUEUE_CMDS);
	KUNIT_EXPECT_NULL(test, loop_queue_pop(&f->queue));
}

/* Some wait already, some have just come in; the first and the last are taken out. */
static void queue_remove(struct kunit *test)
{
	struct loop_queue_fixture *f = loop_queue_fixture(test);
	const struct scsi_cmnd *wanted[2] = { &f->scs[0], &f->scs[LOOP_QUEUE_CMDS - 1] };
	struct llist_node *removed;

	loop_queue_push_some(f, 0, 3);
	loop_queue_collect(&f->queue);
	loop_queue_push_some(f, 3, LOOP_QUEUE_CMDS);
	removed = loop_queue_remove(&f->queue, loop_queue_is_one_of, wanted);
	KUNIT_ASSERT_PTR_EQ(test, removed, &f->cmds[0].node);
	KUNIT_ASSERT_PTR_EQ(test, removed->next, &f->cmds[LOOP_QUEUE_CMDS - 1].node);
	KUNIT_EXPECT_NULL(test, removed->next->next);
	loop_queue_expect(test, f, 1, LOOP_QUEUE_CMDS - 1);
	KUNIT_EXPECT_NULL(test, loop_queue_pop(&f->queue));
}

static void queue_remove_nothing(struct kunit *test)
{
	struct loop_queue_fixture *f = loop_queue_fixture(test);
	const struct scsi_cmnd *wanted[2] = { NULL, NULL };

	KUNIT_EXPECT_NULL(test, loop_queue_remove(&f->queue, loop_queue_is_one_of, wanted));
	loop_queue_push_some(f, 0, LOOP_QUEUE_CMDS);
	KUNIT_EXPECT_NULL(test, loop_queue_remove(&f->queue, loop_queue_is_one_of, wanted));
	loop_queue_expect(test, f, 0, LOOP_QUEUE_CMDS);
}

/* Of what waits and what has just come in, one after the other; the rest stays in order. */
static void queue_pop_first(struct kunit *test)
{
	struct loop_queue_fixture *f = loop_queue_fixture(test);
	const struct scsi_cmnd *wanted[2] = { &f->scs[1], &f->scs[LOOP_QUEUE_CMDS - 1] };

	KUNIT_EXPECT_NULL(test, loop_queue_pop_first(&f->queue, loop_queue_is_one_of, wanted));
	loop_queue_push_some(f, 0, 3);
	loop_queue_collect(&f->queue);
	loop_queue_push_some(f, 3, LOOP_QUEUE_CMDS);
	KUNIT_EXPECT_PTR_EQ(test, loop_queue_pop_first(&f->queue, loop_queue_is_one_of, wanted),
			    &f->cmds[1]);
	KUNIT_EXPECT_PTR_EQ(test, loop_queue_pop_first(&f->queue, loop_queue_is_one_of, wanted),
			    &f->cmds[LOOP_QUEUE_CMDS - 1]);
	KUNIT_EXPECT_NULL(test, loop_queue_pop_first(&f->queue, loop_queue_is_one_of, wanted));
	loop_queue_expect(test, f, 0, 1);
	loop_queue_expect(test, f, 2, LOOP_QUEUE_CMDS - 1);
	KUNIT_EXPECT_NULL(test, loop_queue_pop(&f->queue));
}

/* The thread has gone to sleep before it saw them where they are now. */
static void queue_remove_wakes(struct kunit *test)
{
	struct loop_queue_fixture *f = loop_queue_fixture(test);
	const struct scsi_cmnd *wanted[2] = { &f->scs[0], NULL };

	f->queue.thread = current;
	f->queue.idle = true;
	KUNIT_EXPECT_NULL(test, loop_queue_remove(&f->queue, loop_queue_is_one_of, wanted));
	KUNIT_EXPECT_TRUE(test, f->queue.idle);
	loop_queue_push_some(f, 0, LOOP_QUEUE_CMDS);
	loop_queue_remove(&f->queue, loop_queue_is_one_of, wanted);
	KUNIT_EXPECT_FALSE(test, f->queue.idle);
	loop_queue_expect(test, f, 1, LOOP_QUEUE_CMDS);
}

/*
 * What it woke up for has gone before it looked again: helpers and error handling do that.
 * Under the queue's lock, so that the thread does not get the command either way.
 */
static void queue_emptied(struct kunit *test)
{
	struct loop_queue_fixture *f = loop_queue_fixture(test);
	struct loop_queue *queue = loop_queues_start(1, 99);
	unsigned long end = jiffies + 2 * HZ;
	struct task_struct *thread;
	unsigned int n = 0;

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, queue);
	thread = get_task_struct(queue->thread);
	while (time_before(jiffies, end) && !READ_ONCE(thread->exit_state)) {
		spin_lock(&queue->lock);
		WRITE_ONCE(queue->waiting, &f->cmds[0].node);
		loop_queue_kick(queue);
		ndelay(n++ % 1024 * 32);
		WRITE_ONCE(queue->waiting, NULL);
		spin_unlock(&queue->lock);
		cond_resched();
	}
	KUNIT_EXPECT_FALSE_MSG(test, READ_ONCE(thread->exit_state), "ended in round %u", n);
	if (!READ_ONCE(thread->exit_state))
		loop_queues_stop(queue, 1);
	put_task_struct(thread);
	kfree(queue);
}

static struct kunit_case loop_cases[] = {
	KUNIT_CASE_PARAM(name_parse, loop_name_gen_params),
	KUNIT_CASE(name_parse_longest),
	KUNIT_CASE_PARAM(name_parse_tpgt, loop_tpgt_gen_params),
	KUNIT_CASE_PARAM(name_task_attr, loop_task_attr_gen_params),
	KUNIT_CASE_PARAM(lun_to_scsi_and_back, loop_lun_gen_params),
	KUNIT_CASE_PARAM(lun_from_scsi_refuses, loop_lun_strange_gen_params),
	KUNIT_CASE(queue_oldest_first),
	KUNIT_CASE(queue_remove),
	KUNIT_CASE(queue_remove_nothing),
	KUNIT_CASE(queue_pop_first),
	KUNIT_CASE(queue_remove_wakes),
	KUNIT_CASE(queue_emptied),
	{}
};

static struct kunit_suite loop_suite = {
	.name = "tcm_loop",
	.test_cases = loop_cases,
};
kunit_test_suite(loop_suite);
