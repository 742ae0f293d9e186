// SPDX-License-Identifier: GPL-2.0-only
/* Asymmetric logical unit access: the groups and who is in them (SPC-6 5.18). */
#include <linux/slab.h>
#include <target/target_core_backend.h>
#include "alua.h"
#include "tpg.h"
#include "ua.h"

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

static void target_tg_pt_gp_update_explicit(struct se_device *dev)
{
	struct target_tg_pt_gp *gp;
	bool explicit = false;

	lockdep_assert_held(&dev->lun_lock);
	list_for_each_entry(gp, &dev->tg_pt_gps, node)
		explicit |= gp->access_type & TARGET_TPGS_EXPLICIT;
	WRITE_ONCE(dev->alua_explicit, explicit);
}

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
	target_tg_pt_gp_update_explicit(dev);
	return gp;
}

/*
 * A port that is offline for itself is so in whatever state its group is. What answers
 * REPORT TARGET PORT GROUPS itself has states of its own, which it keeps to.
 */
void target_lun_update_alua(struct se_lun *lun)
{
	const struct target_tg_pt_gp *gp = lun->tg_pt_gp;
	u8 state = lun->alua_offline ? TARGET_ALUA_OFFLINE : TARGET_ALUA_AO;

	if (gp && !gp->dev->dev_attrib.alua_support)
		state = TARGET_ALUA_AO;
	else if (gp && !lun->alua_offline)
		state = gp->state;
	WRITE_ONCE(lun->alua_id, gp ? gp->id : 0);
	WRITE_ONCE(lun->alua_gate, state);
	WRITE_ONCE(lun->alua_delay, gp ? gp->nonop_delay_msecs : 0);
}

void target_tg_pt_gp_update_luns(struct target_tg_pt_gp *gp)
{
	struct se_lun *lun;

	lockdep_assert_held(&gp->dev->lun_lock);
	list_for_each_entry(lun, &gp->luns, tg_pt_gp_node)
		target_lun_update_alua(lun);
}

static void target_tg_pt_gp_move(struct se_lun *lun, struct target_tg_pt_gp *gp)
{
	lockdep_assert_held(&gp->dev->lun_lock);
	list_move_tail(&lun->tg_pt_gp_node, &gp->luns);
	lun->tg_pt_gp = gp;
	target_lun_update_alua(lun);
}

void target_tg_pt_gp_free(struct target_tg_pt_gp *gp)
{
	struct se_device *dev = gp->dev;
	struct se_lun *lun, *tmp;

	scoped_guard(spinlock_irqsave, &dev->lun_lock) {
		list_del(&gp->node);
		target_tg_pt_gp_update_explicit(dev);
		if (dev->default_tg_pt_gp == gp)
			dev->default_tg_pt_gp = NULL;
		else
			list_for_each_entry_safe(lun, tmp, &gp->luns, tg_pt_gp_node)
				target_tg_pt_gp_move(lun, dev->default_tg_pt_gp);
	}
	WARN_ON_ONCE(!list_empty(&gp->luns));
	kfree(gp);
}

struct target_tg_pt_gp *target_tg_pt_gp_by_id(struct se_device *dev, u16 id)
{
	struct target_tg_pt_gp *gp;

	lockdep_assert_held(&dev->lun_lock);
	list_for_each_entry(gp, &dev->tg_pt_gps, node)
		if (gp->id_valid && gp->id == id)
			return gp;
	return NULL;
}

int target_tg_pt_gp_set_id(struct target_tg_pt_gp *gp, u16 id)
{
	struct se_device *dev = gp->dev;
	u32 n;

	guard(spinlock_irqsave)(&dev->lun_lock);
	if (gp->id_valid)
		return -EINVAL;
	if (id && target_tg_pt_gp_by_id(dev, id))
		return -EINVAL;
	for (n = id; n <= U16_MAX && target_tg_pt_gp_by_id(dev, n); n++)
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
	if (lun->tg_pt_gp && lun->tg_pt_gp != gp)
		target_ua_set_lun(lun, TARGET_UA_INQUIRY_CHANGED);
	target_tg_pt_gp_move(lun, gp);
	return 0;
}

void target_tg_pt_gp_leave(struct se_lun *lun, struct se_device *dev)
{
	guard(spinlock_irqsave)(&dev->lun_lock);
	list_del_init(&lun->tg_pt_gp_node);
	lun->tg_pt_gp = NULL;
	target_lun_update_alua(lun);
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

int target_tg_pt_gp_set_status(struct target_tg_pt_gp *gp, u32 status)
{
	guard(spinlock_irqsave)(&gp->dev->lun_lock);
	if (!gp->id_valid || status > TARGET_ALUA_STATUS_IMPLICIT)
		return -EINVAL;
	gp->status = status;
	return 0;
}

/* TPGS is part of the standard INQUIRY data. */
int target_tg_pt_gp_set_access_type(struct target_tg_pt_gp *gp, u32 type)
{
	struct se_lun *lun;

	guard(spinlock_irqsave)(&gp->dev->lun_lock);
	if (type > (TARGET_TPGS_IMPLICIT | TARGET_TPGS_EXPLICIT))
		return -EINVAL;
	if (gp->access_type == type)
		return 0;
	gp->access_type = type;
	target_tg_pt_gp_update_explicit(gp->dev);
	list_for_each_entry(lun, &gp->luns, tg_pt_gp_node)
		target_ua_set_lun(lun, TARGET_UA_INQUIRY_CHANGED);
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
	target_tg_pt_gp_update_luns(gp);
	return 0;
}

/* --- what one LUN shows ------------------------------------------------------------------ */

int target_lun_set_alua_status(struct se_lun *lun, struct se_device *dev, u32 status)
{
	guard(spinlock_irqsave)(&dev->lun_lock);
	if (status > TARGET_ALUA_STATUS_IMPLICIT)
		return -EINVAL;
	lun->alua_status = status;
	return 0;
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

static void target_lu_gp_leave_locked(struct se_device *dev)
{
	lockdep_assert_held(&target_lu_gp_lock);
	list_del_init(&dev->lu_gp_node);
	dev->lu_gp = NULL;
}

void target_lu_gp_leave(struct se_device *dev)
{
	guard(spinlock_irqsave)(&target_lu_gp_lock);
	target_lu_gp_leave_locked(dev);
}

int target_lu_gp_part(struct se_device *dev)
{
	guard(spinlock_irqsave)(&target_lu_gp_lock);
	if (dev->alua_move)
		return -EBUSY;
	target_lu_gp_leave_locked(dev);
	return 0;
}

static int target_lu_gp_walk(struct se_device *dev, target_lu_gp_fn fn, void *data)
{
	struct se_device *peer;
	int err;

	lockdep_assert_held(&target_lu_gp_lock);
	err = fn(dev, data);
	if (err || !dev->lu_gp || !dev->lu_gp->id)
		return err;
	list_for_each_entry(peer, &dev->lu_gp->devs, lu_gp_node) {
		err = peer == dev ? 0 : fn(peer, data);
		if (err)
			return err;
	}
	return 0;
}

int target_lu_gp_each(struct se_device *dev, target_lu_gp_fn fn, void *data)
{
	guard(spinlock_irqsave)(&target_lu_gp_lock);
	return target_lu_gp_walk(dev, fn, data);
}

int target_lu_gp_try(struct se_device *dev, target_lu_gp_fn check, target_lu_gp_fn fn,
		     void *data)
{
	int err;

	guard(spinlock_irqsave)(&target_lu_gp_lock);
	err = target_lu_gp_walk(dev, check, data);
	return err ?: target_lu_gp_walk(dev, fn, data);
}

int target_lu_gp_each_all(target_lu_gp_fn fn, void *data)
{
	struct target_lu_gp *gp;
	struct se_device *dev;
	int err;

	guard(spinlock_irqsave)(&target_lu_gp_lock);
	list_for_each_entry(gp, &target_lu_gps, node) {
		list_for_each_entry(dev, &gp->devs, lu_gp_node) {
			err = fn(dev, data);
			if (err)
				return err;
		}
	}
	return 0;
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
