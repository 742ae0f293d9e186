// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copies within a ramdisk: from page to page, and what was a hole is one again.
 *
 * A source page is held while it is copied, since the write may have to allocate, and
 * so no RCU read section can last as long.
 */
#include <linux/mm.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include "rd_pages.h"

/* The page with a reference, NULL for a hole. */
static struct page *rd_page_get(struct rd_pages *store, unsigned long index)
{
	struct page *page;

	guard(rcu)();
	page = xa_load(&store->xa, index);
	/* One that is about to be freed was punched just now. */
	return page && get_page_unless_zero(page) ? page : NULL;
}

int rd_pages_copy(struct rd_pages *store, u64 from, u64 to, u64 len, u64 *done)
{
	int ret = 0;

	for (*done = 0; *done < len && !ret; ) {
		u32 offset = offset_in_page(from + *done);
		u32 n = min_t(u64, len - *done, PAGE_SIZE - offset);
		struct page *page = rd_page_get(store, (from + *done) >> PAGE_SHIFT);
		struct scatterlist sg;
		struct rd_span span = { .sg = &sg, .pos = to + *done, .left = n };

		if (page) {
			sg_init_table(&sg, 1);
			sg_set_page(&sg, page, n, offset);
			ret = rd_pages_write(store, &span, false);
			put_page(page);
			*done += n - span.left;
		} else {
			rd_pages_punch(store, to + *done, n);
			*done += n;
		}
		cond_resched();
	}
	return ret;
}
