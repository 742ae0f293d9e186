// SPDX-License-Identifier: GPL-2.0-only
#include <linux/errno.h>
#include <linux/string.h>
#include <linux/unaligned.h>
#include <scsi/scsi_proto.h>
#include <scsi/scsi_status.h>
#include <target/target_core_backend.h>
#include "copy.h"
#include "lba_map.h"
#include "sense.h"
#include "ua.h"

#define SENSE_FIXED_CURRENT	0x70	/* RESPONSE CODE; one more for a deferred error */
#define SENSE_DESC_CURRENT	0x72
#define SENSE_VALID		0x80
#define SENSE_ILI		0x20
#define SENSE_FIXED_LEN		18
#define SENSE_SKSV		0x80
#define SENSE_CD		0x40
#define SENSE_BPV		0x08
#define SENSE_NOT_ALL_R		0x01

/* One reason: a status, or CHECK CONDITION with key and codes. */
struct sense_row {
	u8	status;
	u8	key;
	u8	asc;
	u8	ascq;
};

#define SENSE_ROW(reason, key_, asc_, ascq_)	[(__force u32)(reason)] = {		\
	.status = SAM_STAT_CHECK_CONDITION, .key = (key_), .asc = (asc_), .ascq = (ascq_) }
#define SENSE_STATUS(reason, status_)		[(__force u32)(reason)] = { .status = (status_) }

/* The one table of reasons. A hole is an error of ours and reported as such. */
static const struct sense_row sense_rows[(__force u32)TCM_SENSE_REASON_MAX] = {
	SENSE_ROW(TCM_NON_EXISTENT_LUN,			ILLEGAL_REQUEST, 0x25, 0x00),
	SENSE_ROW(TCM_UNSUPPORTED_SCSI_OPCODE,		ILLEGAL_REQUEST, 0x20, 0x00),
	SENSE_ROW(TCM_INCORRECT_AMOUNT_OF_DATA,		ABORTED_COMMAND, 0x0c, 0x0d),
	SENSE_ROW(TCM_UNEXPECTED_UNSOLICITED_DATA,	ABORTED_COMMAND, 0x0c, 0x0c),
	SENSE_ROW(TCM_SERVICE_CRC_ERROR,		ABORTED_COMMAND, 0x47, 0x05),
	SENSE_ROW(TCM_SNACK_REJECTED,			ABORTED_COMMAND, 0x11, 0x13),
	SENSE_ROW(TCM_SECTOR_COUNT_TOO_MANY,		ILLEGAL_REQUEST, 0x24, 0x00),
	SENSE_ROW(TCM_INVALID_CDB_FIELD,		ILLEGAL_REQUEST, 0x24, 0x00),
	SENSE_ROW(TCM_INVALID_PARAMETER_LIST,		ILLEGAL_REQUEST, 0x26, 0x00),
	SENSE_ROW(TCM_LOGICAL_UNIT_COMMUNICATION_FAILURE, NOT_READY,	 0x08, 0x00),
	SENSE_ROW(TCM_UNKNOWN_MODE_PAGE,		ILLEGAL_REQUEST, 0x24, 0x00),
	SENSE_ROW(TCM_WRITE_PROTECTED,			DATA_PROTECT,	 0x27, 0x00),
	SENSE_ROW(TCM_CHECK_CONDITION_ABORT_CMD,	ABORTED_COMMAND, 0x29, 0x03),
	SENSE_ROW(TCM_CHECK_CONDITION_UNIT_ATTENTION,	UNIT_ATTENTION,	 0x00, 0x00),
	SENSE_STATUS(TCM_RESERVATION_CONFLICT,		SAM_STAT_RESERVATION_CONFLICT),
	SENSE_ROW(TCM_ADDRESS_OUT_OF_RANGE,		ILLEGAL_REQUEST, 0x21, 0x00),
	SENSE_STATUS(TCM_OUT_OF_RESOURCES,		SAM_STAT_TASK_SET_FULL),
	SENSE_ROW(TCM_PARAMETER_LIST_LENGTH_ERROR,	ILLEGAL_REQUEST, 0x1a, 0x00),
	SENSE_ROW(TCM_MISCOMPARE_VERIFY,		MISCOMPARE,	 0x1d, 0x00),
	SENSE_ROW(TCM_LOGICAL_BLOCK_GUARD_CHECK_FAILED,	ABORTED_COMMAND, 0x10, 0x01),
	SENSE_ROW(TCM_LOGICAL_BLOCK_APP_TAG_CHECK_FAILED, ABORTED_COMMAND, 0x10, 0x02),
	SENSE_ROW(TCM_LOGICAL_BLOCK_REF_TAG_CHECK_FAILED, ABORTED_COMMAND, 0x10, 0x03),
	SENSE_ROW(TCM_MISCOMPARE_GUARD,			MISCOMPARE,	 0x10, 0x01),
	SENSE_ROW(TCM_MISCOMPARE_APP_TAG,		MISCOMPARE,	 0x10, 0x02),
	SENSE_ROW(TCM_MISCOMPARE_REF_TAG,		MISCOMPARE,	 0x10, 0x03),
	SENSE_ROW(TCM_COPY_TARGET_DEVICE_NOT_REACHABLE,	COPY_ABORTED,	 0x0d, 0x02),
	SENSE_ROW(TCM_TOO_MANY_TARGET_DESCS,		ILLEGAL_REQUEST, 0x26, 0x06),
	SENSE_ROW(TCM_UNSUPPORTED_TARGET_DESC_TYPE_CODE, ILLEGAL_REQUEST, 0x26, 0x07),
	SENSE_ROW(TCM_TOO_MANY_SEGMENT_DESCS,		ILLEGAL_REQUEST, 0x26, 0x08),
	SENSE_ROW(TCM_UNSUPPORTED_SEGMENT_DESC_TYPE_CODE, ILLEGAL_REQUEST, 0x26, 0x09),
	SENSE_ROW(TCM_INSUFFICIENT_REGISTRATION_RESOURCES, ILLEGAL_REQUEST, 0x55, 0x04),
	SENSE_STATUS(TCM_LUN_BUSY,			SAM_STAT_BUSY),
	SENSE_STATUS(TCM_ACA_ACTIVE,			SAM_STAT_ACA_ACTIVE),
	SENSE_ROW(TCM_INVALID_MESSAGE,			ILLEGAL_REQUEST, 0x49, 0x00),
	SENSE_ROW(TCM_INVALID_FIELD_IN_COMMAND_IU,	ILLEGAL_REQUEST, 0x0e, 0x03),
	SENSE_ROW(TCM_ALUA_TG_PT_STANDBY,		NOT_READY,	 0x04, 0x0b),
	SENSE_ROW(TCM_ALUA_TG_PT_UNAVAILABLE,		NOT_READY,	 0x04, 0x0c),
	SENSE_ROW(TCM_ALUA_STATE_TRANSITION,		NOT_READY,	 0x04, 0x0a),
	SENSE_ROW(TCM_ALUA_OFFLINE,			NOT_READY,	 0x04, 0x12),
	SENSE_ROW(TCM_UNRECOVERED_READ_ERROR,		MEDIUM_ERROR,	 0x11, 0x00),
	SENSE_ROW(TCM_WRITE_ERROR,			MEDIUM_ERROR,	 0x0c, 0x00),
	SENSE_ROW(TCM_SPACE_ALLOCATION_FAILED,		DATA_PROTECT,	 0x27, 0x07),
	SENSE_ROW(TCM_INTERNAL_TARGET_FAILURE,		HARDWARE_ERROR,	 0x44, 0x00),
	SENSE_ROW(TCM_SAVING_PARAMETERS_UNSUPPORTED,	ILLEGAL_REQUEST, 0x39, 0x00),
	SENSE_ROW(TCM_INSUFFICIENT_RESOURCES,		ILLEGAL_REQUEST, 0x55, 0x03),
	SENSE_ROW(TCM_NOT_READY_STOPPED,		NOT_READY,	 0x04, 0x02),
	SENSE_ROW(TCM_COMMAND_TIMEOUT,			ABORTED_COMMAND, 0x2e, 0x02),
	SENSE_ROW(TCM_INVALID_PARAMETER_VALUE,		ILLEGAL_REQUEST, 0x26, 0x02),
	SENSE_ROW(TCM_INVALID_RELEASE_OF_RESERVATION,	ILLEGAL_REQUEST, 0x26, 0x04),
	SENSE_ROW(TCM_MEDIUM_NOT_PRESENT,		NOT_READY,	 0x3a, 0x00),
	SENSE_ROW(TCM_MEDIUM_REMOVAL_PREVENTED,		ILLEGAL_REQUEST, 0x53, 0x02),
	SENSE_ROW(TCM_SELF_TEST_IN_PROGRESS,		NOT_READY,	 0x04, 0x09),
	SENSE_ROW(TCM_SELF_TEST_FAILED,			HARDWARE_ERROR,	 0x3e, 0x03),
	SENSE_ROW(TCM_COMMAND_SEQUENCE_ERROR,		ILLEGAL_REQUEST, 0x2c, 0x00),
	SENSE_ROW(TCM_ORWRITE_GENERATION,		ILLEGAL_REQUEST, 0x2c, 0x0c),
	SENSE_ROW(TCM_OPERATION_IN_PROGRESS,		ILLEGAL_REQUEST, 0x00, 0x16),
	SENSE_ROW(TCM_INLINE_DATA_LENGTH_EXCEEDED,	ILLEGAL_REQUEST, 0x26, 0x0b),
	SENSE_ROW(TCM_COPY_ABORTED,			COPY_ABORTED,	 0x00, 0x00),
	SENSE_ROW(TCM_UNREACHABLE_COPY_TARGET,		COPY_ABORTED,	 0x08, 0x04),
	SENSE_ROW(TCM_THIRD_PARTY_DEVICE_FAILURE,	COPY_ABORTED,	 0x0d, 0x01),
	SENSE_ROW(TCM_INCORRECT_COPY_TARGET_TYPE,	COPY_ABORTED,	 0x0d, 0x03),
	SENSE_ROW(TCM_UNEXPECTED_INEXACT_SEGMENT,	COPY_ABORTED,	 0x26, 0x0a),
	SENSE_ROW(TCM_COPY_GRANULARITY_VIOLATION,	COPY_ABORTED,	 0x26, 0x0d),
	SENSE_ROW(TCM_COPY_CLEARED,			COPY_ABORTED,	 0x2f, 0x02),
	SENSE_ROW(TCM_TOKEN_NOT_REPORTABLE,		ILLEGAL_REQUEST, 0x23, 0x00),
	SENSE_ROW(TCM_TOKEN_TYPE_UNSUPPORTED,		ILLEGAL_REQUEST, 0x23, 0x01),
	SENSE_ROW(TCM_TOKEN_REMOTE,			ILLEGAL_REQUEST, 0x23, 0x02),
	SENSE_ROW(TCM_TOKEN_UNKNOWN,			ILLEGAL_REQUEST, 0x23, 0x04),
	SENSE_ROW(TCM_TOKEN_CORRUPT,			ILLEGAL_REQUEST, 0x23, 0x05),
	SENSE_ROW(TCM_TOKEN_EXPIRED,			ILLEGAL_REQUEST, 0x23, 0x07),
	SENSE_ROW(TCM_TOKEN_CANCELLED,			ILLEGAL_REQUEST, 0x23, 0x08),
	SENSE_ROW(TCM_TOKEN_DELETED,			ILLEGAL_REQUEST, 0x23, 0x09),
	SENSE_ROW(TCM_TOKEN_LENGTH,			ILLEGAL_REQUEST, 0x23, 0x0a),
	SENSE_ROW(TCM_NO_ROD_TOKEN_RESOURCES,		ILLEGAL_REQUEST, 0x55, 0x0d),
	SENSE_ROW(TCM_DEFECT_LIST_FORMAT,		RECOVERED_ERROR, 0x1c, 0x00),
	SENSE_ROW(TCM_FORMAT_IN_PROGRESS,		NOT_READY,	 0x04, 0x04),
	SENSE_ROW(TCM_SANITIZE_IN_PROGRESS,		NOT_READY,	 0x04, 0x1b),
	SENSE_ROW(TCM_FORMAT_CORRUPTED,			MEDIUM_ERROR,	 0x31, 0x00),
	SENSE_ROW(TCM_FORMAT_FAILED,			MEDIUM_ERROR,	 0x31, 0x01),
	SENSE_ROW(TCM_SANITIZE_FAILED,			MEDIUM_ERROR,	 0x31, 0x03),
	SENSE_ROW(TCM_RESERVATION_LOST,			DATA_PROTECT,	 0x44, 0x01),
	SENSE_ROW(TCM_INSPECT_REFERRALS,		ABORTED_COMMAND, 0x3f, 0x15),
};

static const struct sense_row *sense_row_of(sense_reason_t reason)
{
	u32 i = (__force u32)reason;

	if (i < ARRAY_SIZE(sense_rows) && sense_rows[i].status)
		return &sense_rows[i];
	return &sense_rows[(__force u32)TCM_INTERNAL_TARGET_FAILURE];
}

u8 target_sense_status(sense_reason_t reason)
{
	return reason ? sense_row_of(reason)->status : SAM_STAT_GOOD;
}

void target_sense_init(struct target_sense *sense, sense_reason_t reason)
{
	const struct sense_row *row = sense_row_of(reason);

	*sense = (struct target_sense){ .key = row->key, .asc = row->asc, .ascq = row->ascq };
}

/* Field pointer sense key specific data (SPC-6 4.4.2.4.2). */
static void sense_set_field(struct target_sense *sense, const struct se_cmd *cmd)
{
	if (!(cmd->field_flags & TARGET_FIELD_VALID) || sense->key != ILLEGAL_REQUEST)
		return;
	sense->sksv = true;
	sense->sks[0] = cmd->field_flags & TARGET_FIELD_CDB ? SENSE_CD : 0;
	if (cmd->field_bit != TARGET_FIELD_NO_BIT)
		sense->sks[0] |= SENSE_BPV | cmd->field_bit;
	put_unaligned_be16(cmd->field_ptr, sense->sks + 1);
}

void target_sense_of_cmd(struct target_sense *sense, struct se_cmd *cmd,
			 sense_reason_t reason)
{
	target_sense_init(sense, reason);
	sense->deferred = cmd->field_flags & TARGET_FIELD_DEFERRED;
	sense->info_valid = cmd->sense_info_valid;
	sense->info = cmd->sense_info;
	if (cmd->fault)
		target_copy_fault_sense(sense, cmd->fault);
	if (reason == TCM_CHECK_CONDITION_UNIT_ATTENTION) {
		sense->asc = cmd->field_ptr >> 8;
		sense->ascq = cmd->field_ptr;
		return;
	}
	if (reason == TCM_INSPECT_REFERRALS)
		target_lba_map_sense(sense, cmd);
	if (cmd->field_flags & TARGET_FIELD_PROGRESS)
		target_sense_put_progress(sense, cmd->field_ptr);
	sense_set_field(sense, cmd);
}

/*
 * COMMAND-SPECIFIC INFORMATION of a copy: where the status and the sense data of the
 * source or the destination are, and the number of the segment (SPC-6 5.18.7.4).
 */
static unsigned int sense_build_fixed_copy(const struct target_sense *sense, u8 *buf)
{
	if (!sense->csi_valid)
		return 0;
	put_unaligned_be16(sense->csi, buf + 10);
	if (!sense->from)
		return 0;
	buf[7 + sense->from] = SENSE_FIXED_LEN;
	buf[7] += 1 + sizeof(sense->forwarded);
	buf[SENSE_FIXED_LEN] = sense->from_status;
	memcpy(buf + SENSE_FIXED_LEN + 1, sense->forwarded, sizeof(sense->forwarded));
	return 1 + sizeof(sense->forwarded);
}

/* SPC-6 4.4.3 */
static unsigned int sense_build_fixed(const struct target_sense *sense, u8 *buf)
{
	buf[0] = SENSE_FIXED_CURRENT + sense->deferred;
	buf[2] = sense->key | (sense->ili ? SENSE_ILI : 0);
	if (sense->info_valid && sense->info <= U32_MAX) {
		buf[0] |= SENSE_VALID;
		put_unaligned_be32(sense->info, buf + 3);
	}
	buf[7] = SENSE_FIXED_LEN - 8;
	buf[12] = sense->asc;
	buf[13] = sense->ascq;
	if (sense->sksv) {
		memcpy(buf + 15, sense->sks, sizeof(sense->sks));
		buf[15] |= SENSE_SKSV;
	}
	return SENSE_FIXED_LEN + sense_build_fixed_copy(sense, buf);
}

/* A descriptor: its header and @len bytes after it, or NULL if it does not fit. */
static u8 *sense_add_desc(u8 *buf, unsigned int *used, unsigned int size, u8 type, u8 len)
{
	u8 *desc = buf + *used;

	if (*used + 2 + len > size)
		return NULL;
	desc[0] = type;
	desc[1] = len;
	*used += 2 + len;
	return desc;
}

/* Command-specific information and forwarded sense data of a copy. */
static void sense_add_copy(const struct target_sense *sense, u8 *buf, unsigned int *used,
			   unsigned int size)
{
	u8 *desc;

	if (!sense->csi_valid)
		return;
	desc = sense_add_desc(buf, used, size, 0x01, 0x0a);
	if (desc)
		put_unaligned_be64(sense->csi, desc + 4);
	if (!sense->from)
		return;
	desc = sense_add_desc(buf, used, size, 0x0c, 2 + sizeof(sense->forwarded));
	if (!desc)
		return;
	desc[2] = sense->from;
	desc[3] = sense->from_status;
	memcpy(desc + 4, sense->forwarded, sizeof(sense->forwarded));
}

/* User data segment referral */
static void sense_add_referral(const struct target_sense *sense, u8 *buf, unsigned int *used,
			       unsigned int size)
{
	u8 *desc;

	if (!sense->referral_len)
		return;
	desc = sense_add_desc(buf, used, size, 0x0b, 2 + sense->referral_len);
	if (!desc)
		return;
	desc[2] = sense->referral_partial ? SENSE_NOT_ALL_R : 0;
	memcpy(desc + 4, sense->referral, sense->referral_len);
}

/* SPC-6 4.4.2: information, sense key specific and block commands descriptors */
static unsigned int sense_build_desc(const struct target_sense *sense, u8 *buf, unsigned int size)
{
	unsigned int used = 8;
	u8 *desc;

	buf[0] = SENSE_DESC_CURRENT + sense->deferred;
	buf[1] = sense->key;
	buf[2] = sense->asc;
	buf[3] = sense->ascq;
	if (sense->info_valid) {
		desc = sense_add_desc(buf, &used, size, 0x00, 0x0a);
		if (desc) {
			desc[2] = SENSE_VALID;
			put_unaligned_be64(sense->info, desc + 4);
		}
	}
	if (sense->sksv) {
		desc = sense_add_desc(buf, &used, size, 0x02, 0x06);
		if (desc) {
			memcpy(desc + 4, sense->sks, sizeof(sense->sks));
			desc[4] |= SENSE_SKSV;
		}
	}
	if (sense->ili) {
		desc = sense_add_desc(buf, &used, size, 0x05, 0x02);
		if (desc)
			desc[3] = SENSE_ILI;
	}
	sense_add_copy(sense, buf, &used, size);
	sense_add_referral(sense, buf, &used, size);
	buf[7] = used - 8;
	return used;
}

unsigned int target_sense_build(const struct target_sense *sense, bool desc, u8 *buf,
				unsigned int size)
{
	memset(buf, 0, size);
	return desc ? sense_build_desc(sense, buf, size) : sense_build_fixed(sense, buf);
}

u16 target_sense_progress(u64 done, u64 all)
{
	unsigned int shift = fls64(all) > 48 ? 16 : 0;

	return all ? min_t(u64, div64_u64((done >> shift) << 16, all >> shift), U16_MAX) : 0;
}

void target_sense_put_progress(struct target_sense *sense, u16 progress)
{
	sense->sksv = true;
	sense->sks[0] = 0;
	put_unaligned_be16(progress, sense->sks + 1);
}

void target_sense_set_progress(struct target_sense *sense, u64 done, u64 all)
{
	target_sense_put_progress(sense, target_sense_progress(done, all));
}

bool target_sense_is_desc(const struct se_device *dev)
{
	return READ_ONCE(dev->mode_d_sense) || dev->blocks > 1ULL << 32;
}

static void sense_point(struct se_cmd *cmd, u16 byte, u8 bit, u8 flags)
{
	cmd->field_ptr = byte;
	cmd->field_bit = bit;
	cmd->field_flags = TARGET_FIELD_VALID | flags;
}

sense_reason_t target_fail_cdb_field(struct se_cmd *cmd, u16 byte, u8 bit)
{
	sense_point(cmd, byte, bit, TARGET_FIELD_CDB);
	return TCM_INVALID_CDB_FIELD;
}

sense_reason_t target_fail_param_field(struct se_cmd *cmd, u16 byte, u8 bit)
{
	sense_point(cmd, byte, bit, 0);
	return TCM_INVALID_PARAMETER_LIST;
}

sense_reason_t target_fail_info(struct se_cmd *cmd, u64 info, sense_reason_t reason)
{
	cmd->sense_info = info;
	cmd->sense_info_valid = true;
	return reason;
}

sense_reason_t target_fail_progress(struct se_cmd *cmd, u16 progress, sense_reason_t reason)
{
	cmd->field_ptr = progress;
	cmd->field_flags = TARGET_FIELD_PROGRESS;
	return reason;
}

sense_reason_t target_fail_attention(struct se_cmd *cmd, const struct target_ua_code *code)
{
	cmd->field_ptr = code->asc << 8 | code->ascq;
	cmd->field_flags = 0;
	cmd->sense_info = code->info;
	cmd->sense_info_valid = code->info;
	return TCM_CHECK_CONDITION_UNIT_ATTENTION;
}

/* The one table of errors from below, but for those of the medium itself. */
static const struct {
	int		err;
	sense_reason_t	reason;
} sense_errnos[] = {
	{ -ENOSPC,	TCM_SPACE_ALLOCATION_FAILED },
	{ -EDQUOT,	TCM_SPACE_ALLOCATION_FAILED },
	{ -EROFS,	TCM_WRITE_PROTECTED },
	{ -EBADE,	TCM_RESERVATION_CONFLICT },	/* BLK_STS_RESV_CONFLICT */
	{ -ETIMEDOUT,	TCM_COMMAND_TIMEOUT },
	{ -ETIME,	TCM_COMMAND_TIMEOUT },		/* BLK_STS_DURATION_LIMIT */
	{ -ENOLINK,	TCM_LOGICAL_UNIT_COMMUNICATION_FAILURE },	/* BLK_STS_TRANSPORT */
	{ -ENODEV,	TCM_LOGICAL_UNIT_COMMUNICATION_FAILURE },	/* BLK_STS_OFFLINE */
	{ -ENXIO,	TCM_LOGICAL_UNIT_COMMUNICATION_FAILURE },
	{ -ENOMEM,	TCM_OUT_OF_RESOURCES },
	{ -EAGAIN,	TCM_LUN_BUSY },
	{ -EBUSY,	TCM_LUN_BUSY },
	{ -EILSEQ,	TCM_LOGICAL_BLOCK_GUARD_CHECK_FAILED },	/* BLK_STS_PROTECTION */
};

/* Exported in target_core_backend.h. */
sense_reason_t target_io_sense(const struct target_io *io, int err)
{
	unsigned int i;

	switch (err) {
	case 0:
		return TCM_NO_SENSE;
	case -EIO:
	case -ENODATA:	/* BLK_STS_MEDIUM */
	case -EBADMSG:
		return io->dir == DMA_FROM_DEVICE ? TCM_UNRECOVERED_READ_ERROR : TCM_WRITE_ERROR;
	}
	for (i = 0; i < ARRAY_SIZE(sense_errnos); i++)
		if (sense_errnos[i].err == err)
			return sense_errnos[i].reason;
	return TCM_INTERNAL_TARGET_FAILURE;
}
TARGET_EXPORT(target_io_sense);
