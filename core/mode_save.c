// SPDX-License-Identifier: GPL-2.0-only
/*
 * Saved mode pages (SPC-6 5.11, 6.12).
 *
 * The file is written first, on a workqueue where a filesystem may take its time;
 * then the values take effect and the command ends.  Beside the writer runs a watch,
 * that ends the command when the time is up or when it was aborted: a writer that
 * finds its command gone leaves the file as it is.  It has all that it needs, for
 * the unit may be gone as well, and until it ends nobody else writes that file.
 */
#include <linux/jiffies.h>
#include <linux/slab.h>
#include <linux/workqueue.h>
#include "cmd.h"
#include "mode_file.h"
#include "mode_save.h"
#include "state.h"

#define MODE_SAVE_TIMEOUT	(15 * HZ)	/* shorter than the initiator's patience */
#define MODE_SAVE_WATCH		(HZ / 5)
#define MODE_PAGES_MAX		512		/* bytes of all pages */
#define MODE_IDENTITY_MAX	(2 * NAME_MAX + INQUIRY_VPD_SERIAL_LEN + 3)

/**
 * struct target_mode_save - a file that is being written
 * @node: in mode_saves
 * @cmd: the command, until someone takes it away to end it
 * @dev: its unit, which stays as long as the command
 * @deadline: jiffies
 * @was: values before
 * @v: values to be
 * @write: the writer; it frees this
 * @watch: runs until the command is gone; it looks at it, so the writer stops it before
 * @dir: directory
 * @name: of the file
 * @len: of @data
 * @data: the file
 */
struct target_mode_save {
	struct list_head		node;
	struct se_cmd			*cmd;
	struct se_device		*dev;
	unsigned long			deadline;
	struct target_mode_values	was;
	struct target_mode_values	v;
	struct work_struct		write;
	struct delayed_work		watch;
	char				*dir;
	char				name[NAME_MAX];
	u32				len;
	u8				data[TARGET_MODE_FILE_MAX];
};

static DEFINE_SPINLOCK(mode_saves_lock);	/* mode_saves */
static LIST_HEAD(mode_saves);			/* struct target_mode_save::node */

static char *mode_dir(void)
{
	return kasprintf(GFP_KERNEL, "%s/mode", target_dbroot());
}

/* Names of HBAs have no dash. One byte is left for the dot of the new file. */
static bool mode_file_name(struct se_device *dev, char *name, size_t size)
{
	return snprintf(name, size, "%s-%s", config_item_name(&dev->se_hba->hba_group.cg_item),
			config_item_name(&dev->dev_group.cg_item)) < size;
}

/* A tree that was copied, a name that was used again: all of it must be the same. */
static void mode_identity(struct se_device *dev, char *identity)
{
	lockdep_assert_held(&dev->lock);
	snprintf(identity, MODE_IDENTITY_MAX, "%s/%s\n%s",
		 config_item_name(&dev->se_hba->hba_group.cg_item),
		 config_item_name(&dev->dev_group.cg_item), dev->t10_wwn.unit_serial);
}

/* --- at power on ------------------------------------------------------------------------- */

struct mode_load {
	struct work_struct	work;
	const char		*dir;
	char			name[NAME_MAX];
	bool			saves;
	ssize_t			len;
	u8			data[TARGET_MODE_FILE_MAX];
};

static void mode_load_work(struct work_struct *work)
{
	struct mode_load *load = container_of(work, struct mode_load, work);

	load->saves = target_state_dir_exists(load->dir);
	if (load->saves)
		load->len = target_state_read(load->dir, load->name, load->data,
					      sizeof(load->data));
}

static int mode_load_take(struct se_device *dev, const struct mode_load *load,
			  struct target_mode_values *v)
{
	char identity[MODE_IDENTITY_MAX];
	const u8 *pages;
	u32 len;
	int err;

	if (load->len < 0)
		return load->len;
	mode_identity(dev, identity);
	err = target_mode_file_parse(load->data, load->len, identity, &pages, &len);
	return err ?: target_mode_take_pages(dev, pages, len, v);
}

/* Nobody uses it, and it has not been looked up already. */
static bool mode_load_is_due(const struct se_device *dev)
{
	const struct target_mode_saved *saved = dev->mode_saved;

	lockdep_assert_held(&dev->lock);
	return !dev->export_count && dev->t10_wwn.unit_serial[0] &&
	       !(saved && !strcmp(saved->serial, dev->t10_wwn.unit_serial));
}

static void mode_load_apply(struct se_device *dev, const struct mode_load *load,
			    struct target_mode_saved *saved)
{
	struct target_mode_values v;
	int err;

	target_mode_get(&v, dev);
	strscpy(saved->serial, dev->t10_wwn.unit_serial, sizeof(saved->serial));
	err = mode_load_take(dev, load, &v);
	saved->valid = !err;
	if (!err) {
		memcpy(&saved->values, &v, sizeof(v));
		target_mode_apply(dev, &v);
	} else if (err != -ENOENT) {
		pr_notice_ratelimited("%s/%s: no mode pages that this unit saved (%pe)\n",
				      load->dir, load->name, ERR_PTR(err));
	}
}

static void mode_load_end(struct se_device *dev, const struct mode_load *load)
{
	guard(mutex)(&dev->lock);
	if (!mode_load_is_due(dev))
		return;
	/* Whoever has seen it once may look at it whenever he likes. */
	if (!dev->mode_saved)
		WRITE_ONCE(dev->mode_saved, kzalloc(sizeof(*dev->mode_saved), GFP_KERNEL));
	if (dev->mode_saved)
		mode_load_apply(dev, load, dev->mode_saved);
}

static bool mode_load_wanted(struct se_device *dev)
{
	guard(mutex)(&dev->lock);
	return mode_load_is_due(dev);
}

/* Without memory the unit saves nothing. */
void target_mode_load(struct se_device *dev)
{
	struct mode_load *load __free(kfree) = kzalloc(sizeof(*load), GFP_KERNEL);
	char *dir __free(kfree) = mode_dir();

	if (!load || !dir || !mode_load_wanted(dev) ||
	    !mode_file_name(dev, load->name, sizeof(load->name)))
		return;
	load->dir = dir;
	INIT_WORK(&load->work, mode_load_work);
	target_state_run(&load->work);
	if (load->saves)
		mode_load_end(dev, load);
}

/* --- MODE SELECT with SP ----------------------------------------------------------------- */

static struct target_mode_save *mode_save_find(const char *name)
{
	struct target_mode_save *save;

	lockdep_assert_held(&mode_saves_lock);
	list_for_each_entry(save, &mode_saves, node)
		if (!strcmp(save->name, name))
			return save;
	return NULL;
}

/* One writer for each file. One that has lost its command hangs in the filesystem. */
static sense_reason_t mode_save_add(struct target_mode_save *save)
{
	struct target_mode_save *other;

	guard(spinlock)(&mode_saves_lock);
	other = mode_save_find(save->name);
	if (other)
		return READ_ONCE(other->cmd) ? TCM_LUN_BUSY : TCM_INTERNAL_TARGET_FAILURE;
	list_add(&save->node, &mode_saves);
	return TCM_NO_SENSE;
}

static void mode_save_del(struct target_mode_save *save)
{
	guard(spinlock)(&mode_saves_lock);
	list_del(&save->node);
}

bool target_mode_save_pending(const struct se_device *dev)
{
	struct target_mode_save *save;
	struct se_cmd *cmd;

	lockdep_assert_held(&dev->lock);
	guard(spinlock)(&mode_saves_lock);
	list_for_each_entry(save, &mode_saves, node) {
		cmd = READ_ONCE(save->cmd);
		if (cmd && save->dev == dev)
			return true;
	}
	return false;
}

static void mode_save_free(struct target_mode_save *save)
{
	if (!save)
		return;
	kfree(save->dir);
	kfree(save);
}

/* The command is this caller's to end, or somebody else's: NULL. */
static struct se_cmd *mode_save_take_cmd(struct target_mode_save *save)
{
	return xchg(&save->cmd, NULL);
}

static void mode_save_watch(struct work_struct *work)
{
	struct target_mode_save *save = container_of(to_delayed_work(work),
						     struct target_mode_save, watch);
	struct se_cmd *cmd = READ_ONCE(save->cmd);

	/* The writer, if it takes the command now, waits for this function before it ends it. */
	if (!cmd)
		return;
	if (time_before(jiffies, save->deadline) &&
	    !(atomic_read(&cmd->state) & TARGET_CMD_ABORTED))
		queue_delayed_work(target_state_wq, &save->watch, MODE_SAVE_WATCH);
	else if (mode_save_take_cmd(save))
		target_cmd_done(cmd, TCM_COMMAND_TIMEOUT);
}

static int mode_save_file(struct target_mode_save *save)
{
	int err = target_state_write(save->dir, save->name, save->data, save->len);

	if (err)
		return err;
	/* Whoever was told that nothing was saved is right. */
	return READ_ONCE(save->cmd) ? target_state_replace(save->dir, save->name) : -ETIMEDOUT;
}

/* Return: the cache has to be written, which was turned off. */
static bool mode_save_commit(struct target_mode_save *save, struct se_cmd *cmd)
{
	struct target_mode_saved *saved = cmd->se_dev->mode_saved;

	guard(mutex)(&cmd->se_dev->lock);
	saved->valid = true;
	memcpy(&saved->values, &save->v, sizeof(save->v));
	return target_mode_commit(cmd, &save->v, &save->was);
}

static void mode_save_write(struct work_struct *work)
{
	struct target_mode_save *save = container_of(work, struct target_mode_save, write);
	int err = mode_save_file(save);
	struct se_cmd *cmd = mode_save_take_cmd(save);
	bool flush = false;

	cancel_delayed_work_sync(&save->watch);
	if (cmd && !err)
		flush = mode_save_commit(save, cmd);
	mode_save_del(save);
	mode_save_free(save);
	if (cmd)
		target_mode_select_end(cmd, err ? TCM_INTERNAL_TARGET_FAILURE : TCM_NO_SENSE,
				       flush);
}

static void mode_save_fill(struct target_mode_save *save, struct se_device *dev)
{
	char identity[MODE_IDENTITY_MAX];
	u8 data[MODE_PAGES_MAX];
	struct target_buf pages, file;

	target_buf_init(&pages, data, sizeof(data));
	target_buf_init(&file, save->data, sizeof(save->data));
	memcpy(&dev->mode_saved->saving, &save->v, sizeof(save->v));
	target_mode_put_pages(&pages, dev);
	mode_identity(dev, identity);
	target_mode_file_build(&file, identity, data, pages.len);
	save->len = file.len;
	WARN_ON_ONCE(pages.len > pages.size || file.len > file.size);
}

sense_reason_t target_mode_save_begin(struct se_cmd *cmd, const struct target_mode_values *was,
				      const struct target_mode_values *v,
				      struct target_mode_save **out)
{
	struct target_mode_save *save = kzalloc(sizeof(*save), GFP_KERNEL);
	struct se_device *dev = cmd->se_dev;
	sense_reason_t why;

	lockdep_assert_held(&dev->lock);
	if (!save)
		return TCM_OUT_OF_RESOURCES;
	save->dir = mode_dir();
	why = save->dir ? TCM_NO_SENSE : TCM_OUT_OF_RESOURCES;
	save->cmd = cmd;
	save->dev = dev;
	save->was = *was;
	save->v = *v;
	/* It was short enough when the unit was looked up. */
	mode_file_name(dev, save->name, sizeof(save->name));
	INIT_WORK(&save->write, mode_save_write);
	INIT_DELAYED_WORK(&save->watch, mode_save_watch);
	mode_save_fill(save, dev);
	why = why ?: mode_save_add(save);
	if (why) {
		mode_save_free(save);
		return why;
	}
	*out = save;
	return TCM_NO_SENSE;
}

void target_mode_save_go(struct target_mode_save *save)
{
	save->deadline = jiffies + MODE_SAVE_TIMEOUT;
	queue_delayed_work(target_state_wq, &save->watch, MODE_SAVE_WATCH);
	queue_work(target_state_wq, &save->write);
}
