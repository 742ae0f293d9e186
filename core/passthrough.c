// SPDX-License-Identifier: GPL-2.0-only
/*
 * Commands that go to the backstore as they came, and come back as it says.
 *
 * What is checked of other commands (reserved bits, ranges, lengths) is not checked here:
 * the device does.  What stands between an initiator and any unit still does: unit
 * attentions, write protection, task sets, task management.  For these, a command needs a
 * row like all others; rows of the opcode table that have the same code only say whether
 * it writes.
 */
#include <linux/scatterlist.h>
#include <scsi/scsi_proto.h>
#include "cdb.h"
#include "cmd.h"
#include "passthrough.h"

#define PASS_PORT_GROUPS	0x0a	/* service action of REPORT and SET TARGET PORT GROUPS */
#define PASS_WP			0x80	/* WP of the mode parameter header */

/* The kernel's names for these differ. */
#define PASS_RESERVE_6		0x16
#define PASS_RELEASE_6		0x17

/* Sequential access commands that write without data (SSC-5). */
#define PASS_FORMAT_MEDIUM	0x04
#define PASS_WRITE_FILEMARKS	0x10
#define PASS_ERASE		0x19

enum pass_gates {
	PASS_GATE_UA	= 1 << 0,
	PASS_GATE_WP	= 1 << 1,
};

#define PASS_ROW(dir_, gates_)	{		\
	.name	= "pass-through",		\
	.dir	= (dir_),			\
	.gates	= (gates_),			\
	.flags	= TARGET_CDB_HANDED,		\
	.len	= TCM_MAX_COMMAND_SIZE,		\
}

/* By enum pass_gates. */
#define PASS_ROWS(dir) {						\
	PASS_ROW(dir, 0),						\
	PASS_ROW(dir, TARGET_GATE_UA),					\
	PASS_ROW(dir, TARGET_GATE_WP),					\
	PASS_ROW(dir, TARGET_GATE_UA | TARGET_GATE_WP),			\
}

static const struct target_cdb_op pass_in[] = PASS_ROWS(DMA_FROM_DEVICE);
static const struct target_cdb_op pass_out[] = PASS_ROWS(DMA_TO_DEVICE);
static const struct target_cdb_op pass_none[] = PASS_ROWS(DMA_NONE);

static bool pass_is_reservation(const u8 *cdb)
{
	switch (cdb[0]) {
	case PERSISTENT_RESERVE_IN:
	case PERSISTENT_RESERVE_OUT:
	case PASS_RESERVE_6:
	case RESERVE_10:
	case PASS_RELEASE_6:
	case RELEASE_10:
		return true;
	default:
		return false;
	}
}

static bool pass_is_port_groups(const u8 *cdb)
{
	return (cdb[0] == MAINTENANCE_IN || cdb[0] == MAINTENANCE_OUT) &&
	       (cdb[1] & 0x1f) == PASS_PORT_GROUPS;
}

bool target_passthrough_takes(const struct se_cmd *cmd)
{
	const struct se_dev_attrib *a = &cmd->se_dev->dev_attrib;
	const u8 *cdb = cmd->t_task_cdb;

	if (!target_is_passthrough(cmd->se_dev) || cdb[0] == REPORT_LUNS)
		return false;
	if (pass_is_reservation(cdb))
		return !a->pgr_support;
	return !pass_is_port_groups(cdb) || !a->alua_support;
}

const struct target_cdb_op *target_passthrough_rules(const struct se_cmd *cmd)
{
	/* A command that nobody knows may do anything. */
	static const struct target_cdb_op unknown = {
		.access	= TARGET_ACCESS_WRITE,
		.alua	= TARGET_IN_ACTIVE,
	};

	return target_cdb_find(cmd->t_task_cdb) ?: &unknown;
}

/* Not those that report what is pending, or are done whatever is (SAM-6 5.14.4). */
static bool pass_reports_attention(const u8 *cdb)
{
	return cdb[0] != INQUIRY && cdb[0] != REQUEST_SENSE;
}

static bool pass_writes_tape(const u8 *cdb)
{
	return cdb[0] == PASS_WRITE_FILEMARKS || cdb[0] == PASS_ERASE ||
	       cdb[0] == PASS_FORMAT_MEDIUM;
}

/* A command that nobody knows writes, if it has data to write. */
static bool pass_writes(const struct se_cmd *cmd)
{
	const u8 *cdb = cmd->t_task_cdb;
	const struct target_cdb_op *op = target_cdb_find(cdb);

	if (cmd->se_dev->limits.device_type == TYPE_TAPE && pass_writes_tape(cdb))
		return true;
	return op ? op->gates & TARGET_GATE_WP : cmd->data_direction == DMA_TO_DEVICE;
}

static const struct target_cdb_op *pass_row(const struct se_cmd *cmd)
{
	const struct target_cdb_op *rows = pass_none;
	unsigned int gates = 0;

	if (cmd->data_direction == DMA_FROM_DEVICE)
		rows = pass_in;
	else if (cmd->data_direction == DMA_TO_DEVICE)
		rows = pass_out;
	if (pass_reports_attention(cmd->t_task_cdb))
		gates |= PASS_GATE_UA;
	if (pass_writes(cmd))
		gates |= PASS_GATE_WP;
	return &rows[gates];
}

/* For a fabric that does not know what its initiator expects. */
static u32 pass_length(const struct se_cmd *cmd)
{
	const struct target_cdb_op *op = target_cdb_find(cmd->t_task_cdb);
	u64 length;

	if (!op)
		return 0;
	if (op->alloc.bytes)
		return target_cdb_get(cmd->t_task_cdb, op->alloc);
	length = target_cdb_get(cmd->t_task_cdb, op->count) *
		 cmd->se_dev->dev_attrib.block_size;
	return min_t(u64, length, U32_MAX);
}

sense_reason_t target_passthrough_parse(struct se_cmd *cmd)
{
	const struct target_cdb_op *known = target_cdb_find(cmd->t_task_cdb);

	if (pass_is_reservation(cmd->t_task_cdb) && !cmd->se_dev->dev_attrib.emulate_pr)
		return TCM_UNSUPPORTED_SCSI_OPCODE;
	if (unlikely(cmd->unknown_data_length))
		cmd->asked_length = pass_length(cmd);
	target_cmd_set_length(cmd, cmd->asked_length);
	cmd->op = pass_row(cmd);
	cmd->se_cmd_flags |= SCF_SUPPORTED_SAM_OPCODE;
	if (known && known->flags & TARGET_CDB_RW)
		cmd->se_cmd_flags |= SCF_SCSI_DATA_CDB;
	return cmd->se_dev->transport->parse_cdb(cmd);
}

/* --- the way back ------------------------------------------------------------------------ */

/* What the initiator may not write says so, although the device may be written by others. */
static void pass_set_wp(struct se_cmd *cmd)
{
	const u8 *cdb = cmd->t_task_cdb;
	u32 at = cdb[0] == MODE_SENSE ? 2 : 3;
	u8 byte;

	if (cmd->data_length <= at || !target_cdb_write_protected(cmd->se_dev, cmd->itl))
		return;
	sg_pcopy_to_buffer(cmd->t_data_sg, cmd->t_data_nents, &byte, 1, at);
	byte |= PASS_WP;
	sg_pcopy_from_buffer(cmd->t_data_sg, cmd->t_data_nents, &byte, 1, at);
}

/* Exported in target_core_backend.h. */
void target_passthrough_done(struct se_cmd *cmd, u8 status, const void *sense, unsigned int len,
			     u32 residual)
{
	const u8 opcode = cmd->t_task_cdb[0];

	target_cmd_set_length(cmd, cmd->data_length - min(residual, cmd->data_length));
	cmd->scsi_status = status;
	if (status == SAM_STAT_CHECK_CONDITION) {
		cmd->scsi_sense_length = min_t(u32, len, TRANSPORT_SENSE_BUFFER);
		memset(cmd->sense_buffer, 0, TRANSPORT_SENSE_BUFFER);
		memcpy(cmd->sense_buffer, sense, cmd->scsi_sense_length);
		/* A tape gives data and says beside it what there was. */
		cmd->se_cmd_flags |= SCF_TRANSPORT_TASK_SENSE | SCF_TREAT_READ_AS_NORMAL;
	}
	if ((opcode == MODE_SENSE || opcode == MODE_SENSE_10) && status == SAM_STAT_GOOD)
		pass_set_wp(cmd);
	target_cmd_done(cmd, TCM_NO_SENSE);
}
TARGET_EXPORT(target_passthrough_done);
