/* SPDX-License-Identifier: GPL-2.0-only */
/* The target tree: /sys/kernel/config/target. Calls down; owns no policy. */
#ifndef TARGET_CONFIGFS_H
#define TARGET_CONFIGFS_H

#include <target/target_core_fabric.h>

#define TARGET_DBROOT_LEN	4096	/* bytes, NUL included */

/* The subsystem "target". core/configfs.c */
extern struct configfs_subsystem target_subsystem;

/* Register the subsystem with core/ and core/alua/; its mirror image. core/configfs.c */
int target_configfs_init(void);
void target_configfs_exit(void);

/* Where persistent state is kept, no trailing slash; see target/dbroot. */
const char *target_dbroot(void);

/* core/configfs_hba.c */
extern const struct config_item_type target_core_dir_type;	/* core/ */
/* core/configfs_device.c: mkdir below an HBA */
struct config_group *target_device_dir_make(struct se_hba *hba, const char *name);
struct se_device *target_item_to_device(struct config_item *item);	/* dev_group */
bool target_item_is_device(struct config_item *item);
/* core/configfs_wwn.c, _pr.c, _alua.c, _stat.c, _attrib.c: the sub-directories of a device */
extern const struct config_item_type target_dev_wwn_type;
extern const struct config_item_type target_dev_pr_type;
extern const struct config_item_type target_dev_alua_type;
extern const struct config_item_type target_lu_gps_type;
void target_dev_stat_init(struct se_device *dev, struct config_group *parent);
void target_lun_stat_init(struct se_lun *lun, struct config_group *parent);
void target_lun_acl_stat_init(struct se_lun_acl *lacl, struct config_group *parent);
/* core/configfs_fabric.c: mkdir target/<fabric> */
struct config_group *target_fabric_dir_make(const char *name);
void target_fabric_dir_drop(struct config_item *item);
bool target_item_is_lun(struct config_item *item);
struct se_lun *target_item_to_lun(struct config_item *item);
/* core/configfs_lun.c, core/configfs_acl.c */
extern const struct config_item_type target_lun_dir_type;	/* tpgt_N/lun */
extern const struct config_item_type target_acl_dir_type;	/* tpgt_N/acls */

#endif /* TARGET_CONFIGFS_H */
