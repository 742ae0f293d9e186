// SPDX-License-Identifier: GPL-2.0-only
/* Target port groups; each is one SCSI target port. */
#include "acl.h"
#include "tpg.h"

/* Every registered port, for relative target port identifiers that are unique. */
static DEFINE_MUTEX(target_tpg_mutex);	/* target_tpgs, se_portal_group::tpg_rtpi */
static LIST_HEAD(target_tpgs);

static bool target_tpg_rtpi_taken(u16 rtpi)
{
	struct se_portal_group *tpg;

	lockdep_assert_held(&target_tpg_mutex);
	list_for_each_entry(tpg, &target_tpgs, tpg_node)
		if (tpg->tpg_rtpi == rtpi)
			return true;
	return false;
}

/* SPC-6 7.7.6.7: 0 is reserved. */
static int target_tpg_choose_rtpi(struct se_portal_group *tpg)
{
	unsigned int rtpi;

	for (rtpi = 1; rtpi <= U16_MAX; rtpi++) {
		if (target_tpg_rtpi_taken(rtpi))
			continue;
		tpg->tpg_rtpi = rtpi;
		return 0;
	}
	return -ENOSPC;
}

int target_tpg_set_rtpi(struct se_portal_group *tpg, u16 rtpi)
{
	if (!rtpi)
		return -EINVAL;
	guard(mutex)(&target_tpg_mutex);
	if (tpg->tpg_rtpi != rtpi && target_tpg_rtpi_taken(rtpi))
		return -EBUSY;
	tpg->tpg_rtpi = rtpi;
	tpg->rtpi_manual = true;
	return 0;
}

/**
 * core_tpg_register - a fabric has made a port
 * @wwn: the target, NULL for a port that configfs does not show
 * @tpg: the port, zeroed but for its operations if @wwn is NULL
 * @proto_id: PROTOCOL IDENTIFIER (SPC-6 7.6.1), negative for internal use
 *
 * Called from fabric_make_tpg. Context: process, may sleep.
 * Return: 0; -EINVAL without @wwn and operations; -ENOSPC when every relative
 * target port identifier is taken.
 */
int core_tpg_register(struct se_wwn *wwn, struct se_portal_group *tpg, int proto_id)
{
	int err = 0;

	if (wwn)
		tpg->se_tpg_tfo = target_wwn_ops(wwn);
	if (!tpg->se_tpg_tfo)
		return -EINVAL;
	tpg->se_tpg_wwn = wwn;
	tpg->proto_id = proto_id;
	mutex_init(&tpg->lock);
	xa_init(&tpg->luns);
	INIT_LIST_HEAD(&tpg->acl_list);
	INIT_LIST_HEAD(&tpg->sess_list);
	INIT_LIST_HEAD(&tpg->tpg_node);

	guard(mutex)(&target_tpg_mutex);
	if (proto_id >= 0)
		err = target_tpg_choose_rtpi(tpg);
	if (!err)
		list_add_tail(&tpg->tpg_node, &target_tpgs);
	return err;
}
TARGET_EXPORT(core_tpg_register);

/* ACLs that only the port still holds. */
static void target_tpg_drop_cached(struct se_portal_group *tpg)
{
	struct se_node_acl *acl, *tmp;
	LIST_HEAD(cached);

	scoped_guard(mutex, &tpg->lock) {
		list_for_each_entry_safe(acl, tmp, &tpg->acl_list, acl_list) {
			if (!acl->cached)
				continue;
			acl->dead = true;
			list_move(&acl->acl_list, &cached);
		}
	}
	list_for_each_entry_safe(acl, tmp, &cached, acl_list)
		target_put_nacl(acl);
}

/**
 * core_tpg_deregister - a port goes
 * @tpg: registered, with no session and no LUN left
 *
 * Called from fabric_drop_tpg. Context: process, may sleep.
 * Return: 0.
 */
int core_tpg_deregister(struct se_portal_group *tpg)
{
	scoped_guard(mutex, &target_tpg_mutex)
		list_del_init(&tpg->tpg_node);
	target_tpg_drop_cached(tpg);
	WARN_ON_ONCE(!list_empty(&tpg->sess_list));
	WARN_ON_ONCE(!list_empty(&tpg->acl_list));
	WARN_ON_ONCE(!xa_empty(&tpg->luns));
	xa_destroy(&tpg->luns);
	mutex_destroy(&tpg->lock);
	return 0;
}
TARGET_EXPORT(core_tpg_deregister);
