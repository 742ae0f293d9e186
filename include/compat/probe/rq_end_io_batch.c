// SPDX-License-Identifier: GPL-2.0-only
/* since 6.19; block: pass io_comp_batch to rq_end_io_fn callback */
#include <linux/blk-mq.h>

extern rq_end_io_fn probe;
enum rq_end_io_ret probe(struct request *rq, blk_status_t error, const struct io_comp_batch *iob)
{
	return RQ_END_IO_NONE;
}
