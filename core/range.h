/* SPDX-License-Identifier: GPL-2.0-only */
/* Ranges of logical blocks that commands hold, shared or exclusive. */
#ifndef TARGET_RANGE_H
#define TARGET_RANGE_H

#include "cdb.h"

void target_ranges_init(struct se_device *dev);

/* The device has no command left. */
void target_ranges_exit(struct se_device *dev);

/* Called where target_range_enter() has found that it is not that easy. */
bool target_range_enter_slow(struct se_cmd *cmd);

/**
 * target_range_enter - may a command touch its blocks now?
 * @cmd: EXECUTING, with an I_T_L nexus
 *
 * What it needs is in its row; see enum target_cdb_range. It keeps what it gets
 * until it is DONE.
 *
 * Context: any.
 * Return: true if so; false if it waits: then it is not the caller's any more,
 * and is run again in process context when its turn has come.
 */
static inline bool target_range_enter(struct se_cmd *cmd)
{
	u8 kind = cmd->op->range;

	/* Who finds that nobody has an exclusive range sees what the last one wrote. */
	if (likely(kind != TARGET_RANGE_EXCLUSIVE && !smp_load_acquire(&cmd->se_dev->ranged)))
		return true;
	return kind == TARGET_RANGE_NONE || target_range_enter_slow(cmd);
}

/**
 * target_range_enter_exclusive - take its blocks exclusively, whatever its row says
 * @cmd: target_range_enter() has been true; it has not touched its blocks yet
 *
 * Context: process. Return: as target_range_enter().
 */
bool target_range_enter_exclusive(struct se_cmd *cmd);

/* A command with %TARGET_CMD_RANGED has ended. Context: any. */
void target_range_leave(struct se_cmd *cmd);

/* Run the commands that wait for a range and were aborted meanwhile. Context: any. */
void target_ranges_wake_aborted(struct se_device *dev);

/**
 * target_range_lock - take a range of blocks
 * @dev: the device
 * @range: first, last, exclusive and granted are set
 *
 * For what touches blocks that no row names, such as the segments of a copy.
 * Who waits for one may not hold another, of whichever device: two such could
 * wait for each other behind third ones.
 *
 * Context: any.
 * Return: true if it is held now; false if others are before it: granted() is
 * called later, unless target_range_unlock() comes first.
 */
bool target_range_lock(struct se_device *dev, struct target_range *range);

/**
 * target_range_unlock - give a range back, or wait for it no longer
 * @dev: the device
 * @range: from target_range_lock()
 *
 * Context: any. On return granted() is not running and will not be called.
 */
void target_range_unlock(struct se_device *dev, struct target_range *range);

#endif /* TARGET_RANGE_H */
