// SPDX-License-Identifier: GPL-2.0-only
/*
 * The command ring (linux/target_core_user.h).
 *
 * The daemon can write anywhere in it. So where entries begin and end, and which of them
 * are commands, is kept in two maps of our own: cmd_tail of the mailbox is taken only if
 * it is one of these places, and what an entry says of its length is never read.
 */
#include <linux/bitmap.h>
#include <linux/find.h>
#include <linux/math.h>
#include <linux/mm.h>
#include <linux/vmalloc.h>
#include "user.h"

#define RING_FLAGS	(TCMU_MAILBOX_FLAG_CAP_OOOC | TCMU_MAILBOX_FLAG_CAP_READ_LEN |	\
			 TCMU_MAILBOX_FLAG_CAP_TMR | TCMU_MAILBOX_FLAG_CAP_KEEP_BUF)

static u32 ring_units(const struct user_ring *ring)
{
	return ring->size / USER_RING_UNIT;
}

int user_ring_alloc(struct user_ring *ring, u32 bytes)
{
	BUILD_BUG_ON(sizeof(struct tcmu_mailbox) != 2 * ALIGN_SIZE);
	BUILD_BUG_ON(sizeof(struct tcmu_mailbox) % USER_RING_UNIT);
	BUILD_BUG_ON(offsetof(struct tcmu_cmd_entry, req.iov) != 48);
	BUILD_BUG_ON(sizeof(struct tcmu_cmd_entry) != 112);

	ring->mb = vzalloc(bytes);
	if (!ring->mb)
		return -ENOMEM;
	ring->size = bytes - sizeof(*ring->mb);
	ring->cmdr = (void *)ring->mb + sizeof(*ring->mb);
	ring->starts = bitmap_zalloc(ring_units(ring), GFP_KERNEL);
	ring->commands = bitmap_zalloc(ring_units(ring), GFP_KERNEL);
	if (!ring->starts || !ring->commands) {
		user_ring_free(ring);
		return -ENOMEM;
	}
	user_ring_reset(ring);
	return 0;
}

void user_ring_free(struct user_ring *ring)
{
	bitmap_free(ring->starts);
	bitmap_free(ring->commands);
	vfree(ring->mb);
	*ring = (struct user_ring){};
}

void user_ring_reset(struct user_ring *ring)
{
	struct tcmu_mailbox *mb = ring->mb;

	ring->head = 0;
	ring->tail = 0;
	bitmap_zero(ring->starts, ring_units(ring));
	bitmap_zero(ring->commands, ring_units(ring));
	WRITE_ONCE(mb->version, TCMU_MAILBOX_VERSION);
	WRITE_ONCE(mb->flags, RING_FLAGS);
	WRITE_ONCE(mb->cmdr_off, sizeof(*mb));
	WRITE_ONCE(mb->cmdr_size, ring->size);
	WRITE_ONCE(mb->cmd_tail, 0);
	WRITE_ONCE(mb->cmd_head, 0);
}

u32 user_ring_round(u32 len)
{
	return round_up(len, USER_RING_UNIT);
}

/* One unit stays free: a ring whose head is its tail is empty. */
static u32 ring_room(const struct user_ring *ring)
{
	u32 used = ring->head >= ring->tail ? ring->head - ring->tail :
					      ring->size - (ring->tail - ring->head);

	return ring->size - used - USER_RING_UNIT;
}

static void ring_put(struct user_ring *ring, enum tcmu_opcode op, u32 len)
{
	struct tcmu_cmd_entry_hdr *hdr = ring->cmdr + ring->head;
	u32 unit = ring->head / USER_RING_UNIT;

	WRITE_ONCE(hdr->len_op, len | op);
	__set_bit(unit, ring->starts);
	if (op == TCMU_OP_CMD)
		__set_bit(unit, ring->commands);
	ring->head += len;
	if (ring->head == ring->size)
		ring->head = 0;
}

static void ring_pad(struct user_ring *ring, u32 len)
{
	struct tcmu_cmd_entry_hdr *hdr = ring->cmdr + ring->head;

	hdr->cmd_id = 0;
	hdr->kflags = 0;
	hdr->uflags = 0;
	ring_put(ring, TCMU_OP_PAD, len);
}

void *user_ring_reserve(struct user_ring *ring, u32 len)
{
	u32 before_end = ring->size - ring->head;
	u32 room = ring_room(ring);

	if (len <= before_end)
		return len <= room ? ring->cmdr + ring->head : NULL;
	if (before_end + len > room)
		return NULL;
	ring_pad(ring, before_end);
	return ring->cmdr;
}

void user_ring_publish(struct user_ring *ring, enum tcmu_opcode op, u32 len)
{
	ring_put(ring, op, len);
	/* What is in the entry, and its data, comes first. */
	smp_store_release(&ring->mb->cmd_head, ring->head);
}

int user_ring_tail(const struct user_ring *ring, u32 *tail)
{
	/* Whatever the daemon wrote before it is seen after it. */
	*tail = smp_load_acquire(&ring->mb->cmd_tail);
	if (*tail == ring->head)
		return 0;
	if (*tail >= ring->size || *tail % USER_RING_UNIT)
		return -EINVAL;
	return test_bit(*tail / USER_RING_UNIT, ring->starts) ? 0 : -EINVAL;
}

/* Where the oldest entry ends. */
static u32 ring_end(const struct user_ring *ring)
{
	u32 limit = ring->head > ring->tail ? ring->head : ring->size;
	u32 next = find_next_bit(ring->starts, limit / USER_RING_UNIT,
				 ring->tail / USER_RING_UNIT + 1);

	return next * USER_RING_UNIT;
}

struct tcmu_cmd_entry *user_ring_take(struct user_ring *ring, u32 tail)
{
	while (ring->tail != tail) {
		void *entry = ring->cmdr + ring->tail;
		u32 unit = ring->tail / USER_RING_UNIT;
		u32 end = ring_end(ring);

		__clear_bit(unit, ring->starts);
		ring->tail = end == ring->size ? 0 : end;
		if (__test_and_clear_bit(unit, ring->commands))
			return entry;
	}
	return NULL;
}
