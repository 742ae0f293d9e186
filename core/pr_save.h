/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The file that a unit's registrations survive in (APTPL): "pr/aptpl_" and its serial
 * number, below dbroot. A unit without a serial number, or without that directory, cannot.
 */
#ifndef TARGET_PR_SAVE_H
#define TARGET_PR_SAVE_H

#include "pr.h"

struct target_pr_save;

/**
 * target_pr_load - power on: what has survived is the state
 * @dev: configured, about to be exported
 *
 * Once; again only after the serial number has changed. If the file cannot be read or is
 * none, they are lost, and a notice says so: with emulate_pr_lost until an initiator
 * replaces them (SPC-6 5.14.5.3), else it is as good as none. May sleep; no lock held.
 */
void target_pr_load(struct se_device *dev);

/*
 * A registration that userspace has read from such a file, as text; it is cut up. 0;
 * -EINVAL if it is wrong, or while the unit is exported; -ENOMEM.
 */
int target_pr_load_text(struct se_device *dev, char *text);

/* Does a command wait for the file? */
bool target_pr_save_pending(const struct se_device *dev);

/* Must the file be written before this is the state? The lock of reservations is held. */
bool target_pr_save_is_due(const struct se_device *dev, const struct target_pr_state *now);

/*
 * Prepare to write it and to commit @change then, which is the save's from now on. The
 * lock of reservations is held. @save: what target_pr_save_go() wants.
 */
sense_reason_t target_pr_save_begin(struct se_cmd *cmd, struct target_pr_change *change,
				    struct target_pr_save **save);

/* Write it, commit and end the command; core/save.h says when not. No lock held. */
void target_pr_save_go(struct target_pr_save *save);

#endif /* TARGET_PR_SAVE_H */
