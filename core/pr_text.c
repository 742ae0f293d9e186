// SPDX-License-Identifier: GPL-2.0-only
#include <linux/crc32.h>
#include <linux/ctype.h>
#include <linux/err.h>
#include <linux/kstrtox.h>
#include <linux/slab.h>
#include "pr_text.h"

#define TEXT_LINE	(TRANSPORT_IQN_LEN + 32)	/* no line is longer */
#define TEXT_START	"PR_REG_START:"
#define TEXT_END	"PR_REG_END:"
#define TEXT_NOTHING	"No Registrations or Reservations\n"
#define TEXT_CHECKSUM	"checksum="
#define TEXT_SEPARATORS	", \t\r\n"

const char *target_pr_type_name(u8 type)
{
	switch (type) {
	case TARGET_PR_WRITE_EXCLUSIVE:
		return "Write Exclusive Access";
	case TARGET_PR_EXCLUSIVE_ACCESS:
		return "Exclusive Access";
	case TARGET_PR_WRITE_REGISTRANTS:
		return "Write Exclusive Access, Registrants Only";
	case TARGET_PR_ACCESS_REGISTRANTS:
		return "Exclusive Access, Registrants Only";
	case TARGET_PR_WRITE_ALL:
		return "Write Exclusive Access, All Registrants";
	case TARGET_PR_ACCESS_ALL:
		return "Exclusive Access, All Registrants";
	default:
		return "Unknown SPC-3 PR Type";
	}
}

int target_pr_text_initiator(char *text, size_t size, const struct target_initiator *initiator)
{
	const char *isid = initiator->isid;

	return scnprintf(text, size, "%s%s%s", initiator->name, isid[0] ? ",i,0x" : "", isid);
}

int target_pr_text_line(char *line, size_t size, const struct target_pr_reg *reg)
{
	char name[TRANSPORT_IQN_LEN + TARGET_ISID_LEN + 8];

	target_pr_text_initiator(name, sizeof(name), &reg->nexus->initiator);
	return scnprintf(line, size, "%s Node: %s Key: 0x%016llx PRgen: 0x%08x\n",
			 reg->nexus->port.fabric, name, reg->key, reg->generation);
}

/* --- building ---------------------------------------------------------------------------- */

static __printf(2, 3) void text_put(struct target_buf *b, const char *fmt, ...)
{
	char line[TEXT_LINE];
	va_list args;

	va_start(args, fmt);
	vscnprintf(line, sizeof(line), fmt, args);
	va_end(args);
	target_buf_put(b, line, strlen(line));
}

static void text_build_one(struct target_buf *b, const struct target_pr_state *state, u32 i)
{
	const struct target_pr_reg *reg = &state->reg[i];
	const struct target_pr_nexus *nexus = reg->nexus;
	bool holds = state->type && state->holder == i;

	text_put(b, TEXT_START " %u\n", i);
	text_put(b, "initiator_fabric=%s\n", nexus->port.fabric);
	text_put(b, "initiator_node=%s\n", nexus->initiator.name);
	if (nexus->initiator.isid[0])
		text_put(b, "initiator_sid=%s\n", nexus->initiator.isid);
	text_put(b, "sa_res_key=%llu\n", reg->key);
	text_put(b, "res_holder=%u\n", holds);
	if (holds)
		text_put(b, "res_type=%02x\nres_scope=00\n", state->type);
	text_put(b, "res_all_tg_pt=%u\n", reg->all_ports);
	text_put(b, "mapped_lun=%llu\n", nexus->mapped_lun);
	text_put(b, "target_fabric=%s\n", nexus->port.fabric);
	text_put(b, "target_node=%s\n", nexus->port.target);
	text_put(b, "tpgt=%u\nport_rtpi=%u\n", nexus->port.tag, nexus->port.rtpi);
	text_put(b, "target_lun=%llu\n", nexus->port.lun);
	text_put(b, TEXT_END " %u\n", i);
}

void target_pr_text_build(struct target_buf *b, const struct target_pr_state *state)
{
	u32 count = state && state->aptpl ? state->count : 0;
	u32 start = b->len, i;

	for (i = 0; i < count; i++)
		text_build_one(b, state, i);
	if (!count)
		text_put(b, TEXT_NOTHING);
	/* The first of two passes only counts. */
	text_put(b, TEXT_CHECKSUM "%08x\n",
		 b->len <= b->size ? ~crc32_le(~0, b->data + start, b->len - start) : 0);
}

/* --- reading ----------------------------------------------------------------------------- */

/* What a block has to have. */
enum text_seen {
	TEXT_SEEN_INITIATOR	= 1 << 0,
	TEXT_SEEN_TARGET	= 1 << 1,
	TEXT_SEEN_TAG		= 1 << 2,
	TEXT_SEEN_KEY		= 1 << 3,
	TEXT_SEEN_ALL		= 0xf,
};

static int text_get_name(const char *value, char *out, size_t size)
{
	const char *c;

	for (c = value; *c; c++)
		if (!isascii(*c) || !isgraph(*c))
			return -EINVAL;
	return strscpy(out, value, size) > 0 ? 0 : -EINVAL;
}

static int text_get_type(const char *value, u8 *type)
{
	int err = kstrtou8(value, 16, type);

	return err || (*type && !target_pr_type_is_valid(*type)) ? -EINVAL : 0;
}

static int text_get_scope(const char *value)
{
	u8 scope;

	return kstrtou8(value, 16, &scope) || scope ? -EINVAL : 0;
}

/* A name that is not known has nothing to say. */
static int text_take(const char *name, const char *value, struct target_pr_text *t, u8 *seen)
{
	if (!strcmp(name, "initiator_node")) {
		*seen |= TEXT_SEEN_INITIATOR;
		return text_get_name(value, t->initiator.name, sizeof(t->initiator.name));
	}
	if (!strcmp(name, "initiator_sid"))
		return text_get_name(value, t->initiator.isid, sizeof(t->initiator.isid));
	if (!strcmp(name, "sa_res_key")) {
		*seen |= TEXT_SEEN_KEY;
		return kstrtou64(value, 0, &t->key);
	}
	if (!strcmp(name, "res_holder"))
		return kstrtobool(value, &t->holds);
	if (!strcmp(name, "res_type"))
		return text_get_type(value, &t->type);
	if (!strcmp(name, "res_scope"))
		return text_get_scope(value);
	if (!strcmp(name, "res_all_tg_pt"))
		return kstrtobool(value, &t->all_ports);
	if (!strcmp(name, "mapped_lun"))
		return kstrtou64(value, 0, &t->mapped_lun);
	if (!strcmp(name, "target_fabric"))
		return text_get_name(value, t->port.fabric, sizeof(t->port.fabric));
	if (!strcmp(name, "target_node")) {
		*seen |= TEXT_SEEN_TARGET;
		return text_get_name(value, t->port.target, sizeof(t->port.target));
	}
	if (!strcmp(name, "tpgt")) {
		*seen |= TEXT_SEEN_TAG;
		return kstrtou16(value, 0, &t->port.tag);
	}
	if (!strcmp(name, "port_rtpi"))
		return kstrtou16(value, 0, &t->port.rtpi);
	if (!strcmp(name, "target_lun"))
		return kstrtou64(value, 0, &t->port.lun);
	return 0;
}

int target_pr_text_parse_one(char *text, struct target_pr_text *out)
{
	char *name, *value;
	u8 seen = 0;

	*out = (struct target_pr_text){ };
	while ((name = strsep(&text, TEXT_SEPARATORS))) {
		value = strchr(name, '=');
		if (!value)
			continue;
		*value++ = 0;
		if (text_take(name, value, out, &seen))
			return -EINVAL;
	}
	if (seen != TEXT_SEEN_ALL || !out->key || (out->holds && !out->type))
		return -EINVAL;
	out->initiator.protocol = target_name_protocol(out->initiator.name);
	out->port.protocol = out->initiator.protocol;
	return 0;
}

struct target_pr_state *target_pr_text_add(const struct target_pr_state *was,
					   const struct target_pr_text *one)
{
	struct target_pr_nexus *nexus = target_pr_nexus_alloc(&one->initiator, &one->port,
							      one->mapped_lun);
	struct target_pr_state *now;
	u32 reg;

	if (!nexus)
		return ERR_PTR(-ENOMEM);
	reg = target_pr_find(was, nexus);
	if (one->holds && was && was->type && was->holder != reg) {
		now = ERR_PTR(-EINVAL);
		goto out_put;
	}
	if (reg == TARGET_PR_NONE && was && was->count == TARGET_PR_MAX) {
		now = ERR_PTR(-ENOSPC);
		goto out_put;
	}
	now = target_pr_state_copy(was, 1);
	if (!now) {
		now = ERR_PTR(-ENOMEM);
		goto out_put;
	}
	if (reg == TARGET_PR_NONE) {
		reg = now->count;
		target_pr_state_add(now, nexus, one->key, one->all_ports);
	}
	now->reg[reg].key = one->key;
	now->reg[reg].all_ports = one->all_ports;
	now->aptpl = true;
	if (one->holds) {
		now->holder = reg;
		now->type = one->type;
	}
out_put:
	target_pr_nexus_put(nexus);
	return now;
}

/* Cut the checksum off, if there is one. False if it is wrong. */
static bool text_check(char *file, u32 *len)
{
	char *sum = strnstr(file, "\n" TEXT_CHECKSUM, *len);
	u32 crc;

	if (!sum)
		return true;
	sum++;
	if (file + *len - sum != strlen(TEXT_CHECKSUM) + 9 || file[*len - 1] != '\n')
		return false;
	file[*len - 1] = 0;
	*len = sum - file;
	if (kstrtou32(sum + strlen(TEXT_CHECKSUM), 16, &crc) ||
	    crc != (u32)~crc32_le(~0, (u8 *)file, *len))
		return false;
	*sum = 0;
	return true;
}

/* The block that begins here, without its frame; NULL if it is not whole. */
static char *text_next_block(char **at)
{
	char *block = *at + strlen(TEXT_START), *end;

	if (strncmp(*at, TEXT_START, strlen(TEXT_START)))
		return NULL;
	end = strstr(block, "\n" TEXT_END);
	if (!end)
		return NULL;
	*end = 0;
	*at = strchr(end + 1, '\n');
	if (!*at)
		return NULL;
	(*at)++;
	return block;
}

/* Registrations that are all read before any of them counts. */
static int text_parse_blocks(struct target_pr_state **state, char *at)
{
	struct target_pr_state *now;
	struct target_pr_text one;
	char *block;

	while (*at) {
		block = text_next_block(&at);
		if (!block || target_pr_text_parse_one(block, &one))
			return -EBADMSG;
		now = target_pr_text_add(*state, &one);
		if (IS_ERR(now))
			return PTR_ERR(now) == -ENOMEM ? -ENOMEM : -EBADMSG;
		target_pr_state_free(*state);
		*state = now;
	}
	return 0;
}

struct target_pr_state *target_pr_text_parse(char *file, u32 len)
{
	struct target_pr_state *state;
	int err;

	/* The kernel's own target ends its files with a NUL. */
	if (len && !file[len - 1])
		len--;
	if (strnlen(file, len) != len || !text_check(file, &len))
		return ERR_PTR(-EBADMSG);
	state = target_pr_state_copy(NULL, 0);
	if (!state)
		return ERR_PTR(-ENOMEM);
	err = strcmp(file, TEXT_NOTHING) ? text_parse_blocks(&state, file) : 0;
	if (!err && (state->count || !strcmp(file, TEXT_NOTHING)))
		return state;
	target_pr_state_free(state);
	return ERR_PTR(err ?: -EBADMSG);
}
