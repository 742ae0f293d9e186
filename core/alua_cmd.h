/* SPDX-License-Identifier: GPL-2.0-only */
/* REPORT and SET TARGET PORT GROUPS (SPC-6 6.36, 6.48). */
#ifndef TARGET_ALUA_CMD_H
#define TARGET_ALUA_CMD_H

#include "alua_state.h"
#include "databuf.h"

bool target_alua_supported(const struct se_device *dev);
/* Can an initiator change the state of one of its groups? */
bool target_alua_explicit(const struct se_device *dev);

sense_reason_t target_alua_parse_report(struct se_cmd *cmd);
sense_reason_t target_alua_report(struct se_cmd *cmd);
sense_reason_t target_alua_parse_set(struct se_cmd *cmd);
sense_reason_t target_alua_set(struct se_cmd *cmd);

/* Parameter data of REPORT TARGET PORT GROUPS, asked through @lun; dev->lun_lock is held. */
void target_alua_build_report(struct target_buf *b, struct se_device *dev, struct se_lun *lun,
			      bool extended);

/**
 * target_alua_check_list - read the parameter list of SET TARGET PORT GROUPS
 * @cmd: for the field pointer, and its unit
 * @list: @len bytes, a header and descriptors of four bytes each
 * @len: PARAMETER LIST LENGTH
 * @move: its targets are set
 *
 * Context: any. Return: %TCM_NO_SENSE or why the list is refused.
 */
sense_reason_t target_alua_check_list(struct se_cmd *cmd, const u8 *list, u32 len,
				      struct target_alua_move *move);

int target_alua_cmd_init(void);
void target_alua_cmd_exit(void);

#endif /* TARGET_ALUA_CMD_H */
