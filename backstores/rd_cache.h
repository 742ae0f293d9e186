/* SPDX-License-Identifier: GPL-2.0-only */
/* The model of a volatile write cache: what was not flushed can be lost. */
#ifndef TARGET_RD_CACHE_H
#define TARGET_RD_CACHE_H

#include <linux/mutex.h>
#include <linux/types.h>
#include <linux/xarray.h>
#include "rd_pages.h"

/**
 * struct rd_undo - what a store held before what is not durable yet
 * @store: the store
 * @pages: index -> struct page, or a value for a hole; an absent entry is a page that
 *	is durable as it is
 */
struct rd_undo {
	struct rd_pages	*store;
	struct xarray	pages;
};

/**
 * struct rd_cache - the cache of a ramdisk
 * @on: there is one; dev.lock, changes while nothing is exported
 * @lock: all of @data and @prot; held while something is written, so that what is lost is
 *	lost between two writes
 * @data: of the blocks
 * @prot: of their protection information
 *
 * The store holds what is read. So the cache costs reads nothing, and writes their
 * concurrency.
 */
struct rd_cache {
	bool		on;
	struct mutex	lock;	/* data, prot */
	struct rd_undo	data;
	struct rd_undo	prot;
};

void rd_cache_init(struct rd_cache *cache, struct rd_pages *data, struct rd_pages *prot);

/**
 * rd_undo_remember - a range is about to be written
 * @undo: of its store; the cache's lock is held
 * @pos: first byte
 * @len: bytes
 *
 * Process context, may sleep. Return: 0 or -ENOMEM.
 */
int rd_undo_remember(struct rd_undo *undo, u64 pos, u64 len);

/*
 * A range is durable now as it is in the store, and nothing else of its pages. The cache's
 * lock is held; process context, may sleep. Return: 0; -ENOMEM, only if the range has parts
 * of pages: those are not durable then.
 */
int rd_undo_settle(struct rd_undo *undo, u64 pos, u64 len);

/* All is durable. */
void rd_undo_settle_all(struct rd_undo *undo);

/*
 * Each page that is not durable becomes what it was, or else durable, by a chance of
 * @percent. The cache's lock is held; process context, may sleep. Return: pages lost.
 */
unsigned long rd_undo_lose(struct rd_undo *undo, u32 percent);

#endif /* TARGET_RD_CACHE_H */
