// SPDX-License-Identifier: GPL-2.0-only
/*
 * Task sets (SAM-6 8.6 task attributes, 8.4 task states).
 *
 * The rule: a SIMPLE command runs as soon as it enters, unless an ORDERED one
 * entered before it; an ORDERED command waits for all that entered before; HEAD
 * OF QUEUE runs at once.  While no ORDERED command is there, which is nearly
 * always, a command pays one load: target_task_set::dormant.
 *
 * An ORDERED command sets dormant and then walks the live lists, marking OLDER
 * what runs; the ends of those are counted down in target_task_set::older.  A
 * SIMPLE command was put on its live list, under the list's lock, before it
 * reads dormant.  So either the walk, which takes that lock, finds it, or it
 * reads dormant as set and goes the slow way, under the task set's lock.
 *
 * An ACA condition also sets dormant: then nothing enters that core/aca.c does not
 * admit, and what waits goes on waiting when it could run.
 *
 * Lock order: task set, then one live list.
 */
#include "aca.h"
#include "cmd.h"
#include "order.h"

static void target_task_set_work(struct work_struct *work);

void target_task_set_init(struct se_device *dev)
{
	struct target_task_set *ts = &dev->tasks;

	spin_lock_init(&ts->lock);
	INIT_LIST_HEAD(&ts->blocked);
	INIT_LIST_HEAD(&ts->ready);
	INIT_WORK(&ts->work, target_task_set_work);
}

void target_task_set_exit(struct se_device *dev)
{
	flush_work(&dev->tasks.work);
	WARN_ON_ONCE(dev->tasks.ordered || dev->tasks.older || dev->tasks.aca);
	WARN_ON_ONCE(!list_empty(&dev->tasks.blocked));
}

struct target_older_walk {
	struct se_cmd	*ordered;	/* the command that will wait */
	bool		new_too;	/* a NEW one may have read dormant before it was set */
};

static bool target_task_set_mark_older(struct se_cmd *cmd, void *data)
{
	const struct target_older_walk *walk = data;
	int old = atomic_read(&cmd->state);

	if (cmd == walk->ordered)
		return false;
	do {
		enum target_cmd_state state = target_cmd_state_of(old);

		if (old & TARGET_CMD_OLDER)
			return false;
		if (state != TARGET_CMD_EXECUTING &&
		    !(walk->new_too && (state == TARGET_CMD_NEW || state == TARGET_CMD_WAIT_DATA)))
			return false;
	} while (!atomic_try_cmpxchg(&cmd->state, &old, old | TARGET_CMD_OLDER));
	return true;
}

static void target_task_set_ready(struct target_task_set *ts, struct se_cmd *cmd)
{
	list_move_tail(&cmd->blocked, &ts->ready);
	if (!ts->aca)
		queue_work(target_submit_wq, &ts->work);
}

/* The ORDERED command of the set waits for what runs now, or runs. */
static void target_task_set_order(struct target_task_set *ts, struct se_cmd *cmd, bool new_too)
{
	struct target_older_walk walk = { .ordered = cmd, .new_too = new_too };

	lockdep_assert_held(&ts->lock);
	ts->ordered = cmd;
	WRITE_ONCE(ts->dormant, true);
	ts->older += target_device_live_walk(cmd->se_dev, target_task_set_mark_older, &walk);
}

/* The ORDERED command has gone: let go what waited behind it, up to the next one. */
static void target_task_set_next(struct target_task_set *ts)
{
	struct se_cmd *cmd, *tmp;

	lockdep_assert_held(&ts->lock);
	list_for_each_entry_safe(cmd, tmp, &ts->blocked, blocked) {
		if (cmd->sam_task_attr == TCM_ORDERED_TAG) {
			target_task_set_order(ts, cmd, false);
			if (!ts->older)
				target_task_set_ready(ts, cmd);
			return;
		}
		/* Counted now, since one that follows may be ORDERED. */
		if (target_cmd_mark(&cmd->state, TARGET_CMD_OLDER) != TARGET_CMD_NOT_MOVED)
			ts->older++;
		target_task_set_ready(ts, cmd);
	}
	WRITE_ONCE(ts->dormant, ts->aca);
}

void target_task_set_resume(struct se_device *dev)
{
	struct target_task_set *ts = &dev->tasks;

	lockdep_assert_held(&ts->lock);
	WRITE_ONCE(ts->dormant, ts->ordered);
	queue_work(target_submit_wq, &ts->work);
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

static bool target_task_set_enter_locked(struct target_task_set *ts, struct se_cmd *cmd)
{
	lockdep_assert_held(&ts->lock);
	if (cmd->sam_task_attr == TCM_HEAD_TAG || cmd->sam_task_attr == TCM_ACA_TAG)
		return target_task_set_start(cmd);
	if (cmd->sam_task_attr == TCM_ORDERED_TAG) {
		if (ts->dormant)
			return target_task_set_block(ts, cmd);
		target_task_set_order(ts, cmd, true);
		return ts->older ? target_task_set_block(ts, cmd) : target_task_set_start(cmd);
	}
	if (ts->dormant && !(atomic_read(&cmd->state) & TARGET_CMD_OLDER))
		return target_task_set_block(ts, cmd);
	return target_task_set_start(cmd);
}

static bool target_task_set_enter_slow(struct target_task_set *ts, struct se_cmd *cmd)
{
	sense_reason_t why;
	unsigned long flags;
	bool runs;

	spin_lock_irqsave(&ts->lock, flags);
	why = target_aca_admit(cmd);
	runs = !why && target_task_set_enter_locked(ts, cmd);
	spin_unlock_irqrestore(&ts->lock, flags);
	if (unlikely(why))
		target_cmd_fail(cmd, why);
	return runs;
}

bool target_task_set_enter(struct se_cmd *cmd)
{
	struct target_task_set *ts = &cmd->se_dev->tasks;

	/* SIMPLE and HEAD OF QUEUE are the lower ones. */
	if (likely(cmd->sam_task_attr < TCM_ORDERED_TAG && !READ_ONCE(ts->dormant)))
		return target_task_set_start(cmd);
	return target_task_set_enter_slow(ts, cmd);
}

void target_task_set_leave(struct se_cmd *cmd, unsigned int word)
{
	struct target_task_set *ts = &cmd->se_dev->tasks;
	unsigned long flags;

	spin_lock_irqsave(&ts->lock, flags);
	if (cmd == ts->aca_cmd)
		ts->aca_cmd = NULL;
	if (word & TARGET_CMD_OLDER && !--ts->older && ts->ordered &&
	    target_cmd_state_of(atomic_read(&ts->ordered->state)) == TARGET_CMD_BLOCKED)
		target_task_set_ready(ts, ts->ordered);
	if (cmd == ts->ordered) {
		ts->ordered = NULL;
		target_task_set_next(ts);
	}
	spin_unlock_irqrestore(&ts->lock, flags);
}

/* Process context at last: run what is ready. */
static void target_task_set_work(struct work_struct *work)
{
	struct target_task_set *ts = container_of(work, struct target_task_set, work);

	for (;;) {
		struct se_cmd *cmd;

		scoped_guard(spinlock_irqsave, &ts->lock) {
			cmd = ts->aca ? NULL : list_first_entry_or_null(&ts->ready, struct se_cmd,
									blocked);
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
