/* SPDX-License-Identifier: GPL-2.0-only */
/* The backstore of block devices, "iblock". */
#ifndef TARGET_IBLOCK_H
#define TARGET_IBLOCK_H

#include <linux/bio.h>
#include <linux/blkdev.h>
#include <target/target_core_backend.h>

/**
 * struct iblock_options - what control takes
 * @udev_path: path of the device
 * @readonly: open it for reading only
 * @force: taken, and without effect, as ever
 * @exclusive: claim the device, so that no one else can
 */
struct iblock_options {
	char	udev_path[SE_UDEV_PATH_LEN];
	bool	readonly;
	bool	force;
	bool	exclusive;
};

/**
 * struct iblock_device - a block device as a logical unit
 * @dev: the logical unit
 * @options: as written; dev.lock, constant once it is configured
 * @file: the device, open
 * @bdev: the same
 * @dma_mask: address and length bits that its memory must have clear, as of the last look
 * @bios: first bios of transfers, struct iblock_req, and reserves of them
 * @more_bios: the same of those after the first
 */
struct iblock_device {
	struct se_device	dev;
	struct iblock_options	options;
	struct file		*file;
	struct block_device	*bdev;
	unsigned int		dma_mask;
	struct bio_set		bios;
	struct bio_set		more_bios;
};

/**
 * struct iblock_req - a bio; the first of a transfer stands for all of it
 * @io: the transfer
 * @sg: its memory; @bounce or the initiator's
 * @pending: bios of it, and who submits them
 * @status: of a bio that failed
 * @instead: what to do when the device cannot do what was asked, NULL for nothing
 * @work: takes the transfer to where it can sleep
 * @page: full of the one block of write_same, or NULL
 * @bounce: memory that the device can reach, or NULL
 * @prot: protection information, of a bio of a transfer that has some, or NULL
 * @prot_off: bytes of the transfer's before it
 * @prot_len: bytes in it
 * @bio: the bio; last, as its vectors follow it
 *
 * In the order of who comes by: a transfer of one bio that ends well sets @io, @sg, @page
 * and @bounce, and reads @io.
 */
struct iblock_req {
	struct target_io	*io;
	struct scatterlist	*sg;
	struct page		*page;
	struct scatterlist	*bounce;
	void			(*instead)(struct iblock_req *req);
	atomic_t		pending;
	blk_status_t		status;
	struct work_struct	work;
	struct page		*prot;
	u32			prot_off;
	u32			prot_len;
	struct bio		bio;
};

static inline struct iblock_device *iblock_of(struct se_device *dev)
{
	return container_of(dev, struct iblock_device, dev);
}

/* Runs what has to sleep: the end of some transfers. */
extern struct workqueue_struct *iblock_wq;

/* --- backstores/iblock_limits.c ------------------------------------------------------------ */

/**
 * struct iblock_facts - what a block device says of itself
 * @sectors: capacity, in units of 512 bytes
 * @block_size: bytes of a logical block
 * @phys_size: bytes of a physical block
 * @align_offset: bytes from the first block to the first that begins a physical one
 * @io_min: preferred bytes of a transfer, 0 for none
 * @io_opt: best bytes of a transfer, 0 for none
 * @max_sectors: units of 512 bytes of a transfer
 * @depth: requests
 * @discard_sectors: units of 512 bytes of a discard, 0 when it can't
 * @discard_granularity: bytes
 * @discard_alignment: bytes
 * @zeroes_sectors: units of 512 bytes of a write of zeros, 0 when it can't
 * @zeroes_unmap: that deallocates, as far as is known
 * @atomic_min: bytes of an atomic write, 0 when it can't
 * @atomic_max: bytes
 * @atomic_boundary: bytes, 0 for none; none may cross a multiple of it
 * @write_cache: it has a volatile cache
 * @prot_type: type of the protection information that it keeps, 0 for none
 * @nonrot: not a rotating medium
 * @read_only: it cannot be written
 */
struct iblock_facts {
	u64	sectors;
	u32	block_size;
	u32	phys_size;
	u32	align_offset;
	u32	io_min;
	u32	io_opt;
	u32	max_sectors;
	u32	depth;
	u32	discard_sectors;
	u32	discard_granularity;
	u32	discard_alignment;
	u32	zeroes_sectors;
	u32	atomic_min;
	u32	atomic_max;
	u32	atomic_boundary;
	u32	prot_type;
	bool	zeroes_unmap;
	bool	write_cache;
	bool	nonrot;
	bool	read_only;
};

/* Facts as limits; pure. Blocks are 512 to 4096 bytes. */
void iblock_limits_of(struct target_limits *limits, const struct iblock_facts *facts);

/* The limits of the open device, as they are now. Context: process. */
void iblock_limits_read(const struct iblock_device *ib, struct target_limits *limits);

/*
 * Transfers come from where their initiator asks, or, once the device had no room for one,
 * until the next look at it, from where they can wait.
 */
static inline void iblock_hands_over_start(struct iblock_device *ib)
{
	WRITE_ONCE(ib->dev.hands_over, bdev_nowait(ib->bdev));
}

static inline void iblock_hands_over_stop(struct iblock_device *ib)
{
	WRITE_ONCE(ib->dev.hands_over, false);
}

/* The hook: all that can change of an open device. */
int iblock_read_limits(struct se_device *dev, struct target_limits *limits);

/* --- backstores/iblock_io.c --------------------------------------------------------------- */

int iblock_execute_rw(struct target_io *io);
int iblock_flush(struct target_io *io);
int iblock_unmap(struct target_io *io);
int iblock_write_same(struct target_io *io);

/* Has the device been taken away? Context: any. */
bool iblock_is_gone(const struct iblock_device *ib);

/**
 * iblock_errno - what a status of the block layer means for a device in this state
 * @status: the status
 * @gone: the device has been taken away
 *
 * Return: negative errno for target_io_sense(), or 0. Pure.
 */
int iblock_errno(blk_status_t status, bool gone);

/* --- backstores/iblock_bio.c: bios of a transfer's memory --------------------------------- */

/**
 * struct iblock_span - what of a transfer has no bio yet
 * @sg: entry that it begins in
 * @off: bytes of @sg before it
 * @sector: on the device
 * @left: bytes
 * @most: bytes of a bio
 * @prot_off: bytes of the transfer's protection information before it
 */
struct iblock_span {
	struct scatterlist	*sg;
	u32			off;
	sector_t		sector;
	u64			left;
	u64			most;
	u32			prot_off;
};

static inline sector_t iblock_sector(const struct target_io *io)
{
	return io->lba * (io->dev->dev_attrib.block_size >> SECTOR_SHIFT);
}

static inline u64 iblock_bytes(const struct target_io *io)
{
	return (u64)io->blocks * io->dev->dev_attrib.block_size;
}

/* @blocks of a transfer from the @skip-th on, in the memory at @sg. Pure. */
void iblock_span_init(struct iblock_span *span, const struct target_io *io,
		      struct scatterlist *sg, u32 skip, u32 blocks);

/* Add as much of the span as there are vectors for, and move on. Pure. */
void iblock_bio_fill(struct bio *bio, struct iblock_span *span);

/* Operation and flags of a read or write. Pure. */
blk_opf_t iblock_opf(const struct target_io *io);

/* All bits of addresses and lengths in the first @bytes of a list. Pure. */
unsigned int iblock_sg_bits(struct scatterlist *sg, u64 bytes);

/* From one list to another. */
void iblock_sg_copy(struct scatterlist *to, struct scatterlist *from, unsigned int nents,
		    u64 bytes);

/* --- backstores/iblock_fault.c: which block it was ---------------------------------------- */

/* Is it an error of one of many blocks, so that it is worth to look for it? Pure. */
bool iblock_fault_is_local(const struct target_io *io, int err);

/**
 * iblock_fault_find - set io->err_lba to the first block that fails
 * @io: a read or write that has failed, of more blocks than one
 * @sg: its memory
 *
 * Transfers parts of it again, each half as large as the one before.  It ends after as many
 * as it takes to get to one block, or after some seconds, with what is known by then.
 * Process context, may sleep.
 */
void iblock_fault_find(struct target_io *io, struct scatterlist *sg);

/* --- backstores/iblock_prot.c: protection information ------------------------------------- */

/* Blocks whose protection information fits into a page, which is one for each bio. */
#define IBLOCK_PROT_BLOCKS	((u32)(PAGE_SIZE / TARGET_PI_BYTES))

/* Type 1 or 3 that the device keeps, or 0: none, or of another kind. */
u32 iblock_prot_type(const struct iblock_device *ib);

/* What belongs to the data of a bio that is yet to be submitted. */
static inline u32 iblock_prot_bytes(const struct bio *bio, const struct target_io *io)
{
	return bio->bi_iter.bi_size / io->dev->dev_attrib.block_size * TARGET_PI_BYTES;
}

/*
 * Send a page of the transfer's protection information, from byte @off on, along with a bio
 * that has its data. Context: process. Return: the page, or ERR_PTR().
 */
struct page *iblock_prot_begin(struct bio *bio, const struct target_io *io, u32 off);

/* Such a bio has ended. Any context. */
void iblock_prot_end(struct iblock_req *req);

/* Those below did not like what io->err_lba has: what of it? Context: process. */
sense_reason_t iblock_prot_reason(const struct target_io *io);

/* What is wrong with a block, when something is. Pure. */
sense_reason_t iblock_prot_judge(const u8 *data, u32 block_size, const u8 *tuple, u64 lba,
				 u32 type);

#endif /* TARGET_IBLOCK_H */
