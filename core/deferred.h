/* SPDX-License-Identifier: GPL-2.0-only */
/* Deferred errors (SPC-6 4.4.5): of what went on after its command had ended. */
#ifndef TARGET_DEFERRED_H
#define TARGET_DEFERRED_H

#include <target/target_core_base.h>

struct target_itl;
struct target_sense;

/**
 * struct target_deferred - a deferred error
 * @why: a reason with sense data
 * @info: INFORMATION
 * @info_valid: @info means something
 */
struct target_deferred {
	sense_reason_t	why;
	u64		info;
	bool		info_valid;
};

/**
 * target_deferred_set - the next command of a nexus reports an error
 * @itl: the nexus
 * @error: allocated; not the caller's any more. One that nobody asked for yet goes.
 *
 * Context: any.
 */
void target_deferred_set(struct target_itl *itl, struct target_deferred *error);

/* Fail a command with what is pending for its nexus, and forget it; or TCM_NO_SENSE. */
sense_reason_t target_deferred_fail(struct se_cmd *cmd);

/* The same for REQUEST SENSE; false if nothing is pending. */
bool target_deferred_sense(struct target_sense *sense, struct target_itl *itl);

#endif /* TARGET_DEFERRED_H */
