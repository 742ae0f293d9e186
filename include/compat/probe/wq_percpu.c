// SPDX-License-Identifier: GPL-2.0-only
/* since 6.12.x; 930c2ea566af ("workqueue: Add new WQ_PERCPU flag") */
#include <linux/workqueue.h>

extern const unsigned int probe_flags;
const unsigned int probe_flags = WQ_PERCPU;
