/* SPDX-License-Identifier: GPL-2.0-only */
/* What goes on in a logical unit after the command that began it has ended. */
#ifndef TARGET_BACKGROUND_H
#define TARGET_BACKGROUND_H

#include <target/target_core_base.h>

/**
 * target_background_begin - something begins that outlives its command
 * @dev: the unit; a command is in flight, so that it stays until this returns
 *
 * The last LUN of the unit is not gone before target_background_end().
 * Context: any.
 */
void target_background_begin(struct se_device *dev);

/* It has ended; the unit may be gone on return. Context: any. */
void target_background_end(struct se_device *dev);

/* Asked often enough that nobody waits long: shall it end? */
static inline bool target_background_stops(const struct se_device *dev)
{
	return READ_ONCE(dev->background_stops);
}

/* The last LUN goes: wait until everything has ended. May sleep; no lock held. */
void target_background_stop(struct se_device *dev);

#endif /* TARGET_BACKGROUND_H */
