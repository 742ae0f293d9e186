/* SPDX-License-Identifier: GPL-2.0-only */
/* <linux/hex.h> for kernels before 6.4: found only where the kernel has none. */
#ifndef TCM_FALLBACK_HEX_H
#define TCM_FALLBACK_HEX_H

#include <linux/kernel.h>

#endif /* TCM_FALLBACK_HEX_H */
