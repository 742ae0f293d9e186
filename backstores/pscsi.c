// SPDX-License-Identifier: GPL-2.0-only
/*
 * The backstore of SCSI devices, which answer for themselves: "pscsi".
 *
 * An HBA directory is a name only, and each of its devices says on which host it is; or,
 * with hba_mode, the directory is the host of its number.
 */
#include <linux/blkdev.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/log2.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/unaligned.h>
#include <scsi/scsi_host.h>
#include <scsi/scsi_proto.h>
#include "pscsi.h"

#define PSCSI_INQUIRY_VENDOR	8	/* where these are in standard INQUIRY data */
#define PSCSI_INQUIRY_MODEL	16
#define PSCSI_INQUIRY_REVISION	32
#define PSCSI_INQUIRY_MIN	36

#define PSCSI_BLOCK_SIZE	512	/* of a device that has none, or an odd one */
#define PSCSI_VPD_SERIAL	0x80
#define PSCSI_VPD_LEN		255
#define PSCSI_VPD_HEADER	4

/**
 * struct pscsi_hba - an HBA
 * @lock: see below
 * @shost: the host that it is, held, or NULL; changes only while it has no devices, but
 *	for one that is just being made
 */
struct pscsi_hba {
	struct mutex		lock;	/* shost */
	struct Scsi_Host	*shost;
};

static const struct target_option pscsi_option_table[] = {
	TARGET_OPTION_NUMBER("scsi_host_id", struct pscsi_options, host_id, 0, U32_MAX - 1),
	TARGET_OPTION_NUMBER("scsi_channel_id", struct pscsi_options, channel_id, 0, U32_MAX - 1),
	TARGET_OPTION_NUMBER("scsi_target_id", struct pscsi_options, target_id, 0, U32_MAX - 1),
	TARGET_OPTION_NUMBER("scsi_lun_id", struct pscsi_options, lun_id, 0, U32_MAX - 1),
};

static struct pscsi_hba *pscsi_hba_of(const struct se_device *dev)
{
	return dev->se_hba->hba_ptr;
}

static int pscsi_attach_hba(struct se_hba *hba, u32 host_id)
{
	struct pscsi_hba *pscsi = kzalloc(sizeof(*pscsi), GFP_KERNEL);

	if (!pscsi)
		return -ENOMEM;
	mutex_init(&pscsi->lock);
	hba->hba_ptr = pscsi;
	return 0;
}

static void pscsi_detach_hba(struct se_hba *hba)
{
	struct pscsi_hba *pscsi = hba->hba_ptr;

	if (pscsi->shost)
		scsi_host_put(pscsi->shost);
	kfree(pscsi);
}

static int pscsi_hba_mode(struct se_hba *hba, bool on)
{
	struct pscsi_hba *pscsi = hba->hba_ptr;

	guard(mutex)(&pscsi->lock);
	if (on) {
		pscsi->shost = scsi_host_lookup(hba->hba_id);
		return pscsi->shost ? 0 : -ENODEV;
	}
	scsi_host_put(pscsi->shost);
	pscsi->shost = NULL;
	return 0;
}

static struct se_device *pscsi_alloc(struct se_hba *hba, const char *name)
{
	struct pscsi_device *pscsi = kzalloc(sizeof(*pscsi), GFP_KERNEL);

	if (!pscsi)
		return NULL;
	pscsi->options = (struct pscsi_options){
		PSCSI_UNSET, PSCSI_UNSET, PSCSI_UNSET, PSCSI_UNSET
	};
	return &pscsi->dev;
}

static void pscsi_free(struct se_device *dev)
{
	kfree(pscsi_of(dev));
}

/* A device of an HBA that is a host is on that. */
static int pscsi_set_params(struct se_device *dev, const char *page, size_t count)
{
	struct pscsi_device *pscsi = pscsi_of(dev);
	struct pscsi_options options = pscsi->options;
	int err;

	lockdep_assert_held(&dev->lock);
	err = target_options_parse(pscsi_option_table, ARRAY_SIZE(pscsi_option_table),
				   &options, sizeof(options), page, count);
	if (err)
		return err;
	if (READ_ONCE(pscsi_hba_of(dev)->shost) && options.host_id != PSCSI_UNSET)
		return -EINVAL;
	pscsi->options = options;
	return 0;
}

/* Return: the host, held, or NULL. */
static struct Scsi_Host *pscsi_host(const struct pscsi_device *pscsi)
{
	struct pscsi_hba *hba = pscsi_hba_of(&pscsi->dev);

	guard(mutex)(&hba->lock);
	if (hba->shost)
		return scsi_host_get(hba->shost);
	return pscsi->options.host_id == PSCSI_UNSET ? NULL :
	       scsi_host_lookup(pscsi->options.host_id);
}

static struct scsi_device *pscsi_find(const struct pscsi_device *pscsi)
{
	const struct pscsi_options *options = &pscsi->options;
	struct scsi_device *sdev;
	struct Scsi_Host *shost;

	if (options->channel_id == PSCSI_UNSET || options->target_id == PSCSI_UNSET ||
	    options->lun_id == PSCSI_UNSET)
		return NULL;
	shost = pscsi_host(pscsi);
	if (!shost)
		return NULL;
	sdev = scsi_device_lookup(shost, options->channel_id, options->target_id,
				  options->lun_id);
	scsi_host_put(shost);
	return sdev;
}

static bool pscsi_is_disk(const struct scsi_device *sdev)
{
	return sdev->type == TYPE_DISK || sdev->type == TYPE_ZBC || sdev->type == TYPE_RBC;
}

static struct file *pscsi_open_block(const char *path)
{
	struct file *file;
	dev_t number;
	int err;

	err = lookup_bdev(path, &number);
	if (err)
		return ERR_PTR(err);
	file = filp_open(path, O_RDWR | O_EXCL | O_LARGEFILE, 0);
	if (file == ERR_PTR(-EROFS) || file == ERR_PTR(-EACCES))
		file = filp_open(path, O_RDONLY | O_EXCL | O_LARGEFILE, 0);
	return file;
}

/* Is it that device's? */
static bool pscsi_owns_block(const struct scsi_device *sdev, struct file *file)
{
	const struct block_device *bdev;

	if (!S_ISBLK(file_inode(file)->i_mode))
		return false;
	bdev = I_BDEV(file->f_mapping->host);
	return disk_to_dev(bdev->bd_disk)->parent == &sdev->sdev_gendev;
}

/* A disk that its own driver serves, too, must not be anyone else's meanwhile. */
static int pscsi_claim(struct pscsi_device *pscsi)
{
	struct file *file;

	if (!pscsi_is_disk(pscsi->sdev))
		return 0;
	if (!pscsi->dev.udev_path[0])
		return -EINVAL;
	file = pscsi_open_block(pscsi->dev.udev_path);
	if (IS_ERR(file))
		return PTR_ERR(file);
	if (!pscsi_owns_block(pscsi->sdev, file)) {
		fput(file);
		return -EINVAL;
	}
	pscsi->claim = file;
	return 0;
}

static void pscsi_set_limits(struct pscsi_device *pscsi)
{
	const struct scsi_device *sdev = pscsi->sdev;
	struct request_queue *q = sdev->request_queue;
	u32 size = is_power_of_2(sdev->sector_size) ? sdev->sector_size : PSCSI_BLOCK_SIZE;
	u64 bytes = (u64)queue_max_hw_sectors(q) << SECTOR_SHIFT;

	pscsi->dev.limits = (struct target_limits) {
		.block_size	= size,
		.hw_max_sectors	= min_t(u64, div_u64(bytes, size), U32_MAX),
		.hw_queue_depth	= sdev->queue_depth,
		.device_type	= sdev->type,
	};
}

/* What the device says of itself; statistics/ shows it. */
static void pscsi_set_names(struct pscsi_device *pscsi)
{
	struct target_wwn_info *wwn = &pscsi->dev.t10_wwn;
	const struct scsi_device *sdev = pscsi->sdev;

	if (!sdev->inquiry || sdev->inquiry_len < PSCSI_INQUIRY_MIN)
		return;
	memcpy(wwn->vendor, sdev->inquiry + PSCSI_INQUIRY_VENDOR, INQUIRY_VENDOR_LEN);
	memcpy(wwn->model, sdev->inquiry + PSCSI_INQUIRY_MODEL, INQUIRY_MODEL_LEN);
	memcpy(wwn->revision, sdev->inquiry + PSCSI_INQUIRY_REVISION, INQUIRY_REVISION_LEN);
}

/* Who gave it another serial number knows why. */
static void pscsi_set_serial(struct pscsi_device *pscsi)
{
	char *serial = pscsi->dev.t10_wwn.unit_serial;
	u8 *page;
	u16 len;

	if (serial[0])
		return;
	page = kzalloc(PSCSI_VPD_LEN + 1, GFP_KERNEL);
	if (!page)
		return;
	if (!scsi_get_vpd_page(pscsi->sdev, PSCSI_VPD_SERIAL, page, PSCSI_VPD_LEN)) {
		len = min_t(u16, get_unaligned_be16(page + 2), PSCSI_VPD_LEN - PSCSI_VPD_HEADER);
		page[PSCSI_VPD_HEADER + len] = '\0';
		strscpy(serial, strim(page + PSCSI_VPD_HEADER), INQUIRY_VPD_SERIAL_LEN);
	}
	kfree(page);
}

static int pscsi_configure(struct se_device *dev)
{
	struct pscsi_device *pscsi = pscsi_of(dev);
	int err;

	lockdep_assert_held(&dev->lock);
	pscsi->sdev = pscsi_find(pscsi);
	if (!pscsi->sdev)
		return -EINVAL;
	err = pscsi_claim(pscsi);
	if (err) {
		scsi_device_put(pscsi->sdev);
		pscsi->sdev = NULL;
		return err;
	}
	pscsi_set_limits(pscsi);
	pscsi_set_names(pscsi);
	pscsi_set_serial(pscsi);
	return 0;
}

static void pscsi_unconfigure(struct se_device *dev)
{
	struct pscsi_device *pscsi = pscsi_of(dev);

	if (pscsi->claim)
		fput(pscsi->claim);
	scsi_device_put(pscsi->sdev);
}

static u32 pscsi_shown(u32 option)
{
	return option == PSCSI_UNSET ? 0 : option;
}

static ssize_t pscsi_show_info(struct se_device *dev, char *page, size_t size)
{
	const struct pscsi_device *pscsi = pscsi_of(dev);
	const struct pscsi_options *options = &pscsi->options;
	const struct target_wwn_info *wwn = &dev->t10_wwn;
	char host[16] = "PHBA Mode";
	ssize_t len;

	lockdep_assert_held(&dev->lock);
	if (!READ_ONCE(pscsi_hba_of(dev)->shost))
		scnprintf(host, sizeof(host), "%u", pscsi_shown(options->host_id));
	len = scnprintf(page, size,
			"        SCSI Device Bus Location: Channel ID: %u Target ID: %u LUN: %u Host ID: %s\n",
			pscsi_shown(options->channel_id), pscsi_shown(options->target_id),
			pscsi_shown(options->lun_id), host);
	if (pscsi->sdev)
		len += scnprintf(page + len, size - len,
				 "        Vendor: %-8s Model: %-16s Rev: %-4s\n",
				 wwn->vendor, wwn->model, wwn->revision);
	return len;
}

static const struct target_backend_ops pscsi_ops = {
	.name		= "pscsi",
	.owner		= THIS_MODULE,
	.flags		= TARGET_BACKEND_PASSTHROUGH | TARGET_BACKEND_PASSTHROUGH_ALUA |
			  TARGET_BACKEND_PASSTHROUGH_PGR,
	.attach_hba	= pscsi_attach_hba,
	.detach_hba	= pscsi_detach_hba,
	.hba_mode	= pscsi_hba_mode,
	.alloc		= pscsi_alloc,
	.configure	= pscsi_configure,
	.unconfigure	= pscsi_unconfigure,
	.free		= pscsi_free,
	.show_info	= pscsi_show_info,
	.set_params	= pscsi_set_params,
	.parse_cdb	= pscsi_parse_cdb,
	.attrib_attrs	= target_passthrough_attribs,
};

static int __init pscsi_init(void)
{
	int err = pscsi_cmd_init();

	if (err)
		return err;
	err = transport_backend_register(&pscsi_ops);
	if (err)
		pscsi_cmd_exit();
	return err;
}

static void __exit pscsi_exit(void)
{
	target_backend_unregister(&pscsi_ops);
	pscsi_cmd_exit();
}

module_init(pscsi_init);
module_exit(pscsi_exit);

MODULE_DESCRIPTION("SCSI target backstore of SCSI devices");
MODULE_LICENSE("GPL");
MODULE_VERSION(TCM_VERSION);
MODULE_ALIAS("target-backstore-pscsi");
