// SPDX-License-Identifier: GPL-2.0-only
/*
 * The memory of a ramdisk.
 *
 * Reads share nothing between CPUs but the tree itself: they walk it under RCU.
 * Writes to a page that exists do the same.  Two writers of the same hole race by
 * cmpxchg, and the loser writes to the winner's page.  A page is filled before it
 * is published, so that no reader ever sees what it held before.
 *
 * A page goes when all of it is unmapped.  Who still writes to it then writes to
 * bytes that are being unmapped at the same time: either may be the last.
 */
#include <linux/highmem.h>
#include <linux/mm.h>
#include <linux/nodemask.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include "rd_pages.h"

/*
 * A ramdisk shall report that space is short, not make the OOM killer take a
 * process for it: the allocation itself may not call it, and a sixteenth of the
 * machine's memory is left to the others, who do.
 */
#define RD_GFP		(GFP_NOIO | __GFP_RETRY_MAYFAIL | __GFP_NOWARN)
#define RD_RESERVE	(totalram_pages() / 16)

/*
 * Page by page from one node with memory after the other: so no node runs out before the
 * others, and a transfer has the bandwidth of all of them.
 */
static int rd_page_node(unsigned long index)
{
	unsigned int skip = index % num_node_state(N_MEMORY);
	int node = first_memory_node;

	while (skip--)
		node = next_memory_node(node);
	return node;
}

static struct page *rd_page_alloc(gfp_t gfp, unsigned long index)
{
	if (si_mem_available() < (long)RD_RESERVE)
		return NULL;
	return alloc_pages_node(rd_page_node(index), gfp, 0);
}

void rd_pages_init(struct rd_pages *store, u8 hole)
{
	store->hole = hole;
	xa_init(&store->xa);
	atomic_long_set(&store->used, 0);
	store->alloc = rd_page_alloc;
}

void rd_pages_exit(struct rd_pages *store)
{
	unsigned long index;
	struct page *page;

	xa_for_each(&store->xa, index, page) {
		__free_page(page);
		cond_resched();
	}
	xa_destroy(&store->xa);
}

/* Bytes up to the next border of a page, in the store or in memory. */
static u32 rd_span_piece(const struct rd_span *span)
{
	u32 here = offset_in_page(span->pos);
	u32 there = offset_in_page(span->sg->offset + span->sg_offset);
	u32 n = min_t(u64, span->left, span->sg->length - span->sg_offset);

	return min_t(u32, n, PAGE_SIZE - max(here, there));
}

static void *rd_span_map(const struct rd_span *span)
{
	u32 offset = span->sg->offset + span->sg_offset;
	struct page *page = pfn_to_page(page_to_pfn(sg_page(span->sg)) + (offset >> PAGE_SHIFT));

	return kmap_local_page(page) + offset_in_page(offset);
}

static void rd_span_advance(struct rd_span *span, u32 n)
{
	span->pos += n;
	span->left -= n;
	span->sg_offset += n;
	if (span->sg_offset == span->sg->length && span->left) {
		span->sg = sg_next(span->sg);
		span->sg_offset = 0;
	}
}

/* What a page border does not split is a whole page, and that has a faster copy. */
static void rd_copy(void *to, void *from, u32 n)
{
	if (n == PAGE_SIZE)
		copy_page(to, from);
	else
		memcpy(to, from, n);
}

static void rd_clear(void *to, u8 hole, u32 n)
{
	if (n == PAGE_SIZE && !hole)
		clear_page(to);
	else
		memset(to, hole, n);
}

/* To memory, up to the end of the store's page; @page is NULL for a hole of such bytes. */
static void rd_span_fetch(struct rd_span *span, struct page *page, u8 hole)
{
	u64 index = span->pos >> PAGE_SHIFT;
	void *mem;
	u32 n;

	do {
		n = rd_span_piece(span);
		mem = rd_span_map(span);
		if (page)
			rd_copy(mem, page_address(page) + offset_in_page(span->pos), n);
		else
			rd_clear(mem, hole, n);
		kunmap_local(mem);
		rd_span_advance(span, n);
	} while (span->left && span->pos >> PAGE_SHIFT == index);
}

/* From memory, up to the end of the store's page. */
static void rd_span_store(struct rd_span *span, struct page *page)
{
	u64 index = span->pos >> PAGE_SHIFT;
	void *mem;
	u32 n;

	do {
		n = rd_span_piece(span);
		mem = rd_span_map(span);
		rd_copy(page_address(page) + offset_in_page(span->pos), mem, n);
		kunmap_local(mem);
		rd_span_advance(span, n);
	} while (span->left && span->pos >> PAGE_SHIFT == index);
}

/* The page at the walk's index or the next one, NULL for a hole; under RCU. */
static struct page *rd_walk_load(struct xa_state *xas)
{
	struct page *page;

	do {
		page = xas_load(xas);
	} while (xas_retry(xas, page));
	return page;
}

static struct page *rd_walk_next(struct xa_state *xas)
{
	struct page *page = xas_next(xas);

	return xas_retry(xas, page) ? rd_walk_load(xas) : page;
}

void rd_pages_read(struct rd_pages *store, struct rd_span *span)
{
	XA_STATE(xas, &store->xa, span->pos >> PAGE_SHIFT);
	struct page *page;

	rcu_read_lock();
	for (page = rd_walk_load(&xas); ; page = rd_walk_next(&xas)) {
		rd_span_fetch(span, page, store->hole);
		if (!span->left)
			break;
	}
	rcu_read_unlock();
}

/* Write to pages that exist, up to the first hole. */
static void rd_pages_overwrite(struct rd_pages *store, struct rd_span *span)
{
	XA_STATE(xas, &store->xa, span->pos >> PAGE_SHIFT);
	struct page *page;

	rcu_read_lock();
	for (page = rd_walk_load(&xas); page; page = rd_walk_next(&xas)) {
		rd_span_store(span, page);
		if (!span->left)
			break;
	}
	rcu_read_unlock();
}

/* May there be one more page? Then it counts. */
static bool rd_pages_charge(struct rd_pages *store)
{
	u32 quota = READ_ONCE(store->quota);

	if (atomic_long_inc_return(&store->used) <= quota || !quota)
		return true;
	atomic_long_dec(&store->used);
	return false;
}

/* A page that reads as the hole that it is to fill; @whole if nobody will read that. */
static struct page *rd_pages_alloc(struct rd_pages *store, unsigned long index, bool whole)
{
	struct page *page = store->alloc(RD_GFP | (whole || store->hole ? 0 : __GFP_ZERO), index);

	if (page && store->hole && !whole)
		memset(page_address(page), store->hole, PAGE_SIZE);
	return page;
}

/*
 * Write to a hole, up to the end of the page; or, if someone else has filled it,
 * nothing: it is a page to overwrite then.
 */
static int rd_pages_fill(struct rd_pages *store, struct rd_span *span)
{
	const unsigned long index = span->pos >> PAGE_SHIFT;
	const bool whole = !offset_in_page(span->pos) && span->left >= PAGE_SIZE;
	const struct rd_span start = *span;
	struct page *page, *winner;

	if (!rd_pages_charge(store))
		return -ENOSPC;
	page = rd_pages_alloc(store, index, whole);
	if (!page) {
		atomic_long_dec(&store->used);
		return -ENOMEM;
	}
	rd_span_store(span, page);

	winner = xa_cmpxchg(&store->xa, index, NULL, page, RD_GFP);
	if (likely(!winner))
		return 0;
	__free_page(page);
	atomic_long_dec(&store->used);
	*span = start;
	return xa_err(winner);
}

/* A page that reads as before where there is a hole. */
static int rd_pages_add(struct rd_pages *store, unsigned long index)
{
	struct page *page, *winner;

	if (!rd_pages_charge(store))
		return -ENOSPC;
	page = rd_pages_alloc(store, index, false);
	if (!page) {
		atomic_long_dec(&store->used);
		return -ENOMEM;
	}
	winner = xa_cmpxchg(&store->xa, index, NULL, page, RD_GFP);
	if (likely(!winner))
		return 0;
	__free_page(page);
	atomic_long_dec(&store->used);
	return xa_err(winner);
}

int rd_pages_reserve(struct rd_pages *store, u64 pos, u64 len, bool nowait)
{
	const unsigned long last = (pos + len - 1) >> PAGE_SHIFT;
	unsigned long index;
	int ret;

	for (index = pos >> PAGE_SHIFT; index <= last; index++) {
		if (xa_load(&store->xa, index))
			continue;
		if (nowait)
			return -EAGAIN;
		ret = rd_pages_add(store, index);
		if (ret)
			return ret;
	}
	return 0;
}

int rd_pages_write(struct rd_pages *store, struct rd_span *span, bool nowait)
{
	int ret;

	while (span->left) {
		rd_pages_overwrite(store, span);
		if (!span->left)
			break;
		if (nowait)
			return -EAGAIN;
		ret = rd_pages_fill(store, span);
		if (ret)
			return ret;
	}
	return 0;
}

int rd_pages_repeat(struct rd_pages *store, struct page *unit, u64 pos, u64 len, u64 *done)
{
	int ret = 0;

	for (*done = 0; *done < len && !ret; ) {
		u32 offset = offset_in_page(pos + *done);
		u32 n = min_t(u64, len - *done, PAGE_SIZE - offset);
		struct scatterlist sg;
		struct rd_span span = { .sg = &sg, .pos = pos + *done, .left = n };

		sg_init_table(&sg, 1);
		sg_set_page(&sg, unit, n, offset);
		ret = rd_pages_write(store, &span, false);
		*done += n - span.left;
		cond_resched();
	}
	return ret;
}

static void rd_page_free_rcu(struct rcu_head *head)
{
	__free_page(container_of(head, struct page, rcu_head));
}

/* Pages from one index to another go. */
static void rd_pages_drop(struct rd_pages *store, unsigned long first, unsigned long last)
{
	XA_STATE(xas, &store->xa, first);
	unsigned int batch = 0;
	struct page *page;

	xas_lock(&xas);
	xas_for_each(&xas, page, last) {
		unsigned long next = xas.xa_index + 1;

		xas_store(&xas, NULL);
		atomic_long_dec(&store->used);
		call_rcu(&page->rcu_head, rd_page_free_rcu);
		if (++batch % XA_CHECK_SCHED)
			continue;
		/* Its node may have gone with the entry: xas_pause() would skip the next one. */
		xas_set(&xas, next);
		xas_unlock(&xas);
		cond_resched();
		xas_lock(&xas);
	}
	xas_unlock(&xas);
}

/* Bytes of one page read as a hole does. */
static void rd_pages_clear(struct rd_pages *store, u64 pos, u32 n)
{
	struct page *page;

	guard(rcu)();
	page = xa_load(&store->xa, pos >> PAGE_SHIFT);
	if (page)
		memset(page_address(page) + offset_in_page(pos), store->hole, n);
}

void rd_pages_punch(struct rd_pages *store, u64 pos, u64 len)
{
	u32 head = min_t(u64, len, -pos & (PAGE_SIZE - 1));
	u32 tail = (len - head) & (PAGE_SIZE - 1);
	u64 end = pos + len;

	if (head)
		rd_pages_clear(store, pos, head);
	if (end - tail > pos + head)
		rd_pages_drop(store, (pos + head) >> PAGE_SHIFT,
			      ((end - tail) >> PAGE_SHIFT) - 1);
	if (tail)
		rd_pages_clear(store, end - tail, tail);
}

/* The index of the first hole from @index on, at most @end. */
static unsigned long rd_pages_end(struct rd_pages *store, unsigned long index, unsigned long end)
{
	while (index < end) {
		unsigned long stop = min(end, index + XA_CHECK_SCHED);
		XA_STATE(xas, &store->xa, index);
		struct page *page;

		rcu_read_lock();
		for (page = rd_walk_load(&xas); page && index < stop; page = rd_walk_next(&xas))
			index++;
		rcu_read_unlock();
		if (index < stop)
			break;
		cond_resched();
	}
	return index;
}

u64 rd_pages_run(struct rd_pages *store, u64 pos, u64 len, bool *present)
{
	const unsigned long index = pos >> PAGE_SHIFT;
	const unsigned long end = (pos + len + PAGE_SIZE - 1) >> PAGE_SHIFT;
	unsigned long next = index;

	*present = xa_find(&store->xa, &next, end - 1, XA_PRESENT) && next == index;
	if (*present)
		next = rd_pages_end(store, index, end);
	else if (next == index)
		next = end;
	return min((u64)next << PAGE_SHIFT, pos + len) - pos;
}

void rd_span_zero(struct rd_span *span)
{
	while (span->left)
		rd_span_fetch(span, NULL, 0);
}
