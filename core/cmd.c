// SPDX-License-Identifier: GPL-2.0-only
/*
 * A command's way in: from the fabric to the execute function (SAM-6 5.2).
 *
 * init    target_init_cmd(): the fields, one reference of the session
 * prep    target_submit_prep(): CDB, LUN, I_T_L nexus, the opcode table
 * submit  target_submit(): data-out, the task set, the gates, execute
 *
 * The way out is in complete.c.  Nothing on the way of a READ or WRITE allocates
 * or takes a lock that another CPU takes.
 */
#include <linux/sched/mm.h>
#include <linux/smp.h>
#include "cdb.h"
#include "cmd.h"
#include "device.h"
#include "itl.h"
#include "order.h"
#include "range.h"
#include "rod.h"
#include "sense.h"
#include "trace.h"

#define CDB_VENDOR	0xc0	/* the first operation code of groups 6 and 7 */

void target_cmd_init(struct se_cmd *cmd, struct se_session *sess, unsigned char *sense,
		     u64 unpacked_lun, u32 data_length, int task_attr, int data_dir, int flags)
{
	cmd->se_sess = sess;
	cmd->se_tfo = sess->se_tpg->se_tpg_tfo;
	cmd->sense_buffer = sense;
	cmd->orig_fe_lun = unpacked_lun;
	cmd->asked_length = data_length;
	cmd->data_length = data_length;
	cmd->sam_task_attr = task_attr;
	cmd->data_direction = data_dir;
	cmd->unknown_data_length = flags & TARGET_SCF_UNKNOWN_SIZE;
	cmd->nowait = flags & TARGET_SCF_NOWAIT;
	cmd->may_block = flags & TARGET_SCF_MAY_BLOCK;
	cmd->se_cmd_flags = 0;
	if (flags & TARGET_SCF_USE_CPUID)
		cmd->se_cmd_flags |= SCF_USE_CPUID;
	else
		cmd->cpuid = raw_smp_processor_id();

	cmd->se_dev = NULL;
	cmd->se_lun = NULL;
	cmd->itl = NULL;
	cmd->op = NULL;
	cmd->execute = NULL;
	cmd->t_task_cdb = cmd->__t_task_cdb;
	cmd->t_task_lba = 0;
	cmd->t_task_nolb = 0;
	cmd->residual_count = 0;
	cmd->t_data_sg = NULL;
	cmd->t_data_nents = 0;
	cmd->t_bidi_data_sg = NULL;
	cmd->t_bidi_data_nents = 0;
	cmd->t_prot_sg = NULL;
	cmd->t_prot_nents = 0;
	cmd->prot_op = TARGET_PROT_NORMAL;
	cmd->prot_type = TARGET_DIF_TYPE0_PROT;
	cmd->prot_checks = 0;
	cmd->prot_length = 0;
	cmd->prot_ip = false;
	cmd->pi = NULL;
	cmd->pi_err = TCM_NO_SENSE;
	cmd->scsi_status = SAM_STAT_GOOD;
	cmd->scsi_sense_length = 0;
	cmd->sense_reason = TCM_NO_SENSE;
	cmd->sense_info_valid = false;
	cmd->field_flags = 0;
	cmd->se_tmr_req = NULL;
	cmd->priv = NULL;
	cmd->scratch = NULL;
	cmd->fault = NULL;
	cmd->free_compl = NULL;
	cmd->live_cpu = -1;
	cmd->transport_state = 0;
	cmd->t_state = TRANSPORT_NEW_CMD;
	cmd->start_jiffies = jiffies;
	spin_lock_init(&cmd->t_state_lock);
	kref_init(&cmd->cmd_kref);
	atomic_set(&cmd->state, TARGET_CMD_NEW);
}

/**
 * target_get_sess_cmd - account for a command in its session
 * @cmd: initialised
 * @ack_kref: the fabric keeps a reference of its own, which it drops with
 *	target_put_sess_cmd() or transport_generic_free_cmd()
 *
 * Context: any.
 * Return: 0, or -ESHUTDOWN when the session takes no more commands: then the
 * command is still the fabric's.
 */
int target_get_sess_cmd(struct se_cmd *cmd, bool ack_kref)
{
	if (!percpu_ref_tryget_live(&cmd->se_sess->cmd_ref))
		return -ESHUTDOWN;
	if (ack_kref) {
		kref_get(&cmd->cmd_kref);
		cmd->se_cmd_flags |= SCF_ACK_KREF;
	}
	return 0;
}
TARGET_EXPORT(target_get_sess_cmd);

/**
 * target_init_cmd - make a command known to its session
 * @cmd: memory for the command; see target_cmd_init() for what is kept
 * @sess: session it came through
 * @sense: %TRANSPORT_SENSE_BUFFER bytes that stay until the command is released
 * @unpacked_lun: LUN addressed
 * @data_length: bytes the initiator expects to move
 * @task_attr: TCM_SIMPLE_TAG and its like
 * @data_dir: DMA_TO_DEVICE for data-out, DMA_FROM_DEVICE for data-in, DMA_NONE
 * @flags: enum target_sc_flags_table
 *
 * Context: any.
 * Return: 0; -ESHUTDOWN when the session takes no more commands: then the
 * command is still the fabric's.
 */
int target_init_cmd(struct se_cmd *cmd, struct se_session *sess, unsigned char *sense,
		    u64 unpacked_lun, u32 data_length, int task_attr, int data_dir, int flags)
{
	target_cmd_init(cmd, sess, sense, unpacked_lun, data_length, task_attr, data_dir, flags);
	return target_get_sess_cmd(cmd, flags & TARGET_SCF_ACK_KREF);
}
TARGET_EXPORT(target_init_cmd);

/*
 * The code of a vendor specific command does not say how long it is; no fabric has memory
 * for less than 16 bytes, and what is too much means nothing to anyone.
 */
static unsigned int target_cmd_cdb_room(const unsigned char *cdb)
{
	return unlikely(cdb[0] >= CDB_VENDOR) ? 16 : target_cdb_length(cdb);
}

/* A CDB longer than its field is kept in memory of its own (SPC-6 4.2.4, variable length). */
static sense_reason_t target_cmd_copy_cdb(struct se_cmd *cmd, const unsigned char *cdb, gfp_t gfp)
{
	unsigned int len = target_cmd_cdb_room(cdb);

	if (likely(len <= sizeof(cmd->__t_task_cdb))) {
		memcpy(cmd->__t_task_cdb, cdb, len);
		memset(cmd->__t_task_cdb + len, 0, sizeof(cmd->__t_task_cdb) - len);
		return TCM_NO_SENSE;
	}
	cmd->t_task_cdb = kmemdup(cdb, len, gfp);
	if (!cmd->t_task_cdb) {
		cmd->t_task_cdb = cmd->__t_task_cdb;
		memcpy(cmd->__t_task_cdb, cdb, sizeof(cmd->__t_task_cdb));
		return TCM_OUT_OF_RESOURCES;
	}
	return TCM_NO_SENSE;
}

/* The reference taken here is given back when the command is released. */
static bool target_cmd_find_lun(struct se_cmd *cmd)
{
	struct target_itl *itl = target_itl_get(cmd->se_sess, cmd->orig_fe_lun);

	if (!itl)
		return false;
	cmd->itl = itl;
	cmd->se_dev = itl->dev;
	cmd->se_lun = itl->lun;
	cmd->se_cmd_flags |= SCF_SE_LUN_CMD;
	target_cmd_live_add(cmd);
	return true;
}

static sense_reason_t target_cmd_prepare(struct se_cmd *cmd, const unsigned char *cdb, gfp_t gfp)
{
	sense_reason_t reason = target_cmd_copy_cdb(cmd, cdb, gfp);

	if (unlikely(reason))
		return reason;
	target_cmd_find_lun(cmd);
	trace_target_sequencer_start(cmd);
	return target_cdb_parse(cmd);
}

/* Memory for data, and for what protects it, of a fabric that has none. */
static sense_reason_t target_cmd_alloc_data(struct se_cmd *cmd)
{
	bool in = cmd->data_direction == DMA_FROM_DEVICE;

	if (target_alloc_sgl(&cmd->t_data_sg, &cmd->t_data_nents, cmd->data_length, in, false))
		return TCM_OUT_OF_RESOURCES;
	if (cmd->prot_length && !cmd->t_prot_nents &&
	    target_alloc_sgl(&cmd->t_prot_sg, &cmd->t_prot_nents, cmd->prot_length, in, false))
		return TCM_OUT_OF_RESOURCES;
	return TCM_NO_SENSE;
}

/**
 * target_submit_prep - look at a command's CDB and LUN
 * @cmd: from target_init_cmd()
 * @cdb: at least as many bytes as its operation code says, 16 if it is a vendor's; copied
 * @sgl: the data buffer, or NULL if the core is to allocate it
 * @sgl_count: entries in @sgl
 * @sgl_bidi: must be NULL; bidirectional commands are not supported
 * @sgl_bidi_count: 0
 * @sgl_prot: protection information, or NULL
 * @sgl_prot_count: entries in @sgl_prot
 * @gfp: for what may have to be allocated
 *
 * Context: as @gfp says.
 * Return: 0, then target_submit() follows; -EIO if the command has failed: its
 * response has been given to the fabric, whose reference, if any, remains.
 */
int target_submit_prep(struct se_cmd *cmd, unsigned char *cdb, struct scatterlist *sgl,
		       u32 sgl_count, struct scatterlist *sgl_bidi, u32 sgl_bidi_count,
		       struct scatterlist *sgl_prot, u32 sgl_prot_count, gfp_t gfp)
{
	sense_reason_t reason;

	cmd->transport_state = CMD_T_ACTIVE;
	/* Where protection information stands says what the CDB moves. */
	if (sgl_count) {
		cmd->t_data_sg = sgl;
		cmd->t_data_nents = sgl_count;
		cmd->se_cmd_flags |= SCF_PASSTHROUGH_SG_TO_MEM_NOALLOC;
	}
	if (sgl_prot_count) {
		cmd->t_prot_sg = sgl_prot;
		cmd->t_prot_nents = sgl_prot_count;
		cmd->se_cmd_flags |= SCF_PASSTHROUGH_PROT_SG_TO_MEM_NOALLOC;
	}
	reason = target_cmd_prepare(cmd, cdb, gfp);

	if (likely(!reason) && unlikely(sgl_bidi_count))
		reason = TCM_INVALID_CDB_FIELD;
	if (!sgl_count && !reason && cmd->data_length)
		reason = target_cmd_alloc_data(cmd);
	if (unlikely(reason)) {
		target_cmd_fail(cmd, reason);
		return -EIO;
	}
	return 0;
}
TARGET_EXPORT(target_submit_prep);

static void target_cmd_enter(struct se_cmd *cmd)
{
	if (unlikely(!cmd->se_dev))
		target_cmd_move(&cmd->state, TARGET_CMD_NEW, TARGET_CMD_EXECUTING);
	else if (unlikely(!target_task_set_enter(cmd)))
		return;
	target_cmd_run(cmd);
}

static void target_cmd_enter_work(struct work_struct *work)
{
	struct se_cmd *cmd = container_of(work, struct se_cmd, work);

	cmd->nowait = false;
	target_cmd_enter(cmd);
}

static void target_cmd_run_work(struct work_struct *work)
{
	target_cmd_run(container_of(work, struct se_cmd, work));
}

static void target_cmd_queue(struct se_cmd *cmd, work_func_t fn)
{
	INIT_WORK(&cmd->work, fn);
	queue_work(target_submit_wq, &cmd->work);
}

void target_cmd_requeue(struct se_cmd *cmd)
{
	cmd->nowait = false;
	target_cmd_queue(cmd, target_cmd_run_work);
}
TARGET_EXPORT(target_cmd_requeue);

void target_cmd_run(struct se_cmd *cmd)
{
	sense_reason_t reason = TCM_NO_SENSE;

	cmd->t_state = TRANSPORT_PROCESSING;
	if (unlikely(atomic_read(&cmd->state) & TARGET_CMD_ABORTED)) {
		target_cmd_done(cmd, TCM_NO_SENSE);
		return;
	}
	if (likely(cmd->itl)) {
		reason = target_cdb_gate(cmd);
		if (likely(!reason) && unlikely(!target_range_enter(cmd)))
			return;
	}
	if (likely(!reason)) {
		/* A filesystem above may be waiting for this very command. */
		unsigned int noio = cmd->nowait ? 0 : memalloc_noio_save();
		bool nowait = cmd->nowait;

		if (likely(cmd->itl))
			target_rods_run(cmd);
		reason = cmd->execute(cmd);
		if (!nowait)
			memalloc_noio_restore(noio);
	}
	if (unlikely(reason) && reason != TARGET_CMD_TAKEN)
		target_cmd_done(cmd, reason);
}

/* May a backstore have it right here, though it is none that execute_rw gets? */
static bool target_cmd_is_handed_over(const struct se_cmd *cmd)
{
	return cmd->op->flags & TARGET_CDB_HANDED && cmd->may_block &&
	       READ_ONCE(cmd->se_dev->hands_over);
}

/* Must it leave the caller's context? */
static bool target_cmd_must_queue(const struct se_cmd *cmd)
{
	if (cmd->nowait)
		return !(cmd->op->flags & TARGET_CDB_RW) && !target_cmd_is_handed_over(cmd);
	if (cmd->se_tfo->own_submit_queue || !cmd->se_dev)
		return false;
	return target_device_submit_type(cmd->se_dev, cmd->se_tfo) == TARGET_QUEUE_SUBMIT;
}

static void target_cmd_submit_data(struct se_cmd *cmd)
{
	if (unlikely(target_cmd_must_queue(cmd)))
		target_cmd_queue(cmd, target_cmd_enter_work);
	else
		target_cmd_enter(cmd);
}

/* Data-out that the fabric has yet to fetch. */
static void target_cmd_fetch(struct se_cmd *cmd)
{
	int err;

	target_cmd_move(&cmd->state, TARGET_CMD_NEW, TARGET_CMD_WAIT_DATA);
	cmd->t_state = TRANSPORT_WRITE_PENDING;
	err = cmd->se_tfo->write_pending(cmd);
	if (err)
		target_cmd_fail(cmd, err == -EAGAIN || err == -ENOMEM ? TCM_OUT_OF_RESOURCES :
				TCM_LOGICAL_UNIT_COMMUNICATION_FAILURE);
}

/**
 * target_submit - run a command
 * @cmd: from target_submit_prep()
 *
 * Context: process; any with %TARGET_SCF_NOWAIT.
 * Return: 0. The response goes to the fabric's queue_data_in or queue_status,
 * possibly before this returns.
 */
int target_submit(struct se_cmd *cmd)
{
	if (cmd->data_direction == DMA_TO_DEVICE && cmd->data_length &&
	    cmd->se_tfo->write_pending)
		target_cmd_fetch(cmd);
	else
		target_cmd_submit_data(cmd);
	return 0;
}
TARGET_EXPORT(target_submit);

/**
 * target_execute_cmd - the data-out of a command is in memory
 * @cmd: for which the fabric's write_pending was called
 *
 * Context: process, or any if the command was submitted with %TARGET_SCF_NOWAIT.
 */
void target_execute_cmd(struct se_cmd *cmd)
{
	target_cmd_submit_data(cmd);
}
TARGET_EXPORT(target_execute_cmd);

/**
 * target_submit_cmd - init, prep and submit in one
 * @cmd: see target_init_cmd()
 * @sess: see there
 * @cdb: see target_submit_prep()
 * @sense: see target_init_cmd()
 * @unpacked_lun: see there
 * @data_length: see there
 * @task_attr: see there
 * @data_dir: see there
 * @flags: see there
 *
 * The core allocates the data buffer. When the session takes no more commands
 * the command is dropped without a response, as the nexus is going.
 *
 * Context: process, may sleep.
 */
void target_submit_cmd(struct se_cmd *cmd, struct se_session *sess, unsigned char *cdb,
		       unsigned char *sense, u64 unpacked_lun, u32 data_length, int task_attr,
		       int data_dir, int flags)
{
	if (target_init_cmd(cmd, sess, sense, unpacked_lun, data_length, task_attr, data_dir,
			    flags))
		return;
	if (target_submit_prep(cmd, cdb, NULL, 0, NULL, 0, NULL, 0, GFP_KERNEL))
		return;
	target_submit(cmd);
}
TARGET_EXPORT(target_submit_cmd);
