/* SPDX-License-Identifier: GPL-2.0-only */
/* A hook of the backstore over extents of blocks, a chunk at a time. */
#ifndef TARGET_EXTENT_H
#define TARGET_EXTENT_H

#include <linux/atomic.h>
#include <linux/scatterlist.h>
#include <target/target_core_base.h>

/* Consecutive logical blocks. */
struct target_extent {
	u64	lba;
	u32	blocks;
};

/**
 * struct target_extent_job - extents that a hook is called for; se_cmd::scratch
 * @hook: the backstore's: unmap or write_same
 * @sg: what each call gets as io->sg, NULL for nothing
 * @nents: entries in @sg
 * @chunk: blocks that a call gets at most
 * @extents: @count of them, none of them empty
 * @count: see @extents
 * @zero: see target_extent_zero()
 */
struct target_extent_job {
	int			(*hook)(struct target_io *io);
	struct scatterlist	*sg;
	unsigned int		nents;
	u32			chunk;
	struct target_extent	*extents;
	u32			count;
	struct scatterlist	zero[1];

	/* private: */
	struct se_cmd		*cmd;
	struct work_struct	work;
	u32			next;		/* of extents */
	u32			done;		/* blocks of that one that have been started */
	atomic_t		busy;		/* of a call: the caller, and the transfer */
	sense_reason_t		why;		/* how the last call ended */
};

/**
 * target_extent_alloc - make a command's job
 * @cmd: EXECUTING, and without scratch
 * @count: room for as many extents
 *
 * What target_extent_run() is not called for goes with the command, but for the
 * extents: target_extent_free().
 * Context: process. Return: the job, or NULL without memory.
 */
struct target_extent_job *target_extent_alloc(struct se_cmd *cmd, u32 count);
void target_extent_free(struct target_extent_job *job);

/* Let @sg be a block of zeros. */
void target_extent_zero(struct target_extent_job *job);

/**
 * target_extent_run - do a job and complete its command
 * @job: filled in; the caller's no longer, as is the command
 *
 * The first chunk begins in the caller's context; nobody waits for a chunk, and a
 * task management function gets in between chunks.
 * Context: process, under memalloc_noio_save().
 */
void target_extent_run(struct target_extent_job *job);

#endif /* TARGET_EXTENT_H */
