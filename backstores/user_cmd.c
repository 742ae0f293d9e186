// SPDX-License-Identifier: GPL-2.0-only
/*
 * Commands: how they get into the ring, and how they end.
 *
 * A command's data is copied: what the daemon has is never the initiator's memory. So a
 * command can be given up at any time, and what the daemon does with its part then is of
 * no consequence. Whoever takes a command off its list, under the lock, ends it.
 */
#include <linux/blkdev.h>
#include <linux/scatterlist.h>
#include <linux/slab.h>
#include <linux/uio.h>
#include <scsi/scsi_common.h>
#include <scsi/scsi_proto.h>
#include "user.h"

static struct kmem_cache *user_cmd_cache;

/* --- memory ------------------------------------------------------------------------------- */

static u32 cmd_block_bytes(const struct user_device *user)
{
	return user->data.block_pages << PAGE_SHIFT;
}

static void user_cmd_free(struct user_cmd *cmd)
{
	if (cmd->blocks != cmd->few)
		kvfree(cmd->blocks);
	kmem_cache_free(user_cmd_cache, cmd);
}

/*
 * The submitter of a command may hold back requests whose end frees memory: he does not
 * wait for any.
 */
static gfp_t cmd_gfp(const struct se_cmd *se_cmd)
{
	return se_cmd->nowait ? GFP_NOWAIT | __GFP_NOWARN : GFP_NOIO;
}

static bool cmd_alloc_blocks(struct user_cmd *cmd, gfp_t gfp)
{
	cmd->blocks = cmd->few;
	if (cmd->nr > USER_FEW_BLOCKS)
		cmd->blocks = kvmalloc_array(cmd->nr, sizeof(*cmd->blocks), gfp);
	return cmd->blocks;
}

static u32 cmd_length(const struct se_cmd *se_cmd)
{
	return se_cmd->data_direction == DMA_NONE ? 0 : se_cmd->data_length;
}

/* Rounded up, also where the sum of the usual way would be too large. */
static u32 cmd_blocks(const struct user_device *user, u32 length)
{
	return length ? (length - 1) / cmd_block_bytes(user) + 1 : 0;
}

/* It is not cleared: each field is set here, or before it is read. */
static struct user_cmd *user_cmd_alloc(struct user_device *user, struct se_cmd *se_cmd)
{
	gfp_t gfp = cmd_gfp(se_cmd);
	struct user_cmd *cmd = kmem_cache_alloc(user_cmd_cache, gfp);

	if (!cmd)
		return NULL;
	cmd->se_cmd = se_cmd;
	cmd->state = USER_CMD_NEW;
	cmd->loaded = false;
	cmd->hurried = false;
	cmd->keep = false;
	cmd->why = TCM_NO_SENSE;
	cmd->id = 0;
	cmd->due = 0;
	cmd->pieces = 0;
	cmd->entry_len = 0;
	cmd->length = cmd_length(se_cmd);
	cmd->nr = cmd_blocks(user, cmd->length);
	if (!cmd_alloc_blocks(cmd, gfp)) {
		kmem_cache_free(user_cmd_cache, cmd);
		return NULL;
	}
	return cmd;
}

/* --- into the ring ------------------------------------------------------------------------ */

static u32 cmd_cdb_at(u32 pieces)
{
	return max(offsetof(struct tcmu_cmd_entry, req.iov) + pieces * sizeof(struct iovec),
		   sizeof(struct tcmu_cmd_entry));
}

static unsigned int cmd_cdb_len(const struct se_cmd *se_cmd)
{
	unsigned int len = scsi_command_size(se_cmd->t_task_cdb);

	/* What a vendor's code means only the daemon knows. */
	return se_cmd->t_task_cdb[0] >= 0xc0 ? max(len, 16U) : len;
}

/* Would it fit if there were nothing else, whatever the blocks it gets? */
static bool cmd_ever_fits(const struct user_device *user, const struct se_cmd *se_cmd)
{
	u32 nr = cmd_blocks(user, cmd_length(se_cmd));

	return nr <= user->data.blocks &&
	       user_ring_round(cmd_cdb_at(nr) + cmd_cdb_len(se_cmd)) <= user->ring.size / 2;
}

static void cmd_fill_iov(const struct user_device *user, const struct user_cmd *cmd,
			 struct iovec *iov)
{
	u32 bytes = cmd_block_bytes(user), left = cmd->length, i = 0;

	while (i < cmd->nr) {
		u32 first = i;
		u64 len;

		do
			i++;
		while (i < cmd->nr && cmd->blocks[i] == cmd->blocks[i - 1] + 1);
		len = min_t(u64, left, (u64)(i - first) * bytes);
		iov->iov_base = (void __user *)(user->ring_bytes +
						(unsigned long)cmd->blocks[first] * bytes);
		iov->iov_len = len;
		left -= len;
		iov++;
	}
}

static void cmd_fill_entry(const struct user_device *user, const struct user_cmd *cmd,
			   struct tcmu_cmd_entry *entry)
{
	const struct se_cmd *se_cmd = cmd->se_cmd;
	void *cdb = (void *)entry + cmd_cdb_at(cmd->pieces);

	memset(entry, 0, offsetof(struct tcmu_cmd_entry, req.iov));
	entry->hdr.cmd_id = cmd->id;
	entry->req.iov_cnt = cmd->pieces;
	entry->req.cdb_off = user_ring_offset(&user->ring, cdb);
	cmd_fill_iov(user, cmd, (struct iovec *)&entry->req.iov);
	memcpy(cdb, se_cmd->t_task_cdb, cmd_cdb_len(se_cmd));
}

/* One that is sent again has its number. */
static bool cmd_get_id(struct user_device *user, struct user_cmd *cmd)
{
	return cmd->id ||
	       xa_alloc_cyclic(&user->ids, &cmd->id, cmd, XA_LIMIT(1, USER_ID_MAX),
			       &user->next_id, GFP_NOWAIT | __GFP_NOWARN) >= 0;
}

/* Its blocks are taken, but it has no place in the ring yet; lock held. */
static bool cmd_place(struct user_device *user, struct user_cmd *cmd)
{
	struct tcmu_cmd_entry *entry;

	lockdep_assert_held(&user->lock);
	if (!cmd_get_id(user, cmd))
		return false;
	entry = user_ring_reserve(&user->ring, cmd->entry_len);
	if (!entry)
		return false;
	cmd_fill_entry(user, cmd, entry);
	user_ring_publish(&user->ring, TCMU_OP_CMD, cmd->entry_len);
	cmd->state = USER_CMD_SENT;
	list_add_tail(&cmd->node, &user->sent);
	user_cmd_wait_ring(user, cmd);
	return true;
}

/* Blocks; lock held. */
static bool cmd_take_blocks(struct user_device *user, struct user_cmd *cmd)
{
	lockdep_assert_held(&user->lock);
	if (!user_data_take(&user->data, cmd->blocks, cmd->nr))
		return false;
	cmd->pieces = user_data_pieces(cmd->blocks, cmd->nr);
	cmd->entry_len = user_ring_round(cmd_cdb_at(cmd->pieces) + cmd_cdb_len(cmd->se_cmd));
	return true;
}

/* Blocks and number are free; lock held. */
static void cmd_drop(struct user_device *user, struct user_cmd *cmd)
{
	lockdep_assert_held(&user->lock);
	if (cmd->id)
		xa_erase(&user->ids, cmd->id);
	cmd->id = 0;
	if (cmd->pieces)
		user_data_give(&user->data, cmd->blocks, cmd->nr);
	cmd->pieces = 0;
	cmd->loaded = false;
}

/* What is in its blocks is what the initiator sends. */
static bool cmd_load(struct user_device *user, struct user_cmd *cmd, gfp_t gfp)
{
	struct se_cmd *se_cmd = cmd->se_cmd;

	if (user_data_populate(&user->data, cmd->blocks, cmd->nr, gfp))
		return false;
	if (se_cmd->data_direction == DMA_TO_DEVICE)
		user_data_copy(&user->data, cmd->blocks, se_cmd->t_data_sg, cmd->length, true);
	cmd->loaded = true;
	return true;
}

static void cmd_queue(struct user_device *user, struct user_cmd *cmd, bool first)
{
	lockdep_assert_held(&user->lock);
	cmd->state = USER_CMD_QUEUED;
	list_add(&cmd->node, first ? &user->queue : user->queue.prev);
	user_cmd_wait_room(user, cmd);
	/* Room may come from elsewhere: other units' pages, or memory. */
	user_tick_in(user, USER_RETRY);
}

/* In the middle of its way back into a ring it meets only what it met before. */
static bool cmd_is_refused(const struct user_device *user, bool again)
{
	return user->refuse && (!again || user->broken || !user->open);
}

/*
 * Into the ring, or onto the queue: as its first one if it has been there. Its blocks are
 * taken. Return: why it must end, and is still the caller's.
 */
static sense_reason_t cmd_enter_locked(struct user_device *user, struct user_cmd *cmd, bool again,
				       bool *sent)
{
	lockdep_assert_held(&user->lock);
	if (unlikely(!cmd->loaded))
		cmd_drop(user, cmd);
	if (unlikely(cmd_is_refused(user, again)))
		return user->refuse;
	*sent = cmd->loaded && cmd_place(user, cmd);
	if (likely(*sent))
		return TCM_NO_SENSE;
	if (!again && !user_may_wait(user))
		return TCM_OUT_OF_RESOURCES;
	cmd_queue(user, cmd, again);
	return TCM_NO_SENSE;
}

static sense_reason_t cmd_enter(struct user_device *user, struct user_cmd *cmd, bool again,
				bool *sent)
{
	*sent = false;
	guard(spinlock)(&user->lock);
	return cmd_enter_locked(user, cmd, again, sent);
}

static void cmd_refuse(struct user_device *user, struct user_cmd *cmd, sense_reason_t why)
{
	LIST_HEAD(refused);

	cmd->why = why;
	cmd->state = USER_CMD_ENDING;
	list_add(&cmd->node, &refused);
	user_cmds_end(user, &refused);
}

/* Once more; the device stays. Return: is it in the ring? */
static bool cmd_send_again(struct user_device *user, struct user_cmd *cmd)
{
	sense_reason_t why;
	bool sent;

	if (!cmd->loaded)
		cmd_load(user, cmd, GFP_NOIO);
	why = cmd_enter(user, cmd, true, &sent);
	if (why)
		cmd_refuse(user, cmd, why);
	return sent;
}

/*
 * As soon as it is in the ring, the command may end, and with the last command the device
 * may go: that waits for a grace period, and for those who will yet tell the daemon.
 */
static void cmd_send(struct user_device *user, struct user_cmd *cmd)
{
	sense_reason_t why;
	bool sent;

	cmd_load(user, cmd, cmd_gfp(cmd->se_cmd));
	rcu_read_lock();
	why = cmd_enter(user, cmd, false, &sent);
	if (likely(sent))
		user_notify(user);
	rcu_read_unlock();
	if (unlikely(why))
		cmd_refuse(user, cmd, why);
}

/* Return: what becomes of a new command. It is taken if that is %TCM_NO_SENSE. */
static sense_reason_t cmd_admit(struct user_device *user, struct user_cmd *cmd, bool *queued)
{
	*queued = false;
	guard(spinlock)(&user->lock);
	if (unlikely(user->refuse))
		return user->refuse;
	if (likely(list_empty(&user->queue) && cmd_take_blocks(user, cmd)))
		return TCM_NO_SENSE;
	if (!user_may_wait(user))
		return TCM_OUT_OF_RESOURCES;
	cmd_queue(user, cmd, false);
	*queued = true;
	return TCM_NO_SENSE;
}

static sense_reason_t user_execute(struct se_cmd *se_cmd)
{
	struct user_device *user = user_of(se_cmd->se_dev);
	struct user_cmd *cmd;
	sense_reason_t why;
	bool queued;

	if (unlikely(!cmd_ever_fits(user, se_cmd)))
		return TCM_INVALID_CDB_FIELD;
	cmd = user_cmd_alloc(user, se_cmd);
	if (unlikely(!cmd && se_cmd->nowait)) {
		target_cmd_requeue(se_cmd);
		return TCM_NO_SENSE;
	}
	if (!cmd)
		return TCM_OUT_OF_RESOURCES;
	why = cmd_admit(user, cmd, &queued);
	if (unlikely(why)) {
		user_cmd_free(cmd);
		return why;
	}
	if (!queued)
		cmd_send(user, cmd);
	return TCM_NO_SENSE;
}

sense_reason_t user_parse_cdb(struct se_cmd *cmd)
{
	cmd->execute = user_execute;
	return TCM_NO_SENSE;
}

/* The first one of the queue, if there is room for it. */
static struct user_cmd *queue_pop(struct user_device *user)
{
	struct user_cmd *cmd;

	guard(spinlock)(&user->lock);
	user_tmrs_send(user);
	cmd = list_first_entry_or_null(&user->queue, struct user_cmd, node);
	if (!cmd || (!cmd->loaded && !cmd_take_blocks(user, cmd)))
		return NULL;
	list_del(&cmd->node);
	cmd->state = USER_CMD_NEW;
	return cmd;
}

void user_run_queue(struct user_device *user)
{
	struct user_cmd *cmd;
	bool any = false;

	if (list_empty_careful(&user->queue) && !READ_ONCE(user->tmr_count))
		return;
	while ((cmd = queue_pop(user))) {
		if (!cmd_send_again(user, cmd))
			break;
		any = true;
	}
	if (any)
		user_notify(user);
}

/* --- the daemon is told ------------------------------------------------------------------- */

struct user_notifier {
	struct blk_plug_cb	cb;
	bool			counted;	/* of user_device::holders */
};

static void notify_unplug(struct blk_plug_cb *cb, bool from_schedule)
{
	struct user_device *user = cb->data;

	uio_event_notify(&user->info);
	kfree(container_of(cb, struct user_notifier, cb));
	user_put(user);
}

/* Who sends several commands wakes the daemon once, at their end or before it sleeps. */
void user_notify(struct user_device *user)
{
	struct blk_plug_cb *cb = blk_check_plugged(notify_unplug, user,
						   sizeof(struct user_notifier));
	struct user_notifier *notifier = container_of(cb, struct user_notifier, cb);

	BUILD_BUG_ON(offsetof(struct user_notifier, cb));
	if (!cb) {
		uio_event_notify(&user->info);
	} else if (!notifier->counted) {
		notifier->counted = true;
		atomic_inc(&user->holders);
	}
}

/* --- out of the ring ---------------------------------------------------------------------- */

static bool answer_is_status(u8 status)
{
	switch (status) {
	case SAM_STAT_GOOD:
	case SAM_STAT_CHECK_CONDITION:
	case SAM_STAT_CONDITION_MET:
	case SAM_STAT_BUSY:
	case SAM_STAT_RESERVATION_CONFLICT:
	case SAM_STAT_TASK_SET_FULL:
	case SAM_STAT_ACA_ACTIVE:
	case SAM_STAT_TASK_ABORTED:
		return true;
	default:
		return false;
	}
}

/* Each value is read once, and from here on only the copy is looked at. Is it an answer? */
static bool answer_read(struct user_cmd *cmd, const struct tcmu_cmd_entry *entry)
{
	cmd->uflags = READ_ONCE(entry->hdr.uflags);
	cmd->status = READ_ONCE(entry->rsp.scsi_status);
	cmd->read_len = READ_ONCE(entry->rsp.read_len);
	cmd->keep = cmd->uflags & TCMU_UFLAG_KEEP_BUF;
	if (cmd->status == SAM_STAT_CHECK_CONDITION)
		memcpy(cmd->sense, entry->rsp.sense_buffer, sizeof(cmd->sense));
	if (cmd->uflags & TCMU_UFLAG_UNKNOWN_OP)
		return true;
	return answer_is_status(cmd->status) &&
	       !(cmd->uflags & TCMU_UFLAG_READ_LEN && cmd->read_len > cmd->length);
}

/* Return: false if the daemon wrote what it must not. */
static bool collect_one(struct user_device *user, const struct tcmu_cmd_entry *entry,
			struct list_head *done)
{
	u32 id = READ_ONCE(entry->hdr.cmd_id);
	struct user_cmd *cmd = xa_load(&user->ids, id);

	if (!cmd || cmd->state != USER_CMD_SENT || !answer_read(cmd, entry))
		return false;
	cmd->state = USER_CMD_ENDING;
	list_move_tail(&cmd->node, done);
	return true;
}

/*
 * Who sends one command after the other saves the way by the fabric's queue. Where there
 * are several, that way gathers them, so that the daemon wakes up once for all; but once
 * they are sent as they come, it has answered each before the next is there, and they look
 * alone. So every now and then one takes the queue, to see whether others gather there.
 */
static void collected(struct user_device *user, unsigned int answers)
{
	lockdep_assert_held(&user->lock);
	if (answers == 1 && list_empty(&user->sent))
		user->singles++;
	else
		user->singles = 0;
	WRITE_ONCE(user->dev.hands_over,
		   user->singles >= USER_SINGLES && user->singles % USER_PROBE);
}

static bool collect(struct user_device *user, struct list_head *done)
{
	struct tcmu_cmd_entry *entry;
	unsigned int answers = 0;
	u32 tail;

	lockdep_assert_held(&user->lock);
	if (user_ring_tail(&user->ring, &tail))
		return false;
	while ((entry = user_ring_take(&user->ring, tail))) {
		if (!collect_one(user, entry, done))
			return false;
		answers++;
	}
	if (answers)
		collected(user, answers);
	return true;
}

/*
 * It cannot be trusted any more: everything ends, until someone resets the ring. That is
 * left as it is, as the daemon is still somewhere in it.
 */
static void break_ring(struct user_device *user, struct list_head *done)
{
	lockdep_assert_held(&user->lock);
	user->broken = true;
	user_state_update(user);
	user_forget(user, done, TCM_LOGICAL_UNIT_COMMUNICATION_FAILURE);
	user_cmds_take(user, &user->queue, done, TCM_LOGICAL_UNIT_COMMUNICATION_FAILURE);
}

void user_drain(struct user_device *user)
{
	bool broken = false;
	LIST_HEAD(done);

	spin_lock(&user->lock);
	if (!user->broken && !collect(user, &done)) {
		broken = true;
		break_ring(user, &done);
	}
	spin_unlock(&user->lock);
	if (unlikely(broken))
		pr_warn_ratelimited("%s: the daemon wrote what it must not; action/reset_ring starts anew\n",
				    user->name);
	if (!list_empty(&done))
		user_cmds_end(user, &done);
	user_run_queue(user);
}

void user_cmds_take(struct user_device *user, struct list_head *from, struct list_head *to,
		    sense_reason_t why)
{
	struct user_cmd *cmd;

	lockdep_assert_held(&user->lock);
	list_for_each_entry(cmd, from, node) {
		cmd->state = USER_CMD_ENDING;
		cmd->keep = false;
		if (!cmd->why)
			cmd->why = why;
	}
	list_splice_tail_init(from, to);
}

void user_forget(struct user_device *user, struct list_head *cmds, sense_reason_t why)
{
	user_cmds_take(user, &user->sent, cmds, why);
	user_cmds_take(user, &user->late, cmds, why);
	user_cmds_take(user, &user->kept, cmds, why);
	user_tmrs_drop(user);
}

/* --- the end ------------------------------------------------------------------------------ */

/* Bytes that did not move. Without READ_LEN there are none beside an error. */
static u32 end_residual(const struct user_cmd *cmd)
{
	if (cmd->se_cmd->data_direction != DMA_FROM_DEVICE)
		return 0;
	if (cmd->uflags & TCMU_UFLAG_READ_LEN)
		return cmd->length - cmd->read_len;
	return cmd->status == SAM_STAT_GOOD || cmd->status == SAM_STAT_CONDITION_MET ?
	       0 : cmd->length;
}

/* Sense data that no initiator could read is none (SPC-6 4.4.1). */
static bool end_has_sense(const struct user_cmd *cmd)
{
	u8 code = cmd->sense[0] & 0x7f;

	return code >= 0x70 && code <= 0x73;
}

static void end_answered(struct user_device *user, struct user_cmd *cmd)
{
	struct se_cmd *se_cmd = cmd->se_cmd;
	u32 residual = end_residual(cmd);

	if (unlikely(cmd->uflags & TCMU_UFLAG_UNKNOWN_OP)) {
		target_complete_cmd_with_sense(se_cmd, 0, TCM_UNSUPPORTED_SCSI_OPCODE);
		return;
	}
	if (unlikely(cmd->status == SAM_STAT_CHECK_CONDITION && !end_has_sense(cmd))) {
		target_complete_cmd_with_sense(se_cmd, 0, TCM_LOGICAL_UNIT_COMMUNICATION_FAILURE);
		return;
	}
	if (se_cmd->data_direction == DMA_FROM_DEVICE && residual < cmd->length)
		user_data_copy(&user->data, cmd->blocks, se_cmd->t_data_sg, cmd->length - residual,
			       false);
	target_passthrough_done(se_cmd, cmd->status, cmd->sense, sizeof(cmd->sense), residual);
}

static void cmd_end(struct user_device *user, struct user_cmd *cmd)
{
	if (!cmd->se_cmd)
		return;
	if (unlikely(cmd->why))
		target_complete_cmd_with_sense(cmd->se_cmd, 0, cmd->why);
	else
		end_answered(user, cmd);
	cmd->se_cmd = NULL;
}

void user_cmds_end(struct user_device *user, struct list_head *cmds)
{
	struct user_cmd *cmd, *tmp;

	list_for_each_entry(cmd, cmds, node)
		cmd_end(user, cmd);
	scoped_guard(spinlock, &user->lock) {
		list_for_each_entry_safe(cmd, tmp, cmds, node) {
			if (unlikely(cmd->keep)) {
				cmd->state = USER_CMD_KEPT;
				list_move_tail(&cmd->node, &user->kept);
			} else {
				cmd_drop(user, cmd);
			}
		}
	}
	list_for_each_entry_safe(cmd, tmp, cmds, node)
		user_cmd_free(cmd);
}

int user_free_kept(struct user_device *user, u32 id)
{
	struct user_cmd *cmd;

	scoped_guard(spinlock, &user->lock) {
		cmd = xa_load(&user->ids, id);
		if (!cmd || cmd->state != USER_CMD_KEPT)
			cmd = NULL;
		else
			list_del(&cmd->node);
		if (cmd)
			cmd_drop(user, cmd);
	}
	if (!cmd)
		return -ENOENT;
	user_cmd_free(cmd);
	user_run_queue(user);
	return 0;
}

/*
 * Each one with its number, and its data once more: who had it before may have written
 * there. What was given up, or ended and was kept, is gone.
 */
void user_cmds_again(struct user_device *user)
{
	struct user_cmd *cmd;
	LIST_HEAD(again);
	LIST_HEAD(gone);

	scoped_guard(spinlock, &user->lock) {
		list_splice_init(&user->sent, &again);
		list_for_each_entry(cmd, &again, node) {
			cmd->state = USER_CMD_NEW;
			cmd->loaded = false;
		}
		user_forget(user, &gone, TCM_NO_SENSE);
		user_ring_reset(&user->ring);
	}
	user_cmds_end(user, &gone);
	while ((cmd = list_first_entry_or_null(&again, struct user_cmd, node))) {
		list_del(&cmd->node);
		cmd_send_again(user, cmd);
	}
}

int user_cmd_init(void)
{
	user_cmd_cache = KMEM_CACHE(user_cmd, 0);
	return user_cmd_cache ? 0 : -ENOMEM;
}

void user_cmd_exit(void)
{
	kmem_cache_destroy(user_cmd_cache);
}
