/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Files below dbroot that a command writes, and the commands that wait for them.
 *
 * The file is written first, on a workqueue where a filesystem may take its time;
 * then what it says takes effect and the command ends.  Beside the writer runs a watch,
 * that ends the command when the time is up or when it was aborted: a writer that
 * finds its command gone leaves the file as it is.  It has all that it needs, for
 * the unit may be gone as well, and until it ends nobody else writes that file.
 */
#ifndef TARGET_SAVE_H
#define TARGET_SAVE_H

#include <linux/limits.h>
#include <target/target_core_base.h>

struct target_save;

/**
 * struct target_save_kind - what a kind of file is for
 * @dir: directory below dbroot; who makes it lets initiators write there
 * @commit: the file is safe: what it says takes effect
 * @end: nothing waits for it any more: free it; end @cmd, if it is not NULL, with an error
 *	if @err is one
 *
 * Both are called by the writer: process context, no lock held.
 */
struct target_save_kind {
	const char	*dir;
	void		(*commit)(struct target_save *save, struct se_cmd *cmd);
	void		(*end)(struct target_save *save, struct se_cmd *cmd, int err);
};

/**
 * struct target_save - a file that is being written
 * @kind: set by whoever makes it, as are @name, @data and @len
 * @name: of the file
 * @data: @len bytes
 * @len: length
 */
struct target_save {
	const struct target_save_kind	*kind;
	char				name[NAME_MAX];
	const void			*data;
	u32				len;

	/* private: core/save.c */
	struct list_head		node;		/* in the list of them */
	struct se_cmd			*cmd;		/* until someone takes it to end it */
	struct se_device		*dev;		/* stays as long as the command */
	unsigned long			deadline;	/* jiffies */
	struct work_struct		write;		/* the writer */
	struct delayed_work		watch;		/* looks at cmd; the writer stops it */
	char				*path;		/* of the directory */
};

/**
 * target_save_begin - a command is about to write a file
 * @save: to be written; still the caller's if this fails
 * @cmd: the command
 *
 * Context: process. Return: %TCM_NO_SENSE; %TCM_LUN_BUSY while another command writes it;
 * or why it cannot be written.
 */
sense_reason_t target_save_begin(struct target_save *save, struct se_cmd *cmd);

/*
 * Write it, commit and end the command; or end it with an error after a while, or when
 * it was aborted, with nothing committed. No lock held.
 */
void target_save_go(struct target_save *save);

/* Does a command of this unit wait for a file of this kind? */
bool target_save_pending(const struct se_device *dev, const struct target_save_kind *kind);

/* In the end function: what it holds by itself. */
void target_save_exit(struct target_save *save);

/**
 * target_save_load - read a file of this kind
 * @kind: the kind
 * @name: of the file
 * @data: @size bytes
 * @size: size
 * @saves: set to whether there is a directory for it
 *
 * Context: process, no lock held; as long as the filesystem likes.
 * Return: bytes read, or -errno as target_state_read().
 */
ssize_t target_save_load(const struct target_save_kind *kind, const char *name, void *data,
			 size_t size, bool *saves);

#endif /* TARGET_SAVE_H */
