// SPDX-License-Identifier: GPL-2.0-only
/* How a copy that runs is made to end: each way waits for the transfer that is under way. */
#include <linux/delay.h>
#include "alua.h"
#include "copy_fixture.h"

#define HELD_MS	50

/* A transfer that the backstore keeps for a while. */
static struct {
	struct target_io	*io;
	struct delayed_work	work;
	unsigned int		before;		/* transfers that are done first */
	bool			released;
} held;

static void held_release(struct work_struct *work)
{
	struct target_io *io = held.io;

	held.io = NULL;
	WRITE_ONCE(held.released, true);
	target_io_done(io, TCM_NO_SENSE);
}

static int held_rw(struct target_io *io)
{
	if (held.released)
		return fix_execute_rw(io);
	if (held.before) {
		held.before--;
		return fix_execute_rw(io);
	}
	WRITE_ONCE(held.io, io);
	return 0;
}

/* A copy in the background, of 16 blocks from 0 to 32 in pieces of 8. */
static void copy_begin(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;
	u32 len = copy_list_lid4(f->data);

	f->data[15] = 0x01;	/* IMMED */
	put_unaligned_be16(16, f->data + COPY_LID4 + COPY_CSCD + 10);
	f->dev.dev_attrib.hw_max_sectors = 8;
	fix_run_good(test, copy_cmd(f, TARGET_COPY_LID4, 0, len));
}

/* And the transfer after @before others is held. */
static void copy_begin_held_after(struct kunit *test, unsigned int before)
{
	struct scsi_fixture *f = test->priv;

	held.io = NULL;
	held.before = before;
	held.released = false;
	INIT_DELAYED_WORK(&held.work, held_release);
	f->backend.execute_rw = held_rw;
	copy_begin(test);
	while (!READ_ONCE(held.io))
		msleep(20);
	KUNIT_EXPECT_EQ(test, atomic_read(&f->dev.copies), 1);
	KUNIT_EXPECT_FALSE(test, RB_EMPTY_ROOT(&f->dev.ranges.tree.rb_root));
}

static void copy_begin_held(struct kunit *test)
{
	copy_begin_held_after(test, 0);
}

static void copy_release_soon(void)
{
	schedule_delayed_work(&held.work, msecs_to_jiffies(HELD_MS));
}

static void copy_expect_ended(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;

	while (atomic_read(&f->dev.copies))
		msleep(20);
	flush_workqueue(target_submit_wq);
	KUNIT_EXPECT_TRUE(test, RB_EMPTY_ROOT(&f->dev.ranges.tree.rb_root));
}

static void copy_expect_done(struct kunit *test)
{
	KUNIT_EXPECT_TRUE(test, held.released);
	copy_expect_ended(test);
}

static void copy_expect_end(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;

	copy_expect_done(test);
	/* What was read has not been written. */
	KUNIT_EXPECT_FALSE(test, memchr_inv(f->medium, 0, FIX_BLOCKS * 512));
}

static void copy_aborted(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;

	copy_begin_held(test);
	fix_run_good(test, copy_ask(f, TARGET_COPY_STATUS_LID4, 0x12345678, 200));
	KUNIT_EXPECT_EQ(test, f->data[5], 0x12);
	KUNIT_EXPECT_EQ(test, get_unaligned_be32(f->data + 8), 100U);
	copy_release_soon();
	fix_run_good(test, copy_cmd(f, TARGET_COPY_ABORT, 0x12345678, 0));
	copy_expect_end(test);
	fix_run_good(test, copy_ask(f, TARGET_COPY_STATUS_LID4, 0x12345678, 200));
	KUNIT_EXPECT_EQ(test, f->data[5], 0x60);
	KUNIT_EXPECT_EQ(test, f->data[12], 0x40);
	KUNIT_EXPECT_EQ(test, f->data[14], 0);
	fix_run(test, copy_cmd(f, TARGET_COPY_ABORT, 0x12345678, 0));
	KUNIT_EXPECT_EQ(test, f->cmd.scsi_status, 2);
}

static void copy_in_progress(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;
	u32 len;

	copy_begin_held(test);
	len = copy_list_lid4(f->data);
	fix_run(test, copy_cmd(f, TARGET_COPY_LID4, 0, len));
	KUNIT_EXPECT_EQ(test, get_unaligned_be16(f->sense + 12), 0x0016);
	copy_release_soon();
	fix_run_good(test, copy_cmd(f, TARGET_COPY_ABORT, 0x12345678, 0));
	copy_expect_end(test);
}

static void copy_reset(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;

	copy_begin_held(test);
	KUNIT_EXPECT_FALSE(test, target_copy_cancel_all(&f->dev, 1));
	copy_release_soon();
	KUNIT_EXPECT_TRUE(test, target_copy_cancel_all(&f->dev, 10 * HZ));
	copy_expect_end(test);
	KUNIT_EXPECT_NULL(test, target_copy_get(&f->itl, 0x12345678));
}

/* Who takes the nexus away waits for the copy. */
static void copy_nexus_goes(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;
	struct target_copy *copy;
	unsigned int i;

	copy_begin_held(test);
	percpu_ref_kill(&f->itl.ref);
	copy_release_soon();
	flush_delayed_work(&held.work);
	copy_expect_end(test);
	copy = target_copy_get(&f->itl, 0x12345678);
	KUNIT_ASSERT_NOT_NULL(test, copy);
	KUNIT_EXPECT_EQ(test, copy->status, TARGET_COPY_TERMINATED);
	target_copy_put(copy);
	for (i = 0; i < 500 && !percpu_ref_is_zero(&f->itl.ref); i++)
		msleep(20);
	KUNIT_EXPECT_TRUE(test, percpu_ref_is_zero(&f->itl.ref));
}

/*
 * The port cannot be used any more: what has been read is not written, and what is being
 * written is the last piece.
 */
static const struct copy_port {
	u8		state;
	unsigned int	before;		/* 0: while it reads, 1: while it writes */
	u16		codes;
} copy_ports[] = {
	{ TARGET_ALUA_STANDBY,		0, 0x040b },
	{ TARGET_ALUA_UNAVAILABLE,	0, 0x040c },
	{ TARGET_ALUA_OFFLINE,		0, 0x0412 },
	{ TARGET_ALUA_TRANSITION,	0, 0x040a },
	{ TARGET_ALUA_LBD,		0, 0x040c },	/* nothing is in a map that is not there */
	{ TARGET_ALUA_STANDBY,		1, 0x040b },
	{ TARGET_ALUA_LBD,		1, 0x040c },
};

static void copy_port_desc(const struct copy_port *p, char *desc)
{
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "state %x while it %s", p->state,
		 p->before ? "writes" : "reads");
}

KUNIT_ARRAY_PARAM(copy_port, copy_ports, copy_port_desc);

/* It has failed with so many pieces of two done; then what that end said. */
static void copy_expect_refused(struct kunit *test, u32 done, bool source, u16 codes)
{
	struct scsi_fixture *f = test->priv;
	const u8 *sense = f->data + 32;

	f->lun.alua_gate = TARGET_ALUA_AO;
	fix_run_good(test, copy_ask(f, TARGET_COPY_STATUS_LID4, 0x12345678, 200));
	KUNIT_EXPECT_EQ(test, f->data[5], TARGET_COPY_FAILED);
	KUNIT_EXPECT_EQ(test, get_unaligned_be64(f->data + 16), done * 8ULL * 512);
	KUNIT_EXPECT_EQ(test, sense[0], done ? 0xf0 : 0x70);
	KUNIT_EXPECT_EQ(test, get_unaligned_be32(sense + 3), done ? 8U : 0U);
	KUNIT_EXPECT_EQ(test, get_unaligned_be16(sense + 12), 0x0d01);
	KUNIT_EXPECT_EQ(test, sense[8], source ? 18 : 0);
	KUNIT_EXPECT_EQ(test, sense[9], source ? 0 : 18);
	KUNIT_EXPECT_EQ(test, sense[18], 2);
	KUNIT_EXPECT_EQ(test, sense[19 + 2], NOT_READY);
	KUNIT_EXPECT_EQ(test, get_unaligned_be16(sense + 19 + 12), codes);
}

static void copy_port_changes(struct kunit *test)
{
	const struct copy_port *p = test->param_value;
	struct scsi_fixture *f = test->priv;

	memset(f->medium, 0x5a, 16 * 512);
	copy_begin_held_after(test, p->before);
	WRITE_ONCE(f->lun.alua_gate, p->state);
	copy_release_soon();
	flush_delayed_work(&held.work);
	copy_expect_done(test);
	KUNIT_EXPECT_FALSE(test, memchr_inv(f->medium + 32 * 512, 0, 16 * 512));
	copy_expect_refused(test, p->before, p->before, p->codes);
}

static unsigned int copy_offloads;

static int copy_hook(struct target_io *io, u64 from)
{
	copy_offloads++;
	target_io_done(io, TCM_NO_SENSE);
	return 0;
}

/* It is asked again when it has the blocks that another had to himself. */
static const struct copy_wait {
	const char	*name;
	u64		block;		/* the other's */
	bool		offload;
	bool		source;		/* it is this end that refuses */
} copy_waits[] = {
	{ "to read",	0,  false, true },
	{ "to write",	32, false, false },
	{ "for both",	20, true,  true },
};

static void copy_wait_desc(const struct copy_wait *w, char *desc)
{
	strscpy(desc, w->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(copy_wait, copy_waits, copy_wait_desc);

static void copy_port_changes_while_it_waits(struct kunit *test)
{
	const struct copy_wait *w = test->param_value;
	struct target_range other = { .first = w->block, .last = w->block, .exclusive = true };
	struct scsi_fixture *f = test->priv;

	memset(f->medium, 0x5a, 16 * 512);
	copy_offloads = 0;
	f->backend.copy = w->offload ? copy_hook : NULL;
	KUNIT_ASSERT_TRUE(test, target_range_lock(&f->dev, &other));
	copy_begin(test);
	/* Its beginning, and what comes after its read, are works of their own. */
	flush_workqueue(target_submit_wq);
	flush_workqueue(target_submit_wq);
	KUNIT_EXPECT_EQ(test, atomic_read(&f->dev.copies), 1);
	WRITE_ONCE(f->lun.alua_gate, TARGET_ALUA_STANDBY);
	target_range_unlock(&f->dev, &other);
	copy_expect_ended(test);
	KUNIT_EXPECT_EQ(test, copy_offloads, 0U);
	KUNIT_EXPECT_FALSE(test, memchr_inv(f->medium + 32 * 512, 0, 16 * 512));
	copy_expect_refused(test, 0, w->source, 0x040b);
}

/* One that is slower than others is not in the way. */
static void copy_port_non_optimized(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;

	copy_begin_held(test);
	WRITE_ONCE(f->lun.alua_gate, TARGET_ALUA_AN);
	copy_release_soon();
	flush_delayed_work(&held.work);
	copy_expect_done(test);
	fix_run_good(test, copy_ask(f, TARGET_COPY_STATUS_LID4, 0x12345678, 200));
	KUNIT_EXPECT_EQ(test, f->data[5], TARGET_COPY_GOOD);
}

static struct kunit_case copy_end_cases[] = {
	KUNIT_CASE(copy_aborted),
	KUNIT_CASE(copy_in_progress),
	KUNIT_CASE(copy_reset),
	KUNIT_CASE(copy_nexus_goes),
	KUNIT_CASE_PARAM(copy_port_changes, copy_port_gen_params),
	KUNIT_CASE_PARAM(copy_port_changes_while_it_waits, copy_wait_gen_params),
	KUNIT_CASE(copy_port_non_optimized),
	{ }
};

static struct kunit_suite copy_end_suite = {
	.name = "target_core_copy_end",
	.init = copy_init,
	.exit = copy_exit,
	.test_cases = copy_end_cases,
};
kunit_test_suite(copy_end_suite);
