/* SPDX-License-Identifier: GPL-2.0-only */
/* Commands that go to the backstore as they came. */
#ifndef TARGET_PASSTHROUGH_H
#define TARGET_PASSTHROUGH_H

#include <target/target_core_backend.h>
#include "cdb.h"

/* Does the backstore see every CDB? */
static inline bool target_is_passthrough(const struct se_device *dev)
{
	return dev->transport->flags & TARGET_BACKEND_PASSTHROUGH;
}

/**
 * target_passthrough_takes - is this command the backstore's?
 * @cmd: t_task_cdb and se_dev are set
 *
 * The core answers what is about the port (REPORT LUNS), and reservations and port groups
 * unless they are the backstore's. Context: any.
 */
bool target_passthrough_takes(const struct se_cmd *cmd);

/**
 * target_passthrough_parse - make a command ready for the backstore
 * @cmd: as target_cdb_parse(), and the backstore's
 *
 * Nothing of the CDB is judged: it is the device that knows. Context: any.
 * Return: %TCM_NO_SENSE or why the command fails.
 */
sense_reason_t target_passthrough_parse(struct se_cmd *cmd);

/* What reservations and access states go by for a command of the backstore. Context: any. */
const struct target_cdb_op *target_passthrough_rules(const struct se_cmd *cmd);

/* The row of which @access and @alua go for a command: that of the same code at least. */
static inline const struct target_cdb_op *target_cmd_rules(const struct se_cmd *cmd)
{
	return cmd->op->execute ? cmd->op : target_passthrough_rules(cmd);
}

#endif /* TARGET_PASSTHROUGH_H */
