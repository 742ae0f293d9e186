// SPDX-License-Identifier: GPL-2.0-only
/* Commands that every device type has (SPC-6 clause 6). */
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <scsi/scsi_proto.h>
#include "cdb.h"
#include "cmd.h"
#include "exceptions.h"
#include "deferred.h"
#include "itl.h"
#include "medium.h"
#include "power.h"
#include "selftest.h"
#include "spc.h"
#include "tmr.h"
#include "ua.h"

#define SPC_LUN_LEN		8	/* bytes of an entry of the LUN list, and of its header */
#define SPC_SENSE_SIZE		32	/* REQUEST SENSE sends no more */
#define SPC_OPCODE_LEN		8	/* bytes of a command descriptor */
#define SPC_TIMEOUTS_LEN	12	/* bytes of a command timeouts descriptor */
#define SPC_LUN_FLAT		0x4000
#define SPC_LUN_EXT_24		0xd2	/* extended flat space addressing, 24 and 40 bits */
#define SPC_LUN_EXT_40		0xe2

sense_reason_t target_spc_reply(struct se_cmd *cmd, u32 size,
				void (*build)(struct se_cmd *cmd, struct target_buf *b))
{
	void *data = kvzalloc(size, GFP_KERNEL);
	struct target_buf b;

	if (!data)
		return TCM_OUT_OF_RESOURCES;
	target_buf_init(&b, data, size);
	build(cmd, &b);
	target_cmd_done_data(cmd, &b);
	kvfree(data);
	return TCM_NO_SENSE;
}

/* SPC-6 6.54: the gates have decided already. */
sense_reason_t target_spc_test_unit_ready(struct se_cmd *cmd)
{
	target_cmd_done(cmd, TCM_NO_SENSE);
	return TCM_NO_SENSE;
}

void target_spc_pending_sense(struct target_sense *sense, struct se_device *dev,
			      struct target_itl *itl)
{
	struct target_ua_code code;

	if (!dev) {
		target_sense_init(sense, TCM_NON_EXISTENT_LUN);
		return;
	}
	*sense = (struct target_sense){ .key = NO_SENSE };
	if (target_ua_take(itl, &code)) {
		sense->key = UNIT_ATTENTION;
		sense->asc = code.asc;
		sense->ascq = code.ascq;
		sense->info = code.info;
		sense->info_valid = code.info;
		return;
	}
	if (target_deferred_sense(sense, itl))
		return;
	if (!target_medium_sense(sense, dev) && !target_selftest_sense(sense, dev) &&
	    !target_power_sense(sense, dev))
		target_exception_sense(sense, dev);
}

static void spc_build_request_sense(struct se_cmd *cmd, struct target_buf *b)
{
	bool desc = cmd->t_task_cdb[1] & 0x01;
	struct target_sense sense;

	target_spc_pending_sense(&sense, cmd->se_dev, cmd->itl);
	b->len = target_sense_build(&sense, desc, b->data, b->size);
}

/* SPC-6 6.39; also for a LUN that is not there, with GOOD status. */
sense_reason_t target_spc_request_sense(struct se_cmd *cmd)
{
	return target_spc_reply(cmd, SPC_SENSE_SIZE, spc_build_request_sense);
}

void target_spc_encode_lun(u64 lun, u8 *out)
{
	memset(out, 0, SPC_LUN_LEN);
	if (lun < 256) {
		out[1] = lun;
	} else if (lun < SPC_LUN_FLAT) {
		put_unaligned_be16(SPC_LUN_FLAT | lun, out);
	} else if (lun < 1ULL << 24) {
		put_unaligned_be32(SPC_LUN_EXT_24 << 24 | lun, out);
	} else if (lun < 1ULL << 40) {
		out[0] = SPC_LUN_EXT_40;
		out[1] = lun >> 32;
		put_unaligned_be32(lun, out + 2);
	} else {
		int_to_scsilun(lun, (struct scsi_lun *)out);
	}
}

/* SELECT REPORT (SPC-6 6.36): which of our logical units, all of them simple ones, does it mean? */
static bool spc_select_is_known(u8 select)
{
	switch (select) {
	case 0x00:	/* all but well known logical units */
	case 0x01:	/* well known logical units: we have none */
	case 0x02:	/* both */
	case 0x10:	/* administrative logical units: none */
	case 0x11:	/* administrative ones and those outside of conglomerates */
	case 0x12:	/* subsidiary ones of this administrative one: none */
		return true;
	default:
		return false;
	}
}

static bool spc_select_is_ours(u8 select)
{
	return select == 0x00 || select == 0x02 || select == 0x11;
}

sense_reason_t target_spc_parse_report_luns(struct se_cmd *cmd)
{
	const u8 *cdb = cmd->t_task_cdb;

	if (!spc_select_is_known(cdb[2]))
		return target_fail_cdb_field(cmd, 2, 7);
	if (target_cdb_get(cdb, cmd->op->alloc) < 16)
		return target_fail_cdb_field(cmd, 6, 7);
	return TCM_NO_SENSE;
}

static u32 spc_count_luns(struct se_session *sess)
{
	struct target_itl *itl;
	unsigned long lun;
	u32 n = 0;

	xa_for_each(&sess->itls, lun, itl)
		n++;
	return n;
}

void target_spc_build_luns(struct target_buf *b, struct se_session *sess, u8 select, u32 max)
{
	u32 start = b->len;
	struct target_itl *itl;
	unsigned long lun;
	u8 entry[SPC_LUN_LEN];

	target_buf_zero(b, SPC_LUN_LEN);
	if (!spc_select_is_ours(select))
		return;
	xa_for_each(&sess->itls, lun, itl) {
		if (!max--)
			break;
		target_spc_encode_lun(lun, entry);
		target_buf_put(b, entry, sizeof(entry));
	}
	target_buf_set_be32(b, start, b->len - start - SPC_LUN_LEN);
}

/* The initiator knows now, whichever LUN it asked (SPC-6 6.36, SAM-6 5.14.7). */
static void spc_luns_reported(struct se_session *sess)
{
	struct target_itl *itl;
	unsigned long lun;

	guard(rcu)();
	xa_for_each(&sess->itls, lun, itl)
		target_ua_clear(itl, TARGET_UA_LUNS_CHANGED);
}

static void spc_build_report_luns(struct se_cmd *cmd, struct target_buf *b)
{
	/* Before the list is read: a change after it is news again. */
	spc_luns_reported(cmd->se_sess);
	target_spc_build_luns(b, cmd->se_sess, cmd->t_task_cdb[2], b->size / SPC_LUN_LEN - 1);
}

sense_reason_t target_spc_report_luns(struct se_cmd *cmd)
{
	u32 count = spc_count_luns(cmd->se_sess);

	return target_spc_reply(cmd, SPC_LUN_LEN * (count + 1), spc_build_report_luns);
}

/* Command timeouts descriptor (SPC-6 6.35.4) */
static void spc_build_timeouts(struct target_buf *b, const struct target_cdb_op *op)
{
	target_buf_be16(b, SPC_TIMEOUTS_LEN - 2);
	target_buf_zero(b, 2);
	target_buf_be32(b, op->nominal_timeout);
	target_buf_be32(b, op->recommended_timeout);
}

void target_spc_build_opcodes(struct target_buf *b, const struct se_device *dev, bool rctd)
{
	u32 start = b->len;
	unsigned int i;

	target_buf_zero(b, 4);
	for (i = 0; i < target_cdb_op_count; i++) {
		const struct target_cdb_op *op = &target_cdb_ops[i];

		if (!target_cdb_supported(op, dev))
			continue;
		target_buf_u8(b, op->opcode);
		target_buf_u8(b, 0);
		target_buf_be16(b, op->sa);
		target_buf_u8(b, 0);
		target_buf_u8(b, (rctd ? 0x02 : 0) | (op->has_sa ? 0x01 : 0));
		target_buf_be16(b, op->len);
		if (rctd)
			spc_build_timeouts(b, op);
	}
	target_buf_set_be32(b, start, b->len - start - 4);
}

void target_spc_build_opcode(struct target_buf *b, const struct target_cdb_op *op,
			     const struct se_device *dev, const struct se_session *sess,
			     bool rctd)
{
	u8 usage[TCM_MAX_COMMAND_SIZE];

	target_buf_u8(b, 0);
	if (!op) {
		target_buf_u8(b, 0x01);	/* SUPPORT: not supported */
		target_buf_be16(b, 0);
		return;
	}
	target_buf_u8(b, (rctd ? 0x80 : 0) | 0x03);	/* SUPPORT: as the standard says */
	target_buf_be16(b, op->len);
	target_cdb_usage(op, dev, sess, usage);
	target_buf_put(b, usage, op->len);
	if (rctd)
		spc_build_timeouts(b, op);
}

/* REPORTING OPTIONS (SPC-6 6.35.1): one command, by opcode, or by opcode and service action */
sense_reason_t target_spc_parse_report_opcodes(struct se_cmd *cmd)
{
	const u8 *cdb = cmd->t_task_cdb;
	u8 options = cdb[2] & 0x07;
	bool known, has_sa;

	known = target_cdb_opcode_known(cdb[3], &has_sa);
	if (options > 3 || (options == 1 && has_sa) || (options == 2 && known && !has_sa))
		return target_fail_cdb_field(cmd, 2, 2);
	return TCM_NO_SENSE;
}

static void spc_build_report_opcodes(struct se_cmd *cmd, struct target_buf *b)
{
	const u8 *cdb = cmd->t_task_cdb;
	const struct target_cdb_op *op;
	u8 options = cdb[2] & 0x07;
	bool rctd = cdb[2] & 0x80;

	if (!options) {
		target_spc_build_opcodes(b, cmd->se_dev, rctd);
		return;
	}
	op = target_cdb_row(cdb[3], options == 1 ? 0 : get_unaligned_be16(cdb + 4));
	if (op && !target_cdb_supported(op, cmd->se_dev))
		op = NULL;
	target_spc_build_opcode(b, op, cmd->se_dev, cmd->se_sess, rctd);
}

sense_reason_t target_spc_report_opcodes(struct se_cmd *cmd)
{
	u32 size = 4 + target_cdb_op_count * (SPC_OPCODE_LEN + SPC_TIMEOUTS_LEN);

	return target_spc_reply(cmd, size, spc_build_report_opcodes);
}

#define SPC_TMF_EXTENDED_LEN	16	/* bytes; 4 without REPD */

/* SPC-6 6.38.2 */
void target_spc_build_tmfs(struct target_buf *b, bool extended)
{
	u8 bits[3] = { };
	unsigned int i;

	for (i = 0; i < target_tmf_count; i++)
		bits[target_tmfs[i].byte] |= target_tmfs[i].bit;
	target_buf_put(b, bits, sizeof(bits));
	target_buf_u8(b, extended ? SPC_TMF_EXTENDED_LEN - 4 : 0);
	/* No timeouts are given: TMFTMOV is 0. */
	if (extended)
		target_buf_zero(b, SPC_TMF_EXTENDED_LEN - 4);
}

sense_reason_t target_spc_parse_report_tmfs(struct se_cmd *cmd)
{
	if (target_cdb_get(cmd->t_task_cdb, cmd->op->alloc) < 4)
		return target_fail_cdb_field(cmd, 6, 7);
	return TCM_NO_SENSE;
}

static void spc_build_report_tmfs(struct se_cmd *cmd, struct target_buf *b)
{
	target_spc_build_tmfs(b, cmd->t_task_cdb[2] & 0x80);
}

sense_reason_t target_spc_report_tmfs(struct se_cmd *cmd)
{
	return target_spc_reply(cmd, SPC_TMF_EXTENDED_LEN, spc_build_report_tmfs);
}
