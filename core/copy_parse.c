// SPDX-License-Identifier: GPL-2.0-only
/*
 * Parameter lists of EXTENDED COPY: from bytes to numbers (SPC-6 6.4, 6.5, 6.6).
 *
 * All of a list is checked before any of it takes effect.  STR and PRIORITY ask for
 * no more than what is done anyway: one segment after the other.  PAD and CAT only
 * matter to segments that are not whole blocks, and those fail.
 */
#include <linux/unaligned.h>
#include "copy.h"

#define COPY_LID1_HEADER	16
#define COPY_LID4_HEADER	48
#define COPY_LID4_FORMAT	0x01	/* PARAMETER LIST FORMAT */
#define COPY_LID4_HEADER_CSCD	0x20	/* HEADER CSCD DESCRIPTOR LIST LENGTH */
#define COPY_LID4_HEADER_TYPE	0xff	/* HEADER CSCD DESCRIPTOR TYPE CODE */
#define COPY_IMMED		0x01
#define COPY_USAGE_SHIFT	3	/* LIST ID USAGE in byte 1 */
#define COPY_FLAGS_RESERVED	0xc0
#define CSCD_NUL		0x20
#define CSCD_PAD		0x04
#define SEGMENT_CAT		0x01
#define SEGMENT_DC		0x02
#define SEGMENT_TUR		0x01
#define SEGMENT_HEADER		4

/* Where the parts of a parameter list are. */
struct copy_layout {
	u32	header;		/* bytes */
	u16	cscd_field;	/* byte of CSCD DESCRIPTOR LIST LENGTH */
	u16	segment_field;
	u16	inline_field;
	u32	cscd_len;
	u32	segment_len;
	u32	inline_len;
};

static sense_reason_t copy_fail(struct se_cmd *cmd, sense_reason_t why, u16 byte)
{
	target_fail_param_field(cmd, byte, 7);
	return why;
}

/* Bytes that must be zero. */
static sense_reason_t copy_check_zero(struct se_cmd *cmd, const u8 *list, u16 from, u16 to)
{
	u16 i;

	for (i = from; i < to; i++)
		if (list[i])
			return target_fail_param_field(cmd, i, fls(list[i]) - 1);
	return TCM_NO_SENSE;
}

/* Byte 1: STR, LIST ID USAGE and PRIORITY, and whether there may be a list identifier. */
static sense_reason_t copy_parse_usage(struct se_cmd *cmd, const u8 *list, u16 id_field,
				       struct target_copy_list *out)
{
	if (list[1] & COPY_FLAGS_RESERVED)
		return target_fail_param_field(cmd, 1, fls(list[1]) - 1);
	out->usage = list[1] >> COPY_USAGE_SHIFT & 3;
	if (out->usage == 1)
		return target_fail_param_field(cmd, 1, 4);
	if (out->usage == TARGET_LIST_ID_NONE && out->list_id)
		return target_fail_param_field(cmd, id_field, 7);
	return TCM_NO_SENSE;
}

/* SPC-6 6.6.5.4: LU ID TYPE and RELATIVE INITIATOR PORT IDENTIFIER are not looked at. */
static sense_reason_t copy_parse_cscd(struct se_cmd *cmd, const u8 *list, u16 at,
				      struct target_cscd *cscd)
{
	const u8 *d = list + at;
	sense_reason_t why;

	if (d[0] != TARGET_CSCD_IDENT)
		return copy_fail(cmd, TCM_UNSUPPORTED_TARGET_DESC_TYPE_CODE, at);
	if (d[1] & CSCD_NUL)
		return target_fail_param_field(cmd, at + 1, 5);
	if (d[7] > TARGET_CSCD_DESIGNATOR)
		return target_fail_param_field(cmd, at + 7, 7);
	why = copy_check_zero(cmd, list, at + 6, at + 7);
	if (why)
		return why;
	if (d[28] & ~CSCD_PAD)
		return target_fail_param_field(cmd, at + 28, fls(d[28] & ~CSCD_PAD) - 1);
	*cscd = (struct target_cscd){
		.at = at,
		.device_type = d[1] & 0x1f,
		.code_set = d[4] & 0x0f,
		.type = d[5] & 0x3f,
		.len = d[7],
		.block_length = get_unaligned_be24(d + 29),
	};
	memcpy(cscd->designator, d + 8, cscd->len);
	return TCM_NO_SENSE;
}

static sense_reason_t copy_parse_cscds(struct se_cmd *cmd, const u8 *list,
				       const struct copy_layout *l, struct target_copy_list *out)
{
	sense_reason_t why;
	u32 at;

	if (l->cscd_len % TARGET_CSCD_LEN)
		return target_fail_param_field(cmd, l->cscd_field, 7);
	if (l->cscd_len > TARGET_COPY_MAX_CSCDS * TARGET_CSCD_LEN)
		return copy_fail(cmd, TCM_TOO_MANY_TARGET_DESCS, l->cscd_field);
	for (at = l->header; at < l->header + l->cscd_len; at += TARGET_CSCD_LEN) {
		why = copy_parse_cscd(cmd, list, at, &out->cscd[out->cscds]);
		if (why)
			return why;
		out->cscds++;
	}
	return TCM_NO_SENSE;
}

/* Bytes of a descriptor beyond its header (DESCRIPTOR LENGTH), 0 for one we don't have. */
static u16 copy_segment_len(u8 type)
{
	switch (type) {
	case TARGET_SEGMENT_BLOCK_TO_BLOCK:
		return 0x18;
	case TARGET_SEGMENT_VERIFY_CSCD:
		return 0x08;
	case TARGET_SEGMENT_BYTES:
		return 0x1c;
	default:
		return 0;
	}
}

/* SPC-6 6.6.6.2, block device to block device */
static sense_reason_t copy_parse_block(struct se_cmd *cmd, const u8 *list,
				       struct target_segment *s)
{
	const u8 *d = list + s->at;

	if (d[1] & ~(SEGMENT_CAT | SEGMENT_DC))
		return target_fail_param_field(cmd, s->at + 1, fls(d[1]) - 1);
	s->dc = d[1] & SEGMENT_DC;
	s->dest = get_unaligned_be16(d + 6);
	s->blocks = get_unaligned_be16(d + 10);
	s->source_lba = get_unaligned_be64(d + 12);
	s->dest_lba = get_unaligned_be64(d + 20);
	return copy_check_zero(cmd, list, s->at + 8, s->at + 10);
}

/* SPC-6 6.6.6.11, the same by bytes: only from the first one of a block to that of another */
static sense_reason_t copy_parse_bytes(struct se_cmd *cmd, const u8 *list,
				       struct target_segment *s)
{
	const u8 *d = list + s->at;

	if (d[1] & ~SEGMENT_CAT)
		return target_fail_param_field(cmd, s->at + 1, fls(d[1]) - 1);
	s->dest = get_unaligned_be16(d + 6);
	s->bytes = get_unaligned_be32(d + 8);
	if (s->bytes > TARGET_COPY_MAX_BYTES)
		return target_fail_param_field(cmd, s->at + 8, 7);
	s->source_lba = get_unaligned_be64(d + 12);
	s->dest_lba = get_unaligned_be64(d + 20);
	return copy_check_zero(cmd, list, s->at + 28, s->at + 32);
}

/* SPC-6 6.6.6.8, verify CSCD */
static sense_reason_t copy_parse_verify(struct se_cmd *cmd, const u8 *list,
					struct target_segment *s)
{
	const u8 *d = list + s->at;
	sense_reason_t why;

	s->dest = s->source;
	s->tur = d[8] & SEGMENT_TUR;
	why = copy_check_zero(cmd, list, s->at + 1, s->at + 2);
	if (!why)
		why = copy_check_zero(cmd, list, s->at + 6, s->at + 8);
	if (!why && d[8] & ~SEGMENT_TUR)
		why = target_fail_param_field(cmd, s->at + 8, fls(d[8]) - 1);
	return why ?: copy_check_zero(cmd, list, s->at + 9, s->at + 12);
}

static sense_reason_t copy_parse_segment(struct se_cmd *cmd, const u8 *list, u32 at, u32 end,
					 struct target_segment *s)
{
	u16 len = copy_segment_len(list[at]);

	if (!len)
		return copy_fail(cmd, TCM_UNSUPPORTED_SEGMENT_DESC_TYPE_CODE, at);
	if (at + SEGMENT_HEADER + len > end)
		return TCM_PARAMETER_LIST_LENGTH_ERROR;
	if (get_unaligned_be16(list + at + 2) != len)
		return target_fail_param_field(cmd, at + 2, 7);
	*s = (struct target_segment){
		.at = at,
		.type = list[at],
		.source = get_unaligned_be16(list + at + 4),
	};
	switch (s->type) {
	case TARGET_SEGMENT_VERIFY_CSCD:
		return copy_parse_verify(cmd, list, s);
	case TARGET_SEGMENT_BYTES:
		return copy_parse_bytes(cmd, list, s);
	default:
		return copy_parse_block(cmd, list, s);
	}
}

static sense_reason_t copy_parse_segments(struct se_cmd *cmd, const u8 *list,
					  const struct copy_layout *l,
					  struct target_copy_list *out)
{
	u32 at = l->header + l->cscd_len, end = at + l->segment_len;
	struct target_segment *s;
	sense_reason_t why;

	while (at < end) {
		if (out->segments == TARGET_COPY_MAX_SEGMENTS)
			return copy_fail(cmd, TCM_TOO_MANY_SEGMENT_DESCS, l->segment_field);
		s = &out->segment[out->segments];
		why = copy_parse_segment(cmd, list, at, end, s);
		if (why)
			return why;
		at += SEGMENT_HEADER + copy_segment_len(s->type);
		out->segments++;
	}
	return TCM_NO_SENSE;
}

/* None of the segments takes inline data. */
static sense_reason_t copy_parse_lists(struct se_cmd *cmd, const u8 *list, u32 len,
				       const struct copy_layout *l, struct target_copy_list *out)
{
	sense_reason_t why;

	if (l->segment_len > TARGET_COPY_MAX_LIST ||
	    l->cscd_len + l->segment_len > TARGET_COPY_MAX_LIST)
		return TCM_PARAMETER_LIST_LENGTH_ERROR;
	if (l->inline_len)
		return copy_fail(cmd, TCM_INLINE_DATA_LENGTH_EXCEEDED, l->inline_field);
	if (l->header + l->cscd_len + l->segment_len > len)
		return TCM_PARAMETER_LIST_LENGTH_ERROR;
	why = copy_parse_cscds(cmd, list, l, out);
	return why ?: copy_parse_segments(cmd, list, l, out);
}

sense_reason_t target_copy_parse_lid1(struct se_cmd *cmd, const u8 *list, u32 len,
				      struct target_copy_list *out)
{
	struct copy_layout l = {
		.header = COPY_LID1_HEADER, .cscd_field = 2, .segment_field = 8,
		.inline_field = 12,
	};
	sense_reason_t why;

	if (len < l.header)
		return TCM_PARAMETER_LIST_LENGTH_ERROR;
	out->list_id = list[0];
	why = copy_parse_usage(cmd, list, 0, out);
	if (!why)
		why = copy_check_zero(cmd, list, 4, 8);
	if (why)
		return why;
	l.cscd_len = get_unaligned_be16(list + l.cscd_field);
	l.segment_len = get_unaligned_be32(list + l.segment_field);
	l.inline_len = get_unaligned_be32(list + l.inline_field);
	return copy_parse_lists(cmd, list, len, &l, out);
}

static sense_reason_t copy_parse_lid4_header(struct se_cmd *cmd, const u8 *list,
					     struct target_copy_list *out)
{
	sense_reason_t why;

	if (list[0] != COPY_LID4_FORMAT)
		return target_fail_param_field(cmd, 0, 7);
	out->list_id = get_unaligned_be32(list + 20);
	why = copy_parse_usage(cmd, list, 20, out);
	if (why)
		return why;
	if (get_unaligned_be16(list + 2) != COPY_LID4_HEADER_CSCD)
		return target_fail_param_field(cmd, 2, 7);
	if (list[16] != COPY_LID4_HEADER_TYPE)
		return target_fail_param_field(cmd, 16, 7);
	/* There is no sense data with GOOD status to be had. */
	if (list[15] & ~COPY_IMMED)
		return target_fail_param_field(cmd, 15, fls(list[15] & ~COPY_IMMED) - 1);
	out->immed = list[15] & COPY_IMMED;
	if (out->immed && out->usage == TARGET_LIST_ID_NONE)
		return target_fail_param_field(cmd, 1, 4);
	why = copy_check_zero(cmd, list, 4, 15);
	if (!why)
		why = copy_check_zero(cmd, list, 17, 20);
	return why ?: copy_check_zero(cmd, list, 24, 42);
}

sense_reason_t target_copy_parse_lid4(struct se_cmd *cmd, const u8 *list, u32 len,
				      struct target_copy_list *out)
{
	struct copy_layout l = {
		.header = COPY_LID4_HEADER, .cscd_field = 42, .segment_field = 44,
		.inline_field = 46,
	};
	sense_reason_t why;

	if (len < l.header)
		return TCM_PARAMETER_LIST_LENGTH_ERROR;
	why = copy_parse_lid4_header(cmd, list, out);
	if (why)
		return why;
	l.cscd_len = get_unaligned_be16(list + l.cscd_field);
	l.segment_len = get_unaligned_be16(list + l.segment_field);
	l.inline_len = get_unaligned_be16(list + l.inline_field);
	return copy_parse_lists(cmd, list, len, &l, out);
}
