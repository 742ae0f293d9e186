/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Auto contingent allegiance (SAM-6 5.9).
 *
 * A command whose CONTROL byte has NACA set and that ends with CHECK CONDITION makes its
 * nexus the faulted one of the unit. Until that is cleared the task set stands still:
 * from the faulted nexus one command at a time runs that has the ACA attribute, everyone
 * else is sent away. There is one task set for all nexuses (TST is 0).
 */
#ifndef TARGET_ACA_H
#define TARGET_ACA_H

#include <target/target_core_base.h>

#define TARGET_CDB_NACA	0x04	/* of the CONTROL byte */

/* Where CONTROL is in a CDB of this opcode and length. */
static inline unsigned int target_cdb_control(u8 opcode, unsigned int len)
{
	return opcode == 0x7f ? 1 : len - 1;
}

/* Is it the faulted nexus of a condition? Context: any. */
bool target_aca_is_faulted(const struct target_itl *itl);

/* A command has ended with CHECK CONDITION; its sense data is built. Context: any. */
void target_aca_failed(struct se_cmd *cmd);

/**
 * target_aca_admit - does a command enter the task set?
 * @ts: the set
 * @cmd: NEW or WAIT_DATA; the task set's lock is held
 *
 * One with the ACA attribute is taken down as the one that runs.
 * Return: %TCM_NO_SENSE, or why it is refused.
 */
sense_reason_t target_aca_admit(struct target_task_set *ts, struct se_cmd *cmd);

/**
 * target_aca_clear - the condition ends
 * @dev: the unit
 * @itl: only if this nexus is the faulted one; NULL for all there are
 *
 * What the task set held back goes on. Context: any.
 * Return: false if another nexus is.
 */
bool target_aca_clear(struct se_device *dev, struct target_itl *itl);

#endif /* TARGET_ACA_H */
