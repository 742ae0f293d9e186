// SPDX-License-Identifier: GPL-2.0-only
/* INQUIRY data and vital product data pages, byte by byte. */
#include <linux/unaligned.h>
#include "alua.h"
#include "inquiry.h"
#include "scsi_fixture.h"

static void inquiry_standard(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;
	static const u8 want[96] = {
		0x00, 0x00, 0x06, 0x22, 0x5b, 0x08, 0x00, 0x02,
		'L', 'I', 'O', '-', 'O', 'R', 'G', ' ',
		'R', 'A', 'M', 'D', 'I', 'S', 'K', ' ', ' ', ' ', ' ', ' ', ' ', ' ', ' ', ' ',
		'4', '.', '0', ' ',
		[58] = 0x00, 0xa0, 0x0c, 0x20, 0x04, 0x60, 0x04, 0xc0,
	};

	target_inquiry_build(&f->b, &f->dev, &f->lun);
	fix_expect_bytes(test, &f->b, want, sizeof(want));
}

static void inquiry_no_lun(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;
	u8 want[36] = { 0x7f, 0x00, 0x06, 0x02, 31 };

	memset(want + 8, ' ', 28);
	target_inquiry_build(&f->b, NULL, NULL);
	fix_expect_bytes(test, &f->b, want, sizeof(want));
}

/* PERIPHERAL QUALIFIER, of all that INQUIRY tells, by the state of the port. */
static void inquiry_qualifier(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;

	f->lun.alua_gate = TARGET_ALUA_STANDBY;
	target_inquiry_build(&f->b, &f->dev, &f->lun);
	KUNIT_EXPECT_EQ(test, f->out[0], 0x00);
	f->lun.alua_gate = TARGET_ALUA_UNAVAILABLE;
	target_buf_init(&f->b, f->out, sizeof(f->out));
	target_inquiry_build(&f->b, &f->dev, &f->lun);
	KUNIT_EXPECT_EQ(test, f->out[0], 0x20);
	target_buf_init(&f->b, f->out, sizeof(f->out));
	target_vpd_build(&f->b, 0x83, &f->dev, &f->lun);
	KUNIT_EXPECT_EQ(test, f->out[0], 0x20);
}

/* The bits that stand for commands follow the opcode table; PROTECT follows the format. */
static void inquiry_capabilities(struct kunit *test)
{
	struct target_tg_pt_gp gp = { .id = 1, .access_type = 3 };
	struct scsi_fixture *f = test->priv;
	bool rtpg = target_cdb_device_has(&f->dev, 0xa3, 0x0a);
	bool copy = target_cdb_device_has(&f->dev, 0x83, 0x00);

	f->lun.tg_pt_gp = &gp;
	f->dev.dev_attrib.pi_prot_type = 1;
	target_inquiry_build(&f->b, &f->dev, &f->lun);
	KUNIT_EXPECT_EQ(test, f->out[5], (rtpg ? 0x30 : 0) | (copy ? 0x08 : 0) | 0x01);
}

/* A short ALLOCATION LENGTH cuts the data, not the length it tells. */
static void inquiry_truncated(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;

	memset(f->out, 0xee, sizeof(f->out));
	target_buf_init(&f->b, f->out, 5);
	target_inquiry_build(&f->b, &f->dev, &f->lun);
	KUNIT_EXPECT_EQ(test, f->b.len, 96);
	KUNIT_EXPECT_EQ(test, f->out[4], 91);
	KUNIT_EXPECT_EQ(test, f->out[5], 0xee);
	target_buf_init(&f->b, f->out, 3);
	target_vpd_build(&f->b, 0x83, &f->dev, &f->lun);
	KUNIT_EXPECT_EQ(test, f->out[1], 0x83);
	KUNIT_EXPECT_EQ(test, f->out[3], 0x22);	/* of the standard data before */
}

static const struct inquiry_protocol {
	int	proto_id;
	u16	want;
} inquiry_protocols[] = {
	{ SCSI_PROTOCOL_FCP, 0x0a40 }, { SCSI_PROTOCOL_SBP, 0x0980 },
	{ SCSI_PROTOCOL_SRP, 0x0940 }, { SCSI_PROTOCOL_ISCSI, 0x0960 },
	{ SCSI_PROTOCOL_SAS, 0x0c20 }, { -1, 0x0000 },
};

static void inquiry_protocol_desc(const struct inquiry_protocol *c, char *desc)
{
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "protocol %d", c->proto_id);
}

KUNIT_ARRAY_PARAM(inquiry_protocol, inquiry_protocols, inquiry_protocol_desc);

static void inquiry_version_descriptors(struct kunit *test)
{
	const struct inquiry_protocol *c = test->param_value;
	struct scsi_fixture *f = test->priv;

	f->tpg.proto_id = c->proto_id;
	target_inquiry_build(&f->b, &f->dev, &f->lun);
	KUNIT_EXPECT_EQ(test, f->b.len, 96);
	KUNIT_EXPECT_EQ(test, target_inquiry_protocol_version(c->proto_id), c->want);
	KUNIT_EXPECT_EQ(test, get_unaligned_be16(f->out + 60), c->want ?: 0x0460);
}

/* Only the fixture's own port is inside the fixture. */
static char *vpd_fix_wwn(struct se_portal_group *tpg)
{
	return tpg->tpg_rtpi == 7 ? fix_wwn(tpg) : "21000024ff314c48";
}

static void vpd_supported(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;
	static const u8 all[] = {
		0, 0, 0, 10, 0x00, 0x80, 0x83, 0x86, 0x87, 0x88, 0x8f, 0xb0, 0xb1, 0xb2
	};
	static const u8 no_serial[] = {
		0, 0, 0, 9, 0x00, 0x83, 0x86, 0x87, 0x88, 0x8f, 0xb0, 0xb1, 0xb2
	};
	static const u8 no_lun[] = { 0x7f, 0, 0, 1, 0x00 };

	target_vpd_build(&f->b, 0x00, &f->dev, &f->lun);
	fix_expect_bytes(test, &f->b, all, sizeof(all));
	f->dev.t10_wwn.unit_serial[0] = '\0';
	target_buf_init(&f->b, f->out, sizeof(f->out));
	target_vpd_build(&f->b, 0x00, &f->dev, &f->lun);
	fix_expect_bytes(test, &f->b, no_serial, sizeof(no_serial));
	target_buf_init(&f->b, f->out, sizeof(f->out));
	target_vpd_build(&f->b, 0x00, NULL, NULL);
	fix_expect_bytes(test, &f->b, no_lun, sizeof(no_lun));
}

/* Listed exactly when it can be had. */
static void vpd_listed(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;
	unsigned int page;

	target_vpd_build(&f->b, 0x00, &f->dev, &f->lun);
	for (page = 0; page < 256; page++)
		KUNIT_EXPECT_EQ_MSG(test, target_vpd_present(&f->dev, page),
				    !!memchr(f->out + 4, page, f->b.len - 4), "page %02x", page);
}

static void vpd_serial(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;
	static const u8 want[] = { 0, 0x80, 0, 7, '1', '2', 'a', 'b', '-', 'C', 'D' };

	target_vpd_build(&f->b, 0x80, &f->dev, &f->lun);
	fix_expect_bytes(test, &f->b, want, sizeof(want));
}

static void vpd_identification(struct kunit *test)
{
	struct target_tg_pt_gp gp = { .id = 0x0102, .access_type = 3 };
	struct target_lu_gp lu_gp = { .id = 3 };
	struct scsi_fixture *f = test->priv;
	static const u8 want[] = {
		0x00, 0x83, 0x00, 0x7f,
		/* NAA */
		0x01, 0x03, 0x00, 0x10,
		0x60, 0x01, 0x40, 0x51, 0x2a, 0xbc, 0xd0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
		/* T10 vendor */
		0x02, 0x01, 0x00, 0x17,
		'L', 'I', 'O', '-', 'O', 'R', 'G', ' ', 'R', 'A', 'M', 'D', 'I', 'S', 'K', ':',
		'1', '2', 'a', 'b', '-', 'C', 'D',
		/* relative target port, target port group, logical unit group */
		0x61, 0x94, 0x00, 0x04, 0x00, 0x00, 0x00, 0x07,
		0x61, 0x95, 0x00, 0x04, 0x00, 0x00, 0x01, 0x02,
		0x01, 0x06, 0x00, 0x04, 0x00, 0x00, 0x00, 0x03,
		/* names of port and target */
		0x63, 0x98, 0x00, 0x18,
		'n', 'a', 'a', '.', '5', '0', '0', '1', '4', '0', '5', '0', '0', '0', '0', '0',
		'0', '0', '0', '1', 0, 0, 0, 0,
		0x63, 0xa8, 0x00, 0x18,
		'n', 'a', 'a', '.', '5', '0', '0', '1', '4', '0', '5', '0', '0', '0', '0', '0',
		'0', '0', '0', '1', 0, 0, 0, 0,
	};

	f->lun.tg_pt_gp = &gp;
	f->dev.lu_gp = &lu_gp;
	target_vpd_build(&f->b, 0x83, &f->dev, &f->lun);
	fix_expect_bytes(test, &f->b, want, sizeof(want));
}

/* Without serial number and groups, behind a port whose name is no SCSI name. */
static void vpd_identification_least(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;
	static const u8 want[] = { 0, 0x83, 0, 8, 0x01, 0x94, 0, 4, 0, 0, 0, 7 };

	f->dev.t10_wwn.unit_serial[0] = '\0';
	f->tpg.proto_id = SCSI_PROTOCOL_FCP;
	strscpy(f->name, "21000024ff314c48", sizeof(f->name));
	target_vpd_build(&f->b, 0x83, &f->dev, &f->lun);
	fix_expect_bytes(test, &f->b, want, sizeof(want));
}

static void vpd_identification_iscsi(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;
	static const u8 want[] = {
		0x00, 0x83, 0x00, 0x30, 0x51, 0x94, 0, 4, 0, 0, 0, 7,
		0x53, 0x98, 0x00, 0x14,
		'i', 'q', 'n', '.', '2', '0', ':', 'a', ',', 't', ',', '0', 'x', '0', '0', '0', '1',
		0, 0, 0,
		0x53, 0xa8, 0x00, 0x0c, 'i', 'q', 'n', '.', '2', '0', ':', 'a', 0, 0, 0, 0,
	};

	f->dev.t10_wwn.unit_serial[0] = '\0';
	f->tpg.proto_id = SCSI_PROTOCOL_ISCSI;
	strscpy(f->name, "iqn.20:a", sizeof(f->name));
	target_vpd_build(&f->b, 0x83, &f->dev, &f->lun);
	fix_expect_bytes(test, &f->b, want, sizeof(want));
}

/* Of a long serial number the NAA has 25 digits and the T10 designator what fits. */
static void vpd_identification_long_serial(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;
	static const u8 naa[] = { 0x60, 0x01, 0x40, 0x5f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
				  0xff, 0xff, 0xff, 0xff, 0xff, 0xff };

	memset(f->dev.t10_wwn.unit_serial, 'F', INQUIRY_VPD_SERIAL_LEN - 1);
	target_vpd_build(&f->b, 0x83, &f->dev, &f->lun);
	KUNIT_EXPECT_EQ(test, memcmp(f->out + 8, naa, sizeof(naa)), 0);
	KUNIT_EXPECT_EQ(test, f->out[24 + 3], 255);
	/* What follows stands where its length says. */
	KUNIT_EXPECT_EQ(test, f->out[24 + 4 + 255], 0x61);
	KUNIT_EXPECT_EQ(test, get_unaligned_be16(f->out + 2), f->b.len - 4);
}

/* On request: EUI-64 of 26 digits with the company between, and a serial number that is a UUID. */
static void vpd_identification_more(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;
	static const u8 eui[] = {
		0x01, 0x02, 0x00, 0x10, 0x00, 0x11, 0x22, 0x33, 0x44, 0x55, 0x46, 0x66,
		0x00, 0x14, 0x05, 0x77, 0x78, 0x88, 0x99, 0x9a,
	};
	static const u8 uuid[] = {
		0x01, 0x0a, 0x00, 0x12, 0x10, 0x00, 0x00, 0x11, 0x22, 0x33, 0x44, 0x55, 0x46, 0x66,
		0x77, 0x78, 0x88, 0x99, 0x9a, 0xaa, 0xbb, 0xbc,
	};
	const u8 *at = f->out + 24;

	strscpy(f->dev.t10_wwn.unit_serial, "00112233-4455-4666-7778-88999aaabbbc",
		sizeof(f->dev.t10_wwn.unit_serial));
	f->dev.dev_attrib.vpd_eui64 = true;
	f->dev.dev_attrib.vpd_uuid = true;
	target_vpd_build(&f->b, 0x83, &f->dev, &f->lun);
	KUNIT_EXPECT_EQ(test, memcmp(at, eui, sizeof(eui)), 0);
	KUNIT_EXPECT_EQ(test, memcmp(at + sizeof(eui), uuid, sizeof(uuid)), 0);
	KUNIT_EXPECT_EQ(test, at[sizeof(eui) + sizeof(uuid) + 1], 0x01);
}

/* A serial number that is not written as a UUID is none. */
static void vpd_identification_no_uuid(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;

	strscpy(f->dev.t10_wwn.unit_serial, "00112233-4455-4666-7778-88999aaabbbcd",
		sizeof(f->dev.t10_wwn.unit_serial));
	f->dev.dev_attrib.vpd_uuid = true;
	target_vpd_build(&f->b, 0x83, &f->dev, &f->lun);
	KUNIT_EXPECT_EQ(test, f->out[24 + 1], 0x01);
}

static void vpd_extended(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;
	u8 want[64] = { 0x00, 0x86, 0x00, 0x3c, 0x00, 0x07, 0x01, [11] = 1, [13] = 96 };

	target_vpd_build(&f->b, 0x86, &f->dev, &f->lun);
	fix_expect_bytes(test, &f->b, want, sizeof(want));
	f->backend.flush = NULL;
	want[6] = 0;
	target_buf_init(&f->b, f->out, sizeof(f->out));
	target_vpd_build(&f->b, 0x86, &f->dev, &f->lun);
	fix_expect_bytes(test, &f->b, want, sizeof(want));
}

static void vpd_mode_policy(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;
	static const u8 want[] = { 0x00, 0x87, 0x00, 0x04, 0x3f, 0xff, 0x00, 0x00 };

	target_vpd_build(&f->b, 0x87, &f->dev, &f->lun);
	fix_expect_bytes(test, &f->b, want, sizeof(want));
}

/* Each port once, in ascending order, however the unit was linked to them. */
static void vpd_ports(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;
	struct se_portal_group *fc = kunit_kzalloc(test, sizeof(*fc), GFP_KERNEL);
	struct se_lun *luns = kunit_kcalloc(test, 2, sizeof(*luns), GFP_KERNEL);
	static const u8 want[] = {
		0x00, 0x88, 0x00, 0x34,
		/* through a port whose name is no SCSI name */
		0, 0, 0x00, 0x02, 0, 0, 0, 0, 0, 0, 0x00, 0x00,
		0, 0, 0x00, 0x07, 0, 0, 0, 0, 0, 0, 0x00, 0x1c,
		0x63, 0x98, 0x00, 0x18,
		'n', 'a', 'a', '.', '5', '0', '0', '1', '4', '0', '5', '0', '0', '0', '0', '0',
		'0', '0', '0', '1', 0, 0, 0, 0,
	};

	KUNIT_ASSERT_TRUE(test, fc && luns);
	f->fabric.tpg_get_wwn = vpd_fix_wwn;
	*fc = f->tpg;
	fc->proto_id = SCSI_PROTOCOL_FCP;
	fc->tpg_rtpi = 2;
	luns[0].lun_tpg = &f->tpg;
	luns[1].lun_tpg = fc;
	list_add(&luns[0].dev_node, &f->dev.luns);
	list_add(&luns[1].dev_node, &f->dev.luns);
	target_vpd_build(&f->b, 0x88, &f->dev, &f->lun);
	fix_expect_bytes(test, &f->b, want, sizeof(want));
	list_del(&luns[0].dev_node);
	list_del(&luns[1].dev_node);
}

static void vpd_block_limits(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;
	static const u8 want[64] = {
		0x00, 0xb0, 0x00, 0x3c, 0x01, 0xff, 0x00, 0x00,
		0x00, 0x7f, 0xff, 0xff, [17] = 0x7f, 0xff, 0xff, [47] = 32, [59] = 16, [63] = 8,
	};

	/* There are no hooks to do it with. */
	f->dev.dev_attrib.max_unmap_lba_count = 8192;
	f->dev.dev_attrib.max_write_same_len = 4096;
	target_vpd_build(&f->b, 0xb0, &f->dev, &f->lun);
	fix_expect_bytes(test, &f->b, want, sizeof(want));
}

static void vpd_block_limits_all(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;
	struct se_dev_attrib *a = &f->dev.dev_attrib;
	static const u8 want[64] = {
		0x00, 0xb0, 0x00, 0x3c, 0x01, 0xff, 0x00, 0x08,
		0x00, 0x00, 0x40, 0x00, 0x00, 0x00, 0x01, 0x00,
		0x00, 0x00, 0x40, 0x00, 0x00, 0x00, 0x20, 0x00,
		0x00, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00, 0x08,
		0x80, 0x00, 0x00, 0x04, 0x00, 0x00, 0x00, 0x00,
		0x00, 0x00, 0x10, 0x00, 0x00, 0x00, 0x00, 0x80,
		0x00, 0x00, 0x00, 0x10, 0x00, 0x00, 0x00, 0x20,
		0x00, 0x00, 0x00, 0x40, 0x00, 0x00, 0x00, 0x02,
	};

	/* Only whether they are there is asked. */
	f->backend.unmap = fix_flush;
	f->backend.write_same = fix_flush;
	f->dev.limits.io_min = 8;
	f->dev.limits.io_opt = 256;
	a->hw_max_sectors = 16384;
	a->emulate_tpu = true;
	a->max_unmap_lba_count = 8192;
	a->max_unmap_block_desc_count = 1;
	a->unmap_granularity = 8;
	a->unmap_granularity_alignment = 4;
	a->max_write_same_len = 4096;
	a->atomic_max_len = 128;
	a->atomic_alignment = 16;
	a->atomic_granularity = 32;
	a->atomic_max_with_boundary = 64;
	a->atomic_max_boundary = 2;
	target_vpd_build(&f->b, 0xb0, &f->dev, &f->lun);
	fix_expect_bytes(test, &f->b, want, sizeof(want));
}

/* The granularity is that of WRITE SAME, too; the counts are those of UNMAP alone. */
static void vpd_block_limits_write_same(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;
	struct se_dev_attrib *a = &f->dev.dev_attrib;

	f->backend.unmap = fix_flush;
	f->backend.write_same = fix_flush;
	a->emulate_tpws = true;
	a->emulate_wsnz = false;
	a->max_unmap_lba_count = 8192;
	a->max_unmap_block_desc_count = 1;
	a->unmap_granularity = 8;
	a->max_write_same_len = U32_MAX;
	target_vpd_build(&f->b, 0xb0, &f->dev, &f->lun);
	KUNIT_EXPECT_EQ(test, f->out[4], 0);
	KUNIT_EXPECT_EQ(test, get_unaligned_be64(f->out + 20), 0);
	KUNIT_EXPECT_EQ(test, get_unaligned_be32(f->out + 28), 8);
	KUNIT_EXPECT_EQ(test, get_unaligned_be32(f->out + 32), 0x80000000U);
	KUNIT_EXPECT_EQ(test, get_unaligned_be64(f->out + 36), U32_MAX);
}

/* Without a preference of the medium the attribute is told, up to the maximum. */
static void vpd_block_limits_optimal(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;

	f->dev.dev_attrib.hw_max_sectors = 16384;
	f->dev.dev_attrib.optimal_sectors = 128;
	target_vpd_build(&f->b, 0xb0, &f->dev, &f->lun);
	KUNIT_EXPECT_EQ(test, get_unaligned_be32(f->out + 12), 128);
	f->dev.dev_attrib.optimal_sectors = 32768;
	target_buf_init(&f->b, f->out, sizeof(f->out));
	target_vpd_build(&f->b, 0xb0, &f->dev, &f->lun);
	KUNIT_EXPECT_EQ(test, get_unaligned_be32(f->out + 12), 16384);
}

/* No more than a transfer takes, and whole granules. */
static void vpd_block_limits_atomic(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;

	f->dev.dev_attrib.hw_max_sectors = 15;
	f->dev.dev_attrib.atomic_granularity = 4;
	target_vpd_build(&f->b, 0xb0, &f->dev, &f->lun);
	KUNIT_EXPECT_EQ(test, get_unaligned_be32(f->out + 44), 12);
	KUNIT_EXPECT_EQ(test, get_unaligned_be32(f->out + 52), 4);
	KUNIT_EXPECT_EQ(test, get_unaligned_be32(f->out + 56), 12);
}

/* Data-out of COMPARE AND WRITE is twice what it says. */
static void vpd_block_limits_caw(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;

	f->dev.dev_attrib.hw_max_sectors = 201;
	target_vpd_build(&f->b, 0xb0, &f->dev, &f->lun);
	KUNIT_EXPECT_EQ(test, f->out[5], 100);
	f->dev.dev_attrib.emulate_caw = false;
	target_buf_init(&f->b, f->out, sizeof(f->out));
	target_vpd_build(&f->b, 0xb0, &f->dev, &f->lun);
	KUNIT_EXPECT_EQ(test, f->out[5], 0);
}

/* Limits count the backstore's blocks, the page counts ours. */
static void vpd_block_limits_scaled(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;

	f->dev.limits.io_min = 16;
	f->dev.limits.io_opt = 1024;
	f->dev.block_shift = 12;
	target_vpd_build(&f->b, 0xb0, &f->dev, &f->lun);
	KUNIT_EXPECT_EQ(test, get_unaligned_be16(f->out + 6), 2);
	KUNIT_EXPECT_EQ(test, get_unaligned_be32(f->out + 8), 0xfffff);
	KUNIT_EXPECT_EQ(test, get_unaligned_be32(f->out + 12), 128);
}

static void vpd_characteristics(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;
	u8 want[64] = { 0x00, 0xb1, 0x00, 0x3c, [8] = 0x03 };

	target_vpd_build(&f->b, 0xb1, &f->dev, &f->lun);
	fix_expect_bytes(test, &f->b, want, sizeof(want));
	f->dev.dev_attrib.is_nonrot = true;
	want[5] = 1;
	target_buf_init(&f->b, f->out, sizeof(f->out));
	target_vpd_build(&f->b, 0xb1, &f->dev, &f->lun);
	fix_expect_bytes(test, &f->b, want, sizeof(want));
}

static const struct vpd_thin {
	bool	tpu;
	bool	tpws;
	bool	zeroes;
	u8	bits;
	u8	type;
} vpd_thins[] = {
	{ false, false, false, 0x00, 0 }, { false, false, true, 0x00, 0 },
	{ true, false, false, 0x80, 2 }, { false, true, false, 0x60, 2 },
	{ true, true, true, 0xe4, 2 },
};

static void vpd_thin_desc(const struct vpd_thin *c, char *desc)
{
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "tpu %d tpws %d zeroes %d", c->tpu, c->tpws,
		 c->zeroes);
}

KUNIT_ARRAY_PARAM(vpd_thin, vpd_thins, vpd_thin_desc);

static void vpd_provisioning(struct kunit *test)
{
	const struct vpd_thin *c = test->param_value;
	struct scsi_fixture *f = test->priv;
	const u8 want[] = { 0x00, 0xb2, 0x00, 0x04, 0x00, c->bits, c->type, 0x00 };

	f->backend.unmap = fix_flush;
	f->backend.write_same = fix_flush;
	f->dev.dev_attrib.max_write_same_len = 1;
	f->dev.dev_attrib.emulate_tpu = c->tpu;
	f->dev.dev_attrib.emulate_tpws = c->tpws;
	f->dev.dev_attrib.unmap_zeroes_data = c->zeroes;
	target_vpd_build(&f->b, 0xb2, &f->dev, &f->lun);
	fix_expect_bytes(test, &f->b, want, sizeof(want));
}

static const struct inquiry_refused {
	u8	byte_1;
	u8	page;
	bool	ok;
} inquiry_refusals[] = {
	{ 0, 0x00, true }, { 1, 0x00, true }, { 1, 0xb2, true },
	{ 0, 0x80, false }, { 1, 0x84, false }, { 1, 0xb3, false }, { 1, 0xff, false },
};

static void inquiry_refused_desc(const struct inquiry_refused *c, char *desc)
{
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "EVPD %u page %02x", c->byte_1, c->page);
}

KUNIT_ARRAY_PARAM(inquiry_refused, inquiry_refusals, inquiry_refused_desc);

static void inquiry_page_code(struct kunit *test)
{
	const struct inquiry_refused *c = test->param_value;
	struct scsi_fixture *f = test->priv;
	const u8 cdb[6] = { 0x12, c->byte_1, c->page, 0, 255 };

	FIX_EXPECT_REASON(test, target_cdb_parse(fix_cmd(f, cdb)),
			  c->ok ? TCM_NO_SENSE : TCM_INVALID_CDB_FIELD);
	if (!c->ok)
		fix_expect_field(test, &f->cmd, 2, 7);
}

/* Through the whole command: what the initiator gets, and the residual. */
static void inquiry_execute(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;
	static const u8 cdb[6] = { 0x12, 0, 0, 0, 255 };
	struct se_cmd *cmd = fix_cmd(f, cdb);

	cmd->unknown_data_length = false;
	cmd->asked_length = 128;
	fix_run_good(test, cmd);
	KUNIT_EXPECT_EQ(test, cmd->data_length, 96);
	KUNIT_EXPECT_EQ(test, cmd->residual_count, 32);
	KUNIT_EXPECT_TRUE(test, cmd->se_cmd_flags & SCF_UNDERFLOW_BIT);
	KUNIT_EXPECT_EQ(test, memcmp(f->data + 8, "LIO-ORG ", 8), 0);
}

static void inquiry_execute_no_lun(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;
	static const u8 cdb[6] = { 0x12, 0, 0, 0, 255 };
	struct se_cmd *cmd = fix_cmd(f, cdb);

	fix_no_lun(cmd);
	fix_run_good(test, cmd);
	KUNIT_EXPECT_EQ(test, cmd->data_length, 36);
	KUNIT_EXPECT_EQ(test, f->data[0], 0x7f);
}

static struct kunit_case inquiry_cases[] = {
	KUNIT_CASE(inquiry_standard),
	KUNIT_CASE(inquiry_no_lun),
	KUNIT_CASE(inquiry_qualifier),
	KUNIT_CASE(inquiry_capabilities),
	KUNIT_CASE(inquiry_truncated),
	KUNIT_CASE_PARAM(inquiry_version_descriptors, inquiry_protocol_gen_params),
	KUNIT_CASE(vpd_supported),
	KUNIT_CASE(vpd_listed),
	KUNIT_CASE(vpd_serial),
	KUNIT_CASE(vpd_identification),
	KUNIT_CASE(vpd_identification_least),
	KUNIT_CASE(vpd_identification_iscsi),
	KUNIT_CASE(vpd_identification_long_serial),
	KUNIT_CASE(vpd_identification_more),
	KUNIT_CASE(vpd_identification_no_uuid),
	KUNIT_CASE(vpd_extended),
	KUNIT_CASE(vpd_mode_policy),
	KUNIT_CASE(vpd_ports),
	KUNIT_CASE(vpd_block_limits),
	KUNIT_CASE(vpd_block_limits_all),
	KUNIT_CASE(vpd_block_limits_write_same),
	KUNIT_CASE(vpd_block_limits_optimal),
	KUNIT_CASE(vpd_block_limits_atomic),
	KUNIT_CASE(vpd_block_limits_caw),
	KUNIT_CASE(vpd_block_limits_scaled),
	KUNIT_CASE(vpd_characteristics),
	KUNIT_CASE_PARAM(vpd_provisioning, vpd_thin_gen_params),
	KUNIT_CASE_PARAM(inquiry_page_code, inquiry_refused_gen_params),
	KUNIT_CASE(inquiry_execute),
	KUNIT_CASE(inquiry_execute_no_lun),
	{ }
};

static struct kunit_suite inquiry_suite = {
	.name = "target_core_inquiry",
	.init = fix_init,
	.exit = fix_exit,
	.test_cases = inquiry_cases,
};
kunit_test_suite(inquiry_suite);
