// SPDX-License-Identifier: GPL-2.0-only
/*
 * A unit's reservations and its nexuses (SPC-6 5.14; SPC-2 7.21 for RESERVE).
 *
 * What a nexus may not do is worked out whenever that can change: when a reservation
 * comes or goes, and when the nexus comes. A command then looks at a byte of its nexus,
 * and no lock is taken on its way, reserved or not.
 */
#include <linux/slab.h>
#include <scsi/scsi_proto.h>
#include "aca.h"
#include "cdb.h"
#include "cmd.h"
#include "lun.h"
#include "passthrough.h"
#include "pr_save.h"
#include "reserve.h"
#include "tmr.h"
#include "tpg.h"
#include "ua.h"

#define START_POWER_CONDITION	0xf0	/* START STOP UNIT byte 4 */
#define START_START		0x01
#define PREVENT_FIELD		0x03	/* PREVENT ALLOW MEDIUM REMOVAL byte 4 */

/* --- ports and nexuses ------------------------------------------------------------------- */

static void reservations_get_port(struct target_pr_port *port, struct se_lun *lun)
{
	struct se_portal_group *tpg = lun->lun_tpg;

	port->protocol = tpg->proto_id < 0 ? SCSI_PROTOCOL_UNSPEC : tpg->proto_id;
	port->rtpi = tpg->tpg_rtpi;
	port->tag = target_tpg_tag(tpg);
	port->lun = lun->unpacked_lun;
	strscpy(port->fabric, tpg->se_tpg_tfo->fabric_name, sizeof(port->fabric));
	strscpy(port->target, target_tpg_wwn(tpg), sizeof(port->target));
}

static u32 reservations_list_ports(struct se_device *dev, struct target_pr_port *port, u32 room)
{
	struct se_lun *lun;
	unsigned long flags;
	u32 count = 0;

	spin_lock_irqsave(&dev->lun_lock, flags);
	list_for_each_entry(lun, &dev->luns, dev_node) {
		if (count < room)
			reservations_get_port(&port[count], lun);
		count++;
	}
	spin_unlock_irqrestore(&dev->lun_lock, flags);
	return count;
}

struct target_pr_ports *target_pr_ports_alloc(struct se_device *dev)
{
	u32 room = reservations_list_ports(dev, NULL, 0);
	struct target_pr_ports *ports = kvzalloc(struct_size(ports, port, room), GFP_KERNEL);

	if (ports)
		ports->count = min(room, reservations_list_ports(dev, ports->port, room));
	return ports;
}

static void reservations_get_isid(struct target_initiator *initiator, struct target_itl *itl)
{
	const struct target_core_fabric_ops *tfo = itl->sess->se_tpg->se_tpg_tfo;

	if (tfo->sess_get_initiator_sid && itl->dev->dev_attrib.enforce_pr_isids)
		tfo->sess_get_initiator_sid(itl->sess, initiator->isid, sizeof(initiator->isid));
}

static struct target_pr_nexus *reservations_name(struct target_itl *itl)
{
	struct target_initiator initiator = { };
	struct target_pr_port port = { };

	reservations_get_port(&port, itl->lun);
	initiator.protocol = port.protocol;
	strscpy(initiator.name, itl->sess->se_node_acl->initiatorname, sizeof(initiator.name));
	reservations_get_isid(&initiator, itl);
	return target_pr_nexus_alloc(&initiator, &port, itl->mapped_lun);
}

/* --- what a nexus may not do ------------------------------------------------------------- */

static u8 reservations_denies(const struct target_itl *itl)
{
	const struct target_reservations *r = &itl->dev->reservations;

	if (!itl->dev->dev_attrib.emulate_pr || !itl->dev->dev_attrib.pgr_support)
		return 0;
	if (r->lost && target_pr_replaces(itl->dev))
		return TARGET_DENY_LOST;
	if (r->reserver)
		return r->reserver == itl ? 0 : TARGET_DENY_RESERVED;
	return target_pr_denies(r->state, itl->pr_nexus);
}

static void reservations_publish_one(struct target_itl *itl, void *data)
{
	/* One that has no name yet works it out when it gets it. */
	if (itl->pr_nexus)
		WRITE_ONCE(itl->denies, reservations_denies(itl));
}

static void reservations_publish(struct se_device *dev)
{
	lockdep_assert_held(&dev->reservations.lock);
	target_itl_for_each(dev, reservations_publish_one, NULL);
}

void target_reservations_publish(struct se_device *dev)
{
	guard(mutex)(&dev->reservations.lock);
	reservations_publish(dev);
}

u8 target_access_needs(enum target_cdb_access access, const u8 *cdb)
{
	switch (access) {
	case TARGET_ACCESS_ALLOWED:
		return 0;
	case TARGET_ACCESS_UNRESERVED:
		return TARGET_DENY_RESERVED;
	case TARGET_ACCESS_READ:
		return TARGET_DENY_RESERVED | TARGET_DENY_READ;
	case TARGET_ACCESS_START:
		if ((cdb[4] & (START_POWER_CONDITION | START_START)) == START_START)
			return 0;
		break;
	case TARGET_ACCESS_PREVENT:
		if (!(cdb[4] & PREVENT_FIELD))
			return 0;
		break;
	case TARGET_ACCESS_WRITE:
		break;
	}
	return TARGET_DENY_RESERVED | TARGET_DENY_WRITE;
}

/* SPC-6 5.14.5.2, 5.14.5.3.2 */
static sense_reason_t reservations_gate_lost(const struct target_cdb_op *rules, u8 needs)
{
	if (rules->flags & TARGET_CDB_LOST || (rules->access == TARGET_ACCESS_START && !needs))
		return TCM_NO_SENSE;
	return TCM_RESERVATION_LOST;
}

sense_reason_t target_reservations_gate(struct se_cmd *cmd)
{
	const struct target_cdb_op *rules = target_cmd_rules(cmd);
	u8 needs = target_access_needs(rules->access, cmd->t_task_cdb);
	u8 denies = READ_ONCE(cmd->itl->denies);

	if (unlikely(denies & TARGET_DENY_LOST))
		return reservations_gate_lost(rules, needs);
	return denies & needs ? TCM_RESERVATION_CONFLICT : TCM_NO_SENSE;
}

int target_reservations_admit(struct target_itl *itl)
{
	struct target_pr_nexus *nexus = reservations_name(itl);

	if (!nexus)
		return -ENOMEM;
	guard(mutex)(&itl->dev->reservations.lock);
	itl->pr_nexus = nexus;
	reservations_publish_one(itl, NULL);
	return 0;
}

static void reservations_unreserve(struct se_device *dev)
{
	lockdep_assert_held(&dev->reservations.lock);
	WRITE_ONCE(dev->reservations.reserver, NULL);
	reservations_publish(dev);
}

void target_reservations_leave(struct target_itl *itl)
{
	guard(mutex)(&itl->dev->reservations.lock);
	if (itl->dev->reservations.reserver == itl)
		reservations_unreserve(itl->dev);
}

void target_reservations_reset(struct se_device *dev)
{
	guard(mutex)(&dev->reservations.lock);
	if (dev->reservations.reserver)
		reservations_unreserve(dev);
}

void target_reservations_init(struct se_device *dev)
{
	mutex_init(&dev->reservations.lock);
}

void target_reservations_exit(struct se_device *dev)
{
	target_pr_state_free(dev->reservations.state);
	kfree(dev->reservations.serial);
	mutex_destroy(&dev->reservations.lock);
}

/* --- PERSISTENT RESERVE OUT -------------------------------------------------------------- */

static void reservations_tell_one(struct target_itl *itl, void *data)
{
	const struct target_pr_change *c = data;
	u32 reg = TARGET_PR_NONE;

	if (itl->pr_nexus)
		reg = target_pr_find(c->was, itl->pr_nexus);
	if (reg == TARGET_PR_NONE)
		return;
	if (c->fate[reg] & TARGET_PR_TELL_PREEMPTED)
		target_ua_set(itl, TARGET_UA_RESERVATIONS_PREEMPTED);
	if (c->fate[reg] & TARGET_PR_TELL_RELEASED)
		target_ua_set(itl, TARGET_UA_RESERVATIONS_RELEASED);
	if (c->fate[reg] & TARGET_PR_TELL_UNREGISTERED)
		target_ua_set(itl, TARGET_UA_REGISTRATIONS_PREEMPTED);
}

void target_reservations_commit(struct se_device *dev, struct target_pr_change *change)
{
	lockdep_assert_held(&dev->reservations.lock);
	change->was = dev->reservations.state;
	dev->reservations.state = change->now;
	dev->reservations.lost = false;
	change->now = NULL;
	reservations_publish(dev);
	if (change->was)
		target_itl_for_each(dev, reservations_tell_one, change);
}

static bool reservations_aborts(const struct target_pr_change *c, const struct target_itl *itl)
{
	u32 reg = itl->pr_nexus ? target_pr_find(c->was, itl->pr_nexus) : TARGET_PR_NONE;

	return reg != TARGET_PR_NONE && c->fate[reg] & TARGET_PR_ABORT;
}

/* SPC-6 5.14.11.2.5: what those have in flight that were preempted, and ACA conditions. */
static bool reservations_match_abort(struct se_cmd *cmd, const void *data, bool *tas)
{
	if (!reservations_aborts(data, cmd->itl))
		return false;
	*tas = cmd->se_dev->dev_attrib.emulate_tas;
	if (!*tas)
		target_ua_set(cmd->itl, TARGET_UA_COMMANDS_CLEARED);
	return true;
}

static void reservations_clear_aca(struct target_itl *itl, void *data)
{
	if (reservations_aborts(data, itl))
		target_aca_clear(itl->dev, itl);
}

static void reservations_abort_work(struct work_struct *work)
{
	struct se_cmd *cmd = container_of(work, struct se_cmd, work);
	struct target_pr_change *change = cmd->scratch;
	unsigned int count;
	bool gone;

	target_itl_for_each(cmd->se_dev, reservations_clear_aca, change);
	gone = target_tmr_abort(change, cmd->se_dev, reservations_match_abort, TMR_LUN_RESET_PRO,
				&count);

	target_pr_change_end(change);
	/* It has preempted; but what a backstore does not give back may still be written. */
	target_cmd_done(cmd, gone ? TCM_NO_SENSE : TCM_COMMAND_TIMEOUT);
}

/* A function of task management may take its time, and the submitter has others to submit. */
void target_reservations_done(struct se_cmd *cmd, struct target_pr_change *change)
{
	if (!cmd->scratch || !change->was) {
		target_pr_change_end(change);
		target_cmd_done(cmd, TCM_NO_SENSE);
		return;
	}
	memcpy(cmd->scratch, change, sizeof(*change));
	INIT_WORK(&cmd->work, reservations_abort_work);
	queue_work(target_submit_wq, &cmd->work);
}

/* Either the state changes now, or when the file is safe. */
static sense_reason_t reservations_change(struct se_cmd *cmd, struct target_pr_request *rq,
					  struct target_pr_change *change,
					  struct target_pr_save **save)
{
	struct se_device *dev = cmd->se_dev;
	struct target_reservations *r = &dev->reservations;
	sense_reason_t why;

	guard(mutex)(&r->lock);
	if (r->reserver)
		return TCM_RESERVATION_CONFLICT;
	if (target_pr_save_pending(dev))
		return TCM_LUN_BUSY;
	rq->replaces = target_pr_replaces(dev);
	rq->lost = r->lost;
	why = target_pr_apply(r->state, rq, change);
	if (why || !change->now)
		return why;
	if (target_pr_save_is_due(dev, change->now))
		return target_pr_save_begin(cmd, change, save);
	target_reservations_commit(dev, change);
	return TCM_NO_SENSE;
}

sense_reason_t target_reservations_change(struct se_cmd *cmd, struct target_pr_request *rq,
					  struct target_pr_change *change)
{
	struct target_pr_save *save = NULL;
	sense_reason_t why;

	/* Room for what is to be aborted: there is no way back then. */
	if (rq->action == TARGET_PR_PREEMPT_AND_ABORT) {
		cmd->scratch = kzalloc(sizeof(*change), GFP_KERNEL);
		if (!cmd->scratch)
			return TCM_OUT_OF_RESOURCES;
	}
	why = reservations_change(cmd, rq, change, &save);
	if (why)
		target_pr_change_end(change);
	else if (save)
		target_pr_save_go(save);
	else
		target_reservations_done(cmd, change);
	return why;
}

/* --- RESERVE and RELEASE ----------------------------------------------------------------- */

/* With persistent registrations: does it count for nothing? (SPC-6 5.14.3, CRH) */
static bool reservations_compatible(const struct target_itl *itl)
{
	const struct target_pr_state *state = itl->dev->reservations.state;
	u32 reg = target_pr_find(state, itl->pr_nexus);

	return reg != TARGET_PR_NONE && state->type &&
	       (target_pr_holds(state, reg) || target_pr_type_is_shared(state->type));
}

static sense_reason_t reservations_reserve(struct target_itl *itl, bool reserve)
{
	struct target_reservations *r = &itl->dev->reservations;

	guard(mutex)(&r->lock);
	if (r->state && r->state->count)
		return reservations_compatible(itl) ? TCM_NO_SENSE : TCM_RESERVATION_CONFLICT;
	if (target_pr_save_pending(itl->dev))
		return TCM_LUN_BUSY;
	if (r->reserver && r->reserver != itl)
		return reserve ? TCM_RESERVATION_CONFLICT : TCM_NO_SENSE;
	if (reserve == !!r->reserver)
		return TCM_NO_SENSE;
	WRITE_ONCE(r->reserver, reserve ? itl : NULL);
	reservations_publish(itl->dev);
	return TCM_NO_SENSE;
}

/* SPC-2 7.21, 7.22: the whole unit, for who asks. */
sense_reason_t target_reserve(struct se_cmd *cmd)
{
	sense_reason_t why = reservations_reserve(cmd->itl, true);

	if (!why)
		target_cmd_done(cmd, TCM_NO_SENSE);
	return why;
}

/* SPC-2 7.16, 7.17: nothing happens to what another has. */
sense_reason_t target_release(struct se_cmd *cmd)
{
	sense_reason_t why = reservations_reserve(cmd->itl, false);

	if (!why)
		target_cmd_done(cmd, TCM_NO_SENSE);
	return why;
}
