// SPDX-License-Identifier: GPL-2.0-only
/* since 6.19; VFS: add start_renaming() and end_renaming() */
#include <linux/fs.h>
#include <linux/namei.h>

extern int (*const probe_start)(struct renamedata *, int, struct qstr *, struct qstr *);
int (*const probe_start)(struct renamedata *, int, struct qstr *, struct qstr *) = start_renaming;
