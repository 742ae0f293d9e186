// SPDX-License-Identifier: GPL-2.0-only
/*
 * Protection information: what a unit tells of it, and what a CDB means by it
 * (SBC-5 4.21).
 *
 * The masks in the opcode table are those of a unit without any; with it, some bits
 * more are evaluated.  Application tags belong to the initiators (ATO is one), so one
 * is checked only against what a CDB of 32 bytes, or mode page 0Ah/02h, says that it
 * shall be.
 */
#include <linux/unaligned.h>
#include "cdb.h"
#include "inquiry.h"
#include "pi.h"
#include "provision.h"
#include "sense.h"

#define PI_FIELD		0xe0	/* xPROTECT in the byte of options */
#define PI_FIELD_MAX		5
#define PI_EXPECTED_AT		20	/* in CDBs of 32 bytes: reference tag, */
#define PI_EXPECTED_APP_AT	24	/* application tag, and its mask */
#define PI_EXPECTED_MASK_AT	26
#define PI_EXPECTED_LEN		8
#define PI_SESSION_OPS		(TARGET_PROT_DIN_PASS | TARGET_PROT_DOUT_PASS)

#define INQUIRY_PROTECT_AT	5
#define INQUIRY_PROTECT		0x01
#define VPD_EXTENDED		0x86
#define VPD_EXTENDED_AT		4	/* SPT, GRD_CHK, APP_CHK, REF_CHK */
#define VPD_SPT_SHIFT		3
#define VPD_SPT_1		0
#define VPD_SPT_3		4
#define VPD_SPT_ALL		7
#define VPD_CHECKS		0x07

static bool pi_session_can(const struct se_session *sess)
{
	return sess->sup_prot_ops & PI_SESSION_OPS;
}

u8 target_pi_visible(const struct se_device *dev, const struct se_session *sess)
{
	if (!pi_session_can(sess))
		return TARGET_DIF_TYPE0_PROT;
	return target_pi_stored(dev) ?: sess->sess_prot_type;
}

/* Has the CDB fields for what its tags are expected to be? */
static bool pi_has_expected(const struct target_cdb_op *op)
{
	return op->len > 16 && op->flags & TARGET_CDB_PROTECT && !op->usage[PI_EXPECTED_AT];
}

/*
 * These CDBs are there for type 2, and with type 2 no other may ask for protection
 * (SBC-5 4.21.2).
 */
static bool pi_suits(const struct target_cdb_op *op, u8 type)
{
	return (type == TARGET_DIF_TYPE2_PROT) == pi_has_expected(op);
}

u8 target_pi_field(const struct se_cmd *cmd)
{
	const struct target_cdb_op *op = cmd->op;

	if (!(op->flags & TARGET_CDB_PROTECT))
		return 0;
	return (cmd->t_task_cdb[target_cdb_options(op)] & PI_FIELD) >> 5;
}

void target_pi_usage(const struct target_cdb_op *op, u8 type, u8 *usage)
{
	if (!type || !(op->flags & TARGET_CDB_PROTECT) || !pi_suits(op, type))
		return;
	usage[target_cdb_options(op)] |= PI_FIELD;
	if (pi_has_expected(op))
		memset(usage + PI_EXPECTED_AT, 0xff, PI_EXPECTED_LEN);
}

sense_reason_t target_pi_check_field(struct se_cmd *cmd)
{
	u8 type = target_pi_visible(cmd->se_dev, cmd->se_sess);

	if (type && !pi_suits(cmd->op, type))
		return TCM_UNSUPPORTED_SCSI_OPCODE;
	if (!type || target_pi_field(cmd) > PI_FIELD_MAX)
		return target_fail_cdb_field(cmd, target_cdb_options(cmd->op), 7);
	return TCM_NO_SENSE;
}

/* By xPROTECT; 000b as 001b (SBC-5 table 70 and its like). */
u8 target_pi_checks(u8 protect)
{
	const u8 tags = TARGET_DIF_CHECK_APPTAG | TARGET_DIF_CHECK_REFTAG;

	switch (protect) {
	case 2:
		return tags;
	case 3:
		return 0;
	case 4:
		return TARGET_DIF_CHECK_GUARD;
	default:
		return TARGET_DIF_CHECK_GUARD | tags;
	}
}

void target_pi_rule(struct target_pi_rule *rule, const struct se_cmd *cmd, u8 type, u32 done)
{
	const u8 *cdb = cmd->t_task_cdb;

	*rule = (struct target_pi_rule){
		.type	= type,
		.checks	= TARGET_DIF_CHECK_GUARD,
		.ref	= 0xffffffff,
		.shift	= cmd->se_dev->block_shift,
	};
	if (type == TARGET_DIF_TYPE1_PROT) {
		rule->checks |= TARGET_DIF_CHECK_REFTAG;
		rule->counts = true;
		rule->ref = cmd->t_task_lba + done;
	} else if (type == TARGET_DIF_TYPE2_PROT && pi_has_expected(cmd->op)) {
		rule->checks |= TARGET_DIF_CHECK_REFTAG | TARGET_DIF_CHECK_APPTAG;
		rule->counts = true;
		rule->ref = get_unaligned_be32(cdb + PI_EXPECTED_AT) + done;
		rule->app = get_unaligned_be16(cdb + PI_EXPECTED_APP_AT);
		rule->app_mask = get_unaligned_be16(cdb + PI_EXPECTED_MASK_AT);
		return;
	}
	/* Where the CDB says nothing of application tags, the mode page may. */
	if (target_pi_stored(cmd->se_dev) && target_app_tags_copy(&rule->tags, cmd->se_dev)) {
		rule->by_range = true;
		rule->lba = cmd->t_task_lba + done;
		rule->checks |= TARGET_DIF_CHECK_APPTAG;
	}
}

/* --- parsing ----------------------------------------------------------------------------- */

static sense_reason_t pi_parse_plain(struct se_cmd *cmd)
{
	return cmd->op->parse ? cmd->op->parse(cmd) : target_cdb_set_length(cmd, 0);
}

/* A fabric that brings blocks in memory of its own, and nothing else, has it all in there. */
static bool pi_is_inlined(const struct se_cmd *cmd)
{
	return cmd->se_cmd_flags & SCF_PASSTHROUGH_SG_TO_MEM_NOALLOC &&
	       cmd->prot_op == TARGET_PROT_NORMAL && !cmd->t_prot_nents;
}

/* How many bytes would it move without protection information? */
static sense_reason_t pi_parse_length(struct se_cmd *cmd, u32 *length)
{
	bool unknown = cmd->unknown_data_length;
	u32 asked = cmd->asked_length;
	sense_reason_t why;

	cmd->unknown_data_length = true;
	why = pi_parse_plain(cmd);
	cmd->unknown_data_length = unknown;
	cmd->asked_length = asked;
	*length = cmd->data_length;
	return why;
}

/* The initiator's expectation is of what goes over the wire. */
static sense_reason_t pi_parse_protected(struct se_cmd *cmd)
{
	sense_reason_t why;
	u32 length, all;

	why = pi_parse_length(cmd, &length);
	if (why)
		return why;
	cmd->prot_length = (length >> cmd->se_dev->block_shift) * TARGET_PI_BYTES;
	if (check_add_overflow(length, cmd->prot_length, &all))
		return target_fail_cdb_field(cmd, cmd->op->count.off, 7);
	why = target_cdb_set_length(cmd, all);
	if (why)
		return why;
	if (cmd->op->parse == target_write_same_parse && length && cmd->residual_count)
		return TCM_INVALID_FIELD_IN_COMMAND_IU;
	if (pi_is_inlined(cmd))
		return TCM_NO_SENSE;
	/* What stands apart cannot be cut off at a byte. */
	if (cmd->data_length != all)
		return TCM_INVALID_FIELD_IN_COMMAND_IU;
	cmd->data_length = length;
	return TCM_NO_SENSE;
}

/* Without xPROTECT: only to be checked, made up, or between host and adapter. */
static bool pi_is_needed(const struct se_cmd *cmd)
{
	const struct se_dev_attrib *a = &cmd->se_dev->dev_attrib;

	if (cmd->t_prot_nents)
		return true;
	if (!target_pi_stored(cmd->se_dev) || target_pi_is_hw(cmd->se_dev))
		return false;
	return cmd->op->dir == DMA_TO_DEVICE || a->pi_prot_verify;
}

sense_reason_t target_pi_parse(struct se_cmd *cmd)
{
	sense_reason_t why;

	/* READ(6) and WRITE(6) have no xPROTECT, and are of blocks with it all the same. */
	if (!(cmd->op->flags & (TARGET_CDB_PROTECT | TARGET_CDB_ZERO_MAX)))
		return pi_parse_plain(cmd);
	if (target_pi_field(cmd)) {
		why = target_pi_check_field(cmd);
		why = why ?: pi_parse_protected(cmd);
	} else {
		why = pi_parse_plain(cmd);
		if (why || !pi_is_needed(cmd))
			return why;
	}
	cmd->prot_type = target_pi_stored(cmd->se_dev);
	cmd->execute = target_pi_execute;
	return why;
}

/* --- pages ------------------------------------------------------------------------------- */

/* SUPPORTED PROTECTION TYPE: all, or what the medium has, or the port makes up. */
static u8 pi_spt(const struct se_device *dev, const struct se_session *sess)
{
	u8 only = dev->dev_attrib.hw_pi_prot_type;

	if (!only && target_pi_is_capable(dev))
		return VPD_SPT_ALL;
	return (only ?: sess->sess_prot_type) == TARGET_DIF_TYPE3_PROT ? VPD_SPT_3 : VPD_SPT_1;
}

static bool pi_is_supported(const struct se_device *dev, const struct se_session *sess)
{
	return pi_session_can(sess) && (target_pi_is_capable(dev) || sess->sess_prot_type);
}

void target_pi_mark_inquiry(struct se_cmd *cmd, struct target_buf *b)
{
	const struct se_device *dev = cmd->se_dev;
	const u8 *cdb = cmd->t_task_cdb;
	bool can = dev && pi_is_supported(dev, cmd->se_sess);

	if (!dev)
		return;
	if (cdb[1] & 0x01) {
		if (cdb[2] == VPD_EXTENDED && can)
			target_buf_set_u8(b, VPD_EXTENDED_AT,
					  pi_spt(dev, cmd->se_sess) << VPD_SPT_SHIFT | VPD_CHECKS);
		return;
	}
	if (b->size <= INQUIRY_PROTECT_AT)
		return;
	b->data[INQUIRY_PROTECT_AT] &= ~INQUIRY_PROTECT;
	if (can)
		b->data[INQUIRY_PROTECT_AT] |= INQUIRY_PROTECT;
}

/* --- formats ----------------------------------------------------------------------------- */

/* Other than it is it cannot be; and who does not see it, cannot ask for it. */
static sense_reason_t pi_parse_format_hw(struct se_cmd *cmd, u8 *type)
{
	u8 hw = cmd->se_dev->dev_attrib.hw_pi_prot_type;

	if (*type != hw && (*type || pi_session_can(cmd->se_sess)))
		return target_fail_cdb_field(cmd, 1, 7);
	*type = hw;
	return TCM_NO_SENSE;
}

sense_reason_t target_pi_parse_format(struct se_cmd *cmd, u8 fmtpinfo, u8 pfu, u8 *type)
{
	static const struct {
		bool	valid;
		u8	type[2];	/* by PROTECTION FIELD USAGE */
		u8	usages;
	} formats[4] = {
		[0] = { true, { TARGET_DIF_TYPE0_PROT }, 1 },
		[2] = { true, { TARGET_DIF_TYPE1_PROT }, 1 },
		[3] = { true, { TARGET_DIF_TYPE2_PROT, TARGET_DIF_TYPE3_PROT }, 2 },
	};

	if (!formats[fmtpinfo & 3].valid)
		return target_fail_cdb_field(cmd, 1, 7);
	if (fmtpinfo && !(target_pi_is_capable(cmd->se_dev) && pi_session_can(cmd->se_sess)))
		return target_fail_cdb_field(cmd, 1, 7);
	if (pfu >= formats[fmtpinfo & 3].usages)
		return target_fail_param_field(cmd, 0, 2);
	*type = formats[fmtpinfo & 3].type[pfu];
	return target_pi_is_hw(cmd->se_dev) ? pi_parse_format_hw(cmd, type) : TCM_NO_SENSE;
}

int target_pi_format(struct se_device *dev, u8 type)
{
	int err;

	lockdep_assert_held(&dev->lock);
	if (target_pi_is_hw(dev))
		return type == dev->dev_attrib.hw_pi_prot_type ? 0 : -EOPNOTSUPP;
	if (!target_pi_is_capable(dev))
		return type ? -EOPNOTSUPP : 0;
	/* What has none, and shall have none, needs no room for it. */
	err = type || dev->dev_attrib.pi_prot_type ? dev->transport->prot_format(dev) : 0;
	if (err)
		return err;
	WRITE_ONCE(dev->dev_attrib.pi_prot_type, type);
	if (!type)
		WRITE_ONCE(dev->dev_attrib.pi_prot_verify, false);
	return 0;
}
