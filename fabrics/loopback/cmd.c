// SPDX-License-Identifier: GPL-2.0-only
/*
 * Commands on their way down and up.
 *
 * queuecommand must not keep its caller and the core may have to, so a command goes
 * through the queue of its hardware queue; what direct.c picks enters the core at
 * once.  The response goes up from where the backstore ends the command.
 */
#include "loop.h"

int loop_cmd_init(struct Scsi_Host *shost, struct scsi_cmnd *sc)
{
	struct loop_cmd *cmd = scsi_cmd_priv(sc);

	cmd->sc = sc;
	return 0;
}

/* See struct loop_cmd for the order. */
void loop_cmd_done(struct loop_cmd *cmd)
{
	WRITE_ONCE(cmd->held, false);
	/* Only the midlayer can say that: it looks at the time once more. */
	if (unlikely(host_byte(cmd->sc->result) == DID_TIME_OUT))
		blk_abort_request(scsi_cmd_to_rq(cmd->sc));
	else
		scsi_done(cmd->sc);
}

/* The midlayer takes it back only with the release. */
int loop_cmd_respond(struct se_cmd *se_cmd)
{
	struct scsi_cmnd *sc = container_of(se_cmd, struct loop_cmd, se_cmd)->sc;

	sc->result = se_cmd->scsi_status;
	if (unlikely(se_cmd->se_cmd_flags & SCF_UNDERFLOW_BIT))
		scsi_set_resid(sc, min(se_cmd->residual_count, scsi_bufflen(sc)));
	return 0;
}

/*
 * With DID_RESET the midlayer sends its own commands again, which is right.  Those of
 * others it gives back, as it is theirs to say; but if they have no data it sends them
 * again as well, unless they ended some other way.
 */
void loop_cmd_aborted(struct se_cmd *se_cmd)
{
	const struct loop_cmd *cmd = container_of(se_cmd, struct loop_cmd, se_cmd);
	struct scsi_cmnd *sc = cmd->sc;
	struct request *rq = scsi_cmd_to_rq(sc);

	if (blk_rq_is_passthrough(rq) && READ_ONCE(cmd->expired))
		sc->result = DID_TIME_OUT << 16;
	else if (blk_rq_is_passthrough(rq) && !blk_rq_bytes(rq))
		sc->result = DID_ABORT << 16;
	else
		sc->result = DID_RESET << 16;
}

/* There is no nexus, or it is being dropped. */
void loop_cmd_no_nexus(struct loop_cmd *cmd)
{
	guard(rcu)();
	cmd->sc->result = DID_NO_CONNECT << 16;
	loop_cmd_done(cmd);
}

int loop_cmd_enter(struct loop_cmd *cmd, u32 length, int flags)
{
	struct scsi_cmnd *sc = cmd->sc;
	struct loop_disk *disk = sc->device->hostdata;
	struct loop_tpg *tpg = disk->tpg;
	struct se_session *sess;

	guard(rcu)();
	sess = rcu_dereference(tpg->sess);
	if (unlikely(!sess))
		return -ENODEV;
	return target_init_cmd(&cmd->se_cmd, sess, sc->sense_buffer, disk->lun, length,
			       loop_name_task_attr(req_get_ioprio(scsi_cmd_to_rq(sc)),
						   READ_ONCE(tpg->task_attr)),
			       sc->sc_data_direction, flags);
}

void loop_cmd_submit(struct loop_cmd *cmd, int flags, gfp_t gfp)
{
	struct scsi_cmnd *sc = cmd->sc;

	if (unlikely(scsi_get_prot_op(sc) != SCSI_PROT_NORMAL)) {
		loop_prot_submit(cmd, flags, gfp);
		return;
	}
	if (unlikely(loop_cmd_enter(cmd, scsi_bufflen(sc), flags))) {
		loop_cmd_no_nexus(cmd);
		return;
	}
	if (likely(!target_submit_prep(&cmd->se_cmd, sc->cmnd, scsi_sglist(sc), scsi_sg_count(sc),
				       NULL, 0, NULL, 0, gfp)))
		target_submit(&cmd->se_cmd);
}

/* A CDB that says it is longer than the midlayer can carry (SPC-6 4.2.3). */
static bool loop_cdb_is_cut(const struct scsi_cmnd *sc)
{
	return sc->cmnd[0] == VARIABLE_LENGTH_CMD &&
	       scsi_varlen_cdb_length(sc->cmnd) > sizeof(sc->cmnd);
}

/* INVALID FIELD IN CDB: ADDITIONAL CDB LENGTH */
static void loop_cmd_refuse_length(struct scsi_cmnd *sc)
{
	scsi_build_sense(sc, 0, ILLEGAL_REQUEST, 0x24, 0x00);
	scsi_set_sense_field_pointer(sc->sense_buffer, SCSI_SENSE_BUFFERSIZE, 7, 7, true);
}

/* It never gets as far as the core: its answer is here. */
static bool loop_cmd_is_refused(struct scsi_cmnd *sc, const struct loop_disk *disk)
{
	if (unlikely(READ_ONCE(disk->tpg->offline)))
		sc->result = DID_TRANSPORT_DISRUPTED << 16;
	else if (unlikely(loop_cdb_is_cut(sc)))
		loop_cmd_refuse_length(sc);
	else
		return false;
	return true;
}

static void loop_cmd_accept(struct loop_cmd *cmd, struct loop_queue *queue)
{
	cmd->expired = false;
	WRITE_ONCE(cmd->held, true);
	if (!loop_direct_submit(cmd, queue))
		loop_queue_push(queue, cmd);
}

scsi_qc_return loop_queuecommand(struct Scsi_Host *shost, struct scsi_cmnd *sc)
{
	struct loop_host *host = shost_priv(shost);
	struct loop_cmd *cmd = scsi_cmd_priv(sc);
	u32 tag = blk_mq_unique_tag(scsi_cmd_to_rq(sc));
	struct loop_queue *queue = loop_queue_of(host, tag);
	bool last = sc->flags & SCMD_LAST;

	if (WARN_ON_ONCE(cmd->held))
		return SCSI_MLQUEUE_HOST_BUSY;
	cmd->se_cmd.tag = tag;
	if (unlikely(loop_cmd_is_refused(sc, sc->device->hostdata)))
		scsi_done(sc);
	else
		loop_cmd_accept(cmd, queue);
	/* Whatever became of this one, those before it wait for the end of the batch. */
	if (last && !llist_empty(&queue->incoming))
		loop_queue_kick(queue);
	return 0;
}

/* The end of a batch whose last command did not come. */
void loop_commit(struct Scsi_Host *shost, u16 hwq)
{
	struct loop_host *host = shost_priv(shost);

	loop_queue_kick(&host->adapter->queues[hwq]);
}
