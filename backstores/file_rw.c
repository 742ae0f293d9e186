// SPDX-License-Identifier: GPL-2.0-only
/*
 * READ and WRITE of a file.
 *
 * Past the page cache a transfer is a kiocb on the initiator's own memory, started in
 * the submitter's context and ended in that of the disk below. Through the page cache
 * it may make its caller wait: then it runs on the device's workqueue, but for reads
 * that the cache can answer at once.
 *
 * A call may move less than it was asked for; the rest is asked for again, from process
 * context, until it is done or an error says why not. Nothing is allocated that a
 * transfer cannot do without but from a mempool.
 */
#include <linux/blkdev.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>
#include <linux/uio.h>
#include "file.h"

/* --- memory ------------------------------------------------------------------------------ */

void fileio_rw_advance(struct fileio_rw *rw, size_t bytes)
{
	rw->left -= bytes;
	while (bytes && rw->sg) {
		u32 n = min_t(size_t, bytes, rw->sg->length - rw->sg_offset);

		bytes -= n;
		rw->sg_offset += n;
		if (rw->sg_offset == rw->sg->length) {
			rw->sg = sg_next(rw->sg);
			rw->sg_offset = 0;
		}
	}
}

/* The rest of an entry, no longer than @left, as a bvec whose offset is within its page. */
static u32 fileio_bvec(struct bio_vec *bv, const struct scatterlist *sg, u32 skip, u64 left)
{
	u32 offset = sg->offset + skip, len = min_t(u64, left, sg->length - skip);

	bvec_set_page(bv, pfn_to_page(page_to_pfn(sg_page((void *)sg)) + (offset >> PAGE_SHIFT)),
		      len, offset_in_page(offset));
	return len;
}

void fileio_rw_fill(struct fileio_rw *rw, u32 mask, u32 block, unsigned int *nr)
{
	struct scatterlist *sg = rw->sg;
	u32 skip = rw->sg_offset, bits = 0;
	size_t done = 0;
	unsigned int n;

	for (n = 0; n < rw->room && done < rw->left; n++) {
		struct bio_vec *bv = &rw->bvecs[n];

		done += fileio_bvec(bv, sg, skip, rw->left - done);
		bits |= bv->bv_offset | bv->bv_len;
		sg = sg_next(sg);
		skip = 0;
	}
	*nr = n;
	rw->piece = done < rw->left ? rounddown(done, block) : done;
	rw->misfit = bits & mask || !rw->piece;
}

/* Many entries want an array of their own; without memory it goes in more calls. */
static void fileio_rw_room(struct fileio_rw *rw)
{
	unsigned int nents = rw->io->nents;
	struct bio_vec *bvecs;

	if (likely(nents <= FILEIO_BVECS) || rw->bvecs != rw->few)
		return;
	bvecs = kmalloc_array(nents, sizeof(*bvecs), GFP_NOIO | __GFP_NORETRY | __GFP_NOWARN);
	if (!bvecs)
		return;
	rw->bvecs = bvecs;
	rw->room = nents;
}

static struct fileio_rw *fileio_rw_alloc(struct target_io *io)
{
	struct fileio_device *fd = fileio_of(io->dev);
	/* Cannot fail: it waits for one that is under way. */
	struct fileio_rw *rw = mempool_alloc(fd->transfers, GFP_NOIO);

	rw->fd = fd;
	rw->io = io;
	rw->sg = io->sg;
	rw->sg_offset = 0;
	rw->left = fileio_bytes(io);
	rw->bvecs = rw->few;
	rw->room = FILEIO_BVECS;
	init_sync_kiocb(&rw->iocb, fd->file);
	if (io->dir == DMA_TO_DEVICE && fileio_is_durable(io))
		rw->iocb.ki_flags |= IOCB_DSYNC;
	return rw;
}

/* --- the end ----------------------------------------------------------------------------- */

/* A device that has been taken away has no size, and to that the kernel has many errors. */
static bool fileio_is_gone(const struct fileio_device *fd)
{
	return fd->bdev && !bdev_nr_bytes(fd->bdev);
}

/* The device has got smaller, and nobody knows it yet. */
static bool fileio_is_beyond(const struct fileio_device *fd, const struct target_io *io)
{
	return fd->bdev && io->dir != DMA_NONE &&
	       fileio_pos(io->dev, io->lba) + fileio_bytes(io) > bdev_nr_bytes(fd->bdev);
}

/* What the table of errors does not know as a file's. */
static int fileio_errno(int err)
{
	switch (err) {
	case -EPERM:	/* a block device that has become read-only */
		return -EROFS;
	case -EFBIG:
	case -EDQUOT:
		return -ENOSPC;
	case -EOPNOTSUPP:
	case -EINVAL:
		return -EIO;
	default:
		return err;
	}
}

static sense_reason_t fileio_reason(const struct fileio_device *fd, struct target_io *io, int err)
{
	if (fileio_is_gone(fd))
		return target_io_sense(io, -ENODEV);
	if (fileio_is_beyond(fd, io))
		return TCM_ADDRESS_OUT_OF_RANGE;
	return target_io_sense(io, fileio_errno(err));
}

void fileio_rw_end(struct fileio_rw *rw, int err)
{
	struct fileio_device *fd = rw->fd;
	struct target_io *io = rw->io;

	if (rw->bvecs != rw->few)
		kfree(rw->bvecs);
	if (io->dir == DMA_TO_DEVICE && !fd->bdev)
		fileio_space_changed(fd);
	mempool_free(rw, fd->transfers);
	target_io_done(io, unlikely(err) ? fileio_reason(fd, io, err) : TCM_NO_SENSE);
}

/* --- calls ------------------------------------------------------------------------------- */

static void fileio_rw_work(struct work_struct *work)
{
	struct fileio_rw *rw = container_of(work, struct fileio_rw, work);
	unsigned int noio = memalloc_noio_save();
	/*
	 * What dirties pages here may be what others wait for who have dirtied too many:
	 * it waits for the disk below alone, and not until all of them are clean.
	 */
	unsigned int throttle = current->flags & PF_LOCAL_THROTTLE;

	current->flags |= PF_LOCAL_THROTTLE;
	rw->fn(rw);
	current->flags = (current->flags & ~PF_LOCAL_THROTTLE) | throttle;
	memalloc_noio_restore(noio);
}

static void fileio_rw_queue(struct fileio_rw *rw, void (*fn)(struct fileio_rw *rw))
{
	rw->fn = fn;
	INIT_WORK(&rw->work, fileio_rw_work);
	queue_work(rw->fd->wq, &rw->work);
}

int fileio_defer_from(struct target_io *io, u64 from, void (*fn)(struct fileio_rw *rw))
{
	struct fileio_rw *rw;

	if (io->nowait)
		return -EAGAIN;
	rw = fileio_rw_alloc(io);
	rw->from = from;
	fileio_rw_queue(rw, fn);
	return 0;
}

int fileio_defer(struct target_io *io, void (*fn)(struct fileio_rw *rw))
{
	return fileio_defer_from(io, 0, fn);
}

static u64 fileio_rw_moved(const struct fileio_rw *rw)
{
	return fileio_bytes(rw->io) - rw->left;
}

static loff_t fileio_rw_pos(const struct fileio_rw *rw)
{
	return fileio_pos(rw->io->dev, rw->io->lba) + fileio_rw_moved(rw);
}

/*
 * A write holds off the freezing of its filesystem; of one that is frozen, it waits until it
 * is thawed, or says that it would.
 */
static bool fileio_rw_begin_write(struct fileio_rw *rw, bool wait)
{
	struct super_block *sb = file_inode(rw->fd->file)->i_sb;

	if (rw->fd->bdev)
		return true;
	if (wait)
		sb_start_write(sb);
	else if (!sb_start_write_trylock(sb))
		return false;
	/* It may end in another context: lockdep is to see no lock that is held till then. */
	__sb_writers_release(sb, SB_FREEZE_WRITE);
	return true;
}

static void fileio_rw_end_write(struct fileio_rw *rw)
{
	if (!rw->fd->bdev)
		kiocb_end_write(&rw->iocb);
}

/*
 * Not by vfs_iocb_iter_write(): that begins the write itself since 6.8, and waits.
 * Return: bytes, -EIOCBQUEUED, -EAGAIN if it would have to wait, or another -errno.
 */
static long fileio_rw_call_write(struct fileio_rw *rw, struct iov_iter *iter, bool wait)
{
	long ret;

	if (!fileio_rw_begin_write(rw, wait))
		return -EAGAIN;
	ret = rw->fd->file->f_op->write_iter(&rw->iocb, iter);
	if (ret != -EIOCBQUEUED)
		fileio_rw_end_write(rw);
	return ret;
}

/* One call for what rw->bvecs has; @wait is for a write, see above. */
static long fileio_rw_call(struct fileio_rw *rw, unsigned int nr, bool wait)
{
	const bool write = rw->io->dir == DMA_TO_DEVICE;
	struct kiocb *iocb = &rw->iocb;
	struct iov_iter iter;

	iov_iter_bvec(&iter, write ? ITER_SOURCE : ITER_DEST, rw->bvecs, nr, rw->piece);
	iocb->ki_pos = fileio_rw_pos(rw);
	if (write)
		return fileio_rw_call_write(rw, &iter, wait);
	return vfs_iocb_iter_read(iocb->ki_filp, iocb, &iter);
}

/* Nothing to read: behind the end of a regular file all is zeros. */
static int fileio_rw_read_end(struct fileio_rw *rw)
{
	if (rw->fd->bdev || fileio_rw_pos(rw) < i_size_read(file_inode(rw->fd->file)))
		return -EIO;
	sg_zero_buffer(rw->io->sg, rw->io->nents, rw->left, fileio_rw_moved(rw));
	rw->left = 0;
	return 0;
}

/* A call has returned. Return: 0 if what it has moved is accounted for, or -errno. */
static int fileio_rw_take(struct fileio_rw *rw, long ret)
{
	if (ret < 0)
		return ret;
	if (!ret)
		return rw->io->dir == DMA_FROM_DEVICE ? fileio_rw_read_end(rw) : -EIO;
	fileio_rw_advance(rw, ret);
	return 0;
}

/* Where no other memory will do: all that is left by way of a buffer. */
static int fileio_rw_bounce(struct fileio_rw *rw)
{
	struct target_io *io = rw->io;
	void *buf = mempool_alloc(rw->fd->bounces, GFP_NOIO);
	int err = 0;

	while (rw->left && !err) {
		size_t n = min_t(u64, rw->left, FILEIO_BOUNCE);
		u64 moved = fileio_rw_moved(rw);

		if (io->dir == DMA_TO_DEVICE)
			sg_pcopy_to_buffer(io->sg, io->nents, buf, n, moved);
		err = fileio_move(rw->fd, rw->fd->file, io->dir, buf, n, fileio_rw_pos(rw),
				  rw->iocb.ki_flags & IOCB_DSYNC);
		if (err)
			break;
		if (io->dir == DMA_FROM_DEVICE)
			sg_pcopy_from_buffer(io->sg, io->nents, buf, n, moved);
		rw->left -= n;
	}
	mempool_free(buf, rw->fd->bounces);
	return err;
}

int fileio_rw_data(struct fileio_rw *rw)
{
	const u32 mask = rw->fd->direct ? rw->fd->mem_mask : 0;
	int err = 0;

	rw->iocb.ki_complete = NULL;
	while (rw->left && !err) {
		unsigned int nr;

		fileio_rw_fill(rw, mask, rw->io->dev->dev_attrib.block_size, &nr);
		if (unlikely(rw->misfit))
			return fileio_rw_bounce(rw);
		err = fileio_rw_take(rw, fileio_rw_call(rw, nr, true));
	}
	return err;
}

void fileio_rw_finish(struct fileio_rw *rw, int err)
{
	rw->io->err_lba = rw->io->lba + (fileio_rw_moved(rw) >> rw->io->dev->block_shift);
	fileio_rw_end(rw, err);
}

/* The same, where it is worth to find out which block it was. */
static void fileio_rw_settle(struct fileio_rw *rw, int err)
{
	if (unlikely(err) && fileio_fault_is_local(rw, err) && !fileio_is_gone(rw->fd))
		fileio_fault_find(rw);
	fileio_rw_finish(rw, err);
}

static void fileio_rw_wait(struct fileio_rw *rw)
{
	fileio_rw_room(rw);
	fileio_rw_settle(rw, fileio_rw_data(rw));
}

/* What a call that was queued has left undone. */
static void fileio_rw_rest(struct fileio_rw *rw)
{
	int err = fileio_rw_take(rw, rw->ret);

	fileio_rw_settle(rw, err ?: fileio_rw_data(rw));
}

/* Any context: a call that was queued has ended. */
static void fileio_rw_complete(struct kiocb *iocb, long ret)
{
	struct fileio_rw *rw = container_of(iocb, struct fileio_rw, iocb);

	if (rw->io->dir == DMA_TO_DEVICE)
		fileio_rw_end_write(rw);
	if (likely(ret == rw->left)) {
		fileio_rw_end(rw, 0);
		return;
	}
	rw->ret = ret;
	fileio_rw_queue(rw, fileio_rw_rest);
}

/* --- the hook ---------------------------------------------------------------------------- */

/* Past the page cache, or to memory: nobody waits, or not for long. */
static void fileio_rw_start(struct fileio_rw *rw)
{
	const u32 mask = rw->fd->direct ? rw->fd->mem_mask : 0;
	unsigned int nr;
	long ret;

	fileio_rw_room(rw);
	fileio_rw_fill(rw, mask, rw->io->dev->dev_attrib.block_size, &nr);
	if (unlikely(rw->misfit)) {
		fileio_rw_queue(rw, fileio_rw_wait);
		return;
	}
	rw->iocb.ki_complete = fileio_rw_complete;
	ret = fileio_rw_call(rw, nr, false);
	if (ret == -EIOCBQUEUED)
		return;
	if (likely(ret == rw->left)) {
		fileio_rw_end(rw, 0);
		return;
	}
	rw->ret = ret;
	/* Whoever waits for a frozen filesystem keeps no other unit waiting. */
	fileio_rw_queue(rw, ret == -EAGAIN ? fileio_rw_wait : fileio_rw_rest);
}

/* What the page cache has at hand. Return: is that all? */
static bool fileio_rw_cached(struct fileio_rw *rw)
{
	unsigned int nr;
	long ret;

	if (!(rw->fd->file->f_mode & FMODE_NOWAIT))
		return false;
	fileio_rw_fill(rw, 0, rw->io->dev->dev_attrib.block_size, &nr);
	rw->iocb.ki_flags |= IOCB_NOWAIT;
	ret = fileio_rw_call(rw, nr, false);
	rw->iocb.ki_flags &= ~IOCB_NOWAIT;
	if (ret > 0)
		fileio_rw_advance(rw, ret);
	return !rw->left;
}

/* A part of a block of the filesystem is written by reading, and that is waited for. */
static bool fileio_is_part(const struct fileio_rw *rw)
{
	return rw->io->dir == DMA_TO_DEVICE &&
	       (fileio_rw_pos(rw) | rw->left) & rw->fd->part_mask;
}

int fileio_execute_rw(struct target_io *io)
{
	struct fileio_rw *rw;

	if (unlikely(io->dev->dev_attrib.pi_prot_type))
		return fileio_defer(io, fileio_rw_protected);
	if (io->nowait)
		return -EAGAIN;
	rw = fileio_rw_alloc(io);
	if (likely(rw->fd->inplace) && likely(!fileio_is_part(rw)))
		fileio_rw_start(rw);
	else if (io->dir == DMA_FROM_DEVICE && fileio_rw_cached(rw))
		fileio_rw_end(rw, 0);
	else
		fileio_rw_queue(rw, fileio_rw_wait);
	return 0;
}

ssize_t fileio_write_iter(struct kiocb *iocb, struct iov_iter *iter)
{
	struct file *file = iocb->ki_filp;
	ssize_t ret;

	file_start_write(file);
	ret = file->f_op->write_iter(iocb, iter);
	file_end_write(file);
	return ret;
}

int fileio_move(struct fileio_device *fd, struct file *file, enum dma_data_direction dir,
		void *buf, size_t len, loff_t pos, bool durable)
{
	const bool write = dir == DMA_TO_DEVICE, regular = S_ISREG(file_inode(file)->i_mode);
	struct bio_vec bv;
	struct iov_iter iter;
	struct kiocb iocb;
	long ret = 0;

	init_sync_kiocb(&iocb, file);
	iocb.ki_pos = pos;
	if (write && durable)
		iocb.ki_flags |= IOCB_DSYNC;
	bvec_set_page(&bv, virt_to_page(buf), len, offset_in_page(buf));
	iov_iter_bvec(&iter, write ? ITER_SOURCE : ITER_DEST, &bv, 1, len);
	while (iov_iter_count(&iter)) {
		ret = write ? fileio_write_iter(&iocb, &iter) :
			      vfs_iocb_iter_read(file, &iocb, &iter);
		if (ret <= 0)
			break;
	}
	if (ret < 0)
		return ret;
	if (!iov_iter_count(&iter))
		return 0;
	if (write || !regular || iocb.ki_pos < i_size_read(file_inode(file)))
		return -EIO;
	iov_iter_zero(iov_iter_count(&iter), &iter);
	return 0;
}
