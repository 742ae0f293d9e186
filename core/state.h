/* SPDX-License-Identifier: GPL-2.0-only */
/* Files that keep what must outlive the module, each whole or not at all. */
#ifndef TARGET_STATE_H
#define TARGET_STATE_H

#include <linux/types.h>

struct work_struct;

/* Where they lie, no trailing slash: target/dbroot (core/configfs.c); stays while a device does. */
const char *target_dbroot(void);

/* All of these sleep, for as long as the filesystem likes: on target_state_wq only. */

/* Is there such a directory? */
bool target_state_dir_exists(const char *dir);

/**
 * target_state_write - write the file that is to replace another, and make it durable
 * @dir: absolute path of the directory
 * @name: of the other file; one component, not beginning with a dot
 * @data: @len bytes
 * @len: length
 *
 * The new one has the same name with a dot before it. The other is untouched.
 * Return: 0 or -errno.
 */
int target_state_write(const char *dir, const char *name, const void *data, size_t len);

/* Put what target_state_write() has written in the place of @name, durably. */
int target_state_replace(const char *dir, const char *name);

/* Bytes read, all there are; -ENOENT; -EFBIG if it has more than @size; other -errno. */
ssize_t target_state_read(const char *dir, const char *name, void *data, size_t size);

/* Run a work function where these may be called, as the host's init sees files, and wait. */
void target_state_run(struct work_struct *work);

int target_state_init(void);
void target_state_exit(void);

extern struct workqueue_struct *target_state_wq;

#endif /* TARGET_STATE_H */
