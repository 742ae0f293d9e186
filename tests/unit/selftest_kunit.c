// SPDX-License-Identifier: GPL-2.0-only
/* Self-tests and the diagnostic page: what they find, log, refuse and how they end. */
#include <linux/unaligned.h>
#include <linux/wait_bit.h>
#include "background.h"
#include "power.h"
#include "selftest.h"
#include "scsi_fixture.h"

#define SELFTEST_CHUNK	256	/* blocks */

static struct target_io *selftest_held;

/* A medium of four chunks. */
static int selftest_fix_init(struct kunit *test)
{
	int err = fix_init(test);
	struct scsi_fixture *f = test->priv;

	if (!err)
		f->dev.blocks = 4 * SELFTEST_CHUNK;
	selftest_held = NULL;
	return err;
}

/* A backstore that keeps a transfer until the test lets it go. */
static int selftest_hold_rw(struct target_io *io)
{
	WRITE_ONCE(selftest_held, io);
	return 0;
}

static void selftest_let_go(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;
	struct target_io *io = READ_ONCE(selftest_held);

	KUNIT_ASSERT_NOT_NULL(test, io);
	f->backend.execute_rw = fix_execute_rw;
	target_io_done(io, TCM_NO_SENSE);
	KUNIT_ASSERT_TRUE(test, wait_var_event_timeout(&f->dev.background,
						       !atomic_read(&f->dev.background), 10 * HZ));
}

static void selftest_send(struct kunit *test, u8 bits)
{
	struct scsi_fixture *f = test->priv;
	const u8 cdb[6] = { 0x1d, bits };

	fix_run(test, fix_cmd(f, cdb));
}

/* Value of a parameter of log page 10h, in f->data + 8. */
static const u8 *selftest_result(struct kunit *test, u8 number)
{
	struct scsi_fixture *f = test->priv;
	const u8 cdb[10] = { 0x4d, 0, 0x50, 0, 0, 0, number, 2, 0 };

	fix_run_good(test, fix_cmd(f, cdb));
	KUNIT_EXPECT_EQ(test, get_unaligned_be16(f->data + 4), number);
	return f->data + 8;
}

static const struct selftest_case {
	const char	*name;
	u8		bits;
	s64		fail_lba;	/* -1 for none */
	u16		sense;
	u8		result;		/* byte 0 of the newest result, 0 for none */
} selftest_cases[] = {
	{ "default", 0x04, -1, 0, 0x00 },
	{ "default, DEVOFFL and UNITOFFL", 0x07, -1, 0, 0x00 },
	{ "default fails", 0x04, 0, 0x3e03, 0x00 },
	{ "foreground short", 0xa0, -1, 0, 0xa0 },
	{ "foreground extended", 0xc0, -1, 0, 0xc0 },
	{ "foreground short fails at the end", 0xa0, 1023, 0x3e03, 0xa5 },
	{ "foreground extended fails", 0xc0, 700, 0x3e03, 0xc5 },
	{ "background short", 0x20, -1, 0, 0x20 },
	{ "background extended", 0x40, -1, 0, 0x40 },
	{ "background extended fails", 0x40, 700, 0, 0x45 },
};

static void selftest_case_desc(const struct selftest_case *c, char *desc)
{
	strscpy(desc, c->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(selftest, selftest_cases, selftest_case_desc);

static void selftest_run(struct kunit *test)
{
	const struct selftest_case *c = test->param_value;
	struct scsi_fixture *f = test->priv;
	const u8 *r;

	f->fail_lba = c->fail_lba;
	selftest_send(test, c->bits);
	KUNIT_EXPECT_EQ(test, f->cmd.scsi_status ? get_unaligned_be16(f->sense + 12) : 0, c->sense);
	KUNIT_ASSERT_TRUE(test, wait_var_event_timeout(&f->dev.background,
						       !atomic_read(&f->dev.background), 10 * HZ));
	KUNIT_EXPECT_EQ(test, atomic_read(&f->dev.power), 0);
	r = selftest_result(test, 1);
	KUNIT_EXPECT_EQ(test, r[0], c->result);
	if (!c->result)
		return;
	KUNIT_EXPECT_EQ(test, get_unaligned_be64(r + 4), c->fail_lba < 0 ? U64_MAX : c->fail_lba);
	KUNIT_EXPECT_EQ(test, r[12], c->fail_lba < 0 ? 0 : MEDIUM_ERROR);
	KUNIT_EXPECT_EQ(test, get_unaligned_be16(r + 13), c->fail_lba < 0 ? 0 : 0x1100);
}

/* The newest of 20 comes first; LOG SELECT forgets them. */
static void selftest_log(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;
	static const u8 reset[10] = { 0x4c, 0x02, 0xd0 };
	unsigned int i;

	for (i = 0; i < 21; i++)
		selftest_send(test, i & 1 ? 0xc0 : 0xa0);
	KUNIT_EXPECT_EQ(test, selftest_result(test, 1)[0], 0xa0);
	KUNIT_EXPECT_EQ(test, selftest_result(test, 2)[0], 0xc0);
	KUNIT_EXPECT_EQ(test, selftest_result(test, 20)[0], 0xc0);
	KUNIT_EXPECT_EQ(test, f->cmd.data_length, 4 + 20);
	fix_run_good(test, fix_cmd(f, reset));
	KUNIT_EXPECT_EQ(test, get_unaligned_be64(selftest_result(test, 1)), 0ULL);
}

/* While one runs: it is told, no other begins, and it can be aborted. */
static void selftest_in_background(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;
	static const u8 sense[6] = { 0x03, 0, 0, 0, 252 };

	f->backend.execute_rw = selftest_hold_rw;
	selftest_send(test, 0x40);
	KUNIT_EXPECT_EQ(test, f->cmd.scsi_status, 0);
	fix_run_good(test, fix_cmd(f, sense));
	KUNIT_EXPECT_EQ(test, f->data[2], NOT_READY);
	KUNIT_EXPECT_EQ(test, get_unaligned_be16(f->data + 12), 0x0409);
	KUNIT_EXPECT_EQ(test, f->data[15], 0x80);
	KUNIT_EXPECT_EQ(test, get_unaligned_be16(f->data + 16), 0);
	KUNIT_EXPECT_EQ(test, selftest_result(test, 1)[0], 0x4f);
	selftest_send(test, 0x20);
	KUNIT_EXPECT_EQ(test, get_unaligned_be16(f->sense + 12), 0x0409);
	selftest_send(test, 0x80);
	KUNIT_EXPECT_EQ(test, f->cmd.scsi_status, 0);
	selftest_let_go(test);
	KUNIT_EXPECT_EQ(test, selftest_result(test, 1)[0], 0x41);
	fix_run_good(test, fix_cmd(f, sense));
	KUNIT_EXPECT_EQ(test, f->data[2], NO_SENSE);
	/* There is none to abort any more. */
	selftest_send(test, 0x80);
	KUNIT_EXPECT_EQ(test, get_unaligned_be16(f->sense + 12), 0x2400);
	KUNIT_EXPECT_EQ(test, get_unaligned_be16(f->sense + 16), 1);
}

static void selftest_ends_when_stopped(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;
	static const u8 stop[6] = { 0x1b };

	f->backend.execute_rw = selftest_hold_rw;
	selftest_send(test, 0x20);
	fix_run_good(test, fix_cmd(f, stop));
	selftest_let_go(test);
	KUNIT_EXPECT_EQ(test, selftest_result(test, 1)[0], 0x22);
}

/* The last LUN goes: nobody waits for the rest of the medium. */
static void selftest_ends_with_the_unit(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;

	f->backend.execute_rw = selftest_hold_rw;
	selftest_send(test, 0x40);
	WRITE_ONCE(f->dev.background_stops, true);
	selftest_let_go(test);
	f->dev.background_stops = false;
	KUNIT_EXPECT_EQ(test, selftest_result(test, 1)[0], 0x42);
	/* With nothing in the background there is nothing to wait for. */
	target_background_stop(&f->dev);
}

/* In the foreground a test keeps all but three commands out. */
static void selftest_in_foreground(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;
	static const u8 tur[6] = { 0x00 }, inquiry[6] = { 0x12, 0, 0, 0, 36 };
	static const u8 mode[6] = { 0x1a, 0, 0x0a, 0, 36 };

	target_power_hold(&f->dev, TARGET_BUSY_SELF_TEST);
	fix_run(test, fix_cmd(f, tur));
	KUNIT_EXPECT_EQ(test, get_unaligned_be16(f->sense + 12), 0x0409);
	fix_run(test, fix_cmd(f, mode));
	KUNIT_EXPECT_EQ(test, get_unaligned_be16(f->sense + 12), 0x0409);
	fix_run_good(test, fix_cmd(f, inquiry));
	target_power_release(&f->dev, TARGET_BUSY_SELF_TEST);
	fix_run_good(test, fix_cmd(f, tur));
}

static const struct diag_refused {
	const char	*name;
	u8		cdb[6];
	u32		reason;
	u8		byte;
	u8		bit;
} diag_refusals[] = {
	{ "reserved code", { 0x1d, 0x60 }, (__force u32)TCM_INVALID_CDB_FIELD, 1, 7 },
	{ "other reserved code", { 0x1d, 0xe0 }, (__force u32)TCM_INVALID_CDB_FIELD, 1, 7 },
	{ "SELFTEST and a code", { 0x1d, 0x24 }, (__force u32)TCM_INVALID_CDB_FIELD, 1, 7 },
	{ "PF and a code", { 0x1d, 0x30 }, (__force u32)TCM_INVALID_CDB_FIELD, 1, 7 },
	{ "SELFTEST and a list", { 0x1d, 0x04, 0, 0, 4 }, (__force u32)TCM_INVALID_CDB_FIELD,
	  3, 7 },
	{ "code and a list", { 0x1d, 0x20, 0, 0, 4 }, (__force u32)TCM_INVALID_CDB_FIELD, 3, 7 },
	{ "list without PF", { 0x1d, 0x00, 0, 0, 4 }, (__force u32)TCM_INVALID_CDB_FIELD, 1, 4 },
	{ "list cut", { 0x1d, 0x10, 0, 0, 3 }, (__force u32)TCM_PARAMETER_LIST_LENGTH_ERROR },
	{ "page to receive", { 0x1c, 0x01, 0x01, 0, 4 }, (__force u32)TCM_INVALID_CDB_FIELD, 2, 7 },
};

static void diag_refused_desc(const struct diag_refused *c, char *desc)
{
	strscpy(desc, c->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(diag_refused, diag_refusals, diag_refused_desc);

static void diag_cdb_refused(struct kunit *test)
{
	const struct diag_refused *c = test->param_value;
	struct scsi_fixture *f = test->priv;

	KUNIT_EXPECT_EQ(test, (__force u32)target_cdb_parse(fix_cmd(f, c->cdb)), c->reason);
	if (c->reason == (__force u32)TCM_INVALID_CDB_FIELD)
		fix_expect_field(test, &f->cmd, c->byte, c->bit);
}

static void diag_pages(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;
	static const u8 send[6] = { 0x1d, 0x10, 0, 0, 4 }, nothing[6] = { 0x1d };
	static const u8 receive[6] = { 0x1c, 0x01, 0, 0, 255 }, plain[6] = { 0x1c, 0, 0, 0, 255 };
	static const u8 want[] = { 0x00, 0x00, 0x00, 0x01, 0x00 };

	fix_run_good(test, fix_cmd(f, nothing));
	memset(f->data, 0, 4);
	fix_run_good(test, fix_cmd(f, send));
	fix_run_good(test, fix_cmd(f, receive));
	KUNIT_EXPECT_EQ(test, f->cmd.data_length, sizeof(want));
	KUNIT_EXPECT_EQ(test, memcmp(f->data, want, sizeof(want)), 0);
	fix_run_good(test, fix_cmd(f, plain));
	KUNIT_EXPECT_EQ(test, f->cmd.data_length, sizeof(want));
	f->data[0] = 0x40;
	fix_run(test, fix_cmd(f, send));
	KUNIT_EXPECT_EQ(test, get_unaligned_be16(f->sense + 12), 0x2600);
	KUNIT_EXPECT_EQ(test, get_unaligned_be16(f->sense + 16), 0);
}

static struct kunit_case selftest_suite_cases[] = {
	KUNIT_CASE_PARAM(selftest_run, selftest_gen_params),
	KUNIT_CASE(selftest_log),
	KUNIT_CASE(selftest_in_background),
	KUNIT_CASE(selftest_ends_when_stopped),
	KUNIT_CASE(selftest_ends_with_the_unit),
	KUNIT_CASE(selftest_in_foreground),
	KUNIT_CASE_PARAM(diag_cdb_refused, diag_refused_gen_params),
	KUNIT_CASE(diag_pages),
	{ }
};

static struct kunit_suite selftest_suite = {
	.name = "target_core_selftest",
	.init = selftest_fix_init,
	.exit = fix_exit,
	.test_cases = selftest_suite_cases,
};
kunit_test_suite(selftest_suite);
