// SPDX-License-Identifier: GPL-2.0-only
/* Bios of a transfer's memory, which is the initiator's: nothing is copied. */
#include <linux/scatterlist.h>
#include <compat/compat_block.h>
#include "iblock.h"

void iblock_span_init(struct iblock_span *span, const struct target_io *io,
		      struct scatterlist *sg, u32 skip, u32 blocks)
{
	u32 block_size = io->dev->dev_attrib.block_size;
	u64 off = (u64)skip * block_size;

	span->sector = iblock_sector(io) + (off >> SECTOR_SHIFT);
	span->left = (u64)blocks * block_size;
	span->most = io->prot_sg ? (u64)IBLOCK_PROT_BLOCKS * block_size : U64_MAX;
	span->prot_off = skip * TARGET_PI_BYTES;
	while (off >= sg->length && !sg_is_last(sg)) {
		off -= sg->length;
		sg = sg_next(sg);
	}
	span->sg = sg;
	span->off = off;
}

void iblock_bio_fill(struct bio *bio, struct iblock_span *span)
{
	u64 room = min(span->left, span->most);

	bio->bi_iter.bi_sector = span->sector;
	while (room && bio->bi_vcnt < bio->bi_max_vecs) {
		struct scatterlist *sg = span->sg;
		u32 n = min_t(u64, sg->length - span->off, room);

		__bio_add_page(bio, sg_page(sg), n, sg->offset + span->off);
		room -= n;
		span->left -= n;
		span->off += n;
		if (span->off == sg->length) {
			span->off = 0;
			span->sg = sg_next(sg);
		}
	}
	span->sector += bio_sectors(bio);
}

blk_opf_t iblock_opf(const struct target_io *io)
{
	blk_opf_t opf;

	if (io->dir == DMA_FROM_DEVICE)
		return REQ_OP_READ | REQ_SYNC;
	opf = REQ_OP_WRITE | REQ_SYNC | REQ_IDLE;
	if (unlikely(io->fua))
		opf |= REQ_FUA;
	if (unlikely(io->atomic))
		opf |= REQ_ATOMIC;
	return opf;
}

unsigned int iblock_sg_bits(struct scatterlist *sg, u64 bytes)
{
	unsigned int bits = 0;

	for (; bytes && sg; sg = sg_next(sg)) {
		u32 n = min_t(u64, sg->length, bytes);

		bits |= sg->offset | n;
		bytes -= n;
	}
	return bits;
}

void iblock_sg_copy(struct scatterlist *to, struct scatterlist *from, unsigned int nents,
		    u64 bytes)
{
	struct sg_mapping_iter miter;
	u64 done = 0;

	sg_miter_start(&miter, from, nents, SG_MITER_FROM_SG | SG_MITER_ATOMIC);
	while (done < bytes && sg_miter_next(&miter)) {
		u32 n = min_t(u64, miter.length, bytes - done);

		sg_pcopy_from_buffer(to, sg_nents(to), miter.addr, n, done);
		done += n;
	}
	sg_miter_stop(&miter);
}
