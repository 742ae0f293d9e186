/* SPDX-License-Identifier: GPL-2.0-only */
/* The limits of a medium that is in use, which change without a word. */
#ifndef TARGET_FOLLOW_H
#define TARGET_FOLLOW_H

#include <target/target_core_backend.h>

/* Before anyone sees @dev. */
void target_follow_alloc(struct se_device *dev);

/*
 * Look at the medium once a second, if its backstore has a read_limits hook; look no more,
 * which waits for the one who does. Nothing held; may sleep.
 */
void target_follow_start(struct se_device *dev);
void target_follow_stop(struct se_device *dev);

int target_follow_init(void);
void target_follow_exit(void);

#endif /* TARGET_FOLLOW_H */
