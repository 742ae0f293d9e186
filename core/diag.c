// SPDX-License-Identifier: GPL-2.0-only
/*
 * Diagnostics (SPC-6 6.29, 6.42, 7.2): self-tests, and the page that lists pages,
 * which is the only one.
 */
#include "cdb.h"
#include "cmd.h"
#include "diag.h"
#include "selftest.h"
#include "spc.h"

#define DIAG_PF			0x10	/* SEND DIAGNOSTIC byte 1 */
#define DIAG_SELFTEST		0x04
#define DIAG_HEADER_LEN		4

static enum target_selftest_code diag_code(const struct se_cmd *cmd)
{
	return cmd->t_task_cdb[1] >> 5;
}

static bool diag_code_known(enum target_selftest_code code)
{
	switch (code) {
	case TARGET_SELFTEST_DEFAULT:
	case TARGET_SELFTEST_BACKGROUND_SHORT:
	case TARGET_SELFTEST_BACKGROUND_EXTENDED:
	case TARGET_SELFTEST_ABORT:
	case TARGET_SELFTEST_FOREGROUND_SHORT:
	case TARGET_SELFTEST_FOREGROUND_EXTENDED:
		return true;
	default:
		return false;
	}
}

static bool diag_is_test(const struct se_cmd *cmd)
{
	return cmd->t_task_cdb[1] & DIAG_SELFTEST || diag_code(cmd) != TARGET_SELFTEST_DEFAULT;
}

/* A test has no parameter list, and a parameter list is made of pages. */
sense_reason_t target_diag_parse_send(struct se_cmd *cmd)
{
	u32 len = target_cdb_get(cmd->t_task_cdb, cmd->op->alloc);
	u8 bits = cmd->t_task_cdb[1];
	enum target_selftest_code code = diag_code(cmd);

	if (!diag_code_known(code) || (code && bits & (DIAG_SELFTEST | DIAG_PF)))
		return target_fail_cdb_field(cmd, 1, 7);
	if (!len)
		return TCM_NO_SENSE;
	if (diag_is_test(cmd))
		return target_fail_cdb_field(cmd, cmd->op->alloc.off, 7);
	if (!(bits & DIAG_PF))
		return target_fail_cdb_field(cmd, 1, 4);
	return len < DIAG_HEADER_LEN ? TCM_PARAMETER_LIST_LENGTH_ERROR : TCM_NO_SENSE;
}

/* Page 00h asks for the list of pages; it is empty. */
static sense_reason_t diag_check_page(struct se_cmd *cmd)
{
	u8 page[DIAG_HEADER_LEN];
	unsigned int i;

	target_cmd_get_params(cmd, page, sizeof(page));
	for (i = 0; i < sizeof(page); i++)
		if (page[i])
			return target_fail_param_field(cmd, min(i, 2U), 7);
	return cmd->data_length > sizeof(page) ? TCM_PARAMETER_LIST_LENGTH_ERROR : TCM_NO_SENSE;
}

/* SPC-6 6.42 */
sense_reason_t target_diag_send(struct se_cmd *cmd)
{
	sense_reason_t why = TCM_NO_SENSE;

	if (diag_is_test(cmd))
		return target_selftest_execute(cmd, diag_code(cmd));
	if (cmd->data_length)
		why = diag_check_page(cmd);
	if (!why)
		target_cmd_done(cmd, TCM_NO_SENSE);
	return why;
}

sense_reason_t target_diag_parse_receive(struct se_cmd *cmd)
{
	return cmd->t_task_cdb[2] ? target_fail_cdb_field(cmd, 2, 7) : TCM_NO_SENSE;
}

static void diag_build_list(struct se_cmd *cmd, struct target_buf *b)
{
	target_buf_zero(b, 2);
	target_buf_be16(b, 1);
	target_buf_u8(b, 0x00);
}

/* SPC-6 6.29: with PCV or after SEND DIAGNOSTIC, there is one page to receive */
sense_reason_t target_diag_receive(struct se_cmd *cmd)
{
	return target_spc_reply(cmd, DIAG_HEADER_LEN + 1, diag_build_list);
}
