/* SPDX-License-Identifier: GPL-2.0-only */
/* Task management functions (SAM-6 clause 7). */
#ifndef TARGET_TMR_H
#define TARGET_TMR_H

#include <linux/types.h>

struct se_cmd;
struct se_device;

typedef bool (*target_tmr_match_t)(struct se_cmd *cmd, const void *data, bool *tas);

/**
 * target_tmr_abort - take commands back
 * @tmr: for @match: the request
 * @dev: the logical unit
 * @match: which
 * @count: set to the number of commands found
 *
 * Context: process; waits.
 * Return: true if all are gone, false after the time limit.
 */
bool target_tmr_abort(const void *tmr, struct se_device *dev, target_tmr_match_t match,
		      unsigned int *count);

/* A command ends with CHECK CONDITION: abort what QERR says. Context: any. */
void target_tmr_queue_error(struct se_cmd *failed);

int target_tmr_init(void);
void target_tmr_exit(void);

#endif /* TARGET_TMR_H */
