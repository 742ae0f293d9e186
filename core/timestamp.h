/* SPDX-License-Identifier: GPL-2.0-only */
/* The device clock (SPC-6 5.3): REPORT TIMESTAMP and SET TIMESTAMP. */
#ifndef TARGET_TIMESTAMP_H
#define TARGET_TIMESTAMP_H

#include "databuf.h"
#include <target/target_core_base.h>

sense_reason_t target_timestamp_report(struct se_cmd *cmd);
sense_reason_t target_timestamp_parse_set(struct se_cmd *cmd);
sense_reason_t target_timestamp_set(struct se_cmd *cmd);

/* Milliseconds since 1970 that the clock shows; dev->lock held. */
u64 target_timestamp_now(const struct se_device *dev);

#endif /* TARGET_TIMESTAMP_H */
