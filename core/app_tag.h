/* SPDX-License-Identifier: GPL-2.0-only */
/* Application tags by ranges of blocks (SBC-5 6.5.3): ATMPE, and mode page 0Ah/02h. */
#ifndef TARGET_APP_TAG_H
#define TARGET_APP_TAG_H

#include <target/target_core_base.h>

/* The mode page: header, then a descriptor for each range. */
#define TARGET_APP_TAG_HEADER_LEN	16
#define TARGET_APP_TAG_DESC_LEN		24
#define TARGET_APP_TAG_PAGE_LEN		(TARGET_APP_TAG_HEADER_LEN + \
					 TARGET_APP_TAG_RANGES * TARGET_APP_TAG_DESC_LEN)

/* Ones where MODE SELECT can change something. The default is no ranges, all zeros. */
void target_app_tags_changeable(struct target_app_tags *v);

/* Before anyone sees @dev. */
void target_app_tags_init(struct se_device *dev);

/* The values now, and new ones; they change under dev->lock. */
void target_app_tags_get(struct target_app_tags *v, const struct se_device *dev);
void target_app_tags_set(struct se_device *dev, const struct target_app_tags *v);

/* What a command goes by, if ATMPE is one. Any context. Return: is it? */
bool target_app_tags_copy(struct target_app_tags *v, struct se_device *dev);

/* The tag of a block, if it is in a range. */
bool target_app_tag_find(const struct target_app_tags *v, u64 lba, u16 *tag);

/* The mode page behind its header, and back. */
void target_app_tags_fill(u8 *p, const struct target_app_tags *v);
void target_app_tags_take(struct target_app_tags *v, const u8 *p);

/* The byte of the page, and its bit, of a range that cannot be; 0 if there is none. */
u8 target_app_tags_bad(const struct se_device *dev, const u8 *p, u8 *bit);

#endif /* TARGET_APP_TAG_H */
