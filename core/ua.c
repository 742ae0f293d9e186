// SPDX-License-Identifier: GPL-2.0-only
#include <linux/bitops.h>
#include <linux/seq_file.h>
#include <scsi/scsi_status.h>
#include "itl.h"
#include "threshold.h"
#include "ua.h"

static const struct target_ua_code ua_codes[TARGET_UA_COUNT] = {
#define UA_CODES(name, asc_, ascq_)	[TARGET_UA_##name] = { .asc = (asc_), .ascq = (ascq_) },
	TARGET_UAS(UA_CODES)
};

static void ua_get_code(enum target_ua ua, struct target_ua_code *code)
{
	*code = ua_codes[ua];
	if (ua == TARGET_UA_AVAILABLE_LOW)
		code->info = target_threshold_offset(TARGET_THRESHOLD_AVAILABLE);
	else if (ua == TARGET_UA_USED_HIGH)
		code->info = target_threshold_offset(TARGET_THRESHOLD_USED);
}

#define UA_CONDITIONS	GENMASK(TARGET_UA_COUNT - 1, 0)

void target_ua_set(struct target_itl *itl, enum target_ua ua)
{
	set_bit(ua, &itl->ua_pending);
}

struct ua_for_all {
	enum target_ua			ua;
	const struct target_itl		*except;
};

static void ua_set_one(struct target_itl *itl, void *data)
{
	const struct ua_for_all *all = data;

	if (itl != all->except)
		target_ua_set(itl, all->ua);
}

void target_ua_set_all(struct se_device *dev, enum target_ua ua, const struct target_itl *except)
{
	struct ua_for_all all = { .ua = ua, .except = except };

	target_itl_for_each(dev, ua_set_one, &all);
}

void target_ua_set_lun(struct se_lun *lun, enum target_ua ua)
{
	struct target_itl *itl;

	guard(spinlock_irqsave)(&lun->itl_lock);
	list_for_each_entry(itl, &lun->itls, lun_node)
		target_ua_set(itl, ua);
}

void target_ua_set_previous(struct se_cmd *cmd)
{
	if (!cmd->itl ||
	    cmd->itl->dev->dev_attrib.emulate_ua_intlck_ctrl != TARGET_UA_INTLCK_CTRL_ESTABLISH_UA)
		return;
	switch (cmd->scsi_status) {
	case SAM_STAT_BUSY:
		target_ua_set(cmd->itl, TARGET_UA_PREVIOUS_BUSY);
		break;
	case SAM_STAT_TASK_SET_FULL:
		target_ua_set(cmd->itl, TARGET_UA_PREVIOUS_FULL);
		break;
	case SAM_STAT_RESERVATION_CONFLICT:
		target_ua_set(cmd->itl, TARGET_UA_PREVIOUS_CONFLICT);
		break;
	}
}

void target_ua_clear(struct target_itl *itl, enum target_ua ua)
{
	/* Nearly always clear already: then its line is not taken from others. */
	if (test_bit(ua, &itl->ua_pending))
		clear_bit(ua, &itl->ua_pending);
}

bool target_ua_take(struct target_itl *itl, struct target_ua_code *code)
{
	for (;;) {
		unsigned long pending = READ_ONCE(itl->ua_pending) & UA_CONDITIONS;
		unsigned int ua;

		if (!pending)
			return false;
		ua = __ffs(pending);
		if (!test_and_clear_bit(ua, &itl->ua_pending))
			continue;	/* another command has taken it */
		ua_get_code(ua, code);
		return true;
	}
}

bool target_ua_peek(const struct target_itl *itl, struct target_ua_code *code)
{
	unsigned long pending = READ_ONCE(itl->ua_pending) & UA_CONDITIONS;

	if (!pending)
		return false;
	ua_get_code(__ffs(pending), code);
	return true;
}

unsigned int target_ua_count(const struct target_itl *itl)
{
	return hweight_long(READ_ONCE(itl->ua_pending) & UA_CONDITIONS);
}

void target_ua_show(struct seq_file *m, const struct target_itl *itl)
{
	unsigned long pending = READ_ONCE(itl->ua_pending) & UA_CONDITIONS;
	unsigned int ua;

	for_each_set_bit(ua, &pending, TARGET_UA_COUNT)
		seq_printf(m, " %02x/%02x", ua_codes[ua].asc, ua_codes[ua].ascq);
}
