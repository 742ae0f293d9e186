// SPDX-License-Identifier: GPL-2.0-only
/*
 * Queues of commands that wait for process context: one per hardware queue,
 * emptied by one work item.
 */
#include <linux/sched/mm.h>
#include <linux/slab.h>
#include "loop.h"

static struct workqueue_struct *loop_wq;

void loop_queue_push(struct loop_queue *queue, struct loop_cmd *cmd)
{
	llist_add(&cmd->node, &queue->incoming);
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

void loop_queue_collect(struct loop_queue *queue)
{
	spin_lock(&queue->lock);
	loop_queue_collect_locked(queue);
	spin_unlock(&queue->lock);
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

/* What comes in meanwhile has queued the work again. */
static void loop_queue_work(struct work_struct *work)
{
	struct loop_queue *queue = container_of(work, struct loop_queue, work);
	unsigned int noio = memalloc_noio_save();
	struct loop_cmd *cmd;

	loop_queue_collect(queue);
	while ((cmd = loop_queue_pop(queue)))
		loop_cmd_submit(cmd, 0, GFP_NOIO);
	memalloc_noio_restore(noio);
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

void loop_queue_kick(struct loop_queue *queue)
{
	queue_work(loop_wq, &queue->work);
}

struct loop_queue *loop_queues_alloc(unsigned int nr)
{
	struct loop_queue *queues = kcalloc(nr, sizeof(*queues), GFP_KERNEL);
	unsigned int i;

	if (!queues)
		return NULL;
	for (i = 0; i < nr; i++) {
		init_llist_head(&queues[i].incoming);
		spin_lock_init(&queues[i].lock);
		INIT_WORK(&queues[i].work, loop_queue_work);
	}
	return queues;
}

/* A work item that still runs has nothing to do. */
void loop_queues_stop(struct loop_queue *queues, unsigned int nr)
{
	unsigned int i;

	for (i = 0; i < nr; i++) {
		cancel_work_sync(&queues[i].work);
		WARN_ON_ONCE(!llist_empty(&queues[i].incoming) || queues[i].waiting);
	}
}

int loop_queue_init(void)
{
	loop_wq = alloc_workqueue("tcm_loop", WQ_MEM_RECLAIM | WQ_HIGHPRI | WQ_PERCPU, 0);
	return loop_wq ? 0 : -ENOMEM;
}

void loop_queue_exit(void)
{
	destroy_workqueue(loop_wq);
}
