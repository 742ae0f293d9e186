/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Protection information (SBC-5 4.21): 8 bytes that go with each logical block.
 *
 * core/pi_block.c makes and checks them, core/pi.c says what a CDB means by them,
 * core/pi_cmd.c runs the commands that have to do with them.
 */
#ifndef TARGET_PI_H
#define TARGET_PI_H

#include <target/target_core_backend.h>
#include "app_tag.h"
#include "cdb.h"
#include "databuf.h"

struct scatterlist;

/* --- core/pi_block.c: blocks and what protects them; pure, any context ------------------- */

/**
 * struct target_pi_tuple - protection information of a logical block
 * @guard: LOGICAL BLOCK GUARD: CRC of the data, or an IP checksum between host and adapter
 * @app: LOGICAL BLOCK APPLICATION TAG
 * @ref: LOGICAL BLOCK REFERENCE TAG
 */
struct target_pi_tuple {
	__be16	guard;
	__be16	app;
	__be32	ref;
};

/**
 * struct target_pi_rule - what protection information shall look like
 * @type: enum target_prot_type: says what reference tags count, and what is not checked
 * @checks: enum target_core_dif_check
 * @ip: the guard is an IP checksum
 * @counts: the reference tag of each block is one more than that of the one before
 * @ref: reference tag of the first block
 * @app: application tag
 * @app_mask: the bits of @app that are checked
 * @shift: log2 of bytes in a block
 * @by_range: application tags are also those of @tags
 * @lba: of the first block, for @tags
 * @tags: what mode page 0Ah/02h says
 */
struct target_pi_rule {
	u8	type;
	u8	checks;
	bool	ip;
	bool	counts;
	u32	ref;
	u16	app;
	u16	app_mask;
	u8	shift;
	bool	by_range;
	u64	lba;
	struct target_app_tags tags;
};

/* A place in a scatterlist. */
struct target_pi_cursor {
	struct scatterlist	*sg;
	u32			off;
};

void target_pi_cursor_init(struct target_pi_cursor *c, struct scatterlist *sg, u64 skip);

/* Copy and move on: out of the list, or into it. */
void target_pi_get(struct target_pi_cursor *c, void *buf, u32 len);
void target_pi_put(struct target_pi_cursor *c, const void *buf, u32 len);
void target_pi_copy(struct target_pi_cursor *to, struct target_pi_cursor *from, u32 len);

/* Is the tuple one that turns all checks off? */
bool target_pi_is_escape(const struct target_pi_tuple *t, u8 type);

/* Make the protection information of @blocks blocks of @data. */
void target_pi_generate(const struct target_pi_rule *rule, struct target_pi_cursor data,
			struct target_pi_cursor prot, u32 blocks);

/**
 * target_pi_verify - check blocks of data against their protection information
 * @rule: what is expected
 * @data: where the data begins
 * @prot: where its protection information begins
 * @blocks: how many
 * @bad: set to the number of the first block that fails, from 0
 *
 * Return: %TCM_NO_SENSE or TCM_LOGICAL_BLOCK_{GUARD,APP_TAG,REF_TAG}_CHECK_FAILED.
 */
sense_reason_t target_pi_verify(const struct target_pi_rule *rule, struct target_pi_cursor data,
				struct target_pi_cursor prot, u32 blocks, u32 *bad);

/* Tags as they are, and a guard of the rule's kind; what is not to be checked stays so. */
void target_pi_convert(const struct target_pi_rule *rule, struct target_pi_cursor data,
		       struct target_pi_cursor from, struct target_pi_cursor to, u32 blocks);

/* Blocks that each have their protection information behind them, and apart. */
void target_pi_split(struct target_pi_cursor wire, struct target_pi_cursor data,
		     struct target_pi_cursor prot, u32 blocks, u8 shift);
/* The first @len bytes of them. */
void target_pi_join(struct target_pi_cursor data, struct target_pi_cursor prot,
		    struct target_pi_cursor wire, u32 len, u8 shift);

/* --- core/pi.c: what a unit and a CDB say ------------------------------------------------- */

/* Can the unit keep protection information? */
static inline bool target_pi_is_capable(const struct se_device *dev)
{
	return dev->transport->prot_format || dev->limits.hw_prot_type;
}

/* Is it the medium's own, so that nobody here can choose its type, or has to make it? */
static inline bool target_pi_is_hw(const struct se_device *dev)
{
	return dev->dev_attrib.hw_pi_prot_type;
}

/* The type that the backstore keeps, 0 for none. */
static inline u8 target_pi_stored(const struct se_device *dev)
{
	return READ_ONCE(dev->dev_attrib.pi_prot_type);
}

/*
 * The type that initiators of this nexus see: the unit's, or that which the port makes up
 * for a unit that has none; 0 where the fabric cannot move it.
 */
u8 target_pi_visible(const struct se_device *dev, const struct se_session *sess);

/* Has the command to do with protection information? All that others pay. */
static inline bool target_pi_concerns(const struct se_cmd *cmd)
{
	return unlikely(cmd->se_dev->dev_attrib.pi_prot_type | cmd->se_sess->sess_prot_type |
			cmd->prot_op | cmd->t_prot_nents);
}

/**
 * target_pi_parse - parse a command with blocks, as target_pi_concerns() says
 * @cmd: its range is checked, its parse function not called yet
 *
 * Calls it, and settles what moves besides the blocks. Any context.
 * Return: %TCM_NO_SENSE or why the command fails.
 */
sense_reason_t target_pi_parse(struct se_cmd *cmd);

/* Add to CDB USAGE DATA what a unit of this type evaluates. */
void target_pi_usage(const struct target_cdb_op *op, u8 type, u8 *usage);

/* RDPROTECT and its like are not zero: may they be with this type? As target_pi_parse(). */
sense_reason_t target_pi_check_field(struct se_cmd *cmd);

/* RDPROTECT or its like, 0 in a CDB without. */
u8 target_pi_field(const struct se_cmd *cmd);

/* Which checks xPROTECT asks for; enum target_core_dif_check. */
u8 target_pi_checks(u8 protect);

/* What the medium, or data-out, shall have from the @done-th block of a command on. */
void target_pi_rule(struct target_pi_rule *rule, const struct se_cmd *cmd, u8 type, u32 done);

/* PROTECT in standard INQUIRY data, and the fields of VPD page 86h that follow from it. */
void target_pi_mark_inquiry(struct se_cmd *cmd, struct target_buf *b);

/**
 * target_pi_parse_format - FMTPINFO and PROTECTION FIELD USAGE (SBC-5 table 44)
 * @cmd: FORMAT UNIT
 * @fmtpinfo: 2 bits of the CDB
 * @pfu: 3 bits of the parameter list, 0 if there is none
 * @type: set to the protection type that is asked for
 *
 * Context: any. Return: %TCM_NO_SENSE, or INVALID FIELD with a pointer at the field.
 */
sense_reason_t target_pi_parse_format(struct se_cmd *cmd, u8 fmtpinfo, u8 pfu, u8 *type);

/**
 * target_pi_format - let a unit have a protection type, and none written yet
 * @dev: nothing else uses its blocks; dev->lock held
 * @type: enum target_prot_type; as target_pi_parse_format() says, or the administrator
 *
 * Context: process, may sleep. Return: 0 or the backstore's error.
 */
int target_pi_format(struct se_device *dev, u8 type);

/* --- core/pi_cmd.c: commands -------------------------------------------------------------- */

/**
 * struct target_pi - protection information of a command in progress; se_cmd::pi
 * @cmd: the command
 * @work: takes a transfer that has ended
 * @why: how it ended
 * @protect: xPROTECT
 * @type: enum target_prot_type that its initiator sees
 * @stored: enum target_prot_type that the backstore keeps
 * @inlined: it stands in the data behind each block
 * @wire: the fabric's list where @inlined
 * @data: memory of its own for blocks, or NULL
 * @data_nents: entries in @data
 * @prot: of data-out, or to be read; @own or the fabric's
 * @prot_nents: entries in @prot
 * @own: @prot was allocated here
 * @chunk: of the blocks that verify.c or rmw.c have in hand, or NULL
 * @chunk_nents: entries in @chunk
 * @left: blocks to go, WRITE SAME
 */
struct target_pi {
	struct se_cmd		*cmd;
	struct work_struct	work;
	sense_reason_t		why;
	u8			protect;
	u8			type;
	u8			stored;
	bool			inlined;
	bool			own;
	struct scatterlist	*wire;
	struct scatterlist	*data;
	unsigned int		data_nents;
	struct scatterlist	*prot;
	unsigned int		prot_nents;
	struct scatterlist	*chunk;
	unsigned int		chunk_nents;
	u32			left;
};

/* se_cmd::execute of commands that target_pi_parse() took. */
sense_reason_t target_pi_execute(struct se_cmd *cmd);

/* The command is released. */
void target_pi_free(struct target_pi *pi);

/* Where byte @at of the blocks of data-out stands in what the initiator sent. */
u64 target_pi_wire_offset(const struct se_cmd *cmd, u64 at);

/*
 * For commands that go over their blocks a chunk at a time. All of them do nothing for a
 * command without protection information; @done is in blocks.
 */

/* Memory for that of a chunk. Process context. */
sense_reason_t target_pi_chunk_alloc(struct se_cmd *cmd, u32 blocks);

/* A transfer of the chunk. */
static inline void target_pi_chunk_attach(struct se_cmd *cmd, struct target_io *io)
{
	if (unlikely(cmd->pi)) {
		io->prot_sg = cmd->pi->chunk;
		io->prot_nents = cmd->pi->chunk_nents;
	}
}

/* The chunk of cmd->io was read to @sg: check it as the CDB says. */
sense_reason_t target_pi_chunk_check(struct se_cmd *cmd, struct scatterlist *sg, u32 done);

/* Compare it with that of data-out (BYTCHK); with INFORMATION. */
sense_reason_t target_pi_chunk_compare(struct se_cmd *cmd, u32 done, bool same);

/* The chunk of cmd->io is about to be written from @sg, made of data-out from @from on. */
void target_pi_chunk_make(struct se_cmd *cmd, struct scatterlist *sg, u32 done, u32 from,
			  bool as_sent);

/* All of data-out is about to be written: io->prot_sg. Process context. */
sense_reason_t target_pi_attach_out(struct se_cmd *cmd, struct target_io *io);

/* WRITE SAME of one block of data: does the rest, if the unit keeps protection information. */
bool target_pi_write_same(struct se_cmd *cmd, sense_reason_t *why);

#endif /* TARGET_PI_H */
