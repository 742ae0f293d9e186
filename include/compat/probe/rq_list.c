// SPDX-License-Identifier: GPL-2.0-only
/* since 6.13, and 6.12 stable; block: make struct rq_list available for !CONFIG_BLOCK */
#include <linux/blk-mq.h>

bool probe_rq_list(struct blk_plug *plug);
bool probe_rq_list(struct blk_plug *plug)
{
	return rq_list_empty(&plug->mq_list);
}
