/* SPDX-License-Identifier: GPL-2.0-only */
/* Commands that run later than they could: nobody waits for them. */
#ifndef TARGET_DELAY_H
#define TARGET_DELAY_H

#include <target/target_core_base.h>

void target_delays_init(struct se_device *dev);

/* The device has no command left. */
void target_delays_exit(struct se_device *dev);

/**
 * target_delay_start - run a command after a while
 * @cmd: EXECUTING, with nothing done yet; the caller's no longer
 * @msecs: so many milliseconds
 *
 * It goes through the gates again then. Context: any.
 */
void target_delay_start(struct se_cmd *cmd, u32 msecs);

/* Run those at once that were aborted meanwhile. Context: any. */
void target_delays_wake_aborted(struct se_device *dev);

#endif /* TARGET_DELAY_H */
