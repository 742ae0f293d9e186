// SPDX-License-Identifier: GPL-2.0-only
/* The module: an init chain and its mirror image. */
#include <linux/init.h>
#include <linux/module.h>
#include <backstores/rd.h>
#include "alua.h"
#include "alua_cmd.h"
#include "cdb.h"
#include "cmd.h"
#include "configfs.h"
#include "debugfs.h"
#include "follow.h"
#include "state.h"
#include "tmr.h"

static int __init target_core_init(void)
{
	int err;

	err = target_cdb_init();
	if (err)
		return err;
	err = target_state_init();
	if (err)
		return err;
	err = target_follow_init();
	if (err)
		goto out_state;
	err = target_complete_init();
	if (err)
		goto out_follow;
	err = target_tmr_init();
	if (err)
		goto out_complete;
	err = target_alua_init();
	if (err)
		goto out_tmr;
	err = target_alua_cmd_init();
	if (err)
		goto out_alua;
	err = target_rd_init();
	if (err)
		goto out_alua_cmd;
	target_debugfs_init();
	err = target_configfs_init();
	if (err)
		goto out_debugfs;
	return 0;

out_debugfs:
	target_debugfs_exit();
	target_rd_exit();
out_alua_cmd:
	target_alua_cmd_exit();
out_alua:
	target_alua_exit();
out_tmr:
	target_tmr_exit();
out_complete:
	target_complete_exit();
out_follow:
	target_follow_exit();
out_state:
	target_state_exit();
	return err;
}

static void __exit target_core_exit(void)
{
	target_configfs_exit();
	target_debugfs_exit();
	target_rd_exit();
	target_alua_cmd_exit();
	target_alua_exit();
	target_tmr_exit();
	target_complete_exit();
	target_follow_exit();
	target_state_exit();
}

module_init(target_core_init);
module_exit(target_core_exit);

MODULE_DESCRIPTION("SCSI target core (tcm-next)");
MODULE_LICENSE("GPL");
MODULE_VERSION(TCM_VERSION);
