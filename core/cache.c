// SPDX-License-Identifier: GPL-2.0-only
/*
 * SYNCHRONIZE CACHE and PRE-FETCH (SBC-5 5.13, 5.14, 5.33, 5.34).
 *
 * SYNC_NV, which SBC-3 had, asked for less than all: it is accepted, and all is done.
 */
#include <linux/slab.h>
#include "cdb.h"
#include "cmd.h"
#include "deferred.h"
#include "itl.h"
#include "sbc.h"
#include "sense.h"

#define CACHE_IMMED	0x02	/* byte 1 */

/**
 * struct cache_sync - a flush whose command has ended
 * @io: the transfer
 * @itl: the nexus, held, which keeps the device
 * @error: what it is told if the flush fails
 */
struct cache_sync {
	struct target_io	io;
	struct target_itl	*itl;
	struct target_deferred	*error;
};

static struct cache_sync *cache_sync_alloc(void)
{
	struct cache_sync *sync = kzalloc(sizeof(*sync), GFP_KERNEL);

	if (!sync)
		return NULL;
	sync->error = kzalloc(sizeof(*sync->error), GFP_KERNEL);
	if (sync->error)
		return sync;
	kfree(sync);
	return NULL;
}

static void cache_sync_done(struct target_io *io, sense_reason_t why)
{
	struct cache_sync *sync = container_of(io, struct cache_sync, io);

	if (why) {
		*sync->error = (struct target_deferred){
			.why = why,
			.info = io->err_lba,
			.info_valid = target_sbc_has_lba(why),
		};
		target_deferred_set(sync->itl, sync->error);
	} else {
		kfree(sync->error);
	}
	target_itl_put(sync->itl);
	kfree(sync);
}

sense_reason_t target_sbc_flush_later(struct se_cmd *cmd)
{
	struct se_device *dev = cmd->se_dev;
	struct cache_sync *sync = cache_sync_alloc();

	if (!sync)
		return TCM_OUT_OF_RESOURCES;
	sync->itl = cmd->itl;
	percpu_ref_get(&cmd->itl->ref);
	sync->io = (struct target_io){
		.dev = dev,
		.lba = cmd->t_task_lba,
		.blocks = cmd->t_task_nolb,
		.dir = DMA_NONE,
		.err_lba = cmd->t_task_lba,
		.done = cache_sync_done,
	};
	target_cmd_done(cmd, TCM_NO_SENSE);
	if (WARN_ON_ONCE(dev->transport->flush(&sync->io)))
		cache_sync_done(&sync->io, TCM_INTERNAL_TARGET_FAILURE);
	return TCM_NO_SENSE;
}

sense_reason_t target_sbc_sync_cache(struct se_cmd *cmd)
{
	if (cmd->t_task_cdb[1] & CACHE_IMMED && cmd->se_dev->transport->flush)
		return target_sbc_flush_later(cmd);
	return target_sbc_flush(cmd, cmd->t_task_lba, cmd->t_task_nolb);
}

sense_reason_t target_sbc_parse_prefetch(struct se_cmd *cmd)
{
	if (cmd->t_task_nolb > target_sbc_max_transfer(cmd->se_dev, cmd->se_tfo))
		return target_fail_cdb_field(cmd, cmd->op->count.off, 7);
	return target_cdb_set_length(cmd, 0);
}

/*
 * No backstore has a cache of its own to put blocks into, and one without capacity
 * takes none of them: that is GOOD, with IMMED or without. CONDITION MET would say
 * that it has taken all.
 */
sense_reason_t target_sbc_prefetch(struct se_cmd *cmd)
{
	target_cmd_done(cmd, TCM_NO_SENSE);
	return TCM_NO_SENSE;
}
