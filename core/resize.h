/* SPDX-License-Identifier: GPL-2.0-only */
/* A unit that is not as large as it was. */
#ifndef TARGET_RESIZE_H
#define TARGET_RESIZE_H

#include <target/target_core_base.h>

/* Its fabrics shall read capacity and limits again; dev->lock held. */
void target_resize_tell_fabrics(struct se_device *dev);

#endif /* TARGET_RESIZE_H */
