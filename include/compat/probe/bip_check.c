// SPDX-License-Identifier: GPL-2.0-only
/* since 6.13; block: a bio says which checks are to be made, not which are not */
#include <linux/blk-integrity.h>

unsigned int probe(void);
unsigned int probe(void)
{
	return BIP_CHECK_GUARD;
}
