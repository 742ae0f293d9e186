/* SPDX-License-Identifier: GPL-2.0-only */
/* The states of a command and the one function that moves between them. */
#ifndef TARGET_CMD_STATE_H
#define TARGET_CMD_STATE_H

#include <linux/atomic.h>
#include <linux/bug.h>
#include <linux/types.h>

/*
 * NEW        made by target_init_cmd(), not yet in a task set
 * WAIT_DATA  the fabric fetches data-out
 * BLOCKED    the task set holds it back (core/order.c)
 * EXECUTING  the backstore or an execute function has it
 * DONE       it has a status; whoever moved it here sends or suppresses the response
 * SENT       the fabric has the response, or was told that there is none
 */
#define TARGET_CMD_STATES(S)	S(NEW) S(WAIT_DATA) S(BLOCKED) S(EXECUTING) S(DONE) S(SENT)

#define TARGET_CMD_STATE_ENUM(name)	TARGET_CMD_##name,
enum target_cmd_state {
	TARGET_CMD_STATES(TARGET_CMD_STATE_ENUM)
	TARGET_CMD_STATE_COUNT
};

/* Bits beside the state in se_cmd::state */
#define TARGET_CMD_STATE_MASK	0x0fu
#define TARGET_CMD_ABORTED	0x10u	/* a task management function took it, before DONE */
#define TARGET_CMD_TAS		0x20u	/* ... and its initiator is told: TASK ABORTED */
#define TARGET_CMD_OLDER	0x40u	/* an ORDERED command may wait for it (core/order.c) */
#define TARGET_CMD_WATCHED	0x80u	/* a task management function waits for its release */
#define TARGET_CMD_WAITED	0x100u	/* transport_wait_for_tasks() waits for SENT */
#define TARGET_CMD_RANGED	0x200u	/* it holds its range of blocks, or waits (core/range.c) */
#define TARGET_CMD_QUEUED	0x400u	/* se_cmd::task_set is set (core/order.c) */

#define TARGET_CMD_NOT_MOVED	0xffffffffu

extern const char *const target_cmd_state_names[TARGET_CMD_STATE_COUNT];

/* Is it legal to go from one to the other? The table is in core/cmd_state.c. */
bool target_cmd_may_move(enum target_cmd_state from, enum target_cmd_state to);

static inline enum target_cmd_state target_cmd_state_of(unsigned int word)
{
	return word & TARGET_CMD_STATE_MASK;
}

/**
 * target_cmd_move - move a command to another state
 * @state: se_cmd::state
 * @from: the state it must be in
 * @to: the state it goes to; the bits beside the state are kept
 *
 * Context: any.
 * Return: the word before the move, or %TARGET_CMD_NOT_MOVED if the command was
 * not in @from.
 */
static inline unsigned int target_cmd_move(atomic_t *state, enum target_cmd_state from,
					   enum target_cmd_state to)
{
	int old = atomic_read(state);

	if (IS_ENABLED(CONFIG_DEBUG_LIST))
		WARN_ON_ONCE(!target_cmd_may_move(from, to));
	do {
		if (target_cmd_state_of(old) != from)
			return TARGET_CMD_NOT_MOVED;
	} while (!atomic_try_cmpxchg(state, &old, (old & ~TARGET_CMD_STATE_MASK) | to));
	return old;
}

/**
 * target_cmd_mark - set bits, unless the command is DONE already
 * @state: se_cmd::state
 * @bits: TARGET_CMD_ABORTED and its like
 *
 * Context: any.
 * Return: the word before, or %TARGET_CMD_NOT_MOVED if the command was DONE or SENT.
 */
static inline unsigned int target_cmd_mark(atomic_t *state, unsigned int bits)
{
	int old = atomic_read(state);

	do {
		if (target_cmd_state_of(old) >= TARGET_CMD_DONE)
			return TARGET_CMD_NOT_MOVED;
	} while (!atomic_try_cmpxchg(state, &old, old | bits));
	return old;
}

#endif /* TARGET_CMD_STATE_H */
