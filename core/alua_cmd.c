// SPDX-License-Identifier: GPL-2.0-only
#include <linux/slab.h>
#include <linux/unaligned.h>
#include <linux/workqueue.h>
#include <target/target_core_backend.h>
#include "alua_cmd.h"
#include "cdb.h"
#include "cmd.h"
#include "sense.h"
#include "spc.h"

#define ALUA_FORMAT_AT		1	/* PARAMETER DATA FORMAT, bits 7-5 */
#define ALUA_FORMAT_EXTENDED	1
#define ALUA_PREF		0x80
#define ALUA_HEADER_LEN		8	/* the extended one */
#define ALUA_GROUP_LEN		8	/* bytes of a group's descriptor without its ports */
#define ALUA_PORT_LEN		4
#define ALUA_PORTS_MAX		255	/* TARGET PORT COUNT */
#define ALUA_LIST_HEADER	4
#define ALUA_LIST_DESC		4
#define ALUA_LIST_MAX		(ALUA_LIST_HEADER + TARGET_ALUA_TARGETS * ALUA_LIST_DESC)

static struct workqueue_struct *alua_wq;	/* transitions that initiators ask for */

bool target_alua_supported(const struct se_device *dev)
{
	return dev && !(dev->transport->flags & TARGET_BACKEND_PASSTHROUGH_ALUA);
}

bool target_alua_explicit(const struct se_device *dev)
{
	return target_alua_supported(dev) && READ_ONCE(dev->alua_explicit);
}

/* --- REPORT TARGET PORT GROUPS ----------------------------------------------------------- */

sense_reason_t target_alua_parse_report(struct se_cmd *cmd)
{
	if (cmd->t_task_cdb[ALUA_FORMAT_AT] >> 5 > ALUA_FORMAT_EXTENDED)
		return target_fail_cdb_field(cmd, ALUA_FORMAT_AT, 7);
	return TCM_NO_SENSE;
}

/* A unit may be more than one LUN of a port. */
static bool alua_port_was_told(const struct target_tg_pt_gp *gp, const struct se_lun *lun)
{
	const struct se_lun *before;

	list_for_each_entry(before, &gp->luns, tg_pt_gp_node) {
		if (before == lun)
			return false;
		if (before->lun_tpg == lun->lun_tpg)
			return true;
	}
	return false;
}

static u8 alua_build_ports(struct target_buf *b, const struct target_tg_pt_gp *gp)
{
	const struct se_lun *lun;
	u8 ports = 0;

	list_for_each_entry(lun, &gp->luns, tg_pt_gp_node) {
		if (ports == ALUA_PORTS_MAX || alua_port_was_told(gp, lun))
			continue;
		target_buf_be16(b, 0);
		target_buf_be16(b, lun->lun_tpg->tpg_rtpi);
		ports++;
	}
	return ports;
}

static void alua_build_group(struct target_buf *b, const struct target_tg_pt_gp *gp)
{
	u32 start = b->len;

	target_buf_u8(b, (gp->preferred ? ALUA_PREF : 0) | gp->state);
	target_buf_u8(b, gp->supported);
	target_buf_be16(b, gp->id);
	target_buf_u8(b, 0);
	target_buf_u8(b, gp->status);
	target_buf_be16(b, 0);
	target_buf_set_u8(b, start + 7, alua_build_ports(b, gp));
}

void target_alua_build_report(struct target_buf *b, struct se_device *dev, struct se_lun *lun,
			      bool extended)
{
	const struct target_tg_pt_gp *gp;
	u32 start = b->len;

	lockdep_assert_held(&dev->lun_lock);
	target_buf_be32(b, 0);
	if (extended) {
		target_buf_u8(b, ALUA_FORMAT_EXTENDED << 4);
		target_buf_u8(b, lun->tg_pt_gp ? lun->tg_pt_gp->implicit_trans_secs : 0);
		target_buf_be16(b, 0);
	}
	/* Every group has a port at least (SPC-6 6.36). */
	list_for_each_entry(gp, &dev->tg_pt_gps, node)
		if (gp->id_valid && !list_empty(&gp->luns))
			alua_build_group(b, gp);
	target_buf_set_be32(b, start, b->len - start - 4);
}

static void alua_build_report(struct se_cmd *cmd, struct target_buf *b)
{
	bool extended = cmd->t_task_cdb[ALUA_FORMAT_AT] >> 5 == ALUA_FORMAT_EXTENDED;

	guard(spinlock_irqsave)(&cmd->se_dev->lun_lock);
	target_alua_build_report(b, cmd->se_dev, cmd->se_lun, extended);
}

static u32 alua_report_size(struct se_device *dev)
{
	const struct target_tg_pt_gp *gp;
	const struct se_lun *lun;
	u32 size = ALUA_HEADER_LEN;

	guard(spinlock_irqsave)(&dev->lun_lock);
	list_for_each_entry(gp, &dev->tg_pt_gps, node)
		size += ALUA_GROUP_LEN;
	list_for_each_entry(lun, &dev->luns, dev_node)
		size += ALUA_PORT_LEN;
	return size;
}

/* SPC-6 6.36. What grows meanwhile is counted in the length, and cut off. */
sense_reason_t target_alua_report(struct se_cmd *cmd)
{
	return target_spc_reply(cmd, alua_report_size(cmd->se_dev), alua_build_report);
}

/* --- SET TARGET PORT GROUPS -------------------------------------------------------------- */

sense_reason_t target_alua_parse_set(struct se_cmd *cmd)
{
	u32 len = target_cdb_get(cmd->t_task_cdb, cmd->op->alloc);

	return len > ALUA_LIST_MAX ? target_fail_cdb_field(cmd, 6, 7) : TCM_NO_SENSE;
}

/* Offline is a state of a port of its own, which may be put there if its group may be. */
static bool alua_port_ok(struct se_device *dev, u16 rtpi)
{
	struct se_lun *lun;

	list_for_each_entry(lun, &dev->luns, dev_node)
		if (lun->lun_tpg->tpg_rtpi == rtpi)
			return lun->tg_pt_gp &&
			       target_alua_state_ok(lun->tg_pt_gp, TARGET_ALUA_OFFLINE, true);
	return false;
}

static bool alua_gp_explicit(const struct target_tg_pt_gp *gp)
{
	return gp && gp->access_type & TARGET_TPGS_EXPLICIT;
}

/* A descriptor at @at: first its state, then the group or port. */
static sense_reason_t alua_check_desc(struct se_cmd *cmd, const u8 *list, u32 at,
				      struct target_alua_target *t)
{
	struct se_device *dev = cmd->se_dev;
	struct target_tg_pt_gp *gp;

	t->state = list[at] & 0x0f;
	t->id = get_unaligned_be16(list + at + 2);
	t->port = t->state == TARGET_ALUA_OFFLINE;
	if (list[at] & 0xf0)
		return target_fail_param_field(cmd, at, 7);
	if (t->port)
		return alua_port_ok(dev, t->id) ? TCM_NO_SENSE :
						  target_fail_param_field(cmd, at + 2, 7);
	gp = target_tg_pt_gp_by_id(dev, t->id);
	if (!alua_gp_explicit(gp))
		return target_fail_param_field(cmd, at + 2, 7);
	if (!target_alua_state_ok(gp, t->state, true))
		return target_fail_param_field(cmd, at, 3);
	return TCM_NO_SENSE;
}

sense_reason_t target_alua_check_list(struct se_cmd *cmd, const u8 *list, u32 len,
				      struct target_alua_move *move)
{
	u32 at;

	if (len < ALUA_LIST_HEADER || (len - ALUA_LIST_HEADER) % ALUA_LIST_DESC)
		return TCM_PARAMETER_LIST_LENGTH_ERROR;
	guard(spinlock_irqsave)(&cmd->se_dev->lun_lock);
	for (at = ALUA_LIST_HEADER; at < len; at += ALUA_LIST_DESC) {
		sense_reason_t why = alua_check_desc(cmd, list, at, &move->targets[move->count++]);

		if (why)
			return why;
	}
	return TCM_NO_SENSE;
}

/* In the scratch memory of its command, which keeps the unit. */
struct alua_set {
	struct work_struct	work;
	struct target_alua_move	move;
	u8			list[ALUA_LIST_MAX];
};

static void alua_set_work(struct work_struct *work)
{
	struct alua_set *set = container_of(work, struct alua_set, work);
	int err = target_alua_move_run(&set->move);

	target_cmd_done(set->move.cmd, err ? TCM_ALUA_STATE_TRANSITION : TCM_NO_SENSE);
}

/* SPC-6 6.48: the delay is nobody else's who sends commands. */
sense_reason_t target_alua_set(struct se_cmd *cmd)
{
	struct alua_set *set;
	sense_reason_t why;

	if (!cmd->data_length) {
		target_cmd_done(cmd, TCM_NO_SENSE);
		return TCM_NO_SENSE;
	}
	set = kzalloc(sizeof(*set), GFP_NOIO);
	if (!set)
		return TCM_OUT_OF_RESOURCES;
	cmd->scratch = set;
	target_cmd_get_params(cmd, set->list, sizeof(set->list));
	why = target_alua_check_list(cmd, set->list, cmd->data_length, &set->move);
	if (why)
		return why;
	set->move.dev = cmd->se_dev;
	set->move.status = TARGET_ALUA_STATUS_EXPLICIT;
	set->move.except = cmd->itl;
	set->move.cmd = cmd;
	INIT_WORK(&set->work, alua_set_work);
	queue_work(alua_wq, &set->work);
	return TCM_NO_SENSE;
}

int target_alua_cmd_init(void)
{
	alua_wq = alloc_workqueue("target_alua", WQ_MEM_RECLAIM | WQ_UNBOUND, 0);
	return alua_wq ? 0 : -ENOMEM;
}

void target_alua_cmd_exit(void)
{
	destroy_workqueue(alua_wq);
}
