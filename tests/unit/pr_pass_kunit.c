// SPDX-License-Identifier: GPL-2.0-only
/* PERSISTENT RESERVE as calls of a block device, which is made up. */
#include <compat/compat_pr.h>
#include "pr.h"
#include "pr_pass.h"
#include "scsi_fixture.h"

/* The last call, and what it returns. */
static struct pass_calls {
	const char	*name;
	u64		key;
	u64		new_key;
	u32		flags;
	enum pr_type	type;
	int		ret;
} pass_calls;

static int pass_called(const char *name, u64 key, u64 new_key, enum pr_type type, u32 flags)
{
	pass_calls.name = name;
	pass_calls.key = key;
	pass_calls.new_key = new_key;
	pass_calls.type = type;
	pass_calls.flags = flags;
	return pass_calls.ret;
}

static int pass_register(struct block_device *bdev, u64 old_key, u64 new_key, u32 flags)
{
	return pass_called("register", old_key, new_key, 0, flags);
}

static int pass_reserve(struct block_device *bdev, u64 key, enum pr_type type, u32 flags)
{
	return pass_called("reserve", key, 0, type, flags);
}

static int pass_release(struct block_device *bdev, u64 key, enum pr_type type)
{
	return pass_called("release", key, 0, type, 0);
}

static int pass_preempt(struct block_device *bdev, u64 old_key, u64 new_key, enum pr_type type,
			bool abort)
{
	return pass_called(abort ? "abort" : "preempt", old_key, new_key, type, 0);
}

static const struct pr_ops pass_pr_ops = {
	.pr_register	= pass_register,
	.pr_reserve	= pass_reserve,
	.pr_release	= pass_release,
	.pr_preempt	= pass_preempt,
};

static const struct block_device_operations pass_fops = { .pr_ops = &pass_pr_ops };
static struct gendisk pass_disk = { .fops = &pass_fops };
static struct block_device pass_bdev = { .bd_disk = &pass_disk };

static struct block_device *pass_device(const struct se_device *dev)
{
	return &pass_bdev;
}

static int pass_init(struct kunit *test)
{
	struct scsi_fixture *f;
	int err = fix_init(test);

	if (err)
		return err;
	f = test->priv;
	f->backend.pr_device = pass_device;
	f->dev.dev_attrib.emulate_pr = true;
	f->dev.dev_attrib.pgr_support = false;
	pass_calls = (struct pass_calls){ };
	return 0;
}

static const struct pass_case {
	const char	*name;
	u8		action;
	u8		scope_type;
	u8		flags;		/* byte 20 of the list */
	u8		len;
	int		ret;
	u8		status;
	const char	*call;
	enum pr_type	type;
	u32		call_flags;
	u8		asc;
} pass_cases[] = {
	{ "register", TARGET_PR_REGISTER, .len = 24, .call = "register" },
	{ "register, kept", TARGET_PR_REGISTER, .flags = 0x01, .len = 24, .call = "register" },
	{ "register and ignore", TARGET_PR_REGISTER_IGNORE, .len = 24, .call = "register",
	  .call_flags = PR_FL_IGNORE_KEY },
	{ "reserve", TARGET_PR_RESERVE, 0x05, .len = 24, .call = "reserve",
	  .type = PR_WRITE_EXCLUSIVE_REG_ONLY },
	{ "release", TARGET_PR_RELEASE, 0x08, .len = 24, .call = "release",
	  .type = PR_EXCLUSIVE_ACCESS_ALL_REGS },
	{ "preempt", TARGET_PR_PREEMPT, 0x01, .len = 24, .call = "preempt",
	  .type = PR_WRITE_EXCLUSIVE },
	{ "preempt and abort", TARGET_PR_PREEMPT_AND_ABORT, 0x03, .len = 24, .call = "abort",
	  .type = PR_EXCLUSIVE_ACCESS },
	{ "conflict", TARGET_PR_RESERVE, 0x01, .len = 24, .ret = PR_STS_RESERVATION_CONFLICT,
	  .status = SAM_STAT_RESERVATION_CONFLICT, .call = "reserve", .type = PR_WRITE_EXCLUSIVE },
	{ "no path", TARGET_PR_RESERVE, 0x01, .len = 24, .ret = 0x10000,
	  .status = SAM_STAT_CHECK_CONDITION, .call = "reserve", .type = PR_WRITE_EXCLUSIVE,
	  .asc = 0x08 },
	{ "a call that is missing", TARGET_PR_CLEAR, .len = 24,
	  .status = SAM_STAT_CHECK_CONDITION, .asc = 0x24 },
	{ "a type that is none", TARGET_PR_RESERVE, 0x02, .len = 24,
	  .status = SAM_STAT_CHECK_CONDITION, .asc = 0x24 },
	{ "another scope", TARGET_PR_RESERVE, 0x21, .len = 24,
	  .status = SAM_STAT_CHECK_CONDITION, .asc = 0x24 },
	{ "for others", TARGET_PR_REGISTER, .flags = 0x08, .len = 24,
	  .status = SAM_STAT_CHECK_CONDITION, .asc = 0x26 },
	{ "for all ports", TARGET_PR_REGISTER, .flags = 0x04, .len = 24,
	  .status = SAM_STAT_CHECK_CONDITION, .asc = 0x26 },
	{ "more than a list", TARGET_PR_REGISTER, .len = 28,
	  .status = SAM_STAT_CHECK_CONDITION, .asc = 0x1a },
};

static void pass_case_desc(const struct pass_case *c, char *desc)
{
	strscpy(desc, c->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(pass_case, pass_cases, pass_case_desc);

static void pass_out(struct kunit *test)
{
	const struct pass_case *c = test->param_value;
	u8 cdb[10] = { PERSISTENT_RESERVE_OUT, c->action, c->scope_type, [8] = c->len };
	struct scsi_fixture *f = test->priv;

	memset(f->data, 0, c->len);
	put_unaligned_be64(0x1122334455667788, f->data);
	put_unaligned_be64(0x99aabbccddeeff00, f->data + 8);
	f->data[20] = c->flags;
	pass_calls.ret = c->ret;
	fix_run(test, fix_cmd(f, cdb));
	KUNIT_EXPECT_EQ(test, f->cmd.scsi_status, c->status);
	KUNIT_EXPECT_EQ(test, f->sense[12], c->asc);
	KUNIT_ASSERT_EQ(test, !pass_calls.name, !c->call);
	if (!c->call)
		return;
	KUNIT_EXPECT_STREQ(test, pass_calls.name, c->call);
	KUNIT_EXPECT_EQ(test, pass_calls.key, 0x1122334455667788);
	KUNIT_EXPECT_EQ(test, pass_calls.type, c->type);
	KUNIT_EXPECT_EQ(test, pass_calls.flags, c->call_flags);
}

/* What has no call is not there; what is the core's own is, once it is asked for. */
static void pass_supported(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;

	KUNIT_EXPECT_TRUE(test, target_pr_change_supported(&f->dev));
	KUNIT_EXPECT_FALSE(test, target_pr_read_supported(&f->dev));
	KUNIT_EXPECT_FALSE(test, target_pr_supported(&f->dev));
	f->dev.dev_attrib.emulate_pr = false;
	KUNIT_EXPECT_FALSE(test, target_pr_change_supported(&f->dev));
	f->dev.dev_attrib.emulate_pr = true;
	f->backend.pr_device = NULL;
	KUNIT_EXPECT_FALSE(test, target_pr_change_supported(&f->dev));
	f->dev.dev_attrib.pgr_support = true;
	KUNIT_EXPECT_TRUE(test, target_pr_read_supported(&f->dev));
}

static struct kunit_case pr_pass_kunit_cases[] = {
	KUNIT_CASE_PARAM(pass_out, pass_case_gen_params),
	KUNIT_CASE(pass_supported),
	{}
};

static struct kunit_suite pr_pass_kunit_suite = {
	.name		= "target_core_pr_pass",
	.init		= pass_init,
	.exit		= fix_exit,
	.test_cases	= pr_pass_kunit_cases,
};

kunit_test_suite(pr_pass_kunit_suite);
