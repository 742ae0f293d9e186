// SPDX-License-Identifier: GPL-2.0-only
/*
 * FORMAT UNIT (SBC-5 5.4).
 *
 * Capacity and block length stay as they are.  All blocks get the pattern of the
 * parameter list, or zeros: unmapped where they then read as zeros, else written.
 *
 * The lists of defects are there, empty, and always found, so DPRY, STPF and CMPLST
 * make no difference; blocks that shall be added to them are refused.  Certification
 * is as the vendor likes: this one has nothing to certify.
 */
#include <linux/slab.h>
#include <linux/unaligned.h>
#include <target/target_core_backend.h>
#include "cdb.h"
#include "cmd.h"
#include "format.h"
#include "medium.h"
#include "pi.h"
#include "power.h"
#include "sense.h"

/* Byte 1 of the CDB */
#define FORMAT_PINFO		0xc0
#define FORMAT_LONGLIST		0x20
#define FORMAT_DATA		0x10
#define FORMAT_LIST_FORMAT	0x07

/* DEFECT LIST FORMAT: those that READ DEFECT DATA has */
#define FORMAT_SHORT_BLOCK	0
#define FORMAT_LONG_BLOCK	3

/* Bytes 0 and 1 of the parameter list header */
#define FORMAT_PROT_USAGE	0x07
#define FORMAT_FOV		0x80
#define FORMAT_DPRY		0x40
#define FORMAT_DCRT		0x20
#define FORMAT_STPF		0x10
#define FORMAT_IP		0x08
#define FORMAT_OPTIONS		(FORMAT_DPRY | FORMAT_DCRT | FORMAT_STPF | FORMAT_IP)
#define FORMAT_UNKNOWN		0x05	/* obsolete, vendor specific */
#define FORMAT_IMMED		0x02

#define FORMAT_SHORT_HEADER	4	/* bytes */
#define FORMAT_LONG_HEADER	8
#define FORMAT_IP_HEADER	4

/* INITIALIZATION PATTERN TYPE */
enum format_pattern {
	FORMAT_DEFAULT	= 0,
	FORMAT_REPEAT	= 1,
};

static bool format_is_long(const struct se_cmd *cmd)
{
	return cmd->t_task_cdb[1] & FORMAT_LONGLIST;
}

static u32 format_header(const struct se_cmd *cmd)
{
	return format_is_long(cmd) ? FORMAT_LONG_HEADER : FORMAT_SHORT_HEADER;
}

bool target_format_supported(const struct se_device *dev)
{
	return !dev || target_medium_unmaps(dev) || dev->transport->write_same;
}

/* --- protection information -------------------------------------------------------------- */

/* FMTPINFO that can be asked for on this device, as CDB USAGE DATA. */
static u8 format_prot_usage(const struct se_device *dev)
{
	return target_pi_is_capable(dev) ? FORMAT_PINFO : 0;
}

static u8 format_prot_info(const struct se_cmd *cmd)
{
	return cmd->t_task_cdb[1] >> 6;
}

void target_format_usage(const struct target_cdb_op *op, const struct se_device *dev, u8 *usage)
{
	usage[1] = (usage[1] & ~FORMAT_PINFO) | format_prot_usage(dev);
}

/* --- the CDB ----------------------------------------------------------------------------- */

/* The CDB does not say how long the list is: as long as the initiator sends, if that fits. */
static u32 format_list_length(const struct se_cmd *cmd)
{
	u32 least = format_header(cmd);
	u32 most = least + FORMAT_IP_HEADER + (1U << cmd->se_dev->block_shift);

	return cmd->unknown_data_length ? least : clamp(cmd->asked_length, least, most);
}

/* Without a list CMPLST and LONGLIST are ignored. */
sense_reason_t target_format_parse(struct se_cmd *cmd)
{
	u8 bits = cmd->t_task_cdb[1], list_format = bits & FORMAT_LIST_FORMAT;
	bool data = bits & FORMAT_DATA;
	sense_reason_t why;
	u8 type;

	/* What PROTECTION FIELD USAGE adds to it, the list says. */
	why = target_pi_parse_format(cmd, format_prot_info(cmd), 0, &type);
	if (why)
		return why;
	if (list_format != FORMAT_SHORT_BLOCK && !(data && list_format == FORMAT_LONG_BLOCK))
		return target_fail_cdb_field(cmd, 1, 2);
	return target_cdb_set_length(cmd, data ? format_list_length(cmd) : 0);
}

/* --- the parameter list ------------------------------------------------------------------ */

static sense_reason_t format_read_options(struct se_cmd *cmd, const u8 *list, u8 *type)
{
	const struct se_device *dev = cmd->se_dev;
	u8 bad = list[0] & ~FORMAT_PROT_USAGE;
	sense_reason_t why;

	if (bad)
		return target_fail_param_field(cmd, 0, fls(bad) - 1);
	why = target_pi_parse_format(cmd, format_prot_info(cmd), list[0], type);
	if (why)
		return why;
	bad = list[1] & FORMAT_UNKNOWN;
	if (!(list[1] & FORMAT_FOV))
		bad |= list[1] & FORMAT_OPTIONS;
	/* A pattern has to be written. */
	if (!dev->transport->write_same)
		bad |= list[1] & FORMAT_IP;
	return bad ? target_fail_param_field(cmd, 1, fls(bad) - 1) : TCM_NO_SENSE;
}

/* P_I_INFORMATION and PROTECTION INTERVAL EXPONENT: one protection interval per block. */
static sense_reason_t format_read_long(struct se_cmd *cmd, const u8 *list)
{
	if (list[2])
		return target_fail_param_field(cmd, 2, fls(list[2]) - 1);
	if (list[3])
		return target_fail_param_field(cmd, 3, list[3] & 0xf0 ? 7 : 3);
	return get_unaligned_be32(list + 4) ? target_fail_param_field(cmd, 4, 7) : TCM_NO_SENSE;
}

static sense_reason_t format_read_short(struct se_cmd *cmd, const u8 *list)
{
	return get_unaligned_be16(list + 2) ? target_fail_param_field(cmd, 2, 7) : TCM_NO_SENSE;
}

/* The initialization pattern descriptor at @off. */
static sense_reason_t format_read_pattern(struct se_cmd *cmd, const u8 *list, u32 len, u32 off,
					  struct target_format *format)
{
	const u8 *d = list + off;
	u32 n;

	if (len < off + FORMAT_IP_HEADER)
		return TCM_PARAMETER_LIST_LENGTH_ERROR;
	if (d[0])
		return target_fail_param_field(cmd, off, fls(d[0]) - 1);
	n = get_unaligned_be16(d + 2);
	format->used = off + FORMAT_IP_HEADER + n;
	switch (d[1]) {
	case FORMAT_DEFAULT:
		return n ? target_fail_param_field(cmd, off + 2, 7) : TCM_NO_SENSE;
	case FORMAT_REPEAT:
		if (!n || n > 1U << cmd->se_dev->block_shift)
			return target_fail_param_field(cmd, off + 2, 7);
		if (len < format->used)
			return TCM_PARAMETER_LIST_LENGTH_ERROR;
		format->pattern = d + FORMAT_IP_HEADER;
		format->pattern_len = n;
		return TCM_NO_SENSE;
	default:
		return target_fail_param_field(cmd, off + 1, 7);
	}
}

sense_reason_t target_format_read(struct se_cmd *cmd, const u8 *list, u32 len,
				  struct target_format *format)
{
	u32 header = format_header(cmd);
	sense_reason_t why;

	*format = (struct target_format){ .used = header };
	if (len < header)
		return TCM_PARAMETER_LIST_LENGTH_ERROR;
	why = format_read_options(cmd, list, &format->prot_type);
	if (!why)
		why = format_is_long(cmd) ? format_read_long(cmd, list) :
					    format_read_short(cmd, list);
	if (!why && list[1] & FORMAT_IP)
		why = format_read_pattern(cmd, list, len, header, format);
	format->immed = list[1] & FORMAT_IMMED;
	return why;
}

/* --- what it does ------------------------------------------------------------------------ */

static sense_reason_t format_begin(struct se_cmd *cmd, const struct target_format *format)
{
	struct se_device *dev = cmd->se_dev;
	static const u8 zero[1];
	struct target_medium_job *job;

	job = target_medium_alloc(dev, format->pattern ?: zero, format->pattern_len ?: 1);
	if (!job)
		return TCM_OUT_OF_RESOURCES;
	job->busy = TARGET_BUSY_FORMAT;
	job->mends = TARGET_FORMAT_CORRUPT;
	job->fails = TARGET_FORMAT_CORRUPT;
	job->why_failed = TCM_FORMAT_FAILED;
	job->why_stopped = TCM_FORMAT_CORRUPTED;
	job->formats = true;
	job->prot_type = format->prot_type;
	job->unmap = !format->pattern && target_medium_unmaps(dev);
	job->writes = !job->unmap;
	return target_medium_begin(cmd, job, format->immed);
}

sense_reason_t target_format_execute(struct se_cmd *cmd)
{
	u32 len = cmd->data_length;
	struct target_format format = { };
	sense_reason_t why;
	u8 *list;

	if (!(cmd->t_task_cdb[1] & FORMAT_DATA)) {
		why = target_pi_parse_format(cmd, format_prot_info(cmd), 0, &format.prot_type);
		return why ?: format_begin(cmd, &format);
	}
	list = kmalloc(len, GFP_KERNEL);
	if (!list)
		return TCM_OUT_OF_RESOURCES;
	target_cmd_get_params(cmd, list, len);
	why = target_format_read(cmd, list, len, &format);
	if (!why) {
		target_cmd_set_length(cmd, format.used);
		why = format_begin(cmd, &format);
	}
	kfree(list);
	return why;
}
