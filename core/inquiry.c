// SPDX-License-Identifier: GPL-2.0-only
/* INQUIRY (SPC-6 6.7) and its standard data. */
#include <scsi/scsi_proto.h>
#include "alua.h"
#include "cdb.h"
#include "inquiry.h"
#include "pi.h"
#include "sense.h"
#include "spc.h"

#define INQUIRY_LEN		96	/* standard data */
#define INQUIRY_NO_LUN_LEN	36
#define INQUIRY_NO_LUN		0x7f	/* qualifier 011b, type 1Fh: no unit can be here */
#define INQUIRY_NOT_CONNECTED	0x20	/* qualifier 001b: a unit, but not to be reached */
#define INQUIRY_EVPD		0x01
#define VERSION_SPC_4		0x06
#define RESPONSE_DATA_FORMAT	0x02
#define INQUIRY_NORMACA		0x20
#define INQUIRY_RMB		0x80
#define INQUIRY_3PC		0x08
#define INQUIRY_PROTECT		0x01
#define INQUIRY_CMDQUE		0x02

/*
 * VERSION DESCRIPTORs, none with a version claimed.  VERSION 06h is SPC-4: of
 * what initiators know how to read, the newest.
 */
#define DESCRIPTOR_SAM_5	0x00a0
#define DESCRIPTOR_SPC_4	0x0460
#define DESCRIPTOR_SBC_3	0x04c0

static const struct {
	int	proto_id;
	u16	descriptor;
} inquiry_protocols[] = {
	{ SCSI_PROTOCOL_FCP,	0x0a40 },	/* FCP-4 */
	{ SCSI_PROTOCOL_SBP,	0x0980 },	/* SBP-3 */
	{ SCSI_PROTOCOL_SRP,	0x0940 },	/* SRP */
	{ SCSI_PROTOCOL_ISCSI,	0x0960 },	/* iSCSI */
	{ SCSI_PROTOCOL_SAS,	0x0c20 },	/* SAS-2 */
};

u16 target_inquiry_protocol_version(int proto_id)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(inquiry_protocols); i++)
		if (inquiry_protocols[i].proto_id == proto_id)
			return inquiry_protocols[i].descriptor;
	return 0;
}

/* TPGS, 3PC and PROTECT: each only with the commands that go with it. */
static u8 inquiry_byte_5(struct se_device *dev, struct se_lun *lun)
{
	u8 byte = 0, tpgs;
	u16 id;

	if (target_cdb_device_has(dev, MAINTENANCE_IN, MI_REPORT_TARGET_PGS) &&
	    target_tg_pt_gp_of_lun(lun, dev, &id, &tpgs))
		byte |= tpgs << 4;
	if (target_cdb_device_has(dev, EXTENDED_COPY, 0))
		byte |= INQUIRY_3PC;
	if (dev->dev_attrib.pi_prot_type)
		byte |= INQUIRY_PROTECT;
	return byte;
}

static void inquiry_build_versions(struct target_buf *b, struct se_lun *lun)
{
	u16 protocol = target_inquiry_protocol_version(lun->lun_tpg->proto_id);

	target_buf_be16(b, DESCRIPTOR_SAM_5);
	if (protocol)
		target_buf_be16(b, protocol);
	target_buf_be16(b, DESCRIPTOR_SPC_4);
	target_buf_be16(b, DESCRIPTOR_SBC_3);
}

/* Who comes through a port that is unavailable is told so (SPC-6 5.18.2.4.5). */
u8 target_inquiry_peripheral(const struct se_device *dev, const struct se_lun *lun)
{
	if (!dev)
		return INQUIRY_NO_LUN;
	if (lun && unlikely(READ_ONCE(lun->alua_gate) == TARGET_ALUA_UNAVAILABLE))
		return INQUIRY_NOT_CONNECTED | dev->limits.device_type;
	return dev->limits.device_type;
}

/* SPC-6 6.7.2: "no logical unit here", and nothing else to say */
static void inquiry_build_no_lun(struct target_buf *b)
{
	target_buf_u8(b, target_inquiry_peripheral(NULL, NULL));
	target_buf_u8(b, 0);
	target_buf_u8(b, VERSION_SPC_4);
	target_buf_u8(b, RESPONSE_DATA_FORMAT);
	target_buf_u8(b, INQUIRY_NO_LUN_LEN - 5);
	target_buf_zero(b, 3);
	target_buf_text(b, "", INQUIRY_NO_LUN_LEN - 8);
}

void target_inquiry_build(struct target_buf *b, struct se_device *dev, struct se_lun *lun)
{
	u32 start = b->len;

	if (!dev) {
		inquiry_build_no_lun(b);
		return;
	}
	target_buf_u8(b, target_inquiry_peripheral(dev, lun));
	target_buf_u8(b, dev->dev_attrib.removable ? INQUIRY_RMB : 0);
	target_buf_u8(b, VERSION_SPC_4);
	target_buf_u8(b, INQUIRY_NORMACA | RESPONSE_DATA_FORMAT);
	target_buf_u8(b, INQUIRY_LEN - 5);
	target_buf_u8(b, inquiry_byte_5(dev, lun));
	target_buf_u8(b, 0);
	target_buf_u8(b, INQUIRY_CMDQUE);
	target_buf_text(b, dev->t10_wwn.vendor, INQUIRY_VENDOR_LEN);
	target_buf_text(b, dev->t10_wwn.model, INQUIRY_MODEL_LEN);
	target_buf_text(b, dev->t10_wwn.revision, INQUIRY_REVISION_LEN);
	target_buf_zero(b, 58 - 36);
	inquiry_build_versions(b, lun);
	target_buf_zero(b, INQUIRY_LEN - (b->len - start));
}

sense_reason_t target_inquiry_parse(struct se_cmd *cmd)
{
	const u8 *cdb = cmd->t_task_cdb;

	if (cdb[1] & INQUIRY_EVPD ? !target_vpd_present(cmd->se_dev, cdb[2]) : cdb[2])
		return target_fail_cdb_field(cmd, 2, 7);
	return TCM_NO_SENSE;
}

static void inquiry_build(struct se_cmd *cmd, struct target_buf *b)
{
	const u8 *cdb = cmd->t_task_cdb;

	if (cdb[1] & INQUIRY_EVPD)
		target_vpd_build(b, cdb[2], cmd->se_dev, cmd->se_lun);
	else
		target_inquiry_build(b, cmd->se_dev, cmd->se_lun);
	target_pi_mark_inquiry(cmd, b);
}

sense_reason_t target_inquiry_execute(struct se_cmd *cmd)
{
	u32 size = target_cdb_get(cmd->t_task_cdb, cmd->op->alloc);

	/* No more is sent, however many ports there are. */
	return target_spc_reply(cmd, max(size, 1U), inquiry_build);
}
