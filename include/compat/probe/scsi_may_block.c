// SPDX-License-Identifier: GPL-2.0-only
/* since 6.6; scsi: core: Support setting BLK_MQ_F_BLOCKING */
#include <scsi/scsi_host.h>

void probe_may_block(struct Scsi_Host *shost);
void probe_may_block(struct Scsi_Host *shost)
{
	shost->queuecommand_may_block = true;
}
