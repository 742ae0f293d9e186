// SPDX-License-Identifier: GPL-2.0-only
#include "cdb.h"

#define CREATE_TRACE_POINTS
#include "trace.h"

const char *target_trace_name(const struct se_cmd *cmd)
{
	const struct target_cdb_op *op = cmd->op;

	/* Not one that is the backstore's, which may be called the same all the same. */
	if (!op || op->opcode != cmd->t_task_cdb[0])
		op = target_cdb_find(cmd->t_task_cdb) ?: op;
	return op ? op->name : "UNKNOWN";
}
