/* SPDX-License-Identifier: GPL-2.0-only */
/* Power conditions of a logical unit and the presence of its medium. */
#ifndef TARGET_POWER_H
#define TARGET_POWER_H

#include "sense.h"

sense_reason_t target_power_parse_start_stop(struct se_cmd *cmd);
sense_reason_t target_power_start_stop(struct se_cmd *cmd);
sense_reason_t target_power_parse_prevent(struct se_cmd *cmd);
sense_reason_t target_power_prevent(struct se_cmd *cmd);

/* In se_device::power beside the condition: what refuses nearly all commands. */
#define TARGET_BUSY_SELF_TEST	0x100	/* foreground self-test */
#define TARGET_BUSY_FORMAT	0x200	/* FORMAT UNIT; of these see core/medium.h */
#define TARGET_BUSY_SANITIZE	0x400
#define TARGET_BUSY_MEDIUM	(TARGET_BUSY_FORMAT | TARGET_BUSY_SANITIZE)
#define TARGET_FORMAT_CORRUPT	0x800	/* until FORMAT UNIT has done all of the medium */
#define TARGET_SANITIZE_FAILED	0x1000
#define TARGET_SANITIZE_EXIT	0x2000	/* EXIT FAILURE MODE may end that */
#define TARGET_BLOCKS_UNFIT	0x4000	/* the medium has larger blocks now; core/follow.c */
#define TARGET_MEDIUM_STATES	(TARGET_BUSY_MEDIUM | TARGET_FORMAT_CORRUPT | \
				 TARGET_SANITIZE_FAILED | TARGET_BLOCKS_UNFIT)
#define TARGET_POWER_MASK	0xff

static inline enum target_power target_power_of(const struct se_device *dev)
{
	return atomic_read(&dev->power) & TARGET_POWER_MASK;
}

/* Set and clear one of the bits above. Context: any. */
static inline void target_power_hold(struct se_device *dev, int busy)
{
	atomic_or(busy, &dev->power);
}

static inline void target_power_release(struct se_device *dev, int busy)
{
	atomic_andnot(busy, &dev->power);
}

/**
 * target_power_gate - may a command run on a unit that is not active?
 * @cmd: with an I_T_L nexus
 *
 * A command that needs the medium ends idle and standby.
 * Context: any.
 * Return: %TCM_NO_SENSE or why not.
 */
sense_reason_t target_power_gate(struct se_cmd *cmd);

/* To another condition; what enters is counted. Context: any. */
void target_power_set(struct se_device *dev, enum target_power to);

/* How often a condition was entered; stays at 2^32 - 1. */
static inline u32 target_power_entered(const struct se_device *dev, enum target_power which)
{
	return atomic_read(&dev->power_entered[which]);
}

/* What REQUEST SENSE says of it; false if the unit is active. */
bool target_power_sense(struct target_sense *sense, const struct se_device *dev);

/* LOGICAL UNIT RESET: active, if the medium is there, and nobody prevents its removal. */
void target_power_reset(struct se_device *dev);

#endif /* TARGET_POWER_H */
