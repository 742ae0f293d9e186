/* SPDX-License-Identifier: GPL-2.0-only */
/* Options of a backstore, as written to its control file. */
#ifndef TARGET_CORE_OPTIONS_H
#define TARGET_CORE_OPTIONS_H

#include <linux/stddef.h>
#include <linux/types.h>

/**
 * struct target_option - one option: a key and where its value goes
 * @key: what stands before the '='
 * @offset: of the field in the struct of values
 * @size: bytes of the field: 1, 2, 4 or 8 for a number; for text the array's
 *	size, NUL included
 * @is_text: the field is an array of char, else an unsigned integer or a bool
 * @min: smallest number taken
 * @max: largest number taken
 */
struct target_option {
	const char	*key;
	u16		offset;
	u16		size;
	bool		is_text;
	u64		min;
	u64		max;
};

/* Rows of a backstore's table. @values is its struct of values, @field a member. */
#define TARGET_OPTION_NUMBER(_key, _values, _field, _min, _max) {	\
	.key	= (_key),						\
	.offset	= offsetof(_values, _field),				\
	.size	= sizeof_field(_values, _field),			\
	.min	= (_min),						\
	.max	= (_max),						\
}

#define TARGET_OPTION_FLAG(_key, _values, _field)			\
	TARGET_OPTION_NUMBER(_key, _values, _field, 0, 1)

#define TARGET_OPTION_TEXT(_key, _values, _field) {			\
	.key	 = (_key),						\
	.offset	 = offsetof(_values, _field),				\
	.size	 = sizeof_field(_values, _field),			\
	.is_text = true,						\
}

/**
 * target_options_parse - take "key=value" options, all of them or none
 * @table: the options there are
 * @rows: of @table
 * @values: struct of values, @size bytes
 * @size: see @values
 * @page: options separated by commas or newlines; need not end with a NUL
 * @count: bytes in @page
 *
 * Blanks around an option and empty options are skipped, so an empty @page is no
 * error.  Numbers are decimal, 0x hexadecimal or 0 octal.  A key that comes
 * twice holds the last value.  A text value begins right after the '=' and may
 * hold anything but separators.
 *
 * Context: process, may sleep; the caller holds what protects @values.
 * Return: 0; -EINVAL for an unknown key, no '=', or no number; -ERANGE for a
 * number out of its range; -ENAMETOOLONG; -ENOMEM. On error @values is as before.
 */
int target_options_parse(const struct target_option *table, unsigned int rows,
			 void *values, size_t size, const char *page, size_t count);

#endif /* TARGET_CORE_OPTIONS_H */
