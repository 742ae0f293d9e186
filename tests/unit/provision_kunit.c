// SPDX-License-Identifier: GPL-2.0-only
/* UNMAP, WRITE SAME and GET LBA STATUS against a unit in memory that knows which blocks it has. */
#include <linux/unaligned.h>
#include "provision.h"
#include "scsi_fixture.h"

#define PROV_BLOCK	512U

/* What the hooks were asked for; only one test runs at a time. */
static struct prov_state {
	u8		status[FIX_MEDIUM];	/* enum target_lba_status, 0 for mapped */
	unsigned int	unmaps;
	unsigned int	writes;
	u32		longest;
	u64		fail_at;		/* an unmap of this block fails */
	bool		later;			/* transfers end in another context */
	struct target_io *io;
	sense_reason_t	why;
	struct work_struct work;
} prov;

static void prov_later(struct work_struct *work)
{
	target_io_done(prov.io, prov.why);
}

static int prov_end(struct target_io *io, sense_reason_t why)
{
	prov.longest = max(prov.longest, io->blocks);
	if (!prov.later) {
		target_io_done(io, why);
		return 0;
	}
	prov.io = io;
	prov.why = why;
	schedule_work(&prov.work);
	return 0;
}

static int prov_unmap(struct target_io *io)
{
	struct scsi_fixture *f = fix_of_dev(io->dev);

	prov.unmaps++;
	if (prov.fail_at >= io->lba && prov.fail_at < io->lba + io->blocks) {
		io->err_lba = prov.fail_at;
		return prov_end(io, TCM_WRITE_ERROR);
	}
	memset(f->medium + io->lba * PROV_BLOCK, 0, io->blocks * PROV_BLOCK);
	memset(prov.status + io->lba, TARGET_LBA_DEALLOCATED, io->blocks);
	return prov_end(io, TCM_NO_SENSE);
}

static int prov_write_same(struct target_io *io)
{
	struct scsi_fixture *f = fix_of_dev(io->dev);
	u32 i;

	prov.writes++;
	for (i = 0; i < io->blocks; i++)
		sg_copy_to_buffer(io->sg, io->nents, f->medium + (io->lba + i) * PROV_BLOCK,
				  PROV_BLOCK);
	memset(prov.status + io->lba, 0, io->blocks);
	return prov_end(io, TCM_NO_SENSE);
}

static u32 prov_lba_status(struct se_device *dev, u64 lba, u32 blocks,
			   enum target_lba_status *status)
{
	u32 n = 1;

	*status = prov.status[lba] ?: TARGET_LBA_MAPPED;
	while (n < blocks && prov.status[lba + n] == prov.status[lba])
		n++;
	return n;
}

static int prov_init(struct kunit *test)
{
	struct scsi_fixture *f;
	int err = fix_init(test);

	if (err)
		return err;
	memset(&prov, 0, sizeof(prov));
	prov.fail_at = U64_MAX;
	INIT_WORK(&prov.work, prov_later);
	f = test->priv;
	memset(f->medium, 0xa5, FIX_MEDIUM * PROV_BLOCK);
	f->backend.unmap = prov_unmap;
	f->backend.write_same = prov_write_same;
	f->backend.lba_status = prov_lba_status;
	f->dev.blocks = FIX_MEDIUM;
	f->dev.dev_attrib.emulate_tpu = true;
	f->dev.dev_attrib.emulate_tpws = true;
	f->dev.dev_attrib.unmap_zeroes_data = true;
	f->dev.dev_attrib.max_unmap_lba_count = U32_MAX;
	f->dev.dev_attrib.max_unmap_block_desc_count = 4;
	f->dev.dev_attrib.max_write_same_len = 512;
	return 0;
}

/* Nothing is left of the command's work items when the next test clears the state. */
static void prov_exit(struct kunit *test)
{
	flush_work(&prov.work);
	fix_exit(test);
}

/* --- UNMAP ------------------------------------------------------------------------------- */

struct prov_desc {
	u64	lba;
	u32	blocks;
};

static const struct prov_list {
	const char	*name;
	u16		len;		/* PARAMETER LIST LENGTH */
	u16		data_len;
	u16		descs_len;
	struct prov_desc descs[6];
	u16		asc;		/* 0 is GOOD */
	s16		field;		/* byte that the field pointer names, -1 for none */
	u32		info;
	u32		extents;
	u32		unmapped;	/* blocks, in all */
} prov_lists[] = {
	{ "no list", .field = -1 },
	{ "a header alone", 8, 6, 0, .field = -1 },
	{ "less than a header", 7, 6, 0, .asc = 0x1a00, .field = -1 },
	{ "one", 24, 22, 16, { { 5, 3 } }, .field = -1, .extents = 1, .unmapped = 3 },
	{ "four, one of them empty", 72, 70, 64, { { 0, 1 }, { 1000, 24 }, { 7, 0 }, { 8, 8 } },
	  .field = -1, .extents = 3, .unmapped = 33 },
	{ "overlapping", 40, 38, 32, { { 0, 8 }, { 4, 8 } }, .field = -1, .extents = 2,
	  .unmapped = 12 },
	{ "none at the end", 24, 22, 16, { { 1024, 0 } }, .field = -1 },
	{ "none behind the end", 24, 22, 16, { { 1025, 0 } }, .asc = 0x2100, .field = -1,
	  .info = 1025 },
	{ "to the end", 24, 22, 16, { { 1023, 1 } }, .field = -1, .extents = 1, .unmapped = 1 },
	{ "beyond the end", 24, 22, 16, { { 1023, 2 } }, .asc = 0x2100, .field = -1, .info = 1024 },
	{ "beyond 64 bits", 24, 22, 16, { { U64_MAX, 2 } }, .asc = 0x2100, .field = -1 },
	{ "the last one is bad", 72, 70, 64, { { 0, 1 }, { 9, 1 }, { 20, 2 }, { 1024, 1 } },
	  .asc = 0x2100, .field = -1, .info = 1024 },
	{ "too many", 88, 86, 80, { { 0, 1 }, { 2, 1 }, { 4, 1 }, { 6, 1 }, { 8, 1 } },
	  .asc = 0x2600, .field = 2 },
	{ "a last one cut off by its length", 40, 38, 31, { { 0, 2 }, { 9, 1 } }, .field = -1,
	  .extents = 1, .unmapped = 2 },
	{ "one cut off by PARAMETER LIST LENGTH", 39, 38, 32, { { 0, 1 }, { 9, 1 } }, .field = -1,
	  .extents = 1, .unmapped = 1 },
	{ "all cut off by PARAMETER LIST LENGTH", 23, 38, 32, { { 0, 1 }, { 9, 1 } }, .field = -1 },
	{ "UNMAP DATA LENGTH is too short", 40, 37, 32, { { 0, 1 }, { 9, 1 } }, .asc = 0x2600,
	  .field = 2 },
	{ "PARAMETER LIST LENGTH is too long", 56, 38, 32, { { 0, 1 }, { 9, 1 } }, .field = -1,
	  .extents = 2, .unmapped = 2 },
};

static void prov_list_desc(const struct prov_list *c, char *desc)
{
	strscpy(desc, c->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(prov_list, prov_lists, prov_list_desc);

static void prov_put_list(u8 *p, const struct prov_list *c)
{
	unsigned int i;

	put_unaligned_be16(c->data_len, p);
	put_unaligned_be16(c->descs_len, p + 2);
	for (i = 0; i < ARRAY_SIZE(c->descs); i++) {
		put_unaligned_be64(c->descs[i].lba, p + 8 + 16 * i);
		put_unaligned_be32(c->descs[i].blocks, p + 16 + 16 * i);
	}
}

static u32 prov_count(enum target_lba_status status)
{
	u32 i, n = 0;

	for (i = 0; i < FIX_MEDIUM; i++)
		n += prov.status[i] == status;
	return n;
}

static void prov_expect_sense(struct kunit *test, u16 asc, int field, u32 info)
{
	struct scsi_fixture *f = test->priv;

	KUNIT_EXPECT_EQ(test, f->cmd.scsi_status, asc ? 2 : 0);
	if (!asc)
		return;
	KUNIT_EXPECT_EQ(test, get_unaligned_be16(f->sense + 12), asc);
	KUNIT_EXPECT_EQ(test, !!(f->sense[15] & 0x80), field >= 0);
	if (field >= 0)
		KUNIT_EXPECT_EQ(test, get_unaligned_be16(f->sense + 16), field);
	if (info)
		KUNIT_EXPECT_EQ(test, get_unaligned_be32(f->sense + 3), info);
}

static void prov_unmap_list(struct kunit *test)
{
	const struct prov_list *c = test->param_value;
	struct scsi_fixture *f = test->priv;
	u8 cdb[10] = { 0x42 };

	put_unaligned_be16(c->len, cdb + 7);
	prov_put_list(f->data, c);
	fix_run(test, fix_cmd(f, cdb));
	prov_expect_sense(test, c->asc, c->field, c->info);
	KUNIT_EXPECT_EQ(test, prov.unmaps, c->extents);
	KUNIT_EXPECT_EQ(test, prov_count(TARGET_LBA_DEALLOCATED), c->unmapped);
}

/* The total counts, not what one descriptor has. */
static void prov_unmap_limit(struct kunit *test)
{
	static const struct prov_list nine = {
		"nine", 40, 38, 32, { { 0, 4 }, { 100, 5 } },
	};
	struct scsi_fixture *f = test->priv;
	u8 cdb[10] = { 0x42, [8] = 40 };

	f->dev.dev_attrib.max_unmap_lba_count = 8;
	prov_put_list(f->data, &nine);
	fix_run(test, fix_cmd(f, cdb));
	prov_expect_sense(test, 0x2600, 8 + 16 + 8, 0);
	KUNIT_EXPECT_EQ(test, prov.unmaps, 0);
	f->dev.dev_attrib.max_unmap_lba_count = 9;
	fix_run_good(test, fix_cmd(f, cdb));
	KUNIT_EXPECT_EQ(test, prov_count(TARGET_LBA_DEALLOCATED), 9);
}

/* A failure ends it there, and says where; in whatever context the transfers end. */
static void prov_unmap_fails(struct kunit *test)
{
	static const struct prov_list three = {
		"three", 56, 54, 48, { { 0, 4 }, { 100, 4 }, { 200, 4 } },
	};
	struct scsi_fixture *f = test->priv;
	u8 cdb[10] = { 0x42, [8] = 56 };

	prov_put_list(f->data, &three);
	prov.fail_at = 102;
	fix_run(test, fix_cmd(f, cdb));
	prov_expect_sense(test, 0x0c00, -1, 102);
	KUNIT_EXPECT_EQ(test, prov_count(TARGET_LBA_DEALLOCATED), 4);
	prov.later = true;
	fix_run(test, fix_cmd(f, cdb));
	prov_expect_sense(test, 0x0c00, -1, 102);
	prov.fail_at = U64_MAX;
	fix_run_good(test, fix_cmd(f, cdb));
	KUNIT_EXPECT_EQ(test, prov_count(TARGET_LBA_DEALLOCATED), 12);
}

/* emulate_tpu 0 is LIO's default, and then there is no such command. */
static void prov_unmap_off(struct kunit *test)
{
	static const u8 cdb[10] = { 0x42, [8] = 24 }, anchor[10] = { 0x42, 0x01, [8] = 24 };
	struct scsi_fixture *f = test->priv;

	FIX_EXPECT_REASON(test, target_cdb_parse(fix_cmd(f, anchor)), TCM_INVALID_CDB_FIELD);
	fix_expect_field(test, &f->cmd, 1, 0);
	f->dev.dev_attrib.strict_cdb = false;
	FIX_EXPECT_REASON(test, target_cdb_parse(fix_cmd(f, anchor)), TCM_INVALID_CDB_FIELD);
	fix_expect_field(test, &f->cmd, 1, 0);
	f->dev.dev_attrib.emulate_tpu = false;
	FIX_EXPECT_REASON(test, target_cdb_parse(fix_cmd(f, cdb)), TCM_UNSUPPORTED_SCSI_OPCODE);
	f->dev.dev_attrib.emulate_tpu = true;
	f->backend.unmap = NULL;
	FIX_EXPECT_REASON(test, target_cdb_parse(fix_cmd(f, cdb)), TCM_UNSUPPORTED_SCSI_OPCODE);
}

/* --- WRITE SAME -------------------------------------------------------------------------- */

/* In CDBs of 10, 16 and 32 bytes. */
static void prov_ws_cdb(u8 *cdb, u8 len, u8 options, u64 lba, u32 blocks)
{
	memset(cdb, 0, 32);
	switch (len) {
	case 10:
		cdb[0] = 0x41;
		cdb[1] = options;
		put_unaligned_be32(lba, cdb + 2);
		put_unaligned_be16(blocks, cdb + 7);
		break;
	case 16:
		cdb[0] = 0x93;
		cdb[1] = options;
		put_unaligned_be64(lba, cdb + 2);
		put_unaligned_be32(blocks, cdb + 10);
		break;
	default:
		cdb[0] = 0x7f;
		cdb[7] = 0x18;
		cdb[9] = 0x0d;
		cdb[10] = options;
		put_unaligned_be64(lba, cdb + 12);
		put_unaligned_be32(blocks, cdb + 28);
	}
}

static const struct prov_same {
	const char	*name;
	u8		options;
	bool		zero;		/* the block is zeros */
	bool		no_lbprz;
	bool		no_wsnz;
	u64		lba;
	u32		blocks;
	bool		unmaps;
	u32		done;		/* blocks that it should have changed */
} prov_sames[] = {
	{ "one block", 0, false, .lba = 5, .blocks = 1, .done = 1 },
	{ "many", 0, false, .lba = 5, .blocks = 500, .done = 500 },
	{ "zeros are data", 0, true, .lba = 5, .blocks = 8, .done = 8 },
	{ "the end", 0, false, .lba = 1020, .blocks = 4, .done = 4 },
	{ "UNMAP of zeros", 8, true, .lba = 16, .blocks = 16, .unmaps = true, .done = 16 },
	{ "UNMAP of something", 8, false, .lba = 16, .blocks = 16, .done = 16 },
	{ "UNMAP, LBPRZ 0", 8, true, true, .lba = 16, .blocks = 16, .done = 16 },
	{ "to the end", 0, false, .no_wsnz = true, .lba = 1000, .done = 24 },
	{ "UNMAP to the end", 8, true, .no_wsnz = true, .lba = 1000, .unmaps = true, .done = 24 },
};

static void prov_same_desc(const struct prov_same *c, char *desc)
{
	strscpy(desc, c->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(prov_same, prov_sames, prov_same_desc);

static const u8 prov_ws_lengths[] = { 10, 16, 32 };

static void prov_fill(struct scsi_fixture *f, bool zero)
{
	unsigned int i;

	for (i = 0; i < PROV_BLOCK; i++)
		f->data[i] = zero ? 0 : i * 3 + 1;
	/* What lies behind the block is no part of it. */
	memset(f->data + PROV_BLOCK, 0x77, PROV_BLOCK);
	memset(f->medium, 0xa5, FIX_MEDIUM * PROV_BLOCK);
	memset(&prov.status, 0, sizeof(prov.status));
	prov.unmaps = 0;
	prov.writes = 0;
	prov.longest = 0;
}

static void prov_expect_same(struct kunit *test, const u8 *block, u64 lba, u32 blocks)
{
	struct scsi_fixture *f = test->priv;
	unsigned int i, bad = 0;

	for (i = 0; i < FIX_MEDIUM; i++) {
		const u8 *at = f->medium + i * PROV_BLOCK;

		if (i >= lba && i < lba + blocks)
			bad += !!memcmp(at, block, PROV_BLOCK);
		else
			bad += !!memchr_inv(at, 0xa5, PROV_BLOCK);
	}
	KUNIT_EXPECT_EQ(test, bad, 0);
}

static void prov_write_same_data(struct kunit *test)
{
	const struct prov_same *c = test->param_value;
	struct scsi_fixture *f = test->priv;
	unsigned int i;
	u8 cdb[32];

	f->dev.dev_attrib.unmap_zeroes_data = !c->no_lbprz;
	f->dev.dev_attrib.emulate_wsnz = !c->no_wsnz;
	for (i = 0; i < ARRAY_SIZE(prov_ws_lengths); i++) {
		prov_fill(f, c->zero);
		prov_ws_cdb(cdb, prov_ws_lengths[i], c->options, c->lba, c->blocks);
		fix_run_good(test, fix_cmd(f, cdb));
		KUNIT_EXPECT_EQ(test, f->cmd.data_length, PROV_BLOCK);
		KUNIT_EXPECT_EQ(test, !!prov.unmaps, c->unmaps);
		KUNIT_EXPECT_EQ(test, !!prov.writes, !c->unmaps);
		prov_expect_same(test, f->data, c->lba, c->done);
	}
}

/* NDOB: no data comes, zeros are written or blocks unmapped. */
static void prov_write_same_no_data(struct kunit *test)
{
	static u8 zeros[PROV_BLOCK];
	struct scsi_fixture *f = test->priv;
	unsigned int i;
	u8 cdb[32];

	for (i = 1; i < ARRAY_SIZE(prov_ws_lengths); i++) {
		prov_fill(f, false);
		prov_ws_cdb(cdb, prov_ws_lengths[i], 0x01, 7, 9);
		fix_run_good(test, fix_cmd(f, cdb));
		KUNIT_EXPECT_EQ(test, f->cmd.data_length, 0);
		KUNIT_EXPECT_EQ(test, prov_count(TARGET_LBA_DEALLOCATED), 0);
		prov_expect_same(test, zeros, 7, 9);
		prov_fill(f, false);
		prov_ws_cdb(cdb, prov_ws_lengths[i], 0x09, 7, 9);
		fix_run_good(test, fix_cmd(f, cdb));
		KUNIT_EXPECT_EQ(test, prov_count(TARGET_LBA_DEALLOCATED), 9);
		prov_expect_same(test, zeros, 7, 9);
	}
}

/* The backstore gets a chunk at a time, wherever the last one ended. */
static void prov_write_same_chunks(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;
	struct target_extent_job *job;
	u8 cdb[32];

	prov_fill(f, false);
	prov_ws_cdb(cdb, 16, 0, 0, 1);
	fix_cmd(f, cdb);
	for (prov.later = false; ; prov.later = true) {
		prov_fill(f, false);
		job = target_extent_alloc(&f->cmd, 2);
		KUNIT_ASSERT_NOT_NULL(test, job);
		job->extents[0] = (struct target_extent){ 3, 100 };
		job->extents[1] = (struct target_extent){ 103, 7 };
		job->count = 2;
		job->hook = prov_write_same;
		job->chunk = 8;
		job->sg = f->sg;
		job->nents = 1;
		init_completion(&f->sent);
		atomic_set(&f->cmd.state, TARGET_CMD_EXECUTING);
		target_extent_run(job);
		KUNIT_ASSERT_TRUE(test, wait_for_completion_timeout(&f->sent, 10 * HZ));
		kfree(f->cmd.scratch);
		f->cmd.scratch = NULL;
		KUNIT_EXPECT_EQ(test, f->cmd.scsi_status, 0);
		KUNIT_EXPECT_EQ(test, prov.longest, 8);
		KUNIT_EXPECT_EQ(test, prov.writes, 13 + 1);
		prov_expect_same(test, f->data, 3, 107);
		if (prov.later)
			break;
	}
}

static const struct prov_refusal {
	const char	*name;
	u8		len;
	u8		options;
	u64		lba;
	u32		blocks;
	u32		asked;		/* bytes the initiator sends, 0 for one block */
	bool		tpws;
	bool		lenient;
	sense_reason_t	reason;
	u8		byte;
	u8		bit;
} prov_refusals[] = {
	{ "ANCHOR", 10, 0x10, 0, 1, .tpws = true, .reason = TCM_INVALID_CDB_FIELD,
	  .byte = 1, .bit = 4 },
	{ "ANCHOR and UNMAP", 16, 0x18, 0, 1, .tpws = true, .reason = TCM_INVALID_CDB_FIELD,
	  .byte = 1, .bit = 4 },
	{ "ANCHOR, not strict", 32, 0x18, 0, 1, .tpws = true, .lenient = true,
	  .reason = TCM_INVALID_CDB_FIELD, .byte = 10, .bit = 4 },
	{ "UNMAP without tpws", 10, 0x08, 0, 1, .reason = TCM_INVALID_CDB_FIELD,
	  .byte = 1, .bit = 3 },
	{ "UNMAP without tpws", 32, 0x08, 0, 1, .reason = TCM_INVALID_CDB_FIELD,
	  .byte = 10, .bit = 3 },
	{ "PBDATA", 10, 0x04, 0, 1, .reason = TCM_INVALID_CDB_FIELD, .byte = 1, .bit = 2 },
	{ "LBDATA, not strict", 16, 0x02, 0, 1, .lenient = true, .reason = TCM_INVALID_CDB_FIELD,
	  .byte = 1, .bit = 1 },
	{ "WRPROTECT", 16, 0x20, 0, 1, .reason = TCM_INVALID_CDB_FIELD, .byte = 1, .bit = 7 },
	{ "NDOB in 10 bytes", 10, 0x01, 0, 1, .reason = TCM_INVALID_CDB_FIELD,
	  .byte = 1, .bit = 0 },
	{ "no blocks", 10, 0, 0, 0, .reason = TCM_INVALID_CDB_FIELD, .byte = 7, .bit = 7 },
	{ "no blocks", 16, 0, 0, 0, .reason = TCM_INVALID_CDB_FIELD, .byte = 10, .bit = 7 },
	{ "no blocks", 32, 0, 0, 0, .reason = TCM_INVALID_CDB_FIELD, .byte = 28, .bit = 7 },
	{ "too many", 16, 0, 0, 513, .reason = TCM_INVALID_CDB_FIELD, .byte = 10, .bit = 7 },
	{ "beyond the end", 16, 0, 1000, 25, .reason = TCM_ADDRESS_OUT_OF_RANGE },
	{ "beyond 64 bits", 16, 0, U64_MAX, 2, .reason = TCM_ADDRESS_OUT_OF_RANGE },
	{ "half a block", 16, 0, 0, 1, 256, .reason = TCM_INVALID_FIELD_IN_COMMAND_IU },
	{ "two blocks", 10, 0, 0, 1, 1024, .reason = TCM_INVALID_FIELD_IN_COMMAND_IU },
};

static void prov_refusal_desc(const struct prov_refusal *c, char *desc)
{
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "%s (%u)", c->name, c->len);
}

KUNIT_ARRAY_PARAM(prov_refusal, prov_refusals, prov_refusal_desc);

static void prov_write_same_refused(struct kunit *test)
{
	const struct prov_refusal *c = test->param_value;
	struct scsi_fixture *f = test->priv;
	struct se_cmd *cmd;
	u8 cdb[32];

	f->dev.dev_attrib.emulate_tpws = c->tpws;
	f->dev.dev_attrib.strict_cdb = !c->lenient;
	prov_ws_cdb(cdb, c->len, c->options, c->lba, c->blocks);
	cmd = fix_cmd(f, cdb);
	if (c->asked) {
		cmd->unknown_data_length = false;
		cmd->asked_length = c->asked;
	}
	FIX_EXPECT_REASON(test, target_cdb_parse(cmd), c->reason);
	if (c->byte)
		fix_expect_field(test, cmd, c->byte, c->bit);
}

/* With a count of zero allowed there is still a limit, and an end. */
static void prov_write_same_to_the_end(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;
	u8 cdb[32];

	f->dev.dev_attrib.emulate_wsnz = false;
	prov_ws_cdb(cdb, 16, 0, 511, 0);
	FIX_EXPECT_REASON(test, target_cdb_parse(fix_cmd(f, cdb)), TCM_INVALID_CDB_FIELD);
	fix_expect_field(test, &f->cmd, 10, 7);
	prov_ws_cdb(cdb, 16, 0, 512, 0);
	FIX_EXPECT_REASON(test, target_cdb_parse(fix_cmd(f, cdb)), TCM_NO_SENSE);
	KUNIT_EXPECT_EQ(test, f->cmd.t_task_nolb, 512);
	prov_ws_cdb(cdb, 16, 0, 1024, 0);
	FIX_EXPECT_REASON(test, target_cdb_parse(fix_cmd(f, cdb)), TCM_ADDRESS_OUT_OF_RANGE);
}

/* Reported as it is accepted. */
static void prov_write_same_usage(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;
	const struct target_cdb_op *op = target_cdb_row(0x93, 0);
	u8 usage[32];

	KUNIT_ASSERT_NOT_NULL(test, op);
	target_cdb_usage(op, &f->dev, &f->sess, usage);
	KUNIT_EXPECT_EQ(test, usage[1], 0x09);
	f->dev.dev_attrib.emulate_tpws = false;
	target_cdb_usage(op, &f->dev, &f->sess, usage);
	KUNIT_EXPECT_EQ(test, usage[1], 0x01);
	KUNIT_EXPECT_TRUE(test, target_cdb_device_has(&f->dev, 0x93, 0));
	f->dev.dev_attrib.max_write_same_len = 0;
	KUNIT_EXPECT_FALSE(test, target_cdb_device_has(&f->dev, 0x93, 0));
}

/* --- GET LBA STATUS ---------------------------------------------------------------------- */

/* Blocks 10 to 19 and 100 to 1023 are deallocated, 50 is anchored. */
static void prov_make_holes(void)
{
	memset(prov.status + 10, TARGET_LBA_DEALLOCATED, 10);
	prov.status[50] = TARGET_LBA_ANCHORED;
	memset(prov.status + 100, TARGET_LBA_DEALLOCATED, FIX_MEDIUM - 100);
}

static const struct prov_ask {
	const char	*name;
	u64		lba;
	u32		room;		/* ALLOCATION LENGTH */
	u32		scan;		/* SCAN LENGTH, in the long form */
	u8		report;
	u8		len;		/* of what comes */
	u8		header_len;	/* PARAMETER DATA LENGTH */
	u8		end;		/* byte 7 */
	struct {
		u32	lba;
		u32	blocks;
		u8	status;
	} descs[6];
} prov_asks[] = {
	{ "all", 0, 1000, .len = 104, .header_len = 100, .end = 0x07, .descs = {
		{ 0, 10, 0 }, { 10, 10, 1 }, { 20, 30, 0 }, { 50, 1, 2 }, { 51, 49, 0 },
		{ 100, 924, 1 } } },
	{ "from the middle", 60, 1000, .len = 40, .header_len = 36, .end = 0x07, .descs = {
		{ 60, 40, 0 }, { 100, 924, 1 } } },
	{ "one", 15, 24, .len = 24, .header_len = 20, .end = 0x03, .descs = { { 15, 5, 1 } } },
	{ "the last one", 1023, 24, .len = 24, .header_len = 20, .end = 0x07,
	  .descs = { { 1023, 1, 1 } } },
	{ "less than one", 15, 20, .len = 20, .header_len = 20, .end = 0x03,
	  .descs = { { 15, 5, 1 } } },
	{ "nothing", 15, 0, .len = 0 },
	{ "mapped", 0, 1000, 0, 2, .len = 56, .header_len = 52, .end = 0x07, .descs = {
		{ 0, 10, 3 }, { 20, 30, 3 }, { 51, 49, 3 } } },
	{ "all, exactly", 0, 40, 0, 1, .len = 40, .header_len = 36, .end = 0x03, .descs = {
		{ 0, 10, 3 }, { 10, 10, 1 } } },
	{ "deallocated", 0, 1000, 0, 3, .len = 40, .header_len = 36, .end = 0x07, .descs = {
		{ 10, 10, 1 }, { 100, 924, 1 } } },
	{ "anchored", 0, 1000, 0, 4, .len = 24, .header_len = 20, .end = 0x07,
	  .descs = { { 50, 1, 2 } } },
	{ "bad", 0, 1000, 0, 0x10, .len = 8, .header_len = 4, .end = 0x07 },
	{ "scan", 5, 1000, 10, .len = 40, .header_len = 36, .end = 0x05, .descs = {
		{ 5, 5, 0 }, { 10, 5, 1 } } },
	{ "scan to the end", 1000, 1000, 24, .len = 24, .header_len = 20, .end = 0x07,
	  .descs = { { 1000, 24, 1 } } },
	{ "scan beyond the end", 1000, 1000, 25, .len = 24, .header_len = 20, .end = 0x07,
	  .descs = { { 1000, 24, 1 } } },
};

static void prov_ask_desc(const struct prov_ask *c, char *desc)
{
	strscpy(desc, c->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(prov_ask, prov_asks, prov_ask_desc);

static void prov_status_cdb(u8 *cdb, bool is_long, const struct prov_ask *c)
{
	memset(cdb, 0, 32);
	if (is_long) {
		cdb[0] = 0x7f;
		cdb[7] = 0x18;
		cdb[9] = 0x12;
		cdb[10] = c->report;
		put_unaligned_be64(c->lba, cdb + 12);
		put_unaligned_be32(c->scan, cdb + 20);
		put_unaligned_be32(c->room, cdb + 28);
		return;
	}
	cdb[0] = 0x9e;
	cdb[1] = 0x12;
	put_unaligned_be64(c->lba, cdb + 2);
	put_unaligned_be32(c->room, cdb + 10);
	cdb[14] = c->report;
}

static void prov_expect_status(struct kunit *test, bool is_long)
{
	const struct prov_ask *c = test->param_value;
	struct scsi_fixture *f = test->priv;
	u8 cdb[32], want[128] = { [3] = c->header_len, [7] = c->end };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(c->descs); i++) {
		put_unaligned_be32(c->descs[i].lba, want + 8 + 16 * i + 4);
		put_unaligned_be32(c->descs[i].blocks, want + 8 + 16 * i + 8);
		want[8 + 16 * i + 12] = c->descs[i].status;
	}
	prov_make_holes();
	prov_status_cdb(cdb, is_long, c);
	fix_run_good(test, fix_cmd(f, cdb));
	KUNIT_EXPECT_EQ(test, f->cmd.data_length, c->len);
	for (i = 0; i < c->len; i++)
		KUNIT_EXPECT_EQ_MSG(test, f->data[i], want[i], "byte %u", i);
}

static void prov_status(struct kunit *test)
{
	const struct prov_ask *c = test->param_value;

	if (!c->scan)
		prov_expect_status(test, false);
	prov_expect_status(test, true);
}

static void prov_status_refused(struct kunit *test)
{
	const struct prov_ask end = { .lba = FIX_MEDIUM, .room = 24 };
	const struct prov_ask reserved = { .room = 24, .report = 5 };
	struct scsi_fixture *f = test->priv;
	u8 cdb[32];

	prov_status_cdb(cdb, false, &end);
	FIX_EXPECT_REASON(test, target_cdb_parse(fix_cmd(f, cdb)), TCM_ADDRESS_OUT_OF_RANGE);
	prov_status_cdb(cdb, false, &reserved);
	FIX_EXPECT_REASON(test, target_cdb_parse(fix_cmd(f, cdb)), TCM_INVALID_CDB_FIELD);
	fix_expect_field(test, &f->cmd, 14, 7);
	prov_status_cdb(cdb, true, &reserved);
	FIX_EXPECT_REASON(test, target_cdb_parse(fix_cmd(f, cdb)), TCM_INVALID_CDB_FIELD);
	fix_expect_field(test, &f->cmd, 10, 7);
	/* A unit that is not thin has nothing to say. */
	f->dev.dev_attrib.emulate_tpu = false;
	f->dev.dev_attrib.emulate_tpws = false;
	KUNIT_EXPECT_FALSE(test, target_cdb_device_has(&f->dev, 0x9e, 0x12));
}

static struct kunit_case prov_cases[] = {
	KUNIT_CASE_PARAM(prov_unmap_list, prov_list_gen_params),
	KUNIT_CASE(prov_unmap_limit),
	KUNIT_CASE(prov_unmap_fails),
	KUNIT_CASE(prov_unmap_off),
	KUNIT_CASE_PARAM(prov_write_same_data, prov_same_gen_params),
	KUNIT_CASE(prov_write_same_no_data),
	KUNIT_CASE(prov_write_same_chunks),
	KUNIT_CASE_PARAM(prov_write_same_refused, prov_refusal_gen_params),
	KUNIT_CASE(prov_write_same_to_the_end),
	KUNIT_CASE(prov_write_same_usage),
	KUNIT_CASE_PARAM(prov_status, prov_ask_gen_params),
	KUNIT_CASE(prov_status_refused),
	{ }
};

static struct kunit_suite prov_suite = {
	.name = "target_core_provision",
	.init = prov_init,
	.exit = prov_exit,
	.test_cases = prov_cases,
};
kunit_test_suite(prov_suite);
