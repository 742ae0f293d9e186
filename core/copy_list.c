// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copy operations by their list identifiers (SPC-6 5.18.4).
 *
 * A nexus knows those that run and the last ones that have ended.  One that runs holds
 * its nexus.  So, when a nexus goes, none runs.
 */
#include <linux/slab.h>
#include <linux/wait_bit.h>
#include "cmd.h"
#include "copy.h"
#include "rod.h"

#define COPY_KEPT	32	/* operations that a nexus remembers */

/* target_itl::copies, aborters and ends of what is there; taken in any context. */
static DEFINE_SPINLOCK(copy_lock);

struct target_copy *target_copy_alloc(struct se_cmd *cmd, u32 list_id, u8 usage)
{
	struct target_copy *copy = kzalloc(sizeof(*copy), GFP_KERNEL);

	if (!copy)
		return NULL;
	kref_init(&copy->ref);
	INIT_HLIST_NODE(&copy->node);
	INIT_LIST_HEAD(&copy->aborters);
	copy->itl = cmd->itl;
	copy->cmd = cmd;
	copy->list_id = list_id;
	copy->usage = usage;
	copy->action = cmd->op->sa;
	copy->status = TARGET_COPY_FOREGROUND;
	return copy;
}

static void copy_release(struct kref *ref)
{
	struct target_copy *copy = container_of(ref, struct target_copy, ref);

	WARN_ON_ONCE(copy->ends || copy->sg);
	kvfree(copy->extents);
	target_rod_put(copy->rod);
	kfree(copy);
}

void target_copy_put(struct target_copy *copy)
{
	kref_put(&copy->ref, copy_release);
}

static struct target_copy *copy_find(struct target_itl *itl, u32 list_id)
{
	struct target_copy *copy;

	lockdep_assert_held(&copy_lock);
	hlist_for_each_entry(copy, &itl->copies, node)
		if (copy->list_id == list_id)
			return copy;
	return NULL;
}

/* The oldest that has ended, if there are too many. */
static struct target_copy *copy_surplus(struct target_itl *itl)
{
	struct target_copy *copy, *oldest = NULL;
	unsigned int count = 0;

	lockdep_assert_held(&copy_lock);
	hlist_for_each_entry(copy, &itl->copies, node) {
		if (!target_copy_runs(copy))
			oldest = copy;
		count++;
	}
	return count >= COPY_KEPT ? oldest : NULL;
}

/* Onto the list, newest first; what makes room for it goes to @gone. */
static bool copy_insert(struct target_copy *copy, struct hlist_head *gone)
{
	struct target_itl *itl = copy->itl;
	struct target_copy *old;

	guard(spinlock_irqsave)(&copy_lock);
	old = copy_find(itl, copy->list_id);
	if (old && target_copy_runs(old))
		return false;
	if (!old)
		old = copy_surplus(itl);
	if (old) {
		hlist_del_init(&old->node);
		hlist_add_head(&old->node, gone);
	}
	kref_get(&copy->ref);
	hlist_add_head(&copy->node, &itl->copies);
	return true;
}

static void copy_put_all(struct hlist_head *gone)
{
	struct hlist_node *tmp;
	struct target_copy *copy;

	hlist_for_each_entry_safe(copy, tmp, gone, node) {
		hlist_del_init(&copy->node);
		target_copy_put(copy);
	}
}

static void copy_uncount(struct se_device *dev)
{
	if (atomic_dec_and_test(&dev->copies))
		wake_up_var(&dev->copies);
}

sense_reason_t target_copy_add(struct target_copy *copy)
{
	struct target_itl *itl = copy->itl;
	HLIST_HEAD(gone);

	if (atomic_inc_return(&itl->dev->copies) > TARGET_COPY_MAX_RUNNING) {
		copy_uncount(itl->dev);
		return TCM_OUT_OF_RESOURCES;
	}
	if (copy->usage != TARGET_LIST_ID_NONE && !copy_insert(copy, &gone)) {
		copy_uncount(itl->dev);
		return TCM_OPERATION_IN_PROGRESS;
	}
	copy_put_all(&gone);
	percpu_ref_get(&itl->ref);
	return TCM_NO_SENSE;
}

struct target_copy *target_copy_get(struct target_itl *itl, u32 list_id)
{
	struct target_copy *copy;

	guard(spinlock_irqsave)(&copy_lock);
	copy = copy_find(itl, list_id);
	if (copy)
		kref_get(&copy->ref);
	return copy;
}

void target_copy_forget(struct target_copy *copy)
{
	bool known;

	scoped_guard(spinlock_irqsave, &copy_lock) {
		known = !hlist_unhashed(&copy->node);
		hlist_del_init(&copy->node);
	}
	if (known)
		target_copy_put(copy);
}

bool target_copy_cancel(struct target_copy *copy, struct se_cmd *aborter)
{
	guard(spinlock_irqsave)(&copy_lock);
	if (!target_copy_runs(copy))
		return false;
	WRITE_ONCE(copy->abort, true);
	if (aborter)
		list_add_tail(&aborter->blocked, &copy->aborters);
	return true;
}

void target_copy_set_end(struct target_copy *copy, u8 status, struct list_head *aborters)
{
	scoped_guard(spinlock_irqsave, &copy_lock) {
		WRITE_ONCE(copy->status, status);
		list_splice_init(&copy->aborters, aborters);
	}
	copy_uncount(copy->itl->dev);
}

/* Those that run shall end, the others are forgotten. */
static void copy_cancel_nexus(struct target_itl *itl, void *data)
{
	struct hlist_head *gone = data;
	struct hlist_node *tmp;
	struct target_copy *copy;

	guard(spinlock_irqsave)(&copy_lock);
	hlist_for_each_entry_safe(copy, tmp, &itl->copies, node) {
		if (target_copy_runs(copy)) {
			WRITE_ONCE(copy->abort, true);
			continue;
		}
		hlist_del_init(&copy->node);
		hlist_add_head(&copy->node, gone);
	}
}

static void copy_cancel_device(struct se_device *dev)
{
	HLIST_HEAD(gone);

	target_itl_for_each(dev, copy_cancel_nexus, &gone);
	copy_put_all(&gone);
}

bool target_copy_cancel_all(struct se_device *dev, unsigned long timeout)
{
	bool ended;

	copy_cancel_device(dev);
	ended = wait_var_event_timeout(&dev->copies, !atomic_read(&dev->copies), timeout);
	/* What has ended meanwhile is forgotten, too. */
	copy_cancel_device(dev);
	return ended;
}

void target_copy_forget_all(struct target_itl *itl)
{
	HLIST_HEAD(gone);

	scoped_guard(spinlock_irqsave, &copy_lock)
		hlist_move_list(&itl->copies, &gone);
	copy_put_all(&gone);
}
