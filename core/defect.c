// SPDX-License-Identifier: GPL-2.0-only
/*
 * READ DEFECT DATA (SBC-5 5.22, 5.23).
 *
 * The lists are there and empty: what lies below a backstore replaces its own bad
 * blocks.  In an empty list all formats look the same, but only those that count in
 * blocks mean something here.
 */
#include "cdb.h"
#include "cmd.h"
#include "defect.h"
#include "sense.h"

/* DEFECT LIST FORMAT (SBC-5 6.2) */
enum defect_format {
	DEFECT_SHORT_BLOCK	= 0,
	DEFECT_LONG_BLOCK	= 3,
	DEFECT_RESERVED		= 7,
};

#define DEFECT_FORMAT	0x07
#define DEFECT_LISTS	0x18	/* REQ_PLIST, REQ_GLIST; PLISTV, GLISTV */
#define DEFECT_HEADER	8	/* bytes of the longer header */

static u8 defect_options_at(const struct target_cdb_op *op)
{
	return op->len == 10 ? 2 : 1;
}

static u8 defect_options(const struct se_cmd *cmd)
{
	return cmd->t_task_cdb[defect_options_at(cmd->op)];
}

/* The one asked for, or the default. A short block address has 32 bits. */
static u8 defect_format(const struct se_device *dev, u8 asked)
{
	if (asked == DEFECT_SHORT_BLOCK && dev->blocks <= 1ULL << 32)
		return DEFECT_SHORT_BLOCK;
	return DEFECT_LONG_BLOCK;
}

sense_reason_t target_defect_parse(struct se_cmd *cmd)
{
	if ((defect_options(cmd) & DEFECT_FORMAT) == DEFECT_RESERVED)
		return target_fail_cdb_field(cmd, defect_options_at(cmd->op), 2);
	return TCM_NO_SENSE;
}

void target_defect_build(struct target_buf *b, const struct se_device *dev, u8 options,
			 bool long_one)
{
	target_buf_u8(b, 0);
	target_buf_u8(b, (options & DEFECT_LISTS) | defect_format(dev, options & DEFECT_FORMAT));
	if (long_one)
		target_buf_be16(b, 0);	/* GENERATION CODE: not supported */
	target_buf_zero(b, long_one ? 4 : 2);	/* DEFECT LIST LENGTH */
}

/* The data is sent whatever the format; another one than was asked for is an error. */
sense_reason_t target_defect_execute(struct se_cmd *cmd)
{
	u8 options = defect_options(cmd), asked = options & DEFECT_FORMAT;
	bool as_asked = defect_format(cmd->se_dev, asked) == asked;
	u8 data[DEFECT_HEADER];
	struct target_buf b;

	target_buf_init(&b, data, sizeof(data));
	target_defect_build(&b, cmd->se_dev, options, cmd->op->len == 12);
	target_cmd_done_data_with(cmd, &b, as_asked ? TCM_NO_SENSE : TCM_DEFECT_LIST_FORMAT);
	return TCM_NO_SENSE;
}
