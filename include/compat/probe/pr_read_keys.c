// SPDX-License-Identifier: GPL-2.0-only
/* since 6.4; block: Add PR callouts for read keys and reservation */
#include <linux/blkdev.h>
#include <linux/pr.h>

int probe_pr(const struct pr_ops *ops, struct block_device *bdev, struct pr_keys *keys);
int probe_pr(const struct pr_ops *ops, struct block_device *bdev, struct pr_keys *keys)
{
	return ops->pr_read_keys(bdev, keys);
}
