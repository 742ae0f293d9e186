/* SPDX-License-Identifier: GPL-2.0-only */
/* LUNs of a target port, and initiators' mappings of them. */
#ifndef TARGET_LUN_H
#define TARGET_LUN_H

#include <target/target_core_base.h>

/* Directory made / its last reference gone. NULL when there is no memory. */
struct se_lun *target_lun_alloc(struct se_portal_group *tpg, u64 unpacked_lun);
void target_lun_free(struct se_lun *lun);

/**
 * target_lun_link - export a device: lun/lun_N gets its symlink
 * @lun: not linked
 * @dev: the device; the caller holds its config_item
 *
 * Publishes it to every session of the port that may see it, then calls the
 * fabric's fabric_post_link. May sleep.
 * Return: 0, -EEXIST if it is linked, -ENODEV if the device is not configured,
 * -EINVAL if the LUN cannot be addressed, -ENOMEM.
 */
int target_lun_link(struct se_lun *lun, struct se_device *dev);

/* The symlink goes: fabric_pre_unlink, unpublish, kill, wait, fabric_post_unlink. */
void target_lun_unlink(struct se_lun *lun);

/* Sum of what went through; any context that may take itl_lock. */
void target_lun_stats(struct se_lun *lun, struct target_io_stats *sum);

/* The linked device or NULL; the caller holds tpg->lock or the LUN's link. */
struct se_device *target_lun_device(struct se_lun *lun);

/* acls/<initiator>/lun_N and its symlink to a LUN of the port. */
struct se_lun_acl *target_lun_acl_alloc(struct se_node_acl *acl, u64 mapped_lun);
void target_lun_acl_free(struct se_lun_acl *lacl);
int target_lun_acl_link(struct se_lun_acl *lacl, struct se_lun *lun, bool read_only);
void target_lun_acl_unlink(struct se_lun_acl *lacl);
/* -ENODEV while it is not linked. */
int target_lun_acl_set_read_only(struct se_lun_acl *lacl, bool read_only);
/* Sum over the sessions of the initiator; tpg->lock is taken. */
void target_lun_acl_stats(struct se_lun_acl *lacl, struct target_io_stats *sum);

#endif /* TARGET_LUN_H */
