/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Asymmetric logical unit access: the groups (SPC-6 5.18).
 *
 * The groups, their names, numbers and members are here; what a state means and how
 * it changes is in alua_state.h.
 */
#ifndef TARGET_ALUA_H
#define TARGET_ALUA_H

#include <target/target_core_base.h>

#define TARGET_ALUA_GP_NAME	256	/* bytes, NUL included */

/* ASYMMETRIC ACCESS STATE (SPC-6 table 204) */
enum target_alua_state {
	TARGET_ALUA_AO		= 0x0,
	TARGET_ALUA_AN		= 0x1,
	TARGET_ALUA_STANDBY	= 0x2,
	TARGET_ALUA_UNAVAILABLE	= 0x3,
	TARGET_ALUA_LBD		= 0x4,
	TARGET_ALUA_OFFLINE	= 0xe,
	TARGET_ALUA_TRANSITION	= 0xf,
};

/* Bits of tg_pt_gp->supported: byte 1 of a REPORT TARGET PORT GROUPS descriptor. */
#define TARGET_ALUA_T_SUP	0x80
#define TARGET_ALUA_O_SUP	0x40
#define TARGET_ALUA_LBD_SUP	0x10
#define TARGET_ALUA_U_SUP	0x08
#define TARGET_ALUA_S_SUP	0x04
#define TARGET_ALUA_AN_SUP	0x02
#define TARGET_ALUA_AO_SUP	0x01

/* access_type bits: TPGS of standard INQUIRY data */
#define TARGET_TPGS_IMPLICIT	0x1
#define TARGET_TPGS_EXPLICIT	0x2

/* STATUS CODE of a REPORT TARGET PORT GROUPS descriptor (SPC-6 6.36) */
enum target_alua_status {
	TARGET_ALUA_STATUS_NONE		= 0,
	TARGET_ALUA_STATUS_EXPLICIT	= 1,	/* by SET TARGET PORT GROUPS */
	TARGET_ALUA_STATUS_IMPLICIT	= 2,	/* by the target itself */
};

/*
 * struct target_tg_pt_gp - a target port group of one logical unit
 *
 * On dev->tg_pt_gps; everything here is protected by dev->lun_lock, but for
 * @group, @dev and @name, which do not change.
 */
struct target_tg_pt_gp {
	struct config_group	group;
	struct se_device	*dev;
	struct list_head	node;		/* on dev->tg_pt_gps */
	struct list_head	luns;		/* struct se_lun::tg_pt_gp_node */
	bool			id_valid;
	u16			id;
	u8			supported;	/* TARGET_ALUA_*_SUP */
	u8			state;		/* enum target_alua_state */
	u8			status;		/* enum target_alua_status */
	u8			was;		/* state before the transition that goes on */
	u8			access_type;	/* TARGET_TPGS_* */
	bool			preferred;
	bool			write_metadata;
	bool			loaded;		/* its file was looked for */
	u32			nonop_delay_msecs;
	u32			trans_delay_msecs;
	u32			implicit_trans_secs;
	char			name[];
};

/*
 * struct target_lu_gp - a logical unit group
 *
 * On the core's list; protected by target_lu_gp_lock in core/alua.c, but for
 * @group and @name, which do not change.
 */
struct target_lu_gp {
	struct config_group	group;
	struct list_head	node;
	struct list_head	devs;		/* struct se_device::lu_gp_node */
	bool			id_valid;
	u16			id;
	char			name[];
};

/* The first group of a unit is its default group and has number 0. NULL for no memory. */
struct target_tg_pt_gp *target_tg_pt_gp_alloc(struct se_device *dev, const char *name);
void target_tg_pt_gp_free(struct target_tg_pt_gp *gp);	/* members go to the default group */
/* Once, else -EINVAL; so if another group has it. 0 takes the lowest that is free. */
int target_tg_pt_gp_set_id(struct target_tg_pt_gp *gp, u16 id);
/*
 * A LUN joins the group of that name of its device (NULL: the default one);
 * -ENODEV if there is none, or none with a number. A unit whose backstore does
 * ALUA itself has no members: 0 for NULL, else -ENODEV.
 */
int target_tg_pt_gp_join(struct se_lun *lun, struct se_device *dev, const char *name);
void target_tg_pt_gp_leave(struct se_lun *lun, struct se_device *dev);
/* What is written to a group's files; 0 or -errno and no change. */
int target_tg_pt_gp_set_status(struct target_tg_pt_gp *gp, u32 status);
int target_tg_pt_gp_set_access_type(struct target_tg_pt_gp *gp, u32 type);
int target_tg_pt_gp_set_supported(struct target_tg_pt_gp *gp, u8 bit, u32 on);
int target_tg_pt_gp_set_preferred(struct target_tg_pt_gp *gp, u32 on);
/* One of the delays, at most @max. */
int target_tg_pt_gp_set_delay(struct target_tg_pt_gp *gp, u32 *delay, u32 value, u32 max);
int target_lun_set_alua_status(struct se_lun *lun, struct se_device *dev, u32 status);
/* The group with a number, or NULL; dev->lun_lock is held. */
struct target_tg_pt_gp *target_tg_pt_gp_by_id(struct se_device *dev, u16 id);
/* Its state or a LUN's own has changed: what commands meet; dev->lun_lock is held. */
void target_tg_pt_gp_update_luns(struct target_tg_pt_gp *gp);
void target_lun_update_alua(struct se_lun *lun);
/* For INQUIRY: the LUN's group number and TPGS; false if the unit has no ALUA. */
bool target_tg_pt_gp_of_lun(struct se_lun *lun, struct se_device *dev, u16 *id, u8 *tpgs);

/* From target_alua_init() to target_alua_exit(); number 0. */
extern struct target_lu_gp *target_default_lu_gp;
struct target_lu_gp *target_lu_gp_alloc(const char *name);	/* NULL for no memory */
void target_lu_gp_free(struct target_lu_gp *gp);	/* members go to the default group */
int target_lu_gp_set_id(struct target_lu_gp *gp, u16 id);	/* as target_tg_pt_gp_set_id() */
/* NULL is the default group. -ENODEV as target_tg_pt_gp_join(). */
int target_lu_gp_join(struct se_device *dev, const char *name);
void target_lu_gp_leave(struct se_device *dev);	/* in none is no error */
/* The same for a unit that stays; -EBUSY while a transition goes on. */
int target_lu_gp_part(struct se_device *dev);
/* Something about a unit: 0, or an error, with which a walk ends. It does not sleep. */
typedef int (*target_lu_gp_fn)(struct se_device *dev, void *data);

/*
 * Call @fn for @dev and then for every other unit of its LU group, unless that is number 0,
 * whose units have nothing in common. No unit joins or leaves a group meanwhile. What @fn
 * returns.
 */
int target_lu_gp_each(struct se_device *dev, target_lu_gp_fn fn, void *data);
/* For each of them first @check and then @fn, with nothing in between; an error of @check. */
int target_lu_gp_try(struct se_device *dev, target_lu_gp_fn check, target_lu_gp_fn fn,
		     void *data);
/* The same as the first for every unit that is in a group at all. */
int target_lu_gp_each_all(target_lu_gp_fn fn, void *data);
/* For INQUIRY: the unit's group number; false if it is in none. */
bool target_lu_gp_of_device(struct se_device *dev, u16 *id);

/* Texts of configfs files: bytes printed into @page of @size. */
ssize_t target_lu_gp_show_members(struct target_lu_gp *gp, char *page, size_t size);
ssize_t target_lu_gp_show_device(struct se_device *dev, char *page, size_t size);
ssize_t target_tg_pt_gp_show_members(struct target_tg_pt_gp *gp, char *page, size_t size);
ssize_t target_tg_pt_gp_show_lun(struct se_lun *lun, struct se_device *dev, char *page,
				 size_t size);
const char *target_alua_status_name(u8 status);

int target_alua_init(void);
void target_alua_exit(void);

#endif /* TARGET_ALUA_H */
