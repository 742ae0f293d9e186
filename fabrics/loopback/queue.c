// SPDX-License-Identifier: GPL-2.0-only
/*
 * Commands on their way down and up.
 *
 * queuecommand cannot sleep and the core may have to, so commands go through a
 * queue per hardware queue, which one work item empties into the core; with
 * direct submission they go there at once.  The response goes up from where the
 * backstore ends the command.
 */
#include <linux/sched/mm.h>
#include <linux/slab.h>
#include "loop.h"

static struct workqueue_struct *loop_wq;

int loop_cmd_init(struct Scsi_Host *shost, struct scsi_cmnd *sc)
{
	struct loop_cmd *cmd = scsi_cmd_priv(sc);

	cmd->sc = sc;
	return 0;
}

/* See struct loop_cmd for the order. */
static void loop_cmd_done(struct loop_cmd *cmd)
{
	WRITE_ONCE(cmd->held, false);
	scsi_done(cmd->sc);
}

/* The core calls this under RCU and does not touch the command afterwards. */
void loop_cmd_release(struct loop_cmd *cmd)
{
	loop_cmd_done(cmd);
}

/* The midlayer takes it back only with the release. */
int loop_cmd_respond(struct se_cmd *se_cmd)
{
	struct scsi_cmnd *sc = container_of(se_cmd, struct loop_cmd, se_cmd)->sc;

	sc->result = se_cmd->scsi_status;
	if (unlikely(se_cmd->se_cmd_flags & SCF_UNDERFLOW_BIT))
		scsi_set_resid(sc, se_cmd->residual_count);
	return 0;
}

/* Makes the midlayer send it again, but for commands that a user sent by ioctl. */
void loop_cmd_aborted(struct se_cmd *se_cmd)
{
	container_of(se_cmd, struct loop_cmd, se_cmd)->sc->result = DID_RESET << 16;
}

/* There is no nexus, or it is being dropped. */
static void loop_cmd_no_nexus(struct loop_cmd *cmd)
{
	guard(rcu)();
	cmd->sc->result = DID_NO_CONNECT << 16;
	loop_cmd_done(cmd);
}

static int loop_cmd_enter(struct loop_cmd *cmd, struct loop_disk *disk, int flags)
{
	struct scsi_cmnd *sc = cmd->sc;
	struct loop_tpg *tpg = disk->tpg;
	struct se_session *sess;

	guard(rcu)();
	sess = rcu_dereference(tpg->sess);
	if (unlikely(!sess))
		return -ENODEV;
	return target_init_cmd(&cmd->se_cmd, sess, sc->sense_buffer, disk->lun,
			       scsi_bufflen(sc),
			       loop_name_task_attr(req_get_ioprio(scsi_cmd_to_rq(sc)),
						   READ_ONCE(tpg->task_attr)),
			       sc->sc_data_direction, flags);
}

static void loop_cmd_submit(struct loop_cmd *cmd, int flags, gfp_t gfp)
{
	struct scsi_cmnd *sc = cmd->sc;

	if (unlikely(loop_cmd_enter(cmd, sc->device->hostdata, flags))) {
		loop_cmd_no_nexus(cmd);
		return;
	}
	if (likely(!target_submit_prep(&cmd->se_cmd, sc->cmnd, scsi_sglist(sc), scsi_sg_count(sc),
				       NULL, 0, NULL, 0, gfp)))
		target_submit(&cmd->se_cmd);
}

/* Move what has come in to the end of what waits. */
static void loop_queue_collect(struct loop_queue *queue)
{
	struct llist_node **tail = &queue->waiting;

	lockdep_assert_held(&queue->lock);
	while (unlikely(*tail))
		tail = &(*tail)->next;
	*tail = llist_reverse_order(llist_del_all(&queue->incoming));
}

static struct loop_cmd *loop_queue_pop(struct loop_queue *queue)
{
	struct llist_node *node;

	guard(spinlock)(&queue->lock);
	node = queue->waiting;
	if (!node)
		return NULL;
	queue->waiting = node->next;
	return llist_entry(node, struct loop_cmd, node);
}

/* What comes in meanwhile has queued the work again. */
static void loop_queue_work(struct work_struct *work)
{
	struct loop_queue *queue = container_of(work, struct loop_queue, work);
	unsigned int noio = memalloc_noio_save();
	struct loop_cmd *cmd;

	scoped_guard(spinlock, &queue->lock)
		loop_queue_collect(queue);
	while ((cmd = loop_queue_pop(queue)))
		loop_cmd_submit(cmd, 0, GFP_NOIO);
	memalloc_noio_restore(noio);
}

static struct llist_node *loop_queue_take_one(struct loop_queue *queue,
					      bool (*match)(const struct scsi_cmnd *sc,
							    const void *data),
					      const void *data)
{
	struct llist_node **link, *taken = NULL;

	guard(spinlock)(&queue->lock);
	loop_queue_collect(queue);
	for (link = &queue->waiting; *link;) {
		struct llist_node *node = *link;

		if (!match(llist_entry(node, struct loop_cmd, node)->sc, data)) {
			link = &node->next;
			continue;
		}
		*link = node->next;
		node->next = taken;
		taken = node;
	}
	return taken;
}

void loop_queue_take(struct loop_host *host,
		     bool (*match)(const struct scsi_cmnd *sc, const void *data),
		     const void *data)
{
	unsigned int i;

	for (i = 0; i < host->adapter->nr_queues; i++) {
		struct llist_node *taken;
		struct loop_cmd *cmd, *tmp;

		taken = loop_queue_take_one(&host->adapter->queues[i], match, data);
		guard(rcu)();
		llist_for_each_entry_safe(cmd, tmp, taken, node) {
			cmd->sc->result = DID_RESET << 16;
			loop_cmd_done(cmd);
		}
	}
}

static void loop_queue_kick(struct loop_queue *queue)
{
	queue_work(loop_wq, &queue->work);
}

/* The end of a batch whose last command did not come. */
void loop_commit(struct Scsi_Host *shost, u16 hwq)
{
	struct loop_host *host = shost_priv(shost);

	loop_queue_kick(&host->adapter->queues[hwq]);
}

static void loop_queue_add(struct loop_queue *queue, struct loop_cmd *cmd)
{
	llist_add(&cmd->node, &queue->incoming);
	if (cmd->sc->flags & SCMD_LAST)
		loop_queue_kick(queue);
}

/* A CDB that says it is longer than the midlayer can carry (SPC-6 4.2.3). */
static bool loop_cdb_is_cut(const struct scsi_cmnd *sc)
{
	return sc->cmnd[0] == VARIABLE_LENGTH_CMD &&
	       scsi_varlen_cdb_length(sc->cmnd) > sizeof(sc->cmnd);
}

/* It never gets as far as the core: its answer is here. */
static bool loop_cmd_is_refused(struct scsi_cmnd *sc, const struct loop_disk *disk)
{
	if (unlikely(READ_ONCE(disk->tpg->offline)))
		sc->result = DID_TRANSPORT_DISRUPTED << 16;
	else if (unlikely(loop_cdb_is_cut(sc)))
		scsi_build_sense(sc, 0, ILLEGAL_REQUEST, 0x24, 0x00);
	else
		return false;
	return true;
}

scsi_qc_return loop_queuecommand(struct Scsi_Host *shost, struct scsi_cmnd *sc)
{
	struct loop_host *host = shost_priv(shost);
	struct loop_disk *disk = sc->device->hostdata;
	struct loop_cmd *cmd = scsi_cmd_priv(sc);
	u32 tag = blk_mq_unique_tag(scsi_cmd_to_rq(sc));

	if (unlikely(loop_cmd_is_refused(sc, disk))) {
		scsi_done(sc);
		return 0;
	}
	if (WARN_ON_ONCE(cmd->held))
		return SCSI_MLQUEUE_HOST_BUSY;
	WRITE_ONCE(cmd->held, true);
	cmd->se_cmd.tag = tag;
	if (loop_disk_is_direct(disk))
		loop_cmd_submit(cmd, TARGET_SCF_NOWAIT, GFP_NOWAIT | __GFP_NOWARN);
	else
		loop_queue_add(&host->adapter->queues[blk_mq_unique_tag_to_hwq(tag)], cmd);
	return 0;
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
