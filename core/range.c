// SPDX-License-Identifier: GPL-2.0-only
/*
 * Ranges of logical blocks (SBC-5 4.25, 4.29.3).
 *
 * A command that must not be interrupted on its blocks, such as COMPARE AND WRITE,
 * holds them exclusively; READ, WRITE and their like share theirs.  Who comes finds
 * in an interval tree everyone before him that he conflicts with, whether they hold
 * or wait themselves, and counts them; who goes counts down those behind him, and
 * runs who has reached zero.  So it is first come, first served, nobody who does not
 * overlap waits, no thread does, and it costs O(log n) plus those that overlap.
 *
 * While nobody has or wants an exclusive range, which is nearly always, READ and
 * WRITE pay one load, of se_device::ranged, and are not in the tree.  Who takes the
 * first exclusive range sets it, and then puts into the tree, as holders, all shared
 * commands that he finds EXECUTING on the live lists.  None is missed:
 *
 *   the command                          who takes the exclusive range
 *   a  goes on its live list             1  sets ranged, full barrier
 *   b  EXECUTING, by a full barrier      2  looks through the live lists
 *   c  reads ranged                      3  marks it RANGED if it is EXECUTING
 *
 * If (c) reads ranged as clear, it comes before (1), and so does (b); so (2) finds
 * the command EXECUTING, or DONE, or gone.  It finds it on the list since (a) and (2)
 * take the list's lock: were (2) first, (1) would come before (c).  A command that
 * is DONE has touched its blocks for the last time, and the barrier after the walk
 * makes what it did to them visible.  If (c) reads it as set, it takes the lock, and
 * finds that it was marked, which is as good as having come first, or queues up.
 * Being marked twice is as impossible as being DONE twice: one cmpxchg on one word.
 *
 * A command leaves when it is DONE, before its response goes out.  One that waits is
 * EXECUTING, and no one's but this file's; an abort runs it, so that it ends.
 *
 * Lock order: target_ranges, then one live list.
 */
#include <linux/interval_tree_generic.h>
#include <target/target_core_backend.h>
#include "cmd.h"
#include "range.h"

#define RANGE_FIRST(range)	((range)->first)
#define RANGE_LAST(range)	((range)->last)

INTERVAL_TREE_DEFINE(struct target_range, node, u64, subtree_last, RANGE_FIRST, RANGE_LAST,
		     static, range_tree)

#define for_each_overlapping(other, range, tree)					\
	for ((other) = range_tree_iter_first((tree), (range)->first, (range)->last);	\
	     (other);									\
	     (other) = range_tree_iter_next((other), (range)->first, (range)->last))

void target_ranges_init(struct se_device *dev)
{
	spin_lock_init(&dev->ranges.lock);
	dev->ranges.tree = RB_ROOT_CACHED;
}

void target_ranges_exit(struct se_device *dev)
{
	WARN_ON_ONCE(dev->ranged || dev->ranges.exclusive);
	WARN_ON_ONCE(!RB_EMPTY_ROOT(&dev->ranges.tree.rb_root));
}

static bool range_conflicts(const struct target_range *a, const struct target_range *b)
{
	return a->exclusive || b->exclusive;
}

/* Into the tree, behind those that are there; without conflict it is held. */
static bool range_add(struct target_ranges *ranges, struct target_range *range)
{
	struct target_range *other;

	lockdep_assert_held(&ranges->lock);
	range->seq = ranges->seq++;
	range->older = 0;
	for_each_overlapping(other, range, &ranges->tree)
		range->older += range_conflicts(range, other);
	range->waits = range->older;
	range_tree_insert(range, &ranges->tree);
	return !range->waits;
}

static void range_wake(struct target_range *range)
{
	range->waits = false;
	range->granted(range);
}

static void range_del(struct target_ranges *ranges, struct target_range *range)
{
	struct target_range *other;

	lockdep_assert_held(&ranges->lock);
	range_tree_remove(range, &ranges->tree);
	for_each_overlapping(other, range, &ranges->tree) {
		if (!range_conflicts(range, other) || other->seq < range->seq)
			continue;
		if (!--other->older && other->waits)
			range_wake(other);
	}
}

static void range_cmd_granted(struct target_range *range)
{
	target_cmd_requeue(container_of(range, struct se_cmd, range));
}

/* The blocks of a command; false if it touches none, or lets nobody see what is in them. */
static bool range_of_cmd(struct se_cmd *cmd)
{
	const struct target_cdb_op *op = cmd->op;
	struct target_range *range = &cmd->range;

	range->exclusive = op->range == TARGET_RANGE_EXCLUSIVE;
	range->granted = range_cmd_granted;
	if (!op->lba.bytes || cmd->se_cmd_flags & SCF_ALL_BLOCKS) {
		range->first = 0;
		range->last = U64_MAX;
		return true;
	}
	if (!cmd->t_task_nolb)
		return false;
	/* What is on the medium is checked, too, where there is protection information. */
	if (op->access == TARGET_ACCESS_READ && !cmd->data_length && !cmd->prot_type)
		return false;
	range->first = cmd->t_task_lba;
	range->last = cmd->t_task_lba + cmd->t_task_nolb - 1;
	return true;
}

/* A live command that may have found ranged clear becomes a holder. */
static bool range_mark(struct se_cmd *cmd, void *data)
{
	struct target_ranges *ranges = data;
	int old = atomic_read(&cmd->state);

	do {
		if (target_cmd_state_of(old) != TARGET_CMD_EXECUTING || old & TARGET_CMD_RANGED)
			return false;
		if (!cmd->op || cmd->op->range != TARGET_RANGE_SHARED || !range_of_cmd(cmd))
			return false;
	} while (!atomic_try_cmpxchg(&cmd->state, &old, old | TARGET_CMD_RANGED));
	return range_add(ranges, &cmd->range);
}

static void range_count_exclusive(struct se_device *dev)
{
	struct target_ranges *ranges = &dev->ranges;

	lockdep_assert_held(&ranges->lock);
	if (ranges->exclusive++)
		return;
	WRITE_ONCE(dev->ranged, true);
	smp_mb();	/* against cmpxchg to EXECUTING, then target_range_enter() */
	target_device_live_walk(dev, range_mark, ranges);
	smp_mb();	/* what was DONE has happened */
}

static bool range_lock(struct se_device *dev, struct target_range *range)
{
	if (range->exclusive)
		range_count_exclusive(dev);
	return range_add(&dev->ranges, range);
}

static void range_unlock(struct se_device *dev, struct target_range *range)
{
	struct target_ranges *ranges = &dev->ranges;

	range_del(ranges, range);
	if (range->exclusive && !--ranges->exclusive)
		smp_store_release(&dev->ranged, false);	/* for target_range_enter() */
}

bool target_range_lock(struct se_device *dev, struct target_range *range)
{
	guard(spinlock_irqsave)(&dev->ranges.lock);
	return range_lock(dev, range);
}

void target_range_unlock(struct se_device *dev, struct target_range *range)
{
	guard(spinlock_irqsave)(&dev->ranges.lock);
	range_unlock(dev, range);
}

static bool range_is_aborted(struct se_cmd *cmd)
{
	return atomic_read(&cmd->state) & TARGET_CMD_ABORTED;
}

bool target_range_enter_slow(struct se_cmd *cmd)
{
	struct se_device *dev = cmd->se_dev;
	bool held;

	guard(spinlock_irqsave)(&dev->ranges.lock);
	/* Marked as one who came first, or granted. */
	if (atomic_read(&cmd->state) & TARGET_CMD_RANGED)
		return true;
	if (cmd->op->range == TARGET_RANGE_SHARED && !dev->ranged)
		return true;
	if (!range_of_cmd(cmd))
		return true;
	atomic_or(TARGET_CMD_RANGED, &cmd->state);
	held = range_lock(dev, &cmd->range);
	/* An abort either sees that it waits, or is seen here. */
	if (!held && range_is_aborted(cmd))
		range_wake(&cmd->range);
	return held;
}

/* What it shares it gives back first, and queues up again: so no two wait for each other. */
bool target_range_enter_exclusive(struct se_cmd *cmd)
{
	struct se_device *dev = cmd->se_dev;
	bool held;

	guard(spinlock_irqsave)(&dev->ranges.lock);
	if (atomic_read(&cmd->state) & TARGET_CMD_RANGED) {
		if (cmd->range.exclusive)
			return true;
		range_unlock(dev, &cmd->range);
	} else {
		if (!range_of_cmd(cmd))
			return true;
		atomic_or(TARGET_CMD_RANGED, &cmd->state);
	}
	cmd->range.exclusive = true;
	held = range_lock(dev, &cmd->range);
	if (!held && range_is_aborted(cmd))
		range_wake(&cmd->range);
	return held;
}

void target_range_leave(struct se_cmd *cmd)
{
	target_range_unlock(cmd->se_dev, &cmd->range);
}

void target_ranges_wake_aborted(struct se_device *dev)
{
	struct target_ranges *ranges = &dev->ranges;
	struct rb_node *node;

	guard(spinlock_irqsave)(&ranges->lock);
	for (node = rb_first_cached(&ranges->tree); node; node = rb_next(node)) {
		struct target_range *range = rb_entry(node, struct target_range, node);

		if (range->waits && range->granted == range_cmd_granted &&
		    range_is_aborted(container_of(range, struct se_cmd, range)))
			range_wake(range);
	}
}
