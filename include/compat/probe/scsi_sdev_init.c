// SPDX-License-Identifier: GPL-2.0-only
/* since 6.14; scsi: rename slave_alloc() to sdev_init(), slave_destroy() to sdev_destroy() */
#include <scsi/scsi_host.h>

extern const struct scsi_host_template probe_template;
const struct scsi_host_template probe_template = {
	.sdev_init = NULL,
	.sdev_destroy = NULL,
};
