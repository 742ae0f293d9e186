// SPDX-License-Identifier: GPL-2.0-only
#include <linux/completion.h>
#include <linux/jiffies.h>
#include <linux/kref.h>
#include <linux/kstrtox.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/workqueue.h>
#include "alua_md.h"
#include "state.h"
#include "tpg.h"

#define ALUA_FILE_TIMEOUT	(15 * HZ)	/* for all that change together */

/* --- text -------------------------------------------------------------------------------- */

struct alua_line {
	const char	*key;
	bool		hex;
	u16		max;
	u8		offset;
	bool		wide;
};

#define ALUA_LINE(_key, _hex, _max, _field) {				\
	.key = (_key), .hex = (_hex), .max = (_max),			\
	.offset = offsetof(struct target_alua_text, _field),		\
	.wide = sizeof_field(struct target_alua_text, _field) == 2,	\
}

static const struct alua_line alua_gp_lines[] = {
	ALUA_LINE("tg_pt_gp_id", false, U16_MAX, id),
	ALUA_LINE("alua_access_state", true, TARGET_ALUA_TRANSITION, state),
	ALUA_LINE("alua_access_status", true, TARGET_ALUA_STATUS_IMPLICIT, status),
};

static const struct alua_line alua_lun_lines[] = {
	ALUA_LINE("alua_tg_pt_offline", false, 1, state),
	ALUA_LINE("alua_tg_pt_status", true, TARGET_ALUA_STATUS_IMPLICIT, status),
};

static unsigned int alua_lines(bool lun, const struct alua_line **lines)
{
	*lines = lun ? alua_lun_lines : alua_gp_lines;
	return lun ? ARRAY_SIZE(alua_lun_lines) : ARRAY_SIZE(alua_gp_lines);
}

unsigned int target_alua_text_build(char *text, bool lun, const struct target_alua_text *what)
{
	const struct alua_line *lines;
	unsigned int i, n = alua_lines(lun, &lines), len = 0;

	for (i = 0; i < n; i++) {
		const void *field = (const u8 *)what + lines[i].offset;
		unsigned int value = lines[i].wide ? *(const u16 *)field : *(const u8 *)field;

		len += scnprintf(text + len, TARGET_ALUA_TEXT - len,
				 lines[i].hex ? "%s=0x%02x\n" : "%s=%u\n", lines[i].key, value);
	}
	return len;
}

static int alua_take_value(const struct alua_line *line, const char *value,
			   struct target_alua_text *what)
{
	void *field = (u8 *)what + line->offset;
	u16 number;

	if (kstrtou16(value, 0, &number) || number > line->max)
		return -EBADMSG;
	if (line->wide)
		*(u16 *)field = number;
	else
		*(u8 *)field = number;
	return 0;
}

/* The line's number, or -EBADMSG. */
static int alua_take_line(bool lun, char *text, struct target_alua_text *what)
{
	const struct alua_line *lines;
	unsigned int i, n = alua_lines(lun, &lines);
	char *key = strsep(&text, "=");

	if (!text)
		return -EBADMSG;
	for (i = 0; i < n; i++)
		if (!strcmp(lines[i].key, key))
			return alua_take_value(&lines[i], text, what) ?: i;
	return -EBADMSG;
}

int target_alua_text_parse(char *text, bool lun, struct target_alua_text *what)
{
	const struct alua_line *lines;
	unsigned int n = alua_lines(lun, &lines), seen = 0;
	char *line;

	while ((line = strsep(&text, "\n"))) {
		int i;

		if (!*line && !text)
			break;	/* after the last newline */
		i = alua_take_line(lun, line, what);
		if (i < 0 || seen & BIT(i))
			return -EBADMSG;
		seen |= BIT(i);
	}
	return seen == BIT(n) - 1 ? 0 : -EBADMSG;
}

/* --- files ------------------------------------------------------------------------------- */

/**
 * struct target_alua_file - a file to write or to read
 * @ref: who waits, and the work
 * @node: on a list of those that change together
 * @work: writes or reads it
 * @done: it has
 * @err: then 0 or -errno
 * @lun: it is a LUN's
 * @dir: directory, allocated with @name
 * @name: of the file
 * @len: of @text
 * @text: what is in it
 */
struct target_alua_file {
	struct kref		ref;
	struct list_head	node;
	struct work_struct	work;
	struct completion	done;
	int			err;
	bool			lun;
	char			*dir;
	char			*name;
	unsigned int		len;
	char			text[TARGET_ALUA_TEXT];
};

static void alua_file_release(struct kref *ref)
{
	struct target_alua_file *file = container_of(ref, struct target_alua_file, ref);

	kfree(file->dir);
	kfree(file->name);
	kfree(file);
}

static void alua_file_put(struct target_alua_file *file)
{
	kref_put(&file->ref, alua_file_release);
}

/* One component of a path, that no other file of the directory is mistaken for. */
static bool alua_name_ok(const char *name)
{
	size_t len = strlen(name);

	return len && len < NAME_MAX && name[0] != '.' && !strchr(name, '/');
}

/* Takes over @dir and @name, which may be NULL. */
static void alua_file_add(struct list_head *files, bool lun, char *dir, char *name,
			  const struct target_alua_text *what)
{
	struct target_alua_file *file = kzalloc(sizeof(*file), GFP_ATOMIC);

	if (!file || !dir || !name || !alua_name_ok(name)) {
		kfree(file);
		kfree(dir);
		kfree(name);
		return;
	}
	kref_init(&file->ref);
	init_completion(&file->done);
	file->lun = lun;
	file->dir = dir;
	file->name = name;
	file->len = target_alua_text_build(file->text, lun, what);
	list_add_tail(&file->node, files);
}

void target_alua_file_add_gp(struct list_head *files, struct target_tg_pt_gp *gp)
{
	const struct target_alua_text what = {
		.id = gp->id, .state = gp->state, .status = gp->status,
	};
	const char *serial = gp->dev->t10_wwn.unit_serial;

	lockdep_assert_held(&gp->dev->lun_lock);
	if (!serial[0] || strchr(serial, '/'))
		return;
	alua_file_add(files, false,
		      kasprintf(GFP_ATOMIC, "%s/alua/tpgs_%s", target_dbroot(), serial),
		      kstrdup(gp->name, GFP_ATOMIC), &what);
}

void target_alua_file_add_lun(struct list_head *files, struct se_lun *lun)
{
	const struct target_alua_text what = {
		.state = lun->alua_offline, .status = lun->alua_status,
	};
	struct se_portal_group *tpg = lun->lun_tpg;

	alua_file_add(files, true,
		      kasprintf(GFP_ATOMIC, "%s/alua/%s/%s+%u", target_dbroot(),
				tpg->se_tpg_tfo->fabric_name, target_tpg_wwn(tpg),
				target_tpg_tag(tpg)),
		      kasprintf(GFP_ATOMIC, "lun_%llu", lun->unpacked_lun), &what);
}

static void alua_file_end(struct target_alua_file *file, int err)
{
	file->err = err;
	complete(&file->done);
	alua_file_put(file);
}

static void alua_write_work(struct work_struct *work)
{
	struct target_alua_file *file = container_of(work, struct target_alua_file, work);
	int err = target_state_write(file->dir, file->name, file->text, file->len);

	if (!err)
		err = target_state_replace(file->dir, file->name);
	if (err)
		pr_notice_ratelimited("%s/%s: access state not saved (%pe)\n", file->dir,
				      file->name, ERR_PTR(err));
	alua_file_end(file, err);
}

static void alua_read_work(struct work_struct *work)
{
	struct target_alua_file *file = container_of(work, struct target_alua_file, work);
	ssize_t len = target_state_read(file->dir, file->name, file->text,
					sizeof(file->text) - 1);

	if (len >= 0)
		file->text[len] = '\0';
	alua_file_end(file, min_t(ssize_t, len, 0));
}

static void alua_file_start(struct target_alua_file *file, work_func_t fn)
{
	kref_get(&file->ref);
	INIT_WORK(&file->work, fn);
	queue_work(target_state_wq, &file->work);
}

void target_alua_files_write(struct list_head *files)
{
	struct target_alua_file *file, *tmp;
	unsigned long left = ALUA_FILE_TIMEOUT;

	list_for_each_entry(file, files, node)
		alua_file_start(file, alua_write_work);
	list_for_each_entry_safe(file, tmp, files, node) {
		left = wait_for_completion_timeout(&file->done, left);
		list_del(&file->node);
		alua_file_put(file);
	}
}

int target_alua_files_read(struct list_head *files, struct target_alua_text *what)
{
	struct target_alua_file *file = list_first_entry_or_null(files, struct target_alua_file,
								 node);
	int err = -ETIMEDOUT;

	if (!file)
		return -ENOENT;
	alua_file_start(file, alua_read_work);
	if (wait_for_completion_timeout(&file->done, ALUA_FILE_TIMEOUT))
		err = file->err ?: target_alua_text_parse(file->text, file->lun, what);
	list_del(&file->node);
	alua_file_put(file);
	return err;
}
