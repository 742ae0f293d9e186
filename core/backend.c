// SPDX-License-Identifier: GPL-2.0-only
/* Registered backstores. */
#include <linux/kmod.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include "fabric.h"

struct target_backend_entry {
	struct list_head		node;
	const struct target_backend_ops	*ops;
};

static DEFINE_MUTEX(target_backend_mutex);	/* target_backends */
static LIST_HEAD(target_backends);

static struct target_backend_entry *target_backend_find(const char *name)
{
	struct target_backend_entry *entry;

	lockdep_assert_held(&target_backend_mutex);
	list_for_each_entry(entry, &target_backends, node)
		if (!strncmp(entry->ops->name, name, sizeof(entry->ops->name)))
			return entry;
	return NULL;
}

static bool target_backend_complete(const struct target_backend_ops *ops)
{
	return ops->name[0] && ops->alloc && ops->configure && ops->unconfigure && ops->free &&
	       ops->show_info && ops->set_params && (ops->execute_rw || ops->parse_cdb);
}

int transport_backend_register(const struct target_backend_ops *ops)
{
	struct target_backend_entry *entry;

	if (!target_backend_complete(ops))
		return -EINVAL;
	guard(mutex)(&target_backend_mutex);
	if (target_backend_find(ops->name))
		return -EEXIST;
	entry = kzalloc(sizeof(*entry), GFP_KERNEL);
	if (!entry)
		return -ENOMEM;
	entry->ops = ops;
	list_add_tail(&entry->node, &target_backends);
	return 0;
}
TARGET_EXPORT(transport_backend_register);

void target_backend_unregister(const struct target_backend_ops *ops)
{
	struct target_backend_entry *entry, *tmp;

	scoped_guard(mutex, &target_backend_mutex) {
		list_for_each_entry_safe(entry, tmp, &target_backends, node) {
			if (entry->ops != ops)
				continue;
			list_del(&entry->node);
			kfree(entry);
		}
	}
	/* Devices are freed by RCU callbacks that call into the backstore. */
	rcu_barrier();
}
TARGET_EXPORT(target_backend_unregister);

static const struct target_backend_ops *target_backend_try_get(const char *name)
{
	struct target_backend_entry *entry;

	guard(mutex)(&target_backend_mutex);
	entry = target_backend_find(name);
	if (entry && try_module_get(entry->ops->owner))
		return entry->ops;
	return NULL;
}

const struct target_backend_ops *target_backend_get(const char *name)
{
	const struct target_backend_ops *ops = target_backend_try_get(name);

	if (ops)
		return ops;
	request_module("target-backstore-%s", name);
	return target_backend_try_get(name);
}

void target_backend_put(const struct target_backend_ops *ops)
{
	module_put(ops->owner);
}
