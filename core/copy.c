// SPDX-License-Identifier: GPL-2.0-only
/* EXTENDED COPY and COPY OPERATION ABORT (SPC-6 6.3 to 6.5, 5.18.7). */
#include <linux/mm.h>
#include <linux/slab.h>
#include <scsi/scsi_proto.h>
#include "cdb.h"
#include "cmd.h"
#include "copy.h"

#define COPY_MAX_PARAMS		(64 + TARGET_COPY_MAX_LIST)	/* what lies beyond is not read */
#define COPY_ENDS		(TARGET_COPY_MAX_CSCDS + 1)	/* and this logical unit */
#define SEGMENT_SOURCE		4	/* bytes of a segment descriptor */
#define SEGMENT_DEST		6
#define SEGMENT_SOURCE_LBA	12
#define SEGMENT_DEST_LBA	20

bool target_copy_supported(const struct se_device *dev)
{
	return !dev || (dev->dev_attrib.emulate_3pc && dev->limits.device_type == TYPE_DISK);
}

/* --- from descriptors to extents --------------------------------------------------------- */

/* The logical unit is there: is it what the descriptor says? */
static sense_reason_t copy_check_cscd(struct target_copy *copy, u16 segment,
				      const struct target_cscd *cscd, const struct se_device *dev)
{
	if (cscd->device_type != dev->limits.device_type)
		return target_copy_blame(copy, segment, cscd->at,
					 TCM_INCORRECT_COPY_TARGET_TYPE);
	if (cscd->block_length && cscd->block_length != dev->dev_attrib.block_size)
		return target_copy_blame(copy, segment, cscd->at + 29,
					 TCM_INVALID_PARAMETER_LIST);
	return TCM_NO_SENSE;
}

/* The nexus that an ID of a segment descriptor means; @at is set to its CSCD descriptor. */
static sense_reason_t copy_find_end(struct target_copy *copy, const struct target_copy_list *list,
				    u16 segment, u16 id, u16 field, u16 *at)
{
	u32 slot = id == TARGET_COPY_THIS_LU ? TARGET_COPY_MAX_CSCDS : id;
	const struct target_cscd *cscd;

	*at = 0;
	if (slot == TARGET_COPY_MAX_CSCDS) {
		if (!copy->ends[slot]) {
			percpu_ref_get(&copy->itl->ref);
			copy->ends[slot] = copy->itl;
		}
		return TCM_NO_SENSE;
	}
	if (id >= list->cscds)
		return target_copy_blame(copy, segment, field, TCM_UNREACHABLE_COPY_TARGET);
	cscd = &list->cscd[id];
	*at = cscd->at;
	if (!copy->ends[slot])
		copy->ends[slot] = target_cscd_find(copy->itl, cscd);
	if (!copy->ends[slot])
		return target_copy_blame(copy, segment, cscd->at,
					 TCM_COPY_TARGET_DEVICE_NOT_REACHABLE);
	return copy_check_cscd(copy, segment, cscd, copy->ends[slot]->dev);
}

static struct target_itl *copy_end_of(const struct target_copy *copy, u16 id)
{
	return copy->ends[id == TARGET_COPY_THIS_LU ? TARGET_COPY_MAX_CSCDS : id];
}

/* Both ends may be touched where it says; so is known before anything is moved. */
static sense_reason_t copy_check_extent(struct target_copy *copy,
					const struct target_copy_extent *e)
{
	sense_reason_t why = target_cscd_check(e->from, e->from_byte, e->bytes, false);

	if (why)
		return target_copy_fail(copy, e->segment, TARGET_FAULT_SOURCE,
					why == TCM_ADDRESS_OUT_OF_RANGE ?
					e->at + SEGMENT_SOURCE_LBA : e->from_at, why);
	why = target_cscd_check(e->to, e->to_byte, e->bytes, true);
	if (why)
		return target_copy_fail(copy, e->segment, TARGET_FAULT_DEST,
					why == TCM_ADDRESS_OUT_OF_RANGE ?
					e->at + SEGMENT_DEST_LBA : e->to_at, why);
	return TCM_NO_SENSE;
}

/* An LBA whose byte is beyond what 64 bits can count is beyond every unit. */
static u64 copy_byte(u64 lba, u32 shift)
{
	return lba >> (64 - shift) ? U64_MAX & ~((1ULL << shift) - 1) : lba << shift;
}

/*
 * Block to block: whole blocks of both. PAD and CAT say what becomes of what is left,
 * if blocks differ in size: that is not done, and never needed where they don't.
 */
static sense_reason_t copy_resolve_blocks(struct target_copy *copy,
					  const struct target_segment *s,
					  struct target_copy_extent *e)
{
	u32 from_shift = e->from->dev->block_shift, to_shift = e->to->dev->block_shift;

	e->bytes = (u64)s->blocks << (s->dc ? to_shift : from_shift);
	if (s->type == TARGET_SEGMENT_BYTES)
		e->bytes = s->bytes;
	if (e->bytes & (TARGET_COPY_GRANULARITY - 1))
		return target_copy_blame(copy, e->segment, s->at + 8,
					 TCM_COPY_GRANULARITY_VIOLATION);
	e->from_byte = copy_byte(s->source_lba, from_shift);
	e->to_byte = copy_byte(s->dest_lba, to_shift);
	if (e->bytes & ((1ULL << from_shift) - 1) || e->bytes & ((1ULL << to_shift) - 1))
		return target_copy_blame(copy, e->segment, s->at + 10,
					 TCM_UNEXPECTED_INEXACT_SEGMENT);
	return copy_check_extent(copy, e);
}

static sense_reason_t copy_resolve_segment(struct target_copy *copy,
					   const struct target_copy_list *list, u16 i)
{
	const struct target_segment *s = &list->segment[i];
	struct target_copy_extent *e = &copy->extents[i];
	sense_reason_t why;

	e->segment = i;
	e->at = s->at;
	why = copy_find_end(copy, list, i, s->source, s->at + SEGMENT_SOURCE, &e->from_at);
	if (!why)
		why = copy_find_end(copy, list, i, s->dest, s->at + SEGMENT_DEST, &e->to_at);
	if (why)
		return why;
	e->from = copy_end_of(copy, s->source);
	e->to = copy_end_of(copy, s->dest);
	if (s->type != TARGET_SEGMENT_VERIFY_CSCD)
		return copy_resolve_blocks(copy, s, e);
	/* Verify CSCD: it is there. */
	why = s->tur ? target_cscd_check(e->from, 0, 0, false) : TCM_NO_SENSE;
	return why ? target_copy_fail(copy, i, TARGET_FAULT_SOURCE, e->from_at, why) :
		     TCM_NO_SENSE;
}

static sense_reason_t copy_resolve(struct target_copy *copy, const struct target_copy_list *list)
{
	sense_reason_t why = TCM_NO_SENSE;
	u16 i;

	copy->segment_count = list->segments;
	copy->ends = kcalloc(COPY_ENDS, sizeof(*copy->ends), GFP_KERNEL);
	copy->extents = kvcalloc(list->segments ?: 1, sizeof(*copy->extents), GFP_KERNEL);
	if (!copy->ends || !copy->extents)
		return TCM_OUT_OF_RESOURCES;
	copy->end_count = COPY_ENDS;
	for (i = 0; !why && i < list->segments; i++) {
		why = copy_resolve_segment(copy, list, i);
		copy->bytes_asked += copy->extents[i].bytes;
	}
	copy->extent_count = list->segments;
	return why;
}

/* --- commands ---------------------------------------------------------------------------- */

/* From here on a failure is one of the copy operation. */
static sense_reason_t copy_begin(struct se_cmd *cmd, const struct target_copy_list *list)
{
	struct target_copy *copy = target_copy_alloc(cmd, list->list_id, list->usage);
	sense_reason_t why;

	if (!copy)
		return TCM_OUT_OF_RESOURCES;
	if (list->immed) {
		copy->cmd = NULL;
		copy->status = TARGET_COPY_BACKGROUND;
	}
	why = target_copy_add(copy);
	if (why) {
		target_copy_put(copy);
		return why;
	}
	if (list->immed)
		target_cmd_done(cmd, TCM_NO_SENSE);
	why = copy_resolve(copy, list);
	if (why)
		target_copy_end(copy, why);
	else
		target_copy_run(copy);
	return TCM_NO_SENSE;
}

static sense_reason_t copy_execute(struct se_cmd *cmd,
				   sense_reason_t (*parse)(struct se_cmd *cmd, const u8 *params,
							   u32 len, struct target_copy_list *list))
{
	u32 len = min_t(u32, cmd->data_length, COPY_MAX_PARAMS);
	struct target_copy_list *list;
	sense_reason_t why;
	u8 *params;

	if (!len) {
		target_cmd_done(cmd, TCM_NO_SENSE);
		return TCM_NO_SENSE;
	}
	list = kvzalloc(sizeof(*list), GFP_KERNEL);
	params = kvmalloc(len, GFP_KERNEL);
	why = list && params ? TCM_NO_SENSE : TCM_OUT_OF_RESOURCES;
	if (!why)
		why = parse(cmd, params, target_cmd_get_params(cmd, params, len), list);
	if (!why)
		why = copy_begin(cmd, list);
	kvfree(params);
	kvfree(list);
	return why;
}

sense_reason_t target_copy_lid1(struct se_cmd *cmd)
{
	return copy_execute(cmd, target_copy_parse_lid1);
}

sense_reason_t target_copy_lid4(struct se_cmd *cmd)
{
	return copy_execute(cmd, target_copy_parse_lid4);
}

/* SPC-6 6.3: it ends when the copy operation has. */
sense_reason_t target_copy_abort(struct se_cmd *cmd)
{
	u32 list_id = get_unaligned_be32(cmd->t_task_cdb + 2);
	struct target_copy *copy = target_copy_get(cmd->itl, list_id);
	bool found;

	if (!copy)
		return target_fail_cdb_field(cmd, 2, 7);
	found = target_copy_cancel(copy, cmd);
	target_copy_put(copy);
	return found ? TCM_NO_SENSE : target_fail_cdb_field(cmd, 2, 7);
}
