// SPDX-License-Identifier: GPL-2.0-only
/* Links of LUNs. */
#include "loop.h"

int loop_lun_link(struct se_portal_group *se_tpg, struct se_lun *lun)
{
	struct loop_tpg *tpg = loop_tpg_of(se_tpg);
	int err;

	scoped_guard(mutex, &tpg->lock)
		err = xa_err(xa_store(&tpg->luns, lun->unpacked_lun, lun, GFP_KERNEL));
	if (err)
		return err;
	/* Without a nexus there is no disk yet. */
	loop_disk_add(tpg, lun->unpacked_lun);
	return 0;
}

/* The disk goes while its commands are still served, so that its cache gets out. */
void loop_lun_unlink(struct se_portal_group *se_tpg, struct se_lun *lun)
{
	loop_disk_remove(loop_tpg_of(se_tpg), lun);
}

/* A user's scan may have found the LUN again while it still answered. */
void loop_lun_unlinked(struct se_portal_group *se_tpg, struct se_lun *lun)
{
	struct loop_tpg *tpg = loop_tpg_of(se_tpg);

	loop_disk_remove(tpg, lun);
	guard(mutex)(&tpg->lock);
	xa_erase(&tpg->luns, lun->unpacked_lun);
}

/*
 * Not before the commands go that this takes: the disk of a LUN that is about to be
 * unlinked is removed while they are served, and waits for the device's lock, which
 * the rescan has. So it ends when they do.
 */
void loop_lun_resize_work(struct work_struct *work)
{
	struct loop_tpg *tpg = container_of(work, struct loop_tpg, resize);
	unsigned long lun;
	void *entry;

	xa_for_each_marked(&tpg->luns, lun, entry, LOOP_LUN_RESIZED) {
		/* Before it is read, or a change in between would be missed. */
		xa_clear_mark(&tpg->luns, lun, LOOP_LUN_RESIZED);
		loop_disk_rescan(tpg, entry);
	}
}

void loop_lun_resized(struct se_portal_group *se_tpg, struct se_lun *lun)
{
	struct loop_tpg *tpg = loop_tpg_of(se_tpg);

	/* Without a mark it is just being linked, or has been unlinked: no disk needs it. */
	xa_set_mark(&tpg->luns, lun->unpacked_lun, LOOP_LUN_RESIZED);
	queue_work(system_long_wq, &tpg->resize);
}

/*
 * The midlayer's LUN holds the first two bytes of the eight of SAM-6 4.6 in its
 * lowest 16 bits, and so on.  The address methods are those that the core uses in
 * REPORT LUNS, so that a scan and a link mean the same disk.
 */
#define LOOP_LUN_FLAT		0x4000	/* flat space addressing */
#define LOOP_LUN_EXT_24		0xd200	/* extended flat space addressing, 3 bytes */
#define LOOP_LUN_EXT_40		0xe200	/* the same, 5 bytes */

u64 loop_lun_to_scsi(u64 lun)
{
	if (lun < 1 << 8)
		return lun;
	if (lun < LOOP_LUN_FLAT)
		return LOOP_LUN_FLAT | lun;
	if (lun < 1ULL << 24)
		return LOOP_LUN_EXT_24 | lun >> 16 | (lun & 0xffff) << 16;
	if (lun < 1ULL << 40)
		return LOOP_LUN_EXT_40 | lun >> 32 | (lun & 0xffff0000) | (lun & 0xffff) << 32;
	return lun;
}

static u64 loop_lun_decode(u64 scsi_lun)
{
	u64 words[3] = { scsi_lun & 0xffff, scsi_lun >> 16 & 0xffff, scsi_lun >> 32 & 0xffff };

	if ((words[0] & 0xff00) == LOOP_LUN_EXT_24)
		return (words[0] & 0xff) << 16 | words[1];
	if ((words[0] & 0xff00) == LOOP_LUN_EXT_40)
		return (words[0] & 0xff) << 32 | words[1] << 16 | words[2];
	if ((words[0] & 0xc000) == LOOP_LUN_FLAT)
		return words[0] & (LOOP_LUN_FLAT - 1);
	return scsi_lun;
}

int loop_lun_from_scsi(u64 scsi_lun, u64 *lun)
{
	u64 plain = loop_lun_decode(scsi_lun);

	/*
	 * Bytes that mean nothing to us, or a LUN in another spelling; or a LUN beyond
	 * the address methods that reads as one of them, and cannot be told from it.
	 */
	if (loop_lun_to_scsi(plain) != scsi_lun)
		return -ENXIO;
	*lun = plain;
	return 0;
}
