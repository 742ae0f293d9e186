// SPDX-License-Identifier: GPL-2.0-only
/* GET LBA STATUS (SBC-5 5.6, 5.7): asks the backstore how blocks are provisioned. */
#include <linux/sched.h>
#include "cdb.h"
#include "cmd.h"
#include "provision.h"
#include "sbc.h"
#include "sense.h"
#include "spc.h"

#define LBA_STATUS_HEADER_LEN	8	/* bytes of the parameter data's header */
#define LBA_STATUS_DESC_LEN	16	/* bytes of a descriptor */
#define LBA_STATUS_MAX_DESCS	1024	/* that are sent at once, at most */
#define LBA_STATUS_RTP		0x01	/* header byte 7: REPORT TYPE was looked at */
#define LBA_STATUS_PLAIN	0	/* PROVISIONING STATUS: mapped, or nobody knows */

/* REPORT TYPE */
enum lba_status_report {
	REPORT_ALL		= 0x00,
	REPORT_ALL_EXACTLY	= 0x01,	/* without the status that may be either of two */
	REPORT_MAPPED		= 0x02,
	REPORT_DEALLOCATED	= 0x03,
	REPORT_ANCHORED		= 0x04,
	REPORT_UNRECOVERED	= 0x10,	/* blocks that may give a read error: we know of none */
};

/* COMPLETION CONDITION: what the list ends with */
enum lba_status_end {
	END_OF_ALLOCATION	= 1,
	END_OF_SCAN		= 2,
	END_OF_MEDIUM		= 3,
};

bool target_lba_status_supported(const struct se_device *dev)
{
	return !dev || (dev->transport->lba_status && target_sbc_thin(dev));
}

static bool lba_status_is_long(const struct se_cmd *cmd)
{
	return cmd->op->len > 16;
}

static u8 lba_status_report_byte(const struct se_cmd *cmd)
{
	return lba_status_is_long(cmd) ? 10 : 14;
}

/* SCAN LENGTH; 0 is no limit. The short form has none. */
static u32 lba_status_scan_length(const struct se_cmd *cmd)
{
	return lba_status_is_long(cmd) ? get_unaligned_be32(cmd->t_task_cdb + 20) : 0;
}

sense_reason_t target_lba_status_parse(struct se_cmd *cmd)
{
	u8 byte = lba_status_report_byte(cmd), report = cmd->t_task_cdb[byte];
	sense_reason_t why;

	if (report > REPORT_ANCHORED && report != REPORT_UNRECOVERED)
		return target_fail_cdb_field(cmd, byte, 7);
	why = target_sbc_check_range(cmd, cmd->t_task_lba, 1);
	if (why)
		return why;
	return target_cdb_set_length(cmd, target_cdb_get(cmd->t_task_cdb, cmd->op->alloc));
}

static bool lba_status_is_wanted(enum target_lba_status status, enum lba_status_report report)
{
	switch (report) {
	case REPORT_ALL:
	case REPORT_ALL_EXACTLY:
		return true;
	case REPORT_MAPPED:
		return status == TARGET_LBA_MAPPED;
	case REPORT_DEALLOCATED:
		return status == TARGET_LBA_DEALLOCATED;
	case REPORT_ANCHORED:
		return status == TARGET_LBA_ANCHORED;
	default:
		return false;
	}
}

static void lba_status_add(struct target_buf *b, u64 lba, u32 blocks,
			   enum target_lba_status status, enum lba_status_report report)
{
	bool plain = report == REPORT_ALL &&
		     (status == TARGET_LBA_MAPPED || status == TARGET_LBA_UNKNOWN);

	target_buf_be64(b, lba);
	target_buf_be32(b, blocks);
	target_buf_u8(b, plain ? LBA_STATUS_PLAIN : status);
	target_buf_zero(b, 3);
}

static void lba_status_build(struct se_cmd *cmd, struct target_buf *b)
{
	enum lba_status_report report = cmd->t_task_cdb[lba_status_report_byte(cmd)];
	struct se_device *dev = cmd->se_dev;
	u64 lba = cmd->t_task_lba, capacity = READ_ONCE(dev->blocks);
	u64 scan = lba_status_scan_length(cmd);
	u64 end = scan ? min(lba + scan, capacity) : capacity;
	enum lba_status_end why;

	target_buf_zero(b, LBA_STATUS_HEADER_LEN);
	while (lba < end && b->len < b->size && !(atomic_read(&cmd->state) & TARGET_CMD_ABORTED)) {
		enum target_lba_status status;
		u32 blocks = min_t(u64, end - lba, U32_MAX);

		blocks = dev->transport->lba_status(dev, lba, blocks, &status);
		if (lba_status_is_wanted(status, report))
			lba_status_add(b, lba, blocks, status, report);
		lba += blocks;
		cond_resched();
	}
	why = lba < end ? END_OF_ALLOCATION : end < capacity ? END_OF_SCAN : END_OF_MEDIUM;
	target_buf_set_be32(b, 0, b->len - 4);
	target_buf_set_u8(b, 7, why << 1 | LBA_STATUS_RTP);
}

sense_reason_t target_lba_status_execute(struct se_cmd *cmd)
{
	u32 room = target_cdb_get(cmd->t_task_cdb, cmd->op->alloc);
	u32 descs = room < LBA_STATUS_HEADER_LEN ? 0 :
		    (room - LBA_STATUS_HEADER_LEN) / LBA_STATUS_DESC_LEN;

	/* One is built in any case; done_data() cuts off what there is no room for. */
	descs = clamp_t(u32, descs, 1, LBA_STATUS_MAX_DESCS);
	return target_spc_reply(cmd, LBA_STATUS_HEADER_LEN + descs * LBA_STATUS_DESC_LEN,
				lba_status_build);
}
