// SPDX-License-Identifier: GPL-2.0-only
/* The command ring of TCMU: where entries go, and what a daemon may say of them. */
#include <kunit/test.h>
#include <linux/sizes.h>
#include <backstores/user.h>

#define UNIT	USER_RING_UNIT

/* A ring of 62 units: a page, less the mailbox. */
#define RING_UNITS	62

static int ring_init(struct kunit *test)
{
	struct user_ring *ring = kunit_kzalloc(test, sizeof(*ring), GFP_KERNEL);

	if (!ring || user_ring_alloc(ring, SZ_4K))
		return -ENOMEM;
	test->priv = ring;
	return 0;
}

static void ring_exit(struct kunit *test)
{
	if (test->priv)
		user_ring_free(test->priv);
}

/* An entry of so many units, with its number in it. False if there is no room. */
static bool ring_put_cmd(struct user_ring *ring, u32 units, u16 id)
{
	struct tcmu_cmd_entry *entry = user_ring_reserve(ring, units * UNIT);

	if (!entry)
		return false;
	entry->hdr.cmd_id = id;
	user_ring_publish(ring, TCMU_OP_CMD, units * UNIT);
	return true;
}

/* What a daemon that believes in lengths makes of it. */
static void ring_daemon_skip(struct user_ring *ring)
{
	struct tcmu_cmd_entry_hdr *hdr = ring->cmdr + ring->mb->cmd_tail;

	ring->mb->cmd_tail = (ring->mb->cmd_tail + tcmu_hdr_get_len(hdr->len_op)) % ring->size;
}

static int ring_take_id(struct user_ring *ring)
{
	struct tcmu_cmd_entry *entry;
	u32 tail;

	if (user_ring_tail(ring, &tail))
		return -EINVAL;
	entry = user_ring_take(ring, tail);
	return entry ? entry->hdr.cmd_id : -ENOENT;
}

static void ring_begins_empty(struct kunit *test)
{
	struct user_ring *ring = test->priv;

	KUNIT_EXPECT_EQ(test, ring->size, (u32)(RING_UNITS * UNIT));
	KUNIT_EXPECT_EQ(test, ring->mb->version, TCMU_MAILBOX_VERSION);
	KUNIT_EXPECT_EQ(test, ring->mb->flags, 0xf);
	KUNIT_EXPECT_EQ(test, ring->mb->cmdr_off, 128U);
	KUNIT_EXPECT_EQ(test, ring->mb->cmdr_size, ring->size);
	KUNIT_EXPECT_EQ(test, ring->mb->cmd_head, 0U);
	KUNIT_EXPECT_EQ(test, ring_take_id(ring), -ENOENT);
}

static void ring_round(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, user_ring_round(1), (u32)UNIT);
	KUNIT_EXPECT_EQ(test, user_ring_round(UNIT), (u32)UNIT);
	KUNIT_EXPECT_EQ(test, user_ring_round(UNIT + 1), (u32)(2 * UNIT));
}

/* One unit stays free, or a full ring would look empty. */
static void ring_is_full(struct kunit *test)
{
	struct user_ring *ring = test->priv;
	u16 id = 0;

	while (ring_put_cmd(ring, 1, id + 1))
		id++;
	KUNIT_EXPECT_EQ(test, id, RING_UNITS - 1);
	KUNIT_EXPECT_NE(test, ring->head, ring->tail);
	KUNIT_EXPECT_EQ(test, ring->mb->cmd_head, ring->head);
	ring_daemon_skip(ring);
	KUNIT_EXPECT_EQ(test, ring_take_id(ring), 1);
	KUNIT_EXPECT_TRUE(test, ring_put_cmd(ring, 1, 100));
	KUNIT_EXPECT_FALSE(test, ring_put_cmd(ring, 1, 101));
}

/* What is in the way of the end becomes a pad, which is no command. */
static void ring_pads(struct kunit *test)
{
	struct user_ring *ring = test->priv;
	int i;

	for (i = 0; i < 6; i++)
		KUNIT_ASSERT_TRUE(test, ring_put_cmd(ring, 10, i + 1));
	for (i = 0; i < 5; i++)
		ring_daemon_skip(ring);
	for (i = 0; i < 5; i++)
		KUNIT_EXPECT_EQ(test, ring_take_id(ring), i + 1);
	KUNIT_EXPECT_TRUE(test, ring_put_cmd(ring, 10, 7));
	KUNIT_EXPECT_EQ(test, ring->head, (u32)(10 * UNIT));
	KUNIT_EXPECT_EQ(test, (int)tcmu_hdr_get_op(*(u32 *)(ring->cmdr + 60 * UNIT)), TCMU_OP_PAD);
	KUNIT_EXPECT_EQ(test, tcmu_hdr_get_len(*(u32 *)(ring->cmdr + 60 * UNIT)), (u32)(2 * UNIT));
	ring_daemon_skip(ring);
	ring_daemon_skip(ring);
	ring_daemon_skip(ring);
	KUNIT_EXPECT_EQ(test, ring->mb->cmd_tail, ring->head);
	KUNIT_EXPECT_EQ(test, ring_take_id(ring), 6);
	KUNIT_EXPECT_EQ(test, ring_take_id(ring), 7);
	KUNIT_EXPECT_EQ(test, ring_take_id(ring), -ENOENT);
}

/* An entry may end where the ring ends. */
static void ring_ends_exactly(struct kunit *test)
{
	struct user_ring *ring = test->priv;

	KUNIT_ASSERT_TRUE(test, ring_put_cmd(ring, 30, 1));
	ring_daemon_skip(ring);
	KUNIT_EXPECT_EQ(test, ring_take_id(ring), 1);
	KUNIT_ASSERT_TRUE(test, ring_put_cmd(ring, 32, 2));
	KUNIT_EXPECT_EQ(test, ring->head, 0U);
	ring_daemon_skip(ring);
	KUNIT_EXPECT_EQ(test, ring->mb->cmd_tail, 0U);
	KUNIT_EXPECT_EQ(test, ring_take_id(ring), 2);
	KUNIT_EXPECT_EQ(test, ring->tail, 0U);
}

/* A pad and the entry after it need room, both or none. */
static void ring_no_room_after_pad(struct kunit *test)
{
	struct user_ring *ring = test->priv;

	KUNIT_ASSERT_TRUE(test, ring_put_cmd(ring, 20, 1));
	KUNIT_ASSERT_TRUE(test, ring_put_cmd(ring, 30, 2));
	ring_daemon_skip(ring);
	KUNIT_EXPECT_EQ(test, ring_take_id(ring), 1);
	KUNIT_EXPECT_FALSE(test, ring_put_cmd(ring, 20, 3));
	KUNIT_EXPECT_EQ(test, ring->head, (u32)(50 * UNIT));
	KUNIT_EXPECT_TRUE(test, ring_put_cmd(ring, 19, 3));
	KUNIT_EXPECT_FALSE(test, ring_put_cmd(ring, 1, 4));
}

/* Any sizes, many times round: what goes in comes out, in order. */
static void ring_goes_round(struct kunit *test)
{
	struct user_ring *ring = test->priv;
	u32 in = 0, out = 0, seed = 1, n;

	for (n = 0; n < 20000; n++) {
		seed = seed * 1103515245 + 12345;
		if (seed >> 16 & 1 && ring_put_cmd(ring, 1 + (seed >> 20) % 17, in % 1000 + 1)) {
			in++;
		} else if (out < in) {
			int id;

			/* A pad may come first. */
			do {
				ring_daemon_skip(ring);
				id = ring_take_id(ring);
			} while (id == -ENOENT);
			KUNIT_ASSERT_EQ(test, id, out % 1000 + 1);
			out++;
		}
	}
	KUNIT_EXPECT_GT(test, out, 1000U);
}

static const s64 ring_wild[] = {
	1, 63, 65, 4 * UNIT + 8, 2 * UNIT, 11 * UNIT, RING_UNITS * UNIT, RING_UNITS * UNIT + UNIT,
	0x80000000, 0xffffffff, 0xffffffc0,
};

/* Only the beginning of an entry, or the head, is a tail. */
static void ring_wild_tails(struct kunit *test)
{
	struct user_ring *ring = test->priv;
	u32 tail;
	int i;

	KUNIT_ASSERT_TRUE(test, ring_put_cmd(ring, 4, 1));
	KUNIT_ASSERT_TRUE(test, ring_put_cmd(ring, 6, 2));
	for (i = 0; i < ARRAY_SIZE(ring_wild); i++) {
		ring->mb->cmd_tail = ring_wild[i];
		KUNIT_EXPECT_EQ_MSG(test, user_ring_tail(ring, &tail), -EINVAL, "tail %#llx",
				    ring_wild[i]);
	}
	for (i = 0; i < 3; i++) {
		ring->mb->cmd_tail = (i ? i * 6 - 2 : 0) * UNIT;
		KUNIT_EXPECT_EQ(test, user_ring_tail(ring, &tail), 0);
	}
	KUNIT_EXPECT_EQ(test, ring_take_id(ring), 1);
	/* Backwards: that place is no entry's any more. */
	ring->mb->cmd_tail = 0;
	KUNIT_EXPECT_EQ(test, user_ring_tail(ring, &tail), -EINVAL);
}

/* Nothing that is written into the ring changes what it is. */
static void ring_overwritten(struct kunit *test)
{
	struct user_ring *ring = test->priv;
	struct tcmu_cmd_entry *entry;
	u32 tail;

	KUNIT_ASSERT_TRUE(test, ring_put_cmd(ring, 4, 1));
	KUNIT_ASSERT_TRUE(test, ring_put_cmd(ring, 6, 2));
	memset(ring->mb, 0xff, SZ_4K);
	ring->mb->cmd_tail = 10 * UNIT;
	KUNIT_ASSERT_EQ(test, user_ring_tail(ring, &tail), 0);
	entry = user_ring_take(ring, tail);
	KUNIT_EXPECT_PTR_EQ(test, (void *)entry, ring->cmdr);
	entry = user_ring_take(ring, tail);
	KUNIT_EXPECT_PTR_EQ(test, (void *)entry, ring->cmdr + 4 * UNIT);
	KUNIT_EXPECT_NULL(test, user_ring_take(ring, tail));
	KUNIT_EXPECT_TRUE(test, ring_put_cmd(ring, 4, 3));
	KUNIT_EXPECT_EQ(test, ring->mb->cmd_head, (u32)(14 * UNIT));
	user_ring_reset(ring);
	ring_begins_empty(test);
}

/* --- times -------------------------------------------------------------------------------- */

static void cmd_is_due(struct kunit *test)
{
	struct user_cmd cmd = {};

	KUNIT_EXPECT_FALSE(test, user_cmd_is_due(&cmd, 1000, false));
	cmd.due = 1000;
	KUNIT_EXPECT_FALSE(test, user_cmd_is_due(&cmd, 999, false));
	KUNIT_EXPECT_TRUE(test, user_cmd_is_due(&cmd, 1000, false));
	KUNIT_EXPECT_FALSE(test, user_cmd_is_due(&cmd, 1000, true));
	cmd.hurried = true;
	KUNIT_EXPECT_TRUE(test, user_cmd_is_due(&cmd, 1000, true));
}

/* --- answers to netlink events -------------------------------------------------------------- */

static void wait_answers(struct kunit *test)
{
	struct user_wait wait = {};

	spin_lock_init(&wait.lock);
	init_completion(&wait.done);
	KUNIT_EXPECT_EQ(test, user_wait_answer(&wait, TCMU_CMD_ADDED_DEVICE, 0), -EINVAL);
	KUNIT_EXPECT_EQ(test, user_wait_answer(&wait, 0, 0), -EINVAL);
	wait.cmd = TCMU_CMD_REMOVED_DEVICE;
	KUNIT_EXPECT_EQ(test, user_wait_answer(&wait, TCMU_CMD_ADDED_DEVICE, 0), -EINVAL);
	KUNIT_EXPECT_EQ(test, user_wait_answer(&wait, TCMU_CMD_REMOVED_DEVICE, -EIO), 0);
	KUNIT_EXPECT_EQ(test, wait.status, -EIO);
	KUNIT_EXPECT_TRUE(test, try_wait_for_completion(&wait.done));
	KUNIT_EXPECT_EQ(test, user_wait_answer(&wait, TCMU_CMD_REMOVED_DEVICE, 0), -EINVAL);
}

static struct kunit_case user_ring_cases[] = {
	KUNIT_CASE(ring_begins_empty),
	KUNIT_CASE(ring_round),
	KUNIT_CASE(ring_is_full),
	KUNIT_CASE(ring_pads),
	KUNIT_CASE(ring_ends_exactly),
	KUNIT_CASE(ring_no_room_after_pad),
	KUNIT_CASE(ring_goes_round),
	KUNIT_CASE(ring_wild_tails),
	KUNIT_CASE(ring_overwritten),
	KUNIT_CASE(cmd_is_due),
	KUNIT_CASE(wait_answers),
	{}
};

static struct kunit_suite user_ring_suite = {
	.name = "target_core_user_ring",
	.init = ring_init,
	.exit = ring_exit,
	.test_cases = user_ring_cases,
};

kunit_test_suite(user_ring_suite);
