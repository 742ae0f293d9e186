/* SPDX-License-Identifier: GPL-2.0-only */
/* Attributes of a logical unit: defaults, limits, and what a new value must pass. */
#ifndef TARGET_ATTRIB_H
#define TARGET_ATTRIB_H

#include <target/target_core_base.h>

/* Also the INQUIRY strings that come from the backstore. Before anyone sees @dev. */
void target_attrib_set_defaults(struct se_device *dev);

/* Copy dev->limits, just filled in, to the attributes; dev->lock held. */
void target_attrib_from_limits(struct se_device *dev);

/* The same of limits.hw_prot_type alone. */
void target_attrib_take_prot(struct se_device *dev);

/*
 * The limits become others: so do the attributes that are as the old ones made them;
 * dev->lock held. Return: does INQUIRY say something else now?
 */
bool target_attrib_follow(struct se_device *dev, const struct target_limits *now);

/* A check's answer: take the value as written. */
#define TARGET_ATTRIB_TAKE	0
/* A check's answer: success, and nothing changes. */
#define TARGET_ATTRIB_IGNORE	1

/*
 * The checks of TARGET_DEV_ATTRIBS(); dev->lock is held. They return one of the
 * answers above or -errno. A check whose attribute stands for more than its field
 * makes the rest of the change itself once nothing can fail any more.
 */
int target_attrib_any(struct se_device *dev, u32 value);
int target_attrib_ignored(struct se_device *dev, u32 value);
int target_attrib_unexported(struct se_device *dev, u32 value);
int target_attrib_model_alias(struct se_device *dev, u32 value);
int target_attrib_write_cache(struct se_device *dev, u32 value);
int target_attrib_ua_intlck_ctrl(struct se_device *dev, u32 value);
int target_attrib_thin(struct se_device *dev, u32 value);
int target_attrib_thin_unexported(struct se_device *dev, u32 value);
int target_attrib_rest_reord(struct se_device *dev, u32 value);
int target_attrib_pi_prot_type(struct se_device *dev, u32 value);
int target_attrib_pi_prot_format(struct se_device *dev, u32 value);
int target_attrib_pi_prot_verify(struct se_device *dev, u32 value);
int target_attrib_block_size(struct se_device *dev, u32 value);
int target_attrib_phys_block_size(struct se_device *dev, u32 value);
int target_attrib_optimal_sectors(struct se_device *dev, u32 value);
int target_attrib_queue_depth(struct se_device *dev, u32 value);
int target_attrib_alua_support(struct se_device *dev, u32 value);
int target_attrib_pr(struct se_device *dev, u32 value);
int target_attrib_pgr_support(struct se_device *dev, u32 value);
int target_attrib_submit_type(struct se_device *dev, u32 value);
int target_attrib_complete_type(struct se_device *dev, u32 value);
int target_attrib_removable(struct se_device *dev, u32 value);

#endif /* TARGET_ATTRIB_H */
