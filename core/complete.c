// SPDX-License-Identifier: GPL-2.0-only
/*
 * A command's way out: status, response, release (SAM-6 5.3).
 *
 * Whoever moves a command to DONE sends its response or suppresses it, once.
 * A command has at most two holders by kref: the core, until the response has
 * been given to the fabric, and the fabric, if it said TARGET_SCF_ACK_KREF.
 */
#include <linux/wait_bit.h>
#include "aca.h"
#include "cdb.h"
#include "cmd.h"
#include "device.h"
#include "itl.h"
#include "log.h"
#include "order.h"
#include "pi.h"
#include "range.h"
#include "sense.h"
#include "tmr.h"
#include "trace.h"
#include "ua.h"

#define TARGET_RETRY_DELAY	msecs_to_jiffies(3)

struct workqueue_struct *target_submit_wq;
struct workqueue_struct *target_complete_wq;

/* Responses that a fabric had no room for; offered again until it has. */
static struct {
	spinlock_t		lock;	/* cmds */
	struct list_head	cmds;	/* struct se_cmd::blocked */
	struct delayed_work	work;
} target_retry;

void target_cmd_set_failure(struct se_cmd *cmd, sense_reason_t reason)
{
	struct target_sense sense;

	cmd->sense_reason = reason;
	cmd->scsi_status = target_sense_status(reason);
	if (cmd->scsi_status != SAM_STAT_CHECK_CONDITION) {
		target_ua_set_previous(cmd);
		return;
	}
	target_sense_of_cmd(&sense, cmd, reason);
	cmd->scsi_sense_length =
		target_sense_build(&sense, cmd->se_dev && target_sense_is_desc(cmd->se_dev),
				   cmd->sense_buffer, TRANSPORT_SENSE_BUFFER);
	cmd->se_cmd_flags |= SCF_TRANSPORT_TASK_SENSE | SCF_EMULATED_TASK_SENSE;
	target_aca_failed(cmd);
	if (unlikely(cmd->se_dev && READ_ONCE(cmd->se_dev->mode_qerr)))
		target_tmr_queue_error(cmd);
}

/* No data has moved. */
static void target_cmd_no_data(struct se_cmd *cmd)
{
	cmd->data_length = 0;
	cmd->residual_count = cmd->asked_length;
	cmd->se_cmd_flags &= ~(SCF_OVERFLOW_BIT | SCF_UNDERFLOW_BIT);
	if (cmd->asked_length)
		cmd->se_cmd_flags |= SCF_UNDERFLOW_BIT;
}

static void target_cmd_free_data(struct se_cmd *cmd)
{
	if (cmd->se_cmd_flags & SCF_PI)
		target_pi_free(cmd->pi);
	if (cmd->se_cmd_flags & SCF_PASSTHROUGH_SG_TO_MEM_NOALLOC)
		return;
	target_free_sgl(cmd->t_data_sg, cmd->t_data_nents);
	if (!(cmd->se_cmd_flags & SCF_PASSTHROUGH_PROT_SG_TO_MEM_NOALLOC))
		target_free_sgl(cmd->t_prot_sg, cmd->t_prot_nents);
}

static void target_cmd_release(struct kref *kref)
{
	struct se_cmd *cmd = container_of(kref, struct se_cmd, cmd_kref);
	struct completion *free_compl = cmd->free_compl;
	struct se_session *sess = cmd->se_sess;
	struct target_itl *itl = cmd->itl;

	kfree(cmd->scratch);
	kfree(cmd->se_tmr_req);
	if (unlikely(cmd->t_task_cdb != cmd->__t_task_cdb))
		kfree(cmd->t_task_cdb);
	if ((cmd->se_cmd_flags & (SCF_PASSTHROUGH_SG_TO_MEM_NOALLOC | SCF_PI)) !=
	    SCF_PASSTHROUGH_SG_TO_MEM_NOALLOC)
		target_cmd_free_data(cmd);

	/*
	 * A task management function that saw the command leave its list calls
	 * synchronize_rcu(), so that the fabric has its memory back, too, before
	 * the function's response goes out.
	 */
	rcu_read_lock();
	if (likely(cmd->live_cpu >= 0))
		target_cmd_live_del(cmd);
	cmd->se_tfo->release_cmd(cmd);
	rcu_read_unlock();

	if (likely(itl))
		target_itl_put(itl);
	if (unlikely(free_compl))
		complete(free_compl);
	percpu_ref_put(&sess->cmd_ref);
}

/**
 * target_put_sess_cmd - drop a reference to a command
 * @cmd: the command
 *
 * Context: any.
 * Return: 1 if it was the last and the fabric's release_cmd has run, else 0.
 */
int target_put_sess_cmd(struct se_cmd *cmd)
{
	return kref_put(&cmd->cmd_kref, target_cmd_release);
}
TARGET_EXPORT(target_put_sess_cmd);

void target_cmd_sent(struct se_cmd *cmd)
{
	unsigned int word = target_cmd_move(&cmd->state, TARGET_CMD_DONE, TARGET_CMD_SENT);

	if (unlikely(word & TARGET_CMD_WAITED))
		wake_up_var(&cmd->state);
	if (cmd->se_tfo->check_stop_free)
		cmd->se_tfo->check_stop_free(cmd);
	else
		target_put_sess_cmd(cmd);
}

/* Return: 0, or -EAGAIN/-ENOMEM when the fabric has no room for the response. */
static int target_cmd_respond(struct se_cmd *cmd)
{
	if (cmd->data_direction == DMA_FROM_DEVICE && cmd->data_length &&
	    (cmd->scsi_status == SAM_STAT_GOOD ||
	     cmd->se_cmd_flags & SCF_TREAT_READ_AS_NORMAL))
		return cmd->se_tfo->queue_data_in(cmd);
	return cmd->se_tfo->queue_status(cmd);
}

static void target_cmd_respond_or_retry(struct se_cmd *cmd)
{
	int err = target_cmd_respond(cmd);

	if (likely(err != -EAGAIN && err != -ENOMEM)) {
		target_cmd_sent(cmd);
		return;
	}
	scoped_guard(spinlock_irqsave, &target_retry.lock)
		list_add_tail(&cmd->blocked, &target_retry.cmds);
	queue_delayed_work(target_complete_wq, &target_retry.work, TARGET_RETRY_DELAY);
}

static void target_retry_work(struct work_struct *work)
{
	struct se_cmd *cmd, *tmp;
	LIST_HEAD(cmds);

	scoped_guard(spinlock_irqsave, &target_retry.lock)
		list_splice_init(&target_retry.cmds, &cmds);
	list_for_each_entry_safe(cmd, tmp, &cmds, blocked)
		target_cmd_respond_or_retry(cmd);
}

/* Its initiator is told with TASK ABORTED, or not at all (SAM-6 5.6, TAS bit). */
static void target_cmd_finish_aborted(struct se_cmd *cmd, unsigned int word)
{
	cmd->transport_state |= CMD_T_ABORTED;
	if (!(word & TARGET_CMD_TAS)) {
		if (cmd->se_tfo->aborted_task)
			cmd->se_tfo->aborted_task(cmd);
		target_cmd_sent(cmd);
		return;
	}
	cmd->scsi_status = SAM_STAT_TASK_ABORTED;
	cmd->scsi_sense_length = 0;
	cmd->se_cmd_flags &= ~(SCF_TRANSPORT_TASK_SENSE | SCF_EMULATED_TASK_SENSE);
	target_cmd_no_data(cmd);
	target_cmd_respond_or_retry(cmd);
}

static void target_cmd_account_other(struct se_cmd *cmd)
{
	struct target_io_stats __percpu *stats = cmd->itl->stats;

	this_cpu_inc(stats->others);
	if (cmd->data_direction == DMA_FROM_DEVICE)
		this_cpu_add(stats->other_in, cmd->data_length);
	else if (cmd->data_direction == DMA_TO_DEVICE)
		this_cpu_add(stats->other_out, cmd->data_length);
}

/*
 * The sum of many ends of commands less their beginnings is right, although a
 * jiffy is long: of short commands few see one pass.
 */
static void target_cmd_account(struct se_cmd *cmd)
{
	struct target_io_stats __percpu *stats = cmd->itl->stats;
	unsigned long time;

	if (unlikely(!(cmd->se_cmd_flags & SCF_SCSI_DATA_CDB))) {
		target_cmd_account_other(cmd);
		return;
	}
	time = jiffies - cmd->start_jiffies;
	if (cmd->op->dir == DMA_FROM_DEVICE) {
		this_cpu_inc(stats->reads);
		this_cpu_add(stats->read_bytes, cmd->data_length);
		if (unlikely(time))
			this_cpu_add(stats->read_time, time);
	} else {
		this_cpu_inc(stats->writes);
		this_cpu_add(stats->write_bytes, cmd->data_length);
		if (unlikely(time))
			this_cpu_add(stats->write_time, time);
	}
}

/* Others may wait for it. */
static void target_cmd_leave(struct se_cmd *cmd, unsigned int word)
{
	if (word & TARGET_CMD_RANGED)
		target_range_leave(cmd);
	if (word & TARGET_CMD_OLDER || cmd->sam_task_attr >= TCM_ORDERED_TAG)
		target_task_set_leave(cmd, word);
}

void target_cmd_finish(struct se_cmd *cmd)
{
	unsigned int word = atomic_read(&cmd->state);

	if (likely(cmd->itl))
		target_cmd_account(cmd);
	if (unlikely(word & (TARGET_CMD_OLDER | TARGET_CMD_RANGED) ||
		     cmd->sam_task_attr >= TCM_ORDERED_TAG) && cmd->se_dev)
		target_cmd_leave(cmd, word);
	trace_target_cmd_complete(cmd);
	if (unlikely(word & TARGET_CMD_ABORTED))
		target_cmd_finish_aborted(cmd, word);
	else
		target_cmd_respond_or_retry(cmd);
}

static void target_cmd_finish_work(struct work_struct *work)
{
	target_cmd_finish(container_of(work, struct se_cmd, work));
}

static void target_cmd_finish_queued(struct se_cmd *cmd)
{
	int cpu = cmd->se_sess->se_tpg->se_tpg_wwn->cmd_compl_affinity;

	INIT_WORK(&cmd->work, target_cmd_finish_work);
	if (cpu == SE_COMPL_AFFINITY_CPUID || cmd->se_cmd_flags & SCF_USE_CPUID)
		cpu = cmd->cpuid;
	if (cpu == SE_COMPL_AFFINITY_CURR_CPU)
		queue_work(target_complete_wq, &cmd->work);
	else
		queue_work_on(cpu, target_complete_wq, &cmd->work);
}

static void target_cmd_complete(struct se_cmd *cmd, enum target_cmd_state from)
{
	cmd->t_state = TRANSPORT_COMPLETE;
	if (WARN_ON_ONCE(target_cmd_move(&cmd->state, from, TARGET_CMD_DONE) ==
			 TARGET_CMD_NOT_MOVED))
		return;
	if (cmd->se_dev &&
	    target_device_compl_type(cmd->se_dev, cmd->se_tfo) == TARGET_QUEUE_COMPL)
		target_cmd_finish_queued(cmd);
	else
		target_cmd_finish(cmd);
}

void target_cmd_done(struct se_cmd *cmd, sense_reason_t reason)
{
	if (unlikely(reason)) {
		target_cmd_set_failure(cmd, reason);
		if (cmd->data_direction != DMA_TO_DEVICE &&
		    !(cmd->se_cmd_flags & SCF_TREAT_READ_AS_NORMAL))
			target_cmd_no_data(cmd);
		if (cmd->se_dev)
			target_log_error(cmd, reason);
	}
	target_cmd_complete(cmd, TARGET_CMD_EXECUTING);
}

void target_cmd_fail(struct se_cmd *cmd, sense_reason_t reason)
{
	target_cmd_set_failure(cmd, reason);
	target_cmd_no_data(cmd);
	target_cmd_complete(cmd, target_cmd_state_of(atomic_read(&cmd->state)));
}

/**
 * transport_generic_request_failure - a fabric gives up on a command
 * @cmd: not yet executing
 * @reason: why
 *
 * The response goes to queue_status and the core's reference goes with it.
 * Context: any.
 */
void transport_generic_request_failure(struct se_cmd *cmd, sense_reason_t reason)
{
	target_cmd_fail(cmd, reason);
}
TARGET_EXPORT(transport_generic_request_failure);

/**
 * transport_send_check_condition_and_sense - only send a failure
 * @cmd: not yet executing
 * @reason: why
 * @from_transport: unused; the published signature
 *
 * The references to the command stay as they are.
 * Context: any.
 * Return: what queue_status returns.
 */
int transport_send_check_condition_and_sense(struct se_cmd *cmd, sense_reason_t reason,
					     int from_transport)
{
	target_cmd_set_failure(cmd, reason);
	target_cmd_no_data(cmd);
	cmd->se_cmd_flags |= SCF_SENT_CHECK_CONDITION;
	return cmd->se_tfo->queue_status(cmd);
}
TARGET_EXPORT(transport_send_check_condition_and_sense);

/**
 * target_send_busy - answer BUSY
 * @cmd: from target_init_cmd(), not submitted
 *
 * The references to the command stay as they are.
 * Context: any.
 * Return: what queue_status returns.
 */
int target_send_busy(struct se_cmd *cmd)
{
	cmd->scsi_status = SAM_STAT_BUSY;
	target_cmd_no_data(cmd);
	trace_target_cmd_complete(cmd);
	return cmd->se_tfo->queue_status(cmd);
}
TARGET_EXPORT(target_send_busy);

/* Exported in target_core_backend.h. */
void target_complete_cmd_with_sense(struct se_cmd *cmd, u8 scsi_status, sense_reason_t reason)
{
	if (!reason)
		cmd->scsi_status = scsi_status;
	target_cmd_done(cmd, reason);
}
TARGET_EXPORT(target_complete_cmd_with_sense);

void target_complete_cmd(struct se_cmd *cmd, u8 scsi_status)
{
	target_complete_cmd_with_sense(cmd, scsi_status, TCM_NO_SENSE);
}
TARGET_EXPORT(target_complete_cmd);

/* Exported in target_core_backend.h. */
bool target_cmd_aborted(const struct se_cmd *cmd)
{
	return atomic_read(&cmd->state) & TARGET_CMD_ABORTED;
}
TARGET_EXPORT(target_cmd_aborted);

static bool target_cmd_is_sent(struct se_cmd *cmd)
{
	return target_cmd_state_of(atomic_read(&cmd->state)) == TARGET_CMD_SENT;
}

/**
 * transport_wait_for_tasks - wait until the core is done with a command
 * @cmd: the fabric holds a reference
 *
 * The wait ends when the backstore ends the command, or the fabric provides the
 * data-out it waits for.
 *
 * Context: process, may sleep.
 * Return: true if there was something to wait for, false if the command was not
 * submitted or is over.
 */
bool transport_wait_for_tasks(struct se_cmd *cmd)
{
	if (!(cmd->transport_state & CMD_T_ACTIVE) || target_cmd_is_sent(cmd))
		return false;
	atomic_or(TARGET_CMD_WAITED, &cmd->state);
	wait_var_event(&cmd->state, target_cmd_is_sent(cmd));
	return true;
}
TARGET_EXPORT(transport_wait_for_tasks);

/**
 * transport_generic_free_cmd - drop a reference, after the core is done if asked
 * @cmd: the command
 * @wait_for_tasks: wait as transport_wait_for_tasks() does
 *
 * Context: any; process if @wait_for_tasks.
 * Return: 1 if it was the last reference, else 0.
 */
int transport_generic_free_cmd(struct se_cmd *cmd, int wait_for_tasks)
{
	if (wait_for_tasks)
		transport_wait_for_tasks(cmd);
	return target_put_sess_cmd(cmd);
}
TARGET_EXPORT(transport_generic_free_cmd);

/**
 * target_put_cmd_and_wait - drop a reference and wait for the release
 * @cmd: the command; gone when this returns
 *
 * The wait ends when the other holder, core or fabric, is done with it.
 * Context: process, may sleep.
 */
void target_put_cmd_and_wait(struct se_cmd *cmd)
{
	DECLARE_COMPLETION_ONSTACK(released);

	cmd->free_compl = &released;
	target_put_sess_cmd(cmd);
	wait_for_completion(&released);
}
TARGET_EXPORT(target_put_cmd_and_wait);

/**
 * target_show_cmd - print a command to the kernel's debug log
 * @pfx: text before it
 * @cmd: the command
 *
 * Context: any.
 */
void target_show_cmd(const char *pfx, struct se_cmd *cmd)
{
	pr_debug("%s%s tag %#llx lun %llu %s length %u\n", pfx,
		 cmd->op ? cmd->op->name : "command", cmd->tag, cmd->orig_fe_lun,
		 target_cmd_state_names[target_cmd_state_of(atomic_read(&cmd->state))],
		 cmd->data_length);
}
TARGET_EXPORT(target_show_cmd);

int target_complete_init(void)
{
	spin_lock_init(&target_retry.lock);
	INIT_LIST_HEAD(&target_retry.cmds);
	INIT_DELAYED_WORK(&target_retry.work, target_retry_work);
	target_complete_wq = alloc_workqueue("target_completion",
					     WQ_MEM_RECLAIM | WQ_HIGHPRI | WQ_PERCPU, 0);
	if (!target_complete_wq)
		return -ENOMEM;
	target_submit_wq = alloc_workqueue("target_submission",
					   WQ_MEM_RECLAIM | WQ_HIGHPRI | WQ_UNBOUND, 0);
	if (!target_submit_wq) {
		destroy_workqueue(target_complete_wq);
		return -ENOMEM;
	}
	return 0;
}

void target_complete_exit(void)
{
	cancel_delayed_work_sync(&target_retry.work);
	destroy_workqueue(target_submit_wq);
	destroy_workqueue(target_complete_wq);
}
