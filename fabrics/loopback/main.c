// SPDX-License-Identifier: GPL-2.0-only
/* The module, and what the core knows of the fabric. */
#include <linux/module.h>
#include "loop.h"

static int loop_demo_mode(struct se_portal_group *se_tpg)
{
	return 1;
}

static void loop_release_cmd(struct se_cmd *se_cmd)
{
	if (unlikely(se_cmd->se_cmd_flags & SCF_SCSI_TMR_CDB))
		loop_tmf_release(se_cmd);
	else
		loop_cmd_done(container_of(se_cmd, struct loop_cmd, se_cmd));
}

static const struct target_core_fabric_ops loop_ops = {
	.module				= THIS_MODULE,
	.fabric_name			= "loopback",
	.tpg_get_wwn			= loop_wwn_name,
	.tpg_get_tag			= loop_tpg_tag,
	.tpg_check_demo_mode		= loop_demo_mode,
	.tpg_check_prot_fabric_only	= loop_tpg_prot,
	.release_cmd			= loop_release_cmd,
	.queue_data_in			= loop_cmd_respond,
	.queue_status			= loop_cmd_respond,
	.queue_tm_rsp			= loop_tmf_respond,
	.aborted_task			= loop_cmd_aborted,
	.fabric_make_wwn		= loop_wwn_make,
	.fabric_drop_wwn		= loop_wwn_drop,
	.fabric_make_tpg		= loop_tpg_make,
	.fabric_drop_tpg		= loop_tpg_drop,
	.fabric_post_link		= loop_lun_link,
	.fabric_pre_unlink		= loop_lun_unlink,
	.fabric_post_unlink		= loop_lun_unlinked,
	.lun_resized			= loop_lun_resized,
	.tfc_wwn_attrs			= loop_wwn_attrs,
	.tfc_tpg_base_attrs		= loop_tpg_attrs,
	.tfc_tpg_attrib_attrs		= loop_tpg_attrib_attrs,
	.own_submit_queue		= 1,
	.direct_submit_supp		= 1,
	.direct_compl_supp		= 1,
	.default_submit_type		= TARGET_QUEUE_SUBMIT,
	.default_compl_type		= TARGET_DIRECT_COMPL,
};

static int __init loop_init(void)
{
	int err;

	err = loop_watch_init();
	if (err)
		return err;
	err = loop_bus_init();
	if (err)
		goto out_watch;
	err = target_register_template(&loop_ops);
	if (err)
		goto out_bus;
	return 0;

out_bus:
	loop_bus_exit();
out_watch:
	loop_watch_exit();
	return err;
}

static void __exit loop_exit(void)
{
	target_unregister_template(&loop_ops);
	loop_bus_exit();
	loop_watch_exit();
}

MODULE_DESCRIPTION("TCM loopback virtual Linux/SCSI fabric module");
MODULE_LICENSE("GPL");
MODULE_VERSION(TCM_VERSION);
MODULE_ALIAS("target-fabric-loopback");
module_init(loop_init);
module_exit(loop_exit);
