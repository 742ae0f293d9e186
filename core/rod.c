// SPDX-License-Identifier: GPL-2.0-only
/*
 * RODs: point in time copies that a change of the data ends (SPC-6 5.18.6.2.3.3).
 *
 * Nothing is copied when a token is made: it stands for the blocks, until one of them
 * is written.  No write is missed: a token is made by a command that holds all blocks
 * exclusively, so writes are either done, or find se_device::represented set.  A write
 * ends the token before it writes, and who reads for a token looks if it is valid
 * after it has read.
 */
#include <linux/jiffies.h>
#include <linux/random.h>
#include <linux/slab.h>
#include "cdb.h"
#include "copy.h"
#include "inquiry.h"
#include "pi.h"
#include "rod.h"
#include "sbc.h"

#define TOKEN_LENGTH		0x1f8	/* ROD TOKEN LENGTH */
#define TOKEN_BYTES		48	/* NUMBER OF BYTES REPRESENTED */
#define TOKEN_DEVICE_DATA	96	/* device type specific data */
#define TOKEN_TARGET		128	/* TARGET DEVICE DESCRIPTOR */
#define TOKEN_TARGET_LEN	128
#define TOKEN_EXTENDED		256	/* EXTENDED ROD TOKEN DATA */
#define TOKEN_TARGET_NAME	0x28	/* target device, SCSI name string */
#define TOKEN_PAGE		2048

static atomic64_t rod_id;	/* COPY MANAGER ROD TOKEN IDENTIFIER, never used twice */

void target_rods_init(struct se_device *dev)
{
	spin_lock_init(&dev->rods.lock);
	INIT_LIST_HEAD(&dev->rods.list);
}

static void rod_release(struct kref *ref)
{
	kfree(container_of(ref, struct target_rod, ref));
}

void target_rod_put(struct target_rod *rod)
{
	if (rod)
		kref_put(&rod->ref, rod_release);
}

static void rod_unlist(struct target_rods *rods, struct target_rod *rod, struct list_head *gone)
{
	lockdep_assert_held(&rods->lock);
	list_move(&rod->node, gone);
	rods->count--;
}

static void rod_put_all(struct list_head *gone)
{
	struct target_rod *rod, *tmp;

	list_for_each_entry_safe(rod, tmp, gone, node) {
		list_del_init(&rod->node);
		target_rod_put(rod);
	}
}

static void rod_end(struct se_device *dev, struct target_rod *rod, sense_reason_t why)
{
	struct target_rods *rods = &dev->rods;

	lockdep_assert_held(&rods->lock);
	if (rod->state)
		return;
	WRITE_ONCE(rod->state, why);
	if (!--rods->live)
		WRITE_ONCE(dev->represented, false);
}

static void rods_expire(struct se_device *dev)
{
	struct target_rod *rod;

	list_for_each_entry(rod, &dev->rods.list, node)
		if (time_after(jiffies, rod->deadline))
			rod_end(dev, rod, TCM_TOKEN_EXPIRED);
}

void target_rods_exit(struct se_device *dev)
{
	struct target_rods *rods = &dev->rods;
	struct target_rod *rod, *tmp;
	LIST_HEAD(gone);

	scoped_guard(spinlock_irqsave, &rods->lock) {
		list_for_each_entry_safe(rod, tmp, &rods->list, node) {
			rod_end(dev, rod, TCM_TOKEN_CANCELLED);
			rod_unlist(rods, rod, &gone);
		}
	}
	rod_put_all(&gone);
}

static bool rod_overlaps(const struct target_rod *rod, u64 first, u64 last)
{
	u32 i;

	for (i = 0; i < rod->count; i++)
		if (rod->ranges[i].lba <= last &&
		    rod->ranges[i].lba + rod->ranges[i].blocks > first)
			return true;
	return false;
}

void target_rods_cancel(struct se_device *dev, u64 first, u64 last)
{
	struct target_rods *rods = &dev->rods;
	struct target_rod *rod;

	scoped_guard(spinlock_irqsave, &rods->lock) {
		rods_expire(dev);
		list_for_each_entry(rod, &rods->list, node)
			if (rod_overlaps(rod, first, last))
				rod_end(dev, rod, TCM_TOKEN_CANCELLED);
	}
	/* Before the blocks change. */
	smp_wmb();
}

void target_rods_cancel_cmd(struct se_cmd *cmd)
{
	/* Without blocks of its own it may be about any; without a number, to the end. */
	if (!cmd->op->lba.bytes || !cmd->t_task_nolb)
		target_rods_cancel(cmd->se_dev, 0, U64_MAX);
	else
		target_rods_cancel(cmd->se_dev, cmd->t_task_lba,
				   cmd->t_task_lba + cmd->t_task_nolb - 1);
}

/* --- the token --------------------------------------------------------------------------- */

/* SPC-6 table 113: so much of its target's name as there is room for */
static void token_put_target(u8 *token, const struct se_cmd *cmd)
{
	u8 *page = kmalloc(TOKEN_PAGE, GFP_KERNEL);
	struct target_buf b;
	const u8 *d;

	if (!page)
		return;
	target_buf_init(&b, page, TOKEN_PAGE);
	target_vpd_build(&b, 0x83, cmd->se_dev, cmd->se_lun);
	d = target_cscd_designator(page, min(b.len, b.size), TOKEN_TARGET_NAME);
	if (d && 4 + d[3] <= TOKEN_TARGET_LEN)
		memcpy(token + TOKEN_TARGET, d, 4 + d[3]);
	kfree(page);
}

/* SPC-6 5.18.6.5, SBC-5 4.28.3; nobody can guess it. */
static bool token_build(struct target_rod *rod, const struct se_cmd *cmd)
{
	struct target_buf b;
	u8 capacity[32];
	bool named;

	target_buf_init(&b, rod->token, sizeof(rod->token));
	target_buf_be32(&b, TARGET_ROD_CHANGE_VULNERABLE);
	target_buf_be32(&b, TOKEN_LENGTH);
	target_buf_be64(&b, atomic64_inc_return(&rod_id));
	named = target_cscd_build(&b, cmd->se_dev, cmd->se_lun);
	put_unaligned_be64(rod->bytes, rod->token + TOKEN_BYTES + 8);
	target_buf_init(&b, capacity, sizeof(capacity));
	target_sbc_build_capacity_16(&b, cmd->se_dev,
				     target_pi_visible(cmd->se_dev, cmd->se_sess));
	memcpy(rod->token + TOKEN_DEVICE_DATA, capacity + 8, sizeof(capacity) - 8);
	token_put_target(rod->token, cmd);
	get_random_bytes(rod->token + TOKEN_EXTENDED, TARGET_ROD_TOKEN - TOKEN_EXTENDED);
	return named;
}

/* Room for one more: the oldest that is not valid goes. */
static bool rod_insert(struct se_device *dev, struct target_rod *rod, struct list_head *gone)
{
	struct target_rods *rods = &dev->rods;
	struct target_rod *old;

	guard(spinlock_irqsave)(&rods->lock);
	rods_expire(dev);
	if (rods->count == TARGET_ROD_MAX_TOKENS) {
		if (rods->live == rods->count)
			return false;
		list_for_each_entry(old, &rods->list, node)
			if (old->state)
				break;
		rod_unlist(rods, old, gone);
	}
	kref_get(&rod->ref);
	list_add_tail(&rod->node, &rods->list);
	rods->count++;
	rods->live++;
	WRITE_ONCE(dev->represented, true);
	return true;
}

sense_reason_t target_rod_make(struct se_cmd *cmd, const struct target_extent *ranges,
			       u32 count, u32 seconds, struct target_rod **result)
{
	struct target_rod *rod = kzalloc(sizeof(*rod), GFP_KERNEL);
	LIST_HEAD(gone);
	bool ok;
	u32 i;

	if (!rod)
		return TCM_OUT_OF_RESOURCES;
	kref_init(&rod->ref);
	INIT_LIST_HEAD(&rod->node);
	rod->count = count;
	memcpy(rod->ranges, ranges, count * sizeof(*ranges));
	for (i = 0; i < count; i++)
		rod->bytes += (u64)ranges[i].blocks << cmd->se_dev->block_shift;
	rod->timeout = seconds * HZ;
	rod->deadline = jiffies + rod->timeout;
	ok = token_build(rod, cmd) && rod_insert(cmd->se_dev, rod, &gone);
	rod_put_all(&gone);
	if (!ok) {
		target_rod_put(rod);
		return TCM_NO_ROD_TOKEN_RESOURCES;
	}
	*result = rod;
	return TCM_NO_SENSE;
}

/* By its identifier, in one unit. */
static struct target_rod *rod_lookup(struct se_device *dev, const u8 *token)
{
	struct target_rod *rod;

	guard(spinlock_irqsave)(&dev->rods.lock);
	rods_expire(dev);
	list_for_each_entry(rod, &dev->rods.list, node) {
		if (memcmp(rod->token + 8, token + 8, 8))
			continue;
		kref_get(&rod->ref);
		if (!rod->state)
			rod->deadline = jiffies + rod->timeout;
		return rod;
	}
	return NULL;
}

/* The creator is told by the token; it is a unit of the session, or remote. */
static struct target_itl *rod_creator(struct se_cmd *cmd, const u8 *token)
{
	struct target_cscd cscd = {
		.code_set = token[20] & 0x0f,
		.type = token[21] & 0x3f,
		.len = min_t(u8, token[23], TARGET_CSCD_DESIGNATOR),
	};

	memcpy(cscd.designator, token + 24, cscd.len);
	return target_cscd_find(cmd->itl, &cscd);
}

sense_reason_t target_rod_find(struct se_cmd *cmd, const u8 *token, struct target_itl **source,
			       struct target_rod **result)
{
	struct target_itl *itl;
	struct target_rod *rod;
	sense_reason_t why;

	if (get_unaligned_be16(token + 6) != TOKEN_LENGTH)
		return TCM_TOKEN_LENGTH;
	if (get_unaligned_be32(token) != TARGET_ROD_CHANGE_VULNERABLE)
		return TCM_TOKEN_TYPE_UNSUPPORTED;
	if (token[16] != TARGET_CSCD_IDENT)
		return TCM_TOKEN_CORRUPT;
	itl = rod_creator(cmd, token);
	if (!itl)
		return TCM_TOKEN_REMOTE;
	rod = rod_lookup(itl->dev, token);
	if (!rod)
		why = TCM_TOKEN_UNKNOWN;
	else if (memcmp(rod->token, token, TARGET_ROD_TOKEN))
		why = TCM_TOKEN_CORRUPT;
	else
		why = target_rod_state(rod);
	if (why) {
		target_rod_put(rod);
		target_itl_put(itl);
		return why;
	}
	*source = itl;
	*result = rod;
	return TCM_NO_SENSE;
}

void target_rod_delete(struct se_device *dev, struct target_rod *rod)
{
	guard(spinlock_irqsave)(&dev->rods.lock);
	/* Off the list, it has ended with its unit. */
	if (!list_empty(&rod->node))
		rod_end(dev, rod, TCM_TOKEN_DELETED);
}

void target_rods_build(struct target_buf *b, struct se_device *dev)
{
	u32 start = b->len;
	struct target_rod *rod;

	target_buf_zero(b, 8);
	scoped_guard(spinlock_irqsave, &dev->rods.lock) {
		rods_expire(dev);
		list_for_each_entry(rod, &dev->rods.list, node)
			if (!rod->state)
				target_buf_put(b, rod->token, TARGET_ROD_MANAGEMENT);
	}
	target_buf_set_be32(b, start, b->len - start - 4);
}
