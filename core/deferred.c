// SPDX-License-Identifier: GPL-2.0-only
#include <linux/slab.h>
#include <scsi/scsi_status.h>
#include "deferred.h"
#include "itl.h"
#include "sense.h"
#include "ua.h"

void target_deferred_set(struct target_itl *itl, struct target_deferred *error)
{
	/* A deferred error is sense data, whatever else the reason stands for. */
	if (target_sense_status(error->why) != SAM_STAT_CHECK_CONDITION)
		error->why = TCM_INTERNAL_TARGET_FAILURE;
	kfree(xchg(&itl->deferred, error));
	set_bit(TARGET_UA_DEFERRED, &itl->ua_pending);
}

/* Whoever clears the bit may find that the error has gone with the one before. */
static struct target_deferred *deferred_take(struct target_itl *itl)
{
	if (!test_and_clear_bit(TARGET_UA_DEFERRED, &itl->ua_pending))
		return NULL;
	return xchg(&itl->deferred, NULL);
}

sense_reason_t target_deferred_fail(struct se_cmd *cmd)
{
	struct target_deferred *error = deferred_take(cmd->itl);
	sense_reason_t why;

	if (!error)
		return TCM_NO_SENSE;
	why = error->why;
	if (error->info_valid)
		target_fail_info(cmd, error->info, why);
	cmd->field_flags = TARGET_FIELD_DEFERRED;
	kfree(error);
	return why;
}

bool target_deferred_sense(struct target_sense *sense, struct target_itl *itl)
{
	struct target_deferred *error = deferred_take(itl);

	if (!error)
		return false;
	target_sense_init(sense, error->why);
	sense->info = error->info;
	sense->info_valid = error->info_valid;
	sense->deferred = true;
	kfree(error);
	return true;
}
