/* SPDX-License-Identifier: GPL-2.0-only */
/* Newer names that a backstore of files needs, for older kernels; see compat.h. */
#ifndef TCM_COMPAT_FILE_H
#define TCM_COMPAT_FILE_H

#include <linux/blkdev.h>

/* Rotating is what is asked since 7.0. */
#ifndef TCM_HAVE_BDEV_ROT
static inline bool bdev_rot(struct block_device *bdev)
{
	return !bdev_nonrot(bdev);
}
#endif

#endif /* TCM_COMPAT_FILE_H */
