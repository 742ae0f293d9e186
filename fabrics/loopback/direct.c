// SPDX-License-Identifier: GPL-2.0-only
/*
 * Commands that enter the core where queuecommand is called.
 *
 * That saves the two switches to the queue's thread and back, which cost more than the
 * core itself.  submit_type 1 asks for it.  Otherwise a single read or write goes this
 * way if its backstore only hands it over to someone else.  What comes as a batch does
 * not: the thread does that with one switch, and the block layer below gets it as one.
 *
 * Below may be a block device, and then this is submit_bio() inside of submit_bio():
 *
 * - bio_list: what is submitted inside would wait on the caller's list until he is
 *   through.  But he may wait before that, for a tag of the disk above, which comes
 *   back when this very command ends.  So it is put out of sight, and what is
 *   submitted inside starts at once.
 * - plug: a request from inside does not belong among those that the caller is just
 *   sending.  It is put out of sight, too, but only when it is empty: requests that
 *   nobody sends while this sleeps may be those it waits for.
 * - stack: what bio_list spares it is spent here.  So at least half must be left,
 *   which also ends the descent through disks on disks on disks.
 * - workers: one of them may be the rescuer of its workqueue, whose help is awaited
 *   below.  The same is true of who frees memory.
 */
#include <linux/sched/mm.h>
#include <linux/sched/task_stack.h>
#include <linux/sizes.h>
#include <compat/compat_block.h>
#include "loop.h"

#define LOOP_DIRECT_MAX	SZ_64K	/* more than that takes its time even to hand over */

static bool loop_direct_has_stack(void)
{
	unsigned long here = (unsigned long)__builtin_frame_address(0);
	unsigned long end = (unsigned long)end_of_stack(current);

	return max(here, end) - min(here, end) >= THREAD_SIZE / 2;
}

/* Is the caller in a position to sleep, for a moment, inside of another submit_bio()? */
static bool loop_direct_may_block(const struct Scsi_Host *shost)
{
	const struct blk_plug *plug;

	if (!scsi_host_may_block(shost) || current->flags & (PF_WQ_WORKER | PF_MEMALLOC))
		return false;
	plug = current->plug;
	if (plug && (blk_plug_has_requests(plug) || !list_empty(&plug->cb_list)))
		return false;
	return loop_direct_has_stack();
}

/* A read or write of the disk's own driver, not larger than most. */
static bool loop_direct_is_short(struct scsi_cmnd *sc)
{
	enum req_op op = req_op(scsi_cmd_to_rq(sc));

	return (op == REQ_OP_READ || op == REQ_OP_WRITE) &&
	       scsi_bufflen(sc) <= LOOP_DIRECT_MAX && scsi_get_prot_op(sc) == SCSI_PROT_NORMAL;
}

static void loop_direct_submit_inside(struct loop_cmd *cmd)
{
	struct bio_list *bio_list = current->bio_list;
	unsigned int noio = memalloc_noio_save();
	struct blk_plug *plug = current->plug;

	current->bio_list = NULL;
	/* Or a switch of tasks would look for its time stamp. */
	blk_plug_invalidate_ts();
	current->plug = NULL;
	loop_cmd_submit(cmd, TARGET_SCF_NOWAIT | TARGET_SCF_MAY_BLOCK, GFP_NOWAIT | __GFP_NOWARN);
	current->plug = plug;
	current->bio_list = bio_list;
	memalloc_noio_restore(noio);
}

bool loop_direct_submit(struct loop_cmd *cmd, const struct loop_queue *queue)
{
	struct scsi_cmnd *sc = cmd->sc;
	const struct se_device *dev = loop_disk_device(sc->device->hostdata);
	bool inside;

	if (unlikely(!dev))
		return false;
	/* Who does the work himself has no use for it. */
	inside = READ_ONCE(dev->hands_over) && loop_direct_may_block(sc->device->host);
	switch (READ_ONCE(dev->dev_attrib.submit_type)) {
	case TARGET_FABRIC_DEFAULT_SUBMIT:
		/* Whoever waits in the queue was there before. */
		if (!inside || !(sc->flags & SCMD_LAST) || !loop_queue_is_idle(queue) ||
		    !loop_direct_is_short(sc))
			return false;
		break;
	case TARGET_DIRECT_SUBMIT:
		break;
	default:
		return false;
	}
	if (inside)
		loop_direct_submit_inside(cmd);
	else
		loop_cmd_submit(cmd, TARGET_SCF_NOWAIT, GFP_NOWAIT | __GFP_NOWARN);
	return true;
}
