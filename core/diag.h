/* SPDX-License-Identifier: GPL-2.0-only */
/* SEND DIAGNOSTIC and RECEIVE DIAGNOSTIC RESULTS. */
#ifndef TARGET_DIAG_H
#define TARGET_DIAG_H

#include <target/target_core_base.h>

sense_reason_t target_diag_parse_send(struct se_cmd *cmd);
sense_reason_t target_diag_send(struct se_cmd *cmd);
sense_reason_t target_diag_parse_receive(struct se_cmd *cmd);
sense_reason_t target_diag_receive(struct se_cmd *cmd);

#endif /* TARGET_DIAG_H */
