// SPDX-License-Identifier: GPL-2.0-only
/* The tree's parsers, and the files whose text is a promise to rtslib. */
#include "configfs.h"
#include "configfs_fixture.h"

/* --- names of directories -------------------------------------------------------- */

struct hba_name {
	const char	*name;
	int		err;
	const char	*plugin;
	u32		id;
};

static const struct hba_name hba_names[] = {
	{ "rd_mcp_0",		0,	"rd_mcp",	0 },
	{ "fileio_12",		0,	"fileio",	12 },
	{ "rd_mcp_4294967295",	0,	"rd_mcp",	U32_MAX },
	{ "a_0x10",		0,	"a",		16 },
	{ "fifteen_chars_x_1",	0,	"fifteen_chars_x", 1 },
	{ "sixteen_chars_xx_1",	-ENAMETOOLONG },
	{ "rd_mcp",		-EINVAL },
	{ "rd_mcp_",		-EINVAL },
	{ "rd_mcp_x",		-EINVAL },
	{ "rd_mcp_1x",		-EINVAL },
	{ "rd_mcp_-1",		-EINVAL },
	{ "rd_mcp_4294967296",	-EINVAL },
	{ "_1",			-EINVAL },
	{ "fileio",		-EINVAL },
	{ "",			-EINVAL },
};

static void hba_name_desc(const struct hba_name *n, char *desc)
{
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "'%s'", n->name);
}

KUNIT_ARRAY_PARAM(hba_name, hba_names, hba_name_desc);

static void hba_name_is_parsed(struct kunit *test)
{
	const struct hba_name *n = test->param_value;
	char plugin[16] = "untouched";
	u32 id = 99;

	KUNIT_ASSERT_EQ(test, target_hba_name_parse(n->name, plugin, sizeof(plugin), &id), n->err);
	if (n->err) {
		KUNIT_EXPECT_STREQ(test, plugin, "untouched");
		return;
	}
	KUNIT_EXPECT_STREQ(test, plugin, n->plugin);
	KUNIT_EXPECT_EQ(test, id, n->id);
}

struct number_name {
	const char	*name;
	int		err;
	u64		number;
};

static const struct number_name number_names[] = {
	{ "lun_0",			0, 0 },
	{ "lun_1",			0, 1 },
	{ "lun_16384",			0, 16384 },
	{ "lun_18446744073709551615",	0, U64_MAX },
	{ "lun_18446744073709551616",	-ERANGE },
	{ "lun_",			-EINVAL },
	{ "lun_00",			-EINVAL },
	{ "lun_007",			-EINVAL },
	{ "lun_0x5",			-EINVAL },
	{ "lun_+1",			-EINVAL },
	{ "lun_-1",			-EINVAL },
	{ "lun_1x",			-EINVAL },
	{ "lun_ 1",			-EINVAL },
	{ "lun_1 ",			-EINVAL },
	{ "lun",			-EINVAL },
	{ "nul_1",			-EINVAL },
	{ "",				-EINVAL },
};

static void number_name_desc(const struct number_name *n, char *desc)
{
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "'%s'", n->name);
}

KUNIT_ARRAY_PARAM(number_name, number_names, number_name_desc);

static void number_name_is_parsed(struct kunit *test)
{
	const struct number_name *n = test->param_value;
	u64 number = 0;

	KUNIT_ASSERT_EQ(test, target_number_parse(n->name, "lun_", &number), n->err);
	if (!n->err)
		KUNIT_EXPECT_EQ(test, number, n->number);
}

/* --- text that is written ------------------------------------------------------------ */

struct text_input {
	const char	*text;
	size_t		count;
	ssize_t		ret;	/* into 8 bytes */
	const char	*want;
};

#define TEXT(text, ret, want)	{ text, sizeof(text) - 1, ret, want }

static const struct text_input text_inputs[] = {
	TEXT("abc",		3,	"abc"),
	TEXT("abc\n",		3,	"abc"),
	TEXT(" \tabc \n\n",	3,	"abc"),
	TEXT("a b",		3,	"a b"),
	TEXT("1234567",		7,	"1234567"),
	TEXT("1234567\n",	7,	"1234567"),
	TEXT("12345678",	-EOVERFLOW, ""),
	TEXT("\n",		0,	""),
	TEXT("",		0,	""),
	TEXT("a\0b",		-EINVAL, ""),
};

static void text_input_desc(const struct text_input *t, char *desc)
{
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "%*pE", (int)t->count, t->text);
}

KUNIT_ARRAY_PARAM(text_input, text_inputs, text_input_desc);

static void text_is_parsed(struct kunit *test)
{
	const struct text_input *t = test->param_value;
	char buf[8] = "";

	KUNIT_ASSERT_EQ(test, target_text_parse(t->text, t->count, buf, sizeof(buf)), t->ret);
	if (t->ret >= 0)
		KUNIT_EXPECT_STREQ(test, buf, t->want);
}

/* --- wwn/ ------------------------------------------------------------------------------- */

#define TEN		"0123456789"
#define FIFTY		TEN TEN TEN TEN TEN
#define TWO_FIFTY	FIFTY FIFTY FIFTY FIFTY FIFTY
#define SERIAL		"T10 VPD Unit Serial Number: "

struct wwn_write {
	const char	*name;
	const char	*text;
	int		err;
	const char	*want;
};

static const struct wwn_write wwn_writes[] = {
	{ "vendor_id",		"ABC\n",		0,		"ABC\n" },
	{ "vendor_id",		"12345678",		0,		"12345678\n" },
	{ "vendor_id",		"123456789",		-EOVERFLOW,	"\n" },
	{ "vendor_id",		" a b ",		0,		"a b\n" },
	{ "vendor_id",		"a\x01z",		-EINVAL,	"\n" },
	{ "vendor_id",		"\xc3\xa9",		-EINVAL,	"\n" },
	{ "product_id",		"1234567890123456",	0,		"1234567890123456\n" },
	{ "product_id",		"12345678901234567",	-EOVERFLOW,	"UNIT\n" },
	{ "product_id",		"\n",			0,		"\n" },
	{ "revision",		"1234",			0,		"1234\n" },
	{ "revision",		"12345",		-EOVERFLOW,	"1.0\n" },
	{ "company_id",		"0x1234",		0,		"0x001234\n" },
	{ "company_id",		"1234",			0,		"0x0004d2\n" },
	{ "company_id",		"0xffffff",		0,		"0xffffff\n" },
	{ "company_id",		"0x1000000",		-EOVERFLOW,	"0x000000\n" },
	{ "company_id",		"ffffff",		-EINVAL,	"0x000000\n" },
	{ "company_id",		"-1",			-EINVAL,	"0x000000\n" },
	{ "vpd_unit_serial",	"abc\n",		0,		SERIAL "abc\n" },
	{ "vpd_unit_serial",	TWO_FIFTY "123",	0,		SERIAL TWO_FIFTY "123\n" },
	{ "vpd_unit_serial",	TWO_FIFTY "1234",	-EOVERFLOW,	SERIAL "\n" },
	{ "vpd_unit_serial",	"a\x7f",		-EINVAL,	SERIAL "\n" },
	{ "pd_text_id_info",	"caf\xc3\xa9\n",	0,		"caf\xc3\xa9\n" },
	{ "pd_text_id_info",	TWO_FIFTY "12345\n",	0,		TWO_FIFTY "12345\n" },
	{ "pd_text_id_info",	TWO_FIFTY "123456",	-EOVERFLOW,	"\n" },
	{ "pd_text_id_info",	"a\tb",			-EINVAL,	"\n" },
	{ "vpd_protocol_identifier", "x",		-EACCES,	"" },
};

static void wwn_write_desc(const struct wwn_write *w, char *desc)
{
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "%s, %zu bytes, %d", w->name,
		 strlen(w->text), w->err);
}

KUNIT_ARRAY_PARAM(wwn_write, wwn_writes, wwn_write_desc);

static void wwn_is_stored(struct kunit *test)
{
	const struct wwn_write *w = test->param_value;
	struct configfs_fixture *f = test->priv;
	struct configfs_attribute **attrs = target_dev_wwn_type.ct_attrs;
	struct config_group *group = &f->dev.wwn_group;

	KUNIT_EXPECT_EQ(test, configfs_write(f, group, attrs, w->name, w->text), w->err);
	KUNIT_EXPECT_STREQ(test, configfs_read(f, group, attrs, w->name), w->want);
}

static void wwn_is_fixed_while_exported(struct kunit *test)
{
	const struct wwn_write *w = test->param_value;
	struct configfs_fixture *f = test->priv;
	struct configfs_attribute **attrs = target_dev_wwn_type.ct_attrs;
	struct config_group *group = &f->dev.wwn_group;
	char *before = kunit_kzalloc(test, PAGE_SIZE, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, before);
	strscpy(before, configfs_read(f, group, attrs, w->name), PAGE_SIZE);
	f->dev.export_count = 1;
	KUNIT_EXPECT_EQ(test, configfs_write(f, group, attrs, w->name, w->text),
			w->err ?: -EINVAL);
	KUNIT_EXPECT_STREQ(test, configfs_read(f, group, attrs, w->name), before);
}

/* --- pr/ ---------------------------------------------------------------------------------- */

struct pr_text {
	const char	*name;
	const char	*ours;
	const char	*disabled;
	const char	*passthrough;
};

#define NO_HOLDER	"No SPC-3 Reservation holder\n"

static const struct pr_text pr_texts[] = {
	{ "res_holder", NO_HOLDER, "SPC_RESERVATIONS_DISABLED\n", "Passthrough\n" },
	{ "res_type", "SPC3_PERSISTENT_RESERVATIONS\n", "SPC_RESERVATIONS_DISABLED\n",
	  "SPC_PASSTHROUGH\n" },
	{ "res_pr_all_tgt_pts", NO_HOLDER, NO_HOLDER, NO_HOLDER },
	{ "res_pr_generation", "0x00000000\n", "0x00000000\n", "0x00000000\n" },
	{ "res_pr_holder_tg_port", NO_HOLDER, NO_HOLDER, NO_HOLDER },
	{ "res_pr_registered_i_pts", "SPC-3 PR Registrations:\nNone\n",
	  "SPC-3 PR Registrations:\nNone\n", "SPC-3 PR Registrations:\nNone\n" },
	{ "res_pr_type", NO_HOLDER, NO_HOLDER, NO_HOLDER },
	{ "res_aptpl_active", "APTPL Bit Status: Disabled\n", "", "" },
	{ "res_aptpl_metadata", "Ready to process PR APTPL metadata..\n", "", "" },
};

static void pr_text_desc(const struct pr_text *t, char *desc)
{
	strscpy(desc, t->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(pr_text, pr_texts, pr_text_desc);

static void pr_says_who_does_it(struct kunit *test)
{
	const struct pr_text *t = test->param_value;
	struct configfs_fixture *f = test->priv;
	struct configfs_attribute **attrs = target_dev_pr_type.ct_attrs;
	struct config_group *group = &f->dev.pr_group;

	KUNIT_EXPECT_STREQ(test, configfs_read(f, group, attrs, t->name), t->ours);
	f->dev.dev_attrib.emulate_pr = false;
	KUNIT_EXPECT_STREQ(test, configfs_read(f, group, attrs, t->name), t->disabled);
	f->dev.dev_attrib.pgr_support = false;
	KUNIT_EXPECT_STREQ(test, configfs_read(f, group, attrs, t->name), t->passthrough);
	KUNIT_EXPECT_EQ(test, configfs_write(f, group, attrs, t->name, "x"),
			strcmp(t->name, "res_aptpl_metadata") ? -EACCES : -EOPNOTSUPP);
}

static struct kunit_case configfs_cases[] = {
	KUNIT_CASE_PARAM(hba_name_is_parsed, hba_name_gen_params),
	KUNIT_CASE_PARAM(number_name_is_parsed, number_name_gen_params),
	KUNIT_CASE_PARAM(text_is_parsed, text_input_gen_params),
	KUNIT_CASE_PARAM(wwn_is_stored, wwn_write_gen_params),
	KUNIT_CASE_PARAM(wwn_is_fixed_while_exported, wwn_write_gen_params),
	KUNIT_CASE_PARAM(pr_says_who_does_it, pr_text_gen_params),
	{}
};

static struct kunit_suite configfs_suite = {
	.name = "target_core_configfs",
	.init = configfs_fixture_init,
	.exit = configfs_fixture_exit,
	.test_cases = configfs_cases,
};

kunit_test_suite(configfs_suite);
