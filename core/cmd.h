/* SPDX-License-Identifier: GPL-2.0-only */
/* A command's way through the core, for execute functions and the other objects. */
#ifndef TARGET_CMD_H
#define TARGET_CMD_H

#include <target/target_core_fabric.h>
#include "cmd_state.h"
#include "databuf.h"

struct seq_file;

/* core/cmd.c: from the fabric to the execute function. */

/**
 * target_cmd_init - set every field that the core reads
 * @cmd: as the fabric allocated it; tag, cpuid, map_tag, map_cpu and prot_pto are kept
 * @sess: the session
 * @sense: %TRANSPORT_SENSE_BUFFER bytes, zeroed only when sense is built
 * @unpacked_lun: the LUN addressed
 * @data_length: bytes the initiator expects to move
 * @task_attr: TCM_SIMPLE_TAG and its like
 * @data_dir: where the initiator expects them to go
 * @flags: enum target_sc_flags_table
 *
 * Context: any.
 */
void target_cmd_init(struct se_cmd *cmd, struct se_session *sess, unsigned char *sense,
		     u64 unpacked_lun, u32 data_length, int task_attr, int data_dir, int flags);

/**
 * target_cmd_run - run a command that its task set let go
 * @cmd: EXECUTING
 *
 * Context: process, or atomic if cmd->nowait and the row says %TARGET_CDB_RW.
 */
void target_cmd_run(struct se_cmd *cmd);

/* core/datasg.c: the data of control commands. */

/**
 * target_cmd_done_data - a control command is complete with its parameter data
 * @cmd: the command; the caller's no longer
 * @buf: the data; truncated to ALLOCATION LENGTH and to what the initiator expects
 *
 * Copies the data into the command's buffer, sets the residual, completes with
 * GOOD. Context: process.
 */
void target_cmd_done_data(struct se_cmd *cmd, const struct target_buf *buf);

/**
 * target_cmd_done_data_with - the same, and an error beside the data
 * @cmd: the command; the caller's no longer
 * @buf: the data
 * @reason: %TCM_NO_SENSE, or what the initiator is told although it gets the data
 *
 * Context: process.
 */
void target_cmd_done_data_with(struct se_cmd *cmd, const struct target_buf *buf,
			       sense_reason_t reason);

/**
 * target_cmd_get_params - copy data-out of a control command
 * @cmd: the command
 * @buf: @size bytes
 * @size: at most this much is copied
 *
 * Return: bytes copied; cmd->data_length if it is smaller than @size.
 * Context: process.
 */
u32 target_cmd_get_params(struct se_cmd *cmd, void *buf, u32 size);

/* core/complete.c: from the status to the fabric, and away. */

/**
 * target_cmd_done - a command is complete with GOOD or fails with a reason
 * @cmd: EXECUTING; the caller's no longer
 * @reason: %TCM_NO_SENSE for GOOD
 *
 * Context: any.
 */
void target_cmd_done(struct se_cmd *cmd, sense_reason_t reason);

/**
 * target_cmd_fail - a command fails before it entered a task set
 * @cmd: NEW or WAIT_DATA; the caller's no longer
 * @reason: why
 *
 * Context: any.
 */
void target_cmd_fail(struct se_cmd *cmd, sense_reason_t reason);

/**
 * target_cmd_finish - send or suppress the response
 * @cmd: DONE, by the caller's move; the caller's no longer
 *
 * Context: any.
 */
void target_cmd_finish(struct se_cmd *cmd);

/* The fabric has the response: DONE to SENT, and the core's reference goes. Context: any. */
void target_cmd_sent(struct se_cmd *cmd);

/* Give status and sense of a reason to a command. Context: any. */
void target_cmd_set_failure(struct se_cmd *cmd, sense_reason_t reason);

int target_complete_init(void);
void target_complete_exit(void);

/* core/live.c: the list of live commands. */

/* Onto the list of the CPU that submits / off it. Context: any. */
void target_cmd_live_add(struct se_cmd *cmd);
void target_cmd_live_del(struct se_cmd *cmd);
int target_device_live_alloc(struct se_device *dev);
void target_device_live_free(struct se_device *dev);

/* Call @fn for each live command, its list's lock held; how often that was true. Context: any. */
unsigned int target_device_live_walk(struct se_device *dev,
				     bool (*fn)(struct se_cmd *cmd, void *data), void *data);

/* One line of debugfs. Its list's lock is held. */
void target_cmd_show(struct seq_file *m, struct se_cmd *cmd);

extern struct workqueue_struct *target_submit_wq;	/* runs commands that may sleep */
extern struct workqueue_struct *target_complete_wq;	/* sends responses, complete_type 2 */

#endif /* TARGET_CMD_H */
