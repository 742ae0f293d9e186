/* SPDX-License-Identifier: GPL-2.0-only */
/* Target port groups and their relative target port identifiers. */
#ifndef TARGET_TPG_H
#define TARGET_TPG_H

#include <target/target_core_fabric.h>

static inline const char *target_tpg_wwn(struct se_portal_group *tpg)
{
	return tpg->se_tpg_tfo->tpg_get_wwn(tpg);
}

static inline u16 target_tpg_tag(struct se_portal_group *tpg)
{
	return tpg->se_tpg_tfo->tpg_get_tag(tpg);
}

static inline u32 target_tpg_inst_index(struct se_portal_group *tpg)
{
	const struct target_core_fabric_ops *tfo = tpg->se_tpg_tfo;

	return tfo->tpg_get_inst_index ? tfo->tpg_get_inst_index(tpg) : 1;
}

/* Ask one of the optional tpg_check_* hooks. */
#define target_tpg_check(tpg, hook)						\
	((tpg)->se_tpg_tfo->hook ? (tpg)->se_tpg_tfo->hook(tpg) : 0)

/* The fabric of a target. core/configfs_fabric.c */
const struct target_core_fabric_ops *target_wwn_ops(struct se_wwn *wwn);

/* Choose tpg->tpg_rtpi by hand: 0, -EINVAL for 0, -EBUSY if another port has it. */
int target_tpg_set_rtpi(struct se_portal_group *tpg, u16 rtpi);

#endif /* TARGET_TPG_H */
