// SPDX-License-Identifier: GPL-2.0-only
/*
 * Files below dbroot.  A file is written beside the one it replaces, made durable,
 * and renamed over it: whoever reads finds the old one or the new one, also after
 * the power has failed.  A workqueue of their own: a filesystem that hangs holds up
 * nothing else, and files are those of the first mount namespace, whoever asks.
 */
#include <linux/file.h>
#include <linux/slab.h>
#include <linux/workqueue.h>
#include <compat/compat_rename.h>
#include "state.h"

struct workqueue_struct *target_state_wq;

static struct file *state_open_dir(const char *dir)
{
	return filp_open(dir, O_RDONLY | O_DIRECTORY, 0);
}

bool target_state_dir_exists(const char *dir)
{
	struct file *file = state_open_dir(dir);

	if (IS_ERR(file))
		return false;
	filp_close(file, NULL);
	return true;
}

/* No symbolic link, no FIFO that never opens: what lies there may be anything. */
static struct file *state_open(struct file *dir, const char *name, int flags)
{
	struct file *file = file_open_root(&dir->f_path, name,
					   flags | O_NOFOLLOW | O_NONBLOCK, 0600);

	if (IS_ERR(file) || S_ISREG(file_inode(file)->i_mode))
		return file;
	filp_close(file, NULL);
	return ERR_PTR(-EINVAL);
}

static int state_write_file(struct file *file, const void *data, size_t len)
{
	loff_t pos = 0;

	while (pos < len) {
		ssize_t done = kernel_write(file, data + pos, len - pos, &pos);

		if (done <= 0)
			return done ?: -EIO;
	}
	return vfs_fsync(file, 0);
}

static int state_write_in(struct file *dir, const char *name, const void *data, size_t len)
{
	struct file *file = state_open(dir, name, O_WRONLY | O_CREAT | O_TRUNC);
	int err, close_err;

	if (IS_ERR(file))
		return PTR_ERR(file);
	err = state_write_file(file, data, len);
	close_err = filp_close(file, NULL);
	return err ?: close_err;
}

static char *state_new_name(const char *name)
{
	return kasprintf(GFP_KERNEL, ".%s", name);
}

int target_state_write(const char *dir, const char *name, const void *data, size_t len)
{
	char *new __free(kfree) = state_new_name(name);
	struct file *in;
	int err;

	if (!new)
		return -ENOMEM;
	in = state_open_dir(dir);
	if (IS_ERR(in))
		return PTR_ERR(in);
	err = state_write_in(in, new, data, len);
	filp_close(in, NULL);
	return err;
}

static int state_replace_in(struct file *dir, const char *new, const char *name)
{
	int err = mnt_want_write_file(dir);

	if (err)
		return err;
	err = compat_rename(dir, new, name);
	mnt_drop_write_file(dir);
	return err ?: vfs_fsync(dir, 0);
}

int target_state_replace(const char *dir, const char *name)
{
	char *new __free(kfree) = state_new_name(name);
	struct file *in;
	int err;

	if (!new)
		return -ENOMEM;
	in = state_open_dir(dir);
	if (IS_ERR(in))
		return PTR_ERR(in);
	err = state_replace_in(in, new, name);
	filp_close(in, NULL);
	return err;
}

static ssize_t state_read_file(struct file *file, void *data, size_t size)
{
	loff_t pos = 0;
	char more;

	while (pos < size) {
		ssize_t done = kernel_read(file, data + pos, size - pos, &pos);

		if (done < 0)
			return done;
		if (!done)
			return pos;
	}
	return kernel_read(file, &more, 1, &pos) ? -EFBIG : size;
}

ssize_t target_state_read(const char *dir, const char *name, void *data, size_t size)
{
	struct file *in = state_open_dir(dir), *file;
	ssize_t len;

	if (IS_ERR(in))
		return PTR_ERR(in);
	file = state_open(in, name, O_RDONLY);
	filp_close(in, NULL);
	if (IS_ERR(file))
		return PTR_ERR(file);
	len = state_read_file(file, data, size);
	filp_close(file, NULL);
	return len;
}

void target_state_run(struct work_struct *work)
{
	queue_work(target_state_wq, work);
	flush_work(work);
}

int target_state_init(void)
{
	/* Not for memory reclaim: nobody who frees memory waits for it. */
	target_state_wq = alloc_workqueue("target_state", WQ_UNBOUND, 0);
	return target_state_wq ? 0 : -ENOMEM;
}

void target_state_exit(void)
{
	destroy_workqueue(target_state_wq);
}
