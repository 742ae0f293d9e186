// SPDX-License-Identifier: GPL-2.0-only
/*
 * Task management functions (SAM-6 clause 7).
 *
 * A function marks the commands it is about and then waits until they are
 * released: taken from the task set if they were held back there, else ended by
 * their owner.  So when its response goes out, nobody below the fabric knows the
 * commands any more.  The wait is bounded: a backstore that gives nothing back
 * within TARGET_TMR_TIMEOUT makes the function fail, and the commands are ended
 * when the backstore does give them back.
 */
#include <linux/jiffies.h>
#include <linux/rcupdate.h>
#include <scsi/scsi_proto.h>
#include "aca.h"
#include "cdb.h"
#include "cmd.h"
#include "copy.h"
#include "delay.h"
#include "itl.h"
#include "mode.h"
#include "order.h"
#include "power.h"
#include "range.h"
#include "reserve.h"
#include "selftest.h"
#include "sbc.h"
#include "tmr.h"
#include "ua.h"

#define TARGET_TMR_TIMEOUT	(20 * HZ)

static struct workqueue_struct *target_tmr_wq;

static bool target_tmr_match_task(struct se_cmd *cmd, const void *data, bool *tas)
{
	const struct se_cmd *tmr = data;

	return cmd->se_sess == tmr->se_sess && cmd->tag == tmr->se_tmr_req->ref_task_tag;
}

static bool target_tmr_match_nexus(struct se_cmd *cmd, const void *data, bool *tas)
{
	const struct se_cmd *tmr = data;

	return cmd->se_sess == tmr->se_sess;
}

/* TST 001b: what others have queued is none of this nexus' task set (SPC-6 7.5.10). */
static bool target_tmr_own_set(const struct se_device *dev)
{
	return READ_ONCE(dev->tasks.per_nexus);
}

/* Everyone's: initiators other than the one that asked are told if TAS is set. */
static bool target_tmr_match_all(struct se_cmd *cmd, const void *data, bool *tas)
{
	const struct se_cmd *tmr = data;

	*tas = cmd->se_sess != tmr->se_sess && cmd->se_dev->dev_attrib.emulate_tas;
	return true;
}

struct target_tmr_walk {
	const void		*tmr;
	target_tmr_match_t	match;
};

/* The backstore has kept it: the administrator is told what it is. */
static void target_tmr_show_cmd(const struct se_cmd *cmd)
{
	enum target_cmd_state state = target_cmd_state_of(atomic_read(&cmd->state));

	pr_warn_ratelimited("%s: no end of %s tag %#llx of %s, %s for %u s\n",
			    config_item_name(&cmd->se_dev->dev_group.cg_item),
			    cmd->op ? cmd->op->name : "a command", cmd->tag,
			    cmd->se_sess->se_node_acl->initiatorname, target_cmd_state_names[state],
			    jiffies_to_msecs(jiffies - cmd->start_jiffies) / 1000);
}

static bool target_tmr_show_stuck(struct se_cmd *cmd, void *data)
{
	const struct target_tmr_walk *walk = data;
	bool tas;

	if (!(atomic_read(&cmd->state) & TARGET_CMD_WATCHED) || !walk->match(cmd, walk->tmr, &tas))
		return false;
	target_tmr_show_cmd(cmd);
	return true;
}

static void target_tmr_tell_stuck(const void *tmr, struct se_device *dev,
				  target_tmr_match_t match)
{
	struct target_tmr_walk walk = { .tmr = tmr, .match = match };

	target_device_live_walk(dev, target_tmr_show_stuck, &walk);
}

/* Mark commands, and end those that were held back. Any context. How many were found. */
static unsigned int target_tmr_take(struct se_device *dev, target_tmr_match_t match,
				    const void *data)
{
	struct se_cmd *cmd, *tmp;
	LIST_HEAD(taken);
	unsigned int count = target_task_set_abort(dev, match, data, &taken);

	list_for_each_entry_safe(cmd, tmp, &taken, blocked)
		target_cmd_finish(cmd);
	return count;
}

/* What has been marked need not wait for its turn. Any context. */
static void target_tmr_wake(struct se_device *dev)
{
	target_ranges_wake_aborted(dev);
	target_delays_wake_aborted(dev);
}

bool target_tmr_abort(const void *tmr, struct se_device *dev, target_tmr_match_t match,
		      u8 function, unsigned int *count)
{
	bool gone;

	*count = target_tmr_take(dev, match, tmr);
	if (dev->transport->abort)
		dev->transport->abort(dev, function);
	if (!*count)
		return true;
	target_tmr_wake(dev);
	gone = wait_event_timeout(dev->cmd_gone, !target_task_set_watched(dev, match, tmr),
				  TARGET_TMR_TIMEOUT);
	if (!gone)
		target_tmr_tell_stuck(tmr, dev, match);
	/* See target_cmd_release(). */
	synchronize_rcu();
	if (gone)
		atomic_long_add(*count, &dev->aborts_complete);
	return gone;
}

/**
 * struct target_expiry - a command whose initiator's time is over
 * @cmd: the command
 * @give_up: it is to end, whoever holds it
 */
struct target_expiry {
	const struct se_cmd	*cmd;
	bool			give_up;
};

static bool target_tmr_match_expired(struct se_cmd *cmd, const void *data, bool *tas)
{
	const struct target_expiry *expiry = data;
	unsigned int word;

	if (cmd != expiry->cmd)
		return false;
	word = atomic_read(&cmd->state);
	if (word & TARGET_CMD_ABORTED || target_cmd_state_of(word) >= TARGET_CMD_DONE)
		return false;
	return expiry->give_up || target_cmd_state_of(word) == TARGET_CMD_BLOCKED;
}

/**
 * target_cmd_expire - an initiator has waited for a command as long as it wanted to
 * @cmd: the command, with a reference: see target_get_cmd()
 * @give_up: the initiator does not want it any more
 *
 * This is ABORT TASK (SAM-6 7.2) for who does not wait for its response. Without
 * @give_up a command is aborted only if it can come back by that: from its task set, or
 * from a backstore with an abort hook. What stays where it is, the log tells.
 *
 * Context: process, may sleep.
 */
void target_cmd_expire(struct se_cmd *cmd, bool give_up)
{
	struct se_device *dev = cmd->se_dev;
	struct target_expiry expiry = {
		.cmd = cmd,
		.give_up = give_up || dev->transport->abort,
	};

	if (!target_tmr_take(dev, target_tmr_match_expired, &expiry)) {
		if (target_cmd_state_of(atomic_read(&cmd->state)) < TARGET_CMD_DONE)
			target_tmr_show_cmd(cmd);
		return;
	}
	atomic_long_inc(&dev->aborts_complete);
	if (dev->transport->abort)
		dev->transport->abort(dev, TMR_ABORT_TASK);
	target_tmr_wake(dev);
}
TARGET_EXPORT(target_cmd_expire);

/* QERR 01b is all others of the task set, 11b those of the nexus that is told (SPC-6 7.5.10). */
#define TARGET_QERR_ALL	1

static bool target_tmr_match_queue_error(struct se_cmd *cmd, const void *data, bool *tas)
{
	const struct se_cmd *failed = data;
	struct se_device *dev = failed->se_dev;

	if (cmd == failed)
		return false;
	if (cmd->se_sess == failed->se_sess)
		return true;
	if (READ_ONCE(dev->mode_qerr) != TARGET_QERR_ALL || target_tmr_own_set(dev))
		return false;
	*tas = dev->dev_attrib.emulate_tas;
	if (!*tas)
		target_ua_set(cmd->itl, TARGET_UA_COMMANDS_CLEARED);
	return true;
}

void target_tmr_queue_error(struct se_cmd *failed)
{
	struct se_device *dev = failed->se_dev;

	if (target_tmr_take(dev, target_tmr_match_queue_error, failed))
		target_tmr_wake(dev);
}

static bool target_tmr_match_itl(struct se_cmd *cmd, const void *data, bool *tas)
{
	return cmd->itl == data;
}

void target_tmr_nexus_goes(struct target_itl *itl)
{
	target_aca_clear(itl->dev, itl);
	if (unlikely(READ_ONCE(itl->dev->tasks.shared.aca)))
		target_tmr_take(itl->dev, target_tmr_match_itl, itl);
}

static u8 target_tmr_abort_task(struct se_cmd *tmr)
{
	struct se_device *dev = tmr->se_dev;
	unsigned int count;

	if (!target_tmr_abort(tmr, dev, target_tmr_match_task, TMR_ABORT_TASK, &count))
		return TMR_FUNCTION_FAILED;
	if (!count) {
		atomic_long_inc(&dev->aborts_no_task);
		/* It may be on its way out: its memory is the fabric's after this. */
		synchronize_rcu();
		return TMR_TASK_DOES_NOT_EXIST;
	}
	return TMR_FUNCTION_COMPLETE;
}

static u8 target_tmr_abort_set(struct se_cmd *tmr, target_tmr_match_t match)
{
	unsigned int count;

	return target_tmr_abort(tmr, tmr->se_dev, match, tmr->se_tmr_req->function, &count) ?
	       TMR_FUNCTION_COMPLETE : TMR_FUNCTION_FAILED;
}

/* LOGICAL UNIT RESET (SAM-6 6.3.3, 7.7). */
static bool target_tmr_reset_unit(struct se_cmd *tmr, struct se_device *dev)
{
	unsigned int count;
	bool gone = target_tmr_abort(tmr, dev, target_tmr_match_all, tmr->se_tmr_req->function,
				     &count);

	gone &= target_copy_cancel_all(dev, TARGET_TMR_TIMEOUT);
	target_selftest_abort(dev);
	scoped_guard(mutex, &dev->lock) {
		target_power_reset(dev);
		target_mode_reset(dev);
	}
	target_aca_clear(dev, NULL);
	target_reservations_reset(dev);
	atomic_long_inc(&dev->num_resets);
	target_ua_set_all(dev, TARGET_UA_LUN_RESET, NULL);
	return gone;
}

static u8 target_tmr_lun_reset(struct se_cmd *tmr)
{
	return target_tmr_reset_unit(tmr, tmr->se_dev) ? TMR_FUNCTION_COMPLETE :
							 TMR_FUNCTION_FAILED;
}

static u8 target_tmr_abort_task_set(struct se_cmd *tmr)
{
	return target_tmr_abort_set(tmr, target_tmr_match_nexus);
}

/* Who is not told by TASK ABORTED hears of it by a unit attention condition (SAM-6 5.6). */
static bool target_tmr_tell_cleared(struct se_cmd *cmd, void *data)
{
	const struct se_cmd *tmr = data;

	if (cmd->se_sess == tmr->se_sess || cmd->se_dev->dev_attrib.emulate_tas)
		return false;
	target_ua_set(cmd->itl, TARGET_UA_COMMANDS_CLEARED);
	return true;
}

static u8 target_tmr_clear_task_set(struct se_cmd *tmr)
{
	if (target_tmr_own_set(tmr->se_dev))
		return target_tmr_abort_task_set(tmr);
	target_device_live_walk(tmr->se_dev, target_tmr_tell_cleared, tmr);
	return target_tmr_abort_set(tmr, target_tmr_match_all);
}

/* SAM-6 7.4 */
static u8 target_tmr_clear_aca(struct se_cmd *tmr)
{
	return target_aca_clear(tmr->se_dev, tmr->itl) ? TMR_FUNCTION_COMPLETE :
							 TMR_FUNCTION_REJECTED;
}

/* What a nexus has of one unit: as if it had been lost (SAM-6 6.3.4). */
static bool target_tmr_reset_nexus_unit(struct se_cmd *tmr, struct target_itl *itl)
{
	unsigned int count;
	bool gone = target_tmr_abort(tmr, itl->dev, target_tmr_match_nexus, TMR_I_T_NEXUS_RESET,
				     &count);

	target_itl_lost(itl);
	return gone;
}

static bool target_tmr_hard_reset_unit(struct se_cmd *tmr, struct target_itl *itl)
{
	bool gone = target_tmr_reset_unit(tmr, itl->dev);

	target_sbc_reset_orwrite(itl->dev);
	return gone;
}

/*
 * Each nexus of the session is held while its unit is seen to, so that it stays, and no
 * lock is.
 */
static u8 target_tmr_for_units(struct se_cmd *tmr,
			       bool (*fn)(struct se_cmd *tmr, struct target_itl *itl))
{
	struct se_session *sess = tmr->se_sess;
	u8 response = TMR_FUNCTION_COMPLETE;
	struct target_itl *itl;
	unsigned long lun;

	rcu_read_lock();
	xa_for_each(&sess->itls, lun, itl) {
		if (!percpu_ref_tryget_live(&itl->ref))
			continue;
		rcu_read_unlock();
		if (!fn(tmr, itl))
			response = TMR_FUNCTION_FAILED;
		target_itl_put(itl);
		rcu_read_lock();
	}
	rcu_read_unlock();
	return response;
}

/* A hard reset resets every logical unit of the port (SAM-6 6.3.2). */
static u8 target_tmr_target_reset(struct se_cmd *tmr)
{
	return target_tmr_for_units(tmr, target_tmr_hard_reset_unit);
}

/* SAM-6 7.6 */
static u8 target_tmr_nexus_reset(struct se_cmd *tmr)
{
	return target_tmr_for_units(tmr, target_tmr_reset_nexus_unit);
}

static bool target_tmr_look(struct se_cmd *cmd, void *data)
{
	const struct target_tmr_walk *walk = data;
	bool tas;

	return walk->match(cmd, walk->tmr, &tas);
}

static u8 target_tmr_query(struct se_cmd *tmr, target_tmr_match_t match)
{
	struct target_tmr_walk walk = { .tmr = tmr, .match = match };

	return target_device_live_walk(tmr->se_dev, target_tmr_look, &walk) ?
	       TMR_FUNCTION_SUCCEEDED : TMR_FUNCTION_COMPLETE;
}

/* SAM-6 7.8 */
static u8 target_tmr_query_task(struct se_cmd *tmr)
{
	return target_tmr_query(tmr, target_tmr_match_task);
}

/* SAM-6 7.9 */
static u8 target_tmr_query_task_set(struct se_cmd *tmr)
{
	return target_tmr_query(tmr, target_tmr_match_nexus);
}

#define TARGET_UADE_ONE		0x10	/* UADE DEPTH: so many, or more */
#define TARGET_UADE_MORE	0x20

/* SAM-6 7.10: the condition stays. */
static u8 target_tmr_query_async_event(struct se_cmd *tmr)
{
	unsigned int count = target_ua_count(tmr->itl);
	struct target_ua_code code;
	u8 *event = tmr->se_tmr_req->event;

	if (!target_ua_peek(tmr->itl, &code))
		return TMR_FUNCTION_COMPLETE;
	event[0] = (count > 1 ? TARGET_UADE_MORE : TARGET_UADE_ONE) | UNIT_ATTENTION;
	event[1] = code.asc;
	event[2] = code.ascq;
	return TMR_FUNCTION_SUCCEEDED;
}

const struct target_tmf target_tmfs[] = {
	{ "ABORT TASK", TMR_ABORT_TASK, true, 0, 0x80, target_tmr_abort_task },
	{ "ABORT TASK SET", TMR_ABORT_TASK_SET, true, 0, 0x40, target_tmr_abort_task_set },
	{ "CLEAR ACA", TMR_CLEAR_ACA, true, 0, 0x20, target_tmr_clear_aca },
	{ "CLEAR TASK SET", TMR_CLEAR_TASK_SET, true, 0, 0x10, target_tmr_clear_task_set },
	{ "LOGICAL UNIT RESET", TMR_LUN_RESET, true, 0, 0x08, target_tmr_lun_reset },
	{ "QUERY TASK", TMR_QUERY_TASK, true, 0, 0x04, target_tmr_query_task },
	{ "QUERY TASK SET", TMR_QUERY_TASK_SET, true, 1, 0x02, target_tmr_query_task_set },
	{ "QUERY ASYNCHRONOUS EVENT", TMR_QUERY_ASYNC_EVENT, true, 1, 0x04,
	  target_tmr_query_async_event },
	{ "I_T NEXUS RESET", TMR_I_T_NEXUS_RESET, false, 1, 0x01, target_tmr_nexus_reset },
	/* These have no bit: they are not of SAM-6, but of transports. */
	{ "TARGET WARM RESET", TMR_TARGET_WARM_RESET, false, 0, 0, target_tmr_target_reset },
	{ "TARGET COLD RESET", TMR_TARGET_COLD_RESET, false, 0, 0, target_tmr_target_reset },
};

const unsigned int target_tmf_count = ARRAY_SIZE(target_tmfs);

static u8 target_tmr_run(struct se_cmd *tmr)
{
	unsigned int i;

	for (i = 0; i < target_tmf_count; i++) {
		const struct target_tmf *tmf = &target_tmfs[i];

		if (tmf->function != tmr->se_tmr_req->function)
			continue;
		if (tmf->needs_lun && !tmr->itl)
			return TMR_LUN_DOES_NOT_EXIST;
		return tmf->run(tmr);
	}
	return TMR_TASK_MGMT_FUNCTION_NOT_SUPPORTED;
}

static void target_tmr_work(struct work_struct *work)
{
	struct se_cmd *tmr = container_of(work, struct se_cmd, work);

	target_cmd_move(&tmr->state, TARGET_CMD_NEW, TARGET_CMD_EXECUTING);
	tmr->se_tmr_req->response = target_tmr_run(tmr);
	target_cmd_move(&tmr->state, TARGET_CMD_EXECUTING, TARGET_CMD_DONE);
	tmr->se_tfo->queue_tm_rsp(tmr);
	target_cmd_sent(tmr);
}

/**
 * target_submit_tmr - run a task management function
 * @cmd: memory for the request; released through the fabric's release_cmd, with
 *	%SCF_SCSI_TMR_CDB set
 * @sess: session it came through
 * @sense: unused, may be NULL
 * @unpacked_lun: LUN addressed; any for target resets
 * @fabric_tmr_ptr: the fabric's own, in se_tmr_req::fabric_tmr_ptr
 * @tm_type: enum tcm_tmreq_table
 * @gfp: for struct se_tmr_req
 * @tag: command identifier that ABORT TASK and QUERY TASK name
 * @flags: %TARGET_SCF_ACK_KREF or 0
 *
 * The response is in se_tmr_req::response when queue_tm_rsp is called, from a
 * workqueue, at most some 20 seconds per logical unit later.
 *
 * Context: as @gfp says.
 * Return: 0; -ENOMEM; -ESHUTDOWN when the session takes no more requests. After
 * an error the memory is the fabric's.
 */
int target_submit_tmr(struct se_cmd *cmd, struct se_session *sess, unsigned char *sense,
		      u64 unpacked_lun, void *fabric_tmr_ptr, unsigned char tm_type,
		      gfp_t gfp, u64 tag, int flags)
{
	struct se_tmr_req *req = kzalloc(sizeof(*req), gfp);
	int err;

	if (!req)
		return -ENOMEM;
	req->function = tm_type;
	req->fabric_tmr_ptr = fabric_tmr_ptr;
	req->ref_task_tag = tag;
	req->task_cmd = cmd;

	target_cmd_init(cmd, sess, sense, unpacked_lun, 0, TCM_SIMPLE_TAG, DMA_NONE, flags);
	err = target_get_sess_cmd(cmd, flags & TARGET_SCF_ACK_KREF);
	if (err) {
		kfree(req);
		return err;
	}
	cmd->se_tmr_req = req;
	cmd->se_cmd_flags |= SCF_SCSI_TMR_CDB;
	cmd->transport_state = CMD_T_ACTIVE;
	cmd->itl = target_itl_get(sess, unpacked_lun);
	if (cmd->itl) {
		cmd->se_dev = cmd->itl->dev;
		cmd->se_lun = cmd->itl->lun;
		req->tmr_dev = cmd->se_dev;
	}
	INIT_WORK(&cmd->work, target_tmr_work);
	queue_work(target_tmr_wq, &cmd->work);
	return 0;
}
TARGET_EXPORT(target_submit_tmr);

int target_tmr_init(void)
{
	/* Unbound, since a function sleeps while it waits. */
	target_tmr_wq = alloc_workqueue("target_tmr", WQ_MEM_RECLAIM | WQ_UNBOUND, 0);
	return target_tmr_wq ? 0 : -ENOMEM;
}

void target_tmr_exit(void)
{
	destroy_workqueue(target_tmr_wq);
}
