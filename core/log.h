/* SPDX-License-Identifier: GPL-2.0-only */
/* Log pages (SPC-6 7.3, SBC-5 6.4): LOG SENSE and LOG SELECT. */
#ifndef TARGET_LOG_H
#define TARGET_LOG_H

#include "databuf.h"
#include <target/target_core_base.h>

sense_reason_t target_log_parse_sense(struct se_cmd *cmd);
sense_reason_t target_log_sense(struct se_cmd *cmd);
sense_reason_t target_log_parse_select(struct se_cmd *cmd);
sense_reason_t target_log_select(struct se_cmd *cmd);

/* PAGE CONTROL */
enum target_log_pc {
	TARGET_LOG_THRESHOLD,
	TARGET_LOG_CUMULATIVE,
	TARGET_LOG_DEFAULT_THRESHOLD,
	TARGET_LOG_DEFAULT_CUMULATIVE,
};

/**
 * struct target_log_req - a LOG SENSE CDB
 * @pc: PAGE CONTROL
 * @page: PAGE CODE
 * @subpage: SUBPAGE CODE
 * @pointer: PARAMETER POINTER
 */
struct target_log_req {
	enum target_log_pc	pc;
	u8			page;
	u8			subpage;
	u16			pointer;
};

/* A page that is there; takes dev->lock. */
void target_log_build(struct target_buf *b, const struct target_log_req *req,
		      struct se_device *dev);

/* What LOG SELECT can set. */
struct target_log_values {
	u8	accounting_date[6];
};

/**
 * target_log_check - read a log parameter list
 * @cmd: for the field pointer
 * @dev: the logical unit
 * @list: @len bytes
 * @len: PARAMETER LIST LENGTH
 * @v: the values now; those the list asks for on success
 *
 * Nothing takes effect.  Context: any.
 * Return: %TCM_NO_SENSE or why the list is refused.
 */
sense_reason_t target_log_check(struct se_cmd *cmd, const struct se_device *dev, const u8 *list,
				u32 len, struct target_log_values *v);

/* A command failed: errors of the medium are counted. Any context. */
void target_log_error(struct se_cmd *cmd, sense_reason_t why);

/* A part of the medium was read to be verified. Any context. */
static inline void target_log_verified(struct se_device *dev, u32 bytes)
{
	atomic64_add(bytes, &dev->log.verify_bytes);
}

/* Before anyone sees @dev. */
void target_log_init(struct se_device *dev);

#endif /* TARGET_LOG_H */
