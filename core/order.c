// SPDX-License-Identifier: GPL-2.0-only
/*
 * Task sets (SAM-6 8.6 task attributes, 8.4 task states; SPC-6 7.5.10 TST and QUEUE
 * ALGORITHM MODIFIER).
 *
 * The rule: a SIMPLE command runs as soon as it enters, unless an ORDERED one
 * entered before it; an ORDERED command waits for all that entered before; HEAD
 * OF QUEUE runs at once.  While no ORDERED command is there, which is nearly
 * always, a command pays one load: target_tasks::dormant.
 *
 * An ORDERED command sets dormant and then walks the live lists, marking OLDER
 * what runs; the ends of those are counted down in target_task_set::older.  A
 * SIMPLE command was put on its live list, under the list's lock, before it
 * reads dormant.  So either the walk, which takes that lock, finds it, or it
 * reads dormant as set and goes the slow way, under the lock.
 *
 * An ACA condition also sets dormant: then nothing enters that core/aca.c does not
 * admit, and what waits goes on waiting when it could run.
 *
 * TST 001b and restricted reordering keep dormant set, so that every command finds its
 * set under the lock.  With the one, "all that entered before" are those of the nexus.
 * With the other, a SIMPLE command that may write is ORDERED: so what is on the medium
 * is as if all had been, which is what the standard asks; those that only read still
 * pass each other.
 *
 * Lock order: target_tasks, then one live list.
 */
#include "aca.h"
#include "cdb.h"
#include "cmd.h"
#include "itl.h"
#include "order.h"
#include "passthrough.h"

static void target_task_set_work(struct work_struct *work);

static void target_task_set_init_one(struct target_task_set *ts)
{
	INIT_LIST_HEAD(&ts->blocked);
}

void target_task_set_init(struct se_device *dev)
{
	struct target_tasks *tasks = &dev->tasks;

	spin_lock_init(&tasks->lock);
	target_task_set_init_one(&tasks->shared);
	INIT_LIST_HEAD(&tasks->ready);
	INIT_WORK(&tasks->work, target_task_set_work);
}

void target_task_set_nexus_init(struct target_itl *itl)
{
	target_task_set_init_one(&itl->tasks);
}

void target_task_set_exit(struct se_device *dev)
{
	const struct target_task_set *ts = &dev->tasks.shared;

	flush_work(&dev->tasks.work);
	WARN_ON_ONCE(ts->ordered || ts->older || ts->aca || !list_empty(&ts->blocked));
	WARN_ON_ONCE(!list_empty(&dev->tasks.ready));
}

void target_task_set_update(struct se_device *dev)
{
	struct target_tasks *tasks = &dev->tasks;

	lockdep_assert_held(&tasks->lock);
	WRITE_ONCE(tasks->dormant, tasks->per_nexus || tasks->restricted || tasks->shared.ordered ||
		   tasks->shared.aca);
}

void target_task_set_configure(struct se_device *dev, bool per_nexus, bool restricted)
{
	guard(spinlock_irqsave)(&dev->tasks.lock);
	dev->tasks.per_nexus = per_nexus;
	dev->tasks.restricted = restricted;
	target_task_set_update(dev);
}

struct target_task_set *target_task_set_of(const struct se_cmd *cmd)
{
	struct target_tasks *tasks = &cmd->se_dev->tasks;

	lockdep_assert_held(&tasks->lock);
	if (atomic_read(&cmd->state) & TARGET_CMD_QUEUED)
		return cmd->task_set;
	return tasks->per_nexus && cmd->itl ? &cmd->itl->tasks : &tasks->shared;
}

struct target_older_walk {
	struct target_task_set	*ts;
	struct se_cmd		*ordered;	/* the command that will wait */
	bool			new_too;	/* one may have read dormant before it was set */
};

/* Those that take the lock come behind the ORDERED one; the others may not have looked. */
static bool target_task_set_may_run(const struct target_older_walk *walk,
				    const struct se_cmd *cmd, enum target_cmd_state state)
{
	if (state == TARGET_CMD_EXECUTING)
		return true;
	return walk->new_too && cmd->sam_task_attr < TCM_ORDERED_TAG &&
	       (state == TARGET_CMD_NEW || state == TARGET_CMD_WAIT_DATA);
}

static bool target_task_set_mark_older(struct se_cmd *cmd, void *data)
{
	const struct target_older_walk *walk = data;
	int old = atomic_read(&cmd->state);

	if (cmd == walk->ordered || target_task_set_of(cmd) != walk->ts)
		return false;
	do {
		if (old & TARGET_CMD_OLDER ||
		    !target_task_set_may_run(walk, cmd, target_cmd_state_of(old)))
			return false;
		cmd->task_set = walk->ts;
	} while (!atomic_try_cmpxchg(&cmd->state, &old,
				     old | TARGET_CMD_OLDER | TARGET_CMD_QUEUED));
	return true;
}

static void target_task_set_ready(struct target_tasks *tasks, struct se_cmd *cmd)
{
	list_move_tail(&cmd->blocked, &tasks->ready);
	if (!cmd->task_set->aca)
		queue_work(target_submit_wq, &tasks->work);
}

/* The ORDERED command of the set waits for what runs now, or runs. */
static void target_task_set_order(struct target_task_set *ts, struct se_cmd *cmd, bool new_too)
{
	struct target_older_walk walk = { .ts = ts, .ordered = cmd, .new_too = new_too };

	ts->ordered = cmd;
	target_task_set_update(cmd->se_dev);
	ts->older += target_device_live_walk(cmd->se_dev, target_task_set_mark_older, &walk);
}

/* The ORDERED command has gone: let go what waited behind it, up to the next one. */
static void target_task_set_next(struct se_device *dev, struct target_task_set *ts)
{
	struct se_cmd *cmd, *tmp;

	lockdep_assert_held(&dev->tasks.lock);
	list_for_each_entry_safe(cmd, tmp, &ts->blocked, blocked) {
		if (cmd->sam_task_attr == TCM_ORDERED_TAG) {
			target_task_set_order(ts, cmd, false);
			if (!ts->older)
				target_task_set_ready(&dev->tasks, cmd);
			return;
		}
		/* Counted now, since one that follows may be ORDERED. */
		if (target_cmd_mark(&cmd->state, TARGET_CMD_OLDER) != TARGET_CMD_NOT_MOVED)
			ts->older++;
		target_task_set_ready(&dev->tasks, cmd);
	}
	target_task_set_update(dev);
}

void target_task_set_resume(struct se_device *dev)
{
	target_task_set_update(dev);
	queue_work(target_submit_wq, &dev->tasks.work);
}

static bool target_task_set_start(struct se_cmd *cmd)
{
	enum target_cmd_state from = target_cmd_state_of(atomic_read(&cmd->state));

	/* Nobody else moves a command that is NEW or WAIT_DATA. */
	target_cmd_move(&cmd->state, from, TARGET_CMD_EXECUTING);
	return true;
}

static bool target_task_set_block(struct target_task_set *ts, struct se_cmd *cmd)
{
	enum target_cmd_state from = target_cmd_state_of(atomic_read(&cmd->state));

	target_cmd_move(&cmd->state, from, TARGET_CMD_BLOCKED);
	list_add_tail(&cmd->blocked, &ts->blocked);
	return false;
}

static bool target_task_set_enter_ordered(struct target_task_set *ts, struct se_cmd *cmd,
					  bool new_too)
{
	if (ts->ordered)
		return target_task_set_block(ts, cmd);
	target_task_set_order(ts, cmd, new_too);
	return ts->older ? target_task_set_block(ts, cmd) : target_task_set_start(cmd);
}

static bool target_task_set_may_write(const struct se_cmd *cmd)
{
	return target_cmd_rules(cmd)->access == TARGET_ACCESS_WRITE;
}

static bool target_task_set_enter_locked(struct target_task_set *ts, struct se_cmd *cmd)
{
	struct target_tasks *tasks = &cmd->se_dev->tasks;
	/* Marked before it came here, it is one of those that an ORDERED one waits for. */
	bool older = atomic_read(&cmd->state) & TARGET_CMD_OLDER;

	lockdep_assert_held(&tasks->lock);
	/* What is admitted in spite of an ACA condition has nobody to wait for. */
	if (cmd->sam_task_attr == TCM_HEAD_TAG || ts->aca || older)
		return target_task_set_start(cmd);
	if (tasks->restricted && target_task_set_may_write(cmd))
		cmd->sam_task_attr = TCM_ORDERED_TAG;
	if (cmd->sam_task_attr == TCM_ORDERED_TAG)
		return target_task_set_enter_ordered(ts, cmd, !tasks->dormant);
	return ts->ordered ? target_task_set_block(ts, cmd) : target_task_set_start(cmd);
}

static bool target_task_set_enter_slow(struct se_cmd *cmd)
{
	struct target_tasks *tasks = &cmd->se_dev->tasks;
	struct target_task_set *ts;
	sense_reason_t why;
	unsigned long flags;
	bool runs;

	spin_lock_irqsave(&tasks->lock, flags);
	ts = target_task_set_of(cmd);
	cmd->task_set = ts;
	atomic_or(TARGET_CMD_QUEUED, &cmd->state);
	why = target_aca_admit(ts, cmd);
	runs = !why && target_task_set_enter_locked(ts, cmd);
	spin_unlock_irqrestore(&tasks->lock, flags);
	if (unlikely(why))
		target_cmd_fail(cmd, why);
	return runs;
}

bool target_task_set_enter(struct se_cmd *cmd)
{
	/* SIMPLE and HEAD OF QUEUE are the lower ones. */
	if (likely(cmd->sam_task_attr < TCM_ORDERED_TAG &&
		   !READ_ONCE(cmd->se_dev->tasks.dormant)))
		return target_task_set_start(cmd);
	return target_task_set_enter_slow(cmd);
}

static void target_task_set_leave_locked(struct target_task_set *ts, struct se_cmd *cmd,
					 unsigned int word)
{
	struct target_tasks *tasks = &cmd->se_dev->tasks;

	if (cmd == ts->aca_cmd)
		ts->aca_cmd = NULL;
	if (word & TARGET_CMD_OLDER && !--ts->older && ts->ordered &&
	    target_cmd_state_of(atomic_read(&ts->ordered->state)) == TARGET_CMD_BLOCKED)
		target_task_set_ready(tasks, ts->ordered);
	if (cmd == ts->ordered) {
		ts->ordered = NULL;
		target_task_set_next(cmd->se_dev, ts);
	}
}

void target_task_set_leave(struct se_cmd *cmd, unsigned int word)
{
	if (!(word & TARGET_CMD_QUEUED))
		return;		/* it has never entered */
	guard(spinlock_irqsave)(&cmd->se_dev->tasks.lock);
	target_task_set_leave_locked(cmd->task_set, cmd, word);
}

/* The first that no ACA condition holds back. */
static struct se_cmd *target_task_set_pick(struct target_tasks *tasks)
{
	struct se_cmd *cmd;

	list_for_each_entry(cmd, &tasks->ready, blocked)
		if (!cmd->task_set->aca)
			return cmd;
	return NULL;
}

/* Process context at last: run what is ready. */
static void target_task_set_work(struct work_struct *work)
{
	struct target_tasks *tasks = container_of(work, struct target_tasks, work);

	for (;;) {
		struct se_cmd *cmd;

		scoped_guard(spinlock_irqsave, &tasks->lock) {
			cmd = target_task_set_pick(tasks);
			if (cmd) {
				list_del_init(&cmd->blocked);
				target_cmd_move(&cmd->state, TARGET_CMD_BLOCKED,
						TARGET_CMD_EXECUTING);
			}
		}
		if (!cmd)
			return;
		cmd->nowait = false;
		target_cmd_run(cmd);
	}
}

struct target_abort_walk {
	bool			(*match)(struct se_cmd *cmd, const void *data, bool *tas);
	const void		*data;
	struct list_head	*taken;
};

static bool target_task_set_abort_one(struct se_cmd *cmd, void *data)
{
	const struct target_abort_walk *walk = data;
	unsigned int word;
	bool tas = false;

	if (!walk->match(cmd, walk->data, &tas))
		return false;
	atomic_or(TARGET_CMD_WATCHED, &cmd->state);
	word = target_cmd_mark(&cmd->state, TARGET_CMD_ABORTED | (tas ? TARGET_CMD_TAS : 0));
	if (word != TARGET_CMD_NOT_MOVED && target_cmd_state_of(word) == TARGET_CMD_BLOCKED) {
		/* The task set's lock is held: nobody else moves it on. */
		target_cmd_move(&cmd->state, TARGET_CMD_BLOCKED, TARGET_CMD_DONE);
		list_move_tail(&cmd->blocked, walk->taken);
	}
	return true;
}

unsigned int target_task_set_abort(struct se_device *dev,
				   bool (*match)(struct se_cmd *cmd, const void *data, bool *tas),
				   const void *data, struct list_head *taken)
{
	struct target_abort_walk walk = { .match = match, .data = data, .taken = taken };
	unsigned long flags;
	unsigned int found;

	spin_lock_irqsave(&dev->tasks.lock, flags);
	found = target_device_live_walk(dev, target_task_set_abort_one, &walk);
	spin_unlock_irqrestore(&dev->tasks.lock, flags);
	return found;
}

static bool target_task_set_watched_one(struct se_cmd *cmd, void *data)
{
	const struct target_abort_walk *walk = data;
	bool tas;

	return atomic_read(&cmd->state) & TARGET_CMD_WATCHED && walk->match(cmd, walk->data, &tas);
}

bool target_task_set_watched(struct se_device *dev,
			     bool (*match)(struct se_cmd *cmd, const void *data, bool *tas),
			     const void *data)
{
	struct target_abort_walk walk = { .match = match, .data = data };

	return target_device_live_walk(dev, target_task_set_watched_one, &walk);
}
