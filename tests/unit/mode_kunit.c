// SPDX-License-Identifier: GPL-2.0-only
/* Mode parameters: what MODE SENSE says, and what MODE SELECT takes and refuses. */
#include <linux/unaligned.h>
#include "mode.h"
#include "order.h"
#include "scsi_fixture.h"

#define PAGE_01		0x01, 0x0a, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0
#define PAGE_08(wce, dra) 0x08, 0x12, wce, 0, 0, 0, 0, 0, 0, 0, 0, 0, dra, 0, 0, 0, 0, 0, 0, 0
#define PAGE_0A(b2, b3, b4, b5) 0x0a, 0x0a, b2, b3, b4, b5, 0, 0, 0, 0, 0, 1
#define ZEROS_9		0, 0, 0, 0, 0, 0, 0, 0, 0
#define PAGE_0A01	0x4a, 0x01, 0, 0x1c, 0x06, ZEROS_9, ZEROS_9, ZEROS_9
#define PAGE_0A_AS_IT_IS(b3, b4) PAGE_0A(0x02, b3, b4, 0x40)
#define PAGE_1C(b2)	0x1c, 0x0a, b2, 0, 0, 0, 0, 0, 0, 0, 0, 0
#define DESCRIPTOR	0, 0, 0, 0x40, 0, 0, 0x02, 0

static const struct mode_sense_case {
	const char	*name;
	u8		cdb[10];
	bool		changed;	/* everything is turned from its default */
	u32		len;
	u8		want[96];
} mode_sense_cases[] = {
	{ "6: all pages", { 0x1a, 0, 0x3f, 0, 255 }, .len = 68,
	  .want = { 67, 0, 0x10, 8, DESCRIPTOR, PAGE_01, PAGE_08(0, 0x20),
		    PAGE_0A(0x02, 0x10, 0, 0x40), PAGE_1C(0x08) } },
	{ "6: all pages and subpages", { 0x1a, 8, 0x3f, 0xff, 255 }, .len = 92,
	  .want = { 91, 0, 0x10, 0, PAGE_01, PAGE_08(0, 0x20), PAGE_0A(0x02, 0x10, 0, 0x40),
		    PAGE_0A01, PAGE_1C(0x08) } },
	{ "6: control and its subpages", { 0x1a, 8, 0x0a, 0xff, 255 }, .len = 48,
	  .want = { 47, 0, 0x10, 0, PAGE_0A(0x02, 0x10, 0, 0x40), PAGE_0A01 } },
	{ "6: control extension", { 0x1a, 8, 0x0a, 0x01, 255 }, .len = 36,
	  .want = { 35, 0, 0x10, 0, PAGE_0A01 } },
	{ "6: control extension, changeable", { 0x1a, 8, 0x4a, 0x01, 255 }, .len = 36,
	  .want = { 35, 0, 0x10, 0, 0x4a, 0x01, 0, 0x1c } },
	{ "6: caching, no descriptor", { 0x1a, 8, 0x08, 0, 255 }, .len = 24,
	  .want = { 23, 0, 0x10, 0, PAGE_08(0, 0x20) } },
	{ "6: caching, changed", { 0x1a, 8, 0x08, 0, 255 }, true, 24,
	  .want = { 23, 0, 0x90, 0, PAGE_08(0x04, 0x20) } },
	{ "6: caching, default", { 0x1a, 8, 0x88, 0, 255 }, true, 24,
	  .want = { 23, 0, 0x90, 0, PAGE_08(0, 0x20) } },
	{ "6: caching, changeable", { 0x1a, 8, 0x48, 0, 255 }, .len = 24,
	  .want = { 23, 0, 0x10, 0, PAGE_08(0x04, 0) } },
	{ "6: control, changed", { 0x1a, 8, 0x0a, 0, 255 }, true, 16,
	  .want = { 15, 0, 0x90, 0, PAGE_0A(0x26, 0x00, 0x38, 0) } },
	{ "6: control, default", { 0x1a, 8, 0x8a, 0, 255 }, true, 16,
	  .want = { 15, 0, 0x90, 0, PAGE_0A(0x02, 0x10, 0, 0x40) } },
	{ "6: control, changeable", { 0x1a, 8, 0x4a, 0, 255 }, .len = 16,
	  .want = { 15, 0, 0x10, 0, 0x0a, 0x0a, 0x24, 0x16, 0x38, 0x40 } },
	{ "6: exceptions, changeable", { 0x1a, 8, 0x5c, 0xff, 255 }, .len = 16,
	  .want = { 15, 0, 0x10, 0, 0x1c, 0x0a, 0x0c, 0x0f } },
	{ "10: recovery", { 0x5a, 0, 0x01, 0, [8] = 255 }, .len = 28,
	  .want = { 0, 26, 0, 0x10, 0, 0, 0, 8, DESCRIPTOR, PAGE_01 } },
	{ "10: recovery, long descriptor", { 0x5a, 0x10, 0x01, 0, [8] = 255 }, .len = 36,
	  .want = { 0, 34, 0, 0x10, 1, 0, 0, 16, 0, 0, 0, 0, 0, 0, 0, 0x40, 0, 0, 0, 0,
		    0, 0, 0x02, 0, PAGE_01 } },
	{ "10: recovery, no descriptor", { 0x5a, 0x18, 0x01, 0, [8] = 255 }, .len = 20,
	  .want = { 0, 18, 0, 0x10, 0, 0, 0, 0, PAGE_01 } },
};

static void mode_sense_case_desc(const struct mode_sense_case *c, char *desc)
{
	strscpy(desc, c->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(mode_sense, mode_sense_cases, mode_sense_case_desc);

static void mode_sense(struct kunit *test)
{
	const struct mode_sense_case *c = test->param_value;
	struct scsi_fixture *f = test->priv;
	struct target_buf got = { .data = f->data, .size = sizeof(f->data) };

	if (c->changed) {
		f->dev.dev_attrib.emulate_write_cache = true;
		f->dev.dev_attrib.emulate_tas = false;
		f->dev.dev_attrib.emulate_ua_intlck_ctrl = 2;
		f->dev.mode_d_sense = true;
		f->dev.mode_swp = true;
		target_task_set_configure(&f->dev, true, true);
	}
	fix_run_good(test, fix_cmd(f, c->cdb));
	got.len = f->cmd.data_length;
	fix_expect_bytes(test, &got, c->want, c->len);
}

/* A descriptor of a unit that is too large for it, and sense data that must be in descriptors. */
static void mode_sense_large(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;
	static const u8 cdb[6] = { 0x1a, 0, 0x0a, 0, 255 };
	static const u8 changeable[6] = { 0x1a, 0, 0x4a, 0, 255 };

	f->dev.blocks = 1ULL << 33;
	fix_run_good(test, fix_cmd(f, cdb));
	KUNIT_EXPECT_EQ(test, get_unaligned_be32(f->data + 4), U32_MAX);
	KUNIT_EXPECT_EQ(test, f->data[14], 0x06);
	fix_run_good(test, fix_cmd(f, changeable));
	KUNIT_EXPECT_EQ(test, f->data[14], 0x20);
}

/* A cache that is there: it is said, and cannot be denied. */
static void mode_sense_write_cache(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;
	static const u8 changeable[6] = { 0x1a, 8, 0x48, 0, 255 };
	static const u8 defaults[6] = { 0x1a, 8, 0x88, 0, 255 };

	f->dev.limits.write_cache = true;
	fix_run_good(test, fix_cmd(f, changeable));
	KUNIT_EXPECT_EQ(test, f->data[6], 0x00);
	fix_run_good(test, fix_cmd(f, defaults));
	KUNIT_EXPECT_EQ(test, f->data[6], 0x04);
}

/* No cache: WCE cannot be changed. No FUA: DPOFUA is 0. */
static void mode_sense_no_flush(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;
	static const u8 cdb[6] = { 0x1a, 8, 0x48, 0, 255 };

	f->backend.flush = NULL;
	f->dev.dev_attrib.emulate_fua_write = false;
	fix_run_good(test, fix_cmd(f, cdb));
	KUNIT_EXPECT_EQ(test, f->data[2], 0x00);
	KUNIT_EXPECT_EQ(test, f->data[6], 0x00);
}

static const struct mode_refused {
	u8	page;
	u8	subpage;
	u32	reason;
	u8	byte;
	u8	bit;
} mode_refusals[] = {
	{ 0x02, 0x00, (__force u32)TCM_INVALID_CDB_FIELD, 2, 5 },
	{ 0x00, 0x00, (__force u32)TCM_INVALID_CDB_FIELD, 2, 5 },
	{ 0x08, 0x01, (__force u32)TCM_INVALID_CDB_FIELD, 3, 7 },
	{ 0x3f, 0x01, (__force u32)TCM_INVALID_CDB_FIELD, 3, 7 },
	{ 0xc8, 0x00, (__force u32)TCM_SAVING_PARAMETERS_UNSUPPORTED },
	{ 0xff, 0xff, (__force u32)TCM_SAVING_PARAMETERS_UNSUPPORTED },
};

static void mode_refused_desc(const struct mode_refused *c, char *desc)
{
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "page %02x subpage %02x", c->page, c->subpage);
}

KUNIT_ARRAY_PARAM(mode_refused, mode_refusals, mode_refused_desc);

static void mode_sense_refused(struct kunit *test)
{
	const struct mode_refused *c = test->param_value;
	struct scsi_fixture *f = test->priv;
	const u8 cdb[6] = { 0x1a, 0, c->page, c->subpage, 255 };

	KUNIT_EXPECT_EQ(test, (__force u32)target_cdb_parse(fix_cmd(f, cdb)), c->reason);
	if (c->reason == (__force u32)TCM_INVALID_CDB_FIELD)
		fix_expect_field(test, &f->cmd, c->byte, c->bit);
}

#define LENGTH_ERROR	((__force u32)TCM_PARAMETER_LIST_LENGTH_ERROR)
#define LIST_ERROR	((__force u32)TCM_INVALID_PARAMETER_LIST)

/* Lists on the unit as it begins: WCE 0, D_SENSE 0, SWP 0, TAS 1. */
static const struct mode_list {
	const char			*name;
	bool				ten;
	u32				reason;
	u16				byte;
	u8				bit;
	struct target_mode_values	v;	/* if it is taken */
	u32				len;
	u8				list[96];
} mode_lists[] = {
	{ "nothing", .v = { .tas = true }, .len = 0 },
	{ "header only", .v = { .tas = true }, .len = 4 },
	{ "DPOFUA as sensed", .v = { .tas = true }, .len = 4, .list = { 0, 0, 0x10 } },
	{ "header cut", .reason = LENGTH_ERROR, .len = 3 },
	{ "10: header cut", true, .reason = LENGTH_ERROR, .len = 7 },
	{ "medium type", .reason = LIST_ERROR, .byte = 1, .bit = 7, .len = 4, .list = { 0, 1 } },
	{ "10: medium type", true, .reason = LIST_ERROR, .byte = 2, .bit = 7, .len = 8,
	  .list = { 0, 0, 1 } },
	{ "descriptor as sensed", .v = { .tas = true }, .len = 12,
	  .list = { 0, 0, 0, 8, DESCRIPTOR } },
	{ "descriptor, capacity left alone", .v = { .tas = true }, .len = 12,
	  .list = { 0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 2, 0 } },
	{ "descriptor, all blocks", .v = { .tas = true }, .len = 12,
	  .list = { 0, 0, 0, 8, 0xff, 0xff, 0xff, 0xff, 0, 0, 2, 0 } },
	{ "descriptor, other capacity", .reason = LIST_ERROR, .byte = 4, .bit = 7, .len = 12,
	  .list = { 0, 0, 0, 8, 0, 0, 0, 0x41, 0, 0, 2, 0 } },
	{ "descriptor, other block length", .reason = LIST_ERROR, .byte = 9, .bit = 7, .len = 12,
	  .list = { 0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0x10, 0 } },
	{ "descriptor cut", .reason = LENGTH_ERROR, .len = 11, .list = { 0, 0, 0, 8 } },
	{ "descriptor of other length", .reason = LIST_ERROR, .byte = 3, .bit = 7, .len = 20,
	  .list = { 0, 0, 0, 16 } },
	{ "10: long descriptor", true, .v = { .tas = true }, .len = 24,
	  .list = { 0, 0, 0, 0, 1, 0, 0, 16, 0, 0, 0, 0, 0, 0, 0, 0x40, 0, 0, 0, 0, 0, 0, 2, 0 } },
	{ "10: long descriptor, other block length", true, .reason = LIST_ERROR, .byte = 20,
	  .bit = 7, .len = 24,
	  .list = { 0, 0, 0, 0, 1, 0, 0, 16, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0 } },
	{ "10: descriptor length", true, .reason = LIST_ERROR, .byte = 6, .bit = 7, .len = 16,
	  .list = { 0, 0, 0, 0, 1, 0, 0, 8 } },
	{ "WCE on", .v = { .wce = true, .tas = true }, .len = 24,
	  .list = { 0, 0, 0, 0, PAGE_08(0x04, 0x20) } },
	{ "everything changed", .v = { .wce = true, .d_sense = true, .swp = true }, .len = 36,
	  .list = { 0, 0, 0, 0, PAGE_08(0x04, 0x20), PAGE_0A(0x06, 0x10, 0x08, 0) } },
	{ "10: all pages as sensed", true, .v = { .tas = true }, .len = 96,
	  .list = { 0, 0, 0, 0, 0, 0, 0, 0, PAGE_01, PAGE_08(0, 0x20),
		    PAGE_0A(0x02, 0x10, 0, 0x40), PAGE_0A01, PAGE_1C(0x08) } },
	{ "TST 001b, restricted reordering",
	  .v = { .tas = true, .per_nexus = true, .restricted = true }, .len = 16,
	  .list = { 0, 0, 0, 0, PAGE_0A(0x22, 0x00, 0, 0x40) } },
	{ "TST 010b", .reason = LIST_ERROR, .byte = 6, .bit = 6, .len = 16,
	  .list = { 0, 0, 0, 0, PAGE_0A(0x42, 0x10, 0, 0x40) } },
	{ "QUEUE ALGORITHM MODIFIER 2h", .reason = LIST_ERROR, .byte = 7, .bit = 5, .len = 16,
	  .list = { 0, 0, 0, 0, PAGE_0A(0x02, 0x20, 0, 0x40) } },
	{ "QERR 11b, UA_INTLCK_CTRL 10b", .v = { .tas = true, .qerr = 3, .intlck = 2 }, .len = 16,
	  .list = { 0, 0, 0, 0, PAGE_0A_AS_IT_IS(0x16, 0x20) } },
	{ "QERR 10b", .reason = LIST_ERROR, .byte = 7, .bit = 2, .len = 16,
	  .list = { 0, 0, 0, 0, PAGE_0A_AS_IT_IS(0x14, 0) } },
	{ "UA_INTLCK_CTRL 01b", .reason = LIST_ERROR, .byte = 8, .bit = 5, .len = 16,
	  .list = { 0, 0, 0, 0, PAGE_0A_AS_IT_IS(0x10, 0x10) } },
	{ "TEST, on request", .v = { .tas = true, .exceptions = { true, true, 6 } }, .len = 16,
	  .list = { 0, 0, 0, 0, 0x1c, 0x0a, 0x04, 0x06 } },
	{ "TEST and DEXCPT", .reason = LIST_ERROR, .byte = 6, .bit = 2, .len = 16,
	  .list = { 0, 0, 0, 0, 0x1c, 0x0a, 0x0c, 0x06 } },
	{ "MRIE 1", .reason = LIST_ERROR, .byte = 7, .bit = 3, .len = 16,
	  .list = { 0, 0, 0, 0, 0x1c, 0x0a, 0x00, 0x01 } },
	{ "INTERVAL TIMER", .reason = LIST_ERROR, .byte = 11, .bit = 0, .len = 16,
	  .list = { 0, 0, 0, 0, 0x1c, 0x0a, 0x08, 0, 0, 0, 0, 1 } },
	{ "RCD", .reason = LIST_ERROR, .byte = 6, .bit = 0, .len = 24,
	  .list = { 0, 0, 0, 0, PAGE_08(0x05, 0x20) } },
	{ "DRA off", .reason = LIST_ERROR, .byte = 16, .bit = 5, .len = 24,
	  .list = { 0, 0, 0, 0, PAGE_08(0x04, 0) } },
	{ "second page is bad", .reason = LIST_ERROR, .byte = 27, .bit = 5, .len = 36,
	  .list = { 0, 0, 0, 0, PAGE_08(0x04, 0x20), PAGE_0A(0x06, 0x30, 0x08, 0) } },
	{ "PS", .reason = LIST_ERROR, .byte = 4, .bit = 7, .len = 16,
	  .list = { 0, 0, 0, 0, 0x81, 0x0a } },
	{ "subpage that is not there", .reason = LIST_ERROR, .byte = 5, .bit = 7, .len = 16,
	  .list = { 0, 0, 0, 0, 0x48, 0x01 } },
	{ "SPF without subpage", .reason = LIST_ERROR, .byte = 5, .bit = 7, .len = 16,
	  .list = { 0, 0, 0, 0, 0x4a, 0x00 } },
	{ "subpage of other length", .reason = LIST_ERROR, .byte = 6, .bit = 7, .len = 36,
	  .list = { 0, 0, 0, 0, 0x4a, 0x01, 0, 0x1b } },
	{ "subpage cut", .reason = LENGTH_ERROR, .len = 35, .list = { 0, 0, 0, 0, PAGE_0A01 } },
	{ "subpage header cut", .reason = LENGTH_ERROR, .len = 7,
	  .list = { 0, 0, 0, 0, 0x4a, 0x01, 0 } },
	{ "SCSIP", .reason = LIST_ERROR, .byte = 8, .bit = 1, .len = 36,
	  .list = { 0, 0, 0, 0, 0x4a, 0x01, 0, 0x1c, 0x04 } },
	{ "unknown page", .reason = LIST_ERROR, .byte = 4, .bit = 5, .len = 16,
	  .list = { 0, 0, 0, 0, 0x02, 0x0a } },
	{ "page of other length", .reason = LIST_ERROR, .byte = 5, .bit = 7, .len = 16,
	  .list = { 0, 0, 0, 0, 0x01, 0x0b } },
	{ "page cut", .reason = LENGTH_ERROR, .len = 15, .list = { 0, 0, 0, 0, 0x01, 0x0a } },
	{ "page header cut", .reason = LENGTH_ERROR, .len = 5, .list = { 0, 0, 0, 0, 0x01 } },
};

static void mode_list_desc(const struct mode_list *c, char *desc)
{
	strscpy(desc, c->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(mode_list, mode_lists, mode_list_desc);

static void mode_check(struct kunit *test)
{
	const struct mode_list *c = test->param_value;
	struct scsi_fixture *f = test->priv;
	struct target_mode_values v;
	sense_reason_t why;

	target_mode_get(&v, &f->dev);
	why = target_mode_check(&f->cmd, &f->dev, c->list, c->len, c->ten, &v);
	KUNIT_EXPECT_EQ(test, (__force u32)why, c->reason);
	if (c->reason == LIST_ERROR) {
		fix_expect_field(test, &f->cmd, c->byte, c->bit);
		KUNIT_EXPECT_FALSE(test, f->cmd.field_flags & TARGET_FIELD_CDB);
	}
	if (!c->reason)
		KUNIT_EXPECT_EQ(test, memcmp(&v, &c->v, sizeof(v)), 0);
}

static const u8 mode_select_cdb[6] = { 0x15, 0x10, 0, 0, 36 };

/* Everything takes effect, everyone else hears of it, the one who asked does not. */
static void mode_select(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;
	static const u8 list[36] = {
		0, 0, 0, 0, PAGE_08(0x04, 0x20), PAGE_0A(0x26, 0x00, 0x08, 0)
	};
	struct target_itl other = { .dev = &f->dev, .lun = &f->lun };

	list_add(&other.lun_node, &f->lun.itls);
	memcpy(f->data, list, sizeof(list));
	fix_run_good(test, fix_cmd(f, mode_select_cdb));
	KUNIT_EXPECT_TRUE(test, f->dev.dev_attrib.emulate_write_cache);
	KUNIT_EXPECT_FALSE(test, f->dev.dev_attrib.emulate_tas);
	KUNIT_EXPECT_TRUE(test, f->dev.mode_d_sense);
	KUNIT_EXPECT_TRUE(test, f->dev.mode_swp);
	KUNIT_EXPECT_TRUE(test, f->dev.tasks.per_nexus);
	KUNIT_EXPECT_TRUE(test, f->dev.tasks.restricted);
	KUNIT_EXPECT_EQ(test, f->itl.ua_pending, 0UL);
	KUNIT_EXPECT_EQ(test, other.ua_pending, 1UL << TARGET_UA_MODE_CHANGED);
	KUNIT_EXPECT_EQ(test, f->flushes, 0);

	/* The same again changes nothing. */
	other.ua_pending = 0;
	fix_run_good(test, fix_cmd(f, mode_select_cdb));
	KUNIT_EXPECT_EQ(test, other.ua_pending, 0UL);
	list_del(&other.lun_node);
}

/* A bad second page: the first has not taken effect. */
static void mode_select_all_or_nothing(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;
	static const u8 list[36] = {
		0, 0, 0, 0, PAGE_08(0x04, 0x20), PAGE_0A(0x06, 0x30, 0x08, 0)
	};

	memcpy(f->data, list, sizeof(list));
	fix_run(test, fix_cmd(f, mode_select_cdb));
	KUNIT_EXPECT_EQ(test, f->cmd.scsi_status, 2);
	KUNIT_EXPECT_EQ(test, f->sense[12], 0x26);
	KUNIT_EXPECT_EQ(test, f->sense[17], 27);
	KUNIT_EXPECT_FALSE(test, f->dev.dev_attrib.emulate_write_cache);
	KUNIT_EXPECT_FALSE(test, f->dev.mode_swp);
}

/* Turning the cache off writes it. */
static void mode_select_cache_off(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;
	static const u8 list[36] = { 0, 0, 0, 0, PAGE_08(0, 0x20), PAGE_0A(0x02, 0x10, 0, 0x40) };

	f->dev.dev_attrib.emulate_write_cache = true;
	memcpy(f->data, list, sizeof(list));
	fix_run_good(test, fix_cmd(f, mode_select_cdb));
	KUNIT_EXPECT_FALSE(test, f->dev.dev_attrib.emulate_write_cache);
	KUNIT_EXPECT_EQ(test, f->flushes, 1);
}

static void mode_select_bits(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;
	static const u8 no_pf[6] = { 0x15 }, sp[6] = { 0x15, 0x11 };

	FIX_EXPECT_REASON(test, target_cdb_parse(fix_cmd(f, no_pf)), TCM_INVALID_CDB_FIELD);
	fix_expect_field(test, &f->cmd, 1, 4);
	FIX_EXPECT_REASON(test, target_cdb_parse(fix_cmd(f, sp)), TCM_INVALID_CDB_FIELD);
	fix_expect_field(test, &f->cmd, 1, 0);
}

/* A test exception is told as MRIE says. */
static void mode_exception(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;
	static const u8 cdb[6] = { 0x15, 0x10, 0, 0, 16 }, sense[6] = { 0x03, 0, 0, 0, 252 };
	static const u8 on_request[16] = { 0, 0, 0, 0, 0x1c, 0x0a, 0x04, 0x06 };
	static const u8 attention[16] = { 0, 0, 0, 0, 0x1c, 0x0a, 0x04, 0x02 };
	static const u8 log[10] = { 0x4d, 0, 0x6f, [8] = 255 };

	fix_run_good(test, fix_cmd(f, log));
	KUNIT_EXPECT_EQ(test, get_unaligned_be32(f->data + 8), 0x0000ffff);
	memcpy(f->data, on_request, sizeof(on_request));
	fix_run_good(test, fix_cmd(f, cdb));
	KUNIT_EXPECT_EQ(test, f->itl.ua_pending, 0UL);
	fix_run_good(test, fix_cmd(f, sense));
	KUNIT_EXPECT_EQ(test, f->data[2], NO_SENSE);
	KUNIT_EXPECT_EQ(test, get_unaligned_be16(f->data + 12), 0x5dff);
	fix_run_good(test, fix_cmd(f, log));
	KUNIT_EXPECT_EQ(test, get_unaligned_be32(f->data + 8), 0x5dffffff);
	memcpy(f->data, attention, sizeof(attention));
	fix_run_good(test, fix_cmd(f, cdb));
	KUNIT_EXPECT_EQ(test, f->itl.ua_pending, 1UL << TARGET_UA_EXCEPTION);
	fix_run_good(test, fix_cmd(f, sense));
	KUNIT_EXPECT_EQ(test, f->data[2], UNIT_ATTENTION);
	fix_run_good(test, fix_cmd(f, sense));
	KUNIT_EXPECT_EQ(test, get_unaligned_be16(f->data + 12), 0);
}

/* With UA_INTLCK_CTRL 11b a status that is no CHECK CONDITION is told of afterwards. */
static void mode_previous_status(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;
	static const u8 cdb[6] = { 0x00 };

	target_cmd_set_failure(fix_cmd(f, cdb), TCM_LUN_BUSY);
	KUNIT_EXPECT_EQ(test, f->itl.ua_pending, 0UL);
	f->dev.dev_attrib.emulate_ua_intlck_ctrl = TARGET_UA_INTLCK_CTRL_ESTABLISH_UA;
	target_cmd_set_failure(fix_cmd(f, cdb), TCM_LUN_BUSY);
	KUNIT_EXPECT_EQ(test, f->itl.ua_pending, 1UL << TARGET_UA_PREVIOUS_BUSY);
	target_cmd_set_failure(fix_cmd(f, cdb), TCM_OUT_OF_RESOURCES);
	target_cmd_set_failure(fix_cmd(f, cdb), TCM_RESERVATION_CONFLICT);
	KUNIT_EXPECT_EQ(test, f->itl.ua_pending, 1UL << TARGET_UA_PREVIOUS_BUSY |
			1UL << TARGET_UA_PREVIOUS_FULL | 1UL << TARGET_UA_PREVIOUS_CONFLICT);
}

/* What a reset sets back, and what it leaves to the administrator. */
static void mode_reset(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;

	f->dev.mode_swp = true;
	f->dev.mode_d_sense = true;
	f->dev.mode_qerr = 3;
	f->dev.exceptions = (struct target_exceptions){ true, true, 6 };
	f->dev.dev_attrib.emulate_tas = false;
	mutex_lock(&f->dev.lock);
	target_mode_reset(&f->dev);
	mutex_unlock(&f->dev.lock);
	KUNIT_EXPECT_FALSE(test, f->dev.mode_swp || f->dev.mode_d_sense || f->dev.mode_qerr);
	KUNIT_EXPECT_FALSE(test, f->dev.exceptions.enabled);
	KUNIT_EXPECT_FALSE(test, f->dev.dev_attrib.emulate_tas);
}

static struct kunit_case mode_cases[] = {
	KUNIT_CASE_PARAM(mode_sense, mode_sense_gen_params),
	KUNIT_CASE(mode_sense_large),
	KUNIT_CASE(mode_sense_write_cache),
	KUNIT_CASE(mode_sense_no_flush),
	KUNIT_CASE_PARAM(mode_sense_refused, mode_refused_gen_params),
	KUNIT_CASE_PARAM(mode_check, mode_list_gen_params),
	KUNIT_CASE(mode_select),
	KUNIT_CASE(mode_select_all_or_nothing),
	KUNIT_CASE(mode_select_cache_off),
	KUNIT_CASE(mode_select_bits),
	KUNIT_CASE(mode_exception),
	KUNIT_CASE(mode_previous_status),
	KUNIT_CASE(mode_reset),
	{ }
};

static struct kunit_suite mode_suite = {
	.name = "target_core_mode",
	.init = fix_init,
	.exit = fix_exit,
	.test_cases = mode_cases,
};
kunit_test_suite(mode_suite);
