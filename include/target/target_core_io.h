/* SPDX-License-Identifier: GPL-2.0-only */
/* What passes between the core and a backstore: limits once, transfers always. */
#ifndef TARGET_CORE_IO_H
#define TARGET_CORE_IO_H

#include <linux/dma-direction.h>
#include <linux/types.h>

struct scatterlist;
struct se_device;

/**
 * typedef sense_reason_t - why a command ends
 *
 * An index into the core's one table of sense keys and additional sense codes
 * (core/sense.c), or %TCM_NO_SENSE for success.  The values up to
 * %TCM_ALUA_OFFLINE are the published ones.
 */
typedef unsigned int __bitwise sense_reason_t;

/**
 * struct target_limits - what is constant about a device once it is configured
 * @blocks: capacity, logical blocks; changed by target_dev_resized() only
 * @block_size: bytes of a logical block: a power of two from 512 to 4096
 * @hw_max_sectors: logical blocks of the largest transfer
 * @hw_queue_depth: commands the backstore takes at once
 * @phys_exp: log2 of logical blocks per physical block
 * @align_blocks: LOWEST ALIGNED LOGICAL BLOCK ADDRESS
 * @io_min: OPTIMAL TRANSFER LENGTH GRANULARITY, logical blocks, 0 for none
 * @io_opt: OPTIMAL TRANSFER LENGTH, logical blocks, 0 for none
 * @max_unmap_blocks: logical blocks one UNMAP takes, 0 when it can't
 * @max_unmap_descs: block descriptors one UNMAP takes
 * @unmap_granularity: logical blocks
 * @unmap_alignment: logical blocks
 * @unmap_zeroes: unmapped blocks read as zero
 * @max_write_same: logical blocks of one WRITE SAME, 0 when it can't
 * @atomic_max_len: logical blocks of one atomic write, 0 when it can't
 * @atomic_alignment: logical blocks
 * @atomic_granularity: logical blocks
 * @atomic_max_with_boundary: logical blocks
 * @atomic_max_boundary: logical blocks
 * @whole_blocks: nothing smaller than a block can be transferred, so that no smaller block
 *	size can be chosen
 * @splits: longer transfers than @hw_max_sectors are taken, too, and split
 * @write_cache: the medium has a volatile write cache
 * @crypto_erase: the blocks are kept encrypted
 * @nonrot: not a rotating medium
 * @read_only: the medium cannot be written
 * @hw_prot_type: the medium itself keeps protection information of this type, 0 for none.
 *	Unlike that of a prot_format hook it can neither be chosen nor be forgotten, and makes
 *	itself for transfers without any; stays while the device is exported
 * @space_unknown: the space hook has nothing to say of this one
 * @device_type: PERIPHERAL DEVICE TYPE
 *
 * Filled in by the backstore's configure hook; the core reads it only after that. Later
 * it may change while the device is not exported, dev->lock held; and at any time by
 * target_dev_resized(), the read_limits hook and target_dev_limits_changed_locked().
 */
struct target_limits {
	u64	blocks;
	u32	block_size;
	u32	hw_max_sectors;
	u32	hw_queue_depth;
	u32	phys_exp;
	u32	align_blocks;
	u32	io_min;
	u32	io_opt;
	u32	max_unmap_blocks;
	u32	max_unmap_descs;
	u32	unmap_granularity;
	u32	unmap_alignment;
	u32	max_write_same;
	u32	atomic_max_len;
	u32	atomic_alignment;
	u32	atomic_granularity;
	u32	atomic_max_with_boundary;
	u32	atomic_max_boundary;
	bool	unmap_zeroes;
	bool	whole_blocks;
	bool	splits;
	bool	write_cache;
	bool	crypto_erase;
	bool	nonrot;
	bool	read_only;
	bool	space_unknown;
	u8	hw_prot_type;
	u8	device_type;
};

/* PROVISIONING STATUS of a logical block (SBC-5 5.6.2.2) */
enum target_lba_status {
	TARGET_LBA_DEALLOCATED	= 1,
	TARGET_LBA_ANCHORED	= 2,
	TARGET_LBA_MAPPED	= 3,
	TARGET_LBA_UNKNOWN	= 4,
};

#define TARGET_PI_BYTES	8	/* of protection information, with each block (SBC-5 4.21.3) */

/**
 * struct target_io - one transfer a backstore is asked to make
 * @dev: the logical unit
 * @lba: first logical block, in blocks of dev->dev_attrib.block_size
 * @blocks: number of logical blocks; for the flush hook 0 is "to the end"
 * @dir: DMA_TO_DEVICE writes the medium, DMA_FROM_DEVICE reads it
 * @sg: memory of the data, at least @blocks << dev->block_shift bytes; may be
 *	chained; one block for write_same; NULL where no data moves
 * @nents: entries in @sg
 * @prot_sg: memory of the protection information, 8 bytes for each block, or NULL;
 *	only where the backstore has a prot_format hook, or limits.hw_prot_type
 * @prot_nents: entries in @prot_sg
 * @prot_check: with limits.hw_prot_type and a write: the medium is to check all of it, too
 * @fua: the data is on the medium when the transfer is done
 * @atomic: all of the data is written or nothing, also when it fails or the
 *	power does (SBC-5 4.29); within the atomic limits of the device
 * @nowait: the caller cannot sleep, or shall not wait; see struct target_backend_ops
 * @may_block: with @nowait: the caller is in process context, and to sleep on the way
 *	to others does no harm
 * @err_lba: the backstore's, before target_io_done(): the block that failed
 * @done: called once, by target_io_done()
 * @priv: the backstore's while it has the transfer
 *
 * The caller owns it again when @done is called.  The range is inside the
 * device, checked before.
 */
struct target_io {
	struct se_device	*dev;
	u64			lba;
	u32			blocks;
	enum dma_data_direction	dir;
	struct scatterlist	*sg;
	unsigned int		nents;
	struct scatterlist	*prot_sg;
	unsigned int		prot_nents;
	bool			prot_check;
	bool			fua;
	bool			atomic;
	bool			nowait;
	bool			may_block;
	u64			err_lba;
	void			(*done)(struct target_io *io, sense_reason_t why);
	void			*priv;
};

#endif /* TARGET_CORE_IO_H */
