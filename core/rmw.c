// SPDX-License-Identifier: GPL-2.0-only
/*
 * Read, decide, write: COMPARE AND WRITE (SBC-5 5.3), ORWRITE (4.27, 5.10, 5.11).
 *
 * The command holds its range exclusively (core/range.c), so nobody comes between
 * the read and the write.  The medium is read a chunk at a time into memory of its
 * own, changed there, and written from there; the end of each transfer queues the
 * work that goes on, so no context waits.  COMPARE AND WRITE has one chunk, since
 * it writes all or nothing.
 */
#include <linux/scatterlist.h>
#include <linux/sched/mm.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include <linux/unaligned.h>
#include "cdb.h"
#include "cmd.h"
#include "pi.h"
#include "sbc.h"
#include "sense.h"

#define RMW_CHUNK	SZ_128K
#define CAW_MAX		255	/* NUMBER OF LOGICAL BLOCKS is a byte */
#define ORW_RESET_POLICY 7	/* ORWRITE processing policy after a reset */

/**
 * struct rmw_job - a command in progress; cmd->scratch
 * @cmd: the command
 * @work: takes a transfer that has ended
 * @change: makes what is to be written of what was read, io.blocks of it in @sg
 * @complete: what is left to do when all is written, or NULL
 * @chunk: blocks of a transfer at most
 * @done: blocks that are written
 * @why: how the transfer ended
 * @sg: memory of a chunk
 * @nents: entries in @sg
 */
struct rmw_job {
	struct se_cmd		*cmd;
	struct work_struct	work;
	sense_reason_t		(*change)(struct rmw_job *job);
	void			(*complete)(struct se_cmd *cmd);
	u32			chunk;
	u32			done;
	sense_reason_t		why;
	struct scatterlist	*sg;
	unsigned int		nents;
};

static void rmw_finish(struct rmw_job *job, sense_reason_t why)
{
	struct se_cmd *cmd = job->cmd;

	target_free_sgl(job->sg, job->nents);
	job->sg = NULL;
	target_cmd_done(cmd, why);
}

static void rmw_transfer_done(struct target_io *io, sense_reason_t why)
{
	struct se_cmd *cmd = container_of(io, struct se_cmd, io);
	struct rmw_job *job = cmd->scratch;

	job->why = why;
	queue_work(target_submit_wq, &job->work);
}

/* Read or write the chunk. */
static void rmw_transfer(struct rmw_job *job, enum dma_data_direction dir)
{
	struct se_cmd *cmd = job->cmd;
	struct target_io *io = &cmd->io;

	*io = (struct target_io){
		.dev = cmd->se_dev,
		.lba = cmd->t_task_lba + job->done,
		.blocks = min(cmd->t_task_nolb - job->done, job->chunk),
		.dir = dir,
		.sg = job->sg,
		.nents = job->nents,
		.fua = cmd->se_cmd_flags & SCF_FUA,
		.done = rmw_transfer_done,
	};
	io->err_lba = io->lba;
	target_pi_chunk_attach(cmd, io);
	if (WARN_ON_ONCE(io->dev->transport->execute_rw(io)))
		rmw_finish(job, TCM_INTERNAL_TARGET_FAILURE);
}

static bool rmw_is_aborted(const struct rmw_job *job)
{
	return atomic_read(&job->cmd->state) & TARGET_CMD_ABORTED;
}

/* A chunk was read. */
static void rmw_take_read(struct rmw_job *job)
{
	sense_reason_t why = target_pi_chunk_check(job->cmd, job->sg, job->done);

	why = why ?: job->change(job);
	if (why || rmw_is_aborted(job))
		rmw_finish(job, why);
	else
		rmw_transfer(job, DMA_TO_DEVICE);
}

/* A chunk was written. */
static void rmw_take_written(struct rmw_job *job)
{
	struct se_cmd *cmd = job->cmd;

	job->done += cmd->io.blocks;
	if (job->done < cmd->t_task_nolb && !rmw_is_aborted(job)) {
		rmw_transfer(job, DMA_FROM_DEVICE);
		return;
	}
	if (job->complete && job->done == cmd->t_task_nolb)
		job->complete(cmd);
	rmw_finish(job, TCM_NO_SENSE);
}

static void rmw_work(struct work_struct *work)
{
	struct rmw_job *job = container_of(work, struct rmw_job, work);
	unsigned int noio = memalloc_noio_save();

	if (job->why) {
		target_sbc_set_info(job->cmd, job->why);
		rmw_finish(job, job->why);
	} else if (job->cmd->io.dir == DMA_FROM_DEVICE) {
		rmw_take_read(job);
	} else {
		rmw_take_written(job);
	}
	memalloc_noio_restore(noio);
}

/* The command has blocks, in chunks of at most so many. */
static sense_reason_t rmw_start(struct se_cmd *cmd, sense_reason_t (*change)(struct rmw_job *job),
				void (*complete)(struct se_cmd *cmd), u32 chunk)
{
	struct rmw_job *job = kzalloc(sizeof(*job), GFP_KERNEL);

	if (!job)
		return TCM_OUT_OF_RESOURCES;
	cmd->scratch = job;
	job->cmd = cmd;
	job->change = change;
	job->complete = complete;
	job->chunk = min(chunk, cmd->t_task_nolb);
	INIT_WORK(&job->work, rmw_work);
	if (target_alloc_sgl(&job->sg, &job->nents, job->chunk << cmd->se_dev->block_shift,
			     false, false))
		return TCM_OUT_OF_RESOURCES;
	if (target_pi_chunk_alloc(cmd, job->chunk)) {
		target_free_sgl(job->sg, job->nents);
		return TCM_OUT_OF_RESOURCES;
	}
	rmw_transfer(job, DMA_FROM_DEVICE);
	return TCM_NO_SENSE;
}

static sense_reason_t rmw_no_blocks(struct se_cmd *cmd)
{
	target_cmd_done(cmd, TCM_NO_SENSE);
	return TCM_NO_SENSE;
}

/* The chunk becomes what @fn makes of it and of data-out from @skip on. */
static void rmw_combine(struct rmw_job *job, u32 skip, void (*fn)(u8 *to, const u8 *from, u32 n))
{
	struct se_cmd *cmd = job->cmd;
	u32 len = cmd->io.blocks << cmd->se_dev->block_shift;
	struct sg_mapping_iter to, from;
	u32 n;

	sg_miter_start(&to, job->sg, job->nents, SG_MITER_FROM_SG | SG_MITER_TO_SG);
	sg_miter_start(&from, cmd->t_data_sg, cmd->t_data_nents, SG_MITER_FROM_SG);
	if (WARN_ON_ONCE(!sg_miter_skip(&from, skip)))
		len = 0;
	for (; len && sg_miter_next(&to) && sg_miter_next(&from); len -= n) {
		n = min3(len, (u32)to.length, (u32)from.length);
		fn(to.addr, from.addr, n);
		/* What is left of the longer one comes again. */
		to.consumed = n;
		from.consumed = n;
	}
	sg_miter_stop(&from);
	sg_miter_stop(&to);
}

/* --- COMPARE AND WRITE ------------------------------------------------------------------- */

bool target_sbc_has_caw(const struct se_device *dev)
{
	return !dev || dev->dev_attrib.emulate_caw;
}

/* Data-out is two instances of the blocks. */
u8 target_sbc_max_caw(const struct se_device *dev, const struct target_core_fabric_ops *tfo)
{
	if (!target_sbc_has_caw(dev))
		return 0;
	return min_t(u32, target_sbc_max_transfer(dev, tfo) / 2, CAW_MAX);
}

sense_reason_t target_sbc_parse_compare_and_write(struct se_cmd *cmd)
{
	sense_reason_t why = target_sbc_parse_dpofua(cmd);

	if (why)
		return why;
	if (cmd->t_task_nolb > target_sbc_max_caw(cmd->se_dev, cmd->se_tfo))
		return target_fail_cdb_field(cmd, cmd->op->count.off, 7);
	cmd->se_cmd_flags |= SCF_SCSI_DATA_CDB | SCF_COMPARE_AND_WRITE;
	return target_cdb_set_length(cmd, 2 * cmd->t_task_nolb << cmd->se_dev->block_shift);
}

static void rmw_copy(u8 *to, const u8 *from, u32 n)
{
	memcpy(to, from, n);
}

/* INFORMATION of a miscompare: where data-out has the first byte that is not equal. */
static sense_reason_t rmw_compare(struct rmw_job *job)
{
	struct se_cmd *cmd = job->cmd;
	u32 len = cmd->t_task_nolb << cmd->se_dev->block_shift;
	u32 same = target_sbc_compare(cmd->t_data_sg, cmd->t_data_nents, 0,
				      job->sg, job->nents, 0, len);

	if (same < len)
		return target_fail_info(cmd, target_pi_wire_offset(cmd, same),
					TCM_MISCOMPARE_VERIFY);
	rmw_combine(job, len, rmw_copy);
	target_pi_chunk_make(cmd, job->sg, 0, cmd->t_task_nolb, true);
	return TCM_NO_SENSE;
}

sense_reason_t target_sbc_compare_and_write(struct se_cmd *cmd)
{
	if (!cmd->t_task_nolb)
		return rmw_no_blocks(cmd);
	return rmw_start(cmd, rmw_compare, NULL, cmd->t_task_nolb);
}

/* --- ORWRITE ----------------------------------------------------------------------------- */

static void rmw_or(u8 *to, const u8 *from, u32 n)
{
	while (n--)
		*to++ |= *from++;
}

static void rmw_and(u8 *to, const u8 *from, u32 n)
{
	while (n--)
		*to++ &= *from++;
}

static void orw_change(struct rmw_job *job, void (*fn)(u8 *to, const u8 *from, u32 n))
{
	rmw_combine(job, job->done << job->cmd->se_dev->block_shift, fn);
	/* The tags are those sent, the guard is that of the result. */
	target_pi_chunk_make(job->cmd, job->sg, job->done, job->done, false);
}

static sense_reason_t rmw_set(struct rmw_job *job)
{
	orw_change(job, rmw_or);
	return TCM_NO_SENSE;
}

static sense_reason_t rmw_clear(struct rmw_job *job)
{
	orw_change(job, rmw_and);
	return TCM_NO_SENSE;
}

/* What becomes of a set operation whose generation is not the current one. */
enum orw_verdict { ORW_RESERVED, ORW_PERFORM, ORW_DISCARD, ORW_REFUSE };

/* By ORWRITE processing policy (SBC-5 table 29). */
static const struct {
	u8	previous;	/* it expects the generation before */
	u8	other;
} orw_policies[16] = {
	[0] = { ORW_PERFORM, ORW_REFUSE },
	[2] = { ORW_DISCARD, ORW_REFUSE },
	[3] = { ORW_PERFORM, ORW_PERFORM },
	[5] = { ORW_DISCARD, ORW_DISCARD },
	[7] = { ORW_REFUSE, ORW_REFUSE },
};

static enum orw_verdict orw_judge(const struct target_orw *orw, u32 expected)
{
	if (expected == orw->generation)
		return ORW_PERFORM;
	if (expected == orw->previous)
		return orw_policies[orw->policy].previous;
	return orw_policies[orw->policy].other;
}

void target_sbc_reset_orwrite(struct se_device *dev)
{
	dev->orw = (struct target_orw){ .policy = ORW_RESET_POLICY };
}

static u32 orw_chunk(const struct se_cmd *cmd)
{
	return RMW_CHUNK >> cmd->se_dev->block_shift;
}

static sense_reason_t orw_set(struct se_cmd *cmd, u32 expected)
{
	switch (orw_judge(&cmd->se_dev->orw, expected)) {
	case ORW_PERFORM:
		if (cmd->t_task_nolb)
			return rmw_start(cmd, rmw_set, NULL, orw_chunk(cmd));
		return rmw_no_blocks(cmd);
	case ORW_DISCARD:
		return rmw_no_blocks(cmd);
	default:
		return TCM_ORWRITE_GENERATION;
	}
}

/* It is as if it had an EXPECTED ORWGENERATION of zero. */
sense_reason_t target_sbc_orwrite(struct se_cmd *cmd)
{
	return orw_set(cmd, 0);
}

/* BMOP of ORWRITE(32), byte 2 bits 2-0 */
enum orw_bmop { ORW_BMOP_SET = 0, ORW_BMOP_CHANGE = 1 };

/*
 * PREVIOUS GENERATION PROCESSING is only looked at where it takes effect. A change
 * of the generation holds all blocks: then nobody else uses the old one any more.
 */
sense_reason_t target_sbc_parse_orwrite_32(struct se_cmd *cmd)
{
	const u8 *cdb = cmd->t_task_cdb;

	switch (cdb[2] & 7) {
	case ORW_BMOP_SET:
		break;
	case ORW_BMOP_CHANGE:
		if (orw_policies[cdb[3] & 0xf].other == ORW_RESERVED)
			return target_fail_cdb_field(cmd, 3, 3);
		cmd->se_cmd_flags |= SCF_ALL_BLOCKS;
		break;
	default:
		return target_fail_cdb_field(cmd, 2, 2);
	}
	return target_sbc_parse_rw(cmd);
}

static void orw_change_complete(struct se_cmd *cmd)
{
	struct target_orw *orw = &cmd->se_dev->orw;

	orw->policy = cmd->t_task_cdb[3] & 0xf;
	orw->previous = orw->generation;
	orw->generation = get_unaligned_be32(cmd->t_task_cdb + 24);
}

sense_reason_t target_sbc_orwrite_32(struct se_cmd *cmd)
{
	u32 expected = get_unaligned_be32(cmd->t_task_cdb + 20);

	if ((cmd->t_task_cdb[2] & 7) == ORW_BMOP_SET)
		return orw_set(cmd, expected);
	if (expected != cmd->se_dev->orw.generation)
		return TCM_ORWRITE_GENERATION;
	if (cmd->t_task_nolb)
		return rmw_start(cmd, rmw_clear, orw_change_complete, orw_chunk(cmd));
	orw_change_complete(cmd);
	return rmw_no_blocks(cmd);
}
