// SPDX-License-Identifier: GPL-2.0-only
/*
 * VERIFY, WRITE AND VERIFY (SBC-5 5.36 and following, 5.44 and following).
 *
 * What is to be written is written first, in one transfer.  The medium is read a
 * chunk at a time into memory of its own, and compared with data-out if BYTCHK asks
 * for it.  Each chunk is a transfer of the backstore; its end queues the work that
 * compares it and starts the next, so no context waits and a task management
 * function gets in between chunks.
 */
#include <linux/scatterlist.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>
#include <linux/sizes.h>
#include "cdb.h"
#include "cmd.h"
#include "log.h"
#include "pi.h"
#include "sbc.h"
#include "sense.h"

#define VERIFY_CHUNK	SZ_128K

#define VERIFY_DPO	0x10

/* BYTCHK, bits 2-1 */
enum verify_bytchk {
	VERIFY_MEDIUM	= 0,	/* only read: no data-out */
	VERIFY_BLOCKS	= 1,	/* each block against its own data */
	VERIFY_RESERVED	= 2,
	VERIFY_SAME	= 3,	/* each block against the same one */
};

/**
 * struct verify_job - a command in progress; cmd->scratch
 * @cmd: the command
 * @work: takes a transfer that has ended
 * @bytchk: enum verify_bytchk
 * @left: blocks to go, those of this chunk included
 * @compared: bytes compared so far
 * @why: how the transfer ended
 * @sg: memory of a chunk
 * @nents: entries in @sg
 */
struct verify_job {
	struct se_cmd		*cmd;
	struct work_struct	work;
	enum verify_bytchk	bytchk;
	u32			left;
	u64			compared;
	sense_reason_t		why;
	struct scatterlist	*sg;
	unsigned int		nents;
};

static enum verify_bytchk verify_bytchk_of(const struct se_cmd *cmd)
{
	return (cmd->t_task_cdb[target_cdb_options(cmd->op)] >> 1) & 3;
}

static sense_reason_t verify_fail_bytchk(struct se_cmd *cmd)
{
	return target_fail_cdb_field(cmd, target_cdb_options(cmd->op), 2);
}

static sense_reason_t verify_parse_dpo(struct se_cmd *cmd)
{
	u8 byte = target_cdb_options(cmd->op);

	if (cmd->t_task_cdb[byte] & VERIFY_DPO && !cmd->se_dev->dev_attrib.emulate_fua_write)
		return target_fail_cdb_field(cmd, byte, 4);
	return TCM_NO_SENSE;
}

/* As many blocks in data-out as the CDB says. */
static sense_reason_t verify_set_blocks(struct se_cmd *cmd)
{
	const struct se_device *dev = cmd->se_dev;

	if (cmd->t_task_nolb > target_sbc_max_transfer(dev, cmd->se_tfo))
		return target_fail_cdb_field(cmd, cmd->op->count.off, 7);
	return target_cdb_set_length(cmd, cmd->t_task_nolb << dev->block_shift);
}

sense_reason_t target_sbc_parse_verify(struct se_cmd *cmd)
{
	sense_reason_t why = verify_parse_dpo(cmd);

	if (why)
		return why;
	switch (verify_bytchk_of(cmd)) {
	case VERIFY_MEDIUM:
		return target_cdb_set_length(cmd, 0);
	case VERIFY_BLOCKS:
		return verify_set_blocks(cmd);
	case VERIFY_SAME:
		return target_cdb_set_length(cmd, cmd->t_task_nolb ?
						  1U << cmd->se_dev->block_shift : 0);
	default:
		return verify_fail_bytchk(cmd);
	}
}

/* Many blocks cannot be written from one: BYTCHK 11b is reserved here. */
sense_reason_t target_sbc_parse_write_verify(struct se_cmd *cmd)
{
	sense_reason_t why = verify_parse_dpo(cmd);

	if (why)
		return why;
	if (verify_bytchk_of(cmd) > VERIFY_BLOCKS)
		return verify_fail_bytchk(cmd);
	cmd->se_cmd_flags |= SCF_SCSI_DATA_CDB;
	return verify_set_blocks(cmd);
}

u32 target_sbc_compare(struct scatterlist *a, unsigned int a_nents, u32 a_skip,
		       struct scatterlist *b, unsigned int b_nents, u32 b_skip, u32 len)
{
	struct sg_mapping_iter ma, mb;
	u32 done = 0;

	sg_miter_start(&ma, a, a_nents, SG_MITER_FROM_SG);
	sg_miter_start(&mb, b, b_nents, SG_MITER_FROM_SG);
	if (!sg_miter_skip(&ma, a_skip) || !sg_miter_skip(&mb, b_skip))
		len = 0;
	while (done < len && sg_miter_next(&ma) && sg_miter_next(&mb)) {
		const u8 *pa = ma.addr, *pb = mb.addr;
		u32 n = min3(len - done, (u32)ma.length, (u32)mb.length);

		if (memcmp(pa, pb, n)) {
			while (*pa++ == *pb++)
				done++;
			break;
		}
		done += n;
		/* What is left of the longer one comes again. */
		ma.consumed = n;
		mb.consumed = n;
	}
	sg_miter_stop(&mb);
	sg_miter_stop(&ma);
	return done;
}

/* Bytes of the chunk that agree with data-out. */
static u32 verify_compare(const struct verify_job *job, u32 len)
{
	struct se_cmd *cmd = job->cmd;
	u32 block = 1U << cmd->se_dev->block_shift;
	u32 done, same;

	if (job->bytchk == VERIFY_BLOCKS)
		return target_sbc_compare(cmd->t_data_sg, cmd->t_data_nents, job->compared,
					  job->sg, job->nents, 0, len);
	for (done = 0; done < len; done += block) {
		same = target_sbc_compare(cmd->t_data_sg, cmd->t_data_nents, 0,
					  job->sg, job->nents, done, block);
		if (same < block)
			return done + same;
	}
	return len;
}

static void verify_finish(struct verify_job *job, sense_reason_t why)
{
	struct se_cmd *cmd = job->cmd;

	target_free_sgl(job->sg, job->nents);
	job->sg = NULL;
	target_cmd_done(cmd, why);
}

static void verify_transfer_done(struct target_io *io, sense_reason_t why)
{
	struct se_cmd *cmd = container_of(io, struct se_cmd, io);
	struct verify_job *job = cmd->scratch;

	job->why = why;
	queue_work(target_submit_wq, &job->work);
}

/* Read the next chunk, or end. */
static void verify_next(struct verify_job *job)
{
	struct se_cmd *cmd = job->cmd;
	struct se_device *dev = cmd->se_dev;
	struct target_io *io = &cmd->io;

	if (!job->left || atomic_read(&cmd->state) & TARGET_CMD_ABORTED) {
		verify_finish(job, TCM_NO_SENSE);
		return;
	}
	*io = (struct target_io){
		.dev = dev,
		.lba = cmd->t_task_lba + (job->compared >> dev->block_shift),
		.blocks = min(job->left, VERIFY_CHUNK >> dev->block_shift),
		.dir = DMA_FROM_DEVICE,
		.sg = job->sg,
		.nents = job->nents,
		.done = verify_transfer_done,
	};
	io->err_lba = io->lba;
	target_pi_chunk_attach(cmd, io);
	if (WARN_ON_ONCE(dev->transport->execute_rw(io)))
		verify_finish(job, TCM_INTERNAL_TARGET_FAILURE);
}

/* What is compared with data-out is not checked besides (SBC-5 5.36, VRPROTECT). */
static sense_reason_t verify_take_protection(struct verify_job *job)
{
	struct se_cmd *cmd = job->cmd;
	u32 done = cmd->t_task_nolb - job->left;

	if (job->bytchk != VERIFY_MEDIUM && target_pi_field(cmd))
		return target_pi_chunk_compare(cmd, done, job->bytchk == VERIFY_SAME);
	return target_pi_chunk_check(cmd, job->sg, done);
}

/* INFORMATION of a miscompare: how many bytes agreed, from the first block on. */
static sense_reason_t verify_take(struct verify_job *job)
{
	struct se_cmd *cmd = job->cmd;
	u32 len = cmd->io.blocks << cmd->se_dev->block_shift;
	sense_reason_t why;
	u32 same = len;

	if (job->why) {
		target_sbc_set_info(cmd, job->why);
		return job->why;
	}
	if (cmd->io.dir == DMA_TO_DEVICE)
		return TCM_NO_SENSE;
	target_log_verified(cmd->se_dev, len);
	if (job->bytchk != VERIFY_MEDIUM)
		same = verify_compare(job, len);
	if (same < len)
		return target_fail_info(cmd, target_pi_wire_offset(cmd, job->compared + same),
					TCM_MISCOMPARE_VERIFY);
	why = verify_take_protection(job);
	if (why)
		return why;
	job->compared += len;
	job->left -= cmd->io.blocks;
	return TCM_NO_SENSE;
}

static void verify_work(struct work_struct *work)
{
	struct verify_job *job = container_of(work, struct verify_job, work);
	unsigned int noio = memalloc_noio_save();
	sense_reason_t why = verify_take(job);

	if (why)
		verify_finish(job, why);
	else
		verify_next(job);
	memalloc_noio_restore(noio);
}

/* Write all; what follows is a VERIFY. It is the medium that is asked, not a cache. */
static void verify_write(struct verify_job *job)
{
	struct se_cmd *cmd = job->cmd;
	struct se_device *dev = cmd->se_dev;
	sense_reason_t why;

	cmd->io = (struct target_io){
		.dev = dev,
		.lba = cmd->t_task_lba,
		.blocks = cmd->t_task_nolb,
		.dir = DMA_TO_DEVICE,
		.sg = cmd->t_data_sg,
		.nents = cmd->t_data_nents,
		.fua = dev->dev_attrib.emulate_write_cache,
		.err_lba = cmd->t_task_lba,
		.done = verify_transfer_done,
	};
	why = target_pi_attach_out(cmd, &cmd->io);
	if (why)
		verify_finish(job, why);
	else if (WARN_ON_ONCE(dev->transport->execute_rw(&cmd->io)))
		verify_finish(job, TCM_INTERNAL_TARGET_FAILURE);
}

static sense_reason_t verify_start(struct se_cmd *cmd, void (*start)(struct verify_job *job))
{
	struct verify_job *job;
	u32 bytes;

	if (!cmd->t_task_nolb) {
		target_cmd_done(cmd, TCM_NO_SENSE);
		return TCM_NO_SENSE;
	}
	job = kzalloc(sizeof(*job), GFP_KERNEL);
	if (!job)
		return TCM_OUT_OF_RESOURCES;
	cmd->scratch = job;
	job->cmd = cmd;
	job->bytchk = verify_bytchk_of(cmd);
	job->left = cmd->t_task_nolb;
	INIT_WORK(&job->work, verify_work);
	bytes = min_t(u64, (u64)job->left << cmd->se_dev->block_shift, VERIFY_CHUNK);
	if (target_alloc_sgl(&job->sg, &job->nents, bytes, false, false))
		return TCM_OUT_OF_RESOURCES;
	if (target_pi_chunk_alloc(cmd, bytes >> cmd->se_dev->block_shift)) {
		target_free_sgl(job->sg, job->nents);
		return TCM_OUT_OF_RESOURCES;
	}
	start(job);
	return TCM_NO_SENSE;
}

sense_reason_t target_sbc_verify(struct se_cmd *cmd)
{
	return verify_start(cmd, verify_next);
}

sense_reason_t target_sbc_write_verify(struct se_cmd *cmd)
{
	return verify_start(cmd, verify_write);
}
