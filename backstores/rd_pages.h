/* SPDX-License-Identifier: GPL-2.0-only */
/* The memory of a ramdisk: pages that come into being when they are written. */
#ifndef TARGET_RD_PAGES_H
#define TARGET_RD_PAGES_H

#include <linux/scatterlist.h>
#include <linux/types.h>
#include <linux/xarray.h>

/**
 * struct rd_pages - a sparse array of pages
 * @xa: index -> struct page; an absent entry reads as zeros. Readers walk it
 *	under RCU; entries are added under its lock and stay until
 *	rd_pages_exit(), which nobody may race with.
 * @alloc: where pages come from; NULL when there is no memory. Constant.
 */
struct rd_pages {
	struct xarray	xa;
	struct page	*(*alloc)(gfp_t gfp);
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

void rd_pages_init(struct rd_pages *store);
/* Frees all pages. No reader or writer is left. May sleep. */
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
 * -ENOMEM.
 */
int rd_pages_write(struct rd_pages *store, struct rd_span *span, bool nowait);

/* Fill memory with zeros, as a read of nothing but holes does. Any context. */
void rd_span_zero(struct rd_span *span);

#endif /* TARGET_RD_PAGES_H */
