// SPDX-License-Identifier: GPL-2.0-only
/*
 * Operations on all of the medium (SBC-5 4.11, 5.4).
 *
 * A job goes over the blocks once or several times, a chunk at a time: as in WRITE
 * SAME, the end of each transfer queues the work that starts the next, nobody waits,
 * and what shall stop it is looked at in between.
 *
 * It has all blocks exclusively: first as its command does, by the command's row; once
 * the command has ended, by a range of its own.  In between another command may touch
 * blocks, for which the job then waits.  Who comes later is refused by the gate, and
 * who waits for blocks comes through the gate again before he runs.
 *
 * State of the medium is a bit of se_device::power: so the I/O path looks at nothing
 * that it would not look at anyway, and resets leave it alone.
 */
#include <linux/sched.h>
#include <linux/sched/mm.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include <scsi/scsi_proto.h>
#include <target/target_core_backend.h>
#include "background.h"
#include "cdb.h"
#include "cmd.h"
#include "itl.h"
#include "medium.h"
#include "pi.h"
#include "power.h"
#include "provision.h"
#include "range.h"
#include "sanitize.h"
#include "selftest.h"

/* Blocks are written while others wait for the same CPU. */
#define MEDIUM_CHUNK	SZ_1M

static void medium_work(struct work_struct *work);

bool target_medium_unmaps(const struct se_device *dev)
{
	return dev->transport->unmap && dev->limits.unmap_zeroes;
}

static void medium_free(struct target_medium_job *job)
{
	kfree(job->block);
	kfree(job);
}

struct target_medium_job *target_medium_alloc(struct se_device *dev, const u8 *pattern, u32 len)
{
	struct target_medium_job *job = kzalloc(sizeof(*job), GFP_KERNEL);
	u32 size = 1U << dev->block_shift, i;

	if (!job)
		return NULL;
	job->block = kmalloc(size, GFP_KERNEL);
	if (!job->block) {
		kfree(job);
		return NULL;
	}
	for (i = 0; i < size; i++)
		job->block[i] = pattern[i % len];
	sg_init_one(job->sg, job->block, size);
	job->dev = dev;
	INIT_WORK(&job->work, medium_work);
	return job;
}

/* --- state ------------------------------------------------------------------------------- */

static void medium_set_state(struct se_device *dev, int clear, int set)
{
	int old = atomic_read(&dev->power);

	while (!atomic_try_cmpxchg(&dev->power, &old, (old & ~clear) | set))
		;
}

void target_medium_open(struct se_device *dev)
{
	medium_set_state(dev, TARGET_SANITIZE_FAILED | TARGET_SANITIZE_EXIT, 0);
}

/* Only one at a time. Return: 0, or the state with the bit of the other one. */
static int medium_claim(struct target_medium_job *job)
{
	struct se_device *dev = job->dev;
	int old = atomic_read(&dev->power);

	do {
		if (old & TARGET_BUSY_MEDIUM)
			return old;
	} while (!atomic_try_cmpxchg(&dev->power, &old, old | job->busy));
	return 0;
}

static sense_reason_t medium_busy_reason(int state)
{
	return state & TARGET_BUSY_FORMAT ? TCM_FORMAT_IN_PROGRESS : TCM_SANITIZE_IN_PROGRESS;
}

static sense_reason_t medium_fail_busy(struct se_cmd *cmd, int state)
{
	return target_fail_progress(cmd, READ_ONCE(cmd->se_dev->medium_progress),
				    medium_busy_reason(state));
}

/* Of commands, or of task management functions, that there are */
static bool medium_is_report(const struct target_cdb_op *op)
{
	if (op->opcode != MAINTENANCE_IN)
		return false;
	return op->sa == MI_REPORT_SUPPORTED_OPERATION_CODES ||
	       op->sa == MI_REPORT_SUPPORTED_TASK_MANAGEMENT_FUNCTIONS;
}

/* A unit that is stopped, or has no medium, says that. */
static bool medium_is_corrupt(int state)
{
	return state & (TARGET_FORMAT_CORRUPT | TARGET_BLOCKS_UNFIT) &&
	       (state & TARGET_POWER_MASK) < TARGET_POWER_STOPPED;
}

/* What cannot be read as long as the medium is not formatted; and if that does not help. */
static bool medium_needs_format(const struct target_cdb_op *op, int state)
{
	if (!(op->gates & TARGET_GATE_READY))
		return false;
	return state & TARGET_BLOCKS_UNFIT ||
	       (op->opcode != FORMAT_UNIT && op->opcode != TARGET_SANITIZE);
}

/* INQUIRY, REPORT LUNS and REQUEST SENSE are those that need no LUN (SBC-5 4.11.2, 5.4). */
sense_reason_t target_medium_gate(struct se_cmd *cmd, int state)
{
	const struct target_cdb_op *op = cmd->op;

	if (op->gates & TARGET_GATE_NO_LUN)
		return TCM_NO_SENSE;
	if (state & TARGET_BUSY_FORMAT)
		return medium_fail_busy(cmd, state);
	if (state & (TARGET_BUSY_SANITIZE | TARGET_SANITIZE_FAILED) && medium_is_report(op))
		return TCM_NO_SENSE;
	if (state & TARGET_BUSY_SANITIZE)
		return medium_fail_busy(cmd, state);
	if (state & TARGET_SANITIZE_FAILED && op->opcode != TARGET_SANITIZE)
		return TCM_SANITIZE_FAILED;
	if (medium_is_corrupt(state) && medium_needs_format(op, state))
		return TCM_FORMAT_CORRUPTED;
	return TCM_NO_SENSE;
}

bool target_medium_sense(struct target_sense *sense, const struct se_device *dev)
{
	int state = atomic_read(&dev->power);

	if (state & TARGET_BUSY_MEDIUM) {
		target_sense_init(sense, medium_busy_reason(state));
		target_sense_put_progress(sense, READ_ONCE(dev->medium_progress));
		return true;
	}
	if (!(state & TARGET_SANITIZE_FAILED) && !medium_is_corrupt(state))
		return false;
	target_sense_init(sense, state & TARGET_SANITIZE_FAILED ? TCM_SANITIZE_FAILED :
								  TCM_FORMAT_CORRUPTED);
	return true;
}

/* --- the end ----------------------------------------------------------------------------- */

enum medium_end { MEDIUM_DONE, MEDIUM_FAILED, MEDIUM_STOPPED };

static sense_reason_t medium_reason(const struct target_medium_job *job, enum medium_end how)
{
	switch (how) {
	case MEDIUM_DONE:
		return TCM_NO_SENSE;
	case MEDIUM_FAILED:
		return job->why_failed;
	default:
		return job->why_stopped;
	}
}

/* Whoever gets the blocks then finds the new state. Return: false, as medium_step(). */
static bool medium_finish(struct target_medium_job *job, enum medium_end how)
{
	struct se_device *dev = job->dev;
	struct se_cmd *cmd = job->cmd;
	sense_reason_t why = medium_reason(job, how);

	if (how == MEDIUM_DONE)
		medium_set_state(dev, job->busy | job->mends, 0);
	else
		medium_set_state(dev, job->busy | TARGET_SANITIZE_EXIT, job->fails);
	if (!cmd)
		target_range_unlock(dev, &job->range);
	medium_free(job);
	if (cmd)
		target_cmd_done(cmd, why);
	else
		target_background_end(dev);
	return false;
}

/* --- the way ----------------------------------------------------------------------------- */

static void medium_granted(struct target_range *range)
{
	struct target_medium_job *job = container_of(range, struct target_medium_job, range);

	queue_work(target_submit_wq, &job->work);
}

/* The command ends, and gives its blocks back. Its job goes on when it has them again. */
static void medium_go_on_without(struct target_medium_job *job, sense_reason_t why)
{
	struct se_device *dev = job->dev;
	struct se_cmd *cmd = job->cmd;

	job->cmd = NULL;
	job->range = (struct target_range){
		.last = U64_MAX,
		.exclusive = true,
		.granted = medium_granted,
	};
	target_background_begin(dev);
	target_cmd_done(cmd, why);
	if (target_range_lock(dev, &job->range))
		queue_work(target_submit_wq, &job->work);
}

/* Its command is aborted, or what it came through goes. */
static bool medium_is_abandoned(const struct target_medium_job *job)
{
	const struct se_cmd *cmd = job->cmd;

	return cmd && (atomic_read(&cmd->state) & TARGET_CMD_ABORTED ||
		       percpu_ref_is_dying(&cmd->itl->ref) ||
		       percpu_ref_is_dying(&cmd->se_sess->cmd_ref));
}

static bool medium_shall_stop(const struct target_medium_job *job)
{
	if (target_background_stops(job->dev))
		return true;
	return !job->endures && (medium_is_abandoned(job) ||
				 atomic_long_read(&job->dev->num_resets) != job->resets);
}

static u8 medium_passes(const struct target_medium_job *job)
{
	return job->writes + job->unmap;
}

static void medium_invert(struct target_medium_job *job)
{
	u32 i;

	for (i = 0; i < 1U << job->dev->block_shift; i++)
		job->block[i] = ~job->block[i];
}

static void medium_next_pass(struct target_medium_job *job)
{
	job->next = 0;
	if (++job->pass < job->writes && job->invert)
		medium_invert(job);
}

static void medium_advance(struct target_medium_job *job, u32 blocks)
{
	struct se_device *dev = job->dev;

	job->next += blocks;
	WRITE_ONCE(dev->medium_progress,
		   target_sense_progress(job->pass * job->end + job->next,
					 medium_passes(job) * job->end));
}

static void medium_io_done(struct target_io *io, sense_reason_t why)
{
	struct target_medium_job *job = container_of(io, struct target_medium_job, io);

	job->why = why;
	if (atomic_dec_and_test(&job->busy_io))
		queue_work(target_submit_wq, &job->work);
}

/* Return: true if the transfer has ended already. */
static bool medium_submit(struct target_medium_job *job, int (*hook)(struct target_io *io))
{
	struct target_io *io = &job->io;

	io->dev = job->dev;
	io->err_lba = io->lba;
	io->done = medium_io_done;
	atomic_set(&job->busy_io, 2);
	if (WARN_ON_ONCE(hook(io))) {
		job->why = TCM_INTERNAL_TARGET_FAILURE;
		return true;
	}
	return atomic_dec_and_test(&job->busy_io);
}

static bool medium_flush(struct target_medium_job *job)
{
	job->flushed = true;
	if (!job->dev->transport->flush)
		return true;
	job->io = (struct target_io){ .dir = DMA_NONE };
	return medium_submit(job, job->dev->transport->flush);
}

/* How many blocks come next, and is there nothing to be done for them? */
static u32 medium_piece(struct target_medium_job *job, u32 chunk, bool *hole)
{
	struct se_device *dev = job->dev;
	u64 left = job->end - job->next;
	enum target_lba_status status;
	u32 blocks;

	*hole = false;
	if (!job->skip_holes || job->pass == job->writes)
		return min_t(u64, left, chunk);
	blocks = dev->transport->lba_status(dev, job->next,
					    min_t(u64, left, job->in_hole ? U32_MAX : chunk),
					    &status);
	*hole = status == TARGET_LBA_DEALLOCATED;
	job->in_hole = *hole;
	return *hole ? blocks : min(blocks, chunk);
}

static bool medium_start(struct target_medium_job *job)
{
	struct se_device *dev = job->dev;
	bool unmap = job->pass == job->writes, hole;
	u32 chunk = unmap ? target_unmap_chunk(dev) : MEDIUM_CHUNK >> dev->block_shift;
	u32 blocks = medium_piece(job, chunk, &hole);

	job->io = (struct target_io){
		.lba = job->next,
		.blocks = blocks,
		.dir = DMA_TO_DEVICE,
		.sg = unmap ? NULL : job->sg,
		.nents = unmap ? 0 : 1,
		/* A loss of power shall not bring back what was there. */
		.fua = true,
	};
	medium_advance(job, blocks);
	if (hole)
		return true;
	return medium_submit(job, unmap ? dev->transport->unmap : dev->transport->write_same);
}

/* Once, when nobody else has the blocks. */
static void medium_format(struct target_medium_job *job)
{
	struct se_device *dev = job->dev;

	guard(mutex)(&dev->lock);
	job->formats = false;
	if (target_pi_format(dev, job->prot_type))
		job->why = TCM_INTERNAL_TARGET_FAILURE;
}

/* The same. */
static void medium_rekey(struct target_medium_job *job)
{
	struct se_device *dev = job->dev;

	job->rekeys = false;
	if (dev->transport->crypto_erase(dev))
		job->why = TCM_INTERNAL_TARGET_FAILURE;
}

/* Return: shall the caller go on? Else someone will, or it is over and the job is gone. */
static bool medium_step(struct target_medium_job *job)
{
	if (job->formats)
		medium_format(job);
	if (job->rekeys)
		medium_rekey(job);
	if (job->why)
		return medium_finish(job, MEDIUM_FAILED);
	if (job->flushed)
		return medium_finish(job, MEDIUM_DONE);
	if (medium_shall_stop(job))
		return medium_finish(job, MEDIUM_STOPPED);
	if (medium_is_abandoned(job)) {
		medium_go_on_without(job, medium_fail_busy(job->cmd, job->busy));
		return false;
	}
	/* The medium may get smaller or larger meanwhile. */
	job->end = READ_ONCE(job->dev->blocks);
	if (job->next >= job->end)
		medium_next_pass(job);
	return job->pass < medium_passes(job) ? medium_start(job) : medium_flush(job);
}

static void medium_work(struct work_struct *work)
{
	struct target_medium_job *job = container_of(work, struct target_medium_job, work);
	unsigned int noio = memalloc_noio_save();

	while (medium_step(job))
		cond_resched();
	memalloc_noio_restore(noio);
}

sense_reason_t target_medium_begin(struct se_cmd *cmd, struct target_medium_job *job, bool immed)
{
	struct se_device *dev = job->dev;
	int other = medium_claim(job);

	if (other) {
		medium_free(job);
		return medium_fail_busy(cmd, other);
	}
	/* The last time the pattern is as it was given (SBC-5 4.11). */
	if (job->invert && !(job->writes & 1))
		medium_invert(job);
	job->cmd = cmd;
	job->resets = atomic_long_read(&dev->num_resets);
	job->end = READ_ONCE(dev->blocks);
	medium_advance(job, 0);
	target_selftest_abort(dev);
	if (immed)
		medium_go_on_without(job, TCM_NO_SENSE);
	else
		queue_work(target_submit_wq, &job->work);
	return TCM_NO_SENSE;
}
