/* SPDX-License-Identifier: GPL-2.0-only */
/* The backstore of SCSI devices, which answer for themselves: "pscsi". */
#ifndef TARGET_PSCSI_H
#define TARGET_PSCSI_H

#include <scsi/scsi_device.h>
#include <target/target_core_backend.h>

#define PSCSI_UNSET	U32_MAX

/**
 * struct pscsi_options - what control takes; %PSCSI_UNSET until it does
 * @host_id: number of the host
 * @channel_id: channel
 * @target_id: target
 * @lun_id: logical unit
 */
struct pscsi_options {
	u32	host_id;
	u32	channel_id;
	u32	target_id;
	u32	lun_id;
};

/**
 * struct pscsi_device - a SCSI device as a logical unit
 * @dev: the logical unit
 * @options: as written; dev.lock, constant once it is configured
 * @sdev: the device, held
 * @claim: its block device, open, so that no one else claims it; NULL if it has none
 */
struct pscsi_device {
	struct se_device	dev;
	struct pscsi_options	options;
	struct scsi_device	*sdev;
	struct file		*claim;
};

static inline struct pscsi_device *pscsi_of(struct se_device *dev)
{
	return container_of(dev, struct pscsi_device, dev);
}

/* --- backstores/pscsi_cmd.c --------------------------------------------------------------- */

sense_reason_t pscsi_parse_cdb(struct se_cmd *cmd);

/* What a host byte (DID_OK and its like) means to an initiator. Pure. */
sense_reason_t pscsi_host_reason(u8 host_byte);

/* Bytes of a CDB; those of vendors by what is in them. @cdb: 16 bytes at least. Pure. */
unsigned int pscsi_cdb_length(const u8 *cdb);

/* Seconds that a command may take. Pure. */
unsigned int pscsi_timeout(u8 type, u8 opcode);

int pscsi_cmd_init(void);
void pscsi_cmd_exit(void);

#endif /* TARGET_PSCSI_H */
