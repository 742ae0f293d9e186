/* SPDX-License-Identifier: GPL-2.0-only */
/* Task management functions (SAM-6 clause 7). */
#ifndef TARGET_TMR_H
#define TARGET_TMR_H

struct se_cmd;

/* A command ends with CHECK CONDITION: abort what QERR says. Context: any. */
void target_tmr_queue_error(struct se_cmd *failed);

int target_tmr_init(void);
void target_tmr_exit(void);

#endif /* TARGET_TMR_H */
