// SPDX-License-Identifier: GPL-2.0-only
#include <linux/rcupdate.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/wait_bit.h>
#include "aca.h"
#include "copy.h"
#include "itl.h"
#include "order.h"
#include "reserve.h"
#include "tmr.h"
#include "tpg.h"
#include "ua.h"

/* Killed, and the last command has left. */
static void target_itl_drained(struct percpu_ref *ref)
{
	struct target_itl *itl = container_of(ref, struct target_itl, ref);

	complete(&itl->drained);
}

static void target_itl_free_rcu(struct rcu_head *rcu)
{
	struct target_itl *itl = container_of(rcu, struct target_itl, rcu);

	percpu_ref_exit(&itl->ref);
	free_percpu(itl->stats);
	kfree(itl->echo);
	kfree(itl->deferred);
	target_pr_nexus_put(itl->pr_nexus);
	target_copy_forget_all(itl);
	kfree(itl);
}

/*
 * The LUN and the device stay while a nexus refers to them.  Who found it just before
 * it was unpublished may still be about to see that @ref is dead.
 */
static void target_itl_free(struct target_itl *itl)
{
	WARN_ON_ONCE(!list_empty(&itl->tasks.blocked) || itl->tasks.ordered || itl->tasks.aca);
	config_item_put(&itl->lun->lun_group.cg_item);
	config_item_put(&itl->dev->dev_group.cg_item);
	call_rcu(&itl->rcu, target_itl_free_rcu);
}

static struct target_itl *target_itl_alloc(void)
{
	struct target_itl *itl = kzalloc(sizeof(*itl), GFP_KERNEL);

	if (!itl)
		return NULL;
	itl->stats = alloc_percpu(struct target_io_stats);
	if (!itl->stats)
		goto out_free;
	/* Or a switch to atomic mode, without a kill, would be its death as well. */
	if (percpu_ref_init(&itl->ref, target_itl_drained, PERCPU_REF_ALLOW_REINIT, GFP_KERNEL))
		goto out_free_stats;
	init_completion(&itl->drained);
	target_task_set_nexus_init(itl);
	return itl;

out_free_stats:
	free_percpu(itl->stats);
out_free:
	kfree(itl);
	return NULL;
}

int target_itl_add(struct se_session *sess, struct se_lun *lun, struct se_device *dev,
		   u64 mapped_lun, bool read_only)
{
	struct target_itl *itl;
	int err;

	lockdep_assert_held(&sess->se_tpg->lock);
	itl = target_itl_alloc();
	if (!itl)
		return -ENOMEM;
	itl->dev = dev;
	itl->lun = lun;
	config_item_get(&dev->dev_group.cg_item);
	config_item_get(&lun->lun_group.cg_item);
	itl->sess = sess;
	itl->mapped_lun = mapped_lun;
	itl->read_only = read_only;
	scoped_guard(spinlock_irqsave, &lun->itl_lock)
		list_add_tail(&itl->lun_node, &lun->itls);
	target_ua_set(itl, TARGET_UA_POWER_ON);
	err = target_reservations_admit(itl);
	if (!err)
		err = xa_insert(&sess->itls, mapped_lun, itl, GFP_KERNEL);
	if (!err)
		return 0;
	scoped_guard(spinlock_irqsave, &lun->itl_lock)
		list_del(&itl->lun_node);
	target_itl_free(itl);
	return err == -EBUSY ? -EEXIST : err;
}

void target_itl_prepare_kill(struct target_itl *itl)
{
	lockdep_assert_held(&itl->sess->se_tpg->lock);
	percpu_ref_switch_to_atomic(&itl->ref, NULL);
}

void target_itl_kill(struct target_itl *itl, struct list_head *dead)
{
	lockdep_assert_held(&itl->sess->se_tpg->lock);
	xa_erase(&itl->sess->itls, itl->mapped_lun);
	percpu_ref_kill(&itl->ref);
	list_add_tail(&itl->dead_node, dead);
}

void target_itl_free_all(struct list_head *dead)
{
	struct target_itl *itl, *tmp;

	list_for_each_entry_safe(itl, tmp, dead, dead_node) {
		do
			target_tmr_nexus_goes(itl);
		while (!wait_for_completion_timeout(&itl->drained, HZ));
		target_reservations_leave(itl);
		scoped_guard(spinlock_irqsave, &itl->lun->itl_lock) {
			list_del(&itl->lun_node);
			target_itl_sum(itl, &itl->lun->past);
		}
		wake_up_var(&itl->lun->itls);
		list_del(&itl->dead_node);
		target_itl_free(itl);
	}
}

void target_itl_lost(struct target_itl *itl)
{
	target_aca_clear(itl->dev, itl);
	WRITE_ONCE(itl->prevents_removal, false);
	target_ua_set(itl, TARGET_UA_NEXUS_LOSS);
}

struct target_itl *target_itl_get(struct se_session *sess, u64 lun)
{
	struct target_itl *itl;

	guard(rcu)();
	itl = target_itl_find(sess, lun);
	if (likely(itl) && likely(percpu_ref_tryget_live(&itl->ref)))
		return itl;
	return NULL;
}

void target_itl_for_each(struct se_device *dev, target_itl_fn fn, void *data)
{
	struct target_itl *itl;
	struct se_lun *lun;
	unsigned long flags;

	spin_lock_irqsave(&dev->lun_lock, flags);
	list_for_each_entry(lun, &dev->luns, dev_node) {
		spin_lock(&lun->itl_lock);
		list_for_each_entry(itl, &lun->itls, lun_node)
			fn(itl, data);
		spin_unlock(&lun->itl_lock);
	}
	spin_unlock_irqrestore(&dev->lun_lock, flags);
}

void target_itl_show(struct seq_file *m, const struct target_itl *itl)
{
	struct se_portal_group *tpg = itl->lun->lun_tpg;

	seq_printf(m, "%s %s %s port %u lun %llu%s%s%s access %x attention:",
		   config_item_name(&itl->dev->dev_group.cg_item),
		   itl->sess->se_node_acl->initiatorname, target_tpg_wwn(tpg), tpg->tpg_rtpi,
		   itl->mapped_lun, itl->read_only ? " read-only" : "",
		   itl->prevents_removal ? " prevents-removal" : "",
		   target_aca_is_faulted(itl) ? " faulted" : "",
		   READ_ONCE(itl->lun->alua_gate));
	target_ua_show(m, itl);
	seq_putc(m, '\n');
}

void target_io_stats_add(struct target_io_stats *sum, const struct target_io_stats *part)
{
	sum->reads += READ_ONCE(part->reads);
	sum->writes += READ_ONCE(part->writes);
	sum->others += READ_ONCE(part->others);
	sum->read_bytes += READ_ONCE(part->read_bytes);
	sum->write_bytes += READ_ONCE(part->write_bytes);
	sum->other_in += READ_ONCE(part->other_in);
	sum->other_out += READ_ONCE(part->other_out);
	sum->read_time += READ_ONCE(part->read_time);
	sum->write_time += READ_ONCE(part->write_time);
}

void target_itl_sum(const struct target_itl *itl, struct target_io_stats *sum)
{
	int cpu;

	for_each_possible_cpu(cpu)
		target_io_stats_add(sum, per_cpu_ptr(itl->stats, cpu));
}
