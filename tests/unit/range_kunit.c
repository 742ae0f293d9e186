// SPDX-License-Identifier: GPL-2.0-only
/*
 * Ranges of blocks: who waits for whom, and that a command which looked before the
 * first exclusive range was taken is waited for.
 */
#include <kunit/test.h>
#include <linux/percpu.h>
#include <linux/slab.h>
#include "cmd.h"
#include "delay.h"
#include "itl.h"
#include "order.h"
#include "range.h"

#define RANGE_CMDS	6
#define RANGE_RANGES	48
#define RANGE_BLOCKS	32	/* that the random ones are among */

struct range_item {
	struct target_range	range;
	unsigned int		granted;
	bool			held;
	bool			there;		/* held or waiting */
	unsigned int		order;		/* of arrival */
};

struct range_fixture {
	struct se_device	*dev;
	struct se_session	*sess;
	struct se_portal_group	tpg;
	struct se_wwn		wwn;
	struct se_lun		lun;
	struct target_itl	itl;
	struct se_cmd		cmds[RANGE_CMDS];
	u8			sense[TRANSPORT_SENSE_BUFFER];
	unsigned int		ran;		/* bit per command whose execute ran */
	unsigned int		ended;		/* bit per command */
	unsigned int		suppressed;	/* bit per command that had no response */
	struct range_item	items[RANGE_RANGES];
	unsigned int		next_order;
	u32			random;
};

static int range_queue_status(struct se_cmd *cmd)
{
	return 0;
}

static struct range_fixture *range_fixture_of(struct se_cmd *cmd)
{
	return container_of(cmd, struct range_fixture, cmds[cmd->tag]);
}

static void range_aborted(struct se_cmd *cmd)
{
	range_fixture_of(cmd)->suppressed |= 1 << cmd->tag;
}

static int range_stop_free(struct se_cmd *cmd)
{
	range_fixture_of(cmd)->ended |= 1 << cmd->tag;
	target_cmd_live_del(cmd);
	return 0;
}

static const struct target_core_fabric_ops range_fabric = {
	.fabric_name = "range",
	.queue_data_in = range_queue_status,
	.queue_status = range_queue_status,
	.aborted_task = range_aborted,
	.check_stop_free = range_stop_free,
	.default_compl_type = TARGET_DIRECT_COMPL,
};

static sense_reason_t range_execute(struct se_cmd *cmd)
{
	range_fixture_of(cmd)->ran |= 1 << cmd->tag;
	return TCM_NO_SENSE;	/* and goes on executing */
}

static const struct target_cdb_op range_read = {
	.name = "READ", .dir = DMA_FROM_DEVICE, .access = TARGET_ACCESS_READ,
	.range = TARGET_RANGE_SHARED, .lba = { 2, 8 },
};

static const struct target_cdb_op range_write = {
	.name = "WRITE", .dir = DMA_TO_DEVICE, .access = TARGET_ACCESS_WRITE,
	.range = TARGET_RANGE_SHARED, .lba = { 2, 8 },
};

static const struct target_cdb_op range_caw = {
	.name = "COMPARE AND WRITE", .dir = DMA_TO_DEVICE, .access = TARGET_ACCESS_WRITE,
	.range = TARGET_RANGE_EXCLUSIVE, .lba = { 2, 8 },
};

static const struct target_cdb_op range_unmap = {
	.name = "UNMAP", .dir = DMA_TO_DEVICE, .access = TARGET_ACCESS_WRITE,
	.range = TARGET_RANGE_SHARED,
};

static const struct target_cdb_op range_ready = {
	.name = "TEST UNIT READY", .dir = DMA_NONE,
};

static int range_init(struct kunit *test)
{
	struct range_fixture *f = kunit_kzalloc(test, sizeof(*f), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, f);
	f->dev = kunit_kzalloc(test, sizeof(*f->dev), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, f->dev);
	target_task_set_init(f->dev);
	target_delays_init(f->dev);
	target_ranges_init(f->dev);
	KUNIT_ASSERT_EQ(test, target_device_live_alloc(f->dev), 0);
	f->sess = transport_alloc_session(TARGET_PROT_NORMAL);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, f->sess);
	f->itl.stats = alloc_percpu(struct target_io_stats);
	KUNIT_ASSERT_TRUE(test, f->itl.stats);
	f->tpg.se_tpg_tfo = &range_fabric;
	f->tpg.se_tpg_wwn = &f->wwn;
	f->sess->se_tpg = &f->tpg;
	f->random = 1;
	test->priv = f;
	return 0;
}

static void range_exit(struct kunit *test)
{
	struct range_fixture *f = test->priv;

	target_task_set_exit(f->dev);
	target_ranges_exit(f->dev);
	target_device_live_free(f->dev);
	free_percpu(f->itl.stats);
	transport_free_session(f->sess);
}

/* --- ranges ------------------------------------------------------------------------------- */

static void range_granted(struct target_range *range)
{
	struct range_item *item = container_of(range, struct range_item, range);

	item->granted++;
	item->held = true;
}

static bool range_take(struct range_fixture *f, unsigned int i, u64 first, u64 last, bool exclusive)
{
	struct range_item *item = &f->items[i];

	*item = (struct range_item){
		.range = { .first = first, .last = last, .exclusive = exclusive,
			   .granted = range_granted },
		.there = true,
		.order = f->next_order++,
	};
	item->held = target_range_lock(f->dev, &item->range);
	return item->held;
}

static void range_give(struct range_fixture *f, unsigned int i)
{
	f->items[i].there = false;
	f->items[i].held = false;
	target_range_unlock(f->dev, &f->items[i].range);
}

static const struct range_pair {
	u64	first[2];
	u64	last[2];
	bool	exclusive[2];
	bool	waits;		/* the second for the first */
} range_pairs[] = {
	{ { 0, 0 }, { 0, 0 }, { false, false }, false },
	{ { 0, 0 }, { 0, 0 }, { true, false }, true },
	{ { 0, 0 }, { 0, 0 }, { false, true }, true },
	{ { 0, 0 }, { 0, 0 }, { true, true }, true },
	{ { 0, 8 }, { 7, 15 }, { true, true }, false },
	{ { 8, 0 }, { 15, 7 }, { true, true }, false },
	{ { 0, 7 }, { 7, 15 }, { true, true }, true },
	{ { 8, 0 }, { 15, 8 }, { true, true }, true },
	{ { 0, 5 }, { 100, 5 }, { true, false }, true },
	{ { 5, 0 }, { 5, 100 }, { false, true }, true },
	{ { 0, 1ULL << 40 }, { U64_MAX, 1ULL << 40 }, { true, false }, true },
	{ { U64_MAX, 0 }, { U64_MAX, U64_MAX - 1 }, { true, true }, false },
};

static void range_pair_desc(const struct range_pair *c, char *desc)
{
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "%s %llu-%llu, then %s %llu-%llu",
		 c->exclusive[0] ? "x" : "s", c->first[0], c->last[0],
		 c->exclusive[1] ? "x" : "s", c->first[1], c->last[1]);
}

KUNIT_ARRAY_PARAM(range_pair, range_pairs, range_pair_desc);

static void range_of_two(struct kunit *test)
{
	const struct range_pair *c = test->param_value;
	struct range_fixture *f = test->priv;

	KUNIT_EXPECT_TRUE(test, range_take(f, 0, c->first[0], c->last[0], c->exclusive[0]));
	KUNIT_EXPECT_EQ(test, range_take(f, 1, c->first[1], c->last[1], c->exclusive[1]),
			!c->waits);
	KUNIT_EXPECT_EQ(test, f->dev->ranged, c->exclusive[0] || c->exclusive[1]);
	range_give(f, 0);
	KUNIT_EXPECT_EQ(test, f->items[1].granted, c->waits);
	range_give(f, 1);
	KUNIT_EXPECT_FALSE(test, f->dev->ranged);
}

/* A shared one that comes after an exclusive one does not pass it. */
static void range_first_come(struct kunit *test)
{
	struct range_fixture *f = test->priv;

	KUNIT_EXPECT_TRUE(test, range_take(f, 0, 0, 9, false));
	KUNIT_EXPECT_FALSE(test, range_take(f, 1, 5, 14, true));
	KUNIT_EXPECT_FALSE(test, range_take(f, 2, 0, 9, false));
	KUNIT_EXPECT_TRUE(test, range_take(f, 3, 0, 4, false));
	KUNIT_EXPECT_TRUE(test, range_take(f, 4, 15, 20, true));
	range_give(f, 0);
	KUNIT_EXPECT_EQ(test, f->items[1].granted, 1U);
	KUNIT_EXPECT_EQ(test, f->items[2].granted, 0U);
	range_give(f, 1);
	KUNIT_EXPECT_EQ(test, f->items[2].granted, 1U);
	range_give(f, 2);
	range_give(f, 3);
	range_give(f, 4);
}

/* Who goes without having had it lets those go on who waited for him alone. */
static void range_given_up(struct kunit *test)
{
	struct range_fixture *f = test->priv;

	KUNIT_EXPECT_TRUE(test, range_take(f, 0, 0, 9, false));
	KUNIT_EXPECT_FALSE(test, range_take(f, 1, 0, 9, true));
	KUNIT_EXPECT_FALSE(test, range_take(f, 2, 0, 9, false));
	KUNIT_EXPECT_FALSE(test, range_take(f, 3, 0, 9, true));
	range_give(f, 1);
	KUNIT_EXPECT_EQ(test, f->items[2].granted, 1U);
	KUNIT_EXPECT_EQ(test, f->items[3].granted, 0U);
	range_give(f, 0);
	KUNIT_EXPECT_EQ(test, f->items[3].granted, 0U);
	range_give(f, 2);
	KUNIT_EXPECT_EQ(test, f->items[3].granted, 1U);
	KUNIT_EXPECT_EQ(test, f->items[1].granted, 0U);
	range_give(f, 3);
}

static u32 range_random(struct range_fixture *f, u32 below)
{
	f->random = f->random * 1664525 + 1013904223;
	return (f->random >> 8) % below;
}

static bool range_items_conflict(const struct range_item *a, const struct range_item *b)
{
	return (a->range.exclusive || b->range.exclusive) &&
	       a->range.first <= b->range.last && b->range.first <= a->range.last;
}

/* Held exactly when nobody who came before and conflicts is there. */
static bool range_should_be_held(const struct range_fixture *f, const struct range_item *item)
{
	unsigned int i;

	for (i = 0; i < RANGE_RANGES; i++) {
		const struct range_item *other = &f->items[i];

		if (other->there && other->order < item->order &&
		    range_items_conflict(item, other))
			return false;
	}
	return true;
}

static unsigned int range_count_wrong(const struct range_fixture *f)
{
	unsigned int i, wrong = 0;

	for (i = 0; i < RANGE_RANGES; i++)
		if (f->items[i].there)
			wrong += f->items[i].held != range_should_be_held(f, &f->items[i]) ||
				 f->items[i].granted > 1;
	return wrong;
}

static void range_step(struct range_fixture *f)
{
	unsigned int i = range_random(f, RANGE_RANGES);
	u64 first = range_random(f, RANGE_BLOCKS);

	if (f->items[i].there)
		range_give(f, i);
	else
		range_take(f, i, first, first + range_random(f, 8), !range_random(f, 3));
}

/* Against the rule, spelled out: come and go in any order, also while waiting. */
static void range_random_ones(struct kunit *test)
{
	struct range_fixture *f = test->priv;
	unsigned int i;

	for (i = 0; i < 4000; i++) {
		range_step(f);
		KUNIT_ASSERT_EQ_MSG(test, range_count_wrong(f), 0U, "step %u", i);
	}
	for (i = 0; i < RANGE_RANGES; i++)
		if (f->items[i].there)
			range_give(f, i);
	KUNIT_EXPECT_FALSE(test, f->dev->ranged);
}

/* --- commands ----------------------------------------------------------------------------- */

static struct se_cmd *range_cmd(struct range_fixture *f, unsigned int i,
				const struct target_cdb_op *op, u64 lba, u32 blocks)
{
	struct se_cmd *cmd = &f->cmds[i];

	cmd->tag = i;
	target_cmd_init(cmd, f->sess, f->sense, 0, blocks, TCM_SIMPLE_TAG, op->dir, 0);
	cmd->se_dev = f->dev;
	cmd->itl = &f->itl;
	cmd->se_lun = &f->lun;
	cmd->op = op;
	cmd->execute = range_execute;
	cmd->t_task_lba = lba;
	cmd->t_task_nolb = blocks;
	target_cmd_live_add(cmd);
	return cmd;
}

/* Returns true if it runs at once. */
static bool range_start(struct range_fixture *f, unsigned int i, const struct target_cdb_op *op,
			u64 lba, u32 blocks)
{
	struct se_cmd *cmd = range_cmd(f, i, op, lba, blocks);

	target_cmd_move(&cmd->state, TARGET_CMD_NEW, TARGET_CMD_EXECUTING);
	target_cmd_run(cmd);
	return f->ran & 1 << i;
}

static unsigned int range_end(struct range_fixture *f, unsigned int i)
{
	target_cmd_done(&f->cmds[i], TCM_NO_SENSE);
	flush_workqueue(target_submit_wq);
	return f->ran;
}

static void range_cmds_share(struct kunit *test)
{
	struct range_fixture *f = test->priv;

	KUNIT_EXPECT_TRUE(test, range_start(f, 0, &range_read, 0, 8));
	KUNIT_EXPECT_TRUE(test, range_start(f, 1, &range_write, 0, 8));
	KUNIT_EXPECT_TRUE(test, range_start(f, 2, &range_unmap, 0, 0));
	/* They are not even in the tree. */
	KUNIT_EXPECT_TRUE(test, RB_EMPTY_ROOT(&f->dev->ranges.tree.rb_root));
	range_end(f, 1);
	range_end(f, 0);
	range_end(f, 2);
	KUNIT_EXPECT_EQ(test, f->ended, 0x7U);
}

/* It waits for what ran when it came, and what comes after it waits for it. */
static void range_cmds_exclusive(struct kunit *test)
{
	struct range_fixture *f = test->priv;

	KUNIT_EXPECT_TRUE(test, range_start(f, 0, &range_read, 0, 8));
	KUNIT_EXPECT_TRUE(test, range_start(f, 1, &range_write, 8, 8));
	KUNIT_EXPECT_FALSE(test, range_start(f, 2, &range_caw, 4, 1));
	KUNIT_EXPECT_FALSE(test, range_start(f, 3, &range_write, 0, 8));
	KUNIT_EXPECT_TRUE(test, range_start(f, 4, &range_read, 5, 8));
	KUNIT_EXPECT_TRUE(test, range_start(f, 5, &range_ready, 0, 0));
	KUNIT_EXPECT_EQ(test, range_end(f, 1), 0x33U);
	KUNIT_EXPECT_EQ(test, range_end(f, 0), 0x37U);
	KUNIT_EXPECT_EQ(test, range_end(f, 2), 0x3fU);
	KUNIT_EXPECT_FALSE(test, f->dev->ranged);
	range_end(f, 3);
	range_end(f, 4);
	range_end(f, 5);
	KUNIT_EXPECT_EQ(test, f->ended, 0x3fU);
}

/* EXECUTING, but it has not looked yet: it came first all the same. */
static void range_cmds_marked(struct kunit *test)
{
	struct range_fixture *f = test->priv;
	struct se_cmd *cmd = range_cmd(f, 0, &range_write, 0, 8);

	target_cmd_move(&cmd->state, TARGET_CMD_NEW, TARGET_CMD_EXECUTING);
	KUNIT_EXPECT_FALSE(test, range_start(f, 1, &range_caw, 0, 8));
	target_cmd_run(cmd);
	KUNIT_EXPECT_EQ(test, f->ran, 0x1U);
	KUNIT_EXPECT_EQ(test, range_end(f, 0), 0x3U);
	range_end(f, 1);
}

/* NEW when the exclusive one comes: it looks later, and waits. */
static void range_cmds_new(struct kunit *test)
{
	struct range_fixture *f = test->priv;
	struct se_cmd *cmd = range_cmd(f, 0, &range_write, 0, 8);

	KUNIT_EXPECT_TRUE(test, range_start(f, 1, &range_caw, 0, 8));
	target_cmd_move(&cmd->state, TARGET_CMD_NEW, TARGET_CMD_EXECUTING);
	target_cmd_run(cmd);
	KUNIT_EXPECT_EQ(test, f->ran, 0x2U);
	KUNIT_EXPECT_EQ(test, range_end(f, 1), 0x3U);
	range_end(f, 0);
}

static void range_cmds_in_turn(struct kunit *test)
{
	struct range_fixture *f = test->priv;
	unsigned int i;

	KUNIT_EXPECT_TRUE(test, range_start(f, 0, &range_caw, 0, 8));
	for (i = 1; i < RANGE_CMDS; i++)
		KUNIT_EXPECT_FALSE(test, range_start(f, i, &range_caw, 8 - i, 8));
	for (i = 0; i < RANGE_CMDS; i++)
		KUNIT_EXPECT_EQ(test, range_end(f, i), min(0x3fU, (4U << i) - 1));
}

/* No field for the address means all of them; nothing to see means none. */
static void range_cmds_special(struct kunit *test)
{
	struct range_fixture *f = test->priv;

	KUNIT_EXPECT_TRUE(test, range_start(f, 0, &range_caw, 1ULL << 40, 1));
	KUNIT_EXPECT_FALSE(test, range_start(f, 1, &range_unmap, 0, 0));
	KUNIT_EXPECT_TRUE(test, range_start(f, 2, &range_write, 1ULL << 40, 0));
	range_cmd(f, 3, &range_read, 1ULL << 40, 1)->data_length = 0;
	target_cmd_move(&f->cmds[3].state, TARGET_CMD_NEW, TARGET_CMD_EXECUTING);
	target_cmd_run(&f->cmds[3]);
	KUNIT_EXPECT_EQ(test, f->ran, 0xdU);
	KUNIT_EXPECT_EQ(test, range_end(f, 0), 0xfU);
	range_end(f, 1);
	range_end(f, 2);
	range_end(f, 3);
}

static bool range_match_tag(struct se_cmd *cmd, const void *data, bool *tas)
{
	return cmd == data;
}

/* Who waits is ended at once, and no one waits for him any more. */
static void range_cmds_aborted(struct kunit *test)
{
	struct range_fixture *f = test->priv;
	LIST_HEAD(taken);

	KUNIT_EXPECT_TRUE(test, range_start(f, 0, &range_read, 0, 8));
	KUNIT_EXPECT_FALSE(test, range_start(f, 1, &range_caw, 0, 8));
	KUNIT_EXPECT_FALSE(test, range_start(f, 2, &range_read, 0, 8));
	target_task_set_abort(f->dev, range_match_tag, &f->cmds[1], &taken);
	KUNIT_EXPECT_TRUE(test, list_empty(&taken));
	target_ranges_wake_aborted(f->dev);
	flush_workqueue(target_submit_wq);
	/* Its end lets the next one run, which the flush need not have waited for. */
	flush_workqueue(target_submit_wq);
	KUNIT_EXPECT_EQ(test, f->suppressed, 0x2U);
	KUNIT_EXPECT_EQ(test, f->ended, 0x2U);
	KUNIT_EXPECT_EQ(test, f->ran, 0x5U);
	range_end(f, 0);
	range_end(f, 2);
}

/* Aborted before it comes to wait: nobody will wake it, so it does not wait. */
static void range_cmds_aborted_before(struct kunit *test)
{
	struct range_fixture *f = test->priv;
	struct se_cmd *cmd = range_cmd(f, 1, &range_caw, 0, 8);

	KUNIT_EXPECT_TRUE(test, range_start(f, 0, &range_read, 0, 8));
	target_cmd_move(&cmd->state, TARGET_CMD_NEW, TARGET_CMD_EXECUTING);
	target_cmd_mark(&cmd->state, TARGET_CMD_ABORTED);
	KUNIT_EXPECT_FALSE(test, target_range_enter(cmd));
	flush_workqueue(target_submit_wq);
	KUNIT_EXPECT_EQ(test, f->suppressed, 0x2U);
	KUNIT_EXPECT_EQ(test, f->ran, 0x1U);
	range_end(f, 0);
}

static struct kunit_case range_cases[] = {
	KUNIT_CASE_PARAM(range_of_two, range_pair_gen_params),
	KUNIT_CASE(range_first_come),
	KUNIT_CASE(range_given_up),
	KUNIT_CASE(range_random_ones),
	KUNIT_CASE(range_cmds_share),
	KUNIT_CASE(range_cmds_exclusive),
	KUNIT_CASE(range_cmds_marked),
	KUNIT_CASE(range_cmds_new),
	KUNIT_CASE(range_cmds_in_turn),
	KUNIT_CASE(range_cmds_special),
	KUNIT_CASE(range_cmds_aborted),
	KUNIT_CASE(range_cmds_aborted_before),
	{}
};

static struct kunit_suite range_suite = {
	.name = "target_core_range",
	.init = range_init,
	.exit = range_exit,
	.test_cases = range_cases,
};
kunit_test_suite(range_suite);
