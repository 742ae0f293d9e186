// SPDX-License-Identifier: GPL-2.0-only
/* FORMAT UNIT and SANITIZE: what they accept, do to the medium, refuse, and leave behind. */
#include <linux/delay.h>
#include <linux/unaligned.h>
#include <linux/wait_bit.h>
#include "background.h"
#include "format.h"
#include "inquiry.h"
#include "medium.h"
#include "power.h"
#include "sanitize.h"
#include "scsi_fixture.h"

#define MEDIUM_BLOCK	512U
#define MEDIUM_HOLE	40	/* the first block without space of its own */

/* What the hooks were asked for; only one test runs at a time. */
static struct medium_state {
	unsigned int		writes;
	unsigned int		unmaps;
	u64			written;	/* blocks */
	u64			highest;	/* of them */
	u64			fail_at;
	bool			hold;
	struct target_io	*held;
} medium;

static int medium_end_io(struct target_io *io)
{
	sense_reason_t why = TCM_NO_SENSE;

	if (medium.fail_at >= io->lba && medium.fail_at < io->lba + io->blocks)
		why = TCM_WRITE_ERROR;
	if (medium.hold)
		WRITE_ONCE(medium.held, io);
	else
		target_io_done(io, why);
	return 0;
}

static int medium_write_same(struct target_io *io)
{
	struct scsi_fixture *f = fix_of_dev(io->dev);
	u32 i;

	medium.writes++;
	medium.written += io->blocks;
	medium.highest = max(medium.highest, io->lba + io->blocks - 1);
	for (i = 0; i < io->blocks; i++)
		sg_copy_to_buffer(io->sg, io->nents, f->medium + (io->lba + i) * MEDIUM_BLOCK,
				  MEDIUM_BLOCK);
	return medium_end_io(io);
}

static int medium_unmap(struct target_io *io)
{
	medium.unmaps++;
	memset(fix_of_dev(io->dev)->medium + io->lba * MEDIUM_BLOCK, 0,
	       io->blocks * MEDIUM_BLOCK);
	return medium_end_io(io);
}

static u32 medium_status(struct se_device *dev, u64 lba, u32 blocks, enum target_lba_status *status)
{
	bool hole = lba >= MEDIUM_HOLE;

	*status = hole ? TARGET_LBA_DEALLOCATED : TARGET_LBA_MAPPED;
	return hole ? blocks : min_t(u64, blocks, MEDIUM_HOLE - lba);
}

static int medium_init(struct kunit *test)
{
	int err = fix_init(test);
	struct scsi_fixture *f = test->priv;

	medium = (struct medium_state){ .fail_at = U64_MAX };
	if (err)
		return err;
	f->backend.write_same = medium_write_same;
	f->backend.unmap = medium_unmap;
	f->backend.lba_status = medium_status;
	f->dev.limits.unmap_zeroes = true;
	f->dev.dev_attrib.emulate_tpu = true;
	memset(f->medium, 0x55, FIX_BLOCKS * MEDIUM_BLOCK);
	return 0;
}

static void medium_wait(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;

	KUNIT_ASSERT_TRUE(test, wait_var_event_timeout(&f->dev.background,
						       !atomic_read(&f->dev.background), 10 * HZ));
}

static void medium_until_held(struct kunit *test)
{
	unsigned int ms;

	for (ms = 0; !READ_ONCE(medium.held) && ms < 10000; ms += 20)
		msleep(20);
	KUNIT_ASSERT_NOT_NULL(test, READ_ONCE(medium.held));
}

/* With data-out of so many bytes, in f->data. */
static void medium_send(struct kunit *test, const u8 *cdb, u32 len)
{
	struct scsi_fixture *f = test->priv;
	struct se_cmd *cmd = fix_cmd(f, cdb);

	cmd->unknown_data_length = false;
	cmd->asked_length = len;
	fix_run(test, cmd);
}

static u16 medium_sense(const struct scsi_fixture *f)
{
	return f->cmd.scsi_status ? get_unaligned_be16(f->sense + 12) : 0;
}

static void medium_expect_sense(struct kunit *test, u8 key, u16 code)
{
	const struct scsi_fixture *f = test->priv;

	KUNIT_EXPECT_EQ(test, medium_sense(f), code);
	KUNIT_EXPECT_EQ(test, f->sense[2], key);
}

static bool medium_is(const struct scsi_fixture *f, const u8 *pattern, u32 len)
{
	u32 i;

	for (i = 0; i < FIX_BLOCKS * MEDIUM_BLOCK; i++)
		if (f->medium[i] != pattern[i % MEDIUM_BLOCK % len])
			return false;
	return true;
}

/* What the unit says to a command, and to REQUEST SENSE. */
static void medium_expect_state(struct kunit *test, u8 key, u16 code)
{
	struct scsi_fixture *f = test->priv;
	static const u8 read[10] = { 0x28, [8] = 1 }, sense[6] = { 0x03, 0, 0, 0, 252 };

	fix_run(test, fix_cmd(f, read));
	medium_expect_sense(test, key, code);
	fix_run_good(test, fix_cmd(f, sense));
	KUNIT_EXPECT_EQ(test, f->data[2], key);
	KUNIT_EXPECT_EQ(test, get_unaligned_be16(f->data + 12), code);
}

static const u8 medium_zero[1], medium_format[6] = { 0x04 };
static const u8 medium_format_list[6] = { 0x04, 0x10 };
static const u8 medium_erase[10] = { 0x48, 0x02 };

/* --- parameter lists ----------------------------------------------------------------------- */

static const struct format_list {
	const char	*name;
	u8		options;	/* byte 1 of the CDB */
	u32		len;
	u8		list[16];
	u32		reason;
	u16		byte;
	u8		bit;
	bool		immed;
	u8		pattern;	/* bytes */
	u8		used;
} format_lists[] = {
	{ "short header", 0x10, 4, { 0 }, .used = 4 },
	{ "long header", 0x30, 8, { 0 }, .used = 8 },
	{ "IMMED", 0x10, 4, { 0, 0x02 }, .immed = true, .used = 4 },
	{ "all options", 0x18, 4, { 0, 0xf2 }, .immed = true, .used = 4 },
	{ "more than there is", 0x10, 9, { 0 }, .used = 4 },
	{ "short header cut", 0x10, 3, { 0 }, (__force u32)TCM_PARAMETER_LIST_LENGTH_ERROR },
	{ "long header cut", 0x30, 7, { 0 }, (__force u32)TCM_PARAMETER_LIST_LENGTH_ERROR },
	{ "reserved", 0x10, 4, { 0x08 }, (__force u32)TCM_INVALID_PARAMETER_LIST, 0, 3 },
	{ "PROTECTION FIELD USAGE", 0x10, 4, { 0x01 },
	  (__force u32)TCM_INVALID_PARAMETER_LIST, 0, 2 },
	{ "DPRY without FOV", 0x10, 4, { 0, 0x40 },
	  (__force u32)TCM_INVALID_PARAMETER_LIST, 1, 6 },
	{ "DCRT without FOV", 0x10, 4, { 0, 0x20 },
	  (__force u32)TCM_INVALID_PARAMETER_LIST, 1, 5 },
	{ "STPF without FOV", 0x10, 4, { 0, 0x10 },
	  (__force u32)TCM_INVALID_PARAMETER_LIST, 1, 4 },
	{ "IP without FOV", 0x10, 8, { 0, 0x08 },
	  (__force u32)TCM_INVALID_PARAMETER_LIST, 1, 3 },
	{ "DSP", 0x10, 4, { 0, 0x84 }, (__force u32)TCM_INVALID_PARAMETER_LIST, 1, 2 },
	{ "vendor specific", 0x10, 4, { 0, 0x81 }, (__force u32)TCM_INVALID_PARAMETER_LIST, 1, 0 },
	{ "defects", 0x10, 8, { 0, 0, 0, 4 }, (__force u32)TCM_INVALID_PARAMETER_LIST, 2, 7 },
	{ "defects, long", 0x33, 16, { 0, 0, 0, 0, 0, 0, 0, 8 },
	  (__force u32)TCM_INVALID_PARAMETER_LIST, 4, 7 },
	{ "reserved, long", 0x30, 8, { 0, 0, 0x10 },
	  (__force u32)TCM_INVALID_PARAMETER_LIST, 2, 4 },
	{ "P_I_INFORMATION", 0x30, 8, { 0, 0, 0, 0x10 },
	  (__force u32)TCM_INVALID_PARAMETER_LIST, 3, 7 },
	{ "PROTECTION INTERVAL EXPONENT", 0x30, 8, { 0, 0, 0, 0x01 },
	  (__force u32)TCM_INVALID_PARAMETER_LIST, 3, 3 },
	{ "default pattern", 0x10, 8, { 0, 0x88 }, .used = 8 },
	{ "default pattern with bytes", 0x10, 9, { 0, 0x88, 0, 0, 0, 0, 0, 1 },
	  (__force u32)TCM_INVALID_PARAMETER_LIST, 6, 7 },
	{ "pattern", 0x10, 11, { 0, 0x88, 0, 0, 0, 1, 0, 3, 1, 2, 3 }, .pattern = 3, .used = 11 },
	{ "pattern, long", 0x30, 14, { 0, 0x8a, 0, 0, 0, 0, 0, 0, 0, 1, 0, 2, 1, 2 },
	  .immed = true, .pattern = 2, .used = 14 },
	{ "pattern of nothing", 0x10, 8, { 0, 0x88, 0, 0, 0, 1 },
	  (__force u32)TCM_INVALID_PARAMETER_LIST, 6, 7 },
	{ "pattern longer than a block", 0x10, 8, { 0, 0x88, 0, 0, 0, 1, 2, 1 },
	  (__force u32)TCM_INVALID_PARAMETER_LIST, 6, 7 },
	{ "pattern cut", 0x10, 10, { 0, 0x88, 0, 0, 0, 1, 0, 3, 1, 2 },
	  (__force u32)TCM_PARAMETER_LIST_LENGTH_ERROR },
	{ "descriptor cut", 0x10, 7, { 0, 0x88 }, (__force u32)TCM_PARAMETER_LIST_LENGTH_ERROR },
	{ "SI", 0x10, 9, { 0, 0x88, 0, 0, 0x20, 1, 0, 1 },
	  (__force u32)TCM_INVALID_PARAMETER_LIST, 4, 5 },
	{ "IP MODIFIER", 0x10, 9, { 0, 0x88, 0, 0, 0x40, 1, 0, 1 },
	  (__force u32)TCM_INVALID_PARAMETER_LIST, 4, 6 },
	{ "unknown type", 0x10, 9, { 0, 0x88, 0, 0, 0, 2, 0, 1 },
	  (__force u32)TCM_INVALID_PARAMETER_LIST, 5, 7 },
};

static void format_list_desc(const struct format_list *c, char *desc)
{
	strscpy(desc, c->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(format_list, format_lists, format_list_desc);

static void format_read(struct kunit *test)
{
	const struct format_list *c = test->param_value;
	struct scsi_fixture *f = test->priv;
	const u8 cdb[6] = { 0x04, c->options };
	struct target_format format;
	sense_reason_t why;

	why = target_format_read(fix_cmd(f, cdb), c->list, c->len, &format);
	KUNIT_EXPECT_EQ(test, (__force u32)why, c->reason);
	if (c->reason == (__force u32)TCM_INVALID_PARAMETER_LIST)
		fix_expect_field(test, &f->cmd, c->byte, c->bit);
	if (why)
		return;
	KUNIT_EXPECT_EQ(test, format.immed, c->immed);
	KUNIT_EXPECT_EQ(test, format.used, c->used);
	KUNIT_EXPECT_EQ(test, format.pattern_len, c->pattern);
	KUNIT_EXPECT_PTR_EQ(test, format.pattern,
			    c->pattern ? c->list + c->used - c->pattern : NULL);
}

static const struct overwrite_list {
	const char	*name;
	u32		len;
	u8		list[16];
	u32		reason;
	u16		byte;
	u8		bit;
	bool		invert;
	u8		count;
	u8		pattern;
} overwrite_lists[] = {
	{ "once", 5, { 0x01, 0, 0, 1, 0xaa }, .count = 1, .pattern = 1 },
	{ "31 times, INVERT", 8, { 0x9f, 0, 0, 4, 1, 2, 3, 4 }, .invert = true, .count = 31,
	  .pattern = 4 },
	{ "more than the pattern", 8, { 0x02, 0, 0, 3 }, .count = 2, .pattern = 3 },
	{ "TEST", 5, { 0x21, 0, 0, 1 }, (__force u32)TCM_INVALID_PARAMETER_LIST, 0, 6 },
	{ "count of 0", 5, { 0x80, 0, 0, 1 }, (__force u32)TCM_INVALID_PARAMETER_LIST, 0, 4 },
	{ "reserved", 5, { 0x01, 0x10, 0, 1 }, (__force u32)TCM_INVALID_PARAMETER_LIST, 1, 4 },
	{ "pattern of nothing", 5, { 0x01 }, (__force u32)TCM_INVALID_PARAMETER_LIST, 2, 7 },
	{ "pattern longer than a block", 5, { 0x01, 0, 2, 1 },
	  (__force u32)TCM_INVALID_PARAMETER_LIST, 2, 7 },
	{ "pattern cut", 6, { 0x01, 0, 0, 3 }, (__force u32)TCM_PARAMETER_LIST_LENGTH_ERROR },
};

static void overwrite_list_desc(const struct overwrite_list *c, char *desc)
{
	strscpy(desc, c->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(overwrite_list, overwrite_lists, overwrite_list_desc);

static void overwrite_read(struct kunit *test)
{
	const struct overwrite_list *c = test->param_value;
	struct scsi_fixture *f = test->priv;
	const u8 cdb[10] = { 0x48, 0x01, [8] = c->len };
	struct target_overwrite o;
	sense_reason_t why;

	why = target_sanitize_read(fix_cmd(f, cdb), c->list, c->len, &o);
	KUNIT_EXPECT_EQ(test, (__force u32)why, c->reason);
	if (c->reason == (__force u32)TCM_INVALID_PARAMETER_LIST)
		fix_expect_field(test, &f->cmd, c->byte, c->bit);
	if (why)
		return;
	KUNIT_EXPECT_EQ(test, o.invert, c->invert);
	KUNIT_EXPECT_EQ(test, o.count, c->count);
	KUNIT_EXPECT_EQ(test, o.pattern_len, c->pattern);
	KUNIT_EXPECT_PTR_EQ(test, o.pattern, c->list + 4);
}

/* --- CDBs ---------------------------------------------------------------------------------- */

static const struct medium_refused {
	const char	*name;
	u8		cdb[10];
	u8		byte;
	u8		bit;
} medium_refusals[] = {
	{ "FMTPINFO 01b", { 0x04, 0x40 }, 1, 7 },
	{ "FMTPINFO 10b", { 0x04, 0x80 }, 1, 7 },
	{ "FMTPINFO 11b with data", { 0x04, 0xd0 }, 1, 7 },
	{ "list format without list", { 0x04, 0x03 }, 1, 2 },
	{ "bytes from index", { 0x04, 0x14 }, 1, 2 },
	{ "extended bytes from index", { 0x04, 0x11 }, 1, 2 },
	{ "physical sector", { 0x04, 0x15 }, 1, 2 },
	{ "fast format", { 0x04, 0, 0, 0, 0x01 }, 4, 0 },
	{ "OVERWRITE of nothing", { 0x48, 0x01 }, 7, 7 },
	{ "OVERWRITE without pattern", { 0x48, 0x01, [8] = 4 }, 7, 7 },
	{ "OVERWRITE of more than a block", { 0x48, 0x01, [7] = 2, [8] = 5 }, 7, 7 },
	{ "OVERWRITE, ZNR", { 0x48, 0x41, [8] = 8 }, 1, 6 },
	{ "BLOCK ERASE with a list", { 0x48, 0x02, [8] = 8 }, 8, 3 },
	{ "BLOCK ERASE, ZNR", { 0x48, 0x42 }, 1, 6 },
	{ "CRYPTOGRAPHIC ERASE", { 0x48, 0x03 }, 1, 4 },
	{ "EXIT FAILURE MODE with a list", { 0x48, 0x1f, [8] = 8 }, 8, 3 },
	{ "EXIT FAILURE MODE, AUSE", { 0x48, 0x3f }, 1, 5 },
};

static void medium_refused_desc(const struct medium_refused *c, char *desc)
{
	strscpy(desc, c->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(medium_refused, medium_refusals, medium_refused_desc);

static void medium_cdb_refused(struct kunit *test)
{
	const struct medium_refused *c = test->param_value;
	struct scsi_fixture *f = test->priv;

	FIX_EXPECT_REASON(test, target_cdb_parse(fix_cmd(f, c->cdb)), TCM_INVALID_CDB_FIELD);
	fix_expect_field(test, &f->cmd, c->byte, c->bit);
}

/* The CDB does not say how long the list is. */
static void format_lengths(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;
	static const u8 whole[6] = { 0x04, 0x30 };
	static const struct { const u8 *cdb; u32 asked; u32 len; } lengths[] = {
		{ medium_format, 0, 0 }, { medium_format, 4, 0 }, { medium_format_list, 4, 4 },
		{ medium_format_list, 20, 20 }, { whole, 8, 8 }, { whole, 4096, 8 + 4 + 512 },
	};
	struct se_cmd *cmd;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(lengths); i++) {
		cmd = fix_cmd(f, lengths[i].cdb);
		cmd->unknown_data_length = false;
		cmd->asked_length = lengths[i].asked;
		FIX_EXPECT_REASON(test, target_cdb_parse(cmd), TCM_NO_SENSE);
		KUNIT_EXPECT_EQ(test, cmd->data_length, lengths[i].len);
	}
	cmd = fix_cmd(f, medium_format_list);
	cmd->unknown_data_length = false;
	cmd->asked_length = 3;
	FIX_EXPECT_REASON(test, target_cdb_parse(cmd), TCM_INVALID_FIELD_IN_COMMAND_IU);
}

static void medium_expect_wabereq(struct kunit *test, u8 want)
{
	struct scsi_fixture *f = test->priv;

	target_buf_init(&f->b, f->out, sizeof(f->out));
	target_vpd_build(&f->b, 0xb1, &f->dev, &f->lun);
	KUNIT_EXPECT_EQ(test, f->out[7], want);
}

/* Who has what it takes, has the command; the pages say so. */
static void medium_supported(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;
	struct se_device *dev = &f->dev;

	KUNIT_EXPECT_TRUE(test, target_format_supported(dev));
	KUNIT_EXPECT_TRUE(test, target_sanitize_can_overwrite(dev));
	KUNIT_EXPECT_TRUE(test, target_sanitize_can_erase(dev));
	medium_expect_wabereq(test, 0x40);
	dev->dev_attrib.emulate_tpu = false;
	KUNIT_EXPECT_FALSE(test, target_sanitize_can_erase(dev));
	medium_expect_wabereq(test, 0);
	dev->dev_attrib.emulate_tpu = true;
	dev->limits.unmap_zeroes = false;
	KUNIT_EXPECT_FALSE(test, target_sanitize_can_erase(dev));
	KUNIT_EXPECT_TRUE(test, target_format_supported(dev));
	f->backend.write_same = NULL;
	KUNIT_EXPECT_FALSE(test, target_format_supported(dev));
	KUNIT_EXPECT_FALSE(test, target_sanitize_can_overwrite(dev));
	dev->limits.unmap_zeroes = true;
	KUNIT_EXPECT_TRUE(test, target_format_supported(dev));
	KUNIT_EXPECT_FALSE(test, target_sanitize_can_erase(dev));
}

/* --- what they do -------------------------------------------------------------------------- */

static void format_unmaps(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;

	medium_send(test, medium_format, 0);
	KUNIT_EXPECT_EQ(test, medium_sense(f), 0);
	KUNIT_EXPECT_TRUE(test, medium_is(f, medium_zero, 1));
	KUNIT_EXPECT_EQ(test, medium.unmaps, 1);
	KUNIT_EXPECT_EQ(test, medium.writes, 0);
	KUNIT_EXPECT_EQ(test, f->flushes, 1);
	KUNIT_EXPECT_EQ(test, atomic_read(&f->dev.power), 0);
}

/* What is unmapped need not read as zeros. */
static void format_writes(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;

	f->dev.limits.unmap_zeroes = false;
	memset(f->data, 0, 4);
	medium_send(test, medium_format_list, 4);
	KUNIT_EXPECT_EQ(test, medium_sense(f), 0);
	KUNIT_EXPECT_TRUE(test, medium_is(f, medium_zero, 1));
	KUNIT_EXPECT_EQ(test, medium.unmaps, 0);
	KUNIT_EXPECT_EQ(test, medium.written, (u64)FIX_BLOCKS);
}

static void format_pattern(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;
	static const u8 list[] = { 0, 0x8a, 0, 0, 0, 1, 0, 3, 1, 2, 3 };

	memcpy(f->data, list, sizeof(list));
	medium_send(test, medium_format_list, 64);
	KUNIT_EXPECT_EQ(test, medium_sense(f), 0);
	KUNIT_EXPECT_EQ(test, f->cmd.residual_count, 64 - sizeof(list));
	medium_wait(test);
	KUNIT_EXPECT_TRUE(test, medium_is(f, list + 8, 3));
}

static const struct overwrite_case {
	const char	*name;
	u8		options;	/* INVERT, OVERWRITE COUNT */
	unsigned int	writes;
} overwrite_cases[] = {
	{ "once", 0x01, 1 },
	{ "three times", 0x03, 3 },
	{ "inverted once", 0x81, 1 },
	{ "inverted twice", 0x82, 2 },
	{ "inverted three times", 0x83, 3 },
};

static void overwrite_case_desc(const struct overwrite_case *c, char *desc)
{
	strscpy(desc, c->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(overwrite, overwrite_cases, overwrite_case_desc);

/* However often, the last one is the pattern itself. */
static void overwrite_run(struct kunit *test)
{
	const struct overwrite_case *c = test->param_value;
	struct scsi_fixture *f = test->priv;
	static const u8 cdb[10] = { 0x48, 0x01, [8] = 7 };
	const u8 list[] = { c->options, 0, 0, 3, 0xa0, 0xb1, 0xc2 };

	memcpy(f->data, list, sizeof(list));
	medium_send(test, cdb, sizeof(list));
	KUNIT_EXPECT_EQ(test, medium_sense(f), 0);
	KUNIT_EXPECT_EQ(test, medium.writes, c->writes);
	KUNIT_EXPECT_EQ(test, medium.written, (u64)c->writes * FIX_BLOCKS);
	KUNIT_EXPECT_EQ(test, medium.unmaps, 0);
	KUNIT_EXPECT_TRUE(test, medium_is(f, list + 4, 3));
}

/* Each pass is the inversion of the one before. */
static void overwrite_inverts(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;
	static const u8 cdb[10] = { 0x48, 0x81, [8] = 5 };
	static const u8 list[] = { 0x82, 0, 0, 1, 0x0f };
	struct target_io *io;

	memcpy(f->data, list, sizeof(list));
	medium.hold = true;
	medium_send(test, cdb, sizeof(list));
	medium_until_held(test);
	KUNIT_EXPECT_EQ(test, f->medium[0], 0xf0);
	medium.hold = false;
	io = xchg(&medium.held, NULL);
	target_io_done(io, TCM_NO_SENSE);
	medium_wait(test);
	KUNIT_EXPECT_EQ(test, f->medium[0], 0x0f);
}

/* Holes are not written, all is unmapped. */
static void erase_run(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;

	medium_send(test, medium_erase, 0);
	KUNIT_EXPECT_EQ(test, medium_sense(f), 0);
	KUNIT_EXPECT_EQ(test, medium.written, (u64)MEDIUM_HOLE);
	KUNIT_EXPECT_EQ(test, medium.highest, (u64)MEDIUM_HOLE - 1);
	KUNIT_EXPECT_EQ(test, medium.unmaps, 1);
	KUNIT_EXPECT_TRUE(test, medium_is(f, medium_zero, 1));
	/* A backstore that does not know of holes writes all. */
	f->backend.lba_status = NULL;
	medium_send(test, medium_erase, 0);
	KUNIT_EXPECT_EQ(test, medium.written, (u64)MEDIUM_HOLE + FIX_BLOCKS);
}

/* --- meanwhile and afterwards -------------------------------------------------------------- */

static const struct medium_meanwhile {
	const char	*name;
	bool		sanitize;
	u16		code;
} medium_meanwhiles[] = {
	{ "format", false, 0x0404 },
	{ "sanitize", true, 0x041b },
};

static void medium_meanwhile_desc(const struct medium_meanwhile *c, char *desc)
{
	strscpy(desc, c->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(medium_meanwhile, medium_meanwhiles, medium_meanwhile_desc);

/* Begin one in the background whose first transfer is held. */
static void medium_begin_held(struct kunit *test, bool sanitize)
{
	struct scsi_fixture *f = test->priv;
	static const u8 erase[10] = { 0x48, 0x82 };
	static const u8 list[] = { 0, 0x02, 0, 0 };

	medium.hold = true;
	memcpy(f->data, list, sizeof(list));
	medium_send(test, sanitize ? erase : medium_format_list, sanitize ? 0 : 4);
	KUNIT_EXPECT_EQ(test, medium_sense(f), 0);
	medium_until_held(test);
}

static void medium_let_go(struct kunit *test, sense_reason_t why)
{
	medium.hold = false;
	target_io_done(xchg(&medium.held, NULL), why);
	medium_wait(test);
}

static void medium_refuses(struct kunit *test)
{
	const struct medium_meanwhile *c = test->param_value;
	struct scsi_fixture *f = test->priv;
	static const u8 tur[6] = { 0x00 }, inquiry[6] = { 0x12, 0, 0, 0, 36 };
	static const u8 mode[6] = { 0x1a, 0, 0x0a, 0, 36 };
	static const u8 rsoc[12] = { 0xa3, 0x0c, [8] = 1 };

	f->dev.blocks = FIX_MEDIUM;
	medium_begin_held(test, c->sanitize);
	medium_expect_state(test, NOT_READY, c->code);
	KUNIT_EXPECT_EQ(test, f->data[15], 0x80);
	fix_run(test, fix_cmd(f, tur));
	medium_expect_sense(test, NOT_READY, c->code);
	/* The progress is there as well. */
	KUNIT_EXPECT_EQ(test, f->sense[15], 0x80);
	KUNIT_EXPECT_EQ(test, get_unaligned_be16(f->sense + 16), f->dev.medium_progress);
	fix_run(test, fix_cmd(f, mode));
	medium_expect_sense(test, NOT_READY, c->code);
	medium_send(test, medium_format, 0);
	medium_expect_sense(test, NOT_READY, c->code);
	medium_send(test, medium_erase, 0);
	medium_expect_sense(test, NOT_READY, c->code);
	fix_run_good(test, fix_cmd(f, inquiry));
	fix_run(test, fix_cmd(f, rsoc));
	KUNIT_EXPECT_EQ(test, medium_sense(f), c->sanitize ? 0 : c->code);
	medium_let_go(test, TCM_NO_SENSE);
	medium_expect_state(test, 0, 0);
}

static void format_fails(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;
	static const u8 capacity[10] = { 0x25 };

	medium.fail_at = 50;
	medium_send(test, medium_format, 0);
	medium_expect_sense(test, MEDIUM_ERROR, 0x3101);
	medium_expect_state(test, MEDIUM_ERROR, 0x3100);
	/* What does not want the medium. */
	fix_run_good(test, fix_cmd(f, capacity));
	medium.fail_at = U64_MAX;
	medium_send(test, medium_format, 0);
	KUNIT_EXPECT_EQ(test, medium_sense(f), 0);
	medium_expect_state(test, 0, 0);
}

/* A reset ends it. */
static void format_is_reset(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;

	medium_begin_held(test, false);
	atomic_long_inc(&f->dev.num_resets);
	medium_let_go(test, TCM_NO_SENSE);
	medium_expect_state(test, MEDIUM_ERROR, 0x3100);
	/* So does sanitizing. */
	medium_send(test, medium_erase, 0);
	KUNIT_EXPECT_EQ(test, medium_sense(f), 0);
	medium_expect_state(test, 0, 0);
}

/* A unit without medium says so, whatever state the medium is in. */
static void format_corrupt_ejected(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;

	target_power_set(&f->dev, TARGET_POWER_UNLOADED);
	atomic_or(TARGET_FORMAT_CORRUPT, &f->dev.power);
	medium_expect_state(test, NOT_READY, 0x3a00);
	target_power_set(&f->dev, TARGET_POWER_ACTIVE);
	medium_expect_state(test, MEDIUM_ERROR, 0x3100);
}

/* One that was aborted in the foreground. */
static void format_is_aborted(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;
	struct se_cmd *cmd = fix_cmd(f, medium_format);

	medium.hold = true;
	KUNIT_ASSERT_EQ(test, (__force u32)target_cdb_parse(cmd), 0);
	init_completion(&f->sent);
	atomic_set(&cmd->state, TARGET_CMD_EXECUTING);
	target_cmd_run(cmd);
	medium_until_held(test);
	KUNIT_EXPECT_FALSE(test, completion_done(&f->sent));
	atomic_or(TARGET_CMD_ABORTED, &cmd->state);
	medium.hold = false;
	target_io_done(xchg(&medium.held, NULL), TCM_NO_SENSE);
	KUNIT_ASSERT_TRUE(test, wait_for_completion_timeout(&f->sent, 10 * HZ));
	medium_expect_state(test, MEDIUM_ERROR, 0x3100);
}

/* The command goes, the operation goes on. */
static void erase_is_aborted(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;
	struct se_cmd *cmd = fix_cmd(f, medium_erase);

	medium.hold = true;
	KUNIT_ASSERT_EQ(test, (__force u32)target_cdb_parse(cmd), 0);
	init_completion(&f->sent);
	atomic_set(&cmd->state, TARGET_CMD_EXECUTING);
	target_cmd_run(cmd);
	medium_until_held(test);
	atomic_or(TARGET_CMD_ABORTED, &cmd->state);
	atomic_long_inc(&f->dev.num_resets);
	target_io_done(xchg(&medium.held, NULL), TCM_NO_SENSE);
	KUNIT_ASSERT_TRUE(test, wait_for_completion_timeout(&f->sent, 10 * HZ));
	medium_until_held(test);
	KUNIT_EXPECT_EQ(test, atomic_read(&f->dev.background), 1);
	medium_let_go(test, TCM_NO_SENSE);
	medium_expect_state(test, 0, 0);
	KUNIT_EXPECT_TRUE(test, medium_is(f, medium_zero, 1));
}

/* The last LUN goes: nobody waits for the rest of the medium. */
static void medium_ends_with_the_unit(struct kunit *test)
{
	const struct medium_meanwhile *c = test->param_value;
	struct scsi_fixture *f = test->priv;

	medium_begin_held(test, c->sanitize);
	WRITE_ONCE(f->dev.background_stops, true);
	medium_let_go(test, TCM_NO_SENSE);
	f->dev.background_stops = false;
	medium_expect_state(test, MEDIUM_ERROR, c->sanitize ? 0x3103 : 0x3100);
}

static const struct sanitize_failure {
	const char	*name;
	bool		ause;
} sanitize_failures[] = {
	{ "AUSE", true }, { "without AUSE", false },
};

static void sanitize_failure_desc(const struct sanitize_failure *c, char *desc)
{
	strscpy(desc, c->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(sanitize_failure, sanitize_failures, sanitize_failure_desc);

/* A failure is left as AUSE says, or by success. */
static void sanitize_fails(struct kunit *test)
{
	const struct sanitize_failure *c = test->param_value;
	struct scsi_fixture *f = test->priv;
	const u8 erase[10] = { 0x48, 0x02 | (c->ause ? 0x20 : 0) };
	static const u8 leave[10] = { 0x48, 0x1f }, ause[10] = { 0x48, 0x22 };
	static const u8 inquiry[6] = { 0x12, 0, 0, 0, 36 }, stop[6] = { 0x1b };

	/* Nothing has failed yet. */
	fix_run_good(test, fix_cmd(f, leave));
	medium.fail_at = 7;
	medium_send(test, erase, 0);
	medium_expect_sense(test, MEDIUM_ERROR, 0x3103);
	medium_expect_state(test, MEDIUM_ERROR, 0x3103);
	medium_send(test, medium_format, 0);
	medium_expect_sense(test, MEDIUM_ERROR, 0x3103);
	fix_run(test, fix_cmd(f, stop));
	medium_expect_sense(test, MEDIUM_ERROR, 0x3103);
	fix_run_good(test, fix_cmd(f, inquiry));
	fix_run(test, fix_cmd(f, leave));
	if (c->ause) {
		KUNIT_EXPECT_EQ(test, medium_sense(f), 0);
		medium_expect_state(test, 0, 0);
		return;
	}
	medium_expect_sense(test, ILLEGAL_REQUEST, 0x2400);
	KUNIT_EXPECT_EQ(test, get_unaligned_be16(f->sense + 16), 1);
	medium.fail_at = U64_MAX;
	medium_send(test, ause, 0);
	medium_expect_sense(test, ILLEGAL_REQUEST, 0x2400);
	medium_expect_state(test, MEDIUM_ERROR, 0x3103);
	medium_send(test, medium_erase, 0);
	KUNIT_EXPECT_EQ(test, medium_sense(f), 0);
	medium_expect_state(test, 0, 0);
}

/* One that lets itself be left, then one that does not: the last one counts. */
static void sanitize_fails_twice(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;
	static const u8 ause[10] = { 0x48, 0x22 }, leave[10] = { 0x48, 0x1f };

	medium.fail_at = 7;
	medium_send(test, ause, 0);
	medium_expect_sense(test, MEDIUM_ERROR, 0x3103);
	medium_send(test, medium_erase, 0);
	medium_expect_sense(test, MEDIUM_ERROR, 0x3103);
	fix_run(test, fix_cmd(f, leave));
	medium_expect_sense(test, ILLEGAL_REQUEST, 0x2400);
	KUNIT_EXPECT_EQ(test, atomic_read(&f->dev.power), TARGET_SANITIZE_FAILED);
}

/* Done of all: the second half of an erase is its unmapping. */
static void medium_progress(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;

	medium_begin_held(test, true);
	KUNIT_EXPECT_EQ(test, f->dev.medium_progress, 0x10000 * MEDIUM_HOLE / (2 * FIX_BLOCKS));
	medium_let_go(test, TCM_NO_SENSE);
	KUNIT_EXPECT_EQ(test, f->dev.medium_progress, U16_MAX);
}

static struct kunit_case medium_cases[] = {
	KUNIT_CASE_PARAM(format_read, format_list_gen_params),
	KUNIT_CASE_PARAM(overwrite_read, overwrite_list_gen_params),
	KUNIT_CASE_PARAM(medium_cdb_refused, medium_refused_gen_params),
	KUNIT_CASE(format_lengths),
	KUNIT_CASE(medium_supported),
	KUNIT_CASE(format_unmaps),
	KUNIT_CASE(format_writes),
	KUNIT_CASE(format_pattern),
	KUNIT_CASE_PARAM(overwrite_run, overwrite_gen_params),
	KUNIT_CASE(overwrite_inverts),
	KUNIT_CASE(erase_run),
	KUNIT_CASE_PARAM(medium_refuses, medium_meanwhile_gen_params),
	KUNIT_CASE(format_fails),
	KUNIT_CASE(format_is_reset),
	KUNIT_CASE(format_corrupt_ejected),
	KUNIT_CASE(format_is_aborted),
	KUNIT_CASE(erase_is_aborted),
	KUNIT_CASE_PARAM(medium_ends_with_the_unit, medium_meanwhile_gen_params),
	KUNIT_CASE_PARAM(sanitize_fails, sanitize_failure_gen_params),
	KUNIT_CASE(sanitize_fails_twice),
	KUNIT_CASE(medium_progress),
	{ }
};

static struct kunit_suite medium_suite = {
	.name = "target_core_medium",
	.init = medium_init,
	.exit = fix_exit,
	.test_cases = medium_cases,
};
kunit_test_suite(medium_suite);
