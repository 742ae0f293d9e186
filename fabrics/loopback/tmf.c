// SPDX-License-Identifier: GPL-2.0-only
/* Task management functions that the initiator asks for (SAM-6 clause 7). */
#include <linux/completion.h>
#include <linux/kstrtox.h>
#include <linux/slab.h>
#include "loop.h"

/* The core ends a function within some 20 seconds per logical unit. */
#define LOOP_TMF_TIMEOUT	(30 * HZ)

/**
 * struct loop_tmf - a task management request
 * @se_cmd: the core's part; held by the core until it is through with it and by
 *	who waits, so that a response after the time limit finds its memory
 * @done: the response has come
 */
struct loop_tmf {
	struct se_cmd		se_cmd;
	struct completion	done;
};

void loop_tmf_respond(struct se_cmd *se_cmd)
{
	complete(&container_of(se_cmd, struct loop_tmf, se_cmd)->done);
}

void loop_tmf_release(struct se_cmd *se_cmd)
{
	kfree(container_of(se_cmd, struct loop_tmf, se_cmd));
}

static int loop_tmf_submit(struct loop_tmf *tmf, struct loop_host *host, unsigned int id, u64 lun,
			   u8 function, u64 tag)
{
	struct se_session *sess;
	struct loop_tpg *tpg;

	guard(rcu)();
	tpg = xa_load(&host->tpgs, id);
	sess = tpg ? rcu_dereference(tpg->sess) : NULL;
	if (!sess)
		return -ENODEV;
	return target_submit_tmr(&tmf->se_cmd, sess, NULL, lun, NULL, function, GFP_ATOMIC, tag,
				 TARGET_SCF_ACK_KREF);
}

u8 loop_tmf_run(struct loop_host *host, unsigned int id, u64 lun, u8 function, u64 tag)
{
	struct loop_tmf *tmf = kzalloc(sizeof(*tmf), GFP_NOIO);
	u8 response = TMR_FUNCTION_FAILED;

	if (!tmf)
		return response;
	init_completion(&tmf->done);
	if (loop_tmf_submit(tmf, host, id, lun, function, tag)) {
		kfree(tmf);
		return response;
	}
	if (wait_for_completion_timeout(&tmf->done, LOOP_TMF_TIMEOUT))
		response = tmf->se_cmd.se_tmr_req->response;
	target_put_sess_cmd(&tmf->se_cmd);
	return response;
}

/* --- by hand: those that the midlayer has no use for --------------------------------------- */

static const struct {
	const char	*name;
	u8		function;	/* enum tcm_tmreq_table */
} loop_tmf_names[] = {
	{ "abort_task",			TMR_ABORT_TASK },
	{ "abort_task_set",		TMR_ABORT_TASK_SET },
	{ "clear_aca",			TMR_CLEAR_ACA },
	{ "clear_task_set",		TMR_CLEAR_TASK_SET },
	{ "logical_unit_reset",		TMR_LUN_RESET },
	{ "target_warm_reset",		TMR_TARGET_WARM_RESET },
	{ "target_cold_reset",		TMR_TARGET_COLD_RESET },
	{ "i_t_nexus_reset",		TMR_I_T_NEXUS_RESET },
	{ "query_task",			TMR_QUERY_TASK },
	{ "query_task_set",		TMR_QUERY_TASK_SET },
	{ "query_asynchronous_event",	TMR_QUERY_ASYNC_EVENT },
};

static int loop_tmf_by_name(const char *name)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(loop_tmf_names); i++)
		if (!strcmp(loop_tmf_names[i].name, name))
			return loop_tmf_names[i].function;
	return -EINVAL;
}

int loop_tmf_parse(char *text, u8 *function, u64 *lun, u64 *tag)
{
	char *name = strsep(&text, " ");
	char *number = strsep(&text, " ");
	int found = loop_tmf_by_name(name);
	bool tagged;

	if (found < 0)
		return found;
	*function = found;
	tagged = found == TMR_ABORT_TASK || found == TMR_QUERY_TASK;
	if (!number || kstrtou64(number, 0, lun) || tagged != !!text)
		return -EINVAL;
	return tagged ? kstrtou64(text, 0, tag) : 0;
}

int loop_tmf_errno(u8 function, u8 response)
{
	switch (response) {
	case TMR_FUNCTION_COMPLETE:
		/* A query that is answered so has found nothing. */
		return function == TMR_QUERY_TASK || function == TMR_QUERY_TASK_SET ||
		       function == TMR_QUERY_ASYNC_EVENT ? -ENOENT : 0;
	case TMR_FUNCTION_SUCCEEDED:
		return 0;
	case TMR_TASK_DOES_NOT_EXIST:
		return -ENOENT;
	case TMR_LUN_DOES_NOT_EXIST:
		return -ENODEV;
	case TMR_TASK_MGMT_FUNCTION_NOT_SUPPORTED:
		return -EOPNOTSUPP;
	case TMR_FUNCTION_REJECTED:
		return -EPERM;
	default:
		return -EIO;
	}
}
