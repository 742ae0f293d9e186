// SPDX-License-Identifier: GPL-2.0-only
#include <linux/err.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include "cmd.h"
#include "pr_save.h"
#include "pr_text.h"
#include "reserve.h"
#include "save.h"

#define PR_FILE_USUAL	SZ_64K
#define PR_FILE_MAX	SZ_8M	/* of TARGET_PR_MAX registrations */

/**
 * struct target_pr_save - a file that is being written
 * @save: see core/save.h
 * @change: what it commits
 */
struct target_pr_save {
	struct target_save	save;
	struct target_pr_change	change;
};

static const struct target_save_kind pr_save_kind;

/* One byte is left for the dot of the new file. */
static bool pr_file_name(const char *serial, char *name, size_t size)
{
	return serial[0] && !strchr(serial, '/') &&
	       snprintf(name, size, "aptpl_%s", serial) < size;
}

/* --- at power on ------------------------------------------------------------------------- */

struct pr_load {
	char	serial[INQUIRY_VPD_SERIAL_LEN];
	char	name[NAME_MAX];
	bool	saves;
	bool	lost;	/* there is something, and it says nothing */
	char	*file;	/* with a NUL behind it */
	ssize_t	len;
};

/* Nobody uses it, and it has not been looked up already. */
static bool pr_load_is_due(const struct se_device *dev)
{
	const char *known = dev->reservations.serial;

	lockdep_assert_held(&dev->lock);
	return !dev->export_count && !(known && !strcmp(known, dev->t10_wwn.unit_serial));
}

static bool pr_load_wanted(struct se_device *dev, struct pr_load *load)
{
	guard(mutex)(&dev->lock);
	strscpy(load->serial, dev->t10_wwn.unit_serial, sizeof(load->serial));
	return pr_load_is_due(dev);
}

static void pr_load_read(struct pr_load *load, size_t size)
{
	kvfree(load->file);
	load->file = kvmalloc(size + 1, GFP_KERNEL);
	if (!load->file) {
		load->len = -ENOMEM;
		return;
	}
	load->len = target_save_load(&pr_save_kind, load->name, load->file, size, &load->saves);
	load->file[max_t(ssize_t, load->len, 0)] = 0;
}

static struct target_pr_state *pr_load_parse(struct pr_load *load)
{
	struct target_pr_state *state;

	if (load->len < 0)
		state = ERR_PTR(load->len);
	else
		state = target_pr_text_parse(load->file, load->len);
	if (!IS_ERR(state))
		return state;
	load->lost = state != ERR_PTR(-ENOENT);
	if (load->lost)
		pr_notice_ratelimited("%s/%s: registrations that should have survived are lost (%pe)\n",
				      pr_save_kind.dir, load->name, state);
	return NULL;
}

static void pr_load_end(struct se_device *dev, struct pr_load *load)
{
	struct target_reservations *r = &dev->reservations;
	struct target_pr_state *state = load->saves ? pr_load_parse(load) : NULL;
	char *serial = kstrdup(load->serial, GFP_KERNEL);

	guard(mutex)(&dev->lock);
	guard(mutex)(&r->lock);
	/* Beside what userspace has read of it, the file itself counts. */
	if (pr_load_is_due(dev)) {
		kfree(r->serial);
		r->serial = serial;
		WRITE_ONCE(r->saves, serial && load->saves);
		r->on_file = load->len > 0 || load->lost;
		/* Unless userspace knows better. */
		r->lost = load->lost && !r->state;
		serial = NULL;
		if (state && state->count)
			swap(state, r->state);
	}
	target_pr_state_free(state);
	kfree(serial);
}

void target_pr_load(struct se_device *dev)
{
	struct pr_load *load __free(kfree) = kzalloc(sizeof(*load), GFP_KERNEL);

	if (!load || !pr_load_wanted(dev, load))
		return;
	if (pr_file_name(load->serial, load->name, sizeof(load->name))) {
		pr_load_read(load, PR_FILE_USUAL);
		if (load->len == -EFBIG)
			pr_load_read(load, PR_FILE_MAX);
	}
	pr_load_end(dev, load);
	kvfree(load->file);
}

int target_pr_load_text(struct se_device *dev, char *text)
{
	struct target_reservations *r = &dev->reservations;
	struct target_pr_state *now;
	struct target_pr_text one;
	int err = target_pr_text_parse_one(text, &one);

	if (err)
		return err;
	guard(mutex)(&dev->lock);
	if (dev->export_count)
		return -EINVAL;
	guard(mutex)(&r->lock);
	now = target_pr_text_add(r->state, &one);
	if (IS_ERR(now))
		return PTR_ERR(now);
	target_pr_state_free(r->state);
	r->state = now;
	return 0;
}

/* --- PERSISTENT RESERVE OUT -------------------------------------------------------------- */

bool target_pr_save_pending(const struct se_device *dev)
{
	return target_save_pending(dev, &pr_save_kind);
}

/* What no longer survives is taken out of it. */
bool target_pr_save_is_due(const struct se_device *dev, const struct target_pr_state *now)
{
	const struct target_reservations *r = &dev->reservations;

	lockdep_assert_held(&r->lock);
	return r->saves && (now->aptpl || r->on_file);
}

static struct target_pr_save *pr_save_of(struct target_save *save)
{
	return container_of(save, struct target_pr_save, save);
}

static void pr_save_free(struct target_pr_save *save)
{
	target_save_exit(&save->save);
	kvfree(save->save.data);
	kfree(save);
}

static void pr_save_commit(struct target_save *s, struct se_cmd *cmd)
{
	struct target_reservations *r = &cmd->se_dev->reservations;
	struct target_pr_save *save = pr_save_of(s);
	const struct target_pr_state *now = save->change.now;

	guard(mutex)(&r->lock);
	r->on_file = now->aptpl && now->count;
	target_reservations_commit(cmd->se_dev, &save->change);
}

static void pr_save_end(struct target_save *s, struct se_cmd *cmd, int err)
{
	struct target_pr_save *save = pr_save_of(s);
	struct target_pr_change change = save->change;

	pr_save_free(save);
	if (cmd && !err) {
		target_reservations_done(cmd, &change);
		return;
	}
	target_pr_change_end(&change);
	if (cmd)
		target_cmd_done(cmd, TCM_INTERNAL_TARGET_FAILURE);
}

static const struct target_save_kind pr_save_kind = {
	.dir	= "pr",
	.commit	= pr_save_commit,
	.end	= pr_save_end,
};

/* As long as it comes to be. */
static bool pr_save_fill(struct target_pr_save *save, const struct target_pr_state *now)
{
	struct target_buf b;
	void *data;

	target_buf_init(&b, NULL, 0);
	target_pr_text_build(&b, now);
	data = kvmalloc(b.len, GFP_KERNEL);
	if (!data)
		return false;
	target_buf_init(&b, data, b.len);
	target_pr_text_build(&b, now);
	save->save.data = data;
	save->save.len = b.len;
	return true;
}

sense_reason_t target_pr_save_begin(struct se_cmd *cmd, struct target_pr_change *change,
				    struct target_pr_save **out)
{
	struct target_reservations *r = &cmd->se_dev->reservations;
	struct target_pr_save *save = kzalloc(sizeof(*save), GFP_KERNEL);
	sense_reason_t why = TCM_OUT_OF_RESOURCES;

	lockdep_assert_held(&r->lock);
	if (!save)
		return why;
	save->save.kind = &pr_save_kind;
	/* It was short enough when the unit was looked up. */
	pr_file_name(r->serial, save->save.name, sizeof(save->save.name));
	if (pr_save_fill(save, change->now))
		why = target_save_begin(&save->save, cmd);
	if (why) {
		pr_save_free(save);
		return why;
	}
	/* If it comes to nothing, what is there then is not known. */
	r->on_file = true;
	save->change = *change;
	*change = (struct target_pr_change){ };
	*out = save;
	return TCM_NO_SENSE;
}

void target_pr_save_go(struct target_pr_save *save)
{
	target_save_go(&save->save);
}
