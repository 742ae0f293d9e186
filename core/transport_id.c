// SPDX-License-Identifier: GPL-2.0-only
#include <linux/ctype.h>
#include <linux/hex.h>
#include <linux/jhash.h>
#include <scsi/scsi_proto.h>
#include "transport_id.h"

#define ID_PROTOCOL_SOP	0x0a	/* which the kernel's list of protocols lacks */
#define ID_LEN		24	/* of all but iSCSI's */
#define ID_PROTOCOL	0x0f
#define ID_FORMAT	0xc0
#define ID_FORMAT_ISID	0x40
#define ID_ISCSI_HEADER	4
#define ID_ISCSI_MIN	20	/* ADDITIONAL LENGTH */
#define ID_ISID		",i,0x"	/* between name and ISID */
#define ID_NUMBER_MAX	16

/* Where the number of an initiator port stands, and how its fabrics write it. */
static const struct id_layout {
	u8		protocol;
	u8		at;
	u8		bytes;
	const char	*prefix;
} id_layouts[] = {
	{ SCSI_PROTOCOL_FCP,	8,	8,	"" },
	{ SCSI_PROTOCOL_SBP,	8,	8,	"" },
	{ SCSI_PROTOCOL_SRP,	8,	16,	"0x" },
	{ SCSI_PROTOCOL_SAS,	4,	8,	"naa." },
	{ ID_PROTOCOL_SOP,	2,	2,	"" },	/* ROUTING ID */
};

static const struct id_layout *id_layout_of(u8 protocol)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(id_layouts); i++)
		if (id_layouts[i].protocol == protocol)
			return &id_layouts[i];
	return NULL;
}

static bool id_is_iscsi(const char *name)
{
	return !strncasecmp(name, "iqn.", 4) || !strncasecmp(name, "eui.", 4);
}

static const char *id_skip_prefix(const char *name)
{
	static const char * const prefixes[] = { "naa.", "fc.", "0x" };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(prefixes); i++)
		if (!strncasecmp(name, prefixes[i], strlen(prefixes[i])))
			return name + strlen(prefixes[i]);
	return name;
}

/* The next character that counts; 0 at the end. */
static char id_next(const char **name)
{
	while (**name && !isalnum(**name))
		(*name)++;
	return **name ? tolower(*(*name)++) : 0;
}

bool target_name_same(const char *a, const char *b)
{
	char c;

	if (id_is_iscsi(a) || id_is_iscsi(b))
		return !strcasecmp(a, b);
	a = id_skip_prefix(a);
	b = id_skip_prefix(b);
	do {
		c = id_next(&a);
		if (c != id_next(&b))
			return false;
	} while (c);
	return true;
}

u32 target_name_hash(const char *name)
{
	u32 hash = 0;
	char c;

	name = id_skip_prefix(name);
	while ((c = id_next(&name)))
		hash = jhash_1word(c, hash);
	return hash;
}

u8 target_name_protocol(const char *name)
{
	if (id_is_iscsi(name))
		return SCSI_PROTOCOL_ISCSI;
	if (!strncasecmp(name, "naa.", 4))
		return SCSI_PROTOCOL_SAS;
	return strlen(id_skip_prefix(name)) == 2 * ID_NUMBER_MAX ? SCSI_PROTOCOL_SRP :
								   SCSI_PROTOCOL_FCP;
}

/* As many digits as there must be, and nothing else. */
static bool id_get_number(const char *name, u8 *number, u8 bytes)
{
	unsigned int i;
	char c;

	name = id_skip_prefix(name);
	for (i = 0; (c = id_next(&name)); i++) {
		int digit = hex_to_bin(c);

		if (digit < 0 || i >= 2 * bytes)
			return false;
		number[i / 2] = number[i / 2] << 4 | digit;
	}
	return i == 2 * bytes;
}

static void id_build_number(struct target_buf *b, const struct target_initiator *of,
			    const struct id_layout *layout)
{
	u8 number[ID_NUMBER_MAX] = { };

	if (!id_get_number(of->name, number, layout->bytes))
		memset(number, 0, sizeof(number));
	target_buf_u8(b, of->protocol);
	target_buf_zero(b, layout->at - 1);
	target_buf_put(b, number, layout->bytes);
	target_buf_zero(b, ID_LEN - layout->at - layout->bytes);
}

/* SPC-6 7.6.4.6: NUL, padded to a multiple of four. */
static void id_build_iscsi(struct target_buf *b, const struct target_initiator *of)
{
	u32 start = b->len;

	target_buf_u8(b, SCSI_PROTOCOL_ISCSI | (of->isid[0] ? ID_FORMAT_ISID : 0));
	target_buf_zero(b, 3);
	target_buf_put(b, of->name, strlen(of->name));
	if (of->isid[0]) {
		target_buf_put(b, ID_ISID, strlen(ID_ISID));
		target_buf_put(b, of->isid, strlen(of->isid));
	}
	target_buf_u8(b, 0);
	target_buf_zero(b, -(b->len - start) & 3);
	if (b->len - start < ID_ISCSI_HEADER + ID_ISCSI_MIN)
		target_buf_zero(b, ID_ISCSI_HEADER + ID_ISCSI_MIN - (b->len - start));
	target_buf_set_be16(b, start + 2, b->len - start - ID_ISCSI_HEADER);
}

void target_transport_id_build(struct target_buf *b, const struct target_initiator *of)
{
	const struct id_layout *layout = id_layout_of(of->protocol);

	if (of->protocol == SCSI_PROTOCOL_ISCSI)
		id_build_iscsi(b, of);
	else if (layout)
		id_build_number(b, of, layout);
	else
		target_buf_zero(b, ID_LEN);
}

static u32 id_parse_number(const u8 *id, u32 len, struct target_initiator *out, u32 *wrong)
{
	const struct id_layout *layout = id_layout_of(out->protocol);

	*wrong = 0;
	if (!layout || id[0] & ID_FORMAT || len < ID_LEN)
		return 0;
	snprintf(out->name, sizeof(out->name), "%s%*phN", layout->prefix, layout->bytes,
		 id + layout->at);
	return ID_LEN;
}

/* Name and ISID, apart. */
static bool id_take_isid(char *text, struct target_initiator *out)
{
	char *sep = strstr(text, ID_ISID), *digits;

	if (!sep)
		return false;
	digits = sep + strlen(ID_ISID);
	if (!*digits || digits[strspn(digits, "0123456789abcdefABCDEF")])
		return false;
	*sep = 0;
	return strscpy(out->isid, digits, sizeof(out->isid)) > 0;
}

/* Printable, and something: what is written into a file line by line. */
static bool id_name_is_sane(const char *name)
{
	const char *c;

	for (c = name; *c; c++)
		if (!isgraph(*c) || !isascii(*c) || *c == ',')
			return false;
	return c != name;
}

static u32 id_parse_iscsi(const u8 *id, u32 len, struct target_initiator *out, u32 *wrong)
{
	/* Room for an ISID after the longest name. */
	char text[TRANSPORT_IQN_LEN + sizeof(ID_ISID) + TARGET_ISID_LEN];
	u32 more = get_unaligned_be16(id + 2);
	u8 format = id[0] & ID_FORMAT;

	*wrong = 0;
	if (format && format != ID_FORMAT_ISID)
		return 0;
	*wrong = 2;
	if (more < ID_ISCSI_MIN || more & 3 || more > len - ID_ISCSI_HEADER)
		return 0;
	*wrong = ID_ISCSI_HEADER;
	id += ID_ISCSI_HEADER;
	if (strnlen(id, more) == more || strscpy(text, id, sizeof(text)) < 0)
		return 0;
	if (format && !id_take_isid(text, out))
		return 0;
	if (strscpy(out->name, text, sizeof(out->name)) < 0 || !id_name_is_sane(out->name))
		return 0;
	return ID_ISCSI_HEADER + more;
}

u32 target_transport_id_parse(const u8 *id, u32 len, struct target_initiator *out, u32 *wrong)
{
	*wrong = 0;
	if (len < ID_LEN)
		return 0;
	*out = (struct target_initiator){ .protocol = id[0] & ID_PROTOCOL };
	if (out->protocol == SCSI_PROTOCOL_ISCSI)
		return id_parse_iscsi(id, len, out, wrong);
	return id_parse_number(id, len, out, wrong);
}
