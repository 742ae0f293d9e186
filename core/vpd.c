// SPDX-License-Identifier: GPL-2.0-only
/* Vital product data pages (SPC-6 7.7, SBC-5 6.6): a table, which page 00h lists. */
#include <linux/bits.h>
#include <linux/hex.h>
#include <linux/string.h>
#include <linux/uuid.h>
#include <scsi/scsi_proto.h>
#include <target/target_core_backend.h>
#include "alua.h"
#include "copy.h"
#include "inquiry.h"
#include "lba_map.h"
#include "provision.h"
#include "sanitize.h"
#include "sbc.h"
#include "selftest.h"
#include "threshold.h"
#include "tpg.h"

#define DESIGNATOR_MAX	255	/* DESIGNATOR LENGTH is one byte */
#define VPD_WSNZ	0x01	/* WRITE SAME takes no zero for "to the end" */
#define VPD_R_SUP	0x10	/* REPORT REFERRALS */
#define VPD_UGAVALID	BIT(31)
#define VPD_WABEREQ_READS	0x40	/* WABEREQ 01b */
#define VPD_WACEREQ_READS	0x10	/* WACEREQ 01b */
#define VPD_FUAB	0x02	/* FUA and SYNCHRONIZE CACHE as of SBC-3 and later */
#define VPD_VBULS	0x01	/* VERIFY compares unmapped blocks, too */

/* CODE SET, DESIGNATOR TYPE and ASSOCIATION of a designation descriptor (SPC-6 7.7.6) */
enum { SET_BINARY = 1, SET_ASCII = 2, SET_UTF8 = 3 };
enum {
	TYPE_T10	= 1,
	TYPE_EUI64	= 2,
	TYPE_NAA	= 3,
	TYPE_RTPI	= 4,
	TYPE_PORT_GROUP	= 5,
	TYPE_LU_GROUP	= 6,
	TYPE_NAME	= 8,
	TYPE_UUID	= 10,
};

enum { OF_LU = 0x00, OF_PORT = 0x10, OF_TARGET = 0x20 };
#define DESIGNATOR_PIV	0x80

#define DESIGNATOR_UUID	0x10	/* UUID TYPE 1h: as of RFC 4122 */

/* Who is asked: the unit, through which port. */
struct vpd_subject {
	struct se_device	*dev;
	struct se_lun		*lun;
};

struct vpd_page {
	u8	code;
	bool	(*present)(const struct se_device *dev);	/* NULL is always */
	void	(*build)(struct target_buf *b, const struct vpd_subject *s);
};

static const struct target_wwn_info *vpd_wwn(const struct vpd_subject *s)
{
	return &s->dev->t10_wwn;
}

static bool vpd_has_serial(const struct se_device *dev)
{
	return dev->t10_wwn.unit_serial[0];
}

/* 80h, unit serial number */
static void vpd_build_serial(struct target_buf *b, const struct vpd_subject *s)
{
	const char *serial = vpd_wwn(s)->unit_serial;

	target_buf_put(b, serial, strnlen(serial, INQUIRY_VPD_SERIAL_LEN));
}

/* Header of a designation descriptor; returns where it starts. */
static u32 vpd_open_designator(struct target_buf *b, const struct vpd_subject *s, u8 code_set,
			       u8 association, u8 type)
{
	u32 start = b->len;
	int proto = s->lun->lun_tpg->proto_id;

	/* PROTOCOL IDENTIFIER goes with designators of ports and targets. */
	if (association != OF_LU && proto >= 0) {
		code_set |= proto << 4;
		association |= DESIGNATOR_PIV;
	}
	target_buf_u8(b, code_set);
	target_buf_u8(b, association | type);
	target_buf_zero(b, 2);
	return start;
}

static void vpd_close_designator(struct target_buf *b, u32 start)
{
	target_buf_set_u8(b, start + 3, b->len - start - 4);
}

static void vpd_add_number(struct target_buf *b, const struct vpd_subject *s, u8 association,
			   u8 type, u16 number)
{
	u32 start = vpd_open_designator(b, s, SET_BINARY, association, type);

	target_buf_be32(b, number);
	vpd_close_designator(b, start);
}

static void vpd_set_nibble(u8 *id, unsigned int i, u8 value)
{
	id[i / 2] |= i % 2 ? value : value << 4;
}

static void vpd_set_company(u8 *id, unsigned int i, const struct target_wwn_info *wwn)
{
	unsigned int n;

	for (n = 0; n < 6; n++)
		vpd_set_nibble(id, i + n, (wwn->company_id >> (4 * (5 - n))) & 0xf);
}

/*
 * The next hexadecimal digits of the serial number, from @c on, as nibbles @i up to @end.
 * Return: what follows them; @i is the first nibble that there was no digit for.
 */
static const char *vpd_set_digits(u8 *id, unsigned int *i, unsigned int end, const char *c)
{
	for (; *c && *i < end; c++) {
		int digit = hex_to_bin(*c);

		if (digit >= 0)
			vpd_set_nibble(id, (*i)++, digit);
	}
	return c;
}

/*
 * NAA IEEE Registered Extended: the company, then the hexadecimal digits of the
 * serial number, as many as fit.  Names of disks in /dev/disk/by-id come from
 * it, so it never changes.
 */
static void vpd_add_naa(struct target_buf *b, const struct vpd_subject *s)
{
	const struct target_wwn_info *wwn = vpd_wwn(s);
	unsigned int i = 7;
	u8 id[16] = { };
	u32 start;

	vpd_set_nibble(id, 0, 6);
	vpd_set_company(id, 1, wwn);
	vpd_set_digits(id, &i, 2 * sizeof(id), wwn->unit_serial);
	start = vpd_open_designator(b, s, SET_BINARY, OF_LU, TYPE_NAA);
	target_buf_put(b, id, sizeof(id));
	vpd_close_designator(b, start);
}

/* EUI-64 with an identifier extension: 16 digits, the company, 10 more (SPC-6 7.7.6.5). */
static void vpd_add_eui64(struct target_buf *b, const struct vpd_subject *s)
{
	const struct target_wwn_info *wwn = vpd_wwn(s);
	unsigned int i = 0;
	const char *rest;
	u8 id[16] = { };
	u32 start;

	rest = vpd_set_digits(id, &i, 16, wwn->unit_serial);
	vpd_set_company(id, 16, wwn);
	i = 22;
	vpd_set_digits(id, &i, 2 * sizeof(id), rest);
	start = vpd_open_designator(b, s, SET_BINARY, OF_LU, TYPE_EUI64);
	target_buf_put(b, id, sizeof(id));
	vpd_close_designator(b, start);
}

/* A serial number that is a UUID, as targetcli's are (SPC-6 7.7.6.12) */
static void vpd_add_uuid(struct target_buf *b, const struct vpd_subject *s)
{
	const char *serial = vpd_wwn(s)->unit_serial;
	uuid_t id;
	u32 start;

	if (strlen(serial) != UUID_STRING_LEN || uuid_parse(serial, &id))
		return;
	start = vpd_open_designator(b, s, SET_BINARY, OF_LU, TYPE_UUID);
	target_buf_u8(b, DESIGNATOR_UUID);
	target_buf_u8(b, 0);
	target_buf_put(b, id.b, sizeof(id.b));
	vpd_close_designator(b, start);
}

/* T10 vendor identification, product and serial number. */
static void vpd_add_t10(struct target_buf *b, const struct vpd_subject *s)
{
	const struct target_wwn_info *wwn = vpd_wwn(s);
	u32 model_len = strnlen(wwn->model, INQUIRY_MODEL_LEN);
	u32 start = vpd_open_designator(b, s, SET_ASCII, OF_LU, TYPE_T10);
	u32 room = DESIGNATOR_MAX - INQUIRY_VENDOR_LEN - model_len - 1;

	target_buf_text(b, wwn->vendor, INQUIRY_VENDOR_LEN);
	target_buf_put(b, wwn->model, model_len);
	target_buf_u8(b, ':');
	target_buf_put(b, wwn->unit_serial, strnlen(wwn->unit_serial, room));
	vpd_close_designator(b, start);
}

/* Only these forms are SCSI name strings (SPC-6 7.7.6.11). */
static bool vpd_is_scsi_name(const char *name)
{
	return strstarts(name, "naa.") || strstarts(name, "eui.") || strstarts(name, "iqn.");
}

/* Text, NUL, padding to a multiple of four. */
static void vpd_add_name(struct target_buf *b, const struct vpd_subject *s, u8 association,
			 const char *name, const char *suffix)
{
	u32 start = vpd_open_designator(b, s, SET_UTF8, association, TYPE_NAME);

	target_buf_put(b, name, strnlen(name, TRANSPORT_IQN_LEN - 1));
	target_buf_put(b, suffix, strlen(suffix));
	target_buf_u8(b, 0);
	target_buf_zero(b, -(b->len - start) & 3);
	vpd_close_designator(b, start);
}

static void vpd_add_port_name(struct target_buf *b, const struct vpd_subject *s)
{
	struct se_portal_group *tpg = s->lun->lun_tpg;
	const char *name = target_tpg_wwn(tpg);
	char tag[sizeof(",t,0x1234")] = "";

	if (!vpd_is_scsi_name(name))
		return;
	/* The name of an iSCSI target port has its portal group's tag. */
	if (tpg->proto_id == SCSI_PROTOCOL_ISCSI)
		snprintf(tag, sizeof(tag), ",t,0x%04x", target_tpg_tag(tpg));
	vpd_add_name(b, s, OF_PORT, name, tag);
}

static void vpd_add_target_name(struct target_buf *b, const struct vpd_subject *s)
{
	const char *name = target_tpg_wwn(s->lun->lun_tpg);

	if (vpd_is_scsi_name(name))
		vpd_add_name(b, s, OF_TARGET, name, "");
}

/* 83h, device identification */
static void vpd_build_identification(struct target_buf *b, const struct vpd_subject *s)
{
	u16 id;
	u8 tpgs;

	if (vpd_has_serial(s->dev)) {
		vpd_add_naa(b, s);
		if (s->dev->dev_attrib.vpd_eui64)
			vpd_add_eui64(b, s);
		if (s->dev->dev_attrib.vpd_uuid)
			vpd_add_uuid(b, s);
		vpd_add_t10(b, s);
	}
	vpd_add_number(b, s, OF_PORT, TYPE_RTPI, s->lun->lun_tpg->tpg_rtpi);
	if (target_tg_pt_gp_of_lun(s->lun, s->dev, &id, &tpgs))
		vpd_add_number(b, s, OF_PORT, TYPE_PORT_GROUP, id);
	if (target_lu_gp_of_device(s->dev, &id))
		vpd_add_number(b, s, OF_LU, TYPE_LU_GROUP, id);
	vpd_add_port_name(b, s);
	vpd_add_target_name(b, s);
}

/* 86h, extended INQUIRY data */
static void vpd_build_extended(struct target_buf *b, const struct vpd_subject *s)
{
	u32 start = b->len;

	target_buf_u8(b, 0);
	target_buf_u8(b, 0x07);	/* HEADSUP, ORDSUP, SIMPSUP */
	target_buf_u8(b, s->dev->transport->flush ? 0x01 : 0);	/* V_SUP: volatile cache */
	target_buf_u8(b, 0);
	target_buf_u8(b, target_lba_map_present(s->dev) ? VPD_R_SUP : 0);
	target_buf_u8(b, 0);
	/* EXTENDED SELF-TEST COMPLETION MINUTES */
	target_buf_be16(b, DIV_ROUND_UP(target_selftest_seconds(s->dev), 60));
	target_buf_u8(b, 0);
	target_buf_u8(b, TRANSPORT_SENSE_BUFFER);	/* MAXIMUM SUPPORTED SENSE DATA LENGTH */
	target_buf_zero(b, 0x3c - (b->len - start));
}

/* 87h, mode page policy: all pages and subpages are shared by all nexuses */
static void vpd_build_mode_policy(struct target_buf *b, const struct vpd_subject *s)
{
	target_buf_u8(b, 0x3f);
	target_buf_u8(b, 0xff);
	target_buf_zero(b, 2);
}

/* The LUN of the unit whose port has the lowest identifier above @above; lun_lock held. */
static struct se_lun *vpd_next_port(struct se_device *dev, u16 above)
{
	struct se_lun *lun, *next = NULL;

	list_for_each_entry(lun, &dev->luns, dev_node) {
		u16 rtpi = lun->lun_tpg->tpg_rtpi;

		if (rtpi > above && (!next || rtpi < next->lun_tpg->tpg_rtpi))
			next = lun;
	}
	return next;
}

static void vpd_build_port(struct target_buf *b, const struct vpd_subject *s)
{
	u32 start = b->len;

	target_buf_zero(b, 2);
	target_buf_be16(b, s->lun->lun_tpg->tpg_rtpi);
	target_buf_zero(b, 8);	/* no initiator port, and so no TransportID */
	vpd_add_port_name(b, s);
	target_buf_set_be16(b, start + 10, b->len - start - 12);
}

/* 88h, SCSI ports: those through which the unit can be reached */
static void vpd_build_ports(struct target_buf *b, const struct vpd_subject *s)
{
	struct vpd_subject port = { .dev = s->dev };
	u16 rtpi = 0;

	guard(spinlock_irqsave)(&s->dev->lun_lock);
	while ((port.lun = vpd_next_port(s->dev, rtpi))) {
		vpd_build_port(b, &port);
		rtpi = port.lun->lun_tpg->tpg_rtpi;
	}
}

/* 8Fh, third-party copy */
static void vpd_build_copy(struct target_buf *b, const struct vpd_subject *s)
{
	target_copy_build_page(b, s->dev);
}

/* The counts are those of UNMAP, the granularity is also that of WRITE SAME. */
static void vpd_build_unmap_limits(struct target_buf *b, const struct se_device *dev)
{
	const struct se_dev_attrib *a = &dev->dev_attrib;
	bool unmap = target_unmap_supported(dev);
	u32 granularity = target_sbc_thin(dev) ? a->unmap_granularity : 0;

	target_buf_be32(b, unmap ? a->max_unmap_lba_count : 0);
	target_buf_be32(b, unmap ? a->max_unmap_block_desc_count : 0);
	target_buf_be32(b, granularity);
	target_buf_be32(b, granularity ? a->unmap_granularity_alignment | VPD_UGAVALID : 0);
}

/* What the medium likes, else the attribute; its largest value is no preference. */
static u32 vpd_optimal_transfer(const struct se_device *dev)
{
	u32 opt = target_sbc_scale(dev, dev->limits.io_opt) ?: dev->dev_attrib.optimal_sectors;

	return opt == U32_MAX ? 0 : opt;
}

/* B0h, block limits */
static void vpd_build_block_limits(struct target_buf *b, const struct vpd_subject *s)
{
	const struct se_device *dev = s->dev;
	const struct se_dev_attrib *a = &dev->dev_attrib;
	const struct target_core_fabric_ops *tfo = s->lun->lun_tpg->se_tpg_tfo;
	u32 max = target_sbc_max_transfer(dev, tfo);

	target_buf_u8(b, a->emulate_wsnz ? VPD_WSNZ : 0);
	target_buf_u8(b, target_sbc_max_caw(dev, tfo));	/* MAXIMUM COMPARE AND WRITE LENGTH */
	target_buf_be16(b, min(target_sbc_scale(dev, dev->limits.io_min), 0xffffU));
	target_buf_be32(b, max);
	target_buf_be32(b, min(vpd_optimal_transfer(dev), max));
	target_buf_be32(b, max);	/* MAXIMUM PREFETCH LENGTH */
	vpd_build_unmap_limits(b, dev);
	target_buf_be64(b, target_write_same_supported(dev) ? a->max_write_same_len : 0);
	target_buf_be32(b, target_sbc_max_atomic(dev, tfo, false));
	target_buf_be32(b, a->atomic_alignment);
	target_buf_be32(b, a->atomic_granularity);
	target_buf_be32(b, target_sbc_max_atomic(dev, tfo, true));
	target_buf_be32(b, a->atomic_max_boundary);
}

/*
 * B1h, block device characteristics: blocks can be read after BLOCK ERASE, as zeros, and
 * after CRYPTOGRAPHIC ERASE, as noise
 */
static void vpd_build_characteristics(struct target_buf *b, const struct vpd_subject *s)
{
	target_buf_be16(b, s->dev->dev_attrib.is_nonrot ? 1 : 0);	/* else not reported */
	target_buf_u8(b, 0);
	target_buf_u8(b, (target_sanitize_can_erase(s->dev) ? VPD_WABEREQ_READS : 0) |
		      (target_sanitize_can_crypto_erase(s->dev) ? VPD_WACEREQ_READS : 0));
	target_buf_u8(b, VPD_FUAB | VPD_VBULS);
	target_buf_zero(b, 0x3c - 5);
}

/* B2h, logical block provisioning */
static void vpd_build_provisioning(struct target_buf *b, const struct vpd_subject *s)
{
	const struct se_dev_attrib *a = &s->dev->dev_attrib;
	bool thin = target_sbc_thin(s->dev);
	u8 bits = 0;

	if (target_unmap_supported(s->dev))
		bits |= 0x80;	/* LBPU */
	if (target_write_same_supported(s->dev) && target_write_same_unmaps(s->dev))
		bits |= 0x60;	/* LBPWS, LBPWS10 */
	if (thin && a->unmap_zeroes_data)
		bits |= 0x04;	/* LBPRZ 001b */
	target_buf_u8(b, target_threshold_exponent(s->dev));
	target_buf_u8(b, bits);
	target_buf_u8(b, thin ? 0x02 : 0);	/* PROVISIONING TYPE: thin, or not reported */
	target_buf_u8(b, 0);
}

/* B3h, referrals */
static void vpd_build_referrals(struct target_buf *b, const struct vpd_subject *s)
{
	target_lba_map_build_page(b, s->dev);
}

static void vpd_build_list(struct target_buf *b, const struct vpd_subject *s);

/* In ascending order: so page 00h lists them. */
static const struct vpd_page vpd_pages[] = {
	{ .code = 0x00, .build = vpd_build_list },
	{ .code = 0x80, .present = vpd_has_serial, .build = vpd_build_serial },
	{ .code = 0x83, .build = vpd_build_identification },
	{ .code = 0x86, .build = vpd_build_extended },
	{ .code = 0x87, .build = vpd_build_mode_policy },
	{ .code = 0x88, .build = vpd_build_ports },
	{ .code = 0x8f, .present = target_copy_supported, .build = vpd_build_copy },
	{ .code = 0xb0, .build = vpd_build_block_limits },
	{ .code = 0xb1, .build = vpd_build_characteristics },
	{ .code = 0xb2, .build = vpd_build_provisioning },
	{ .code = 0xb3, .present = target_lba_map_present, .build = vpd_build_referrals },
};

/* Where there is no logical unit there is only the list, which says so. */
static bool vpd_page_present(const struct vpd_page *page, const struct se_device *dev)
{
	if (!dev)
		return page->code == 0x00;
	return !page->present || page->present(dev);
}

static void vpd_build_list(struct target_buf *b, const struct vpd_subject *s)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(vpd_pages); i++)
		if (vpd_page_present(&vpd_pages[i], s->dev))
			target_buf_u8(b, vpd_pages[i].code);
}

static const struct vpd_page *vpd_find(const struct se_device *dev, u8 code)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(vpd_pages); i++)
		if (vpd_pages[i].code == code && vpd_page_present(&vpd_pages[i], dev))
			return &vpd_pages[i];
	return NULL;
}

bool target_vpd_present(const struct se_device *dev, u8 page)
{
	return vpd_find(dev, page);
}

void target_vpd_build(struct target_buf *b, u8 page, struct se_device *dev, struct se_lun *lun)
{
	const struct vpd_subject s = { .dev = dev, .lun = lun };
	const struct vpd_page *p = vpd_find(dev, page);
	u32 start = b->len;

	/* An attribute may have changed since the CDB was looked at. */
	if (!p)
		return;
	target_buf_u8(b, target_inquiry_peripheral(dev, lun));
	target_buf_u8(b, page);
	target_buf_zero(b, 2);
	p->build(b, &s);
	target_buf_set_be16(b, start + 2, b->len - start - 4);
}
