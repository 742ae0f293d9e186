// SPDX-License-Identifier: GPL-2.0-only
/* The backstore of block devices, "iblock". */
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/log2.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/sizes.h>
#include <linux/workqueue.h>
#include <scsi/scsi_proto.h>
#include "iblock.h"

#define IBLOCK_BIOS		16	/* in reserve, for each device */
#define IBLOCK_MORE_BIOS	2

struct workqueue_struct *iblock_wq;

static const struct target_option iblock_option_table[] = {
	TARGET_OPTION_TEXT("udev_path", struct iblock_options, udev_path),
	TARGET_OPTION_FLAG("readonly", struct iblock_options, readonly),
	TARGET_OPTION_FLAG("force", struct iblock_options, force),
	TARGET_OPTION_FLAG("exclusive", struct iblock_options, exclusive),
};

static struct se_device *iblock_alloc(struct se_hba *hba, const char *name)
{
	struct iblock_device *ib = kzalloc(sizeof(*ib), GFP_KERNEL);

	if (!ib)
		return NULL;
	ib->options.exclusive = true;
	return &ib->dev;
}

static void iblock_free(struct se_device *dev)
{
	kfree(iblock_of(dev));
}

static int iblock_set_params(struct se_device *dev, const char *page, size_t count)
{
	struct iblock_device *ib = iblock_of(dev);

	lockdep_assert_held(&dev->lock);
	return target_options_parse(iblock_option_table, ARRAY_SIZE(iblock_option_table),
				    &ib->options, sizeof(ib->options), page, count);
}

/* Nothing else must be opened, not even for a moment: a FIFO would wait for its other end. */
static struct file *iblock_open_file(const struct iblock_options *options, int mode)
{
	int excl = options->exclusive ? O_EXCL : 0;
	struct file *file;
	dev_t number;
	int err;

	err = lookup_bdev(options->udev_path, &number);
	if (err)
		return ERR_PTR(err);
	file = filp_open(options->udev_path, mode | O_LARGEFILE | excl, 0);
	if (IS_ERR(file) || S_ISBLK(file_inode(file)->i_mode))
		return file;
	fput(file);
	return ERR_PTR(-ENOTBLK);
}

/* A device that cannot be written is one that can be read. */
static int iblock_open(struct iblock_device *ib)
{
	struct file *file = ERR_PTR(-EROFS);

	if (!ib->options.readonly)
		file = iblock_open_file(&ib->options, O_RDWR);
	if (file == ERR_PTR(-EROFS) || file == ERR_PTR(-EACCES))
		file = iblock_open_file(&ib->options, O_RDONLY);
	if (IS_ERR(file))
		return PTR_ERR(file);
	ib->file = file;
	ib->bdev = I_BDEV(file->f_mapping->host);
	return 0;
}

static void iblock_close(struct iblock_device *ib)
{
	ib->bdev = NULL;
	fput(ib->file);
	ib->file = NULL;
}

/* What no disk of this kind can be made of. */
static int iblock_check(const struct iblock_device *ib)
{
	u32 block_size = bdev_logical_block_size(ib->bdev);

	if (bdev_is_zoned(ib->bdev))
		return -EOPNOTSUPP;
	if (block_size > SZ_4K)
		return -EINVAL;
	if (bdev_nr_sectors(ib->bdev) < block_size >> SECTOR_SHIFT)
		return -ENOMEDIUM;
	return 0;
}

static int iblock_alloc_bios(struct iblock_device *ib)
{
	const unsigned int pad = offsetof(struct iblock_req, bio);
	int err;

	err = bioset_init(&ib->bios, IBLOCK_BIOS, pad, BIOSET_NEED_BVECS | BIOSET_PERCPU_CACHE);
	if (err)
		return err;
	err = bioset_init(&ib->more_bios, IBLOCK_MORE_BIOS, pad, BIOSET_NEED_BVECS);
	if (err)
		bioset_exit(&ib->bios);
	return err;
}

static int iblock_configure(struct se_device *dev)
{
	struct iblock_device *ib = iblock_of(dev);
	int err;

	lockdep_assert_held(&dev->lock);
	if (!ib->options.udev_path[0])
		return -EINVAL;
	err = iblock_open(ib);
	if (err)
		return err;
	err = iblock_check(ib);
	if (err)
		goto out_close;
	err = iblock_alloc_bios(ib);
	if (err)
		goto out_close;
	ib->dma_mask = bdev_dma_alignment(ib->bdev);
	iblock_limits_read(ib, &dev->limits);
	iblock_hands_over_start(ib);
	return 0;

out_close:
	iblock_close(ib);
	return err;
}

static void iblock_unconfigure(struct se_device *dev)
{
	struct iblock_device *ib = iblock_of(dev);

	bioset_exit(&ib->more_bios);
	bioset_exit(&ib->bios);
	iblock_close(ib);
}

static ssize_t iblock_show_info(struct se_device *dev, char *page, size_t size)
{
	const struct iblock_device *ib = iblock_of(dev);
	const struct iblock_options *options = &ib->options;
	dev_t number = ib->bdev ? ib->bdev->bd_dev : 0;
	ssize_t len;

	lockdep_assert_held(&dev->lock);
	len = scnprintf(page, size, "        ");
	if (ib->bdev)
		len += scnprintf(page + len, size - len, "iBlock device: %pg", ib->bdev);
	if (options->udev_path[0])
		len += scnprintf(page + len, size - len, "  UDEV PATH: %s", options->udev_path);
	len += scnprintf(page + len, size - len, "  readonly: %d\n  exclusive: %d\n",
			 options->readonly, options->exclusive);
	return len + scnprintf(page + len, size - len, "        Major: %u Minor: %u%s\n",
			       MAJOR(number), MINOR(number),
			       ib->bdev ? "  CLAIMED: IBLOCK" : "");
}

static struct block_device *iblock_pr_device(const struct se_device *dev)
{
	return container_of(dev, struct iblock_device, dev)->bdev;
}

static const struct target_backend_ops iblock_ops = {
	.name		= "iblock",
	.inquiry_prod	= "IBLOCK",
	.inquiry_rev	= "4.0",
	.owner		= THIS_MODULE,
	.alloc		= iblock_alloc,
	.configure	= iblock_configure,
	.unconfigure	= iblock_unconfigure,
	.free		= iblock_free,
	.show_info	= iblock_show_info,
	.set_params	= iblock_set_params,
	.execute_rw	= iblock_execute_rw,
	.flush		= iblock_flush,
	.unmap		= iblock_unmap,
	.write_same	= iblock_write_same,
	.read_limits	= iblock_read_limits,
	.pr_device	= iblock_pr_device,
	.attrib_attrs	= target_sbc_attribs,
};

static int __init iblock_init(void)
{
	int err;

	iblock_wq = alloc_workqueue("target_iblock", WQ_MEM_RECLAIM | WQ_UNBOUND, 0);
	if (!iblock_wq)
		return -ENOMEM;
	err = transport_backend_register(&iblock_ops);
	if (err)
		destroy_workqueue(iblock_wq);
	return err;
}

static void __exit iblock_exit(void)
{
	target_backend_unregister(&iblock_ops);
	destroy_workqueue(iblock_wq);
}

module_init(iblock_init);
module_exit(iblock_exit);

MODULE_DESCRIPTION("SCSI target backstore of block devices");
MODULE_LICENSE("GPL");
MODULE_VERSION(TCM_VERSION);
MODULE_ALIAS("target-backstore-iblock");
