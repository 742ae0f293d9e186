// SPDX-License-Identifier: GPL-2.0-only
/*
 * The data area: blocks of pages, which commands use and the daemon has mapped.
 *
 * A block gets its pages when a command first uses it, and keeps them for the next one. As
 * the lowest free blocks are used first, what a burst took lies at the end, and is given
 * back from there.
 */
#include <linux/bitmap.h>
#include <linux/find.h>
#include <linux/highmem.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/pagemap.h>
#include <linux/scatterlist.h>
#include <linux/sizes.h>
#include "user.h"

#define DATA_PAGES_PER_MB	(SZ_1M / PAGE_SIZE)

static unsigned int user_global_max_mb = 2048;
module_param_named(global_max_data_area_mb, user_global_max_mb, uint, 0644);
MODULE_PARM_DESC(global_max_data_area_mb, "MiB that all data areas have together");

static atomic_long_t user_data_pages;	/* of all areas */

bool user_data_is_crowded(void)
{
	return atomic_long_read(&user_data_pages) >
	       (long)READ_ONCE(user_global_max_mb) * DATA_PAGES_PER_MB;
}

int user_data_alloc(struct user_data *data, u32 blocks, u32 block_pages)
{
	data->map = kvcalloc(BITS_TO_LONGS(blocks), sizeof(long), GFP_KERNEL);
	if (!data->map)
		return -ENOMEM;
	data->blocks = blocks;
	data->block_pages = block_pages;
	data->used = 0;
	data->hint = 0;
	data->top = 0;
	xa_init(&data->pages);
	mutex_init(&data->lock);
	return 0;
}

void user_data_free(struct user_data *data)
{
	struct page *page;
	unsigned long index;

	xa_for_each(&data->pages, index, page) {
		__free_page(page);
		atomic_long_dec(&user_data_pages);
	}
	xa_destroy(&data->pages);
	mutex_destroy(&data->lock);
	kvfree(data->map);
	data->map = NULL;
}

bool user_data_take(struct user_data *data, u32 *blocks, u32 nr)
{
	u32 i, block = data->hint;

	if (nr > data->blocks - data->used)
		return false;
	for (i = 0; i < nr; i++) {
		block = find_next_zero_bit(data->map, data->blocks, block);
		__set_bit(block, data->map);
		blocks[i] = block++;
	}
	if (nr) {
		data->hint = block;
		data->top = max(data->top, block);
	}
	data->used += nr;
	return true;
}

void user_data_give(struct user_data *data, const u32 *blocks, u32 nr)
{
	u32 i;

	for (i = 0; i < nr; i++)
		__clear_bit(blocks[i], data->map);
	if (nr)
		data->hint = min(data->hint, blocks[0]);
	data->used -= nr;
}

u32 user_data_pieces(const u32 *blocks, u32 nr)
{
	u32 i, pieces = nr ? 1 : 0;

	for (i = 1; i < nr; i++)
		pieces += blocks[i] != blocks[i - 1] + 1;
	return pieces;
}

struct page *user_data_page(struct user_data *data, unsigned long index)
{
	lockdep_assert_held(&data->lock);
	return xa_load(&data->pages, index);
}

/* Zeroed once: what is in it later was this unit's data before. */
static int data_populate_page(struct user_data *data, unsigned long index, gfp_t gfp)
{
	struct page *page;
	int err;

	if (likely(xa_load(&data->pages, index)))
		return 0;
	if (user_data_is_crowded())
		return -ENOMEM;
	page = alloc_page(gfp | __GFP_ZERO | __GFP_HIGHMEM | __GFP_NOWARN);
	if (!page)
		return -ENOMEM;
	err = xa_err(xa_store(&data->pages, index, page, gfp | __GFP_NOWARN));
	if (err) {
		__free_page(page);
		return err;
	}
	atomic_long_inc(&user_data_pages);
	return 0;
}

int user_data_populate(struct user_data *data, const u32 *blocks, u32 nr, gfp_t gfp)
{
	u32 i, j;

	for (i = 0; i < nr; i++)
		for (j = 0; j < data->block_pages; j++)
			if (data_populate_page(data, (unsigned long)blocks[i] *
					       data->block_pages + j, gfp))
				return -ENOMEM;
	return 0;
}

/* As much as lies in one page on both sides. */
static void data_copy_piece(struct page *page, u32 at, struct scatterlist *sg, u32 sg_at, u32 n,
			    bool to_area)
{
	u32 offset = sg->offset + sg_at;
	void *area = kmap_local_page(page);
	void *mem = kmap_local_page(sg_page(sg) + (offset >> PAGE_SHIFT));

	if (to_area)
		memcpy(area + at, mem + offset_in_page(offset), n);
	else
		memcpy(mem + offset_in_page(offset), area + at, n);
	kunmap_local(mem);
	kunmap_local(area);
	flush_dcache_page(page);
}

void user_data_copy(struct user_data *data, const u32 *blocks, struct scatterlist *sg, u32 len,
		    bool to_area)
{
	u32 done = 0, sg_at = 0;

	while (done < len) {
		u32 index = done >> PAGE_SHIFT, at = offset_in_page(done);
		struct page *page = xa_load(&data->pages,
					    (unsigned long)blocks[index / data->block_pages] *
					    data->block_pages + index % data->block_pages);
		u32 n = min3((u32)PAGE_SIZE - at, len - done, sg->length - sg_at);

		n = min_t(u32, n, PAGE_SIZE - offset_in_page(sg->offset + sg_at));
		data_copy_piece(page, at, sg, sg_at, n, to_area);
		done += n;
		sg_at += n;
		if (sg_at == sg->length) {
			sg = sg_next(sg);
			sg_at = 0;
		}
	}
}

/* --- giving back -------------------------------------------------------------------------- */

/* Blocks that have pages and are not in use, at the end: nobody gets them meanwhile. */
static u32 data_claim_end(struct user_data *data, u32 *first)
{
	u32 top = data->top, last = find_last_bit(data->map, top);

	*first = last < top ? last + 1 : 0;
	bitmap_set(data->map, *first, top - *first);
	data->used += top - *first;
	data->top = *first;
	return top - *first;
}

static u32 data_drop_pages(struct user_data *data, unsigned long first, unsigned long nr)
{
	unsigned long index;
	struct page *page;
	u32 dropped = 0;

	guard(mutex)(&data->lock);
	if (data->mapping)
		unmap_mapping_range(data->mapping, (loff_t)(data->first + first) << PAGE_SHIFT,
				    (loff_t)nr << PAGE_SHIFT, 1);
	xa_for_each_range(&data->pages, index, page, first, first + nr - 1) {
		xa_erase(&data->pages, index);
		put_page(page);
		dropped++;
	}
	atomic_long_sub(dropped, &user_data_pages);
	return dropped;
}

u32 user_data_shrink(struct user_data *data, spinlock_t *lock)
{
	u32 first, nr, dropped;

	scoped_guard(spinlock, lock)
		nr = data_claim_end(data, &first);
	if (!nr)
		return 0;
	dropped = data_drop_pages(data, (unsigned long)first * data->block_pages,
				  (unsigned long)nr * data->block_pages);
	scoped_guard(spinlock, lock) {
		bitmap_clear(data->map, first, nr);
		data->used -= nr;
		data->hint = min(data->hint, first);
	}
	return dropped;
}
