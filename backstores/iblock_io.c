// SPDX-License-Identifier: GPL-2.0-only
/*
 * Transfers: bios on the initiator's memory, whose end is the transfer's.
 *
 * Nearly all of them are one bio, which the block layer splits where the device's limits
 * are; it comes from the device's own bioset, so that it is there when memory is short.
 */
#include <linux/sched/mm.h>
#include <linux/scatterlist.h>
#include <linux/sizes.h>
#include <linux/string.h>
#include <compat/compat_block.h>
#include "iblock.h"

#define IBLOCK_RANGE_MAX	SZ_1G	/* bytes of a bio without data */

bool iblock_is_gone(const struct iblock_device *ib)
{
	return test_bit(GD_DEAD, &ib->bdev->bd_disk->state) ||
	       blk_queue_dying(bdev_get_queue(ib->bdev));
}

int iblock_errno(blk_status_t status, bool gone)
{
	int err = blk_status_to_errno(status);

	return err == -EIO && gone ? -ENODEV : err;
}

static struct iblock_req *iblock_req_of(struct bio *bio)
{
	return container_of(bio, struct iblock_req, bio);
}

static void iblock_req_init(struct iblock_req *req, struct target_io *io)
{
	req->io = io;
	req->sg = io->sg;
	req->page = NULL;
	req->bounce = NULL;
}

/*
 * The first bio of a transfer is held until its last has ended: so those after @first have
 * a reserve of their own, to which each comes back by itself.
 */
static struct bio *iblock_bio_alloc(struct iblock_device *ib, struct target_io *io,
				    const struct iblock_req *first, unsigned int vecs,
				    blk_opf_t opf)
{
	struct bio *bio = bio_alloc_bioset(ib->bdev, vecs, opf | TCM_REQ_BIO_CACHE, GFP_NOIO,
					   first ? &ib->more_bios : &ib->bios);

	iblock_req_init(iblock_req_of(bio), io);
	return bio;
}

/* --- the end ----------------------------------------------------------------------------- */

static void iblock_free(struct iblock_req *req)
{
	if (req->page)
		__free_page(req->page);
	if (req->bounce)
		sgl_free(req->bounce);
	bio_put(&req->bio);
}

/* The device has got smaller, and nobody knows it yet. */
static bool iblock_is_beyond(const struct iblock_device *ib, const struct target_io *io)
{
	return iblock_sector(io) + (iblock_bytes(io) >> SECTOR_SHIFT) > bdev_nr_sectors(ib->bdev);
}

static sense_reason_t iblock_reason(const struct target_io *io, int err)
{
	const struct iblock_device *ib = iblock_of(io->dev);

	if (err == -EIO && io->dir != DMA_NONE && iblock_is_beyond(ib, io))
		return TCM_ADDRESS_OUT_OF_RANGE;
	if (err == -EILSEQ && io->dir == DMA_FROM_DEVICE)
		return iblock_prot_reason(io);
	return target_io_sense(io, err);
}

static void iblock_finish(struct iblock_req *req, int err)
{
	struct target_io *io = req->io;

	iblock_free(req);
	target_io_done(io, iblock_reason(io, err));
}

static int iblock_req_errno(const struct iblock_req *req)
{
	return iblock_errno(req->status, iblock_is_gone(iblock_of(req->io->dev)));
}

/* Whatever has to sleep before the end, or go on after it. */
static void iblock_end_work(struct work_struct *work)
{
	struct iblock_req *req = container_of(work, struct iblock_req, work);
	struct target_io *io = req->io;
	unsigned int noio = memalloc_noio_save();
	int err = iblock_req_errno(req);

	if (err && req->instead) {
		req->instead(req);
		goto out;
	}
	if (iblock_fault_is_local(io, err) && !req->page)
		iblock_fault_find(io, req->sg);
	else if (!err && req->bounce && io->dir == DMA_FROM_DEVICE)
		iblock_sg_copy(io->sg, req->bounce, sg_nents(req->bounce), iblock_bytes(io));
	iblock_finish(req, err);
out:
	memalloc_noio_restore(noio);
}

static void iblock_end_later(struct iblock_req *req)
{
	INIT_WORK(&req->work, iblock_end_work);
	queue_work(iblock_wq, &req->work);
}

static void iblock_rw_again(struct iblock_req *req);

/* Somebody was not to wait, and would have had to: there is no room, or no such promise. */
static bool iblock_would_wait(const struct iblock_req *req)
{
	return req->bio.bi_opf & REQ_NOWAIT &&
	       (req->status == BLK_STS_AGAIN || req->status == BLK_STS_NOTSUPP);
}

static noinline void iblock_fail(struct iblock_req *req)
{
	req->instead = NULL;
	if (iblock_would_wait(req)) {
		iblock_hands_over_stop(iblock_of(req->io->dev));
		req->instead = iblock_rw_again;
	}
	iblock_end_later(req);
}

/* Of a transfer of one bio. */
static void iblock_rw_end(struct bio *bio)
{
	struct iblock_req *req = iblock_req_of(bio);
	struct target_io *io = req->io;

	if (unlikely(bio->bi_status)) {
		req->status = bio->bi_status;
		iblock_fail(req);
		return;
	}
	bio_put(bio);
	target_io_done(io, TCM_NO_SENSE);
}

/* One less of those that the transfer waits for. */
static void iblock_put(struct iblock_req *first)
{
	if (!atomic_dec_and_test(&first->pending))
		return;
	if (first->status || first->bounce)
		iblock_end_later(first);
	else
		iblock_finish(first, 0);
}

/* Of a transfer of several. The first bio stays until all have ended. */
static void iblock_one_end(struct bio *bio)
{
	struct iblock_req *first = bio->bi_private;

	if (bio->bi_status)
		WRITE_ONCE(first->status, bio->bi_status);
	if (unlikely(first->io->prot_sg))
		iblock_prot_end(iblock_req_of(bio));
	if (bio != &first->bio)
		bio_put(bio);
	iblock_put(first);
}

/* --- several bios ------------------------------------------------------------------------ */

/* The transfer begins; who submits holds it, too. */
static struct iblock_req *iblock_begin(struct bio *bio)
{
	struct iblock_req *req = iblock_req_of(bio);

	req->instead = NULL;
	req->status = BLK_STS_OK;
	atomic_set(&req->pending, 1);
	return req;
}

static void iblock_submit_one(struct iblock_req *first, struct bio *bio)
{
	bio->bi_private = first;
	bio->bi_end_io = iblock_one_end;
	atomic_inc(&first->pending);
	submit_bio(bio);
}

/* The same with protection information, if the transfer has some. */
static void iblock_submit_span(struct iblock_req *first, struct bio *bio, struct iblock_span *span)
{
	struct iblock_req *req = iblock_req_of(bio);
	const struct target_io *io = req->io;
	struct page *prot;

	if (likely(!io->prot_sg)) {
		iblock_submit_one(first, bio);
		return;
	}
	prot = iblock_prot_begin(bio, io, span->prot_off);
	req->prot = IS_ERR(prot) ? NULL : prot;
	req->prot_off = span->prot_off;
	req->prot_len = iblock_prot_bytes(bio, io);
	span->prot_off += req->prot_len;
	if (!IS_ERR(prot)) {
		iblock_submit_one(first, bio);
		return;
	}
	WRITE_ONCE(first->status, errno_to_blk_status(PTR_ERR(prot)));
	if (bio != &first->bio)
		bio_put(bio);
}

/* All of a transfer's memory, the initiator's or @bounce, in as many bios as it takes. */
static void iblock_submit_sg(struct iblock_device *ib, struct target_io *io,
			     struct scatterlist *bounce)
{
	struct scatterlist *sg = bounce ?: io->sg;
	struct iblock_req *first = NULL;
	struct iblock_span span;

	iblock_span_init(&span, io, sg, 0, io->blocks);
	while (span.left) {
		struct bio *bio = iblock_bio_alloc(ib, io, first, BIO_MAX_VECS,
						   iblock_opf(io));

		if (!first) {
			first = iblock_begin(bio);
			first->bounce = bounce;
			first->sg = sg;
		}
		iblock_bio_fill(bio, &span);
		iblock_submit_span(first, bio, &span);
	}
	iblock_put(first);
}

/* The device cannot reach the initiator's memory as it lies, or not in whole blocks. */
static void iblock_rw_bounce(struct iblock_device *ib, struct target_io *io)
{
	struct scatterlist *bounce;
	unsigned int nents;

	bounce = sgl_alloc(iblock_bytes(io), GFP_NOIO, &nents);
	if (!bounce) {
		target_io_done(io, TCM_OUT_OF_RESOURCES);
		return;
	}
	if (io->dir == DMA_TO_DEVICE)
		iblock_sg_copy(bounce, io->sg, io->nents, iblock_bytes(io));
	iblock_submit_sg(ib, io, bounce);
}

/* What is cut into several bios is cut between entries; what is atomic is not cut. */
static noinline void iblock_rw_many(struct iblock_device *ib, struct target_io *io)
{
	unsigned int bits = iblock_sg_bits(io->sg, iblock_bytes(io));
	unsigned int block = bdev_logical_block_size(ib->bdev) - 1;

	if (bits & (ib->dma_mask | block) || io->atomic)
		iblock_rw_bounce(ib, io);
	else
		iblock_submit_sg(ib, io, NULL);
}

/* --- hooks ------------------------------------------------------------------------------- */

/*
 * submit_bio() may sleep, whatever the bio's flags say: so not without may_block. The device
 * does not split a bio with REQ_NOWAIT.
 */
static bool iblock_rw_may_nowait(const struct iblock_device *ib, const struct target_io *io)
{
	struct request_queue *q = bdev_get_queue(ib->bdev);

	return io->may_block && bdev_nowait(ib->bdev) && io->nents <= queue_max_segments(q) &&
	       iblock_bytes(io) >> SECTOR_SHIFT <= queue_max_sectors(q);
}

/* Return: the one bio of a transfer, or NULL if there is none without a wait. */
static struct bio *iblock_rw_alloc(struct iblock_device *ib, struct target_io *io)
{
	blk_opf_t opf = iblock_opf(io);
	struct bio *bio;

	if (!io->nowait)
		return iblock_bio_alloc(ib, io, NULL, io->nents, opf);
	if (unlikely(!iblock_rw_may_nowait(ib, io)))
		return NULL;
	bio = bio_alloc_bioset(ib->bdev, io->nents, opf | TCM_REQ_BIO_CACHE | REQ_NOWAIT,
			       GFP_NOWAIT | __GFP_NOWARN, &ib->bios);
	if (likely(bio))
		iblock_req_init(iblock_req_of(bio), io);
	return bio;
}

int iblock_execute_rw(struct target_io *io)
{
	struct iblock_device *ib = iblock_of(io->dev);
	struct scatterlist *sg = io->sg;
	unsigned int bits = 0;
	u64 left = iblock_bytes(io);
	struct bio *bio;

	if (unlikely(io->nents > BIO_MAX_VECS || io->prot_sg)) {
		if (io->nowait)
			return -EAGAIN;
		iblock_rw_many(ib, io);
		return 0;
	}
	bio = iblock_rw_alloc(ib, io);
	if (unlikely(!bio))
		return -EAGAIN;
	bio->bi_iter.bi_sector = iblock_sector(io);
	bio->bi_end_io = iblock_rw_end;
	for (; left; sg = sg_next(sg)) {
		u32 n = min_t(u64, sg->length, left);

		__bio_add_page(bio, sg_page(sg), n, sg->offset);
		bits |= sg->offset | n;
		left -= n;
	}
	if (unlikely(bits & ib->dma_mask)) {
		bio_put(bio);
		if (io->nowait)
			return -EAGAIN;
		iblock_rw_bounce(ib, io);
		return 0;
	}
	submit_bio(bio);
	return 0;
}

/* The same where it may wait. */
static void iblock_rw_again(struct iblock_req *req)
{
	struct target_io *io = req->io;

	iblock_free(req);
	io->nowait = false;
	iblock_execute_rw(io);
}

int iblock_flush(struct target_io *io)
{
	struct bio *bio = iblock_bio_alloc(iblock_of(io->dev), io, NULL, 0,
					   REQ_OP_WRITE | REQ_SYNC | REQ_PREFLUSH);

	bio->bi_end_io = iblock_rw_end;
	submit_bio(bio);
	return 0;
}

/* An operation on the whole range that has no data. */
static void iblock_range(struct target_io *io, blk_opf_t opf,
			 void (*instead)(struct iblock_req *req))
{
	struct iblock_device *ib = iblock_of(io->dev);
	sector_t sector = iblock_sector(io);
	struct iblock_req *first = NULL;
	u64 left = iblock_bytes(io);

	while (left) {
		struct bio *bio = iblock_bio_alloc(ib, io, first, 0, opf);
		u32 n = min_t(u64, left, IBLOCK_RANGE_MAX);

		if (!first) {
			first = iblock_begin(bio);
			first->instead = instead;
		}
		bio->bi_iter.bi_sector = sector;
		bio->bi_iter.bi_size = n;
		sector += n >> SECTOR_SHIFT;
		left -= n;
		iblock_submit_one(first, bio);
	}
	iblock_put(first);
}

/* A page full of the one block; of zeros if there is none. */
static struct page *iblock_repeat_block(const struct target_io *io)
{
	u32 block_size = io->dev->dev_attrib.block_size, done;
	struct page *page = alloc_page(GFP_NOIO | __GFP_ZERO);
	u8 *to;

	if (!page || !io->sg)
		return page;
	to = page_address(page);
	sg_copy_to_buffer(io->sg, io->nents, to, block_size);
	for (done = block_size; done < PAGE_SIZE; done += block_size)
		memcpy(to + done, to, block_size);
	return page;
}

/* Write the one block again and again. */
static void iblock_repeat(struct target_io *io)
{
	struct iblock_device *ib = iblock_of(io->dev);
	struct page *page = iblock_repeat_block(io);
	sector_t sector = iblock_sector(io);
	struct iblock_req *first = NULL;
	u64 left = iblock_bytes(io);

	if (!page) {
		target_io_done(io, TCM_OUT_OF_RESOURCES);
		return;
	}
	while (left) {
		struct bio *bio = iblock_bio_alloc(ib, io, first, BIO_MAX_VECS,
						   iblock_opf(io));

		if (!first) {
			first = iblock_begin(bio);
			first->page = page;
		}
		bio->bi_iter.bi_sector = sector;
		while (left && bio->bi_vcnt < BIO_MAX_VECS) {
			u32 n = min_t(u64, left, PAGE_SIZE);

			__bio_add_page(bio, page, n, 0);
			left -= n;
		}
		sector += bio_sectors(bio);
		iblock_submit_one(first, bio);
	}
	iblock_put(first);
}

/* The device said that it could, and then that it cannot. */
static void iblock_repeat_instead(struct iblock_req *req)
{
	struct target_io *io = req->io;

	iblock_free(req);
	iblock_repeat(io);
}

static void iblock_ignore_instead(struct iblock_req *req)
{
	int err = iblock_req_errno(req);

	/* To deallocate is a wish (SBC-5 4.7.3.4). */
	iblock_finish(req, err == -EOPNOTSUPP ? 0 : err);
}

/* To write zeros did not work: did the device find out that it cannot? */
static void iblock_zero_instead(struct iblock_req *req)
{
	const struct iblock_device *ib = iblock_of(req->io->dev);
	int err = iblock_req_errno(req);

	if (err == -EOPNOTSUPP || (!bdev_write_zeroes_sectors(ib->bdev) && err != -ENODEV))
		iblock_repeat_instead(req);
	else
		iblock_finish(req, err);
}

static bool iblock_block_is_zero(const struct target_io *io)
{
	u32 n, left = io->dev->dev_attrib.block_size;
	struct sg_mapping_iter miter;
	bool zero = true;

	sg_miter_start(&miter, io->sg, io->nents, SG_MITER_FROM_SG | SG_MITER_ATOMIC);
	for (; zero && left && sg_miter_next(&miter); left -= n) {
		n = min_t(u32, miter.length, left);
		zero = !memchr_inv(miter.addr, 0, n);
	}
	sg_miter_stop(&miter);
	return zero;
}

int iblock_write_same(struct target_io *io)
{
	if (bdev_write_zeroes_sectors(iblock_of(io->dev)->bdev) && iblock_block_is_zero(io))
		iblock_range(io, REQ_OP_WRITE_ZEROES | REQ_NOUNMAP | REQ_SYNC, iblock_zero_instead);
	else
		iblock_repeat(io);
	return 0;
}

/*
 * A discard promises nothing of what is read afterwards.  Where the unit promises zeros it
 * takes a write of zeros, which may deallocate.
 */
int iblock_unmap(struct target_io *io)
{
	if (!io->dev->dev_attrib.unmap_zeroes_data)
		iblock_range(io, REQ_OP_DISCARD, iblock_ignore_instead);
	else if (bdev_write_zeroes_sectors(iblock_of(io->dev)->bdev))
		iblock_range(io, REQ_OP_WRITE_ZEROES, iblock_zero_instead);
	else
		iblock_repeat(io);
	return 0;
}
