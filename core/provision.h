/* SPDX-License-Identifier: GPL-2.0-only */
/* Logical block provisioning (SBC-5 4.7): UNMAP, WRITE SAME, GET LBA STATUS. */
#ifndef TARGET_PROVISION_H
#define TARGET_PROVISION_H

#include "cdb.h"
#include "databuf.h"
#include "extent.h"
#include <target/target_core_backend.h>

/* core/unmap.c; see core/spc.h for what these return */
bool target_unmap_supported(const struct se_device *dev);
sense_reason_t target_unmap_parse(struct se_cmd *cmd);
sense_reason_t target_unmap_execute(struct se_cmd *cmd);

/**
 * target_unmap_read - read an UNMAP parameter list
 * @cmd: for the device and the field pointer
 * @list: @len bytes
 * @len: PARAMETER LIST LENGTH
 * @extents: room for @len / 16 of them; those that are not empty
 * @count: set to how many they are
 *
 * Nothing takes effect. Context: any.
 * Return: %TCM_NO_SENSE or why the list is refused.
 */
sense_reason_t target_unmap_read(struct se_cmd *cmd, const u8 *list, u32 len,
				 struct target_extent *extents, u32 *count);

/* Blocks that one call of the unmap hook gets. */
u32 target_unmap_chunk(const struct se_device *dev);

/* core/lba_status.c */
bool target_lba_status_supported(const struct se_device *dev);
sense_reason_t target_lba_status_parse(struct se_cmd *cmd);
sense_reason_t target_lba_status_execute(struct se_cmd *cmd);

/* core/write_same.c */
bool target_write_same_supported(const struct se_device *dev);
sense_reason_t target_write_same_parse(struct se_cmd *cmd);
sense_reason_t target_write_same_execute(struct se_cmd *cmd);
void target_write_same_usage(const struct target_cdb_op *op, const struct se_device *dev,
			     u8 *usage);

/* Does WRITE SAME take the UNMAP bit? */
bool target_write_same_unmaps(const struct se_device *dev);

#endif /* TARGET_PROVISION_H */
