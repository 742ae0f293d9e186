/* SPDX-License-Identifier: GPL-2.0-only */
/* Initiator ports known to a target port group. */
#ifndef TARGET_ACL_H
#define TARGET_ACL_H

#include <target/target_core_fabric.h>

/**
 * target_acl_add - acls/<name> was made
 * @tpg: target port group
 * @name: initiator port name
 *
 * A dynamic ACL of that name becomes a named one. May sleep; takes tpg->lock.
 * Return: the ACL with the directory's reference, or ERR_PTR: -EEXIST, -EINVAL
 * (name too long), -ENOMEM, or what fabric_init_nodeacl returned.
 */
struct se_node_acl *target_acl_add(struct se_portal_group *tpg, const char *name);

/* Its directory goes: its sessions are closed or stopped, wait for them, free. May sleep. */
void target_acl_del(struct se_node_acl *acl);

/* Find by name; tpg->lock held; no reference. */
struct se_node_acl *target_acl_find(struct se_portal_group *tpg, const char *name);

/*
 * Find by name, or make one if anybody is let in. The ACL with a reference, or ERR_PTR:
 * -EACCES, -ENOMEM. May sleep; takes tpg->lock.
 */
struct se_node_acl *target_acl_admit(struct se_portal_group *tpg, const char *name);

/* kref_get; tpg->lock held. */
void target_acl_get(struct se_node_acl *acl);

#endif /* TARGET_ACL_H */
