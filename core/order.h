/* SPDX-License-Identifier: GPL-2.0-only */
/* Task sets: SIMPLE, ORDERED and HEAD OF QUEUE (SAM-6 8.6). */
#ifndef TARGET_ORDER_H
#define TARGET_ORDER_H

#include <target/target_core_base.h>

void target_task_set_init(struct se_device *dev);

void target_task_set_nexus_init(struct target_itl *itl);

/**
 * target_task_set_configure - as the control mode page says (SPC-6 7.5.10)
 * @dev: the device
 * @per_nexus: TST 001b: each I_T nexus has a task set of its own
 * @restricted: QUEUE ALGORITHM MODIFIER 0h: SIMPLE commands that write keep their order
 *
 * Commands that have entered are where they are; who enters now meets the new rules.
 * Context: any.
 */
void target_task_set_configure(struct se_device *dev, bool per_nexus, bool restricted);

/* The set that a command enters, or has entered; the lock is held. */
struct target_task_set *target_task_set_of(const struct se_cmd *cmd);

/* Something has changed that makes commands take the lock, or not any more; it is held. */
void target_task_set_update(struct se_device *dev);

/* The device has no command left; waits for the work item, which has nothing to do. */
void target_task_set_exit(struct se_device *dev);

/**
 * target_task_set_enter - may a command run, in view of the others?
 * @cmd: on its device's live list, state NEW or WAIT_DATA
 *
 * A command enters the task set when its data is in memory; that is the order
 * that ORDERED means.
 *
 * Context: any.
 * Return: true when it runs now and is EXECUTING; false when the task set has
 * it (BLOCKED) and will run it later, or when it was refused and has ended.
 */
bool target_task_set_enter(struct se_cmd *cmd);

/**
 * target_task_set_leave - a command that others may wait for has ended
 * @cmd: DONE
 * @word: its state word
 *
 * Called for commands with %TARGET_CMD_OLDER, for ORDERED and for ACA ones. Context: any.
 */
void target_task_set_leave(struct se_cmd *cmd, unsigned int word);

/* What an ACA condition held back goes on; the lock is held. */
void target_task_set_resume(struct se_device *dev);

/**
 * target_task_set_abort - mark commands as aborted
 * @dev: the device
 * @match: which ones, and whether their initiators are told (*tas)
 * @data: for @match
 * @taken: gets the BLOCKED ones, by se_cmd::blocked; they are DONE and the
 *	caller ends each with target_cmd_finish()
 *
 * Every matching command is marked %TARGET_CMD_WATCHED, and %TARGET_CMD_ABORTED
 * unless it has a status already; its owner ends it.
 *
 * Context: any.
 * Return: number of commands that match.
 */
unsigned int target_task_set_abort(struct se_device *dev,
				   bool (*match)(struct se_cmd *cmd, const void *data, bool *tas),
				   const void *data, struct list_head *taken);

/* Is a command that matches and is WATCHED still there? Context: any. */
bool target_task_set_watched(struct se_device *dev,
			     bool (*match)(struct se_cmd *cmd, const void *data, bool *tas),
			     const void *data);

#endif /* TARGET_ORDER_H */
