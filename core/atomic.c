// SPDX-License-Identifier: GPL-2.0-only
/*
 * WRITE ATOMIC (SBC-5 4.29, 5.48, 5.49).
 *
 * All of it or nothing: that is the backstore's business, within the limits that it
 * gives.  That nobody reads or writes beside it is the core's: its range is held
 * exclusively.  Several atomic writes for one command are allowed where it names a
 * boundary, and not needed: one is done.
 */
#include <linux/math64.h>
#include <linux/unaligned.h>
#include "cdb.h"
#include "sbc.h"
#include "sense.h"

bool target_sbc_has_atomic(const struct se_device *dev)
{
	return !dev || dev->dev_attrib.atomic_max_len;
}

u32 target_sbc_max_atomic(const struct se_device *dev, const struct target_core_fabric_ops *tfo,
			  bool with_boundary)
{
	const struct se_dev_attrib *a = &dev->dev_attrib;
	u32 max = with_boundary ? a->atomic_max_with_boundary : a->atomic_max_len;

	max = min(max, target_sbc_max_transfer(dev, tfo));
	return a->atomic_granularity ? rounddown(max, a->atomic_granularity) : max;
}

static bool atomic_is_multiple(u64 value, u32 of)
{
	u32 rest = 0;

	if (of)
		div_u64_rem(value, of, &rest);
	return !rest;
}

/* Where the field of that name is. */
static u8 atomic_boundary_at(const struct target_cdb_op *op)
{
	return op->len > 16 ? 4 : 10;
}

sense_reason_t target_sbc_parse_write_atomic(struct se_cmd *cmd)
{
	const struct se_device *dev = cmd->se_dev;
	const struct se_dev_attrib *a = &dev->dev_attrib;
	const struct target_cdb_op *op = cmd->op;
	u8 at = atomic_boundary_at(op);
	u16 boundary = get_unaligned_be16(cmd->t_task_cdb + at);

	if (boundary > a->atomic_max_boundary ||
	    !atomic_is_multiple(boundary, a->atomic_granularity))
		return target_fail_cdb_field(cmd, at, 7);
	if (cmd->t_task_nolb > target_sbc_max_atomic(dev, cmd->se_tfo, boundary) ||
	    !atomic_is_multiple(cmd->t_task_nolb, a->atomic_granularity))
		return target_fail_cdb_field(cmd, op->count.off, 7);
	if (!atomic_is_multiple(cmd->t_task_lba, a->atomic_alignment))
		return target_fail_cdb_field(cmd, op->lba.off, 7);
	cmd->se_cmd_flags |= SCF_ATOMIC;
	return target_sbc_parse_rw(cmd);
}
