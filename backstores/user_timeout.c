// SPDX-License-Identifier: GPL-2.0-only
/*
 * What bounds each wait for the daemon, and what becomes of commands when it goes away.
 *
 * A command has a time by which it ends, whatever the daemon does. One work item per device
 * looks for those whose time has come; it runs only while commands are there, and as often
 * as the times say.
 */
#include <linux/jiffies.h>
#include <linux/slab.h>
#include "user.h"

#define TICK_LONG	(30 * HZ)	/* looked after at the latest */
#define TMR_MAX		64		/* that wait for room */

/* --- state -------------------------------------------------------------------------------- */

/* Time stands still: the daemon has gone, and is waited for. */
static bool is_held(const struct user_device *user)
{
	return !user->open && !user->lost && READ_ONCE(user->recovery) == USER_RECOVERY_HOLD;
}

static bool is_lost(const struct user_device *user)
{
	if (user->open)
		return false;
	return user->lost || READ_ONCE(user->recovery) == USER_RECOVERY_FAIL;
}

void user_state_update(struct user_device *user)
{
	sense_reason_t refuse = TCM_NO_SENSE;

	lockdep_assert_held(&user->lock);
	if (user->broken || is_lost(user))
		refuse = TCM_LOGICAL_UNIT_COMMUNICATION_FAILURE;
	else if (user->blocked)
		refuse = TCM_LUN_BUSY;
	WRITE_ONCE(user->refuse, refuse);
}

const char *user_state_name(struct user_device *user)
{
	guard(spinlock)(&user->lock);
	if (user->broken)
		return "broken";
	if (user->blocked)
		return "blocked";
	if (user->open)
		return "open";
	return is_lost(user) ? "failing" : is_held(user) ? "held" : "waiting";
}

/* --- times -------------------------------------------------------------------------------- */

/* 0 means never, so no time is 0. */
static unsigned long due_in(unsigned long seconds)
{
	return (jiffies + seconds * HZ) ?: 1;
}

static void tick_by(struct user_device *user, unsigned long due)
{
	long delay = due - jiffies;

	user_tick_in(user, max(delay, 1L));
}

void user_tick_in(struct user_device *user, unsigned long delay)
{
	lockdep_assert_held(&user->lock);
	if (user->ticking && time_before_eq(user->tick.timer.expires, jiffies + delay))
		return;
	user->ticking = true;
	mod_delayed_work(user_wq, &user->tick, delay);
}

/* Its end is near, whatever else holds. */
static void cmd_hurry(struct user_device *user, struct user_cmd *cmd)
{
	unsigned long due = due_in(user->open ? READ_ONCE(user->abort_time_out) : 0);

	lockdep_assert_held(&user->lock);
	if (!cmd->due || time_before(due, cmd->due))
		cmd->due = due;
	cmd->hurried = true;
	tick_by(user, cmd->due);
}

static void cmd_wait(struct user_device *user, struct user_cmd *cmd, u32 seconds)
{
	if (!cmd->hurried) {
		cmd->due = seconds ? due_in(seconds) : 0;
		if (cmd->due)
			tick_by(user, cmd->due);
	}
	/* Who aborts commands marks them first, and looks at the lists then. */
	if (unlikely(target_cmd_aborted(cmd->se_cmd)))
		cmd_hurry(user, cmd);
}

void user_cmd_wait_ring(struct user_device *user, struct user_cmd *cmd)
{
	lockdep_assert_held(&user->lock);
	cmd_wait(user, cmd, READ_ONCE(user->cmd_time_out));
}

/* -1: as long as a command may take, or as it may by default. */
static u32 qfull_seconds(const struct user_device *user)
{
	s32 seconds = READ_ONCE(user->qfull_time_out);

	if (seconds >= 0)
		return seconds;
	return READ_ONCE(user->cmd_time_out) ?: 30;
}

bool user_may_wait(const struct user_device *user)
{
	return qfull_seconds(user);
}

/* One that comes back to the queue goes on waiting. */
void user_cmd_wait_room(struct user_device *user, struct user_cmd *cmd)
{
	lockdep_assert_held(&user->lock);
	if (cmd->due && !target_cmd_aborted(cmd->se_cmd))
		tick_by(user, cmd->due);
	else
		cmd_wait(user, cmd, qfull_seconds(user));
}

bool user_cmd_is_due(const struct user_cmd *cmd, unsigned long now, bool held)
{
	if (!cmd->due || (held && !cmd->hurried))
		return false;
	return time_after_eq(now, cmd->due);
}

/* What is due of a list; @next is the time of the first that is not. */
static void list_expire(struct user_device *user, struct list_head *from, struct list_head *due,
			unsigned long *next)
{
	unsigned long now = jiffies;
	struct user_cmd *cmd, *tmp;
	bool held = is_held(user);

	list_for_each_entry_safe(cmd, tmp, from, node) {
		if (user_cmd_is_due(cmd, now, held))
			list_move_tail(&cmd->node, due);
		else if (cmd->due && (!held || cmd->hurried) && time_before(cmd->due, *next))
			*next = cmd->due;
	}
}

/*
 * The daemon still has their places and blocks: only the commands end. Those that have yet
 * to are the first ones of the list.
 */
static void late_end(struct user_device *user)
{
	struct se_cmd *se_cmd;
	struct user_cmd *cmd;

	for (;;) {
		scoped_guard(spinlock, &user->lock) {
			cmd = list_first_entry_or_null(&user->late, struct user_cmd, node);
			se_cmd = cmd ? cmd->se_cmd : NULL;
			if (se_cmd) {
				cmd->se_cmd = NULL;
				list_move_tail(&cmd->node, &user->late);
			}
		}
		if (!se_cmd)
			return;
		target_complete_cmd_with_sense(se_cmd, 0, TCM_COMMAND_TIMEOUT);
	}
}

/* Nobody will come for them; lock held. */
static void fail_lost(struct user_device *user, struct list_head *due)
{
	lockdep_assert_held(&user->lock);
	if (user->gone_due && time_after_eq(jiffies, user->gone_due)) {
		user->gone_due = 0;
		user->lost = true;
		user_state_update(user);
	}
	if (!is_lost(user))
		return;
	user_forget(user, due, TCM_LOGICAL_UNIT_COMMUNICATION_FAILURE);
	user_cmds_take(user, &user->queue, due, TCM_LOGICAL_UNIT_COMMUNICATION_FAILURE);
	user_ring_reset(&user->ring);
}

/* When to look again, if at all; lock held. */
static void tick_next(struct user_device *user, unsigned long next)
{
	lockdep_assert_held(&user->lock);
	user->ticking = false;
	if (user->gone_due && time_before(user->gone_due, next))
		next = user->gone_due;
	if (!list_empty(&user->sent) || !list_empty(&user->queue) || user->gone_due)
		tick_by(user, next);
	/* Room may come from where nobody tells: other units' pages, or memory. */
	if (!list_empty(&user->queue) && user->open)
		user_tick_in(user, USER_RETRY);
}

static void expire(struct user_device *user)
{
	unsigned long next = jiffies + TICK_LONG;
	LIST_HEAD(queued);
	LIST_HEAD(late);
	LIST_HEAD(due);

	scoped_guard(spinlock, &user->lock) {
		fail_lost(user, &due);
		list_expire(user, &user->queue, &queued, &next);
		user_cmds_take(user, &queued, &due, TCM_OUT_OF_RESOURCES);
		list_expire(user, &user->sent, &late, &next);
		list_splice(&late, &user->late);
		tick_next(user, next);
	}
	user_cmds_end(user, &due);
	late_end(user);
}

/* Nothing is in flight: what the last burst needed, others may have. */
static void give_back(struct user_device *user)
{
	bool idle;

	scoped_guard(spinlock, &user->lock)
		idle = list_empty(&user->sent) && list_empty(&user->queue);
	/* A command that came just now may have found the blocks taken. */
	if (idle && user_data_shrink(&user->data, &user->lock))
		user_run_queue(user);
	else if (user_data_is_crowded())
		user_reclaim_others();
}

void user_tick(struct work_struct *work)
{
	struct user_device *user = container_of(to_delayed_work(work), struct user_device, tick);

	user_drain(user);
	expire(user);
	give_back(user);
}

/* --- commands that nobody wants any more -------------------------------------------------- */

static u8 tmr_type(u8 function)
{
	switch (function) {
	case TMR_LUN_RESET_PRO:
		return TCMU_TMR_LUN_RESET_PRO;
	case TMR_I_T_NEXUS_RESET:
		return TCMU_TMR_ABORT_TASK_SET;
	default:
		return function <= TMR_TARGET_COLD_RESET ? function : TCMU_TMR_UNKNOWN;
	}
}

static bool tmr_is_reset(u8 function)
{
	return function >= TMR_LUN_RESET && function <= TMR_TARGET_COLD_RESET;
}

static unsigned int count_aborted(const struct user_device *user)
{
	const struct user_cmd *cmd;
	unsigned int n = 0;

	list_for_each_entry(cmd, &user->sent, node)
		n += target_cmd_aborted(cmd->se_cmd);
	return n;
}

/* Best effort: no daemon can rely on hearing of what it may have ended already. */
static void tmr_add(struct user_device *user, u8 function)
{
	unsigned int n = count_aborted(user);
	const struct user_cmd *cmd;
	struct user_tmr *tmr;

	lockdep_assert_held(&user->lock);
	if ((!n && !tmr_is_reset(function)) || user->tmr_count >= TMR_MAX)
		return;
	tmr = kzalloc(struct_size(tmr, ids, n), GFP_NOWAIT | __GFP_NOWARN);
	if (!tmr)
		return;
	tmr->type = tmr_type(function);
	list_for_each_entry(cmd, &user->sent, node)
		if (target_cmd_aborted(cmd->se_cmd))
			tmr->ids[tmr->count++] = cmd->id;
	list_add_tail(&tmr->node, &user->tmrs);
	user->tmr_count++;
}

static bool tmr_send(struct user_device *user, const struct user_tmr *tmr)
{
	u32 len = user_ring_round(sizeof(struct tcmu_tmr_entry) + tmr->count * sizeof(u16));
	struct tcmu_tmr_entry *entry = user_ring_reserve(&user->ring, len);

	if (!entry)
		return false;
	memset(entry, 0, len);
	entry->tmr_type = tmr->type;
	entry->cmd_cnt = tmr->count;
	memcpy(entry->cmd_ids, tmr->ids, tmr->count * sizeof(*tmr->ids));
	user_ring_publish(&user->ring, TCMU_OP_TMR, len);
	return true;
}

void user_tmrs_send(struct user_device *user)
{
	struct user_tmr *tmr;

	lockdep_assert_held(&user->lock);
	while ((tmr = list_first_entry_or_null(&user->tmrs, struct user_tmr, node))) {
		if (!tmr_send(user, tmr))
			break;
		list_del(&tmr->node);
		user->tmr_count--;
		kfree(tmr);
	}
}

void user_tmrs_drop(struct user_device *user)
{
	struct user_tmr *tmr, *tmp;

	lockdep_assert_held(&user->lock);
	list_for_each_entry_safe(tmr, tmp, &user->tmrs, node)
		kfree(tmr);
	INIT_LIST_HEAD(&user->tmrs);
	user->tmr_count = 0;
}

static void list_hurry(struct user_device *user, struct list_head *list, struct se_lun *lun)
{
	struct user_cmd *cmd;

	list_for_each_entry(cmd, list, node)
		if (lun ? cmd->se_cmd->se_lun == lun : target_cmd_aborted(cmd->se_cmd))
			cmd_hurry(user, cmd);
}

/* The queue's can end at once; those in the ring may be half done, and have a moment. */
static void hurry_all(struct user_device *user, struct se_lun *lun)
{
	struct user_cmd *cmd, *tmp;
	LIST_HEAD(queued);
	LIST_HEAD(due);

	scoped_guard(spinlock, &user->lock) {
		list_hurry(user, &user->sent, lun);
		list_hurry(user, &user->queue, lun);
		list_for_each_entry_safe(cmd, tmp, &user->queue, node)
			if (cmd->hurried && !cmd->id)
				list_move_tail(&cmd->node, &queued);
		user_cmds_take(user, &queued, &due, TCM_OUT_OF_RESOURCES);
	}
	user_cmds_end(user, &due);
}

void user_abort(struct se_device *dev, u8 function)
{
	struct user_device *user = user_of(dev);

	if (READ_ONCE(user->tmr_notification)) {
		scoped_guard(spinlock, &user->lock)
			if (user->open && !user->broken)
				tmr_add(user, function);
		user_run_queue(user);
		user_notify(user);
	}
	hurry_all(user, NULL);
}

void user_unlink(struct se_device *dev, struct se_lun *lun)
{
	hurry_all(user_of(dev), lun);
}

/* --- the daemon comes and goes ------------------------------------------------------------ */

int user_daemon_comes(struct user_device *user)
{
	scoped_guard(spinlock, &user->lock) {
		if (user->open)
			return -EBUSY;
		user->open = true;
		user->lost = false;
		user->gone_due = 0;
		user_state_update(user);
	}
	user_drain(user);
	user_cmds_again(user);
	user_run_queue(user);
	user_notify(user);
	return 0;
}

/* For how long it is waited for begins now; lock held. */
static void gone_begins(struct user_device *user)
{
	u32 seconds = READ_ONCE(user->recovery_time_out);

	lockdep_assert_held(&user->lock);
	user->lost = false;
	user->gone_due = 0;
	if (READ_ONCE(user->recovery) == USER_RECOVERY_HOLD && seconds) {
		user->gone_due = due_in(seconds);
		tick_by(user, user->gone_due);
	}
	user_state_update(user);
	if (is_lost(user))
		user_tick_in(user, 0);
}

void user_daemon_goes(struct user_device *user)
{
	LIST_HEAD(kept);

	user_drain(user);
	scoped_guard(spinlock, &user->lock) {
		user->open = false;
		user_cmds_take(user, &user->kept, &kept, TCM_NO_SENSE);
		gone_begins(user);
	}
	user_cmds_end(user, &kept);
}

void user_recovery_changed(struct user_device *user)
{
	guard(spinlock)(&user->lock);
	if (!user->ring.mb)
		return;
	if (!user->open)
		gone_begins(user);
	/* What stood still goes on, if that is what is wanted now. */
	user_tick_in(user, 1);
}

void user_set_blocked(struct user_device *user, bool blocked)
{
	LIST_HEAD(queued);

	user_drain(user);
	scoped_guard(spinlock, &user->lock) {
		user->blocked = blocked;
		user_state_update(user);
		if (blocked)
			user_cmds_take(user, &user->queue, &queued, TCM_LUN_BUSY);
	}
	user_cmds_end(user, &queued);
}

void user_reset_ring(struct user_device *user, sense_reason_t why)
{
	LIST_HEAD(cmds);

	user_drain(user);
	scoped_guard(spinlock, &user->lock) {
		user_forget(user, &cmds, why);
		user_ring_reset(&user->ring);
		user->broken = false;
		user_state_update(user);
	}
	user_cmds_end(user, &cmds);
	user_run_queue(user);
}
