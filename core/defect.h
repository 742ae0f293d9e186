/* SPDX-License-Identifier: GPL-2.0-only */
/* READ DEFECT DATA. */
#ifndef TARGET_DEFECT_H
#define TARGET_DEFECT_H

#include "databuf.h"
#include <target/target_core_base.h>

sense_reason_t target_defect_parse(struct se_cmd *cmd);
sense_reason_t target_defect_execute(struct se_cmd *cmd);

/* Parameter data for byte 2, or byte 1 of the longer CDB, which has the longer header. */
void target_defect_build(struct target_buf *b, const struct se_device *dev, u8 options,
			 bool long_one);

#endif /* TARGET_DEFECT_H */
