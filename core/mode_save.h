/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Saved mode pages: a file for each unit in the directory "mode" below dbroot.
 *
 * Who lets initiators write files there makes the directory; without it, and
 * without a serial number, which tells this unit from the next of its name, a unit
 * saves nothing and says so (PS is 0).
 */
#ifndef TARGET_MODE_SAVE_H
#define TARGET_MODE_SAVE_H

#include "mode.h"

/**
 * struct target_mode_saved - what a unit that can save has saved
 * @valid: something has been
 * @values: that; the defaults otherwise are what is saved
 * @saving: what MODE SELECT is about to save
 * @serial: of the unit as it was looked up
 *
 * Stays as long as the unit once it is there. dev->lock protects all.
 */
struct target_mode_saved {
	bool				valid;
	struct target_mode_values	values;
	struct target_mode_values	saving;
	char				serial[INQUIRY_VPD_SERIAL_LEN];
};

static inline bool target_mode_saves(const struct se_device *dev)
{
	return READ_ONCE(dev->mode_saved);
}

/**
 * target_mode_load - power on: saved values become current
 * @dev: configured, about to be exported
 *
 * Once; again only after the serial number has changed. A file that cannot be read or is
 * not this unit's is as good as none, and a notice says so. May sleep; no lock held.
 */
void target_mode_load(struct se_device *dev);

struct target_mode_save;

/**
 * target_mode_save_begin - MODE SELECT with SP: prepare to save
 * @cmd: the command
 * @was: the values as they were checked against
 * @v: those to save and then to commit
 * @save: set to what target_mode_save_go() wants
 *
 * dev->lock is held. Return: %TCM_NO_SENSE, or %TCM_LUN_BUSY, and so on.
 */
sense_reason_t target_mode_save_begin(struct se_cmd *cmd, const struct target_mode_values *was,
				      const struct target_mode_values *v,
				      struct target_mode_save **save);

/*
 * Save, commit and end the command; or end it with an error after a while, or when
 * it was aborted, with nothing committed. No lock held.
 */
void target_mode_save_go(struct target_mode_save *save);

/* Is a MODE SELECT about to commit what it saves? dev->lock is held. */
bool target_mode_save_pending(const struct se_device *dev);

#endif /* TARGET_MODE_SAVE_H */
