// SPDX-License-Identifier: GPL-2.0-only
#include <linux/debugfs.h>
#include <linux/seq_file.h>
#include "cmd.h"
#include "debugfs.h"
#include "device.h"
#include "itl.h"
#include "pr_text.h"

static struct dentry *target_debugfs_dir;

static int target_debugfs_show_device(struct se_device *dev, void *data)
{
	int cpu;

	for_each_possible_cpu(cpu) {
		struct target_cmd_list *list = per_cpu_ptr(dev->live, cpu);
		struct se_cmd *cmd;
		unsigned long flags;

		spin_lock_irqsave(&list->lock, flags);
		list_for_each_entry(cmd, &list->cmds, live)
			target_cmd_show(data, cmd);
		spin_unlock_irqrestore(&list->lock, flags);
	}
	return 0;
}

/* A line per command in flight: who, what, how far, how old, and who holds it. */
static int commands_show(struct seq_file *m, void *v)
{
	return target_device_for_each(target_debugfs_show_device, m);
}
DEFINE_SHOW_ATTRIBUTE(commands);

static void target_debugfs_show_nexus(struct target_itl *itl, void *data)
{
	target_itl_show(data, itl);
}

static int target_debugfs_show_nexuses(struct se_device *dev, void *data)
{
	target_itl_for_each(dev, target_debugfs_show_nexus, data);
	return 0;
}

/* A line per nexus of a unit: who sees it where, and what it has yet to hear. */
static int nexuses_show(struct seq_file *m, void *v)
{
	return target_device_for_each(target_debugfs_show_nexuses, m);
}
DEFINE_SHOW_ATTRIBUTE(nexuses);

static int target_debugfs_show_registrations(struct se_device *dev, void *data)
{
	const struct target_pr_state *state;
	char line[TARGET_PR_TEXT_LINE];
	u32 i;

	guard(mutex)(&dev->reservations.lock);
	state = dev->reservations.state;
	if (dev->reservations.lost)
		seq_printf(data, "%s/%s: lost\n",
			   config_item_name(&dev->se_hba->hba_group.cg_item),
			   config_item_name(&dev->dev_group.cg_item));
	for (i = 0; state && i < state->count; i++) {
		target_pr_text_line(line, sizeof(line), &state->reg[i]);
		seq_printf(data, "%s/%s: %s", config_item_name(&dev->se_hba->hba_group.cg_item),
			   config_item_name(&dev->dev_group.cg_item), line);
	}
	return 0;
}

/* All registrations of all units: those of one may be more than a page of configfs holds. */
static int registrations_show(struct seq_file *m, void *v)
{
	return target_device_for_each(target_debugfs_show_registrations, m);
}
DEFINE_SHOW_ATTRIBUTE(registrations);

void target_debugfs_init(void)
{
	target_debugfs_dir = debugfs_create_dir("target_core", NULL);
	debugfs_create_file("commands", 0400, target_debugfs_dir, NULL, &commands_fops);
	debugfs_create_file("nexuses", 0400, target_debugfs_dir, NULL, &nexuses_fops);
	debugfs_create_file("registrations", 0400, target_debugfs_dir, NULL,
			    &registrations_fops);
}

void target_debugfs_exit(void)
{
	debugfs_remove_recursive(target_debugfs_dir);
}
