// SPDX-License-Identifier: GPL-2.0-only
/* The nexus of a port: which initiator its Scsi_Host is. */
#include "loop.h"

ssize_t loop_nexus_show(struct loop_tpg *tpg, char *page)
{
	struct se_session *sess;

	guard(mutex)(&tpg->lock);
	sess = rcu_dereference_protected(tpg->sess, lockdep_is_held(&tpg->lock));
	if (!sess)
		return -ENODEV;
	return sysfs_emit(page, "%s\n", sess->se_node_acl->initiatorname);
}

static int loop_nexus_publish(struct loop_tpg *tpg, const char *port)
{
	struct se_session *sess;

	guard(mutex)(&tpg->lock);
	if (rcu_access_pointer(tpg->sess))
		return -EEXIST;
	sess = target_setup_session(&tpg->se_tpg, 0, 0, TARGET_PROT_ALL, port, tpg, NULL);
	if (IS_ERR(sess))
		return PTR_ERR(sess);
	rcu_assign_pointer(tpg->sess, sess);
	return 0;
}

int loop_nexus_make(struct loop_tpg *tpg, const char *name)
{
	const char *port;
	int proto, err;

	proto = loop_name_parse(name, &port);
	if (proto < 0)
		return proto;
	if (proto != tpg->host->proto)
		return -EINVAL;
	err = loop_nexus_publish(tpg, port);
	if (err)
		return err;
	loop_disk_scan(tpg);
	return 0;
}

/* The session stays for who found it under RCU: its end waits for a grace period. */
int loop_nexus_drop(struct loop_tpg *tpg)
{
	struct se_session *sess;

	scoped_guard(mutex, &tpg->lock) {
		sess = rcu_dereference_protected(tpg->sess, lockdep_is_held(&tpg->lock));
		if (!sess)
			return -ENODEV;
		if (!xa_empty(&tpg->luns))
			return -EPERM;
		RCU_INIT_POINTER(tpg->sess, NULL);
	}
	loop_disk_remove_all(tpg);
	target_remove_session(sess);
	return 0;
}
