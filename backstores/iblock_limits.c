// SPDX-License-Identifier: GPL-2.0-only
/* What a block device says of itself as limits of a logical unit, and what becomes of it. */
#include <linux/log2.h>
#include <linux/minmax.h>
#include <linux/sizes.h>
#include <compat/compat_block.h>
#include "iblock.h"

#define IBLOCK_MAX_WRITE_SAME	0xffff	/* where the device has no such limit */

/* One bio of whole pages, wherever the initiator's memory lies. */
#define IBLOCK_MAX_ATOMIC	((u32)BIO_MAX_VECS * PAGE_SIZE)

static u32 iblock_blocks(const struct iblock_facts *facts, u64 bytes)
{
	return min_t(u64, div_u64(bytes, facts->block_size), U32_MAX);
}

static u32 iblock_sectors(const struct iblock_facts *facts, u32 sectors)
{
	return iblock_blocks(facts, (u64)sectors << SECTOR_SHIFT);
}

/*
 * A boundary that no atomic write may cross is not one that it names (SBC-5 4.29.2): who
 * begins at multiples of the longest such write does not cross it.
 */
static void iblock_set_atomic(struct target_limits *limits, const struct iblock_facts *facts)
{
	u32 max = min(facts->atomic_max, IBLOCK_MAX_ATOMIC);

	if (facts->prot_type)
		max = min(max, IBLOCK_PROT_BLOCKS * facts->block_size);
	if (!facts->atomic_min || max < facts->atomic_min)
		return;
	limits->atomic_max_len = iblock_blocks(facts, max);
	limits->atomic_granularity = iblock_blocks(facts, facts->atomic_min);
	limits->atomic_alignment = facts->atomic_boundary ? limits->atomic_max_len :
				   limits->atomic_granularity;
}

void iblock_limits_of(struct target_limits *limits, const struct iblock_facts *facts)
{
	u32 zeroes = iblock_sectors(facts, facts->zeroes_sectors);

	*limits = (struct target_limits){
		.blocks		= facts->sectors >> (ilog2(facts->block_size) - SECTOR_SHIFT),
		.block_size	= facts->block_size,
		.hw_max_sectors	= iblock_sectors(facts, facts->max_sectors),
		.hw_queue_depth	= facts->depth,
		.align_blocks	= iblock_blocks(facts, facts->align_offset),
		.io_min		= iblock_blocks(facts, facts->io_min),
		.io_opt		= iblock_blocks(facts, facts->io_opt),
		.max_write_same	= zeroes ?: IBLOCK_MAX_WRITE_SAME,
		.whole_blocks	= true,
		.splits		= true,
		.write_cache	= facts->write_cache,
		.nonrot		= facts->nonrot,
		.read_only	= facts->read_only,
		.hw_prot_type	= facts->prot_type,
		.device_type	= TYPE_DISK,
	};
	if (facts->phys_size > facts->block_size)
		limits->phys_exp = ilog2(facts->phys_size) - ilog2(facts->block_size);
	if (facts->discard_sectors) {
		limits->max_unmap_blocks = iblock_sectors(facts, facts->discard_sectors);
		limits->max_unmap_descs = 1;
		limits->unmap_granularity = iblock_blocks(facts, facts->discard_granularity);
		limits->unmap_alignment = iblock_blocks(facts, facts->discard_alignment);
		limits->unmap_zeroes = zeroes && facts->zeroes_unmap;
	}
	iblock_set_atomic(limits, facts);
}

void iblock_limits_read(const struct iblock_device *ib, struct target_limits *limits)
{
	struct block_device *bdev = ib->bdev;
	struct request_queue *q = bdev_get_queue(bdev);
	struct iblock_facts facts = {
		.sectors	= bdev_nr_sectors(bdev),
		.block_size	= bdev_logical_block_size(bdev),
		.phys_size	= bdev_physical_block_size(bdev),
		.align_offset	= max(bdev_alignment_offset(bdev), 0),
		.io_min		= bdev_io_min(bdev),
		.io_opt		= bdev_io_opt(bdev),
		.max_sectors	= queue_max_hw_sectors(q),
		.depth		= q->nr_requests,
		.discard_sectors = bdev_max_discard_sectors(bdev),
		.discard_granularity = bdev_discard_granularity(bdev),
		.discard_alignment = bdev_discard_alignment(bdev),
		.zeroes_sectors	= bdev_write_zeroes_sectors(bdev),
		.zeroes_unmap	= bdev_write_zeroes_unmap_sectors(bdev),
		.write_cache	= bdev_write_cache(bdev),
		.prot_type	= iblock_prot_type(ib),
		.nonrot		= !bdev_rot(bdev),
		.read_only	= ib->options.readonly || bdev_read_only(bdev),
	};

	if (bdev_can_atomic_write(bdev)) {
		facts.atomic_min = queue_atomic_write_unit_min_bytes(q);
		facts.atomic_max = queue_atomic_write_unit_max_bytes(q);
		facts.atomic_boundary = queue_atomic_write_boundary_bytes(q);
	}
	iblock_limits_of(limits, &facts);
}

/*
 * The device may also have found out that it cannot write zeros: then they are written, see
 * iblock_io.c.  Who was sent to where he can wait may try again.
 */
int iblock_read_limits(struct se_device *dev, struct target_limits *limits)
{
	struct iblock_device *ib = iblock_of(dev);
	const struct target_limits was = *limits;

	if (iblock_is_gone(ib))
		return -ENODEV;
	iblock_limits_read(ib, limits);
	if (!bdev_write_zeroes_sectors(ib->bdev) && limits->block_size == was.block_size)
		limits->max_write_same = was.max_write_same;
	WRITE_ONCE(ib->dma_mask, bdev_dma_alignment(ib->bdev));
	iblock_hands_over_start(ib);
	return 0;
}
