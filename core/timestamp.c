// SPDX-License-Identifier: GPL-2.0-only
/*
 * The device clock (SPC-6 5.3).
 *
 * It is the system's clock until SET TIMESTAMP sets it; from then on it counts
 * from what it was set to, whatever becomes of the system's.
 */
#include <linux/timekeeping.h>
#include "cdb.h"
#include "cmd.h"
#include "sense.h"
#include "spc.h"
#include "timestamp.h"
#include "ua.h"

#define TIMESTAMP_LEN		12	/* bytes of parameter data, both ways */
#define TIMESTAMP_AT		4	/* where the 48 bits stand in it */
#define TIMESTAMP_BITS		48

/* TIMESTAMP ORIGIN */
#define ORIGIN_SET		0x02	/* by SET TIMESTAMP */
#define ORIGIN_OUTSIDE		0x03	/* by other means */

u64 target_timestamp_now(const struct se_device *dev)
{
	u64 now = dev->clock_set ? ktime_get_boottime_ns() : ktime_get_real_ns();

	return (div_u64(now, NSEC_PER_MSEC) + dev->clock_offset) & (BIT_ULL(TIMESTAMP_BITS) - 1);
}

static void timestamp_build(struct se_cmd *cmd, struct target_buf *b)
{
	struct se_device *dev = cmd->se_dev;
	u64 now;

	guard(mutex)(&dev->lock);
	now = target_timestamp_now(dev);
	target_buf_be16(b, TIMESTAMP_LEN - 2);
	target_buf_u8(b, dev->clock_set ? ORIGIN_SET : ORIGIN_OUTSIDE);
	target_buf_u8(b, 0);
	target_buf_be16(b, now >> 32);
	target_buf_be32(b, now);
	target_buf_zero(b, 2);
}

/* SPC-6 6.40 */
sense_reason_t target_timestamp_report(struct se_cmd *cmd)
{
	return target_spc_reply(cmd, TIMESTAMP_LEN, timestamp_build);
}

sense_reason_t target_timestamp_parse_set(struct se_cmd *cmd)
{
	u64 len = target_cdb_get(cmd->t_task_cdb, cmd->op->alloc);

	return len && len != TIMESTAMP_LEN ? TCM_PARAMETER_LIST_LENGTH_ERROR : TCM_NO_SENSE;
}

static void timestamp_take(struct se_device *dev, u64 value)
{
	guard(mutex)(&dev->lock);
	dev->clock_set = true;
	dev->clock_offset = value - div_u64(ktime_get_boottime_ns(), NSEC_PER_MSEC);
}

/* SPC-6 6.50 */
sense_reason_t target_timestamp_set(struct se_cmd *cmd)
{
	u8 list[TIMESTAMP_LEN];
	unsigned int i;

	if (!cmd->data_length) {
		target_cmd_done(cmd, TCM_NO_SENSE);
		return TCM_NO_SENSE;
	}
	target_cmd_get_params(cmd, list, sizeof(list));
	for (i = 0; i < sizeof(list); i++)
		if (list[i] && (i < TIMESTAMP_AT || i >= TIMESTAMP_AT + TIMESTAMP_BITS / 8))
			return target_fail_param_field(cmd, i, fls(list[i]) - 1);
	timestamp_take(cmd->se_dev, get_unaligned_be64(list + 2) & (BIT_ULL(TIMESTAMP_BITS) - 1));
	target_ua_set_all(cmd->se_dev, TARGET_UA_TIMESTAMP_CHANGED, cmd->itl);
	target_cmd_done(cmd, TCM_NO_SENSE);
	return TCM_NO_SENSE;
}
