// SPDX-License-Identifier: GPL-2.0-only
/*
 * What became of copy operations (SPC-6 6.24 to 6.29), and what the copy manager can
 * do: operating parameters and page 8Fh (SPC-6 7.7.19).
 */
#include <linux/log2.h>
#include <linux/slab.h>
#include <scsi/scsi_proto.h>
#include "cdb.h"
#include "cmd.h"
#include "copy.h"
#include "rod.h"
#include "spc.h"

#define RESULTS_SIZE		1024	/* none of the others has more */
#define DETAILS_SENSE		60	/* byte of SENSE DATA */
#define TOKEN_INFORMATION_LEN	38	/* bytes before a token, where there is no sense data */
#define STATUS_DELAY		100	/* ms: when something may have changed */
#define STATUS_NO_DELAY		0xfffffffe	/* nothing will change */
#define UNITS_BYTES		0x00
#define UNITS_KIB		0x01
#define UNITS_BLOCKS		0xf1
#define LID1_IN_PROGRESS	0
#define LID1_GOOD		1
#define LID1_FAILED		2
#define SNLID			0x01

/* Types of third-party copy descriptors of page 8Fh */
enum {
	TPC_BLOCK_ROD_LIMITS	= 0x0000,
	TPC_COMMANDS		= 0x0001,
	TPC_PARAMETER_DATA	= 0x0004,
	TPC_DESCRIPTORS		= 0x0008,
	TPC_CSCD_IDS		= 0x000c,
	TPC_ROD_FEATURES	= 0x0106,
	TPC_ROD_TYPES		= 0x0108,
	TPC_GENERAL		= 0x8001,
};

/* Segment and CSCD descriptor type codes, ascending */
static const u8 copy_descriptors[] = {
	TARGET_SEGMENT_BLOCK_TO_BLOCK, TARGET_SEGMENT_VERIFY_CSCD, TARGET_SEGMENT_BYTES,
	TARGET_CSCD_IDENT,
};

/* --- status ------------------------------------------------------------------------------ */

/* SPC-6 6.28; the counter of segments is of those that were begun */
void target_copy_build_status_lid1(struct target_buf *b, const struct target_copy *copy)
{
	u64 kib = READ_ONCE(copy->bytes_done) >> 10;
	u8 status = LID1_FAILED;

	if (target_copy_runs(copy))
		status = LID1_IN_PROGRESS;
	else if (copy->status == TARGET_COPY_GOOD)
		status = LID1_GOOD;
	target_buf_be32(b, 8);
	target_buf_u8(b, status);
	target_buf_be16(b, READ_ONCE(copy->segments_done));
	target_buf_u8(b, UNITS_KIB);
	target_buf_be32(b, min_t(u64, kib, U32_MAX));
}

static u8 copy_completion_status(const struct target_copy *copy)
{
	switch (copy->status) {
	case TARGET_COPY_TERMINATED:
		return SAM_STAT_TASK_ABORTED;
	case TARGET_COPY_FAILED:
		return SAM_STAT_CHECK_CONDITION;
	default:
		return SAM_STAT_GOOD;
	}
}

static bool copy_counts_blocks(const struct target_copy *copy)
{
	return copy->action == TARGET_COPY_POPULATE || copy->action == TARGET_COPY_USE_TOKEN;
}

/* The shared status header, without AVAILABLE DATA. */
static void copy_build_status(struct target_buf *b, const struct target_copy *copy)
{
	bool blocks = copy_counts_blocks(copy), runs = target_copy_runs(copy);
	u64 done = READ_ONCE(copy->bytes_done);
	u8 sense = runs || copy->status == TARGET_COPY_TERMINATED ? 0 : copy->sense_len;

	target_buf_u8(b, copy->action);
	target_buf_u8(b, READ_ONCE(copy->status));
	target_buf_be16(b, READ_ONCE(copy->counter));
	target_buf_be32(b, runs ? STATUS_DELAY : STATUS_NO_DELAY);
	target_buf_u8(b, runs ? 0 : copy_completion_status(copy));
	target_buf_u8(b, ALIGN(sense, 4));
	target_buf_u8(b, sense);
	target_buf_u8(b, blocks ? UNITS_BLOCKS : UNITS_BYTES);
	target_buf_be64(b, blocks ? done >> copy->itl->dev->block_shift : done);
	target_buf_be16(b, READ_ONCE(copy->segments_done));
	target_buf_zero(b, 6);
	target_buf_put(b, copy->sense, sense);
	target_buf_zero(b, ALIGN(sense, 4) - sense);
}

/* SPC-6 6.27 */
void target_copy_build_status_lid4(struct target_buf *b, const struct target_copy *copy)
{
	u32 start = b->len;

	target_buf_zero(b, 4);
	copy_build_status(b, copy);
	target_buf_set_be32(b, start, b->len - start - 4);
}

/* SPC-6 6.29, SBC-5 5.25: a token, if one was made and has not been told */
void target_copy_build_tokens(struct target_buf *b, const struct target_copy *copy)
{
	bool made = copy->action == TARGET_COPY_POPULATE && !copy->told_token;
	const struct target_rod *rod = made ? copy->rod : NULL;
	u32 start = b->len;

	target_buf_zero(b, 4);
	copy_build_status(b, copy);
	target_buf_be32(b, rod ? 2 + TARGET_ROD_TOKEN : 0);
	if (rod) {
		target_buf_zero(b, 2);
		target_buf_put(b, rod->token, TARGET_ROD_TOKEN);
	}
	target_buf_set_be32(b, start, b->len - start - 4);
}

/* SPC-6 6.26 */
void target_copy_build_failed(struct target_buf *b, const struct target_copy *copy)
{
	u32 start = b->len;

	target_buf_zero(b, 4);
	if (!copy->sense_len)
		return;
	target_buf_zero(b, DETAILS_SENSE - 8);
	target_buf_u8(b, copy_completion_status(copy));
	target_buf_u8(b, 0);
	target_buf_be16(b, copy->sense_len);
	target_buf_put(b, copy->sense, copy->sense_len);
	target_buf_set_be32(b, start, b->len - start - 4);
}

/* SPC-6 6.25 */
void target_copy_build_parameters(struct target_buf *b)
{
	u32 start = b->len;

	target_buf_zero(b, 4);
	target_buf_u8(b, SNLID);
	target_buf_zero(b, 3);
	target_buf_be16(b, TARGET_COPY_MAX_CSCDS);
	target_buf_be16(b, TARGET_COPY_MAX_SEGMENTS);
	target_buf_be32(b, TARGET_COPY_MAX_LIST);
	target_buf_be32(b, TARGET_COPY_MAX_BYTES);
	target_buf_zero(b, 12);		/* no inline data, held data, or stream device */
	target_buf_zero(b, 2);
	target_buf_be16(b, TARGET_COPY_MAX_RUNNING);
	target_buf_u8(b, TARGET_COPY_MAX_RUNNING);
	target_buf_u8(b, ilog2(TARGET_COPY_GRANULARITY));	/* DATA SEGMENT GRANULARITY */
	target_buf_zero(b, 5);
	target_buf_u8(b, sizeof(copy_descriptors));
	target_buf_put(b, copy_descriptors, sizeof(copy_descriptors));
	target_buf_set_be32(b, start, b->len - start - 4);
}

/* --- commands ---------------------------------------------------------------------------- */

/* What is asked for by an 8-bit or a 32-bit list identifier; NULL if nobody knows it. */
static struct target_copy *results_find(struct se_cmd *cmd, bool lid4)
{
	const u8 *cdb = cmd->t_task_cdb;

	return target_copy_get(cmd->itl, lid4 ? get_unaligned_be32(cdb + 2) : cdb[2]);
}

static sense_reason_t results_reply(struct se_cmd *cmd, const struct target_copy *copy,
				    void (*build)(struct target_buf *b,
						  const struct target_copy *copy))
{
	u8 *data = kzalloc(RESULTS_SIZE, GFP_KERNEL);
	struct target_buf b;

	if (!data)
		return TCM_OUT_OF_RESOURCES;
	target_buf_init(&b, data, RESULTS_SIZE);
	build(&b, copy);
	target_cmd_done_data(cmd, &b);
	kfree(data);
	return TCM_NO_SENSE;
}

static bool results_have_details(const struct target_copy *copy)
{
	return copy->action == TARGET_COPY_LID1 && copy->sense_len;
}

/* The status of what has ended is told once (SPC-6 6.28). */
sense_reason_t target_copy_status_lid1(struct se_cmd *cmd)
{
	struct target_copy *copy = results_find(cmd, false);
	sense_reason_t why;
	bool ended;

	if (!copy)
		return target_fail_cdb_field(cmd, 2, 7);
	ended = !target_copy_runs(copy);
	if (ended && copy->told) {
		why = target_fail_cdb_field(cmd, 2, 7);
	} else {
		copy->told = ended;
		why = results_reply(cmd, copy, target_copy_build_status_lid1);
	}
	if (ended && !results_have_details(copy) && copy->action == TARGET_COPY_LID1)
		target_copy_forget(copy);
	target_copy_put(copy);
	return why;
}

sense_reason_t target_copy_status_lid4(struct se_cmd *cmd)
{
	struct target_copy *copy = results_find(cmd, true);
	sense_reason_t why;

	if (!copy)
		return target_fail_cdb_field(cmd, 2, 7);
	why = results_reply(cmd, copy, target_copy_build_status_lid4);
	target_copy_put(copy);
	return why;
}

/* They are told once, or dropped with an ALLOCATION LENGTH of zero (SPC-6 6.26). */
sense_reason_t target_copy_failed_details(struct se_cmd *cmd)
{
	struct target_copy *copy = results_find(cmd, false);
	bool all, known = copy && copy->action == TARGET_COPY_LID1 && !target_copy_runs(copy);
	sense_reason_t why;

	if (!known) {
		if (copy)
			target_copy_put(copy);
		return target_fail_cdb_field(cmd, 2, 7);
	}
	all = !cmd->data_length || cmd->data_length >= DETAILS_SENSE + copy->sense_len;
	why = results_reply(cmd, copy, target_copy_build_failed);
	if (!why && all && copy->sense_len) {
		if (copy->told)
			target_copy_forget(copy);
		copy->sense_len = 0;
	}
	target_copy_put(copy);
	return why;
}

static void results_build_parameters(struct target_buf *b, const struct target_copy *copy)
{
	target_copy_build_parameters(b);
}

sense_reason_t target_copy_parameters(struct se_cmd *cmd)
{
	return results_reply(cmd, NULL, results_build_parameters);
}

/* The token is told once, or dropped with an ALLOCATION LENGTH of zero (SPC-6 6.29). */
sense_reason_t target_copy_token_information(struct se_cmd *cmd)
{
	struct target_copy *copy = results_find(cmd, true);
	sense_reason_t why;
	u32 asked;

	if (!copy)
		return target_fail_cdb_field(cmd, 2, 7);
	asked = cmd->data_length;
	why = results_reply(cmd, copy, target_copy_build_tokens);
	if (!why && (!asked || asked >= TOKEN_INFORMATION_LEN + TARGET_ROD_TOKEN))
		copy->told_token = true;
	target_copy_put(copy);
	return why;
}

static void results_build_all_tokens(struct se_cmd *cmd, struct target_buf *b)
{
	target_rods_build(b, cmd->se_dev);
}

/* SPC-6 6.34 */
sense_reason_t target_copy_all_tokens(struct se_cmd *cmd)
{
	return target_spc_reply(cmd, 8 + TARGET_ROD_MAX_TOKENS * TARGET_ROD_MANAGEMENT,
				results_build_all_tokens);
}

/* --- page 8Fh ---------------------------------------------------------------------------- */

static u32 tpc_open(struct target_buf *b, u16 type)
{
	u32 start = b->len;

	target_buf_be16(b, type);
	target_buf_zero(b, 2);
	return start;
}

/* Padded to a multiple of four. */
static void tpc_close(struct target_buf *b, u32 start)
{
	target_buf_zero(b, -(b->len - start) & 3);
	target_buf_set_be16(b, start + 2, b->len - start - 4);
}

/* SBC-5 6.6.9.3 */
static void tpc_build_rod_limits(struct target_buf *b)
{
	u32 start = tpc_open(b, TPC_BLOCK_ROD_LIMITS);

	target_buf_zero(b, 6);
	target_buf_be16(b, TARGET_ROD_MAX_RANGES);
	target_buf_be32(b, TARGET_ROD_MAX_TIMEOUT);
	target_buf_be32(b, TARGET_ROD_DEFAULT_TIMEOUT);
	target_buf_be64(b, TARGET_ROD_MAX_BYTES);	/* MAXIMUM TOKEN TRANSFER SIZE */
	target_buf_be64(b, TARGET_ROD_MAX_BYTES);	/* OPTIMAL TRANSFER COUNT */
	tpc_close(b, start);
}

/* The service actions of an operation code that the unit has. */
static void tpc_build_opcode(struct target_buf *b, const struct se_device *dev, u8 opcode)
{
	u32 count = b->len + 1;
	unsigned int i;

	target_buf_u8(b, opcode);
	target_buf_u8(b, 0);
	for (i = 0; i < target_cdb_op_count; i++)
		if (target_cdb_ops[i].opcode == opcode &&
		    target_cdb_supported(&target_cdb_ops[i], dev))
			target_buf_u8(b, target_cdb_ops[i].sa);
	target_buf_set_u8(b, count, b->len - count - 1);
}

static void tpc_build_commands(struct target_buf *b, const struct se_device *dev)
{
	u32 start = tpc_open(b, TPC_COMMANDS);

	target_buf_u8(b, 0);
	tpc_build_opcode(b, dev, EXTENDED_COPY);
	tpc_build_opcode(b, dev, RECEIVE_COPY_RESULTS);
	target_buf_set_u8(b, start + 4, b->len - start - 5);
	tpc_close(b, start);
}

static void tpc_build_parameter_data(struct target_buf *b)
{
	u32 start = tpc_open(b, TPC_PARAMETER_DATA);

	target_buf_zero(b, 4);
	target_buf_be16(b, TARGET_COPY_MAX_CSCDS);
	target_buf_be16(b, TARGET_COPY_MAX_SEGMENTS);
	target_buf_be32(b, TARGET_COPY_MAX_LIST);
	target_buf_be32(b, 0);		/* MAXIMUM INLINE DATA LENGTH */
	target_buf_zero(b, 12);
	tpc_close(b, start);
}

static void tpc_build_descriptors(struct target_buf *b)
{
	u32 start = tpc_open(b, TPC_DESCRIPTORS);

	target_buf_u8(b, sizeof(copy_descriptors));
	target_buf_put(b, copy_descriptors, sizeof(copy_descriptors));
	tpc_close(b, start);
}

/* Those beyond the numbers of CSCD descriptors. */
static void tpc_build_cscd_ids(struct target_buf *b)
{
	u32 start = tpc_open(b, TPC_CSCD_IDS);

	target_buf_be16(b, 2);
	target_buf_be16(b, TARGET_COPY_THIS_LU);
	tpc_close(b, start);
}

static void tpc_build_rod_features(struct target_buf *b, const struct se_device *dev)
{
	u32 start = tpc_open(b, TPC_ROD_FEATURES);

	target_buf_zero(b, 12);		/* REMOTE TOKENS 0h: none */
	target_buf_be32(b, 0);		/* MINIMUM TOKEN LIFETIME */
	target_buf_be32(b, TARGET_ROD_MAX_TIMEOUT);
	target_buf_be32(b, TARGET_ROD_MAX_TIMEOUT);
	target_buf_zero(b, 18);
	target_buf_be16(b, 48);
	/* Block ROD device type specific features */
	target_buf_u8(b, dev->limits.device_type);
	target_buf_u8(b, 0);
	target_buf_be16(b, 44);
	target_buf_zero(b, 2);
	target_buf_be16(b, 1);		/* OPTIMAL BLOCK ROD LENGTH GRANULARITY */
	target_buf_be64(b, TARGET_ROD_MAX_BYTES);
	target_buf_be64(b, TARGET_ROD_MAX_BYTES);
	target_buf_be64(b, TARGET_ROD_MAX_BYTES);
	target_buf_be64(b, TARGET_ROD_MAX_BYTES);
	target_buf_zero(b, 8);
	tpc_close(b, start);
}

static void tpc_build_rod_type(struct target_buf *b, u32 type, u8 tokens)
{
	target_buf_be32(b, type);
	target_buf_u8(b, tokens);
	target_buf_u8(b, 0);
	target_buf_be16(b, 1);		/* PREFERENCE INDICATOR */
	target_buf_zero(b, 56);
}

static void tpc_build_rod_types(struct target_buf *b)
{
	u32 start = tpc_open(b, TPC_ROD_TYPES);

	target_buf_zero(b, 2);
	target_buf_be16(b, 2 * 64);
	tpc_build_rod_type(b, TARGET_ROD_CHANGE_VULNERABLE, 0x03);	/* TOKEN_IN, TOKEN_OUT */
	tpc_build_rod_type(b, TARGET_ROD_ZERO, 0x02);
	tpc_close(b, start);
}

static void tpc_build_general(struct target_buf *b)
{
	u32 start = tpc_open(b, TPC_GENERAL);

	target_buf_be32(b, TARGET_COPY_MAX_RUNNING);
	target_buf_be32(b, TARGET_COPY_MAX_RUNNING);
	target_buf_be32(b, TARGET_COPY_MAX_BYTES);
	target_buf_u8(b, ilog2(TARGET_COPY_GRANULARITY));
	target_buf_zero(b, 19);
	tpc_close(b, start);
}

void target_copy_build_page(struct target_buf *b, const struct se_device *dev)
{
	bool tokens = target_copy_has_tokens(dev);

	if (tokens)
		tpc_build_rod_limits(b);
	tpc_build_commands(b, dev);
	tpc_build_parameter_data(b);
	tpc_build_descriptors(b);
	tpc_build_cscd_ids(b);
	if (tokens) {
		tpc_build_rod_features(b, dev);
		tpc_build_rod_types(b);
	}
	tpc_build_general(b);
}
