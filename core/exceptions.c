// SPDX-License-Identifier: GPL-2.0-only
/*
 * Informational exceptions (SPC-6 5.10, 7.5.18).
 *
 * A unit made of software predicts no failure of its own.  TEST makes a false one,
 * by which an application proves that it would hear of a true one: with a unit
 * attention condition, on request, or in the log page only.
 */
#include <scsi/scsi_proto.h>
#include "exceptions.h"
#include "ua.h"

/* Informational exceptions control mode page: byte 2 and 3 */
#define EXCEPTIONS_DEXCPT	0x08
#define EXCEPTIONS_TEST		0x04
#define EXCEPTIONS_MRIE		0x0f

/* METHOD OF REPORTING INFORMATIONAL EXCEPTIONS */
enum exceptions_method {
	EXCEPTIONS_SILENT	= 0x0,
	EXCEPTIONS_ATTENTION	= 0x2,
	EXCEPTIONS_ON_REQUEST	= 0x6,
};

void target_exceptions_fill(u8 *p, const struct target_exceptions *v)
{
	if (!v->enabled)
		p[2] |= EXCEPTIONS_DEXCPT;
	if (v->test)
		p[2] |= EXCEPTIONS_TEST;
	p[3] |= v->method;
}

void target_exceptions_fill_changeable(u8 *p)
{
	p[2] |= EXCEPTIONS_DEXCPT | EXCEPTIONS_TEST;
	p[3] |= EXCEPTIONS_MRIE;
}

void target_exceptions_take(struct target_exceptions *v, const u8 *p)
{
	v->enabled = !(p[2] & EXCEPTIONS_DEXCPT);
	v->test = p[2] & EXCEPTIONS_TEST;
	v->method = p[3] & EXCEPTIONS_MRIE;
}

/* There is nothing to test while all are disabled. */
u8 target_exceptions_bad(const struct se_device *dev, const u8 *p, u8 *bit)
{
	if (p[2] & EXCEPTIONS_DEXCPT && p[2] & EXCEPTIONS_TEST) {
		*bit = 2;
		return 2;
	}
	switch (p[3] & EXCEPTIONS_MRIE) {
	case EXCEPTIONS_SILENT:
	case EXCEPTIONS_ATTENTION:
	case EXCEPTIONS_ON_REQUEST:
		return 0;
	default:
		*bit = 3;
		return 3;
	}
}

void target_exceptions_set(struct se_device *dev, const struct target_exceptions *v)
{
	lockdep_assert_held(&dev->lock);
	dev->exceptions = *v;
	if (target_exception_active(v) && v->method == EXCEPTIONS_ATTENTION)
		target_ua_set_all(dev, TARGET_UA_EXCEPTION, NULL);
}

bool target_exception_sense(struct target_sense *sense, const struct se_device *dev)
{
	const struct target_exceptions *v = &dev->exceptions;

	if (!target_exception_active(v) || v->method != EXCEPTIONS_ON_REQUEST)
		return false;
	*sense = (struct target_sense){
		.key = NO_SENSE,
		.asc = TARGET_EXCEPTION_FALSE >> 8,
		.ascq = TARGET_EXCEPTION_FALSE & 0xff,
	};
	return true;
}
