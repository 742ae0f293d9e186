/* SPDX-License-Identifier: GPL-2.0-only */
/* The backstore of files and of block devices that are used as files, "fileio". */
#ifndef TARGET_FILE_H
#define TARGET_FILE_H

#include <linux/bvec.h>
#include <linux/fs.h>
#include <linux/mempool.h>
#include <linux/scatterlist.h>
#include <linux/workqueue.h>
#include <target/target_core_backend.h>

#define FILEIO_BVECS		32	/* of a transfer without an allocation */
#define FILEIO_BOUNCE		SZ_32K	/* bytes of a bounce buffer */
#define FILEIO_NAME_LEN		1024	/* bytes, NUL included */

/**
 * struct fileio_options - what control takes
 * @name: path of the file
 * @size: capacity of a regular file in bytes; follows when that changes
 * @buffered: through the page cache, which is the unit's volatile write cache
 * @async: what another implementation needs to be told, and this one shows again
 */
struct fileio_options {
	char	name[FILEIO_NAME_LEN];
	u64	size;
	bool	buffered;
	bool	async;
};

/**
 * struct fileio_device - a file
 * @dev: the logical unit
 * @options: as written; dev.lock
 * @id: number within the HBA, 0 until it is configured
 *
 * Set by configure and constant until unconfigure:
 * @file: the file
 * @bdev: its block device, NULL for a regular file
 * @direct: past the page cache
 * @inplace: a transfer does not make its submitter wait, or no longer than it takes to
 *	copy the data
 * @part_mask: a write that is not of whole blocks of so many bytes, less one, makes its
 *	submitter wait, @inplace or not
 * @mem_mask: bits that must be 0 in address and length of memory, with @direct
 * @transfers: struct fileio_rw; what there is at least, so that one always gets on
 * @bounces: the same of buffers of %FILEIO_BOUNCE bytes
 * @wq: for what makes its submitter wait. One per device, as one may stand on another
 *
 * @prot: file of the protection information, NULL as long as there was none; set once
 *	under dev.lock, while no transfer is in progress
 * @space_work: reads @used and @available anew
 * @used: blocks of 512 bytes that the file takes
 * @available: as many more it could get
 */
struct fileio_device {
	struct se_device	dev;
	struct fileio_options	options;
	u32			id;
	struct file		*file;
	struct block_device	*bdev;
	bool			direct;
	bool			inplace;
	u32			part_mask;
	u32			mem_mask;
	mempool_t		*transfers;
	mempool_t		*bounces;
	struct workqueue_struct	*wq;
	struct file		*prot;
	struct delayed_work	space_work;
	u64			used;
	u64			available;
};

/**
 * struct fileio_rw - an operation under way
 * @iocb: what the kernel has of it
 * @fd: the device
 * @io: the transfer
 * @work: runs @fn on fd->wq
 * @fn: the rest of the operation, in process context under memalloc_noio_save()
 * @from: first block of a copy's source
 * @sg: entry of memory that holds the next byte
 * @sg_offset: bytes of @sg that have moved
 * @left: bytes still to move; the next one is at iocb.ki_pos
 * @piece: bytes of the call that runs
 * @ret: what that has returned
 * @misfit: memory that cannot be used as it is
 * @bvecs: @room of them
 * @room: see @bvecs
 * @few: what @bvecs is without an allocation
 */
struct fileio_rw {
	struct kiocb		iocb;
	struct fileio_device	*fd;
	struct target_io	*io;
	struct work_struct	work;
	void			(*fn)(struct fileio_rw *rw);
	u64			from;
	struct scatterlist	*sg;
	u32			sg_offset;
	u64			left;
	size_t			piece;
	long			ret;
	bool			misfit;
	struct bio_vec		*bvecs;
	unsigned int		room;
	struct bio_vec		few[FILEIO_BVECS];
};

static inline struct fileio_device *fileio_of(struct se_device *dev)
{
	return container_of(dev, struct fileio_device, dev);
}

static inline loff_t fileio_pos(const struct se_device *dev, u64 lba)
{
	return lba * dev->dev_attrib.block_size;
}

static inline u64 fileio_bytes(const struct target_io *io)
{
	return (u64)io->blocks * io->dev->dev_attrib.block_size;
}

/* Must what is written be on the medium when the command ends? */
static inline bool fileio_is_durable(const struct target_io *io)
{
	return io->fua || !READ_ONCE(io->dev->dev_attrib.emulate_write_cache);
}

/* file_rw.c */
int fileio_execute_rw(struct target_io *io);
/* Run @fn for a transfer on the device's workqueue; it ends with fileio_rw_end(). 0 or -EAGAIN. */
int fileio_defer(struct target_io *io, void (*fn)(struct fileio_rw *rw));
/* The same for a copy from block @from on. */
int fileio_defer_from(struct target_io *io, u64 from, void (*fn)(struct fileio_rw *rw));
/* The transfer has ended: 0 or -errno, and io->err_lba is set. Any context. */
void fileio_rw_end(struct fileio_rw *rw, int err);
/* The same, and the block that failed is the first of what is left. */
void fileio_rw_finish(struct fileio_rw *rw, int err);

/**
 * fileio_rw_fill - as much memory as goes into one call
 * @rw: the operation: @sg, @sg_offset, @left, @bvecs and @room
 * @mask: bits that must be 0 in address and length of each piece of memory
 * @block: what the length of the call must be a multiple of, if it is not the last
 * @nr: set to the number of bvecs
 *
 * Sets rw->piece, and rw->misfit if the memory is not so.
 */
void fileio_rw_fill(struct fileio_rw *rw, u32 mask, u32 block, unsigned int *nr);

/* So many bytes have moved. */
void fileio_rw_advance(struct fileio_rw *rw, size_t bytes);

/*
 * Write and wait, also until the filesystem is not frozen; iocb->ki_complete is NULL. Bytes
 * or -errno. Context: process.
 */
ssize_t fileio_write_iter(struct kiocb *iocb, struct iov_iter *iter);

/**
 * fileio_move - move a buffer and wait
 * @fd: the device
 * @file: its file, or that of the protection information
 * @dir: DMA_TO_DEVICE writes the file
 * @buf: %FILEIO_BOUNCE bytes at most, not of the stack
 * @len: bytes
 * @pos: where in the file
 * @durable: of a write
 *
 * What lies behind the end of a regular file reads as zeros.
 * Context: process. Return: 0 or -errno.
 */
int fileio_move(struct fileio_device *fd, struct file *file, enum dma_data_direction dir,
		void *buf, size_t len, loff_t pos, bool durable);

/* file_fault.c: which block it was */
/* Is it an error of one of many blocks, so that it is worth to look for it? Pure. */
bool fileio_fault_is_local(const struct fileio_rw *rw, int err);
/*
 * Move what is left of a transfer again, by halves, until it is known which block fails:
 * rw->left then begins with it. It ends after as many tries as it takes, or after some
 * seconds with what is known by then. Context: process, on the device's workqueue.
 */
void fileio_fault_find(struct fileio_rw *rw);

/* file_space.c */
int fileio_flush(struct target_io *io);
int fileio_unmap(struct target_io *io);
int fileio_write_same(struct target_io *io);
int fileio_copy(struct target_io *io, u64 from);
u32 fileio_lba_status(struct se_device *dev, u64 lba, u32 blocks, enum target_lba_status *status);
void fileio_space(struct se_device *dev, u64 *used, u64 *available);
void fileio_space_work(struct work_struct *work);
/*
 * Blocks from @pos on that are alike, where the file's hole, or its data, reaches to
 * @next: at least one, at most @blocks. Is the first one there?
 */
u32 fileio_run(loff_t pos, loff_t next, bool hole, u32 shift, u32 blocks, bool *present);

/* Space may be taken or given back: who wants to know is told in a moment. Any context. */
static inline void fileio_space_changed(struct fileio_device *fd)
{
	if (!delayed_work_pending(&fd->space_work))
		queue_delayed_work(fd->wq, &fd->space_work, HZ / 10);
}

/* file_pi.c */
int fileio_prot_format(struct se_device *dev);
void fileio_prot_close(struct fileio_device *fd);
/* fn of a transfer of a unit with protection information. */
void fileio_rw_protected(struct fileio_rw *rw);
/* Blocks lose theirs; @rw->io says which. 0 or -errno. */
int fileio_prot_drop(struct fileio_rw *rw);
/* Data of a transfer, without completing it: 0 or -errno. */
int fileio_rw_data(struct fileio_rw *rw);

/* file_attrib.c */
extern struct configfs_attribute *fileio_attribs[];
extern struct configfs_attribute *fileio_actions[];
void fileio_attribs_init(void);

/* file.c */
/* The capacity that a file of so many bytes gives, in blocks of limits.block_size. */
u64 fileio_blocks(const struct fileio_device *fd, u64 bytes);

/*
 * Give the unit another capacity; dev.lock is held. 0; -EOPNOTSUPP for a block device,
 * which decides itself; -EINVAL if it is not a number of blocks; or what the filesystem
 * says of a longer file. One that is longer than the unit stays so.
 */
int fileio_resize(struct fileio_device *fd, u64 bytes);
/* The unit gets the capacity that the file has, or all limits of the device; dev.lock held. */
int fileio_rescan(struct fileio_device *fd);

#endif /* TARGET_FILE_H */
