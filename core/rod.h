/* SPDX-License-Identifier: GPL-2.0-only */
/* Representations of data, and the tokens that stand for them (SPC-6 5.18.6, SBC-5 4.28). */
#ifndef TARGET_ROD_H
#define TARGET_ROD_H

#include <linux/kref.h>
#include "cdb.h"
#include "databuf.h"
#include "extent.h"

#define TARGET_ROD_TOKEN		512	/* bytes of a token */
#define TARGET_ROD_MANAGEMENT		96	/* of them, a ROD management token */
#define TARGET_ROD_MAX_RANGES		64
#define TARGET_ROD_MAX_BYTES		SZ_1G
#define TARGET_ROD_DEFAULT_TIMEOUT	60	/* seconds without use */
#define TARGET_ROD_MAX_TIMEOUT		3600
#define TARGET_ROD_MAX_TOKENS		64	/* of a logical unit */

/* ROD TYPE */
#define TARGET_ROD_ANY_POINT_IN_TIME	0x0080ffff
#define TARGET_ROD_CHANGE_VULNERABLE	0x00800001
#define TARGET_ROD_ZERO			0xffff0001

/**
 * struct target_rod - data that a token represents: blocks, as long as nobody writes them
 * @ref: holders: the unit's list, copy operations
 * @node: on target_rods::list, its lock
 * @state: %TCM_NO_SENSE, or why it is not valid any more
 * @timeout: jiffies without use that end it
 * @deadline: jiffies when it ends
 * @bytes: how much it represents
 * @count: of @ranges
 * @ranges: the blocks
 * @token: what initiators know it by
 */
struct target_rod {
	struct kref		ref;
	struct list_head	node;
	sense_reason_t		state;
	unsigned long		timeout;
	unsigned long		deadline;
	u64			bytes;
	u32			count;
	struct target_extent	ranges[TARGET_ROD_MAX_RANGES];
	u8			token[TARGET_ROD_TOKEN];
};

void target_rods_init(struct se_device *dev);
/* Nobody can reach the unit any more: so its tokens end. */
void target_rods_exit(struct se_device *dev);

/**
 * target_rod_make - make a ROD and its token
 * @cmd: POPULATE TOKEN; it holds all blocks exclusively, so nothing writes meanwhile
 * @ranges: @count of them
 * @count: see @ranges
 * @seconds: inactivity timeout
 * @rod: the result, with a reference
 *
 * Context: process. Return: %TCM_NO_SENSE, %TCM_NO_ROD_TOKEN_RESOURCES, %TCM_OUT_OF_RESOURCES.
 */
sense_reason_t target_rod_make(struct se_cmd *cmd, const struct target_extent *ranges,
			       u32 count, u32 seconds, struct target_rod **rod);

/**
 * target_rod_find - the ROD of a token (SPC-6 5.18.6.5.2)
 * @cmd: the command; the ROD's unit is one of the same session
 * @token: %TARGET_ROD_TOKEN bytes, of a type that is not the zero ROD's
 * @source: the nexus of its unit, held
 * @rod: the result, with a reference; its inactivity begins anew
 *
 * Context: process. Return: %TCM_NO_SENSE or what is wrong with the token.
 */
sense_reason_t target_rod_find(struct se_cmd *cmd, const u8 *token, struct target_itl **source,
			       struct target_rod **rod);

/* NULL is allowed. Any context. */
void target_rod_put(struct target_rod *rod);

/* Is it valid? Else the reason why not. Any context. */
static inline sense_reason_t target_rod_state(const struct target_rod *rod)
{
	/* After what has been read of its blocks. */
	smp_rmb();
	return READ_ONCE(rod->state);
}

/* It ends: DEL_TKN. */
void target_rod_delete(struct se_device *dev, struct target_rod *rod);

/* How it is told to be; see target_rods_written(). */
void target_rods_cancel(struct se_device *dev, u64 first, u64 last);

/**
 * target_rods_written - blocks are about to be written
 * @dev: the unit
 * @first: first block
 * @last: last block
 *
 * Whoever calls this holds the blocks (core/range.c). Context: any.
 */
static inline void target_rods_written(struct se_device *dev, u64 first, u64 last)
{
	if (unlikely(READ_ONCE(dev->represented)))
		target_rods_cancel(dev, first, last);
}

/* The same for a command that is about to run and has its blocks. */
void target_rods_cancel_cmd(struct se_cmd *cmd);

static inline void target_rods_run(struct se_cmd *cmd)
{
	if (unlikely(READ_ONCE(cmd->se_dev->represented)) && cmd->op->gates & TARGET_GATE_WP)
		target_rods_cancel_cmd(cmd);
}

/* REPORT ALL ROD TOKENS: management tokens of those that are valid. */
void target_rods_build(struct target_buf *b, struct se_device *dev);

#endif /* TARGET_ROD_H */
