/* SPDX-License-Identifier: GPL-2.0-only */
/* Logical block provisioning thresholds (SBC-5 4.7.3.7, 6.5.9). */
#ifndef TARGET_THRESHOLD_H
#define TARGET_THRESHOLD_H

#include <target/target_core_backend.h>

/* The mode page: header, then a descriptor for each threshold. */
#define TARGET_THRESHOLD_HEADER_LEN	16
#define TARGET_THRESHOLD_DESC_LEN	8
#define TARGET_THRESHOLD_PAGE_LEN	(TARGET_THRESHOLD_HEADER_LEN + \
					 TARGET_THRESHOLDS * TARGET_THRESHOLD_DESC_LEN)

static inline u8 target_threshold_offset(enum target_threshold_id id)
{
	return TARGET_THRESHOLD_HEADER_LEN + id * TARGET_THRESHOLD_DESC_LEN;
}

/**
 * struct target_threshold_values - what MODE SELECT can change
 * @count: THRESHOLD COUNT, threshold sets
 * @enabled: ENABLED
 * @lbpere: LBPERE of page 01h: there are notifications
 */
struct target_threshold_values {
	u32	count[TARGET_THRESHOLDS];
	bool	enabled[TARGET_THRESHOLDS];
	bool	lbpere;
};

void target_thresholds_init(struct se_device *dev);

/* Thin, and the backstore tells of its space. */
bool target_threshold_supported(const struct se_device *dev);

/* THRESHOLD EXPONENT: log2 of the blocks of a threshold set; 0 without thresholds. */
u8 target_threshold_exponent(const struct se_device *dev);

/**
 * target_threshold_counts - how many threshold sets are used, and how many are left?
 * @dev: the logical unit
 * @used: Used LBA Mapping Resource Count, rounded up
 * @available: Available LBA Mapping Resource Count, rounded down
 *
 * For log page 0Ch. Context: any.
 * Return: false if nobody knows.
 */
bool target_threshold_counts(struct se_device *dev, u32 *used, u32 *available);

/* The values now, which all are zero by default, and ones where they can change. */
void target_threshold_get(struct target_threshold_values *v, const struct se_device *dev);
void target_threshold_get_changeable(struct target_threshold_values *v);

/* New values; dev->lock is held. A threshold that is crossed already is told at once. */
void target_threshold_set(struct se_device *dev, const struct target_threshold_values *v);

/* The mode page behind its header. @changeable: ones where something can change. */
void target_threshold_fill(u8 *p, const struct target_threshold_values *v, bool changeable);
void target_threshold_take(struct target_threshold_values *v, const u8 *p);

#endif /* TARGET_THRESHOLD_H */
