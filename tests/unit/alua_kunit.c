// SPDX-License-Identifier: GPL-2.0-only
/* Groups: numbers, members, and what their files take. */
#include <linux/slab.h>
#include "alua_state.h"
#include "configfs.h"
#include "configfs_fixture.h"

#define ALUA_LUNS	3

struct alua_fixture {
	struct configfs_fixture		unit;	/* first: it is what test->priv is to the fixture */
	struct target_core_fabric_ops	tfo;
	struct se_portal_group		tpg;
	struct se_lun			luns[ALUA_LUNS];
	struct target_tg_pt_gp		*def;
};

static char *alua_get_wwn(struct se_portal_group *tpg)
{
	return "naa.5001405000000001";
}

static u16 alua_get_tag(struct se_portal_group *tpg)
{
	return 7;
}

static int alua_init(struct kunit *test)
{
	struct alua_fixture *f = kunit_kzalloc(test, sizeof(*f), GFP_KERNEL);
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, f);
	configfs_fixture_device(&f->unit);
	f->tfo.fabric_name = "unit";
	f->tfo.tpg_get_wwn = alua_get_wwn;
	f->tfo.tpg_get_tag = alua_get_tag;
	f->tpg.se_tpg_tfo = &f->tfo;
	for (i = 0; i < ALUA_LUNS; i++) {
		f->luns[i].unpacked_lun = i;
		f->luns[i].lun_tpg = &f->tpg;
		INIT_LIST_HEAD(&f->luns[i].tg_pt_gp_node);
		INIT_LIST_HEAD(&f->luns[i].itls);
		spin_lock_init(&f->luns[i].itl_lock);
	}
	f->def = target_tg_pt_gp_alloc(&f->unit.dev, "default_tg_pt_gp");
	KUNIT_ASSERT_NOT_NULL(test, f->def);
	f->unit.dev.configured = true;
	test->priv = f;
	return 0;
}

static void alua_exit(struct kunit *test)
{
	struct alua_fixture *f = test->priv;
	unsigned int i;

	for (i = 0; i < ALUA_LUNS; i++)
		target_tg_pt_gp_leave(&f->luns[i], &f->unit.dev);
	target_tg_pt_gp_free(f->def);
	target_lu_gp_leave(&f->unit.dev);
	configfs_fixture_exit(test);
}

static struct target_tg_pt_gp *alua_group(struct kunit *test, const char *name, int id)
{
	struct alua_fixture *f = test->priv;
	struct target_tg_pt_gp *gp = target_tg_pt_gp_alloc(&f->unit.dev, name);

	KUNIT_ASSERT_NOT_NULL(test, gp);
	if (id >= 0)
		KUNIT_ASSERT_EQ(test, target_tg_pt_gp_set_id(gp, id), 0);
	return gp;
}

static void tg_pt_gp_first_is_default(struct kunit *test)
{
	struct alua_fixture *f = test->priv;

	KUNIT_EXPECT_PTR_EQ(test, f->unit.dev.default_tg_pt_gp, f->def);
	KUNIT_EXPECT_TRUE(test, f->def->id_valid);
	KUNIT_EXPECT_EQ(test, f->def->id, 0);
	KUNIT_EXPECT_EQ(test, target_tg_pt_gp_set_id(f->def, 3), -EINVAL);
}

static void tg_pt_gp_numbers(struct kunit *test)
{
	struct target_tg_pt_gp *a = alua_group(test, "a", 0);
	struct target_tg_pt_gp *b = alua_group(test, "b", U16_MAX);
	struct target_tg_pt_gp *c = alua_group(test, "c", -1);

	KUNIT_EXPECT_EQ(test, a->id, 1);
	KUNIT_EXPECT_EQ(test, b->id, U16_MAX);
	KUNIT_EXPECT_EQ(test, target_tg_pt_gp_set_id(a, 2), -EINVAL);
	KUNIT_EXPECT_EQ(test, target_tg_pt_gp_set_id(c, 1), -EINVAL);
	KUNIT_EXPECT_FALSE(test, c->id_valid);
	KUNIT_EXPECT_EQ(test, target_tg_pt_gp_set_id(c, 0), 0);
	KUNIT_EXPECT_EQ(test, c->id, 2);
	target_tg_pt_gp_free(a);
	target_tg_pt_gp_free(b);
	target_tg_pt_gp_free(c);
}

static void tg_pt_gp_members(struct kunit *test)
{
	static const char first[] = "unit/naa.5001405000000001/tpgt_7/lun_0\n";
	static const char both[] = "unit/naa.5001405000000001/tpgt_7/lun_0\n\0"
				   "unit/naa.5001405000000001/tpgt_7/lun_1\n";
	struct alua_fixture *f = test->priv;
	struct target_tg_pt_gp *gp = alua_group(test, "gp", 5);
	char text[128];
	u16 id = 0;
	u8 tpgs = 0;

	KUNIT_EXPECT_EQ(test, target_tg_pt_gp_show_members(f->def, text, sizeof(text)), 0);
	KUNIT_EXPECT_FALSE(test, target_tg_pt_gp_of_lun(&f->luns[0], &f->unit.dev, &id, &tpgs));
	KUNIT_EXPECT_EQ(test, target_tg_pt_gp_join(&f->luns[0], &f->unit.dev, NULL), 0);
	KUNIT_EXPECT_EQ(test, target_tg_pt_gp_join(&f->luns[1], &f->unit.dev, NULL), 0);
	KUNIT_EXPECT_EQ(test, target_tg_pt_gp_show_members(f->def, text, sizeof(text)),
			(ssize_t)sizeof(both));
	KUNIT_EXPECT_EQ(test, memcmp(text, both, sizeof(both)), 0);

	KUNIT_EXPECT_EQ(test, target_tg_pt_gp_join(&f->luns[1], &f->unit.dev, "nobody"), -ENODEV);
	KUNIT_EXPECT_EQ(test, target_tg_pt_gp_join(&f->luns[1], &f->unit.dev, "gp"), 0);
	KUNIT_EXPECT_EQ(test, target_tg_pt_gp_show_members(f->def, text, sizeof(text)),
			(ssize_t)sizeof(first));
	KUNIT_EXPECT_EQ(test, memcmp(text, first, sizeof(first)), 0);
	KUNIT_EXPECT_TRUE(test, target_tg_pt_gp_of_lun(&f->luns[1], &f->unit.dev, &id, &tpgs));
	KUNIT_EXPECT_EQ(test, id, 5);
	KUNIT_EXPECT_EQ(test, tpgs, TARGET_TPGS_IMPLICIT | TARGET_TPGS_EXPLICIT);

	/* The group goes, its members do not. */
	target_tg_pt_gp_free(gp);
	KUNIT_EXPECT_PTR_EQ(test, f->luns[1].tg_pt_gp, f->def);
	KUNIT_EXPECT_EQ(test, target_tg_pt_gp_show_members(f->def, text, sizeof(text)),
			(ssize_t)sizeof(both));
}

/* A page holds whole lines. */
static void tg_pt_gp_members_end_with_the_page(struct kunit *test)
{
	struct alua_fixture *f = test->priv;
	char text[128];
	const ssize_t line = sizeof("unit/naa.5001405000000001/tpgt_7/lun_0\n");

	target_tg_pt_gp_join(&f->luns[0], &f->unit.dev, NULL);
	target_tg_pt_gp_join(&f->luns[1], &f->unit.dev, NULL);
	KUNIT_EXPECT_EQ(test, target_tg_pt_gp_show_members(f->def, text, 2 * line), 2 * line);
	KUNIT_EXPECT_EQ(test, target_tg_pt_gp_show_members(f->def, text, 2 * line - 1), line);
	KUNIT_EXPECT_EQ(test, target_tg_pt_gp_show_members(f->def, text, line - 1), 0);
}

static void tg_pt_gp_without_number_has_no_members(struct kunit *test)
{
	struct alua_fixture *f = test->priv;
	struct target_tg_pt_gp *gp = alua_group(test, "gp", -1);

	KUNIT_EXPECT_EQ(test, target_tg_pt_gp_join(&f->luns[0], &f->unit.dev, "gp"), -ENODEV);
	target_tg_pt_gp_free(gp);
}

static void tg_pt_gp_of_passthrough_has_no_members(struct kunit *test)
{
	struct alua_fixture *f = test->priv;

	f->unit.ops.flags = TARGET_BACKEND_PASSTHROUGH_ALUA;
	KUNIT_EXPECT_EQ(test, target_tg_pt_gp_join(&f->luns[0], &f->unit.dev, NULL), 0);
	KUNIT_EXPECT_NULL(test, f->luns[0].tg_pt_gp);
	KUNIT_EXPECT_EQ(test, target_tg_pt_gp_join(&f->luns[0], &f->unit.dev, "default_tg_pt_gp"),
			-ENODEV);
}

/* --- files of a group -------------------------------------------------------------- */

struct alua_write {
	const char	*name;
	const char	*text;
	int		err;		/* to the default group */
	const char	*want;
	int		unnumbered;	/* to a group without a number */
};

static const struct alua_write alua_writes[] = {
	{ "alua_access_state",		"0",	0,		"0\n",	-EINVAL },
	{ "alua_access_state",		"1",	0,		"1\n",	-EINVAL },
	{ "alua_access_state",		"2\n",	0,		"2\n",	-EINVAL },
	{ "alua_access_state",		"4",	-EINVAL,	"0\n",	-EINVAL },
	{ "alua_access_state",		"14",	0,		"14\n",	-EINVAL },
	{ "alua_access_state",		"5",	-EINVAL,	"0\n",	-EINVAL },
	{ "alua_access_state",		"15",	0,		"15\n",	-EINVAL },
	{ "alua_access_state",		"16",	-EINVAL,	"0\n",	-EINVAL },
	{ "alua_access_state",		"x",	-EINVAL,	"0\n",	-EINVAL },
	{ "alua_access_status",		"0",	0,		"None\n", -EINVAL },
	{ "alua_access_status",		"1",	0,	"Altered by Explicit STPG\n", -EINVAL },
	{ "alua_access_status",		"2",	0,	"Altered by Implicit ALUA\n", -EINVAL },
	{ "alua_access_status",		"3",	-EINVAL,	"None\n", -EINVAL },
	{ "alua_access_type",		"0",	0,		"None\n", 0 },
	{ "alua_access_type",		"1",	0,		"Implicit\n", 0 },
	{ "alua_access_type",		"2",	0,		"Explicit\n", 0 },
	{ "alua_access_type",		"3",	0,		"Implicit and Explicit\n", 0 },
	{ "alua_access_type",		"4",	-EINVAL, "Implicit and Explicit\n", -EINVAL },
	{ "alua_access_type",		"-1",	-EINVAL, "Implicit and Explicit\n", -EINVAL },
	{ "alua_support_transitioning",	"0",	0,		"0\n",	-EINVAL },
	{ "alua_support_offline",	"0",	0,		"0\n",	-EINVAL },
	{ "alua_support_unavailable",	"0",	0,		"0\n",	-EINVAL },
	{ "alua_support_standby",	"0",	0,		"0\n",	-EINVAL },
	{ "alua_support_active_optimized", "0",	0,		"0\n",	-EINVAL },
	{ "alua_support_active_nonoptimized", "0", 0,		"0\n",	-EINVAL },
	{ "alua_support_lba_dependent",	"0",	0,		"0\n",	-EINVAL },
	{ "alua_support_lba_dependent",	"1",	0,		"1\n",	-EINVAL },
	{ "alua_support_standby",	"1",	0,		"1\n",	-EINVAL },
	{ "alua_support_standby",	"2",	-EINVAL,	"1\n",	-EINVAL },
	{ "alua_support_standby",	"yes",	-EINVAL,	"1\n",	-EINVAL },
	{ "alua_write_metadata",	"0",	0,		"0\n",	0 },
	{ "alua_write_metadata",	"1",	0,		"1\n",	0 },
	{ "alua_write_metadata",	"2",	-EINVAL,	"0\n",	-EINVAL },
	{ "nonop_delay_msecs",		"10000", 0,		"10000\n", 0 },
	{ "nonop_delay_msecs",		"10001", -EINVAL,	"100\n", -EINVAL },
	{ "trans_delay_msecs",		"30000", 0,		"30000\n", 0 },
	{ "trans_delay_msecs",		"30001", -EINVAL,	"0\n",	-EINVAL },
	{ "implicit_trans_secs",	"255",	0,		"255\n", 0 },
	{ "implicit_trans_secs",	"256",	-EINVAL,	"0\n",	-EINVAL },
	{ "preferred",			"1",	0,		"1\n",	0 },
	{ "preferred",			"2",	-EINVAL,	"0\n",	-EINVAL },
	{ "tg_pt_gp_id",		"0",	-EINVAL,	"0\n",	0 },
	{ "tg_pt_gp_id",		"9",	-EINVAL,	"0\n",	0 },
	{ "tg_pt_gp_id",		"65536", -EINVAL,	"0\n",	-EINVAL },
	{ "tg_pt_gp_id",		"-1",	-EINVAL,	"0\n",	-EINVAL },
	{ "members",			"x",	-EACCES,	"",	-EACCES },
};

static void alua_write_desc(const struct alua_write *w, char *desc)
{
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "%s '%s'", w->name, w->text);
}

KUNIT_ARRAY_PARAM(alua_write, alua_writes, alua_write_desc);

static void tg_pt_gp_file(struct kunit *test)
{
	const struct alua_write *w = test->param_value;
	struct alua_fixture *f = test->priv;
	struct configfs_attribute **attrs = target_tg_pt_gp_type.ct_attrs;
	struct target_tg_pt_gp *gp = alua_group(test, "gp", -1);

	KUNIT_EXPECT_EQ(test, configfs_write(&f->unit, &f->def->group, attrs, w->name, w->text),
			w->err);
	KUNIT_EXPECT_STREQ(test, configfs_read(&f->unit, &f->def->group, attrs, w->name), w->want);
	KUNIT_EXPECT_EQ(test, configfs_write(&f->unit, &gp->group, attrs, w->name, w->text),
			w->unnumbered);
	target_tg_pt_gp_free(gp);
}

static void tg_pt_gp_state_needs_a_configured_device(struct kunit *test)
{
	struct alua_fixture *f = test->priv;

	f->unit.dev.configured = false;
	KUNIT_EXPECT_EQ(test, target_tg_pt_gp_set_state(f->def, TARGET_ALUA_AO), -ENODEV);
}

static void tg_pt_gp_state_needs_implicit(struct kunit *test)
{
	struct alua_fixture *f = test->priv;

	KUNIT_ASSERT_EQ(test, target_tg_pt_gp_set_access_type(f->def, TARGET_TPGS_EXPLICIT), 0);
	KUNIT_EXPECT_EQ(test, target_tg_pt_gp_set_state(f->def, TARGET_ALUA_AO), -EINVAL);
}

static void lun_secondary_state(struct kunit *test)
{
	static const char want[] =
		"TG Port Alias: default_tg_pt_gp\nTG Port Group ID: 0\n"
		"TG Port Primary Access State: Active/Optimized\n"
		"TG Port Primary Access Status: None\n"
		"TG Port Secondary Access State: None\n"
		"TG Port Secondary Access Status: Altered by Implicit ALUA\n";
	struct alua_fixture *f = test->priv;
	struct se_device *dev = &f->unit.dev;
	struct se_lun *lun = &f->luns[0];

	KUNIT_EXPECT_EQ(test, target_tg_pt_gp_show_lun(lun, dev, f->unit.page, PAGE_SIZE), 0);
	KUNIT_EXPECT_EQ(test, target_lun_set_alua_offline(lun, dev, 0), -EINVAL);
	target_tg_pt_gp_join(lun, dev, NULL);
	KUNIT_EXPECT_EQ(test, target_lun_set_alua_offline(lun, dev, 0), 0);
	KUNIT_EXPECT_EQ(test, target_lun_set_alua_offline(lun, dev, 1), 0);
	KUNIT_EXPECT_EQ(test, lun->alua_gate, TARGET_ALUA_OFFLINE);
	KUNIT_EXPECT_EQ(test, target_lun_set_alua_offline(lun, dev, 0), 0);
	KUNIT_EXPECT_EQ(test, lun->alua_gate, TARGET_ALUA_AO);
	KUNIT_EXPECT_EQ(test, target_lun_set_alua_offline(lun, dev, 2), -EINVAL);
	KUNIT_EXPECT_EQ(test, target_lun_set_alua_write_md(lun, dev, 0), 0);
	KUNIT_EXPECT_EQ(test, target_lun_set_alua_write_md(lun, dev, 1), 0);
	KUNIT_EXPECT_EQ(test, target_lun_set_alua_write_md(lun, dev, 0), 0);
	KUNIT_EXPECT_EQ(test, target_lun_set_alua_write_md(lun, dev, 2), -EINVAL);
	KUNIT_EXPECT_EQ(test, target_lun_set_alua_status(lun, dev, 3), -EINVAL);
	KUNIT_EXPECT_EQ(test, target_lun_set_alua_status(lun, dev, 2), 0);
	KUNIT_EXPECT_EQ(test, target_tg_pt_gp_show_lun(lun, dev, f->unit.page, PAGE_SIZE),
			(ssize_t)sizeof(want) - 1);
	KUNIT_EXPECT_STREQ(test, f->unit.page, want);
}

/* --- logical unit groups ------------------------------------------------------------ */

static void lu_gp_membership(struct kunit *test)
{
	struct alua_fixture *f = test->priv;
	struct se_device *dev = &f->unit.dev;
	struct target_lu_gp *gp = target_lu_gp_alloc("lu_gp_of_a_test");
	u16 id = 1;

	KUNIT_ASSERT_NOT_NULL(test, gp);
	config_group_init_type_name(&f->unit.hba.hba_group, "unit_0", NULL);
	KUNIT_EXPECT_FALSE(test, target_lu_gp_of_device(dev, &id));
	KUNIT_EXPECT_EQ(test, target_lu_gp_show_device(dev, f->unit.page, PAGE_SIZE), 0);
	KUNIT_EXPECT_EQ(test, target_lu_gp_join(dev, NULL), 0);
	KUNIT_EXPECT_TRUE(test, target_lu_gp_of_device(dev, &id));
	KUNIT_EXPECT_EQ(test, id, 0);

	KUNIT_EXPECT_EQ(test, target_lu_gp_join(dev, gp->name), -ENODEV);
	KUNIT_EXPECT_EQ(test, target_lu_gp_set_id(gp, 65000), 0);
	KUNIT_EXPECT_EQ(test, target_lu_gp_set_id(gp, 65001), -EINVAL);
	KUNIT_EXPECT_EQ(test, target_lu_gp_join(dev, gp->name), 0);
	KUNIT_EXPECT_GT(test, target_lu_gp_show_device(dev, f->unit.page, PAGE_SIZE), 0);
	KUNIT_EXPECT_STREQ(test, f->unit.page,
			   "LU Group Alias: lu_gp_of_a_test\nLU Group ID: 65000\n");
	KUNIT_EXPECT_GT(test, target_lu_gp_show_members(gp, f->unit.page, PAGE_SIZE), 0);
	KUNIT_EXPECT_STREQ(test, f->unit.page, "unit_0/a_very_long_device_name\n");
	KUNIT_EXPECT_EQ(test, target_lu_gp_show_members(gp, f->unit.page, 8), 0);

	target_lu_gp_free(gp);
	KUNIT_EXPECT_PTR_EQ(test, dev->lu_gp, target_default_lu_gp);
	target_lu_gp_leave(dev);
	target_lu_gp_leave(dev);
	KUNIT_EXPECT_FALSE(test, target_lu_gp_of_device(dev, &id));
}

static struct kunit_case alua_cases[] = {
	KUNIT_CASE(tg_pt_gp_first_is_default),
	KUNIT_CASE(tg_pt_gp_numbers),
	KUNIT_CASE(tg_pt_gp_members),
	KUNIT_CASE(tg_pt_gp_members_end_with_the_page),
	KUNIT_CASE(tg_pt_gp_without_number_has_no_members),
	KUNIT_CASE(tg_pt_gp_of_passthrough_has_no_members),
	KUNIT_CASE_PARAM(tg_pt_gp_file, alua_write_gen_params),
	KUNIT_CASE(tg_pt_gp_state_needs_a_configured_device),
	KUNIT_CASE(tg_pt_gp_state_needs_implicit),
	KUNIT_CASE(lun_secondary_state),
	KUNIT_CASE(lu_gp_membership),
	{}
};

static struct kunit_suite alua_suite = {
	.name = "target_core_alua",
	.init = alua_init,
	.exit = alua_exit,
	.test_cases = alua_cases,
};

kunit_test_suite(alua_suite);
