/* SPDX-License-Identifier: GPL-2.0-only */
/* Tracepoints target:target_sequencer_start and target:target_cmd_complete. */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM target

#if !defined(TARGET_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define TARGET_TRACE_H

#include <linux/tracepoint.h>
#include <target/target_core_base.h>

#ifndef TARGET_TRACE_HELPERS
#define TARGET_TRACE_HELPERS

/* Name of a command, by the opcode table; "UNKNOWN" without a row. */
const char *target_trace_name(const struct se_cmd *cmd);

#define target_trace_initiator(cmd)	((cmd)->se_sess->se_node_acl->initiatorname)

#define target_trace_attrs(val)						\
	__print_symbolic(val,						\
			 { TCM_SIMPLE_TAG,	"SIMPLE" },		\
			 { TCM_HEAD_TAG,	"HEAD" },		\
			 { TCM_ORDERED_TAG,	"ORDERED" },		\
			 { TCM_ACA_TAG,		"ACA" })

#define target_trace_status(val)					\
	__print_symbolic(val,						\
			 { SAM_STAT_GOOD,		"GOOD" },	\
			 { SAM_STAT_CHECK_CONDITION,	"CHECK CONDITION" }, \
			 { SAM_STAT_CONDITION_MET,	"CONDITION MET" }, \
			 { SAM_STAT_BUSY,		"BUSY" },	\
			 { SAM_STAT_RESERVATION_CONFLICT, "RESERVATION CONFLICT" }, \
			 { SAM_STAT_TASK_SET_FULL,	"TASK SET FULL" }, \
			 { SAM_STAT_ACA_ACTIVE,		"ACA ACTIVE" },	\
			 { SAM_STAT_TASK_ABORTED,	"TASK ABORTED" })

#endif /* TARGET_TRACE_HELPERS */

TRACE_EVENT(target_sequencer_start,
	TP_PROTO(struct se_cmd *cmd),
	TP_ARGS(cmd),
	TP_STRUCT__entry(
		__field(u64, unpacked_lun)
		__field(u64, tag)
		__field(u8, opcode)
		__field(u32, data_length)
		__field(u32, task_attribute)
		__array(u8, cdb, TCM_MAX_COMMAND_SIZE)
		__dynamic_array(char, name, strlen(target_trace_name(cmd)) + 1)
		__dynamic_array(char, initiator, strlen(target_trace_initiator(cmd)) + 1)
	),
	TP_fast_assign(
		__entry->unpacked_lun	= cmd->orig_fe_lun;
		__entry->tag		= cmd->tag;
		__entry->opcode		= cmd->t_task_cdb[0];
		__entry->data_length	= cmd->data_length;
		__entry->task_attribute	= cmd->sam_task_attr;
		memcpy(__entry->cdb, cmd->t_task_cdb, TCM_MAX_COMMAND_SIZE);
		strcpy(__get_dynamic_array(name), target_trace_name(cmd));
		strcpy(__get_dynamic_array(initiator), target_trace_initiator(cmd));
	),
	TP_printk("%s -> LUN %03llu tag %#llx %s data_length %6u CDB %s (TA:%s)",
		__get_str(initiator), __entry->unpacked_lun, __entry->tag, __get_str(name),
		__entry->data_length, __print_hex(__entry->cdb, 16),
		target_trace_attrs(__entry->task_attribute))
);

TRACE_EVENT(target_cmd_complete,
	TP_PROTO(struct se_cmd *cmd),
	TP_ARGS(cmd),
	TP_STRUCT__entry(
		__field(u64, unpacked_lun)
		__field(u64, tag)
		__field(u8, opcode)
		__field(u32, data_length)
		__field(u32, task_attribute)
		__field(u8, scsi_status)
		__field(u8, sense_length)
		__array(u8, cdb, TCM_MAX_COMMAND_SIZE)
		__array(u8, sense_data, 18)
		__dynamic_array(char, name, strlen(target_trace_name(cmd)) + 1)
		__dynamic_array(char, initiator, strlen(target_trace_initiator(cmd)) + 1)
	),
	TP_fast_assign(
		__entry->unpacked_lun	= cmd->orig_fe_lun;
		__entry->tag		= cmd->tag;
		__entry->opcode		= cmd->t_task_cdb[0];
		__entry->data_length	= cmd->data_length;
		__entry->task_attribute	= cmd->sam_task_attr;
		__entry->scsi_status	= cmd->scsi_status;
		__entry->sense_length	= cmd->scsi_status == SAM_STAT_CHECK_CONDITION ?
					  min_t(u16, 18, cmd->scsi_sense_length) : 0;
		memcpy(__entry->cdb, cmd->t_task_cdb, TCM_MAX_COMMAND_SIZE);
		memset(__entry->sense_data, 0, 18);
		memcpy(__entry->sense_data, cmd->sense_buffer, __entry->sense_length);
		strcpy(__get_dynamic_array(name), target_trace_name(cmd));
		strcpy(__get_dynamic_array(initiator), target_trace_initiator(cmd));
	),
	TP_printk("%s <- LUN %03llu tag %#llx status %s (sense len %d%s%s) %s data_length %6u CDB %s (TA:%s)",
		__get_str(initiator), __entry->unpacked_lun, __entry->tag,
		target_trace_status(__entry->scsi_status), __entry->sense_length,
		__entry->sense_length ? " / " : "",
		__print_hex(__entry->sense_data, __entry->sense_length),
		__get_str(name), __entry->data_length, __print_hex(__entry->cdb, 16),
		target_trace_attrs(__entry->task_attribute))
);

#endif /* TARGET_TRACE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
