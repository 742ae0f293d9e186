// SPDX-License-Identifier: GPL-2.0-only
/* since 6.2; scsi: type of what eh_timed_out returns */
#include <scsi/scsi_host.h>

static enum scsi_timeout_action probe_timed_out(struct scsi_cmnd *sc)
{
	return SCSI_EH_NOT_HANDLED;
}

extern const struct scsi_host_template probe_template;
const struct scsi_host_template probe_template = {
	.eh_timed_out = probe_timed_out,
};
