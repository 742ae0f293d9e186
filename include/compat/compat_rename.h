/* SPDX-License-Identifier: GPL-2.0-only */
/* To rename a file: the newest kernel's way, and that of older ones; see compat.h. */
#ifndef TCM_COMPAT_RENAME_H
#define TCM_COMPAT_RENAME_H

#include <linux/err.h>
#include <linux/fs.h>
#include <linux/mount.h>
#include <linux/namei.h>

#ifdef TCM_HAVE_START_RENAMING

/* Both names lie in @dir, whose mount is held for writing. */
static inline int compat_rename(struct file *dir, const char *from, const char *to)
{
	struct renamedata rd = {
		.mnt_idmap = file_mnt_idmap(dir),
		.old_parent = dir->f_path.dentry,
		.new_parent = dir->f_path.dentry,
	};
	struct qstr old = QSTR(from), new = QSTR(to);
	int err = start_renaming(&rd, 0, &old, &new);

	if (err)
		return err;
	err = vfs_rename(&rd);
	end_renaming(&rd);
	return err;
}

#else

/* Idmapped mounts had user namespaces before 6.3. */
#ifdef TCM_HAVE_MNT_IDMAP
#define COMPAT_RENAME_MOUNT(dir)			\
	.old_mnt_idmap = file_mnt_idmap(dir),		\
	.new_mnt_idmap = file_mnt_idmap(dir)
#else
#define COMPAT_RENAME_MOUNT(dir)			\
	.old_mnt_userns = file_mnt_user_ns(dir),	\
	.new_mnt_userns = file_mnt_user_ns(dir)
#endif

static inline int compat_rename_dentries(struct file *dir, struct dentry *old, struct dentry *new)
{
	struct renamedata rd = {
		COMPAT_RENAME_MOUNT(dir),
		.old_dir = d_inode(dir->f_path.dentry),
		.old_dentry = old,
		.new_dir = d_inode(dir->f_path.dentry),
		.new_dentry = new,
	};

	return d_is_negative(old) ? -ENOENT : vfs_rename(&rd);
}

/* Both names lie in @dir, whose mount is held for writing. */
static inline int compat_rename(struct file *dir, const char *from, const char *to)
{
	struct dentry *parent = dir->f_path.dentry, *old, *new;
	int err;

	lock_rename(parent, parent);
	old = lookup_one_len(from, parent, strlen(from));
	err = PTR_ERR_OR_ZERO(old);
	if (err)
		goto out_unlock;
	new = lookup_one_len(to, parent, strlen(to));
	err = PTR_ERR_OR_ZERO(new);
	if (err)
		goto out_put_old;
	err = compat_rename_dentries(dir, old, new);
	dput(new);
out_put_old:
	dput(old);
out_unlock:
	unlock_rename(parent, parent);
	return err;
}

#endif /* TCM_HAVE_START_RENAMING */

#endif /* TCM_COMPAT_RENAME_H */
