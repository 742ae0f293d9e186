// SPDX-License-Identifier: GPL-2.0-only
/* Unit attention conditions: one at a time, in order of precedence, per nexus. */
#include "scsi_fixture.h"

static const struct target_ua_code ua_in_order[] = {
	{ 0x29, 0x03 }, { 0x29, 0x07 }, { 0x28, 0x00 }, { 0x2a, 0x01 }, { 0x2a, 0x02 },
	{ 0x2a, 0x09 }, { 0x2a, 0x10 }, { 0x2c, 0x07 }, { 0x2c, 0x08 }, { 0x2c, 0x09 },
	{ 0x2f, 0x00 }, { 0x38, 0x07, 16 }, { 0x38, 0x07, 24 }, { 0x3f, 0x03 }, { 0x3f, 0x05 },
	{ 0x3f, 0x0e }, { 0x5d, 0xff },
};

static void ua_precedence(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;
	struct target_ua_code code;
	int ua;

	KUNIT_ASSERT_EQ(test, ARRAY_SIZE(ua_in_order), TARGET_UA_COUNT);
	/* Established in the opposite order. */
	for (ua = TARGET_UA_COUNT - 1; ua >= 0; ua--)
		target_ua_set(&f->itl, ua);
	for (ua = 0; ua < TARGET_UA_COUNT; ua++) {
		KUNIT_EXPECT_TRUE(test, target_ua_peek(&f->itl, &code));
		KUNIT_EXPECT_EQ(test, code.asc, ua_in_order[ua].asc);
		KUNIT_EXPECT_TRUE(test, target_ua_take(&f->itl, &code));
		KUNIT_EXPECT_EQ(test, code.asc, ua_in_order[ua].asc);
		KUNIT_EXPECT_EQ(test, code.ascq, ua_in_order[ua].ascq);
		KUNIT_EXPECT_EQ(test, code.info, ua_in_order[ua].info);
	}
	KUNIT_EXPECT_FALSE(test, target_ua_take(&f->itl, &code));
	KUNIT_EXPECT_FALSE(test, target_ua_peek(&f->itl, &code));
}

static void ua_once(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;
	struct target_ua_code code;

	target_ua_set(&f->itl, TARGET_UA_LUN_RESET);
	target_ua_set(&f->itl, TARGET_UA_LUN_RESET);
	KUNIT_EXPECT_TRUE(test, target_ua_take(&f->itl, &code));
	KUNIT_EXPECT_FALSE(test, target_ua_take(&f->itl, &code));
}

static void ua_withdrawn(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;
	struct target_ua_code code;

	target_ua_set(&f->itl, TARGET_UA_LUN_RESET);
	target_ua_set(&f->itl, TARGET_UA_LUNS_CHANGED);
	target_ua_clear(&f->itl, TARGET_UA_LUN_RESET);
	target_ua_clear(&f->itl, TARGET_UA_MODE_CHANGED);
	KUNIT_EXPECT_TRUE(test, target_ua_take(&f->itl, &code));
	KUNIT_EXPECT_EQ(test, code.asc, 0x3f);
	KUNIT_EXPECT_EQ(test, code.ascq, 0x0e);
}

/* Every nexus of every LUN of the unit, but one. */
static void ua_for_all(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;
	struct se_lun *lun = kunit_kzalloc(test, sizeof(*lun), GFP_KERNEL);
	struct target_itl same = { .dev = &f->dev, .lun = &f->lun };
	struct target_itl other = { .dev = &f->dev, .lun = lun };

	KUNIT_ASSERT_NOT_NULL(test, lun);
	spin_lock_init(&lun->itl_lock);
	INIT_LIST_HEAD(&lun->itls);
	list_add(&lun->dev_node, &f->dev.luns);
	list_add(&other.lun_node, &lun->itls);
	list_add(&same.lun_node, &f->lun.itls);

	target_ua_set_all(&f->dev, TARGET_UA_MODE_CHANGED, &f->itl);
	KUNIT_EXPECT_EQ(test, f->itl.ua_pending, 0UL);
	KUNIT_EXPECT_EQ(test, same.ua_pending, 1UL << TARGET_UA_MODE_CHANGED);
	KUNIT_EXPECT_EQ(test, other.ua_pending, 1UL << TARGET_UA_MODE_CHANGED);
	target_ua_set_all(&f->dev, TARGET_UA_LUN_RESET, NULL);
	KUNIT_EXPECT_EQ(test, f->itl.ua_pending, 1UL << TARGET_UA_LUN_RESET);

	list_del(&lun->dev_node);
	list_del(&same.lun_node);
}

static struct kunit_case ua_cases[] = {
	KUNIT_CASE(ua_precedence),
	KUNIT_CASE(ua_once),
	KUNIT_CASE(ua_withdrawn),
	KUNIT_CASE(ua_for_all),
	{ }
};

static struct kunit_suite ua_suite = {
	.name = "target_core_ua",
	.init = fix_init,
	.exit = fix_exit,
	.test_cases = ua_cases,
};
kunit_test_suite(ua_suite);
