/* SPDX-License-Identifier: GPL-2.0-only */
/* Task management functions (SAM-6 clause 7). */
#ifndef TARGET_TMR_H
#define TARGET_TMR_H

#include <linux/types.h>

struct se_cmd;
struct se_device;
struct target_itl;

typedef bool (*target_tmr_match_t)(struct se_cmd *cmd, const void *data, bool *tas);

/**
 * target_tmr_abort - take commands back
 * @tmr: for @match: the request
 * @dev: the logical unit
 * @match: which
 * @function: enum tcm_tmreq_table, for the backstore
 * @count: set to the number of commands found
 *
 * Context: process; waits.
 * Return: true if all are gone, false after the time limit.
 */
bool target_tmr_abort(const void *tmr, struct se_device *dev, target_tmr_match_t match,
		      u8 function, unsigned int *count);

/**
 * struct target_tmf - a task management function
 * @name: as the standard writes it
 * @function: enum tcm_tmreq_table
 * @needs_lun: it is addressed to a logical unit
 * @byte: of REPORT SUPPORTED TASK MANAGEMENT FUNCTIONS' data; @bit is 0 if it has none
 * @bit: in it
 * @run: does it; process context, may sleep; returns enum tcm_tmrsp_table
 */
struct target_tmf {
	const char	*name;
	u8		function;
	bool		needs_lun;
	u8		byte;
	u8		bit;
	u8		(*run)(struct se_cmd *tmr);
};

/* All that there are. */
extern const struct target_tmf target_tmfs[];
extern const unsigned int target_tmf_count;

/* A command ends with CHECK CONDITION: abort what QERR says. Context: any. */
void target_tmr_queue_error(struct se_cmd *failed);

/*
 * A nexus is going, and its commands have not gone yet: none waits for an ACA condition,
 * which nobody may come to clear. Its own is cleared; if another nexus has one, what runs
 * of this nexus ends as aborted, and what waits ends now. Context: any.
 */
void target_tmr_nexus_goes(struct target_itl *itl);

int target_tmr_init(void);
void target_tmr_exit(void);

#endif /* TARGET_TMR_H */
