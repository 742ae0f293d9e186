// SPDX-License-Identifier: GPL-2.0-only
/*
 * The midlayer's error handling.
 *
 * While it recovers a host, none of the host's disks gets a command, and before it begins
 * it waits for all that are under way.  Yet what one disk waits for may be a command to
 * another one: a file system on one of them, with a file that is the other.  So a command
 * whose time is over never leads there.  It is aborted if that can bring it back, and stays
 * with the core until it does; then the midlayer has it.
 *
 * A handler that says SUCCESS gives the midlayer its commands back: their memory
 * and that of their data.  So none says it before nobody below holds one of the
 * commands in question any more; each says FAILED after a time, and the next
 * stronger one follows.  The last one, the host's, has no next: it waits for the
 * backstores, since a command given back any earlier would leave a backstore
 * writing to memory that belongs to someone else.
 */
#include <linux/blkdev.h>
#include <linux/delay.h>
#include <linux/sched/mm.h>
#include "loop.h"

static bool loop_eh_match_cmd(const struct scsi_cmnd *sc, const void *data)
{
	return sc == data;
}

static bool loop_eh_match_disk(const struct scsi_cmnd *sc, const void *data)
{
	return sc->device == data;
}

static bool loop_eh_match_port(const struct scsi_cmnd *sc, const void *data)
{
	const struct scsi_device *sdev = data;

	return sc->device->id == sdev->id;
}

static bool loop_eh_match_all(const struct scsi_cmnd *sc, const void *data)
{
	return true;
}

/* Nobody has seen it yet. */
static bool loop_eh_unqueue(struct loop_host *host, struct loop_cmd *cmd)
{
	struct loop_queue *queue = loop_queue_of(host, cmd->se_cmd.tag);

	if (!loop_queue_pop_first(queue, loop_eh_match_cmd, cmd->sc))
		return false;
	WRITE_ONCE(cmd->held, false);
	return true;
}

static struct se_cmd *loop_eh_find(struct scsi_cmnd *sc)
{
	const struct loop_disk *disk = sc->device->hostdata;
	const struct loop_cmd *cmd = scsi_cmd_priv(sc);
	struct se_session *sess;

	guard(rcu)();
	sess = rcu_dereference(disk->tpg->sess);
	return sess ? target_get_cmd(sess, disk->lun, cmd->se_cmd.tag) : NULL;
}

/* One that is just on its way to or from the core is found the next time. */
static void loop_eh_expire(struct scsi_cmnd *sc, bool give_up)
{
	struct se_cmd *se_cmd = loop_eh_find(sc);
	unsigned int noio;

	if (!se_cmd)
		return;
	noio = memalloc_noio_save();
	target_cmd_expire(se_cmd, give_up);
	target_put_sess_cmd(se_cmd);
	memalloc_noio_restore(noio);
}

/*
 * Who sends a command of his own has said how long it may take.  What a disk's driver
 * sends is still wanted later, and comes back when the backstore has done it.
 */
scsi_timeout_return loop_eh_timed_out(struct scsi_cmnd *sc)
{
	bool own = blk_rq_is_passthrough(scsi_cmd_to_rq(sc));
	struct loop_cmd *cmd = scsi_cmd_priv(sc);

	WRITE_ONCE(cmd->expired, true);
	if (!own || !loop_eh_unqueue(shost_priv(sc->device->host), cmd))
		loop_eh_expire(sc, own);
	if (READ_ONCE(cmd->held))
		return SCSI_EH_RESET_TIMER;
	/* A second abort of one command, after the first one's retry, would be no abort. */
	sc->eh_eflags = 0;
	return SCSI_EH_NOT_HANDLED;
}

/* One walk over the commands of a host. */
struct loop_eh_walk {
	loop_match_t	match;
	const void	*data;
	bool		owing;
};

/*
 * What the midlayer waits for is marked complete, for it, and held by us. One that
 * just ends is marked, too, but only when it is held no longer: see loop_cmd_done().
 */
static bool loop_eh_look(struct scsi_cmnd *sc, void *data)
{
	const struct loop_cmd *cmd = scsi_cmd_priv(sc);
	struct loop_eh_walk *walk = data;

	if (!walk->match(sc, walk->data) || !test_bit(SCMD_STATE_COMPLETE, &sc->state))
		return true;
	/* Pairs with the atomic operation of scsi_done() that marks it. */
	smp_rmb();
	walk->owing = READ_ONCE(cmd->held);
	return !walk->owing;
}

static bool loop_eh_is_owing(struct loop_host *host, loop_match_t match, const void *data)
{
	struct loop_eh_walk walk = { .match = match, .data = data };

	scsi_host_busy_iter(host->shost, loop_eh_look, &walk);
	return walk.owing;
}

/*
 * Has everything that the midlayer wants back come back? A reset by ioctl may find a
 * command that ended and one that begins in the same place: not twice in a row.
 */
static bool loop_eh_is_settled(struct loop_host *host, loop_match_t match, const void *data)
{
	bool owing = loop_eh_is_owing(host, match, data) && loop_eh_is_owing(host, match, data);

	/* See loop_eh_abort(). */
	synchronize_rcu();
	return !owing;
}

/* ABORT TASK (SAM-6 7.2): whatever its response, the command must be back. */
int loop_eh_abort(struct scsi_cmnd *sc)
{
	struct loop_host *host = shost_priv(sc->device->host);
	const struct loop_disk *disk = sc->device->hostdata;
	struct loop_cmd *cmd = scsi_cmd_priv(sc);
	bool held;

	loop_queues_return(host, loop_eh_match_cmd, sc);
	if (READ_ONCE(cmd->held))
		loop_tmf_run(host, sc->device->id, disk->lun, TMR_ABORT_TASK, cmd->se_cmd.tag);
	held = READ_ONCE(cmd->held);
	/* Who has just cleared it may still be in scsi_done(). */
	synchronize_rcu();
	return held ? FAILED : SUCCESS;
}

static int loop_eh_reset(struct scsi_device *sdev, u8 function, u64 lun, loop_match_t match)
{
	struct loop_host *host = shost_priv(sdev->host);

	loop_queues_return(host, match, sdev);
	if (loop_tmf_run(host, sdev->id, lun, function, 0) != TMR_FUNCTION_COMPLETE)
		return FAILED;
	return loop_eh_is_settled(host, match, sdev) ? SUCCESS : FAILED;
}

/* LOGICAL UNIT RESET (SAM-6 7.7). An ioctl may come when the disk has just gone. */
int loop_eh_device_reset(struct scsi_cmnd *sc)
{
	u64 lun;

	if (loop_lun_from_scsi(sc->device->lun, &lun))
		return FAILED;
	return loop_eh_reset(sc->device, TMR_LUN_RESET, lun, loop_eh_match_disk);
}

/* A hard reset of every logical unit of the port (SAM-6 6.3.2). */
int loop_eh_target_reset(struct scsi_cmnd *sc)
{
	return loop_eh_reset(sc->device, TMR_TARGET_WARM_RESET, 0, loop_eh_match_port);
}

/* The wait ends when the backstores have ended the commands. */
int loop_eh_host_reset(struct scsi_cmnd *sc)
{
	struct loop_host *host = shost_priv(sc->device->host);
	struct loop_tpg *tpg;
	unsigned long id;

	loop_queues_return(host, loop_eh_match_all, NULL);
	xa_for_each(&host->tpgs, id, tpg)
		loop_tmf_run(host, id, 0, TMR_TARGET_WARM_RESET, 0);
	while (!loop_eh_is_settled(host, loop_eh_match_all, NULL))
		msleep(100);
	return SUCCESS;
}
