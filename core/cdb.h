/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The opcode table: one row per (opcode, service action).
 *
 * Dispatch, range and length checks, reserved bits, the gates, REPORT SUPPORTED
 * OPERATION CODES, trace names, unit-test parameters and the table in
 * Documentation all come from these rows.  The rows are in core/cdb_ops.c.
 */
#ifndef TARGET_CDB_H
#define TARGET_CDB_H

#include <target/target_core_base.h>

/* A big-endian number inside a CDB: byte offset and width in bytes, 0 for none. */
struct target_cdb_field {
	u8	off;
	u8	bytes;
};

/* What stands in the way of a command: checked in this order before it runs. */
enum target_cdb_gates {
	TARGET_GATE_NO_LUN	= 1 << 0,	/* runs even when the LUN does not exist */
	TARGET_GATE_UA		= 1 << 1,	/* a pending unit attention is reported instead */
	TARGET_GATE_WP		= 1 << 2,	/* refused when write protected */
	TARGET_GATE_READY	= 1 << 3,	/* refused when the unit is stopped */
	TARGET_GATE_MEDIUM	= 1 << 4,	/* has an LBA range to check against the capacity */
	TARGET_GATE_PRESENT	= 1 << 5,	/* refused when there is no medium */
};

/*
 * What a command needs of reservations: the tables of SPC-6 5.14.1 and SBC-5 4.17 for
 * persistent ones, those of SPC-2 5.5.1 for RESERVE.
 */
enum target_cdb_access {
	TARGET_ACCESS_ALLOWED,		/* nothing, also while another nexus has it by RESERVE */
	TARGET_ACCESS_UNRESERVED,	/* nothing of persistent ones */
	TARGET_ACCESS_READ,		/* conflicts with exclusive access */
	TARGET_ACCESS_WRITE,		/* conflicts with write exclusive, too */
	TARGET_ACCESS_START,		/* START STOP UNIT: writes, but if it starts the unit */
	TARGET_ACCESS_PREVENT,		/* PREVENT ALLOW: writes, but if it allows */
};

/* The asymmetric access states in which a command is done: each one more (SPC-6 5.18.2). */
enum target_cdb_alua {
	TARGET_IN_ACTIVE,		/* active/optimized and non-optimized, LBA dependent */
	TARGET_IN_STANDBY,		/* also standby */
	TARGET_IN_ECHO,			/* and, in the modes of an echo buffer, unavailable */
	TARGET_IN_UNAVAILABLE,		/* also unavailable and offline */
	TARGET_IN_TRANSITION,		/* also while the state changes: always */
};

/* What a command needs of its blocks (core/range.c); of all blocks if it has no @lba. */
enum target_cdb_range {
	TARGET_RANGE_NONE,		/* nothing */
	TARGET_RANGE_SHARED,		/* nobody has them exclusively */
	TARGET_RANGE_EXCLUSIVE,		/* nobody else has them */
};

/* Parse and execute properties. */
enum target_cdb_flags {
	TARGET_CDB_RW		= 1 << 0,	/* execute may be called in atomic context */
	TARGET_CDB_HEAD		= 1 << 1,	/* treated as HEAD OF QUEUE (SAM-6 8.6) */
	TARGET_CDB_ZERO_MAX	= 1 << 2,	/* a count of 0 means 256 (READ(6), WRITE(6)) */
	TARGET_CDB_DPOFUA	= 1 << 3,	/* DPO, FUA: bits 4-3 of target_cdb_options() */
	TARGET_CDB_PROTECT	= 1 << 4,	/* RDPROTECT or its like: bits 7-5; core/pi.h */
	TARGET_CDB_LOST		= 1 << 5,	/* done though reservations are lost */
	TARGET_CDB_HANDED	= 1 << 6,	/* execute may be called where execute_rw may if
						 * the device hands over
						 */
	TARGET_CDB_LIST		= 1 << 7,	/* its parameter list names its blocks, and execute
						 * asks target_alua_gate_list()
						 */
};

/**
 * struct target_cdb_op - one command
 * @name: as the standard writes it
 * @opcode: OPERATION CODE
 * @has_sa: @sa is meant
 * @sa: SERVICE ACTION, in the bits that @opcode has them
 * @len: bytes of the CDB
 * @dir: where data goes: DMA_FROM_DEVICE, DMA_TO_DEVICE or DMA_NONE
 * @gates: enum target_cdb_gates
 * @access: enum target_cdb_access
 * @alua: enum target_cdb_alua
 * @flags: enum target_cdb_flags
 * @range: enum target_cdb_range; a command that writes the medium has one
 * @lba: LOGICAL BLOCK ADDRESS; the top 3 bits of 3 bytes in byte 1 are masked
 * @count: TRANSFER LENGTH or its like, logical blocks
 * @alloc: ALLOCATION LENGTH or PARAMETER LIST LENGTH, bytes
 * @nominal_timeout: seconds, for REPORT SUPPORTED OPERATION CODES
 * @recommended_timeout: seconds
 * @supported: does this device do it now? Asks attributes and backstore hooks.
 *	NULL is yes. @dev may be NULL (no logical unit).
 * @parse: checks beyond the row and cmd flags; calls target_cdb_set_length() if
 *	the row has no @alloc and data moves. NULL for none.
 * @execute: runs the command in process context (see %TARGET_CDB_RW)
 * @usage_now: clears in CDB USAGE DATA what the device refuses now beyond DPO and
 *	FUA; @parse refuses it. NULL for nothing.
 * @usage: CDB USAGE DATA (SPC-6 6.35.3): 1 for every bit that is evaluated, but
 *	for the opcode and the service action, which stand there themselves. What
 *	a device refuses now is cleared by target_cdb_usage(), and what it evaluates
 *	of protection information is added (core/pi.c).
 */
struct target_cdb_op {
	const char		*name;
	u8			opcode;
	bool			has_sa;
	u16			sa;
	u8			len;
	enum dma_data_direction	dir;
	u16			gates;
	u8			access;
	u8			alua;
	u8			flags;
	u8			range;
	struct target_cdb_field	lba;
	struct target_cdb_field	count;
	struct target_cdb_field	alloc;
	u32			nominal_timeout;
	u32			recommended_timeout;
	bool			(*supported)(const struct se_device *dev);
	sense_reason_t		(*parse)(struct se_cmd *cmd);
	sense_reason_t		(*execute)(struct se_cmd *cmd);
	void			(*usage_now)(const struct target_cdb_op *op,
					     const struct se_device *dev, u8 *usage);
	u8			usage[TCM_MAX_COMMAND_SIZE];
};

/* The rows, in ascending order of opcode and service action. */
extern const struct target_cdb_op target_cdb_ops[];
extern const unsigned int target_cdb_op_count;

/* Check every row and build the lookup index. -EINVAL names the first bad row. */
int target_cdb_init(void);

/**
 * target_cdb_find - the row of a CDB
 * @cdb: at least one byte, with the service action of its opcode in place
 *
 * Return: the row, whether or not a device supports it; NULL if there is none.
 */
const struct target_cdb_op *target_cdb_find(const u8 *cdb);

/* The row of an opcode, and a service action if it has them (else 0); NULL if there is none. */
const struct target_cdb_op *target_cdb_row(u8 opcode, u16 sa);

/* Is there any row with this opcode, and has it service actions? */
bool target_cdb_opcode_known(u8 opcode, bool *has_sa);

/* The service action in a CDB whose opcode has them. */
u16 target_cdb_service_action(const u8 *cdb);

/* Bytes of a CDB by the group code of its opcode (SPC-6 4.2.5.1); 0x7f: 8 + byte 7. */
unsigned int target_cdb_length(const u8 *cdb);

/* Is the row there for this device? @dev may be NULL. */
bool target_cdb_supported(const struct target_cdb_op *op, const struct se_device *dev);

/* The byte of RDPROTECT and its like, DPO, FUA and BYTCHK. */
static inline u8 target_cdb_options(const struct target_cdb_op *op)
{
	return unlikely(op->len > 16) ? 10 : 1;
}

/* Numbers out of CDBs. */
u64 target_cdb_get(const u8 *cdb, struct target_cdb_field field);

/* How many blocks a CDB of that row says, where its 0 may mean 256. Any context. */
u64 target_cdb_count(const u8 *cdb, const struct target_cdb_op *op);

/**
 * target_cdb_parse - turn a CDB into something to execute
 * @cmd: t_task_cdb, itl/se_dev (NULL without logical unit), asked_length and
 *	data_direction are set
 *
 * Finds the row, checks support, reserved bits (strict_cdb), LBA range, and sets
 * op, execute, t_task_lba, t_task_nolb, data_length and the residual.
 *
 * Context: any; does not sleep.
 * Return: %TCM_NO_SENSE or why the command fails.
 */
sense_reason_t target_cdb_parse(struct se_cmd *cmd);

/* A gate has the command and runs it again later: not a reason, and never sent. */
#define TARGET_CMD_TAKEN	((__force sense_reason_t)U32_MAX)

/**
 * target_cdb_gate - may the command run now?
 * @cmd: parsed, with an I_T_L nexus
 *
 * Reservations, unit attention, asymmetric access, stopped, write protection. Context:
 * any; does not sleep.
 * Return: %TCM_NO_SENSE or why not, for a unit attention the pending one has
 * been taken and stands in the command's sense; or %TARGET_CMD_TAKEN.
 */
sense_reason_t target_cdb_gate(struct se_cmd *cmd);

/**
 * target_cmd_set_length - what a command moves against what the initiator expects
 * @cmd: asked_length is the initiator's
 * @length: bytes the command moves
 *
 * Sets data_length to the smaller one, and the residual (SAM-6 5.7, SPL 8.2.4).
 */
void target_cmd_set_length(struct se_cmd *cmd, u32 length);

/**
 * target_cdb_set_length - settle what a parsed command moves
 * @cmd: op is set
 * @length: bytes its CDB makes it move
 *
 * As target_cmd_set_length(), after taking the initiator's expectation from the
 * CDB if it is unknown. Data-out that the initiator will not send in full, and
 * data that the initiator expects to go the other way, are refused with INVALID
 * FIELD IN COMMAND INFORMATION UNIT before anything happens; data-in that is
 * more than expected is cut off (SAM-6 5.4.3).
 *
 * Return: %TCM_NO_SENSE or %TCM_INVALID_FIELD_IN_COMMAND_IU.
 */
sense_reason_t target_cdb_set_length(struct se_cmd *cmd, u32 length);

/* CDB USAGE DATA of this device, for who reaches it by this session: op->len bytes. */
void target_cdb_usage(const struct target_cdb_op *op, const struct se_device *dev,
		      const struct se_session *sess, u8 *usage);

/* Is there such a command, and does this device do it now? */
bool target_cdb_device_has(const struct se_device *dev, u8 opcode, u16 sa);

/* Is writing refused, by the medium, SWP, or the access of this nexus (may be NULL)? */
bool target_cdb_write_protected(const struct se_device *dev, const struct target_itl *itl);

#endif /* TARGET_CDB_H */
