// SPDX-License-Identifier: GPL-2.0-only
/* The midlayer's disks: when they come and go. */
#include <linux/slab.h>
#include "loop.h"

/* Found under RCU, and with a nexus. */
static struct loop_tpg *loop_disk_port(struct Scsi_Host *shost, unsigned int id)
{
	struct loop_host *host = shost_priv(shost);
	struct loop_tpg *tpg = xa_load(&host->tpgs, id);

	return tpg && rcu_access_pointer(tpg->sess) ? tpg : NULL;
}

int loop_target_alloc(struct scsi_target *starget)
{
	guard(rcu)();
	return loop_disk_port(dev_to_shost(starget->dev.parent), starget->id) ? 0 : -ENXIO;
}

/*
 * The port outlives its disks: it is unpublished first, and then removes what it
 * finds on the host's list, where this device is by now.
 */
int loop_disk_init(struct scsi_device *sdev)
{
	struct loop_disk *disk;
	u64 lun;

	if (sdev->channel || loop_lun_from_scsi(sdev->lun, &lun))
		return -ENXIO;
	disk = kzalloc(sizeof(*disk), GFP_KERNEL);
	if (!disk)
		return -ENOMEM;
	disk->lun = lun;
	guard(rcu)();
	disk->tpg = loop_disk_port(sdev->host, sdev->id);
	if (!disk->tpg) {
		kfree(disk);
		return -ENXIO;
	}
	sdev->hostdata = disk;
	return 0;
}

/* Its queue has gone, and every command with it. Also called if the above failed. */
void loop_disk_destroy(struct scsi_device *sdev)
{
	kfree(sdev->hostdata);
	sdev->hostdata = NULL;
}

void loop_disk_add(struct loop_tpg *tpg, u64 lun)
{
	/* That no disk was found is no reason to refuse the link: one may yet scan. */
	scsi_add_device(tpg->host->shost, 0, tpg->tpgt, loop_lun_to_scsi(lun));
}

void loop_disk_remove(struct loop_tpg *tpg, u64 lun)
{
	struct Scsi_Host *shost = tpg->host->shost;
	struct scsi_device *sdev;

	sdev = scsi_device_lookup(shost, 0, tpg->tpgt, loop_lun_to_scsi(lun));
	if (sdev) {
		scsi_remove_device(sdev);
		scsi_device_put(sdev);
		return;
	}
	/* It may be on its way out by sysfs, under this mutex: wait for that. */
	guard(mutex)(&shost->scan_mutex);
}

void loop_disk_rescan(struct loop_tpg *tpg, u64 lun)
{
	struct scsi_device *sdev;

	sdev = scsi_device_lookup(tpg->host->shost, 0, tpg->tpgt, loop_lun_to_scsi(lun));
	if (!sdev)
		return;
	scsi_rescan_sdev(sdev);
	scsi_device_put(sdev);
}

void loop_disk_scan(struct loop_tpg *tpg)
{
	if (!xa_empty(&tpg->luns))
		scsi_scan_target(&tpg->host->shost->shost_gendev, 0, tpg->tpgt, SCAN_WILD_CARD,
				 SCSI_SCAN_MANUAL);
}

void loop_disk_remove_all(struct loop_tpg *tpg)
{
	struct scsi_device *sdev;

	shost_for_each_device(sdev, tpg->host->shost)
		if (sdev->id == tpg->tpgt)
			scsi_remove_device(sdev);
}

/* The link, which keeps LUN and device, outlives the disk. */
static struct se_device *loop_disk_find_device(struct loop_disk *disk)
{
	struct se_lun *lun;

	guard(rcu)();
	lun = xa_load(&disk->tpg->luns, disk->lun);
	return lun ? rcu_dereference(lun->lun_se_dev) : NULL;
}

const struct se_device *loop_disk_device(struct loop_disk *disk)
{
	struct se_device *dev = READ_ONCE(disk->dev);

	if (unlikely(!dev)) {
		dev = loop_disk_find_device(disk);
		WRITE_ONCE(disk->dev, dev);
	}
	return dev;
}
