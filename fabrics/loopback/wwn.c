// SPDX-License-Identifier: GPL-2.0-only
/* A target and the Scsi_Host of its initiator. */
#include <linux/cpumask.h>
#include <linux/limits.h>
#include <linux/moduleparam.h>
#include "loop.h"

static unsigned int loop_nr_hw_queues;
static unsigned int loop_can_queue = 1024;
static unsigned int loop_cmd_per_lun = 1024;

LOOP_PARAM(nr_hw_queues, 0, U16_MAX, "hardware queues of a new target, 0 for one per CPU");
LOOP_PARAM(can_queue, 1, BLK_MQ_MAX_DEPTH, "commands per hardware queue of a new target");
LOOP_PARAM(cmd_per_lun, 1, S16_MAX, "initial queue depth of a disk of a new target");

static scsi_template_const struct scsi_host_template loop_template = {
	.module			 = THIS_MODULE,
	.name			 = "TCM_Loopback",
	.proc_name		 = "tcm_loopback",
	.queuecommand		 = loop_queuecommand,
	.commit_rqs		 = loop_commit,
	.init_cmd_priv		 = loop_cmd_init,
	.cmd_size		 = sizeof(struct loop_cmd),
	.eh_timed_out		 = loop_eh_timed_out,
	.eh_abort_handler	 = loop_eh_abort,
	.eh_device_reset_handler = loop_eh_device_reset,
	.eh_target_reset_handler = loop_eh_target_reset,
	.eh_host_reset_handler	 = loop_eh_host_reset,
	.skip_settle_delay	 = 1,
	.target_alloc		 = loop_target_alloc,
	.sdev_init		 = loop_disk_init,
	.sdev_destroy		 = loop_disk_destroy,
	.change_queue_depth	 = scsi_change_queue_depth,
	.track_queue_depth	 = 1,
	.this_id		 = -1,
	.can_queue		 = 1024,
	.sg_tablesize		 = SG_MAX_SEGMENTS,
	.max_segment_size	 = UINT_MAX,
	.max_sectors		 = 0xffff,
};

static unsigned int loop_hw_queues(void)
{
	unsigned int nr = READ_ONCE(loop_nr_hw_queues);

	/* More than one per CPU have no use; blk-mq would not make them. */
	return min_t(unsigned int, nr ?: num_online_cpus(), nr_cpu_ids);
}

static struct loop_host *loop_host_alloc(void)
{
	struct Scsi_Host *shost = scsi_host_alloc(&loop_template, sizeof(struct loop_host));
	struct loop_host *host;

	if (!shost)
		return NULL;
	host = shost_priv(shost);
	host->shost = shost;
	mutex_init(&host->lock);
	xa_init(&host->tpgs);

	shost->nr_hw_queues = loop_hw_queues();
	shost->can_queue = READ_ONCE(loop_can_queue);
	shost->cmd_per_lun = READ_ONCE(loop_cmd_per_lun);
	shost->max_cmd_len = sizeof_field(struct scsi_cmnd, cmnd);
	/* What the midlayer would put there are reserved bits since SCSI-3. */
	shost->no_scsi2_lun_in_cdb = 1;
	loop_prot_init(shost);
	/* See direct.c. */
	scsi_host_set_may_block(shost);
	shost->max_id = 1;
	shost->max_lun = U64_MAX;
	return host;
}

struct se_wwn *loop_wwn_make(struct target_fabric_configfs *tf, struct config_group *group,
			     const char *name)
{
	struct loop_host *host;
	const char *port;
	int err;

	err = loop_name_parse(name, &port);
	if (err < 0)
		return ERR_PTR(err);
	host = loop_host_alloc();
	if (!host)
		return ERR_PTR(-ENOMEM);
	host->proto = err;
	strscpy(host->name, port, sizeof(host->name));
	host->adapter = loop_adapter_add(host->shost->nr_hw_queues);
	if (IS_ERR(host->adapter)) {
		err = PTR_ERR(host->adapter);
		goto out_host;
	}
	err = scsi_add_host(host->shost, &host->adapter->dev);
	if (err)
		goto out_adapter;
	/* Ours has no heads to move: an I/O scheduler only costs. */
	host->shost->tag_set.flags |= BLK_MQ_F_NO_SCHED_BY_DEFAULT;
	loop_queues_place(host->adapter->queues, host->adapter->nr_queues,
			  host->shost->tag_set.map[HCTX_TYPE_DEFAULT].mq_map);
	return &host->wwn;

out_adapter:
	loop_adapter_del(host->adapter);
out_host:
	scsi_host_put(host->shost);
	return ERR_PTR(err);
}

/* Its ports have gone before, and with them every disk. */
void loop_wwn_drop(struct se_wwn *wwn)
{
	struct loop_host *host = loop_host_of(wwn);

	WARN_ON_ONCE(!xa_empty(&host->tpgs));
	scsi_remove_host(host->shost);
	loop_adapter_del(host->adapter);
	scsi_host_put(host->shost);
}

char *loop_wwn_name(struct se_portal_group *se_tpg)
{
	return loop_tpg_of(se_tpg)->host->name;
}

static ssize_t loop_wwn_version_show(struct config_item *item, char *page)
{
	return sysfs_emit(page, "TCM Loopback Fabric module %s\n", LOOP_VERSION);
}

CONFIGFS_ATTR_RO(loop_wwn_, version);

struct configfs_attribute *loop_wwn_attrs[] = {
	&loop_wwn_attr_version,
	NULL,
};
