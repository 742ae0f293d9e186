/* SPDX-License-Identifier: GPL-2.0-only */
/* A unit's reservations, and what they mean to its nexuses. */
#ifndef TARGET_RESERVE_H
#define TARGET_RESERVE_H

#include "cdb.h"
#include "itl.h"
#include "pr.h"

void target_reservations_init(struct se_device *dev);
void target_reservations_exit(struct se_device *dev);

/* A nexus comes: what does it find? Before it has commands; tpg->lock held. 0 or -ENOMEM. */
int target_reservations_admit(struct target_itl *itl);

/* It has no command left, and goes: what it has by RESERVE ends. */
void target_reservations_leave(struct target_itl *itl);

/* LOGICAL UNIT RESET: what anyone has by RESERVE ends. */
void target_reservations_reset(struct se_device *dev);

/* What nexuses may do is worked out again; the lock of reservations is taken. */
void target_reservations_publish(struct se_device *dev);

/* Is there a file that reservations survive in? */
static inline bool target_pr_saves(const struct se_device *dev)
{
	return READ_ONCE(dev->reservations.saves);
}

/* Does the unit say when they are lost, and takes REPLACE LOST RESERVATION then? */
static inline bool target_pr_replaces(const struct se_device *dev)
{
	return target_pr_saves(dev) && dev->dev_attrib.emulate_pr_lost;
}

/**
 * target_reservations_gate - is there a reservation in the way?
 * @cmd: parsed, with a nexus whose denies is not zero
 *
 * Context: any. Return: %TCM_NO_SENSE, %TCM_RESERVATION_CONFLICT or %TCM_RESERVATION_LOST.
 */
sense_reason_t target_reservations_gate(struct se_cmd *cmd);

/* The same for a copy that reads or writes through a nexus. Context: any. */
static inline bool target_reservations_deny(const struct target_itl *itl, bool write)
{
	u8 needs = TARGET_DENY_LOST | TARGET_DENY_RESERVED;

	needs |= write ? TARGET_DENY_WRITE : TARGET_DENY_READ;
	return unlikely(READ_ONCE(itl->denies) & needs);
}

/* Which denials stand in the way of a CDB that has this access. */
u8 target_access_needs(enum target_cdb_access access, const u8 *cdb);

/**
 * target_reservations_change - run PERSISTENT RESERVE OUT
 * @cmd: the command; not the caller's any more unless this fails
 * @rq: what it asks for
 * @change: gets the field in error
 *
 * Context: process. Return: %TCM_NO_SENSE, or why it fails.
 */
sense_reason_t target_reservations_change(struct se_cmd *cmd, struct target_pr_request *rq,
					  struct target_pr_change *change);

/*
 * The state that @change has made is the unit's from now on, and all who are to hear of it
 * do; @change keeps the one before. The lock is held.
 */
void target_reservations_commit(struct se_device *dev, struct target_pr_change *change);

/* What was committed is done: abort what it aborts, and end the command. Frees @change's. */
void target_reservations_done(struct se_cmd *cmd, struct target_pr_change *change);

/* The unit's target ports; kvfree() it. NULL without memory. May sleep. */
struct target_pr_ports *target_pr_ports_alloc(struct se_device *dev);

/* RESERVE and RELEASE, (6) and (10). */
sense_reason_t target_reserve(struct se_cmd *cmd);
sense_reason_t target_release(struct se_cmd *cmd);

#endif /* TARGET_RESERVE_H */
