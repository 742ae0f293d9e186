// SPDX-License-Identifier: GPL-2.0-only
/*
 * The ramdisk backstore, "rd_mcp".
 *
 * It completes each transfer before it returns, so the core pays no switch of
 * context for it; a transfer that would have to allocate in a context that cannot
 * sleep is handed back.
 */
#include <linux/atomic.h>
#include <linux/limits.h>
#include <linux/log2.h>
#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <scsi/scsi_proto.h>
#include <target/target_core_backend.h>
#include "rd.h"

#define RD_BLOCK_SIZE		512
#define RD_QUEUE_DEPTH		128
#define RD_MAX_ATOMIC		2048	/* blocks: room is made for all of them first */
#define RD_MAX_SECTORS		(UINT_MAX & ~7U)	/* whole pages at any block size */
#define RD_MAX_UNMAP_DESCS	4095			/* the longest parameter list */
#define RD_NO_PROT		0xff	/* what it reads as where none was written */

/*
 * info shows how many tables of scatterlist entries another implementation would
 * have needed; tools parse the line, so the number stays.
 */
#define RD_PAGES_PER_TABLE	2048

/* PERIPHERAL QUALIFIER 001b and DEVICE TYPE 1Fh: there is no peripheral here (SPC-6 6.7.2). */
#define RD_TYPE_DUMMY		0x3f

static const struct target_option rd_option_table[] = {
	TARGET_OPTION_NUMBER("rd_pages", struct rd_options, pages, 1, U32_MAX),
	TARGET_OPTION_FLAG("rd_nullio", struct rd_options, nullio),
	TARGET_OPTION_FLAG("rd_dummy", struct rd_options, dummy),
};

/**
 * struct rd_hba - an HBA of ramdisks
 * @next_id: number of the next ramdisk that is configured
 */
struct rd_hba {
	atomic_t	next_id;
};

static int rd_attach_hba(struct se_hba *hba, u32 host_id)
{
	struct rd_hba *rd_hba = kzalloc(sizeof(*rd_hba), GFP_KERNEL);

	if (!rd_hba)
		return -ENOMEM;
	hba->hba_ptr = rd_hba;
	return 0;
}

static void rd_detach_hba(struct se_hba *hba)
{
	kfree(hba->hba_ptr);
	hba->hba_ptr = NULL;
}

static struct se_device *rd_alloc(struct se_hba *hba, const char *name)
{
	struct rd_device *rd = kzalloc(sizeof(*rd), GFP_KERNEL);

	return rd ? &rd->dev : NULL;
}

static void rd_free(struct se_device *dev)
{
	kfree(rd_of(dev));
}

static int rd_configure(struct se_device *dev)
{
	struct rd_device *rd = rd_of(dev);
	struct rd_hba *rd_hba = dev->se_hba->hba_ptr;

	if (!rd->options.pages)
		return -EINVAL;

	dev->limits = (struct target_limits) {
		.blocks		= (u64)rd->options.pages * (PAGE_SIZE / RD_BLOCK_SIZE),
		.block_size	= RD_BLOCK_SIZE,
		.hw_max_sectors	= RD_MAX_SECTORS,
		.hw_queue_depth	= RD_QUEUE_DEPTH,
		.max_unmap_blocks = U32_MAX,
		.max_unmap_descs = RD_MAX_UNMAP_DESCS,
		.unmap_granularity = PAGE_SIZE / RD_BLOCK_SIZE,
		.unmap_zeroes	= true,
		.max_write_same	= U32_MAX,
		.atomic_max_len	= RD_MAX_ATOMIC,
		.atomic_max_with_boundary = RD_MAX_ATOMIC,
		.atomic_max_boundary = RD_MAX_ATOMIC,
		.nonrot		= true,
		.device_type	= rd->options.dummy ? RD_TYPE_DUMMY : TYPE_DISK,
	};
	rd_pages_init(&rd->store, 0);
	rd_pages_init(&rd->prot, RD_NO_PROT);
	rd_cache_init(&rd->cache, &rd->store, &rd->prot);
	rd->id = atomic_fetch_inc(&rd_hba->next_id);
	return 0;
}

static void rd_cache_settle_all(struct rd_device *rd)
{
	rd_undo_settle_all(&rd->cache.data);
	rd_undo_settle_all(&rd->cache.prot);
}

static void rd_unconfigure(struct se_device *dev)
{
	struct rd_device *rd = rd_of(dev);

	rd_cache_settle_all(rd);
	rd_crypt_exit(&rd->crypt);
	rd_pages_exit(&rd->store);
	rd_pages_exit(&rd->prot);
}

static int rd_set_params(struct se_device *dev, const char *page, size_t count)
{
	struct rd_device *rd = rd_of(dev);

	lockdep_assert_held(&dev->lock);
	return target_options_parse(rd_option_table, ARRAY_SIZE(rd_option_table),
				    &rd->options, sizeof(rd->options), page, count);
}

static ssize_t rd_show_info(struct se_device *dev, char *page, size_t size)
{
	const struct rd_device *rd = rd_of(dev);
	const struct rd_options *options = &rd->options;
	u32 tables = 0;

	lockdep_assert_held(&dev->lock);
	if (target_dev_configured(dev) && !options->nullio)
		tables = options->pages / RD_PAGES_PER_TABLE + 1;
	return scnprintf(page, size,
			 "        TCM RamDisk ID: %u  RamDisk Makeup: rd_mcp\n"
			 "        PAGES/PAGE_SIZE: %u*%lu  SG_table_count: %u  nullio: %d dummy: %d\n",
			 rd->id, options->pages, PAGE_SIZE, tables, options->nullio,
			 options->dummy);
}

/* An atomic write fails before the first byte, if at all; nobody sees it half done. */
static __always_inline int rd_store(struct rd_device *rd, const struct target_io *io,
				    struct rd_span *span, bool crypt)
{
	if (unlikely(io->atomic)) {
		int ret = rd_pages_reserve(&rd->store, span->pos, span->left, io->nowait);

		if (ret)
			return ret;
	}
	if (crypt)
		return rd_crypt_write(&rd->crypt, &rd->store, io, span);
	return rd_pages_write(&rd->store, span, io->nowait);
}

/*
 * A nullio read must not show its caller what the memory held before: the buffer
 * may be a new page of the page cache that a user then reads.
 */
static __always_inline int rd_move(struct rd_device *rd, const struct target_io *io,
				   struct rd_span *span, bool crypt)
{
	if (io->dir == DMA_TO_DEVICE)
		return rd->options.nullio ? 0 : rd_store(rd, io, span, crypt);
	if (rd->options.nullio) {
		rd_span_zero(span);
		return 0;
	}
	if (crypt)
		return rd_crypt_read(&rd->crypt, &rd->store, io, span);
	rd_pages_read(&rd->store, span);
	return 0;
}

static noinline int rd_move_crypt(struct rd_device *rd, const struct target_io *io,
				  struct rd_span *span)
{
	return rd_move(rd, io, span, rd_crypt_is_on(&rd->crypt));
}

static u64 rd_io_pos(const struct target_io *io)
{
	return io->lba * io->dev->dev_attrib.block_size;
}

static u64 rd_io_bytes(const struct target_io *io)
{
	return (u64)io->blocks * io->dev->dev_attrib.block_size;
}

static void rd_punch_prot(struct rd_device *rd, const struct target_io *io)
{
	if (unlikely(io->dev->dev_attrib.pi_prot_type))
		rd_pages_punch(&rd->prot, io->lba * TARGET_PI_BYTES,
			       (u64)io->blocks * TARGET_PI_BYTES);
}

static struct rd_span rd_prot_span(const struct target_io *io)
{
	return (struct rd_span){
		.sg	= io->prot_sg,
		.pos	= io->lba * TARGET_PI_BYTES,
		.left	= (u64)io->blocks * TARGET_PI_BYTES,
	};
}

/* Room for the protection information is made first: then it cannot miss where the data went. */
static int rd_store_protected(struct rd_device *rd, const struct target_io *io,
			      struct rd_span *span)
{
	struct rd_span prot = rd_prot_span(io);
	int ret;

	if (io->nowait)
		return -EAGAIN;
	if (!io->prot_sg) {
		rd_punch_prot(rd, io);
		return rd_move_crypt(rd, io, span);
	}
	ret = rd_pages_reserve(&rd->prot, prot.pos, prot.left, false);
	ret = ret ?: rd_move_crypt(rd, io, span);
	ret = ret ?: rd_pages_write(&rd->prot, &prot, false);
	if (ret)
		rd_punch_prot(rd, io);
	return ret;
}

/*
 * Protection information is read last, and goes first: who reads a block that is being
 * unmapped at the same time finds none, and not that of what was there.
 */
static noinline int rd_move_protected(struct rd_device *rd, const struct target_io *io,
				      struct rd_span *span)
{
	struct rd_span prot = rd_prot_span(io);
	int ret;

	if (io->dir == DMA_TO_DEVICE && !rd->options.nullio)
		return rd_store_protected(rd, io, span);
	ret = rd_move_crypt(rd, io, span);
	if (io->dir == DMA_FROM_DEVICE && io->prot_sg)
		rd_pages_read(&rd->prot, &prot);
	return ret;
}

/* --- the volatile cache ------------------------------------------------------------------ */

static int rd_cache_remember(struct rd_device *rd, const struct target_io *io)
{
	int ret = rd_undo_remember(&rd->cache.data, rd_io_pos(io), rd_io_bytes(io));

	if (!ret && io->dev->dev_attrib.pi_prot_type)
		ret = rd_undo_remember(&rd->cache.prot, io->lba * TARGET_PI_BYTES,
				       (u64)io->blocks * TARGET_PI_BYTES);
	return ret;
}

static int rd_cache_settle(struct rd_device *rd, u64 lba, u64 blocks)
{
	const u32 block_size = rd->dev.dev_attrib.block_size;
	int ret = rd_undo_settle(&rd->cache.data, lba * block_size, blocks * block_size);

	return ret ?: rd_undo_settle(&rd->cache.prot, lba * TARGET_PI_BYTES,
				     blocks * TARGET_PI_BYTES);
}

/*
 * Does the write go through the cache? Of those that are atomic a part would be lost, or
 * made durable by a flush of a part of them, so they do.
 */
static bool rd_is_through(const struct target_io *io)
{
	return io->fua || io->atomic;
}

/* What changes the medium by @change, with the cache as it has to be. */
static int rd_cache_change(struct rd_device *rd, struct target_io *io, bool through,
			   int (*change)(struct rd_device *rd, struct target_io *io, void *arg),
			   void *arg)
{
	int ret;

	if (!rd->cache.on || rd->options.nullio)
		return change(rd, io, arg);
	guard(mutex)(&rd->cache.lock);
	if (!through) {
		ret = rd_cache_remember(rd, io);
		return ret ?: change(rd, io, arg);
	}
	ret = change(rd, io, arg);
	return ret ?: rd_cache_settle(rd, io->lba, io->blocks);
}

static int rd_change_blocks(struct rd_device *rd, struct target_io *io, void *span)
{
	if (io->dev->dev_attrib.pi_prot_type)
		return rd_move_protected(rd, io, span);
	return rd_move_crypt(rd, io, span);
}

/* With protection information, a cipher or a cache. */
static noinline int rd_move_special(struct rd_device *rd, struct target_io *io,
				    struct rd_span *span)
{
	if (!rd->special)
		return rd_move_protected(rd, io, span);
	if (io->nowait)
		return -EAGAIN;
	if (io->dir != DMA_TO_DEVICE)
		return rd_change_blocks(rd, io, span);
	return rd_cache_change(rd, io, rd_is_through(io), rd_change_blocks, span);
}

/* --- hooks that move blocks -------------------------------------------------------------- */

/* A read without memory, for the cipher, comes again. */
static sense_reason_t rd_reason(const struct target_io *io, int ret)
{
	switch (ret) {
	case 0:
		return TCM_NO_SENSE;
	case -ENOMEM:
	case -ENOSPC:
		return io->dir == DMA_FROM_DEVICE ? TCM_OUT_OF_RESOURCES :
						    TCM_SPACE_ALLOCATION_FAILED;
	default:
		return TCM_INTERNAL_TARGET_FAILURE;
	}
}

static int rd_execute_rw(struct target_io *io)
{
	const u32 block_size = io->dev->dev_attrib.block_size;
	struct rd_span span = {
		.sg	= io->sg,
		.pos	= rd_io_pos(io),
		.left	= rd_io_bytes(io),
	};
	struct rd_device *rd = rd_of(io->dev);
	int ret;

	if (unlikely(io->dev->dev_attrib.pi_prot_type | rd->special))
		ret = rd_move_special(rd, io, &span);
	else
		ret = rd_move(rd, io, &span, false);
	if (ret == -EAGAIN)
		return ret;
	if (ret)
		io->err_lba = div_u64(span.pos, block_size);
	if (io->dir == DMA_TO_DEVICE && !io->nowait)
		target_provision_changed(io->dev);
	target_io_done(io, rd_reason(io, ret));
	return 0;
}

static int rd_change_unmap(struct rd_device *rd, struct target_io *io, void *unused)
{
	rd_punch_prot(rd, io);
	if (!rd->options.nullio)
		rd_pages_punch(&rd->store, rd_io_pos(io), rd_io_bytes(io));
	return 0;
}

/* What is unmapped is not in the cache: so nothing comes back after a loss of power. */
static int rd_unmap(struct target_io *io)
{
	int ret = rd_cache_change(rd_of(io->dev), io, true, rd_change_unmap, NULL);

	target_provision_changed(io->dev);
	target_io_done(io, ret ? TCM_OUT_OF_RESOURCES : TCM_NO_SENSE);
	return 0;
}

/* A page full of the one block. */
static struct page *rd_repeat_block(const struct target_io *io)
{
	u32 block_size = io->dev->dev_attrib.block_size, done;
	struct page *unit = alloc_page(GFP_NOIO);
	u8 *to;

	if (!unit)
		return NULL;
	to = page_address(unit);
	sg_copy_to_buffer(io->sg, io->nents, to, block_size);
	for (done = block_size; done < PAGE_SIZE; done += block_size)
		memcpy(to + done, to, block_size);
	return unit;
}

struct rd_many {
	struct page	*unit;	/* WRITE SAME */
	u64		from;	/* copies; block */
	u64		done;	/* bytes */
};

static int rd_change_same(struct rd_device *rd, struct target_io *io, void *arg)
{
	struct rd_many *many = arg;

	rd_punch_prot(rd, io);
	if (rd_crypt_is_on(&rd->crypt))
		return rd_crypt_repeat(&rd->crypt, &rd->store, many->unit, rd_io_pos(io),
				       rd_io_bytes(io), &many->done);
	return rd_pages_repeat(&rd->store, many->unit, rd_io_pos(io), rd_io_bytes(io),
			       &many->done);
}

static void rd_many_done(struct target_io *io, const struct rd_many *many, int ret)
{
	target_provision_changed(io->dev);
	io->err_lba = io->lba + div_u64(many->done, io->dev->dev_attrib.block_size);
	target_io_done(io, rd_reason(io, ret));
}

static int rd_write_same(struct target_io *io)
{
	struct rd_device *rd = rd_of(io->dev);
	struct rd_many many = { };
	int ret;

	if (rd->options.nullio) {
		target_io_done(io, TCM_NO_SENSE);
		return 0;
	}
	many.unit = rd_repeat_block(io);
	if (!many.unit) {
		target_io_done(io, TCM_OUT_OF_RESOURCES);
		return 0;
	}
	ret = rd_cache_change(rd, io, rd_is_through(io), rd_change_same, &many);
	__free_page(many.unit);
	rd_many_done(io, &many, ret);
	return 0;
}

static int rd_change_copy(struct rd_device *rd, struct target_io *io, void *arg)
{
	struct rd_many *many = arg;
	u64 from = many->from * io->dev->dev_attrib.block_size;

	rd_punch_prot(rd, io);
	if (rd->options.nullio)
		return 0;
	if (rd_crypt_is_on(&rd->crypt))
		return rd_crypt_copy(&rd->crypt, &rd->store, from, rd_io_pos(io), rd_io_bytes(io),
				     &many->done);
	return rd_pages_copy(&rd->store, from, rd_io_pos(io), rd_io_bytes(io), &many->done);
}

/* It makes holes, too, and as with unmapping, nothing comes back there. */
static int rd_copy_blocks(struct target_io *io, u64 from)
{
	struct rd_many many = { .from = from };
	int ret = rd_cache_change(rd_of(io->dev), io, true, rd_change_copy, &many);

	rd_many_done(io, &many, ret);
	return 0;
}

static u32 rd_lba_status(struct se_device *dev, u64 lba, u32 blocks,
			 enum target_lba_status *status)
{
	const u32 block_size = dev->dev_attrib.block_size;
	struct rd_device *rd = rd_of(dev);
	bool present;
	u64 run;

	*status = TARGET_LBA_UNKNOWN;
	if (rd->options.nullio)
		return blocks;
	run = rd_pages_run(&rd->store, lba * block_size, (u64)blocks * block_size, &present);
	*status = present ? TARGET_LBA_MAPPED : TARGET_LBA_DEALLOCATED;
	return div_u64(run, block_size);
}

static void rd_space(struct se_device *dev, u64 *used, u64 *available)
{
	struct rd_device *rd = rd_of(dev);
	u32 shift = PAGE_SHIFT - ilog2(dev->dev_attrib.block_size);
	u32 quota = READ_ONCE(rd->store.quota);
	u64 pages = atomic_long_read(&rd->store.used), all = READ_ONCE(rd->options.pages);

	if (quota)
		all = min_t(u64, all, quota);
	*used = pages << shift;
	*available = pages < all ? (all - pages) << shift : 0;
}

/* As if no block had ever been written with it. */
static int rd_prot_format(struct se_device *dev)
{
	struct rd_device *rd = rd_of(dev);

	guard(mutex)(&rd->cache.lock);
	rd_pages_punch(&rd->prot, 0, dev->blocks * TARGET_PI_BYTES);
	rd_undo_settle_all(&rd->cache.prot);
	return 0;
}

/* Where there is no end any more, or not yet: what a write of before has left there. */
static void rd_cut(struct rd_device *rd, u32 from, u32 to)
{
	u64 first = (u64)from << PAGE_SHIFT, bytes = (u64)(to - from) << PAGE_SHIFT;
	u32 block_size = rd->dev.dev_attrib.block_size;

	rd_pages_punch(&rd->store, first, bytes);
	rd_pages_punch(&rd->prot, div_u64(first, block_size) * TARGET_PI_BYTES,
		       div_u64(bytes, block_size) * TARGET_PI_BYTES);
	/* What was not flushed is durable now, or a loss would bring back what has gone. */
	guard(mutex)(&rd->cache.lock);
	rd_cache_settle_all(rd);
}

int rd_resize(struct rd_device *rd, u64 bytes)
{
	u32 old = rd->options.pages, new = bytes >> PAGE_SHIFT;

	lockdep_assert_held(&rd->dev.lock);
	if (!bytes || (u64)new << PAGE_SHIFT != bytes)
		return -EINVAL;
	if (new > old)
		rd_cut(rd, old, new);
	WRITE_ONCE(rd->options.pages, new);
	if (WARN_ON_ONCE(target_dev_resized_locked(&rd->dev, bytes / RD_BLOCK_SIZE)))
		return -EINVAL;
	if (new < old)
		rd_cut(rd, new, old);
	target_provision_changed(&rd->dev);
	return 0;
}

/* Zero blocks are all to the end. */
static int rd_flush_range(struct rd_device *rd, const struct target_io *io)
{
	guard(mutex)(&rd->cache.lock);
	return rd_cache_settle(rd, io->lba, io->blocks ?: io->dev->blocks - io->lba);
}

/* Without a cache, what has been written cannot become more durable than it is. */
static int rd_flush(struct target_io *io)
{
	struct rd_device *rd = rd_of(io->dev);
	int ret = rd->cache.on ? rd_flush_range(rd, io) : 0;

	target_io_done(io, ret ? TCM_OUT_OF_RESOURCES : TCM_NO_SENSE);
	return 0;
}

/* --- attributes and actions -------------------------------------------------------------- */

static int rd_check_idle(struct rd_device *rd)
{
	struct se_device *dev = &rd->dev;

	if (!target_dev_configured(dev))
		return -ENODEV;
	return target_dev_unexported(dev) ? 0 : -EINVAL;
}

static void rd_set_special(struct rd_device *rd)
{
	rd->special = rd->cache.on || rd_crypt_is_on(&rd->crypt);
}

int rd_set_encrypted(struct rd_device *rd, bool on)
{
	int err = rd_check_idle(rd);

	if (err || on == rd_crypt_is_on(&rd->crypt))
		return err;
	if (atomic_long_read(&rd->store.used))
		return -EBUSY;
	if (on)
		err = rd_crypt_init(&rd->crypt);
	else
		rd_crypt_exit(&rd->crypt);
	rd->dev.limits.crypto_erase = rd_crypt_is_on(&rd->crypt);
	rd_set_special(rd);
	return err;
}

int rd_set_volatile(struct rd_device *rd, bool on)
{
	int err = rd_check_idle(rd);

	if (err || on == rd->cache.on)
		return err;
	rd_cache_settle_all(rd);
	rd->cache.on = on;
	rd->dev.limits.write_cache = on;
	rd->dev.dev_attrib.emulate_write_cache = on;
	rd_set_special(rd);
	return 0;
}

int rd_lose_cache(struct rd_device *rd, u32 percent)
{
	lockdep_assert_held(&rd->dev.lock);
	if (!target_dev_configured(&rd->dev))
		return -ENODEV;
	if (percent > 100 || (percent < 100 && rd->dev.dev_attrib.pi_prot_type))
		return -EINVAL;
	guard(mutex)(&rd->cache.lock);
	rd_undo_lose(&rd->cache.data, percent);
	rd_undo_lose(&rd->cache.prot, percent);
	target_provision_changed(&rd->dev);
	return 0;
}

/* Protection information is not encrypted, and says something of the data: it goes. */
static int rd_crypto_erase(struct se_device *dev)
{
	return rd_crypt_rekey(&rd_of(dev)->crypt) ?: rd_prot_format(dev);
}

static const struct target_backend_ops rd_ops = {
	.name		= "rd_mcp",
	.inquiry_prod	= "RAMDISK-MCP",
	.inquiry_rev	= "4.0",
	.owner		= THIS_MODULE,
	.attach_hba	= rd_attach_hba,
	.detach_hba	= rd_detach_hba,
	.alloc		= rd_alloc,
	.configure	= rd_configure,
	.unconfigure	= rd_unconfigure,
	.free		= rd_free,
	.show_info	= rd_show_info,
	.set_params	= rd_set_params,
	.execute_rw	= rd_execute_rw,
	.flush		= rd_flush,
	.unmap		= rd_unmap,
	.write_same	= rd_write_same,
	.copy		= rd_copy_blocks,
	.lba_status	= rd_lba_status,
	.space		= rd_space,
	.prot_format	= rd_prot_format,
	.crypto_erase	= rd_crypto_erase,
	.attrib_attrs	= rd_attribs,
	.action_attrs	= rd_actions,
};

int target_rd_init(void)
{
	rd_attribs_init();
	return transport_backend_register(&rd_ops);
}

void target_rd_exit(void)
{
	target_backend_unregister(&rd_ops);
}

MODULE_ALIAS("target-backstore-rd_mcp");
