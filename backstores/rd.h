/* SPDX-License-Identifier: GPL-2.0-only */
/* The ramdisk backstore, which is linked into the core's module. */
#ifndef TARGET_RD_H
#define TARGET_RD_H

#include <target/target_core_backend.h>
#include "rd_cache.h"
#include "rd_crypt.h"
#include "rd_pages.h"

/**
 * struct rd_options - what control takes
 * @pages: capacity in pages, 0 until it is set
 * @nullio: store nothing, read zeros
 * @dummy: a unit that says there is no device, as a LUN 0 that only answers
 *	REPORT LUNS needs
 */
struct rd_options {
	u32	pages;
	bool	nullio;
	bool	dummy;
};

/**
 * struct rd_device - a ramdisk
 * @dev: the logical unit
 * @special: it has a cipher, or a volatile cache; changes while nothing is exported
 * @store: its memory, while it is configured
 * @prot: the same of its protection information, 8 bytes for each block
 * @crypt: the cipher
 * @cache: the volatile cache
 * @options: as written; dev.lock, constant once it is configured
 * @id: number within the HBA, 0 until it is configured
 */
struct rd_device {
	struct se_device	dev;
	bool			special;
	struct rd_pages		store;
	struct rd_pages		prot;
	struct rd_crypt		crypt;
	struct rd_cache		cache;
	struct rd_options	options;
	u32			id;
};

static inline struct rd_device *rd_of(struct se_device *dev)
{
	return container_of(dev, struct rd_device, dev);
}

/*
 * Attributes: -ENODEV before it is configured, -EINVAL while it is exported, -EBUSY with
 * data in it that was stored in the other way; dev.lock held, may sleep.
 */
int rd_set_encrypted(struct rd_device *rd, bool on);
int rd_set_volatile(struct rd_device *rd, bool on);

/*
 * A loss of power: each page that was not flushed is lost by a chance of @percent. -ENODEV
 * before it is configured; -EINVAL for a part of a unit with protection information, which
 * would be lost apart from its blocks. dev.lock held, may sleep.
 */
int rd_lose_cache(struct rd_device *rd, u32 percent);

/* backstores/rd_attrib.c */
extern struct configfs_attribute *rd_attribs[];
extern struct configfs_attribute *rd_actions[];
void rd_attribs_init(void);

/*
 * Give a configured one another capacity; dev.lock is held. 0 or -EINVAL if it is not a
 * number of pages. What lies behind a lower end is gone.
 */
int rd_resize(struct rd_device *rd, u64 bytes);

/* Module init and exit; init returns 0 or -errno. */
int target_rd_init(void);
void target_rd_exit(void);

#endif /* TARGET_RD_H */
