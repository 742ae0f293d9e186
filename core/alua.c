// SPDX-License-Identifier: GPL-2.0-only
/* Asymmetric logical unit access: the groups and who is in them (SPC-6 5.17). */
#include <linux/slab.h>
#include <target/target_core_backend.h>
#include "alua.h"
#include "tpg.h"

#define TARGET_ALUA_ALL_SUP	(TARGET_ALUA_T_SUP | TARGET_ALUA_O_SUP | TARGET_ALUA_U_SUP | \
				 TARGET_ALUA_S_SUP | TARGET_ALUA_AN_SUP | TARGET_ALUA_AO_SUP)

/* Taken in any context: INQUIRY asks for the number. */
static DEFINE_SPINLOCK(target_lu_gp_lock);	/* target_lu_gps, all in struct target_lu_gp */
static LIST_HEAD(target_lu_gps);		/* struct target_lu_gp::node */
struct target_lu_gp *target_default_lu_gp;

static const char *target_alua_state_name(u8 state)
{
	switch (state) {
	case TARGET_ALUA_AO:
		return "Active/Optimized";
	case TARGET_ALUA_AN:
		return "Active/NonOptimized";
	case TARGET_ALUA_STANDBY:
		return "Standby";
	case TARGET_ALUA_UNAVAILABLE:
		return "Unavailable";
	case TARGET_ALUA_LBD:
		return "LBA Dependent";
	case TARGET_ALUA_OFFLINE:
		return "Offline";
	case TARGET_ALUA_TRANSITION:
		return "Transitioning";
	default:
		return "Unknown";
	}
}

const char *target_alua_status_name(u8 status)
{
	switch (status) {
	case TARGET_ALUA_STATUS_NONE:
		return "None";
	case TARGET_ALUA_STATUS_EXPLICIT:
		return "Altered by Explicit STPG";
	case TARGET_ALUA_STATUS_IMPLICIT:
		return "Altered by Implicit ALUA";
	default:
		return "Unknown";
	}
}

/* --- target port groups ------------------------------------------------------------------ */

struct target_tg_pt_gp *target_tg_pt_gp_alloc(struct se_device *dev, const char *name)
{
	struct target_tg_pt_gp *gp;
	size_t size = strlen(name) + 1;

	gp = kzalloc(struct_size(gp, name, size), GFP_KERNEL);
	if (!gp)
		return NULL;
	memcpy(gp->name, name, size);
	gp->dev = dev;
	INIT_LIST_HEAD(&gp->luns);
	gp->supported = TARGET_ALUA_ALL_SUP;
	gp->access_type = TARGET_TPGS_IMPLICIT | TARGET_TPGS_EXPLICIT;
	gp->nonop_delay_msecs = 100;

	guard(spinlock_irqsave)(&dev->lun_lock);
	if (!dev->default_tg_pt_gp) {
		dev->default_tg_pt_gp = gp;
		gp->id_valid = true;
	}
	list_add_tail(&gp->node, &dev->tg_pt_gps);
	return gp;
}

static void target_tg_pt_gp_move(struct se_lun *lun, struct target_tg_pt_gp *gp)
{
	lockdep_assert_held(&gp->dev->lun_lock);
	list_move_tail(&lun->tg_pt_gp_node, &gp->luns);
	lun->tg_pt_gp = gp;
}

void target_tg_pt_gp_free(struct target_tg_pt_gp *gp)
{
	struct se_device *dev = gp->dev;
	struct se_lun *lun, *tmp;

	scoped_guard(spinlock_irqsave, &dev->lun_lock) {
		list_del(&gp->node);
		if (dev->default_tg_pt_gp == gp)
			dev->default_tg_pt_gp = NULL;
		else
			list_for_each_entry_safe(lun, tmp, &gp->luns, tg_pt_gp_node)
				target_tg_pt_gp_move(lun, dev->default_tg_pt_gp);
	}
	WARN_ON_ONCE(!list_empty(&gp->luns));
	kfree(gp);
}

static bool target_tg_pt_gp_id_taken(struct se_device *dev, u16 id)
{
	struct target_tg_pt_gp *gp;

	lockdep_assert_held(&dev->lun_lock);
	list_for_each_entry(gp, &dev->tg_pt_gps, node)
		if (gp->id_valid && gp->id == id)
			return true;
	return false;
}

int target_tg_pt_gp_set_id(struct target_tg_pt_gp *gp, u16 id)
{
	struct se_device *dev = gp->dev;
	u32 n;

	guard(spinlock_irqsave)(&dev->lun_lock);
	if (gp->id_valid)
		return -EINVAL;
	if (id && target_tg_pt_gp_id_taken(dev, id))
		return -EINVAL;
	for (n = id; n <= U16_MAX && target_tg_pt_gp_id_taken(dev, n); n++)
		;
	if (n > U16_MAX)
		return -ENOSPC;
	gp->id = n;
	gp->id_valid = true;
	return 0;
}

static struct target_tg_pt_gp *target_tg_pt_gp_find(struct se_device *dev, const char *name)
{
	struct target_tg_pt_gp *gp;

	lockdep_assert_held(&dev->lun_lock);
	if (!name)
		return dev->default_tg_pt_gp;
	list_for_each_entry(gp, &dev->tg_pt_gps, node)
		if (gp->id_valid && !strcmp(gp->name, name))
			return gp;
	return NULL;
}

int target_tg_pt_gp_join(struct se_lun *lun, struct se_device *dev, const char *name)
{
	struct target_tg_pt_gp *gp;

	if (dev->transport->flags & TARGET_BACKEND_PASSTHROUGH_ALUA)
		return name ? -ENODEV : 0;
	guard(spinlock_irqsave)(&dev->lun_lock);
	gp = target_tg_pt_gp_find(dev, name);
	if (!gp)
		return -ENODEV;
	target_tg_pt_gp_move(lun, gp);
	return 0;
}

void target_tg_pt_gp_leave(struct se_lun *lun, struct se_device *dev)
{
	guard(spinlock_irqsave)(&dev->lun_lock);
	list_del_init(&lun->tg_pt_gp_node);
	lun->tg_pt_gp = NULL;
}

bool target_tg_pt_gp_of_lun(struct se_lun *lun, struct se_device *dev, u16 *id, u8 *tpgs)
{
	guard(spinlock_irqsave)(&dev->lun_lock);
	if (!lun->tg_pt_gp)
		return false;
	*id = lun->tg_pt_gp->id;
	*tpgs = lun->tg_pt_gp->access_type;
	return true;
}

int target_tg_pt_gp_set_state(struct target_tg_pt_gp *gp, u32 state)
{
	if (!target_dev_configured(gp->dev))
		return -ENODEV;
	guard(spinlock_irqsave)(&gp->dev->lun_lock);
	if (!gp->id_valid || !(gp->access_type & TARGET_TPGS_IMPLICIT))
		return -EINVAL;
	if (state == gp->state)
		return 0;
	switch (state) {
	case TARGET_ALUA_AO:
	case TARGET_ALUA_AN:
	case TARGET_ALUA_STANDBY:
	case TARGET_ALUA_UNAVAILABLE:
	case TARGET_ALUA_LBD:
	case TARGET_ALUA_OFFLINE:
		return -EOPNOTSUPP;
	default:
		return -EINVAL;
	}
}

int target_tg_pt_gp_set_status(struct target_tg_pt_gp *gp, u32 status)
{
	guard(spinlock_irqsave)(&gp->dev->lun_lock);
	if (!gp->id_valid || status > TARGET_ALUA_STATUS_IMPLICIT)
		return -EINVAL;
	gp->status = status;
	return 0;
}

int target_tg_pt_gp_set_access_type(struct target_tg_pt_gp *gp, u32 type)
{
	guard(spinlock_irqsave)(&gp->dev->lun_lock);
	if (type > (TARGET_TPGS_IMPLICIT | TARGET_TPGS_EXPLICIT))
		return -EINVAL;
	gp->access_type = type;
	return 0;
}

int target_tg_pt_gp_set_supported(struct target_tg_pt_gp *gp, u8 bit, u32 on)
{
	guard(spinlock_irqsave)(&gp->dev->lun_lock);
	if (!gp->id_valid || on > 1)
		return -EINVAL;
	if (on)
		gp->supported |= bit;
	else
		gp->supported &= ~bit;
	return 0;
}

/* Nothing writes a file below dbroot yet, so nobody may be told that it is written. */
int target_tg_pt_gp_set_write_metadata(struct target_tg_pt_gp *gp, u32 on)
{
	if (on > 1)
		return -EINVAL;
	return on ? -EOPNOTSUPP : 0;
}

int target_tg_pt_gp_set_preferred(struct target_tg_pt_gp *gp, u32 on)
{
	guard(spinlock_irqsave)(&gp->dev->lun_lock);
	if (on > 1)
		return -EINVAL;
	gp->preferred = on;
	return 0;
}

int target_tg_pt_gp_set_delay(struct target_tg_pt_gp *gp, u32 *delay, u32 value, u32 max)
{
	guard(spinlock_irqsave)(&gp->dev->lun_lock);
	if (value > max)
		return -EINVAL;
	*delay = value;
	return 0;
}

/* --- what one LUN shows ------------------------------------------------------------------ */

int target_lun_set_alua_offline(struct se_lun *lun, struct se_device *dev, u32 on)
{
	guard(spinlock_irqsave)(&dev->lun_lock);
	if (on > 1 || !lun->tg_pt_gp)
		return -EINVAL;
	return on == lun->alua_offline ? 0 : -EOPNOTSUPP;
}

int target_lun_set_alua_status(struct se_lun *lun, struct se_device *dev, u32 status)
{
	guard(spinlock_irqsave)(&dev->lun_lock);
	if (status > TARGET_ALUA_STATUS_IMPLICIT)
		return -EINVAL;
	lun->alua_status = status;
	return 0;
}

int target_lun_set_alua_write_md(struct se_lun *lun, struct se_device *dev, u32 on)
{
	if (on > 1)
		return -EINVAL;
	return on ? -EOPNOTSUPP : 0;
}

ssize_t target_tg_pt_gp_show_lun(struct se_lun *lun, struct se_device *dev, char *page,
				 size_t size)
{
	const struct target_tg_pt_gp *gp;

	guard(spinlock_irqsave)(&dev->lun_lock);
	gp = lun->tg_pt_gp;
	if (!gp)
		return 0;
	return scnprintf(page, size,
			 "TG Port Alias: %s\nTG Port Group ID: %u\n"
			 "TG Port Primary Access State: %s\nTG Port Primary Access Status: %s\n"
			 "TG Port Secondary Access State: %s\n"
			 "TG Port Secondary Access Status: %s\n",
			 gp->name, gp->id, target_alua_state_name(gp->state),
			 target_alua_status_name(gp->status),
			 lun->alua_offline ? "Offline" : "None",
			 target_alua_status_name(lun->alua_status));
}

/* One line per LUN, each with the NUL that rtslib and others have learnt to expect. */
ssize_t target_tg_pt_gp_show_members(struct target_tg_pt_gp *gp, char *page, size_t size)
{
	struct se_lun *lun;
	size_t len = 0;

	guard(spinlock_irqsave)(&gp->dev->lun_lock);
	list_for_each_entry(lun, &gp->luns, tg_pt_gp_node) {
		struct se_portal_group *tpg = lun->lun_tpg;
		int line = snprintf(page + len, size - len, "%s/%s/tpgt_%u/lun_%llu\n",
				    tpg->se_tpg_tfo->fabric_name, target_tpg_wwn(tpg),
				    target_tpg_tag(tpg), lun->unpacked_lun) + 1;

		if (line > size - len)
			break;
		len += line;
	}
	return len;
}

/* --- logical unit groups ----------------------------------------------------------------- */

struct target_lu_gp *target_lu_gp_alloc(const char *name)
{
	struct target_lu_gp *gp;
	size_t size = strlen(name) + 1;

	gp = kzalloc(struct_size(gp, name, size), GFP_KERNEL);
	if (!gp)
		return NULL;
	memcpy(gp->name, name, size);
	INIT_LIST_HEAD(&gp->devs);
	guard(spinlock_irqsave)(&target_lu_gp_lock);
	list_add_tail(&gp->node, &target_lu_gps);
	return gp;
}

static void target_lu_gp_move(struct se_device *dev, struct target_lu_gp *gp)
{
	lockdep_assert_held(&target_lu_gp_lock);
	list_move_tail(&dev->lu_gp_node, &gp->devs);
	dev->lu_gp = gp;
}

void target_lu_gp_free(struct target_lu_gp *gp)
{
	struct se_device *dev, *tmp;

	scoped_guard(spinlock_irqsave, &target_lu_gp_lock) {
		list_del(&gp->node);
		if (gp != target_default_lu_gp)
			list_for_each_entry_safe(dev, tmp, &gp->devs, lu_gp_node)
				target_lu_gp_move(dev, target_default_lu_gp);
	}
	WARN_ON_ONCE(!list_empty(&gp->devs));
	kfree(gp);
}

static bool target_lu_gp_id_taken(u16 id)
{
	struct target_lu_gp *gp;

	lockdep_assert_held(&target_lu_gp_lock);
	list_for_each_entry(gp, &target_lu_gps, node)
		if (gp->id_valid && gp->id == id)
			return true;
	return false;
}

int target_lu_gp_set_id(struct target_lu_gp *gp, u16 id)
{
	u32 n;

	guard(spinlock_irqsave)(&target_lu_gp_lock);
	if (gp->id_valid)
		return -EINVAL;
	if (id && target_lu_gp_id_taken(id))
		return -EINVAL;
	for (n = id; n <= U16_MAX && target_lu_gp_id_taken(n); n++)
		;
	if (n > U16_MAX)
		return -ENOSPC;
	gp->id = n;
	gp->id_valid = true;
	return 0;
}

int target_lu_gp_join(struct se_device *dev, const char *name)
{
	struct target_lu_gp *gp;

	guard(spinlock_irqsave)(&target_lu_gp_lock);
	if (!name) {
		target_lu_gp_move(dev, target_default_lu_gp);
		return 0;
	}
	list_for_each_entry(gp, &target_lu_gps, node) {
		if (!gp->id_valid || strcmp(gp->name, name))
			continue;
		target_lu_gp_move(dev, gp);
		return 0;
	}
	return -ENODEV;
}

void target_lu_gp_leave(struct se_device *dev)
{
	guard(spinlock_irqsave)(&target_lu_gp_lock);
	list_del_init(&dev->lu_gp_node);
	dev->lu_gp = NULL;
}

bool target_lu_gp_of_device(struct se_device *dev, u16 *id)
{
	guard(spinlock_irqsave)(&target_lu_gp_lock);
	if (!dev->lu_gp)
		return false;
	*id = dev->lu_gp->id;
	return true;
}

ssize_t target_lu_gp_show_device(struct se_device *dev, char *page, size_t size)
{
	guard(spinlock_irqsave)(&target_lu_gp_lock);
	if (!dev->lu_gp)
		return 0;
	return scnprintf(page, size, "LU Group Alias: %s\nLU Group ID: %u\n", dev->lu_gp->name,
			 dev->lu_gp->id);
}

/* A device leaves its group before its directory loses its name. */
ssize_t target_lu_gp_show_members(struct target_lu_gp *gp, char *page, size_t size)
{
	struct se_device *dev;
	size_t len = 0;

	guard(spinlock_irqsave)(&target_lu_gp_lock);
	list_for_each_entry(dev, &gp->devs, lu_gp_node) {
		int line = snprintf(page + len, size - len, "%s/%s\n",
				    config_item_name(&dev->se_hba->hba_group.cg_item),
				    config_item_name(&dev->dev_group.cg_item));

		if (line >= size - len)
			break;
		len += line;
	}
	return len;
}

int target_alua_init(void)
{
	target_default_lu_gp = target_lu_gp_alloc("default_lu_gp");
	if (!target_default_lu_gp)
		return -ENOMEM;
	return target_lu_gp_set_id(target_default_lu_gp, 0);
}

void target_alua_exit(void)
{
	target_lu_gp_free(target_default_lu_gp);
	target_default_lu_gp = NULL;
}
