// SPDX-License-Identifier: GPL-2.0-only
/* From a CDB to its row: lookup, checks, lengths, gates (SPC-6 4.2.5, SAM-6 5.3). */
#include <linux/unaligned.h>
#include <scsi/scsi_proto.h>
#include "aca.h"
#include "alua_state.h"
#include "cdb.h"
#include "deferred.h"
#include "itl.h"
#include "passthrough.h"
#include "pi.h"
#include "power.h"
#include "reserve.h"
#include "sbc.h"
#include "sense.h"
#include "ua.h"

#define CDB_VARIABLE_LENGTH	0x7f

/* The first row of each opcode; those with service actions follow one another. */
static const struct target_cdb_op *cdb_first[256] __ro_after_init;

u16 target_cdb_service_action(const u8 *cdb)
{
	return cdb[0] == CDB_VARIABLE_LENGTH ? get_unaligned_be16(cdb + 8) : cdb[1] & 0x1f;
}

unsigned int target_cdb_length(const u8 *cdb)
{
	static const u8 group_length[8] = { 6, 10, 10, 0, 16, 12, 0, 0 };
	u8 len = group_length[cdb[0] >> 5];

	if (likely(len))
		return len;
	/* Groups 6 and 7 are vendor specific; 3 has one opcode that says how long it is. */
	return cdb[0] == CDB_VARIABLE_LENGTH ? cdb[7] + 8 : 6;
}

static const struct target_cdb_op *cdb_find_sa(const struct target_cdb_op *op, u16 sa)
{
	const struct target_cdb_op *end = target_cdb_ops + target_cdb_op_count;
	u8 opcode = op->opcode;

	for (; op < end && op->opcode == opcode; op++)
		if (op->sa == sa)
			return op;
	return NULL;
}

const struct target_cdb_op *target_cdb_find(const u8 *cdb)
{
	const struct target_cdb_op *op = cdb_first[cdb[0]];

	if (likely(!op || !op->has_sa))
		return op;
	return cdb_find_sa(op, target_cdb_service_action(cdb));
}

const struct target_cdb_op *target_cdb_row(u8 opcode, u16 sa)
{
	const struct target_cdb_op *op = cdb_first[opcode];

	if (op && op->has_sa)
		return cdb_find_sa(op, sa);
	return sa ? NULL : op;
}

bool target_cdb_opcode_known(u8 opcode, bool *has_sa)
{
	const struct target_cdb_op *op = cdb_first[opcode];

	*has_sa = op && op->has_sa;
	return op;
}

bool target_cdb_supported(const struct target_cdb_op *op, const struct se_device *dev)
{
	return !op->supported || op->supported(dev);
}

bool target_cdb_device_has(const struct se_device *dev, u8 opcode, u16 sa)
{
	const struct target_cdb_op *op = target_cdb_row(opcode, sa);

	return op && target_cdb_supported(op, dev);
}

static __always_inline u64 cdb_get(const u8 *cdb, struct target_cdb_field field)
{
	const u8 *p = cdb + field.off;

	switch (field.bytes) {
	case 1:
		return *p;
	case 2:
		return get_unaligned_be16(p);
	case 3:
		return get_unaligned_be24(p) & (field.off == 1 ? 0x1fffff : 0xffffff);
	case 4:
		return get_unaligned_be32(p);
	case 8:
		return get_unaligned_be64(p);
	default:
		return 0;
	}
}

u64 target_cdb_get(const u8 *cdb, struct target_cdb_field field)
{
	return cdb_get(cdb, field);
}

static __always_inline u64 cdb_count(const u8 *cdb, const struct target_cdb_op *op)
{
	u64 count = cdb_get(cdb, op->count);

	if (unlikely(!count) && op->flags & TARGET_CDB_ZERO_MAX)
		return 256;
	return count;
}

u64 target_cdb_count(const u8 *cdb, const struct target_cdb_op *op)
{
	return cdb_count(cdb, op);
}

void target_cdb_usage(const struct target_cdb_op *op, const struct se_device *dev,
		      const struct se_session *sess, u8 *usage)
{
	memcpy(usage, op->usage, op->len);
	usage[target_cdb_control(op->opcode, op->len)] |= TARGET_CDB_NACA;
	if (op->flags & TARGET_CDB_DPOFUA && dev && !dev->dev_attrib.emulate_fua_write)
		usage[target_cdb_options(op)] &= ~0x18;
	if (dev)
		target_pi_usage(op, target_pi_visible(dev, sess), usage);
	if (op->usage_now && dev)
		op->usage_now(op, dev, usage);
}

static __always_inline u64 cdb_reserved_bits(const u8 *cdb, const u8 *usage, unsigned int off)
{
	return get_unaligned((const u64 *)(cdb + off)) &
	       ~get_unaligned((const u64 *)(usage + off));
}

/* The bit that BIT POINTER names: the most significant of the field (SPC-6 4.4.2.4.2). */
static u8 cdb_bit_pointer(const struct target_cdb_op *op, unsigned int byte, u8 bits)
{
	if (byte == target_cdb_options(op) && op->flags & TARGET_CDB_PROTECT && bits & 0xe0)
		return 7;
	return fls(bits) - 1;
}

/* The mask of the row is that of a unit without protection information. */
static sense_reason_t cdb_allow_protection(struct se_cmd *cmd, u8 *usage)
{
	u8 type = target_pi_visible(cmd->se_dev, cmd->se_sess);

	target_pi_usage(cmd->op, type, usage);
	return type && target_pi_field(cmd) ? target_pi_check_field(cmd) : TCM_NO_SENSE;
}

static noinline sense_reason_t cdb_fail_reserved(struct se_cmd *cmd)
{
	const struct target_cdb_op *op = cmd->op;
	const u8 *cdb = cmd->t_task_cdb;
	u8 usage[TCM_MAX_COMMAND_SIZE];
	unsigned int i;

	memcpy(usage, op->usage, sizeof(usage));
	usage[target_cdb_control(op->opcode, op->len)] |= TARGET_CDB_NACA;
	if (op->flags & TARGET_CDB_PROTECT) {
		sense_reason_t why = cdb_allow_protection(cmd, usage);

		if (why)
			return why;
	}
	for (i = 1; i < op->len; i++) {
		u8 bits = cdb[i] & ~usage[i];

		if (bits)
			return target_fail_cdb_field(cmd, i, cdb_bit_pointer(op, i, bits));
	}
	return TCM_NO_SENSE;
}

/* What must be refused even where reserved bits are not looked at. */
static noinline sense_reason_t cdb_check_lenient(struct se_cmd *cmd)
{
	return target_pi_field(cmd) ? target_pi_check_field(cmd) : TCM_NO_SENSE;
}

static __always_inline sense_reason_t cdb_check_reserved(struct se_cmd *cmd)
{
	const struct target_cdb_op *op = cmd->op;
	const u8 *cdb = cmd->t_task_cdb;
	u64 bad;

	if (cmd->se_dev && unlikely(!cmd->se_dev->dev_attrib.strict_cdb))
		return cdb_check_lenient(cmd);
	/* Beyond its length a CDB is padded with zeros. */
	bad = cdb_reserved_bits(cdb, op->usage, 0) | cdb_reserved_bits(cdb, op->usage, 8);
	if (unlikely(op->len > 16))
		bad |= cdb_reserved_bits(cdb, op->usage, 16) |
		       cdb_reserved_bits(cdb, op->usage, 24);
	return unlikely(bad) ? cdb_fail_reserved(cmd) : TCM_NO_SENSE;
}

/* The row is missing, or the device doesn't do it now (SPC-6 4.2.5.3, 4.2.5.4). */
static sense_reason_t cdb_fail_unsupported(struct se_cmd *cmd)
{
	const u8 *cdb = cmd->t_task_cdb;
	const struct target_cdb_op *op = cdb_first[cdb[0]];

	if (!op || !op->has_sa)
		return TCM_UNSUPPORTED_SCSI_OPCODE;
	for (; op < target_cdb_ops + target_cdb_op_count && op->opcode == cdb[0]; op++) {
		if (!target_cdb_supported(op, cmd->se_dev))
			continue;
		/* One that is too short has no service action. */
		if (cdb[0] == CDB_VARIABLE_LENGTH)
			return target_fail_cdb_field(cmd, cdb[7] < 2 ? 7 : 8, 7);
		return target_fail_cdb_field(cmd, 1, 4);
	}
	return TCM_UNSUPPORTED_SCSI_OPCODE;
}

void target_cmd_set_length(struct se_cmd *cmd, u32 length)
{
	u32 asked = cmd->asked_length;

	cmd->se_cmd_flags &= ~(SCF_OVERFLOW_BIT | SCF_UNDERFLOW_BIT);
	if (likely(length == asked)) {
		cmd->data_length = length;
		cmd->residual_count = 0;
	} else if (length > asked) {
		cmd->data_length = asked;
		cmd->residual_count = length - asked;
		cmd->se_cmd_flags |= SCF_OVERFLOW_BIT;
	} else {
		cmd->data_length = length;
		cmd->residual_count = asked - length;
		cmd->se_cmd_flags |= SCF_UNDERFLOW_BIT;
	}
}

sense_reason_t target_cdb_set_length(struct se_cmd *cmd, u32 length)
{
	enum dma_data_direction dir = cmd->op->dir;

	if (unlikely(cmd->unknown_data_length))
		cmd->asked_length = length;
	target_cmd_set_length(cmd, length);
	if (unlikely(cmd->data_direction != dir) && cmd->data_length)
		return TCM_INVALID_FIELD_IN_COMMAND_IU;
	if (unlikely(cmd->se_cmd_flags & SCF_OVERFLOW_BIT) && dir == DMA_TO_DEVICE)
		return TCM_INVALID_FIELD_IN_COMMAND_IU;
	return TCM_NO_SENSE;
}

static __always_inline sense_reason_t cdb_parse_range(struct se_cmd *cmd)
{
	const struct target_cdb_op *op = cmd->op;

	cmd->t_task_lba = cdb_get(cmd->t_task_cdb, op->lba);
	cmd->t_task_nolb = cdb_count(cmd->t_task_cdb, op);
	return target_sbc_check_range(cmd, cmd->t_task_lba, cmd->t_task_nolb);
}

/* Commands that move no blocks: the CDB gives the length of the parameter data. */
static sense_reason_t cdb_parse_control(struct se_cmd *cmd)
{
	const struct target_cdb_op *op = cmd->op;
	sense_reason_t why;

	if (op->flags & TARGET_CDB_HEAD && cmd->sam_task_attr != TCM_ACA_TAG)
		cmd->sam_task_attr = TCM_HEAD_TAG;
	if (op->parse) {
		why = op->parse(cmd);
		if (why || !op->alloc.bytes)
			return why;
	}
	return target_cdb_set_length(cmd, cdb_get(cmd->t_task_cdb, op->alloc));
}

sense_reason_t target_cdb_parse(struct se_cmd *cmd)
{
	const struct target_cdb_op *op;
	sense_reason_t why;

	if (cmd->se_dev && unlikely(target_is_passthrough(cmd->se_dev)) &&
	    target_passthrough_takes(cmd))
		return target_passthrough_parse(cmd);
	op = target_cdb_find(cmd->t_task_cdb);
	cmd->op = op;
	if (unlikely(!cmd->se_dev) && !(op && op->gates & TARGET_GATE_NO_LUN))
		return TCM_NON_EXISTENT_LUN;
	if (unlikely(!op || !target_cdb_supported(op, cmd->se_dev)))
		return cdb_fail_unsupported(cmd);

	cmd->execute = op->execute;
	cmd->se_cmd_flags |= SCF_SUPPORTED_SAM_OPCODE;
	/* ADDITIONAL CDB LENGTH */
	if (unlikely(op->len > 16 && cmd->t_task_cdb[7] != op->len - 8))
		return target_fail_cdb_field(cmd, 7, 7);
	why = cdb_check_reserved(cmd);
	if (unlikely(why))
		return why;
	if (!(op->gates & TARGET_GATE_MEDIUM))
		return cdb_parse_control(cmd);
	why = cdb_parse_range(cmd);
	if (unlikely(why))
		return why;
	if (target_pi_concerns(cmd))
		return target_pi_parse(cmd);
	return op->parse ? op->parse(cmd) : target_cdb_set_length(cmd, 0);
}

bool target_cdb_write_protected(const struct se_device *dev, const struct target_itl *itl)
{
	return dev->limits.read_only || READ_ONCE(dev->mode_swp) ||
	       (itl && (READ_ONCE(itl->read_only) || itl->lun->lun_access_ro));
}

/* With UA_INTLCK_CTRL the condition stays until REQUEST SENSE takes it (SPC-6 7.5.10). */
static noinline sense_reason_t cdb_fail_attention(struct se_cmd *cmd)
{
	struct target_itl *itl = cmd->itl;
	struct target_ua_code code;
	bool found;

	if (cmd->se_dev->dev_attrib.emulate_ua_intlck_ctrl == TARGET_UA_INTLCK_CTRL_CLEAR)
		found = target_ua_take(itl, &code);
	else
		found = target_ua_peek(itl, &code);
	return found ? target_fail_attention(cmd, &code) : target_deferred_fail(cmd);
}

sense_reason_t target_cdb_gate(struct se_cmd *cmd)
{
	u16 gates = cmd->op->gates;

	/* It comes before all other conditions (SAM-6 5.3.3). */
	if (unlikely(READ_ONCE(cmd->itl->denies))) {
		sense_reason_t why = target_reservations_gate(cmd);

		if (why)
			return why;
	}
	if (gates & TARGET_GATE_UA && unlikely(READ_ONCE(cmd->itl->ua_pending))) {
		sense_reason_t why = cdb_fail_attention(cmd);

		if (why)
			return why;
	}
	if (unlikely(READ_ONCE(cmd->se_lun->alua_gate))) {
		sense_reason_t why = target_alua_gate(cmd);

		if (why)
			return why;
	}
	if (unlikely(atomic_read(&cmd->se_dev->power))) {
		sense_reason_t why = target_power_gate(cmd);

		if (why)
			return why;
	}
	if (gates & TARGET_GATE_WP && unlikely(target_cdb_write_protected(cmd->se_dev, cmd->itl)))
		return TCM_WRITE_PROTECTED;
	/* The end may have come nearer since it was parsed. */
	if (unlikely(cmd->t_task_lba + cmd->t_task_nolb > READ_ONCE(cmd->se_dev->blocks)) &&
	    gates & TARGET_GATE_MEDIUM)
		return target_sbc_check_range(cmd, cmd->t_task_lba, cmd->t_task_nolb);
	return TCM_NO_SENSE;
}

/* Does the mask cover the field? Of a 3-byte LBA in byte 1 the top 3 bits don't count. */
static bool cdb_field_ok(const struct target_cdb_op *op, struct target_cdb_field field)
{
	unsigned int i;

	for (i = 0; i < field.bytes; i++) {
		u8 all = field.bytes == 3 && field.off == 1 && i == 0 ? 0x1f : 0xff;

		if (field.off + i >= op->len || op->usage[field.off + i] != all)
			return false;
	}
	return true;
}

static bool cdb_row_follows(const struct target_cdb_op *op, const struct target_cdb_op *before)
{
	if (op->opcode != before->opcode)
		return op->opcode > before->opcode;
	return op->has_sa && before->has_sa && op->sa > before->sa;
}

static bool cdb_row_ok(const struct target_cdb_op *op)
{
	bool medium = op->gates & TARGET_GATE_MEDIUM;
	unsigned int i;

	if (!op->name || !op->execute || op->usage[0] != op->opcode)
		return false;
	if (op->len > TCM_MAX_COMMAND_SIZE || op->len != target_cdb_length(op->usage))
		return false;
	if (op->has_sa && target_cdb_service_action(op->usage) != op->sa)
		return false;
	for (i = op->len; i < TCM_MAX_COMMAND_SIZE; i++)
		if (op->usage[i])
			return false;
	/* What writes the medium says what it needs of the blocks. */
	if (op->gates & TARGET_GATE_WP && op->range == TARGET_RANGE_NONE)
		return false;
	/* There is one place where its blocks are named. */
	if (op->flags & TARGET_CDB_LIST && medium)
		return false;
	/* A control command that moves data says how much, or its parse function does. */
	if (!medium && op->dir != DMA_NONE && !op->alloc.bytes && !op->parse)
		return false;
	return medium == !!op->lba.bytes && cdb_field_ok(op, op->lba) &&
	       cdb_field_ok(op, op->count) && cdb_field_ok(op, op->alloc);
}

int target_cdb_init(void)
{
	unsigned int i;

	for (i = 0; i < target_cdb_op_count; i++) {
		const struct target_cdb_op *op = &target_cdb_ops[i];

		if (!cdb_row_ok(op) || (i && !cdb_row_follows(op, op - 1))) {
			pr_err("opcode table: row %u (%02x) is wrong\n", i, op->opcode);
			return -EINVAL;
		}
		if (!cdb_first[op->opcode])
			cdb_first[op->opcode] = op;
	}
	return 0;
}
