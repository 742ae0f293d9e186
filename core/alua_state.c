// SPDX-License-Identifier: GPL-2.0-only
/*
 * Asymmetric access states: what they refuse, and how they change (SPC-6 5.18.2).
 *
 * A transition marks its units, so that there is one at a time for each; puts the
 * groups into the transitioning state while the delay passes; and then finds the units
 * again by their marks, wherever they are by then.  It holds no lock and no reference
 * meanwhile: its caller keeps the unit that was asked.
 */
#include <linux/delay.h>
#include <linux/jiffies.h>
#include <linux/slab.h>
#include <target/target_core_backend.h>
#include "alua_md.h"
#include "alua_state.h"
#include "buffer.h"
#include "cdb.h"
#include "cmd.h"
#include "delay.h"
#include "itl.h"
#include "lba_map.h"
#include "passthrough.h"
#include "sense.h"
#include "tpg.h"
#include "ua.h"

#define ALUA_MOVE_TIMEOUT	(60 * HZ)	/* longer than any transition lasts */
#define ALUA_DELAY_STEP		50		/* milliseconds; how late an abort is noticed */

static DECLARE_WAIT_QUEUE_HEAD(alua_moved);	/* a transition has ended */

/* --- what states refuse ------------------------------------------------------------------ */

sense_reason_t target_alua_refusal(u8 state, u8 in)
{
	switch (state) {
	case TARGET_ALUA_AO:
	case TARGET_ALUA_AN:
	case TARGET_ALUA_LBD:
		return TCM_NO_SENSE;
	case TARGET_ALUA_STANDBY:
		return in >= TARGET_IN_STANDBY ? TCM_NO_SENSE : TCM_ALUA_TG_PT_STANDBY;
	case TARGET_ALUA_UNAVAILABLE:
		return in >= TARGET_IN_UNAVAILABLE ? TCM_NO_SENSE : TCM_ALUA_TG_PT_UNAVAILABLE;
	case TARGET_ALUA_OFFLINE:
		return in >= TARGET_IN_UNAVAILABLE ? TCM_NO_SENSE : TCM_ALUA_OFFLINE;
	default:
		return in >= TARGET_IN_TRANSITION ? TCM_NO_SENSE : TCM_ALUA_STATE_TRANSITION;
	}
}

/* Buffers stay within reach as echoes only (SPC-6 5.18.2). */
static u8 alua_reach(const struct se_cmd *cmd)
{
	u8 in = target_cmd_rules(cmd)->alua;

	if (in == TARGET_IN_ECHO && target_buffer_is_echo(cmd->t_task_cdb))
		return TARGET_IN_UNAVAILABLE;
	return in;
}

/* A path that is slower than others shows it with what moves blocks. */
static sense_reason_t alua_slow_down(struct se_cmd *cmd)
{
	u32 delay = READ_ONCE(cmd->se_lun->alua_delay);

	if (!delay || !(cmd->op->gates & TARGET_GATE_MEDIUM) ||
	    cmd->se_cmd_flags & SCF_ALUA_NON_OPTIMIZED)
		return TCM_NO_SENSE;
	cmd->se_cmd_flags |= SCF_ALUA_NON_OPTIMIZED;
	target_delay_start(cmd, delay);
	return TARGET_CMD_TAKEN;
}

/* LBA dependent: it goes by the state that the map gives its blocks (SBC-5 4.28.3). */
static sense_reason_t alua_gate_blocks(struct se_cmd *cmd)
{
	u8 state = target_lba_map_state_of_cmd(cmd);
	sense_reason_t why;

	if (state == TARGET_ALUA_AN)
		return alua_slow_down(cmd);
	why = target_alua_refusal(state, alua_reach(cmd));
	if (why && target_sense_is_desc(cmd->se_dev) && target_lba_map_refers(cmd))
		return TCM_INSPECT_REFERRALS;
	return why;
}

sense_reason_t target_alua_gate(struct se_cmd *cmd)
{
	u8 state = READ_ONCE(cmd->se_lun->alua_gate);

	if (state == TARGET_ALUA_AN)
		return alua_slow_down(cmd);
	if (state == TARGET_ALUA_LBD)
		return alua_gate_blocks(cmd);
	return target_alua_refusal(state, alua_reach(cmd));
}

/* The range in the most restrictive state becomes the command's, then it is as with one. */
sense_reason_t target_alua_gate_list(struct se_cmd *cmd, const struct target_extent *extents,
				     u32 count)
{
	u8 worst = TARGET_ALUA_AN;
	u32 i;

	if (likely(READ_ONCE(cmd->se_lun->alua_gate) != TARGET_ALUA_LBD))
		return TCM_NO_SENSE;
	for (i = 0; i < count; i++) {
		u8 state = target_lba_map_state_of_blocks(cmd->itl, extents[i].lba,
							  extents[i].blocks);

		if (state <= worst)
			continue;
		worst = state;
		cmd->t_task_lba = extents[i].lba;
		cmd->t_task_nolb = extents[i].blocks;
	}
	return alua_gate_blocks(cmd);
}

sense_reason_t target_alua_check_blocks(const struct target_itl *itl, u64 lba, u64 blocks)
{
	u8 state = READ_ONCE(itl->lun->alua_gate);

	if (state == TARGET_ALUA_LBD)
		state = target_lba_map_state_of_blocks(itl, lba, blocks);
	return target_alua_refusal(state, TARGET_IN_ACTIVE);
}

/* --- transitions ------------------------------------------------------------------------- */

static u8 alua_support_bit(u32 state)
{
	switch (state) {
	case TARGET_ALUA_AO:
		return TARGET_ALUA_AO_SUP;
	case TARGET_ALUA_AN:
		return TARGET_ALUA_AN_SUP;
	case TARGET_ALUA_STANDBY:
		return TARGET_ALUA_S_SUP;
	case TARGET_ALUA_UNAVAILABLE:
		return TARGET_ALUA_U_SUP;
	case TARGET_ALUA_LBD:
		return TARGET_ALUA_LBD_SUP;
	case TARGET_ALUA_OFFLINE:
		return TARGET_ALUA_O_SUP;
	case TARGET_ALUA_TRANSITION:
		return TARGET_ALUA_T_SUP;
	default:
		return 0;
	}
}

/* An initiator asks for a state, not for the way there (SPC-6 6.48). */
bool target_alua_state_ok(const struct target_tg_pt_gp *gp, u32 state, bool explicit)
{
	lockdep_assert_held(&gp->dev->lun_lock);
	if (explicit && state == TARGET_ALUA_TRANSITION)
		return false;
	/* By the target's own map, so not where initiators have a say. */
	if (state == TARGET_ALUA_LBD && (explicit || gp->access_type & TARGET_TPGS_EXPLICIT))
		return false;
	return gp->supported & alua_support_bit(state);
}

static int alua_check_idle(struct se_device *dev, void *data)
{
	return dev->alua_move ? -EBUSY : 0;
}

static int alua_mark(struct se_device *dev, void *data)
{
	struct target_alua_move *move = data;
	struct target_tg_pt_gp *gp;
	unsigned int i;

	dev->alua_move = move;
	guard(spinlock_irqsave)(&dev->lun_lock);
	for (i = 0; i < move->count; i++) {
		const struct target_alua_target *t = &move->targets[i];

		gp = t->port ? NULL : target_tg_pt_gp_by_id(dev, t->id);
		if (!gp)
			continue;
		gp->was = gp->state;
		if (gp->state != t->state && t->state != TARGET_ALUA_TRANSITION &&
		    gp->supported & TARGET_ALUA_T_SUP)
			move->delay = max(move->delay, gp->trans_delay_msecs);
	}
	return 0;
}

/* Onto their way: commands meet that state, and everyone hears of it. */
static int alua_enter(struct se_device *dev, void *data)
{
	struct target_alua_move *move = data;
	struct target_tg_pt_gp *gp;
	bool changed = false;
	unsigned int i;

	if (dev->alua_move != move)
		return 0;
	scoped_guard(spinlock_irqsave, &dev->lun_lock) {
		for (i = 0; i < move->count; i++) {
			const struct target_alua_target *t = &move->targets[i];

			gp = t->port ? NULL : target_tg_pt_gp_by_id(dev, t->id);
			/* The walk may come by twice. */
			if (!gp || gp->state == t->state ||
			    gp->state == TARGET_ALUA_TRANSITION ||
			    !(gp->supported & TARGET_ALUA_T_SUP))
				continue;
			gp->state = TARGET_ALUA_TRANSITION;
			gp->status = move->status;
			target_tg_pt_gp_update_luns(gp);
			changed = true;
		}
	}
	if (changed)
		target_ua_set_all(dev, TARGET_UA_ALUA_CHANGED, move->except);
	return 0;
}

static struct se_lun *alua_find_port(struct se_device *dev, u16 rtpi)
{
	struct se_lun *lun;

	lockdep_assert_held(&dev->lun_lock);
	list_for_each_entry(lun, &dev->luns, dev_node)
		if (lun->lun_tpg->tpg_rtpi == rtpi)
			return lun;
	return NULL;
}

/* A port of its own: only offline can be asked for. */
static bool alua_settle_port(struct target_alua_move *move, struct se_lun *lun)
{
	if (lun->alua_offline)
		return false;
	lun->alua_offline = true;
	lun->alua_status = move->status;
	target_lun_update_alua(lun);
	if (lun->alua_write_md)
		target_alua_file_add_lun(&move->files, lun);
	return true;
}

static bool alua_settle_gp(struct target_alua_move *move, struct target_tg_pt_gp *gp, u8 state)
{
	/* What was supported may not be any more, after the delay. */
	bool ok = target_alua_state_ok(gp, state, false);

	if (gp->was == state)
		return false;
	if (!ok && move->status == TARGET_ALUA_STATUS_IMPLICIT)
		move->failed = true;
	gp->state = ok ? state : gp->was;
	gp->status = move->status;
	target_tg_pt_gp_update_luns(gp);
	if (gp->write_metadata)
		target_alua_file_add_gp(&move->files, gp);
	return true;
}

static bool alua_settle_one(struct target_alua_move *move, struct se_device *dev,
			    const struct target_alua_target *t)
{
	struct target_tg_pt_gp *gp;
	struct se_lun *lun;

	if (t->port) {
		lun = alua_find_port(dev, t->id);
		return lun && alua_settle_port(move, lun);
	}
	gp = target_tg_pt_gp_by_id(dev, t->id);
	return gp && alua_settle_gp(move, gp, t->state);
}

static int alua_settle(struct se_device *dev, void *data)
{
	struct target_alua_move *move = data;
	bool changed = false;
	unsigned int i;

	if (dev->alua_move != move)
		return 0;
	dev->alua_move = NULL;
	move->failed = false;
	scoped_guard(spinlock_irqsave, &dev->lun_lock)
		for (i = 0; i < move->count; i++)
			changed |= alua_settle_one(move, dev, &move->targets[i]);
	if (move->failed)
		target_ua_set_all(dev, TARGET_UA_ALUA_FAILED, NULL);
	else if (changed)
		target_ua_set_all(dev, TARGET_UA_ALUA_CHANGED, move->except);
	return 0;
}

static bool alua_try_start(struct target_alua_move *move)
{
	return !target_lu_gp_try(move->dev, alua_check_idle, alua_mark, move);
}

static void alua_pass_delay(struct target_alua_move *move)
{
	unsigned long end = jiffies + msecs_to_jiffies(move->delay);

	while (time_before(jiffies, end)) {
		if (move->cmd && atomic_read(&move->cmd->state) & TARGET_CMD_ABORTED)
			return;
		msleep(min(jiffies_to_msecs(end - jiffies) + 1, ALUA_DELAY_STEP + 0U));
	}
}

int target_alua_move_run(struct target_alua_move *move)
{
	INIT_LIST_HEAD(&move->files);
	move->delay = 0;
	/* The other one ends by itself, after half of that time at most. */
	if (!wait_event_timeout(alua_moved, alua_try_start(move), ALUA_MOVE_TIMEOUT))
		return -EBUSY;
	if (move->delay) {
		target_lu_gp_each(move->dev, alua_enter, move);
		target_lu_gp_each_all(alua_enter, move);
		alua_pass_delay(move);
	}
	target_lu_gp_each(move->dev, alua_settle, move);
	target_lu_gp_each_all(alua_settle, move);
	wake_up_all(&alua_moved);
	target_alua_files_write(&move->files);
	return 0;
}

/* --- files of groups and LUNs ------------------------------------------------------------ */

/* 1 if there is something to do, else 0 or -EINVAL. */
static int alua_check_implicit(struct target_tg_pt_gp *gp, u32 state)
{
	guard(spinlock_irqsave)(&gp->dev->lun_lock);
	if (!gp->id_valid || !(gp->access_type & TARGET_TPGS_IMPLICIT) ||
	    !target_alua_state_ok(gp, state, false))
		return -EINVAL;
	return gp->state != state;
}

int target_tg_pt_gp_set_state(struct target_tg_pt_gp *gp, u32 state)
{
	struct target_alua_move *move;
	int err;

	if (!target_dev_configured(gp->dev))
		return -ENODEV;
	err = alua_check_implicit(gp, state);
	if (err <= 0)
		return err;
	move = kzalloc(sizeof(*move), GFP_KERNEL);
	if (!move)
		return -ENOMEM;
	move->dev = gp->dev;
	move->status = TARGET_ALUA_STATUS_IMPLICIT;
	move->count = 1;
	move->targets[0] = (struct target_alua_target){ .id = gp->id, .state = state };
	err = target_alua_move_run(move);
	kfree(move);
	return err;
}

/* The state that was saved last is the one the group was in, once for each life of it. */
static void alua_load_gp(struct target_tg_pt_gp *gp)
{
	struct target_alua_text what;
	LIST_HEAD(files);

	scoped_guard(spinlock_irqsave, &gp->dev->lun_lock) {
		if (gp->loaded || !gp->id_valid)
			return;
		gp->loaded = true;
		target_alua_file_add_gp(&files, gp);
	}
	if (target_alua_files_read(&files, &what))
		return;
	guard(spinlock_irqsave)(&gp->dev->lun_lock);
	if (what.id != gp->id || what.state == TARGET_ALUA_TRANSITION ||
	    !target_alua_state_ok(gp, what.state, false))
		return;
	gp->state = what.state;
	gp->status = what.status;
	target_tg_pt_gp_update_luns(gp);
}

int target_tg_pt_gp_set_write_metadata(struct target_tg_pt_gp *gp, u32 on)
{
	if (on > 1)
		return -EINVAL;
	if (on)
		alua_load_gp(gp);
	guard(spinlock_irqsave)(&gp->dev->lun_lock);
	gp->write_metadata = on;
	return 0;
}

int target_lun_set_alua_offline(struct se_lun *lun, struct se_device *dev, u32 on)
{
	LIST_HEAD(files);

	scoped_guard(spinlock_irqsave, &dev->lun_lock) {
		if (on > 1 || !lun->tg_pt_gp)
			return -EINVAL;
		if (on == lun->alua_offline)
			return 0;
		lun->alua_offline = on;
		lun->alua_status = TARGET_ALUA_STATUS_IMPLICIT;
		target_lun_update_alua(lun);
		if (lun->alua_write_md)
			target_alua_file_add_lun(&files, lun);
	}
	target_ua_set_all(dev, TARGET_UA_ALUA_CHANGED, NULL);
	target_alua_files_write(&files);
	return 0;
}

static void alua_load_lun(struct se_lun *lun, struct se_device *dev)
{
	struct target_alua_text what;
	LIST_HEAD(files);

	scoped_guard(spinlock_irqsave, &dev->lun_lock) {
		if (lun->alua_loaded)
			return;
		lun->alua_loaded = true;
		target_alua_file_add_lun(&files, lun);
	}
	if (target_alua_files_read(&files, &what))
		return;
	guard(spinlock_irqsave)(&dev->lun_lock);
	lun->alua_offline = what.state;
	lun->alua_status = what.status;
	target_lun_update_alua(lun);
}

int target_lun_set_alua_write_md(struct se_lun *lun, struct se_device *dev, u32 on)
{
	if (on > 1)
		return -EINVAL;
	if (on)
		alua_load_lun(lun, dev);
	guard(spinlock_irqsave)(&dev->lun_lock);
	lun->alua_write_md = on;
	return 0;
}
