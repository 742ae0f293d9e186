// SPDX-License-Identifier: GPL-2.0-only
#include <linux/wait_bit.h>
#include "background.h"

void target_background_begin(struct se_device *dev)
{
	atomic_inc(&dev->background);
}

void target_background_end(struct se_device *dev)
{
	atomic_t *count = &dev->background;

	/* Who waits may free the device: only the address is used after this. */
	if (atomic_dec_and_test(count))
		wake_up_var(count);
}

void target_background_stop(struct se_device *dev)
{
	WRITE_ONCE(dev->background_stops, true);
	wait_var_event(&dev->background, !atomic_read(&dev->background));
	WRITE_ONCE(dev->background_stops, false);
}
