// SPDX-License-Identifier: GPL-2.0-only
/* since 6.17; block: introduce max_{hw|user}_wzeroes_unmap_sectors to queue limits */
#include <linux/blkdev.h>

unsigned int probe(struct block_device *bdev);
unsigned int probe(struct block_device *bdev)
{
	return bdev_write_zeroes_unmap_sectors(bdev);
}
