// SPDX-License-Identifier: GPL-2.0-only
/* SANITIZE, CRYPTOGRAPHIC ERASE: the key goes and nothing else. */
#include <linux/unaligned.h>
#include "inquiry.h"
#include "power.h"
#include "sanitize.h"
#include "scsi_fixture.h"

/* What the hook was asked for; only one test runs at a time. */
static unsigned int sanitize_rekeys;
static int sanitize_error;

static int sanitize_crypto_erase(struct se_device *dev)
{
	if (sanitize_error)
		return sanitize_error;
	sanitize_rekeys++;
	return 0;
}

static int sanitize_init(struct kunit *test)
{
	int err = fix_init(test);
	struct scsi_fixture *f = test->priv;

	if (err)
		return err;
	sanitize_rekeys = 0;
	sanitize_error = 0;
	f->backend.crypto_erase = sanitize_crypto_erase;
	f->dev.limits.crypto_erase = true;
	memset(f->medium, 0x55, FIX_BLOCKS << FIX_SHIFT);
	return 0;
}

/* Additional sense code and qualifier, 0 for GOOD. */
static u16 sanitize_run(struct kunit *test, u8 options)
{
	struct scsi_fixture *f = test->priv;
	const u8 cdb[10] = { 0x48, options };

	fix_run(test, fix_cmd(f, cdb));
	return f->cmd.scsi_status ? get_unaligned_be16(f->sense + 12) : 0;
}

/* Also on a unit that can do nothing else of the kind; then it can be left, too. */
static void sanitize_crypto(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;

	KUNIT_EXPECT_EQ(test, sanitize_run(test, 0x03), 0);
	KUNIT_EXPECT_EQ(test, sanitize_rekeys, 1U);
	KUNIT_EXPECT_EQ(test, f->flushes, 1U);
	KUNIT_EXPECT_PTR_EQ(test, memchr_inv(f->medium, 0x55, FIX_BLOCKS << FIX_SHIFT), NULL);
	KUNIT_EXPECT_EQ(test, atomic_read(&f->dev.power) & TARGET_MEDIUM_STATES, 0);
	KUNIT_EXPECT_EQ(test, sanitize_run(test, 0x1f), 0);
}

/* A key that does not go leaves the medium closed, until one goes. */
static void sanitize_crypto_fails(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;

	sanitize_error = -ENOMEM;
	KUNIT_EXPECT_EQ(test, sanitize_run(test, 0x03), 0x3103);
	KUNIT_EXPECT_EQ(test, f->sense[2], 3);
	sanitize_error = 0;
	KUNIT_EXPECT_EQ(test, sanitize_run(test, 0x03), 0);
	sanitize_error = -ENOMEM;
	KUNIT_EXPECT_EQ(test, sanitize_run(test, 0x23), 0x3103);
	KUNIT_EXPECT_EQ(test, sanitize_run(test, 0x1f), 0);
	KUNIT_EXPECT_EQ(test, atomic_read(&f->dev.power) & TARGET_MEDIUM_STATES, 0);
}

/* Only where blocks are encrypted; page B1h says so. */
static void sanitize_crypto_supported(struct kunit *test)
{
	static const u8 cdb[10] = { 0x48, 0x03 };
	struct scsi_fixture *f = test->priv;

	target_vpd_build(&f->b, 0xb1, &f->dev, &f->lun);
	KUNIT_EXPECT_EQ(test, f->out[7], 0x10);
	f->dev.limits.crypto_erase = false;
	KUNIT_EXPECT_FALSE(test, target_sanitize_can_crypto_erase(&f->dev));
	FIX_EXPECT_REASON(test, target_cdb_parse(fix_cmd(f, cdb)), TCM_UNSUPPORTED_SCSI_OPCODE);
	target_buf_init(&f->b, f->out, sizeof(f->out));
	target_vpd_build(&f->b, 0xb1, &f->dev, &f->lun);
	KUNIT_EXPECT_EQ(test, f->out[7], 0);
	f->dev.limits.crypto_erase = true;
	f->backend.crypto_erase = NULL;
	KUNIT_EXPECT_FALSE(test, target_sanitize_can_crypto_erase(&f->dev));
}

static struct kunit_case sanitize_cases[] = {
	KUNIT_CASE(sanitize_crypto),
	KUNIT_CASE(sanitize_crypto_fails),
	KUNIT_CASE(sanitize_crypto_supported),
	{ }
};

static struct kunit_suite sanitize_suite = {
	.name = "target_core_sanitize",
	.init = sanitize_init,
	.exit = fix_exit,
	.test_cases = sanitize_cases,
};
kunit_test_suite(sanitize_suite);
