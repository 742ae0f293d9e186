// SPDX-License-Identifier: GPL-2.0-only
/* SYNCHRONIZE CACHE, PRE-FETCH and deferred errors. */
#include <linux/unaligned.h>
#include "deferred.h"
#include "sbc.h"
#include "scsi_fixture.h"
#include "spc.h"

static void cache_sync(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;
	static const u8 ten[10] = { 0x35 }, sixteen[16] = { 0x91, [13] = 64 };
	static const u8 beyond[16] = { 0x91, [9] = 1, [13] = 64 };

	fix_run_good(test, fix_cmd(f, ten));
	fix_run_good(test, fix_cmd(f, sixteen));
	KUNIT_EXPECT_EQ(test, f->flushes, 2);
	FIX_EXPECT_REASON(test, target_cdb_parse(fix_cmd(f, beyond)), TCM_ADDRESS_OUT_OF_RANGE);
	/* No hook, no volatile cache: nothing to do, and done. */
	f->backend.flush = NULL;
	fix_run_good(test, fix_cmd(f, ten));
	KUNIT_EXPECT_EQ(test, f->flushes, 2);
}

/* A transfer that ends when the test says so. */
static struct target_io *cache_held;

static int cache_hold(struct target_io *io)
{
	cache_held = io;
	return 0;
}

static void cache_sync_range(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;
	static const u8 cdb[10] = { 0x35, 0x02, [5] = 8, [8] = 16 };

	f->backend.flush = cache_hold;
	fix_run_good(test, fix_cmd(f, cdb));
	/* The status has come; what it began goes on, and knows its range. */
	KUNIT_EXPECT_EQ(test, cache_held->lba, 8ULL);
	KUNIT_EXPECT_EQ(test, cache_held->blocks, 16U);
	target_io_done(cache_held, TCM_NO_SENSE);
	KUNIT_EXPECT_EQ(test, f->itl.ua_pending, 0UL);
}

static const struct cache_error {
	const char	*name;
	sense_reason_t	why;
	bool		descriptor;
	u8		key;
	u16		asc;
	bool		info;
} cache_errors[] = {
	{ "medium", TCM_WRITE_ERROR, false, MEDIUM_ERROR, 0x0c00, true },
	{ "medium, descriptor format", TCM_WRITE_ERROR, true, MEDIUM_ERROR, 0x0c00, true },
	{ "space", TCM_SPACE_ALLOCATION_FAILED, false, DATA_PROTECT, 0x2707, false },
	{ "no sense data of its own", TCM_LUN_BUSY, false, HARDWARE_ERROR, 0x4400, false },
};

static void cache_error_desc(const struct cache_error *c, char *desc)
{
	strscpy(desc, c->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(cache_error, cache_errors, cache_error_desc);

static void cache_expect_deferred(struct kunit *test, const struct cache_error *c, const u8 *sense)
{
	if (c->descriptor) {
		KUNIT_EXPECT_EQ(test, sense[0], 0x73);
		KUNIT_EXPECT_EQ(test, sense[1], c->key);
		KUNIT_EXPECT_EQ(test, get_unaligned_be16(sense + 2), c->asc);
		KUNIT_EXPECT_EQ(test, get_unaligned_be64(sense + 12), 21ULL);
		return;
	}
	KUNIT_EXPECT_EQ(test, sense[0], c->info ? 0xf1 : 0x71);
	KUNIT_EXPECT_EQ(test, sense[2], c->key);
	KUNIT_EXPECT_EQ(test, get_unaligned_be16(sense + 12), c->asc);
	if (c->info)
		KUNIT_EXPECT_EQ(test, get_unaligned_be32(sense + 3), 21U);
}

static void cache_fail(struct kunit *test, sense_reason_t why)
{
	struct scsi_fixture *f = test->priv;
	static const u8 cdb[16] = { 0x91, 0x02 };

	f->backend.flush = cache_hold;
	fix_run_good(test, fix_cmd(f, cdb));
	cache_held->err_lba = 21;
	target_io_done(cache_held, why);
}

/* The next command fails and does nothing, and the one after it knows nothing of it. */
static void cache_sync_fails(struct kunit *test)
{
	const struct cache_error *c = test->param_value;
	struct scsi_fixture *f = test->priv;
	static const u8 write[10] = { 0x2a, [8] = 1 };

	f->dev.mode_d_sense = c->descriptor;
	memset(f->data, 0x77, 512);
	cache_fail(test, c->why);
	fix_run(test, fix_cmd(f, write));
	KUNIT_EXPECT_EQ(test, f->cmd.scsi_status, 2);
	cache_expect_deferred(test, c, f->sense);
	KUNIT_EXPECT_EQ(test, f->medium[0], 0);
	fix_run_good(test, fix_cmd(f, write));
	KUNIT_EXPECT_EQ(test, f->medium[0], 0x77);
}

/* A unit attention comes first, and of two errors the later is told. */
static void cache_sync_fails_twice(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;
	static const u8 ready[6] = { 0x00 };

	cache_fail(test, TCM_SPACE_ALLOCATION_FAILED);
	target_deferred_set(&f->itl, kmemdup(&(struct target_deferred){ .why = TCM_WRITE_ERROR },
					     sizeof(struct target_deferred), GFP_KERNEL));
	target_ua_set(&f->itl, TARGET_UA_LUN_RESET);
	fix_run(test, fix_cmd(f, ready));
	KUNIT_EXPECT_EQ(test, get_unaligned_be16(f->sense + 12), 0x2903);
	KUNIT_EXPECT_EQ(test, f->sense[0], 0x70);
	fix_run(test, fix_cmd(f, ready));
	KUNIT_EXPECT_EQ(test, get_unaligned_be16(f->sense + 12), 0x0c00);
	KUNIT_EXPECT_EQ(test, f->sense[0], 0x71);
	fix_run_good(test, fix_cmd(f, ready));
}

static void cache_request_sense(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;
	static const u8 sense[6] = { 0x03, [4] = 18 };

	cache_fail(test, TCM_WRITE_ERROR);
	fix_run_good(test, fix_cmd(f, sense));
	cache_expect_deferred(test, &cache_errors[0], f->data);
	fix_run_good(test, fix_cmd(f, sense));
	KUNIT_EXPECT_EQ(test, f->data[0], 0x70);
	KUNIT_EXPECT_EQ(test, f->data[2], 0);
}

static void cache_prefetch(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;
	static const u8 all[10] = { 0x34 }, immed[16] = { 0x90, 0x02, [9] = 60, [13] = 4 };
	static const u8 beyond[16] = { 0x90, [9] = 61, [13] = 4 }, many[10] = { 0x34, [8] = 9 };

	fix_run_good(test, fix_cmd(f, all));
	fix_run_good(test, fix_cmd(f, immed));
	FIX_EXPECT_REASON(test, target_cdb_parse(fix_cmd(f, beyond)), TCM_ADDRESS_OUT_OF_RANGE);
	f->dev.dev_attrib.hw_max_sectors = 8;
	FIX_EXPECT_REASON(test, target_cdb_parse(fix_cmd(f, many)), TCM_INVALID_CDB_FIELD);
	fix_expect_field(test, &f->cmd, 7, 7);
	fix_run_good(test, fix_cmd(f, all));
}

static struct kunit_case cache_cases[] = {
	KUNIT_CASE(cache_sync),
	KUNIT_CASE(cache_sync_range),
	KUNIT_CASE_PARAM(cache_sync_fails, cache_error_gen_params),
	KUNIT_CASE(cache_sync_fails_twice),
	KUNIT_CASE(cache_request_sense),
	KUNIT_CASE(cache_prefetch),
	{ }
};

static struct kunit_suite cache_suite = {
	.name = "target_core_cache",
	.init = fix_init,
	.exit = fix_exit,
	.test_cases = cache_cases,
};
kunit_test_suite(cache_suite);
