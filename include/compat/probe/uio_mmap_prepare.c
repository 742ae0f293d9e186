// SPDX-License-Identifier: GPL-2.0-only
/* since 7.0; uio: mmap_prepare instead of mmap */
#include <linux/uio_driver.h>

static int probe_map(struct uio_info *info, struct vm_area_desc *desc)
{
	return 0;
}

extern const struct uio_info probe_info;
const struct uio_info probe_info = {
	.mmap_prepare = probe_map,
};
