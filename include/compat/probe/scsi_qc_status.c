// SPDX-License-Identifier: GPL-2.0-only
/* since 7.0; scsi: type of what queuecommand returns */
#include <scsi/scsi_host.h>

static enum scsi_qc_status probe_queuecommand(struct Scsi_Host *shost, struct scsi_cmnd *sc)
{
	return 0;
}

extern const struct scsi_host_template probe_template;
const struct scsi_host_template probe_template = {
	.queuecommand = probe_queuecommand,
};
