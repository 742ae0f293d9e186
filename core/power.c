// SPDX-License-Identifier: GPL-2.0-only
/*
 * Power conditions (SPC-6 5.14, SBC-5 4.20), and loading and removing the medium.
 *
 * START STOP UNIT chooses the condition: there are no timers.  Idle and standby
 * end when a command wants the medium; stopped ends by command only.  A unit that
 * is unloaded is stopped and has no medium.
 *
 * Commands change the condition under dev->lock; the gate, in any context, only
 * from idle or standby to active, by cmpxchg.
 */
#include <scsi/scsi_proto.h>
#include "cdb.h"
#include "cmd.h"
#include "itl.h"
#include "medium.h"
#include "power.h"
#include "sbc.h"
#include "selftest.h"
#include "ua.h"

/* START STOP UNIT bytes 1, 3 and 4 */
#define START_IMMED		0x01
#define START_MODIFIER		0x0f
#define START_NO_FLUSH		0x04
#define START_LOEJ		0x02
#define START_START		0x01
#define START_VALID		0x0	/* POWER CONDITION: START and LOEJ mean something */
#define START_LU_CONTROL	0x7
#define PREVENT_FIELD		0x03	/* PREVENT ALLOW MEDIUM REMOVAL byte 4 */
#define PREVENT_REMOVAL		0x01

/* POWER CONDITION and the first POWER CONDITION MODIFIERs of it (SBC-5 5.31) */
static const struct {
	u8			condition;
	u8			modifiers;
	enum target_power	first;
} power_conditions[] = {
	{ 0x1, 1, TARGET_POWER_ACTIVE },
	{ 0x2, 3, TARGET_POWER_IDLE_A },
	{ 0x3, 2, TARGET_POWER_STANDBY_Z },
};

/* NO SENSE, LOW POWER CONDITION ON and its like */
static const u8 power_ascq[TARGET_POWER_COUNT] = {
	[TARGET_POWER_IDLE_A]		= 0x03,
	[TARGET_POWER_IDLE_B]		= 0x06,
	[TARGET_POWER_IDLE_C]		= 0x08,
	[TARGET_POWER_STANDBY_Z]	= 0x04,
	[TARGET_POWER_STANDBY_Y]	= 0x0a,
};

static void power_count(struct se_device *dev, enum target_power to)
{
	atomic_add_unless(&dev->power_entered[to], 1, -1);
}

void target_power_set(struct se_device *dev, enum target_power to)
{
	int from = atomic_read(&dev->power);

	while (!atomic_try_cmpxchg(&dev->power, &from, (from & ~TARGET_POWER_MASK) | to))
		;
	if ((from & TARGET_POWER_MASK) != to)
		power_count(dev, to);
}

sense_reason_t target_power_gate(struct se_cmd *cmd)
{
	struct se_device *dev = cmd->se_dev;
	int from = atomic_read(&dev->power);

	/* But for INQUIRY, REPORT LUNS and REQUEST SENSE (SPC-6 5.15.4.2) */
	if (from & TARGET_BUSY_SELF_TEST && !(cmd->op->gates & TARGET_GATE_NO_LUN))
		return TCM_SELF_TEST_IN_PROGRESS;
	if (from & TARGET_MEDIUM_STATES) {
		sense_reason_t why = target_medium_gate(cmd, from);

		if (why)
			return why;
	}
	if (!(cmd->op->gates & (TARGET_GATE_READY | TARGET_GATE_PRESENT)))
		return TCM_NO_SENSE;
	switch (from & TARGET_POWER_MASK) {
	case TARGET_POWER_UNLOADED:
		return TCM_MEDIUM_NOT_PRESENT;
	case TARGET_POWER_STOPPED:
		return cmd->op->gates & TARGET_GATE_READY ? TCM_NOT_READY_STOPPED : TCM_NO_SENSE;
	case TARGET_POWER_ACTIVE:
		return TCM_NO_SENSE;
	default:
		if (cmd->op->gates & TARGET_GATE_MEDIUM &&
		    atomic_cmpxchg(&dev->power, from, from & ~TARGET_POWER_MASK) == from)
			power_count(dev, TARGET_POWER_ACTIVE);
		return TCM_NO_SENSE;
	}
}

bool target_power_sense(struct target_sense *sense, const struct se_device *dev)
{
	enum target_power now = target_power_of(dev);

	switch (now) {
	case TARGET_POWER_ACTIVE:
		return false;
	case TARGET_POWER_UNLOADED:
		target_sense_init(sense, TCM_MEDIUM_NOT_PRESENT);
		return true;
	case TARGET_POWER_STOPPED:
		target_sense_init(sense, TCM_NOT_READY_STOPPED);
		return true;
	default:
		*sense = (struct target_sense){
			.key = NO_SENSE, .asc = 0x5e, .ascq = power_ascq[now],
		};
		return true;
	}
}

/* --- PREVENT ALLOW MEDIUM REMOVAL -------------------------------------------------------- */

static void power_find_prevention(struct target_itl *itl, void *any)
{
	*(bool *)any |= READ_ONCE(itl->prevents_removal);
}

static void power_allow(struct target_itl *itl, void *data)
{
	WRITE_ONCE(itl->prevents_removal, false);
}

static bool power_removal_prevented(struct se_device *dev)
{
	bool any = false;

	target_itl_for_each(dev, power_find_prevention, &any);
	return any;
}

sense_reason_t target_power_parse_prevent(struct se_cmd *cmd)
{
	/* 10b and 11b are of media changers. */
	if ((cmd->t_task_cdb[4] & PREVENT_FIELD) > PREVENT_REMOVAL)
		return target_fail_cdb_field(cmd, 4, 1);
	return target_cdb_set_length(cmd, 0);
}

/* SBC-5 5.17: each nexus for itself; the medium is free when none prevents its removal. */
sense_reason_t target_power_prevent(struct se_cmd *cmd)
{
	bool prevent = cmd->t_task_cdb[4] & PREVENT_REMOVAL;

	WRITE_ONCE(cmd->itl->prevents_removal, prevent);
	target_cmd_done(cmd, TCM_NO_SENSE);
	return TCM_NO_SENSE;
}

void target_power_reset(struct se_device *dev)
{
	lockdep_assert_held(&dev->lock);
	target_itl_for_each(dev, power_allow, NULL);
	if (target_power_of(dev) != TARGET_POWER_UNLOADED)
		target_power_set(dev, TARGET_POWER_ACTIVE);
}

/* --- START STOP UNIT --------------------------------------------------------------------- */

sense_reason_t target_power_parse_start_stop(struct se_cmd *cmd)
{
	const u8 *cdb = cmd->t_task_cdb;
	u8 condition = cdb[4] >> 4, modifier = cdb[3] & START_MODIFIER, modifiers = 1;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(power_conditions); i++)
		if (power_conditions[i].condition == condition)
			break;
	if (i < ARRAY_SIZE(power_conditions))
		modifiers = power_conditions[i].modifiers;
	else if (condition != START_VALID && condition != START_LU_CONTROL)
		return target_fail_cdb_field(cmd, 4, 7);
	if (modifier >= modifiers)
		return target_fail_cdb_field(cmd, 3, 3);
	if (condition == START_VALID && cdb[4] & START_LOEJ &&
	    !cmd->se_dev->dev_attrib.removable)
		return target_fail_cdb_field(cmd, 4, 1);
	return target_cdb_set_length(cmd, 0);
}

/* START and LOEJ. @to is set to what the unit shall be. */
static sense_reason_t power_start(struct se_cmd *cmd, u8 bits, enum target_power *to)
{
	struct se_device *dev = cmd->se_dev;
	bool loaded = *to != TARGET_POWER_UNLOADED;

	if (!(bits & START_LOEJ)) {
		if (!loaded)
			return bits & START_START ? TCM_MEDIUM_NOT_PRESENT : TCM_NO_SENSE;
		*to = bits & START_START ? TARGET_POWER_ACTIVE : TARGET_POWER_STOPPED;
		return TCM_NO_SENSE;
	}
	if (power_removal_prevented(dev))
		return TCM_MEDIUM_REMOVAL_PREVENTED;
	*to = bits & START_START ? TARGET_POWER_ACTIVE : TARGET_POWER_UNLOADED;
	if (bits & START_START && !loaded)
		target_ua_set_all(dev, TARGET_UA_MEDIUM_CHANGED, cmd->itl);
	return TCM_NO_SENSE;
}

/* A condition by its number; LU_CONTROL, which has none, changes nothing. */
static sense_reason_t power_choose(const u8 *cdb, enum target_power *to)
{
	u8 modifier = cdb[3] & START_MODIFIER;
	unsigned int i;

	if (*to == TARGET_POWER_UNLOADED)
		return TCM_MEDIUM_NOT_PRESENT;
	for (i = 0; i < ARRAY_SIZE(power_conditions); i++)
		if (power_conditions[i].condition == cdb[4] >> 4)
			*to = power_conditions[i].first + modifier;
	return TCM_NO_SENSE;
}

static sense_reason_t power_change(struct se_cmd *cmd, enum target_power *to)
{
	struct se_device *dev = cmd->se_dev;
	const u8 *cdb = cmd->t_task_cdb;
	sense_reason_t why;

	guard(mutex)(&dev->lock);
	*to = target_power_of(dev);
	if (cdb[4] >> 4 == START_VALID)
		why = power_start(cmd, cdb[4], to);
	else
		why = power_choose(cdb, to);
	if (!why)
		target_power_set(dev, *to);
	return why;
}

/* With IMMED after the status, if there is memory for it. */
static sense_reason_t power_flush(struct se_cmd *cmd)
{
	bool later = cmd->t_task_cdb[1] & START_IMMED && cmd->se_dev->transport->flush;

	if (later && !target_sbc_flush_later(cmd))
		return TCM_NO_SENSE;
	return target_sbc_flush(cmd, 0, 0);
}

/* SBC-5 5.31: a unit whose medium cannot be reached any more writes its cache, after that */
sense_reason_t target_power_start_stop(struct se_cmd *cmd)
{
	enum target_power to;
	sense_reason_t why = power_change(cmd, &to);

	if (why)
		return why;
	if (to >= TARGET_POWER_STOPPED)
		target_selftest_abort(cmd->se_dev);
	if (to >= TARGET_POWER_STANDBY_Z && !(cmd->t_task_cdb[4] & START_NO_FLUSH))
		return power_flush(cmd);
	target_cmd_done(cmd, TCM_NO_SENSE);
	return TCM_NO_SENSE;
}
