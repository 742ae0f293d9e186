/* SPDX-License-Identifier: GPL-2.0-only */
/* Informational exceptions (SPC-6 5.10, 7.5.18): there is one, the test. */
#ifndef TARGET_EXCEPTIONS_H
#define TARGET_EXCEPTIONS_H

#include "sense.h"

#define TARGET_EXCEPTION_FALSE	0x5dff	/* FAILURE PREDICTION THRESHOLD EXCEEDED (FALSE) */

static inline bool target_exception_active(const struct target_exceptions *v)
{
	return v->enabled && v->test;
}

/* The mode page behind its header, and back. */
void target_exceptions_fill(u8 *p, const struct target_exceptions *v);
void target_exceptions_fill_changeable(u8 *p);
void target_exceptions_take(struct target_exceptions *v, const u8 *p);

/* The byte of the mode page with a value that is not known, and its bit; 0 if there is none. */
u8 target_exceptions_bad(const struct se_device *dev, const u8 *p, u8 *bit);

/* New values; dev->lock held. They are reported as they say. */
void target_exceptions_set(struct se_device *dev, const struct target_exceptions *v);

/* What REQUEST SENSE says, if it is to be told only on request. */
bool target_exception_sense(struct target_sense *sense, const struct se_device *dev);

#endif /* TARGET_EXCEPTIONS_H */
