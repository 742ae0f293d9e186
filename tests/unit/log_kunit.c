// SPDX-License-Identifier: GPL-2.0-only
/* Log pages: what LOG SENSE says, and what LOG SELECT takes, resets and refuses. */
#include <linux/unaligned.h>
#include "log.h"
#include "scsi_fixture.h"

#define LIST_ERROR	((__force u32)TCM_INVALID_PARAMETER_LIST)
#define LENGTH_ERROR	((__force u32)TCM_PARAMETER_LIST_LENGTH_ERROR)

static int log_fix_init(struct kunit *test)
{
	int err = fix_init(test);
	struct scsi_fixture *f = test->priv;

	if (!err)
		target_log_init(&f->dev);
	return err;
}

static bool log_page_ok(struct scsi_fixture *f, u8 page, u8 subpage)
{
	const u8 cdb[10] = { 0x4d, 0, 0x40 | page, subpage, [7] = 1 };

	return !target_cdb_parse(fix_cmd(f, cdb));
}

/* LOG SENSE for the cumulative values of a page; the answer is in f->data. */
static void log_sense(struct kunit *test, u8 page, u8 subpage, u16 pointer)
{
	struct scsi_fixture *f = test->priv;
	const u8 cdb[10] = { 0x4d, 0, 0x40 | page, subpage, 0, pointer >> 8, pointer, 4, 0 };

	fix_run_good(test, fix_cmd(f, cdb));
	KUNIT_EXPECT_EQ(test, get_unaligned_be16(f->data + 2), f->cmd.data_length - 4);
}

/* Listed, in ascending order, exactly when it can be had. */
static void log_listed(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;
	u8 listed[0x40] = { };
	unsigned int i, n;

	log_sense(test, 0x00, 0x00, 0);
	n = get_unaligned_be16(f->data + 2);
	KUNIT_ASSERT_LE(test, n, sizeof(listed));
	for (i = 0; i < n; i++) {
		KUNIT_EXPECT_TRUE(test, !i || f->data[4 + i] > f->data[3 + i]);
		listed[f->data[4 + i] & 0x3f] = 1;
	}
	for (i = 0; i < sizeof(listed); i++)
		KUNIT_EXPECT_EQ_MSG(test, log_page_ok(f, i, 0), !!listed[i], "page %02x", i);
}

static void log_listed_subpages(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;
	static u8 listed[0x40 * 256];
	unsigned int i, n;

	memset(listed, 0, sizeof(listed));
	log_sense(test, 0x00, 0xff, 0);
	KUNIT_EXPECT_EQ(test, f->data[0], 0x40);
	n = get_unaligned_be16(f->data + 2);
	for (i = 0; i < n; i += 2) {
		u32 at = get_unaligned_be16(f->data + 4 + i);

		KUNIT_ASSERT_LT(test, at, sizeof(listed));
		KUNIT_EXPECT_TRUE(test, !i || at > get_unaligned_be16(f->data + 2 + i));
		listed[at] = 1;
	}
	for (i = 0; i < sizeof(listed); i++)
		KUNIT_EXPECT_EQ_MSG(test, log_page_ok(f, i >> 8, i), !!listed[i], "page %04x", i);
}

static void log_subpages_of_one(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;
	static const u8 want[] = { 0x59, 0xff, 0, 4, 0x19, 0x00, 0x19, 0xff };

	log_sense(test, 0x19, 0xff, 0);
	KUNIT_EXPECT_EQ(test, f->cmd.data_length, sizeof(want));
	KUNIT_EXPECT_EQ(test, memcmp(f->data, want, sizeof(want)), 0);
}

/* Every page of parameters: its header, and parameters in ascending order that fill it. */
static void log_format(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;
	unsigned int page, at, len;
	int last;

	for (page = 1; page < 0x3f; page++) {
		if (!log_page_ok(f, page, 0))
			continue;
		log_sense(test, page, 0, 0);
		len = f->cmd.data_length;
		KUNIT_EXPECT_EQ(test, f->data[0], 0x80 | page);
		for (at = 4, last = -1; at + 4 <= len; at += 4 + f->data[at + 3]) {
			int code = get_unaligned_be16(f->data + at);

			KUNIT_EXPECT_GT_MSG(test, code, last, "page %02x", page);
			KUNIT_EXPECT_EQ_MSG(test, f->data[at + 2] & ~3, 0x20, "page %02x", page);
			last = code;
		}
		KUNIT_EXPECT_EQ_MSG(test, at, len, "page %02x", page);
	}
}

static void log_do_io(struct kunit *test, u8 opcode, u8 blocks)
{
	struct scsi_fixture *f = test->priv;
	const u8 cdb[10] = { opcode, [8] = blocks };

	fix_run(test, fix_cmd(f, cdb));
}

/* Value of a counter of eight bytes, -1 if the page has no such parameter. */
static s64 log_counter(struct kunit *test, u8 page, u16 code, unsigned int off)
{
	struct scsi_fixture *f = test->priv;
	u32 at;

	log_sense(test, page, 0, 0);
	for (at = 4; at < f->cmd.data_length; at += 4 + f->data[at + 3])
		if (get_unaligned_be16(f->data + at) == code)
			return get_unaligned_be64(f->data + at + 4 + off);
	return -1;
}

static void log_counts(struct kunit *test)
{
	log_do_io(test, 0x28, 4);
	log_do_io(test, 0x28, 2);
	log_do_io(test, 0x2a, 1);
	log_do_io(test, 0x2f, 8);
	KUNIT_EXPECT_EQ(test, log_counter(test, 0x02, 5, 0), 512);
	KUNIT_EXPECT_EQ(test, log_counter(test, 0x03, 5, 0), 6 * 512);
	KUNIT_EXPECT_EQ(test, log_counter(test, 0x05, 5, 0), 8 * 512);
	KUNIT_EXPECT_EQ(test, log_counter(test, 0x02, 6, 0), 0);
	KUNIT_EXPECT_EQ(test, log_counter(test, 0x03, 6, 0), 0);
	KUNIT_EXPECT_EQ(test, log_counter(test, 0x19, 1, 0), 2);
	KUNIT_EXPECT_EQ(test, log_counter(test, 0x19, 1, 8), 1);
	KUNIT_EXPECT_EQ(test, log_counter(test, 0x19, 1, 16), 1);
	KUNIT_EXPECT_EQ(test, log_counter(test, 0x19, 1, 24), 6);
	KUNIT_EXPECT_EQ(test, log_counter(test, 0x19, 3, 0), 0x0000000300000001);
}

static void log_counts_time(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;
	static const u8 cdb[10] = { 0x28, [8] = 1 };
	struct se_cmd *cmd = fix_cmd(f, cdb);

	cmd->start_jiffies = jiffies - HZ;
	fix_run_good(test, cmd);
	KUNIT_EXPECT_GE(test, log_counter(test, 0x19, 1, 32), 1000);
	KUNIT_EXPECT_EQ(test, log_counter(test, 0x19, 1, 40), 0);
}

/* The time without a command, and not the time with one. */
static void log_counts_idle_time(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;
	static const u8 cdb[6] = { 0x00 };
	struct se_cmd *cmd = fix_cmd(f, cdb);

	f->dev.idle.moved = jiffies - 10 * HZ;
	target_cmd_live_add(cmd);
	KUNIT_EXPECT_GE(test, atomic64_read(&f->dev.idle.time), 10 * HZ);
	KUNIT_EXPECT_LT(test, atomic64_read(&f->dev.idle.time), 11 * HZ);
	f->dev.idle.moved = jiffies - 20 * HZ;
	target_cmd_live_del(cmd);
	target_cmd_live_add(cmd);
	target_cmd_live_del(cmd);
	KUNIT_EXPECT_LT(test, atomic64_read(&f->dev.idle.time), 11 * HZ);
	KUNIT_EXPECT_GE(test, log_counter(test, 0x19, 2, 0), 10000);
	KUNIT_EXPECT_LT(test, log_counter(test, 0x19, 2, 0), 11000);
}

static void log_counts_errors(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;

	f->fail_lba = 2;
	log_do_io(test, 0x28, 4);
	log_do_io(test, 0x28, 4);
	log_do_io(test, 0x2a, 4);
	log_do_io(test, 0x2f, 4);
	log_do_io(test, 0x28, 1);
	KUNIT_EXPECT_EQ(test, log_counter(test, 0x02, 6, 0), 1);
	KUNIT_EXPECT_EQ(test, log_counter(test, 0x03, 6, 0), 2);
	KUNIT_EXPECT_EQ(test, log_counter(test, 0x05, 6, 0), 1);
}

/* What is neither the medium's nor the initiator's fault. */
static void log_counts_other_errors(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;
	static const u8 cdb[6] = { };
	struct se_cmd *cmd = fix_cmd(f, cdb);

	target_log_error(cmd, TCM_INTERNAL_TARGET_FAILURE);
	target_log_error(cmd, TCM_INVALID_CDB_FIELD);
	target_log_error(cmd, TCM_WRITE_ERROR);
	target_log_error(cmd, TCM_NOT_READY_STOPPED);
	KUNIT_EXPECT_EQ(test, log_counter(test, 0x06, 0, 0), 1);
	KUNIT_EXPECT_EQ(test, log_counter(test, 0x02, 6, 0), 1);
}

/* The minutes since the unit was made, and no scan. */
static void log_scan_status(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;
	static const u8 want[] = {
		0x95, 0, 0, 16, 0, 0, 0x23, 12, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 0
	};

	f->dev.creation_time = get_jiffies_64() - (3 * 60 + 5) * HZ;
	log_sense(test, 0x15, 0, 0);
	KUNIT_EXPECT_EQ(test, f->cmd.data_length, sizeof(want));
	KUNIT_EXPECT_EQ(test, memcmp(f->data, want, sizeof(want)), 0);
}

static void log_pointer(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;

	log_sense(test, 0x19, 0, 3);
	KUNIT_EXPECT_EQ(test, f->cmd.data_length, 4 + 12);
	KUNIT_EXPECT_EQ(test, f->data[5], 3);
	log_sense(test, 0x03, 0, 6);
	KUNIT_EXPECT_EQ(test, f->cmd.data_length, 4 + 12);
	KUNIT_EXPECT_EQ(test, f->data[5], 6);
}

/* Default values of counters are zero; of what is no counter they are what it is. */
static void log_defaults(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;
	static const u8 defaults[10] = { 0x4d, 0, 0xd9, [7] = 1 };
	static const u8 thresholds[10] = { 0x4d, 0, 0x0e, [7] = 1 };

	log_do_io(test, 0x28, 4);
	fix_run_good(test, fix_cmd(f, defaults));
	KUNIT_EXPECT_EQ(test, get_unaligned_be64(f->data + 8), 0ULL);
	KUNIT_EXPECT_EQ(test, get_unaligned_be64(f->data + f->cmd.data_length - 8),
			0x0000000300000001ULL);
	fix_run_good(test, fix_cmd(f, thresholds));
	KUNIT_EXPECT_EQ(test, memcmp(f->data + 8, "      ", 6), 0);
}

static const struct log_refused {
	const char	*name;
	u8		cdb[10];
	u8		byte;
	u8		bit;
} log_refusals[] = {
	{ "SENSE: SP", { 0x4d, 0x01, 0x42 }, 1, 0 },
	{ "SENSE: PPC", { 0x4d, 0x02, 0x42 }, 1, 1 },
	{ "SENSE: page", { 0x4d, 0, 0x41 }, 2, 5 },
	{ "SENSE: page 3F", { 0x4d, 0, 0x7f }, 2, 5 },
	{ "SENSE: subpage", { 0x4d, 0, 0x42, 0x01 }, 3, 7 },
	{ "SENSE: subpage of none", { 0x4d, 0, 0x40, 0xfe }, 3, 7 },
	{ "SENSE: thresholds", { 0x4d, 0, 0x02 }, 2, 7 },
	{ "SENSE: default thresholds", { 0x4d, 0, 0x99 }, 2, 7 },
	{ "SENSE: pointer", { 0x4d, 0, 0x42, 0, 0, 0, 7 }, 5, 7 },
	{ "SENSE: pointer into a list", { 0x4d, 0, 0x40, 0, 0, 0, 1 }, 5, 7 },
	{ "SELECT: SP", { 0x4c, 0x01 }, 1, 0 },
	{ "SELECT: PCR with a list", { 0x4c, 0x02, 0, 0, 0, 0, 0, 0, 4 }, 1, 1 },
	{ "SELECT: page with a list", { 0x4c, 0, 0x02, 0, 0, 0, 0, 0, 4 }, 2, 5 },
	{ "SELECT: subpage with a list", { 0x4c, 0, 0, 0x01, 0, 0, 0, 0, 4 }, 3, 7 },
	{ "SELECT: page", { 0x4c, 0x02, 0xc1 }, 2, 5 },
	{ "SELECT: subpage", { 0x4c, 0x02, 0xc2, 0x01 }, 3, 7 },
};

static void log_refused_desc(const struct log_refused *c, char *desc)
{
	strscpy(desc, c->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(log_refused, log_refusals, log_refused_desc);

static void log_cdb_refused(struct kunit *test)
{
	const struct log_refused *c = test->param_value;
	struct scsi_fixture *f = test->priv;

	FIX_EXPECT_REASON(test, target_cdb_parse(fix_cmd(f, c->cdb)), TCM_INVALID_CDB_FIELD);
	fix_expect_field(test, &f->cmd, c->byte, c->bit);
}

static const struct log_reset_case {
	const char	*name;
	u8		cdb[4];
	bool		errors;		/* page 03 is reset */
	bool		statistics;	/* page 19 is */
	bool		date;		/* page 0E is */
} log_resets[] = {
	{ "PCR, everything", { 0x4c, 0x02, 0xc0 }, true, true, true },
	{ "PCR, one page", { 0x4c, 0x02, 0xc3 }, true },
	{ "PCR, one page and its subpages", { 0x4c, 0x02, 0xd9, 0xff }, false, true },
	{ "PCR, pages that list pages", { 0x4c, 0x02, 0xc0, 0xff } },
	{ "PCR, whatever PC says", { 0x4c, 0x02, 0x0e }, .date = true },
	{ "default cumulative values", { 0x4c, 0x00, 0xc0 }, true, true },
	{ "default thresholds", { 0x4c, 0x00, 0x80 } },
	{ "cumulative values", { 0x4c, 0x00, 0x40 } },
	{ "thresholds", { 0x4c, 0x00, 0x00 } },
};

static void log_reset_desc(const struct log_reset_case *c, char *desc)
{
	strscpy(desc, c->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(log_reset, log_resets, log_reset_desc);

static void log_select_reset(struct kunit *test)
{
	const struct log_reset_case *c = test->param_value;
	struct scsi_fixture *f = test->priv;
	struct target_itl other = { .dev = &f->dev, .lun = &f->lun };
	u8 cdb[10] = { };

	list_add(&other.lun_node, &f->lun.itls);
	memcpy(cdb, c->cdb, sizeof(c->cdb));
	memset(f->dev.log.accounting_date, '1', sizeof(f->dev.log.accounting_date));
	log_do_io(test, 0x28, 4);
	fix_run_good(test, fix_cmd(f, cdb));
	KUNIT_EXPECT_EQ(test, log_counter(test, 0x03, 5, 0), c->errors ? 0 : 4 * 512);
	KUNIT_EXPECT_EQ(test, log_counter(test, 0x19, 1, 0), c->statistics ? 0 : 1);
	KUNIT_EXPECT_EQ(test, f->dev.log.accounting_date[0], c->date ? ' ' : '1');
	KUNIT_EXPECT_EQ(test, other.ua_pending,
			c->errors || c->statistics || c->date ? 1UL << TARGET_UA_LOG_CHANGED : 0UL);
	KUNIT_EXPECT_EQ(test, f->itl.ua_pending, 0UL);
	/* It goes on counting from there. */
	log_do_io(test, 0x28, 1);
	KUNIT_EXPECT_EQ(test, log_counter(test, 0x03, 5, 0), (c->errors ? 1 : 5) * 512);
	list_del(&other.lun_node);
}

#define DATE(control, ...)	0x00, 0x02, control, 6, __VA_ARGS__
#define DATE_2601		'2', '0', '2', '6', '0', '1'

static const struct log_list {
	const char	*name;
	u32		reason;
	u16		byte;
	u8		bit;
	u8		len;
	u8		list[32];
} log_lists[] = {
	{ "date", .len = 14, .list = { 0x8e, 0, 0, 10, DATE(0x21, DATE_2601) } },
	{ "date, DS 0", .len = 14, .list = { 0x0e, 0, 0, 10, DATE(0x21, DATE_2601) } },
	{ "page without parameters", .len = 4, .list = { 0x82 } },
	{ "two pages", .len = 18, .list = { 0x82, 0, 0, 0, 0x8e, 0, 0, 10,
					    DATE(0x21, DATE_2601) } },
	{ "pages in the wrong order", LIST_ERROR, 14, 5, 18,
	  { 0x8e, 0, 0, 10, DATE(0x21, DATE_2601), 0x82 } },
	{ "page header cut", LENGTH_ERROR, .len = 3, .list = { 0x8e } },
	{ "page cut", LENGTH_ERROR, .len = 13, .list = { 0x8e, 0, 0, 10, DATE(0x21, DATE_2601) } },
	{ "page that is not there", LIST_ERROR, 0, 5, 4, { 0x81 } },
	{ "page of no parameters", LIST_ERROR, 0, 5, 4, { 0x00 } },
	{ "SPF", LIST_ERROR, 0, 6, 4, { 0xce, 0xff } },
	{ "subpage", LIST_ERROR, 1, 7, 4, { 0x8e, 0x01 } },
	{ "parameter cut", LIST_ERROR, 2, 7, 13, { 0x8e, 0, 0, 9, DATE(0x21, DATE_2601) } },
	{ "parameter header cut", LIST_ERROR, 2, 7, 7, { 0x8e, 0, 0, 3, 0, 2, 0x21 } },
	{ "parameter that is not there", LIST_ERROR, 4, 7, 8, { 0x8e, 0, 0, 4, 0x01, 0x02, 0x21 } },
	{ "parameter twice", LIST_ERROR, 14, 7, 24,
	  { 0x8e, 0, 0, 20, DATE(0x21, DATE_2601), DATE(0x21, DATE_2601) } },
	{ "DU", LIST_ERROR, 6, 7, 14, { 0x8e, 0, 0, 10, DATE(0xa1, DATE_2601) } },
	{ "TSD", LIST_ERROR, 6, 5, 14, { 0x8e, 0, 0, 10, DATE(0x01, DATE_2601) } },
	{ "other format", LIST_ERROR, 6, 1, 14, { 0x8e, 0, 0, 10, DATE(0x23, DATE_2601) } },
	{ "length of the value", LIST_ERROR, 7, 7, 12, { 0x8e, 0, 0, 8, 0, 2, 0x21, 4 } },
	{ "a counter", LIST_ERROR, 8, 7, 16, { 0x82, 0, 0, 12, 0, 5, 0x20, 8 } },
};

static void log_list_desc(const struct log_list *c, char *desc)
{
	strscpy(desc, c->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(log_list, log_lists, log_list_desc);

static void log_check(struct kunit *test)
{
	const struct log_list *c = test->param_value;
	struct scsi_fixture *f = test->priv;
	struct target_log_values v = { };

	KUNIT_EXPECT_EQ(test, (__force u32)target_log_check(&f->cmd, &f->dev, c->list, c->len, &v),
			c->reason);
	if (c->reason == LIST_ERROR) {
		fix_expect_field(test, &f->cmd, c->byte, c->bit);
		KUNIT_EXPECT_FALSE(test, f->cmd.field_flags & TARGET_FIELD_CDB);
	}
}

/* The date is kept, and everyone else hears of it once. */
static void log_select_date(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;
	static const u8 cdb[10] = { 0x4c, [8] = 14 };
	static const u8 list[] = { 0x8e, 0, 0, 10, DATE(0x21, DATE_2601) };
	struct target_itl other = { .dev = &f->dev, .lun = &f->lun };

	list_add(&other.lun_node, &f->lun.itls);
	memcpy(f->data, list, sizeof(list));
	fix_run_good(test, fix_cmd(f, cdb));
	KUNIT_EXPECT_EQ(test, other.ua_pending, 1UL << TARGET_UA_LOG_CHANGED);
	other.ua_pending = 0;
	log_sense(test, 0x0e, 0, 0);
	KUNIT_EXPECT_EQ(test, memcmp(f->data + 4, list + 4, 10), 0);
	memcpy(f->data, list, sizeof(list));
	fix_run_good(test, fix_cmd(f, cdb));
	KUNIT_EXPECT_EQ(test, other.ua_pending, 0UL);
	list_del(&other.lun_node);
}

static struct kunit_case log_cases[] = {
	KUNIT_CASE(log_listed),
	KUNIT_CASE(log_listed_subpages),
	KUNIT_CASE(log_subpages_of_one),
	KUNIT_CASE(log_format),
	KUNIT_CASE(log_counts),
	KUNIT_CASE(log_counts_time),
	KUNIT_CASE(log_counts_idle_time),
	KUNIT_CASE(log_counts_errors),
	KUNIT_CASE(log_counts_other_errors),
	KUNIT_CASE(log_scan_status),
	KUNIT_CASE(log_pointer),
	KUNIT_CASE(log_defaults),
	KUNIT_CASE_PARAM(log_cdb_refused, log_refused_gen_params),
	KUNIT_CASE_PARAM(log_select_reset, log_reset_gen_params),
	KUNIT_CASE_PARAM(log_check, log_list_gen_params),
	KUNIT_CASE(log_select_date),
	{ }
};

static struct kunit_suite log_suite = {
	.name = "target_core_log",
	.init = log_fix_init,
	.exit = fix_exit,
	.test_cases = log_cases,
};
kunit_test_suite(log_suite);
