// SPDX-License-Identifier: GPL-2.0-only
/* HBAs: directories below core/, each with a backstore. */
#include <linux/slab.h>
#include "device.h"
#include "fabric.h"

static atomic_t target_hba_index = ATOMIC_INIT(0);

struct se_hba *target_hba_alloc(const char *plugin, u32 id)
{
	const struct target_backend_ops *ops = target_backend_get(plugin);
	struct se_hba *hba;
	int err = -ENOMEM;

	if (!ops)
		return ERR_PTR(-ENOENT);
	hba = kzalloc(sizeof(*hba), GFP_KERNEL);
	if (!hba)
		goto out_put;
	hba->hba_id = id;
	hba->transport = ops;
	hba->hba_index = atomic_inc_return(&target_hba_index);
	err = ops->attach_hba ? ops->attach_hba(hba, id) : 0;
	if (err)
		goto out_free;
	return hba;

out_free:
	kfree(hba);
out_put:
	target_backend_put(ops);
	return ERR_PTR(err);
}

void target_hba_free(struct se_hba *hba)
{
	const struct target_backend_ops *ops = hba->transport;

	if (ops->detach_hba)
		ops->detach_hba(hba);
	kfree(hba);
	target_backend_put(ops);
}
