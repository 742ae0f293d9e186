// SPDX-License-Identifier: GPL-2.0-only
/*
 * Initiator ports known to a target port group.
 *
 * An ACL is made by mkdir below acls/, or, where the fabric lets in initiators
 * that nobody named, by the first session of one (dynamic).  It is held by its
 * directory and by each session, and freed with the last of them.
 */
#include <linux/slab.h>
#include "acl.h"
#include "itl.h"
#include "tpg.h"
#include "ua.h"

static atomic_t target_acl_index = ATOMIC_INIT(0);

struct se_node_acl *target_acl_find(struct se_portal_group *tpg, const char *name)
{
	struct se_node_acl *acl;

	lockdep_assert_held(&tpg->lock);
	list_for_each_entry(acl, &tpg->acl_list, acl_list)
		if (!strcmp(acl->initiatorname, name))
			return acl;
	return NULL;
}

void target_acl_get(struct se_node_acl *acl)
{
	lockdep_assert_held(&acl->se_tpg->lock);
	kref_get(&acl->acl_kref);
}

/* The fabric's struct begins with struct se_node_acl. */
static struct se_node_acl *target_acl_alloc(struct se_portal_group *tpg, const char *name)
{
	const struct target_core_fabric_ops *tfo = tpg->se_tpg_tfo;
	struct se_node_acl *acl;

	acl = kzalloc(max(sizeof(*acl), tfo->node_acl_size), GFP_KERNEL);
	if (!acl)
		return NULL;
	strscpy(acl->initiatorname, name, sizeof(acl->initiatorname));
	kref_init(&acl->acl_kref);
	INIT_LIST_HEAD(&acl->sess_list);
	xa_init(&acl->mapped);
	acl->se_tpg = tpg;
	acl->acl_index = atomic_inc_return(&target_acl_index);
	acl->queue_depth = tfo->tpg_get_default_depth ? tfo->tpg_get_default_depth(tpg) : 1;
	if (tfo->set_default_node_attributes)
		tfo->set_default_node_attributes(acl);
	return acl;
}

static void target_acl_free(struct se_node_acl *acl)
{
	WARN_ON_ONCE(!list_empty(&acl->sess_list));
	WARN_ON_ONCE(!xa_empty(&acl->mapped));
	xa_destroy(&acl->mapped);
	kfree(acl);
}

static void target_acl_release(struct kref *kref)
{
	struct se_node_acl *acl = container_of(kref, struct se_node_acl, acl_kref);

	if (!acl->dead)
		list_del(&acl->acl_list);
	mutex_unlock(&acl->se_tpg->lock);
	target_acl_free(acl);
}

/**
 * target_put_nacl - drop a reference to an ACL
 * @acl: from core_tpg_check_initiator_node_acl() and its like
 *
 * Context: process, may sleep.
 */
void target_put_nacl(struct se_node_acl *acl)
{
	kref_put_mutex(&acl->acl_kref, target_acl_release, &acl->se_tpg->lock);
}
TARGET_EXPORT(target_put_nacl);

/**
 * core_tpg_get_initiator_node_acl - find an ACL
 * @tpg: the port
 * @name: name of the initiator port
 *
 * Context: process, may sleep.
 * Return: the ACL with a reference for target_put_nacl(), or NULL.
 */
struct se_node_acl *core_tpg_get_initiator_node_acl(struct se_portal_group *tpg,
						    unsigned char *name)
{
	struct se_node_acl *acl;

	guard(mutex)(&tpg->lock);
	acl = target_acl_find(tpg, name);
	if (acl)
		target_acl_get(acl);
	return acl;
}
TARGET_EXPORT(core_tpg_get_initiator_node_acl);

struct se_node_acl *target_acl_admit(struct se_portal_group *tpg, const char *name)
{
	const struct target_core_fabric_ops *tfo = tpg->se_tpg_tfo;
	struct se_node_acl *acl;

	if (strlen(name) >= TRANSPORT_IQN_LEN)
		return ERR_PTR(-EACCES);
	guard(mutex)(&tpg->lock);
	acl = target_acl_find(tpg, name);
	if (acl) {
		target_acl_get(acl);
		return acl;
	}
	if (!target_tpg_check(tpg, tpg_check_demo_mode))
		return ERR_PTR(-EACCES);
	acl = target_acl_alloc(tpg, name);
	if (!acl)
		return ERR_PTR(-ENOMEM);
	acl->dynamic_node_acl = true;
	/* A cached one is held by the port as well, until the port goes. */
	if (tfo->tpg_check_demo_mode_cache && tfo->tpg_check_demo_mode_cache(tpg)) {
		acl->cached = true;
		kref_get(&acl->acl_kref);
	}
	list_add_tail(&acl->acl_list, &tpg->acl_list);
	return acl;
}

/**
 * core_tpg_check_initiator_node_acl - find an ACL, or make one if anybody is let in
 * @tpg: the port
 * @name: name of the initiator port
 *
 * Context: process, may sleep.
 * Return: the ACL with a reference for target_put_nacl(), or NULL if the
 * initiator is not let in or there is no memory.
 */
struct se_node_acl *core_tpg_check_initiator_node_acl(struct se_portal_group *tpg,
						      unsigned char *name)
{
	struct se_node_acl *acl = target_acl_admit(tpg, name);

	return IS_ERR(acl) ? NULL : acl;
}
TARGET_EXPORT(core_tpg_check_initiator_node_acl);

/**
 * target_tpg_has_node_acl - is there a named ACL?
 * @tpg: the port
 * @name: name of the initiator port
 *
 * Context: process, may sleep.
 * Return: true if a directory names it.
 */
bool target_tpg_has_node_acl(struct se_portal_group *tpg, const char *name)
{
	struct se_node_acl *acl;

	guard(mutex)(&tpg->lock);
	acl = target_acl_find(tpg, name);
	return acl && !acl->dynamic_node_acl;
}
TARGET_EXPORT(target_tpg_has_node_acl);

/**
 * core_allocate_nexus_loss_ua - an initiator has lost its nexuses
 * @acl: the ACL
 *
 * I_T NEXUS LOSS OCCURRED becomes pending on every LUN it sees, and an ACA condition of
 * it is over (SAM-6 6.3.4).
 * Context: process, may sleep.
 */
void core_allocate_nexus_loss_ua(struct se_node_acl *acl)
{
	struct se_session *sess;
	struct target_itl *itl;
	unsigned long lun;

	guard(mutex)(&acl->se_tpg->lock);
	list_for_each_entry(sess, &acl->sess_list, acl_sess_list)
		xa_for_each(&sess->itls, lun, itl)
			target_itl_lost(itl);
}
TARGET_EXPORT(core_allocate_nexus_loss_ua);

/**
 * core_tpg_set_initiator_node_queue_depth - change how much an initiator may queue
 * @acl: the ACL
 * @depth: commands, at least 1
 *
 * Sessions that exist keep theirs.
 * Context: process, may sleep.
 * Return: 0 or -EINVAL.
 */
int core_tpg_set_initiator_node_queue_depth(struct se_node_acl *acl, u32 depth)
{
	if (!depth)
		return -EINVAL;
	guard(mutex)(&acl->se_tpg->lock);
	acl->queue_depth = depth;
	return 0;
}
TARGET_EXPORT(core_tpg_set_initiator_node_queue_depth);

/**
 * core_tpg_set_initiator_node_tag - label an initiator
 * @tpg: the port
 * @acl: the ACL
 * @tag: text; "NULL" removes it
 *
 * Context: process, may sleep.
 * Return: 0, or -EINVAL if @tag has %MAX_ACL_TAG_SIZE characters or more.
 */
int core_tpg_set_initiator_node_tag(struct se_portal_group *tpg, struct se_node_acl *acl,
				    const char *tag)
{
	if (strlen(tag) >= MAX_ACL_TAG_SIZE)
		return -EINVAL;
	guard(mutex)(&tpg->lock);
	strscpy(acl->acl_tag, strcmp(tag, "NULL") ? tag : "", MAX_ACL_TAG_SIZE);
	return 0;
}
TARGET_EXPORT(core_tpg_set_initiator_node_tag);

static struct se_node_acl *target_acl_add_new(struct se_portal_group *tpg, const char *name)
{
	struct se_node_acl *acl = target_acl_find(tpg, name);

	if (acl && !acl->dynamic_node_acl)
		return ERR_PTR(-EEXIST);
	if (!acl) {
		acl = target_acl_alloc(tpg, name);
		if (!acl)
			return ERR_PTR(-ENOMEM);
		list_add_tail(&acl->acl_list, &tpg->acl_list);
		return acl;
	}
	/* Its sessions keep the LUNs they see. */
	acl->dynamic_node_acl = false;
	if (acl->cached)
		acl->cached = false;
	else
		target_acl_get(acl);
	return acl;
}

struct se_node_acl *target_acl_add(struct se_portal_group *tpg, const char *name)
{
	const struct target_core_fabric_ops *tfo = tpg->se_tpg_tfo;
	struct se_node_acl *acl;

	if (strlen(name) >= TRANSPORT_IQN_LEN)
		return ERR_PTR(-EINVAL);
	scoped_guard(mutex, &tpg->lock)
		acl = target_acl_add_new(tpg, name);
	if (IS_ERR(acl))
		return acl;
	if (tfo->fabric_init_nodeacl) {
		int err = tfo->fabric_init_nodeacl(acl, name);

		if (err) {
			target_acl_del(acl);
			return ERR_PTR(err);
		}
	}
	return acl;
}

/* A session of the ACL, held by a reference to its commands, or NULL. */
static struct se_session *target_acl_first_session(struct se_node_acl *acl)
{
	struct se_session *sess;

	guard(mutex)(&acl->se_tpg->lock);
	list_for_each_entry(sess, &acl->sess_list, acl_sess_list) {
		if (!percpu_ref_tryget_live(&sess->cmd_ref))
			continue;
		list_del_init(&sess->acl_sess_list);
		return sess;
	}
	return NULL;
}

void target_acl_del(struct se_node_acl *acl)
{
	struct se_portal_group *tpg = acl->se_tpg;
	struct se_session *sess;

	scoped_guard(mutex, &tpg->lock) {
		list_del(&acl->acl_list);
		acl->dead = true;
	}
	/* Where the fabric cannot close a session, it goes on without any LUN. */
	if (tpg->se_tpg_tfo->close_session) {
		while ((sess = target_acl_first_session(acl))) {
			tpg->se_tpg_tfo->close_session(sess);
			percpu_ref_put(&sess->cmd_ref);
		}
	}
	target_put_nacl(acl);
}
