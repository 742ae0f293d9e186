// SPDX-License-Identifier: GPL-2.0-only
#include <linux/jiffies.h>
#include <linux/slab.h>
#include <linux/workqueue.h>
#include "cmd.h"
#include "save.h"
#include "state.h"

#define SAVE_TIMEOUT	(15 * HZ)	/* shorter than the initiator's patience */
#define SAVE_WATCH	(HZ / 5)

static DEFINE_SPINLOCK(saves_lock);	/* saves; process context only */
static LIST_HEAD(saves);		/* struct target_save::node */

static char *save_path(const struct target_save_kind *kind)
{
	return kasprintf(GFP_KERNEL, "%s/%s", target_dbroot(), kind->dir);
}

/* --- at power on ------------------------------------------------------------------------- */

struct save_load {
	struct work_struct	work;
	const char		*path;
	const char		*name;
	void			*data;
	size_t			size;
	bool			saves;
	ssize_t			len;
};

static void save_load_work(struct work_struct *work)
{
	struct save_load *load = container_of(work, struct save_load, work);

	load->saves = target_state_dir_exists(load->path);
	if (load->saves)
		load->len = target_state_read(load->path, load->name, load->data, load->size);
}

ssize_t target_save_load(const struct target_save_kind *kind, const char *name, void *data,
			 size_t size, bool *saves)
{
	char *path __free(kfree) = save_path(kind);
	struct save_load load = {
		.path = path, .name = name, .data = data, .size = size, .len = -ENOENT,
	};

	*saves = false;
	if (!path)
		return -ENOMEM;
	INIT_WORK_ONSTACK(&load.work, save_load_work);
	target_state_run(&load.work);
	destroy_work_on_stack(&load.work);
	*saves = load.saves;
	return load.len;
}

/* --- a command --------------------------------------------------------------------------- */

static struct target_save *save_find(const struct target_save *of)
{
	struct target_save *save;

	lockdep_assert_held(&saves_lock);
	list_for_each_entry(save, &saves, node)
		if (save->kind == of->kind && !strcmp(save->name, of->name))
			return save;
	return NULL;
}

/* One writer for each file. One that has lost its command hangs in the filesystem. */
static sense_reason_t save_add(struct target_save *save)
{
	struct target_save *other;

	guard(spinlock)(&saves_lock);
	other = save_find(save);
	if (other)
		return READ_ONCE(other->cmd) ? TCM_LUN_BUSY : TCM_INTERNAL_TARGET_FAILURE;
	list_add(&save->node, &saves);
	return TCM_NO_SENSE;
}

static void save_del(struct target_save *save)
{
	guard(spinlock)(&saves_lock);
	list_del(&save->node);
}

bool target_save_pending(const struct se_device *dev, const struct target_save_kind *kind)
{
	struct target_save *save;

	guard(spinlock)(&saves_lock);
	list_for_each_entry(save, &saves, node)
		if (save->kind == kind && save->dev == dev && READ_ONCE(save->cmd))
			return true;
	return false;
}

/* The command is this caller's to end, or somebody else's: NULL. */
static struct se_cmd *save_take_cmd(struct target_save *save)
{
	return xchg(&save->cmd, NULL);
}

static void save_watch(struct work_struct *work)
{
	struct target_save *save = container_of(to_delayed_work(work), struct target_save, watch);
	struct se_cmd *cmd = READ_ONCE(save->cmd);

	/* The writer, if it takes the command now, waits for this function before it ends it. */
	if (!cmd)
		return;
	if (time_before(jiffies, save->deadline) &&
	    !(atomic_read(&cmd->state) & TARGET_CMD_ABORTED))
		queue_delayed_work(target_state_wq, &save->watch, SAVE_WATCH);
	else if (save_take_cmd(save))
		target_cmd_done(cmd, TCM_COMMAND_TIMEOUT);
}

static int save_file(struct target_save *save)
{
	int err = target_state_write(save->path, save->name, save->data, save->len);

	if (err)
		return err;
	/* Whoever was told that nothing was saved is right. */
	return READ_ONCE(save->cmd) ? target_state_replace(save->path, save->name) : -ETIMEDOUT;
}

static void save_write(struct work_struct *work)
{
	struct target_save *save = container_of(work, struct target_save, write);
	int err = save_file(save);
	struct se_cmd *cmd = save_take_cmd(save);

	cancel_delayed_work_sync(&save->watch);
	if (cmd && !err)
		save->kind->commit(save, cmd);
	save_del(save);
	save->kind->end(save, cmd, err);
}

sense_reason_t target_save_begin(struct target_save *save, struct se_cmd *cmd)
{
	sense_reason_t why;

	save->path = save_path(save->kind);
	if (!save->path)
		return TCM_OUT_OF_RESOURCES;
	save->cmd = cmd;
	save->dev = cmd->se_dev;
	INIT_WORK(&save->write, save_write);
	INIT_DELAYED_WORK(&save->watch, save_watch);
	why = save_add(save);
	if (why)
		target_save_exit(save);
	return why;
}

void target_save_go(struct target_save *save)
{
	save->deadline = jiffies + SAVE_TIMEOUT;
	queue_delayed_work(target_state_wq, &save->watch, SAVE_WATCH);
	queue_work(target_state_wq, &save->write);
}

void target_save_exit(struct target_save *save)
{
	kfree(save->path);
	save->path = NULL;
}
