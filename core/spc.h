/* SPDX-License-Identifier: GPL-2.0-only */
/* Commands for all device types: parse and execute functions, and what they build. */
#ifndef TARGET_SPC_H
#define TARGET_SPC_H

#include "databuf.h"
#include "sense.h"

struct target_cdb_op;

/*
 * Execute functions return %TCM_NO_SENSE when they have taken the command: it is
 * complete or will be. A reason fails it. Parse functions check a CDB beyond its
 * row; they do not sleep.
 */
sense_reason_t target_spc_test_unit_ready(struct se_cmd *cmd);
sense_reason_t target_spc_request_sense(struct se_cmd *cmd);
sense_reason_t target_spc_parse_report_luns(struct se_cmd *cmd);
sense_reason_t target_spc_report_luns(struct se_cmd *cmd);
sense_reason_t target_spc_parse_report_opcodes(struct se_cmd *cmd);
sense_reason_t target_spc_report_opcodes(struct se_cmd *cmd);
sense_reason_t target_spc_parse_report_tmfs(struct se_cmd *cmd);
sense_reason_t target_spc_report_tmfs(struct se_cmd *cmd);

/**
 * target_spc_reply - build parameter data and complete a command with it
 * @cmd: the command; the caller's no longer unless this fails
 * @size: no more than this is built
 * @build: the builder
 *
 * Context: process.
 * Return: %TCM_NO_SENSE, or %TCM_OUT_OF_RESOURCES without memory.
 */
sense_reason_t target_spc_reply(struct se_cmd *cmd, u32 size,
				void (*build)(struct se_cmd *cmd, struct target_buf *b));

/* What REQUEST SENSE reports (SPC-6 6.39); takes a pending unit attention. */
void target_spc_pending_sense(struct target_sense *sense, struct se_device *dev,
			      struct target_itl *itl);

/**
 * target_spc_encode_lun - a LUN as the eight bytes of REPORT LUNS (SAM-6 4.6)
 * @lun: the LUN
 * @out: eight bytes: peripheral device addressing below 256, flat space
 *	addressing below 16384, extended flat space addressing below 2^40; more
 *	is taken to be an encoded LUN already, as scsilun_to_int() gives it
 */
void target_spc_encode_lun(u64 lun, u8 *out);

/* LUNs of a session for a SELECT REPORT value; at most @max of them. */
void target_spc_build_luns(struct target_buf *b, struct se_session *sess, u8 select, u32 max);

/* REPORT SUPPORTED OPERATION CODES: all commands; one row, or NULL for one we don't have. */
void target_spc_build_opcodes(struct target_buf *b, const struct se_device *dev, bool rctd);
void target_spc_build_opcode(struct target_buf *b, const struct target_cdb_op *op,
			     const struct se_device *dev, const struct se_session *sess,
			     bool rctd);

/* REPORT SUPPORTED TASK MANAGEMENT FUNCTIONS, basic or extended. */
void target_spc_build_tmfs(struct target_buf *b, bool extended);

#endif /* TARGET_SPC_H */
