// SPDX-License-Identifier: GPL-2.0-only
/*
 * Protection information on its way through the adapter (DIX).
 *
 * Between the midlayer and a disk stands a host adapter, which passes it on, makes it up
 * for one side, or checks it and keeps it from the other.  Here there is no wire between
 * adapter and target, so the core does the adapter's part, too.
 */
#include <linux/moduleparam.h>
#include "loop.h"

/*
 * All types of disks; but not DIX without a disk that has protection information: that
 * would make the block layer compute it for each and every disk.
 */
#define LOOP_PROT_DEFAULT	(SHOST_DIF_TYPE1_PROTECTION | SHOST_DIF_TYPE2_PROTECTION | \
				 SHOST_DIF_TYPE3_PROTECTION | SHOST_DIX_TYPE1_PROTECTION | \
				 SHOST_DIX_TYPE2_PROTECTION | SHOST_DIX_TYPE3_PROTECTION)
#define LOOP_PROT_ALL		(LOOP_PROT_DEFAULT | SHOST_DIX_TYPE0_PROTECTION)
#define LOOP_GUARD_ALL		(SHOST_DIX_GUARD_CRC | SHOST_DIX_GUARD_IP)

static unsigned int loop_prot_mask = LOOP_PROT_DEFAULT;
static unsigned int loop_prot_guard = SHOST_DIX_GUARD_CRC;

LOOP_PARAM(prot_mask, 0, LOOP_PROT_ALL,
	   "protection of a new target: 1, 2, 4 DIF types 1 to 3; 8 to 64 DIX types 0 to 3");
LOOP_PARAM(prot_guard, SHOST_DIX_GUARD_CRC, LOOP_GUARD_ALL,
	   "guards of a new target: 1 CRC, 2 IP checksum");

void loop_prot_init(struct Scsi_Host *shost)
{
	scsi_host_set_prot(shost, READ_ONCE(loop_prot_mask));
	scsi_host_set_guard(shost, READ_ONCE(loop_prot_guard));
}

static const enum target_prot_op loop_prot_ops[] = {
	[SCSI_PROT_READ_INSERT]		= TARGET_PROT_DIN_INSERT,
	[SCSI_PROT_WRITE_STRIP]		= TARGET_PROT_DOUT_STRIP,
	[SCSI_PROT_READ_STRIP]		= TARGET_PROT_DIN_STRIP,
	[SCSI_PROT_WRITE_INSERT]	= TARGET_PROT_DOUT_INSERT,
	[SCSI_PROT_READ_PASS]		= TARGET_PROT_DIN_PASS,
	[SCSI_PROT_WRITE_PASS]		= TARGET_PROT_DOUT_PASS,
};

static u8 loop_prot_checks(const struct scsi_cmnd *sc)
{
	u8 checks = 0;

	if (sc->prot_flags & SCSI_PROT_GUARD_CHECK)
		checks |= TARGET_DIF_CHECK_GUARD;
	if (sc->prot_flags & SCSI_PROT_REF_CHECK)
		checks |= TARGET_DIF_CHECK_REFTAG;
	return checks;
}

void loop_prot_submit(struct loop_cmd *cmd, int flags, gfp_t gfp)
{
	struct scsi_cmnd *sc = cmd->sc;
	struct se_cmd *se_cmd = &cmd->se_cmd;

	if (loop_cmd_enter(cmd, scsi_transfer_length(sc), flags)) {
		loop_cmd_no_nexus(cmd);
		return;
	}
	se_cmd->prot_op = loop_prot_ops[scsi_get_prot_op(sc)];
	se_cmd->prot_checks = loop_prot_checks(sc);
	se_cmd->prot_ip = sc->prot_flags & SCSI_PROT_IP_CHECKSUM;
	se_cmd->reftag_seed = scsi_prot_ref_tag(sc);
	if (!target_submit_prep(se_cmd, sc->cmnd, scsi_sglist(sc), scsi_sg_count(sc), NULL, 0,
				scsi_prot_sglist(sc), scsi_prot_sg_count(sc), gfp))
		target_submit(se_cmd);
}
