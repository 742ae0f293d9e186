// SPDX-License-Identifier: GPL-2.0-only
/* Power conditions, loading and removing the medium, and who may not. */
#include <linux/unaligned.h>
#include "power.h"
#include "scsi_fixture.h"

static const u8 power_read[10] = { 0x28, [8] = 1 };
static const u8 power_tur[6] = { 0x00 };

static void power_start_stop(struct kunit *test, u8 modifier, u8 bits)
{
	struct scsi_fixture *f = test->priv;
	const u8 cdb[6] = { 0x1b, 0, 0, modifier, bits };

	fix_run(test, fix_cmd(f, cdb));
}

/* Sense code of a command that fails, 0 if it does not. */
static u16 power_sense_of(struct kunit *test, const u8 *cdb)
{
	struct scsi_fixture *f = test->priv;

	fix_run(test, fix_cmd(f, cdb));
	return f->cmd.scsi_status ? get_unaligned_be16(f->sense + 12) : 0;
}

static const struct power_case {
	const char		*name;
	u8			modifier;
	u8			bits;
	enum target_power	to;
	u8			flushes;
	u16			ascq;		/* REQUEST SENSE */
	u16			tur;		/* TEST UNIT READY */
	u16			read;		/* READ */
	u16			capacity;	/* READ CAPACITY */
} power_cases[] = {
	{ "START", 0, 0x01, TARGET_POWER_ACTIVE },
	{ "STOP", 0, 0x00, TARGET_POWER_STOPPED, 1, 0x0402, 0x0402, 0x0402 },
	{ "STOP, NO_FLUSH", 0, 0x04, TARGET_POWER_STOPPED, 0, 0x0402, 0x0402, 0x0402 },
	{ "unload", 0, 0x02, TARGET_POWER_UNLOADED, 1, 0x3a00, 0x3a00, 0x3a00, 0x3a00 },
	{ "load", 0, 0x03, TARGET_POWER_ACTIVE },
	{ "ACTIVE", 0, 0x10, TARGET_POWER_ACTIVE },
	{ "IDLE_A", 0, 0x20, TARGET_POWER_IDLE_A, 0, 0x5e03 },
	{ "IDLE_B", 1, 0x20, TARGET_POWER_IDLE_B, 0, 0x5e06 },
	{ "IDLE_C", 2, 0x20, TARGET_POWER_IDLE_C, 0, 0x5e08 },
	{ "STANDBY_Z", 0, 0x30, TARGET_POWER_STANDBY_Z, 1, 0x5e04 },
	{ "STANDBY_Y", 1, 0x30, TARGET_POWER_STANDBY_Y, 1, 0x5e0a },
	{ "STANDBY_Z, NO_FLUSH", 0, 0x34, TARGET_POWER_STANDBY_Z, 0, 0x5e04 },
	{ "IDLE_A, START and LOEJ ignored", 0, 0x23, TARGET_POWER_IDLE_A, 0, 0x5e03 },
	{ "LU_CONTROL", 0, 0x70, TARGET_POWER_ACTIVE },
};

static void power_case_desc(const struct power_case *c, char *desc)
{
	strscpy(desc, c->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(power, power_cases, power_case_desc);

static void power_condition(struct kunit *test)
{
	const struct power_case *c = test->param_value;
	struct scsi_fixture *f = test->priv;
	static const u8 sense[6] = { 0x03, 0, 0, 0, 252 };
	static const u8 capacity[10] = { 0x25 };

	f->dev.dev_attrib.removable = true;
	power_start_stop(test, c->modifier, c->bits);
	KUNIT_EXPECT_EQ(test, f->cmd.scsi_status, 0);
	KUNIT_EXPECT_EQ(test, (int)target_power_of(&f->dev), (int)c->to);
	KUNIT_EXPECT_EQ(test, f->flushes, c->flushes);
	fix_run_good(test, fix_cmd(f, sense));
	KUNIT_EXPECT_EQ(test, get_unaligned_be16(f->data + 12), c->ascq);
	KUNIT_EXPECT_EQ(test, power_sense_of(test, power_tur), c->tur);
	KUNIT_EXPECT_EQ(test, power_sense_of(test, capacity), c->capacity);
	KUNIT_EXPECT_EQ(test, (int)target_power_of(&f->dev), (int)c->to);
	KUNIT_EXPECT_EQ(test, power_sense_of(test, power_read), c->read);
	/* A command that wants the medium ends idle and standby. */
	KUNIT_EXPECT_EQ(test, (int)target_power_of(&f->dev),
			c->read ? (int)c->to : TARGET_POWER_ACTIVE);
}

static const struct power_refused {
	const char	*name;
	u8		modifier;
	u8		bits;
	u8		byte;
	u8		bit;
} power_refusals[] = {
	{ "modifier of START_VALID", 1, 0x01, 3, 3 },
	{ "modifier of ACTIVE", 1, 0x10, 3, 3 },
	{ "modifier of IDLE", 3, 0x20, 3, 3 },
	{ "modifier of STANDBY", 2, 0x30, 3, 3 },
	{ "reserved condition", 0, 0x40, 4, 7 },
	{ "FORCE_IDLE_0 without timers", 0, 0xa0, 4, 7 },
	{ "FORCE_STANDBY_0 without timers", 0, 0xb0, 4, 7 },
	{ "LOEJ, not removable", 0, 0x03, 4, 1 },
	{ "eject, not removable", 0, 0x02, 4, 1 },
};

static void power_refused_desc(const struct power_refused *c, char *desc)
{
	strscpy(desc, c->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(power_refused, power_refusals, power_refused_desc);

static void power_condition_refused(struct kunit *test)
{
	const struct power_refused *c = test->param_value;
	struct scsi_fixture *f = test->priv;
	const u8 cdb[6] = { 0x1b, 0, 0, c->modifier, c->bits };

	FIX_EXPECT_REASON(test, target_cdb_parse(fix_cmd(f, cdb)), TCM_INVALID_CDB_FIELD);
	fix_expect_field(test, &f->cmd, c->byte, c->bit);
	f->dev.dev_attrib.strict_cdb = false;
	FIX_EXPECT_REASON(test, target_cdb_parse(fix_cmd(f, cdb)), TCM_INVALID_CDB_FIELD);
}

/* Out, and everything that needs it in; back, and everyone else hears of it. */
static void power_no_medium(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;
	struct target_itl other = { .dev = &f->dev, .lun = &f->lun };
	static const u8 start[6] = { 0x1b, 0, 0, 0, 0x01 }, idle[6] = { 0x1b, 0, 0, 0, 0x20 };

	f->dev.dev_attrib.removable = true;
	list_add(&other.lun_node, &f->lun.itls);
	power_start_stop(test, 0, 0x02);
	KUNIT_EXPECT_EQ(test, power_sense_of(test, start), 0x3a00);
	KUNIT_EXPECT_EQ(test, power_sense_of(test, idle), 0x3a00);
	power_start_stop(test, 0, 0x00);
	KUNIT_EXPECT_EQ(test, f->cmd.scsi_status, 0);
	KUNIT_EXPECT_EQ(test, (int)target_power_of(&f->dev), TARGET_POWER_UNLOADED);
	mutex_lock(&f->dev.lock);
	target_power_reset(&f->dev);
	mutex_unlock(&f->dev.lock);
	KUNIT_EXPECT_EQ(test, (int)target_power_of(&f->dev), TARGET_POWER_UNLOADED);
	KUNIT_EXPECT_EQ(test, other.ua_pending, 0UL);
	power_start_stop(test, 0, 0x03);
	KUNIT_EXPECT_EQ(test, power_sense_of(test, power_read), 0);
	KUNIT_EXPECT_EQ(test, other.ua_pending, 1UL << TARGET_UA_MEDIUM_CHANGED);
	KUNIT_EXPECT_EQ(test, f->itl.ua_pending, 0UL);
	list_del(&other.lun_node);
}

static void power_prevent(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;
	static const u8 prevent[6] = { 0x1e, 0, 0, 0, 0x01 }, allow[6] = { 0x1e };
	static const u8 changer[6] = { 0x1e, 0, 0, 0, 0x02 };
	static const u8 eject[6] = { 0x1b, 0, 0, 0, 0x02 }, load[6] = { 0x1b, 0, 0, 0, 0x03 };
	struct target_itl other = { .dev = &f->dev, .lun = &f->lun };

	FIX_EXPECT_REASON(test, target_cdb_parse(fix_cmd(f, allow)), TCM_UNSUPPORTED_SCSI_OPCODE);
	f->dev.dev_attrib.removable = true;
	FIX_EXPECT_REASON(test, target_cdb_parse(fix_cmd(f, changer)), TCM_INVALID_CDB_FIELD);
	fix_expect_field(test, &f->cmd, 4, 1);
	list_add(&other.lun_node, &f->lun.itls);
	fix_run_good(test, fix_cmd(f, prevent));
	KUNIT_EXPECT_EQ(test, power_sense_of(test, eject), 0x5302);
	KUNIT_EXPECT_EQ(test, power_sense_of(test, power_read), 0);
	/* Someone else prevents it, too. */
	other.prevents_removal = true;
	fix_run_good(test, fix_cmd(f, allow));
	KUNIT_EXPECT_EQ(test, power_sense_of(test, eject), 0x5302);
	/* A reset makes both forget. */
	fix_run_good(test, fix_cmd(f, prevent));
	mutex_lock(&f->dev.lock);
	target_power_reset(&f->dev);
	mutex_unlock(&f->dev.lock);
	KUNIT_EXPECT_FALSE(test, f->itl.prevents_removal || other.prevents_removal);
	KUNIT_EXPECT_EQ(test, power_sense_of(test, eject), 0);
	fix_run_good(test, fix_cmd(f, prevent));
	KUNIT_EXPECT_EQ(test, power_sense_of(test, load), 0x5302);
	list_del(&other.lun_node);
}

/* Each condition is counted when it is entered, not when it is asked for again. */
static void power_counts(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;

	power_start_stop(test, 0, 0x20);
	power_start_stop(test, 0, 0x20);
	power_start_stop(test, 1, 0x20);
	KUNIT_EXPECT_EQ(test, power_sense_of(test, power_read), 0);
	power_start_stop(test, 0, 0x00);
	power_start_stop(test, 0, 0x01);
	KUNIT_EXPECT_EQ(test, target_power_entered(&f->dev, TARGET_POWER_IDLE_A), 1U);
	KUNIT_EXPECT_EQ(test, target_power_entered(&f->dev, TARGET_POWER_IDLE_B), 1U);
	KUNIT_EXPECT_EQ(test, target_power_entered(&f->dev, TARGET_POWER_STOPPED), 1U);
	KUNIT_EXPECT_EQ(test, target_power_entered(&f->dev, TARGET_POWER_ACTIVE), 2U);
	atomic_set(&f->dev.power_entered[TARGET_POWER_STOPPED], -1);
	power_start_stop(test, 0, 0x00);
	KUNIT_EXPECT_EQ(test, target_power_entered(&f->dev, TARGET_POWER_STOPPED), U32_MAX);
}

/* IMMED: the flush may fail after the status, and the next command tells. */
static int power_failing_flush(struct target_io *io)
{
	target_io_done(io, TCM_WRITE_ERROR);
	return 0;
}

static void power_immediate(struct kunit *test)
{
	struct scsi_fixture *f = test->priv;
	static const u8 stop[6] = { 0x1b, 0x01 }, stop_and_wait[6] = { 0x1b };

	fix_run_good(test, fix_cmd(f, stop));
	KUNIT_EXPECT_EQ(test, f->flushes, 1);
	f->backend.flush = power_failing_flush;
	fix_run_good(test, fix_cmd(f, stop));
	KUNIT_EXPECT_EQ(test, power_sense_of(test, power_tur), 0x0c00);
	KUNIT_EXPECT_EQ(test, power_sense_of(test, power_tur), 0x0402);
	KUNIT_EXPECT_EQ(test, power_sense_of(test, stop_and_wait), 0x0c00);
}

static struct kunit_case power_suite_cases[] = {
	KUNIT_CASE_PARAM(power_condition, power_gen_params),
	KUNIT_CASE_PARAM(power_condition_refused, power_refused_gen_params),
	KUNIT_CASE(power_no_medium),
	KUNIT_CASE(power_prevent),
	KUNIT_CASE(power_counts),
	KUNIT_CASE(power_immediate),
	{ }
};

static struct kunit_suite power_suite = {
	.name = "target_core_power",
	.init = fix_init,
	.exit = fix_exit,
	.test_cases = power_suite_cases,
};
kunit_test_suite(power_suite);
