// SPDX-License-Identifier: GPL-2.0-only
/* UNMAP (SBC-5 5.35): all of the list is checked before any of it takes effect. */
#include <linux/slab.h>
#include <linux/sizes.h>
#include <linux/unaligned.h>
#include "alua_state.h"
#include "cdb.h"
#include "cmd.h"
#include "provision.h"
#include "sbc.h"
#include "sense.h"

#define UNMAP_ANCHOR		0x01	/* byte 1 of the CDB */
#define UNMAP_HEADER_LEN	8	/* bytes of the parameter list header */
#define UNMAP_DESC_LEN		16	/* bytes of a block descriptor */
#define UNMAP_NO_LIMIT		U32_MAX

/* A large device frees so much in one go; what is smaller is a question of fairness. */
#define UNMAP_CHUNK		SZ_64M

u32 target_unmap_chunk(const struct se_device *dev)
{
	return UNMAP_CHUNK >> dev->block_shift;
}

bool target_unmap_supported(const struct se_device *dev)
{
	return !dev || (dev->transport->unmap && dev->dev_attrib.emulate_tpu);
}

/* ANC_SUP is zero: nothing can be anchored. */
sense_reason_t target_unmap_parse(struct se_cmd *cmd)
{
	if (cmd->t_task_cdb[1] & UNMAP_ANCHOR)
		return target_fail_cdb_field(cmd, 1, 0);
	return TCM_NO_SENSE;
}

static bool unmap_within(u64 value, u32 limit)
{
	return limit == UNMAP_NO_LIMIT || value <= limit;
}

/* Both lengths of the header; @descs is set to how many descriptors follow. */
static sense_reason_t unmap_read_header(struct se_cmd *cmd, const u8 *list, u32 len, u32 *descs)
{
	const struct se_dev_attrib *a = &cmd->se_dev->dev_attrib;
	u32 data_len, descs_len;

	if (len < UNMAP_HEADER_LEN)
		return TCM_PARAMETER_LIST_LENGTH_ERROR;
	data_len = get_unaligned_be16(list) + 2;
	descs_len = get_unaligned_be16(list + 2);
	if (descs_len && data_len < UNMAP_HEADER_LEN + descs_len)
		return target_fail_param_field(cmd, 2, 7);
	/* One that is cut off, by this length or that of the list, is ignored. */
	*descs = min(descs_len, len - UNMAP_HEADER_LEN) / UNMAP_DESC_LEN;
	if (!unmap_within(*descs, a->max_unmap_block_desc_count))
		return target_fail_param_field(cmd, 2, 7);
	return TCM_NO_SENSE;
}

sense_reason_t target_unmap_read(struct se_cmd *cmd, const u8 *list, u32 len,
				 struct target_extent *extents, u32 *count)
{
	const struct se_dev_attrib *a = &cmd->se_dev->dev_attrib;
	u32 descs, i, off = UNMAP_HEADER_LEN;
	sense_reason_t why;
	u64 total = 0;

	*count = 0;
	why = unmap_read_header(cmd, list, len, &descs);
	for (i = 0; !why && i < descs; i++, off += UNMAP_DESC_LEN) {
		struct target_extent extent = {
			.lba = get_unaligned_be64(list + off),
			.blocks = get_unaligned_be32(list + off + 8),
		};

		total += extent.blocks;
		if (!unmap_within(total, a->max_unmap_lba_count))
			return target_fail_param_field(cmd, off + 8, 7);
		why = target_sbc_check_range(cmd, extent.lba, extent.blocks);
		if (!why && extent.blocks)
			extents[(*count)++] = extent;
	}
	return why;
}

static sense_reason_t unmap_read(struct se_cmd *cmd, struct target_extent_job *job, u32 len)
{
	sense_reason_t why;
	u8 *list;

	/* A copy: the initiator may change its own meanwhile. */
	list = kvmalloc(len, GFP_KERNEL);
	if (!list)
		return TCM_OUT_OF_RESOURCES;
	len = target_cmd_get_params(cmd, list, len);
	why = target_unmap_read(cmd, list, len, job->extents, &job->count);
	kvfree(list);
	return why ?: target_alua_gate_list(cmd, job->extents, job->count);
}

sense_reason_t target_unmap_execute(struct se_cmd *cmd)
{
	struct se_device *dev = cmd->se_dev;
	u32 len = cmd->data_length;
	struct target_extent_job *job;
	sense_reason_t why;

	if (!len) {
		target_cmd_done(cmd, TCM_NO_SENSE);
		return TCM_NO_SENSE;
	}
	job = target_extent_alloc(cmd, len / UNMAP_DESC_LEN + 1);
	if (!job)
		return TCM_OUT_OF_RESOURCES;
	why = unmap_read(cmd, job, len);
	if (why) {
		target_extent_free(job);
		return why;
	}
	job->hook = dev->transport->unmap;
	job->chunk = target_unmap_chunk(dev);
	target_extent_run(job);
	return TCM_NO_SENSE;
}
