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
#include "cmd.h"
#include "copy.h"
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

/* Everyone's: initiators other than the one that asked are told if TAS is set. */
static bool target_tmr_match_all(struct se_cmd *cmd, const void *data, bool *tas)
{
	const struct se_cmd *tmr = data;

	*tas = cmd->se_sess != tmr->se_sess && cmd->se_dev->dev_attrib.emulate_tas;
	return true;
}

bool target_tmr_abort(const void *tmr, struct se_device *dev, target_tmr_match_t match,
		      unsigned int *count)
{
	struct se_cmd *cmd, *tmp;
	LIST_HEAD(taken);
	bool gone;

	*count = target_task_set_abort(dev, match, tmr, &taken);
	list_for_each_entry_safe(cmd, tmp, &taken, blocked)
		target_cmd_finish(cmd);
	if (!*count)
		return true;
	target_ranges_wake_aborted(dev);
	gone = wait_event_timeout(dev->cmd_gone, !target_task_set_watched(dev, match, tmr),
				  TARGET_TMR_TIMEOUT);
	/* See target_cmd_release(). */
	synchronize_rcu();
	if (gone)
		atomic_long_add(*count, &dev->aborts_complete);
	return gone;
}

/* QERR 01b is all others, 11b those of the nexus that is told (SPC-6 7.5.10). */
#define TARGET_QERR_ALL	1

static bool target_tmr_match_queue_error(struct se_cmd *cmd, const void *data, bool *tas)
{
	const struct se_cmd *failed = data;
	struct se_device *dev = failed->se_dev;

	if (cmd == failed)
		return false;
	if (cmd->se_sess == failed->se_sess)
		return true;
	if (READ_ONCE(dev->mode_qerr) != TARGET_QERR_ALL)
		return false;
	*tas = dev->dev_attrib.emulate_tas;
	if (!*tas)
		target_ua_set(cmd->itl, TARGET_UA_COMMANDS_CLEARED);
	return true;
}

void target_tmr_queue_error(struct se_cmd *failed)
{
	struct se_device *dev = failed->se_dev;
	struct se_cmd *cmd, *tmp;
	LIST_HEAD(taken);

	if (!target_task_set_abort(dev, target_tmr_match_queue_error, failed, &taken))
		return;
	list_for_each_entry_safe(cmd, tmp, &taken, blocked)
		target_cmd_finish(cmd);
	target_ranges_wake_aborted(dev);
}

static u8 target_tmr_abort_task(struct se_cmd *tmr)
{
	struct se_device *dev = tmr->se_dev;
	unsigned int count;

	if (!target_tmr_abort(tmr, dev, target_tmr_match_task, &count))
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

	return target_tmr_abort(tmr, tmr->se_dev, match, &count) ? TMR_FUNCTION_COMPLETE :
								   TMR_FUNCTION_FAILED;
}

/* LOGICAL UNIT RESET (SAM-6 6.3.3, 7.7). */
static bool target_tmr_reset_unit(struct se_cmd *tmr, struct se_device *dev)
{
	unsigned int count;
	bool gone = target_tmr_abort(tmr, dev, target_tmr_match_all, &count);

	gone &= target_copy_cancel_all(dev, TARGET_TMR_TIMEOUT);
	target_selftest_abort(dev);
	scoped_guard(mutex, &dev->lock) {
		target_power_reset(dev);
		target_mode_reset(dev);
	}
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

/*
 * A hard reset resets every logical unit of the port (SAM-6 6.3.2). Each nexus
 * is held while its unit is reset, so that it stays, and no lock is.
 */
static u8 target_tmr_target_reset(struct se_cmd *tmr)
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
		if (!target_tmr_reset_unit(tmr, itl->dev))
			response = TMR_FUNCTION_FAILED;
		target_sbc_reset_orwrite(itl->dev);
		target_itl_put(itl);
		rcu_read_lock();
	}
	rcu_read_unlock();
	return response;
}

static bool target_tmr_needs_lun(u8 function)
{
	return function != TMR_TARGET_WARM_RESET && function != TMR_TARGET_COLD_RESET;
}

static u8 target_tmr_run(struct se_cmd *tmr)
{
	u8 function = tmr->se_tmr_req->function;

	if (!tmr->itl && target_tmr_needs_lun(function))
		return TMR_LUN_DOES_NOT_EXIST;
	switch (function) {
	case TMR_ABORT_TASK:
		return target_tmr_abort_task(tmr);
	case TMR_ABORT_TASK_SET:
		return target_tmr_abort_set(tmr, target_tmr_match_nexus);
	case TMR_CLEAR_TASK_SET:
		return target_tmr_abort_set(tmr, target_tmr_match_all);
	case TMR_LUN_RESET:
		return target_tmr_lun_reset(tmr);
	case TMR_TARGET_WARM_RESET:
	case TMR_TARGET_COLD_RESET:
		return target_tmr_target_reset(tmr);
	default:
		return TMR_TASK_MGMT_FUNCTION_NOT_SUPPORTED;
	}
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
 * @tag: command identifier that ABORT TASK names
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
