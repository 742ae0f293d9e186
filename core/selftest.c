// SPDX-License-Identifier: GPL-2.0-only
/*
 * Self-tests (SPC-6 5.15).
 *
 * The one segment of a test reads the medium a chunk at a time: a short test some
 * chunks from the first to the last one, an extended test all of them.  As in
 * VERIFY, the end of each transfer queues the work that looks at it and starts the
 * next, and a test that shall end does so between chunks.
 */
#include <linux/jiffies.h>
#include <linux/sched/mm.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include <target/target_core_backend.h>
#include <target/target_core_fabric.h>
#include "background.h"
#include "cmd.h"
#include "power.h"
#include "selftest.h"

#define SELFTEST_CHUNK		SZ_128K
#define SELFTEST_SAMPLES	16	/* chunks of a short test */
#define SELFTEST_SHIFT		30	/* an estimate: bytes read in a second */
#define SELFTEST_RESULT_LEN	16	/* bytes of a log parameter's value */

/* SELF-TEST RESULTS */
enum selftest_result {
	SELFTEST_OK		= 0x0,
	SELFTEST_ABORTED	= 0x1,	/* by SEND DIAGNOSTIC */
	SELFTEST_ABORTED_OTHER	= 0x2,
	SELFTEST_BROKEN		= 0x3,	/* the test itself */
	SELFTEST_FAILED		= 0x5,	/* the first segment */
	SELFTEST_RUNS		= 0xf,
};

/**
 * struct target_selftest_job - a test that runs
 * @dev: the logical unit
 * @cmd: foreground: the command that waits for it; else NULL
 * @io: the transfer of a chunk
 * @work: takes a chunk that was read
 * @code: enum target_selftest_code
 * @abort: %SELFTEST_ABORTED or %SELFTEST_ABORTED_OTHER when it shall end, else 0
 * @next: number of the chunk to read
 * @chunks: how many there are to read
 * @why: how the read of the chunk ended
 * @sg: memory of a chunk
 * @nents: entries in @sg
 */
struct target_selftest_job {
	struct se_device	*dev;
	struct se_cmd		*cmd;
	struct target_io	io;
	struct work_struct	work;
	enum target_selftest_code code;
	u8			abort;
	u64			next;
	u64			chunks;
	sense_reason_t		why;
	struct scatterlist	*sg;
	unsigned int		nents;
};

static bool selftest_is_extended(enum target_selftest_code code)
{
	return code == TARGET_SELFTEST_BACKGROUND_EXTENDED ||
	       code == TARGET_SELFTEST_FOREGROUND_EXTENDED;
}

static bool selftest_is_background(enum target_selftest_code code)
{
	return code == TARGET_SELFTEST_BACKGROUND_SHORT ||
	       code == TARGET_SELFTEST_BACKGROUND_EXTENDED;
}

static u32 selftest_chunk(const struct se_device *dev)
{
	return SELFTEST_CHUNK >> dev->block_shift;
}

u16 target_selftest_seconds(const struct se_device *dev)
{
	u64 bytes = dev->blocks << dev->block_shift;

	return min_t(u64, (bytes >> SELFTEST_SHIFT) + 1, U16_MAX);
}

/* --- the log ----------------------------------------------------------------------------- */

static u16 selftest_hours(const struct se_device *dev)
{
	u64 hours = div_u64(get_jiffies_64() - dev->creation_time, HZ * 3600);

	return min_t(u64, hours, U16_MAX);
}

/* The default self-test is not logged. */
static void selftest_log(struct target_selftest_job *job, enum selftest_result result)
{
	struct target_selftest *st = &job->dev->selftest;
	struct target_selftest_result *r = &st->log[0];
	struct target_sense sense;

	if (job->code == TARGET_SELFTEST_DEFAULT)
		return;
	memmove(r + 1, r, sizeof(st->log) - sizeof(*r));
	*r = (struct target_selftest_result){
		.valid = true,
		.code = job->code << 5 | result,
		.hours = selftest_hours(job->dev),
		.lba = U64_MAX,
	};
	if (result != SELFTEST_FAILED)
		return;
	target_sense_init(&sense, job->why);
	r->lba = job->io.err_lba;
	r->key = sense.key;
	r->asc = sense.asc;
	r->ascq = sense.ascq;
}

/* SPC-6 7.3.19; what has not happened yet is all zeros */
void target_selftest_build(struct target_buf *b, const struct se_device *dev, unsigned int number)
{
	const struct target_selftest *st = &dev->selftest;
	bool runs = st->job && st->job->code != TARGET_SELFTEST_DEFAULT;
	struct target_selftest_result r;

	lockdep_assert_held(&dev->lock);
	if (runs && number == 1)
		r = (struct target_selftest_result){
			.valid = true,
			.code = st->job->code << 5 | SELFTEST_RUNS,
			.hours = selftest_hours(dev),
			.lba = U64_MAX,
		};
	else
		r = st->log[number - 1 - runs];
	if (!r.valid) {
		target_buf_zero(b, SELFTEST_RESULT_LEN);
		return;
	}
	target_buf_u8(b, r.code);
	target_buf_u8(b, 0);	/* SELF-TEST NUMBER: there is one segment */
	target_buf_be16(b, r.hours);
	target_buf_be64(b, r.lba);
	target_buf_u8(b, r.key);
	target_buf_u8(b, r.asc);
	target_buf_u8(b, r.ascq);
	target_buf_u8(b, 0);
}

/* --- a test ------------------------------------------------------------------------------ */

static void selftest_free(struct target_selftest_job *job)
{
	target_free_sgl(job->sg, job->nents);
	kfree(job);
}

static sense_reason_t selftest_status(enum selftest_result result)
{
	return result == SELFTEST_FAILED || result == SELFTEST_BROKEN ?
	       TCM_SELF_TEST_FAILED : TCM_NO_SENSE;
}

/* Process context: it is over. */
static void selftest_finish(struct target_selftest_job *job, enum selftest_result result)
{
	struct se_device *dev = job->dev;
	struct se_cmd *cmd = job->cmd;

	scoped_guard(mutex, &dev->lock) {
		selftest_log(job, result);
		dev->selftest.job = NULL;
		if (cmd)
			target_power_release(dev, TARGET_BUSY_SELF_TEST);
	}
	selftest_free(job);
	if (cmd)
		target_cmd_done(cmd, selftest_status(result));
	else
		target_background_end(dev);
}

static void selftest_read_done(struct target_io *io, sense_reason_t why)
{
	struct target_selftest_job *job = container_of(io, struct target_selftest_job, io);

	job->why = why;
	queue_work(target_submit_wq, &job->work);
}

/* Samples are spread from the first chunk to one that ends with the medium. */
static u64 selftest_lba(const struct target_selftest_job *job, u64 blocks)
{
	u32 chunk = selftest_chunk(job->dev);

	if (selftest_is_extended(job->code) || blocks <= chunk || job->chunks < 2)
		return job->next * chunk;
	blocks -= chunk;
	return job->next < job->chunks - 1 ? div_u64(blocks, job->chunks - 1) * job->next : blocks;
}

/* What wants the test to end, if anything does. */
static enum selftest_result selftest_aborted(const struct target_selftest_job *job)
{
	if (READ_ONCE(job->abort))
		return job->abort;
	if (job->cmd && atomic_read(&job->cmd->state) & TARGET_CMD_ABORTED)
		return SELFTEST_ABORTED_OTHER;
	return target_background_stops(job->dev) ? SELFTEST_ABORTED_OTHER : SELFTEST_OK;
}

/* Read the next chunk, or end. */
static void selftest_next(struct target_selftest_job *job)
{
	struct se_device *dev = job->dev;
	struct target_io *io = &job->io;
	enum selftest_result aborted = selftest_aborted(job);
	u64 blocks = READ_ONCE(dev->blocks), lba = selftest_lba(job, blocks);

	/* Once there were more blocks than there are, it may be over early. */
	if (aborted || job->next == job->chunks || lba >= blocks) {
		selftest_finish(job, aborted);
		return;
	}
	*io = (struct target_io){
		.dev = dev,
		.lba = lba,
		.blocks = min_t(u64, selftest_chunk(dev), blocks - lba),
		.dir = DMA_FROM_DEVICE,
		.sg = job->sg,
		.nents = job->nents,
		.err_lba = lba,
		.done = selftest_read_done,
	};
	if (WARN_ON_ONCE(dev->transport->execute_rw(io)))
		selftest_finish(job, SELFTEST_BROKEN);
}

static void selftest_work(struct work_struct *work)
{
	struct target_selftest_job *job = container_of(work, struct target_selftest_job, work);
	unsigned int noio = memalloc_noio_save();

	if (job->why) {
		selftest_finish(job, SELFTEST_FAILED);
	} else {
		WRITE_ONCE(job->next, job->next + 1);
		selftest_next(job);
	}
	memalloc_noio_restore(noio);
}

static struct target_selftest_job *selftest_alloc(struct se_device *dev,
						  enum target_selftest_code code)
{
	u64 chunks = DIV_ROUND_UP_ULL(dev->blocks, selftest_chunk(dev));
	struct target_selftest_job *job = kzalloc(sizeof(*job), GFP_KERNEL);

	if (!job)
		return NULL;
	if (target_alloc_sgl(&job->sg, &job->nents, SELFTEST_CHUNK, false, false)) {
		kfree(job);
		return NULL;
	}
	job->dev = dev;
	job->code = code;
	job->chunks = selftest_is_extended(code) ? chunks : min_t(u64, chunks, SELFTEST_SAMPLES);
	INIT_WORK(&job->work, selftest_work);
	return job;
}

/* Only one at a time. */
static bool selftest_claim(struct target_selftest_job *job)
{
	struct se_device *dev = job->dev;

	guard(mutex)(&dev->lock);
	if (dev->selftest.job)
		return false;
	dev->selftest.job = job;
	if (job->cmd)
		target_power_hold(dev, TARGET_BUSY_SELF_TEST);
	return true;
}

static sense_reason_t selftest_begin(struct se_cmd *cmd, enum target_selftest_code code)
{
	struct se_device *dev = cmd->se_dev;
	bool background = selftest_is_background(code);
	struct target_selftest_job *job = selftest_alloc(dev, code);

	if (!job)
		return TCM_OUT_OF_RESOURCES;
	if (!background)
		job->cmd = cmd;
	if (!selftest_claim(job)) {
		selftest_free(job);
		return TCM_SELF_TEST_IN_PROGRESS;
	}
	if (background) {
		target_background_begin(dev);
		target_cmd_done(cmd, TCM_NO_SENSE);
	}
	selftest_next(job);
	return TCM_NO_SENSE;
}

/* Return: was there a background self-test to abort? */
static bool selftest_cancel(struct se_device *dev, enum selftest_result why)
{
	struct target_selftest_job *job;

	guard(mutex)(&dev->lock);
	job = dev->selftest.job;
	if (!job || job->cmd)
		return false;
	WRITE_ONCE(job->abort, why);
	return true;
}

void target_selftest_abort(struct se_device *dev)
{
	if (READ_ONCE(dev->selftest.job))
		selftest_cancel(dev, SELFTEST_ABORTED_OTHER);
}

sense_reason_t target_selftest_execute(struct se_cmd *cmd, enum target_selftest_code code)
{
	if (code != TARGET_SELFTEST_ABORT)
		return selftest_begin(cmd, code);
	/* There must be one that can be aborted. */
	if (!selftest_cancel(cmd->se_dev, SELFTEST_ABORTED))
		return target_fail_cdb_field(cmd, 1, 7);
	target_cmd_done(cmd, TCM_NO_SENSE);
	return TCM_NO_SENSE;
}

bool target_selftest_sense(struct target_sense *sense, struct se_device *dev)
{
	struct target_selftest_job *job;

	if (!READ_ONCE(dev->selftest.job))
		return false;
	guard(mutex)(&dev->lock);
	job = dev->selftest.job;
	if (!job)
		return false;
	target_sense_init(sense, TCM_SELF_TEST_IN_PROGRESS);
	target_sense_set_progress(sense, READ_ONCE(job->next), job->chunks);
	return true;
}
