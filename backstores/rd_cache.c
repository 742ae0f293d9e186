// SPDX-License-Identifier: GPL-2.0-only
/*
 * The model of a volatile write cache.
 *
 * Before a page is changed for the first time, what it held is put aside; a flush forgets
 * that, and a loss of power puts it back.  Where only a part of a page is flushed, that
 * part is copied to what was put aside.
 */
#include <linux/mm.h>
#include <linux/random.h>
#include <linux/sched.h>
#include <linux/string.h>
#include "rd_cache.h"

#define RD_CACHE_GFP	(GFP_NOIO | __GFP_RETRY_MAYFAIL | __GFP_NOWARN)
#define RD_HOLE		xa_mk_value(0)

void rd_cache_init(struct rd_cache *cache, struct rd_pages *data, struct rd_pages *prot)
{
	mutex_init(&cache->lock);
	cache->data.store = data;
	cache->prot.store = prot;
	xa_init(&cache->data.pages);
	xa_init(&cache->prot.pages);
}

static struct rd_span rd_undo_span(const struct rd_undo *undo, struct scatterlist *sg,
				   struct page *page, u64 pos, u32 n)
{
	sg_init_table(sg, 1);
	sg_set_page(sg, page, n, offset_in_page(pos));
	return (struct rd_span){ .sg = sg, .pos = pos, .left = n };
}

/* Bytes of the store to the same place in @page. */
static void rd_undo_fetch(struct rd_undo *undo, struct page *page, u64 pos, u32 n)
{
	struct scatterlist sg;
	struct rd_span span = rd_undo_span(undo, &sg, page, pos, n);

	rd_pages_read(undo->store, &span);
}

static bool rd_undo_has_page(struct rd_undo *undo, unsigned long index)
{
	return xa_load(&undo->store->xa, index);
}

static int rd_undo_remember_page(struct rd_undo *undo, unsigned long index)
{
	struct page *page;
	int err;

	if (xa_load(&undo->pages, index))
		return 0;
	if (!rd_undo_has_page(undo, index))
		return xa_err(xa_store(&undo->pages, index, RD_HOLE, RD_CACHE_GFP));
	page = undo->store->alloc(RD_CACHE_GFP, index);
	if (!page)
		return -ENOMEM;
	rd_undo_fetch(undo, page, (u64)index << PAGE_SHIFT, PAGE_SIZE);
	err = xa_err(xa_store(&undo->pages, index, page, RD_CACHE_GFP));
	if (err)
		__free_page(page);
	return err;
}

int rd_undo_remember(struct rd_undo *undo, u64 pos, u64 len)
{
	const unsigned long last = (pos + len - 1) >> PAGE_SHIFT;
	unsigned long index;
	int err = 0;

	for (index = pos >> PAGE_SHIFT; len && index <= last && !err; index++) {
		err = rd_undo_remember_page(undo, index);
		cond_resched();
	}
	return err;
}

static void rd_undo_forget(struct rd_undo *undo, unsigned long index)
{
	void *was = xa_erase(&undo->pages, index);

	if (was && !xa_is_value(was))
		__free_page(was);
}

/* A hole becomes a page that reads the same, since a part of it is about to be durable. */
static struct page *rd_undo_page(struct rd_undo *undo, unsigned long index, void *was)
{
	struct page *page;

	if (!xa_is_value(was))
		return was;
	page = undo->store->alloc(RD_CACHE_GFP, index);
	if (!page)
		return NULL;
	memset(page_address(page), undo->store->hole, PAGE_SIZE);
	/* There is an entry already: nothing is allocated for it. */
	xa_store(&undo->pages, index, page, RD_CACHE_GFP);
	return page;
}

static int rd_undo_settle_part(struct rd_undo *undo, u64 pos, u32 n)
{
	const unsigned long index = pos >> PAGE_SHIFT;
	void *was = xa_load(&undo->pages, index);
	struct page *page;

	if (!was)
		return 0;
	page = rd_undo_page(undo, index, was);
	if (!page)
		return -ENOMEM;
	rd_undo_fetch(undo, page, pos, n);
	return 0;
}

static void rd_undo_settle_pages(struct rd_undo *undo, unsigned long first, unsigned long last)
{
	unsigned long index;
	void *was;

	xa_for_each_range(&undo->pages, index, was, first, last) {
		rd_undo_forget(undo, index);
		cond_resched();
	}
}

int rd_undo_settle(struct rd_undo *undo, u64 pos, u64 len)
{
	u32 head = min_t(u64, len, -pos & (PAGE_SIZE - 1));
	u32 tail = (len - head) & (PAGE_SIZE - 1);
	u64 end = pos + len;
	int err = 0;

	if (head)
		err = rd_undo_settle_part(undo, pos, head);
	if (end - tail > pos + head)
		rd_undo_settle_pages(undo, (pos + head) >> PAGE_SHIFT,
				     ((end - tail) >> PAGE_SHIFT) - 1);
	if (tail && !err)
		err = rd_undo_settle_part(undo, end - tail, tail);
	return err;
}

void rd_undo_settle_all(struct rd_undo *undo)
{
	rd_undo_settle_pages(undo, 0, ULONG_MAX);
}

/* The page was written since, so it is there: nothing has to be allocated for it. */
static void rd_undo_restore(struct rd_undo *undo, unsigned long index, void *was)
{
	struct scatterlist sg;
	struct rd_span span;

	if (xa_is_value(was)) {
		rd_pages_punch(undo->store, (u64)index << PAGE_SHIFT, PAGE_SIZE);
		return;
	}
	span = rd_undo_span(undo, &sg, was, (u64)index << PAGE_SHIFT, PAGE_SIZE);
	WARN_ON_ONCE(rd_pages_write(undo->store, &span, false));
}

unsigned long rd_undo_lose(struct rd_undo *undo, u32 percent)
{
	unsigned long index, lost = 0;
	void *was;

	xa_for_each(&undo->pages, index, was) {
		if (get_random_u32() % 100 < percent) {
			rd_undo_restore(undo, index, was);
			lost++;
		}
		rd_undo_forget(undo, index);
		cond_resched();
	}
	return lost;
}
