// SPDX-License-Identifier: GPL-2.0-only
/*
 * Task sets: who waits for whom, and who is taken by a task management function.
 * The commands are real, the fabric and the device are made up.
 */
#include <kunit/test.h>
#include <linux/delay.h>
#include <linux/slab.h>
#include "aca.h"
#include "cdb.h"
#include "cmd.h"
#include "delay.h"
#include "itl.h"
#include "order.h"
#include "range.h"
#include <target/target_core_backend.h>

#define ORDER_CMDS	6

struct order_fixture {
	struct se_device	*dev;
	struct se_session	*sess;
	struct se_portal_group	tpg;
	struct se_wwn		wwn;
	struct se_cmd		cmds[ORDER_CMDS];
	u8			sense[TRANSPORT_SENSE_BUFFER];
	atomic_t		ran;		/* bit per command whose execute ran */
	atomic_t		responses;	/* bit per command that got one */
	atomic_t		suppressed;	/* bit per command that got none */
	atomic_t		released;	/* bit per command */
};

static unsigned int order_bit(struct se_cmd *cmd)
{
	return 1 << cmd->tag;
}

static struct order_fixture *order_of(struct se_cmd *cmd)
{
	return container_of(cmd, struct order_fixture, cmds[cmd->tag]);
}

static int order_queue_status(struct se_cmd *cmd)
{
	atomic_or(order_bit(cmd), &order_of(cmd)->responses);
	return 0;
}

static void order_aborted(struct se_cmd *cmd)
{
	atomic_or(order_bit(cmd), &order_of(cmd)->suppressed);
}

static void order_release(struct se_cmd *cmd)
{
	atomic_or(order_bit(cmd), &order_of(cmd)->released);
}

static const struct target_core_fabric_ops order_ops = {
	.fabric_name = "order",
	.queue_data_in = order_queue_status,
	.queue_status = order_queue_status,
	.aborted_task = order_aborted,
	.release_cmd = order_release,
	.default_compl_type = TARGET_DIRECT_COMPL,
};

static sense_reason_t order_execute(struct se_cmd *cmd)
{
	atomic_or(order_bit(cmd), &order_of(cmd)->ran);
	return TCM_NO_SENSE;	/* and goes on executing */
}

static int order_init(struct kunit *test)
{
	struct order_fixture *f = kunit_kzalloc(test, sizeof(*f), GFP_KERNEL);

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, f);
	f->dev = kunit_kzalloc(test, sizeof(*f->dev), GFP_KERNEL);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, f->dev);
	target_task_set_init(f->dev);
	target_delays_init(f->dev);
	target_ranges_init(f->dev);
	KUNIT_ASSERT_EQ(test, target_device_live_alloc(f->dev), 0);
	f->sess = transport_alloc_session(TARGET_PROT_NORMAL);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, f->sess);
	f->tpg.se_tpg_tfo = &order_ops;
	mutex_init(&f->tpg.lock);
	f->tpg.se_tpg_wwn = &f->wwn;
	f->sess->se_tpg = &f->tpg;
	test->priv = f;
	return 0;
}

static void order_exit(struct kunit *test)
{
	struct order_fixture *f = test->priv;

	target_stop_session(f->sess);
	target_wait_for_sess_cmds(f->sess);
	target_task_set_exit(f->dev);
	target_delays_exit(f->dev);
	target_device_live_free(f->dev);
	transport_free_session(f->sess);
}

static struct se_cmd *order_add(struct order_fixture *f, unsigned int i, int attr)
{
	struct se_cmd *cmd = &f->cmds[i];

	cmd->tag = i;
	target_cmd_init(cmd, f->sess, f->sense, 0, 0, attr, DMA_NONE, 0);
	target_get_sess_cmd(cmd, false);
	cmd->se_dev = f->dev;
	cmd->execute = order_execute;
	target_cmd_live_add(cmd);
	return cmd;
}

/* Returns true if it runs at once. */
static bool order_enter(struct order_fixture *f, unsigned int i, int attr)
{
	struct se_cmd *cmd = order_add(f, i, attr);

	if (!target_task_set_enter(cmd))
		return false;
	target_cmd_run(cmd);
	return true;
}

/* Commands that a work item has to run. */
static unsigned int order_ran(struct order_fixture *f)
{
	flush_work(&f->dev->tasks.work);
	return atomic_read(&f->ran);
}

static void order_end(struct order_fixture *f, unsigned int i)
{
	target_cmd_done(&f->cmds[i], TCM_NO_SENSE);
}

static void order_simple_runs_at_once(struct kunit *test)
{
	struct order_fixture *f = test->priv;

	KUNIT_EXPECT_TRUE(test, order_enter(f, 0, TCM_SIMPLE_TAG));
	KUNIT_EXPECT_TRUE(test, order_enter(f, 1, TCM_SIMPLE_TAG));
	order_end(f, 1);
	order_end(f, 0);
	KUNIT_EXPECT_EQ(test, atomic_read(&f->responses), 0x3);
	KUNIT_EXPECT_EQ(test, atomic_read(&f->released), 0x3);
}

static void order_ordered_alone_runs_at_once(struct kunit *test)
{
	struct order_fixture *f = test->priv;

	KUNIT_EXPECT_TRUE(test, order_enter(f, 0, TCM_ORDERED_TAG));
	KUNIT_EXPECT_FALSE(test, order_enter(f, 1, TCM_SIMPLE_TAG));
	order_end(f, 0);
	KUNIT_EXPECT_EQ(test, order_ran(f), 0x3u);
	order_end(f, 1);
	KUNIT_EXPECT_FALSE(test, f->dev->tasks.dormant);
	KUNIT_EXPECT_TRUE(test, order_enter(f, 2, TCM_SIMPLE_TAG));
	order_end(f, 2);
}

/* S S O S O S: O waits for both S, the later S for O, the second O for that S, ... */
static void order_ordered_waits_and_blocks(struct kunit *test)
{
	struct order_fixture *f = test->priv;

	KUNIT_EXPECT_TRUE(test, order_enter(f, 0, TCM_SIMPLE_TAG));
	KUNIT_EXPECT_TRUE(test, order_enter(f, 1, TCM_SIMPLE_TAG));
	KUNIT_EXPECT_FALSE(test, order_enter(f, 2, TCM_ORDERED_TAG));
	KUNIT_EXPECT_FALSE(test, order_enter(f, 3, TCM_SIMPLE_TAG));
	KUNIT_EXPECT_FALSE(test, order_enter(f, 4, TCM_ORDERED_TAG));
	KUNIT_EXPECT_FALSE(test, order_enter(f, 5, TCM_SIMPLE_TAG));

	order_end(f, 0);
	KUNIT_EXPECT_EQ(test, order_ran(f), 0x03u);
	order_end(f, 1);
	KUNIT_EXPECT_EQ(test, order_ran(f), 0x07u);
	order_end(f, 2);
	KUNIT_EXPECT_EQ(test, order_ran(f), 0x0fu);
	order_end(f, 3);
	KUNIT_EXPECT_EQ(test, order_ran(f), 0x1fu);
	order_end(f, 4);
	KUNIT_EXPECT_EQ(test, order_ran(f), 0x3fu);
	order_end(f, 5);
	KUNIT_EXPECT_EQ(test, atomic_read(&f->released), 0x3f);
}

static void order_head_of_queue_passes(struct kunit *test)
{
	struct order_fixture *f = test->priv;

	KUNIT_EXPECT_TRUE(test, order_enter(f, 0, TCM_SIMPLE_TAG));
	KUNIT_EXPECT_FALSE(test, order_enter(f, 1, TCM_ORDERED_TAG));
	KUNIT_EXPECT_TRUE(test, order_enter(f, 2, TCM_HEAD_TAG));
	order_end(f, 2);
	order_end(f, 0);
	KUNIT_EXPECT_EQ(test, order_ran(f), 0x7u);
	order_end(f, 1);
}

static bool order_match_all(struct se_cmd *cmd, const void *data, bool *tas)
{
	*tas = data;
	return true;
}

static void order_finish_taken(struct list_head *taken)
{
	struct se_cmd *cmd, *tmp;

	list_for_each_entry_safe(cmd, tmp, taken, blocked)
		target_cmd_finish(cmd);
}

/* The one that runs is ended by its owner, those that wait are taken. */
static void order_abort_takes_blocked(struct kunit *test)
{
	struct order_fixture *f = test->priv;
	LIST_HEAD(taken);

	order_enter(f, 0, TCM_SIMPLE_TAG);
	order_enter(f, 1, TCM_ORDERED_TAG);
	order_enter(f, 2, TCM_SIMPLE_TAG);
	KUNIT_EXPECT_EQ(test, target_task_set_abort(f->dev, order_match_all, NULL, &taken), 3u);
	order_finish_taken(&taken);
	KUNIT_EXPECT_EQ(test, atomic_read(&f->suppressed), 0x6);
	KUNIT_EXPECT_TRUE(test, target_task_set_watched(f->dev, order_match_all, NULL));
	order_end(f, 0);
	KUNIT_EXPECT_EQ(test, atomic_read(&f->suppressed), 0x7);
	KUNIT_EXPECT_EQ(test, atomic_read(&f->responses), 0);
	KUNIT_EXPECT_FALSE(test, target_task_set_watched(f->dev, order_match_all, NULL));
	KUNIT_EXPECT_EQ(test, order_ran(f), 0x1u);
	KUNIT_EXPECT_FALSE(test, f->dev->tasks.dormant);
}

static void order_abort_with_tas_answers(struct kunit *test)
{
	struct order_fixture *f = test->priv;
	LIST_HEAD(taken);

	order_enter(f, 0, TCM_SIMPLE_TAG);
	target_task_set_abort(f->dev, order_match_all, f, &taken);
	KUNIT_EXPECT_TRUE(test, list_empty(&taken));
	order_end(f, 0);
	KUNIT_EXPECT_EQ(test, atomic_read(&f->responses), 0x1);
	KUNIT_EXPECT_EQ(test, f->cmds[0].scsi_status, (u8)SAM_STAT_TASK_ABORTED);
}

/* A command that an abort finds before it has entered the task set does not run. */
static void order_abort_before_run(struct kunit *test)
{
	struct order_fixture *f = test->priv;
	struct se_cmd *cmd = order_add(f, 0, TCM_SIMPLE_TAG);
	LIST_HEAD(taken);

	target_task_set_abort(f->dev, order_match_all, NULL, &taken);
	KUNIT_EXPECT_TRUE(test, target_task_set_enter(cmd));
	target_cmd_run(cmd);
	KUNIT_EXPECT_EQ(test, atomic_read(&f->ran), 0);
	KUNIT_EXPECT_EQ(test, atomic_read(&f->suppressed), 0x1);
	KUNIT_EXPECT_EQ(test, atomic_read(&f->released), 0x1);
}

static const struct target_backend_ops order_keeps;

static void order_hook(struct se_device *dev, u8 function)
{
	atomic_long_inc(&dev->num_resets);
}

static const struct target_backend_ops order_gives_back = { .abort = order_hook };

static bool order_expire_one(struct order_fixture *f, unsigned int i, bool give_up)
{
	struct se_cmd *cmd = &f->cmds[i];
	bool aborted;

	kref_get(&cmd->cmd_kref);
	target_cmd_expire(cmd, give_up);
	aborted = atomic_read(&cmd->state) & TARGET_CMD_ABORTED;
	target_put_sess_cmd(cmd);
	return aborted;
}

/* What is blocked ends; what runs does if its initiator, or its backstore, gives it up. */
static void order_expire(struct kunit *test)
{
	struct se_node_acl acl = { .initiatorname = "order" };
	struct order_fixture *f = test->priv;

	f->sess->se_node_acl = &acl;
	f->dev->transport = &order_keeps;
	order_enter(f, 0, TCM_SIMPLE_TAG);
	KUNIT_EXPECT_FALSE(test, order_enter(f, 1, TCM_ORDERED_TAG));
	KUNIT_EXPECT_TRUE(test, order_expire_one(f, 1, false));
	KUNIT_EXPECT_EQ(test, atomic_read(&f->released), 0x2);
	KUNIT_EXPECT_FALSE(test, order_expire_one(f, 0, false));
	KUNIT_EXPECT_TRUE(test, order_expire_one(f, 0, true));
	KUNIT_EXPECT_EQ(test, atomic_read(&f->suppressed), 0x2);
	order_end(f, 0);
	KUNIT_EXPECT_EQ(test, atomic_read(&f->suppressed), 0x3);

	f->dev->transport = &order_gives_back;
	order_enter(f, 2, TCM_SIMPLE_TAG);
	KUNIT_EXPECT_TRUE(test, order_expire_one(f, 2, false));
	KUNIT_EXPECT_EQ(test, atomic_long_read(&f->dev->num_resets), 1L);
	KUNIT_EXPECT_EQ(test, atomic_long_read(&f->dev->aborts_complete), 3L);
	order_end(f, 2);
	f->sess->se_node_acl = NULL;
}

/* QERR 11b: a CHECK CONDITION takes the nexus' other commands with it, and itself ends well. */
static void order_queue_error(struct kunit *test)
{
	struct order_fixture *f = test->priv;

	order_enter(f, 0, TCM_SIMPLE_TAG);
	order_enter(f, 1, TCM_SIMPLE_TAG);
	order_enter(f, 2, TCM_ORDERED_TAG);
	f->dev->mode_qerr = 3;
	target_cmd_done(&f->cmds[0], TCM_WRITE_ERROR);
	KUNIT_EXPECT_EQ(test, f->cmds[0].scsi_status, (u8)SAM_STAT_CHECK_CONDITION);
	KUNIT_EXPECT_EQ(test, atomic_read(&f->responses), 0x1);
	order_end(f, 1);
	KUNIT_EXPECT_EQ(test, atomic_read(&f->suppressed), 0x6);
	KUNIT_EXPECT_EQ(test, atomic_read(&f->responses), 0x1);
}

/* --- ACA --------------------------------------------------------------------------------- */

static void order_itl_drained(struct percpu_ref *ref)
{
}

/* The nexus @itl, which ends with the case; its commands carry it. */
static void order_nexus(struct kunit *test, struct target_itl *itl)
{
	struct order_fixture *f = test->priv;

	memset(itl, 0, sizeof(*itl));
	KUNIT_ASSERT_EQ(test, percpu_ref_init(&itl->ref, order_itl_drained, 0, GFP_KERNEL), 0);
	itl->dev = f->dev;
	itl->lun = kunit_kzalloc(test, sizeof(*itl->lun), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, itl->lun);
	itl->stats = alloc_percpu(struct target_io_stats);
	KUNIT_ASSERT_NOT_NULL(test, itl->stats);
	target_task_set_nexus_init(itl);
}

static void order_end_nexus(struct target_itl *itl)
{
	percpu_ref_exit(&itl->ref);
	free_percpu(itl->stats);
}

/* As a command of this nexus, and with this opcode and byte 5, does. */
static bool order_enter_cdb(struct order_fixture *f, unsigned int i, int attr,
			    struct target_itl *itl, u8 opcode, u8 byte_5)
{
	struct se_cmd *cmd = order_add(f, i, attr);

	percpu_ref_get(&itl->ref);
	memset(cmd->t_task_cdb, 0, TCM_MAX_COMMAND_SIZE);
	cmd->t_task_cdb[0] = opcode;
	cmd->t_task_cdb[5] = byte_5;
	cmd->itl = itl;
	cmd->se_lun = itl->lun;
	cmd->op = target_cdb_row(opcode, 0);
	return target_task_set_enter(cmd);
}

/* The CONTROL byte of a TEST UNIT READY. */
static bool order_enter_from(struct order_fixture *f, unsigned int i, int attr,
			     struct target_itl *itl, u8 control)
{
	return order_enter_cdb(f, i, attr, itl, 0x00, control);
}

static struct target_itl *order_nexuses(struct kunit *test)
{
	struct target_itl *itls = kunit_kzalloc(test, 2 * sizeof(*itls), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, itls);
	order_nexus(test, &itls[0]);
	order_nexus(test, &itls[1]);
	return itls;
}

static void order_end_nexuses(struct target_itl *itls)
{
	order_end_nexus(&itls[0]);
	order_end_nexus(&itls[1]);
}

static enum target_cmd_state order_state(struct order_fixture *f, unsigned int i)
{
	flush_work(&f->dev->tasks.work);
	return target_cmd_state_of(atomic_read(&f->cmds[i].state));
}

static void order_aca(struct kunit *test)
{
	struct target_itl *itls = order_nexuses(test);
	struct order_fixture *f = test->priv;

	/* There is none, so nothing of that kind may come. */
	KUNIT_EXPECT_FALSE(test, order_enter_from(f, 0, TCM_ACA_TAG, &itls[0], 0));
	KUNIT_EXPECT_EQ(test, f->cmds[0].scsi_status, (u8)SAM_STAT_CHECK_CONDITION);
	/* Without NACA none comes to be. */
	KUNIT_EXPECT_TRUE(test, order_enter_from(f, 0, TCM_SIMPLE_TAG, &itls[0], 0));
	target_cmd_done(&f->cmds[0], TCM_WRITE_PROTECTED);
	KUNIT_EXPECT_NULL(test, f->dev->tasks.shared.aca);

	KUNIT_EXPECT_TRUE(test, order_enter_from(f, 0, TCM_ORDERED_TAG, &itls[0], 0x04));
	KUNIT_EXPECT_FALSE(test, order_enter_from(f, 1, TCM_SIMPLE_TAG, &itls[1], 0));
	target_cmd_done(&f->cmds[0], TCM_WRITE_PROTECTED);
	KUNIT_EXPECT_PTR_EQ(test, f->dev->tasks.shared.aca, &itls[0]);
	KUNIT_EXPECT_EQ(test, order_state(f, 1), TARGET_CMD_BLOCKED);

	/* The faulted nexus: one of its kind at a time. */
	KUNIT_EXPECT_FALSE(test, order_enter_from(f, 2, TCM_HEAD_TAG, &itls[0], 0));
	KUNIT_EXPECT_EQ(test, f->cmds[2].scsi_status, (u8)SAM_STAT_ACA_ACTIVE);
	KUNIT_EXPECT_TRUE(test, order_enter_from(f, 2, TCM_ACA_TAG, &itls[0], 0));
	KUNIT_EXPECT_FALSE(test, order_enter_from(f, 3, TCM_ACA_TAG, &itls[0], 0));
	KUNIT_EXPECT_EQ(test, f->cmds[3].scsi_status, (u8)SAM_STAT_ACA_ACTIVE);
	target_cmd_done(&f->cmds[2], TCM_NO_SENSE);
	KUNIT_EXPECT_TRUE(test, order_enter_from(f, 2, TCM_ACA_TAG, &itls[0], 0));
	target_cmd_done(&f->cmds[2], TCM_NO_SENSE);

	/* Others are sent away. */
	KUNIT_EXPECT_FALSE(test, order_enter_from(f, 3, TCM_SIMPLE_TAG, &itls[1], 0));
	KUNIT_EXPECT_EQ(test, f->cmds[3].scsi_status, (u8)SAM_STAT_BUSY);
	KUNIT_EXPECT_FALSE(test, order_enter_from(f, 3, TCM_SIMPLE_TAG, &itls[1], 0x04));
	KUNIT_EXPECT_EQ(test, f->cmds[3].scsi_status, (u8)SAM_STAT_ACA_ACTIVE);

	KUNIT_EXPECT_FALSE(test, target_aca_clear(f->dev, &itls[1]));
	KUNIT_EXPECT_TRUE(test, target_aca_clear(f->dev, &itls[0]));
	KUNIT_EXPECT_TRUE(test, target_aca_clear(f->dev, &itls[0]));
	KUNIT_EXPECT_EQ(test, order_ran(f) & 0x2, 0x2u);
	order_end(f, 1);
	KUNIT_EXPECT_FALSE(test, f->dev->tasks.dormant);
	order_end_nexuses(itls);
}

#define READ_6	0x08
#define WRITE_6	0x0a
#define PR_OUT	0x5f

/* What clears the condition by itself gets through, and waits for nobody. */
static void order_aca_preempt_and_abort(struct kunit *test)
{
	struct target_itl *itls = order_nexuses(test);
	struct order_fixture *f = test->priv;
	struct se_cmd *cmd;

	KUNIT_EXPECT_TRUE(test, order_enter_from(f, 0, TCM_SIMPLE_TAG, &itls[0], 0x04));
	target_cmd_done(&f->cmds[0], TCM_WRITE_PROTECTED);
	cmd = order_add(f, 1, TCM_SIMPLE_TAG);
	percpu_ref_get(&itls[1].ref);
	memset(cmd->t_task_cdb, 0, TCM_MAX_COMMAND_SIZE);
	cmd->t_task_cdb[0] = PR_OUT;
	cmd->t_task_cdb[1] = 0x05;
	cmd->itl = &itls[1];
	cmd->se_lun = itls[1].lun;
	cmd->op = target_cdb_row(PR_OUT, 0x05);
	KUNIT_EXPECT_TRUE(test, target_task_set_enter(cmd));
	KUNIT_EXPECT_TRUE(test, target_aca_clear(f->dev, &itls[0]));
	target_cmd_done(cmd, TCM_NO_SENSE);
	KUNIT_EXPECT_FALSE(test, f->dev->tasks.dormant);
	order_end_nexuses(itls);
}

/* Two that are ORDERED come at once: the first does not wait for the second. */
static void order_two_at_once(struct kunit *test)
{
	struct order_fixture *f = test->priv;
	struct se_cmd *second = order_add(f, 1, TCM_ORDERED_TAG);

	KUNIT_EXPECT_TRUE(test, order_enter(f, 0, TCM_ORDERED_TAG));
	KUNIT_EXPECT_FALSE(test, target_task_set_enter(second));
	order_end(f, 0);
	KUNIT_EXPECT_EQ(test, order_ran(f), 0x3u);
	order_end(f, 1);
	KUNIT_EXPECT_FALSE(test, f->dev->tasks.dormant);
}

/* TST 001b: an ORDERED command waits for, and holds back, those of its nexus only. */
static void order_sets_of_nexuses(struct kunit *test)
{
	struct target_itl *itls = order_nexuses(test);
	struct order_fixture *f = test->priv;

	target_task_set_configure(f->dev, true, false);
	KUNIT_EXPECT_TRUE(test, order_enter_from(f, 0, TCM_SIMPLE_TAG, &itls[0], 0));
	KUNIT_EXPECT_TRUE(test, order_enter_from(f, 1, TCM_ORDERED_TAG, &itls[1], 0));
	KUNIT_EXPECT_FALSE(test, order_enter_from(f, 2, TCM_ORDERED_TAG, &itls[0], 0));
	KUNIT_EXPECT_FALSE(test, order_enter_from(f, 3, TCM_SIMPLE_TAG, &itls[0], 0));
	KUNIT_EXPECT_FALSE(test, order_enter_from(f, 4, TCM_SIMPLE_TAG, &itls[1], 0));
	order_end(f, 0);
	KUNIT_EXPECT_EQ(test, order_state(f, 2), TARGET_CMD_EXECUTING);
	KUNIT_EXPECT_EQ(test, order_state(f, 3), TARGET_CMD_BLOCKED);
	KUNIT_EXPECT_EQ(test, order_state(f, 4), TARGET_CMD_BLOCKED);
	order_end(f, 1);
	KUNIT_EXPECT_EQ(test, order_state(f, 4), TARGET_CMD_EXECUTING);
	order_end(f, 2);
	KUNIT_EXPECT_EQ(test, order_state(f, 3), TARGET_CMD_EXECUTING);
	order_end(f, 3);
	order_end(f, 4);
	target_task_set_configure(f->dev, false, false);
	KUNIT_EXPECT_FALSE(test, f->dev->tasks.dormant);
	KUNIT_EXPECT_EQ(test, itls[0].tasks.older, 0u);
	KUNIT_EXPECT_EQ(test, itls[1].tasks.older, 0u);
	order_end_nexuses(itls);
}

/* TST 001b: each nexus has an ACA condition of its own, and clears no other. */
static void order_aca_of_nexuses(struct kunit *test)
{
	struct target_itl *itls = order_nexuses(test);
	struct order_fixture *f = test->priv;

	target_task_set_configure(f->dev, true, false);
	KUNIT_EXPECT_TRUE(test, order_enter_from(f, 0, TCM_ORDERED_TAG, &itls[0], 0x04));
	KUNIT_EXPECT_FALSE(test, order_enter_from(f, 1, TCM_SIMPLE_TAG, &itls[0], 0));
	target_cmd_done(&f->cmds[0], TCM_WRITE_PROTECTED);
	KUNIT_EXPECT_TRUE(test, target_aca_is_faulted(&itls[0]));
	KUNIT_EXPECT_FALSE(test, target_aca_is_faulted(&itls[1]));
	KUNIT_EXPECT_EQ(test, order_state(f, 1), TARGET_CMD_BLOCKED);
	KUNIT_EXPECT_FALSE(test, order_enter_from(f, 2, TCM_SIMPLE_TAG, &itls[0], 0));
	KUNIT_EXPECT_EQ(test, f->cmds[2].scsi_status, (u8)SAM_STAT_ACA_ACTIVE);

	/* The other one goes on, and gets one, too. */
	KUNIT_EXPECT_TRUE(test, order_enter_from(f, 3, TCM_SIMPLE_TAG, &itls[1], 0x04));
	target_cmd_done(&f->cmds[3], TCM_WRITE_PROTECTED);
	KUNIT_EXPECT_TRUE(test, target_aca_is_faulted(&itls[1]));
	KUNIT_EXPECT_TRUE(test, target_aca_clear(f->dev, &itls[1]));
	KUNIT_EXPECT_TRUE(test, target_aca_is_faulted(&itls[0]));
	KUNIT_EXPECT_EQ(test, order_state(f, 1), TARGET_CMD_BLOCKED);

	KUNIT_EXPECT_TRUE(test, target_aca_clear(f->dev, &itls[0]));
	KUNIT_EXPECT_EQ(test, order_state(f, 1), TARGET_CMD_EXECUTING);
	order_end(f, 1);
	target_task_set_configure(f->dev, false, false);
	order_end_nexuses(itls);
}

/* Restricted reordering: what may write keeps its order, what reads passes what reads. */
static void order_restricted(struct kunit *test)
{
	struct target_itl *itls = order_nexuses(test);
	struct order_fixture *f = test->priv;

	target_task_set_configure(f->dev, true, true);
	KUNIT_EXPECT_TRUE(test, order_enter_cdb(f, 0, TCM_SIMPLE_TAG, &itls[0], READ_6, 0));
	KUNIT_EXPECT_TRUE(test, order_enter_cdb(f, 1, TCM_SIMPLE_TAG, &itls[0], READ_6, 0));
	KUNIT_EXPECT_FALSE(test, order_enter_cdb(f, 2, TCM_SIMPLE_TAG, &itls[0], WRITE_6, 0));
	KUNIT_EXPECT_FALSE(test, order_enter_cdb(f, 3, TCM_SIMPLE_TAG, &itls[0], WRITE_6, 0));
	KUNIT_EXPECT_FALSE(test, order_enter_cdb(f, 4, TCM_SIMPLE_TAG, &itls[0], READ_6, 0));
	KUNIT_EXPECT_TRUE(test, order_enter_cdb(f, 5, TCM_SIMPLE_TAG, &itls[1], WRITE_6, 0));
	order_end(f, 1);
	KUNIT_EXPECT_EQ(test, order_state(f, 2), TARGET_CMD_BLOCKED);
	order_end(f, 0);
	KUNIT_EXPECT_EQ(test, order_state(f, 2), TARGET_CMD_EXECUTING);
	KUNIT_EXPECT_EQ(test, order_state(f, 3), TARGET_CMD_BLOCKED);
	order_end(f, 2);
	KUNIT_EXPECT_EQ(test, order_state(f, 3), TARGET_CMD_EXECUTING);
	KUNIT_EXPECT_EQ(test, order_state(f, 4), TARGET_CMD_BLOCKED);
	order_end(f, 3);
	KUNIT_EXPECT_EQ(test, order_state(f, 4), TARGET_CMD_EXECUTING);
	order_end(f, 4);
	order_end(f, 5);
	target_task_set_configure(f->dev, false, false);
	order_end_nexuses(itls);
}

/* QERR 01b reaches no further than the task set. */
static void order_queue_error_of_nexuses(struct kunit *test)
{
	struct target_itl *itls = order_nexuses(test);
	struct order_fixture *f = test->priv;

	target_task_set_configure(f->dev, true, false);
	f->dev->mode_qerr = 1;
	KUNIT_EXPECT_TRUE(test, order_enter_from(f, 0, TCM_SIMPLE_TAG, &itls[0], 0));
	KUNIT_EXPECT_TRUE(test, order_enter_from(f, 1, TCM_SIMPLE_TAG, &itls[1], 0));
	f->cmds[1].se_sess = NULL;
	target_cmd_done(&f->cmds[0], TCM_WRITE_ERROR);
	KUNIT_EXPECT_FALSE(test, atomic_read(&f->cmds[1].state) & TARGET_CMD_ABORTED);
	f->cmds[1].se_sess = f->sess;
	target_task_set_configure(f->dev, false, false);
	KUNIT_EXPECT_TRUE(test, order_enter_from(f, 2, TCM_SIMPLE_TAG, &itls[0], 0));
	f->cmds[1].se_sess = NULL;
	target_cmd_done(&f->cmds[2], TCM_WRITE_ERROR);
	KUNIT_EXPECT_TRUE(test, atomic_read(&f->cmds[1].state) & TARGET_CMD_ABORTED);
	f->cmds[1].se_sess = f->sess;
	order_end(f, 1);
	order_end_nexuses(itls);
}

static struct kunit_case order_cases[] = {
	KUNIT_CASE(order_simple_runs_at_once),
	KUNIT_CASE(order_ordered_alone_runs_at_once),
	KUNIT_CASE(order_ordered_waits_and_blocks),
	KUNIT_CASE(order_head_of_queue_passes),
	KUNIT_CASE(order_abort_takes_blocked),
	KUNIT_CASE(order_abort_with_tas_answers),
	KUNIT_CASE(order_abort_before_run),
	KUNIT_CASE(order_expire),
	KUNIT_CASE(order_queue_error),
	KUNIT_CASE(order_aca),
	KUNIT_CASE(order_aca_preempt_and_abort),
	KUNIT_CASE(order_two_at_once),
	KUNIT_CASE(order_sets_of_nexuses),
	KUNIT_CASE(order_aca_of_nexuses),
	KUNIT_CASE(order_restricted),
	KUNIT_CASE(order_queue_error_of_nexuses),
	{}
};

static struct kunit_suite order_suite = {
	.name = "target_core_order",
	.init = order_init,
	.exit = order_exit,
	.test_cases = order_cases,
};
kunit_test_suite(order_suite);
