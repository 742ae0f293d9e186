/* SPDX-License-Identifier: GPL-2.0-only */
/* Newer names of the block layer for older kernels; see compat.h. */
#ifndef TCM_COMPAT_BLOCK_H
#define TCM_COMPAT_BLOCK_H

#include <linux/bio.h>
#include <linux/blk-mq.h>
#include <linux/blkdev.h>

/*
 * A CPU's cache of bios takes them back from interrupts since 6.2.  Before, bio_put() there
 * complains, and keeps them out of it.
 */
#ifdef TCM_HAVE_BIO_IRQ_CACHE
#define TCM_REQ_BIO_CACHE	REQ_ALLOC_CACHE
#else
#define TCM_REQ_BIO_CACHE	((__force blk_opf_t)0)
#endif

/* Atomic writes came with 6.11: before, no device can. */
#ifndef REQ_ATOMIC
#define REQ_ATOMIC	((__force blk_opf_t)0)

static inline bool bdev_can_atomic_write(struct block_device *bdev)
{
	return false;
}

static inline unsigned int queue_atomic_write_unit_min_bytes(const struct request_queue *q)
{
	return 0;
}

static inline unsigned int queue_atomic_write_unit_max_bytes(const struct request_queue *q)
{
	return 0;
}

static inline unsigned int queue_atomic_write_boundary_bytes(const struct request_queue *q)
{
	return 0;
}
#endif

/* Rotating is what is asked since 7.0. */
#ifndef TCM_HAVE_BDEV_ROT
static inline bool bdev_rot(struct block_device *bdev)
{
	return !bdev_nonrot(bdev);
}
#endif

/* Whether a write of zeros deallocates is known since 6.17. */
#ifndef TCM_HAVE_WZEROES_UNMAP
static inline unsigned int bdev_write_zeroes_unmap_sectors(struct block_device *bdev)
{
	return 0;
}
#endif

/* Lists of requests have a type of their own since 6.13. */
#ifdef TCM_HAVE_RQ_LIST
#define blk_plug_has_requests(plug)	(!rq_list_empty(&(plug)->mq_list))
#else
#define blk_plug_has_requests(plug)	(!rq_list_empty((plug)->mq_list))
#endif

/* A plug keeps a time stamp, and its task a flag that it does, since 6.9. */
#ifndef PF_BLOCK_TS
static inline void blk_plug_invalidate_ts(void)
{
}
#endif

/* The head of a request's end_io function, which is told of its batch since 6.19. */
#ifdef TCM_HAVE_RQ_END_IO_BATCH
#define TCM_RQ_END_IO(name, rq, error)						\
static enum rq_end_io_ret name(struct request *rq, blk_status_t error,	\
			       const struct io_comp_batch *iob)
#else
#define TCM_RQ_END_IO(name, rq, error)						\
static enum rq_end_io_ret name(struct request *rq, blk_status_t error)
#endif

#endif /* TCM_COMPAT_BLOCK_H */
