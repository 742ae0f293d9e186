// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sessions (I_T nexuses, SAM-6 4.7).
 *
 * alloc -> register: on the port's list, with an I_T_L nexus for each LUN the
 * initiator may see -> stop: no new commands -> deregister: off the list, the
 * nexuses drained -> free.
 */
#include <linux/slab.h>
#include "acl.h"
#include "itl.h"
#include "lun.h"
#include "session.h"
#include "tmr.h"
#include "tpg.h"

static atomic_t target_session_index = ATOMIC_INIT(0);

static void target_session_drained(struct percpu_ref *ref)
{
	complete(&container_of(ref, struct se_session, cmd_ref)->drained);
}

/**
 * transport_init_session - initialise a session
 * @sess: zeroed memory
 *
 * transport_alloc_session() does this and more: a session that carries commands
 * comes from there.
 * Context: process.
 */
void transport_init_session(struct se_session *sess)
{
	INIT_LIST_HEAD(&sess->sess_list);
	INIT_LIST_HEAD(&sess->acl_sess_list);
	xa_init(&sess->itls);
	init_completion(&sess->drained);
	sess->sess_index = atomic_inc_return(&target_session_index);
}
TARGET_EXPORT(transport_init_session);

/**
 * transport_alloc_session - allocate a session
 * @sup_prot_ops: protection operations that the fabric can do
 *
 * Context: process, may sleep.
 * Return: the session, freed by transport_free_session(), or ERR_PTR(-ENOMEM).
 */
struct se_session *transport_alloc_session(enum target_prot_op sup_prot_ops)
{
	struct se_session *sess = kzalloc(sizeof(*sess), GFP_KERNEL);

	if (!sess)
		return ERR_PTR(-ENOMEM);
	transport_init_session(sess);
	sess->sup_prot_ops = sup_prot_ops;
	if (percpu_ref_init(&sess->cmd_ref, target_session_drained, 0, GFP_KERNEL)) {
		kfree(sess);
		return ERR_PTR(-ENOMEM);
	}
	return sess;
}
TARGET_EXPORT(transport_alloc_session);

/**
 * transport_alloc_session_tags - give a session a pool of command descriptors
 * @sess: the session
 * @tag_num: descriptors
 * @tag_size: bytes of each, zeroed
 *
 * Context: process, may sleep.
 * Return: 0 or -ENOMEM.
 */
int transport_alloc_session_tags(struct se_session *sess, unsigned int tag_num,
				 unsigned int tag_size)
{
	int err;

	sess->sess_cmd_map = kvcalloc(tag_num, tag_size, GFP_KERNEL | __GFP_RETRY_MAYFAIL);
	if (!sess->sess_cmd_map)
		return -ENOMEM;
	err = sbitmap_queue_init_node(&sess->sess_tag_pool, tag_num, -1, false, GFP_KERNEL,
				      NUMA_NO_NODE);
	if (err) {
		kvfree(sess->sess_cmd_map);
		sess->sess_cmd_map = NULL;
	}
	return err;
}
TARGET_EXPORT(transport_alloc_session_tags);

bool target_session_is_dynamic(const struct se_session *sess)
{
	return sess->se_node_acl->dynamic_node_acl;
}

/**
 * target_session_find_lun - what a session sees under a number
 * @sess: the session
 * @lun: the number, as its initiator knows it
 *
 * Context: an RCU read-side section, which keeps the LUN.
 * Return: the port's LUN, or NULL if there is none.
 */
struct se_lun *target_session_find_lun(struct se_session *sess, u64 lun)
{
	struct target_itl *itl = target_itl_find(sess, lun);

	return itl ? itl->lun : NULL;
}
TARGET_EXPORT(target_session_find_lun);

static int target_session_map_dynamic(struct se_session *sess, struct se_lun *lun,
				      struct se_device *dev)
{
	struct se_portal_group *tpg = sess->se_tpg;
	bool read_only = lun->lun_access_ro ||
			 target_tpg_check(tpg, tpg_check_demo_mode_write_protect) ||
			 target_tpg_check(tpg, tpg_check_prod_mode_write_protect);

	if (target_tpg_check(tpg, tpg_check_demo_mode_login_only))
		return 0;
	return target_itl_add(sess, lun, dev, lun->unpacked_lun, read_only);
}

int target_session_map_acl(struct se_session *sess, struct se_lun_acl *lacl)
{
	struct se_lun *lun = lacl->se_lun;
	struct se_device *dev = target_lun_device(lun);
	bool read_only = lacl->read_only || lun->lun_access_ro ||
			 target_tpg_check(sess->se_tpg, tpg_check_prod_mode_write_protect);

	return dev ? target_itl_add(sess, lun, dev, lacl->mapped_lun, read_only) : 0;
}

int target_session_map_lun(struct se_session *sess, struct se_lun *lun, struct se_device *dev)
{
	struct se_lun_acl *lacl;
	unsigned long index;
	int ret = 0;

	lockdep_assert_held(&sess->se_tpg->lock);
	if (target_session_is_dynamic(sess))
		return target_session_map_dynamic(sess, lun, dev);
	xa_for_each(&sess->se_node_acl->mapped, index, lacl)
		if (lacl->se_lun == lun)
			ret = target_session_map_acl(sess, lacl) ?: ret;
	return ret;
}

static int target_session_map(struct se_session *sess)
{
	struct se_lun *lun;
	unsigned long index;
	int ret = 0;

	xa_for_each(&sess->se_tpg->luns, index, lun)
		ret = target_session_map_lun(sess, lun, target_lun_device(lun)) ?: ret;
	return ret;
}

/**
 * __transport_register_session - transport_register_session() without a context
 * @tpg: see there
 * @acl: see there
 * @sess: see there
 * @fabric_sess_ptr: see there
 *
 * The core has one lock for this, so both are the same.
 */
void __transport_register_session(struct se_portal_group *tpg, struct se_node_acl *acl,
				  struct se_session *sess, void *fabric_sess_ptr)
{
	transport_register_session(tpg, acl, sess, fabric_sess_ptr);
}
TARGET_EXPORT(__transport_register_session);

/**
 * transport_register_session - start a session
 * @tpg: the port
 * @acl: the initiator, with the reference from core_tpg_check_initiator_node_acl()
 * @sess: the session
 * @fabric_sess_ptr: the fabric's own
 *
 * Context: process, may sleep.
 */
void transport_register_session(struct se_portal_group *tpg, struct se_node_acl *acl,
				struct se_session *sess, void *fabric_sess_ptr)
{
	sess->se_tpg = tpg;
	sess->fabric_sess_ptr = fabric_sess_ptr;
	guard(mutex)(&tpg->lock);
	sess->se_node_acl = acl;
	sess->sess_prot_type = target_tpg_check(tpg, tpg_check_prot_fabric_only);
	list_add_tail(&sess->sess_list, &tpg->sess_list);
	list_add_tail(&sess->acl_sess_list, &acl->sess_list);
	/* Without memory for a LUN's nexus the initiator does not see that LUN. */
	if (target_session_map(sess))
		pr_warn("session of %s: out of memory, some LUNs are missing\n",
			acl->initiatorname);
}
TARGET_EXPORT(transport_register_session);

/**
 * target_setup_session - allocate and start a session
 * @tpg: the port
 * @tag_num: command descriptors, 0 for none
 * @tag_size: bytes of each
 * @prot_op: protection operations that the fabric can do
 * @initiatorname: name of the initiator port
 * @fabric_sess_ptr: the fabric's own
 * @callback: called before the session is started, or NULL; 0 or -errno
 *
 * Context: process, may sleep.
 * Return: the session, ended by target_remove_session(); ERR_PTR: -ENOMEM,
 * -EACCES if the initiator is not let in, or what @callback returned.
 */
struct se_session *target_setup_session(struct se_portal_group *tpg, unsigned int tag_num,
					unsigned int tag_size, enum target_prot_op prot_op,
					const char *initiatorname, void *fabric_sess_ptr,
					int (*callback)(struct se_portal_group *tpg,
							struct se_session *sess,
							void *fabric_sess_ptr))
{
	struct se_session *sess = transport_alloc_session(prot_op);
	struct se_node_acl *acl;
	int err;

	if (IS_ERR(sess))
		return sess;
	if (tag_num) {
		err = transport_alloc_session_tags(sess, tag_num, tag_size);
		if (err)
			goto out_free;
	}
	sess->se_tpg = tpg;
	acl = target_acl_admit(tpg, initiatorname);
	if (IS_ERR(acl)) {
		err = PTR_ERR(acl);
		goto out_free;
	}
	sess->se_node_acl = acl;
	if (callback) {
		err = callback(tpg, sess, fabric_sess_ptr);
		if (err)
			goto out_free;
	}
	transport_register_session(tpg, sess->se_node_acl, sess, fabric_sess_ptr);
	return sess;

out_free:
	transport_free_session(sess);
	return ERR_PTR(err);
}
TARGET_EXPORT(target_setup_session);

/**
 * target_stop_session - no more commands
 * @sess: the session
 *
 * Those in flight go on; target_wait_for_sess_cmds() waits for them.
 * Context: process.
 */
void target_stop_session(struct se_session *sess)
{
	if (!xchg(&sess->stopped, true))
		percpu_ref_kill(&sess->cmd_ref);
}
TARGET_EXPORT(target_stop_session);

static void target_session_goes(struct se_session *sess)
{
	struct target_itl *itl;
	unsigned long lun;

	guard(mutex)(&sess->se_tpg->lock);
	xa_for_each(&sess->itls, lun, itl)
		target_tmr_nexus_goes(itl);
}

/**
 * target_wait_for_sess_cmds - wait until no command is left
 * @sess: stopped
 *
 * The wait ends when each command has been ended by its backstore and released
 * by its fabric. May be called again.
 * Context: process, may sleep.
 */
void target_wait_for_sess_cmds(struct se_session *sess)
{
	WARN_ON_ONCE(!sess->stopped);
	do
		target_session_goes(sess);
	while (!wait_for_completion_timeout(&sess->drained, HZ));
	complete_all(&sess->drained);
}
TARGET_EXPORT(target_wait_for_sess_cmds);

/**
 * transport_deregister_session_configfs - a session is about to go
 * @sess: the session
 *
 * Takes it off its ACL's list, so that nothing new refers to it.
 * Context: process, may sleep.
 */
void transport_deregister_session_configfs(struct se_session *sess)
{
	guard(mutex)(&sess->se_tpg->lock);
	list_del_init(&sess->acl_sess_list);
}
TARGET_EXPORT(transport_deregister_session_configfs);

static void target_session_unmap(struct se_session *sess, struct list_head *dead)
{
	struct target_itl *itl;
	unsigned long lun;

	xa_for_each(&sess->itls, lun, itl)
		target_itl_kill(itl, dead);
}

/**
 * transport_deregister_session - end a session and free it
 * @sess: the session
 *
 * Stops it and waits for its commands if that has not been done.
 * Context: process, may sleep.
 */
void transport_deregister_session(struct se_session *sess)
{
	struct se_portal_group *tpg = sess->se_tpg;
	LIST_HEAD(dead);

	scoped_guard(mutex, &tpg->lock) {
		list_del_init(&sess->sess_list);
		list_del_init(&sess->acl_sess_list);
		target_session_unmap(sess, &dead);
	}
	target_stop_session(sess);
	target_itl_free_all(&dead);
	target_wait_for_sess_cmds(sess);
	transport_free_session(sess);
}
TARGET_EXPORT(transport_deregister_session);

/**
 * target_remove_session - undo target_setup_session()
 * @sess: the session
 *
 * Context: process, may sleep; see transport_deregister_session().
 */
void target_remove_session(struct se_session *sess)
{
	transport_deregister_session_configfs(sess);
	transport_deregister_session(sess);
}
TARGET_EXPORT(target_remove_session);

/**
 * transport_free_session - free a session that is not registered
 * @sess: from transport_alloc_session(), with no command in flight
 *
 * Context: process, may sleep.
 */
void transport_free_session(struct se_session *sess)
{
	WARN_ON_ONCE(!xa_empty(&sess->itls));
	if (sess->se_node_acl)
		target_put_nacl(sess->se_node_acl);
	if (sess->sess_cmd_map) {
		sbitmap_queue_free(&sess->sess_tag_pool);
		kvfree(sess->sess_cmd_map);
	}
	percpu_ref_exit(&sess->cmd_ref);
	xa_destroy(&sess->itls);
	kfree(sess);
}
TARGET_EXPORT(transport_free_session);

/**
 * target_show_dynamic_sessions - names of initiators that no directory names
 * @tpg: the port
 * @page: a page
 *
 * Context: process, may sleep.
 * Return: bytes written: a name and a newline each, as many as fit.
 */
ssize_t target_show_dynamic_sessions(struct se_portal_group *tpg, char *page)
{
	struct se_session *sess;
	ssize_t len = 0;

	guard(mutex)(&tpg->lock);
	list_for_each_entry(sess, &tpg->sess_list, sess_list)
		if (target_session_is_dynamic(sess))
			len += scnprintf(page + len, PAGE_SIZE - len, "%s\n",
					 sess->se_node_acl->initiatorname);
	return len;
}
TARGET_EXPORT(target_show_dynamic_sessions);
