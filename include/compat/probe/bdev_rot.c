// SPDX-License-Identifier: GPL-2.0-only
/* since 7.0; block: bdev_rot() instead of bdev_nonrot() */
#include <linux/blkdev.h>

bool probe(struct block_device *bdev);
bool probe(struct block_device *bdev)
{
	return bdev_rot(bdev);
}
