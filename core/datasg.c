// SPDX-License-Identifier: GPL-2.0-only
/* The data of a command in memory: allocation for fabrics, copies for control commands. */
#include <linux/scatterlist.h>
#include "cdb.h"
#include "cmd.h"

/**
 * target_alloc_sgl - allocate a data buffer
 * @sgl: set to the list
 * @nents: set to the number of entries
 * @length: bytes
 * @zero_page: zero it
 * @chainable: leave one more entry, not counted, for sg_chain()
 *
 * Context: process, may sleep.
 * Return: 0 or -ENOMEM.
 */
int target_alloc_sgl(struct scatterlist **sgl, unsigned int *nents, u32 length,
		     bool zero_page, bool chainable)
{
	gfp_t gfp = GFP_KERNEL | (zero_page ? __GFP_ZERO : 0);

	*sgl = sgl_alloc_order(length, 0, chainable, gfp, nents);
	return *sgl ? 0 : -ENOMEM;
}
TARGET_EXPORT(target_alloc_sgl);

/**
 * target_free_sgl - free what target_alloc_sgl() allocated
 * @sgl: the list, or NULL
 * @nents: its entries
 *
 * Context: any.
 */
void target_free_sgl(struct scatterlist *sgl, int nents)
{
	if (sgl)
		sgl_free_n_order(sgl, nents, 0);
}
TARGET_EXPORT(target_free_sgl);

void target_cmd_done_data_with(struct se_cmd *cmd, const struct target_buf *buf,
			       sense_reason_t reason)
{
	u32 length = buf->len;

	if (cmd->op->alloc.bytes)
		length = min_t(u64, length, target_cdb_get(cmd->t_task_cdb, cmd->op->alloc));
	target_cmd_set_length(cmd, length);
	sg_copy_from_buffer(cmd->t_data_sg, cmd->t_data_nents, buf->data, cmd->data_length);
	if (reason)
		cmd->se_cmd_flags |= SCF_TREAT_READ_AS_NORMAL;
	target_cmd_done(cmd, reason);
}

void target_cmd_done_data(struct se_cmd *cmd, const struct target_buf *buf)
{
	target_cmd_done_data_with(cmd, buf, TCM_NO_SENSE);
}

u32 target_cmd_get_params(struct se_cmd *cmd, void *buf, u32 size)
{
	return sg_copy_to_buffer(cmd->t_data_sg, cmd->t_data_nents, buf,
				 min(size, cmd->data_length));
}
