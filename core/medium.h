/* SPDX-License-Identifier: GPL-2.0-only */
/* Operations on all of the medium that go on for long: FORMAT UNIT and SANITIZE. */
#ifndef TARGET_MEDIUM_H
#define TARGET_MEDIUM_H

#include <linux/scatterlist.h>
#include <target/target_core_base.h>
#include "sense.h"

/**
 * struct target_medium_job - what is done to all blocks
 * @busy: bit of se_device::power that is set while it runs
 * @mends: bits that are cleared when all is done
 * @fails: bits that are set when it ends before that
 * @why_failed: what becomes of its command when the backstore fails
 * @why_stopped: the same when it is stopped
 * @endures: neither task management nor a reset stops it: the command goes, it goes on
 * @writes: first, so many times all blocks are written with the pattern
 * @invert: between these its bits are inverted, so that the last time they are not
 * @skip_holes: blocks without space of their own are not written
 * @unmap: then all blocks are unmapped
 * @formats: before all that, the unit gets a protection type
 * @prot_type: that one
 * @rekeys: before all that, the key that the blocks are encrypted with is thrown away
 *
 * After that the write cache is flushed.
 */
struct target_medium_job {
	int			busy;
	int			mends;
	int			fails;
	sense_reason_t		why_failed;
	sense_reason_t		why_stopped;
	bool			endures;
	u8			writes;
	bool			invert;
	bool			skip_holes;
	bool			unmap;
	bool			formats;
	u8			prot_type;
	bool			rekeys;

	/* private: */
	struct se_device	*dev;
	struct se_cmd		*cmd;		/* that waits for it; NULL in the background */
	struct target_range	range;		/* all blocks, while there is no command */
	struct work_struct	work;
	struct target_io	io;
	u64			next;		/* block */
	u64			end;		/* of the medium, as of this step */
	u8			pass;
	bool			flushed;
	bool			in_hole;	/* the last blocks were skipped */
	long			resets;		/* of the unit, when it began */
	atomic_t		busy_io;	/* of a call: the caller, and the transfer */
	sense_reason_t		why;		/* how the last call ended */
	struct scatterlist	sg[1];
	u8			*block;		/* the pattern, as long as a block */
};

/* Can blocks be unmapped so that they read as zeros? */
bool target_medium_unmaps(const struct se_device *dev);

/**
 * target_medium_alloc - make a job
 * @dev: the logical unit
 * @pattern: @len bytes, repeated to fill a block
 * @len: at least 1, at most a block
 *
 * Context: process. Return: the job, or NULL without memory.
 */
struct target_medium_job *target_medium_alloc(struct se_device *dev, const u8 *pattern, u32 len);

/**
 * target_medium_begin - begin a job
 * @cmd: its command, which holds all blocks exclusively
 * @job: from target_medium_alloc(), filled in; not the caller's any more
 * @immed: the command ends at once, else when the job does
 *
 * Meanwhile all commands but a few are refused, see target_medium_gate(). A task
 * management function gets in between chunks; when the last LUN of the unit goes, the
 * job stops.
 *
 * Context: process. Return: as an execute function.
 */
sense_reason_t target_medium_begin(struct se_cmd *cmd, struct target_medium_job *job, bool immed);

/**
 * target_medium_gate - may a command run while, or after, the medium was worked on?
 * @cmd: with an I_T_L nexus
 * @state: se_device::power
 *
 * Context: any. Return: %TCM_NO_SENSE or why not.
 */
sense_reason_t target_medium_gate(struct se_cmd *cmd, int state);

/* EXIT FAILURE MODE: a sanitize operation may have failed and let it be left. Context: any. */
void target_medium_open(struct se_device *dev);

/* What REQUEST SENSE says of it, with the progress; false if there is nothing to say. */
bool target_medium_sense(struct target_sense *sense, const struct se_device *dev);

#endif /* TARGET_MEDIUM_H */
