// SPDX-License-Identifier: GPL-2.0-only
/* The options parser takes a page as a whole or not at all. */
#include <kunit/test.h>
#include <linux/errno.h>
#include <linux/string.h>
#include <target/target_core_options.h>

struct option_values {
	u8	small;
	bool	flag;
	u16	half;
	u32	word;
	u64	big;
	char	text[8];
};

static const struct target_option option_table[] = {
	TARGET_OPTION_NUMBER("small", struct option_values, small, 1, 200),
	TARGET_OPTION_FLAG("flag", struct option_values, flag),
	TARGET_OPTION_NUMBER("half", struct option_values, half, 0, U16_MAX),
	TARGET_OPTION_NUMBER("word", struct option_values, word, 0, U32_MAX),
	TARGET_OPTION_NUMBER("big", struct option_values, big, 0, U64_MAX),
	TARGET_OPTION_TEXT("text", struct option_values, text),
};

/* What the values hold before each case. */
#define OPTION_START	.small = 7, .half = 8, .word = 9, .big = 10, .text = "old"

static const struct option_values option_start = { OPTION_START };

struct option_case {
	const char		*name;
	const char		*page;
	int			ret;
	struct option_values	want;	/* of the cases that succeed */
};

static const struct option_case option_cases[] = {
	{ "empty page", "", 0, { OPTION_START } },
	{ "only separators", ",\n,, \n", 0, { OPTION_START } },
	{ "one number", "word=1234", 0,
	  { .small = 7, .half = 8, .word = 1234, .big = 10, .text = "old" } },
	{ "trailing newline", "word=1234\n", 0,
	  { .small = 7, .half = 8, .word = 1234, .big = 10, .text = "old" } },
	{ "blanks around an option", "  word=1234 \n", 0,
	  { .small = 7, .half = 8, .word = 1234, .big = 10, .text = "old" } },
	{ "every option", "small=1,flag=1,half=2,word=3\nbig=4,text=abc\n", 0,
	  { .small = 1, .flag = true, .half = 2, .word = 3, .big = 4, .text = "abc" } },
	{ "flag off", "flag=0", 0, { OPTION_START } },
	{ "last of two wins", "word=1,word=2", 0,
	  { .small = 7, .half = 8, .word = 2, .big = 10, .text = "old" } },
	{ "hexadecimal", "word=0xffffffff", 0,
	  { .small = 7, .half = 8, .word = U32_MAX, .big = 10, .text = "old" } },
	{ "largest 64 bit number", "big=18446744073709551615", 0,
	  { .small = 7, .half = 8, .word = 9, .big = U64_MAX, .text = "old" } },
	{ "smallest allowed", "small=1", 0,
	  { .small = 1, .half = 8, .word = 9, .big = 10, .text = "old" } },
	{ "largest allowed", "small=200", 0,
	  { .small = 200, .half = 8, .word = 9, .big = 10, .text = "old" } },
	{ "text that just fits", "text=1234567", 0,
	  { .small = 7, .half = 8, .word = 9, .big = 10, .text = "1234567" } },
	{ "empty text", "text=", 0,
	  { .small = 7, .half = 8, .word = 9, .big = 10, .text = "" } },
	{ "text with equals sign", "text=a=b", 0,
	  { .small = 7, .half = 8, .word = 9, .big = 10, .text = "a=b" } },
	{ "text too long", "text=12345678", -ENAMETOOLONG },
	{ "below the range", "small=0", -ERANGE },
	{ "above the range", "small=201", -ERANGE },
	{ "wider than the field", "word=4294967296", -ERANGE },
	{ "wider than 64 bits", "big=18446744073709551616", -ERANGE },
	{ "flag neither 0 nor 1", "flag=2", -ERANGE },
	{ "negative", "word=-1", -EINVAL },
	{ "not a number", "word=abc", -EINVAL },
	{ "number and more", "word=1x", -EINVAL },
	{ "blank in the number", "word= 1", -EINVAL },
	{ "empty number", "word=", -EINVAL },
	{ "unknown key", "bogus=1", -EINVAL },
	{ "beginning of a key", "wor=1", -EINVAL },
	{ "key with more", "words=1", -EINVAL },
	{ "no value", "word", -EINVAL },
	{ "no key", "=1", -EINVAL },
	{ "mistake in the last one", "word=1,flag=1,text=new,bogus=1", -EINVAL },
	{ "mistake in the first one", "bogus=1,word=1", -EINVAL },
};

static void option_case_desc(const struct option_case *c, char *desc)
{
	strscpy(desc, c->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(option, option_cases, option_case_desc);

static void options_expect(struct kunit *test, const struct option_values *got,
			   const struct option_values *want)
{
	KUNIT_EXPECT_EQ(test, got->small, want->small);
	KUNIT_EXPECT_EQ(test, got->flag, want->flag);
	KUNIT_EXPECT_EQ(test, got->half, want->half);
	KUNIT_EXPECT_EQ(test, got->word, want->word);
	KUNIT_EXPECT_EQ(test, got->big, want->big);
	KUNIT_EXPECT_STREQ(test, got->text, want->text);
}

static void options_parse(struct kunit *test)
{
	const struct option_case *c = test->param_value;
	struct option_values values = option_start;
	int ret;

	ret = target_options_parse(option_table, ARRAY_SIZE(option_table), &values,
				   sizeof(values), c->page, strlen(c->page));
	KUNIT_EXPECT_EQ(test, ret, c->ret);
	options_expect(test, &values, c->ret ? &option_start : &c->want);
}

/* The page need not end with a NUL: what lies behind it is not read. */
static void options_parse_unterminated_page(struct kunit *test)
{
	static const char page[] = "word=123456";
	struct option_values values = option_start;

	KUNIT_EXPECT_EQ(test, 0, target_options_parse(option_table, ARRAY_SIZE(option_table),
						      &values, sizeof(values), page, 7));
	KUNIT_EXPECT_EQ(test, values.word, 12);
}

static struct kunit_case options_cases[] = {
	KUNIT_CASE_PARAM(options_parse, option_gen_params),
	KUNIT_CASE(options_parse_unterminated_page),
	{}
};

static struct kunit_suite options_suite = {
	.name		= "target_core_options",
	.test_cases	= options_cases,
};

kunit_test_suite(options_suite);
