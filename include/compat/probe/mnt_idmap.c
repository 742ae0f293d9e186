// SPDX-License-Identifier: GPL-2.0-only
/* since 6.3; fs: port to mnt_idmap */
#include <linux/fs.h>

extern const size_t probe_size;
const size_t probe_size = sizeof_field(struct renamedata, old_mnt_idmap);
