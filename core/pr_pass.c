// SPDX-License-Identifier: GPL-2.0-only
/*
 * Persistent reservations that are the medium's own, and not the core's (SPC-6 6.15, 6.16).
 *
 * The commands become calls of the block device below.  That sees one initiator, this
 * machine: so reservations keep other machines away from it, and initiators of this target
 * share what one of them has.  Whatever does not fit into those calls is not supported.
 */
#include <linux/sched/mm.h>
#include <linux/slab.h>
#include <scsi/scsi_proto.h>
#include <compat/compat_pr.h>
#include <target/target_core_backend.h>
#include "cdb.h"
#include "cmd.h"
#include "pr.h"
#include "pr_pass.h"
#include "sense.h"
#include "spc.h"

#define PR_PASS_LIST_LEN	24
#define PR_PASS_FLAGS		20	/* byte */
#define PR_PASS_SPEC_I_PT	0x08
#define PR_PASS_ALL_TG_PT	0x04
#define PR_PASS_KEYS		512	/* of so many initiators at most is told */
#define PR_PASS_PTPL_C		0x01	/* byte 2: the kernel asks disks to keep registrations */
#define PR_PASS_TMV		0x80	/* byte 3 */
#define PR_PASS_PTPL_A		0x01
#define PR_PASS_TYPES		0xea01	/* all six */

static const struct pr_ops *pass_ops(const struct se_device *dev, struct block_device **bdev)
{
	if (!dev->transport->pr_device)
		return NULL;
	*bdev = dev->transport->pr_device(dev);
	return *bdev ? (*bdev)->bd_disk->fops->pr_ops : NULL;
}

bool target_pr_pass_can(const struct se_device *dev)
{
	return dev->transport->pr_device;
}

bool target_pr_pass_on(const struct se_device *dev)
{
	struct block_device *bdev;

	return dev->dev_attrib.emulate_pr && !dev->dev_attrib.pgr_support && pass_ops(dev, &bdev);
}

bool target_pr_pass_reads(const struct se_device *dev)
{
	struct block_device *bdev;
	const struct pr_ops *ops;

	if (!target_pr_pass_on(dev))
		return false;
	ops = pass_ops(dev, &bdev);
	return pr_ops_reads(ops);
}

/* What the calls return: an errno, or a status that has its numbers from SCSI. */
static sense_reason_t pass_reason(int ret)
{
	switch (pr_ops_status(ret)) {
	case 0:
		return TCM_NO_SENSE;
	case PR_STS_RESERVATION_CONFLICT:
		return TCM_RESERVATION_CONFLICT;
	case -EOPNOTSUPP:
	case -EINVAL:
		return TCM_INVALID_CDB_FIELD;
	case -ENOMEM:
		return TCM_OUT_OF_RESOURCES;
	default:
		return TCM_LOGICAL_UNIT_COMMUNICATION_FAILURE;
	}
}

/* --- PERSISTENT RESERVE OUT ---------------------------------------------------------------- */

/* Numbers of TYPE in a CDB and in the kernel; 0 and none are no type. */
static const u8 pass_types[] = {
	[TARGET_PR_WRITE_EXCLUSIVE]	= PR_WRITE_EXCLUSIVE,
	[TARGET_PR_EXCLUSIVE_ACCESS]	= PR_EXCLUSIVE_ACCESS,
	[TARGET_PR_WRITE_REGISTRANTS]	= PR_WRITE_EXCLUSIVE_REG_ONLY,
	[TARGET_PR_ACCESS_REGISTRANTS]	= PR_EXCLUSIVE_ACCESS_REG_ONLY,
	[TARGET_PR_WRITE_ALL]		= PR_WRITE_EXCLUSIVE_ALL_REGS,
	[TARGET_PR_ACCESS_ALL]		= PR_EXCLUSIVE_ACCESS_ALL_REGS,
};

static enum pr_type pass_type_from_cdb(u8 type)
{
	return type < ARRAY_SIZE(pass_types) ? pass_types[type] : 0;
}

static u8 pass_type_to_cdb(enum pr_type type)
{
	u8 i;

	for (i = 1; i < ARRAY_SIZE(pass_types); i++)
		if (pass_types[i] == type)
			return i;
	return 0;
}

static bool pass_has_type(enum target_pr_action action)
{
	return action == TARGET_PR_RESERVE || action == TARGET_PR_RELEASE ||
	       action == TARGET_PR_PREEMPT || action == TARGET_PR_PREEMPT_AND_ABORT;
}

static int pass_call(const struct pr_ops *ops, struct block_device *bdev,
		     enum target_pr_action action, enum pr_type type, u64 key, u64 new_key)
{
	bool abort = action == TARGET_PR_PREEMPT_AND_ABORT;
	u32 flags = action == TARGET_PR_REGISTER_IGNORE ? PR_FL_IGNORE_KEY : 0;

	switch (action) {
	case TARGET_PR_REGISTER:
	case TARGET_PR_REGISTER_IGNORE:
		return ops->pr_register ? ops->pr_register(bdev, key, new_key, flags) : -EOPNOTSUPP;
	case TARGET_PR_RESERVE:
		return ops->pr_reserve ? ops->pr_reserve(bdev, key, type, 0) : -EOPNOTSUPP;
	case TARGET_PR_RELEASE:
		return ops->pr_release ? ops->pr_release(bdev, key, type) : -EOPNOTSUPP;
	case TARGET_PR_CLEAR:
		return ops->pr_clear ? ops->pr_clear(bdev, key) : -EOPNOTSUPP;
	case TARGET_PR_PREEMPT:
	case TARGET_PR_PREEMPT_AND_ABORT:
		return ops->pr_preempt ? ops->pr_preempt(bdev, key, new_key, type, abort) :
					 -EOPNOTSUPP;
	default:
		return -EOPNOTSUPP;
	}
}

/* No other initiators, no other ports: the device below knows neither. */
static sense_reason_t pass_check_list(struct se_cmd *cmd, const u8 *list, u32 len)
{
	u8 bad = list[PR_PASS_FLAGS] & (PR_PASS_SPEC_I_PT | PR_PASS_ALL_TG_PT);

	if (len != PR_PASS_LIST_LEN || cmd->data_length != len)
		return TCM_PARAMETER_LIST_LENGTH_ERROR;
	return bad ? target_fail_param_field(cmd, PR_PASS_FLAGS, fls(bad) - 1) : TCM_NO_SENSE;
}

/* SCOPE is that of a logical unit. */
static sense_reason_t pass_check_cdb(struct se_cmd *cmd, enum pr_type *type)
{
	u8 byte = cmd->t_task_cdb[2];

	*type = 0;
	if (!pass_has_type(target_cdb_service_action(cmd->t_task_cdb)))
		return TCM_NO_SENSE;
	if (byte >> 4)
		return target_fail_cdb_field(cmd, 2, 7);
	*type = pass_type_from_cdb(byte);
	return *type ? TCM_NO_SENSE : target_fail_cdb_field(cmd, 2, 3);
}

static sense_reason_t pass_out(struct se_cmd *cmd)
{
	u8 list[PR_PASS_LIST_LEN] = { };
	struct block_device *bdev;
	const struct pr_ops *ops = pass_ops(cmd->se_dev, &bdev);
	enum pr_type type;
	sense_reason_t why = pass_check_cdb(cmd, &type);

	why = why ?: pass_check_list(cmd, list, target_cmd_get_params(cmd, list, sizeof(list)));
	if (why)
		return why;
	if (!ops)
		return TCM_UNSUPPORTED_SCSI_OPCODE;
	why = pass_reason(pass_call(ops, bdev, target_cdb_service_action(cmd->t_task_cdb), type,
				    get_unaligned_be64(list), get_unaligned_be64(list + 8)));
	if (why == TCM_INVALID_CDB_FIELD)
		return target_fail_cdb_field(cmd, 1, 4);
	if (!why)
		target_cmd_done(cmd, TCM_NO_SENSE);
	return why;
}

/* --- PERSISTENT RESERVE IN ----------------------------------------------------------------- */

static void pass_build_keys(struct target_buf *b, const struct pr_keys *keys)
{
	u32 count = min_t(u32, keys->num_keys, PR_PASS_KEYS), i;

	target_buf_be32(b, keys->generation);
	target_buf_be32(b, keys->num_keys * sizeof(u64));
	for (i = 0; i < count; i++)
		target_buf_be64(b, keys->keys[i]);
}

static void pass_build_held(struct target_buf *b, const struct pr_held_reservation *held)
{
	u8 type = pass_type_to_cdb(held->type);

	target_buf_be32(b, held->generation);
	target_buf_be32(b, type ? 16 : 0);
	if (!type)
		return;
	target_buf_be64(b, held->key);
	target_buf_zero(b, 5);
	target_buf_u8(b, type);
	target_buf_zero(b, 2);
}

/* No CRH, no SIP_C, no ATP_C; what else is allowed the device knows. */
static void pass_build_capabilities(struct target_buf *b)
{
	target_buf_be16(b, 8);
	target_buf_u8(b, PR_PASS_PTPL_C);
	target_buf_u8(b, PR_PASS_TMV | PR_PASS_PTPL_A);
	target_buf_be16(b, PR_PASS_TYPES);
	target_buf_zero(b, 2);
}

static int pass_read_keys(const struct pr_ops *ops, struct block_device *bdev, struct target_buf *b)
{
	struct pr_keys *keys = kzalloc(struct_size(keys, keys, PR_PASS_KEYS), GFP_KERNEL);
	int ret;

	if (!keys)
		return -ENOMEM;
	keys->num_keys = PR_PASS_KEYS;
	ret = pr_ops_read_keys(ops, bdev, keys);
	if (!ret)
		pass_build_keys(b, keys);
	kfree(keys);
	return ret;
}

static int pass_read_held(const struct pr_ops *ops, struct block_device *bdev, struct target_buf *b)
{
	struct pr_held_reservation held = { };
	int ret = pr_ops_read_reservation(ops, bdev, &held);

	if (!ret)
		pass_build_held(b, &held);
	return ret;
}

static int pass_read(struct se_cmd *cmd, struct target_buf *b)
{
	struct block_device *bdev;
	const struct pr_ops *ops = pass_ops(cmd->se_dev, &bdev);

	if (target_cdb_service_action(cmd->t_task_cdb) == TARGET_PR_REPORT_CAPABILITIES) {
		pass_build_capabilities(b);
		return 0;
	}
	if (!ops || !pr_ops_reads(ops))
		return -EOPNOTSUPP;
	return target_cdb_service_action(cmd->t_task_cdb) == TARGET_PR_READ_KEYS ?
		       pass_read_keys(ops, bdev, b) : pass_read_held(ops, bdev, b);
}

static sense_reason_t pass_in(struct se_cmd *cmd)
{
	u32 size = 8 + PR_PASS_KEYS * sizeof(u64);
	u8 *data = kzalloc(size, GFP_KERNEL);
	struct target_buf b;
	sense_reason_t why;

	if (!data)
		return TCM_OUT_OF_RESOURCES;
	target_buf_init(&b, data, size);
	why = pass_reason(pass_read(cmd, &b));
	if (!why)
		target_cmd_done_data(cmd, &b);
	kfree(data);
	return why == TCM_INVALID_CDB_FIELD ? target_fail_cdb_field(cmd, 1, 4) : why;
}

/* --- where they wait ----------------------------------------------------------------------- */

static void pass_work(struct work_struct *work)
{
	struct se_cmd *cmd = container_of(work, struct se_cmd, work);
	unsigned int noio = memalloc_noio_save();
	sense_reason_t why;

	why = cmd->op->opcode == PERSISTENT_RESERVE_IN ? pass_in(cmd) : pass_out(cmd);
	if (why)
		target_cmd_done(cmd, why);
	memalloc_noio_restore(noio);
}

/*
 * The calls wait for the device to answer, and its commands may need the very thread that
 * this one came by: a disk of the same host, say.
 */
sense_reason_t target_pr_pass(struct se_cmd *cmd)
{
	INIT_WORK(&cmd->work, pass_work);
	queue_work(target_submit_wq, &cmd->work);
	return TCM_NO_SENSE;
}
