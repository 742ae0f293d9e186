// SPDX-License-Identifier: GPL-2.0-only
/*
 * Identifying information (SPC-6 5.7, 6.32, 6.45).
 *
 * Bytes that an application calls the unit by, and text that a person does.  The
 * text is wwn/pd_text_id_info of the device's directory as well.
 */
#include "cdb.h"
#include "cmd.h"
#include "ident.h"
#include "sense.h"
#include "spc.h"
#include "ua.h"

#define IDENT_HEADER_LEN	4
#define IDENT_TYPE_AT		10	/* of the CDB; bits 7-1 */

/* IDENTIFYING INFORMATION TYPE */
enum ident_type {
	IDENT_BYTES	= 0x00,
	IDENT_TEXT	= 0x02,
	IDENT_LIST	= 0x7f,	/* which types there are */
};

static const struct {
	enum ident_type	type;
	u16		max;	/* bytes */
} ident_types[] = {
	{ IDENT_BYTES,	TARGET_IDENT_MAX },
	{ IDENT_TEXT,	PD_TEXT_ID_INFO_LEN },
};

static enum ident_type ident_type_of(const struct se_cmd *cmd)
{
	return cmd->t_task_cdb[IDENT_TYPE_AT] >> 1;
}

/* The longest information of a type, 0 if there is no such type. */
static u16 ident_max(enum ident_type type)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(ident_types); i++)
		if (ident_types[i].type == type)
			return ident_types[i].max;
	return 0;
}

sense_reason_t target_ident_parse_report(struct se_cmd *cmd)
{
	if (ident_type_of(cmd) != IDENT_LIST && !ident_max(ident_type_of(cmd)))
		return target_fail_cdb_field(cmd, IDENT_TYPE_AT, 7);
	return TCM_NO_SENSE;
}

static void ident_build_list(struct target_buf *b)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(ident_types); i++) {
		target_buf_u8(b, ident_types[i].type << 1);
		target_buf_u8(b, 0);
		target_buf_be16(b, ident_types[i].max);
	}
}

/* Text ends with a NUL, unless there is none. */
static void ident_build_text(struct target_buf *b, const struct target_wwn_info *wwn)
{
	u32 len = strnlen(wwn->pd_text_id_info, sizeof(wwn->pd_text_id_info) - 1);

	if (len)
		target_buf_put(b, wwn->pd_text_id_info, len + 1);
}

static void ident_build(struct se_cmd *cmd, struct target_buf *b)
{
	struct se_device *dev = cmd->se_dev;

	guard(mutex)(&dev->lock);
	target_buf_zero(b, IDENT_HEADER_LEN);
	switch (ident_type_of(cmd)) {
	case IDENT_BYTES:
		target_buf_put(b, dev->ident, dev->ident_len);
		break;
	case IDENT_TEXT:
		ident_build_text(b, &dev->t10_wwn);
		break;
	default:
		ident_build_list(b);
	}
	target_buf_set_be16(b, 2, b->len - IDENT_HEADER_LEN);
}

/* SPC-6 6.32 */
sense_reason_t target_ident_report(struct se_cmd *cmd)
{
	return target_spc_reply(cmd, IDENT_HEADER_LEN + PD_TEXT_ID_INFO_LEN, ident_build);
}

sense_reason_t target_ident_parse_set(struct se_cmd *cmd)
{
	u16 max = ident_max(ident_type_of(cmd));

	if (!max)
		return target_fail_cdb_field(cmd, IDENT_TYPE_AT, 7);
	if (target_cdb_get(cmd->t_task_cdb, cmd->op->alloc) > max)
		return target_fail_cdb_field(cmd, cmd->op->alloc.off, 7);
	return TCM_NO_SENSE;
}

static void ident_take_bytes(struct se_device *dev, const u8 *info, u32 len)
{
	memcpy(dev->ident, info, len);
	dev->ident_len = len;
}

/* Null terminated, and nothing behind (SPC-6 6.45). */
static sense_reason_t ident_take_text(struct se_cmd *cmd, const u8 *info, u32 len)
{
	struct target_wwn_info *wwn = &cmd->se_dev->t10_wwn;
	u32 text = strnlen((const char *)info, len);

	if (len && text != len - 1)
		return target_fail_param_field(cmd, min(text, len - 1), TARGET_FIELD_NO_BIT);
	memset(wwn->pd_text_id_info, 0, sizeof(wwn->pd_text_id_info));
	memcpy(wwn->pd_text_id_info, info, len);
	return TCM_NO_SENSE;
}

static sense_reason_t ident_take(struct se_cmd *cmd, const u8 *info, u32 len)
{
	struct se_device *dev = cmd->se_dev;

	guard(mutex)(&dev->lock);
	if (ident_type_of(cmd) == IDENT_TEXT)
		return ident_take_text(cmd, info, len);
	ident_take_bytes(dev, info, len);
	return TCM_NO_SENSE;
}

/* SPC-6 6.45 */
sense_reason_t target_ident_set(struct se_cmd *cmd)
{
	u8 info[PD_TEXT_ID_INFO_LEN];
	sense_reason_t why;

	BUILD_BUG_ON(sizeof(info) < TARGET_IDENT_MAX);
	target_cmd_get_params(cmd, info, sizeof(info));
	why = ident_take(cmd, info, cmd->data_length);
	if (why)
		return why;
	target_ua_set_all(cmd->se_dev, TARGET_UA_IDENT_CHANGED, cmd->itl);
	target_cmd_done(cmd, TCM_NO_SENSE);
	return TCM_NO_SENSE;
}
