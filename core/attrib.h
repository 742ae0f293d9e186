/* SPDX-License-Identifier: GPL-2.0-only */
/* Attributes of a logical unit: defaults, and what the backstore's limits give. */
#ifndef TARGET_ATTRIB_H
#define TARGET_ATTRIB_H

#include <target/target_core_base.h>

void target_attrib_set_defaults(struct se_device *dev);
void target_attrib_from_limits(struct se_device *dev);

#endif /* TARGET_ATTRIB_H */
