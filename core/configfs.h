/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The target tree: /sys/kernel/config/target. Calls down; owns no policy.
 *
 * Every directory is a config_group embedded in its object. The object goes when
 * the last reference of its item does (the type's release); drop_item puts that
 * reference and those of the default groups, whose items would hold it for ever.
 */
#ifndef TARGET_CONFIGFS_H
#define TARGET_CONFIGFS_H

#include <target/target_core_fabric.h>

#define TARGET_DBROOT_LEN	4096	/* bytes, NUL included */

struct target_tg_pt_gp;

/* The subsystem "target". core/configfs.c */
extern struct configfs_subsystem target_subsystem;

/* Register the subsystem with core/ and core/alua/; its mirror image. core/configfs.c */
int target_configfs_init(void);
void target_configfs_exit(void);

/* Initialise a directory that mkdir makes: 0, or -ENOMEM and nothing to undo. */
int target_dir_init(struct config_group *group, const char *name,
		    const struct config_item_type *type);
/* Put a directory of a fixed, short name into its parent. */
void target_dir_add(struct config_group *parent, struct config_group *group, const char *name,
		    const struct config_item_type *type);
extern const struct config_item_type target_empty_dir_type;	/* no files, no mkdir */

/*
 * What was written to a file of text, less the blanks around it, as a string in
 * @buf of @size. Return: its length; -EOVERFLOW; -EINVAL for a NUL within.
 */
ssize_t target_text_parse(const char *page, size_t count, char *buf, size_t size);

/* "<prefix><n>", decimal, the one way to write each number: 0 or -EINVAL, -ERANGE. */
int target_number_parse(const char *name, const char *prefix, u64 *number);

/* core/configfs_hba.c */
extern const struct config_item_type target_core_dir_type;	/* core/ */
/* "<plugin>_<n>": 0, -EINVAL, -ENAMETOOLONG */
int target_hba_name_parse(const char *name, char *plugin, size_t size, u32 *id);

/* core/configfs_device.c: mkdir and rmdir below an HBA */
struct config_group *target_device_dir_make(struct se_hba *hba, const char *name);
void target_device_dir_drop(struct config_item *item);
void target_hba_dev_types_init(struct se_hba *hba);
struct se_device *target_item_to_device(struct config_item *item);	/* dev_group */
bool target_item_is_device(struct config_item *item);

/* core/configfs_wwn.c, _pr.c, _alua.c, _stat.c: the sub-directories of a device */
extern const struct config_item_type target_dev_wwn_type;
extern const struct config_item_type target_dev_pr_type;
extern const struct config_item_type target_dev_alua_type;
extern const struct config_item_type target_tg_pt_gp_type;
extern const struct config_item_type target_lu_gps_type;
extern const struct config_item_type target_default_lu_gp_type;
void target_dev_stat_init(struct se_device *dev);	/* stat_group is there */
void target_lun_stat_init(struct se_lun *lun);
void target_lun_acl_stat_init(struct se_lun_acl *lacl);

/*
 * struct target_fabric_configfs - the directory of a fabric
 *
 * The types of what is below differ by fabric, since its files do.
 */
struct target_fabric_configfs {
	const struct target_core_fabric_ops *tfo;	/* module reference held */
	struct config_group		group;
	struct config_group		disc_group;	/* discovery_auth/ */
	struct configfs_attribute	**tpg_attrs;	/* the core's and the fabric's, allocated */
	struct config_item_type		dir_type;
	struct config_item_type		disc_type;
	struct config_item_type		wwn_type;
	struct config_item_type		tpg_type;
	struct config_item_type		tpg_attrib_type;
	struct config_item_type		tpg_auth_type;
	struct config_item_type		tpg_param_type;
	struct config_item_type		np_type;
	struct config_item_type		acl_type;
	struct config_item_type		acl_attrib_type;
	struct config_item_type		acl_auth_type;
	struct config_item_type		acl_param_type;
};

/* core/configfs_fabric.c: mkdir target/<fabric> */
struct config_group *target_fabric_dir_make(const char *name);
void target_fabric_dir_drop(struct config_item *item);

/* core/configfs_lun.c, core/configfs_acl.c */
extern const struct config_item_type target_lun_dir_type;	/* tpgt_N/lun */
extern const struct config_item_type target_acl_dir_type;	/* tpgt_N/acls */
bool target_item_is_lun(struct config_item *item);
struct se_lun *target_item_to_lun(struct config_item *item);
/* A fabric's type of acls/<initiator>: fill in what is the core's. */
void target_acl_type_init(struct config_item_type *type);

#endif /* TARGET_CONFIGFS_H */
