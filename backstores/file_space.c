// SPDX-License-Identifier: GPL-2.0-only
/*
 * Space of a file: what makes it durable, gives it back, fills or copies it, and tells
 * of it.
 *
 * All but the telling may make its caller wait, and so runs on the device's workqueue.
 */
#include <linux/blkdev.h>
#include <linux/falloc.h>
#include <linux/log2.h>
#include <linux/math64.h>
#include <linux/sizes.h>
#include <linux/statfs.h>
#include <linux/string.h>
#include <linux/uio.h>
#include "file.h"

/* Blocks that have changed by other means than a write. Return: @err, or of making it safe. */
static int fileio_settle(struct fileio_rw *rw, int err)
{
	const struct target_io *io = rw->io;
	loff_t pos = fileio_pos(io->dev, io->lba);

	if (err || !fileio_is_durable(io))
		return err;
	return vfs_fsync_range(rw->fd->file, pos, pos + fileio_bytes(io) - 1, 1);
}

static void fileio_flush_work(struct fileio_rw *rw)
{
	const struct target_io *io = rw->io;
	loff_t pos = fileio_pos(io->dev, io->lba);
	loff_t last = io->blocks ? pos + fileio_bytes(io) - 1 : LLONG_MAX;
	int err;

	err = vfs_fsync_range(rw->fd->file, pos, last, 1);
	if (!err && rw->fd->prot)
		err = vfs_fsync(rw->fd->prot, 1);
	fileio_rw_end(rw, err);
}

int fileio_flush(struct target_io *io)
{
	return fileio_defer(io, fileio_flush_work);
}

/* --- the same bytes over and over -------------------------------------------------------- */

/* As many bvecs of the buffer as there are; @done of the bytes have been written. */
static unsigned int fileio_repeat_fill(struct fileio_rw *rw, void *buf, u64 done, size_t *len)
{
	u32 skip = done & (FILEIO_BOUNCE - 1);
	unsigned int n;

	*len = 0;
	for (n = 0; n < FILEIO_BVECS && *len < rw->left; n++) {
		u32 bytes = min_t(u64, FILEIO_BOUNCE - skip, rw->left - *len);

		bvec_set_page(&rw->few[n], virt_to_page(buf + skip), bytes,
			      offset_in_page(buf + skip));
		*len += bytes;
		skip = 0;
	}
	return n;
}

/* Write the whole range from a buffer whose bytes repeat in it. */
static int fileio_repeat(struct fileio_rw *rw, void *buf)
{
	const u64 all = fileio_bytes(rw->io);
	long ret = 0;

	while (rw->left) {
		struct iov_iter iter;
		unsigned int nr;
		size_t len;

		nr = fileio_repeat_fill(rw, buf, all - rw->left, &len);
		iov_iter_bvec(&iter, ITER_SOURCE, rw->few, nr, len);
		rw->iocb.ki_pos = fileio_pos(rw->io->dev, rw->io->lba) + all - rw->left;
		ret = fileio_write_iter(&rw->iocb, &iter);
		if (ret <= 0)
			break;
		rw->left -= ret;
	}
	if (ret < 0)
		return ret;
	return rw->left ? -EIO : 0;
}

/* Zeros by other means; -EOPNOTSUPP where there are none. */
static int fileio_zero(struct fileio_rw *rw)
{
	return vfs_fallocate(rw->fd->file, FALLOC_FL_ZERO_RANGE | FALLOC_FL_KEEP_SIZE,
			     fileio_pos(rw->io->dev, rw->io->lba), fileio_bytes(rw->io));
}

static void fileio_write_same_work(struct fileio_rw *rw)
{
	struct target_io *io = rw->io;
	const u32 block = io->dev->dev_attrib.block_size;
	int err = fileio_prot_drop(rw);
	void *buf;
	u32 done;

	if (err) {
		fileio_rw_finish(rw, err);
		return;
	}
	/* Not before: who drops may want the one buffer that there is for certain. */
	buf = mempool_alloc(rw->fd->bounces, GFP_NOIO);
	err = -EOPNOTSUPP;
	sg_copy_to_buffer(io->sg, io->nents, buf, block);
	if (!memchr_inv(buf, 0, block))
		err = fileio_settle(rw, fileio_zero(rw));
	if (err == -EOPNOTSUPP) {
		for (done = block; done < FILEIO_BOUNCE; done += block)
			memcpy(buf + done, buf, block);
		err = fileio_repeat(rw, buf);
	} else if (!err) {
		rw->left = 0;
	}
	mempool_free(buf, rw->fd->bounces);
	fileio_rw_finish(rw, err);
}

int fileio_write_same(struct target_io *io)
{
	return fileio_defer(io, fileio_write_same_work);
}

/* --- holes ------------------------------------------------------------------------------- */

/* What cannot be a hole becomes zeros: that is what unmapped blocks read as. */
static int fileio_fill_zeros(struct fileio_rw *rw)
{
	void *buf = mempool_alloc(rw->fd->bounces, GFP_NOIO);
	int err;

	memset(buf, 0, FILEIO_BOUNCE);
	err = fileio_repeat(rw, buf);
	mempool_free(buf, rw->fd->bounces);
	return err;
}

/* A device that cannot make zeros cheaply, but forget: nothing was promised of what it reads. */
static int fileio_discard(struct fileio_rw *rw)
{
	const struct target_io *io = rw->io;

	return blkdev_issue_discard(rw->fd->bdev, fileio_pos(io->dev, io->lba) >> SECTOR_SHIFT,
				    fileio_bytes(io) >> SECTOR_SHIFT, GFP_NOIO);
}

static int fileio_punch(struct fileio_rw *rw)
{
	const struct target_io *io = rw->io;
	int err;

	if (!io->dev->limits.unmap_zeroes)
		return fileio_discard(rw);
	err = vfs_fallocate(rw->fd->file, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE,
			    fileio_pos(io->dev, io->lba), fileio_bytes(io));
	return err == -EOPNOTSUPP ? fileio_fill_zeros(rw) : err;
}

static void fileio_unmap_work(struct fileio_rw *rw)
{
	int err = fileio_prot_drop(rw) ?: fileio_punch(rw);

	fileio_rw_end(rw, fileio_settle(rw, err));
}

int fileio_unmap(struct target_io *io)
{
	return fileio_defer(io, fileio_unmap_work);
}

/* --- copies ------------------------------------------------------------------------------ */

static int fileio_copy_by_hand(struct fileio_rw *rw, loff_t from, loff_t to)
{
	struct fileio_device *fd = rw->fd;
	void *buf = mempool_alloc(fd->bounces, GFP_NOIO);
	int err = 0;

	while (rw->left) {
		size_t n = min_t(u64, rw->left, FILEIO_BOUNCE);

		err = fileio_move(fd, fd->file, DMA_FROM_DEVICE, buf, n, from, false);
		err = err ?: fileio_move(fd, fd->file, DMA_TO_DEVICE, buf, n, to, false);
		if (err)
			break;
		rw->left -= n;
		from += n;
		to += n;
	}
	mempool_free(buf, fd->bounces);
	return err;
}

/* The filesystem may share the blocks, or copy them itself; what it leaves is copied here. */
static void fileio_copy_work(struct fileio_rw *rw)
{
	struct target_io *io = rw->io;
	struct file *file = rw->fd->file;
	loff_t from = fileio_pos(io->dev, rw->from), to = fileio_pos(io->dev, io->lba);
	int err = fileio_prot_drop(rw);
	ssize_t n = err;

	while (rw->left && !err) {
		n = vfs_copy_file_range(file, from, file, to, rw->left, 0);
		if (n <= 0)
			break;
		rw->left -= n;
		from += n;
		to += n;
	}
	if (rw->left && !err)
		err = n == -ENOSPC ? n : fileio_copy_by_hand(rw, from, to);
	fileio_rw_finish(rw, fileio_settle(rw, err));
}

int fileio_copy(struct target_io *io, u64 from)
{
	return fileio_defer_from(io, from, fileio_copy_work);
}

/* --- what there is ----------------------------------------------------------------------- */

u32 fileio_run(loff_t pos, loff_t next, bool hole, u32 shift, u32 blocks, bool *present)
{
	u64 bytes = next - pos, run = bytes >> shift;

	/* A block of which any part is there is there. */
	*present = !hole || !run;
	if (!hole && bytes & ((1U << shift) - 1))
		run++;
	return clamp_t(u64, run, 1, blocks);
}

u32 fileio_lba_status(struct se_device *dev, u64 lba, u32 blocks, enum target_lba_status *status)
{
	struct fileio_device *fd = fileio_of(dev);
	const u32 shift = ilog2(dev->dev_attrib.block_size);
	loff_t pos = fileio_pos(dev, lba), end = fileio_pos(dev, lba + blocks), next;
	bool present, hole;
	u32 run;

	*status = TARGET_LBA_UNKNOWN;
	if (fd->bdev)
		return blocks;
	next = vfs_llseek(fd->file, pos, SEEK_DATA);
	hole = next != pos;
	if (next == -ENXIO)
		next = end;
	else if (!hole)
		next = vfs_llseek(fd->file, pos, SEEK_HOLE);
	/* A filesystem that does not know, or a file that has just been cut. */
	if (next <= pos)
		return blocks;
	run = fileio_run(pos, min(next, end), hole, shift, blocks, &present);
	*status = present ? TARGET_LBA_MAPPED : TARGET_LBA_DEALLOCATED;
	return run;
}

void fileio_space_work(struct work_struct *work)
{
	struct fileio_device *fd = container_of(to_delayed_work(work), struct fileio_device,
						space_work);
	u64 used = file_inode(fd->file)->i_blocks, more = U64_MAX;
	u64 all = fd->dev.limits.blocks * fd->dev.limits.block_size >> SECTOR_SHIFT;
	struct kstatfs st;

	if (!vfs_statfs(&fd->file->f_path, &st) && st.f_blocks)
		more = st.f_bavail * (u64)st.f_bsize >> SECTOR_SHIFT;
	used = min(used, all);
	WRITE_ONCE(fd->used, used);
	WRITE_ONCE(fd->available, min(more, all - used));
	target_provision_changed(&fd->dev);
}

void fileio_space(struct se_device *dev, u64 *used, u64 *available)
{
	struct fileio_device *fd = fileio_of(dev);
	u32 shift = ilog2(dev->dev_attrib.block_size) - SECTOR_SHIFT;

	*used = READ_ONCE(fd->used) >> shift;
	*available = READ_ONCE(fd->available) >> shift;
}
