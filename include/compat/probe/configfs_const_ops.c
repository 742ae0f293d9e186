// SPDX-License-Identifier: GPL-2.0-only
/* since 7.0; configfs: constify ct_item_ops and ct_group_ops */
#include <linux/configfs.h>

static const struct configfs_item_operations probe_ops = {};
extern const struct config_item_type probe_type;
const struct config_item_type probe_type = {
	.ct_item_ops = &probe_ops,
};
