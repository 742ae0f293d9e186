// SPDX-License-Identifier: GPL-2.0-only
/*
 * The backstore of files, "fileio": a regular file, or a block device used as one.
 *
 * Unless it is told to use the page cache, it goes past it where the file allows that:
 * the initiator has a cache of its own. Either way what is written is durable when the
 * command ends, unless the unit is said to have a volatile write cache
 * (emulate_write_cache), which is the default of a buffered one.
 */
#include <linux/atomic.h>
#include <linux/blkdev.h>
#include <linux/backing-dev.h>
#include <linux/log2.h>
#include <linux/module.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include <linux/stat.h>
#include <scsi/scsi_proto.h>
#include <compat/compat_file.h>
#include "file.h"

#define FILEIO_BLOCK_SIZE	512
#define FILEIO_MAX_TRANSFER	SZ_8M
#define FILEIO_QUEUE_DEPTH	128
#define FILEIO_MAX_UNMAP	8192	/* blocks: what a hole may take others' time for */
#define FILEIO_MAX_SAME		4096	/* blocks, of a regular file */
#define FILEIO_MAX_SAME_BDEV	65535
#define FILEIO_RESERVE		4	/* elements of a mempool */

static const struct target_option fileio_option_table[] = {
	TARGET_OPTION_TEXT("fd_dev_name", struct fileio_options, name),
	TARGET_OPTION_NUMBER("fd_dev_size", struct fileio_options, size, 0, S64_MAX),
	TARGET_OPTION_FLAG("fd_buffered_io", struct fileio_options, buffered),
	TARGET_OPTION_FLAG("fd_async_io", struct fileio_options, async),
};

/**
 * struct fileio_hba - an HBA of files
 * @next_id: number of the next file that is configured
 */
struct fileio_hba {
	atomic_t	next_id;
};

static int fileio_attach_hba(struct se_hba *hba, u32 host_id)
{
	struct fileio_hba *fileio_hba = kzalloc(sizeof(*fileio_hba), GFP_KERNEL);

	if (!fileio_hba)
		return -ENOMEM;
	hba->hba_ptr = fileio_hba;
	return 0;
}

static void fileio_detach_hba(struct se_hba *hba)
{
	kfree(hba->hba_ptr);
	hba->hba_ptr = NULL;
}

static struct se_device *fileio_alloc(struct se_hba *hba, const char *name)
{
	struct fileio_device *fd = kzalloc(sizeof(*fd), GFP_KERNEL);

	if (!fd)
		return NULL;
	INIT_DELAYED_WORK(&fd->space_work, fileio_space_work);
	return &fd->dev;
}

static void fileio_free(struct se_device *dev)
{
	kfree(fileio_of(dev));
}

static int fileio_set_params(struct se_device *dev, const char *page, size_t count)
{
	struct fileio_device *fd = fileio_of(dev);

	lockdep_assert_held(&dev->lock);
	return target_options_parse(fileio_option_table, ARRAY_SIZE(fileio_option_table),
				    &fd->options, sizeof(fd->options), page, count);
}

static ssize_t fileio_show_info(struct se_device *dev, char *page, size_t size)
{
	const struct fileio_device *fd = fileio_of(dev);
	const struct fileio_options *options = &fd->options;

	lockdep_assert_held(&dev->lock);
	return scnprintf(page, size,
			 "        TCM FILEIO ID: %u        File: %s  Size: %llu  Mode: %s Async: %d\n",
			 fd->id, options->name, options->size,
			 options->buffered ? "Buffered-WCE" : "O_DSYNC", options->async);
}

/* --- opening ----------------------------------------------------------------------------- */

/* Direct if it can be, and if it has to be so, to be read only. */
static struct file *fileio_open(const struct fileio_options *options, bool direct)
{
	const int flags = O_RDWR | O_CREAT | O_LARGEFILE | (direct ? O_DIRECT : 0);
	struct file *file = filp_open(options->name, flags, 0600);

	if (file == ERR_PTR(-EROFS)) {
		file = filp_open(options->name, (flags & ~(O_ACCMODE | O_CREAT)) | O_RDONLY, 0);
		/* That it is not there is not what keeps it from being made. */
		if (file == ERR_PTR(-ENOENT))
			return ERR_PTR(-EROFS);
	}
	if (file == ERR_PTR(-EINVAL) && direct)
		return fileio_open(options, false);
	return file;
}

/*
 * What memory a direct transfer wants, and whether it takes blocks of 512 bytes. Where
 * it does not, the page cache has to put them together.
 */
static bool fileio_can_direct(struct fileio_device *fd)
{
	struct super_block *sb = file_inode(fd->file)->i_sb;
	struct kstat stat;

	if (fd->bdev) {
		fd->mem_mask = bdev_dma_alignment(fd->bdev);
		return true;
	}
	fd->mem_mask = FILEIO_BLOCK_SIZE - 1;
	if (!vfs_getattr(&fd->file->f_path, &stat, STATX_DIOALIGN, AT_STATX_SYNC_AS_STAT) &&
	    stat.result_mask & STATX_DIOALIGN) {
		fd->mem_mask = stat.dio_mem_align - 1;
		return stat.dio_offset_align && stat.dio_offset_align <= FILEIO_BLOCK_SIZE;
	}
	return !sb->s_bdev || bdev_logical_block_size(sb->s_bdev) <= FILEIO_BLOCK_SIZE;
}

static int fileio_check_type(struct fileio_device *fd)
{
	umode_t mode = file_inode(fd->file)->i_mode;

	if (S_ISBLK(mode))
		fd->bdev = I_BDEV(fd->file->f_mapping->host);
	return S_ISBLK(mode) || S_ISREG(mode) ? 0 : -EINVAL;
}

static void fileio_close_file(struct fileio_device *fd)
{
	if (!IS_ERR_OR_NULL(fd->file))
		filp_close(fd->file, NULL);
	fd->file = NULL;
	fd->bdev = NULL;
}

static int fileio_open_file(struct fileio_device *fd, bool direct)
{
	int err;

	fd->file = fileio_open(&fd->options, direct);
	if (IS_ERR(fd->file)) {
		err = PTR_ERR(fd->file);
		goto out_close;
	}
	err = fileio_check_type(fd);
	if (err)
		goto out_close;
	fd->direct = fd->file->f_flags & O_DIRECT;
	if (fd->direct && !fileio_can_direct(fd)) {
		fileio_close_file(fd);
		return fileio_open_file(fd, false);
	}
	return 0;

out_close:
	fileio_close_file(fd);
	return err;
}

static bool fileio_is_read_only(const struct fileio_device *fd)
{
	return !(fd->file->f_mode & FMODE_WRITE) || (fd->bdev && bdev_read_only(fd->bdev));
}

/* A file that is as long as the unit is large has no end that a write would have to move. */
static int fileio_extend(struct fileio_device *fd, u64 bytes)
{
	if (i_size_read(file_inode(fd->file)) >= bytes || fileio_is_read_only(fd))
		return 0;
	return vfs_truncate(&fd->file->f_path, bytes);
}

/* --- limits ------------------------------------------------------------------------------ */

u64 fileio_blocks(const struct fileio_device *fd, u64 bytes)
{
	return fd->bdev ? bytes >> ilog2(bdev_logical_block_size(fd->bdev)) :
			  bytes / FILEIO_BLOCK_SIZE;
}

static u64 fileio_file_size(const struct fileio_device *fd)
{
	return fd->bdev ? bdev_nr_bytes(fd->bdev) : i_size_read(file_inode(fd->file));
}

static void fileio_limits_regular(struct fileio_device *fd, struct target_limits *limits)
{
	u32 fs_block = clamp_t(u32, i_blocksize(file_inode(fd->file)), FILEIO_BLOCK_SIZE, SZ_4K);

	limits->block_size = FILEIO_BLOCK_SIZE;
	limits->phys_exp = ilog2(fs_block / FILEIO_BLOCK_SIZE);
	limits->max_write_same = FILEIO_MAX_SAME;
	limits->unmap_zeroes = true;
	if (!fd->file->f_op->fallocate)
		return;
	limits->max_unmap_blocks = FILEIO_MAX_UNMAP;
	limits->max_unmap_descs = 1;
	limits->unmap_granularity = fs_block / FILEIO_BLOCK_SIZE;
}

static void fileio_limits_unmap(struct fileio_device *fd, struct target_limits *limits)
{
	struct block_device *bdev = fd->bdev;
	u32 shift = ilog2(limits->block_size) - SECTOR_SHIFT;
	u32 sectors = bdev_write_zeroes_sectors(bdev);

	limits->unmap_zeroes = sectors;
	/* What has been discarded may be in the page cache yet. */
	if (!sectors && fd->direct)
		sectors = bdev_max_discard_sectors(bdev);
	if (!sectors)
		return;
	limits->max_unmap_blocks = max(sectors >> shift, 1U);
	limits->max_unmap_descs = 1;
	limits->unmap_granularity = max(bdev_discard_granularity(bdev) / limits->block_size, 1U);
}

static void fileio_limits_bdev(struct fileio_device *fd, struct target_limits *limits)
{
	struct block_device *bdev = fd->bdev;
	u32 block = bdev_logical_block_size(bdev);
	int offset = bdev_alignment_offset(bdev);

	limits->block_size = block;
	limits->phys_exp = ilog2(bdev_physical_block_size(bdev) / block);
	limits->align_blocks = offset > 0 ? offset / block : 0;
	limits->io_min = bdev_io_min(bdev) / block;
	limits->io_opt = bdev_io_opt(bdev) / block;
	limits->max_write_same = FILEIO_MAX_SAME_BDEV;
	limits->nonrot = !bdev_rot(bdev);
	limits->space_unknown = true;
	fileio_limits_unmap(fd, limits);
}

static void fileio_limits(struct fileio_device *fd, struct target_limits *limits)
{
	*limits = (struct target_limits) {
		.hw_queue_depth	= FILEIO_QUEUE_DEPTH,
		.read_only	= fileio_is_read_only(fd),
		.whole_blocks	= fd->bdev && fd->direct,
		.device_type	= TYPE_DISK,
	};
	if (fd->bdev)
		fileio_limits_bdev(fd, limits);
	else
		fileio_limits_regular(fd, limits);
	limits->hw_max_sectors = FILEIO_MAX_TRANSFER / limits->block_size;
	limits->blocks = fileio_blocks(fd, fd->bdev ? fileio_file_size(fd) : fd->options.size);
}

static int fileio_set_limits(struct fileio_device *fd)
{
	struct target_limits *limits = &fd->dev.limits;
	struct address_space *mapping = fd->file->f_mapping;
	bool cached = mapping_can_writeback(mapping);

	fileio_limits(fd, limits);
	fd->inplace = fd->direct || !cached;
	fd->part_mask = !fd->bdev && cached ? i_blocksize(file_inode(fd->file)) - 1 : 0;
	return limits->blocks && limits->block_size <= SZ_4K ? 0 : -EINVAL;
}

/*
 * A block device is followed; a regular file is as large as the unit was made. One that has
 * been taken away has no size; that it is gone its transfers say.
 */
static int fileio_read_limits(struct se_device *dev, struct target_limits *limits)
{
	struct fileio_device *fd = fileio_of(dev);

	if (!fd->bdev)
		return -EOPNOTSUPP;
	if (!fileio_file_size(fd))
		return -ENODEV;
	fileio_limits(fd, limits);
	if (fd->direct)
		WRITE_ONCE(fd->mem_mask, bdev_dma_alignment(fd->bdev));
	return 0;
}

/* --- another size ------------------------------------------------------------------------ */

static int fileio_set_size(struct fileio_device *fd, u64 bytes)
{
	int err = target_dev_resized_locked(&fd->dev, fileio_blocks(fd, bytes));

	if (!err) {
		fd->options.size = bytes;
		fileio_space_changed(fd);
	}
	return err;
}

int fileio_resize(struct fileio_device *fd, u64 bytes)
{
	int err;

	lockdep_assert_held(&fd->dev.lock);
	if (fd->bdev)
		return -EOPNOTSUPP;
	if (!bytes || bytes % fd->dev.dev_attrib.block_size || bytes > S64_MAX)
		return -EINVAL;
	err = fileio_extend(fd, bytes);
	return err ?: fileio_set_size(fd, bytes);
}

int fileio_rescan(struct fileio_device *fd)
{
	struct target_limits now = fd->dev.limits;
	int err;

	lockdep_assert_held(&fd->dev.lock);
	if (!fd->bdev)
		return fileio_set_size(fd, fileio_file_size(fd));
	err = fileio_read_limits(&fd->dev, &now);
	if (!err)
		target_dev_limits_changed_locked(&fd->dev, &now);
	return err;
}

/* --- configure --------------------------------------------------------------------------- */

static void fileio_free_pools(struct fileio_device *fd)
{
	if (fd->wq)
		destroy_workqueue(fd->wq);
	mempool_destroy(fd->bounces);
	mempool_destroy(fd->transfers);
	fd->wq = NULL;
	fd->bounces = NULL;
	fd->transfers = NULL;
}

static int fileio_alloc_pools(struct fileio_device *fd)
{
	fd->transfers = mempool_create_kmalloc_pool(FILEIO_RESERVE, sizeof(struct fileio_rw));
	fd->bounces = mempool_create_kmalloc_pool(1, FILEIO_BOUNCE);
	fd->wq = alloc_workqueue("fileio_%s", WQ_MEM_RECLAIM | WQ_UNBOUND, 0,
				 config_item_name(&fd->dev.dev_group.cg_item));
	if (fd->transfers && fd->bounces && fd->wq)
		return 0;
	fileio_free_pools(fd);
	return -ENOMEM;
}

static int fileio_configure(struct se_device *dev)
{
	struct fileio_device *fd = fileio_of(dev);
	struct fileio_hba *hba = dev->se_hba->hba_ptr;
	int err;

	if (!fd->options.name[0])
		return -EINVAL;
	err = fileio_open_file(fd, !fd->options.buffered);
	if (err)
		return err;
	err = fileio_set_limits(fd);
	if (err)
		goto out_close;
	if (!fd->bdev) {
		err = fileio_extend(fd, fd->options.size);
		if (err)
			goto out_close;
	}
	err = fileio_alloc_pools(fd);
	if (err)
		goto out_close;
	dev->dev_attrib.emulate_write_cache = fd->options.buffered;
	fd->id = atomic_fetch_inc(&hba->next_id);
	if (!fd->bdev)
		fileio_space_work(&fd->space_work.work);
	return 0;

out_close:
	fileio_close_file(fd);
	return err;
}

static void fileio_unconfigure(struct se_device *dev)
{
	struct fileio_device *fd = fileio_of(dev);

	cancel_delayed_work_sync(&fd->space_work);
	fileio_free_pools(fd);
	fileio_prot_close(fd);
	fileio_close_file(fd);
}

static const struct target_backend_ops fileio_ops = {
	.name		= "fileio",
	.inquiry_prod	= "FILEIO",
	.inquiry_rev	= "4.0",
	.owner		= THIS_MODULE,
	.attach_hba	= fileio_attach_hba,
	.detach_hba	= fileio_detach_hba,
	.alloc		= fileio_alloc,
	.configure	= fileio_configure,
	.unconfigure	= fileio_unconfigure,
	.free		= fileio_free,
	.show_info	= fileio_show_info,
	.set_params	= fileio_set_params,
	.execute_rw	= fileio_execute_rw,
	.flush		= fileio_flush,
	.unmap		= fileio_unmap,
	.write_same	= fileio_write_same,
	.copy		= fileio_copy,
	.lba_status	= fileio_lba_status,
	.space		= fileio_space,
	.prot_format	= fileio_prot_format,
	.read_limits	= fileio_read_limits,
	.attrib_attrs	= fileio_attribs,
	.action_attrs	= fileio_actions,
};

static int __init fileio_init(void)
{
	fileio_attribs_init();
	return transport_backend_register(&fileio_ops);
}

static void __exit fileio_exit(void)
{
	target_backend_unregister(&fileio_ops);
}

MODULE_DESCRIPTION("TCM FILEIO subsystem plugin");
MODULE_LICENSE("GPL");
MODULE_VERSION(TCM_VERSION);
MODULE_ALIAS("target-backstore-fileio");
module_init(fileio_init);
module_exit(fileio_exit);
