// SPDX-License-Identifier: GPL-2.0-only
/* since 6.6; scsi: core: Fix the scsi_device argument of scsi_rescan_device() */
#include <scsi/scsi_device.h>
#include <scsi/scsi_host.h>

void probe_rescan(struct scsi_device *sdev);
void probe_rescan(struct scsi_device *sdev)
{
	scsi_rescan_device(sdev);
}
