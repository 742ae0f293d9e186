// SPDX-License-Identifier: GPL-2.0-only
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>
#include "cmd.h"
#include "extent.h"
#include "sbc.h"

static void extent_work(struct work_struct *work);

struct target_extent_job *target_extent_alloc(struct se_cmd *cmd, u32 count)
{
	struct target_extent_job *job = kzalloc(sizeof(*job), GFP_KERNEL);

	if (!job)
		return NULL;
	cmd->scratch = job;
	job->cmd = cmd;
	INIT_WORK(&job->work, extent_work);
	job->extents = kvcalloc(count, sizeof(*job->extents), GFP_KERNEL);
	return job->extents ? job : NULL;
}

void target_extent_free(struct target_extent_job *job)
{
	kvfree(job->extents);
	job->extents = NULL;
}

void target_extent_zero(struct target_extent_job *job)
{
	sg_init_table(job->zero, 1);
	sg_set_page(job->zero, ZERO_PAGE(0), 1U << job->cmd->se_dev->block_shift, 0);
	job->sg = job->zero;
	job->nents = 1;
}

static void extent_finish(struct target_extent_job *job, sense_reason_t why)
{
	struct se_cmd *cmd = job->cmd;

	if (why)
		target_sbc_set_info(cmd, why);
	target_extent_free(job);
	target_cmd_done(cmd, why);
}

/* The call and the transfer have both ended for who comes last, and that one goes on. */
static bool extent_is_last(struct target_extent_job *job)
{
	return atomic_dec_and_test(&job->busy);
}

static void extent_done(struct target_io *io, sense_reason_t why)
{
	struct se_cmd *cmd = container_of(io, struct se_cmd, io);
	struct target_extent_job *job = cmd->scratch;

	job->why = why;
	if (extent_is_last(job))
		queue_work(target_submit_wq, &job->work);
}

/* Start the next chunk. Return: true if it has ended already. */
static bool extent_start(struct target_extent_job *job)
{
	const struct target_extent *extent = &job->extents[job->next];
	struct target_io *io = &job->cmd->io;

	*io = (struct target_io){
		.dev = job->cmd->se_dev,
		.lba = extent->lba + job->done,
		.blocks = min(extent->blocks - job->done, job->chunk),
		.dir = DMA_TO_DEVICE,
		.sg = job->sg,
		.nents = job->nents,
		.done = extent_done,
	};
	io->err_lba = io->lba;
	job->done += io->blocks;
	if (job->done == extent->blocks) {
		job->next++;
		job->done = 0;
	}
	atomic_set(&job->busy, 2);
	if (WARN_ON_ONCE(job->hook(io))) {
		job->why = TCM_INTERNAL_TARGET_FAILURE;
		return true;
	}
	return extent_is_last(job);
}

static bool extent_is_over(const struct target_extent_job *job)
{
	return job->why || job->next == job->count ||
	       atomic_read(&job->cmd->state) & TARGET_CMD_ABORTED;
}

static void extent_work(struct work_struct *work)
{
	struct target_extent_job *job = container_of(work, struct target_extent_job, work);
	unsigned int noio = memalloc_noio_save();

	for (;;) {
		if (extent_is_over(job)) {
			extent_finish(job, job->why);
			break;
		}
		if (!extent_start(job))
			break;
		cond_resched();
	}
	memalloc_noio_restore(noio);
}

void target_extent_run(struct target_extent_job *job)
{
	if (job->count && !extent_start(job))
		return;
	/* Whoever submitted it may have others to submit. */
	if (extent_is_over(job))
		extent_finish(job, job->why);
	else
		queue_work(target_submit_wq, &job->work);
}
