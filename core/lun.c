// SPDX-License-Identifier: GPL-2.0-only
/* LUNs of a target port, and initiators' mappings of them. */
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/wait_bit.h>
#include "alua.h"
#include "device.h"
#include "itl.h"
#include "lun.h"
#include "session.h"
#include "tpg.h"
#include "ua.h"

static atomic_t target_lun_index = ATOMIC_INIT(0);

struct se_lun *target_lun_alloc(struct se_portal_group *tpg, u64 unpacked_lun)
{
	struct se_lun *lun = kzalloc(sizeof(*lun), GFP_KERNEL);

	if (!lun)
		return NULL;
	lun->unpacked_lun = unpacked_lun;
	lun->lun_tpg = tpg;
	lun->lun_index = atomic_inc_return(&target_lun_index);
	spin_lock_init(&lun->itl_lock);
	INIT_LIST_HEAD(&lun->itls);
	INIT_LIST_HEAD(&lun->dev_node);
	INIT_LIST_HEAD(&lun->tg_pt_gp_node);
	return lun;
}

void target_lun_free(struct se_lun *lun)
{
	WARN_ON_ONCE(!list_empty(&lun->itls) || lun->tg_pt_gp);
	kfree(lun);
}

struct se_device *target_lun_device(struct se_lun *lun)
{
	/* tpg->lock or the link keeps it; see the declaration. */
	return rcu_dereference_protected(lun->lun_se_dev, true);
}

void target_lun_stats(struct se_lun *lun, struct target_io_stats *sum)
{
	struct target_itl *itl;
	unsigned long flags;

	spin_lock_irqsave(&lun->itl_lock, flags);
	target_io_stats_add(sum, &lun->past);
	list_for_each_entry(itl, &lun->itls, lun_node)
		target_itl_sum(itl, sum);
	spin_unlock_irqrestore(&lun->itl_lock, flags);
}

/* The grace period then passes while the fabric removes what it has on the LUN. */
static void target_lun_prepare_kill(struct se_lun *lun)
{
	struct se_session *sess;

	guard(mutex)(&lun->lun_tpg->lock);
	list_for_each_entry(sess, &lun->lun_tpg->sess_list, sess_list) {
		struct target_itl *itl;
		unsigned long index;

		xa_for_each(&sess->itls, index, itl)
			if (itl->lun == lun)
				target_itl_prepare_kill(itl);
	}
}

/* Take a LUN from every session; tpg->lock held. */
static void target_lun_kill_itls(struct se_lun *lun, struct list_head *dead)
{
	struct se_session *sess;

	list_for_each_entry(sess, &lun->lun_tpg->sess_list, sess_list) {
		struct target_itl *itl;
		unsigned long index;

		xa_for_each(&sess->itls, index, itl)
			if (itl->lun == lun)
				target_itl_kill(itl, dead);
	}
}

/*
 * Who sees what the port has hears on its other LUNs that this is not what it was; who
 * has a list of its own, when that changes (SPC-6 6.36).
 */
static void target_lun_tell(struct se_lun *lun)
{
	struct se_session *sess;
	struct target_itl *itl;
	unsigned long index;

	lockdep_assert_held(&lun->lun_tpg->lock);
	list_for_each_entry(sess, &lun->lun_tpg->sess_list, sess_list) {
		if (!target_session_is_dynamic(sess))
			continue;
		xa_for_each(&sess->itls, index, itl)
			if (itl->lun != lun)
				target_ua_set(itl, TARGET_UA_LUNS_CHANGED);
	}
}

static int target_lun_publish(struct se_lun *lun, struct se_device *dev, struct list_head *dead)
{
	struct se_portal_group *tpg = lun->lun_tpg;
	struct se_session *sess;
	int err;

	lockdep_assert_held(&tpg->lock);
	err = xa_insert(&tpg->luns, lun->unpacked_lun, lun, GFP_KERNEL);
	if (err)
		return err == -EBUSY ? -EEXIST : err;
	rcu_assign_pointer(lun->lun_se_dev, dev);
	list_for_each_entry(sess, &tpg->sess_list, sess_list) {
		err = target_session_map_lun(sess, lun, dev);
		if (err)
			goto out_unpublish;
	}
	target_lun_tell(lun);
	return 0;

out_unpublish:
	target_lun_kill_itls(lun, dead);
	xa_erase(&tpg->luns, lun->unpacked_lun);
	RCU_INIT_POINTER(lun->lun_se_dev, NULL);
	return err;
}

/* The LUN of a port is an xarray index as well: 32-bit machines stop there. */
static bool target_lun_addressable(u64 unpacked_lun)
{
	return (unsigned long)unpacked_lun == unpacked_lun;
}

int target_lun_link(struct se_lun *lun, struct se_device *dev)
{
	struct se_portal_group *tpg = lun->lun_tpg;
	LIST_HEAD(dead);
	int err;

	if (!target_lun_addressable(lun->unpacked_lun))
		return -EINVAL;
	if (target_lun_device(lun))
		return -EEXIST;
	err = target_device_export(dev, lun);
	if (err)
		return err;
	target_tg_pt_gp_join(lun, dev, NULL);
	scoped_guard(mutex, &tpg->lock)
		err = target_lun_publish(lun, dev, &dead);
	target_itl_free_all(&dead);
	if (err) {
		target_tg_pt_gp_leave(lun, dev);
		target_device_unexport(dev, lun);
		return err;
	}
	if (!tpg->se_tpg_tfo->fabric_post_link)
		return 0;
	err = tpg->se_tpg_tfo->fabric_post_link(tpg, lun);
	if (err)
		target_lun_unlink(lun);
	return err;
}

static bool target_lun_is_drained(struct se_lun *lun)
{
	unsigned long flags;
	bool drained;

	spin_lock_irqsave(&lun->itl_lock, flags);
	drained = list_empty(&lun->itls);
	spin_unlock_irqrestore(&lun->itl_lock, flags);
	return drained;
}

/* Its commands are waited for. */
static void target_lun_tell_backend(struct se_lun *lun, struct se_device *dev)
{
	if (dev->transport->unlink)
		dev->transport->unlink(dev, lun);
}

void target_lun_unlink(struct se_lun *lun)
{
	struct se_portal_group *tpg = lun->lun_tpg;
	const struct target_core_fabric_ops *tfo = tpg->se_tpg_tfo;
	struct se_device *dev = target_lun_device(lun);
	LIST_HEAD(dead);

	target_lun_prepare_kill(lun);
	target_lun_tell_backend(lun, dev);
	if (tfo->fabric_pre_unlink)
		tfo->fabric_pre_unlink(tpg, lun);
	scoped_guard(mutex, &tpg->lock) {
		target_lun_kill_itls(lun, &dead);
		target_lun_tell(lun);
		xa_erase(&tpg->luns, lun->unpacked_lun);
		RCU_INIT_POINTER(lun->lun_se_dev, NULL);
	}
	target_lun_tell_backend(lun, dev);
	target_itl_free_all(&dead);
	/* Nexuses of sessions that are ending: who ends them waits just so. */
	wait_var_event(&lun->itls, target_lun_is_drained(lun));
	target_tg_pt_gp_leave(lun, dev);
	target_device_unexport(dev, lun);
	if (tfo->fabric_post_unlink)
		tfo->fabric_post_unlink(tpg, lun);
}

struct se_lun_acl *target_lun_acl_alloc(struct se_node_acl *acl, u64 mapped_lun)
{
	struct se_lun_acl *lacl = kzalloc(sizeof(*lacl), GFP_KERNEL);

	if (!lacl)
		return NULL;
	lacl->se_lun_nacl = acl;
	lacl->mapped_lun = mapped_lun;
	return lacl;
}

void target_lun_acl_free(struct se_lun_acl *lacl)
{
	kfree(lacl);
}

/* What an ACL's sessions may see has changed (SPC-6 6.33: REPORTED LUNS DATA HAS CHANGED). */
static void target_lun_acl_changed(struct se_node_acl *acl)
{
	struct se_session *sess;
	struct target_itl *itl;
	unsigned long index;

	list_for_each_entry(sess, &acl->sess_list, acl_sess_list)
		xa_for_each(&sess->itls, index, itl)
			target_ua_set(itl, TARGET_UA_LUNS_CHANGED);
}

static void target_lun_acl_kill_itls(struct se_lun_acl *lacl, struct list_head *dead)
{
	struct se_session *sess;

	list_for_each_entry(sess, &lacl->se_lun_nacl->sess_list, acl_sess_list) {
		struct target_itl *itl = xa_load(&sess->itls, lacl->mapped_lun);

		if (itl)
			target_itl_kill(itl, dead);
	}
}

static int target_lun_acl_publish(struct se_lun_acl *lacl, struct se_lun *lun, bool read_only,
				  struct list_head *dead)
{
	struct se_node_acl *acl = lacl->se_lun_nacl;
	struct se_session *sess;
	int err;

	lockdep_assert_held(&acl->se_tpg->lock);
	if (lacl->se_lun)
		return -EEXIST;
	if (!target_lun_device(lun))
		return -EINVAL;
	err = xa_insert(&acl->mapped, lacl->mapped_lun, lacl, GFP_KERNEL);
	if (err)
		return err == -EBUSY ? -EEXIST : err;
	lacl->se_lun = lun;
	lacl->read_only = read_only;
	lacl->creation_time = get_jiffies_64();
	/* A session from before the ACL had a name may see a LUN of this number. */
	target_lun_acl_kill_itls(lacl, dead);
	list_for_each_entry(sess, &acl->sess_list, acl_sess_list) {
		err = target_session_map_acl(sess, lacl);
		if (err)
			goto out_unpublish;
	}
	target_lun_acl_changed(acl);
	return 0;

out_unpublish:
	target_lun_acl_kill_itls(lacl, dead);
	xa_erase(&acl->mapped, lacl->mapped_lun);
	lacl->se_lun = NULL;
	return err;
}

int target_lun_acl_link(struct se_lun_acl *lacl, struct se_lun *lun, bool read_only)
{
	struct se_portal_group *tpg = lacl->se_lun_nacl->se_tpg;
	LIST_HEAD(dead);
	int err;

	if (lun->lun_tpg != tpg || !target_lun_addressable(lacl->mapped_lun))
		return -EINVAL;
	scoped_guard(mutex, &tpg->lock)
		err = target_lun_acl_publish(lacl, lun, read_only, &dead);
	target_itl_free_all(&dead);
	return err;
}

void target_lun_acl_unlink(struct se_lun_acl *lacl)
{
	struct se_portal_group *tpg = lacl->se_lun_nacl->se_tpg;
	LIST_HEAD(dead);

	scoped_guard(mutex, &tpg->lock) {
		target_lun_acl_kill_itls(lacl, &dead);
		xa_erase(&lacl->se_lun_nacl->mapped, lacl->mapped_lun);
		lacl->se_lun = NULL;
		target_lun_acl_changed(lacl->se_lun_nacl);
	}
	target_itl_free_all(&dead);
}

int target_lun_acl_set_read_only(struct se_lun_acl *lacl, bool read_only)
{
	struct se_node_acl *acl = lacl->se_lun_nacl;
	struct se_session *sess;

	guard(mutex)(&acl->se_tpg->lock);
	if (!lacl->se_lun)
		return -ENODEV;
	lacl->read_only = read_only;
	list_for_each_entry(sess, &acl->sess_list, acl_sess_list) {
		struct target_itl *itl = xa_load(&sess->itls, lacl->mapped_lun);

		if (itl)
			WRITE_ONCE(itl->read_only, read_only || lacl->se_lun->lun_access_ro);
	}
	return 0;
}

void target_lun_acl_stats(struct se_lun_acl *lacl, struct target_io_stats *sum)
{
	struct se_node_acl *acl = lacl->se_lun_nacl;
	struct se_session *sess;

	guard(mutex)(&acl->se_tpg->lock);
	list_for_each_entry(sess, &acl->sess_list, acl_sess_list) {
		struct target_itl *itl = xa_load(&sess->itls, lacl->mapped_lun);

		if (itl)
			target_itl_sum(itl, sum);
	}
}
