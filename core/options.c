// SPDX-License-Identifier: GPL-2.0-only
/*
 * Options of a backstore: one table-driven parser for all of them.
 *
 * It works on a copy of the values, so that a page with a mistake in its last
 * option changes nothing.
 */
#include <linux/kernel.h>
#include <linux/limits.h>
#include <linux/string.h>
#include <target/target_core_options.h>

static const struct target_option *target_option_find(const struct target_option *table,
						      unsigned int rows, const char *key)
{
	unsigned int i;

	for (i = 0; i < rows; i++)
		if (!strcmp(table[i].key, key))
			return &table[i];
	return NULL;
}

static void target_option_store(const struct target_option *opt, void *field, u64 number)
{
	switch (opt->size) {
	case 1:
		*(u8 *)field = number;
		break;
	case 2:
		*(u16 *)field = number;
		break;
	case 4:
		*(u32 *)field = number;
		break;
	case 8:
		*(u64 *)field = number;
		break;
	default:
		WARN_ON_ONCE(1);
	}
}

static int target_option_set(const struct target_option *opt, void *values, const char *text)
{
	void *field = values + opt->offset;
	u64 number;
	int ret;

	if (opt->is_text)
		return strscpy(field, text, opt->size) < 0 ? -ENAMETOOLONG : 0;

	ret = kstrtou64(text, 0, &number);
	if (ret)
		return ret;
	if (number < opt->min || number > opt->max)
		return -ERANGE;
	target_option_store(opt, field, number);
	return 0;
}

static int target_options_apply(const struct target_option *table, unsigned int rows,
				void *values, char *text)
{
	const struct target_option *opt;
	char *token, *key;
	int ret;

	while ((token = strsep(&text, ",\n"))) {
		token = strim(token);
		if (!*token)
			continue;
		key = strsep(&token, "=");
		if (!token)
			return -EINVAL;
		opt = target_option_find(table, rows, key);
		if (!opt)
			return -EINVAL;
		ret = target_option_set(opt, values, token);
		if (ret)
			return ret;
	}
	return 0;
}

int target_options_parse(const struct target_option *table, unsigned int rows,
			 void *values, size_t size, const char *page, size_t count)
{
	char *text;
	void *copy;
	int ret = -ENOMEM;

	text = kmemdup_nul(page, count, GFP_KERNEL);
	if (!text)
		return -ENOMEM;
	copy = kmemdup(values, size, GFP_KERNEL);
	if (!copy)
		goto out_free_text;

	ret = target_options_apply(table, rows, copy, text);
	if (!ret)
		memcpy(values, copy, size);
	kfree(copy);
out_free_text:
	kfree(text);
	return ret;
}
TARGET_EXPORT(target_options_parse);
