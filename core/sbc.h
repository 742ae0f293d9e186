/* SPDX-License-Identifier: GPL-2.0-only */
/* Block commands (SBC-5): parse and execute functions, and what they build. */
#ifndef TARGET_SBC_H
#define TARGET_SBC_H

#include "databuf.h"
#include <target/target_core_backend.h>
#include <target/target_core_fabric.h>

struct scatterlist;

/* core/sbc.c; see core/spc.h for what these return */
sense_reason_t target_sbc_parse_rw(struct se_cmd *cmd);
sense_reason_t target_sbc_read_write(struct se_cmd *cmd);
sense_reason_t target_sbc_parse_read_capacity_10(struct se_cmd *cmd);
sense_reason_t target_sbc_read_capacity_10(struct se_cmd *cmd);
sense_reason_t target_sbc_read_capacity_16(struct se_cmd *cmd);
/* core/cache.c */
sense_reason_t target_sbc_sync_cache(struct se_cmd *cmd);
sense_reason_t target_sbc_parse_prefetch(struct se_cmd *cmd);
sense_reason_t target_sbc_prefetch(struct se_cmd *cmd);
/* core/atomic.c */
bool target_sbc_has_atomic(const struct se_device *dev);
sense_reason_t target_sbc_parse_write_atomic(struct se_cmd *cmd);
/* core/rmw.c */
bool target_sbc_has_caw(const struct se_device *dev);
sense_reason_t target_sbc_parse_compare_and_write(struct se_cmd *cmd);
sense_reason_t target_sbc_compare_and_write(struct se_cmd *cmd);
sense_reason_t target_sbc_orwrite(struct se_cmd *cmd);
sense_reason_t target_sbc_parse_orwrite_32(struct se_cmd *cmd);
sense_reason_t target_sbc_orwrite_32(struct se_cmd *cmd);
/* core/verify.c */
sense_reason_t target_sbc_parse_verify(struct se_cmd *cmd);
sense_reason_t target_sbc_verify(struct se_cmd *cmd);
sense_reason_t target_sbc_parse_write_verify(struct se_cmd *cmd);
sense_reason_t target_sbc_write_verify(struct se_cmd *cmd);

/* Check an LBA range: TCM_NO_SENSE or TCM_ADDRESS_OUT_OF_RANGE (with INFORMATION). */
sense_reason_t target_sbc_check_range(struct se_cmd *cmd, u64 lba, u64 blocks);

/**
 * target_sbc_flush - flush the write cache and complete a command
 * @cmd: the command; the caller's no longer
 * @lba: first logical block
 * @blocks: number of logical blocks, 0 for all that follow
 *
 * A backstore without flush hook has no volatile cache: there is nothing to do.
 * Context: process. Return: %TCM_NO_SENSE.
 */
sense_reason_t target_sbc_flush(struct se_cmd *cmd, u64 lba, u32 blocks);

/**
 * target_sbc_flush_later - complete a command and flush the write cache then
 * @cmd: the command; of its blocks, or all if it has none. The backstore has a flush hook.
 *
 * A failure is reported with the nexus' next command.
 * Context: process.
 * Return: %TCM_NO_SENSE; or %TCM_OUT_OF_RESOURCES, then nothing has been done.
 */
sense_reason_t target_sbc_flush_later(struct se_cmd *cmd);

/* MAXIMUM TRANSFER LENGTH (SBC-5 6.6.4): what hardware, fabric and a 32-bit length take. */
u32 target_sbc_max_transfer(const struct se_device *dev, const struct target_core_fabric_ops *tfo);

/* MAXIMUM ATOMIC TRANSFER LENGTH, without or WITH ATOMIC BOUNDARY. */
u32 target_sbc_max_atomic(const struct se_device *dev, const struct target_core_fabric_ops *tfo,
			  bool with_boundary);

/* Generations and policy of ORWRITE after power on and hard reset (SBC-5 4.27.3). */
void target_sbc_reset_orwrite(struct se_device *dev);

/* MAXIMUM COMPARE AND WRITE LENGTH; 0 if there is no such command. */
u8 target_sbc_max_caw(const struct se_device *dev, const struct target_core_fabric_ops *tfo);

/* DPO and FUA of a CDB: may they be set? Sets SCF_FUA. */
sense_reason_t target_sbc_parse_dpofua(struct se_cmd *cmd);

/* Is it a failure of the medium, which names a block in io->err_lba? */
bool target_sbc_has_lba(sense_reason_t why);

/* Give INFORMATION to a failure of the medium, from io->err_lba. */
void target_sbc_set_info(struct se_cmd *cmd, sense_reason_t why);

void target_sbc_build_capacity_10(struct target_buf *b, const struct se_device *dev);
void target_sbc_build_capacity_16(struct target_buf *b, const struct se_device *dev,
				  u8 prot_type);

/* Attributes and limits that several pages tell. */
bool target_sbc_thin(const struct se_device *dev);
u32 target_sbc_scale(const struct se_device *dev, u32 blocks);	/* limits' blocks to ours */
u32 target_sbc_scale_of(const struct se_device *dev, const struct target_limits *limits,
			u32 blocks);
u8 target_sbc_phys_exp(const struct se_device *dev);

/* Bytes from the start until @a, from @skip on, and @b differ; @len if they don't. */
u32 target_sbc_compare(struct scatterlist *a, unsigned int a_nents, u32 a_skip,
		       struct scatterlist *b, unsigned int b_nents, u32 b_skip, u32 len);

#endif /* TARGET_SBC_H */
