// SPDX-License-Identifier: GPL-2.0-only
/* since 6.17; block: metadata may be larger than the protection information in it */
#include <linux/blk-integrity.h>

unsigned int probe(const struct blk_integrity *bi);
unsigned int probe(const struct blk_integrity *bi)
{
	return bi->metadata_size;
}
