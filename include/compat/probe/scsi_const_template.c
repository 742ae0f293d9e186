// SPDX-License-Identifier: GPL-2.0-only
/* since 6.4; scsi: declare host templates const */
#include <scsi/scsi_host.h>

struct Scsi_Host *probe(const struct scsi_host_template *template);
struct Scsi_Host *probe(const struct scsi_host_template *template)
{
	return scsi_host_alloc(template, 0);
}
