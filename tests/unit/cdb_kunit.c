// SPDX-License-Identifier: GPL-2.0-only
/* From a CDB to what is executed: reserved bits, fields, ranges, lengths, gates. */
#include <linux/unaligned.h>
#include "sbc.h"
#include "scsi_fixture.h"

#define CDB_PROTECT	0xe0

/* The least that a row takes: every field zero, but what must not be. */
static void cdb_least(const struct target_cdb_op *op, u8 *cdb)
{
	memset(cdb, 0, TCM_MAX_COMMAND_SIZE);
	cdb[0] = op->opcode;
	if (op->opcode == VARIABLE_LENGTH_CMD) {
		cdb[7] = op->len - 8;
		put_unaligned_be16(op->sa, cdb + 8);
	} else if (op->has_sa) {
		cdb[1] = op->sa;
	}
	if (op->opcode == MODE_SELECT || op->opcode == MODE_SELECT_10)
		cdb[1] = 0x10;
	if (op->opcode == MODE_SENSE || op->opcode == MODE_SENSE_10)
		cdb[2] = 0x3f;
	if (op->opcode == SEND_DIAGNOSTIC)
		cdb[1] = 0x10;
	if (op->opcode == READ_BUFFER || op->opcode == WRITE_BUFFER)
		cdb[1] = 0x02;
	if (op->alloc.bytes)
		cdb[op->alloc.off + op->alloc.bytes - 1] = 0x20;
	if (op->opcode == MAINTENANCE_OUT && op->sa == MO_SET_TIMESTAMP)
		cdb[9] = 12;
	/* There 0 is more than the unit has. */
	if (op->flags & TARGET_CDB_ZERO_MAX)
		cdb[op->count.off] = 1;
}

static u32 cdb_mapped(struct se_device *dev, u64 lba, u32 blocks, enum target_lba_status *status)
{
	*status = TARGET_LBA_MAPPED;
	return blocks;
}

/* No row is missing for want of an attribute or a hook. */
static void cdb_support_all(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;
	struct se_dev_attrib *a = &f->dev.dev_attrib;
	char map[] = "0 0\n0 63 1:O\n";
	unsigned int i;

	scoped_guard(mutex, &f->dev.lock)
		target_lba_map_set(&f->dev, target_lba_map_parse(map));
	f->itl.ua_pending = 0;
	f->backend.unmap = fix_flush;
	f->backend.write_same = fix_flush;
	f->backend.lba_status = cdb_mapped;
	f->backend.crypto_erase = fix_prot_format;
	f->dev.limits.unmap_zeroes = true;
	f->dev.limits.crypto_erase = true;
	a->removable = true;
	a->emulate_tpu = true;
	a->emulate_tpws = true;
	a->max_write_same_len = FIX_BLOCKS;
	a->emulate_wsnz = false;
	f->dev.alua_explicit = true;
	for (i = 0; i < target_cdb_op_count; i++)
		KUNIT_EXPECT_TRUE_MSG(test, target_cdb_supported(&target_cdb_ops[i], &f->dev),
				      "%s", target_cdb_ops[i].name);
}

static void cdb_least_is_accepted(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;
	u8 cdb[TCM_MAX_COMMAND_SIZE];
	unsigned int i;

	cdb_support_all(test);
	for (i = 0; i < target_cdb_op_count; i++) {
		const struct target_cdb_op *op = &target_cdb_ops[i];

		cdb_least(op, cdb);
		KUNIT_EXPECT_EQ_MSG(test, (__force u32)target_cdb_parse(fix_cmd(f, cdb)), 0,
				    "%s", op->name);
		KUNIT_EXPECT_PTR_EQ(test, f->cmd.op, op);
		KUNIT_EXPECT_PTR_EQ(test, f->cmd.execute, op->execute);
		KUNIT_EXPECT_TRUE(test, f->cmd.se_cmd_flags & SCF_SUPPORTED_SAM_OPCODE);
	}
}

/* One reserved bit of one row. */
static void cdb_reserved_bit(struct kunit *test, const struct target_cdb_op *op, u8 byte, u8 bit)
{
	struct scsi_fixture *f = test->priv;
	u8 cdb[TCM_MAX_COMMAND_SIZE];
	u8 pointer = bit;

	if (byte == target_cdb_options(op) && op->flags & TARGET_CDB_PROTECT &&
	    1 << bit & CDB_PROTECT)
		pointer = 7;
	cdb_least(op, cdb);
	cdb[byte] |= 1 << bit;
	KUNIT_EXPECT_EQ_MSG(test, (__force u32)target_cdb_parse(fix_cmd(f, cdb)),
			    (__force u32)TCM_INVALID_CDB_FIELD, "%s byte %u bit %u", op->name,
			    byte, bit);
	KUNIT_EXPECT_EQ(test, f->cmd.field_flags, TARGET_FIELD_VALID | TARGET_FIELD_CDB);
	KUNIT_EXPECT_EQ_MSG(test, f->cmd.field_ptr, byte, "%s", op->name);
	KUNIT_EXPECT_EQ_MSG(test, f->cmd.field_bit, pointer, "%s byte %u", op->name, byte);
}

/* Another service action is another row, another length none. */
static bool cdb_names_row(const struct target_cdb_op *op, unsigned int byte, unsigned int bit)
{
	if (op->opcode == VARIABLE_LENGTH_CMD)
		return byte >= 7 && byte <= 9;
	return op->has_sa && byte == 1 && bit < 5;
}

static bool cdb_is_naca(const struct target_cdb_op *op, unsigned int byte, unsigned int bit)
{
	return byte == target_cdb_control(op->opcode, op->len) && bit == 2;
}

static void cdb_reserved_bits(struct kunit *test)
{
	unsigned int i, byte, bit, tried = 0;

	cdb_support_all(test);
	for (i = 0; i < target_cdb_op_count; i++) {
		const struct target_cdb_op *op = &target_cdb_ops[i];

		for (byte = 1; byte < op->len; byte++) {
			for (bit = 0; bit < 8; bit++) {
				if (op->usage[byte] & 1 << bit || cdb_names_row(op, byte, bit) ||
				    cdb_is_naca(op, byte, bit))
					continue;
				cdb_reserved_bit(test, op, byte, bit);
				tried++;
			}
		}
	}
	/* CONTROL alone has seven in each row. */
	KUNIT_EXPECT_GT(test, tried, 7 * target_cdb_op_count);
}

/* 32 bytes: the length must be exact, and the bits of byte 1 are in byte 10. */
static void cdb_variable_length(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;
	u8 cdb[TCM_MAX_COMMAND_SIZE] = { 0x7f, [7] = 0x18, [9] = READ_32, [31] = 1 };

	FIX_EXPECT_REASON(test, target_cdb_parse(fix_cmd(f, cdb)), TCM_NO_SENSE);
	KUNIT_EXPECT_EQ(test, f->cmd.data_length, 512U);
	cdb[7] = 0x10;
	FIX_EXPECT_REASON(test, target_cdb_parse(fix_cmd(f, cdb)), TCM_INVALID_CDB_FIELD);
	fix_expect_field(test, &f->cmd, 7, 7);
	cdb[7] = 0x18;
	cdb[8] = 0x01;
	FIX_EXPECT_REASON(test, target_cdb_parse(fix_cmd(f, cdb)), TCM_INVALID_CDB_FIELD);
	fix_expect_field(test, &f->cmd, 8, 7);
	cdb[8] = 0;
	cdb[10] = 0x18;
	f->dev.dev_attrib.emulate_write_cache = true;
	FIX_EXPECT_REASON(test, target_cdb_parse(fix_cmd(f, cdb)), TCM_NO_SENSE);
	KUNIT_EXPECT_TRUE(test, f->cmd.se_cmd_flags & SCF_FUA);
	cdb[10] = 0x20;
	FIX_EXPECT_REASON(test, target_cdb_parse(fix_cmd(f, cdb)), TCM_INVALID_CDB_FIELD);
	fix_expect_field(test, &f->cmd, 10, 7);
	f->dev.dev_attrib.strict_cdb = false;
	FIX_EXPECT_REASON(test, target_cdb_parse(fix_cmd(f, cdb)), TCM_INVALID_CDB_FIELD);
	fix_expect_field(test, &f->cmd, 10, 7);
	cdb[10] = 0;
	cdb[1] = TARGET_CDB_NACA;
	FIX_EXPECT_REASON(test, target_cdb_parse(fix_cmd(f, cdb)), TCM_NO_SENSE);
}

/* Of several the first byte is named, and its highest bit. */
static void cdb_reserved_first(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;
	static const u8 cdb[10] = { 0x28, 0x01, 0, 0, 0, 0, 0xc0, 0, 0, 0x08 };
	static const u8 second[10] = { 0x28, 0, 0, 0, 0, 0, 0xc0, 0, 0, 0x08 };

	FIX_EXPECT_REASON(test, target_cdb_parse(fix_cmd(f, cdb)), TCM_INVALID_CDB_FIELD);
	fix_expect_field(test, &f->cmd, 1, 0);
	FIX_EXPECT_REASON(test, target_cdb_parse(fix_cmd(f, second)), TCM_INVALID_CDB_FIELD);
	fix_expect_field(test, &f->cmd, 6, 7);
}

/* strict_cdb off: reserved bits pass, protection doesn't. */
static void cdb_lenient(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;
	static const u8 reserved[10] = { 0x28, 0x07, 0, 0, 0, 0, 0xc0, 0, 0, 0xc0 };
	static const u8 naca[10] = { 0x28, 0, 0, 0, 0, 0, 0, 0, 0, 0x04 };
	static const u8 protect[10] = { 0x28, 0x20 };
	static const u8 saving[6] = { 0x15, 0x11 };
	static const u8 power[6] = { 0x1b, 0, 0, 0, 0x40 };
	static const u8 load[6] = { 0x1b, 0, 0, 0, 0x02 };

	f->dev.dev_attrib.strict_cdb = false;
	FIX_EXPECT_REASON(test, target_cdb_parse(fix_cmd(f, reserved)), TCM_NO_SENSE);
	FIX_EXPECT_REASON(test, target_cdb_parse(fix_cmd(f, naca)), TCM_NO_SENSE);
	FIX_EXPECT_REASON(test, target_cdb_parse(fix_cmd(f, protect)), TCM_INVALID_CDB_FIELD);
	fix_expect_field(test, &f->cmd, 1, 7);
	FIX_EXPECT_REASON(test, target_cdb_parse(fix_cmd(f, saving)), TCM_INVALID_CDB_FIELD);
	fix_expect_field(test, &f->cmd, 1, 0);
	FIX_EXPECT_REASON(test, target_cdb_parse(fix_cmd(f, power)), TCM_INVALID_CDB_FIELD);
	fix_expect_field(test, &f->cmd, 4, 7);
	FIX_EXPECT_REASON(test, target_cdb_parse(fix_cmd(f, load)), TCM_INVALID_CDB_FIELD);
	fix_expect_field(test, &f->cmd, 4, 1);
}

static const struct cdb_number {
	const char	*name;
	u8		cdb[16];
	u64		lba;
	u32		blocks;
} cdb_numbers[] = {
	{ "READ(6), group bits masked", { 0x08, 0x1f, 0xab, 0xcd, 0x12 }, 0x1fabcd, 0x12 },
	{ "READ(6) of 0 is 256", { 0x08, 0, 0, 1, 0 }, 1, 256 },
	{ "WRITE(6) of 0 is 256", { 0x0a, 0, 0, 1, 0 }, 1, 256 },
	{ "READ(10) of 0 is 0", { 0x28 }, 0, 0 },
	{ "READ(10)", { 0x28, 0, 0x89, 0xab, 0xcd, 0xef, 0, 0x12, 0x34 }, 0x89abcdef, 0x1234 },
	{ "WRITE(12)", { 0xaa, 0, 0x89, 0xab, 0xcd, 0xef, 0x00, 0x12, 0x34, 0x56 },
	  0x89abcdef, 0x123456 },
	{ "WRITE(16)",
	  { 0x8a, 0, 0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef, 0, 0x7f, 0xff, 0xff },
	  0x0123456789abcdefULL, 0x7fffff },
	{ "VERIFY(16)", { 0x8f, 0, 0, 0, 0, 0x67, 0x89, 0xab, 0xcd, 0xef, 0xff, 0xff, 0xff, 0xff },
	  0x6789abcdefULL, 0xffffffff },
};

static void cdb_number_desc(const struct cdb_number *c, char *desc)
{
	strscpy(desc, c->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(cdb_number, cdb_numbers, cdb_number_desc);

static void cdb_extract(struct kunit *test)
{
	const struct cdb_number *c = test->param_value;
	struct scsi_fixture *f = test->priv;

	f->dev.blocks = U64_MAX;
	FIX_EXPECT_REASON(test, target_cdb_parse(fix_cmd(f, c->cdb)), TCM_NO_SENSE);
	KUNIT_EXPECT_EQ(test, f->cmd.t_task_lba, c->lba);
	KUNIT_EXPECT_EQ(test, f->cmd.t_task_nolb, c->blocks);
}

/* Of READ(16), on 64 blocks */
static const struct cdb_range {
	u64	lba;
	u32	blocks;
	bool	ok;
	u64	info;
} cdb_ranges[] = {
	{ 0, 64, true },
	{ 63, 1, true },
	{ 64, 0, true },
	{ 0, 65, false, 64 },
	{ 63, 2, false, 64 },
	{ 64, 1, false, 64 },
	{ 65, 0, false, 65 },
	{ 1ULL << 32, 1, false, 1ULL << 32 },
	{ U64_MAX, 1, false, U64_MAX },
	{ U64_MAX, 0xffffffff, false, U64_MAX },
	{ U64_MAX - 62, 63, false, U64_MAX - 62 },
	{ 0, 0xffffffff, false, 64 },
};

static void cdb_range_desc(const struct cdb_range *c, char *desc)
{
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "%llu blocks %u", c->lba, c->blocks);
}

KUNIT_ARRAY_PARAM(cdb_range, cdb_ranges, cdb_range_desc);

static void cdb_check_range(struct kunit *test)
{
	const struct cdb_range *c = test->param_value;
	struct scsi_fixture *f = test->priv;
	u8 cdb[16] = { 0x88 };

	put_unaligned_be64(c->lba, cdb + 2);
	put_unaligned_be32(c->blocks, cdb + 10);
	FIX_EXPECT_REASON(test, target_cdb_parse(fix_cmd(f, cdb)),
			  c->ok ? TCM_NO_SENSE : TCM_ADDRESS_OUT_OF_RANGE);
	KUNIT_EXPECT_EQ(test, f->cmd.sense_info_valid, !c->ok);
	KUNIT_EXPECT_EQ(test, f->cmd.sense_info, c->info);
}

static const struct cdb_residual {
	u32	length;
	u32	asked;
	u32	moved;
	u32	residual;
	u32	flags;
} cdb_residuals[] = {
	{ 0, 0, 0, 0, 0 },
	{ 512, 512, 512, 0, 0 },
	{ 512, 0, 0, 512, SCF_OVERFLOW_BIT },
	{ 0, 512, 0, 512, SCF_UNDERFLOW_BIT },
	{ 1024, 1000, 1000, 24, SCF_OVERFLOW_BIT },
	{ 36, 255, 36, 219, SCF_UNDERFLOW_BIT },
	{ U32_MAX, 1, 1, U32_MAX - 1, SCF_OVERFLOW_BIT },
	{ 1, U32_MAX, 1, U32_MAX - 1, SCF_UNDERFLOW_BIT },
};

static void cdb_residual_desc(const struct cdb_residual *c, char *desc)
{
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "%u of %u", c->length, c->asked);
}

KUNIT_ARRAY_PARAM(cdb_residual, cdb_residuals, cdb_residual_desc);

static void cdb_set_length(struct kunit *test)
{
	const struct cdb_residual *c = test->param_value;
	struct se_cmd *cmd = &((struct scsi_fixture *)test->priv)->cmd;

	/* What was there before is gone. */
	cmd->se_cmd_flags = SCF_OVERFLOW_BIT | SCF_UNDERFLOW_BIT | SCF_FUA;
	cmd->residual_count = 99;
	cmd->asked_length = c->asked;
	target_cmd_set_length(cmd, c->length);
	KUNIT_EXPECT_EQ(test, cmd->data_length, c->moved);
	KUNIT_EXPECT_EQ(test, cmd->residual_count, c->residual);
	KUNIT_EXPECT_EQ(test, cmd->se_cmd_flags, c->flags | SCF_FUA);
}

/* What a CDB moves against what the initiator expects, and where. */
static const struct cdb_expectation {
	const char		*name;
	u8			cdb[16];
	u32			asked;
	enum dma_data_direction	dir;
	bool			ok;
	u32			moved;
} cdb_expectations[] = {
	{ "READ as expected", { 0x28, [8] = 1 }, 512, DMA_FROM_DEVICE, true, 512 },
	{ "READ of more is cut", { 0x28, [8] = 2 }, 512, DMA_FROM_DEVICE, true, 512 },
	{ "READ of less", { 0x28, [8] = 1 }, 1024, DMA_FROM_DEVICE, true, 512 },
	{ "READ of odd bytes", { 0x28, [8] = 1 }, 100, DMA_FROM_DEVICE, true, 100 },
	{ "READ, nothing expected", { 0x28, [8] = 1 }, 0, DMA_NONE, true, 0 },
	{ "READ, data-out expected", { 0x28, [8] = 1 }, 512, DMA_TO_DEVICE, false },
	{ "WRITE as expected", { 0x2a, [8] = 1 }, 512, DMA_TO_DEVICE, true, 512 },
	{ "WRITE of less", { 0x2a, [8] = 1 }, 1024, DMA_TO_DEVICE, true, 512 },
	{ "WRITE of more", { 0x2a, [8] = 2 }, 512, DMA_TO_DEVICE, false },
	{ "WRITE, nothing sent", { 0x2a, [8] = 1 }, 0, DMA_NONE, false },
	{ "WRITE, data-in expected", { 0x2a, [8] = 1 }, 512, DMA_FROM_DEVICE, false },
	{ "WRITE of nothing", { 0x2a }, 512, DMA_FROM_DEVICE, true, 0 },
	{ "TEST UNIT READY, data expected", { 0x00 }, 512, DMA_FROM_DEVICE, true, 0 },
	{ "VERIFY of the medium", { 0x2f, [8] = 4 }, 0, DMA_NONE, true, 0 },
	{ "VERIFY of blocks", { 0x2f, 0x02, [8] = 4 }, 2048, DMA_TO_DEVICE, true, 2048 },
	{ "VERIFY of blocks, short", { 0x2f, 0x02, [8] = 4 }, 512, DMA_TO_DEVICE, false },
	{ "VERIFY of one block", { 0x2f, 0x06, [8] = 4 }, 512, DMA_TO_DEVICE, true, 512 },
	{ "SYNCHRONIZE CACHE", { 0x35, [8] = 4 }, 0, DMA_NONE, true, 0 },
	{ "READ CAPACITY(10)", { 0x25 }, 8, DMA_FROM_DEVICE, true, 8 },
	{ "INQUIRY", { 0x12, [4] = 36 }, 36, DMA_FROM_DEVICE, true, 36 },
	{ "INQUIRY, allocation is larger", { 0x12, [4] = 255 }, 36, DMA_FROM_DEVICE, true, 36 },
	{ "MODE SELECT, short", { 0x15, 0x10, [4] = 24 }, 12, DMA_TO_DEVICE, false },
};

static void cdb_expectation_desc(const struct cdb_expectation *c, char *desc)
{
	strscpy(desc, c->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(cdb_expectation, cdb_expectations, cdb_expectation_desc);

static void cdb_against_expectation(struct kunit *test)
{
	const struct cdb_expectation *c = test->param_value;
	struct scsi_fixture *f = test->priv;
	struct se_cmd *cmd = fix_cmd(f, c->cdb);

	cmd->unknown_data_length = false;
	cmd->asked_length = c->asked;
	cmd->data_direction = c->dir;
	FIX_EXPECT_REASON(test, target_cdb_parse(cmd),
			  c->ok ? TCM_NO_SENSE : TCM_INVALID_FIELD_IN_COMMAND_IU);
	if (c->ok)
		KUNIT_EXPECT_EQ(test, cmd->data_length, c->moved);
}

/* MAXIMUM TRANSFER LENGTH is what is taken: that much and no block more. */
static const struct cdb_max {
	const char	*name;
	u32		hw_max;
	u32		nents;
	u32		shift;
	u32		max;
} cdb_maxima[] = {
	{ "a length fits in 32 bits", 0xffffffff, 0, 9, 0x7fffff },
	{ "4 KiB blocks", 0xffffffff, 0, 12, 0xfffff },
	{ "no hardware limit", 0, 0, 9, 0x7fffff },
	{ "hardware", 16384, 0, 9, 16384 },
	{ "fabric", 0xffffffff, 4, 9, 4 * PAGE_SIZE / 512 },
	{ "fabric below hardware", 16384, 1, 12, PAGE_SIZE / 4096 },
	{ "hardware below fabric", 2, 256, 9, 2 },
};

static void cdb_max_desc(const struct cdb_max *c, char *desc)
{
	strscpy(desc, c->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(cdb_max, cdb_maxima, cdb_max_desc);

static void cdb_max_transfer(struct kunit *test)
{
	const struct cdb_max *c = test->param_value;
	struct scsi_fixture *f = test->priv;
	u8 cdb[16] = { 0x88 };

	f->dev.blocks = 1ULL << 40;
	f->dev.block_shift = c->shift;
	f->dev.dev_attrib.hw_max_sectors = c->hw_max;
	f->fabric.max_data_sg_nents = c->nents;
	KUNIT_EXPECT_EQ(test, target_sbc_max_transfer(&f->dev, &f->fabric), c->max);
	put_unaligned_be32(c->max, cdb + 10);
	FIX_EXPECT_REASON(test, target_cdb_parse(fix_cmd(f, cdb)), TCM_NO_SENSE);
	KUNIT_EXPECT_EQ(test, f->cmd.data_length, c->max << c->shift);
	put_unaligned_be32(c->max + 1, cdb + 10);
	FIX_EXPECT_REASON(test, target_cdb_parse(fix_cmd(f, cdb)), TCM_INVALID_CDB_FIELD);
	fix_expect_field(test, &f->cmd, 10, 7);
}

static const struct cdb_fua {
	const char	*name;
	u8		bits;
	bool		fua_write;
	bool		wce;
	bool		ok;
	bool		fua;
	u8		pointer;
} cdb_fuas[] = {
	{ "neither", 0x00, true, true, true, false },
	{ "FUA with a cache", 0x08, true, true, true, true },
	{ "FUA without a cache", 0x08, true, false, true, false },
	{ "DPO", 0x10, true, true, true, false },
	{ "both", 0x18, true, true, true, true },
	{ "FUA refused", 0x08, false, true, false, false, 3 },
	{ "DPO refused", 0x10, false, false, false, false, 4 },
	{ "neither, refused", 0x00, false, true, true, false },
};

static void cdb_fua_desc(const struct cdb_fua *c, char *desc)
{
	strscpy(desc, c->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(cdb_fua, cdb_fuas, cdb_fua_desc);

static void cdb_dpo_fua(struct kunit *test)
{
	const struct cdb_fua *c = test->param_value;
	struct scsi_fixture *f = test->priv;
	u8 cdb[10] = { 0x2a, c->bits };

	f->dev.dev_attrib.emulate_fua_write = c->fua_write;
	f->dev.dev_attrib.emulate_write_cache = c->wce;
	FIX_EXPECT_REASON(test, target_cdb_parse(fix_cmd(f, cdb)),
			  c->ok ? TCM_NO_SENSE : TCM_INVALID_CDB_FIELD);
	KUNIT_EXPECT_EQ(test, !!(f->cmd.se_cmd_flags & SCF_FUA), c->fua);
	if (!c->ok)
		fix_expect_field(test, &f->cmd, 1, c->pointer);
}

static const struct cdb_missing {
	u8	cdb[16];
	u32	reason;
} cdb_no_units[] = {
	{ { 0x00 }, (__force u32)TCM_NON_EXISTENT_LUN },
	{ { 0x03, [4] = 18 }, 0 },
	{ { 0x12, [4] = 36 }, 0 },
	{ { 0x12, 0x01, 0x00, [4] = 36 }, 0 },
	{ { 0x12, 0x01, 0x83, [4] = 36 }, (__force u32)TCM_INVALID_CDB_FIELD },
	{ { 0x28, [8] = 1 }, (__force u32)TCM_NON_EXISTENT_LUN },
	{ { 0xa0, [9] = 16 }, 0 },
	{ { 0xa3, 0x0c, [9] = 16 }, (__force u32)TCM_NON_EXISTENT_LUN },
	{ { 0x42 }, (__force u32)TCM_NON_EXISTENT_LUN },
};

static void cdb_missing_desc(const struct cdb_missing *c, char *desc)
{
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "%02x %02x %02x", c->cdb[0], c->cdb[1], c->cdb[2]);
}

KUNIT_ARRAY_PARAM(cdb_missing, cdb_no_units, cdb_missing_desc);

static void cdb_without_unit(struct kunit *test)
{
	const struct cdb_missing *c = test->param_value;
	struct scsi_fixture *f = test->priv;
	struct se_cmd *cmd = fix_cmd(f, c->cdb);

	fix_no_lun(cmd);
	KUNIT_EXPECT_EQ(test, (__force u32)target_cdb_parse(cmd), c->reason);
}

static void cdb_unknown(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;
	static const u8 read_long[10] = { 0x3e }, service[16] = { 0x9e, 0x1f };

	FIX_EXPECT_REASON(test, target_cdb_parse(fix_cmd(f, read_long)),
			  TCM_UNSUPPORTED_SCSI_OPCODE);
	KUNIT_EXPECT_PTR_EQ(test, f->cmd.op, NULL);
	FIX_EXPECT_REASON(test, target_cdb_parse(fix_cmd(f, service)), TCM_INVALID_CDB_FIELD);
	fix_expect_field(test, &f->cmd, 1, 4);
}

static void cdb_head_of_queue(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;
	static const u8 inquiry[6] = { 0x12 }, tur[6] = { 0x00 };

	FIX_EXPECT_REASON(test, target_cdb_parse(fix_cmd(f, inquiry)), TCM_NO_SENSE);
	KUNIT_EXPECT_EQ(test, f->cmd.sam_task_attr, TCM_HEAD_TAG);
	FIX_EXPECT_REASON(test, target_cdb_parse(fix_cmd(f, tur)), TCM_NO_SENSE);
	KUNIT_EXPECT_EQ(test, f->cmd.sam_task_attr, TCM_SIMPLE_TAG);
}

static u32 cdb_gate(struct scsi_fixture *f, const u8 *cdb)
{
	struct se_cmd *cmd = fix_cmd(f, cdb);
	sense_reason_t why = target_cdb_parse(cmd);

	return (__force u32)(why ?: target_cdb_gate(cmd));
}

/* Unit attention, then not ready, then write protection. */
static void cdb_gate_order(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;
	static const u8 write[10] = { 0x2a };
	struct target_sense sense;

	atomic_set(&f->dev.power, TARGET_POWER_STOPPED);
	f->dev.mode_swp = true;
	target_ua_set(&f->itl, TARGET_UA_MODE_CHANGED);
	KUNIT_EXPECT_EQ(test, cdb_gate(f, write),
			(__force u32)TCM_CHECK_CONDITION_UNIT_ATTENTION);
	target_sense_of_cmd(&sense, &f->cmd, TCM_CHECK_CONDITION_UNIT_ATTENTION);
	KUNIT_EXPECT_EQ(test, sense.key, UNIT_ATTENTION);
	KUNIT_EXPECT_EQ(test, sense.asc, 0x2a);
	KUNIT_EXPECT_EQ(test, sense.ascq, 0x01);
	KUNIT_EXPECT_FALSE(test, sense.sksv);
	KUNIT_EXPECT_EQ(test, cdb_gate(f, write), (__force u32)TCM_NOT_READY_STOPPED);
	atomic_set(&f->dev.power, TARGET_POWER_ACTIVE);
	KUNIT_EXPECT_EQ(test, cdb_gate(f, write), (__force u32)TCM_WRITE_PROTECTED);
	f->dev.mode_swp = false;
	KUNIT_EXPECT_EQ(test, cdb_gate(f, write), 0);
}

static void cdb_gate_write_protect(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;
	static const u8 write[10] = { 0x2a }, read[10] = { 0x28 };
	bool *bits[] = { &f->itl.read_only, &f->lun.lun_access_ro, &f->dev.mode_swp,
			 &f->dev.limits.read_only };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(bits); i++) {
		*bits[i] = true;
		KUNIT_EXPECT_EQ(test, cdb_gate(f, write), (__force u32)TCM_WRITE_PROTECTED);
		KUNIT_EXPECT_EQ(test, cdb_gate(f, read), 0);
		*bits[i] = false;
	}
}

/* INQUIRY, REPORT LUNS and REQUEST SENSE leave a unit attention pending (SAM-6 5.14). */
static void cdb_gate_attention(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;
	u8 cdb[TCM_MAX_COMMAND_SIZE];
	unsigned int i, passed = 0;

	for (i = 0; i < target_cdb_op_count; i++) {
		const struct target_cdb_op *op = &target_cdb_ops[i];

		f->itl.ua_pending = 0;
		target_ua_set(&f->itl, TARGET_UA_LUN_RESET);
		cdb_least(op, cdb);
		passed += !cdb_gate(f, cdb);
	}
	KUNIT_EXPECT_EQ(test, passed, 3);
}

/* With UA_INTLCK_CTRL a condition stays until it is fetched. */
static void cdb_gate_interlock(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;
	static const u8 tur[6] = { 0x00 };
	const u32 attention = (__force u32)TCM_CHECK_CONDITION_UNIT_ATTENTION;

	f->dev.dev_attrib.emulate_ua_intlck_ctrl = TARGET_UA_INTLCK_CTRL_NO_CLEAR;
	target_ua_set(&f->itl, TARGET_UA_LUN_RESET);
	KUNIT_EXPECT_EQ(test, cdb_gate(f, tur), attention);
	KUNIT_EXPECT_EQ(test, cdb_gate(f, tur), attention);
	f->dev.dev_attrib.emulate_ua_intlck_ctrl = TARGET_UA_INTLCK_CTRL_CLEAR;
	KUNIT_EXPECT_EQ(test, cdb_gate(f, tur), attention);
	KUNIT_EXPECT_EQ(test, cdb_gate(f, tur), 0);
}

static struct kunit_case cdb_cases[] = {
	KUNIT_CASE(cdb_least_is_accepted),
	KUNIT_CASE(cdb_reserved_bits),
	KUNIT_CASE(cdb_variable_length),
	KUNIT_CASE(cdb_reserved_first),
	KUNIT_CASE(cdb_lenient),
	KUNIT_CASE_PARAM(cdb_extract, cdb_number_gen_params),
	KUNIT_CASE_PARAM(cdb_check_range, cdb_range_gen_params),
	KUNIT_CASE_PARAM(cdb_set_length, cdb_residual_gen_params),
	KUNIT_CASE_PARAM(cdb_against_expectation, cdb_expectation_gen_params),
	KUNIT_CASE_PARAM(cdb_max_transfer, cdb_max_gen_params),
	KUNIT_CASE_PARAM(cdb_dpo_fua, cdb_fua_gen_params),
	KUNIT_CASE_PARAM(cdb_without_unit, cdb_missing_gen_params),
	KUNIT_CASE(cdb_unknown),
	KUNIT_CASE(cdb_head_of_queue),
	KUNIT_CASE(cdb_gate_order),
	KUNIT_CASE(cdb_gate_write_protect),
	KUNIT_CASE(cdb_gate_attention),
	KUNIT_CASE(cdb_gate_interlock),
	{ }
};

static struct kunit_suite cdb_suite = {
	.name = "target_core_cdb",
	.init = fix_init,
	.exit = fix_exit,
	.test_cases = cdb_cases,
};
kunit_test_suite(cdb_suite);
