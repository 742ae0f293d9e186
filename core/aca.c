// SPDX-License-Identifier: GPL-2.0-only
#include "aca.h"
#include "cdb.h"
#include "cmd.h"
#include "itl.h"
#include "order.h"

#define PR_OUT			0x5f
#define PR_OUT_PREEMPT_ABORT	0x05	/* service action; it clears the condition itself */

static bool aca_wanted(const struct se_cmd *cmd)
{
	const u8 *cdb = cmd->t_task_cdb;

	return cdb[target_cdb_control(cdb[0], target_cdb_length(cdb))] & TARGET_CDB_NACA;
}

bool target_aca_is_faulted(const struct target_itl *itl)
{
	return READ_ONCE(itl->dev->tasks.shared.aca) == itl || READ_ONCE(itl->tasks.aca);
}

/*
 * Whoever kills the nexus clears the condition afterwards, under this lock, so that one
 * that is dying has none for good.
 */
void target_aca_failed(struct se_cmd *cmd)
{
	struct target_task_set *ts;
	struct target_tasks *tasks;

	if (likely(!aca_wanted(cmd)) || !cmd->itl)
		return;
	tasks = &cmd->se_dev->tasks;
	guard(spinlock_irqsave)(&tasks->lock);
	ts = target_task_set_of(cmd);
	if (ts->aca || percpu_ref_is_dying(&cmd->itl->ref))
		return;
	WRITE_ONCE(ts->aca, cmd->itl);
	target_task_set_update(cmd->se_dev);
}

static sense_reason_t aca_admit_faulted(struct target_task_set *ts, struct se_cmd *cmd)
{
	if (cmd->sam_task_attr != TCM_ACA_TAG || ts->aca_cmd)
		return TCM_ACA_ACTIVE;
	ts->aca_cmd = cmd;
	return TCM_NO_SENSE;
}

sense_reason_t target_aca_admit(struct target_task_set *ts, struct se_cmd *cmd)
{
	const u8 *cdb = cmd->t_task_cdb;

	lockdep_assert_held(&cmd->se_dev->tasks.lock);
	if (likely(!ts->aca))
		return cmd->sam_task_attr == TCM_ACA_TAG ? TCM_INVALID_MESSAGE : TCM_NO_SENSE;
	if (cmd->itl == ts->aca)
		return aca_admit_faulted(ts, cmd);
	if (cdb[0] == PR_OUT && (cdb[1] & 0x1f) == PR_OUT_PREEMPT_ABORT)
		return TCM_NO_SENSE;
	return aca_wanted(cmd) ? TCM_ACA_ACTIVE : TCM_LUN_BUSY;
}

/* True if it had no condition, or that of @itl (NULL: any), which is over. */
static bool aca_clear_set(struct target_task_set *ts, const struct target_itl *itl)
{
	if (!ts->aca)
		return true;
	if (itl && itl != ts->aca)
		return false;
	WRITE_ONCE(ts->aca, NULL);
	return true;
}

static void aca_clear_nexus(struct target_itl *itl, void *data)
{
	guard(spinlock_irqsave)(&itl->dev->tasks.lock);
	aca_clear_set(&itl->tasks, NULL);
}

bool target_aca_clear(struct se_device *dev, struct target_itl *itl)
{
	bool cleared;

	if (itl)
		aca_clear_nexus(itl, NULL);
	else
		target_itl_for_each(dev, aca_clear_nexus, NULL);
	guard(spinlock_irqsave)(&dev->tasks.lock);
	cleared = aca_clear_set(&dev->tasks.shared, itl);
	target_task_set_resume(dev);
	return cleared;
}
