// SPDX-License-Identifier: GPL-2.0-only
/* never: the rule notices what is wrong */
#include <linux/module.h>

int probe(void);
int probe(void)
{
	return tcm_no_such_name(0);
}
