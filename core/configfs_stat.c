// SPDX-License-Identifier: GPL-2.0-only
/*
 * statistics/ of devices, LUNs and mapped LUNs: the SCSI MIB's tables (RFC 4455).
 *
 * Each table is one list: a file's name, its format and its value.
 */
#include <linux/jiffies.h>
#include <linux/math64.h>
#include "configfs.h"
#include "device.h"
#include "itl.h"
#include "lun.h"
#include "tpg.h"

/* Instances are numbered from 2, as they always were: 1 was the core's own unit. */
#define TARGET_STAT_INST_BASE	1

/* Hundredths of a second from boot; 0 is never. */
static u32 target_stat_time(u64 jiffies64)
{
	return jiffies64 ? div_u64((jiffies64 - INITIAL_JIFFIES) * 100, HZ) : 0;
}

static u32 target_stat_mbytes(u64 bytes)
{
	return bytes >> 20;
}

/* What a line's value is made of; what a table does not use is NULL or 0. */
struct target_stat {
	struct se_device	*dev;
	struct se_lun		*lun;
	struct se_lun_acl	*lacl;
	struct se_node_acl	*acl;
	struct se_portal_group	*tpg;
	struct target_io_stats	io;
};

typedef ssize_t (*target_stat_print)(const struct target_stat *s, char *page);

/* From a line of a list to a file; each table has a <table>_show() that fills in the struct. */
#define TARGET_STAT_FILE(table, name, fmt, ...)						\
static ssize_t table##_##name##_print(const struct target_stat *s, char *page)		\
{											\
	return scnprintf(page, PAGE_SIZE, fmt "\n", __VA_ARGS__);			\
}											\
											\
static ssize_t table##_##name##_show(struct config_item *item, char *page)		\
{											\
	return table##_show(to_config_group(item), page, table##_##name##_print);	\
}											\
CONFIGFS_ATTR_RO(table##_, name);

#define TARGET_STAT_ENTRY(table, name, fmt, ...)	&table##_attr_##name,

#define TARGET_STAT_TABLE(table, LIST)							\
LIST(TARGET_STAT_FILE)									\
											\
static struct configfs_attribute *table##_attrs[] = {					\
	LIST(TARGET_STAT_ENTRY)								\
	NULL,										\
};											\
											\
static const struct config_item_type table##_type = {					\
	.ct_owner	= THIS_MODULE,							\
	.ct_attrs	= table##_attrs,						\
}

/* --- core/<hba>/<device>/statistics ------------------------------------------------------ */

static u32 target_stat_inst(const struct se_device *dev)
{
	return dev->hba_index + TARGET_STAT_INST_BASE;
}

static const char *target_stat_serial(const struct se_device *dev)
{
	return dev->t10_wwn.unit_serial[0] ? dev->t10_wwn.unit_serial : "None";
}

static ssize_t target_stat_show_device(struct se_device *dev, char *page, target_stat_print print)
{
	struct target_stat s = { .dev = dev };

	guard(mutex)(&dev->lock);
	target_device_stats(dev, &s.io);
	return print(&s, page);
}

static ssize_t scsi_dev_show(struct config_group *group, char *page, target_stat_print print)
{
	return target_stat_show_device(container_of(group, struct se_device, stat_dev_group),
				       page, print);
}

static ssize_t scsi_tgt_dev_show(struct config_group *group, char *page, target_stat_print print)
{
	return target_stat_show_device(container_of(group, struct se_device, stat_tgt_dev_group),
				       page, print);
}

static ssize_t scsi_lu_show(struct config_group *group, char *page, target_stat_print print)
{
	return target_stat_show_device(container_of(group, struct se_device, stat_lu_group),
				       page, print);
}

#define TARGET_SCSI_DEV_STATS(S)							\
	S(scsi_dev, inst,	"%u", target_stat_inst(s->dev))				\
	S(scsi_dev, indx,	"%u", s->dev->dev_index)				\
	S(scsi_dev, role,	"%s", "Target")						\
	S(scsi_dev, ports,	"%u", s->dev->export_count)

/* A unit is the only one of its device. */
#define TARGET_SCSI_TGT_DEV_STATS(S)							\
	S(scsi_tgt_dev, inst,		"%u", target_stat_inst(s->dev))			\
	S(scsi_tgt_dev, indx,		"%u", s->dev->dev_index)			\
	S(scsi_tgt_dev, num_lus,	"%u", 1)					\
	S(scsi_tgt_dev, status,		"%s", s->dev->export_count ? "activated" : "deactivated") \
	S(scsi_tgt_dev, non_access_lus,	"%u", !s->dev->export_count)			\
	S(scsi_tgt_dev, resets,		"%lu", atomic_long_read(&s->dev->num_resets))	\
	S(scsi_tgt_dev, aborts_complete, "%lu", atomic_long_read(&s->dev->aborts_complete)) \
	S(scsi_tgt_dev, aborts_no_task,	"%lu", atomic_long_read(&s->dev->aborts_no_task))

#define TARGET_SCSI_LU_STATS(S)								\
	S(scsi_lu, inst,	"%u", target_stat_inst(s->dev))				\
	S(scsi_lu, dev,		"%u", s->dev->dev_index)				\
	S(scsi_lu, indx,	"%u", 1)						\
	S(scsi_lu, lun,		"%u", 0)						\
	S(scsi_lu, lu_name,	"%s", target_stat_serial(s->dev))			\
	S(scsi_lu, vend,	"%-8s", s->dev->t10_wwn.vendor)				\
	S(scsi_lu, prod,	"%-16s", s->dev->t10_wwn.model)				\
	S(scsi_lu, rev,		"%-4s", s->dev->t10_wwn.revision)			\
	S(scsi_lu, dev_type,	"%u", s->dev->limits.device_type)			\
	S(scsi_lu, status,	"%s", s->dev->export_count ? "available" : "notavailable") \
	S(scsi_lu, state_bit,	"%s", "exposed")					\
	S(scsi_lu, num_cmds,	"%llu", target_io_stats_cmds(&s->io))			\
	S(scsi_lu, read_mbytes,	"%u", target_stat_mbytes(target_io_stats_in(&s->io)))	\
	S(scsi_lu, write_mbytes, "%u", target_stat_mbytes(target_io_stats_out(&s->io)))	\
	S(scsi_lu, resets,	"%lu", atomic_long_read(&s->dev->num_resets))		\
	S(scsi_lu, full_stat,	"%u", 0)						\
	S(scsi_lu, hs_num_cmds,	"%u", 0)						\
	S(scsi_lu, creation_time, "%u", target_stat_time(s->dev->creation_time))

TARGET_STAT_TABLE(scsi_dev, TARGET_SCSI_DEV_STATS);
TARGET_STAT_TABLE(scsi_tgt_dev, TARGET_SCSI_TGT_DEV_STATS);
TARGET_STAT_TABLE(scsi_lu, TARGET_SCSI_LU_STATS);

void target_dev_stat_init(struct se_device *dev)
{
	struct config_group *parent = &dev->stat_group;

	target_dir_add(parent, &dev->stat_dev_group, "scsi_dev", &scsi_dev_type);
	target_dir_add(parent, &dev->stat_tgt_dev_group, "scsi_tgt_dev", &scsi_tgt_dev_type);
	target_dir_add(parent, &dev->stat_lu_group, "scsi_lu", &scsi_lu_type);
}

/* --- tpgt_N/lun/lun_N/statistics: -ENODEV while it is not linked ------------------------- */

static ssize_t target_stat_show_lun(struct se_lun *lun, char *page, target_stat_print print)
{
	struct target_stat s = { .lun = lun, .tpg = lun->lun_tpg };

	guard(mutex)(&s.tpg->lock);
	s.dev = target_lun_device(lun);
	if (!s.dev)
		return -ENODEV;
	target_lun_stats(lun, &s.io);
	return print(&s, page);
}

static ssize_t scsi_port_show(struct config_group *group, char *page, target_stat_print print)
{
	return target_stat_show_lun(container_of(group, struct se_lun, scsi_port_group),
				    page, print);
}

static ssize_t scsi_tgt_port_show(struct config_group *group, char *page, target_stat_print print)
{
	return target_stat_show_lun(container_of(group, struct se_lun, scsi_tgt_port_group),
				    page, print);
}

static ssize_t scsi_transport_show(struct config_group *group, char *page, target_stat_print print)
{
	return target_stat_show_lun(container_of(group, struct se_lun, scsi_transport_group),
				    page, print);
}

#define TARGET_SCSI_PORT_STATS(S)							\
	S(scsi_port, inst,	"%u", target_stat_inst(s->dev))				\
	S(scsi_port, dev,	"%u", s->dev->dev_index)				\
	S(scsi_port, indx,	"%u", s->tpg->tpg_rtpi)					\
	S(scsi_port, role,	"Device%u", s->dev->dev_index)				\
	S(scsi_port, busy_count, "%u", 0)

#define TARGET_SCSI_TGT_PORT_STATS(S)							\
	S(scsi_tgt_port, inst,	"%u", target_stat_inst(s->dev))				\
	S(scsi_tgt_port, dev,	"%u", s->dev->dev_index)				\
	S(scsi_tgt_port, indx,	"%u", s->tpg->tpg_rtpi)					\
	S(scsi_tgt_port, name,	"%sPort#%u", s->tpg->se_tpg_tfo->fabric_name, s->tpg->tpg_rtpi) \
	S(scsi_tgt_port, port_index, "%s+t+%u", target_tpg_wwn(s->tpg), target_tpg_tag(s->tpg)) \
	S(scsi_tgt_port, in_cmds, "%llu", target_io_stats_cmds(&s->io))			\
	S(scsi_tgt_port, write_mbytes, "%u", target_stat_mbytes(target_io_stats_out(&s->io))) \
	S(scsi_tgt_port, read_mbytes, "%u", target_stat_mbytes(target_io_stats_in(&s->io))) \
	S(scsi_tgt_port, hs_in_cmds, "%u", 0)

#define TARGET_SCSI_TRANSPORT_STATS(S)							\
	S(scsi_transport, inst,	"%u", target_stat_inst(s->dev))				\
	S(scsi_transport, device, "scsiTransport%s", s->tpg->se_tpg_tfo->fabric_name)	\
	S(scsi_transport, indx,	"%u", target_tpg_inst_index(s->tpg))			\
	S(scsi_transport, dev_name, "%s+%s",						\
	  target_tpg_wwn(s->tpg), s->dev->t10_wwn.unit_serial)				\
	S(scsi_transport, proto_id, "%u", s->tpg->proto_id)

TARGET_STAT_TABLE(scsi_port, TARGET_SCSI_PORT_STATS);
TARGET_STAT_TABLE(scsi_tgt_port, TARGET_SCSI_TGT_PORT_STATS);
TARGET_STAT_TABLE(scsi_transport, TARGET_SCSI_TRANSPORT_STATS);

void target_lun_stat_init(struct se_lun *lun)
{
	struct config_group *parent = &lun->stat_group;

	target_dir_add(parent, &lun->scsi_port_group, "scsi_port", &scsi_port_type);
	target_dir_add(parent, &lun->scsi_tgt_port_group, "scsi_tgt_port", &scsi_tgt_port_type);
	target_dir_add(parent, &lun->scsi_transport_group, "scsi_transport",
		       &scsi_transport_type);
}

/* --- acls/<initiator>/lun_N/statistics: -ENODEV while it is not linked ------------------- */

static ssize_t target_stat_show_lun_acl(struct se_lun_acl *lacl, char *page,
					target_stat_print print)
{
	struct target_stat s = { .lacl = lacl, .acl = lacl->se_lun_nacl };

	s.tpg = s.acl->se_tpg;
	target_lun_acl_stats(lacl, &s.io);
	guard(mutex)(&s.tpg->lock);
	s.lun = lacl->se_lun;
	s.dev = s.lun ? target_lun_device(s.lun) : NULL;
	return s.dev ? print(&s, page) : -ENODEV;
}

static ssize_t scsi_auth_intr_show(struct config_group *group, char *page, target_stat_print print)
{
	return target_stat_show_lun_acl(container_of(group, struct se_lun_acl, auth_intr_group),
					page, print);
}

static ssize_t scsi_att_intr_port_show(struct config_group *group, char *page,
				       target_stat_print print)
{
	return target_stat_show_lun_acl(container_of(group, struct se_lun_acl,
						     att_intr_port_group),
					page, print);
}

#define TARGET_SCSI_AUTH_INTR_STATS(S)							\
	S(scsi_auth_intr, inst,	"%u", target_tpg_inst_index(s->tpg))			\
	S(scsi_auth_intr, dev,	"%u", s->dev->dev_index)				\
	S(scsi_auth_intr, port,	"%u", target_tpg_tag(s->tpg))				\
	S(scsi_auth_intr, indx,	"%u", s->acl->acl_index)				\
	S(scsi_auth_intr, dev_or_port, "%u", 1)						\
	S(scsi_auth_intr, intr_name, "%s", s->acl->initiatorname)			\
	S(scsi_auth_intr, map_indx, "%u", 0)						\
	S(scsi_auth_intr, att_count, "%u", 1)						\
	S(scsi_auth_intr, num_cmds, "%llu", target_io_stats_cmds(&s->io))		\
	S(scsi_auth_intr, read_mbytes, "%u", target_stat_mbytes(target_io_stats_in(&s->io))) \
	S(scsi_auth_intr, write_mbytes, "%u", target_stat_mbytes(target_io_stats_out(&s->io))) \
	S(scsi_auth_intr, hs_num_cmds, "%u", 0)						\
	S(scsi_auth_intr, creation_time, "%u", target_stat_time(s->lacl->creation_time)) \
	S(scsi_auth_intr, row_status, "%s", "Ready")

#define TARGET_SCSI_ATT_INTR_PORT_STATS(S)						\
	S(scsi_att_intr_port, inst, "%u", target_tpg_inst_index(s->tpg))		\
	S(scsi_att_intr_port, dev, "%u", s->dev->dev_index)				\
	S(scsi_att_intr_port, port, "%u", target_tpg_tag(s->tpg))			\
	S(scsi_att_intr_port, port_auth_indx, "%u", s->acl->acl_index)

TARGET_STAT_TABLE(scsi_auth_intr, TARGET_SCSI_AUTH_INTR_STATS);

TARGET_SCSI_ATT_INTR_PORT_STATS(TARGET_STAT_FILE)

static struct se_session *target_stat_session(struct se_node_acl *acl)
{
	lockdep_assert_held(&acl->se_tpg->lock);
	return list_first_entry_or_null(&acl->sess_list, struct se_session, acl_sess_list);
}

/* These two are about the initiator's session, linked or not. */
static ssize_t scsi_att_intr_port_indx_show(struct config_item *item, char *page)
{
	struct se_lun_acl *lacl = container_of(to_config_group(item), struct se_lun_acl,
					       att_intr_port_group);
	struct se_node_acl *acl = lacl->se_lun_nacl;
	const struct target_core_fabric_ops *tfo = acl->se_tpg->se_tpg_tfo;
	struct se_session *sess;

	guard(mutex)(&acl->se_tpg->lock);
	sess = target_stat_session(acl);
	if (!sess)
		return -ENODEV;
	return scnprintf(page, PAGE_SIZE, "%u\n",
			 tfo->sess_get_index ? tfo->sess_get_index(sess) : sess->sess_index);
}
CONFIGFS_ATTR_RO(scsi_att_intr_port_, indx);

static ssize_t scsi_att_intr_port_port_ident_show(struct config_item *item, char *page)
{
	struct se_lun_acl *lacl = container_of(to_config_group(item), struct se_lun_acl,
					       att_intr_port_group);
	struct se_node_acl *acl = lacl->se_lun_nacl;
	const struct target_core_fabric_ops *tfo = acl->se_tpg->se_tpg_tfo;
	unsigned char isid[64] = "";
	struct se_session *sess;

	guard(mutex)(&acl->se_tpg->lock);
	sess = target_stat_session(acl);
	if (!sess)
		return -ENODEV;
	if (tfo->sess_get_initiator_sid)
		tfo->sess_get_initiator_sid(sess, isid, sizeof(isid));
	return scnprintf(page, PAGE_SIZE, "%s+i+%s\n", acl->initiatorname, isid);
}
CONFIGFS_ATTR_RO(scsi_att_intr_port_, port_ident);

static struct configfs_attribute *scsi_att_intr_port_attrs[] = {
	&scsi_att_intr_port_attr_indx,
	&scsi_att_intr_port_attr_port_ident,
	TARGET_SCSI_ATT_INTR_PORT_STATS(TARGET_STAT_ENTRY)
	NULL,
};

static const struct config_item_type scsi_att_intr_port_type = {
	.ct_owner	= THIS_MODULE,
	.ct_attrs	= scsi_att_intr_port_attrs,
};

void target_lun_acl_stat_init(struct se_lun_acl *lacl)
{
	struct config_group *parent = &lacl->stat_group;

	target_dir_add(parent, &lacl->auth_intr_group, "scsi_auth_intr", &scsi_auth_intr_type);
	target_dir_add(parent, &lacl->att_intr_port_group, "scsi_att_intr_port",
		       &scsi_att_intr_port_type);
}
