// SPDX-License-Identifier: GPL-2.0-only
/* WRITE SAME (SBC-5 5.52 and following). */
#include <linux/mm.h>
#include <linux/sizes.h>
#include <linux/string.h>
#include "cdb.h"
#include "cmd.h"
#include "pi.h"
#include "provision.h"
#include "sbc.h"
#include "sense.h"

/* In the byte of options; NDOB is not in CDBs of 10 bytes. */
#define WS_ANCHOR	0x10
#define WS_UNMAP	0x08
#define WS_OBSOLETE	0x06	/* PBDATA and LBDATA: addresses in the data */
#define WS_NDOB		0x01

/* Blocks are copied while others wait for the same CPU. */
#define WS_CHUNK	SZ_1M

bool target_write_same_supported(const struct se_device *dev)
{
	return !dev || (dev->transport->write_same && dev->dev_attrib.max_write_same_len);
}

bool target_write_same_unmaps(const struct se_device *dev)
{
	return dev->transport->unmap && dev->dev_attrib.emulate_tpws;
}

void target_write_same_usage(const struct target_cdb_op *op, const struct se_device *dev,
			     u8 *usage)
{
	if (!target_write_same_unmaps(dev))
		usage[target_cdb_options(op)] &= ~WS_UNMAP;
}

static u8 ws_options(const struct se_cmd *cmd)
{
	return cmd->t_task_cdb[target_cdb_options(cmd->op)];
}

static bool ws_has_no_data(const struct se_cmd *cmd)
{
	return cmd->op->len > 10 && ws_options(cmd) & WS_NDOB;
}

/* ANC_SUP is zero: nothing can be anchored. */
static sense_reason_t ws_parse_options(struct se_cmd *cmd)
{
	u8 byte = target_cdb_options(cmd->op), bits = ws_options(cmd);

	if (bits & WS_ANCHOR)
		return target_fail_cdb_field(cmd, byte, 4);
	if (bits & WS_UNMAP && !target_write_same_unmaps(cmd->se_dev))
		return target_fail_cdb_field(cmd, byte, 3);
	if (bits & WS_OBSOLETE)
		return target_fail_cdb_field(cmd, byte, fls(bits & WS_OBSOLETE) - 1);
	return TCM_NO_SENSE;
}

/* NUMBER OF LOGICAL BLOCKS: zero is "to the end" unless WSNZ says that it must not be. */
static sense_reason_t ws_parse_count(struct se_cmd *cmd)
{
	const struct se_device *dev = cmd->se_dev;
	const struct se_dev_attrib *a = &dev->dev_attrib;
	u64 blocks = cmd->t_task_nolb;

	if (!blocks) {
		u64 capacity = READ_ONCE(dev->blocks);

		if (a->emulate_wsnz)
			return target_fail_cdb_field(cmd, cmd->op->count.off, 7);
		if (cmd->t_task_lba >= capacity)
			return target_sbc_check_range(cmd, cmd->t_task_lba, 1);
		blocks = capacity - cmd->t_task_lba;
	}
	if (blocks > a->max_write_same_len)
		return target_fail_cdb_field(cmd, cmd->op->count.off, 7);
	cmd->t_task_nolb = blocks;
	return TCM_NO_SENSE;
}

/* One block of data; an initiator with more of it thinks of blocks of another size. */
static sense_reason_t ws_parse_data(struct se_cmd *cmd)
{
	sense_reason_t why;

	if (ws_has_no_data(cmd))
		return target_cdb_set_length(cmd, 0);
	why = target_cdb_set_length(cmd, 1U << cmd->se_dev->block_shift);
	if (!why && cmd->residual_count)
		return TCM_INVALID_FIELD_IN_COMMAND_IU;
	return why;
}

sense_reason_t target_write_same_parse(struct se_cmd *cmd)
{
	sense_reason_t why = ws_parse_options(cmd);

	why = why ?: ws_parse_count(cmd);
	return why ?: ws_parse_data(cmd);
}

static bool ws_is_zero(struct se_cmd *cmd)
{
	u32 n, left = cmd->data_length;
	struct sg_mapping_iter miter;
	bool zero = true;

	sg_miter_start(&miter, cmd->t_data_sg, cmd->t_data_nents, SG_MITER_FROM_SG);
	for (; zero && left && sg_miter_next(&miter); left -= n) {
		n = min_t(u32, miter.length, left);
		zero = !memchr_inv(miter.addr, 0, n);
	}
	sg_miter_stop(&miter);
	return zero;
}

/* To be unmapped, blocks must read as the data afterwards (LBPRZ 001b: as zeros). */
static bool ws_may_unmap(struct se_cmd *cmd)
{
	/* What is unmapped has no protection information, and some was sent. */
	if (target_pi_field(cmd))
		return false;
	return ws_options(cmd) & WS_UNMAP && cmd->se_dev->dev_attrib.unmap_zeroes_data &&
	       (ws_has_no_data(cmd) || ws_is_zero(cmd));
}

sense_reason_t target_write_same_execute(struct se_cmd *cmd)
{
	const struct se_device *dev = cmd->se_dev;
	bool unmap = ws_may_unmap(cmd);
	struct target_extent_job *job;
	sense_reason_t why;

	if (!unmap && target_pi_write_same(cmd, &why))
		return why;
	job = target_extent_alloc(cmd, 1);
	if (!job)
		return TCM_OUT_OF_RESOURCES;
	job->extents[0] = (struct target_extent){ cmd->t_task_lba, cmd->t_task_nolb };
	job->count = 1;
	if (unmap) {
		job->hook = dev->transport->unmap;
		job->chunk = target_unmap_chunk(dev);
	} else {
		job->hook = dev->transport->write_same;
		job->chunk = WS_CHUNK >> dev->block_shift;
		job->sg = cmd->t_data_sg;
		job->nents = cmd->t_data_nents;
	}
	if (ws_has_no_data(cmd))
		target_extent_zero(job);
	target_extent_run(job);
	return TCM_NO_SENSE;
}
