// SPDX-License-Identifier: GPL-2.0-only
/*
 * Moving data from one logical unit to another, a piece at a time.
 *
 * A piece is read into memory and written from there; the end of each transfer queues
 * the work that goes on, so no context waits.  Like a READ and like a WRITE, each holds
 * its blocks shared (core/range.c) while it lasts, and never both: who waits for the
 * one does not hold the other.  What wants a copy to end is looked at between pieces,
 * and what may stand in the way of a transfer again when it has its blocks.
 */
#include <linux/scatterlist.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>
#include <target/target_core_backend.h>
#include "cmd.h"
#include "copy.h"
#include "range.h"
#include "rod.h"
#include "sbc.h"

static void copy_next(struct target_copy *copy);

static struct target_copy_extent *copy_extent(const struct target_copy *copy)
{
	return &copy->extents[copy->next];
}

/* --- how it ends ------------------------------------------------------------------------- */

void target_copy_fault_sense(struct target_sense *sense, const struct target_copy_fault *fault)
{
	struct target_sense of;

	if (!fault->valid)
		return;
	sense->csi_valid = true;
	sense->csi = fault->segment;
	sense->info_valid = fault->info_valid;
	sense->info = fault->info;
	/* SD is zero: it points into the parameter list. */
	if (fault->field) {
		sense->sksv = true;
		put_unaligned_be16(fault->field, sense->sks + 1);
	}
	if (!fault->of)
		return;
	sense->from = fault->of;
	sense->from_status = target_sense_status(fault->why);
	target_sense_init(&of, fault->why);
	target_sense_build(&of, false, sense->forwarded, sizeof(sense->forwarded));
}

sense_reason_t target_copy_blame(struct target_copy *copy, u16 segment, u16 field,
				 sense_reason_t why)
{
	copy->fault = (struct target_copy_fault){
		.valid = true, .segment = segment, .field = field,
	};
	return why;
}

sense_reason_t target_copy_fail(struct target_copy *copy, u16 segment, u8 of, u16 field,
				sense_reason_t why)
{
	target_copy_blame(copy, segment, field, why);
	copy->fault.of = of;
	copy->fault.why = why;
	/* The segment is wrong; all else is a failure of the device (SPC-6 5.18.7.4). */
	return why == TCM_ADDRESS_OUT_OF_RANGE ? TCM_COPY_ABORTED :
						 TCM_THIRD_PARTY_DEVICE_FAILURE;
}

/* An end of the piece has failed, or would. */
static sense_reason_t copy_fail_piece(struct target_copy *copy, u8 of, sense_reason_t why)
{
	const struct target_copy_extent *e = copy_extent(copy);
	u16 field = of == TARGET_FAULT_SOURCE ? e->from_at : e->to_at;

	why = target_copy_fail(copy, e->segment, of, field, why);
	copy->fault.info_valid = copy->moved;
	copy->fault.info = (e->bytes - copy->moved) >> e->to->dev->block_shift;
	return why;
}

static void copy_set_sense(struct target_copy *copy, sense_reason_t why)
{
	struct target_sense sense;

	if (!why || target_sense_status(why) != SAM_STAT_CHECK_CONDITION)
		return;
	target_sense_init(&sense, why);
	target_copy_fault_sense(&sense, &copy->fault);
	copy->sense_len = target_sense_build(&sense, target_sense_is_desc(copy->itl->dev),
					     copy->sense, sizeof(copy->sense));
}

/* What it has used is given back. */
static void copy_free_means(struct target_copy *copy)
{
	u32 i;

	target_free_sgl(copy->sg, copy->nents);
	copy->sg = NULL;
	for (i = 0; i < copy->end_count; i++)
		if (copy->ends[i])
			target_itl_put(copy->ends[i]);
	kfree(copy->ends);
	copy->ends = NULL;
	kvfree(copy->extents);
	copy->extents = NULL;
}

static u8 copy_status_of(const struct target_copy *copy, sense_reason_t why)
{
	if (why == TCM_COPY_CLEARED)
		return TARGET_COPY_TERMINATED;
	if (why)
		return TARGET_COPY_FAILED;
	return copy->bytes_done < copy->bytes_asked ? TARGET_COPY_PARTIAL : TARGET_COPY_GOOD;
}

void target_copy_end(struct target_copy *copy, sense_reason_t why)
{
	struct target_itl *itl = copy->itl;
	struct se_cmd *cmd = copy->cmd, *aborter, *tmp;
	LIST_HEAD(aborters);

	if (copy->delete_rod && copy->rod)
		target_rod_delete(copy->ends[0]->dev, copy->rod);
	copy_free_means(copy);
	copy_set_sense(copy, why);
	copy->cmd = NULL;
	target_copy_set_end(copy, copy_status_of(copy, why), &aborters);
	if (cmd) {
		cmd->fault = &copy->fault;
		target_cmd_done(cmd, why);
	}
	list_for_each_entry_safe(aborter, tmp, &aborters, blocked) {
		list_del_init(&aborter->blocked);
		target_cmd_done(aborter, TCM_NO_SENSE);
	}
	target_copy_put(copy);
	target_itl_put(itl);
}

/* Shall it end? Someone wants it to, or one of the nexuses is going. */
static sense_reason_t copy_stops(struct target_copy *copy)
{
	u32 i;

	if (READ_ONCE(copy->abort) || percpu_ref_is_dying(&copy->itl->ref))
		return TCM_COPY_CLEARED;
	if (copy->cmd && atomic_read(&copy->cmd->state) & TARGET_CMD_ABORTED)
		return TCM_COPY_CLEARED;
	if (copy->next == copy->extent_count)
		return TCM_NO_SENSE;
	for (i = 0; i < copy->end_count; i++)
		if (copy->ends[i] && percpu_ref_is_dying(&copy->ends[i]->ref))
			return target_copy_blame(copy, copy_extent(copy)->segment, 0,
						 TCM_COPY_TARGET_DEVICE_NOT_REACHABLE);
	if (copy->rod && target_rod_state(copy->rod))
		return target_rod_state(copy->rod);
	return TCM_NO_SENSE;
}

/* --- what stands in its way -------------------------------------------------------------- */

static sense_reason_t copy_check_source(struct target_copy *copy)
{
	const struct target_copy_extent *e = copy_extent(copy);
	sense_reason_t why = TCM_NO_SENSE;

	if (e->from)
		why = target_cscd_check(e->from, e->from_byte + copy->moved, copy->piece, false);
	return why ? copy_fail_piece(copy, TARGET_FAULT_SOURCE, why) : TCM_NO_SENSE;
}

static sense_reason_t copy_check_dest(struct target_copy *copy)
{
	const struct target_copy_extent *e = copy_extent(copy);
	sense_reason_t why = target_cscd_check(e->to, e->to_byte + copy->moved, copy->piece, true);

	return why ? copy_fail_piece(copy, TARGET_FAULT_DEST, why) : TCM_NO_SENSE;
}

/* Both ends may have changed since the last piece. */
static sense_reason_t copy_check_piece(struct target_copy *copy)
{
	return copy_check_source(copy) ?: copy_check_dest(copy);
}

/* It has its blocks: meanwhile others may have had them, and the source has been read. */
static bool copy_gives_up(struct target_copy *copy, struct se_device *dev, sense_reason_t why)
{
	if (likely(!why))
		return false;
	target_range_unlock(dev, &copy->range);
	target_copy_end(copy, why);
	return true;
}

/* --- a piece ----------------------------------------------------------------------------- */

static void copy_work(struct work_struct *work)
{
	struct target_copy *copy = container_of(work, struct target_copy, work);
	unsigned int noio = memalloc_noio_save();

	copy->step(copy);
	memalloc_noio_restore(noio);
}

static void copy_granted(struct target_range *range)
{
	queue_work(target_submit_wq, &container_of(range, struct target_copy, range)->work);
}

/* Go on with @step when nobody has the blocks exclusively. */
static void copy_lock(struct target_copy *copy, struct se_device *dev, u64 first, u64 last,
		      void (*step)(struct target_copy *copy))
{
	copy->range = (struct target_range){
		.first = first,
		.last = last,
		.granted = copy_granted,
	};
	copy->step = step;
	if (target_range_lock(dev, &copy->range))
		step(copy);
}

/* The same for the piece that begins at a byte. */
static void copy_lock_piece(struct target_copy *copy, struct se_device *dev, u64 byte,
			    void (*step)(struct target_copy *copy))
{
	copy_lock(copy, dev, byte >> dev->block_shift,
		  (byte + copy->piece - 1) >> dev->block_shift, step);
}

/* Another context takes over, with the next step. */
static void copy_transfer_done(struct target_io *io, sense_reason_t why)
{
	struct target_copy *copy = container_of(io, struct target_copy, io);

	copy->why = why;
	queue_work(target_submit_wq, &copy->work);
}

static void copy_transfer(struct target_copy *copy, int (*hook)(struct target_io *io),
			  struct se_device *dev, u64 byte, enum dma_data_direction dir,
			  void (*step)(struct target_copy *copy))
{
	copy->io = (struct target_io){
		.dev = dev,
		.lba = byte >> dev->block_shift,
		.blocks = copy->piece >> dev->block_shift,
		.dir = dir,
		.sg = copy->sg,
		.nents = copy->nents,
		.err_lba = byte >> dev->block_shift,
		.done = copy_transfer_done,
	};
	copy->step = step;
	if (WARN_ON_ONCE(hook(&copy->io)))
		copy_transfer_done(&copy->io, TCM_INTERNAL_TARGET_FAILURE);
}

static void copy_take_written(struct target_copy *copy)
{
	struct target_copy_extent *e = copy_extent(copy);

	target_range_unlock(e->to->dev, &copy->range);
	if (copy->why) {
		target_copy_end(copy, copy_fail_piece(copy, TARGET_FAULT_DEST, copy->why));
		return;
	}
	WRITE_ONCE(copy->counter, copy->counter + 1);
	WRITE_ONCE(copy->bytes_done, copy->bytes_done + copy->piece);
	copy->moved += copy->piece;
	if (copy->moved == e->bytes) {
		copy->next++;
		copy->moved = 0;
	}
	copy_next(copy);
}

/* Zeros need no space on a unit that gives it back. */
static bool copy_can_unmap(const struct se_device *dev)
{
	return dev->transport->unmap && dev->limits.unmap_zeroes && target_sbc_thin(dev);
}

/* Its blocks are locked, so no READ sees it half done that must not. */
static void copy_write(struct target_copy *copy)
{
	const struct target_copy_extent *e = copy_extent(copy);
	struct se_device *dev = e->to->dev;

	if (copy_gives_up(copy, dev, copy_check_dest(copy)))
		return;
	target_rods_written(dev, copy->range.first, copy->range.last);
	copy_transfer(copy, !e->from && copy_can_unmap(dev) ? dev->transport->unmap :
							      dev->transport->execute_rw,
		      dev, e->to_byte + copy->moved, DMA_TO_DEVICE, copy_take_written);
}

static void copy_begin_write(struct target_copy *copy)
{
	const struct target_copy_extent *e = copy_extent(copy);

	copy_lock_piece(copy, e->to->dev, e->to_byte + copy->moved, copy_write);
}

/* What was read is what the token represents if nothing was written before it was read. */
static void copy_take_read(struct target_copy *copy)
{
	sense_reason_t why;

	target_range_unlock(copy_extent(copy)->from->dev, &copy->range);
	WRITE_ONCE(copy->counter, copy->counter + 1);
	if (copy->why) {
		target_copy_end(copy, copy_fail_piece(copy, TARGET_FAULT_SOURCE, copy->why));
		return;
	}
	why = copy_stops(copy);
	if (why)
		target_copy_end(copy, why);
	else
		copy_begin_write(copy);
}

static void copy_read(struct target_copy *copy)
{
	const struct target_copy_extent *e = copy_extent(copy);

	if (copy_gives_up(copy, e->from->dev, copy_check_source(copy)))
		return;
	copy_transfer(copy, e->from->dev->transport->execute_rw, e->from->dev,
		      e->from_byte + copy->moved, DMA_FROM_DEVICE, copy_take_read);
}

/* --- a piece that the backstore copies by itself ----------------------------------------- */

/*
 * Within one unit, so that one range covers both ends. Not for a token: it could not be
 * told whether what was read is what the token represents.
 */
static bool copy_can_offload(const struct target_copy *copy)
{
	const struct target_copy_extent *e = copy_extent(copy);
	u64 distance;

	if (!e->from || e->from->dev != e->to->dev || copy->rod)
		return false;
	distance = e->from_byte > e->to_byte ? e->from_byte - e->to_byte :
					       e->to_byte - e->from_byte;
	return e->to->dev->transport->copy && distance >= copy->piece;
}

static void copy_offload(struct target_copy *copy)
{
	const struct target_copy_extent *e = copy_extent(copy);
	struct se_device *dev = e->to->dev;
	u64 from = (e->from_byte + copy->moved) >> dev->block_shift;
	u64 to = (e->to_byte + copy->moved) >> dev->block_shift;

	if (copy_gives_up(copy, dev, copy_check_piece(copy)))
		return;
	copy->io = (struct target_io){
		.dev = dev,
		.lba = to,
		.blocks = copy->piece >> dev->block_shift,
		.dir = DMA_TO_DEVICE,
		.err_lba = to,
		.done = copy_transfer_done,
	};
	target_rods_written(dev, to, to + copy->io.blocks - 1);
	copy->step = copy_take_written;
	if (WARN_ON_ONCE(dev->transport->copy(&copy->io, from)))
		copy_transfer_done(&copy->io, TCM_INTERNAL_TARGET_FAILURE);
}

/* What lies between the two is locked as well: shared, so only few have to wait. */
static void copy_begin_offload(struct target_copy *copy)
{
	const struct target_copy_extent *e = copy_extent(copy);
	u32 shift = e->to->dev->block_shift;
	u64 first = min(e->from_byte, e->to_byte) + copy->moved;
	u64 last = max(e->from_byte, e->to_byte) + copy->moved + copy->piece - 1;

	copy_lock(copy, e->to->dev, first >> shift, last >> shift, copy_offload);
}

/* --- piece by piece ---------------------------------------------------------------------- */

/* What one transfer takes, in bytes: a multiple of any block, but for the smallest limits. */
static u32 copy_max_piece(const struct se_device *dev)
{
	u32 max = dev->dev_attrib.hw_max_sectors;

	if (!max || max >= TARGET_COPY_PIECE >> dev->block_shift)
		return TARGET_COPY_PIECE;
	return max_t(u32, round_down(max << dev->block_shift, SZ_4K), SZ_4K);
}

static void copy_set_piece(struct target_copy *copy)
{
	const struct target_copy_extent *e = copy_extent(copy);
	u32 max = copy_max_piece(e->to->dev);

	if (e->from)
		max = min(max, copy_max_piece(e->from->dev));
	copy->piece = min_t(u64, e->bytes - copy->moved, max);
}

/* Segments without data count, but there is nothing to be done for them. */
static void copy_skip_empty(struct target_copy *copy)
{
	while (copy->next < copy->extent_count && !copy_extent(copy)->bytes)
		copy->next++;
	if (copy->segment_count)
		WRITE_ONCE(copy->segments_done,
			   copy->next < copy->extent_count ? copy_extent(copy)->segment + 1 :
							     copy->segment_count);
}

static void copy_next(struct target_copy *copy)
{
	const struct target_copy_extent *e;
	sense_reason_t why;

	copy_skip_empty(copy);
	why = copy_stops(copy);
	if (!why && copy->next < copy->extent_count) {
		copy_set_piece(copy);
		why = copy_check_piece(copy);
	}
	if (why || copy->next == copy->extent_count) {
		target_copy_end(copy, why);
		return;
	}
	e = copy_extent(copy);
	if (copy_can_offload(copy))
		copy_begin_offload(copy);
	else if (e->from)
		copy_lock_piece(copy, e->from->dev, e->from_byte + copy->moved, copy_read);
	else
		copy_begin_write(copy);
}

/* Memory of the largest piece; zeros if there is nothing to read. */
static bool copy_alloc(struct target_copy *copy)
{
	bool zeros = copy->extent_count && !copy->extents[0].from;
	u64 bytes = 0;
	u32 i;

	for (i = 0; i < copy->extent_count; i++)
		bytes = max(bytes, copy->extents[i].bytes);
	if (!bytes)
		return true;
	return !target_alloc_sgl(&copy->sg, &copy->nents, min_t(u64, bytes, TARGET_COPY_PIECE),
				 zeros, false);
}

void target_copy_run(struct target_copy *copy)
{
	INIT_WORK(&copy->work, copy_work);
	if (!copy_alloc(copy)) {
		target_copy_end(copy, TCM_OUT_OF_RESOURCES);
		return;
	}
	/* Whoever submitted it may have others to submit. */
	copy->step = copy_next;
	queue_work(target_submit_wq, &copy->work);
}
