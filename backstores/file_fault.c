// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which block of a transfer failed.
 *
 * A call that has failed says no more than that.  Initiators are told where (INFORMATION of
 * the sense data), so it is found out by halves: to read or write the same again is allowed
 * as long as the command has not ended, and what fails is rare.
 */
#include <linux/errno.h>
#include <linux/jiffies.h>
#include "file.h"

#define FILEIO_FAULT_TIME	(10 * HZ)

bool fileio_fault_is_local(const struct fileio_rw *rw, int err)
{
	if (rw->left <= rw->io->dev->dev_attrib.block_size || !rw->io->sg)
		return false;
	return err == -EIO || err == -ENODATA || err == -EBADMSG;
}

/* Return: 0, or why a part of the transfer failed. */
static int fileio_fault_try(struct fileio_rw *rw, void *buf, u64 skip, u64 bytes)
{
	struct target_io *io = rw->io;
	const loff_t start = fileio_pos(io->dev, io->lba);
	int err = 0;

	while (bytes && !err) {
		size_t n = min_t(u64, bytes, FILEIO_BOUNCE);

		if (io->dir == DMA_TO_DEVICE)
			sg_pcopy_to_buffer(io->sg, io->nents, buf, n, skip);
		err = fileio_move(rw->fd, rw->fd->file, io->dir, buf, n, start + skip,
				  rw->iocb.ki_flags & IOCB_DSYNC);
		skip += n;
		bytes -= n;
	}
	return err;
}

void fileio_fault_find(struct fileio_rw *rw)
{
	struct target_io *io = rw->io;
	const u32 shift = io->dev->block_shift;
	unsigned long end = jiffies + FILEIO_FAULT_TIME;
	void *buf = mempool_alloc(rw->fd->bounces, GFP_NOIO);
	u64 first = fileio_bytes(io) - rw->left, skip = first, blocks = rw->left >> shift;

	while (blocks > 1 && time_before(jiffies, end)) {
		u64 half = blocks / 2;

		if (fileio_fault_try(rw, buf, skip, half << shift)) {
			blocks = half;
			continue;
		}
		skip += half << shift;
		blocks -= half;
	}
	/* Perhaps it is over, and was at none of them. */
	if (blocks == 1 && skip + (1U << shift) == fileio_bytes(io) &&
	    !fileio_fault_try(rw, buf, skip, 1U << shift))
		skip = first;
	mempool_free(buf, rw->fd->bounces);
	rw->left = fileio_bytes(io) - skip;
}
