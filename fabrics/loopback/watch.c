// SPDX-License-Identifier: GPL-2.0-only
/*
 * Helpers of a queue's thread.
 *
 * The thread may sleep in a backstore: in a file system that is frozen, or for a tag of the
 * disk below.  What is behind it in the queue may be for another logical unit, and may even
 * be what it waits for, if that disk is of the same target.  So a busy queue is looked at
 * every now and then.  If nothing has moved since the last look, and the thread sleeps,
 * a helper takes over what is for other disks; if that sleeps, too, the next look sends
 * another one.  Until the thread is back, new commands do not wait for a look, but bring it
 * about.
 *
 * A helper leaves alone the disks that others sleep over, as it would join them: so there
 * are never more of them than disks, and of disks that stand on one another the lowest,
 * which waits for none of the others, has its own.
 */
#include <linux/sched/mm.h>
#include <linux/slab.h>
#include <linux/wait_bit.h>
#include "loop.h"

#define LOOP_WATCH_PERIOD	(HZ / 10)

/**
 * struct loop_helper - one that submits commands while its queue's thread sleeps
 * @work: runs it
 * @queue: its queue
 * @node: of loop_queue::helpers
 * @submitting: the disk whose command it submits
 */
struct loop_helper {
	struct work_struct		work;
	struct loop_queue		*queue;
	struct list_head		node;
	const struct scsi_device	*submitting;
};

static struct workqueue_struct *loop_watch_wq;

/* Is it for a disk that nobody is busy with? The queue's lock is held. */
static bool loop_helper_match(const struct scsi_cmnd *sc, const void *data)
{
	const struct loop_helper *self = data, *other;
	const struct loop_queue *queue = self->queue;

	if (sc->device == READ_ONCE(queue->submitting))
		return false;
	list_for_each_entry(other, &queue->helpers, node)
		if (other != self && READ_ONCE(other->submitting) == sc->device)
			return false;
	return true;
}

static void loop_helper_submit(struct loop_helper *helper)
{
	struct loop_cmd *cmd;

	while ((cmd = loop_queue_pop_first(helper->queue, loop_helper_match, helper))) {
		WRITE_ONCE(helper->submitting, cmd->sc->device);
		loop_cmd_submit(cmd, 0, GFP_NOIO);
		cond_resched();
	}
}

static void loop_helper_work(struct work_struct *work)
{
	struct loop_helper *helper = container_of(work, struct loop_helper, work);
	struct loop_queue *queue = helper->queue;
	unsigned int noio = memalloc_noio_save();

	loop_helper_submit(helper);
	memalloc_noio_restore(noio);
	scoped_guard(spinlock, &queue->lock)
		list_del(&helper->node);
	wake_up_var(&queue->helpers);
	kfree(helper);
}

/* A look waits for nothing. Without memory, the next one tries again. */
static void loop_helper_send(struct loop_queue *queue)
{
	struct loop_helper *helper = kzalloc(sizeof(*helper), GFP_ATOMIC | __GFP_NOWARN);

	if (!helper)
		return;
	INIT_WORK(&helper->work, loop_helper_work);
	helper->queue = queue;
	scoped_guard(spinlock, &queue->lock)
		list_add(&helper->node, &queue->helpers);
	queue_work(loop_watch_wq, &helper->work);
}

static void loop_watch_again(struct loop_queue *queue)
{
	queue_delayed_work(loop_watch_wq, &queue->watch, LOOP_WATCH_PERIOD);
}

void loop_watch_start(struct loop_queue *queue)
{
	WRITE_ONCE(queue->watched, true);
	loop_watch_again(queue);
}

/* Does the thread sleep over a command, and does, or did, something wait for that? */
static bool loop_watch_is_stalled(const struct loop_queue *queue, const struct llist_node *oldest)
{
	if (READ_ONCE(queue->idle) || task_is_running(queue->thread))
		return false;
	return queue->stalled || (oldest && oldest == queue->oldest);
}

static void loop_watch_work(struct work_struct *work)
{
	struct loop_queue *queue = container_of(to_delayed_work(work), struct loop_queue, watch);
	const struct llist_node *oldest = loop_queue_oldest(queue);
	bool stalled = loop_watch_is_stalled(queue, oldest);

	WRITE_ONCE(queue->stalled, stalled);
	queue->oldest = oldest;
	if (stalled && oldest)
		loop_helper_send(queue);
	if (!oldest && READ_ONCE(queue->idle)) {
		/* The thread stores idle before it looks at watched: one sees the other. */
		smp_store_mb(queue->watched, false);
		if (READ_ONCE(queue->idle))
			return;
		WRITE_ONCE(queue->watched, true);
	}
	loop_watch_again(queue);
}

void loop_watch_now(struct loop_queue *queue)
{
	mod_delayed_work(loop_watch_wq, &queue->watch, 0);
}

void loop_watch_init_queue(struct loop_queue *queue)
{
	INIT_LIST_HEAD(&queue->helpers);
	INIT_DELAYED_WORK(&queue->watch, loop_watch_work);
}

static bool loop_watch_is_alone(struct loop_queue *queue)
{
	guard(spinlock)(&queue->lock);
	return list_empty(&queue->helpers);
}

void loop_watch_stop(struct loop_queue *queue)
{
	cancel_delayed_work_sync(&queue->watch);
	/* This ends: a helper sleeps over a command, and all of them have been given back. */
	wait_var_event(&queue->helpers, loop_watch_is_alone(queue));
}

int loop_watch_init(void)
{
	/* It may be memory reclaim that waits. */
	loop_watch_wq = alloc_workqueue("tcm_loop", WQ_UNBOUND | WQ_MEM_RECLAIM, WQ_MAX_ACTIVE);
	return loop_watch_wq ? 0 : -ENOMEM;
}

void loop_watch_exit(void)
{
	destroy_workqueue(loop_watch_wq);
}
