// SPDX-License-Identifier: GPL-2.0-only
/*
 * Queues of commands that wait for process context: one per hardware queue,
 * emptied by a thread of its own.
 *
 * The thread is of the batch class, which does not preempt who wakes it: who has
 * several commands to send sends them all, and one switch serves them together.  A
 * work item comes at once, or when its pool likes, and costs two switches for each.
 * Queues do not share threads, as a command may sleep on the disk of another host.
 */
#include <linux/blkdev.h>
#include <linux/cpumask.h>
#include <linux/kthread.h>
#include <linux/sched/mm.h>
#include <linux/sched/stat.h>
#include <linux/slab.h>
#include <uapi/linux/sched/types.h>
#include "loop.h"

void loop_queue_init(struct loop_queue *queue)
{
	init_llist_head(&queue->incoming);
	spin_lock_init(&queue->lock);
	loop_watch_init_queue(queue);
}

void loop_queue_push(struct loop_queue *queue, struct loop_cmd *cmd)
{
	llist_add(&cmd->node, &queue->incoming);
}

static void loop_queue_wake(struct loop_queue *queue)
{
	WRITE_ONCE(queue->idle, false);
	wake_up_process(queue->thread);
}

void loop_queue_kick(struct loop_queue *queue)
{
	if (READ_ONCE(queue->idle))
		loop_queue_wake(queue);
	else if (unlikely(READ_ONCE(queue->stalled)))
		loop_watch_now(queue);
}

/* Move what has come in to the end of what waits. */
static void loop_queue_collect_locked(struct loop_queue *queue)
{
	struct llist_node **tail = &queue->waiting;

	lockdep_assert_held(&queue->lock);
	while (unlikely(*tail))
		tail = &(*tail)->next;
	*tail = llist_reverse_order(llist_del_all(&queue->incoming));
}

bool loop_queue_collect(struct loop_queue *queue)
{
	bool several;

	spin_lock(&queue->lock);
	loop_queue_collect_locked(queue);
	several = queue->waiting && queue->waiting->next;
	spin_unlock(&queue->lock);
	return several;
}

/*
 * The thread may have seen neither what came in nor, yet, where it was moved to: then it is
 * told that something is left.
 */
static void loop_queue_moved(struct loop_queue *queue)
{
	/* Pairs with smp_store_mb() in loop_queue_wait(). */
	smp_mb();
	if (READ_ONCE(queue->waiting) && READ_ONCE(queue->idle))
		loop_queue_wake(queue);
}

const struct llist_node *loop_queue_oldest(struct loop_queue *queue)
{
	const struct llist_node *oldest;

	spin_lock(&queue->lock);
	loop_queue_collect_locked(queue);
	oldest = queue->waiting;
	spin_unlock(&queue->lock);
	loop_queue_moved(queue);
	return oldest;
}

struct loop_cmd *loop_queue_pop(struct loop_queue *queue)
{
	struct llist_node *node;

	spin_lock(&queue->lock);
	node = queue->waiting;
	if (node)
		queue->waiting = node->next;
	spin_unlock(&queue->lock);
	return node ? llist_entry(node, struct loop_cmd, node) : NULL;
}

struct loop_cmd *loop_queue_pop_first(struct loop_queue *queue, loop_match_t match,
				      const void *data)
{
	struct llist_node **link = &queue->waiting;
	struct loop_cmd *cmd = NULL;

	spin_lock(&queue->lock);
	loop_queue_collect_locked(queue);
	while (*link && !match(llist_entry(*link, struct loop_cmd, node)->sc, data))
		link = &(*link)->next;
	if (*link) {
		cmd = llist_entry(*link, struct loop_cmd, node);
		*link = cmd->node.next;
	}
	spin_unlock(&queue->lock);
	loop_queue_moved(queue);
	return cmd;
}

static void loop_queue_submit(struct loop_queue *queue)
{
	struct loop_cmd *cmd;

	while ((cmd = loop_queue_pop(queue))) {
		WRITE_ONCE(queue->submitting, cmd->sc->device);
		loop_cmd_submit(cmd, 0, GFP_NOIO);
		cond_resched();
	}
}

/* What one batch asks of block devices reaches them as one: at its end, or when it sleeps. */
static void loop_queue_submit_batch(struct loop_queue *queue)
{
	struct blk_plug plug;

	blk_start_plug(&plug);
	loop_queue_submit(queue);
	blk_finish_plug(&plug);
}

static void loop_queue_drain(struct loop_queue *queue)
{
	if (loop_queue_collect(queue))
		loop_queue_submit_batch(queue);
	else
		loop_queue_submit(queue);
}

static bool loop_queue_is_empty(const struct loop_queue *queue)
{
	return llist_empty(&queue->incoming) && !READ_ONCE(queue->waiting);
}

/*
 * Until a command comes, or the thread is told to stop, which is when none will come.
 * False only then: what it saw coming, someone else may have taken meanwhile.
 */
static bool loop_queue_wait(struct loop_queue *queue)
{
	for (;;) {
		set_current_state(TASK_IDLE);
		/* Pairs with llist_add() before the look at idle: one sees the other. */
		smp_store_mb(queue->idle, true);
		if (!loop_queue_is_empty(queue) || kthread_should_stop())
			break;
		schedule();
	}
	__set_current_state(TASK_RUNNING);
	/* Before the look at watched: it stops to watch who is idle. */
	smp_store_mb(queue->idle, false);
	return !loop_queue_is_empty(queue) || !kthread_should_stop();
}

/*
 * Who was woken up by a response often sends the next command at once.  That it runs
 * now, before this thread goes to sleep, saves both of them a wake-up per command.
 */
static void loop_queue_linger(struct loop_queue *queue)
{
	if (llist_empty(&queue->incoming) && !single_task_running())
		yield();
}

static int loop_queue_thread(void *data)
{
	struct loop_queue *queue = data;

	/* It writes out the dirty pages that others wait for. */
	memalloc_noio_save();
	while (loop_queue_wait(queue)) {
		loop_watch(queue);
		loop_queue_drain(queue);
		loop_queue_linger(queue);
	}
	return 0;
}

struct llist_node *loop_queue_remove(struct loop_queue *queue, loop_match_t match,
				     const void *data)
{
	struct llist_node *removed = NULL, **tail = &removed;
	struct llist_node **link = &queue->waiting;

	spin_lock(&queue->lock);
	loop_queue_collect_locked(queue);
	while (*link) {
		struct llist_node *node = *link;

		if (!match(llist_entry(node, struct loop_cmd, node)->sc, data)) {
			link = &node->next;
			continue;
		}
		*link = node->next;
		node->next = NULL;
		*tail = node;
		tail = &node->next;
	}
	spin_unlock(&queue->lock);
	loop_queue_moved(queue);
	return removed;
}

void loop_queues_return(struct loop_host *host, loop_match_t match, const void *data)
{
	struct loop_adapter *adapter = host->adapter;
	struct loop_cmd *cmd, *tmp;
	unsigned int i;

	for (i = 0; i < adapter->nr_queues; i++) {
		struct llist_node *list = loop_queue_remove(&adapter->queues[i], match, data);

		guard(rcu)();
		llist_for_each_entry_safe(cmd, tmp, list, node) {
			cmd->sc->result = DID_RESET << 16;
			loop_cmd_done(cmd);
		}
	}
}

static int loop_queue_start(struct loop_queue *queue, int adapter, unsigned int index)
{
	struct sched_attr attr = {
		.size = sizeof(attr),
		.sched_policy = SCHED_BATCH,
	};
	struct task_struct *thread;

	thread = kthread_create(loop_queue_thread, queue, "tcm_loop%d/%u", adapter, index);
	if (IS_ERR(thread))
		return PTR_ERR(thread);
	WARN_ON_ONCE(sched_setattr_nocheck(thread, &attr));
	queue->thread = thread;
	wake_up_process(thread);
	return 0;
}

/* Nothing comes in any more: a thread that still runs ends as soon as it looks. */
void loop_queues_stop(struct loop_queue *queues, unsigned int nr)
{
	unsigned int i;

	for (i = 0; i < nr; i++) {
		kthread_stop(queues[i].thread);
		loop_watch_stop(&queues[i]);
		WARN_ON_ONCE(!llist_empty(&queues[i].incoming) || queues[i].waiting);
	}
}

/* A queue that no CPU that is online sends to keeps its freedom. */
static void loop_queue_place(struct loop_queue *queue, unsigned int index,
			     const unsigned int *mq_map, struct cpumask *mask)
{
	unsigned int cpu;

	cpumask_clear(mask);
	for_each_online_cpu(cpu)
		if (mq_map[cpu] == index)
			cpumask_set_cpu(cpu, mask);
	if (!cpumask_empty(mask))
		set_cpus_allowed_ptr(queue->thread, mask);
}

void loop_queues_place(struct loop_queue *queues, unsigned int nr, const unsigned int *mq_map)
{
	cpumask_var_t mask;
	unsigned int i;

	/* It is for speed only. */
	if (!zalloc_cpumask_var(&mask, GFP_KERNEL))
		return;
	for (i = 0; i < nr; i++)
		loop_queue_place(&queues[i], i, mq_map, mask);
	free_cpumask_var(mask);
}

struct loop_queue *loop_queues_start(unsigned int nr, int adapter)
{
	struct loop_queue *queues = kcalloc(nr, sizeof(*queues), GFP_KERNEL);
	unsigned int i;
	int err;

	if (!queues)
		return ERR_PTR(-ENOMEM);
	for (i = 0; i < nr; i++) {
		loop_queue_init(&queues[i]);
		err = loop_queue_start(&queues[i], adapter, i);
		if (err)
			goto out_stop;
	}
	return queues;

out_stop:
	loop_queues_stop(queues, i);
	kfree(queues);
	return ERR_PTR(err);
}
