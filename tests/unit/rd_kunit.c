// SPDX-License-Identifier: GPL-2.0-only
/* The ramdisk's hooks. */
#include <kunit/test.h>
#include <linux/mm.h>
#include <linux/random.h>
#include <linux/scatterlist.h>
#include <linux/slab.h>
#include <scsi/scsi_proto.h>
#include <core/fabric.h>
#include <backstores/rd.h>

/* One ramdisk made by the hooks, without the rest of the core. */
struct rd_unit {
	const struct target_backend_ops	*ops;
	struct se_hba			hba;
	struct se_device		*dev;
	bool				configured;
	u8				*memory;
	struct scatterlist		sg;
	sense_reason_t			why;
	unsigned int			ended;
	bool				atomic;		/* transfers are */
	bool				fua;
	struct target_io		io;
};

static void rd_unit_done(struct target_io *io, sense_reason_t why)
{
	struct rd_unit *u = container_of(io, struct rd_unit, io);

	u->why = why;
	u->ended++;
}

static int rd_unit_set(struct rd_unit *u, const char *options)
{
	int ret;

	mutex_lock(&u->dev->lock);
	ret = u->ops->set_params(u->dev, options, strlen(options));
	mutex_unlock(&u->dev->lock);
	return ret;
}

static int rd_unit_configure(struct rd_unit *u)
{
	int ret;

	mutex_lock(&u->dev->lock);
	ret = u->ops->configure(u->dev);
	u->configured = !ret;
	u->dev->configured = !ret;
	u->dev->dev_attrib.block_size = u->dev->limits.block_size;
	mutex_unlock(&u->dev->lock);
	return ret;
}

static int rd_unit_init(struct kunit *test)
{
	struct rd_unit *u = kunit_kzalloc(test, sizeof(*u), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, u);
	u->memory = kunit_kzalloc(test, 4 * PAGE_SIZE, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, u->memory);
	u->ops = target_backend_get("rd_mcp");
	KUNIT_ASSERT_NOT_NULL(test, u->ops);
	test->priv = u;
	KUNIT_ASSERT_EQ(test, 0, u->ops->attach_hba(&u->hba, 0));
	u->dev = u->ops->alloc(&u->hba, "unit");
	KUNIT_ASSERT_NOT_NULL(test, u->dev);
	u->dev->se_hba = &u->hba;
	mutex_init(&u->dev->lock);
	return 0;
}

static void rd_unit_exit(struct kunit *test)
{
	struct rd_unit *u = test->priv;

	if (!u)
		return;
	if (u->configured)
		u->ops->unconfigure(u->dev);
	if (u->dev)
		u->ops->free(u->dev);
	if (u->hba.hba_ptr)
		u->ops->detach_hba(&u->hba);
	target_backend_put(u->ops);
}

/* Moves @bytes, which start at @lba, and returns what the hook returned. */
static int rd_unit_io(struct rd_unit *u, enum dma_data_direction dir, u64 lba, u32 bytes,
		      bool nowait)
{
	sg_init_one(&u->sg, u->memory, bytes);
	u->ended = 0;
	u->io = (struct target_io){
		.dev	= u->dev,
		.lba	= lba,
		.blocks	= bytes / u->dev->dev_attrib.block_size,
		.dir	= dir,
		.sg	= &u->sg,
		.nents	= 1,
		.nowait	= nowait,
		.atomic	= u->atomic,
		.fua	= u->fua,
		.done	= rd_unit_done,
	};
	return u->ops->execute_rw(&u->io);
}

static void rd_unit_expect(struct kunit *test, int ret, sense_reason_t why)
{
	struct rd_unit *u = test->priv;

	KUNIT_EXPECT_EQ(test, ret, 0);
	KUNIT_EXPECT_EQ(test, u->ended, 1);
	KUNIT_EXPECT_EQ(test, (__force u32)u->why, (__force u32)why);
}

static const u32 rd_block_sizes[] = { 512, 1024, 2048, 4096 };

static void rd_block_size_desc(const u32 *size, char *desc)
{
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "%u", *size);
}

KUNIT_ARRAY_PARAM(rd_block_size, rd_block_sizes, rd_block_size_desc);

/* The block at an LBA is where the block size puts it, up to the last one. */
static void rd_unit_block_size(struct kunit *test)
{
	const u32 size = *(const u32 *)test->param_value;
	const u64 last = (1ULL << 40) / size - 1;
	struct rd_unit *u = test->priv;

	KUNIT_ASSERT_EQ(test, 0, rd_unit_set(u, "rd_pages=268435456"));
	KUNIT_ASSERT_EQ(test, 0, rd_unit_configure(u));
	KUNIT_EXPECT_EQ(test, u->dev->limits.blocks * 512, 1ULL << 40);
	u->dev->dev_attrib.block_size = size;

	memset(u->memory, 0x5a, size);
	rd_unit_expect(test, rd_unit_io(u, DMA_TO_DEVICE, last, size, false), TCM_NO_SENSE);
	memset(u->memory, 0xff, 2 * size);
	rd_unit_expect(test, rd_unit_io(u, DMA_FROM_DEVICE, last - 1, 2 * size, true),
		       TCM_NO_SENSE);
	KUNIT_EXPECT_PTR_EQ(test, memchr_inv(u->memory, 0, size), NULL);
	KUNIT_EXPECT_PTR_EQ(test, memchr_inv(u->memory + size, 0x5a, size), NULL);
}

/* A transfer that cannot be made now has not ended. */
static void rd_unit_nowait(struct kunit *test)
{
	struct rd_unit *u = test->priv;

	KUNIT_ASSERT_EQ(test, 0, rd_unit_set(u, "rd_pages=8"));
	KUNIT_ASSERT_EQ(test, 0, rd_unit_configure(u));
	KUNIT_EXPECT_EQ(test, -EAGAIN, rd_unit_io(u, DMA_TO_DEVICE, 0, PAGE_SIZE, true));
	KUNIT_EXPECT_EQ(test, u->ended, 0);
	rd_unit_expect(test, rd_unit_io(u, DMA_TO_DEVICE, 0, PAGE_SIZE, false), TCM_NO_SENSE);
	rd_unit_expect(test, rd_unit_io(u, DMA_TO_DEVICE, 0, PAGE_SIZE, true), TCM_NO_SENSE);
}

/* No memory is 07/27/07, and the block it failed at is named. */
static struct page *rd_alloc_none(gfp_t gfp, unsigned long index)
{
	return NULL;
}

static void rd_unit_no_memory(struct kunit *test)
{
	struct rd_unit *u = test->priv;
	struct rd_device *rd;

	KUNIT_ASSERT_EQ(test, 0, rd_unit_set(u, "rd_pages=8"));
	KUNIT_ASSERT_EQ(test, 0, rd_unit_configure(u));
	rd_unit_expect(test, rd_unit_io(u, DMA_TO_DEVICE, 8, PAGE_SIZE, false), TCM_NO_SENSE);
	rd = container_of(u->dev, struct rd_device, dev);
	rd->store.alloc = rd_alloc_none;
	rd_unit_expect(test, rd_unit_io(u, DMA_TO_DEVICE, 8, 2 * PAGE_SIZE, false),
		       TCM_SPACE_ALLOCATION_FAILED);
	KUNIT_EXPECT_EQ(test, u->io.err_lba, 16);
}

/* An atomic write that has no memory for its last page leaves the first as it was. */
static void rd_unit_atomic(struct kunit *test)
{
	struct rd_unit *u = test->priv;
	struct rd_device *rd;

	KUNIT_ASSERT_EQ(test, 0, rd_unit_set(u, "rd_pages=8"));
	KUNIT_ASSERT_EQ(test, 0, rd_unit_configure(u));
	rd = container_of(u->dev, struct rd_device, dev);
	u->atomic = true;
	memset(u->memory, 0x11, 3 * PAGE_SIZE);
	rd_unit_expect(test, rd_unit_io(u, DMA_TO_DEVICE, 0, PAGE_SIZE, false), TCM_NO_SENSE);
	memset(u->memory, 0x22, 3 * PAGE_SIZE);
	KUNIT_EXPECT_EQ(test, -EAGAIN, rd_unit_io(u, DMA_TO_DEVICE, 4, 2 * PAGE_SIZE, true));
	rd->store.quota = 2;
	rd_unit_expect(test, rd_unit_io(u, DMA_TO_DEVICE, 4, 2 * PAGE_SIZE, false),
		       TCM_SPACE_ALLOCATION_FAILED);
	rd_unit_expect(test, rd_unit_io(u, DMA_FROM_DEVICE, 0, 3 * PAGE_SIZE, false),
		       TCM_NO_SENSE);
	KUNIT_EXPECT_PTR_EQ(test, memchr_inv(u->memory, 0x11, PAGE_SIZE), NULL);
	KUNIT_EXPECT_PTR_EQ(test, memchr_inv(u->memory + PAGE_SIZE, 0, 2 * PAGE_SIZE), NULL);
	rd->store.quota = 3;
	memset(u->memory, 0x22, 2 * PAGE_SIZE);
	rd_unit_expect(test, rd_unit_io(u, DMA_TO_DEVICE, 4, 2 * PAGE_SIZE, false), TCM_NO_SENSE);
	rd_unit_expect(test, rd_unit_io(u, DMA_FROM_DEVICE, 0, 3 * PAGE_SIZE, false),
		       TCM_NO_SENSE);
	KUNIT_EXPECT_PTR_EQ(test, memchr_inv(u->memory, 0x11, 2048), NULL);
	KUNIT_EXPECT_PTR_EQ(test, memchr_inv(u->memory + 2048, 0x22, 2 * PAGE_SIZE), NULL);
}

/* nullio keeps nothing, and shows nobody what the memory held. */
static void rd_unit_nullio(struct kunit *test)
{
	struct rd_unit *u = test->priv;
	struct rd_device *rd = container_of(u->dev, struct rd_device, dev);

	KUNIT_ASSERT_EQ(test, 0, rd_unit_set(u, "rd_pages=8,rd_nullio=1"));
	KUNIT_ASSERT_EQ(test, 0, rd_unit_configure(u));
	memset(u->memory, 0x5a, PAGE_SIZE);
	rd_unit_expect(test, rd_unit_io(u, DMA_TO_DEVICE, 0, PAGE_SIZE, true), TCM_NO_SENSE);
	KUNIT_EXPECT_TRUE(test, xa_empty(&rd->store.xa));
	rd_unit_expect(test, rd_unit_io(u, DMA_FROM_DEVICE, 0, PAGE_SIZE, true), TCM_NO_SENSE);
	KUNIT_EXPECT_PTR_EQ(test, memchr_inv(u->memory, 0, PAGE_SIZE), NULL);
}

static void rd_unit_range(struct kunit *test, int (*hook)(struct target_io *io), u64 lba,
			  u32 blocks)
{
	struct rd_unit *u = test->priv;

	sg_init_one(&u->sg, u->memory, u->dev->dev_attrib.block_size);
	u->ended = 0;
	u->io = (struct target_io){
		.dev	= u->dev,
		.lba	= lba,
		.blocks	= blocks,
		.dir	= DMA_TO_DEVICE,
		.sg	= &u->sg,
		.nents	= 1,
		.done	= rd_unit_done,
	};
	rd_unit_expect(test, hook(&u->io), TCM_NO_SENSE);
}

/* The hooks count in blocks of whatever size there is. */
static void rd_unit_write_same_and_unmap(struct kunit *test)
{
	const u32 size = *(const u32 *)test->param_value;
	struct rd_unit *u = test->priv;
	struct rd_device *rd = container_of(u->dev, struct rd_device, dev);
	const u32 per_page = PAGE_SIZE / size;

	KUNIT_ASSERT_EQ(test, 0, rd_unit_set(u, "rd_pages=8"));
	KUNIT_ASSERT_EQ(test, 0, rd_unit_configure(u));
	u->dev->dev_attrib.block_size = size;
	get_random_bytes(u->memory, size);
	memcpy(u->memory + 3 * PAGE_SIZE, u->memory, size);
	rd_unit_range(test, u->ops->write_same, 1, 2 * per_page);
	KUNIT_EXPECT_EQ(test, atomic_long_read(&rd->store.used), size == PAGE_SIZE ? 2 : 3);
	rd_unit_expect(test, rd_unit_io(u, DMA_FROM_DEVICE, 2 * per_page, 2 * size, true),
		       TCM_NO_SENSE);
	KUNIT_EXPECT_EQ(test, 0, memcmp(u->memory, u->memory + 3 * PAGE_SIZE, size));
	KUNIT_EXPECT_PTR_EQ(test, memchr_inv(u->memory + size, 0, size), NULL);
	rd_unit_range(test, u->ops->unmap, 0, 2 * per_page);
	KUNIT_EXPECT_EQ(test, atomic_long_read(&rd->store.used), 1);
}

/* One line of info for a number of pages. */
/* One block whose protection information is in memory behind it. */
static void rd_unit_move_protected(struct kunit *test, enum dma_data_direction dir, u64 lba)
{
	struct rd_unit *u = test->priv;
	const u32 size = u->dev->dev_attrib.block_size;
	struct scatterlist prot;

	sg_init_one(&u->sg, u->memory, size);
	sg_init_one(&prot, u->memory + size, 8);
	u->ended = 0;
	u->io = (struct target_io){
		.dev	 = u->dev,
		.lba	 = lba,
		.blocks	 = 1,
		.dir	 = dir,
		.sg	 = &u->sg,
		.nents	 = 1,
		.prot_sg = &prot,
		.prot_nents = 1,
		.done	 = rd_unit_done,
	};
	rd_unit_expect(test, u->ops->execute_rw(&u->io), TCM_NO_SENSE);
}

/* What was copied was written without protection information, whatever was there before. */
static void rd_unit_copy_protected(struct kunit *test)
{
	struct rd_unit *u = test->priv;
	u32 size;

	KUNIT_ASSERT_EQ(test, 0, rd_unit_set(u, "rd_pages=8"));
	KUNIT_ASSERT_EQ(test, 0, rd_unit_configure(u));
	u->dev->dev_attrib.pi_prot_type = TARGET_DIF_TYPE1_PROT;
	size = u->dev->dev_attrib.block_size;
	memset(u->memory, 0x11, size + 8);
	rd_unit_move_protected(test, DMA_TO_DEVICE, 1);
	memset(u->memory, 0x22, size + 8);
	rd_unit_move_protected(test, DMA_TO_DEVICE, 5);
	u->ended = 0;
	rd_unit_expect(test, u->ops->copy(&u->io, 1), TCM_NO_SENSE);
	rd_unit_move_protected(test, DMA_FROM_DEVICE, 5);
	KUNIT_EXPECT_PTR_EQ(test, memchr_inv(u->memory, 0x11, size), NULL);
	KUNIT_EXPECT_PTR_EQ(test, memchr_inv(u->memory + size, 0xff, 8), NULL);
	rd_unit_move_protected(test, DMA_FROM_DEVICE, 1);
	KUNIT_EXPECT_PTR_EQ(test, memchr_inv(u->memory, 0x11, size + 8), NULL);
}

static int rd_unit_locked(struct rd_unit *u, int (*set)(struct rd_device *rd, bool on), bool on)
{
	guard(mutex)(&u->dev->lock);
	return set(rd_of(u->dev), on);
}

static int rd_unit_lose(struct rd_unit *u, u32 percent)
{
	guard(mutex)(&u->dev->lock);
	return rd_lose_cache(rd_of(u->dev), percent);
}

static void rd_unit_fill(struct kunit *test, u64 lba, u8 fill)
{
	struct rd_unit *u = test->priv;

	memset(u->memory, fill, PAGE_SIZE);
	rd_unit_expect(test, rd_unit_io(u, DMA_TO_DEVICE, lba, PAGE_SIZE, false), TCM_NO_SENSE);
}

static void rd_unit_holds(struct kunit *test, u64 lba, u8 want)
{
	struct rd_unit *u = test->priv;

	rd_unit_expect(test, rd_unit_io(u, DMA_FROM_DEVICE, lba, PAGE_SIZE, false), TCM_NO_SENSE);
	KUNIT_EXPECT_PTR_EQ_MSG(test, memchr_inv(u->memory, want, PAGE_SIZE), NULL, "%llu", lba);
}

/* FUA, atomic writes, flushed ranges and what is unmapped stay; the rest is lost. */
static void rd_unit_volatile(struct kunit *test)
{
	struct rd_unit *u = test->priv;

	KUNIT_ASSERT_EQ(test, 0, rd_unit_set(u, "rd_pages=16"));
	KUNIT_EXPECT_EQ(test, rd_unit_locked(u, rd_set_volatile, true), -ENODEV);
	KUNIT_ASSERT_EQ(test, 0, rd_unit_configure(u));
	u->dev->blocks = u->dev->limits.blocks;
	KUNIT_EXPECT_EQ(test, rd_unit_locked(u, rd_set_volatile, true), 0);
	KUNIT_EXPECT_TRUE(test, u->dev->limits.write_cache);
	KUNIT_EXPECT_TRUE(test, u->dev->dev_attrib.emulate_write_cache);
	rd_unit_fill(test, 0, 0x11);
	rd_unit_fill(test, 8, 0x22);
	rd_unit_range(test, u->ops->flush, 8, 8);
	u->fua = true;
	rd_unit_fill(test, 16, 0x33);
	u->fua = false;
	u->atomic = true;
	rd_unit_fill(test, 24, 0x44);
	u->atomic = false;
	rd_unit_fill(test, 32, 0x55);
	rd_unit_range(test, u->ops->unmap, 8, 8);
	rd_unit_range(test, u->ops->write_same, 40, 8);
	KUNIT_EXPECT_EQ(test, -EAGAIN, rd_unit_io(u, DMA_TO_DEVICE, 0, PAGE_SIZE, true));
	KUNIT_EXPECT_EQ(test, rd_unit_lose(u, 101), -EINVAL);
	KUNIT_EXPECT_EQ(test, rd_unit_lose(u, 100), 0);
	rd_unit_holds(test, 0, 0);
	rd_unit_holds(test, 8, 0);
	rd_unit_holds(test, 16, 0x33);
	rd_unit_holds(test, 24, 0x44);
	rd_unit_holds(test, 32, 0);
	rd_unit_holds(test, 40, 0);
	rd_unit_fill(test, 0, 0x66);
	rd_unit_range(test, u->ops->flush, 0, 0);
	KUNIT_EXPECT_EQ(test, rd_unit_lose(u, 100), 0);
	rd_unit_holds(test, 0, 0x66);
	u->dev->export_count = 1;
	KUNIT_EXPECT_EQ(test, rd_unit_locked(u, rd_set_volatile, false), -EINVAL);
	u->dev->export_count = 0;
	KUNIT_EXPECT_EQ(test, rd_unit_locked(u, rd_set_volatile, false), 0);
	KUNIT_EXPECT_FALSE(test, u->dev->limits.write_cache);
	rd_unit_expect(test, rd_unit_io(u, DMA_TO_DEVICE, 0, PAGE_SIZE, true), TCM_NO_SENSE);
}

/* Protection information is lost with its block. */
static void rd_unit_volatile_protected(struct kunit *test)
{
	struct rd_unit *u = test->priv;
	u32 size;

	KUNIT_ASSERT_EQ(test, 0, rd_unit_set(u, "rd_pages=8"));
	KUNIT_ASSERT_EQ(test, 0, rd_unit_configure(u));
	KUNIT_EXPECT_EQ(test, rd_unit_locked(u, rd_set_volatile, true), 0);
	u->dev->dev_attrib.pi_prot_type = TARGET_DIF_TYPE1_PROT;
	size = u->dev->dev_attrib.block_size;
	memset(u->memory, 0x11, size + 8);
	rd_unit_move_protected(test, DMA_TO_DEVICE, 1);
	rd_unit_range(test, u->ops->flush, 1, 1);
	memset(u->memory, 0x22, size + 8);
	rd_unit_move_protected(test, DMA_TO_DEVICE, 1);
	KUNIT_EXPECT_EQ(test, rd_unit_lose(u, 50), -EINVAL);
	KUNIT_EXPECT_EQ(test, rd_unit_lose(u, 100), 0);
	rd_unit_move_protected(test, DMA_FROM_DEVICE, 1);
	KUNIT_EXPECT_PTR_EQ(test, memchr_inv(u->memory, 0x11, size + 8), NULL);
}

/* Only what has never held anything can be told to encrypt, or not to. */
static void rd_unit_encrypted(struct kunit *test)
{
	struct rd_unit *u = test->priv;
	int err;

	KUNIT_ASSERT_EQ(test, 0, rd_unit_set(u, "rd_pages=8"));
	KUNIT_EXPECT_EQ(test, rd_unit_locked(u, rd_set_encrypted, true), -ENODEV);
	KUNIT_ASSERT_EQ(test, 0, rd_unit_configure(u));
	u->dev->blocks = u->dev->limits.blocks;
	rd_unit_fill(test, 0, 0x11);
	KUNIT_EXPECT_EQ(test, rd_unit_locked(u, rd_set_encrypted, true), -EBUSY);
	rd_unit_range(test, u->ops->unmap, 0, 8);
	err = rd_unit_locked(u, rd_set_encrypted, true);
	if (err == -ENOENT)
		kunit_skip(test, "this kernel has no xts(aes)");
	KUNIT_ASSERT_EQ(test, err, 0);
	KUNIT_EXPECT_TRUE(test, u->dev->limits.crypto_erase);
	KUNIT_EXPECT_EQ(test, -EAGAIN, rd_unit_io(u, DMA_TO_DEVICE, 0, PAGE_SIZE, true));
	rd_unit_fill(test, 0, 0x11);
	rd_unit_holds(test, 0, 0x11);
	KUNIT_EXPECT_EQ(test, u->ops->crypto_erase(u->dev), 0);
	rd_unit_expect(test, rd_unit_io(u, DMA_FROM_DEVICE, 0, PAGE_SIZE, false), TCM_NO_SENSE);
	KUNIT_EXPECT_TRUE(test, memchr_inv(u->memory, 0x11, 512));
	KUNIT_EXPECT_EQ(test, rd_unit_locked(u, rd_set_encrypted, false), -EBUSY);
	rd_unit_range(test, u->ops->unmap, 0, 8);
	KUNIT_EXPECT_EQ(test, rd_unit_locked(u, rd_set_encrypted, false), 0);
	KUNIT_EXPECT_FALSE(test, u->dev->limits.crypto_erase);
}

struct rd_info_case {
	const char	*options;
	const char	*want;
};

static const struct rd_info_case rd_info_cases[] = {
	{ "rd_pages=1", "1*4096  SG_table_count: 1  nullio: 0 dummy: 0" },
	{ "rd_pages=2047", "2047*4096  SG_table_count: 1  nullio: 0 dummy: 0" },
	{ "rd_pages=2048", "2048*4096  SG_table_count: 2  nullio: 0 dummy: 0" },
	{ "rd_pages=4096", "4096*4096  SG_table_count: 3  nullio: 0 dummy: 0" },
	{ "rd_pages=6143", "6143*4096  SG_table_count: 3  nullio: 0 dummy: 0" },
	{ "rd_pages=8192", "8192*4096  SG_table_count: 5  nullio: 0 dummy: 0" },
	{ "rd_pages=100,rd_dummy=1", "100*4096  SG_table_count: 1  nullio: 0 dummy: 1" },
	{ "rd_pages=1024,rd_nullio=1", "1024*4096  SG_table_count: 0  nullio: 1 dummy: 0" },
};

static void rd_info_case_desc(const struct rd_info_case *c, char *desc)
{
	strscpy(desc, c->options, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(rd_info, rd_info_cases, rd_info_case_desc);

static void rd_unit_info(struct kunit *test)
{
	const struct rd_info_case *c = test->param_value;
	struct rd_unit *u = test->priv;
	char *got = u->memory, *want = u->memory + PAGE_SIZE;

	KUNIT_ASSERT_EQ(test, 0, rd_unit_set(u, c->options));
	KUNIT_ASSERT_EQ(test, 0, rd_unit_configure(u));
	snprintf(want, PAGE_SIZE, "        TCM RamDisk ID: 0  RamDisk Makeup: rd_mcp\n"
		 "        PAGES/PAGE_SIZE: %s\n", c->want);
	mutex_lock(&u->dev->lock);
	KUNIT_EXPECT_EQ(test, u->ops->show_info(u->dev, got, PAGE_SIZE), (ssize_t)strlen(want));
	mutex_unlock(&u->dev->lock);
	KUNIT_EXPECT_STREQ(test, got, want);
}

static void rd_unit_limits(struct kunit *test)
{
	struct rd_unit *u = test->priv;
	const struct target_limits *limits = &u->dev->limits;

	KUNIT_EXPECT_EQ(test, -EINVAL, rd_unit_configure(u));
	KUNIT_EXPECT_EQ(test, -ERANGE, rd_unit_set(u, "rd_pages=0"));
	KUNIT_EXPECT_EQ(test, -EINVAL, rd_unit_configure(u));
	KUNIT_ASSERT_EQ(test, 0, rd_unit_set(u, "rd_pages=3"));
	KUNIT_ASSERT_EQ(test, 0, rd_unit_configure(u));
	KUNIT_EXPECT_EQ(test, limits->blocks, 24);
	KUNIT_EXPECT_EQ(test, limits->hw_max_sectors, 4294967288U);
	KUNIT_EXPECT_EQ(test, limits->hw_queue_depth, 128);
	KUNIT_EXPECT_EQ(test, limits->device_type, TYPE_DISK);
	KUNIT_EXPECT_TRUE(test, limits->nonrot);
	KUNIT_EXPECT_TRUE(test, limits->unmap_zeroes);
	KUNIT_EXPECT_EQ(test, limits->unmap_granularity, 8);
	KUNIT_EXPECT_EQ(test, limits->unmap_alignment, 0);
}

static struct kunit_case rd_cases_of_unit[] = {
	KUNIT_CASE_PARAM(rd_unit_block_size, rd_block_size_gen_params),
	KUNIT_CASE_PARAM(rd_unit_info, rd_info_gen_params),
	KUNIT_CASE_PARAM(rd_unit_write_same_and_unmap, rd_block_size_gen_params),
	KUNIT_CASE(rd_unit_nowait),
	KUNIT_CASE(rd_unit_no_memory),
	KUNIT_CASE(rd_unit_atomic),
	KUNIT_CASE(rd_unit_nullio),
	KUNIT_CASE(rd_unit_copy_protected),
	KUNIT_CASE(rd_unit_volatile),
	KUNIT_CASE(rd_unit_volatile_protected),
	KUNIT_CASE(rd_unit_encrypted),
	KUNIT_CASE(rd_unit_limits),
	{}
};

static struct kunit_suite rd_suite = {
	.name		= "target_core_rd",
	.init		= rd_unit_init,
	.exit		= rd_unit_exit,
	.test_cases	= rd_cases_of_unit,
};

kunit_test_suite(rd_suite);
