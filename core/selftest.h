/* SPDX-License-Identifier: GPL-2.0-only */
/* Self-tests (SPC-6 5.15): they read the medium. */
#ifndef TARGET_SELFTEST_H
#define TARGET_SELFTEST_H

#include "databuf.h"
#include "sense.h"

/* SELF-TEST CODE of SEND DIAGNOSTIC */
enum target_selftest_code {
	TARGET_SELFTEST_DEFAULT			= 0,	/* with SELFTEST */
	TARGET_SELFTEST_BACKGROUND_SHORT	= 1,
	TARGET_SELFTEST_BACKGROUND_EXTENDED	= 2,
	TARGET_SELFTEST_ABORT			= 4,
	TARGET_SELFTEST_FOREGROUND_SHORT	= 5,
	TARGET_SELFTEST_FOREGROUND_EXTENDED	= 6,
};

/**
 * target_selftest_execute - begin or abort a self-test
 * @cmd: a SEND DIAGNOSTIC command
 * @code: its SELF-TEST CODE
 *
 * Context: process. Return: as an execute function.
 */
sense_reason_t target_selftest_execute(struct se_cmd *cmd, enum target_selftest_code code);

/* A background self-test ends for another reason than SEND DIAGNOSTIC. Process context. */
void target_selftest_abort(struct se_device *dev);

/* What REQUEST SENSE says while one runs, with its progress; false if none does. */
bool target_selftest_sense(struct target_sense *sense, struct se_device *dev);

/* Value of a parameter of the log page; 1 is the newest. dev->lock held. */
void target_selftest_build(struct target_buf *b, const struct se_device *dev, unsigned int number);

/* How long an extended one will take, seconds; 65535 is that or more. */
u16 target_selftest_seconds(const struct se_device *dev);

#endif /* TARGET_SELFTEST_H */
