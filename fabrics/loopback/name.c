// SPDX-License-Identifier: GPL-2.0-only
/* What names and numbers mean; no state. */
#include <linux/ctype.h>
#include <linux/ioprio.h>
#include <linux/kstrtox.h>
#include <linux/string.h>
#include "loop.h"

static const struct loop_name_prefix {
	const char		*text;
	enum scsi_protocol	proto;
	bool			stripped;	/* not part of the name on the wire */
} loop_name_prefixes[] = {
	{ .text = "naa.", .proto = SCSI_PROTOCOL_SAS },
	{ .text = "fc.", .proto = SCSI_PROTOCOL_FCP, .stripped = true },
	{ .text = "iqn.", .proto = SCSI_PROTOCOL_ISCSI },
};

/* No blank, no control character, and short enough for the core. */
static bool loop_name_is_sane(const char *name)
{
	const char *c;

	for (c = name; *c; c++)
		if (!isascii(*c) || !isgraph(*c))
			return false;
	return c - name < TRANSPORT_IQN_LEN;
}

int loop_name_parse(const char *name, const char **port)
{
	unsigned int i;

	if (!loop_name_is_sane(name))
		return -EINVAL;
	for (i = 0; i < ARRAY_SIZE(loop_name_prefixes); i++) {
		const struct loop_name_prefix *prefix = &loop_name_prefixes[i];
		size_t len = str_has_prefix(name, prefix->text);

		if (!len)
			continue;
		if (!name[len])
			return -EINVAL;
		*port = prefix->stripped ? name + len : name;
		return prefix->proto;
	}
	return -EINVAL;
}

int loop_name_parse_tpgt(const char *name, u16 *tpgt)
{
	size_t len = str_has_prefix(name, "tpgt_");
	const char *digits = name + len;

	/* Two spellings of one number would be two directories. */
	if (!len || *digits == '+' || (*digits == '0' && digits[1]))
		return -EINVAL;
	return kstrtou16(digits, 10, tpgt) ? -EINVAL : 0;
}

int loop_name_task_attr(unsigned short ioprio, int task_attr)
{
	return IOPRIO_PRIO_CLASS(ioprio) == IOPRIO_CLASS_RT ? TCM_HEAD_TAG : task_attr;
}
