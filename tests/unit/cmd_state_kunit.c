// SPDX-License-Identifier: GPL-2.0-only
/* The table of legal moves of a command, and the functions that move and mark. */
#include <kunit/test.h>
#include "cmd_state.h"

/* Row: from; column: to, in the order of TARGET_CMD_STATES. */
static const char *const moves[TARGET_CMD_STATE_COUNT] = {
	/*			NEW WAIT_DATA BLOCKED EXECUTING DONE SENT */
	[TARGET_CMD_NEW]	= ".XXXX.",
	[TARGET_CMD_WAIT_DATA]	= "..XXX.",
	[TARGET_CMD_BLOCKED]	= "...XX.",
	[TARGET_CMD_EXECUTING]	= "....X.",
	[TARGET_CMD_DONE]	= ".....X",
	[TARGET_CMD_SENT]	= "......",
};

static void cmd_state_moves(struct kunit *test)
{
	unsigned int from, to;

	for (from = 0; from < TARGET_CMD_STATE_COUNT; from++)
		for (to = 0; to < TARGET_CMD_STATE_COUNT; to++)
			KUNIT_EXPECT_EQ_MSG(test, target_cmd_may_move(from, to),
					    moves[from][to] == 'X', "%s -> %s",
					    target_cmd_state_names[from],
					    target_cmd_state_names[to]);
}

static void cmd_state_out_of_range(struct kunit *test)
{
	KUNIT_EXPECT_FALSE(test, target_cmd_may_move(TARGET_CMD_STATE_COUNT, TARGET_CMD_DONE));
	KUNIT_EXPECT_FALSE(test, target_cmd_may_move(TARGET_CMD_NEW, TARGET_CMD_STATE_COUNT));
}

static void cmd_state_move_keeps_bits(struct kunit *test)
{
	atomic_t state = ATOMIC_INIT(TARGET_CMD_NEW | TARGET_CMD_OLDER | TARGET_CMD_WATCHED);

	KUNIT_EXPECT_EQ(test, target_cmd_move(&state, TARGET_CMD_NEW, TARGET_CMD_EXECUTING),
			TARGET_CMD_NEW | TARGET_CMD_OLDER | TARGET_CMD_WATCHED);
	KUNIT_EXPECT_EQ(test, atomic_read(&state),
			(int)(TARGET_CMD_EXECUTING | TARGET_CMD_OLDER | TARGET_CMD_WATCHED));
}

static void cmd_state_move_from_elsewhere(struct kunit *test)
{
	atomic_t state = ATOMIC_INIT(TARGET_CMD_DONE);

	KUNIT_EXPECT_EQ(test, target_cmd_move(&state, TARGET_CMD_EXECUTING, TARGET_CMD_DONE),
			TARGET_CMD_NOT_MOVED);
	KUNIT_EXPECT_EQ(test, atomic_read(&state), (int)TARGET_CMD_DONE);
}

/* Whoever moves a command to DONE decides: an abort that comes later changes nothing. */
static void cmd_state_mark_until_done(struct kunit *test)
{
	unsigned int s;

	for (s = 0; s < TARGET_CMD_STATE_COUNT; s++) {
		atomic_t state = ATOMIC_INIT(s);
		bool late = s >= TARGET_CMD_DONE;

		KUNIT_EXPECT_EQ(test, target_cmd_mark(&state, TARGET_CMD_ABORTED),
				late ? TARGET_CMD_NOT_MOVED : s);
		KUNIT_EXPECT_EQ(test, atomic_read(&state),
				(int)(late ? s : s | TARGET_CMD_ABORTED));
	}
}

static void cmd_state_names(struct kunit *test)
{
	unsigned int s;

	for (s = 0; s < TARGET_CMD_STATE_COUNT; s++)
		KUNIT_EXPECT_NOT_ERR_OR_NULL(test, target_cmd_state_names[s]);
	KUNIT_EXPECT_STREQ(test, target_cmd_state_names[TARGET_CMD_WAIT_DATA], "WAIT_DATA");
}

static struct kunit_case cmd_state_cases[] = {
	KUNIT_CASE(cmd_state_moves),
	KUNIT_CASE(cmd_state_out_of_range),
	KUNIT_CASE(cmd_state_move_keeps_bits),
	KUNIT_CASE(cmd_state_move_from_elsewhere),
	KUNIT_CASE(cmd_state_mark_until_done),
	KUNIT_CASE(cmd_state_names),
	{}
};

static struct kunit_suite cmd_state_suite = {
	.name = "target_core_cmd_state",
	.test_cases = cmd_state_cases,
};
kunit_test_suite(cmd_state_suite);
