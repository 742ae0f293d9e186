/* SPDX-License-Identifier: GPL-2.0-only */
/* Newer names of the SCSI midlayer, and what its hosts need, for older kernels; see compat.h. */
#ifndef TCM_COMPAT_SCSI_H
#define TCM_COMPAT_SCSI_H

#include <linux/device/bus.h>
#include <scsi/scsi.h>
#include <scsi/scsi_device.h>
#include <scsi/scsi_host.h>

/* What queuecommand returns has a type since 7.0. */
#ifdef TCM_HAVE_SCSI_QC_STATUS
#define scsi_qc_return	enum scsi_qc_status
#else
#define scsi_qc_return	int
#endif

/* What eh_timed_out returns is the midlayer's own since 6.2. */
#ifdef TCM_HAVE_SCSI_TIMEOUT_ACTION
#define scsi_timeout_return	enum scsi_timeout_action
#else
#define scsi_timeout_return	enum blk_eh_timer_return
#define SCSI_EH_NOT_HANDLED	BLK_EH_DONE
#define SCSI_EH_RESET_TIMER	BLK_EH_RESET_TIMER
#endif

/* Host templates are const since 6.4. */
#ifdef TCM_HAVE_SCSI_CONST_TEMPLATE
#define scsi_template_const	const
#else
#define scsi_template_const
#endif

/* Busses are const since 6.4. */
#ifdef TCM_HAVE_CONST_BUS
#define bus_type_const	const
#else
#define bus_type_const
#endif

/* Two hooks of the template had other names before 6.14. */
#ifndef TCM_HAVE_SCSI_SDEV_INIT
#define sdev_init	slave_alloc
#define sdev_destroy	slave_destroy
#endif

/* What is scanned again is a SCSI device, and no device any more, since 6.6. */
#ifdef TCM_HAVE_SCSI_RESCAN_SDEV
#define scsi_rescan_sdev(sdev)	scsi_rescan_device(sdev)
#else
#define scsi_rescan_sdev(sdev)	scsi_rescan_device(&(sdev)->sdev_gendev)
#endif

/* That queuecommand may sleep is for a host to say since 6.6. */
#ifdef TCM_HAVE_SCSI_MAY_BLOCK
static inline void scsi_host_set_may_block(struct Scsi_Host *shost)
{
	shost->queuecommand_may_block = true;
}

static inline bool scsi_host_may_block(const struct Scsi_Host *shost)
{
	return shost->queuecommand_may_block;
}
#else
static inline void scsi_host_set_may_block(struct Scsi_Host *shost)
{
}

static inline bool scsi_host_may_block(const struct Scsi_Host *shost)
{
	return false;
}
#endif

#endif /* TCM_COMPAT_SCSI_H */
