// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which block of a transfer failed.
 *
 * A bio says that it failed, not where.  Initiators are told where (INFORMATION of the
 * sense data), so it is found out by halves: to read or write the same again is allowed
 * as long as the command has not ended, and what fails is rare.
 */
#include <linux/errno.h>
#include <linux/gfp.h>
#include <linux/jiffies.h>
#include "iblock.h"

#define IBLOCK_FAULT_TIME	(10 * HZ)

bool iblock_fault_is_local(const struct target_io *io, int err)
{
	if (io->dir == DMA_NONE || !io->sg || io->blocks < 2 || io->atomic)
		return false;
	return err == -EIO || err == -ENODATA || err == -EBADMSG || err == -EILSEQ;
}

/* What is read of protection information is thrown away, as is all that is tried. */
static int iblock_fault_submit(struct bio *bio, const struct target_io *io,
			       struct iblock_span *span)
{
	struct page *prot;
	int err;

	if (!io->prot_sg)
		return submit_bio_wait(bio);
	prot = iblock_prot_begin(bio, io, span->prot_off);
	if (IS_ERR(prot))
		return PTR_ERR(prot);
	span->prot_off += iblock_prot_bytes(bio, io);
	err = submit_bio_wait(bio);
	__free_page(prot);
	return err;
}

/* Return: 0, or why a part of the transfer failed. */
static int iblock_fault_try(struct target_io *io, struct scatterlist *sg, u32 skip, u32 blocks)
{
	struct block_device *bdev = iblock_of(io->dev)->bdev;
	struct iblock_span span;
	int err = 0;

	iblock_span_init(&span, io, sg, skip, blocks);
	while (!err && span.left) {
		/* Not from the device's own reserve: those that wait here hold a part of it. */
		struct bio *bio = bio_alloc(bdev, BIO_MAX_VECS, iblock_opf(io), GFP_NOIO);

		iblock_bio_fill(bio, &span);
		err = iblock_fault_submit(bio, io, &span);
		bio_put(bio);
	}
	return err;
}

void iblock_fault_find(struct target_io *io, struct scatterlist *sg)
{
	unsigned long end = jiffies + IBLOCK_FAULT_TIME;
	u32 skip = 0, blocks = io->blocks;

	while (blocks > 1 && time_before(jiffies, end)) {
		u32 half = blocks / 2;

		if (iblock_fault_try(io, sg, skip, half)) {
			blocks = half;
			continue;
		}
		skip += half;
		blocks -= half;
	}
	/* Perhaps it is over, and was at none of them. */
	if (blocks == 1 && skip == io->blocks - 1 && !iblock_fault_try(io, sg, skip, 1))
		skip = 0;
	io->err_lba = io->lba + skip;
}
