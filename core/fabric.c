// SPDX-License-Identifier: GPL-2.0-only
/* Registered fabrics. */
#include <linux/kmod.h>
#include <linux/slab.h>
#include "fabric.h"

struct target_fabric_entry {
	struct list_head			node;
	const struct target_core_fabric_ops	*ops;
};

static DEFINE_MUTEX(target_fabric_mutex);	/* target_fabrics */
static LIST_HEAD(target_fabrics);

static const char *target_fabric_dir(const struct target_core_fabric_ops *fo)
{
	return fo->fabric_alias ?: fo->fabric_name;
}

static struct target_fabric_entry *target_fabric_find(const char *name)
{
	struct target_fabric_entry *entry;

	lockdep_assert_held(&target_fabric_mutex);
	list_for_each_entry(entry, &target_fabrics, node)
		if (!strcmp(target_fabric_dir(entry->ops), name))
			return entry;
	return NULL;
}

static bool target_fabric_complete(const struct target_core_fabric_ops *fo)
{
	/* A directory without targets needs none of the rest. */
	if (fo->fabric_name && !fo->fabric_make_wwn)
		return true;
	return fo->fabric_name && fo->tpg_get_wwn && fo->tpg_get_tag && fo->release_cmd &&
	       fo->queue_data_in && fo->queue_status && fo->queue_tm_rsp && fo->fabric_drop_wwn &&
	       fo->fabric_make_tpg && fo->fabric_drop_tpg;
}

/**
 * target_register_template - make a fabric known
 * @fo: its operations; must stay until target_unregister_template()
 *
 * mkdir of its directory under target/ works from then on.
 *
 * Context: process, may sleep.
 * Return: 0; -EINVAL if a hook that must be there is not; -EEXIST if the name is
 * taken; -ENOMEM.
 */
int target_register_template(const struct target_core_fabric_ops *fo)
{
	struct target_fabric_entry *entry;

	if (!target_fabric_complete(fo))
		return -EINVAL;
	guard(mutex)(&target_fabric_mutex);
	if (target_fabric_find(target_fabric_dir(fo)))
		return -EEXIST;
	entry = kzalloc(sizeof(*entry), GFP_KERNEL);
	if (!entry)
		return -ENOMEM;
	entry->ops = fo;
	list_add_tail(&entry->node, &target_fabrics);
	return 0;
}
TARGET_EXPORT(target_register_template);

/**
 * target_unregister_template - undo target_register_template()
 * @fo: as registered
 *
 * The module reference that its directory holds makes sure that none is left.
 * On return, the RCU callbacks of its objects have run, too.
 *
 * Context: process, may sleep.
 */
void target_unregister_template(const struct target_core_fabric_ops *fo)
{
	struct target_fabric_entry *entry, *tmp;

	scoped_guard(mutex, &target_fabric_mutex) {
		list_for_each_entry_safe(entry, tmp, &target_fabrics, node) {
			if (entry->ops != fo)
				continue;
			list_del(&entry->node);
			kfree(entry);
		}
	}
	rcu_barrier();
}
TARGET_EXPORT(target_unregister_template);

static const struct target_core_fabric_ops *target_fabric_try_get(const char *name)
{
	struct target_fabric_entry *entry;

	guard(mutex)(&target_fabric_mutex);
	entry = target_fabric_find(name);
	if (entry && try_module_get(entry->ops->module))
		return entry->ops;
	return NULL;
}

const struct target_core_fabric_ops *target_fabric_get(const char *name)
{
	const struct target_core_fabric_ops *fo = target_fabric_try_get(name);

	if (fo)
		return fo;
	request_module("target-fabric-%s", name);
	return target_fabric_try_get(name);
}

void target_fabric_put(const struct target_core_fabric_ops *fo)
{
	module_put(fo->module);
}
