// SPDX-License-Identifier: GPL-2.0-only
/* What iblock makes of a device's facts, of statuses, and of memory. */
#include <kunit/test.h>
#include <linux/scatterlist.h>
#include <scsi/scsi_proto.h>
#include <backstores/iblock.h>

struct limits_case {
	const char		*name;
	struct iblock_facts	facts;
	struct target_limits	want;
};

static const struct limits_case limits_cases[] = {
	{
		"plain",
		{ .sectors = 2048, .block_size = 512, .phys_size = 512, .max_sectors = 255,
		  .depth = 64, .nonrot = true },
		{ .blocks = 2048, .block_size = 512, .hw_max_sectors = 255, .hw_queue_depth = 64,
		  .max_write_same = 65535, .nonrot = true, .device_type = TYPE_DISK },
	}, {
		"blocks_of_4096",
		{ .sectors = 2055, .block_size = 4096, .phys_size = 4096, .max_sectors = 256,
		  .depth = 1, .io_min = 4096, .io_opt = 1 << 20 },
		{ .blocks = 256, .block_size = 4096, .hw_max_sectors = 32, .hw_queue_depth = 1,
		  .io_min = 1, .io_opt = 256, .max_write_same = 65535, .device_type = TYPE_DISK },
	}, {
		"physical_blocks",
		{ .sectors = 2048, .block_size = 512, .phys_size = 4096, .align_offset = 3584,
		  .max_sectors = 64, .depth = 2, .write_cache = true, .read_only = true },
		{ .blocks = 2048, .block_size = 512, .phys_exp = 3, .align_blocks = 7,
		  .hw_max_sectors = 64, .hw_queue_depth = 2, .max_write_same = 65535,
		  .write_cache = true, .read_only = true, .device_type = TYPE_DISK },
	}, {
		"discard",
		{ .sectors = 4096, .block_size = 1024, .phys_size = 1024, .max_sectors = 64,
		  .depth = 2, .discard_sectors = U32_MAX, .discard_granularity = 4096,
		  .discard_alignment = 2048 },
		{ .blocks = 2048, .block_size = 1024, .hw_max_sectors = 32, .hw_queue_depth = 2,
		  .max_unmap_blocks = U32_MAX / 2, .max_unmap_descs = 1, .unmap_granularity = 4,
		  .unmap_alignment = 2, .max_write_same = 65535, .device_type = TYPE_DISK },
	}, {
		"zeroes_deallocate",
		{ .sectors = 4096, .block_size = 512, .phys_size = 512, .max_sectors = 64,
		  .depth = 2, .discard_sectors = 8, .discard_granularity = 512,
		  .zeroes_sectors = 1000, .zeroes_unmap = true },
		{ .blocks = 4096, .block_size = 512, .hw_max_sectors = 64, .hw_queue_depth = 2,
		  .max_unmap_blocks = 8, .max_unmap_descs = 1, .unmap_granularity = 1,
		  .unmap_zeroes = true, .max_write_same = 1000, .device_type = TYPE_DISK },
	}, {
		"zeroes_do_not",
		{ .sectors = 4096, .block_size = 512, .phys_size = 512, .max_sectors = 64,
		  .depth = 2, .discard_sectors = 8, .discard_granularity = 512,
		  .zeroes_sectors = 1000 },
		{ .blocks = 4096, .block_size = 512, .hw_max_sectors = 64, .hw_queue_depth = 2,
		  .max_unmap_blocks = 8, .max_unmap_descs = 1, .unmap_granularity = 1,
		  .max_write_same = 1000, .device_type = TYPE_DISK },
	}, {
		"atomic",
		{ .sectors = 4096, .block_size = 512, .phys_size = 512, .max_sectors = 64,
		  .depth = 2, .atomic_min = 4096, .atomic_max = 65536 },
		{ .blocks = 4096, .block_size = 512, .hw_max_sectors = 64, .hw_queue_depth = 2,
		  .atomic_max_len = 128, .atomic_granularity = 8, .atomic_alignment = 8,
		  .max_write_same = 65535, .device_type = TYPE_DISK },
	}, {
		"atomic_within_a_boundary",
		{ .sectors = 4096, .block_size = 512, .phys_size = 512, .max_sectors = 64,
		  .depth = 2, .atomic_min = 512, .atomic_max = 65536, .atomic_boundary = 131072 },
		{ .blocks = 4096, .block_size = 512, .hw_max_sectors = 64, .hw_queue_depth = 2,
		  .atomic_max_len = 128, .atomic_granularity = 1, .atomic_alignment = 128,
		  .max_write_same = 65535, .device_type = TYPE_DISK },
	}, {
		"atomic_of_more_than_a_bio",
		{ .sectors = 1 << 20, .block_size = 512, .phys_size = 512, .max_sectors = 64,
		  .depth = 2, .atomic_min = 512, .atomic_max = 64 << 20 },
		{ .blocks = 1 << 20, .block_size = 512, .hw_max_sectors = 64, .hw_queue_depth = 2,
		  .atomic_max_len = BIO_MAX_VECS * (PAGE_SIZE / 512), .atomic_granularity = 1,
		  .atomic_alignment = 1, .max_write_same = 65535, .device_type = TYPE_DISK },
	}, {
		"protected",
		{ .sectors = 1 << 20, .block_size = 512, .phys_size = 512, .max_sectors = 64,
		  .depth = 2, .atomic_min = 512, .atomic_max = 64 << 20, .prot_type = 3 },
		{ .blocks = 1 << 20, .block_size = 512, .hw_max_sectors = 64, .hw_queue_depth = 2,
		  .atomic_max_len = PAGE_SIZE / 8, .atomic_granularity = 1,
		  .atomic_alignment = 1, .max_write_same = 65535, .hw_prot_type = 3,
		  .device_type = TYPE_DISK },
	},
};

static void limits_name(const struct limits_case *c, char *desc)
{
	strscpy(desc, c->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(limits, limits_cases, limits_name);

#define EXPECT_SAME(field)	KUNIT_EXPECT_EQ(test, limits.field, c->want.field)

static void iblock_limits_of_facts(struct kunit *test)
{
	const struct limits_case *c = test->param_value;
	struct target_limits limits;

	iblock_limits_of(&limits, &c->facts);
	EXPECT_SAME(blocks);
	EXPECT_SAME(block_size);
	EXPECT_SAME(hw_max_sectors);
	EXPECT_SAME(hw_queue_depth);
	EXPECT_SAME(phys_exp);
	EXPECT_SAME(align_blocks);
	EXPECT_SAME(io_min);
	EXPECT_SAME(io_opt);
	EXPECT_SAME(max_unmap_blocks);
	EXPECT_SAME(max_unmap_descs);
	EXPECT_SAME(unmap_granularity);
	EXPECT_SAME(unmap_alignment);
	EXPECT_SAME(unmap_zeroes);
	EXPECT_SAME(max_write_same);
	EXPECT_SAME(atomic_max_len);
	EXPECT_SAME(atomic_alignment);
	EXPECT_SAME(atomic_granularity);
	EXPECT_SAME(atomic_max_with_boundary);
	EXPECT_SAME(atomic_max_boundary);
	EXPECT_SAME(write_cache);
	EXPECT_SAME(nonrot);
	EXPECT_SAME(read_only);
	EXPECT_SAME(hw_prot_type);
	EXPECT_SAME(device_type);
	KUNIT_EXPECT_TRUE(test, limits.splits);
	KUNIT_EXPECT_TRUE(test, limits.whole_blocks);
}

static void iblock_errno_of_status(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, iblock_errno(BLK_STS_OK, false), 0);
	KUNIT_EXPECT_EQ(test, iblock_errno(BLK_STS_OK, true), 0);
	KUNIT_EXPECT_EQ(test, iblock_errno(BLK_STS_IOERR, false), -EIO);
	KUNIT_EXPECT_EQ(test, iblock_errno(BLK_STS_IOERR, true), -ENODEV);
	KUNIT_EXPECT_EQ(test, iblock_errno(BLK_STS_MEDIUM, true), -ENODATA);
	KUNIT_EXPECT_EQ(test, iblock_errno(BLK_STS_NOSPC, false), -ENOSPC);
	KUNIT_EXPECT_EQ(test, iblock_errno(BLK_STS_TIMEOUT, false), -ETIMEDOUT);
	KUNIT_EXPECT_EQ(test, iblock_errno(BLK_STS_TRANSPORT, false), -ENOLINK);
}

/* A transfer of @blocks blocks of 512 bytes, and a device for it. */
static struct target_io *iblock_io(struct kunit *test, u64 lba, u32 blocks, bool write)
{
	struct iblock_device *ib = kunit_kzalloc(test, sizeof(*ib), GFP_KERNEL);
	struct target_io *io = kunit_kzalloc(test, sizeof(*io), GFP_KERNEL);

	KUNIT_ASSERT_TRUE(test, ib && io);
	ib->dev.dev_attrib.block_size = 512;
	*io = (struct target_io){
		.dev = &ib->dev,
		.lba = lba,
		.blocks = blocks,
		.dir = write ? DMA_TO_DEVICE : DMA_FROM_DEVICE,
	};
	return io;
}

static void iblock_fault_is_of_a_block(struct kunit *test)
{
	struct target_io *io = iblock_io(test, 0, 8, true);
	struct scatterlist sg[1];

	KUNIT_EXPECT_FALSE(test, iblock_fault_is_local(io, -EIO));
	io->sg = sg;
	KUNIT_EXPECT_TRUE(test, iblock_fault_is_local(io, -EIO));
	KUNIT_EXPECT_TRUE(test, iblock_fault_is_local(io, -ENODATA));
	KUNIT_EXPECT_TRUE(test, iblock_fault_is_local(io, -EILSEQ));
	KUNIT_EXPECT_FALSE(test, iblock_fault_is_local(io, 0));
	KUNIT_EXPECT_FALSE(test, iblock_fault_is_local(io, -ENODEV));
	KUNIT_EXPECT_FALSE(test, iblock_fault_is_local(io, -ENOSPC));
	KUNIT_EXPECT_FALSE(test, iblock_fault_is_local(io, -ETIMEDOUT));
	/* It was written as a whole or not at all, and is not to be in parts. */
	io->atomic = true;
	KUNIT_EXPECT_FALSE(test, iblock_fault_is_local(io, -EIO));
	io->atomic = false;
	io->blocks = 1;
	KUNIT_EXPECT_FALSE(test, iblock_fault_is_local(io, -EIO));
}

static void iblock_opf_of_io(struct kunit *test)
{
	struct target_io *io = iblock_io(test, 0, 8, false);

	KUNIT_EXPECT_EQ(test, (__force u32)(iblock_opf(io) & REQ_OP_MASK), (u32)REQ_OP_READ);
	io->dir = DMA_TO_DEVICE;
	KUNIT_EXPECT_EQ(test, (__force u32)(iblock_opf(io) & REQ_OP_MASK), (u32)REQ_OP_WRITE);
	KUNIT_EXPECT_FALSE(test, !!(iblock_opf(io) & REQ_FUA));
	io->fua = true;
	KUNIT_EXPECT_TRUE(test, !!(iblock_opf(io) & REQ_FUA));
}

/* Three pages, each of which has less than it could. */
static struct scatterlist *iblock_pages(struct kunit *test, struct scatterlist *sg)
{
	u8 *mem = kunit_kzalloc(test, 3 * PAGE_SIZE, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, mem);
	sg_init_table(sg, 3);
	sg_set_buf(&sg[0], mem, 1024);
	sg_set_buf(&sg[1], mem + PAGE_SIZE, 512);
	sg_set_buf(&sg[2], mem + 2 * PAGE_SIZE, 2048);
	return sg;
}

static void iblock_span_from_the_middle(struct kunit *test)
{
	struct target_io *io = iblock_io(test, 100, 7, false);
	struct scatterlist sg[3];
	struct iblock_span span;
	struct bio_vec vecs[2];
	struct bio bio;

	iblock_span_init(&span, io, iblock_pages(test, sg), 1, 5);
	KUNIT_EXPECT_EQ(test, span.sector, (sector_t)101);
	KUNIT_EXPECT_EQ(test, span.left, (u64)5 * 512);
	bio_init(&bio, NULL, vecs, ARRAY_SIZE(vecs), REQ_OP_READ);
	iblock_bio_fill(&bio, &span);
	KUNIT_EXPECT_EQ(test, bio.bi_iter.bi_sector, (sector_t)101);
	KUNIT_EXPECT_EQ(test, bio.bi_iter.bi_size, 1024U);
	KUNIT_EXPECT_EQ(test, vecs[0].bv_len, 512U);
	KUNIT_EXPECT_EQ(test, vecs[0].bv_offset, offset_in_page(sg_virt(&sg[0])) + 512);
	KUNIT_EXPECT_EQ(test, vecs[1].bv_len, 512U);
	bio_uninit(&bio);

	bio_init(&bio, NULL, vecs, ARRAY_SIZE(vecs), REQ_OP_READ);
	iblock_bio_fill(&bio, &span);
	KUNIT_EXPECT_EQ(test, bio.bi_iter.bi_sector, (sector_t)103);
	KUNIT_EXPECT_EQ(test, bio.bi_iter.bi_size, 1536U);
	KUNIT_EXPECT_EQ(test, span.left, (u64)0);
	bio_uninit(&bio);
}

/* A bio has as many blocks as there is room for their protection information in a page. */
static void iblock_span_of_protected(struct kunit *test)
{
	const u32 most = IBLOCK_PROT_BLOCKS * 512;
	struct target_io *io = iblock_io(test, 7, IBLOCK_PROT_BLOCKS + 2, false);
	u8 *mem = kunit_kzalloc(test, most + 1024, GFP_KERNEL);
	struct scatterlist sg[1], prot[1];
	struct iblock_span span;
	struct bio_vec vecs[2];
	struct bio bio;

	KUNIT_ASSERT_NOT_NULL(test, mem);
	sg_init_one(sg, mem, most + 1024);
	io->prot_sg = prot;
	iblock_span_init(&span, io, sg, 1, IBLOCK_PROT_BLOCKS + 1);
	KUNIT_EXPECT_EQ(test, span.prot_off, 8U);
	bio_init(&bio, NULL, vecs, ARRAY_SIZE(vecs), REQ_OP_READ);
	iblock_bio_fill(&bio, &span);
	KUNIT_EXPECT_EQ(test, bio.bi_iter.bi_size, most);
	KUNIT_EXPECT_EQ(test, iblock_prot_bytes(&bio, io), (u32)PAGE_SIZE);
	KUNIT_EXPECT_EQ(test, span.left, (u64)512);
	bio_uninit(&bio);

	bio_init(&bio, NULL, vecs, ARRAY_SIZE(vecs), REQ_OP_READ);
	iblock_bio_fill(&bio, &span);
	KUNIT_EXPECT_EQ(test, bio.bi_iter.bi_sector, (sector_t)8 + IBLOCK_PROT_BLOCKS);
	KUNIT_EXPECT_EQ(test, vecs[0].bv_offset, (u32)sg->offset + most + 512);
	KUNIT_EXPECT_EQ(test, vecs[0].bv_len, 512U);
	KUNIT_EXPECT_EQ(test, span.left, (u64)0);
	bio_uninit(&bio);
}

/* Of zeros, the CRC is zero. */
static void iblock_prot_of_a_bad_block(struct kunit *test)
{
	u8 *data = kunit_kzalloc(test, 512, GFP_KERNEL);
	u8 tuple[TARGET_PI_BYTES] = { [7] = 9 };

	KUNIT_ASSERT_NOT_NULL(test, data);
	KUNIT_EXPECT_EQ(test, iblock_prot_judge(data, 512, tuple, 9, 1),
			TCM_LOGICAL_BLOCK_APP_TAG_CHECK_FAILED);
	KUNIT_EXPECT_EQ(test, iblock_prot_judge(data, 512, tuple, 0x900000009ULL, 1),
			TCM_LOGICAL_BLOCK_APP_TAG_CHECK_FAILED);
	KUNIT_EXPECT_EQ(test, iblock_prot_judge(data, 512, tuple, 8, 1),
			TCM_LOGICAL_BLOCK_REF_TAG_CHECK_FAILED);
	KUNIT_EXPECT_EQ(test, iblock_prot_judge(data, 512, tuple, 8, 3),
			TCM_LOGICAL_BLOCK_APP_TAG_CHECK_FAILED);
	data[511] = 1;
	KUNIT_EXPECT_EQ(test, iblock_prot_judge(data, 512, tuple, 9, 1),
			TCM_LOGICAL_BLOCK_GUARD_CHECK_FAILED);
}

static void iblock_bits_of_memory(struct kunit *test)
{
	struct scatterlist sg[3];

	iblock_pages(test, sg);
	KUNIT_EXPECT_EQ(test, iblock_sg_bits(sg, 3584) & 511, 0U);
	sg[1].offset += 16;
	KUNIT_EXPECT_EQ(test, iblock_sg_bits(sg, 3584) & 511, 16U);
	/* What is beyond the transfer does not count. */
	KUNIT_EXPECT_EQ(test, iblock_sg_bits(sg, 1024) & 511, 0U);
}

static void iblock_copy_between_lists(struct kunit *test)
{
	struct scatterlist from[3], to[1];
	u8 *mem = kunit_kzalloc(test, PAGE_SIZE, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, mem);
	iblock_pages(test, from);
	memset(sg_virt(&from[0]), 'a', 1024);
	memset(sg_virt(&from[1]), 'b', 512);
	memset(sg_virt(&from[2]), 'c', 2048);
	sg_init_one(to, mem, PAGE_SIZE);
	iblock_sg_copy(to, from, 3, 2048);
	KUNIT_EXPECT_EQ(test, mem[1023], 'a');
	KUNIT_EXPECT_EQ(test, mem[1024], 'b');
	KUNIT_EXPECT_EQ(test, mem[1536], 'c');
	KUNIT_EXPECT_EQ(test, mem[2047], 'c');
	KUNIT_EXPECT_EQ(test, mem[2048], 0);
}

static struct kunit_case iblock_cases[] = {
	KUNIT_CASE_PARAM(iblock_limits_of_facts, limits_gen_params),
	KUNIT_CASE(iblock_errno_of_status),
	KUNIT_CASE(iblock_fault_is_of_a_block),
	KUNIT_CASE(iblock_opf_of_io),
	KUNIT_CASE(iblock_span_from_the_middle),
	KUNIT_CASE(iblock_span_of_protected),
	KUNIT_CASE(iblock_prot_of_a_bad_block),
	KUNIT_CASE(iblock_bits_of_memory),
	KUNIT_CASE(iblock_copy_between_lists),
	{}
};

static struct kunit_suite iblock_suite = {
	.name		= "target_core_iblock",
	.test_cases	= iblock_cases,
};

kunit_test_suite(iblock_suite);
