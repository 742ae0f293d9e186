/* SPDX-License-Identifier: GPL-2.0-only */
/* Persistent reservations that are the medium's own, and not the core's. */
#ifndef TARGET_PR_PASS_H
#define TARGET_PR_PASS_H

#include <target/target_core_base.h>

/* Could a unit have them? */
bool target_pr_pass_can(const struct se_device *dev);

/* Has it? Then what it has can be changed; and read? */
bool target_pr_pass_on(const struct se_device *dev);
bool target_pr_pass_reads(const struct se_device *dev);

/* PERSISTENT RESERVE IN and OUT of such a unit; the end of an execute function. */
sense_reason_t target_pr_pass(struct se_cmd *cmd);

#endif /* TARGET_PR_PASS_H */
