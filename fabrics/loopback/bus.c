// SPDX-License-Identifier: GPL-2.0-only
/* The adapters' place in sysfs: /sys/devices/tcm_loop_0/tcm_loop_adapter_N. */
#include <linux/slab.h>
#include "loop.h"

static struct device *loop_root;
static atomic_t loop_adapter_index = ATOMIC_INIT(-1);	/* never used twice */

static bus_type_const struct bus_type loop_bus = {
	.name = "tcm_loop_bus",
};

/* It has nothing to do: an adapter lives and dies with its directory in configfs. */
static struct device_driver loop_driver = {
	.name = "tcm_loop",
	.bus = &loop_bus,
	.owner = THIS_MODULE,
	.suppress_bind_attrs = true,
};

static void loop_adapter_free(struct device *dev)
{
	struct loop_adapter *adapter = container_of(dev, struct loop_adapter, dev);

	kfree(adapter->queues);
	kfree(adapter);
}

struct loop_adapter *loop_adapter_add(unsigned int nr_queues)
{
	struct loop_adapter *adapter = kzalloc(sizeof(*adapter), GFP_KERNEL);
	int index = atomic_inc_return(&loop_adapter_index);
	int err;

	if (!adapter)
		return ERR_PTR(-ENOMEM);
	device_initialize(&adapter->dev);
	adapter->dev.parent = loop_root;
	adapter->dev.bus = &loop_bus;
	adapter->dev.release = loop_adapter_free;
	adapter->nr_queues = nr_queues;
	err = dev_set_name(&adapter->dev, "tcm_loop_adapter_%d", index);
	if (err)
		goto out_put;
	adapter->queues = loop_queues_start(nr_queues, index);
	if (IS_ERR(adapter->queues)) {
		err = PTR_ERR(adapter->queues);
		adapter->queues = NULL;
		goto out_put;
	}
	err = device_add(&adapter->dev);
	if (err)
		goto out_stop;
	return adapter;

out_stop:
	loop_queues_stop(adapter->queues, nr_queues);
out_put:
	put_device(&adapter->dev);
	return ERR_PTR(err);
}

void loop_adapter_del(struct loop_adapter *adapter)
{
	loop_queues_stop(adapter->queues, adapter->nr_queues);
	device_unregister(&adapter->dev);
}

int loop_bus_init(void)
{
	int err;

	loop_root = root_device_register("tcm_loop_0");
	if (IS_ERR(loop_root))
		return PTR_ERR(loop_root);
	err = bus_register(&loop_bus);
	if (err)
		goto out_root;
	err = driver_register(&loop_driver);
	if (err)
		goto out_bus;
	return 0;

out_bus:
	bus_unregister(&loop_bus);
out_root:
	root_device_unregister(loop_root);
	return err;
}

void loop_bus_exit(void)
{
	driver_unregister(&loop_driver);
	bus_unregister(&loop_bus);
	root_device_unregister(loop_root);
}
