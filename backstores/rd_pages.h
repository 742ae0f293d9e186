/* SPDX-License-Identifier: GPL-2.0-only */
/* The memory of a ramdisk: pages that come into being when they are written. */
#ifndef TARGET_RD_PAGES_H
#define TARGET_RD_PAGES_H

#include <linux/scatterlist.h>
#include <linux/types.h>
#include <linux/xarray.h>

/**
 * struct rd_pages - a sparse array of pages
 * @xa: index -> struct page; an absent entry reads as @hole. Readers and writers
 *	walk it under RCU; entries come and go under its lock, and a page that
 *	has gone is freed after a grace period.
 * @used: pages in @xa, and those that are about to be put there
 * @quota: as many there may be, 0 for any number; changes at any time
 * @hole: what each byte of an absent entry reads as. Constant.
 * @alloc: where the page of an index comes from; NULL when there is no memory. Constant.
 */
struct rd_pages {
	struct xarray	xa;
	atomic_long_t	used;
	u32		quota;
	u8		hole;
	struct page	*(*alloc)(gfp_t gfp, unsigned long index);
};

/**
 * struct rd_span - bytes that are to move between memory and the store
 * @sg: the entry that holds the next byte
 * @sg_offset: bytes of @sg that have moved
 * @pos: next byte of the store
 * @left: bytes still to move
 */
struct rd_span {
	struct scatterlist	*sg;
	u32			sg_offset;
	u64			pos;
	u64			left;
};

/* All but the quota, which may have been set before. */
void rd_pages_init(struct rd_pages *store, u8 hole);
/* Frees all pages. No reader or writer is left, and nobody comes. May sleep. */
void rd_pages_exit(struct rd_pages *store);

/* Any context; takes no lock and cannot fail. */
void rd_pages_read(struct rd_pages *store, struct rd_span *span);

/**
 * rd_pages_write - memory to store
 * @store: the store
 * @span: what moves; where it stopped on error
 * @nowait: the caller cannot sleep
 *
 * Context: any with @nowait, else process context that may sleep.
 * Return: 0; -EAGAIN with @nowait when a page would have to be allocated; what
 * lies before it has been written then, and writing it again does no harm;
 * -ENOMEM; -ENOSPC when the quota is reached.
 */
int rd_pages_write(struct rd_pages *store, struct rd_span *span, bool nowait);

/**
 * rd_pages_reserve - make room for a write that must not fail
 * @store: the store
 * @pos: first byte
 * @len: bytes, at least one
 * @nowait: the caller cannot sleep
 *
 * What reads as a hole still does. A write of the range that follows cannot fail,
 * as long as nobody punches it.
 *
 * Context: as rd_pages_write(). Return: as there, but nothing is written.
 */
int rd_pages_reserve(struct rd_pages *store, u64 pos, u64 len, bool nowait);

/**
 * rd_pages_repeat - write the same bytes over and over
 * @store: the store
 * @unit: a page that holds them as often as they fit
 * @pos: where it begins; a multiple of what is repeated
 * @len: bytes; a multiple of what is repeated
 * @done: set to how many of them have been written
 *
 * Context: process, may sleep. Return: as rd_pages_write().
 */
int rd_pages_repeat(struct rd_pages *store, struct page *unit, u64 pos, u64 len, u64 *done);

/**
 * rd_pages_punch - make a range read as a hole does
 * @store: the store
 * @pos: first byte
 * @len: bytes
 *
 * Pages that lie in it go, parts of pages are filled.
 * Context: process, may sleep.
 */
void rd_pages_punch(struct rd_pages *store, u64 pos, u64 len);

/**
 * rd_pages_run - how far does what is here go?
 * @store: the store
 * @pos: a byte
 * @len: look no further than so many bytes
 * @present: set to whether there is a page at @pos
 *
 * Context: process, may sleep.
 * Return: bytes from @pos, at most @len, of which the same is true.
 */
u64 rd_pages_run(struct rd_pages *store, u64 pos, u64 len, bool *present);

/**
 * rd_pages_copy - copy bytes within a store
 * @store: the store
 * @from: first byte
 * @to: where it goes; the ranges do not overlap
 * @len: bytes
 * @done: set to how many of them have been copied
 *
 * Holes are not filled: what is copied from one reads as zeros without a page.
 * Context: process, may sleep. Return: as rd_pages_write().
 */
int rd_pages_copy(struct rd_pages *store, u64 from, u64 to, u64 len, u64 *done);

/* Fill memory with zeros, as a read of nothing but holes does. Any context. */
void rd_span_zero(struct rd_span *span);

#endif /* TARGET_RD_PAGES_H */
