// SPDX-License-Identifier: GPL-2.0-only
/*
 * since 6.2; bio: add pcpu caching for non-polling bio_put. It has no name to ask for, but
 * blk_mq_quiesce_tagset() is of the same release.
 */
#include <linux/blk-mq.h>

void probe(struct blk_mq_tag_set *set);
void probe(struct blk_mq_tag_set *set)
{
	blk_mq_quiesce_tagset(set);
}
