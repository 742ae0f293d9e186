// SPDX-License-Identifier: GPL-2.0-only
/* attrib/: what each file takes, when, and what it says. */
#include "configfs_fixture.h"

/* Every file, its default and its value once attrib_limits are known; "" is not writable. */
struct attrib_file {
	const char	*name;
	bool		writable;
	const char	*def;
	const char	*configured;
};

static const struct attrib_file attrib_files[] = {
	{ "alua_support",		true,	"1\n",	"1\n" },
	{ "atomic_alignment",		false,	"0\n",	"8\n" },
	{ "atomic_granularity",		false,	"0\n",	"16\n" },
	{ "atomic_max_boundary",	false,	"0\n",	"32\n" },
	{ "atomic_max_len",		false,	"0\n",	"64\n" },
	{ "atomic_max_with_boundary",	false,	"0\n",	"128\n" },
	{ "block_size",			true,	"0\n",	"512\n" },
	{ "complete_type",		true,	"0\n",	"0\n" },
	{ "emulate_3pc",		true,	"1\n",	"1\n" },
	{ "emulate_caw",		true,	"1\n",	"1\n" },
	{ "emulate_dpo",		true,	"1\n",	"1\n" },
	{ "emulate_fua_read",		true,	"1\n",	"1\n" },
	{ "emulate_fua_write",		true,	"1\n",	"1\n" },
	{ "emulate_model_alias",	true,	"0\n",	"0\n" },
	{ "emulate_pr",			true,	"1\n",	"1\n" },
	{ "emulate_rest_reord",		true,	"0\n",	"0\n" },
	{ "emulate_rsoc",		true,	"1\n",	"1\n" },
	{ "emulate_tas",		true,	"1\n",	"1\n" },
	{ "emulate_tpu",		true,	"0\n",	"0\n" },
	{ "emulate_tpws",		true,	"0\n",	"0\n" },
	{ "emulate_ua_intlck_ctrl",	true,	"0\n",	"0\n" },
	{ "emulate_write_cache",	true,	"0\n",	"0\n" },
	{ "emulate_wsnz",		true,	"1\n",	"1\n" },
	{ "enforce_pr_isids",		true,	"1\n",	"1\n" },
	{ "force_pr_aptpl",		true,	"0\n",	"0\n" },
	{ "hw_block_size",		false,	"0\n",	"512\n" },
	{ "hw_max_sectors",		false,	"0\n",	"4294967288\n" },
	{ "hw_pi_prot_type",		false,	"0\n",	"0\n" },
	{ "hw_queue_depth",		false,	"0\n",	"128\n" },
	{ "is_nonrot",			true,	"0\n",	"1\n" },
	{ "max_unmap_block_desc_count",	true,	"0\n",	"2\n" },
	{ "max_unmap_lba_count",	true,	"0\n",	"8192\n" },
	{ "max_write_same_len",		true,	"0\n",	"4096\n" },
	{ "optimal_sectors",		true,	"0\n",	"4294967288\n" },
	{ "pgr_support",		true,	"1\n",	"1\n" },
	{ "phys_block_size",		true,	"0\n",	"4096\n" },
	{ "pi_prot_format",		true,	"0\n",	"0\n" },
	{ "pi_prot_type",		true,	"0\n",	"0\n" },
	{ "pi_prot_verify",		true,	"0\n",	"0\n" },
	{ "queue_depth",		true,	"0\n",	"128\n" },
	{ "removable",			true,	"0\n",	"0\n" },
	{ "strict_cdb",			true,	"1\n",	"1\n" },
	{ "submit_type",		true,	"0\n",	"0\n" },
	{ "unmap_granularity",		true,	"0\n",	"1\n" },
	{ "unmap_granularity_alignment", true,	"0\n",	"3\n" },
	{ "unmap_zeroes_data",		true,	"0\n",	"1\n" },
	{ "vpd_eui64",			true,	"0\n",	"0\n" },
	{ "vpd_uuid",			true,	"0\n",	"0\n" },
	{ "emulate_pr_lost",		true,	"0\n",	"0\n" },
};

static const struct target_limits attrib_limits = {
	.blocks			= 32768,
	.block_size		= 512,
	.hw_max_sectors		= U32_MAX,
	.hw_queue_depth		= 128,
	.phys_exp		= 3,
	.max_unmap_blocks	= 8192,
	.max_unmap_descs	= 2,
	.unmap_granularity	= 1,
	.unmap_alignment	= 3,
	.max_write_same		= 4096,
	.atomic_alignment	= 8,
	.atomic_granularity	= 16,
	.atomic_max_boundary	= 32,
	.atomic_max_len		= 64,
	.atomic_max_with_boundary = 128,
	.unmap_zeroes		= true,
	.nonrot			= true,
};

/* The unit a write meets. */
enum attrib_state {
	FRESH		= 0,
	CONFIGURED	= 1 << 0,
	EXPORTED	= 1 << 1,	/* and configured */
	THIN		= 1 << 2,	/* the backstore can unmap */
	CACHED		= 1 << 3,	/* the medium has a volatile cache */
	SMALL		= 1 << 4,	/* the medium has one block */
};

struct attrib_write {
	const char		*name;
	unsigned int		state;
	const char		*text;
	int			err;
	const char		*want;	/* read afterwards */
};

static const struct attrib_write attrib_writes[] = {
	/* Booleans take what kstrtobool() takes. */
	{ "emulate_3pc",	FRESH,		"0",		0,		"0\n" },
	{ "emulate_3pc",	FRESH,		"n\n",		0,		"0\n" },
	{ "emulate_3pc",	FRESH,		"off",		0,		"0\n" },
	{ "emulate_3pc",	EXPORTED,	"0",		0,		"0\n" },
	{ "emulate_3pc",	FRESH,		"2",		-EINVAL,	"1\n" },
	{ "emulate_3pc",	FRESH,		"x",		-EINVAL,	"1\n" },
	{ "emulate_3pc",	FRESH,		" 0",		-EINVAL,	"1\n" },
	{ "emulate_3pc",	FRESH,		"-1",		-EINVAL,	"1\n" },
	{ "emulate_caw",	EXPORTED,	"0",		0,		"0\n" },
	{ "emulate_rsoc",	EXPORTED,	"0",		0,		"0\n" },
	{ "emulate_pr",		EXPORTED,	"0",		0,		"0\n" },
	{ "emulate_fua_write",	EXPORTED,	"0",		0,		"0\n" },
	{ "enforce_pr_isids",	EXPORTED,	"0",		0,		"0\n" },
	{ "is_nonrot",		EXPORTED,	"0",		0,		"0\n" },
	{ "emulate_wsnz",	EXPORTED,	"0",		0,		"0\n" },
	{ "strict_cdb",		EXPORTED,	"0",		0,		"0\n" },
	{ "strict_cdb",		EXPORTED,	"3",		-EINVAL,	"1\n" },
	{ "removable",		CONFIGURED,	"1",		0,		"1\n" },
	{ "removable",		EXPORTED,	"1",		-EINVAL,	"0\n" },
	{ "vpd_eui64",		CONFIGURED,	"1",		0,		"1\n" },
	{ "vpd_uuid",		EXPORTED,	"1",		-EINVAL,	"0\n" },
	{ "emulate_pr_lost",	EXPORTED,	"1",		-EINVAL,	"0\n" },
	/* Ignored, but not garbage. */
	{ "emulate_dpo",	FRESH,		"0",		0,		"1\n" },
	{ "emulate_dpo",	EXPORTED,	"1",		0,		"1\n" },
	{ "emulate_dpo",	FRESH,		"x",		-EINVAL,	"1\n" },
	{ "emulate_fua_read",	FRESH,		"0",		0,		"1\n" },
	{ "pi_prot_format",	FRESH,		"0",		0,		"0\n" },
	{ "pi_prot_format",	CONFIGURED,	"1",		-ENOSYS,	"0\n" },
	/* Not while exported. */
	{ "emulate_tas",	CONFIGURED,	"0",		0,		"0\n" },
	{ "emulate_tas",	EXPORTED,	"0",		-EINVAL,	"1\n" },
	{ "emulate_tas",	EXPORTED,	"1",		-EINVAL,	"1\n" },
	{ "force_pr_aptpl",	CONFIGURED,	"1",		0,		"1\n" },
	{ "force_pr_aptpl",	EXPORTED,	"1",		-EINVAL,	"0\n" },
	{ "emulate_model_alias", FRESH,		"1",		0,		"1\n" },
	{ "emulate_model_alias", EXPORTED,	"1",		-EINVAL,	"0\n" },
	{ "emulate_ua_intlck_ctrl", FRESH,	"1",		0,		"1\n" },
	{ "emulate_ua_intlck_ctrl", FRESH,	"2",		0,		"2\n" },
	{ "emulate_ua_intlck_ctrl", FRESH,	"3",		-EINVAL,	"0\n" },
	{ "emulate_ua_intlck_ctrl", EXPORTED,	"1",		-EINVAL,	"0\n" },
	{ "emulate_ua_intlck_ctrl", FRESH,	"256",		-ERANGE,	"0\n" },
	{ "emulate_ua_intlck_ctrl", FRESH,	"yes",		-EINVAL,	"0\n" },
	/* What the medium cannot do. */
	{ "emulate_tpu",	FRESH,		"1",		-ENOSYS,	"0\n" },
	{ "emulate_tpu",	CONFIGURED,	"1",		-ENOSYS,	"0\n" },
	{ "emulate_tpu",	CONFIGURED,	"0",		0,		"0\n" },
	{ "emulate_tpu",	CONFIGURED | THIN, "1",		0,		"1\n" },
	{ "emulate_tpu",	EXPORTED | THIN, "1",		0,		"1\n" },
	{ "emulate_tpws",	CONFIGURED,	"1",		-ENOSYS,	"0\n" },
	{ "emulate_tpws",	CONFIGURED | THIN, "1",		0,		"1\n" },
	{ "unmap_zeroes_data",	FRESH,		"1",		-ENOSYS,	"0\n" },
	{ "unmap_zeroes_data",	CONFIGURED | THIN, "0",		0,		"0\n" },
	{ "unmap_zeroes_data",	CONFIGURED | THIN, "1",		0,		"1\n" },
	{ "unmap_zeroes_data",	EXPORTED | THIN, "0",		-EINVAL,	"1\n" },
	{ "emulate_write_cache", CONFIGURED,	"1",		0,		"1\n" },
	{ "emulate_write_cache", EXPORTED,	"1",		0,		"1\n" },
	{ "emulate_write_cache", CONFIGURED | CACHED, "0",	-EINVAL,	"1\n" },
	{ "emulate_write_cache", CONFIGURED | CACHED, "1",	0,		"1\n" },
	{ "emulate_rest_reord",	FRESH,		"0",		0,		"0\n" },
	{ "emulate_rest_reord",	FRESH,		"1",		-ENOSYS,	"0\n" },
	{ "pi_prot_type",	FRESH,		"0",		0,		"0\n" },
	{ "pi_prot_type",	CONFIGURED,	"1",		-ENOSYS,	"0\n" },
	{ "pi_prot_type",	CONFIGURED,	"2",		-ENOSYS,	"0\n" },
	{ "pi_prot_type",	CONFIGURED,	"3",		-ENOSYS,	"0\n" },
	{ "pi_prot_type",	CONFIGURED,	"4",		-EINVAL,	"0\n" },
	{ "pi_prot_verify",	CONFIGURED,	"0",		0,		"0\n" },
	{ "pi_prot_verify",	CONFIGURED,	"1",		0,		"0\n" },
	{ "alua_support",	FRESH,		"1",		0,		"1\n" },
	{ "alua_support",	FRESH,		"0",		-ENOSYS,	"1\n" },
	{ "pgr_support",	EXPORTED,	"1",		0,		"1\n" },
	{ "pgr_support",	FRESH,		"0",		-ENOSYS,	"1\n" },
	/* Sizes. */
	{ "block_size",		FRESH,		"512",		-ENODEV,	"0\n" },
	{ "block_size",		CONFIGURED,	"512",		0,		"512\n" },
	{ "block_size",		CONFIGURED,	"1024",		0,		"1024\n" },
	{ "block_size",		CONFIGURED,	"2048",		0,		"2048\n" },
	{ "block_size",		CONFIGURED,	"0x1000",	0,		"4096\n" },
	{ "block_size",		CONFIGURED,	"8192",		-EINVAL,	"512\n" },
	{ "block_size",		CONFIGURED,	"256",		-EINVAL,	"512\n" },
	{ "block_size",		CONFIGURED,	"513",		-EINVAL,	"512\n" },
	{ "block_size",		CONFIGURED,	"0",		-EINVAL,	"512\n" },
	{ "block_size",		CONFIGURED,	"4294967296",	-ERANGE,	"512\n" },
	{ "block_size",		CONFIGURED,	"512 ",		-EINVAL,	"512\n" },
	{ "block_size",		EXPORTED,	"4096",		-EINVAL,	"512\n" },
	{ "block_size",		CONFIGURED | SMALL, "4096",	-EINVAL,	"512\n" },
	{ "phys_block_size",	FRESH,		"4096",		-ENODEV,	"0\n" },
	{ "phys_block_size",	CONFIGURED,	"512",		0,		"512\n" },
	{ "phys_block_size",	CONFIGURED,	"134217728",	0,		"134217728\n" },
	{ "phys_block_size",	CONFIGURED,	"268435456",	-EINVAL,	"4096\n" },
	{ "phys_block_size",	CONFIGURED,	"256",		-EINVAL,	"4096\n" },
	{ "phys_block_size",	CONFIGURED,	"4095",		-EINVAL,	"4096\n" },
	{ "phys_block_size",	CONFIGURED,	"0",		-EINVAL,	"4096\n" },
	{ "phys_block_size",	EXPORTED,	"512",		-EINVAL,	"4096\n" },
	{ "queue_depth",	FRESH,		"64",		-EINVAL,	"0\n" },
	{ "queue_depth",	CONFIGURED,	"64",		0,		"64\n" },
	{ "queue_depth",	CONFIGURED,	"128",		0,		"128\n" },
	{ "queue_depth",	CONFIGURED,	"129",		-EINVAL,	"128\n" },
	{ "queue_depth",	CONFIGURED,	"0",		-EINVAL,	"128\n" },
	{ "queue_depth",	EXPORTED,	"64",		-EINVAL,	"128\n" },
	{ "optimal_sectors",	CONFIGURED,	"8",		0,		"8\n" },
	{ "optimal_sectors",	CONFIGURED,	"0",		0,		"0\n" },
	{ "optimal_sectors",	CONFIGURED,	"4294967288",	0,		"4294967288\n" },
	{ "optimal_sectors",	CONFIGURED,	"4294967289",	-EINVAL,	"4294967288\n" },
	{ "optimal_sectors",	EXPORTED,	"8",		-EINVAL,	"4294967288\n" },
	{ "max_unmap_lba_count", EXPORTED,	"4294967295",	0,		"4294967295\n" },
	{ "max_unmap_block_desc_count", EXPORTED, "7",		0,		"7\n" },
	{ "max_write_same_len",	EXPORTED,	"7",		0,		"7\n" },
	{ "unmap_granularity",	EXPORTED,	"7",		0,		"7\n" },
	{ "unmap_granularity_alignment", EXPORTED, "7",		0,		"7\n" },
	{ "max_write_same_len",	FRESH,		"-1",		-EINVAL,	"0\n" },
	{ "submit_type",	EXPORTED,	"1",		0,		"1\n" },
	{ "submit_type",	EXPORTED,	"2",		0,		"2\n" },
	{ "submit_type",	EXPORTED,	"3",		-EINVAL,	"0\n" },
	{ "complete_type",	EXPORTED,	"2",		0,		"2\n" },
	{ "complete_type",	EXPORTED,	"3",		-EINVAL,	"0\n" },
	{ "complete_type",	EXPORTED,	"512",		-ERANGE,	"0\n" },
	/* Not to be written at all. */
	{ "hw_block_size",	CONFIGURED,	"512",		-EACCES,	"512\n" },
	{ "hw_pi_prot_type",	CONFIGURED,	"1",		-EACCES,	"0\n" },
	{ "atomic_max_len",	CONFIGURED,	"1",		-EACCES,	"64\n" },
};

static void attrib_write_desc(const struct attrib_write *w, char *desc)
{
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "%s '%s' in state %x", w->name, w->text, w->state);
}

KUNIT_ARRAY_PARAM(attrib_write, attrib_writes, attrib_write_desc);

static void attrib_enter(struct configfs_fixture *f, unsigned int state)
{
	struct target_limits limits = attrib_limits;

	if (state & THIN)
		f->ops.unmap = configfs_fixture_unmap;
	limits.write_cache = state & CACHED;
	if (state & SMALL)
		limits.blocks = 1;
	if (state & (CONFIGURED | EXPORTED))
		configfs_fixture_configure(f, &limits);
	if (state & EXPORTED)
		f->dev.export_count = 1;
}

static void attrib_store(struct kunit *test)
{
	const struct attrib_write *w = test->param_value;
	struct configfs_fixture *f = test->priv;
	struct config_group *group = &f->dev.attrib_group;

	attrib_enter(f, w->state);
	KUNIT_EXPECT_EQ(test, configfs_write(f, group, target_sbc_attribs, w->name, w->text),
			w->err);
	KUNIT_EXPECT_STREQ(test, configfs_read(f, group, target_sbc_attribs, w->name), w->want);
}

static void attrib_list_is_complete(struct kunit *test)
{
	unsigned int i, count = 0;

	while (target_sbc_attribs[count])
		count++;
	KUNIT_EXPECT_EQ(test, count, (unsigned int)ARRAY_SIZE(attrib_files));
	for (i = 0; i < ARRAY_SIZE(attrib_files); i++) {
		const struct attrib_file *file = &attrib_files[i];
		struct configfs_attribute *attr = configfs_find(target_sbc_attribs, file->name);

		KUNIT_EXPECT_NOT_NULL_MSG(test, attr, "%s", file->name);
		if (!attr)
			continue;
		KUNIT_EXPECT_EQ_MSG(test, attr->ca_mode, file->writable ? 0644 : 0444, "%s",
				    file->name);
		KUNIT_EXPECT_EQ_MSG(test, !!attr->store, file->writable, "%s", file->name);
	}
}

static void attrib_defaults(struct kunit *test)
{
	struct configfs_fixture *f = test->priv;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(attrib_files); i++)
		KUNIT_EXPECT_STREQ_MSG(test, configfs_read(f, &f->dev.attrib_group,
							   target_sbc_attribs,
							   attrib_files[i].name),
				       attrib_files[i].def, "%s", attrib_files[i].name);
}

static void attrib_limits_become_attributes(struct kunit *test)
{
	struct configfs_fixture *f = test->priv;
	unsigned int i;

	attrib_enter(f, CONFIGURED);
	for (i = 0; i < ARRAY_SIZE(attrib_files); i++)
		KUNIT_EXPECT_STREQ_MSG(test, configfs_read(f, &f->dev.attrib_group,
							   target_sbc_attribs,
							   attrib_files[i].name),
				       attrib_files[i].configured, "%s", attrib_files[i].name);
}

/* rtslib restores a device by writing what it read, one file after the other. */
static void attrib_what_was_read_can_be_written(struct kunit *test)
{
	struct configfs_fixture *f = test->priv;
	unsigned int i;

	attrib_enter(f, CONFIGURED | THIN);
	for (i = 0; i < ARRAY_SIZE(attrib_files); i++) {
		const struct attrib_file *file = &attrib_files[i];

		if (!file->writable)
			continue;
		KUNIT_EXPECT_EQ_MSG(test, configfs_write(f, &f->dev.attrib_group,
							 target_sbc_attribs, file->name,
							 file->configured),
				    0, "%s", file->name);
	}
}

static void attrib_passthrough_does_its_own(struct kunit *test)
{
	struct configfs_fixture *f = test->priv;

	f->ops.flags = TARGET_BACKEND_PASSTHROUGH_ALUA | TARGET_BACKEND_PASSTHROUGH_PGR;
	target_attrib_set_defaults(&f->dev);
	KUNIT_EXPECT_FALSE(test, f->dev.dev_attrib.alua_support);
	KUNIT_EXPECT_FALSE(test, f->dev.dev_attrib.pgr_support);
}

static void attrib_model_follows_alias(struct kunit *test)
{
	struct configfs_fixture *f = test->priv;
	struct config_group *group = &f->dev.attrib_group;

	KUNIT_EXPECT_STREQ(test, f->dev.t10_wwn.model, "UNIT");
	KUNIT_EXPECT_EQ(test, configfs_write(f, group, target_sbc_attribs, "emulate_model_alias",
					     "1"), 0);
	KUNIT_EXPECT_STREQ(test, f->dev.t10_wwn.model, "a_very_long_dev");
	KUNIT_EXPECT_EQ(test, configfs_write(f, group, target_sbc_attribs, "emulate_model_alias",
					     "0"), 0);
	KUNIT_EXPECT_STREQ(test, f->dev.t10_wwn.model, "UNIT");
}

static void attrib_block_size_changes_capacity(struct kunit *test)
{
	struct configfs_fixture *f = test->priv;

	attrib_enter(f, CONFIGURED);
	KUNIT_EXPECT_EQ(test, configfs_write(f, &f->dev.attrib_group, target_sbc_attribs,
					     "block_size", "4096"), 0);
	KUNIT_EXPECT_EQ(test, f->dev.blocks, 4096ULL);
	KUNIT_EXPECT_EQ(test, f->dev.block_shift, 12U);
}

/* What counts in blocks counts in the chosen ones; what has no limit goes on having none. */
static void attrib_block_size_changes_limits(struct kunit *test)
{
	static const struct {
		const char *name, *want;
	} files[] = {
		{ "max_unmap_lba_count", "1024\n" },
		{ "unmap_granularity", "1\n" },
		{ "unmap_granularity_alignment", "0\n" },
		{ "max_write_same_len", "4294967295\n" },
	};
	struct configfs_fixture *f = test->priv;
	unsigned int i;

	attrib_enter(f, CONFIGURED);
	f->dev.limits.max_write_same = U32_MAX;
	KUNIT_EXPECT_EQ(test, configfs_write(f, &f->dev.attrib_group, target_sbc_attribs,
					     "block_size", "4096"), 0);
	for (i = 0; i < ARRAY_SIZE(files); i++)
		KUNIT_EXPECT_STREQ_MSG(test, configfs_read(f, &f->dev.attrib_group,
							   target_sbc_attribs, files[i].name),
				       files[i].want, "%s", files[i].name);
}

struct attrib_align {
	u32	sectors;
	u32	block_size;
	u32	want;
};

static const struct attrib_align attrib_aligns[] = {
	{ U32_MAX,	512,	(PAGE_SIZE / 512) * (U32_MAX / (PAGE_SIZE / 512)) },
	{ 255,		512,	256 - PAGE_SIZE / 512 },
	{ 256,		512,	256 },
	{ 3,		512,	3 },
	{ 1001,		4096,	1001 },
	{ 128,		0,	128 },
};

static void attrib_align_desc(const struct attrib_align *a, char *desc)
{
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "%u of %u bytes", a->sectors, a->block_size);
}

KUNIT_ARRAY_PARAM(attrib_align, attrib_aligns, attrib_align_desc);

static void attrib_max_sectors_fill_pages(struct kunit *test)
{
	const struct attrib_align *a = test->param_value;
	struct configfs_fixture *f = test->priv;
	struct target_limits limits = { .hw_max_sectors = a->sectors, .block_size = a->block_size };

	configfs_fixture_configure(f, &limits);
	KUNIT_EXPECT_EQ(test, f->dev.dev_attrib.hw_max_sectors, a->want);
	KUNIT_EXPECT_EQ(test, f->dev.dev_attrib.optimal_sectors, a->want);
}

static struct kunit_case attrib_cases[] = {
	KUNIT_CASE_PARAM(attrib_store, attrib_write_gen_params),
	KUNIT_CASE(attrib_list_is_complete),
	KUNIT_CASE(attrib_defaults),
	KUNIT_CASE(attrib_limits_become_attributes),
	KUNIT_CASE(attrib_what_was_read_can_be_written),
	KUNIT_CASE(attrib_passthrough_does_its_own),
	KUNIT_CASE(attrib_model_follows_alias),
	KUNIT_CASE(attrib_block_size_changes_capacity),
	KUNIT_CASE(attrib_block_size_changes_limits),
	KUNIT_CASE_PARAM(attrib_max_sectors_fill_pages, attrib_align_gen_params),
	{}
};

static struct kunit_suite attrib_suite = {
	.name = "target_core_attrib",
	.init = configfs_fixture_init,
	.exit = configfs_fixture_exit,
	.test_cases = attrib_cases,
};

kunit_test_suite(attrib_suite);
