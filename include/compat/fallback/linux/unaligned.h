/* SPDX-License-Identifier: GPL-2.0-only */
/* <linux/unaligned.h> for kernels before 6.12: found only where the kernel has none. */
#ifndef TCM_COMPAT_LINUX_UNALIGNED_H
#define TCM_COMPAT_LINUX_UNALIGNED_H

#include <asm/unaligned.h>

#endif
