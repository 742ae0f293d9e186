// SPDX-License-Identifier: GPL-2.0-only
/* POPULATE TOKEN, WRITE USING TOKEN (SBC-5 5.12, 5.59). */
#include <linux/mm.h>
#include <linux/slab.h>
#include "alua_state.h"
#include "cdb.h"
#include "cmd.h"
#include "rod.h"
#include "sbc.h"
#include "token.h"

#define RANGE_LEN		16	/* bytes of a block device range descriptor */
#define POPULATE_HEADER		16
#define POPULATE_MIN_DATA	0x1e
#define USE_HEADER		536
#define USE_MIN_DATA		0x226
#define USE_DATA_BEYOND		534	/* bytes that DATA LENGTH counts beside the ranges */
#define USE_TOKEN		16	/* byte of the token */
#define TOKEN_RTV		0x02
#define TOKEN_DEL_TKN		0x02
#define TOKEN_IMMED		0x01
#define TOKEN_TYPE_LEN		8	/* bytes of a token's header */

/* Only a unit that has a name of its own can be the creator of a token. */
bool target_copy_has_tokens(const struct se_device *dev)
{
	return !dev || (target_copy_supported(dev) && dev->t10_wwn.unit_serial[0]);
}

/* --- parameter lists --------------------------------------------------------------------- */

static bool ranges_overlap(const struct target_extent *a, const struct target_extent *b)
{
	return a->blocks && b->blocks && a->lba < b->lba + b->blocks &&
	       b->lba < a->lba + a->blocks;
}

/* One more range, at byte @at. */
static sense_reason_t token_take_range(struct se_cmd *cmd, u32 at,
				       const struct target_extent *range,
				       struct target_token_list *out)
{
	sense_reason_t why = target_sbc_check_range(cmd, range->lba, range->blocks);
	u32 i;

	if (why)
		return why;
	for (i = 0; i < out->count; i++)
		if (ranges_overlap(&out->ranges[i], range))
			return target_fail_param_field(cmd, at, 7);
	out->bytes += (u64)range->blocks << cmd->se_dev->block_shift;
	if (out->bytes > TARGET_ROD_MAX_BYTES)
		return target_fail_param_field(cmd, at + 8, 7);
	if (range->blocks)
		out->ranges[out->count++] = *range;
	return TCM_NO_SENSE;
}

/* BLOCK DEVICE RANGE DESCRIPTOR LENGTH is before the list; one that is cut off is ignored. */
static sense_reason_t token_parse_ranges(struct se_cmd *cmd, const u8 *list, u32 len, u32 header,
					 struct target_token_list *out)
{
	u32 bytes = get_unaligned_be16(list + header - 2), at, count, i;
	sense_reason_t why = TCM_NO_SENSE;

	if (bytes < RANGE_LEN)
		return target_fail_param_field(cmd, header - 2, 7);
	count = bytes / RANGE_LEN;
	if (count > TARGET_ROD_MAX_RANGES) {
		target_fail_param_field(cmd, header - 2, 7);
		return TCM_TOO_MANY_SEGMENT_DESCS;
	}
	count = min(count, (len - header) / RANGE_LEN);
	for (i = 0, at = header; !why && i < count; i++, at += RANGE_LEN) {
		struct target_extent range = {
			.lba = get_unaligned_be64(list + at),
			.blocks = get_unaligned_be32(list + at + 8),
		};

		why = token_take_range(cmd, at, &range, out);
	}
	return why;
}

static bool token_is_point_in_time(u32 type)
{
	return type == TARGET_ROD_CHANGE_VULNERABLE || type == TARGET_ROD_ANY_POINT_IN_TIME;
}

sense_reason_t target_token_parse_populate(struct se_cmd *cmd, const u8 *list, u32 len,
					   struct target_token_list *out)
{
	if (len < POPULATE_HEADER)
		return TCM_PARAMETER_LIST_LENGTH_ERROR;
	if (get_unaligned_be16(list) < POPULATE_MIN_DATA)
		return target_fail_param_field(cmd, 0, 7);
	if (list[2] & ~(TOKEN_RTV | TOKEN_IMMED))
		return target_fail_param_field(cmd, 2, fls(list[2]) - 1);
	out->immed = list[2] & TOKEN_IMMED;
	out->timeout = get_unaligned_be32(list + 4) ?: TARGET_ROD_DEFAULT_TIMEOUT;
	if (out->timeout > TARGET_ROD_MAX_TIMEOUT)
		return target_fail_param_field(cmd, 4, 7);
	if (list[2] & TOKEN_RTV && !token_is_point_in_time(get_unaligned_be32(list + 8)))
		return target_fail_param_field(cmd, 8, 7);
	return token_parse_ranges(cmd, list, len, POPULATE_HEADER, out);
}

sense_reason_t target_token_parse_use(struct se_cmd *cmd, const u8 *list, u32 len,
				      struct target_token_list *out)
{
	u32 data_len;

	if (len < USE_HEADER)
		return TCM_PARAMETER_LIST_LENGTH_ERROR;
	data_len = get_unaligned_be16(list);
	if (data_len < USE_MIN_DATA ||
	    data_len != get_unaligned_be16(list + USE_HEADER - 2) + USE_DATA_BEYOND)
		return target_fail_param_field(cmd, 0, 7);
	if (list[2] & ~(TOKEN_DEL_TKN | TOKEN_IMMED))
		return target_fail_param_field(cmd, 2, fls(list[2]) - 1);
	out->immed = list[2] & TOKEN_IMMED;
	out->del = list[2] & TOKEN_DEL_TKN;
	out->offset = get_unaligned_be64(list + 8);
	memcpy(out->token, list + USE_TOKEN, TARGET_ROD_TOKEN);
	return token_parse_ranges(cmd, list, len, USE_HEADER, out);
}

static sense_reason_t token_read(struct se_cmd *cmd, struct target_token_list **out,
				 sense_reason_t (*parse)(struct se_cmd *cmd, const u8 *list,
							 u32 len, struct target_token_list *out))
{
	u32 len = min_t(u32, cmd->data_length,
			USE_HEADER + (TARGET_ROD_MAX_RANGES + 1) * RANGE_LEN);
	struct target_token_list *parsed = kvzalloc(sizeof(*parsed), GFP_KERNEL);
	u8 *list = kvmalloc(len, GFP_KERNEL);
	sense_reason_t why = TCM_OUT_OF_RESOURCES;

	if (parsed && list)
		why = parse(cmd, list, target_cmd_get_params(cmd, list, len), parsed);
	kvfree(list);
	if (!why)
		why = target_alua_gate_list(cmd, parsed->ranges, parsed->count);
	if (why) {
		kvfree(parsed);
		return why;
	}
	*out = parsed;
	return TCM_NO_SENSE;
}

/* --- POPULATE TOKEN ---------------------------------------------------------------------- */

static u32 token_list_id(const struct se_cmd *cmd)
{
	return get_unaligned_be32(cmd->t_task_cdb + 6);
}

/* There is nothing to be done but to remember; so IMMED makes no difference. */
static sense_reason_t token_populate(struct se_cmd *cmd, const struct target_token_list *list)
{
	struct target_copy *copy = target_copy_alloc(cmd, token_list_id(cmd),
						     TARGET_LIST_ID_HOLD);
	sense_reason_t why;

	if (!copy)
		return TCM_OUT_OF_RESOURCES;
	why = target_rod_make(cmd, list->ranges, list->count, list->timeout, &copy->rod);
	if (!why)
		why = target_copy_add(copy);
	if (why) {
		if (copy->rod)
			target_rod_delete(cmd->se_dev, copy->rod);
		target_copy_put(copy);
		return why;
	}
	copy->bytes_done = list->bytes;
	copy->bytes_asked = list->bytes;
	target_copy_end(copy, TCM_NO_SENSE);
	return TCM_NO_SENSE;
}

static sense_reason_t token_no_list(struct se_cmd *cmd)
{
	target_cmd_done(cmd, TCM_NO_SENSE);
	return TCM_NO_SENSE;
}

sense_reason_t target_copy_populate(struct se_cmd *cmd)
{
	struct target_token_list *list;
	sense_reason_t why;

	if (!cmd->data_length)
		return token_no_list(cmd);
	why = token_read(cmd, &list, target_token_parse_populate);
	if (why)
		return why;
	why = token_populate(cmd, list);
	kvfree(list);
	return why;
}

/* --- WRITE USING TOKEN ------------------------------------------------------------------- */

static bool token_is_zero(const u8 *token)
{
	return get_unaligned_be32(token) == TARGET_ROD_ZERO;
}

static struct target_copy_extent *token_add_extent(struct target_copy *copy, u64 from, u64 to,
						   u64 bytes)
{
	struct target_copy_extent *e = &copy->extents[copy->extent_count++];

	*e = (struct target_copy_extent){
		.from = copy->end_count ? copy->ends[0] : NULL,
		.to = copy->itl,
		.from_byte = from,
		.to_byte = to,
		.bytes = bytes,
	};
	return e;
}

/*
 * Pair what the token represents from @skip on with one range that is to be written.
 * Return: bytes that it has got.
 */
static u64 token_map_range(struct target_copy *copy, u64 skip, u64 to, u64 bytes)
{
	const struct target_rod *rod = copy->rod;
	u32 shift = copy->ends[0]->dev->block_shift, i;
	u64 got = 0;

	for (i = 0; i < rod->count && got < bytes; i++) {
		u64 len = (u64)rod->ranges[i].blocks << shift, n;

		if (skip >= len) {
			skip -= len;
			continue;
		}
		n = min(len - skip, bytes - got);
		token_add_extent(copy, (rod->ranges[i].lba << shift) + skip, to + got, n);
		got += n;
		skip = 0;
	}
	return got;
}

/* Whole blocks of both units in each extent, or it cannot be done piece by piece. */
static bool token_is_aligned(const struct target_copy *copy)
{
	u32 size = max(copy->itl->dev->dev_attrib.block_size,
		       copy->ends[0]->dev->dev_attrib.block_size);
	u32 i;

	for (i = 0; i < copy->extent_count; i++)
		if (copy->extents[i].bytes & (size - 1))
			return false;
	return true;
}

/* As many whole blocks as there are (SBC-5 5.59.2). */
static sense_reason_t token_map(struct target_copy *copy, const struct target_token_list *list)
{
	u32 shift = copy->itl->dev->block_shift, i;
	u64 skip = list->offset << shift;
	u64 left = copy->rod ? round_down(copy->rod->bytes - skip, 1ULL << shift) : U64_MAX;

	for (i = 0; i < list->count && left; i++) {
		u64 to = list->ranges[i].lba << shift;
		u64 bytes = min((u64)list->ranges[i].blocks << shift, left);

		if (copy->rod)
			skip += token_map_range(copy, skip, to, bytes);
		else
			token_add_extent(copy, 0, to, bytes);
		left -= bytes;
	}
	return !copy->rod || token_is_aligned(copy) ? TCM_NO_SENSE : TCM_TOKEN_NOT_REPORTABLE;
}

/* Room for every end of a range to be an end of an extent. */
static sense_reason_t token_prepare(struct se_cmd *cmd, struct target_copy *copy,
				    const struct target_token_list *list)
{
	struct target_itl *source;
	sense_reason_t why;

	copy->bytes_asked = list->bytes;
	copy->ends = kcalloc(1, sizeof(*copy->ends), GFP_KERNEL);
	copy->extents = kvcalloc(2 * TARGET_ROD_MAX_RANGES, sizeof(*copy->extents), GFP_KERNEL);
	if (!copy->ends || !copy->extents)
		return TCM_OUT_OF_RESOURCES;
	if (!token_is_zero(list->token)) {
		why = target_rod_find(cmd, list->token, &source, &copy->rod);
		if (why)
			return why;
		copy->ends[0] = source;
		copy->end_count = 1;
		if (list->offset >= DIV_ROUND_UP_ULL(copy->rod->bytes,
						     cmd->se_dev->dev_attrib.block_size))
			return target_fail_param_field(cmd, 8, 7);
	} else if (get_unaligned_be16(list->token + 6) != TARGET_ROD_TOKEN - TOKEN_TYPE_LEN) {
		return TCM_TOKEN_LENGTH;
	}
	why = token_map(copy, list);
	if (!why && target_cdb_write_protected(cmd->se_dev, cmd->itl))
		why = TCM_WRITE_PROTECTED;
	return why;
}

static void token_unprepare(struct target_copy *copy)
{
	if (copy->end_count)
		target_itl_put(copy->ends[0]);
	kfree(copy->ends);
	copy->ends = NULL;
	target_copy_put(copy);
}

static sense_reason_t token_use(struct se_cmd *cmd, const struct target_token_list *list)
{
	struct target_copy *copy = target_copy_alloc(cmd, token_list_id(cmd),
						     TARGET_LIST_ID_HOLD);
	sense_reason_t why;

	if (!copy)
		return TCM_OUT_OF_RESOURCES;
	copy->delete_rod = list->del;
	if (list->immed) {
		copy->cmd = NULL;
		copy->status = TARGET_COPY_BACKGROUND;
	}
	why = token_prepare(cmd, copy, list);
	if (!why)
		why = target_copy_add(copy);
	if (why) {
		token_unprepare(copy);
		return why;
	}
	if (list->immed)
		target_cmd_done(cmd, TCM_NO_SENSE);
	target_copy_run(copy);
	return TCM_NO_SENSE;
}

sense_reason_t target_copy_use_token(struct se_cmd *cmd)
{
	struct target_token_list *list;
	sense_reason_t why;

	if (!cmd->data_length)
		return token_no_list(cmd);
	why = token_read(cmd, &list, target_token_parse_use);
	if (why)
		return why;
	why = token_use(cmd, list);
	kvfree(list);
	return why;
}
