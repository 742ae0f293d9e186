// SPDX-License-Identifier: GPL-2.0-only
/* since 6.11; block: integrity profiles have a kind of checksum, and no name */
#include <linux/blk-integrity.h>

unsigned int probe(const struct blk_integrity *bi);
unsigned int probe(const struct blk_integrity *bi)
{
	return bi->csum_type;
}
