/* SPDX-License-Identifier: GPL-2.0-only */
/* /sys/kernel/debug/target_core: what configfs has no room for. */
#ifndef TARGET_DEBUGFS_H
#define TARGET_DEBUGFS_H

/* Without debugfs there is nothing to see and nothing fails. */
void target_debugfs_init(void);
void target_debugfs_exit(void);

#endif /* TARGET_DEBUGFS_H */
