// SPDX-License-Identifier: GPL-2.0-only
/*
 * The commands in flight of a device: a list per CPU, so that two CPUs share
 * neither a lock nor a line.  Task management, task sets and debugfs walk them.
 */
#include <linux/jiffies.h>
#include <linux/seq_file.h>
#include "cdb.h"
#include "cmd.h"
#include "itl.h"

int target_device_live_alloc(struct se_device *dev)
{
	int cpu;

	dev->live = alloc_percpu(struct target_cmd_list);
	if (!dev->live)
		return -ENOMEM;
	for_each_possible_cpu(cpu) {
		struct target_cmd_list *list = per_cpu_ptr(dev->live, cpu);

		spin_lock_init(&list->lock);
		INIT_LIST_HEAD(&list->cmds);
	}
	dev->idle.moved = jiffies;
	init_waitqueue_head(&dev->cmd_gone);
	return 0;
}

void target_device_live_free(struct se_device *dev)
{
	int cpu;

	for_each_possible_cpu(cpu)
		WARN_ON_ONCE(!list_empty(&per_cpu_ptr(dev->live, cpu)->cmds));
	free_percpu(dev->live);
}

unsigned int target_device_live_walk(struct se_device *dev,
				     bool (*fn)(struct se_cmd *cmd, void *data), void *data)
{
	unsigned int n = 0;
	int cpu;

	for_each_possible_cpu(cpu) {
		struct target_cmd_list *list = per_cpu_ptr(dev->live, cpu);
		struct se_cmd *cmd;
		unsigned long flags;

		spin_lock_irqsave(&list->lock, flags);
		list_for_each_entry(cmd, &list->cmds, live)
			n += fn(cmd, data);
		spin_unlock_irqrestore(&list->lock, flags);
	}
	return n;
}

struct target_live_search {
	const struct se_session	*sess;
	u64			tag;
	struct se_cmd		*found;
};

static bool live_search(struct se_cmd *cmd, void *data)
{
	struct target_live_search *search = data;

	if (search->found || cmd->se_sess != search->sess || cmd->tag != search->tag)
		return false;
	if (kref_get_unless_zero(&cmd->cmd_kref))
		search->found = cmd;
	return true;
}

/**
 * target_get_cmd - find a command of a logical unit
 * @sess: session it came through, which stays meanwhile
 * @unpacked_lun: LUN it was sent to
 * @tag: its tag
 *
 * Context: any.
 * Return: the command with a reference, for target_put_sess_cmd(), or NULL if it is not
 * there, not yet or no longer.
 */
struct se_cmd *target_get_cmd(struct se_session *sess, u64 unpacked_lun, u64 tag)
{
	struct target_live_search search = { .sess = sess, .tag = tag };
	struct target_itl *itl = target_itl_get(sess, unpacked_lun);

	if (!itl)
		return NULL;
	target_device_live_walk(itl->dev, live_search, &search);
	target_itl_put(itl);
	return search.found;
}
TARGET_EXPORT(target_get_cmd);

static bool live_none(struct se_device *dev)
{
	int cpu;

	for_each_possible_cpu(cpu)
		if (!list_empty_careful(&per_cpu_ptr(dev->live, cpu)->cmds))
			return false;
	return true;
}

static noinline void live_end_pause(struct se_device *dev, unsigned long moved, unsigned long now)
{
	if (cmpxchg(&dev->idle.moved, moved, now) == moved && live_none(dev))
		atomic64_add(now - moved, &dev->idle.time);
}

/*
 * Before a command comes.  As with the time of commands the sum is right, although few
 * see a jiffy pass; so this costs two loads, and the line is dirtied HZ times a second.
 */
static void live_count_idle(struct se_device *dev)
{
	unsigned long moved = READ_ONCE(dev->idle.moved), now = jiffies;

	if (unlikely(moved != now))
		live_end_pause(dev, moved, now);
}

void target_cmd_live_add(struct se_cmd *cmd)
{
	int cpu = raw_smp_processor_id();
	struct target_cmd_list *list = per_cpu_ptr(cmd->se_dev->live, cpu);
	unsigned long flags;

	live_count_idle(cmd->se_dev);
	cmd->live_cpu = cpu;
	spin_lock_irqsave(&list->lock, flags);
	list_add_tail(&cmd->live, &list->cmds);
	spin_unlock_irqrestore(&list->lock, flags);
}

void target_cmd_live_del(struct se_cmd *cmd)
{
	struct se_device *dev = cmd->se_dev;
	struct target_cmd_list *list = per_cpu_ptr(dev->live, cmd->live_cpu);
	unsigned long now = jiffies;

	/* What has passed was not idle. */
	if (unlikely(READ_ONCE(dev->idle.moved) != now))
		WRITE_ONCE(dev->idle.moved, now);
	scoped_guard(spinlock_irqsave, &list->lock)
		list_del(&cmd->live);
	cmd->live_cpu = -1;
	/* It was marked under the list's lock, so this sees it. */
	if (unlikely(atomic_read(&cmd->state) & TARGET_CMD_WATCHED))
		wake_up_all(&dev->cmd_gone);
}

void target_cmd_show(struct seq_file *m, struct se_cmd *cmd)
{
	unsigned int word = atomic_read(&cmd->state);

	seq_printf(m, "%s %s lun %llu tag 0x%llx %s lba %llu blocks %u %s%s%s age %u ms held by:%s%s%s\n",
		   config_item_name(&cmd->se_dev->dev_group.cg_item),
		   cmd->se_sess->se_node_acl->initiatorname, cmd->orig_fe_lun, cmd->tag,
		   cmd->op ? cmd->op->name : "-", cmd->t_task_lba, cmd->t_task_nolb,
		   target_cmd_state_names[target_cmd_state_of(word)],
		   word & TARGET_CMD_ABORTED ? " aborted" : "",
		   word & TARGET_CMD_WATCHED ? " watched" : "",
		   jiffies_to_msecs(jiffies - cmd->start_jiffies),
		   target_cmd_state_of(word) != TARGET_CMD_SENT ? " core" : "",
		   cmd->se_cmd_flags & SCF_ACK_KREF ? " fabric" : "",
		   word & TARGET_CMD_RANGED && READ_ONCE(cmd->range.waits) ? " range" : "");
}
