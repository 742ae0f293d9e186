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

/* What the nexus sees as that LUN, which acls/ may have mapped to another one of the port. */
static const struct se_lun *loop_disk_find_lun(const struct loop_tpg *tpg, u64 lun)
{
	struct se_session *sess = rcu_dereference(tpg->sess);

	return sess ? target_session_find_lun(sess, lun) : NULL;
}

static const struct se_lun *loop_disk_lun(const struct loop_tpg *tpg,
					  const struct scsi_device *sdev)
{
	u64 lun;

	if (sdev->id != tpg->tpgt || loop_lun_from_scsi(sdev->lun, &lun))
		return NULL;
	guard(rcu)();
	return loop_disk_find_lun(tpg, lun);
}

/* Has it looked up its logical unit? hostdata comes and goes under this mutex. */
static bool loop_disk_has_device(const struct scsi_device *sdev)
{
	const struct loop_disk *disk;

	guard(mutex)(&sdev->host->scan_mutex);
	disk = sdev->hostdata;
	return disk && READ_ONCE(disk->dev);
}

/*
 * Is it a disk of that LUN, or of none any more? One that has looked up its logical unit
 * found it at the LUN of its own number, and goes with that, whatever it is by now.
 */
static bool loop_disk_goes_with(const struct loop_tpg *tpg, const struct scsi_device *sdev,
				const struct se_lun *lun)
{
	const struct se_lun *seen = loop_disk_lun(tpg, sdev);

	if (!seen || seen == lun)
		return true;
	return sdev->lun == loop_lun_to_scsi(lun->unpacked_lun) && loop_disk_has_device(sdev);
}

void loop_disk_remove(struct loop_tpg *tpg, const struct se_lun *lun)
{
	struct Scsi_Host *shost = tpg->host->shost;
	struct scsi_device *sdev;

	shost_for_each_device(sdev, shost)
		if (sdev->id == tpg->tpgt && loop_disk_goes_with(tpg, sdev, lun))
			scsi_remove_device(sdev);
	/* One may be on its way out by sysfs, under this mutex: wait for that. */
	guard(mutex)(&shost->scan_mutex);
}

/* @lun may have gone: it is only compared. */
void loop_disk_rescan(struct loop_tpg *tpg, const struct se_lun *lun)
{
	struct scsi_device *sdev;

	shost_for_each_device(sdev, tpg->host->shost)
		if (loop_disk_lun(tpg, sdev) == lun)
			scsi_rescan_sdev(sdev);
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

/*
 * The link, which keeps LUN and device, outlives the disk. That is so for the LUN of the
 * disk's own number: of another one that is mapped to it, the mapping may change.
 */
static struct se_device *loop_disk_find_device(struct loop_disk *disk)
{
	struct se_lun *lun;

	guard(rcu)();
	lun = xa_load(&disk->tpg->luns, disk->lun);
	if (!lun || lun != loop_disk_find_lun(disk->tpg, disk->lun))
		return NULL;
	return rcu_dereference(lun->lun_se_dev);
}

const struct se_device *loop_disk_device(struct loop_disk *disk)
{
	struct se_device *dev = READ_ONCE(disk->dev);

	if (unlikely(!dev)) {
		dev = loop_disk_find_device(disk);
		if (dev)
			WRITE_ONCE(disk->dev, dev);
	}
	return dev;
}
