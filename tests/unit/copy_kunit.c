// SPDX-License-Identifier: GPL-2.0-only
/* EXTENDED COPY within a unit in memory, what is told of it, and what it fails with. */
#include <linux/delay.h>
#include "copy_fixture.h"
#include "inquiry.h"

#define SEG1	(COPY_LID1 + COPY_CSCD)

static void copy_pattern(struct scsi_fixture *f)
{
	u32 i;

	for (i = 0; i < FIX_BLOCKS << FIX_SHIFT; i++)
		f->medium[i] = i * 7 + (i >> 9);
}

static bool copy_is(struct scsi_fixture *f, u32 from, u32 to, u32 blocks)
{
	return !memcmp(f->medium + from * 512, f->medium + to * 512, blocks * 512);
}

static void copy_one(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;
	u32 len = copy_list_lid1(f->data);

	copy_pattern(f);
	fix_run_good(test, copy_cmd(f, TARGET_COPY_LID1, 0, len));
	KUNIT_EXPECT_TRUE(test, copy_is(f, 0, 32, 8));
	KUNIT_EXPECT_FALSE(test, copy_is(f, 8, 40, 1));
}

/* Three segments in their order, one of them by the number of this logical unit. */
static void copy_many(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;
	u8 *p = f->data + SEG1;

	copy_pattern(f);
	copy_list_lid1(f->data);
	put_unaligned_be32(3 * COPY_SEGMENT, f->data + 8);
	copy_put_segment(p, 0, 0, 4, 0, 16);
	copy_put_segment(p + COPY_SEGMENT, 0xffff, 0, 4, 16, 20);
	copy_put_segment(p + 2 * COPY_SEGMENT, 0, 0xffff, 0, 3, 63);
	fix_run_good(test, copy_cmd(f, TARGET_COPY_LID1, 0, SEG1 + 3 * COPY_SEGMENT));
	KUNIT_EXPECT_TRUE(test, copy_is(f, 0, 16, 4));
	KUNIT_EXPECT_TRUE(test, copy_is(f, 0, 20, 4));
	flush_workqueue(target_submit_wq);
	fix_run_good(test, copy_ask(f, TARGET_COPY_STATUS_LID1, 1, 12));
	KUNIT_EXPECT_EQ(test, f->data[3], 8);
	KUNIT_EXPECT_EQ(test, f->data[4], 1);
	KUNIT_EXPECT_EQ(test, get_unaligned_be16(f->data + 5), 3);
	KUNIT_EXPECT_EQ(test, f->data[7], 1);
	KUNIT_EXPECT_EQ(test, get_unaligned_be32(f->data + 8), 4U);
}

/* The status of what has ended is told once. */
static void copy_told_once(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;
	u32 len = copy_list_lid1(f->data);

	fix_run_good(test, copy_cmd(f, TARGET_COPY_LID1, 0, len));
	flush_workqueue(target_submit_wq);
	fix_run_good(test, copy_ask(f, TARGET_COPY_FAILED_DETAILS, 1, 100));
	KUNIT_EXPECT_EQ(test, get_unaligned_be32(f->data), 0U);
	fix_run_good(test, copy_ask(f, TARGET_COPY_STATUS_LID1, 1, 12));
	fix_run(test, copy_ask(f, TARGET_COPY_STATUS_LID1, 1, 12));
	KUNIT_EXPECT_EQ(test, f->cmd.scsi_status, 2);
	fix_expect_field(test, &f->cmd, 2, 7);
}

/* A copy that fails: codes, the byte that is to blame, what is forwarded from which end. */
static const struct copy_failure {
	const char	*name;
	u8		at;	/* this byte of the segment or, from 100 on, of the CSCD */
	u8		val;
	bool		write_protected;
	s32		fail_lba;
	u16		asc;
	u16		field;	/* 0 for none */
	u8		of;
	u16		of_asc;
	u32		info;	/* blocks that were not written, 0 for not valid */
} copy_failures[] = {
	{ "no such CSCD", 5, 1, false, -1, 0x0804, SEG1 + 4 },
	{ "no such destination", 7, 2, false, -1, 0x0804, SEG1 + 6 },
	{ "nobody has this name", 111, 0x55, false, -1, 0x0d02, COPY_LID1 },
	{ "not a disk", 101, 0x01, false, -1, 0x0d03, COPY_LID1 },
	{ "source out of range", 19, 60, false, -1, 0x0000, SEG1 + 12, 1, 0x2100 },
	{ "destination out of range", 27, 57, false, -1, 0x0000, SEG1 + 20, 2, 0x2100 },
	{ "far out of range", 12, 0xff, false, -1, 0x0000, SEG1 + 12, 1, 0x2100 },
	{ "write protected", 0, 2, true, -1, 0x0d01, COPY_LID1, 2, 0x2700 },
	{ "cannot be read", 0, 2, false, 3, 0x0d01, COPY_LID1, 1, 0x1100 },
	{ "cannot be written", 0, 2, false, 35, 0x0d01, COPY_LID1, 2, 0x0c00 },
};

static void copy_failure_desc(const struct copy_failure *c, char *desc)
{
	strscpy(desc, c->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(copy_failure, copy_failures, copy_failure_desc);

static void copy_expect_sense(struct kunit *test, const u8 *sense, const struct copy_failure *c)
{
	KUNIT_EXPECT_EQ(test, sense[0], c->info ? 0xf0 : 0x70);
	KUNIT_EXPECT_EQ(test, sense[2], 0x0a);
	KUNIT_EXPECT_EQ(test, get_unaligned_be16(sense + 12), c->asc);
	KUNIT_EXPECT_EQ(test, get_unaligned_be16(sense + 10), 0);	/* segment */
	KUNIT_EXPECT_EQ(test, sense[15], c->field ? 0x80 : 0);
	KUNIT_EXPECT_EQ(test, get_unaligned_be16(sense + 16), c->field);
	KUNIT_EXPECT_EQ(test, sense[8], c->of == 1 ? 18 : 0);
	KUNIT_EXPECT_EQ(test, sense[9], c->of == 2 ? 18 : 0);
	KUNIT_EXPECT_EQ(test, sense[7], c->of ? 29 : 10);
	if (!c->of)
		return;
	KUNIT_EXPECT_EQ(test, sense[18], 2);
	KUNIT_EXPECT_EQ(test, get_unaligned_be16(sense + 19 + 12), c->of_asc);
}

static void copy_fails(struct kunit *test)
{
	const struct copy_failure *c = test->param_value;
	struct scsi_fixture *f = test->priv;
	u32 len = copy_list_lid1(f->data);

	copy_pattern(f);
	f->data[c->at < 100 ? SEG1 + c->at : COPY_LID1 + c->at - 100] = c->val;
	f->fail_lba = c->fail_lba;
	f->itl.read_only = c->write_protected;
	fix_run(test, copy_cmd(f, TARGET_COPY_LID1, 0, len));
	KUNIT_EXPECT_EQ(test, f->cmd.scsi_status, 2);
	copy_expect_sense(test, f->sense, c);
	flush_workqueue(target_submit_wq);
	KUNIT_EXPECT_TRUE(test, RB_EMPTY_ROOT(&f->dev.ranges.tree.rb_root));
	fix_run_good(test, copy_ask(f, TARGET_COPY_FAILED_DETAILS, 1, 200));
	KUNIT_EXPECT_EQ(test, get_unaligned_be32(f->data), 56U + (c->of ? 37 : 18));
	KUNIT_EXPECT_EQ(test, f->data[56], 2);
	copy_expect_sense(test, f->data + 60, c);
	/* They were told: there are no more. */
	fix_run_good(test, copy_ask(f, TARGET_COPY_FAILED_DETAILS, 1, 200));
	KUNIT_EXPECT_EQ(test, get_unaligned_be32(f->data), 0U);
	fix_run_good(test, copy_ask(f, TARGET_COPY_STATUS_LID4, 1, 200));
	KUNIT_EXPECT_EQ(test, f->data[5], 2);
}

/* The second piece of the second segment cannot be written: 8 of 16 blocks are left. */
static void copy_residual(struct kunit *test)
{
	static const struct copy_failure want = {
		.asc = 0x0d01, .field = COPY_LID1, .of = 2, .of_asc = 0x0c00, .info = 8,
	};
	struct scsi_fixture *f = test->priv;
	u8 sense[TRANSPORT_SENSE_BUFFER];

	copy_pattern(f);
	copy_list_lid1(f->data);
	put_unaligned_be32(2 * COPY_SEGMENT, f->data + 8);
	copy_put_segment(f->data + SEG1, 0, 0, 1, 0, 63);
	copy_put_segment(f->data + SEG1 + COPY_SEGMENT, 0, 0, 16, 0, 32);
	f->dev.dev_attrib.hw_max_sectors = 8;
	f->fail_lba = 43;
	fix_run(test, copy_cmd(f, TARGET_COPY_LID1, 0, SEG1 + 2 * COPY_SEGMENT));
	KUNIT_EXPECT_EQ(test, f->cmd.scsi_status, 2);
	KUNIT_EXPECT_EQ(test, get_unaligned_be16(f->sense + 10), 1);
	KUNIT_EXPECT_EQ(test, get_unaligned_be32(f->sense + 3), want.info);
	memcpy(sense, f->sense, sizeof(sense));
	sense[11] = 0;
	copy_expect_sense(test, sense, &want);
	KUNIT_EXPECT_TRUE(test, copy_is(f, 0, 32, 8));
	/* In descriptor format: information, sense key specific, segment, forwarded sense. */
	f->dev.mode_d_sense = true;
	flush_workqueue(target_submit_wq);
	fix_run(test, copy_cmd(f, TARGET_COPY_LID1, 0, SEG1 + 2 * COPY_SEGMENT));
	KUNIT_EXPECT_EQ(test, f->sense[0], 0x72);
	KUNIT_EXPECT_EQ(test, f->sense[7], 12 + 8 + 12 + 22);
	KUNIT_EXPECT_EQ(test, f->sense[28], 0x01);
	KUNIT_EXPECT_EQ(test, get_unaligned_be64(f->sense + 32), 1ULL);
	KUNIT_EXPECT_EQ(test, get_unaligned_be32(f->sense + 40), 0x0c140202U);
	KUNIT_EXPECT_EQ(test, f->sense[44], 0x70);
}

static void copy_lid4(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;
	u32 len = copy_list_lid4(f->data);
	static const u8 want[] = {
		0, 0, 0, 28, 0x01, 0x01, 0x00, 0x02, 0xff, 0xff, 0xff, 0xfe, 0x00, 0x00, 0x00,
		0x00, 0, 0, 0, 0, 0, 0, 0x10, 0x00, 0x00, 0x01, 0, 0, 0, 0, 0, 0
	};

	copy_pattern(f);
	f->data[15] = 0x01;	/* IMMED */
	fix_run_good(test, copy_cmd(f, TARGET_COPY_LID4, 0, len));
	flush_workqueue(target_submit_wq);
	flush_workqueue(target_submit_wq);
	while (atomic_read(&f->dev.copies))
		msleep(20);
	KUNIT_EXPECT_TRUE(test, copy_is(f, 0, 32, 8));
	fix_run_good(test, copy_ask(f, TARGET_COPY_STATUS_LID4, 0x12345678, 200));
	KUNIT_EXPECT_EQ(test, f->cmd.data_length, 32U);
	KUNIT_EXPECT_EQ(test, memcmp(f->data, want, sizeof(want)), 0);
}

/* By bytes, and a CSCD that is looked at only. */
static void copy_bytes(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;
	u8 *p = f->data + SEG1;
	u32 len = SEG1 + 12 + 32;

	copy_pattern(f);
	copy_list_lid1(f->data);
	put_unaligned_be32(12 + 32, f->data + 8);
	memset(p, 0, 12 + 32);
	p[0] = 0x07;
	p[3] = 0x08;
	p[8] = 0x01;	/* TUR */
	p += 12;
	p[0] = 0x0a;
	p[3] = 0x1c;
	put_unaligned_be32(4096, p + 8);
	put_unaligned_be64(3, p + 12);
	put_unaligned_be64(40, p + 20);
	fix_run_good(test, copy_cmd(f, TARGET_COPY_LID1, 0, len));
	KUNIT_EXPECT_TRUE(test, copy_is(f, 3, 40, 8));
	flush_workqueue(target_submit_wq);
	put_unaligned_be32(4000, p + 8);
	fix_run(test, copy_cmd(f, TARGET_COPY_LID1, 0, len));
	KUNIT_EXPECT_EQ(test, get_unaligned_be16(f->sense + 12), 0x260d);
	KUNIT_EXPECT_EQ(test, get_unaligned_be16(f->sense + 10), 1);
	put_unaligned_be32(4096, p + 8);
	p[31] = 1;
	fix_run(test, copy_cmd(f, TARGET_COPY_LID1, 0, len));
	KUNIT_EXPECT_EQ(test, get_unaligned_be16(f->sense + 12), 0x2600);
	KUNIT_EXPECT_EQ(test, get_unaligned_be16(f->sense + 16), SEG1 + 12 + 31);
}

static unsigned int copy_offloads;

static int copy_hook(struct target_io *io, u64 from)
{
	struct scsi_fixture *f = fix_of_dev(io->dev);

	copy_offloads++;
	memcpy(f->medium + (io->lba << FIX_SHIFT), f->medium + (from << FIX_SHIFT),
	       io->blocks << FIX_SHIFT);
	target_io_done(io, TCM_NO_SENSE);
	return 0;
}

/* What the backstore can copy by itself it does; not where source and destination overlap. */
static void copy_offloaded(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;
	u32 len = copy_list_lid1(f->data);

	f->backend.copy = copy_hook;
	copy_offloads = 0;
	copy_pattern(f);
	fix_run_good(test, copy_cmd(f, TARGET_COPY_LID1, 0, len));
	KUNIT_EXPECT_EQ(test, copy_offloads, 1U);
	KUNIT_EXPECT_TRUE(test, copy_is(f, 0, 32, 8));
	memcpy(f->out, f->medium, 8 * 512);
	copy_put_segment(f->data + SEG1, 0, 0, 8, 0, 1);
	fix_run_good(test, copy_cmd(f, TARGET_COPY_LID1, 0, len));
	KUNIT_EXPECT_EQ(test, copy_offloads, 1U);
	KUNIT_EXPECT_EQ(test, memcmp(f->out, f->medium + 512, 8 * 512), 0);
	flush_workqueue(target_submit_wq);
	KUNIT_EXPECT_TRUE(test, RB_EMPTY_ROOT(&f->dev.ranges.tree.rb_root));
}

/* Nothing is known of what was refused, nor is there anything to abort. */
static void copy_unknown(struct kunit *test)
{
	static const u8 service_actions[] = {
		TARGET_COPY_STATUS_LID1, TARGET_COPY_STATUS_LID4, TARGET_COPY_FAILED_DETAILS,
		TARGET_COPY_TOKEN_INFORMATION,
	};
	struct scsi_fixture *f = test->priv;
	unsigned int i;
	u32 len;

	for (i = 0; i < ARRAY_SIZE(service_actions); i++) {
		fix_run(test, copy_ask(f, service_actions[i], 1, 100));
		KUNIT_EXPECT_EQ(test, f->cmd.scsi_status, 2);
		fix_expect_field(test, &f->cmd, 2, 7);
	}
	fix_run(test, copy_cmd(f, TARGET_COPY_ABORT, 1, 0));
	fix_expect_field(test, &f->cmd, 2, 7);
	len = copy_list_lid1(f->data);
	f->data[SEG1] = 0x33;
	fix_run(test, copy_cmd(f, TARGET_COPY_LID1, 0, len));
	KUNIT_EXPECT_EQ(test, get_unaligned_be16(f->sense + 12), 0x2609);
	fix_run(test, copy_ask(f, TARGET_COPY_STATUS_LID1, 1, 100));
	KUNIT_EXPECT_EQ(test, f->cmd.scsi_status, 2);
	fix_run_good(test, copy_cmd(f, TARGET_COPY_LID1, 0, 0));
}

static void copy_gated(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;

	f->dev.dev_attrib.emulate_3pc = false;
	FIX_EXPECT_REASON(test, target_cdb_parse(copy_cmd(f, TARGET_COPY_LID1, 0, 0)),
			  TCM_UNSUPPORTED_SCSI_OPCODE);
	FIX_EXPECT_REASON(test, target_cdb_parse(copy_ask(f, TARGET_COPY_PARAMETERS, 0, 0)),
			  TCM_UNSUPPORTED_SCSI_OPCODE);
	KUNIT_EXPECT_FALSE(test, target_vpd_present(&f->dev, 0x8f));
	f->dev.dev_attrib.emulate_3pc = true;
	f->dev.t10_wwn.unit_serial[0] = '\0';
	FIX_EXPECT_REASON(test, target_cdb_parse(copy_cmd(f, TARGET_COPY_POPULATE, 0, 0)),
			  TCM_INVALID_CDB_FIELD);
}

static void copy_parameters(struct kunit *test)
{
	static const u8 want[] = {
		0, 0, 0, 44, 0x01, 0, 0, 0, 0, 16, 0, 64, 0, 0, 0x0a, 0x00,
		0x10, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
		0, 32, 32, 9, 0, 0, 0, 0, 0, 4, 0x02, 0x07, 0x0a, 0xe4
	};
	struct scsi_fixture *f = test->priv;

	fix_run_good(test, copy_ask(f, TARGET_COPY_PARAMETERS, 0, 200));
	KUNIT_EXPECT_EQ(test, f->cmd.data_length, sizeof(want));
	KUNIT_EXPECT_EQ(test, memcmp(f->data, want, sizeof(want)), 0);
}

/* Page 8Fh is a sequence of descriptors, each a multiple of four bytes, that ends with it. */
static void copy_third_party_page(struct kunit *test)
{
	static const u16 types[] = {
		0x0000, 0x0001, 0x0004, 0x0008, 0x000c, 0x0106, 0x0108, 0x8001
	};
	static const u16 lengths[] = { 0x20, 0x10, 0x1c, 0x08, 0x04, 0x5c, 0x84, 0x20 };
	struct scsi_fixture *f = test->priv;
	u32 at = 4, i;

	target_vpd_build(&f->b, 0x8f, &f->dev, &f->lun);
	for (i = 0; i < ARRAY_SIZE(types); i++) {
		KUNIT_EXPECT_EQ(test, get_unaligned_be16(f->out + at), types[i]);
		KUNIT_EXPECT_EQ_MSG(test, get_unaligned_be16(f->out + at + 2), lengths[i],
				    "type %04x", types[i]);
		at += 4 + get_unaligned_be16(f->out + at + 2);
	}
	KUNIT_EXPECT_EQ(test, at, f->b.len);
}

static struct kunit_case copy_cases[] = {
	KUNIT_CASE(copy_one),
	KUNIT_CASE(copy_many),
	KUNIT_CASE(copy_told_once),
	KUNIT_CASE_PARAM(copy_fails, copy_failure_gen_params),
	KUNIT_CASE(copy_residual),
	KUNIT_CASE(copy_lid4),
	KUNIT_CASE(copy_bytes),
	KUNIT_CASE(copy_offloaded),
	KUNIT_CASE(copy_unknown),
	KUNIT_CASE(copy_gated),
	KUNIT_CASE(copy_parameters),
	KUNIT_CASE(copy_third_party_page),
	{ }
};

static struct kunit_suite copy_suite = {
	.name = "target_core_copy",
	.init = copy_init,
	.exit = copy_exit,
	.test_cases = copy_cases,
};
kunit_test_suite(copy_suite);
