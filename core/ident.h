/* SPDX-License-Identifier: GPL-2.0-only */
/* Identifying information (SPC-6 5.7): what an application calls the unit. */
#ifndef TARGET_IDENT_H
#define TARGET_IDENT_H

#include <target/target_core_base.h>

sense_reason_t target_ident_parse_report(struct se_cmd *cmd);
sense_reason_t target_ident_report(struct se_cmd *cmd);
sense_reason_t target_ident_parse_set(struct se_cmd *cmd);
sense_reason_t target_ident_set(struct se_cmd *cmd);

#endif /* TARGET_IDENT_H */
