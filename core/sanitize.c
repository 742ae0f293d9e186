// SPDX-License-Identifier: GPL-2.0-only
/*
 * SANITIZE (SBC-5 4.11).
 *
 * Nothing can be read any more, by whatever way: so BLOCK ERASE writes zeros to what
 * has space of its own before it gives the space back.  CRYPTOGRAPHIC ERASE is there
 * where the backstore encrypts: the key goes, and the blocks read as noise.
 *
 * Task management and resets do not end it.  When it fails, or the unit's last LUN goes
 * before it is done, the medium is closed until another one succeeds or, if AUSE was
 * set, EXIT FAILURE MODE opens it.
 */
#include <linux/slab.h>
#include <linux/unaligned.h>
#include <target/target_core_backend.h>
#include "cmd.h"
#include "medium.h"
#include "power.h"
#include "sanitize.h"
#include "sbc.h"
#include "sense.h"

/* Byte 1 of the CDB; ZNR is of zoned devices. */
#define SANITIZE_IMMED		0x80
#define SANITIZE_AUSE		0x20

/* Byte 0 of the parameter list */
#define OVERWRITE_INVERT	0x80
#define OVERWRITE_TEST		0x60
#define OVERWRITE_COUNT		0x1f

#define OVERWRITE_HEADER	4	/* bytes */

bool target_sanitize_can_overwrite(const struct se_device *dev)
{
	return !dev || dev->transport->write_same;
}

/* What is erased is unmapped: there must be such blocks, and they must read. */
bool target_sanitize_can_erase(const struct se_device *dev)
{
	return !dev || (dev->transport->write_same && target_medium_unmaps(dev) &&
			target_sbc_thin(dev));
}

bool target_sanitize_can_crypto_erase(const struct se_device *dev)
{
	return !dev || (dev->transport->crypto_erase && dev->limits.crypto_erase);
}

bool target_sanitize_can_any(const struct se_device *dev)
{
	return target_sanitize_can_overwrite(dev) || target_sanitize_can_crypto_erase(dev);
}

/* One byte of a pattern at least, one block of it at most. */
sense_reason_t target_sanitize_parse_overwrite(struct se_cmd *cmd)
{
	u32 len = target_cdb_get(cmd->t_task_cdb, cmd->op->alloc);

	if (len <= OVERWRITE_HEADER || len > OVERWRITE_HEADER + (1U << cmd->se_dev->block_shift))
		return target_fail_cdb_field(cmd, cmd->op->alloc.off, 7);
	return TCM_NO_SENSE;
}

sense_reason_t target_sanitize_read(struct se_cmd *cmd, const u8 *list, u32 len,
				    struct target_overwrite *overwrite)
{
	u32 n = get_unaligned_be16(list + 2);

	if (list[0] & OVERWRITE_TEST)
		return target_fail_param_field(cmd, 0, 6);
	if (!(list[0] & OVERWRITE_COUNT))
		return target_fail_param_field(cmd, 0, 4);
	if (list[1])
		return target_fail_param_field(cmd, 1, fls(list[1]) - 1);
	if (!n || n > 1U << cmd->se_dev->block_shift)
		return target_fail_param_field(cmd, 2, 7);
	if (len < OVERWRITE_HEADER + n)
		return TCM_PARAMETER_LIST_LENGTH_ERROR;
	*overwrite = (struct target_overwrite){
		.invert = list[0] & OVERWRITE_INVERT,
		.count = list[0] & OVERWRITE_COUNT,
		.pattern = list + OVERWRITE_HEADER,
		.pattern_len = n,
	};
	return TCM_NO_SENSE;
}

static bool sanitize_has_ause(const struct se_cmd *cmd)
{
	return cmd->t_task_cdb[1] & SANITIZE_AUSE;
}

/* Has one failed that only another one ends? */
static bool sanitize_is_restricted(const struct se_device *dev)
{
	int state = atomic_read(&dev->power);

	return state & TARGET_SANITIZE_FAILED && !(state & TARGET_SANITIZE_EXIT);
}

static sense_reason_t sanitize_begin(struct se_cmd *cmd, struct target_medium_job *job)
{
	bool ause = sanitize_has_ause(cmd);

	job->busy = TARGET_BUSY_SANITIZE;
	job->mends = TARGET_FORMAT_CORRUPT | TARGET_SANITIZE_FAILED | TARGET_SANITIZE_EXIT;
	job->fails = TARGET_SANITIZE_FAILED | (ause ? TARGET_SANITIZE_EXIT : 0);
	job->why_failed = TCM_SANITIZE_FAILED;
	job->why_stopped = TCM_SANITIZE_FAILED;
	job->endures = true;
	return target_medium_begin(cmd, job, cmd->t_task_cdb[1] & SANITIZE_IMMED);
}

/* AUSE would make the way out of a failure that may not have one. */
static sense_reason_t sanitize_check_ause(struct se_cmd *cmd)
{
	if (sanitize_has_ause(cmd) && sanitize_is_restricted(cmd->se_dev))
		return target_fail_cdb_field(cmd, 1, 5);
	return TCM_NO_SENSE;
}

static sense_reason_t sanitize_overwrite(struct se_cmd *cmd, const u8 *list, u32 len)
{
	struct target_medium_job *job;
	struct target_overwrite o;
	sense_reason_t why;

	why = sanitize_check_ause(cmd);
	why = why ?: target_sanitize_read(cmd, list, len, &o);
	if (why)
		return why;
	job = target_medium_alloc(cmd->se_dev, o.pattern, o.pattern_len);
	if (!job)
		return TCM_OUT_OF_RESOURCES;
	job->writes = o.count;
	job->invert = o.invert;
	return sanitize_begin(cmd, job);
}

sense_reason_t target_sanitize_overwrite(struct se_cmd *cmd)
{
	u32 len = cmd->data_length;
	u8 *list = kmalloc(len, GFP_KERNEL);
	sense_reason_t why;

	if (!list)
		return TCM_OUT_OF_RESOURCES;
	target_cmd_get_params(cmd, list, len);
	why = sanitize_overwrite(cmd, list, len);
	kfree(list);
	return why;
}

sense_reason_t target_sanitize_erase(struct se_cmd *cmd)
{
	struct se_device *dev = cmd->se_dev;
	static const u8 zero[1];
	struct target_medium_job *job;
	sense_reason_t why = sanitize_check_ause(cmd);

	if (why)
		return why;
	job = target_medium_alloc(dev, zero, sizeof(zero));
	if (!job)
		return TCM_OUT_OF_RESOURCES;
	job->writes = 1;
	job->skip_holes = dev->transport->lba_status;
	job->unmap = true;
	return sanitize_begin(cmd, job);
}

/* What comes between this and the end of the erase is refused, as with the others. */
sense_reason_t target_sanitize_crypto_erase(struct se_cmd *cmd)
{
	static const u8 zero[1];
	struct target_medium_job *job;
	sense_reason_t why = sanitize_check_ause(cmd);

	if (why)
		return why;
	job = target_medium_alloc(cmd->se_dev, zero, sizeof(zero));
	if (!job)
		return TCM_OUT_OF_RESOURCES;
	job->rekeys = true;
	return sanitize_begin(cmd, job);
}

/* Where nothing has failed there is nothing to leave. */
sense_reason_t target_sanitize_exit(struct se_cmd *cmd)
{
	struct se_device *dev = cmd->se_dev;

	if (sanitize_is_restricted(dev))
		return target_fail_cdb_field(cmd, 1, 4);
	target_medium_open(dev);
	target_cmd_done(cmd, TCM_NO_SENSE);
	return TCM_NO_SENSE;
}
