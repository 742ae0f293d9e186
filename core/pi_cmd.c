// SPDX-License-Identifier: GPL-2.0-only
/*
 * Commands whose blocks have protection information (SBC-5 4.21).
 *
 * They run through target_pi_execute().  Data-out is brought into one form first, blocks
 * here and their protection information there, and checked; then a command goes its own
 * way.  READ and WRITE, and WRITE SAME, do so here; the others ask for what they need of
 * it a chunk at a time.
 *
 * That and its block are read together and written together: who writes holds the blocks
 * exclusively, or a READ beside it could find the one without the other.
 */
#include <linux/scatterlist.h>
#include <linux/sched/mm.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include "cmd.h"
#include "pi.h"
#include "range.h"
#include "sbc.h"
#include "sense.h"

#define PI_CHUNK	SZ_128K	/* of WRITE SAME */

static struct target_pi_cursor pi_at(struct scatterlist *sg, u64 skip)
{
	struct target_pi_cursor c;

	target_pi_cursor_init(&c, sg, skip);
	return c;
}

static u32 pi_bytes(u32 blocks)
{
	return blocks * TARGET_PI_BYTES;
}

void target_pi_free(struct target_pi *pi)
{
	target_free_sgl(pi->data, pi->data_nents);
	if (pi->own)
		target_free_sgl(pi->prot, pi->prot_nents);
	target_free_sgl(pi->chunk, pi->chunk_nents);
	kfree(pi);
}

u64 target_pi_wire_offset(const struct se_cmd *cmd, u64 at)
{
	if (likely(!cmd->pi || !cmd->pi->protect))
		return at;
	return at + (at >> cmd->se_dev->block_shift) * TARGET_PI_BYTES;
}

static sense_reason_t pi_alloc_prot(struct target_pi *pi, u32 blocks)
{
	if (target_alloc_sgl(&pi->prot, &pi->prot_nents, pi_bytes(blocks), false, false))
		return TCM_OUT_OF_RESOURCES;
	pi->own = true;
	return TCM_NO_SENSE;
}

static sense_reason_t pi_alloc_data(struct target_pi *pi, u32 blocks)
{
	u32 len = blocks << pi->cmd->se_dev->block_shift;

	return target_alloc_sgl(&pi->data, &pi->data_nents, len, false, false) ?
	       TCM_OUT_OF_RESOURCES : TCM_NO_SENSE;
}

/* INFORMATION is the address of the block that failed. */
static sense_reason_t pi_fail(struct se_cmd *cmd, sense_reason_t why, u32 block)
{
	return why ? target_fail_info(cmd, cmd->t_task_lba + block, why) : why;
}

/* As an adapter makes it up: with application tags of zero. */
static void pi_rule_made_up(struct target_pi_rule *rule, const struct se_cmd *cmd, u8 type)
{
	target_pi_rule(rule, cmd, type, 0);
	rule->app = 0;
	if (type == TARGET_DIF_TYPE3_PROT)
		rule->ref = 0;
}

/* As a unit makes it up: FFFFh, no check (SBC-5 table 127, WRPROTECT 000b). */
static void pi_rule_default(struct target_pi_rule *rule, const struct se_cmd *cmd, u8 type,
			    u32 done)
{
	target_pi_rule(rule, cmd, type, done);
	rule->app = 0xffff;
	if (type != TARGET_DIF_TYPE1_PROT) {
		rule->counts = false;
		rule->ref = 0xffffffff;
	}
}

/* Between host and adapter: what the fabric says. */
static void pi_rule_host(struct target_pi_rule *rule, const struct se_cmd *cmd)
{
	*rule = (struct target_pi_rule){
		.type	= cmd->pi->type ?: TARGET_DIF_TYPE1_PROT,
		.checks	= cmd->prot_checks,
		.ip	= cmd->prot_ip,
		.counts	= cmd->pi->type != TARGET_DIF_TYPE3_PROT,
		.ref	= cmd->reftag_seed,
		.shift	= cmd->se_dev->block_shift,
	};
}

/* --- data-out ---------------------------------------------------------------------------- */

/* Blocks in data-out, of which COMPARE AND WRITE has twice as many, WRITE SAME one. */
static u32 pi_out_blocks(const struct se_cmd *cmd)
{
	const struct target_pi *pi = cmd->pi;
	u32 shift = cmd->se_dev->block_shift;

	if (pi->inlined)
		return cmd->data_length / ((1U << shift) + TARGET_PI_BYTES);
	return cmd->data_length >> shift;
}

static sense_reason_t pi_out_split(struct target_pi *pi, u32 blocks)
{
	struct se_cmd *cmd = pi->cmd;
	sense_reason_t why = pi_alloc_data(pi, blocks);

	why = why ?: pi_alloc_prot(pi, blocks);
	if (why)
		return why;
	pi->wire = cmd->t_data_sg;
	target_pi_split(pi_at(pi->wire, 0), pi_at(pi->data, 0), pi_at(pi->prot, 0), blocks,
			cmd->se_dev->block_shift);
	cmd->t_data_sg = pi->data;
	cmd->t_data_nents = pi->data_nents;
	return TCM_NO_SENSE;
}

/* The host's guards are IP checksums: the unit's are not. */
static sense_reason_t pi_out_convert(struct target_pi *pi, u32 blocks)
{
	struct se_cmd *cmd = pi->cmd;
	struct target_pi_cursor data = pi_at(cmd->t_data_sg, 0);
	struct target_pi_rule rule;
	sense_reason_t why;
	u32 bad;

	pi_rule_host(&rule, cmd);
	rule.checks &= TARGET_DIF_CHECK_GUARD;
	why = target_pi_verify(&rule, data, pi_at(cmd->t_prot_sg, 0), blocks, &bad);
	if (why)
		return pi_fail(cmd, why, bad);
	why = pi_alloc_prot(pi, blocks);
	if (why)
		return why;
	rule.ip = false;
	target_pi_convert(&rule, data, pi_at(cmd->t_prot_sg, 0), pi_at(pi->prot, 0), blocks);
	return TCM_NO_SENSE;
}

static sense_reason_t pi_out_make_up(struct target_pi *pi, u32 blocks)
{
	struct target_pi_rule rule;
	sense_reason_t why = pi_alloc_prot(pi, blocks);

	if (why)
		return why;
	pi_rule_made_up(&rule, pi->cmd, pi->type);
	target_pi_generate(&rule, pi_at(pi->cmd->t_data_sg, 0), pi_at(pi->prot, 0), blocks);
	return TCM_NO_SENSE;
}

static sense_reason_t pi_out_take(struct target_pi *pi, u32 blocks)
{
	struct se_cmd *cmd = pi->cmd;

	if (pi->inlined)
		return pi_out_split(pi, blocks);
	if (!cmd->t_prot_nents)
		return pi_out_make_up(pi, blocks);
	if (cmd->prot_ip)
		return pi_out_convert(pi, blocks);
	pi->prot = cmd->t_prot_sg;
	pi->prot_nents = cmd->t_prot_nents;
	return TCM_NO_SENSE;
}

/* WRPROTECT and its like, of what has come. */
static sense_reason_t pi_out_check(struct target_pi *pi, u32 blocks)
{
	struct se_cmd *cmd = pi->cmd;
	u32 done, part = min(blocks, cmd->t_task_nolb), bad = 0;
	sense_reason_t why = TCM_NO_SENSE;
	struct target_pi_rule rule;

	target_pi_rule(&rule, cmd, pi->type, 0);
	rule.checks &= target_pi_checks(pi->protect);
	/* Both instances of COMPARE AND WRITE are of the same blocks. */
	for (done = 0; done < blocks && !why; done += part)
		why = target_pi_verify(&rule, pi_at(cmd->t_data_sg,
						    (u64)done << cmd->se_dev->block_shift),
				       pi_at(pi->prot, pi_bytes(done)), part, &bad);
	return pi_fail(cmd, why, bad);
}

/* What the host gave to its adapter ends there. */
static sense_reason_t pi_out_strip(struct target_pi *pi, u32 blocks)
{
	struct se_cmd *cmd = pi->cmd;
	struct target_pi_rule rule;
	sense_reason_t why;
	u32 bad;

	pi_rule_host(&rule, cmd);
	why = target_pi_verify(&rule, pi_at(cmd->t_data_sg, 0), pi_at(cmd->t_prot_sg, 0), blocks,
			       &bad);
	return pi_fail(cmd, why, bad);
}

static sense_reason_t pi_out(struct target_pi *pi)
{
	u32 blocks = pi_out_blocks(pi->cmd);
	sense_reason_t why;

	if (!blocks)
		return TCM_NO_SENSE;
	if (!pi->protect)
		return pi->cmd->t_prot_nents ? pi_out_strip(pi, blocks) : TCM_NO_SENSE;
	why = pi_out_take(pi, blocks);
	return why ?: pi_out_check(pi, blocks);
}

sense_reason_t target_pi_attach_out(struct se_cmd *cmd, struct target_io *io)
{
	struct target_pi *pi = cmd->pi;
	struct target_pi_rule rule;
	sense_reason_t why;

	if (!pi || !pi->stored)
		return TCM_NO_SENSE;
	if (!pi->protect) {
		why = pi_alloc_prot(pi, io->blocks);
		if (why)
			return why;
		pi_rule_default(&rule, cmd, pi->stored, 0);
		target_pi_generate(&rule, pi_at(io->sg, 0), pi_at(pi->prot, 0), io->blocks);
	}
	io->prot_sg = pi->prot;
	io->prot_nents = pi->prot_nents;
	io->prot_check = target_pi_checks(pi->protect) == target_pi_checks(1);
	return TCM_NO_SENSE;
}

/* --- READ and WRITE ---------------------------------------------------------------------- */

static void pi_io_init(struct target_pi *pi)
{
	struct se_cmd *cmd = pi->cmd;

	cmd->io = (struct target_io){
		.dev	 = cmd->se_dev,
		.lba	 = cmd->t_task_lba,
		.blocks	 = cmd->t_task_nolb,
		.dir	 = cmd->op->dir,
		.sg	 = cmd->t_data_sg,
		.nents	 = cmd->t_data_nents,
		.fua	 = cmd->se_cmd_flags & SCF_FUA,
		.atomic	 = cmd->se_cmd_flags & SCF_ATOMIC,
		.err_lba = cmd->t_task_lba,
	};
}

static sense_reason_t pi_submit(struct target_io *io)
{
	if (WARN_ON_ONCE(io->dev->transport->execute_rw(io)))
		return TCM_INTERNAL_TARGET_FAILURE;
	return TCM_NO_SENSE;
}

static void pi_write_done(struct target_io *io, sense_reason_t why)
{
	struct se_cmd *cmd = container_of(io, struct se_cmd, io);

	target_sbc_set_info(cmd, why);
	target_cmd_done(cmd, why);
}

static sense_reason_t pi_write(struct target_pi *pi)
{
	struct target_io *io = &pi->cmd->io;
	sense_reason_t why;

	pi_io_init(pi);
	io->done = pi_write_done;
	why = target_pi_attach_out(pi->cmd, io);
	return why ?: pi_submit(io);
}

/* Without xPROTECT only if the unit does so on its own (DPICZ). */
static bool pi_checks_medium(const struct target_pi *pi)
{
	return pi->stored && (pi->protect || pi->cmd->se_dev->dev_attrib.pi_prot_verify);
}

/* Of the medium, or made up by the port for a unit that keeps none. */
static sense_reason_t pi_read_check(struct target_pi *pi)
{
	struct se_cmd *cmd = pi->cmd;
	struct target_io *io = &cmd->io;
	struct target_pi_rule rule;
	sense_reason_t why;
	u32 bad;

	if (!pi->stored) {
		pi_rule_made_up(&rule, cmd, pi->type);
		if (pi->prot)
			target_pi_generate(&rule, pi_at(io->sg, 0), pi_at(pi->prot, 0), io->blocks);
		return TCM_NO_SENSE;
	}
	if (!pi_checks_medium(pi))
		return TCM_NO_SENSE;
	target_pi_rule(&rule, cmd, pi->stored, 0);
	rule.checks &= target_pi_checks(pi->protect);
	why = target_pi_verify(&rule, pi_at(io->sg, 0), pi_at(pi->prot, 0), io->blocks, &bad);
	return pi_fail(cmd, why, bad);
}

/* To where the initiator wants it, and as it wants it. */
static void pi_read_deliver(struct target_pi *pi)
{
	struct se_cmd *cmd = pi->cmd;
	struct target_io *io = &cmd->io;
	struct target_pi_cursor data = pi_at(io->sg, 0);
	struct target_pi_cursor out = pi_at(cmd->t_data_sg, 0);
	struct target_pi_rule rule;

	if (pi->inlined)
		target_pi_join(data, pi_at(pi->prot, 0), out, cmd->data_length,
			       cmd->se_dev->block_shift);
	else if (pi->data)
		target_pi_copy(&out, &data, cmd->data_length);
	if (!cmd->t_prot_nents)
		return;
	pi_rule_host(&rule, cmd);
	if (!pi->protect)
		target_pi_generate(&rule, data, pi_at(cmd->t_prot_sg, 0), io->blocks);
	else if (cmd->prot_ip)
		target_pi_convert(&rule, data, pi_at(pi->prot, 0), pi_at(pi->prot, 0), io->blocks);
}

static void pi_read_work(struct work_struct *work)
{
	struct target_pi *pi = container_of(work, struct target_pi, work);
	struct se_cmd *cmd = pi->cmd;
	sense_reason_t why = pi->why;

	if (why)
		target_sbc_set_info(cmd, why);
	else
		why = pi_read_check(pi);
	if (!why)
		pi_read_deliver(pi);
	target_cmd_done(cmd, why);
}

static void pi_transfer_done(struct target_io *io, sense_reason_t why)
{
	struct target_pi *pi = container_of(io, struct se_cmd, io)->pi;

	pi->why = why;
	queue_work(target_submit_wq, &pi->work);
}

/* Where it is read to: to the initiator's memory, if there is some and it asks for it. */
static sense_reason_t pi_read_memory(struct target_pi *pi)
{
	struct se_cmd *cmd = pi->cmd;
	struct target_io *io = &cmd->io;
	sense_reason_t why = TCM_NO_SENSE;

	if (pi->inlined || cmd->data_length != io->blocks << cmd->se_dev->block_shift) {
		why = pi_alloc_data(pi, io->blocks);
		io->sg = pi->data;
		io->nents = pi->data_nents;
	}
	if (!pi->protect && !pi_checks_medium(pi))
		return why;
	if (pi->protect && cmd->t_prot_nents) {
		pi->prot = cmd->t_prot_sg;
		pi->prot_nents = cmd->t_prot_nents;
	} else {
		why = why ?: pi_alloc_prot(pi, io->blocks);
	}
	if (pi->stored) {
		io->prot_sg = pi->prot;
		io->prot_nents = pi->prot_nents;
	}
	return why;
}

static sense_reason_t pi_read(struct target_pi *pi)
{
	sense_reason_t why;

	pi_io_init(pi);
	pi->cmd->io.done = pi_transfer_done;
	INIT_WORK(&pi->work, pi_read_work);
	why = pi_read_memory(pi);
	return why ?: pi_submit(&pi->cmd->io);
}

/* --- WRITE SAME -------------------------------------------------------------------------- */

/* The tags of the one block, the reference tag counting on (SBC-5 5.52); or the unit's own. */
static void pi_same_make(struct target_pi *pi, u32 done, u32 blocks)
{
	struct se_cmd *cmd = pi->cmd;
	struct target_pi_cursor to = pi_at(pi->chunk, 0), from;
	struct target_pi_tuple t;
	struct target_pi_rule rule;
	u32 i;

	if (!pi->protect) {
		pi_rule_default(&rule, cmd, pi->stored, done);
		target_pi_generate(&rule, pi_at(pi->data, 0), to, blocks);
		return;
	}
	from = pi_at(pi->prot, 0);
	target_pi_get(&from, &t, sizeof(t));
	if (pi->stored != TARGET_DIF_TYPE3_PROT)
		be32_add_cpu(&t.ref, done);
	for (i = 0; i < blocks; i++) {
		target_pi_put(&to, &t, sizeof(t));
		if (pi->stored != TARGET_DIF_TYPE3_PROT)
			be32_add_cpu(&t.ref, 1);
	}
}

static void pi_same_next(struct target_pi *pi)
{
	struct se_cmd *cmd = pi->cmd;
	u32 done = cmd->t_task_nolb - pi->left;
	struct target_io *io = &cmd->io;
	sense_reason_t why;

	if (!pi->left || atomic_read(&cmd->state) & TARGET_CMD_ABORTED) {
		target_cmd_done(cmd, TCM_NO_SENSE);
		return;
	}
	pi_io_init(pi);
	io->lba += done;
	io->err_lba = io->lba;
	io->blocks = min(pi->left, PI_CHUNK >> cmd->se_dev->block_shift);
	io->sg = pi->data;
	io->nents = pi->data_nents;
	io->done = pi_transfer_done;
	pi_same_make(pi, done, io->blocks);
	target_pi_chunk_attach(cmd, io);
	pi->left -= io->blocks;
	why = pi_submit(io);
	if (why)
		target_cmd_done(cmd, why);
}

static void pi_same_work(struct work_struct *work)
{
	struct target_pi *pi = container_of(work, struct target_pi, work);
	unsigned int noio = memalloc_noio_save();

	if (pi->why) {
		target_sbc_set_info(pi->cmd, pi->why);
		target_cmd_done(pi->cmd, pi->why);
	} else {
		pi_same_next(pi);
	}
	memalloc_noio_restore(noio);
}

/* A chunk of the same block; data-out may be split off in @data, so it goes elsewhere. */
static sense_reason_t pi_same_start(struct target_pi *pi)
{
	struct se_cmd *cmd = pi->cmd;
	u32 i, shift = cmd->se_dev->block_shift, blocks = min(pi->left, PI_CHUNK >> shift);
	struct scatterlist *split = pi->data;
	unsigned int split_nents = pi->data_nents;
	struct target_pi_cursor to;
	sense_reason_t why;

	pi->data = NULL;
	why = pi_alloc_data(pi, blocks);
	why = why ?: target_pi_chunk_alloc(cmd, blocks);
	to = pi_at(pi->data, 0);
	for (i = 0; !why && i < blocks; i++) {
		struct target_pi_cursor from = pi_at(cmd->t_data_sg, 0);

		target_pi_copy(&to, &from, 1U << shift);
	}
	if (split) {
		target_free_sgl(split, split_nents);
		cmd->t_data_sg = pi->wire;
	}
	return why;
}

bool target_pi_write_same(struct se_cmd *cmd, sense_reason_t *why)
{
	struct target_pi *pi = cmd->pi;

	if (!pi || !pi->stored || !cmd->data_length)
		return false;
	pi->left = cmd->t_task_nolb;
	INIT_WORK(&pi->work, pi_same_work);
	*why = pi_same_start(pi);
	if (!*why)
		pi_same_next(pi);
	return true;
}

/* --- commands that go a chunk at a time -------------------------------------------------- */

sense_reason_t target_pi_chunk_alloc(struct se_cmd *cmd, u32 blocks)
{
	struct target_pi *pi = cmd->pi;

	if (!pi || !pi->stored)
		return TCM_NO_SENSE;
	if (target_alloc_sgl(&pi->chunk, &pi->chunk_nents, pi_bytes(blocks), false, false))
		return TCM_OUT_OF_RESOURCES;
	return TCM_NO_SENSE;
}

sense_reason_t target_pi_chunk_check(struct se_cmd *cmd, struct scatterlist *sg, u32 done)
{
	struct target_pi *pi = cmd->pi;
	struct target_pi_rule rule;
	sense_reason_t why;
	u32 bad;

	if (likely(!pi) || !pi_checks_medium(pi))
		return TCM_NO_SENSE;
	target_pi_rule(&rule, cmd, pi->stored, done);
	rule.checks &= target_pi_checks(pi->protect);
	why = target_pi_verify(&rule, pi_at(sg, 0), pi_at(pi->chunk, 0), cmd->io.blocks, &bad);
	return pi_fail(cmd, why, done + bad);
}

/*
 * By VRPROTECT, what of a tuple is compared (SBC-5 5.36, byte-by-byte comparison): all,
 * but for the guard with 010b. @at is set to the field that differs.
 */
static sense_reason_t pi_compare_tuple(u8 protect, const struct target_pi_tuple *a,
				       const struct target_pi_tuple *b, u32 *at)
{
	if (protect != 2 && a->guard != b->guard) {
		*at = offsetof(struct target_pi_tuple, guard);
		return TCM_MISCOMPARE_GUARD;
	}
	if (a->app != b->app) {
		*at = offsetof(struct target_pi_tuple, app);
		return TCM_MISCOMPARE_APP_TAG;
	}
	if (a->ref != b->ref) {
		*at = offsetof(struct target_pi_tuple, ref);
		return TCM_MISCOMPARE_REF_TAG;
	}
	return TCM_NO_SENSE;
}

sense_reason_t target_pi_chunk_compare(struct se_cmd *cmd, u32 done, bool same)
{
	struct target_pi *pi = cmd->pi;
	u32 i, at, block = 1U << cmd->se_dev->block_shift;
	struct target_pi_cursor medium, out;

	if (likely(!pi) || !pi->stored || !pi->protect)
		return TCM_NO_SENSE;
	medium = pi_at(pi->chunk, 0);
	out = pi_at(pi->prot, same ? 0 : pi_bytes(done));
	for (i = done; i < done + cmd->io.blocks; i++) {
		struct target_pi_tuple a, b;
		sense_reason_t why;

		target_pi_get(&medium, &a, sizeof(a));
		if (same)
			out = pi_at(pi->prot, 0);
		target_pi_get(&out, &b, sizeof(b));
		if (same && pi->stored != TARGET_DIF_TYPE3_PROT)
			be32_add_cpu(&b.ref, i);
		why = pi_compare_tuple(pi->protect, &a, &b, &at);
		if (why)
			return target_fail_info(cmd, target_pi_wire_offset(cmd, (u64)i * block) +
						block + at, why);
	}
	return TCM_NO_SENSE;
}

void target_pi_chunk_make(struct se_cmd *cmd, struct scatterlist *sg, u32 done, u32 from,
			  bool as_sent)
{
	struct target_pi *pi = cmd->pi;
	struct target_pi_cursor chunk, out;
	struct target_pi_rule rule;

	if (likely(!pi) || !pi->stored)
		return;
	chunk = pi_at(pi->chunk, 0);
	pi_rule_default(&rule, cmd, pi->stored, done);
	if (!pi->protect) {
		target_pi_generate(&rule, pi_at(sg, 0), chunk, cmd->io.blocks);
		return;
	}
	out = pi_at(pi->prot, pi_bytes(from));
	if (as_sent)
		target_pi_copy(&chunk, &out, pi_bytes(cmd->io.blocks));
	else
		target_pi_convert(&rule, pi_at(sg, 0), out, chunk, cmd->io.blocks);
}

/* --- the way in -------------------------------------------------------------------------- */

/* Without xPROTECT, protection information below goes on without us. */
static bool pi_is_left_out(const struct se_cmd *cmd, u8 protect)
{
	return !protect && target_pi_is_hw(cmd->se_dev);
}

static struct target_pi *pi_new(struct se_cmd *cmd)
{
	struct target_pi *pi = kzalloc(sizeof(*pi), GFP_KERNEL);

	if (!pi)
		return NULL;
	pi->cmd = cmd;
	pi->protect = target_pi_field(cmd);
	pi->type = target_pi_visible(cmd->se_dev, cmd->se_sess);
	pi->stored = pi_is_left_out(cmd, pi->protect) ? TARGET_DIF_TYPE0_PROT : cmd->prot_type;
	pi->inlined = cmd->prot_length && !cmd->t_prot_nents &&
		      cmd->prot_op == TARGET_PROT_NORMAL;
	return pi;
}

/* Who has both in one place moves both at once. */
static bool pi_is_exclusive(const struct se_cmd *cmd)
{
	return cmd->op->dir == DMA_TO_DEVICE && cmd->op->access == TARGET_ACCESS_WRITE &&
	       cmd->prot_type && !target_pi_is_hw(cmd->se_dev);
}

/* A backstore goes by the number of blocks. */
static bool pi_has_room(const struct se_cmd *cmd)
{
	return !cmd->t_prot_nents || !cmd->prot_length ||
	       sg_nents_for_len(cmd->t_prot_sg, cmd->prot_length) > 0;
}

sense_reason_t target_pi_execute(struct se_cmd *cmd)
{
	sense_reason_t why;

	if (cmd->nowait) {
		target_cmd_requeue(cmd);
		return TCM_NO_SENSE;
	}
	/* The unit was formatted since the CDB was looked at. */
	if (cmd->prot_type != target_pi_stored(cmd->se_dev))
		return TCM_LUN_BUSY;
	if (pi_is_exclusive(cmd) && !target_range_enter_exclusive(cmd))
		return TCM_NO_SENSE;
	if (!pi_has_room(cmd))
		return TCM_INVALID_FIELD_IN_COMMAND_IU;
	cmd->pi = pi_new(cmd);
	if (!cmd->pi)
		return TCM_OUT_OF_RESOURCES;
	cmd->se_cmd_flags |= SCF_PI;
	if (cmd->op->dir == DMA_TO_DEVICE) {
		why = pi_out(cmd->pi);
		if (why)
			return why;
	}
	if (cmd->op->execute != target_sbc_read_write || !cmd->t_task_nolb || !cmd->data_length)
		return cmd->op->execute(cmd);
	return cmd->op->dir == DMA_TO_DEVICE ? pi_write(cmd->pi) : pi_read(cmd->pi);
}
