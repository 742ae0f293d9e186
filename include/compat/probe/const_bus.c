// SPDX-License-Identifier: GPL-2.0-only
/* since 6.4; driver core: bus: constify bus_register/unregister() */
#include <linux/device.h>

int probe(const struct bus_type *bus);
int probe(const struct bus_type *bus)
{
	struct device_driver driver = { .bus = bus };

	return bus_register(bus) ?: driver_register(&driver);
}
