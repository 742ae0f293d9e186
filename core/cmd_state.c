// SPDX-License-Identifier: GPL-2.0-only
#include "cmd_state.h"

#define TARGET_CMD_STATE_NAME(name)	[TARGET_CMD_##name] = #name,
const char *const target_cmd_state_names[TARGET_CMD_STATE_COUNT] = {
	TARGET_CMD_STATES(TARGET_CMD_STATE_NAME)
};

#define TO(state)	(1u << TARGET_CMD_##state)

/* NEW goes to DONE when it fails before it is in the task set. */
static const u8 target_cmd_moves[TARGET_CMD_STATE_COUNT] = {
	[TARGET_CMD_NEW]	= TO(WAIT_DATA) | TO(BLOCKED) | TO(EXECUTING) | TO(DONE),
	[TARGET_CMD_WAIT_DATA]	= TO(BLOCKED) | TO(EXECUTING) | TO(DONE),
	[TARGET_CMD_BLOCKED]	= TO(EXECUTING) | TO(DONE),
	[TARGET_CMD_EXECUTING]	= TO(DONE),
	[TARGET_CMD_DONE]	= TO(SENT),
	[TARGET_CMD_SENT]	= 0,
};

bool target_cmd_may_move(enum target_cmd_state from, enum target_cmd_state to)
{
	return from < TARGET_CMD_STATE_COUNT && to < TARGET_CMD_STATE_COUNT &&
	       target_cmd_moves[from] & (1u << to);
}
