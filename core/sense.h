/* SPDX-License-Identifier: GPL-2.0-only */
/* Sense data (SPC-6 4.4): one table of reasons, one builder. */
#ifndef TARGET_SENSE_H
#define TARGET_SENSE_H

#include <target/target_core_base.h>

#define TARGET_SENSE_FORWARDED	18	/* bytes of fixed format sense data */
#define TARGET_REFERRAL_MAX	64	/* bytes of user data segment referral descriptors */
#define TARGET_FIELD_NO_BIT	0xff	/* se_cmd::field_bit: BPV is 0 */

struct target_ua_code;

/* se_cmd::field_flags */
enum target_field_flags {
	TARGET_FIELD_VALID	= 1 << 0,	/* SKSV: field_ptr means something */
	TARGET_FIELD_CDB	= 1 << 1,	/* C/D: into the CDB, else into parameter data */
	TARGET_FIELD_DEFERRED	= 1 << 2,	/* a deferred error, of an earlier command */
	TARGET_FIELD_PROGRESS	= 1 << 3,	/* field_ptr is a PROGRESS INDICATION */
};

/**
 * struct target_sense - what sense data says, before it is bytes
 * @key: SENSE KEY
 * @asc: ADDITIONAL SENSE CODE
 * @ascq: ADDITIONAL SENSE CODE QUALIFIER
 * @info_valid: @info is the INFORMATION field
 * @info: see @info_valid
 * @sksv: @sks holds the sense key specific bytes
 * @sks: SENSE KEY SPECIFIC, three bytes without SKSV
 * @deferred: it is of a command that has ended before
 * @ili: INCORRECT LENGTH INDICATOR, @filemark and @eom do not occur on disks
 * @csi_valid: @csi is the COMMAND-SPECIFIC INFORMATION field
 * @csi: number of a segment of a copy
 * @from: 1: a copy's source, 2: its destination is where @forwarded is from; 0 for none
 * @from_status: its status
 * @forwarded: its sense data, fixed format
 * @referral: user data segment referral descriptors
 * @referral_len: bytes of them, 0 for none
 * @referral_partial: NOT_ALL_R: there are more than these
 */
struct target_sense {
	u8	key;
	u8	asc;
	u8	ascq;
	bool	info_valid;
	u64	info;
	bool	sksv;
	u8	sks[3];
	bool	deferred;
	bool	ili;
	bool	csi_valid;
	u16	csi;
	u8	from;
	u8	from_status;
	u8	forwarded[TARGET_SENSE_FORWARDED];
	u8	referral[TARGET_REFERRAL_MAX];
	u8	referral_len;
	bool	referral_partial;
};

/* SAM status for reasons that are not CHECK CONDITION, else SAM_STAT_CHECK_CONDITION. */
u8 target_sense_status(sense_reason_t reason);

/* Fill in key and codes for a reason. Unknown reasons become 04/44/00. */
void target_sense_init(struct target_sense *sense, sense_reason_t reason);

/* The sense of a failed command: reason, field pointer and INFORMATION. */
void target_sense_of_cmd(struct target_sense *sense, struct se_cmd *cmd,
			 sense_reason_t reason);

/**
 * target_sense_build - sense data as bytes (SPC-6 4.4.2 descriptor, 4.4.3 fixed)
 * @sense: what it says
 * @desc: descriptor format, else fixed
 * @buf: @size bytes, at least 18; zeroed first
 * @size: see @buf
 *
 * An INFORMATION that does not fit in 32 bits is not VALID in fixed format.
 * Return: bytes that mean something.
 */
unsigned int target_sense_build(const struct target_sense *sense, bool desc, u8 *buf,
				unsigned int size);

/* Does this unit answer in descriptor format: D_SENSE, or a capacity beyond 2^32 blocks? */
bool target_sense_is_desc(const struct se_device *dev);

/* PROGRESS INDICATION: so much is done of all (SPC-6 4.4.2.4.4). */
u16 target_sense_progress(u64 done, u64 all);
void target_sense_put_progress(struct target_sense *sense, u16 progress);
void target_sense_set_progress(struct target_sense *sense, u64 done, u64 all);

/* Point at a CDB field and fail with 05/24/00. bit: 7..0 or TARGET_FIELD_NO_BIT. */
sense_reason_t target_fail_cdb_field(struct se_cmd *cmd, u16 byte, u8 bit);

/* Point at a parameter list field and fail with 05/26/00. */
sense_reason_t target_fail_param_field(struct se_cmd *cmd, u16 byte, u8 bit);

/* Give the INFORMATION field and return the reason. */
sense_reason_t target_fail_info(struct se_cmd *cmd, u64 info, sense_reason_t reason);

/* Give the PROGRESS INDICATION of what is going on and return the reason. */
sense_reason_t target_fail_progress(struct se_cmd *cmd, u16 progress, sense_reason_t reason);

/* Give the codes of a unit attention condition and fail with it; they stand in field_ptr. */
sense_reason_t target_fail_attention(struct se_cmd *cmd, const struct target_ua_code *code);

#endif /* TARGET_SENSE_H */
