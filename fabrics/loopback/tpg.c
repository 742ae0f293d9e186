// SPDX-License-Identifier: GPL-2.0-only
/* Target ports. */
#include <linux/kstrtox.h>
#include <linux/slab.h>
#include "loop.h"

/* A user's scan of the whole host asks the ids below max_id. */
static void loop_tpg_update_max_id(struct loop_host *host)
{
	struct loop_tpg *tpg;
	unsigned long last = 0;
	unsigned long tpgt;

	lockdep_assert_held(&host->lock);
	xa_for_each(&host->tpgs, tpgt, tpg)
		last = tpgt;
	host->shost->max_id = last + 1;
}

static int loop_tpg_publish(struct loop_tpg *tpg)
{
	struct loop_host *host = tpg->host;
	int err;

	guard(mutex)(&host->lock);
	err = xa_insert(&host->tpgs, tpg->tpgt, tpg, GFP_KERNEL);
	if (err)
		return err == -EBUSY ? -EEXIST : err;
	loop_tpg_update_max_id(host);
	return 0;
}

static void loop_tpg_unpublish(struct loop_tpg *tpg)
{
	guard(mutex)(&tpg->host->lock);
	xa_erase(&tpg->host->tpgs, tpg->tpgt);
	loop_tpg_update_max_id(tpg->host);
}

struct se_portal_group *loop_tpg_make(struct se_wwn *wwn, const char *name)
{
	struct loop_host *host = loop_host_of(wwn);
	struct loop_tpg *tpg;
	u16 tpgt;
	int err;

	err = loop_name_parse_tpgt(name, &tpgt);
	if (err)
		return ERR_PTR(err);
	tpg = kzalloc(sizeof(*tpg), GFP_KERNEL);
	if (!tpg)
		return ERR_PTR(-ENOMEM);
	tpg->host = host;
	tpg->tpgt = tpgt;
	tpg->task_attr = TCM_SIMPLE_TAG;
	mutex_init(&tpg->lock);
	xa_init(&tpg->luns);
	INIT_WORK(&tpg->resize, loop_lun_resize_work);
	err = core_tpg_register(wwn, &tpg->se_tpg, host->proto);
	if (err)
		goto out_free;
	err = loop_tpg_publish(tpg);
	if (err)
		goto out_deregister;
	return &tpg->se_tpg;

out_deregister:
	core_tpg_deregister(&tpg->se_tpg);
out_free:
	kfree(tpg);
	return ERR_PTR(err);
}

/* Its LUNs have been unlinked before. */
void loop_tpg_drop(struct se_portal_group *se_tpg)
{
	struct loop_tpg *tpg = loop_tpg_of(se_tpg);

	loop_tpg_unpublish(tpg);
	cancel_work_sync(&tpg->resize);
	WARN_ON_ONCE(loop_nexus_drop(tpg) == -EPERM);
	loop_disk_remove_all(tpg);
	core_tpg_deregister(se_tpg);
	mutex_destroy(&tpg->lock);
	kfree_rcu(tpg, rcu);
}

u16 loop_tpg_tag(struct se_portal_group *se_tpg)
{
	return loop_tpg_of(se_tpg)->tpgt;
}

int loop_tpg_prot(struct se_portal_group *se_tpg)
{
	return loop_tpg_of(se_tpg)->prot_type;
}

static ssize_t loop_tpg_nexus_show(struct config_item *item, char *page)
{
	return loop_nexus_show(loop_tpg_of(to_tpg(item)), page);
}

static ssize_t loop_tpg_nexus_store(struct config_item *item, const char *page, size_t count)
{
	struct loop_tpg *tpg = loop_tpg_of(to_tpg(item));
	char name[TRANSPORT_IQN_LEN + 1];
	int err;

	if (sysfs_streq(page, "NULL")) {
		err = loop_nexus_drop(tpg);
		return err ?: count;
	}
	if (strscpy(name, page, sizeof(name)) < 0)
		return -EINVAL;
	err = loop_nexus_make(tpg, strim(name));
	return err ?: count;
}

static ssize_t loop_tpg_transport_status_show(struct config_item *item, char *page)
{
	struct loop_tpg *tpg = loop_tpg_of(to_tpg(item));

	return sysfs_emit(page, "%s\n", READ_ONCE(tpg->offline) ? "offline" : "online");
}

static ssize_t loop_tpg_transport_status_store(struct config_item *item, const char *page,
					       size_t count)
{
	static const char * const states[] = { "online", "offline" };
	struct loop_tpg *tpg = loop_tpg_of(to_tpg(item));
	int offline = __sysfs_match_string(states, ARRAY_SIZE(states), page);
	struct se_session *sess;

	if (offline < 0)
		return -EINVAL;
	guard(mutex)(&tpg->lock);
	WRITE_ONCE(tpg->offline, offline);
	sess = rcu_dereference_protected(tpg->sess, lockdep_is_held(&tpg->lock));
	if (offline && sess)
		core_allocate_nexus_loss_ua(sess->se_node_acl);
	return count;
}

static ssize_t loop_tpg_address_show(struct config_item *item, char *page)
{
	struct loop_tpg *tpg = loop_tpg_of(to_tpg(item));

	return sysfs_emit(page, "%u:0:%u\n", tpg->host->shost->host_no, tpg->tpgt);
}

CONFIGFS_ATTR(loop_tpg_, nexus);
CONFIGFS_ATTR(loop_tpg_, transport_status);
CONFIGFS_ATTR_RO(loop_tpg_, address);

struct configfs_attribute *loop_tpg_attrs[] = {
	&loop_tpg_attr_nexus,
	&loop_tpg_attr_transport_status,
	&loop_tpg_attr_address,
	NULL,
};

static ssize_t loop_tpg_attrib_fabric_prot_type_show(struct config_item *item, char *page)
{
	return sysfs_emit(page, "%d\n", loop_tpg_of(attrib_to_tpg(item))->prot_type);
}

static ssize_t loop_tpg_attrib_fabric_prot_type_store(struct config_item *item,
						      const char *page, size_t count)
{
	struct loop_tpg *tpg = loop_tpg_of(attrib_to_tpg(item));
	u8 type;
	int err;

	err = kstrtou8(page, 0, &type);
	if (err)
		return err;
	if (type > TARGET_DIF_TYPE3_PROT || type == TARGET_DIF_TYPE2_PROT)
		return -EINVAL;
	WRITE_ONCE(tpg->prot_type, type);
	return count;
}

/* Coded as TASK ATTRIBUTE of FCP-4 and SPL-5: 0 SIMPLE, 1 HEAD OF QUEUE, 2 ORDERED, 4 ACA. */
static ssize_t loop_tpg_attrib_task_attr_show(struct config_item *item, char *page)
{
	struct loop_tpg *tpg = loop_tpg_of(attrib_to_tpg(item));

	return sysfs_emit(page, "%d\n", READ_ONCE(tpg->task_attr) - TCM_SIMPLE_TAG);
}

static ssize_t loop_tpg_attrib_task_attr_store(struct config_item *item, const char *page,
					       size_t count)
{
	struct loop_tpg *tpg = loop_tpg_of(attrib_to_tpg(item));
	u8 attr;
	int err;

	err = kstrtou8(page, 0, &attr);
	if (err)
		return err;
	if (attr > TCM_ORDERED_TAG - TCM_SIMPLE_TAG && attr != TCM_ACA_TAG - TCM_SIMPLE_TAG)
		return -EINVAL;
	WRITE_ONCE(tpg->task_attr, TCM_SIMPLE_TAG + attr);
	return count;
}

CONFIGFS_ATTR(loop_tpg_attrib_, fabric_prot_type);
static ssize_t loop_tpg_attrib_task_management_store(struct config_item *item,
						     const char *page, size_t count)
{
	struct loop_tpg *tpg = loop_tpg_of(attrib_to_tpg(item));
	char text[80];
	u64 lun, tag = 0;
	u8 function;
	int err;

	if (strscpy(text, page, sizeof(text)) < 0)
		return -EINVAL;
	err = loop_tmf_parse(strim(text), &function, &lun, &tag);
	if (err)
		return err;
	err = loop_tmf_errno(function, loop_tmf_run(tpg->host, tpg->tpgt, lun, function, tag));
	return err ?: count;
}

CONFIGFS_ATTR(loop_tpg_attrib_, task_attr);
CONFIGFS_ATTR_WO(loop_tpg_attrib_, task_management);

struct configfs_attribute *loop_tpg_attrib_attrs[] = {
	&loop_tpg_attrib_attr_fabric_prot_type,
	&loop_tpg_attrib_attr_task_attr,
	&loop_tpg_attrib_attr_task_management,
	NULL,
};
