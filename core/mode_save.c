// SPDX-License-Identifier: GPL-2.0-only
/* Saved mode pages (SPC-6 5.11, 6.12). */
#include <linux/slab.h>
#include "cmd.h"
#include "mode_file.h"
#include "mode_save.h"
#include "save.h"

#define MODE_PAGES_MAX		512		/* bytes of all pages */
#define MODE_IDENTITY_MAX	(2 * NAME_MAX + INQUIRY_VPD_SERIAL_LEN + 3)

/**
 * struct target_mode_save - a file that is being written
 * @save: see core/save.h
 * @was: values before
 * @v: values to be
 * @flush: the cache has to be written, which was turned off
 * @data: the file
 */
struct target_mode_save {
	struct target_save		save;
	struct target_mode_values	was;
	struct target_mode_values	v;
	bool				flush;
	u8				data[TARGET_MODE_FILE_MAX];
};

static const struct target_save_kind mode_save_kind;

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
	char			name[NAME_MAX];
	ssize_t			len;
	u8			data[TARGET_MODE_FILE_MAX];
};

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
				      mode_save_kind.dir, load->name, ERR_PTR(err));
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
	bool saves;

	if (!load || !mode_load_wanted(dev) ||
	    !mode_file_name(dev, load->name, sizeof(load->name)))
		return;
	load->len = target_save_load(&mode_save_kind, load->name, load->data,
				     sizeof(load->data), &saves);
	if (saves)
		mode_load_end(dev, load);
}

/* --- MODE SELECT with SP ----------------------------------------------------------------- */

bool target_mode_save_pending(const struct se_device *dev)
{
	lockdep_assert_held(&dev->lock);
	return target_save_pending(dev, &mode_save_kind);
}

static struct target_mode_save *mode_save_of(struct target_save *save)
{
	return container_of(save, struct target_mode_save, save);
}

static void mode_save_commit(struct target_save *s, struct se_cmd *cmd)
{
	struct target_mode_saved *saved = cmd->se_dev->mode_saved;
	struct target_mode_save *save = mode_save_of(s);

	guard(mutex)(&cmd->se_dev->lock);
	saved->valid = true;
	memcpy(&saved->values, &save->v, sizeof(save->v));
	save->flush = target_mode_commit(cmd, &save->v, &save->was);
}

static void mode_save_end(struct target_save *s, struct se_cmd *cmd, int err)
{
	struct target_mode_save *save = mode_save_of(s);
	bool flush = save->flush;

	target_save_exit(s);
	kfree(save);
	if (cmd)
		target_mode_select_end(cmd, err ? TCM_INTERNAL_TARGET_FAILURE : TCM_NO_SENSE,
				       flush);
}

static const struct target_save_kind mode_save_kind = {
	.dir	= "mode",
	.commit	= mode_save_commit,
	.end	= mode_save_end,
};

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
	save->save.data = save->data;
	save->save.len = file.len;
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
	save->was = *was;
	save->v = *v;
	save->save.kind = &mode_save_kind;
	/* It was short enough when the unit was looked up. */
	mode_file_name(dev, save->save.name, sizeof(save->save.name));
	mode_save_fill(save, dev);
	why = target_save_begin(&save->save, cmd);
	if (why)
		kfree(save);
	else
		*out = save;
	return why;
}

void target_mode_save_go(struct target_mode_save *save)
{
	target_save_go(&save->save);
}
