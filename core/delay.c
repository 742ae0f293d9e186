// SPDX-License-Identifier: GPL-2.0-only
#include <linux/jiffies.h>
#include <target/target_core_backend.h>
#include "cmd.h"
#include "delay.h"

static bool delay_is_over(struct se_cmd *cmd)
{
	return time_after_eq(jiffies, cmd->due) ||
	       atomic_read(&cmd->state) & TARGET_CMD_ABORTED;
}

/* Take those that are due; the jiffies until the next one is, 0 if there is none. */
static unsigned long delay_collect(struct target_delays *delays, struct list_head *due)
{
	unsigned long now = jiffies, next = 0;
	struct se_cmd *cmd, *tmp;

	lockdep_assert_held(&delays->lock);
	list_for_each_entry_safe(cmd, tmp, &delays->cmds, blocked) {
		if (delay_is_over(cmd)) {
			list_move_tail(&cmd->blocked, due);
			continue;
		}
		if (!next || time_before(cmd->due, now + next))
			next = max(cmd->due - now, 1UL);
	}
	return next;
}

static void delay_work(struct work_struct *work)
{
	struct target_delays *delays = container_of(to_delayed_work(work), struct target_delays,
						    work);
	struct se_cmd *cmd, *tmp;
	LIST_HEAD(due);

	scoped_guard(spinlock_irqsave, &delays->lock) {
		unsigned long next = delay_collect(delays, &due);

		delays->next = jiffies + next;
		if (next)
			queue_delayed_work(target_submit_wq, &delays->work, next);
	}
	/* Each on its own: one may sleep. */
	list_for_each_entry_safe(cmd, tmp, &due, blocked) {
		list_del_init(&cmd->blocked);
		target_cmd_requeue(cmd);
	}
}

void target_delays_init(struct se_device *dev)
{
	struct target_delays *delays = &dev->delays;

	spin_lock_init(&delays->lock);
	INIT_LIST_HEAD(&delays->cmds);
	INIT_DELAYED_WORK(&delays->work, delay_work);
}

void target_delays_exit(struct se_device *dev)
{
	cancel_delayed_work_sync(&dev->delays.work);
	WARN_ON_ONCE(!list_empty(&dev->delays.cmds));
}

void target_delay_start(struct se_cmd *cmd, u32 msecs)
{
	struct target_delays *delays = &cmd->se_dev->delays;
	unsigned long wait = msecs_to_jiffies(msecs);

	cmd->due = jiffies + wait;
	guard(spinlock_irqsave)(&delays->lock);
	if (list_empty(&delays->cmds) || time_before(cmd->due, delays->next)) {
		delays->next = cmd->due;
		mod_delayed_work(target_submit_wq, &delays->work, wait);
	}
	list_add_tail(&cmd->blocked, &delays->cmds);
	/* An abort that came before sees no command on the list and wakes nobody. */
	if (atomic_read(&cmd->state) & TARGET_CMD_ABORTED)
		mod_delayed_work(target_submit_wq, &delays->work, 0);
}

void target_delays_wake_aborted(struct se_device *dev)
{
	struct target_delays *delays = &dev->delays;

	guard(spinlock_irqsave)(&delays->lock);
	if (!list_empty(&delays->cmds))
		mod_delayed_work(target_submit_wq, &delays->work, 0);
}
